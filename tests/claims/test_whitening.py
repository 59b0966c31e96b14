"""Judges of what batch norm is spared on evidence made by hand, and their figures beside the arithmetic."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
import torch

from inception_analyzer.claims import CLAIMS
from inception_analyzer.claims.model import Claim, Finding
from inception_analyzer.inquiry import Evidence
from inception_analyzer.lab.identities.normalization import bn_drift, covariance_rank
from inception_analyzer.lab.operations import OPERATIONS, whitened
from tests.claims.evidence import answered

DRIFT, WHITENING = CLAIMS["bn-norm-outside-gradient-drift"], CLAIMS["bn-whitening-cost"]

FLOAT64 = 1e-12


def checked(claim: Claim, name: str, figures: Mapping[str, float]) -> Finding:
    (check,) = (check for check in claim.checks if check.name == name)
    return check.judge(Evidence(figures))


def test_the_bias_drifts() -> None:
    found = bn_drift()
    for steps in (10, 100, 1000):
        assert found[f"bias.{steps}"] == pytest.approx(steps * found["bias.1"], rel=FLOAT64)
    assert found["bias.1"] != 0
    assert found["loss-change"] < FLOAT64
    assert abs(found["true-slope"]) < FLOAT64


DRIFTED = {"bias.1": 0.2, "bias.10": 2.0, "bias.100": 20.0, "bias.1000": 200.0, "loss": 3.0, "loss-change": 0.0}
STAYS = {"bias.10": 0.2, "bias.100": 0.2, "bias.1000": 0.2, "loss-change": 0.5}


@pytest.mark.parametrize(
    ("changes", "verdict"), [({}, "holds"), ({"loss-change": 0.5}, "depends"), (STAYS, "does-not-reproduce")]
)
def test_judge_of_the_drift(changes: Mapping[str, float], verdict: str) -> None:
    figures = {f"bn-drift.{name}": value for name, value in {**DRIFTED, **changes}.items()}
    assert DRIFT.judge(Evidence(figures)).verdict == verdict


def test_judge_of_the_true_slope() -> None:
    assert checked(DRIFT, "inside", {"bn-drift.true-slope": -1e-16}).verdict == "holds"
    assert checked(DRIFT, "inside", {"bn-drift.true-slope": -0.2}).verdict == "does-not-reproduce"


@pytest.mark.parametrize(("features", "ratio"), [(64, 32), (288, 144), (768, 384), (2048, 1024)])
def test_work_per_sample(features: int, ratio: int) -> None:
    figures = WHITENING.count()
    assert figures[f"{features}.covariance"] == features**2
    assert figures[f"{features}.covariance"] / figures[f"{features}.statistics"] == ratio


def test_work_over_all_of_v3() -> None:
    """8.97 million normalised numbers, each of which goes into two statistics."""
    assert WHITENING.count()["v3.statistics"] / 2 == pytest.approx(8.97e6, rel=1e-3)


def test_judge_of_the_work() -> None:
    figures = WHITENING.count()
    assert checked(WHITENING, "work", figures).verdict == "holds"
    assert checked(WHITENING, "work", {**figures, "64.covariance": 1.0}).verdict == "depends"
    assert checked(WHITENING, "work", dict.fromkeys(figures, 1.0)).verdict == "does-not-reproduce"


def test_a_small_batch_is_singular() -> None:
    assert dict(covariance_rank()) == {"features": 64, "batch": 32, "vectors": 31, "places": 64}


def test_judge_of_the_rank() -> None:
    figures = {"covariance-rank.features": 64.0, "covariance-rank.batch": 32.0, "covariance-rank.places": 64.0}
    assert checked(WHITENING, "singular", {**figures, "covariance-rank.vectors": 31.0}).verdict == "holds"
    assert checked(WHITENING, "singular", {**figures, "covariance-rank.vectors": 64.0}).verdict == "does-not-reproduce"


@pytest.mark.parametrize(
    ("low", "high", "verdict"), [(20, 30, "holds"), (0.4, 0.5, "does-not-reproduce"), (0.9, 1.1, "undecided")]
)
def test_judge_of_times(low: float, high: float, verdict: str) -> None:
    evidence = Evidence({}, {question.name: answered(low, high) for question in WHITENING.asks()})
    assert WHITENING.judge(evidence).verdict == verdict


def test_judge_of_mixed_times() -> None:
    narrow, *wider = (question.name for question in WHITENING.asks())
    mixed = {narrow: answered(0.4, 0.5), **{name: answered(20, 30) for name in wider}}
    assert WHITENING.judge(Evidence({}, mixed)).verdict == "depends"


def test_every_operation_runs() -> None:
    for question in WHITENING.asks():
        for side in (question.reference, question.other):
            assert isinstance(side, str)
            found = OPERATIONS[side]()()
            assert isinstance(found, torch.Tensor)
            assert found.isfinite().all()


def test_whitened_vectors_are_white() -> None:
    """With more samples than features each direction ends at a variance of 1, less eps over its own."""
    dice = torch.Generator().manual_seed(0)
    mixed = torch.randn(4096, 8, generator=dice, dtype=torch.float64) @ torch.randn(8, 8, generator=dice, dtype=torch.float64)
    assert torch.allclose(torch.cov(whitened(mixed).T, correction=0), torch.eye(8, dtype=torch.float64), atol=0.05)
