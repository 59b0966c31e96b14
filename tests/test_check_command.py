"""The gate from outside: a throw-away repository through its whole story, and what must never happen to a baseline."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from gated import BASELINE, CHECK, MODELS, NETWORK, Repository, environment, repository

from inception_analyzer.cli import checking, publishing
from inception_analyzer.errors import AnalyzerError
from inception_analyzer.gates.reading import SCHEMA
from inception_analyzer.report.gated.comment import MARKER

__all__ = ("repository",)

COMMAND = [sys.executable, "-m", "inception_analyzer", "check"]
WAIVER = """[[tool.inception-analyze.check.waivers]]
metric = "*"
model = "small"
reason = "the new data set wants it"
until = {}
"""


def process(repository: Repository, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """The program in a process of its own."""
    return subprocess.run(
        [*COMMAND, *arguments],
        cwd=repository.path,
        capture_output=True,
        encoding="utf-8",
        env=environment(**more),
        check=False,
    )


def layers(repository: Repository, *arguments: str) -> list[str]:
    """The layers that a failing check names."""
    code, out, _ = repository.check(*arguments, "--format", "json")
    assert code == 1
    found = json.loads(out)
    assert found["status"] == "fail"
    return sorted({layer["path"] for breach in found["breaches"] for layer in breach["layers"]})


def test_the_whole_story(repository: Repository) -> None:
    """Baseline, a dearer change, the failing check, the acceptance, and a history that shows all of it."""
    repository.git("init", "--quiet")
    repository.git("add", ".")
    repository.git("commit", "--quiet", "--message", "Gates the network")
    assert process(repository).returncode == 0

    repository.git("checkout", "--quiet", "-b", "dearer")
    repository.network(kernel="7")
    failed = process(repository)
    assert failed.returncode == 1
    assert failed.stderr == ""
    assert failed.stdout.startswith("check failed: small multiply-adds +53.9 %, limit +0 %, and 2 more\n")
    assert "mixed_2a.7x7.1" in failed.stdout
    assert "mixed_2b" not in failed.stdout
    assert repository.git("status", "--porcelain") == f" M {NETWORK}\n"

    told = failed.stdout.split("accept it and commit the file:\n")[1].split("\n")[0].split()
    assert told[:2] == ["inception-analyze", "check"]
    assert process(repository, *told[2:]).returncode == 0
    assert process(repository).returncode == 0
    changed = repository.git("diff", "--unified=0", BASELINE).splitlines()
    rows = [json.loads(line[1:].strip().rstrip(",")) for line in changed if line.startswith("+  ")]
    assert [row.get("layer") for row in rows] == [None, "mixed_2a.7x7.1"]
    repository.git("commit", "--quiet", "--all", "--message", "Puts the 7x7 together again")
    assert repository.git("status", "--porcelain") == ""


def test_two_branches_that_change_other_models_merge(repository: Repository) -> None:
    """A row a line: updates of two models meet nowhere."""
    middle = 'middle = "nets/middle.words"'
    repository.configure(models=f'models = {{a = "nets/small.words", {middle}, z = "v1"}}\n')
    repository.write("nets/middle.words", repository.read(NETWORK))
    assert repository.check("--update")[0] == 0
    repository.git("init", "--quiet", "--initial-branch=main")
    repository.git("add", ".")
    repository.git("commit", "--quiet", "--message", "Start")
    for branch, models in (
        ("one", f'a = "nets/small.words@width=2", {middle}, z = "v1"'),
        ("two", f'a = "nets/small.words", {middle}, z = "v3"'),
    ):
        repository.git("checkout", "--quiet", "-b", branch, "main")
        repository.configure(models=f"models = {{{models}}}\n")
        assert repository.check("--update")[0] == 0
        repository.git("commit", "--message", branch, "--", BASELINE)
        repository.git("checkout", "--quiet", ".")
    repository.git("merge", "--quiet", "--message", "both", "one")
    repository.configure(models=f'models = {{a = "nets/small.words@width=2", {middle}, z = "v3"}}\n')
    assert repository.check()[0] == 0


def test_the_right_layers_are_named(repository: Repository) -> None:
    repository.network(width=32)
    assert layers(repository) == ["mixed_2a.3x3.1", "mixed_2b.1x1", "mixed_2b.3x3.0"]
    repository.network(kernel="(1, 9)")
    assert layers(repository) == ["mixed_2a.7x7.1"]


def test_a_waiver_that_expires(repository: Repository) -> None:
    repository.network(kernel="7")
    repository.configure(WAIVER.format("2026-11-20"))
    code, out, _ = repository.check()
    assert (code, "3 breaches waived" in out) == (0, True)
    repository.configure(WAIVER.format("2026-11-19"))
    code, out, _ = repository.check()
    assert (code, "its waiver ended on 2026-11-19: the new data set wants it" in " ".join(out.split())) == (1, True)


def test_a_waiver_that_ended_and_is_not_needed_is_told(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    repository.configure(WAIVER.format("2026-11-20"))
    assert json.loads(repository.check("--format", "json")[1])["notices"] == []
    repository.configure(WAIVER.format("2026-11-19"))
    told = "the waiver of * of small ended on 2026-11-19 and nothing breaches, so that it can go: the new data set wants it"
    assert json.loads(repository.check("--format", "json")[1])["notices"] == [told]
    assert repository.check("v1")[1].count("ended") == 0
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    code, out, err = repository.check()
    assert (code, told in " ".join(out.split())) == (0, True)
    assert err == f"::notice file={BASELINE},title=inception-analyze check::{told}\n"
    repository.network(kernel="7")
    assert "nothing breaches" not in repository.check()[1]


def test_another_network_behind_a_name_is_told(repository: Repository) -> None:
    repository.configure(models='models = {small = "nets/small.words", v1 = "v1@width=0.5"}\n')
    code, out, _ = repository.check()
    assert (code, "v1 stood for v1 and stands for v1@width=0.5 now." in out) == (0, True)
    repository.update()
    assert "stood for" not in repository.check()[1]


def test_a_baseline_reads_the_same_wherever_it_is_written(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    old = repository.read()
    monkeypatch.chdir(repository.path / "nets")
    assert "stood for" not in repository.check()[1]
    assert repository.check("--update")[0] == 0
    assert repository.read() == old


def test_the_ratchet_wants_improvements_accepted(repository: Repository) -> None:
    repository.configure("ratchet = true\n")
    assert repository.check()[0] == 0
    repository.network(width=16)
    assert layers(repository) == ["mixed_2a.3x3.1", "mixed_2b.1x1", "mixed_2b.3x3.0"]
    repository.update()
    assert repository.check()[0] == 0


def test_tolerances_and_limits_of_the_command_line_go_before_the_configuration(repository: Repository) -> None:
    repository.configure("[tool.inception-analyze.check.tolerance]\nmacs = 0\n")
    repository.network(kernel="7")
    assert repository.check("--tolerance", "*=60%")[0] == 0
    assert repository.check("--tolerance", "*=60%", "--limit", "macs<=30M")[0] == 1


def test_exit_zero_tells_the_same_and_passes(repository: Repository) -> None:
    repository.network(kernel="7")
    code, out, _ = repository.check("--exit-zero")
    assert code == 0
    assert out.startswith("check failed: ")
    assert json.loads(repository.check("--exit-zero", "--format", "json")[1])["status"] == "fail"
    (repository.path / BASELINE).unlink()
    assert repository.check("--exit-zero")[0] == 3


def test_json_keeps_the_contract(repository: Repository) -> None:
    repository.network(kernel="7")
    code, out, _ = repository.check("--format", "json")
    found = json.loads(out)
    assert code == 1
    assert found["schema"] == 1
    assert (found["command"], found["convention"], found["status"]) == ("check", "paper-mac", "fail")
    keys = {"model", "metric", "before", "after", "limit", "level", "layers"}
    assert all(keys <= breach.keys() for breach in found["breaches"])
    macs = next(breach for breach in found["breaches"] if breach["metric"] == "macs")
    assert macs["layers"] == [{"path": "mixed_2a.7x7.1", "before": 1_835_008, "after": 12_845_056}]
    assert macs["after"] - macs["before"] == 12_845_056 - 1_835_008
    assert len(found["lines"]) == 16


def test_the_new_baseline_is_written_beside_on_request(repository: Repository) -> None:
    repository.network(kernel="7")
    old = repository.read()
    assert repository.check("--write-new", "new.json")[0] == 1
    assert repository.read() == old
    assert repository.check("--baseline", "new.json")[0] == 0
    repository.update()
    assert repository.read() == repository.read("new.json")


def test_the_new_baseline_is_written_where_there_is_none_yet(repository: Repository) -> None:
    old = repository.read()
    (repository.path / BASELINE).unlink()
    assert repository.check("--write-new", "new.json")[0] == 3
    assert repository.read("new.json") == old


def test_updating_one_model_leaves_the_others(repository: Repository) -> None:
    repository.network(kernel="7")
    repository.configure(models='models = {small = "nets/small.words", v1 = "v1@width=2"}\n')
    assert repository.check("--update", "small") == (0, "", f"{BASELINE}: small\n")
    assert repository.check("small")[0] == 0
    code, out, _ = repository.check("--format", "json")
    assert (code, {breach["model"] for breach in json.loads(out)["breaches"]}) == (1, {"v1"})


def test_models_may_be_named_without_a_configuration(repository: Repository) -> None:
    (repository.path / "pyproject.toml").unlink()
    assert repository.check("--update", "v1", "v3@width=2", "--baseline", "other.json")[0] == 0
    assert repository.check("v1", "v3@width=2", "--baseline", "other.json")[0] == 0
    assert repository.check("v3", "--baseline", "other.json")[0] == 3


def test_it_runs_in_any_folder_of_the_repository(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(repository.path / "nets")
    assert repository.check()[0] == 0
    assert repository.check("--update") == (0, "", f"../{BASELINE}: small, v1\n")


@pytest.mark.parametrize(("value", "refused"), [("true", True), ("1", True), ("false", False), ("0", False), ("", False)])
def test_no_update_in_continuous_integration(
    value: str, refused: bool, repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.network(kernel="7")
    old = repository.read()
    monkeypatch.setenv("CI", value)
    code, _, err = repository.check("--update")
    assert (code == 2) == refused == (repository.read() == old)
    assert ("a baseline is not updated in continuous integration" in err) == refused
    assert repository.check("--update", "--force")[0] == 0


def test_a_file_that_is_kept_from_being_written_stays(repository: Repository) -> None:
    repository.network(kernel="7")
    old = repository.read()
    (repository.path / BASELINE).chmod(0o444)
    code, _, err = repository.check("--update")
    assert (code, repository.read()) == (2, old)
    assert "cannot be written" in err or "is kept from being written" in err


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ('{"name": "package", "version": 1}\n', "is no baseline, and stays as it is"),
        (f'{{\n "schema": {SCHEMA + 1},\n "rows": []\n}}\n', "was written by a newer program, and stays as it is"),
        ('{"schema": 99999999', "was written by a newer program"),
    ],
)
def test_other_files_are_not_replaced(content: str, told: str, repository: Repository) -> None:
    repository.write("other.json", content)
    code, _, err = repository.check("--update", "--baseline", "other.json")
    assert (code, repository.read("other.json")) == (2, content)
    assert told in " ".join(err.split())
    assert repository.check("--update", "--baseline", "other.json", "--force")[0] == 0
    assert repository.check("--baseline", "other.json")[0] == 0


@pytest.mark.parametrize("content", ["", "\n", '<<<<<<< a\n{\n "schema": 1,\n', '{\n "schema": 1,\n "rows": [\n  {"mo'])
def test_what_a_merge_or_a_crash_left_can_be_written_anew(content: str, repository: Repository) -> None:
    repository.write(BASELINE, content)
    assert repository.check()[0] == 3
    assert repository.check("--update", "small")[0] == 3
    assert repository.read() == content
    repository.update()
    assert repository.check()[0] == 0


def test_a_disk_error_keeps_the_old_baseline(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    repository.network(kernel="7")
    old, files = repository.read(), sorted(repository.path.iterdir())

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    code, _, err = repository.check("--update")
    assert (code, "No space left on device" in err) == (4, True)
    assert (repository.read(), sorted(repository.path.iterdir())) == (old, files)


def test_two_updates_at_once_leave_one_whole_file(repository: Repository) -> None:
    repository.write("other.toml", CHECK + MODELS.replace('v1 = "v1"', 'v3 = "v3@unfactorized"'))
    kinds = (["--update"], ["--update", "--config", "other.toml"])
    whole = set()
    for arguments in kinds:
        assert process(repository, *arguments).returncode == 0
        whole.add(repository.read())
    assert len(whole) == 2
    both = [
        subprocess.Popen([*COMMAND, *kinds[number % 2]], cwd=repository.path, env=environment(), stderr=subprocess.DEVNULL)
        for number in range(8)
    ]
    while any(one.poll() is None for one in both):
        assert repository.read() in whole
    assert [one.returncode for one in both] == [0] * 8
    assert repository.read() in whole
    assert not list(repository.path.glob(".draft-*"))


def test_an_update_through_a_link_keeps_the_link_and_the_mode(repository: Repository) -> None:
    file, link = repository.path / BASELINE, repository.path / "link.json"
    file.chmod(0o600)
    link.symlink_to(file)
    repository.network(kernel="7")
    assert repository.check("--update", "--baseline", "link.json")[0] == 0
    assert link.is_symlink()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert repository.check()[0] == 0


SHOWN = ("--comment", "c.md", "--junit", "j.xml", "--gitlab", "m.txt", "--write-new", "new.json")


@pytest.mark.parametrize("more", [[], ["--exit-zero"]])
def test_everything_is_written_before_the_exit(
    more: list[str], repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.network(kernel="7")
    repository.write("summary.md", "# What went before\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", "summary.md")
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    code, out, err = repository.check(*SHOWN, *more)
    assert code == (0 if more else 1)
    assert out.startswith("check failed: ")
    assert repository.read("c.md").startswith(f"{MARKER}\n### Cost check failed: ")
    assert ElementTree.fromstring(repository.read("j.xml")).attrib["failures"] == "3"
    assert 'inception_macs{model="small"} 31441696' in repository.read("m.txt")
    assert repository.read("summary.md").startswith("# What went before\n\n### Cost check failed: ")
    assert MARKER not in repository.read("summary.md")
    assert [line.split(",")[0] for line in err.splitlines()] == [f"::error file={BASELINE}"] * 3


def test_a_check_that_cannot_be_made_is_told_in_the_same_places(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", "summary.md")
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    (repository.path / BASELINE).unlink()
    code, out, err = repository.check(*SHOWN)
    assert (code, out) == (3, "")
    assert err.startswith(f"::error file={BASELINE},title=inception-analyze check::there is no baseline")
    assert repository.read("c.md").startswith(f"{MARKER}\n### Cost check undecided: there is no baseline")
    assert repository.read("summary.md").startswith("### Cost check undecided: ")
    assert ElementTree.fromstring(repository.read("j.xml")).attrib["errors"] == "1"
    assert repository.read("m.txt") == "# EOF\n"
    repository.configure("tolerances = 3\n")
    assert repository.check(*SHOWN)[0] == 2
    assert "has no key" in repository.read("c.md")


def test_one_target_that_fails_costs_no_other(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    repository.network(kernel="7")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", "none/summary.md")
    write = publishing.write_file

    def failing(path: Path, text: str) -> None:
        if path.name == "j.xml":
            raise AnalyzerError("cannot write j.xml: No space left on device", code=4)
        write(path, text)

    monkeypatch.setattr(publishing, "write_file", failing)
    code, out, err = repository.check(*SHOWN)
    assert code == 4
    assert out.startswith("check failed: ")
    assert err.splitlines() == [
        "error: cannot write j.xml: No space left on device",
        "error: cannot write none/summary.md: No such file or directory",
        "written: c.md, m.txt, new.json",
    ]
    assert repository.read("c.md").startswith(MARKER)
    assert repository.read("m.txt").endswith("# EOF\n")


def test_targets_that_cannot_be_are_refused_before_anything_is_counted(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "count", None)
    for option in ("--comment", "--junit", "--gitlab", "--write-new"):
        code, out, err = repository.check(option, "none/file")
        assert (code, out) == (2, "")
        assert "has no directory to lie in" in err
    assert "needs a file" in repository.check("--comment", "-")[2]


@pytest.mark.parametrize("option", ["--comment", "--junit", "--gitlab", "--write-new", "--output"])
@pytest.mark.parametrize("ci", ["", "true"])
def test_no_target_lies_over_the_baseline(
    option: str, ci: str, repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However it is written, under whatever name it goes, and whether the check can be made or not."""
    monkeypatch.setenv("CI", ci)
    repository.network(kernel="7")
    kept = BASELINE.replace(".json", ".0123456789ab.json")
    repository.write(kept, "kept")
    (repository.path / "link.json").symlink_to(BASELINE)
    old = repository.read()
    for target in (BASELINE, f"nets/../{BASELINE}", str(repository.path / BASELINE), "link.json", kept):
        for more in ([], ["--limit", "what"], ["--strict"]):
            code, out, err = repository.check(option, target, *more)
            assert (code, out) == (2, ""), (target, more)
            assert f"{option} would write over" in err
    assert (repository.read(), repository.read(kept)) == (old, "kept")
    (repository.path / BASELINE).unlink()
    assert repository.check(option, BASELINE)[0] == 2
    assert not (repository.path / BASELINE).exists()


