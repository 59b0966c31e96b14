"""Judges of two 2x2 and of savings that grow with the side, and their figures beside the arithmetic."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from inception_analyzer.claims import CLAIMS
from inception_analyzer.claims.counted import block, macs
from inception_analyzer.inquiry import Evidence

TWOS, GROWS = CLAIMS["two-2x2-save-11"], CLAIMS["asym-nxn-saving-grows"]
(BETTER,), (GROWING,) = TWOS.checks, GROWS.checks


def share(figures: Mapping[str, float], name: str) -> float:
    return figures[f"{name}.chain"] / figures[f"{name}.one"]


@pytest.mark.parametrize("grid", [35, 17, 8])
def test_twos_by_hand(grid: int) -> None:
    figures = TWOS.count()
    unpadded = 4 * ((grid - 1) ** 2 + (grid - 2) ** 2) / (9 * (grid - 2) ** 2)
    grown = 4 * ((grid + 1) ** 2 + (grid + 2) ** 2) / (9 * grid**2)
    assert share(figures, "padded") == pytest.approx(8 / 9)
    assert share(figures, f"unpadded {grid}") == pytest.approx(unpadded)
    assert share(figures, f"grown {grid}") == pytest.approx(grown)
    assert figures["written side"] == 37


def test_judge_of_twos() -> None:
    counted = dict(TWOS.count())
    assert TWOS.judge(Evidence(counted)).verdict == "depends"
    every = {name: 9.0 if name.endswith("one") else 8.0 for name in counted}
    assert TWOS.judge(Evidence(every)).verdict == "holds-rounded"
    exact = {name: 100.0 if name.endswith("one") else 89.0 for name in counted}
    assert TWOS.judge(Evidence(exact)).verdict == "holds"
    assert TWOS.judge(Evidence(dict.fromkeys(counted, 1.0))).verdict == "does-not-reproduce"


def test_judge_of_the_better_pair() -> None:
    counted = dict(TWOS.count())
    assert BETTER.judge(Evidence(counted)).verdict == "holds"
    assert BETTER.judge(Evidence(counted | {"padded.chain": 1.0})).verdict == "does-not-reproduce"


def test_lines_by_hand() -> None:
    figures = GROWS.count()
    for side in (2, 3, 5, 7):
        assert share(figures, f"side {side}") == pytest.approx(2 / side)
        left = 8 - side + 1
        assert share(figures, f"unpadded {side}") == pytest.approx(side * (8 * left + left**2) / (side**2 * left**2))
    assert share(figures, "mixed_6e last") == pytest.approx(2 / 7)
    assert share(figures, "mixed_6b last") == pytest.approx((128 + 192) / (7 * 192))


def test_modules_of_v3() -> None:
    figures = GROWS.count()
    assert figures["v3.one"] == macs("v3@asymmetric")
    assert figures["mixed_6b.chain"] == block("v3", "mixed_6b").macs == 374_063_104
    assert figures["mixed_6e.chain"] == 617_914_368
    assert 1 / share(figures, "mixed_6b") == pytest.approx(2.86, abs=0.005)


def test_judge_of_lines() -> None:
    counted = dict(GROWS.count())
    assert GROWS.judge(Evidence(counted)).verdict == "depends"
    assert GROWS.judge(Evidence(dict.fromkeys(counted, 1.0))).verdict == "does-not-reproduce"
    sides = {"mixed_6b last": 7, "mixed_6e last": 7} | {f"{way} {n}": n for way in ("side", "unpadded") for n in (3, 5, 7)}
    exact = {f"{name}.{end}": n if end == "one" else 2 for name, n in sides.items() for end in ("one", "chain")}
    assert GROWS.judge(Evidence(counted | exact)).verdict == "holds"


def test_judge_of_growing() -> None:
    counted = dict(GROWS.count())
    assert GROWING.judge(Evidence(counted)).verdict == "depends"
    growing = {"unpadded 7.one": 10.0, "unpadded 7.chain": 1.0}
    assert GROWING.judge(Evidence(counted | growing)).verdict == "holds"
    assert GROWING.judge(Evidence(dict.fromkeys(counted, 1.0))).verdict == "does-not-reproduce"


def test_the_module_is_timed_by_itself() -> None:
    for question in GROWS.asks():
        assert question.reference.input == question.other.input
        assert (question.other.input.channels, question.other.input.height) == (768, 17)
