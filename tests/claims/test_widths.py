"""Judges of the width between two 3x3 and of the border, and their figures beside the arithmetic and the passes."""

from __future__ import annotations

import pytest

from inception_analyzer.claims import CLAIMS
from inception_analyzer.claims.counted import chain, macs
from inception_analyzer.inquiry import Evidence

WIDTH, BORDER = CLAIMS["two-3x3-width"], CLAIMS["two-3x3-valid-border"]
(ALPHA,), (SAVES,) = WIDTH.checks, BORDER.checks

# GoogLeNet's 5x5 branches as Table 1 of 1409.4842 prints them: grid, width in, width out.
FIVES = [
    (28, 16, 32),
    (28, 32, 96),
    (14, 16, 48),
    (14, 24, 64),
    (14, 24, 64),
    (14, 32, 64),
    (14, 32, 128),
    (7, 32, 128),
    (7, 48, 128),
]


@pytest.mark.parametrize("middle", ["input", "output"])
def test_nine_branches_by_hand(middle: str) -> None:
    figures = WIDTH.count()
    assert figures["branches"] == len(FIVES)
    assert figures[f"{middle} sum.one"] == sum(25 * into * out * grid**2 for grid, into, out in FIVES)
    between = [into if middle == "input" else out for _, into, out in FIVES]
    pairs = [9 * width * (into + out) * grid**2 for (grid, into, out), width in zip(FIVES, between, strict=True)]
    assert figures[f"{middle} sum.chain"] == sum(pairs)


@pytest.mark.parametrize("middle", ["input", "mean", "output"])
def test_whole_googlenet_as_the_pass_makes_it(middle: str) -> None:
    """The branches are swapped one by one here and all at once by the pass."""
    assert WIDTH.count()[f"v1 {middle}"] == macs(f"v1@split-5x5={middle}")


def test_no_branch_saves_with_a_wide_middle_and_all_do_with_a_narrow_one() -> None:
    figures = WIDTH.count()
    assert [figures[f"{middle} saving"] for middle in ("input", "mean", "output")] == [9, 9, 0]


def test_where_it_turns() -> None:
    figures = WIDTH.count()
    assert figures["up to output"] == pytest.approx(16 / 9)
    assert figures["up to mean"] == pytest.approx(5.54, abs=0.005)
    # 0.36 (1 + 1/a) is 1 at 9/16: a branch that narrows so far costs more, however narrow its middle.
    assert figures["from input"] == pytest.approx(9 / 16)
    assert not {"from output", "up to input"} & figures.keys()


@pytest.mark.parametrize("widen", [0.25, 0.5, 1, 1.5, 2, 4, 8])
@pytest.mark.parametrize("reads", [16, 64, 192])
def test_it_holds_where_it_is_said_to(reads: int, widen: float) -> None:
    """On both sides of 25 in out / (9 (in + out)), counted on a grid of widths."""
    assert "25 · in · out / (9 · (in + out))" in WIDTH.holds_when
    writes = round(reads * widen)
    limit = 25 * reads * writes / (9 * (reads + writes))
    five = chain("5x5", f"{reads},{writes}", 35).same.macs
    for middle in {max(1, round(limit * share)) for share in (0.3, 0.7, 0.95, 1.05, 1.5, 3)} - {round(limit)}:
        pair = chain("3x3,3x3", f"{reads},{middle},{writes}", 35).same.macs
        assert (pair < five) == (middle < limit)


@pytest.mark.parametrize("widths", ["64,64,32", "64,181,512", "64,288,512"])
def test_what_was_said_before_does_not_hold(widths: str) -> None:
    """A middle at either mean of both ends, and out below 1.78 in, cost more all the same."""
    reads, _, writes = widths.split(",")
    assert chain("3x3,3x3", widths, 35).same.macs > chain("5x5", f"{reads},{writes}", 35).same.macs


def test_widest_middles() -> None:
    figures = WIDTH.count()
    assert figures["widest 1"] == pytest.approx(25 / 18)
    assert figures["widest 2"] == pytest.approx(50 / 27)
    assert f"{figures['widest 1']:.2f} times in if out is as wide" in WIDTH.holds_when
    assert f"{figures['widest 2']:.2f} times in if out is twice as wide" in WIDTH.holds_when


