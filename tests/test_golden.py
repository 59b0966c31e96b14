"""What the commands print, as text files to be read in review; `make golden` writes them anew."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from inception_analyzer.__main__ import run
from inception_analyzer.networks import NETWORKS, short_name

FAMILY = ("v1", "bn-inception", "v2", "v3", "v4", "ir1", "ir2")
GOLDEN = Path(__file__).parent / "golden"

CASES = {
    **{f"show/{name}": ["show", short_name(name)] for name in NETWORKS},
    **{f"count/{name}": ["count", short_name(name)] for name in NETWORKS},
    **{f"compare/v1-{name}": ["compare", "v1", short_name(name), "--no-measure"] for name in NETWORKS if name != "googlenet"},
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
    "compare/v2-v3": ["compare", "v2", "v3", "--no-measure"],
    "compare/v3-v4-ir2": ["compare", "v3", "v4", "ir2", "--no-measure"],
    "compare/v1-v3-ascii": ["compare", "v1", "v3", "--plain", "--no-measure"],
    "compare/v1-v3-exact": ["compare", "v1", "v3", "--exact", "--no-measure"],
    "compare/v1-v3-markdown": ["compare", "v1", "v3", "--format", "markdown", "--no-measure"],
    "compare/v1-v3-csv": ["compare", "v1", "v3", "--format", "csv", "--no-measure"],
    "list/networks": ["list"],
    "list/passes": ["list", "passes"],
    **{f"rewrite/{name}-unfactorized": ["rewrite", f"{name}@unfactorized", "--exact"] for name in FAMILY},
    **{f"rewrite/{name}-factorized": ["rewrite", f"{name}@factorized", "--exact"] for name in FAMILY},
    "rewrite/v1-naive": ["rewrite", "v1", "--passes", "naive"],
    "rewrite/v2-to-v3": ["rewrite", "v2@rmsprop,label-smoothing,factorized-7x7,bn-auxiliary"],
    "rewrite/v3-source": ["rewrite", "v3@unfactorized", "--source"],
    "rewrite/v3-markdown": ["rewrite", "v3@unfactorized", "--format", "markdown"],
    "rewrite/v3-csv": ["rewrite", "v3@unfactorized", "--format", "csv"],
    "compare/v1-naive": ["compare", "v1", "v1@naive", "--no-measure"],
    "compare/v1-unfactorized": ["compare", "v1", "v1@unfactorized", "--no-measure"],
    "compare/v3-unfactorized": ["compare", "v3", "v3@unfactorized", "--no-measure"],
    "compare/v3-unfactorized-ascii": ["compare", "v3", "v3@unfactorized", "--plain", "--no-measure"],
    "compare/v3-unfactorized-markdown": ["compare", "v3", "v3@unfactorized", "--format", "markdown", "--no-measure"],
    "compare/v3-low-res": ["compare", "v3", "v3@low-res=79", "--no-measure"],
    "compare/ir2-unfactorized": ["compare", "ir2", "ir2@unfactorized", "--no-measure"],
    "kernel/two-3x3": ["kernel", "5x5", "3x3,3x3", "--channels", "64", "--grid", "35"],
    "kernel/two-3x3-v3": ["kernel", "5x5", "3x3,3x3", "--channels", "64,96,96", "--grid", "35"],
    "kernel/asymmetric-7x7": ["kernel", "7x7", "1x7,7x1", "--channels", "192", "--grid", "17"],
    "kernel/spread": ["kernel", "3x3", "1x3|3x1", "--channels", "384", "--grid", "8"],
    "kernel/two-2x2": ["kernel", "3x3", "2x2,2x2", "--grid", "8"],
    "verify/counts": ["verify", "--no-measure", "--counts-only"],
    "verify/counts-all": ["verify", "--no-measure", "--counts-only", "--all"],
    "verify/counts-ascii": ["verify", "--no-measure", "--counts-only", "--plain"],
    "explain/two-3x3": ["explain", "A2", "--counts-only"],
    "explain/cost-beside-googlenet": ["explain", "D9", "--counts-only"],
    "list/claims": ["list", "claims"],
    "list/contradictions": ["list", "contradictions"],
    "show/v1-html": ["show", "v1", "--format", "html"],
    "draw/v3": ["draw", "v3"],
    "draw/v3-ascii": ["draw", "v3", "--plain"],
    "draw/v3-6c": ["draw", "v3", "6c"],
    "draw/v3-stem": ["draw", "v3", "stem"],
    "draw/v4-stem": ["draw", "v4", "stem"],
    "draw/ir2": ["draw", "ir2"],
    "draw/ir2-a1": ["draw", "ir2", "a1"],
    "draw/resnet50-conv2_1": ["draw", "resnet50", "conv2_1"],
    "draw/v3-unfactorized": ["draw", "v3", "v3@unfactorized"],
    "draw/v3-unfactorized-7b": ["draw", "v3", "v3@unfactorized", "7b"],
    "rewrite/v3-latex": ["rewrite", "v3@unfactorized", "--format", "latex"],
    "kernel/grids": ["kernel", "7x7", "1x7,7x1", "--grid", "149,73,35,17,8,5"],
    "kernel/grids-widths": ["kernel", "5x5", "3x3,3x3", "--grid", "35,8", "--channels", "64", "--channels", "64,96,96"],
    "kernel/grids-same": ["kernel", "3x3", "3x3", "--channels", "64", "--channels", "32"],
    "kernel/grids-exact": ["kernel", "3x3", "2x2,2x2", "--grid", "17,8", "--exact"],
    "kernel/grids-ascii": ["kernel", "7x7", "1x7,7x1", "--grid", "35,8", "--plain"],
    "kernel/grids-markdown": ["kernel", "7x7", "1x7,7x1", "--grid", "35,8", "--format", "markdown"],
    "kernel/grids-csv": ["kernel", "7x7", "1x7,7x1", "--grid", "35,8", "--channels", "64,96,96", "--format", "csv"],
    "kernel/grids-json": ["kernel", "7x7", "1x7,7x1", "--grid", "35,5", "--format", "json"],
    "kernel/csv": ["kernel", "5x5", "3x3,3x3", "--format", "csv"],
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
    "error/unknown-pass": ["show", "v3@staked"],
    "error/pass-applies-nowhere": ["show", "v1@asymmetric"],
    "error/spoilt-order": ["show", "v3@series-instead-of-parallel,expanded"],
    "error/value-missing": ["show", "v3@width"],
    "error/contradiction": ["show", "v3@width=2,width=3"],
    "error/input-too-small": ["show", "v3@input=20"],
    "error/nothing-to-rewrite": ["rewrite", "v3"],
    "error/no-chain": ["kernel", "5y5", "3x3"],
    "error/no-grid": ["kernel", "5x5", "3x3,3x3", "--grid", "a"],
    "error/zero-grid": ["kernel", "5x5", "3x3,3x3", "--grid", "0,5"],
    "error/no-margin": ["measure", "v1", "--precision", "0.1%"],
    "error/close-margin": ["measure", "v1", "v3", "--processes", "4", "--precision", "0.2%"],
    "error/no-process": ["measure", "v1", "v3", "--processes", "0"],
    "error/no-budget": ["measure", "v1", "--budget", "soon"],
    "error/no-phase": ["measure", "v1", "--phase", "sleep"],
    "error/draw-unknown-block": ["draw", "v3", "9z"],
    "error/draw-unknown-network": ["draw", "v3", "v9", "6c"],
    "error/draw-unknown-name": ["draw", "v3", "-o", "v3.jpg"],
    "error/unknown-claim": ["verify", "two-3x3-sav"],
    "error/claims-unmatched": ["verify", "Z*"],
    "error/unknown-verdict": ["verify", "--only", "fine"],
    "error/verdict-without-claims": ["verify", "A*", "--counts-only", "--only", "quoted"],
    "error/several-claims": ["explain", "B*"],
    "error/missing-directory": ["count", "v3", "--output", "nowhere/at/all.md"],
}


def width(case: str) -> int:
    """The width that the output is designed for; integers in full are worth a wide terminal."""
    return 120 if "--exact" in CASES.get(case, []) else 80


@pytest.fixture(autouse=True)
def terminal(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """A terminal of that width without colours."""
    case = getattr(request.node, "callspec", None)
    monkeypatch.setenv("COLUMNS", str(width(case.params["case"] if case else "")))
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


@pytest.mark.parametrize("case", [case for case, words in CASES.items() if not {"--format", "--source"} & set(words)])
def test_no_line_is_wider_than_the_terminal(case: str) -> None:
    lines = (GOLDEN / f"{case}.txt").read_text(encoding="utf-8").splitlines()
    assert max(map(len, lines)) <= width(case)


def test_no_golden_file_is_left_over() -> None:
    files = {str(path.relative_to(GOLDEN).with_suffix("")) for path in GOLDEN.rglob("*.txt") if path.parent.name != "check"}
    assert files == {*CASES, *ERRORS}
