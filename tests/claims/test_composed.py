"""Judges of what chains see and compute, on evidence made by hand, and the identities that they rest on."""

from __future__ import annotations

import pytest

from inception_analyzer.claims import CLAIMS
from inception_analyzer.inquiry import Evidence
from inception_analyzer.lab.identities import IDENTITIES

FIELDS, FUNCTION = CLAIMS["stacked-receptive-field"], CLAIMS["two-3x3-not-same-function"]
CHECKS = {check.name: check for check in FIELDS.checks}

# Side of the field, squared: 1 plus the sum of (side - 1); 11 behind a first stride of 2 is 3 + 2 · 2 + 2 · 2.
SEEN = {
    "3x3,3x3": 25,
    "3x3,3x3,3x3": 49,
    "1x3,3x1": 9,
    "1x7,7x1": 49,
    "2x2,2x2": 9,
    "1x3|3x1": 5,
    "branch": 169,
    "stem": 121,
    "first": 49,
}

# Float64 leaves some 1e-16 for each of a few hundred products.
ROUNDING = 1e-13


@pytest.fixture(scope="module")
def pair() -> dict[str, float]:
    return dict(IDENTITIES["two-3x3"]())


def both_ways(changes: dict[str, float] | None = None) -> Evidence:
    figures = dict(FIELDS.count())
    return Evidence(figures | {f"fields.{name}": figures[name] for name in figures} | (changes or {}))


def test_hand_and_gradients_see_the_same() -> None:
    counted, found = FIELDS.count(), IDENTITIES["fields"]()
    assert {name: counted[name] for name in SEEN} == SEEN
    assert {name: found[name] for name in SEEN} == SEEN


def test_judge_of_fields() -> None:
    assert FIELDS.judge(both_ways()).verdict == "holds"
    assert FIELDS.judge(both_ways({"fields.2x2,2x2": 8})).verdict == "depends"
    assert FIELDS.judge(both_ways({f"fields.{name}": 1 for name in SEEN})).verdict == "does-not-reproduce"


def test_hand_and_gradients_must_agree() -> None:
    """Two ways that differ confirm nothing, even if one of them gives what is claimed."""
    assert FIELDS.judge(both_ways({"3x3,3x3": 24})).verdict == "depends"


def test_judge_of_the_rule() -> None:
    assert CHECKS["rule"].judge(both_ways()).verdict == "depends"
    assert CHECKS["rule"].judge(both_ways({"stem": 49, "fields.stem": 49})).verdict == "holds"
    off = {f"fields.{name}": 1 for name in ("branch", "first", "stem")}
    assert CHECKS["rule"].judge(both_ways(off)).verdict == "does-not-reproduce"


@pytest.mark.parametrize(("name", "field", "wanted"), [("parallel", "1x3|3x1", 9), ("stem", "stem", 49)])
def test_judges_of_single_fields(name: str, field: str, wanted: int) -> None:
    assert CHECKS[name].judge(both_ways()).verdict == "does-not-reproduce"
    assert CHECKS[name].judge(both_ways({field: wanted, f"fields.{field}": wanted})).verdict == "holds"


def test_judge_of_the_function() -> None:
    names = ("valid", "interior", "ring", "fit", "wide-fit", "relu")
    counted = {"5x5": 25.0, "5x5 taps": 25.0, "wide": 162.0}
    counted |= {"two-3x3.ring-pixels": 64.0, "two-3x3.pixels": 289.0, "two-3x3.freedom": 17.0}
    same = {f"two-3x3.{name}": 1e-16 for name in names} | counted
    assert FUNCTION.judge(Evidence(same)).verdict == "holds"
    assert FUNCTION.judge(Evidence(same | {"two-3x3.fit": 0.4})).verdict == "depends"
    assert FUNCTION.judge(Evidence(same | {f"two-3x3.{name}": 0.4 for name in names})).verdict == "does-not-reproduce"


def test_a_pair_is_a_5x5_but_for_the_ring(pair: dict[str, float]) -> None:
    assert max(pair[name] for name in ("valid", "interior", "wide-fit")) < ROUNDING
    assert (pair["ring-pixels"], pair["pixels"]) == (4 * 17 - 4, 17**2)
    assert pair["ring"] > 0.05
    assert pair["relu"] > 0.3


def test_a_5x5_is_no_pair(pair: dict[str, float]) -> None:
    """17 free numbers reach a random 5x5 up to about 0.4 of its norm: (25 - 17) / 25 of its square are out of reach on average
    for a linear family, and a curved one ends in the same neighbourhood."""
    assert pair["freedom"] == 9 + 9 - 1
    assert 0.2 < pair["fit"] < 0.6


def test_nine_maps_cost_six_times_as_much() -> None:
    figures = FUNCTION.count()
    assert figures["wide"] / figures["5x5"] == pytest.approx(9 * (9 + 9) / 25)