def test_module_of_v3() -> None:
    figures = WIDTH.count()
    assert figures["v3 branch.chain"] == 9 * (64 * 96 + 96 * 96) * 35**2
    assert figures["v3 branch.one"] == 25 * 64 * 96 * 35**2
    assert figures["v3 left.chain"] / figures["v3 left.one"] == pytest.approx(0.36 * (1 + 64 / 48))
    assert figures["v3 module.one"] - figures["v3 module.chain"] == figures["v3 branch.one"] - figures["v3 branch.chain"]
    # About five in a hundred of the module (facts, claim 3).
    assert 1 - figures["v3 module.chain"] / figures["v3 module.one"] == pytest.approx(0.05, abs=0.005)


def test_judge_of_widths() -> None:
    counted = dict(WIDTH.count())
    assert WIDTH.judge(Evidence(counted)).verdict == "depends"
    assert WIDTH.judge(Evidence(counted | {"output saving": 9})).verdict == "holds"
    never = {f"{middle} saving": 0.0 for middle in ("input", "mean", "output")}
    dearer = {f"v3 {part}.chain": 1e12 for part in ("branch", "left", "module")}
    assert WIDTH.judge(Evidence(counted | never | dearer)).verdict == "does-not-reproduce"


def test_judge_of_alpha() -> None:
    counted = WIDTH.count()
    alphas = sorted(value for name, value in counted.items() if name.startswith("alpha 5x5"))
    assert alphas == sorted(out / into for _, into, out in FIVES)
    assert ALPHA.judge(Evidence(counted)).verdict == "does-not-reproduce"
    assert ALPHA.judge(Evidence({"alpha 5x5 0": 1.5, "alpha 5x5 1": 1.5, "alpha 3x3 0": 2.0})).verdict == "holds"
    assert ALPHA.judge(Evidence({"alpha 5x5 0": 1.5, "alpha 5x5 1": 4.0, "alpha 3x3 0": 2.0})).verdict == "depends"


@pytest.mark.parametrize("grid", [149, 73, 35, 28, 17, 14, 8])
def test_border_by_hand(grid: int) -> None:
    figures = BORDER.count()
    found = figures[f"unpadded {grid}.chain"] / figures[f"unpadded {grid}.one"]
    assert found == pytest.approx(9 * ((grid - 2) ** 2 + (grid - 4) ** 2) / (25 * (grid - 4) ** 2))


def test_smallest_grid_that_saves() -> None:
    """(H - 2) / (H - 4) is 4/3 at 10, where both take the same."""
    assert BORDER.count()["smallest"] == 11


def test_judge_of_the_border() -> None:
    counted = dict(BORDER.count())
    assert BORDER.judge(Evidence(counted)).verdict == "depends"
    cases = {name.rpartition(".")[0] for name in counted if "." in name}
    same = {f"{case}.{side}": value for case in cases for side, value in (("one", 100.0), ("chain", 72.0))}
    assert BORDER.judge(Evidence(counted | same)).verdict == "holds"
    rounded = same | {"padded.chain": 72.1}
    assert BORDER.judge(Evidence(counted | rounded)).verdict == "holds-rounded"
    assert BORDER.judge(Evidence(counted | dict.fromkeys(same, 1.0))).verdict == "does-not-reproduce"


def test_judge_of_the_reversal() -> None:
    counted = dict(BORDER.count())
    assert SAVES.judge(Evidence(counted)).verdict == "depends"
    assert SAVES.judge(Evidence(counted | {"unpadded 8.chain": 1.0})).verdict == "holds"
    dearer = {name: 1e12 for name in counted if name.startswith("unpadded") and name.endswith("chain")}
    assert SAVES.judge(Evidence(counted | dearer)).verdict == "does-not-reproduce"


def test_unpadded_questions_ask_about_unpadded_networks() -> None:
    for question in BORDER.asks():
        assert "unpadded" in str(question.reference.label)
        assert "unpadded" in str(question.other.label)
