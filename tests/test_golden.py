"""What the commands print, as text files to be read in review; `make golden` writes them anew."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from inception_analyzer.__main__ import run
from inception_analyzer.networks import NETWORKS, short_name

GOLDEN = Path(__file__).parent / "golden"

CASES = {
    **{f"show/{name}": ["show", short_name(name)] for name in NETWORKS},
    **{f"count/{name}": ["count", short_name(name)] for name in NETWORKS},
    **{f"compare/v1-{name}": ["compare", "v1", short_name(name)] for name in NETWORKS if name != "googlenet"},
    "show/v3-depth-1": ["show", "v3", "--depth", "1"],
    "show/v3-depth-4": ["show", "v3", "--depth", "4"],
    "show/v3-6c": ["show", "v3", "6c"],
    "show/v3-by-stage": ["show", "v3", "--by", "stage"],
    "show/v3-by-block": ["show", "v3", "--by", "block"],
    "show/v3-by-kernel": ["show", "v3", "--by", "kernel"],
    "show/v3-by-op": ["show", "v3", "--by", "op"],
    "show/v1-by-layer": ["show", "v1", "--by", "layer"],
    "show/v3-ascii": ["show", "v3", "--plain"],
    "show/v3-markdown": ["show", "v3", "--format", "markdown"],
    "count/all": ["count", "--all"],
    "count/all-exact": ["count", "--all", "--exact"],
    "count/v1-v3": ["count", "v1", "v3"],
    "count/v3-at-224": ["count", "v3", "--input", "224"],
    "count/v3-batch-32": ["count", "v3", "--batch", "32"],
    "count/v3-inside-map": ["count", "v3", "--convention", "inside-map"],
    "count/v3-csv": ["count", "v3", "--format", "csv"],
    "count/v3-json": ["count", "v3", "--format", "json"],
    "compare/v2-v3": ["compare", "v2", "v3"],
    "compare/v3-v4-ir2": ["compare", "v3", "v4", "ir2"],
    "compare/v1-v3-ascii": ["compare", "v1", "v3", "--plain"],
    "compare/v1-v3-exact": ["compare", "v1", "v3", "--exact"],
    "compare/v1-v3-markdown": ["compare", "v1", "v3", "--format", "markdown"],
    "compare/v1-v3-csv": ["compare", "v1", "v3", "--format", "csv"],
    "list/networks": ["list"],
}
ERRORS = {
    "error/unknown-network": ["compare", "v3", "v5"],
    "error/misspelt-network": ["show", "inceptionv3"],
    "error/unknown-block": ["show", "v3", "9z"],
    "error/too-small": ["count", "v3", "--input", "60"],
    "error/not-a-size": ["count", "v3", "--input", "tall"],
    "error/zero-size": ["count", "v3", "--input", "0"],
    "error/unknown-format": ["count", "v3", "--format", "xml"],
    "error/unknown-option": ["count", "v3", "--inptu", "3"],
    "error/unknown-command": ["contu", "v3"],
    "error/nothing-to-count": ["count"],
    "error/one-network": ["compare", "v1"],
    "error/zero-batch": ["count", "v3", "--batch", "0"],
    "error/missing-directory": ["count", "v3", "--output", "nowhere/at/all.md"],
}


@pytest.fixture(autouse=True)
def eighty_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    """The width that the output is designed for, and no colours."""
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.delenv("FORCE_COLOR", raising=False)


@pytest.mark.parametrize("case", CASES)
def test_output(case: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(CASES[case]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    same_as_golden(case, out)


@pytest.mark.parametrize("case", ERRORS)
def test_error(case: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(ERRORS[case]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("error: ")
    same_as_golden(case, err)


def same_as_golden(case: str, text: str) -> None:
    """Compare with the file, or write it when asked to."""
    path = GOLDEN / f"{case}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text


@pytest.mark.parametrize("case", [case for case, words in CASES.items() if "--format" not in words])
def test_no_line_is_wider_than_the_terminal(case: str) -> None:
    lines = (GOLDEN / f"{case}.txt").read_text(encoding="utf-8").splitlines()
    # Integers in full are worth a wide terminal.
    if "--exact" not in CASES[case]:
        assert max(map(len, lines)) <= 80


def test_no_golden_file_is_left_over() -> None:
    files = {str(path.relative_to(GOLDEN).with_suffix("")) for path in GOLDEN.rglob("*.txt")}
    assert files == {*CASES, *ERRORS}
