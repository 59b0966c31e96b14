"""Halved grids: judges on evidence made by hand, and figures beside the arithmetic."""

from __future__ import annotations

import pytest

from inception_analyzer.claims import CLAIMS
from inception_analyzer.claims.reductions import BARE, BLOCKS, TOLD
from inception_analyzer.inquiry import Evidence

TIMES, QUARTER, CHEAP = (CLAIMS[name] for name in ("grid-reduction-3x", "pool-first-quarter", "efficient-reduction-cheap"))
(MORE,) = TIMES.checks
TO, BOTTLENECK, POOLING_DEAR = QUARTER.checks
UNIT, OPEN = CHEAP.checks
KEYS = (*map(str, BARE), *BLOCKS)


def test_both_orders_by_hand() -> None:
    figures = TIMES.count()
    assert figures["35.last.macs"] == 320 * 640 * 35**2 == 250_880_000
    assert figures["35.first.macs"] == 320 * 640 * 17**2
    assert figures["36.last.macs"] / figures["36.first.macs"] == 4
    assert figures["17.last.macs"] / figures["17.first.macs"] == pytest.approx(17**2 / 8**2)
    assert figures["6a.last.macs"] / figures["6a.first.macs"] == pytest.approx(35**2 / 17**2)
    # P3 section 5 at 6a: 35x35x288 is pooled to 17x17x288 before it becomes 17x17x768.
    assert (figures["6a.reads"], figures["6a.first.narrowest"], figures["6a.writes"]) == (352_800, 83_232, 221_952)


def test_taps_on_the_map_are_shown_beside_all() -> None:
    """A 1x1 has no others; of a block both figures are judged, so that either could be what a text counted."""
    figures = TIMES.count()
    assert all(figures[f"{grid}.last.inside"] == figures[f"{grid}.last.macs"] for grid in BARE)
    assert figures["6a.last.inside"] < figures["6a.last.macs"]
    for claim in (TIMES, QUARTER):
        told = [one.when for one in claim.judge(Evidence(figures)).conditions]
        assert [one for one in told if one.endswith("taps on the map")] == [
            f"{way.when}, taps on the map" for way in BLOCKS.values()
        ]
    inside = Evidence({**orders(1.0, rest=4.0).figures, "6a.last.inside": 3.0})
    assert TIMES.judge(inside).verdict == "depends"


def test_efficient_reductions_by_hand() -> None:
    figures = CHEAP.count()
    assert figures["6a.plain.macs"] == 9 * 288 * 768 * 17**2
    assert figures["7a.plain.macs"] == 9 * 768 * 1280 * 8**2
    assert figures["6a.deployed.macs"] == 401_937_408
    assert figures["7a.deployed.macs"] == 291_004_416
    # 320 from a 3x3 of stride 2 and 320 from the pool: half the filters on a quarter of the grid.
    assert figures["36.deployed.macs"] * 8 == figures["36.last.macs"]
    assert figures["36.deployed.macs"] * 2 == figures["36.first.macs"]
    assert figures["6a.deployed.narrowest"] == figures["6a.writes"]


def orders(first: float, **last: float) -> Evidence:
    """Multiply-adds with the pool first, and with the pool last by place; representations squeezed in between."""
    figures = {f"{key}.first.{taps}": first for key in KEYS for taps in TOLD}
    figures |= {f"{key}.last.{taps}": last.get(f"at_{key}", last.get("rest", 3.0)) for key in KEYS for taps in TOLD}
    figures |= {f"{key}.reads": 4.0 for key in KEYS} | {f"{key}.writes": 2.0 for key in KEYS}
    return Evidence(figures | {f"{key}.first.narrowest": 1.0 for key in KEYS})


@pytest.mark.parametrize(
    ("evidence", "verdict"),
    [
        (orders(1.0), "holds"),
        (orders(1.0, rest=3.2), "holds-rounded"),
        (orders(1.0, at_36=4.0), "depends"),
        (orders(1.0, rest=4.0), "does-not-reproduce"),
    ],
)
def test_judge_of_three_times(evidence: Evidence, verdict: str) -> None:
    assert TIMES.judge(evidence).verdict == verdict


