"""Small images, representations and wide modules: judges on evidence made by hand, figures and the identity by arithmetic."""

from __future__ import annotations

import pytest

from inception_analyzer.claims import CLAIMS
from inception_analyzer.claims.representation import SIDES, STEMS
from inception_analyzer.inquiry import Evidence
from inception_analyzer.lab.identities.rethinking import spread

SMALL, GENTLY, WIDER = (
    CLAIMS[name] for name in ("resolution-constant-cost", "representation-gently-decreases", "fig7-wider-not-deeper")
)
SIXTEEN, SAME_WEIGHTS = SMALL.checks
MEMORY, BOTTLENECK, SHALLOWER = WIDER.checks


def test_small_images_by_hand() -> None:
    figures = SMALL.count()
    assert figures["v3.151.macs"] == figures["v3.299.macs"] == 5_713_216_096
    assert figures["v3.79.macs"] == 5_361_703_520
    assert figures["v2.151.macs"] == 4_745_901_248
    assert figures["v2.79.macs"] == 5_146_724_032
    # Behind the first layer both 7x7 nets are one: 73x73 outputs of it are left at 79 pixels.
    assert figures["v2.79.macs"] - figures["separable.79.macs"] == 73**2 * (49 * 3 * 64 - 49 * 24 - 24 * 64)
    assert figures["separable.79.macs"] / figures["separable.299.macs"] == pytest.approx(0.9914, abs=5e-5)
    assert figures["v3.299.macs"] / figures["v3.naive.macs"] == pytest.approx(26.9, abs=0.05)


def small(**changes: float) -> Evidence:
    figures = {f"{stem}.{side}.macs": 1.0 for stem in STEMS for side in (299, *SIDES)}
    return Evidence(figures | {name.replace("__", "."): value for name, value in changes.items()})


def test_judge_of_constant_cost() -> None:
    assert SMALL.judge(small()).verdict == "holds"
    assert SMALL.judge(small(v3__79__macs=0.992)).verdict == "holds"
    assert SMALL.judge(small(v3__79__macs=0.94)).verdict == "depends"
    assert SMALL.judge(small(**{f"{stem}__299__macs": 2.0 for stem in STEMS})).verdict == "does-not-reproduce"


@pytest.mark.parametrize(
    ("v3", "v2", "verdict"),
    [(16.0, 16.0, "holds"), (16.2, 16.0, "holds-rounded"), (27.0, 16.0, "depends"), (27.0, 28.5, "does-not-reproduce")],
)
def test_judge_of_sixteen(v3: float, v2: float, verdict: str) -> None:
    sides = {"v3.299": v3, "v2.299": v2, "v3.naive": 1.0, "v2.naive": 1.0}
    figures = {f"{side}.{taps}": value for side, value in sides.items() for taps in ("macs", "inside")}
    assert SIXTEEN.judge(Evidence(figures)).verdict == verdict


@pytest.mark.parametrize(
    ("middle", "least", "verdict"), [(1.0, 1.0, "holds"), (1.0, 0.9, "depends"), (0.9, 0.9, "does-not-reproduce")]
)
def test_judge_of_weights(middle: float, least: float, verdict: str) -> None:
    figures = {"v3.299.params": 1.0, "v3.151.params": middle, "v3.79.params": least}
    assert SAME_WEIGHTS.judge(Evidence(figures)).verdict == verdict


def test_sizes_by_hand() -> None:
    figures = GENTLY.count()
    wanted = {"image": 299**2 * 3, "conv2": 147**2 * 64, "pool2": 35**2 * 192, "mixed_5d": 35**2 * 288, "mixed_6a": 17**2 * 768}
    assert {name: figures[f"size.{name}"] for name in wanted} == wanted
    assert figures["stem"] == 7


def trunk(*sizes: float) -> Evidence:
    """Image and two steps of a stem, then the ends of three grids with a step between, and the mean."""
    names = ("image", "conv0", "conv2", "pool1", "mixed_5d", "mixed_6a", "mixed_6e", "mixed_7a", "mixed_7c", "avgpool")
    return Evidence({"stem": 3.0, **{f"size.{name}": size for name, size in zip(names, sizes, strict=True)}})


