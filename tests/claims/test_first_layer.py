"""The judge of 'Factorized 7x7' on evidence made by hand, and its figures beside the arithmetic."""

from __future__ import annotations

import pytest

from inception_analyzer.claims import CLAIMS
from inception_analyzer.inquiry import Evidence

FACTORIZED = CLAIMS["factorized-7x7-raises-cost"]
TABLE, DEARER = FACTORIZED.checks

THREE = 9 * 3 * 32 * 149**2 + 9 * 32 * 32 * 147**2 + 9 * 32 * 64 * 147**2
SEVEN = 49 * 3 * 64 * 147**2
SEPARABLE = (49 * 24 + 24 * 64) * 147**2


def test_first_layers_by_hand() -> None:
    figures = FACTORIZED.count()
    assert (figures["stem.one"], figures["stem.chain"]) == (SEVEN, THREE) == (203_297_472, 616_627_296)
    assert (figures["weights.one"], figures["weights.chain"]) == (9_408, 28_512)
    assert figures["written.one"] == 64 * 147**2


def test_networks_differ_by_their_first_layers() -> None:
    figures = FACTORIZED.count()
    assert figures["network.chain"] == 5_713_216_096
    assert figures["network.chain"] - figures["network.one"] == THREE - SEVEN
    assert figures["network.chain"] - figures["separable"] == THREE - SEPARABLE


def test_taps_on_the_map() -> None:
    """Of the three only the last is padded: 3 n - 2 taps fall on a side of n pixels."""
    figures = FACTORIZED.count()
    assert figures["stem on the map.one"] == SEVEN
    assert THREE - figures["stem on the map.chain"] == 32 * 64 * ((3 * 147) ** 2 - (3 * 147 - 2) ** 2)


def test_judge_of_cheapness() -> None:
    counted = dict(FACTORIZED.count())
    assert FACTORIZED.judge(Evidence(counted)).verdict == "does-not-reproduce"
    assert FACTORIZED.judge(Evidence(counted | {"weights.chain": 1.0})).verdict == "depends"
    names = ("stem", "weights", "network", "stem on the map", "network on the map")
    cheaper = {f"{name}.chain": 1.0 for name in names}
    assert FACTORIZED.judge(Evidence(counted | cheaper)).verdict == "holds"


@pytest.mark.parametrize(
    ("before", "separable", "verdict"),
    [(5.3e9, 5.15e9, "does-not-reproduce"), (5.3e9, 4.75e9, "depends"), (4.65e9, 4.75e9, "holds-rounded")],
)
def test_judge_of_the_table(before: float, separable: float, verdict: str) -> None:
    figures = {"network.one": before, "separable": separable, "network.chain": 5.7e9}
    figures |= {name.replace("network", "network on the map"): value for name, value in figures.items()}
    figures["separable on the map"] = separable
    assert TABLE.judge(Evidence(figures)).verdict == verdict


@pytest.mark.parametrize(("after", "verdict"), [(2.0, "holds"), (0.5, "does-not-reproduce")])
def test_judge_of_the_direction(after: float, verdict: str) -> None:
    assert DEARER.judge(Evidence({"network.one": 1.0, "network.chain": after})).verdict == verdict


def test_only_the_first_layers_are_timed() -> None:
    (question,) = FACTORIZED.asks()
    assert len(question.reference.trunk.steps) == 1
    assert len(question.other.trunk.steps) == 3
