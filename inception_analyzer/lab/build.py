"""A spec as a torch module whose sub-modules are named by the spec's paths."""

from __future__ import annotations

from typing import Literal, assert_never

import torch
from torch import nn

from inception_analyzer.errors import SpecError
from inception_analyzer.lab import init as weights
from inception_analyzer.lab.modules import Concat, ConvUnit, LinearUnit, Net, Row, Sum, plain_module, pool_module
from inception_analyzer.place import Placed, place
from inception_analyzer.spec import (
    Aux,
    Branches,
    Conv,
    Dropout,
    GlobalPool,
    Linear,
    LocalNorm,
    Named,
    Network,
    Pool,
    Residual,
    Sequence,
    Shape,
)

Init = Literal["ordinary", "recipe"]

RESERVED = frozenset(dir(Net((), frozenset(), ends_in_logits=True))) | {"norm", "relu", "scale"}


def build(
    network: Network,
    *,
    aux: bool = False,
    device: str | torch.device = "cpu",
    input: Shape | None = None,
    init: Init = "ordinary",
    seed: int = 0,
) -> Net:
    """The network as a module on a device, in training mode as torch's own.

    `ordinary` weights are fit for timing and cost milliseconds; `recipe` starts training as the paper did.
    On `meta` nothing is filled.
    """
    place_on = torch.device(device)
    placed = place(network, input, aux=aux)
    steps = [step for step in placed.parts if not isinstance(step.node, Aux) or step.parts]
    heads = frozenset(step.path for step in steps if isinstance(step.node, Aux))
    ends = isinstance(placed.parts[-1].node, Linear)
    net = Net(_children(tuple(steps), "", place_on), heads, ends_in_logits=ends)
    if place_on.type != "meta":
        if init == "ordinary":
            weights.fill(net, seed)
        else:
            weights.fill_as_trained(net, network, seed)
    return net


def image_batch(
    network: Network, batch: int, *, device: str | torch.device = "cpu", input: Shape | None = None
) -> torch.Tensor:
    """Images of the network's size; on `meta` they have no numbers."""
    shape = input or network.input
    size = (batch, shape.channels, shape.height, shape.width)
    if torch.device(device).type == "meta":
        return torch.empty(size, device="meta")
    return torch.randn(size, generator=torch.Generator().manual_seed(0)).to(device)


def _module(placed: Placed, device: torch.device) -> nn.Module:
    node = placed.node
    match node:
        case Conv():
            return ConvUnit(node, placed.reads, device)
        case Linear():
            return LinearUnit(node, placed.reads, device)
        case Pool():
            return pool_module(node)
        case GlobalPool() | LocalNorm() | Dropout():
            return plain_module(node)
        case Sequence():
            return Row(_children(placed.parts, placed.path, device))
        case Branches():
            return Concat(_children(placed.parts, placed.path, device))
        case Residual():
            body, *shortcut = (_module(part, device) for part in placed.parts)
            return Sum(node, body, shortcut[0] if shortcut else None, placed.writes.channels, device)
        case Aux():
            return _module(placed.parts[0], device)
        case Named():
            raise AssertionError("a place holds what is named, not the name")
    assert_never(node)


def _children(parts: tuple[Placed, ...], path: str, device: torch.device) -> list[tuple[str, nn.Module]]:
    children = []
    for part in parts:
        name = part.path.removeprefix(f"{path}.") if path else part.path
        if name in RESERVED:
            raise SpecError(part.path, f"{name!r} means something else on a torch module; give the part another name")
        children.append((name, _module(part, device)))
    return children
