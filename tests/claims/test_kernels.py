"""Judges of smaller square kernels on evidence made by hand, and their figures beside the arithmetic."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from inception_analyzer.claims import CLAIMS
from inception_analyzer.claims.model import Claim
from inception_analyzer.inquiry import Evidence
from tests.claims.evidence import answered

SQUARES, PAIRS, FUNCTION, BY_GRID = (
    CLAIMS[name] for name in ("k5-vs-k3-2p78", "two-3x3-save-28", "two-3x3-not-same-function", "factorized-latency-by-grid")
)


def changed(claim: Claim, changes: Mapping[str, float]) -> Evidence:
    return Evidence({**claim.count(), **changes})


def test_squares_are_their_areas() -> None:
    figures = SQUARES.count()
    for grid in (35, 17, 8):
        assert figures[f"5x5.{grid}"] == 25 * 64 * 96 * grid**2
        assert figures[f"3x3.{grid}"] == 9 * 64 * 96 * grid**2
        assert figures[f"5x5.valid.{grid}"] == 25 * 64 * 96 * (grid - 4) ** 2
        assert figures[f"3x3.valid.{grid}"] == 9 * 64 * 96 * (grid - 2) ** 2


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({}, "holds"),
        ({"5x5.8": 1.0}, "depends"),
        ({"5x5.35": 1.0, "5x5.17": 1.0, "5x5.8": 1.0}, "does-not-reproduce"),
    ],
)
def test_judge_of_squares(changes: Mapping[str, float], verdict: str) -> None:
    assert SQUARES.judge(changed(SQUARES, changes)).verdict == verdict


def test_pairs_by_hand() -> None:
    figures = PAIRS.count()
    assert figures["equal.two"] / figures["equal.5x5"] == pytest.approx(18 / 25)
    assert figures["v3.two"] / figures["v3.5x5"] == pytest.approx(9 * (64 * 96 + 96 * 96) / (25 * 64 * 96))
    assert figures["v1 3a.5x5"] == 25 * 16 * 32 * 28**2
    assert figures["v1 4e.two"] == 9 * (32 * 128 + 128 * 128) * 14**2
    assert figures["unpadded.two"] / figures["unpadded.5x5"] == pytest.approx(9 * (6**2 + 4**2) / (25 * 4**2))


def test_judge_of_pairs() -> None:
    cases = ("equal", "v3", "v1 3a", "v1 4e", "unpadded")
    every = {f"{case}.{side}": value for case in cases for side, value in (("5x5", 25.0), ("two", 18.0))}
    assert PAIRS.judge(Evidence(every)).verdict == "holds"
    assert PAIRS.judge(Evidence(every | {"v3.two": 20.0})).verdict == "depends"
    assert PAIRS.judge(Evidence(dict.fromkeys(every, 1.0))).verdict == "does-not-reproduce"


def test_printed_formula() -> None:
    (check,) = PAIRS.checks
    assert check.judge(Evidence({"equal.5x5": 25, "equal.two": 18})).verdict == "does-not-reproduce"
    assert check.judge(Evidence({"equal.5x5": 7, "equal.two": -18})).verdict == "holds"


def test_judge_of_the_function() -> None:
    names = ("valid", "interior", "ring", "fit", "wide-fit", "relu")
    same = {f"two-3x3.{name}": 1e-16 for name in names} | {"5x5": 25.0, "wide": 162.0}
    assert FUNCTION.judge(Evidence(same)).verdict == "holds"
    assert FUNCTION.judge(Evidence(same | {"two-3x3.fit": 0.4})).verdict == "depends"
    assert FUNCTION.judge(Evidence(same | {f"two-3x3.{name}": 0.4 for name in names})).verdict == "does-not-reproduce"


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [(0.5, 0.6, "holds"), (1.1, 1.2, "does-not-reproduce"), (0.9, 1.1, "undecided")],
)
def test_judge_of_times(low: float, high: float, verdict: str) -> None:
    evidence = Evidence({}, {question.name: answered(low, high) for question in BY_GRID.asks()})
    assert BY_GRID.judge(evidence).verdict == verdict


def test_judge_of_mixed_times() -> None:
    answers = {question.name: answered(0.5, 0.6) for question in BY_GRID.asks()}
    answers["3x3.8"] = answered(1.2, 1.4)
    assert BY_GRID.judge(Evidence({}, answers)).verdict == "depends"
