"""Judges of a module as a sparse kernel and of its pool branch, on evidence made by hand."""

from __future__ import annotations

import pytest
import torch

from inception_analyzer.claims import CLAIMS
from inception_analyzer.claims.modules import MODULES
from inception_analyzer.inquiry import Evidence
from inception_analyzer.lab.identities.modules import one_sparse_5x5, pool_order
from inception_analyzer.lab.operations import OPERATIONS
from tests.claims.evidence import answered, verdict

SPARSE, ORDER = CLAIMS["module-as-sparse-conv"], CLAIMS["pool-proj-order"]


def test_zeros_of_3a_by_hand() -> None:
    figures = SPARSE.count()
    assert figures["3a.taps"] == 192 * 2016 == 387_072
    assert figures["3a.dense"] == 25 * 192 * 224 == 1_075_200
    shares = [figures[f"{name}.taps"] / figures[f"{name}.dense"] for name in MODULES]
    assert min(shares) > 0.29
    assert max(shares) < 0.41


@pytest.mark.parametrize(
    ("ten", "hundred", "expected"),
    [
        ((1.5, 1.6), (1.1, 1.2), "holds"),
        ((1.5, 1.6), (0.1, 0.2), "depends"),
        ((0.5, 0.6), (0.1, 0.2), "does-not-reproduce"),
        ((0.9, 1.1), (0.9, 1.1), "undecided"),
    ],
)
def test_judge_of_sparse_products(ten: tuple[float, float], hundred: tuple[float, float], expected: str) -> None:
    times = {"90 %": ten, "99 %": hundred, "99.9 %": (0.01, 0.02)}
    answers = {f"time at {zeros} zeros": answered(*ends) for zeros, ends in times.items()}
    assert SPARSE.judge(Evidence({}, answers)).verdict == expected


def test_judge_of_embedding() -> None:
    assert verdict(SPARSE, {"one-sparse-5x5.error": 1e-16}, "embedded") == "holds"
    assert verdict(SPARSE, {"one-sparse-5x5.error": 0.1}, "embedded") == "does-not-reproduce"


@pytest.mark.parametrize(("first", "others", "expected"), [(1, 1, "holds"), (3, 1, "depends"), (3, 3, "does-not-reproduce")])
def test_judge_of_zeros(first: int, others: int, expected: str) -> None:
    figures = {f"{name}.dense": 4.0 for name in MODULES} | {f"{name}.taps": others for name in MODULES} | {"3a.taps": first}
    assert verdict(SPARSE, figures, "zeros") == expected


def test_operations_compute_the_same() -> None:
    """A sparse product is that of the dense weights with the same zeros, up to the order of float32 sums."""
    for name in {side for question in SPARSE.asks() for side in (question.reference, question.other)}:
        assert isinstance(name, str)
        found = OPERATIONS[name]()()
        assert isinstance(found, torch.Tensor)
        assert found.shape == (1024, 784)
    dense = OPERATIONS["operation: dense product"]()()
    sparse = OPERATIONS["operation: CSR product, 90 % zeros"]()()
    assert isinstance(dense, torch.Tensor)
    assert isinstance(sparse, torch.Tensor)
    assert 0.2 < float(sparse.norm() / dense.norm()) < 0.45  # a tenth of the terms: a third of the norm


def test_pool_branch_by_hand() -> None:
    figures = ORDER.count()
    assert figures["after.macs"] == figures["before.macs"] == 192 * 32 * 28**2 == 4_816_896
    assert (figures["after.taps"], figures["before.taps"]) == (9 * 192 * 28**2, 9 * 32 * 28**2)
    assert figures["modules"] == figures["modules.pool-first"] == 9


@pytest.mark.parametrize(
    ("values", "expected"),
    [((1.4, 1.1, 1e-16), "depends"), ((1.4, 1.1, 0.5), "holds"), ((1e-16, 1e-16, 1e-16), "does-not-reproduce")],
)
def test_judge_of_the_order(values: tuple[float, ...], expected: str) -> None:
    errors = dict(zip(("max", "average-relu", "average"), values, strict=True))
    figures = {f"pool-order.{key}": value for key, value in errors.items()}
    assert verdict(ORDER, {**ORDER.count(), **figures}) == expected


def test_judge_of_placement() -> None:
    assert verdict(ORDER, {"modules": 9, "modules.pool-first": 9}, "placement") == "holds"
    assert verdict(ORDER, {"modules": 9, "modules.pool-first": 8}, "placement") == "does-not-reproduce"


@pytest.mark.parametrize(("macs", "taps", "expected"), [(1, 6, "depends"), (1, 1, "holds"), (2, 6, "does-not-reproduce")])
def test_judge_of_cost(macs: int, taps: int, expected: str) -> None:
    figures = {"before.macs": 1, "before.taps": 1, "after.macs": macs, "after.taps": taps}
    assert verdict(ORDER, figures, "cost") == expected


def test_identities_run_for_real() -> None:
    """Zeros add nothing, so the 5x5 agrees to rounding; a mean commutes with sums to rounding, a maximum does not."""
    assert one_sparse_5x5()["error"] < 1e-12
    found = pool_order()
    assert found["average"] < 1e-12
    assert min(found["max"], found["average-relu"]) > 0.3