@pytest.mark.parametrize(
    ("sizes", "verdict"),
    [
        ((10, 9, 8, 7, 6, 5, 4, 3, 2, 1), "holds"),
        ((5, 9, 8, 7, 6, 5, 4, 3, 2, 1), "depends"),
        ((10, 9, 8, 7, 6, 3, 4, 3, 2, 1), "depends"),
        ((1, 2, 3, 4, 5, 6, 7, 8, 9, 10), "does-not-reproduce"),
    ],
)
def test_judge_of_representations(sizes: tuple[float, ...], verdict: str) -> None:
    assert GENTLY.judge(trunk(*sizes)).verdict == verdict


def test_v3_grows_in_seven_steps() -> None:
    """conv0, conv2, conv3 and conv4 of the stem; 5b, 5c and 7b behind it."""
    early, late, by_grid, *_ = GENTLY.judge(Evidence(GENTLY.count())).conditions
    assert (early.value.value, late.value.value, by_grid.value.value) == (4, 3, 0)


def test_wide_modules_by_hand() -> None:
    figures = WIDER.count()
    assert figures["spread.macs"] == figures["half.macs"] == 2 * 3 * 384 * 384 * 8**2
    assert figures["as-wide.macs"] == 9 * 384 * 384 * 8**2
    assert (figures["spread.taps"], figures["half.taps"]) == (5, 9)
    assert figures["parallel.macs"] == 388_497_408
    assert figures["square.macs"] - figures["parallel.macs"] == 2 * (18 - 6) * 384 * 384 * 8**2
    assert (figures["parallel.deep"], figures["series.deep"]) == (3, 4)
    assert figures["parallel.narrowest"] == (320 + 384 + 384 + 192) * 8**2
    assert (figures["parallel.writes"], figures["half.writes"]) == (2048, 1280)


def wide(**changes: float) -> Evidence:
    names = ("spread.macs", "half.macs", "as-wide.macs", "spread.taps", "half.taps", "parallel.macs", "square.macs")
    figures = {**dict.fromkeys(names, 1.0), "spread.nearest": 0.0, "spread.embedded": 0.0}
    return Evidence(figures | {name.replace("__", "."): value for name, value in changes.items()})


def test_judge_of_wide_modules() -> None:
    assert WIDER.judge(wide()).verdict == "holds"
    assert WIDER.judge(wide(spread__nearest=0.7)).verdict == "depends"
    other = {"half__macs": 2.0, "as-wide__macs": 2.0, "spread__taps": 5.0, "spread__nearest": 0.7}
    assert WIDER.judge(wide(**other)).verdict == "does-not-reproduce"


@pytest.mark.parametrize(("row", "square", "verdict"), [(2, 2, "holds"), (2, 1, "depends"), (1, 1, "does-not-reproduce")])
def test_judge_of_memory(row: float, square: float, verdict: str) -> None:
    assert MEMORY.judge(Evidence({"parallel.kept": 1.0, "series.kept": row, "square.kept": square})).verdict == verdict


@pytest.mark.parametrize(("cut", "writes", "verdict"), [(2, 2, "holds"), (1, 2, "depends"), (1, 1, "does-not-reproduce")])
def test_judge_of_the_bottleneck(cut: float, writes: float, verdict: str) -> None:
    figures = {"parallel.narrowest": cut, "series.narrowest": 1.0, "parallel.writes": writes, "half.writes": 1.0}
    assert BOTTLENECK.judge(Evidence(figures)).verdict == verdict


@pytest.mark.parametrize(("beside", "verdict"), [(3, "holds"), (4, "does-not-reproduce")])
def test_judge_of_depth(beside: float, verdict: str) -> None:
    assert SHALLOWER.judge(Evidence({"parallel.deep": beside, "series.deep": 4.0})).verdict == verdict


def test_a_row_beside_a_column() -> None:
    found = spread()
    # float64 carries 16 digits, and sums run over at most 72 products.
    assert found["embedded"] < 1e-14
    assert found["chained"] < 1e-14
    # One row or column is 3 of the 9 taps, so about sqrt(6/9) of a square without structure is left; the better of both, less.
    assert 0.6 < found["nearest"] < (6 / 9) ** 0.5
