"""Operations that claims ask about and that are no networks: each prepares its numbers and gives the call to be timed."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from functools import partial

import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812

Make = Callable[[], Callable[[], object]]

BATCH = 32  # of the papers that train with batch norm

# Above the rounding of float32, so that directions which a small batch does not have are not blown up.
EPS = 1e-3

# A layer from 1024 channels to 1024 over 28x28 places, as a product of matrices.
CHANNELS, PLACES = 1024, 28 * 28


def batch_norm(features: int) -> Callable[[], object]:
    """A mini-batch of vectors normalised feature by feature, by its own statistics."""
    return partial(F.batch_norm, _vectors(features), None, None, training=True)


def whitening(features: int) -> Callable[[], object]:
    """The same batch whitened: its covariance, the inverse root of that, and the product with it."""
    return partial(whitened, _vectors(features))


def whitened(vectors: Tensor) -> Tensor:
    """Vectors without correlation and of variance 1 in each direction that the batch has (1502.03167, section 3)."""
    centred = vectors - vectors.mean(0)
    values, directions = torch.linalg.eigh(centred.T @ centred / len(centred))
    root: Tensor = directions * (values.clamp(min=0) + EPS).rsqrt() @ directions.T
    return centred @ root


def _vectors(features: int) -> Tensor:
    return torch.randn(BATCH, features, generator=torch.Generator().manual_seed(0))


def dense_product() -> Callable[[], object]:
    """All weights of a layer by all places of its map."""
    return partial(torch.matmul, *_operands(0.0))


def sparse_product(zeros: float) -> Callable[[], object]:
    """The same with this share of the weights zero and only the others stored, row by row."""
    weights, places = _operands(zeros)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch calls its CSR layout a beta
        stored = weights.to_sparse_csr()
    return partial(torch.matmul, stored, places)


def _operands(zeros: float) -> tuple[Tensor, Tensor]:
    dice = torch.Generator().manual_seed(0)
    weights = torch.randn((CHANNELS, CHANNELS), generator=dice)
    kept = torch.rand((CHANNELS, CHANNELS), generator=dice) >= zeros
    return weights * kept, torch.randn((CHANNELS, PLACES), generator=dice)


NORMALIZATION: Mapping[str, Make] = {
    f"operation: {name}, {features} features": partial(make, features)
    for name, make in (("batch norm", batch_norm), ("whitening", whitening))
    for features in (64, 288, 768)
}
PRODUCTS: Mapping[str, Make] = {
    "operation: dense product": dense_product,
    **{f"operation: CSR product, {100 * zeros:g} % zeros": partial(sparse_product, zeros) for zeros in (0.9, 0.99, 0.999)},
}
OPERATIONS: Mapping[str, Make] = {**NORMALIZATION, **PRODUCTS}
