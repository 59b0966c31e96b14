"""What the documents say of the program: every pass explained with its source, every shown output really printed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from gated import NETWORK, Repository, repository

from inception_analyzer.__main__ import run
from inception_analyzer.claims import CLAIMS
from inception_analyzer.gates.metrics import METRICS
from inception_analyzer.passes import PASSES
from inception_analyzer.report.verdicts import tally_text
from inception_analyzer.testing import assert_cost

__all__ = ("repository",)

ROOT = Path(__file__).parent.parent
DOCS = "\n".join((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "docs/gate.md"))
PARAGRAPHS = re.split(r"\n\s*\n", (ROOT / "docs" / "passes.md").read_text(encoding="utf-8"))
CONSOLE = re.findall(r"```console\n\$ inception-analyze ([^\n]+)\n(.*?)```", DOCS, flags=re.DOTALL)
SHOWN = [(command, output) for command, output in CONSOLE if command.partition(" ")[0] != "check"]
MEASURED = re.findall(r"<!-- from (reports/\S+) -->\n\n(```text\n.*?```|\|.*?)\n\n", DOCS, flags=re.DOTALL)


@pytest.mark.parametrize("name", PASSES)
def test_each_pass_has_a_paragraph_with_its_source(name: str) -> None:
    found = [text for text in PARAGRAPHS if text.startswith(f"**{name}** (")]
    assert len(found) == 1
    assert PASSES[name].source in " ".join(found[0].split())


@pytest.mark.parametrize(("command", "output"), SHOWN, ids=[command for command, _ in SHOWN])
def test_the_readme_shows_what_is_printed(
    command: str, output: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    assert run(command.split()) == 0
    printed = capsys.readouterr().out
    assert output == printed


def test_the_readme_shows_a_gate_that_fails(repository: Repository) -> None:
    repository.network(kernel="7")
    assert repository.check() == (1, dict(CONSOLE)["check"], "")


def test_the_readme_shows_a_check_against_a_revision(repository: Repository) -> None:
    repository.git("init", "--initial-branch", "main")
    repository.git("add", "--all")
    repository.git("commit", "--message", "what was")
    repository.network(kernel="7")
    command = "check --against main --no-measure"
    code, out, err = repository.check(*command.split()[1:])
    assert (code, re.sub(r"\b[0-9a-f]{7}\b", "3f2c91a", out), err) == (1, dict(CONSOLE)[command], "")


def test_the_readme_shows_how_a_test_fails() -> None:
    (shown,) = re.findall(r"```text failure\n(.*?)```", DOCS, flags=re.DOTALL)
    with pytest.raises(AssertionError) as caught:
        assert_cost("v3", macs="<=5.5G")
    assert f"{caught.value}\n" == shown


@pytest.mark.parametrize(("file", "block"), MEASURED, ids=[file for file, _ in MEASURED])
def test_what_the_readme_shows_as_measured_stands_in_a_report(file: str, block: str) -> None:
    printed = (ROOT / file).read_text(encoding="utf-8").splitlines()
    shown = [line for line in block.splitlines() if line.strip() and not line.startswith("```")]
    assert shown
    assert [line for line in shown if line not in printed] == []


def test_the_readme_counts_verdicts_as_they_are_found() -> None:
    (said,) = re.findall(r"^With identities, (58 claims: .*)$", DOCS, flags=re.MULTILINE)
    assert said == tally_text(claim.recorded for claim in CLAIMS.values())  # which tests/claims/test_registry.py finds again


def test_the_readme_configures_a_gate_that_is_understood(repository: Repository) -> None:
    (text,) = re.findall(r"```toml\n(\[tool.inception-analyze.check\].*?)```", DOCS, flags=re.DOTALL)
    repository.write("pyproject.toml", text)
    repository.write("nets/trunk.words", repository.read(NETWORK))
    assert repository.check("--update")[0] == 0
    assert repository.check()[0] == 0


def test_all_that_the_readme_shows_is_checked() -> None:
    """Blocks of output are printed again here or stand in a report; others are what a reader writes."""
    fenced = re.findall(r"(?:<!-- from \S+ -->\n\n)?```(\w+(?: \w+)?)\n", DOCS)
    assert set(fenced) == {"sh", "console", "text", "text failure", "yaml", "toml", "python"}
    assert len(re.findall(r"```text\n", DOCS)) == sum(block.startswith("```text") for _, block in MEASURED)


def test_the_readme_names_every_metric() -> None:
    assert all(f"`{metric}`" in DOCS for metric in METRICS)


def test_the_readme_shows_some_outputs() -> None:
    assert len(SHOWN) >= 4


def test_the_readme_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--help"]) == 0
    commands = re.findall(r"^  ([a-z]+) {2,}[A-Z]", capsys.readouterr().out, flags=re.MULTILINE)
    assert {"list", "show", "count", "compare", "rewrite", "kernel", "env"} <= set(commands)
    assert all(f"`{command}" in DOCS for command in commands)


@pytest.mark.parametrize("link", re.findall(r"\]\((?!http)([^)#]+)\)", DOCS))
def test_the_readme_links_to_files_that_exist(link: str) -> None:
    assert (ROOT / link).exists()
