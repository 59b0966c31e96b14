"""Judges of structure on evidence made by hand, and stems, reductions and figures beside the published tables."""

from __future__ import annotations

import pytest

from inception_analyzer.claims import CLAIMS
from inception_analyzer.claims.model import SubCheck
from inception_analyzer.inquiry import Evidence

STEMS = CLAIMS["ir-stems-and-reductions"]
PAPER = "inception-resnet-v2-paper"


def check(name: str) -> SubCheck:
    return next(one for one in STEMS.checks if one.name == name)


def test_stems_and_reductions_by_hand() -> None:
    figures = STEMS.count()
    assert figures["ir1.stem.macs"] == 1_882_680_416
    assert figures["v4.stem.macs"] == 19_181_664 + 199_148_544 + 398_297_088 + 294_672_384 + 972_218_368 + 406_425_600
    shares = [figures[f"{name}.stem.macs"] / figures[f"{name}.macs"] for name in ("v3", "v4", "ir1")]
    assert shares == pytest.approx([0.235, 0.187, 0.303], abs=5e-4)
    reductions = [figures[f"{name}.reduction.macs"] for name in ("v4", "ir1", PAPER)]
    assert reductions == pytest.approx([1_097.2e6, 850.2e6, 1_482.2e6], rel=1e-4)


def test_structure_by_hand() -> None:
    figures = STEMS.count()
    assert [figures[f"ir1.{kind}.repeats"] for kind in "ABC"] == [5, 10, 5]
    assert [figures[f"ir2.{kind}.repeats"] for kind in "ABC"] == [10, 20, 10]
    assert (figures["v4.stem.layers"], figures[f"{PAPER}.stem.as-v4"], figures["ir2.stem.as-v4"]) == (6, 6, 3)
    assert (figures["v3.modules"], figures["v4.modules"]) == (3 + 4 + 2, 4 + 7 + 3)
    # v3 tells its modules apart by their projections and their 7x7 widths: 32 / 64, 128 / 160 / 192, and one kind at 8x8.
    assert (figures["v3.unlike"], figures["v4.unlike"]) == (2 + 3 + 1, 3)


def test_what_lies_before_and_behind_the_blocks() -> None:
    """Facts, claim 57 and section 8.2: three stems, the released one with a module of v3, and its 1x1 from 2080 to 1536."""
    figures = STEMS.count()
    assert [figures[f"{name}.stem.whole"] for name in ("v4", "ir1", "ir2")] == [2_289_943_648, 1_882_680_416, 1_668_178_016]
    assert [figures[f"{name}.behind"] for name in ("ir1", PAPER, "ir2")] == [0, 0, 1]
    assert figures["ir2.behind.macs"] == 2080 * 1536 * 8**2 == 204_472_320


def test_judge_of_structure() -> None:
    figures = dict(STEMS.count())
    assert STEMS.judge(Evidence(figures)).verdict == "depends"
    as_drawn = {name.replace(PAPER, "ir2"): value for name, value in figures.items() if name.startswith(PAPER)}
    assert STEMS.judge(Evidence(figures | as_drawn)).verdict == "holds"
    other = {name: 0.0 for name in figures if name.endswith((".same", ".as-v4"))}
    other |= {name: figures["ir1.stem.layers"] for name in figures if name.endswith(".as-ir1")}
    other |= {f"ir1.{kind}.repeats": 1.0 for kind in "ABC"} | {"ir1.behind": 2.0}
    assert STEMS.judge(Evidence(figures | other)).verdict == "does-not-reproduce"


def test_judge_of_figures() -> None:
    judge, figures = check("figures").judge, dict(STEMS.count())
    assert judge(Evidence(figures)).verdict == "holds"
    assert judge(Evidence(figures | {"v4.Figure 5.3": 257.0})).verdict == "depends"
    assert judge(Evidence(figures | {"ir1.Figure 11.alike": 9.0})).verdict == "depends"
    assert judge(Evidence(dict.fromkeys(figures, 0.0))).verdict == "does-not-reproduce"


def test_judge_of_table_1() -> None:
    judge, figures = check("table-1").judge, dict(STEMS.count())
    assert [figures[f"{PAPER}.{letter}"] for letter in "klmn"] == [256, 256, 384, 384]
    assert judge(Evidence(figures)).verdict == "holds"
    assert judge(Evidence(figures | {"v4.l": 225.0})).verdict == "depends"
    assert judge(Evidence(dict.fromkeys(figures, 1.0))).verdict == "does-not-reproduce"


def test_judge_of_uniformity() -> None:
    judge = check("uniform").judge
    figures = {"v3.modules": 9.0, "v3.unlike": 6.0, "v4.modules": 14.0}
    assert judge(Evidence(figures | {"v4.unlike": 3.0})).verdict == "holds"
    assert judge(Evidence(figures | {"v4.unlike": 14.0})).verdict == "does-not-reproduce"