def test_the_baseline_of_the_configuration_is_kept_from_targets(repository: Repository) -> None:
    repository.configure('baseline = "nets/costs.json"\n')
    assert repository.check("--update")[0] == 0
    old = repository.read("nets/costs.json")
    assert repository.check("--comment", "nets/costs.json")[0] == 2
    assert repository.read("nets/costs.json") == old
    assert repository.check("--comment", BASELINE)[0] == 2


def test_no_two_targets_are_one_file(repository: Repository) -> None:
    code, _, err = repository.check("--junit", "a.out", "--gitlab", "nets/../a.out")
    assert (code, (repository.path / "a.out").exists()) == (2, False)
    assert "--junit and --gitlab would write over one another" in err
    assert repository.check("--comment", "c.md", "-o", "c.md")[0] == 2
    assert repository.check("--junit", os.devnull, "--gitlab", os.devnull, "-o", os.devnull)[0] == 0
    assert repository.check("--junit", "inception-costs.xml", "--write-new", "inception-costs.new.json")[0] == 0


@pytest.mark.parametrize("force", [[], ["--force"]])
def test_what_is_no_file_is_not_updated(force: list[str], repository: Repository) -> None:
    os.mkfifo(repository.path / "pipe.json")
    files = sorted(repository.path.iterdir())
    for target in ("pipe.json", os.devnull, "-", "nets"):
        code, out, err = repository.check("--update", "--baseline", target, *force)
        assert (code, out) == (2, "")
        assert "file" in err
    assert sorted(repository.path.iterdir()) == files


