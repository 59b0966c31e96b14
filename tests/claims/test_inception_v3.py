"""Table 1 and depth: judges on evidence made by hand, and figures beside the table and the arithmetic."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from inception_analyzer.claims import CLAIMS
from inception_analyzer.claims.inception_v3 import BRANCHED, ROWS
from inception_analyzer.claims.layers import DEEP
from inception_analyzer.inquiry import Evidence

SIZES, MODULES, DEPTH = (CLAIMS[name] for name in ("table1-shape-chain", "table1-vs-deployed-v3", "v3-42-layers"))
PADDED, DEPLOYED = SIZES.checks
FIVES, WIDTHS, BRANCHES, STEM = MODULES.checks
QUOTED_48, CONVOLUTIONS = DEPTH.checks


def test_sizes_by_hand() -> None:
    figures = SIZES.count()
    for row, (_, side, channels) in ROWS.items():
        assert (figures[f"{row}.side"], figures[f"{row}.channels"]) == (side, channels)
    # A 3x3 without padding takes a pixel off every side; only the row before the modules should not.
    assert figures["mixed_5b.marked.side"] == 35 - 2
    assert figures["pool1.marked.side"] == 147
    assert figures["conv4.v3.side"] == 73
    assert (figures["conv5.v3.side"], figures["conv5.v3.channels"]) == (71, 192)


def sizes(**changes: float) -> Evidence:
    figures = {f"{row}.{kind}": float(side) for row, (_, side, _) in ROWS.items() for kind in ("side", "v3.side")}
    figures |= {f"{row}.{kind}": float(wide) for row, (_, _, wide) in ROWS.items() for kind in ("channels", "v3.channels")}
    return Evidence(figures | {name.replace("__", "."): value for name, value in changes.items()})


def test_judge_of_sizes() -> None:
    assert SIZES.judge(sizes()).verdict == "holds"
    assert SIZES.judge(sizes(mixed_5b__marked__side=33.0)).verdict == "depends"
    assert SIZES.judge(sizes(conv3__channels=96.0)).verdict == "depends"
    assert SIZES.judge(Evidence(dict.fromkeys(sizes().figures, 0.0))).verdict == "does-not-reproduce"


def test_judge_of_sizes_padded() -> None:
    assert PADDED.judge(Evidence(SIZES.count())).verdict == "holds"
    assert PADDED.judge(sizes(conv3__channels=96.0)).verdict == "depends"
    assert PADDED.judge(sizes(mixed_5c__written=296.0)).verdict == "depends"
    assert PADDED.judge(Evidence(dict.fromkeys(sizes().figures, 0.0))).verdict == "does-not-reproduce"


def test_judge_of_sizes_in_v3() -> None:
    assert DEPLOYED.judge(sizes()).verdict == "holds"
    assert DEPLOYED.judge(sizes(conv4__v3__side=73.0)).verdict == "depends"
    assert DEPLOYED.judge(Evidence(dict.fromkeys(sizes().figures, 0.0))).verdict == "does-not-reproduce"


def test_modules_by_hand() -> None:
    figures = MODULES.count()
    assert [figures[f"modules.{kind}"] for kind in "ABC"] == [3, 4, 2]
    assert [figures[f"mixed_5{letter}.writes"] for letter in "bcd"] == [64 + 64 + 96 + projected for projected in (32, 64, 64)]
    assert (figures["fives"], figures["reductions"]) == (3, 2)
    first = 27 * 32 * 149**2 + 9 * 32 * 32 * 147**2 + 9 * 32 * 64 * 147**2
    assert figures["v3.stem.macs"] == first + 64 * 80 * 73**2 + 9 * 80 * 192 * 71**2
    assert figures["table.stem.macs"] == first + 9 * 64 * 80 * 71**2 + 9 * (80 * 192 + 192 * 288) * 35**2
    assert figures["table.stem.params"] == 711_872


def modules(**changes: float) -> Evidence:
    figures = {"modules.A": 3.0, "modules.B": 5.0, "modules.C": 2.0, "fives": 0.0, "reductions": 0.0}
    figures |= dict.fromkeys(("a.writes", "b.writes", "c.writes"), 288.0)
    return Evidence(figures | {name.replace("__", "."): value for name, value in changes.items()})


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        # Five modules beside the reductions: the other way of counting finds six.
        ({}, "depends"),
        ({"modules__B": 4.0}, "depends"),
        ({"modules__B": 4.0, "fives": 3.0}, "does-not-reproduce"),
        ({"a__writes": 256.0}, "does-not-reproduce"),
    ],
)
def test_judge_of_modules(changes: Mapping[str, float], verdict: str) -> None:
    assert MODULES.judge(modules(**changes)).verdict == verdict


def test_judges_of_fives_and_widths() -> None:
    assert FIVES.judge(modules()).verdict == "holds"
    assert FIVES.judge(modules(fives=3.0)).verdict == "does-not-reproduce"
    assert WIDTHS.judge(modules()).verdict == "holds"
    assert WIDTHS.judge(modules(a__writes=256.0)).verdict == "depends"
    assert WIDTHS.judge(modules(a__writes=256.0, b__writes=1.0, c__writes=1.0)).verdict == "does-not-reproduce"


def test_branches_by_hand() -> None:
    """Three modules with four branches, five, two and two reductions; one branch of Figure 5 in each of the first three."""
    figures = MODULES.count()
    assert [figures[f"branches.{kind}"] for kind in BRANCHED] == [3 * 3, 5 * 4, 2 * 4, 2 * 2]
    assert [figures[f"branches.{kind}.same"] for kind in BRANCHED] == [3 * 3, 5 * 4, 2 * 4, 2 * 2]
    assert [figures[f"branches.{kind}.own"] for kind in BRANCHED] == [3, 0, 0, 0]


def test_judge_of_branches() -> None:
    figures = dict(MODULES.count())
    assert BRANCHES.judge(Evidence(figures)).verdict == "holds"
    assert BRANCHES.judge(Evidence(figures | {"branches.C.same": 7.0})).verdict == "depends"
    none = {f"branches.{kind}.same": 0.0 for kind in BRANCHED}
    assert BRANCHES.judge(Evidence(figures | none)).verdict == "does-not-reproduce"


@pytest.mark.parametrize(
    ("work", "params", "verdict"),
    [(1.0, 1.0, "holds"), (1.001, 1.0, "holds-rounded"), (1.2, 1.0, "depends"), (1.2, 4.0, "does-not-reproduce")],
)
def test_judge_of_the_stem(work: float, params: float, verdict: str) -> None:
    figures = {"v3.stem.macs": 1.0, "v3.stem.params": 1.0, "table.stem.macs": work, "table.stem.params": params}
    figures |= {"v3.stem.inside": 1.0, "table.stem.inside": work}
    assert STEM.judge(Evidence(figures)).verdict == verdict


def test_depths_by_hand() -> None:
    figures = DEPTH.count()
    assert figures["v3"] == 5 + 3 * 3 + 3 + 4 * 5 + 4 + 2 * 3 + 1
    assert figures["v2"] == figures["v3"] - 2
    assert figures["table"] == 6 + 3 * 3 + 3 + 5 * 5 + 4 + 2 * 3 + 1
    assert figures["table.apart"] == figures["table"] - 3 - 4
    assert figures["mixed"] == 6 + 3 * 3 + 4 * 5 + 2 * 3 + 1 == 42
    assert figures["columns"] == 5 + 12 * 3 + 1 == 42
    assert figures["columns.v3"] == 5 + 11 * 3 + 1
    assert (figures["convs"], figures["convs.training"]) == (94, 96)


def test_judges_of_depth() -> None:
    deep = dict.fromkeys(DEEP, 42.0)
    assert DEPTH.judge(Evidence(deep)).verdict == "holds"
    assert DEPTH.judge(Evidence(deep | {"v3": 48.0})).verdict == "depends"
    assert DEPTH.judge(Evidence(dict.fromkeys(DEEP, 48.0))).verdict == "does-not-reproduce"
    assert QUOTED_48.judge(Evidence({"v3": 48.0})).verdict == "holds"
    assert QUOTED_48.judge(Evidence({"v3": 42.0})).verdict == "does-not-reproduce"
    assert CONVOLUTIONS.judge(Evidence({"convs": 94.0, "convs.training": 96.0})).verdict == "holds"
    assert CONVOLUTIONS.judge(Evidence({"convs": 94.0, "convs.training": 95.0})).verdict == "depends"
    assert CONVOLUTIONS.judge(Evidence({"convs": 93.0, "convs.training": 95.0})).verdict == "does-not-reproduce"
