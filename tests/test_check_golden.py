"""What a check prints and writes, as texts to be read in review: passing, failing, undecided, and each kind of error."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from gated import BASELINE, CHECK, Repository, repository

from inception_analyzer.gates.reading import SCHEMA
from inception_analyzer.version import VERSION

__all__ = ("repository",)

GOLDEN = Path(__file__).parent / "golden"

Change = Callable[[Repository], None]


def nothing(_: Repository) -> None:
    """As it was accepted."""


def dearer(repository: Repository) -> None:
    """A factorized kernel is put together again."""
    repository.network(kernel="7")


def cheaper(repository: Repository) -> None:
    repository.network(width=16)


def configured(text: str, change: Change = dearer) -> Change:
    def changed(repository: Repository) -> None:
        repository.configure(text)
        change(repository)

    return changed


def baseline(old: str, new: str) -> Change:
    """Another text in the baseline."""
    return lambda repository: repository.write(BASELINE, repository.read().replace(old, new, 1))


def deleted(repository: Repository) -> None:
    (repository.path / BASELINE).unlink()


def more_models(repository: Repository) -> None:
    repository.configure(models='models = {small = "nets/small.words", v1 = "v1", v3 = "v3"}\n')


def fewer_models(repository: Repository) -> None:
    repository.configure(models='models = {small = "nets/small.words"}\n')


def waived(until: str) -> Change:
    entry = f'metric = "m*"\nmodel = "small"\nreason = "until 1x7 is quick here"\nuntil = {until}\n'
    return configured(f'tolerance = {{params = "60%"}}\n[[tool.inception-analyze.check.waivers]]\n{entry}')


def waived_for_nothing(until: str) -> Change:
    entry = f'metric = "macs"\nmodel = "small"\nreason = "until 1x7 is quick here"\nuntil = {until}\n'
    return configured(f"[[tool.inception-analyze.check.waivers]]\n{entry}", nothing)


def renamed(repository: Repository) -> None:
    """Another width behind the same name, which costs less."""
    repository.configure(models='models = {small = "nets/small.words", v1 = "v1@width=0.5"}\n')


def on_runner(repository: Repository) -> None:
    os.environ["GITHUB_ACTIONS"] = "true"
    dearer(repository)


# Change, arguments, exit code.
CASES: dict[str, tuple[Change, list[str], int]] = {
    "passed": (nothing, [], 0),
    "passed-all": (nothing, ["--all"], 0),
    "passed-better": (cheaper, [], 0),
    "passed-within": (configured('tolerance = {"*" = "60%"}\n'), [], 0),
    "passed-warning": (configured('[[tool.inception-analyze.check.rules]]\nlevel = "warn"\n'), [], 0),
    "passed-waived": (waived("2026-11-20"), [], 0),
    "passed-waiver-idle": (waived_for_nothing("2026-11-19"), [], 0),
    "passed-renamed": (renamed, ["v1"], 0),
    "passed-not-measured": (configured('budgets = ["latency.forward<=1ms"]\n', nothing), [], 0),
    "undecided-not-measured": (configured('budgets = ["latency.forward<=1ms"]\n', nothing), ["--strict"], 3),
    "failed": (dearer, [], 1),
    "failed-ascii": (dearer, ["--plain"], 1),
    "failed-exit-zero": (dearer, ["--exit-zero"], 0),
    "failed-markdown": (dearer, ["--format", "markdown"], 1),
    "failed-json": (dearer, ["--format", "json"], 1),
    "failed-csv": (dearer, ["--format", "csv"], 1),
    "failed-budget": (nothing, ["--limit", "macs<=1.5G"], 1),
    "failed-waiver-ended": (waived("2026-11-19"), [], 1),
    "failed-ratchet": (configured("ratchet = true\n", cheaper), [], 1),
    "failed-one-model": (dearer, ["small", "--config", "pyproject.toml"], 1),
    "undecided-missing": (more_models, [], 3),
    "undecided-gone": (fewer_models, [], 3),
    "undecided-metric": (baseline(', "depth": 22', ""), [], 3),
    "error-no-baseline": (deleted, [], 3),
    "error-merge": (baseline("  {", "<<<<<<< HEAD\n  {"), [], 3),
    "error-schema": (baseline(f'"schema": {SCHEMA}', '"schema": 9'), [], 3),
    "error-convention": (baseline("paper-mac/1", "paper-mac/9"), [], 3),
    "error-truncated": (lambda repository: repository.write(BASELINE, repository.read()[:500]), [], 3),
    "error-not-a-number": (baseline('"macs": ', '"macs": NaN, "macs_": '), [], 3),
    "error-unknown-key": (configured("tolerances = 3\n"), [], 2),
    "error-unknown-metric": (configured("tolerance = {flops = 3}\n"), [], 2),
    "error-unknown-model": (nothing, ["v5"], 2),
    "error-no-reason": (configured("[[tool.inception-analyze.check.waivers]]\nuntil = 2026-12-31\n"), [], 2),
    "error-waiver-of-everything": (
        configured('[[tool.inception-analyze.check.waivers]]\nreason = "soon"\nuntil = 2026-12-31\n'),
        [],
        2,
    ),
    "error-no-budget": (nothing, ["--limit", "macs<6G"], 2),
    "error-no-tolerance": (nothing, ["--tolerance", "macs"], 2),
    "error-no-config": (nothing, ["--config", "none.toml"], 2),
    "error-nothing": (lambda repository: repository.write("pyproject.toml", CHECK), [], 2),
    "error-own-network": (lambda repository: repository.write("nets/small.words", "trunk()"), [], 2),
    "annotations": (on_runner, ["--output", os.devnull], 1),
}
FILES: dict[str, tuple[Change, str]] = {
    "comment-failed": (dearer, "--comment"),
    "comment-passed": (nothing, "--comment"),
    "comment-better": (cheaper, "--comment"),
    "comment-waived": (waived("2026-11-20"), "--comment"),
    "comment-waiver-idle": (waived_for_nothing("2026-11-19"), "--comment"),
    "comment-waiver-ended": (waived("2026-11-19"), "--comment"),
    "comment-not-measured": (configured('budgets = ["latency.forward<=1ms"]\n', nothing), "--comment"),
    "comment-undecided": (more_models, "--comment"),
    "comment-budget": (configured('budgets = ["macs<=1.5G"]\n', nothing), "--comment"),
    "comment-no-baseline": (deleted, "--comment"),
    "junit-failed": (dearer, "--junit"),
    "junit-undecided": (fewer_models, "--junit"),
    "junit-waived": (waived("2026-11-20"), "--junit"),
    "junit-no-baseline": (deleted, "--junit"),
    "gitlab-failed": (dearer, "--gitlab"),
    "gitlab-no-baseline": (deleted, "--gitlab"),
}


@pytest.mark.parametrize("case", CASES)
def test_output(case: str, repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "")
    change, arguments, code = CASES[case]
    change(repository)
    before = repository.path.joinpath(BASELINE).exists() and repository.read()
    found, out, err = repository.check(*arguments)
    assert found == code
    assert bool(out) != bool(err), "an answer or an error, never both"
    same_as_golden(case, out + err, repository)
    assert (repository.path.joinpath(BASELINE).exists() and repository.read()) == before


@pytest.mark.parametrize("case", FILES)
def test_file(case: str, repository: Repository) -> None:
    change, option = FILES[case]
    change(repository)
    repository.check(option, "written.txt")
    same_as_golden(case, repository.read("written.txt"), repository)


def same_as_golden(case: str, text: str, repository: Repository) -> None:
    """Compare with the file, or write it when asked to."""
    text = text.replace(str(repository.path), "PATH").replace(VERSION, "VERSION")
    path = GOLDEN / "check" / f"{case}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text


@pytest.mark.parametrize("case", [case for case in CASES if not re.search("markdown|json|csv|annotations", case)])
def test_no_line_is_wider_than_the_terminal(case: str) -> None:
    assert max(map(len, (GOLDEN / "check" / f"{case}.txt").read_text(encoding="utf-8").splitlines())) <= 80


def test_no_golden_file_is_left_over() -> None:
    assert {path.stem for path in (GOLDEN / "check").iterdir()} == {*CASES, *FILES}