def test_a_summary_never_grows_beyond_what_is_shown(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    repository.network(kernel="7")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", "summary.md")
    for taken, told in ((0, True), (1_000 * 2**10 - 2100, True), (1_000 * 2**10 - 100, False)):
        repository.write("summary.md", "x" * taken)
        code, _, err = repository.check()
        assert code == 1
        assert (repository.path / "summary.md").stat().st_size <= 2**20
        assert ("### Cost check failed" in repository.read("summary.md")) == told == ("is full" not in err)


def test_annotations_name_the_file_as_the_runner_knows_it(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    repository.network(kernel="7")
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_WORKSPACE", str(repository.path.parent))
    err = repository.check()[2]
    assert err.startswith(f"::error file={repository.path.name}/{BASELINE},line=")


def test_a_check_of_counts_wakes_no_heavy_guest(repository: Repository) -> None:
    called = "code = run(['check', '--junit', 'j.xml', '--comment', 'c.md']); "
    script = f"import sys; from inception_analyzer.__main__ import run; {called}"
    heavy = "{'torch', 'pandas', 'matplotlib', 'numpy', 'jinja2', 'fvcore'}"
    shown = f"print(code, *{heavy} & set(sys.modules), file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", script + shown],
        cwd=repository.path,
        capture_output=True,
        encoding="utf-8",
        env=environment(),
        check=True,
    )
    assert done.stderr.split() == ["0"]
