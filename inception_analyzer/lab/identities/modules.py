"""What a module's parts compute: padding beside torch's own, three kernels as one, and a pool before and after its 1x1."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812

from inception_analyzer.lab.identities.kernels import relative
from inception_analyzer.networks.googlenet import MODULES

# Module 3a at an eighth of its width on a quarter of its grid; kernels do not depend on either.
NARROWED, GRID = 8, 14
READS = 192 // NARROWED


def padding() -> Mapping[str, float]:
    """Rows that a 3x3 writes of 35, and how far stride 2 is from Keras, which puts an odd zero below and right."""
    dice = torch.Generator().manual_seed(0)
    kernel = _normal((1, 1, 3, 3), dice)
    rows = _normal((1, 1, 35, 35), dice)
    figures = {
        "plain": F.conv2d(rows, kernel, padding=1).shape[-1],
        "stride-2": F.conv2d(rows, kernel, stride=2, padding=1).shape[-1],
        "dilated": F.conv2d(rows, kernel, padding=1, dilation=2).shape[-1],
    }
    errors = {f"keras.{grid}": _beside_keras(_normal((1, 1, grid, grid), dice), kernel) for grid in (35, 28, 17, 8)}
    return figures | errors


def _beside_keras(image: Tensor, kernel: Tensor) -> float:
    """A 3x3/2 with one zero on each side beside the fewest zeros that give as many windows, the odd one behind."""
    side = image.shape[-1]
    zeros = max((-(-side // 2) - 1) * 2 + 3 - side, 0)
    before, after = zeros // 2, zeros - zeros // 2
    keras = F.conv2d(F.pad(image, (before, after, before, after)), kernel, stride=2)
    return relative(F.conv2d(image, kernel, stride=2, padding=1), keras)


def one_sparse_5x5() -> Mapping[str, float]:
    """The kernels of 3a side by side and as one 5x5 with zeros around the smaller ones."""
    dice = torch.Generator().manual_seed(0)
    ones, _, threes, _, fives, _ = MODULES["3a"]
    kernels = [_normal((out // NARROWED, READS, k, k), dice) for out, k in ((ones, 1), (threes, 3), (fives, 5))]
    images = _normal((1, READS, GRID, GRID), dice)
    branches = torch.cat([F.conv2d(images, one, padding=one.shape[-1] // 2) for one in kernels], 1)
    embedded = torch.cat([F.pad(one, [(5 - one.shape[-1]) // 2] * 4) for one in kernels])
    return {"error": relative(F.conv2d(images, embedded, padding=2), branches)}


def pool_order() -> Mapping[str, float]:
    """The pool branch of 3a with its 1x1 before the pool beside the published order."""
    dice = torch.Generator().manual_seed(0)
    weights = _normal((MODULES["3a"][-1] // NARROWED, READS, 1, 1), dice)
    images = _normal((1, READS, GRID, GRID), dice)

    def project(maps: Tensor) -> Tensor:
        return F.conv2d(maps, weights)

    def mean(maps: Tensor) -> Tensor:
        return F.avg_pool2d(maps, 3, 1, 1, count_include_pad=False)

    def highest(maps: Tensor) -> Tensor:
        return F.max_pool2d(maps, 3, 1, 1)

    return {
        "max": relative(highest(project(images)), project(highest(images))),
        "average": relative(mean(project(images)), project(mean(images))),
        "average-relu": relative(mean(project(images).relu()), project(mean(images)).relu()),
    }


def _normal(size: tuple[int, ...], dice: torch.Generator) -> Tensor:
    return torch.randn(size, generator=dice, dtype=torch.float64)


IDENTITIES = {"padding": padding, "one-sparse-5x5": one_sparse_5x5, "pool-order": pool_order}
