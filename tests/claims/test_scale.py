"""Judges of scale on evidence made by hand, and totals beside those that others publish."""

from __future__ import annotations

import pytest

from inception_analyzer.claims import CLAIMS
from inception_analyzer.claims.model import SubCheck
from inception_analyzer.inquiry import Evidence
from tests.claims.evidence import answered

SCALE = CLAIMS["scale-families-resnet"]
PAPER = "inception-resnet-v2-paper"
NAMES = ("v4", "resnet152", "ir2", PAPER, "v3", "ir1", "resnet50")


def check(name: str) -> SubCheck:
    return next(one for one in SCALE.checks if one.name == name)


def test_totals_by_hand() -> None:
    figures = SCALE.count()
    assert figures["resnet50.macs"] == 3_857_973_248
    assert figures["resnet152.macs"] == 11_282_415_616
    assert figures["ir1.params"] == 22_756_328
    assert figures[f"{PAPER}.params"] == 32_433_928
    # A sixth C, the bottleneck with its norm, and no classifier.
    assert figures["facenet.params"] == 22_756_328 + 1_600_768 + 1792 * 512 + 2 * 512 - 1_793_000


def test_judge_of_scale() -> None:
    alike = {f"{name}.{what}": 1.0 for name in NAMES for what in ("macs", "params")}
    assert SCALE.judge(Evidence(SCALE.count())).verdict == "depends"
    assert SCALE.judge(Evidence(alike)).verdict == "holds"
    apart = {f"v4.{what}": 10.0 for what in ("macs", "params")}
    assert SCALE.judge(Evidence(alike | apart)).verdict == "does-not-reproduce"


def test_judge_of_published_totals() -> None:
    judge, figures = check("published").judge, SCALE.count()
    assert judge(Evidence(figures)).verdict == "holds"
    assert judge(Evidence({**figures, "vgg16.params": 138_357_543})).verdict == "depends"
    assert judge(Evidence(dict.fromkeys(figures, 1.0))).verdict == "does-not-reproduce"


def test_judge_of_facenet() -> None:
    judge = check("facenet").judge
    assert judge(Evidence({"facenet.params": 23_482_624})).verdict == "holds"
    assert judge(Evidence({"facenet.params": 23_482_625})).verdict == "does-not-reproduce"


@pytest.mark.parametrize(
    ("small", "large", "verdict"),
    [
        (3.858e9, 11.28e9, "depends"),
        (3.84e9, 11.28e9, "holds-rounded"),
        (3.8e9, 11.3e9, "holds"),
        (4.1e9, 11.5e9, "does-not-reproduce"),
    ],
)
def test_judge_of_resnets(small: float, large: float, verdict: str) -> None:
    assert check("resnets").judge(Evidence({"resnet50.macs": small, "resnet152.macs": large})).verdict == verdict


@pytest.mark.parametrize(
    ("small", "large", "verdict"),
    [
        (4.089e9, 11.514e9, "holds"),
        (4.0892e9, 11.5136e9, "holds-rounded"),
        (3.9e9, 11.514e9, "depends"),
        (3.9e9, 11.3e9, "does-not-reproduce"),
    ],
)
def test_judge_of_torchvision(small: float, large: float, verdict: str) -> None:
    figures = {"resnet50-v1.5.macs": small, "resnet152-v1.5.macs": large}
    assert check("torchvision").judge(Evidence(figures)).verdict == verdict


@pytest.mark.parametrize(
    ("low", "high", "verdict"), [(0.9, 1.1, "holds"), (1.7, 1.8, "does-not-reproduce"), (1.4, 1.6, "undecided")]
)
def test_judge_of_times(low: float, high: float, verdict: str) -> None:
    answers = {question.name: answered(low, high) for question in SCALE.asks()}
    assert check("time").judge(Evidence({}, answers)).verdict == verdict
    mixed = dict(zip(answers, (answered(0.9, 1.1), answered(1.7, 1.8)), strict=True))
    assert check("time").judge(Evidence({}, mixed)).verdict == "depends"
