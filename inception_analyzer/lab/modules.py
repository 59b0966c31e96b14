"""The layers of the house as torch modules: each at the path of its place, so that times and counts join on names."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812  (torch's own custom)

from inception_analyzer.spec import Conv, Dropout, GlobalPool, Linear, LocalNorm, Pool, Residual, Shape

Children = Iterable[tuple[str, nn.Module]]


class Outputs(NamedTuple):
    """What a network with auxiliary heads gives in training."""

    logits: Tensor
    aux: tuple[Tensor, ...]


class ConvUnit(nn.Conv2d):
    """A convolution that is followed by its norm and its activation; weights are filled by the builder."""

    def __init__(self, node: Conv, reads: Shape, device: torch.device) -> None:
        (above, below), (left, right) = node.padding
        even = above == below and left == right
        super().__init__(
            reads.channels,
            node.out,
            node.kernel,
            node.stride,
            (above, left) if even else (0, 0),
            groups=node.groups,
            bias=node.bias,
            device=device,
        )
        self.uneven = None if even else (left, right, above, below)
        self.relu = node.act == "relu"
        self.norm = None
        if node.norm is not None:
            self.norm = nn.BatchNorm2d(node.out, node.norm.eps, node.norm.momentum, device=device)

    def reset_parameters(self) -> None:
        """Nothing: drawing numbers that are overwritten would double the time to build."""

    def forward(self, input: Tensor) -> Tensor:
        out = super().forward(input if self.uneven is None else F.pad(input, self.uneven))
        if self.norm is not None:
            out = self.norm(out)
        return F.relu_(out) if self.relu else out


class LinearUnit(nn.Linear):
    """A fully connected layer over everything it reads; its output stays a 1x1 map."""

    def __init__(self, node: Linear, reads: Shape, device: torch.device) -> None:
        super().__init__(reads.size, node.out, device=device)
        self.relu = node.act == "relu"

    def reset_parameters(self) -> None:
        """Nothing, as in a convolution."""

    def forward(self, input: Tensor) -> Tensor:
        out = super().forward(input.flatten(1))
        return (F.relu_(out) if self.relu else out)[:, :, None, None]


class GlobalMean(nn.Module):
    """The mean of each channel."""

    def forward(self, x: Tensor) -> Tensor:
        return x.mean((2, 3), keepdim=True)


class Row(nn.Sequential):
    """Steps one after the other, under the names of their places."""

    def __init__(self, steps: Children) -> None:
        super().__init__()
        for name, step in steps:
            self.add_module(name, step)


class Concat(Row):
    """Arms over one input, concatenated by channel."""

    def forward(self, input: Tensor) -> Tensor:
        return torch.cat([arm(input) for arm in self], 1)


class Sum(nn.Module):
    """A body, scaled and added to what it read or to a shortcut of it."""

    def __init__(self, node: Residual, body: nn.Module, shortcut: nn.Module | None, width: int, device: torch.device) -> None:
        super().__init__()
        self.body = body
        self.shortcut = shortcut
        self.scale = node.scale
        self.relu = node.act == "relu"
        self.norm = None
        if node.norm is not None:
            self.norm = nn.BatchNorm2d(width, node.norm.eps, node.norm.momentum, device=device)

    def forward(self, x: Tensor) -> Tensor:
        body = self.body(x)
        other = x if self.shortcut is None else self.shortcut(x)
        out = torch.add(other, body, alpha=self.scale)
        if self.norm is not None:
            out = self.norm(out)
        return F.relu_(out) if self.relu else out


class Net(Row):
    """A whole network: logits in eval mode; logits and auxiliary logits in training if it was built with its heads."""

    def __init__(self, steps: Children, heads: frozenset[str], *, ends_in_logits: bool) -> None:
        super().__init__(steps)
        self.heads = heads
        self.ends_in_logits = ends_in_logits

    def forward(self, input: Tensor) -> Tensor | Outputs:  # type: ignore[override]  # a Sequential gives one tensor
        aux: list[Tensor] = []
        x = input
        for name, step in self._modules.items():
            assert step is not None
            if name in self.heads:
                if self.training:
                    aux.append(step(x).flatten(1))
                continue
            x = step(x)
        logits = x.flatten(1) if self.ends_in_logits else x
        return Outputs(logits, tuple(aux)) if self.heads and self.training else logits


def pool_module(node: Pool) -> nn.Module:
    """A pool with the border rules of its node."""
    if node.kind == "max":
        return nn.MaxPool2d(node.kernel, node.stride, node.padding, ceil_mode=node.ceil)
    return nn.AvgPool2d(node.kernel, node.stride, node.padding, ceil_mode=node.ceil, count_include_pad=node.count_pad)


def plain_module(node: GlobalPool | LocalNorm | Dropout) -> nn.Module:
    """The layers without weights or windows."""
    match node:
        case GlobalPool():
            return GlobalMean()
        case LocalNorm(size=size, alpha=alpha, beta=beta, k=k):
            return nn.LocalResponseNorm(size, alpha, beta, k)
        case Dropout(rate=rate):
            return nn.Dropout(rate)
