"""What chains of small kernels compute beside one large kernel: composed, cut at the border, and fitted."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812

CHANNELS, SIDE = 4, 17

# Alternating least squares ends in the nearest pair of its neighbourhood, so it begins anew from several places.
STARTS, STEPS = 20, 30


def two_3x3() -> Mapping[str, float]:
    """A random pair of 3x3 beside the 5x5 that it composes to, and a random 5x5 beside the best pair."""
    dice = torch.Generator().manual_seed(0)
    first, second = (_normal((CHANNELS, CHANNELS, 3, 3), dice) for _ in range(2))
    images = _normal((1, CHANNELS, SIDE, SIDE), dice)
    both = composed(first, second)
    padded, direct = F.conv2d(F.conv2d(images, first, padding=1), second, padding=1), F.conv2d(images, both, padding=2)
    gated = F.conv2d(F.conv2d(images, first, padding=1).relu(), second, padding=1)
    inner = (..., slice(1, -1), slice(1, -1))
    single = _normal((5, 5), dice)
    return {
        "valid": relative(F.conv2d(F.conv2d(images, first), second), F.conv2d(images, both)),
        "interior": relative(padded[inner], direct[inner]),
        "ring": relative(padded, direct),
        "ring-pixels": float((~torch.isclose(padded, direct)).any(dim=1).sum()),
        "relu": relative(gated, direct),
        "fit": fit_by_pair(single, dice),
        "wide-fit": fit_by_shifts(single),
    }


def composed(first: Tensor, second: Tensor) -> Tensor:
    """The one kernel that a linear pair without anything between amounts to."""
    # A kernel is slid over another as over an image: correlation with it turned is their convolution.
    side = second.shape[-1] - 1
    return F.conv2d(first.transpose(0, 1), second.flip(-1, -2), padding=side).transpose(0, 1)


def fit_by_pair(kernel: Tensor, dice: torch.Generator) -> float:
    """How far one 5x5 is from the nearest pair of 3x3 with one map between, by alternating least squares."""
    best = float("inf")
    for _ in range(STARTS):
        second = _normal((3, 3), dice)
        for _ in range(STEPS):
            first = _solved(second, kernel)
            second = _solved(first, kernel)
        best = min(best, relative(_full(first, second), kernel))
    return best


def fit_by_shifts(kernel: Tensor) -> float:
    """The same with nine maps between, each the input shifted by one of the nine places of a 3x3."""
    shifts = torch.eye(9, dtype=torch.float64).reshape(9, 3, 3)
    matrix = torch.cat([_sliding(shift) for shift in shifts], dim=1)
    weights = torch.linalg.lstsq(matrix, kernel.reshape(-1, 1), driver="gelsd").solution
    return relative((matrix @ weights).reshape(5, 5), kernel)


def relative(found: Tensor, wanted: Tensor) -> float:
    """The norm of the difference over that of what is wanted."""
    return float((found - wanted).norm() / wanted.norm())


def _solved(known: Tensor, kernel: Tensor) -> Tensor:
    solved: Tensor = torch.linalg.lstsq(_sliding(known), kernel.reshape(-1, 1)).solution
    return solved.reshape(3, 3)


def _sliding(known: Tensor) -> Tensor:
    """The matrix that takes a 3x3 to its convolution with a known one."""
    units = torch.eye(9, dtype=torch.float64).reshape(9, 3, 3)
    return torch.stack([_full(known, unit).reshape(-1) for unit in units], dim=1)


def _full(first: Tensor, second: Tensor) -> Tensor:
    return composed(first[None, None], second[None, None])[0, 0]


def _normal(size: tuple[int, ...], dice: torch.Generator) -> Tensor:
    return torch.randn(size, generator=dice, dtype=torch.float64)


IDENTITIES = {"two-3x3": two_3x3}
