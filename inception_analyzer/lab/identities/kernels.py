"""What chains of small kernels compute beside one large kernel: composed, cut at the border, and fitted."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812

CHANNELS, WIDE, SIDE = 4, 16, 17

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
        "pixels": float(SIDE * SIDE),
        "relu": relative(gated, direct),
        "fit": fit_by_pair(single, dice),
        "wide-fit": fit_by_shifts(single),
        "freedom": freedom(*(_normal((3, 3), dice) for _ in range(2))),
    }


def row_and_column() -> Mapping[str, float]:
    """A random 3x3 beside the nearest 1x3 + 3x1 with one, two and three times its width between, and the way back."""
    dice = torch.Generator().manual_seed(0)
    images = _normal((1, WIDE, SIDE, SIDE), dice)
    whole = _normal((WIDE, WIDE, 3, 3), dice)
    direct = F.conv2d(images, whole, padding=1)
    fits = {f"width-{times}": relative(crossed(*split(whole, times * WIDE)), whole) for times in (1, 2, 3)}
    outer = _normal((3, 1), dice) @ _normal((1, 3), dice)
    single = outer[None, None]
    separable = relative(in_a_row(images[:, :1], *split(single, 1)), F.conv2d(images[:, :1], single, padding=1))
    row, column = _normal((WIDE, WIDE, 1, 3), dice), _normal((WIDE, WIDE, 3, 1), dice)
    back = F.conv2d(images, crossed(row, column), padding=1)
    shift = _normal((WIDE,), dice)
    # A bias between the two adds the same to every output, but for the taps of the column that fall on padding.
    moved = in_a_row(images, row, column, shift)
    shifted = back + (column.sum(dim=(2, 3)) @ shift)[None, :, None, None]
    inner = (..., slice(1, -1), slice(None))
    return fits | {
        "outputs": relative(in_a_row(images, *split(whole, 3 * WIDE)), direct),
        "separable": separable,
        "back": relative(in_a_row(images, row, column), back),
        "bias": relative(moved, shifted),
        "bias-interior": relative(moved[inner], shifted[inner]),
    }


def in_a_row(images: Tensor, row: Tensor, column: Tensor, shift: Tensor | None = None) -> Tensor:
    """A 1x3 and then a 3x1 with padding that keeps the grid."""
    return F.conv2d(F.conv2d(images, row, shift, padding=(0, 1)), column, padding=(1, 0))


def split(whole: Tensor, between: int) -> tuple[Tensor, Tensor]:
    """The nearest row and column of a kernel with so many maps between, by singular values."""
    out, into, height, width = whole.shape
    # Rows of the kernel belong to the column of the pair, its columns to the row: out and height on one side.
    matrix = whole.permute(0, 2, 1, 3).reshape(out * height, into * width)
    left, values, right = torch.linalg.svd(matrix, full_matrices=False)
    column = (left * values)[:, :between].reshape(out, height, -1).permute(0, 2, 1)[..., None]
    return right[:between].reshape(-1, into, 1, width), column


def crossed(row: Tensor, column: Tensor) -> Tensor:
    """The one square kernel that a row and then a column amount to."""
    return torch.einsum("omh,miw->oihw", column[..., 0], row[:, :, 0])


def freedom(first: Tensor, second: Tensor) -> float:
    """The directions in which the 5x5 of a pair moves as the pair's weights do: a factor may pass from one to the other."""
    return float(torch.linalg.matrix_rank(torch.cat([_sliding(second), _sliding(first)], dim=1)))


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


IDENTITIES = {"two-3x3": two_3x3, "row-column": row_and_column}
