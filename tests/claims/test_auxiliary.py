"""Judges of auxiliary heads on evidence made by hand, their sizes by hand, and their identities."""

from __future__ import annotations

import pytest

from inception_analyzer.claims import CLAIMS
from inception_analyzer.claims.auxiliary import STARTS
from inception_analyzer.lab.identities.heads import head_gradients, heads
from tests.claims.evidence import verdict

TRAINING, SIGNAL = CLAIMS["aux-heads-train-only"], CLAIMS["aux-gradient-signal"]
IDEAL = {"heads.sum": 1e-16, "heads.above": 0.0, "heads.below": 1.0, "heads.v1.logits": 0.0, "heads.v3.logits": 0.0}
PLACES = {"v1.1.before": 1, "v1.2.before": 4, "v3.1.grid": 17, "v3.1.behind": 0}


def test_heads_by_hand() -> None:
    figures = TRAINING.count()
    classifier = 2048 * 1024 + 1024 + 1024 * 1000 + 1000
    assert figures["v1.heads.params"] == (512 + 528) * 128 + 2 * 128 + 2 * classifier == 6_379_728
    assert figures["v3.heads.params"] == 3_326_696
    assert figures["v1.heads.params"] / figures["v1.params"] == pytest.approx(0.912, abs=5e-4)
    assert figures["v3.heads.macs"] / figures["v3.macs"] == pytest.approx(0.00099, abs=1e-5)
    assert figures["torchvision.v3"] == 27_161_264
    assert figures.items() >= PLACES.items()


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "holds"),
        ({"v1.2.weight": 0.4}, "depends"),
        ({"heads.v1.logits": 7.0}, "depends"),
        ({"heads.below": 0.0}, "depends"),
        (dict.fromkeys((*IDEAL, "v1.1.weight", "v1.2.weight"), 1.0), "does-not-reproduce"),
    ],
)
def test_judge_of_training_only(changes: dict[str, float], expected: str) -> None:
    assert verdict(TRAINING, {**TRAINING.count(), **IDEAL, **changes}) == expected


def test_judges_of_places_and_totals() -> None:
    assert verdict(TRAINING, PLACES, "places") == "holds"
    assert verdict(TRAINING, PLACES | {"v1.2.before": 5}, "places") == "depends"
    assert verdict(TRAINING, dict.fromkeys(PLACES, 9), "places") == "does-not-reproduce"
    totals = {"torchvision.v1": 13_004_888, "torchvision.v3": 27_161_264}
    assert verdict(TRAINING, totals, "published") == "holds"
    assert verdict(TRAINING, totals | {"torchvision.v3": 1}, "published") == "depends"
    assert verdict(TRAINING, dict.fromkeys(totals, 1), "published") == "does-not-reproduce"


@pytest.mark.parametrize(
    ("first", "others", "expected"), [(44.0, 1.1, "depends"), (44.0, 3.0, "holds"), (1.3, 1.1, "does-not-reproduce")]
)
def test_judge_of_the_signal(first: float, others: float, expected: str) -> None:
    figures = {f"head-gradients.{key}.main": 1.0 for key in STARTS} | {f"head-gradients.{key}.all": others for key in STARTS}
    assert verdict(SIGNAL, figures | {"head-gradients.plain.default.all": first}) == expected


def test_heads_run_for_real() -> None:
    """Sums of three gradients in float64 differ by rounding; nothing flows behind a head; the same kernels run without it."""
    found = heads()
    assert found["sum"] < 1e-12
    assert found["above"] == found["v1.logits"] == found["v3.logits"] == 0.0
    assert found["below"] > 0.0


def test_gradients_run_for_real() -> None:
    """Without norms torch's start shrinks the gradient a millionfold and the heads are most of it; He's keeps its size."""
    found = head_gradients()
    times = {key: found[f"{key}.all"] / found[f"{key}.main"] for key in STARTS}
    assert found["plain.default.main"] < 1e-4 * found["plain.he.main"]
    assert times["plain.default"] > 10
    assert all(0.9 < times[key] < 1.5 for key in STARTS if key != "plain.default")
