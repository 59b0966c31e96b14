"""The contradictions of the texts: all of them, linked to claims, and true by what is counted."""

from __future__ import annotations

import pytest

from inception_analyzer.claims import CLAIMS
from inception_analyzer.claims.contradictions import CONTRADICTIONS, told
from inception_analyzer.claims.contradictions.model import Contradiction
from inception_analyzer.claims.contradictions.model import told as told_by
from inception_analyzer.claims.texts import TEXTS

NAMES = """
    k5-vs-k3-2p78 two-3x3-save-28 two-3x3-width two-3x3-valid-border stacked-receptive-field two-3x3-not-same-function
    asym-3x3-save-33 asym-3x3-not-equivalent two-2x2-save-11 asym-nxn-saving-grows factorized-7x7-raises-cost
    factorized-latency-by-grid same-padding-half-kernel one-by-one-reduction-saves naive-module-blowup module-as-sparse-conv
    pool-proj-order share-of-large-kernels-grows googlenet-depth-22-27 googlenet-macs-1p5g googlenet-params-5m
    googlenet-12x-alexnet vgg-3x-alexnet inception-cheaper-than-vgg low-layers-plain-memory aux-heads-train-only
    aux-gradient-signal double-filters-4x weight-one-mult-per-activation grid-reduction-3x pool-first-quarter
    efficient-reduction-cheap table1-shape-chain table1-vs-deployed-v3 v3-42-layers cost-2p5x-googlenet v3-macs-5g-params-25m
    bn-inception-cost-2g bn-costs-nothing resolution-constant-cost representation-gently-decreases fig7-wider-not-deeper
    ls-target-values ls-cross-entropy-split ls-finite-logits-floor bn-fold-exact bn-bias-and-scale-invariance
    bn-norm-outside-gradient-drift bn-whitening-cost inception-resnet-cost-match ir-block-cheaper residual-width-must-match
    residual-scaling-0p1-0p3 no-bn-after-sum-memory v4-fits-unpartitioned scale-families-resnet ir-stems-and-reductions
    accuracy-tables-quoted
"""
IDS = set(NAMES.split())

# What the amounts of each are, by other arithmetic: widths, grids and published totals.
EXPECTED = {
    1: (3.8 / 1.5, 4.8 / 1.5, 3.610, 48),
    2: (3.610, 2.811, 4.8 / 1.5, 4.8 / 2.0),
    3: (2_032_600_064, 5_299_886_272, 2.607),
    4: (60_965_224 / 6_998_552, 6_998_552, 6_797_700, 60_965_224 / 6_797_700),
    5: (138_357_544 / 60_965_224, 143_667_240 / 60_965_224, 0.0813),
    6: (18 / 25, 7 / 25, 25 / 7, 18 / 25),
    7: (2, 4, 1.433),
    8: (4, 35**2 / 17**2, 3 / 4, 1 - 17**2 / 35**2),
    9: (3.033, 0.0780, 1 / 3.8, 1 - 5_713_216_096 / 9_703_025_248),
    10: (9, 9, 5, 2),
    11: (3, 33, 35),
    12: (48, 54, 47),
    13: (5_713_216_096, 5.468e9, 23_834_568, 27_161_264),
    14: (11_285_224, 11_285_224 / 6_998_552 - 1, 0.2843),
    15: (1.5, 1 - 3 / 4 * 0.25, 94, 0.3),
    16: (38_400 / 22_756_328, 0.1935, 23_834_568 / 53_555_976, 1.0928),
    17: (0.7555, 1.0736, 245, 150, 1152, 2144),
    18: ((128 + 32) / 256, (384 + 128) / 1024),
    19: (3 + 3 * 2 + 3, 22, 6_379_728 / 6_998_552),
    20: (18.77, 4.2, 18.77),
    21: (1, 0.9385, 0.9914, 26.94),
}


@pytest.fixture(params=CONTRADICTIONS, ids=lambda one: str(one.number))
def contradiction(request: pytest.FixtureRequest) -> Contradiction:
    return request.param


def test_there_are_21_in_order() -> None:
    assert [one.number for one in CONTRADICTIONS] == list(range(1, 22))
    assert len(IDS) == 58
    assert set(CLAIMS) <= IDS


def test_words_fit_their_columns(contradiction: Contradiction) -> None:
    assert len(contradiction.title) <= 38
    assert not contradiction.truth.endswith(".")


def test_two_sides_speak(contradiction: Contradiction) -> None:
    assert len(contradiction.sayings) > 1
    assert all(saying.text in TEXTS and saying.place and saying.says for saying in contradiction.sayings)


def test_they_lead_to_claims(contradiction: Contradiction) -> None:
    assert contradiction.claims
    assert set(contradiction.claims) <= IDS
    assert len(set(contradiction.claims)) == len(contradiction.claims)


def test_what_is_true_by_other_arithmetic(contradiction: Contradiction) -> None:
    found = told_by(contradiction, contradiction.count()).truth.amounts
    assert [amount.value for amount in found] == pytest.approx(EXPECTED[contradiction.number], rel=1e-3)


def test_what_is_true_follows_from_the_figures(contradiction: Contradiction) -> None:
    """Each figure is said, and another figure is another sentence."""
    figures = contradiction.count()
    assert {name for name, _ in contradiction.amounts} == set(figures)
    for name, value in figures.items():
        assert told_by(contradiction, {**figures, name: value + 1}).truth != told_by(contradiction, figures).truth


def test_all_are_told_at_once() -> None:
    found = told()
    assert tuple(one.contradiction for one in found) == CONTRADICTIONS
    assert found[5].truth.words.startswith("two 3x3 take")
