"""Judges of the quoted result tables on evidence made by hand, and the arithmetic of recipes."""

from __future__ import annotations

import pytest

from inception_analyzer.claims import CLAIMS
from inception_analyzer.claims.judging import ruling
from inception_analyzer.claims.model import SubCheck
from inception_analyzer.inquiry import Evidence
from inception_analyzer.lab.identities.recipe import rmsprop_epsilon

TABLES = CLAIMS["accuracy-tables-quoted"]
FIGURES = dict(TABLES.count())


def check(name: str) -> SubCheck:
    return next(one for one in TABLES.checks if one.name == name)


def test_error_rates_are_quoted_whatever_they_are() -> None:
    one, other = (TABLES.judge(Evidence(FIGURES | {"GoogLeNet.top-5": value})) for value in (7.89, 10.0))
    assert one.verdict == other.verdict == "quoted"
    assert one.conditions[0].value.value == pytest.approx(0.468, abs=5e-4)
    assert one.reason != other.reason


def test_judge_of_headings() -> None:
    judge = check("headings").judge
    in_order = {name: 1.0 for name in FIGURES if name.endswith(".under-top-5")}
    assert judge(Evidence(FIGURES)).verdict == "does-not-reproduce"
    assert judge(Evidence(FIGURES | in_order)).verdict == "holds"
    assert judge(Evidence(FIGURES | {"VGG.under-top-5": 1.0})).verdict == "depends"


def test_judge_of_cumulative_rows() -> None:
    judge = check("cumulative").judge
    assert judge(Evidence(FIGURES)).verdict == "holds"
    assert len(judge(Evidence(FIGURES)).conditions) == 4 + 3
    assert judge(Evidence(FIGURES | {"RMSProp.top-1": 23.5})).verdict == "depends"
    flat = {name: 5.0 for name in FIGURES if name.endswith((".top-1", ".top-5"))}
    assert judge(Evidence(FIGURES | flat)).verdict == "does-not-reproduce"


def test_what_smoothing_gains_is_judged_once() -> None:
    said = [check.name for claim in CLAIMS.values() for check in claim.checks if "0.2 points" in check.claimed]
    assert said == ["gain"]


def test_judge_of_prelu() -> None:
    judge = check("prelu").judge
    found = judge(Evidence(FIGURES))
    assert found.verdict == "does-not-reproduce"
    assert [one.value.value for one in found.conditions[:2]] == pytest.approx([1 - 4.2 / 5.71, 1 - 18.77 / 21.59])
    assert [one.value.value for one in found.conditions[4:]] == pytest.approx([1 - 5.6 / 7.38, 1 - 21.2 / 24.27])
    fitting = {"v3, 144 crops.under-top-1": 0.75 * 5.71, "v3, 144 crops.under-top-5": 0.86 * 21.59}
    assert judge(Evidence(FIGURES | fitting)).verdict == "depends"
    ours = {"v3, 12 crops.under-top-1": 0.75, "v3, 144 crops.under-top-1": 0.75, "BN-auxiliary.top-5": 0.75}
    ours |= {"v3, 12 crops.under-top-5": 0.86, "v3, 144 crops.under-top-5": 0.86, "BN-auxiliary.top-1": 0.86}
    theirs = {f"{name}.{column}": 1.0 for name in ("PReLU", "PReLU, 10 crops") for column in ("under-top-1", "under-top-5")}
    assert judge(Evidence(FIGURES | ours | theirs)).verdict == "holds"


def test_judge_of_crops() -> None:
    judge = check("crops").judge
    assert judge(Evidence(FIGURES)).verdict == "holds"
    assert judge(Evidence(FIGURES | {"v4.144.top-5": 4.3})).verdict == "depends"
    weights = {"top-1": 1, "top-5": 2}
    upwards = {
        f"{name}.{crops}.{error}": weight * float(crops)
        for name in ("v3", "IR-v1", "v4", "IR-v2")
        for crops in ("1", "12", "144")
        for error, weight in weights.items()
    }
    assert judge(Evidence(upwards)).verdict == "does-not-reproduce"


def test_judge_of_the_rate() -> None:
    judge = check("rate").judge
    assert FIGURES["last-rate"] == pytest.approx(0.045 * 0.94**50)
    assert judge(Evidence(FIGURES)).verdict == "holds-rounded"
    assert judge(Evidence({"last-rate": 0.002})).verdict == "holds"
    assert judge(Evidence({"last-rate": 0.003})).verdict == "does-not-reproduce"


def test_torch_adds_epsilon_outside_the_root() -> None:
    """In float64 a step is exact but for the last digits."""
    assert rmsprop_epsilon() == pytest.approx({"1": 1 / 2, "0.01": 1 / 1.1, "0.0001": 1 / 1.01}, rel=1e-12)


def test_judge_of_epsilon() -> None:
    judge = check("epsilon").judge
    inside = {square: 1 / (float(square) + 1) ** 0.5 for square in ("1", "0.01", "0.0001")}
    outside = {square: 1 / (float(square) ** 0.5 + 1) for square in inside}
    named = [{f"rmsprop-epsilon.{square}": step for square, step in steps.items()} for steps in (inside, outside)]
    assert judge(Evidence(FIGURES | named[0])).verdict == "holds"
    assert judge(Evidence(FIGURES | named[1])).verdict == "does-not-reproduce"
    assert judge(Evidence(FIGURES | named[1] | {"rmsprop-epsilon.1": inside["1"]})).verdict == "depends"
    assert ruling(judge, Evidence(FIGURES), TABLES.id).verdict == "undecided"
