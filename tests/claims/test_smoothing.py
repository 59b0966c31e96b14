"""Judges of label smoothing on evidence made by hand, and their figures beside the arithmetic."""

from __future__ import annotations

from collections.abc import Mapping
from math import log

import pytest

from inception_analyzer.claims import CLAIMS
from inception_analyzer.claims.model import Claim, Finding
from inception_analyzer.claims.smoothing import target
from inception_analyzer.inquiry import Evidence
from inception_analyzer.lab.identities.smoothing import smoothed_floor, smoothed_loss, smoothed_targets

TARGETS, SPLIT, FLOOR = (CLAIMS[name] for name in ("ls-target-values", "ls-cross-entropy-split", "ls-finite-logits-floor"))

# Sums and divisions in float64; training by steps of a slope ends a little further off.
FLOAT64, TRAINED = 1e-12, 1e-9


def checked(claim: Claim, name: str, figures: Mapping[str, float]) -> Finding:
    (check,) = (check for check in claim.checks if check.name == name)
    return check.judge(Evidence(figures))


@pytest.mark.parametrize(
    ("share", "classes", "label", "other"),
    [(0.25, 4, 0.8125, 0.0625), (0.1, 4, 0.925, 0.025), (0.1, 1000, 0.9001, 0.0001), (1.0, 4, 0.25, 0.25)],
)
def test_targets_by_hand(share: float, classes: int, label: float, other: float) -> None:
    assert target(share, classes, label=True) == pytest.approx(label)
    assert target(share, classes, label=False) == pytest.approx(other)


def test_readings_of_the_vector() -> None:
    figures = TARGETS.count()
    assert figures["sum"] == 1.5
    assert (figures["quarter.label"], figures["quarter.other"]) == (0.8125, 0.0625)
    assert figures["by-label.share"] == pytest.approx(1 / 3)
    assert figures["by-label.other"] == pytest.approx(1 / 12)
    assert (figures["by-other.share"], figures["by-other.label"]) == (1.0, 0.25)
    assert (figures["share"], figures["classes"]) == (0.1, 1000)


READINGS = {"sum": 1.0, "quarter.label": 0.75, "quarter.other": 0.25, "by-label.other": 0.25, "by-other.label": 0.75}
SHARES = {"by-label.share": 0.25, "by-other.share": 0.25}


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({}, "holds"),
        ({"sum": 1.5}, "depends"),
        ({"sum": 1.5, "quarter.other": 0.1, "by-label.other": 0.1, "by-other.label": 0.25}, "does-not-reproduce"),
    ],
)
def test_judge_of_the_vector(changes: Mapping[str, float], verdict: str) -> None:
    assert TARGETS.judge(Evidence({**READINGS, **SHARES, **changes})).verdict == verdict


@pytest.mark.parametrize(("label", "verdict"), [(0.9, "holds"), (0.9001, "holds-rounded"), (0.8125, "does-not-reproduce")])
def test_judge_of_the_label(label: float, verdict: str) -> None:
    figures = {"share": 0.1, "classes": 1000.0, "label": label, "other": 1e-4}
    assert checked(TARGETS, "label", figures).verdict == verdict


def test_torch_trains_on_the_formula() -> None:
    found = smoothed_targets()
    assert found["sum"] == pytest.approx(1.0, rel=FLOAT64)
    assert (found["label"], found["other"]) == pytest.approx((0.8125, 0.0625), rel=FLOAT64)


def test_training_on_the_vector_by_hand() -> None:
    """Its minimum is the vector divided by its sum, with 1.5 times the cross entropy of that."""
    found = smoothed_targets()
    assert (found["trained.label"], found["trained.other"]) == pytest.approx((1 / 2, 1 / 6), rel=TRAINED)
    assert found["trained.loss"] == pytest.approx(0.75 * log(2) + 0.75 * log(6), rel=TRAINED)


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [({}, "holds"), ({"label": 0.8}, "depends"), ({"label": 0.8, "other": 0.1, "sum": 1.1}, "does-not-reproduce")],
)
def test_judge_of_the_formula(changes: Mapping[str, float], verdict: str) -> None:
    found = {"sum": 1.0, "label": 0.8125, "other": 0.0625, **changes}
    figures = {"quarter.label": 0.8125, "quarter.other": 0.0625, **{f"smoothed-targets.{k}": v for k, v in found.items()}}
    assert checked(TARGETS, "formula", figures).verdict == verdict


