"""What the documents say of the program: every pass explained with its source, every shown output really printed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from gated import NETWORK, Repository, repository

from inception_analyzer.__main__ import run
from inception_analyzer.gates.metrics import METRICS
from inception_analyzer.passes import PASSES

__all__ = ("repository",)

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PARAGRAPHS = re.split(r"\n\s*\n", (ROOT / "docs" / "passes.md").read_text(encoding="utf-8"))
CONSOLE = re.findall(r"```console\n\$ inception-analyze ([^\n]+)\n(.*?)```", README, flags=re.DOTALL)
SHOWN = [(command, output) for command, output in CONSOLE if command != "check"]


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


def test_the_readme_configures_a_gate_that_is_understood(repository: Repository) -> None:
    (text,) = re.findall(r"```toml\n(\[tool.inception-analyze.check\].*?)```", README, flags=re.DOTALL)
    repository.write("pyproject.toml", text)
    repository.write("nets/trunk.words", repository.read(NETWORK))
    assert repository.check("--update")[0] == 0
    assert repository.check()[0] == 0


def test_the_readme_names_every_metric() -> None:
    assert all(f"`{metric}`" in README for metric in METRICS)


def test_the_readme_shows_some_outputs() -> None:
    assert len(SHOWN) >= 4


def test_the_readme_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--help"]) == 0
    commands = re.findall(r"^  ([a-z]+) {2,}[A-Z]", capsys.readouterr().out, flags=re.MULTILINE)
    assert {"list", "show", "count", "compare", "rewrite", "kernel", "env"} <= set(commands)
    assert all(f"`{command}" in README for command in commands)


@pytest.mark.parametrize("link", re.findall(r"\]\((?!http)([^)#]+)\)", README))
def test_the_readme_links_to_files_that_exist(link: str) -> None:
    assert (ROOT / link).exists()