@pytest.mark.parametrize(
    ("evidence", "verdict"),
    [
        (orders(1.0, rest=4.0), "holds"),
        (orders(1.0, rest=4.2), "holds-rounded"),
        (orders(1.0, rest=4.0, at_17=4.6), "depends"),
        (orders(1.0, rest=3.0), "does-not-reproduce"),
    ],
)
def test_judge_of_three_more(evidence: Evidence, verdict: str) -> None:
    assert MORE.judge(evidence).verdict == verdict


@pytest.mark.parametrize(
    ("evidence", "verdict"),
    [
        (orders(3.0, rest=4.0), "holds"),
        (orders(2.99, rest=4.0), "holds-rounded"),
        (orders(3.0, rest=4.0, at_6a=12.0), "depends"),
        (orders(1.0, rest=4.0), "does-not-reproduce"),
    ],
)
def test_judge_of_a_quarter(evidence: Evidence, verdict: str) -> None:
    assert QUARTER.judge(evidence).verdict == verdict


@pytest.mark.parametrize(
    ("evidence", "verdict"),
    [
        (orders(1.0, rest=4.0), "holds"),
        (orders(1.0, rest=4.01), "holds-rounded"),
        (orders(1.0, rest=4.0, at_35=4.24), "depends"),
        (orders(3.0, rest=4.0), "does-not-reproduce"),
    ],
)
def test_judge_of_what_a_quarter_leaves(evidence: Evidence, verdict: str) -> None:
    assert TO.judge(evidence).verdict == verdict


def test_judge_of_the_bottleneck() -> None:
    squeezed = orders(1.0)
    wide = {f"{key}.first.narrowest": 2.0 for key in KEYS}
    assert BOTTLENECK.judge(squeezed).verdict == "holds"
    assert BOTTLENECK.judge(Evidence({**squeezed.figures, "6a.first.narrowest": 2.0})).verdict == "depends"
    assert BOTTLENECK.judge(Evidence({**squeezed.figures, **wide})).verdict == "does-not-reproduce"


def test_judge_of_dear_pooling() -> None:
    assert POOLING_DEAR.judge(orders(1.0)).verdict == "does-not-reproduce"
    assert POOLING_DEAR.judge(orders(1.0, at_35=0.5)).verdict == "depends"
    assert POOLING_DEAR.judge(orders(5.0)).verdict == "holds"


def cheap(deployed: float, **others: float) -> Evidence:
    figures = {f"{key}.deployed.macs": deployed for key in BLOCKS}
    return Evidence(
        figures | {f"{key}.{form}.macs": others.get(form, 2.0) for key in BLOCKS for form in ("last", "plain", "first")}
    )


def test_judge_of_cheap_reductions() -> None:
    assert CHEAP.judge(cheap(1.0)).verdict == "holds"
    assert CHEAP.judge(cheap(1.0, first=0.5)).verdict == "depends"
    assert CHEAP.judge(cheap(3.0)).verdict == "does-not-reproduce"


@pytest.mark.parametrize(
    ("odd", "even", "verdict"), [(1.0, 1.0, "holds"), (0.9, 1.0, "depends"), (0.9, 0.9, "does-not-reproduce")]
)
def test_judge_of_the_unit(odd: float, even: float, verdict: str) -> None:
    figures = {f"{grid}.{form}.macs": size for grid in (36, 35) for form, size in (("last", 8.0), ("first", 2.0))}
    assert UNIT.judge(Evidence(figures | {"36.deployed.macs": even, "35.deployed.macs": odd})).verdict == verdict


def test_judge_of_the_open_way() -> None:
    figures = {
        f"{key}.{name}": value for key in BLOCKS for name, value in (("deployed.narrowest", 2.0), ("first.narrowest", 1.0))
    }
    figures |= {f"{key}.writes": 2.0 for key in BLOCKS}
    assert OPEN.judge(Evidence(figures)).verdict == "holds"
    assert OPEN.judge(Evidence(figures | {"7a.deployed.narrowest": 1.0})).verdict == "depends"
    assert OPEN.judge(Evidence(figures | {f"{key}.writes": 3.0 for key in BLOCKS})).verdict == "does-not-reproduce"
