"""Judges of a 1x3 and a 3x1 in place of a 3x3, and the identity on what the pair can compute."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from inception_analyzer.claims import CLAIMS
from inception_analyzer.inquiry import Evidence
from inception_analyzer.lab.identities import IDENTITIES

SAVES, EQUAL = CLAIMS["asym-3x3-save-33"], CLAIMS["asym-3x3-not-equivalent"]
NUMBERS, DIMENSIONS = SAVES.checks
(BACK,) = EQUAL.checks

# Float64 leaves some 1e-16 for each of the few hundred products of an output.
ROUNDING = 1e-13


def share(figures: Mapping[str, float], name: str) -> float:
    return figures[f"{name}.chain"] / figures[f"{name}.one"]


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("equal", 6 / 9),
        ("64,96,96", (1 + 1.5) / 3),
        ("64,128,128", (1 + 2) / 3),
        ("64,192,192", (1 + 3) / 3),
        ("narrow", (1 + 1 / 2) / 3),
        ("v4", (3 * 384 * 448 + 3 * 448 * 512) / (9 * 384 * 512)),
        ("numbers", 6 / 9),
        ("outputs", 1),
    ],
)
def test_shares_by_hand(name: str, wanted: float) -> None:
    assert share(SAVES.count(), name) == pytest.approx(wanted)


@pytest.mark.parametrize("grid", [35, 17, 8])
def test_unpadded_by_hand(grid: int) -> None:
    """The row keeps all rows and loses two columns, the column then loses two rows."""
    wanted = 3 * (grid * (grid - 2) + (grid - 2) ** 2) / (9 * (grid - 2) ** 2)
    assert share(SAVES.count(), f"unpadded {grid}") == pytest.approx(wanted)


def test_judge_of_the_saving() -> None:
    counted = dict(SAVES.count())
    assert SAVES.judge(Evidence(counted)).verdict == "depends"
    cases = {name.rpartition(".")[0] for name in counted}
    rounded = {f"{case}.{side}": value for case in cases for side, value in (("one", 9.0), ("chain", 6.0))}
    assert SAVES.judge(Evidence(counted | rounded)).verdict == "holds-rounded"
    exact = {name: value * (100 if name.endswith("one") else 67) for name, value in dict.fromkeys(rounded, 1.0).items()}
    assert SAVES.judge(Evidence(counted | exact)).verdict == "holds"
    assert SAVES.judge(Evidence(counted | dict.fromkeys(rounded, 1.0))).verdict == "does-not-reproduce"


def test_pairs_are_told_by_the_widths_that_they_have() -> None:
    counted = dict(SAVES.count())
    assert [counted[f"v4.width {place}"] for place in range(3)] == [384, 448, 512]
    other = SAVES.judge(Evidence(counted | {"v4.width 1": 456.0}))
    assert "v4's own pair, 384 > 456 > 512" in [one.when for one in other.conditions]


@pytest.mark.parametrize(
    ("one", "chain", "verdict"), [(9, 6, "holds-rounded"), (9, 5, "depends"), (10, 10, "does-not-reproduce")]
)
def test_judge_of_numbers(one: float, chain: float, verdict: str) -> None:
    assert NUMBERS.judge(Evidence({"numbers.one": one, "numbers.chain": chain})).verdict == verdict


@pytest.mark.parametrize(
    ("outputs", "numbers", "verdict"), [(1, 0.6, "depends"), (0.5, 0.6, "holds"), (1, 1, "does-not-reproduce")]
)
def test_judge_of_dimensions(outputs: float, numbers: float, verdict: str) -> None:
    figures = {"outputs.one": 1.0, "outputs.chain": outputs, "numbers.one": 1.0, "numbers.chain": numbers}
    assert DIMENSIONS.judge(Evidence(figures)).verdict == verdict


def test_costs_of_wider_pairs() -> None:
    figures = EQUAL.count()
    assert [share(figures, f"between {times}") for times in (1, 2, 3)] == pytest.approx([2 / 3, 4 / 3, 2])


def test_judge_of_equality() -> None:
    found = {f"row-column.{name}": 1e-16 for name in ("width-3", "outputs", "separable")}
    found |= {"row-column.width-1": 0.5, "row-column.width-2": 0.2} | dict(EQUAL.count())
    assert EQUAL.judge(Evidence(found)).verdict == "does-not-reproduce"
    assert EQUAL.judge(Evidence(found | {"row-column.width-1": 1e-16})).verdict == "holds"
    cheap = found | {"between 3.chain": 1.0}
    assert EQUAL.judge(Evidence(cheap)).verdict == "depends"
    never = {f"row-column.width-{times}": 0.5 for times in (1, 2, 3)}
    assert EQUAL.judge(Evidence(found | never)).verdict == "does-not-reproduce"


def test_judge_of_the_way_back() -> None:
    same = {f"row-column.{name}": 1e-16 for name in ("back", "bias", "bias-interior")}
    assert BACK.judge(Evidence(same)).verdict == "holds"
    assert BACK.judge(Evidence(same | {"row-column.bias": 0.05})).verdict == "depends"
    assert BACK.judge(Evidence(dict.fromkeys(same, 0.05))).verdict == "does-not-reproduce"


def test_identity_of_rows_and_columns() -> None:
    """A 3 C by 3 C matrix of independent numbers keeps about 0.5 of its norm beyond a third of its singular values, 0.2
    beyond two thirds, and nothing beyond all."""
    found = IDENTITIES["row-column"]()
    assert found["width-1"] == pytest.approx(0.51, abs=0.03)
    assert found["width-2"] == pytest.approx(0.18, abs=0.03)
    assert max(found[name] for name in ("width-3", "outputs", "separable", "back", "bias-interior")) < ROUNDING
    assert found["bias"] > 1e-3
