"""What a row beside a column computes, next to a whole 3x3 and to the same two in a row."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812

from inception_analyzer.lab.identities.kernels import relative

CHANNELS, SIDE = 8, 8


def spread() -> Mapping[str, float]:
    """1x3 | 3x1 as one 3x3 of twice the width, and the nearest to a 1x3 before a 3x1 that such a pair can come."""
    dice = torch.Generator().manual_seed(0)
    images = torch.randn((4, CHANNELS, SIDE, SIDE), generator=dice, dtype=torch.float64)
    row, column = (torch.randn((CHANNELS, CHANNELS, 3), generator=dice, dtype=torch.float64) for _ in range(2))
    chained = F.conv2d(F.conv2d(images, row[:, :, None, :], padding=(0, 1)), column[:, :, :, None], padding=(1, 0))
    square = torch.einsum("omy,mix->oiyx", column, row)
    return {
        "embedded": relative(
            _beside(images, row, column), F.conv2d(images, torch.cat((_lying(row), _standing(column))), padding=1)
        ),
        "chained": relative(chained, F.conv2d(images, square, padding=1)),
        "nearest": relative(F.conv2d(images, _nearest(square), padding=1), chained),
    }


def _beside(images: Tensor, row: Tensor, column: Tensor) -> Tensor:
    """Both arms over the same images."""
    arms = (F.conv2d(images, row[:, :, None, :], padding=(0, 1)), F.conv2d(images, column[:, :, :, None], padding=(1, 0)))
    return torch.cat(arms, dim=1)


def _lying(row: Tensor) -> Tensor:
    """A row as a 3x3 with nothing above and below it."""
    return F.pad(row[:, :, None, :], (0, 0, 1, 1))


def _standing(column: Tensor) -> Tensor:
    return F.pad(column[:, :, :, None], (1, 1, 0, 0))


def _nearest(square: Tensor) -> Tensor:
    """For every output the row or the column of its 3x3, whichever holds more of it: on white images nothing lies nearer."""
    lying, standing = _lying(square[:, :, 1, :]), _standing(square[:, :, :, 1])
    larger = lying.flatten(1).norm(dim=1) > standing.flatten(1).norm(dim=1)
    return torch.where(larger[:, None, None, None], lying, standing)


IDENTITIES = {"spread": spread}
