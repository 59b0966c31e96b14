"""Judges of reductions and of naive modules on evidence made by hand, and their figures beside the arithmetic."""

from __future__ import annotations

import pytest

from inception_analyzer.claims import CLAIMS
from inception_analyzer.claims.modules import MODULES, REDUCED
from tests.claims.evidence import verdict

REDUCTIONS, BLOW_UP = CLAIMS["one-by-one-reduction-saves"], CLAIMS["naive-module-blowup"]
WITH, WITHOUT = 28 * 28 * 163_328, 28 * 28 * 192 * (64 + 9 * 128 + 25 * 32)


def test_module_3a_by_hand() -> None:
    figures = REDUCTIONS.count()
    assert figures["3a.with"] == WITH == 128_049_152
    assert figures["3a.without"] == WITHOUT
    assert figures["3a.5x5.with"] == 28 * 28 * (192 * 16 + 25 * 16 * 32)
    assert figures["3a.5x5.wide"] == 28 * 28 * (192 * 192 + 25 * 192 * 32)
    assert figures["5x5"] == 25 * figures["1x1"]


def test_break_even_of_a_reduction() -> None:
    """A 1x1 to r pays below k k in out / (in + k k out); every published one is far below."""
    figures = REDUCTIONS.count()
    for name in MODULES:
        for kernel in REDUCED:
            assert figures[f"{name}.{kernel}.with"] < 0.6 * figures[f"{name}.{kernel}.without"]


@pytest.mark.parametrize(
    ("first", "others", "expected"), [(1.0, 1.0, "holds"), (3.0, 1.0, "depends"), (3.0, 3.0, "does-not-reproduce")]
)
def test_judge_of_reductions(first: float, others: float, expected: str) -> None:
    figures = {f"{name}.without": 2.0 for name in MODULES} | {f"{name}.with": others for name in MODULES} | {"3a.with": first}
    assert verdict(REDUCTIONS, figures) == expected


@pytest.mark.parametrize(
    ("behind", "wide", "expected"), [(1.0, 1.5, "holds"), (1.0, 3.0, "depends"), (3.0, 3.0, "does-not-reproduce")]
)
def test_judge_of_any_reduction(behind: float, wide: float, expected: str) -> None:
    arms = [f"{name}.{kernel}" for name in MODULES for kernel in REDUCED]
    figures = {f"{arm}.without": 2.0 for arm in arms} | {f"{arm}.with": behind for arm in arms} | {"3a.5x5.wide": wide}
    assert verdict(REDUCTIONS, figures, "always") == expected


def test_judge_of_one_tap() -> None:
    ends = {"tap.in": 192.0, "tap.out": 32.0, "tap.grid": 28.0}
    assert {name: REDUCTIONS.count()[name] for name in ends} == ends
    assert verdict(REDUCTIONS, {"1x1": 1.0, "5x5": 25.0, **ends}, "one-tap") == "holds"
    assert verdict(REDUCTIONS, {"1x1": 2.0, "5x5": 1.0, **ends}, "one-tap") == "does-not-reproduce"


def test_naive_widths_and_totals() -> None:
    figures = BLOW_UP.count()
    widths = [416, 832, 1280, 1728, 2176, 2640, 3344, 4048, 4944]
    assert [figures[f"{name}.writes"] for name in MODULES] == widths
    assert figures["naive.macs"] == 12_568_061_056
    assert figures["naive.params"] == 97_526_008
    assert figures["projected.macs"] == 4_426_547_200
    assert figures["naive.macs"] / figures["published.macs"] == pytest.approx(7.94, abs=0.005)


def test_judge_of_growth() -> None:
    totals = {
        f"{key}.{kind}": value for key, value in (("published", 1.0), ("naive", 8.0)) for kind in ("macs", "params", "kept")
    }
    grown = {f"{name}.{key}": value for name in MODULES for key, value in (("reads", 10), ("writes", 15), ("kernels", 5))}
    flat = {f"{name}.writes": 10 for name in MODULES}
    assert verdict(BLOW_UP, totals | grown) == "holds"
    assert verdict(BLOW_UP, totals | grown | flat) == "depends"
    assert verdict(BLOW_UP, totals | grown | flat | {"naive.macs": 0.5}) == "does-not-reproduce"


def test_judge_of_most() -> None:
    figures = {"published.macs": 1.0, "naive.macs": 8.0}
    assert verdict(BLOW_UP, figures | {"projected.macs": 2.8}, "reductions") == "holds"
    assert verdict(BLOW_UP, figures | {"projected.macs": 1.8}, "reductions") == "does-not-reproduce"


@pytest.mark.parametrize(
    ("params", "kept", "expected"), [(14.0, 1.25, "depends"), (14.0, 3.0, "holds"), (1.5, 1.25, "does-not-reproduce")]
)
def test_judge_of_memory(params: float, kept: float, expected: str) -> None:
    figures = {"published.params": 1.0, "published.kept": 1.0, "naive.params": params, "naive.kept": kept}
    assert verdict(BLOW_UP, figures, "memory") == expected
