"""Judges of padding on evidence made by hand, and grids beside the formula."""

from __future__ import annotations

import pytest

from inception_analyzer.claims import CLAIMS
from inception_analyzer.lab.identities.modules import padding
from tests.claims.evidence import verdict

SAME = CLAIMS["same-padding-half-kernel"]
KEPT = {f"{kernel}.{grid}": grid for kernel in (1, 3, 5, 7) for grid in (35, 28, 17, 8)} | {"arms": 36, "arms.kept": 36}
LOST = dict.fromkeys(KEPT, 1) | {"arms": 36}


def test_grids_by_hand() -> None:
    figures = SAME.count()
    assert figures.items() >= KEPT.items()
    assert (figures["2.rounded-down"], figures["2.rounded-up"]) == (34, 36)


def test_judge_of_grids() -> None:
    assert verdict(SAME, KEPT) == "holds"
    assert verdict(SAME, KEPT | {"7.8": 6}) == "depends"
    assert verdict(SAME, LOST) == "does-not-reproduce"


@pytest.mark.parametrize(("down", "up", "expected"), [(34, 36, "does-not-reproduce"), (35, 36, "depends"), (35, 35, "holds")])
def test_judge_of_even_kernels(down: int, up: int, expected: str) -> None:
    assert verdict(SAME, {"2.rounded-down": down, "2.rounded-up": up}, "even") == expected


@pytest.mark.parametrize(
    ("plain", "others", "expected"), [(35, 18, "depends"), (35, 35, "holds"), (34, 18, "does-not-reproduce")]
)
def test_judge_of_the_formula(plain: int, others: int, expected: str) -> None:
    figures = {"padding.plain": plain, "padding.stride-2": others, "padding.dilated": others}
    assert verdict(SAME, figures, "formula") == expected


@pytest.mark.parametrize(
    ("odd", "even", "expected"), [(0.0, 1.3, "depends"), (0.0, 0.0, "holds"), (0.5, 1.3, "does-not-reproduce")]
)
def test_judge_of_stride_2(odd: float, even: float, expected: str) -> None:
    figures = {f"padding.keras.{grid}": odd if grid % 2 else even for grid in (35, 28, 17, 8)}
    assert verdict(SAME, figures, "stride-2") == expected


def test_padding_run_for_real() -> None:
    """floor((35 + 2 - d (3 - 1) - 1) / s) + 1; Keras puts the one zero of an even grid behind, so only odd grids agree."""
    found = padding()
    assert (found["plain"], found["stride-2"], found["dilated"]) == (35, 18, 33)
    assert found["keras.35"] == found["keras.17"] == 0.0
    assert min(found["keras.28"], found["keras.8"]) > 0.1
