"""Numbers for the weights: ordinary ones at once, or those that the recipe starts training from."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from inception_analyzer.lab.modules import ConvUnit, LinearUnit, Net
from inception_analyzer.spec import Network

# A prime count, so that a filter never repeats at the period of its neighbours.
STOCK = 1_048_573

# Below torch's grain of 32,768 elements no threads are woken, which cost more than they do on a machine that is shared.
PIECE = 32_767

# TF-slim's deviations in auxiliary heads (inception_v3.py): the wide convolution and the logits start small.
HEAD_WIDE, HEAD_LOGITS = 0.01, 0.001


def fill(net: nn.Module, seed: int = 0) -> None:
    """Normal numbers scaled by He's rule, cut from one stock instead of drawn: finite, no denormals, in milliseconds.

    The last layer of a residual branch starts at a quarter, so that sums do not grow with depth in eval mode.
    """
    stock = torch.randn(STOCK, generator=torch.Generator().manual_seed(seed)).clamp_(-2, 2)
    used = 0
    stock = stock.to(next((weight.device for weight in net.parameters()), torch.device("cpu")))
    with torch.no_grad():
        for layer in net.modules():
            if isinstance(layer, (ConvUnit, LinearUnit)):
                used = _cut(layer.weight, stock, used, _he(layer) * _gain(layer))
                if layer.bias is not None:
                    layer.bias.zero_()


def fill_as_trained(net: Net, network: Network, seed: int = 0) -> None:
    """The initial weights of the recipe: truncated normal numbers of its deviation, or He's where it names none."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for path, layer in net.named_modules():
            if isinstance(layer, (ConvUnit, LinearUnit)):
                deviation = network.recipe.init_std or _he(layer)
                if path.partition(".")[0] in net.heads and network.recipe.init_std:
                    deviation = _in_head(layer, deviation)
                nn.init.trunc_normal_(layer.weight, 0.0, deviation, -2 * deviation, 2 * deviation, generator=generator)
                if layer.bias is not None:
                    layer.bias.zero_()


def _he(layer: ConvUnit | LinearUnit) -> float:
    return math.sqrt(2.0 / layer.weight[0].numel())


def _gain(layer: ConvUnit | LinearUnit) -> float:
    return 1.0 if layer.relu or isinstance(layer, LinearUnit) else 0.25


def _in_head(layer: ConvUnit | LinearUnit, deviation: float) -> float:
    if isinstance(layer, LinearUnit):
        return HEAD_LOGITS
    return HEAD_WIDE if layer.kernel_size != (1, 1) else deviation


def _cut(weight: Tensor, stock: Tensor, used: int, deviation: float) -> int:
    """Fill a weight from the stock, starting where the last one stopped; says where this one stopped."""
    flat = weight.view(-1)
    done = 0
    while done < flat.numel():
        piece = stock[used : used + min(PIECE, flat.numel() - done)]
        torch.mul(piece, deviation, out=flat[done : done + piece.numel()])
        done += piece.numel()
        used = (used + piece.numel()) % STOCK
    return used
