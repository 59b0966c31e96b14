"""What a scale before the sum does to residual blocks: folded, stepped, and what sums grow to before any training."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812

from inception_analyzer.lab.build import build
from inception_analyzer.lab.identities.kernels import relative
from inception_analyzer.lab.modules import ConvUnit, Net, Sum
from inception_analyzer.networks.inception_resnet import SCALE_A, block_a, block_c
from inception_analyzer.passes import rewrite
from inception_analyzer.spec import Named, Network, Recipe, Shape, Source
from inception_analyzer.words import trunk

BATCH, SIDE, BLOCKS = 4, 5, 20
NARROW, WIDE = 256, 1792  # what IR-v1 sums on its largest and on its smallest grid
RATE = 0.045


def residual_scaling() -> Mapping[str, float]:
    """Growth of the mean square over a stack of A blocks of IR-v1, and two ways to write the same block."""
    normed = {scale: _squares(_a, BLOCKS, NARROW, f"residual-scale={scale}") for scale in ("1", "0.3", "0.1")}
    bare = {scale: _squares(_a, BLOCKS, NARROW, f"residual-scale={scale}", "without-bn") for scale in ("1", "0.1")}
    alone = {
        "narrow": _squares(_a, 1, NARROW, "residual-scale=1"),
        "wide": _squares(_c, 1, WIDE, "residual-scale=1"),
    }
    return {
        "fold": fold(),
        "step": step(),
        **{f"growth.{scale}": (after - before) / BLOCKS for scale, (before, after) in normed.items()},
        **{f"normed.{scale}": (after / before) ** 0.5 for scale, (before, after) in normed.items()},
        **{f"bare.{scale}": (after / before) ** 0.5 for scale, (before, after) in bare.items()},
        **{f"block.{width}": after - before for width, (before, after) in alone.items()},
    }


def fold() -> float:
    """A scaled block beside the same block with the scale in the weights and the bias of its expansion."""
    dice = torch.Generator().manual_seed(0)
    block = stacked(_a, 1, NARROW, dice).eval()
    (scaled,) = (module for module in block.modules() if isinstance(module, Sum))
    expand = [module for module in scaled.modules() if isinstance(module, ConvUnit)][-1]
    images = _images(NARROW, dice)
    with torch.no_grad():
        assert expand.bias is not None
        expand.bias.normal_(generator=dice)
        wanted = block(images)
        for weight in expand.parameters():
            weight.mul_(scaled.scale)
        scaled.scale = 1.0
        return relative(block(images), wanted)


def step() -> float:
    """One step of SGD on W behind a scale, at one rate, beside one on the scaled W at that rate times its square."""
    dice = torch.Generator().manual_seed(0)
    inputs, wanted = (torch.randn(BATCH, width, generator=dice, dtype=torch.float64) for width in (32, 16))
    weight = torch.randn(16, 32, generator=dice, dtype=torch.float64)
    behind = _stepped(weight, RATE, lambda one: F.mse_loss(SCALE_A * F.linear(inputs, one), wanted))
    folded = _stepped(SCALE_A * weight, RATE * SCALE_A**2, lambda one: F.mse_loss(F.linear(inputs, one), wanted))
    return relative(folded, SCALE_A * behind)


def _stepped(weight: Tensor, rate: float, loss: Callable[[Tensor], Tensor]) -> Tensor:
    leaf = weight.clone().requires_grad_()
    (slope,) = torch.autograd.grad(loss(leaf), leaf)
    return weight - rate * slope


def stacked(block: Callable[[int], Named], blocks: int, width: int, dice: torch.Generator, *passes: str) -> Net:
    """Blocks in a row as a module in training mode, with He's weights in float64."""
    layers = trunk(*(block(number) for number in range(blocks)))
    network = Network("stack", "stack", "ref", Shape(width, SIDE, SIDE), layers, Source("", "", 0), Recipe("sgd"))
    net = build(rewrite(network, passes).network if passes else network, device="meta").train().double().to_empty(device="cpu")
    with torch.no_grad():
        for layer in net.modules():
            if isinstance(layer, ConvUnit):
                layer.weight.normal_(0.0, (2 / layer.weight[0].numel()) ** 0.5, generator=dice)
                if layer.bias is not None:
                    layer.bias.zero_()
                if layer.norm is not None:
                    layer.norm.reset_parameters()
    return net


def _squares(block: Callable[[int], Named], blocks: int, width: int, *passes: str) -> tuple[float, float]:
    """The mean square before a stack and after it."""
    dice = torch.Generator().manual_seed(0)
    net, images = stacked(block, blocks, width, dice, *passes), _images(width, dice)
    with torch.no_grad():
        out = net(images)
    return float(images.square().mean()), float(out.square().mean())


def _images(width: int, dice: torch.Generator) -> Tensor:
    return torch.randn(BATCH, width, SIDE, SIDE, generator=dice, dtype=torch.float64).relu()


def _a(number: int) -> Named:
    return block_a(f"block{number}", NARROW, 32, 32)


def _c(number: int) -> Named:
    return block_c(f"block{number}", WIDE, 192, 192)


IDENTITIES = {"residual-scaling": residual_scaling}
