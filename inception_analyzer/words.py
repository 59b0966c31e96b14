"""The words that papers' tables are written in; each normalises to the one true form of its node."""

from __future__ import annotations

from typing import Literal

from inception_analyzer.spec import (
    NO_PADS,
    Act,
    Aux,
    BatchNorm,
    Branches,
    Conv,
    Dropout,
    GlobalPool,
    Linear,
    LocalNorm,
    Named,
    Node,
    Pads,
    Pair,
    Pool,
    PoolKind,
    Residual,
    Sequence,
)

Padding = Literal["same", "valid"] | int | Pair | Pads

BN = BatchNorm()


def pair(value: int | Pair) -> Pair:
    """A square as its two sides."""
    return (value, value) if isinstance(value, int) else value


def same(kernel: Pair) -> Pads:
    """The zeros that keep the grid at stride 1; the odd one of an even kernel goes below and right."""
    down, across = ((k - 1) // 2 for k in kernel)
    return ((down, kernel[0] - 1 - down), (across, kernel[1] - 1 - across))


def pads(padding: Padding, kernel: Pair) -> Pads:
    """Padding in any of its spellings, as zeros on the four sides."""
    match padding:
        case "same":
            return same(kernel)
        case "valid":
            return NO_PADS
        case int():
            return ((padding, padding), (padding, padding))
        case (int() as down, int() as across):
            return ((down, down), (across, across))
        case (tuple() as vertical, tuple() as horizontal):
            return (vertical, horizontal)
    raise TypeError(f"padding is 'same', 'valid', a number or pairs of numbers, not {padding!r}")


def conv(
    out: int,
    kernel: int | Pair,
    stride: int | Pair = 1,
    padding: Padding = "same",
    *,
    groups: int = 1,
    bias: bool = False,
    norm: BatchNorm | None = BN,
    act: Act = "relu",
) -> Conv:
    """Convolution, batch norm, ReLU; the grid is kept at stride 1 unless padding says otherwise."""
    sides = pair(kernel)
    return Conv(out, sides, pair(stride), pads(padding, sides), groups, bias, norm, act)


def biased(
    out: int, kernel: int | Pair, stride: int | Pair = 1, padding: Padding = "same", *, groups: int = 1, act: Act = "relu"
) -> Conv:
    """Convolution with a bias and no norm, as before 2015 and at the end of a residual branch."""
    return conv(out, kernel, stride, padding, groups=groups, bias=True, norm=None, act=act)


def pool(
    kind: PoolKind,
    kernel: int | Pair,
    stride: int | Pair,
    padding: int | Pair = 0,
    *,
    ceil: bool = False,
    count_pad: bool = False,
) -> Pool:
    """A pool without padding unless asked."""
    return Pool(kind, pair(kernel), pair(stride), pair(padding), ceil, count_pad)


def maxpool(kernel: int | Pair, stride: int | Pair, padding: int | Pair = 0, *, ceil: bool = False) -> Pool:
    """The largest of each window."""
    return pool("max", kernel, stride, padding, ceil=ceil)


def avgpool(
    kernel: int | Pair, stride: int | Pair, padding: int | Pair = 0, *, ceil: bool = False, count_pad: bool = False
) -> Pool:
    """The mean of each window."""
    return pool("avg", kernel, stride, padding, ceil=ceil, count_pad=count_pad)


def globalpool() -> GlobalPool:
    """The mean of each channel."""
    return GlobalPool()


def localnorm(size: int = 5, alpha: float = 1e-4, beta: float = 0.75, k: float = 1.0) -> LocalNorm:
    """Local response normalisation."""
    return LocalNorm(size, alpha, beta, k)


def dropout(rate: float) -> Dropout:
    """Drop this share of the input while training (papers often print the share that is kept)."""
    return Dropout(rate)


def linear(out: int, *, act: Act = "none") -> Linear:
    """A fully connected layer."""
    return Linear(out, act)


def seq(*steps: Node) -> Node:
    """Steps in a row; rows inside are laid flat, and a row of one is its step."""
    flat: list[Node] = []
    for step in steps:
        flat.extend(step.steps if isinstance(step, Sequence) else (step,))
    return flat[0] if len(flat) == 1 else Sequence(tuple(flat))


def trunk(*steps: Node) -> Sequence:
    """A whole network from image to logits."""
    row = seq(*steps)
    return row if isinstance(row, Sequence) else Sequence((row,))


def branches(*arms: Node) -> Branches:
    """Arms in parallel, concatenated."""
    return Branches(arms)


def residual(
    body: Node,
    *,
    shortcut: Node | None = None,
    scale: float = 1.0,
    norm: BatchNorm | None = None,
    act: Act = "relu",
) -> Residual:
    """A body added to what it read."""
    return Residual(body, shortcut, scale, norm, act)


def named(name: str, *steps: Node, kind: str = "") -> Named:
    """Steps under a name of the paper; `kind` says which kind of module it is."""
    return Named(name, seq(*steps), kind)


def aux(name: str, *steps: Node, weight: float) -> Aux:
    """An auxiliary classifier and the weight of its loss."""
    return Aux(name, seq(*steps), weight)
