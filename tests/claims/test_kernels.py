"""Judges of smaller square kernels on evidence made by hand, and their figures beside the arithmetic."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from inception_analyzer.claims import CLAIMS
from inception_analyzer.claims.model import Claim, SubCheck
from inception_analyzer.inquiry import Evidence

SQUARES, PAIRS = (CLAIMS[name] for name in ("k5-vs-k3-2p78", "two-3x3-save-28"))


def changed(claim: Claim, changes: Mapping[str, float]) -> Evidence:
    return Evidence({**claim.count(), **changes})


def check(claim: Claim, name: str) -> SubCheck:
    return next(one for one in claim.checks if one.name == name)


def test_squares_are_their_areas() -> None:
    figures = SQUARES.count()
    for grid in (35, 17, 8):
        assert figures[f"padded {grid}.chain"] == 25 * 64 * 96 * grid**2
        assert figures[f"padded {grid}.one"] == 9 * 64 * 96 * grid**2
        assert figures[f"unpadded {grid}.chain"] == 25 * 64 * 96 * (grid - 4) ** 2
        assert figures[f"unpadded {grid}.one"] == 9 * 64 * 96 * (grid - 2) ** 2
        # Of the taps along one side of n pixels, 5 n - 6 of a 5x5 fall on the map, and 3 n - 2 of a 3x3.
        assert figures[f"on the map {grid}.chain"] == 64 * 96 * (5 * grid - 6) ** 2
        assert figures[f"on the map {grid}.one"] == 64 * 96 * (3 * grid - 2) ** 2
    assert figures["7x7"] == 49 * 64 * 96 * 35**2
    assert figures["biases.chain"] == 25 * 64 * 96 + 96


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({}, "holds"),
        ({"padded 8.chain": 1.0}, "depends"),
        ({"padded 35.chain": 1.0, "padded 17.chain": 1.0, "padded 8.chain": 1.0, "weights.chain": 1.0}, "does-not-reproduce"),
    ],
)
def test_judge_of_squares(changes: Mapping[str, float], verdict: str) -> None:
    assert SQUARES.judge(changed(SQUARES, changes)).verdict == verdict


def test_so_much_on_top() -> None:
    more = check(SQUARES, "more").judge
    ways = ("padded 35", "on the map 35")
    for one, chain, verdict in ((9, 25, "does-not-reproduce"), (100, 378, "holds")):
        figures = {f"{way}.{side}": size for way in ways for side, size in (("one", one), ("chain", chain))}
        assert more(Evidence(figures)).verdict == verdict
    assert more(Evidence(figures | {"on the map 35.chain": 269})).verdict == "depends"


def test_square_law() -> None:
    square = check(SQUARES, "square").judge
    assert square(Evidence({"3x3": 9, "5x5": 25, "7x7": 49})).verdict == "holds"
    assert square(Evidence({"3x3": 9, "5x5": 25, "7x7": 50})).verdict == "depends"
    assert square(Evidence({"3x3": 3, "5x5": 5, "7x7": 7})).verdict == "does-not-reproduce"


def test_pairs_by_hand() -> None:
    figures = PAIRS.count()
    shares = {name: figures[f"{name}.chain"] / figures[f"{name}.one"] for name in ("equal", "v3", "unpadded", "normed weights")}
    assert shares["equal"] == pytest.approx(18 / 25)
    assert shares["v3"] == pytest.approx(9 * (64 * 96 + 96 * 96) / (25 * 64 * 96))
    assert shares["unpadded"] == pytest.approx(9 * (6**2 + 4**2) / (25 * 4**2))
    assert shares["normed weights"] == pytest.approx(0.7216, abs=5e-5)
    assert figures["v1 3a.one"] == 25 * 16 * 32 * 28**2
    assert figures["v1 4e.chain"] == 9 * (32 * 128 + 128 * 128) * 14**2
    assert figures["three.one"] / figures["three.chain"] == pytest.approx(49 / 27)
    assert figures["written.chain"] == 2 * 64 * 35**2


def test_judge_of_pairs() -> None:
    cases = ("equal", "v3", "v1 3a", "v1 4e", "unpadded", "written")
    every = {f"{case}.{side}": value for case in cases for side, value in (("one", 25.0), ("chain", 18.0))}
    assert PAIRS.judge(changed(PAIRS, every)).verdict == "holds"
    assert PAIRS.judge(changed(PAIRS, every | {"v3.chain": 20.0})).verdict == "depends"
    assert PAIRS.judge(changed(PAIRS, dict.fromkeys(every, 1.0))).verdict == "does-not-reproduce"


def test_branches_are_told_by_the_widths_that_they_have() -> None:
    """Those of v3's last 35x35 module and of GoogLeNet's 3a and 4e, read off the networks."""
    told = [one.when for one in PAIRS.judge(changed(PAIRS, {})).conditions]
    assert told[1:4] == ["v3's branch, 64 > 96 > 96", "GoogLeNet 3a, 16 > 32 > 32", "GoogLeNet 4e, 32 > 128 > 128"]
    other = PAIRS.judge(changed(PAIRS, {"v3.width 1": 104.0}))
    assert other.conditions[1].when == "v3's branch, 64 > 104 > 96"


@pytest.mark.parametrize(
    ("name", "figures", "verdict"),
    [
        ("formula", {"equal.one": 25, "equal.chain": 18}, "does-not-reproduce"),
        ("formula", {"equal.one": 7, "equal.chain": -18}, "holds"),
        ("reduction", {"equal.one": 25, "equal.chain": 18}, "does-not-reproduce"),
        ("reduction", {"equal.one": 25, "equal.chain": 7}, "holds"),
        ("doubles", {"3x3": 9, "equal.chain": 18}, "holds"),
        ("doubles", {"3x3": 9, "equal.chain": 27}, "does-not-reproduce"),
        ("weights", {"weights.one": 25, "weights.chain": 18, "normed weights.one": 27, "normed weights.chain": 20}, "holds"),
        (
            "weights",
            {"weights.one": 25, "weights.chain": 20, "normed weights.one": 27, "normed weights.chain": 22},
            "does-not-reproduce",
        ),
        ("three-3x3", {"three.one": 49, "three.chain": 27}, "holds-rounded"),
        ("three-3x3", {"three.one": 181, "three.chain": 100}, "holds"),
        ("three-3x3", {"three.one": 49, "three.chain": 18}, "does-not-reproduce"),
    ],
)
def test_what_is_said_of_pairs_besides(name: str, figures: Mapping[str, float], verdict: str) -> None:
    assert check(PAIRS, name).judge(Evidence(figures)).verdict == verdict