@pytest.mark.parametrize(
    ("label", "other", "verdict"),
    [(0.75, 0.25, "holds"), (0.75, 1 / 12, "depends"), (0.5, 1 / 6, "does-not-reproduce")],
)
def test_judge_of_the_training(label: float, other: float, verdict: str) -> None:
    found = {"trained.label": label, "trained.other": other, "trained.loss": 1.0}
    finding = checked(TARGETS, "trained", {f"smoothed-targets.{k}": v for k, v in found.items()})
    assert finding.verdict == verdict
    share = next(one for one in finding.conditions if one.when.startswith("share"))
    assert share.value.value == pytest.approx((1 - label) * 4 / 3)


def test_the_loss_splits() -> None:
    found = smoothed_loss()
    assert found["difference"] < FLOAT64
    assert (found["label-weight"], found["uniform-weight"]) == pytest.approx((0.9, 0.1), rel=FLOAT64)
    assert found["entropy"] == pytest.approx(log(1000), rel=FLOAT64)
    assert found["undivided"] > 0.5, "a sum over classes that is not divided is no small matter"


PARTS = {
    "share": 0.1,
    "classes": 1000.0,
    "smoothed-loss.difference": 1e-16,
    "smoothed-loss.label-weight": 0.9,
    "smoothed-loss.uniform-weight": 0.1,
    "smoothed-loss.undivided": 0.9,
    "smoothed-loss.entropy": log(1000),
}
APART = {"smoothed-loss.difference": 0.1, "smoothed-loss.label-weight": 0.5, "smoothed-loss.uniform-weight": 0.5}


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [({}, "holds"), ({"smoothed-loss.difference": 1e-3}, "depends"), (APART, "does-not-reproduce")],
)
def test_judge_of_the_split(changes: Mapping[str, float], verdict: str) -> None:
    assert SPLIT.judge(Evidence({**PARTS, **changes})).verdict == verdict


@pytest.mark.parametrize("name", ["weight", "entropy"])
def test_judges_of_the_parts(name: str) -> None:
    assert checked(SPLIT, name, PARTS).verdict == "holds"
    other = {**PARTS, "smoothed-loss.uniform-weight": 0.2, "smoothed-loss.entropy": 1.0}
    assert checked(SPLIT, name, other).verdict == "does-not-reproduce"


def test_where_training_ends() -> None:
    found = smoothed_floor()
    assert found["gap"] == pytest.approx(log(9001), rel=TRAINED)
    assert found["loss"] == pytest.approx(-0.9001 * log(0.9001) - 999 * 1e-4 * log(1e-4), rel=TRAINED)
    # 999 classes of 1e-4 each lie a gap of 100 below the label, whose own loss is nothing.
    assert found["smoothed.100"] == pytest.approx(999 * 1e-4 * 100, rel=FLOAT64)
    assert found["smoothed.20"] == pytest.approx(0.0999 * 20 + log(1 + 999 * 2.718281828459045**-20), rel=FLOAT64)
    assert found["hard.20"] > found["hard.100"]
    assert found["lowest-slope"] == pytest.approx(-0.9001, abs=1e-3)
    assert found["highest-slope"] == pytest.approx(0.9999, abs=1e-3)
    assert found["slope-sum"] < FLOAT64


ENDS = {
    "gap": log(9001),
    "loss": -0.9001 * log(0.9001) - 999 * 1e-4 * log(1e-4),
    "smoothed.20": 2.0,
    "smoothed.100": 10.0,
    "lowest-slope": -0.9,
    "highest-slope": 1.0,
    "hard.20": 1e-6,
    "hard.100": 0.0,
}
RUNS = {
    "gap": 100.0,
    "loss": 0.0,
    "smoothed.20": 0.0,
    "smoothed.100": 0.0,
    "lowest-slope": -2.0,
    "highest-slope": 2.0,
    "hard.20": 0.0,
}


@pytest.mark.parametrize(("changes", "verdict"), [({}, "holds"), ({"gap": 12.0}, "depends"), (RUNS, "does-not-reproduce")])
def test_judge_of_the_floor(changes: Mapping[str, float], verdict: str) -> None:
    figures = {f"smoothed-floor.{name}": value for name, value in {**ENDS, **changes}.items()}
    assert FLOOR.judge(Evidence({**FLOOR.count(), **figures})).verdict == verdict


@pytest.mark.parametrize(
    ("first", "fifth", "verdict"),
    [(0.2, 0.2, "holds"), (0.3, 0.2, "depends"), (0.3, 0.3, "does-not-reproduce")],
)
def test_judge_of_the_gain(first: float, fifth: float, verdict: str) -> None:
    assert checked(FLOOR, "gain", {"top-1": first, "top-5": fifth}).verdict == verdict


def test_the_quoted_gain() -> None:
    figures = FLOOR.count()
    assert (figures["top-1"], figures["top-5"]) == pytest.approx((0.3, 0.2))
