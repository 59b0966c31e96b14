"""Judges of batch norm on evidence made by hand, and their figures beside the arithmetic."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from inception_analyzer.claims import CLAIMS
from inception_analyzer.claims.model import Claim, Finding
from inception_analyzer.claims.normalization import SCALES, normed
from inception_analyzer.inquiry import Evidence
from inception_analyzer.lab.identities.normalization import bn_fold, bn_invariance

FOLD, BLIND = CLAIMS["bn-fold-exact"], CLAIMS["bn-bias-and-scale-invariance"]

# The rounding of float64, and of float32 where some thousand products are added up.
FLOAT64, FLOAT32 = 1e-12, 1e-5


def checked(claim: Claim, name: str, figures: Mapping[str, float]) -> Finding:
    (check,) = (check for check in claim.checks if check.name == name)
    return check.judge(Evidence(figures))


def test_what_folding_saves() -> None:
    figures = FOLD.count()
    assert figures["v3"] == 23_834_568
    assert figures["v3.folded"] == 23_817_352
    assert figures["v3.channels"] == 17_216 == figures["v3"] - figures["v3.folded"]


def test_channels_with_a_norm() -> None:
    assert normed("v1") == 0
    assert normed("bn") == 10_016


def test_folding_v3() -> None:
    found = bn_fold()
    assert found["layers"] == 94
    assert max(found["float64"], found["logits"]) < FLOAT64
    assert FLOAT64 < found["float32"] < FLOAT32
    assert found["training"] > 0.1, "what a batch's own statistics give is another function"
    assert found["population"] == pytest.approx(8 / 7, rel=FLOAT64)


FOLDED = {"layers": 94.0, "float64": 1e-15, "logits": 1e-15, "float32": 1e-7, "training": 0.9, "population": 8 / 7}
OTHERWISE = {"float64": 1e-3, "logits": 1e-3, "float32": 1e-3}


@pytest.mark.parametrize(
    ("changes", "verdict"), [({}, "holds"), ({"float32": 1e-3}, "depends"), (OTHERWISE, "does-not-reproduce")]
)
def test_judge_of_folding(changes: Mapping[str, float], verdict: str) -> None:
    figures = {f"bn-fold.{name}": value for name, value in {**FOLDED, **changes}.items()}
    assert FOLD.judge(Evidence(figures)).verdict == verdict


def test_judge_of_biases() -> None:
    assert checked(FOLD, "biases", {"v3": 110.0, "v3.folded": 105.0, "v3.channels": 5.0}).verdict == "holds"
    assert checked(FOLD, "biases", {"v3": 110.0, "v3.folded": 100.0, "v3.channels": 5.0}).verdict == "does-not-reproduce"


def test_totals_of_keras() -> None:
    figures = FOLD.count()
    assert checked(FOLD, "keras", figures).verdict == "holds"
    assert checked(FOLD, "keras", {**figures, "ir2.folded": 1.0}).verdict == "depends"
    assert checked(FOLD, "keras", dict.fromkeys(figures, 1.0)).verdict == "does-not-reproduce"


def test_judge_of_the_population() -> None:
    assert checked(FOLD, "population", {"bn-fold.population": 8 / 7}).verdict == "holds"
    assert checked(FOLD, "population", {"bn-fold.population": 1.0}).verdict == "does-not-reproduce"


def test_folding_is_timed_against_the_whole() -> None:
    (question,) = FOLD.asks()
    assert [side.label for side in (question.reference, question.other) if not isinstance(side, str)] == ["v3", "v3@fold-bn"]


def test_bias_and_scale() -> None:
    found = bn_invariance()
    assert found["bias"] < FLOAT64
    for by in SCALES:
        assert max(found[f"scale.{by}.eps-0"], found[f"slope.{by}"]) < FLOAT64
    assert found["bias.fixed"] > 0.1, "kept statistics know nothing of a new bias"


@pytest.mark.parametrize(("by", "about"), [("10", 3e-5), ("0.1", 2.9e-3), ("0.01", 0.2)])
def test_eps_breaks_the_scale(by: str, about: float) -> None:
    """To first order the output shrinks by eps / 2 (1 / a a - 1) over the variance, of which only the size is known."""
    assert about / 2 < bn_invariance()[f"scale.{by}.eps-own"] < about * 2


BLINDNESS = {"bias": 0.0, "bias.fixed": 0.3, **{f"{what}.{by}": 0.0 for what in ("slope",) for by in SCALES}}
BLINDNESS |= {f"scale.{by}.eps-{eps}": 0.0 for by in SCALES for eps in ("0", "own")}


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [({}, "holds"), ({"scale.0.01.eps-own": 0.2}, "depends"), (dict.fromkeys(BLINDNESS, 0.5), "does-not-reproduce")],
)
def test_judge_of_blindness(changes: Mapping[str, float], verdict: str) -> None:
    figures = {f"bn-invariance.{name}": value for name, value in {**BLINDNESS, **changes}.items()}
    assert BLIND.judge(Evidence({**BLIND.count(), **figures})).verdict == verdict


def test_the_pretrained_bn_inception() -> None:
    figures = BLIND.count()
    assert figures["bn"] + figures["bn.channels"] == 11_295_240
    assert checked(BLIND, "pretrained", figures).verdict == "holds"
    assert checked(BLIND, "pretrained", {**figures, "bn.channels": 0.0}).verdict == "does-not-reproduce"
