"""Judges of memory in training on evidence made by hand, and the bytes of norms on sums by three counts."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from inception_analyzer.claims import CLAIMS
from inception_analyzer.claims.judging import ruling
from inception_analyzer.claims.model import Claim, SubCheck
from inception_analyzer.count import count
from inception_analyzer.expressions import load
from inception_analyzer.inquiry import Evidence
from inception_analyzer.lab.identities.memory import normed_sums, v4_in_training
from tests.claims.evidence import answered

NORMS, ONE_CARD = CLAIMS["no-bn-after-sum-memory"], CLAIMS["v4-fits-unpartitioned"]
GIB = 2**30


def check(claim: Claim, name: str) -> SubCheck:
    return next(one for one in claim.checks if one.name == name)


def test_norms_on_sums_by_hand() -> None:
    figures = NORMS.count()
    sums = 5 * 256 * 35**2 + 10 * 896 * 17**2 + 5 * 1792 * 8**2
    assert figures["ir1.sums"] == 4 * sums
    assert figures["ir1.kept.normed"] - figures["ir1.kept"] == 4 * sums
    assert figures["ir1.params.normed"] - figures["ir1.params"] == 2 * (5 * 256 + 10 * 896 + 5 * 1792)
    released = 10 * 320 * 35**2 + 20 * 1088 * 17**2 + 10 * 2080 * 8**2
    assert figures["ir2.kept.normed"] - figures["ir2.kept"] == 4 * released


@pytest.mark.parametrize("name", ["ir1", "ir2"])
def test_norms_on_sums_are_those_of_the_pass(name: str) -> None:
    figures, normed = NORMS.count(), count(load(f"{name}@bn-after-sum"))
    assert figures[f"{name}.kept.normed"] == 4 * normed.kept
    assert figures[f"{name}.params.normed"] == normed.cost.params


def test_autograd_agrees_with_the_count() -> None:
    """To the byte, once the mean and deviation of each channel are taken off."""
    figures, saved = NORMS.count(), normed_sums()
    extra = saved["normed"] - saved["plain"] - 2 * 4 * figures["ir1.channels"]
    assert extra == saved["batch"] * figures["ir1.sums"]


def norms(kept: float, params: float) -> Evidence:
    figures = {f"{name}.{quantity}": 90.0 for name in ("ir1", "ir2") for quantity in ("kept", "params")}
    normed = {f"{name}.kept.normed": kept for name in ("ir1", "ir2")}
    return Evidence({**figures, **normed, **{f"{name}.params.normed": params for name in ("ir1", "ir2")}})


@pytest.mark.parametrize(
    ("kept", "params", "verdict"),
    [(110.0, 90.1, "depends"), (110.0, 110.0, "holds"), (90.1, 90.1, "does-not-reproduce")],
)
def test_judge_of_norms(kept: float, params: float, verdict: str) -> None:
    assert NORMS.judge(norms(kept, params)).verdict == verdict


def test_judge_of_one_copy() -> None:
    judge = check(NORMS, "kept").judge
    by_hand = {"ir1.kept": 100.0, "ir1.kept.normed": 140.0, "ir1.sums": 40.0, "ir1.channels": 1.0}
    saved = {"normed-sums.plain": 200.0, "normed-sums.normed": 288.0, "normed-sums.batch": 2.0}
    assert judge(Evidence(by_hand | saved)).verdict == "holds"
    assert judge(Evidence(by_hand | saved | {"normed-sums.normed": 300.0})).verdict == "depends"
    assert judge(Evidence(by_hand | saved | {"ir1.sums": 41.0})).verdict == "does-not-reproduce"
    assert ruling(judge, Evidence(by_hand), NORMS.id).verdict == "undecided"


@pytest.mark.parametrize(
    ("low", "high", "verdict"), [(1.1, 1.2, "holds"), (0.8, 0.9, "does-not-reproduce"), (0.9, 1.1, "undecided")]
)
def test_judge_of_longer_steps(low: float, high: float, verdict: str) -> None:
    (question,) = NORMS.asks()
    assert check(NORMS, "step").judge(Evidence({}, {question.name: answered(low, high)})).verdict == verdict


def held(size: float) -> Mapping[str, float]:
    kept = {f"{name}.kept": 1.0 for name in ("v3", "v4", "ir2")}
    return {**kept, "training-memory.held": size, "training-memory.kept": 0.9 * size, "training-memory.batch": 32}


@pytest.mark.parametrize(
    ("size", "verdict"),
    [
        (4 * GIB, "holds"),
        (4.9 * GIB, "undecided"),  # on 5 GiB there is no room to work in
        (5.65 * GIB, "depends"),
        (13 * GIB, "does-not-reproduce"),
    ],
)
def test_judge_of_one_card(size: float, verdict: str) -> None:
    assert ONE_CARD.judge(Evidence(held(size))).verdict == verdict


def test_v4_in_training_by_hand() -> None:
    """What the count keeps, the head's share, the places of maxima in 8 bytes and statistics on top; and the weights."""
    found, network = v4_in_training(), count(load("v4"))
    assert network.kept_aux is not None
    assert network.aux is not None
    activations = 4 * 32 * (network.kept + network.kept_aux)
    assert activations < found["kept"] < 1.02 * activations
    # Weights, gradients and the mean squares of RMSProp, which remembers no momentum here; buffers add little.
    weights = 4 * (network.cost.params + network.aux.params)
    assert 3 * weights < found["held"] - found["kept"] < 3.01 * weights


def test_kept_by_hand_is_the_count() -> None:
    assert ONE_CARD.count()["v3.kept"] == 4 * count(load("v3")).kept
