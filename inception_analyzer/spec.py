"""What a network is: a closed set of frozen nodes. Every meaning of them is a function in another room."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Pair = tuple[int, int]
"""Vertical, then horizontal: `(1, 7)` is one row of seven taps."""

Pads = tuple[Pair, Pair]
"""Zeros ((above, below), (left, right))."""

Act = Literal["relu", "none"]
PoolKind = Literal["max", "avg"]

NO_PADS: Pads = ((0, 0), (0, 0))


@dataclass(frozen=True, slots=True)
class Shape:
    """What one image is at one place; a vector is 1x1."""

    channels: int
    height: int
    width: int

    @property
    def size(self) -> int:
        return self.channels * self.height * self.width

    @property
    def grid(self) -> Pair:
        return (self.height, self.width)

    def __str__(self) -> str:
        return f"{self.height}x{self.width}x{self.channels}"


@dataclass(frozen=True, slots=True)
class BatchNorm:
    """Normalisation with a gain and a shift per channel; `momentum` is the weight of the new batch."""

    eps: float = 1e-3
    momentum: float = 3e-4


@dataclass(frozen=True, slots=True)
class Conv:
    """A convolution with what always follows it: norm, then activation."""

    out: int
    kernel: Pair
    stride: Pair = (1, 1)
    padding: Pads = NO_PADS
    groups: int = 1
    bias: bool = False
    norm: BatchNorm | None = BatchNorm()
    act: Act = "relu"


@dataclass(frozen=True, slots=True)
class Pool:
    """The largest or the mean of each window; `ceil` keeps a last partial window, `count_pad` lets zeros into the mean."""

    kind: PoolKind
    kernel: Pair
    stride: Pair
    padding: Pair = (0, 0)
    ceil: bool = False
    count_pad: bool = False


@dataclass(frozen=True, slots=True)
class GlobalPool:
    """The mean of each channel over the whole grid."""


@dataclass(frozen=True, slots=True)
class LocalNorm:
    """Local response normalisation across `size` neighbouring channels (AlexNet 3.3)."""

    size: int = 5
    alpha: float = 1e-4
    beta: float = 0.75
    k: float = 1.0


@dataclass(frozen=True, slots=True)
class Dropout:
    """Zeroes this share of its input while training."""

    rate: float


@dataclass(frozen=True, slots=True)
class Linear:
    """A fully connected layer with bias over everything it reads."""

    out: int
    act: Act = "none"


@dataclass(frozen=True, slots=True)
class Sequence:
    """One step after the other."""

    steps: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Branches:
    """Arms over the same input, their outputs concatenated by channel in this order."""

    arms: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Residual:
    """`act(norm(shortcut(x) + scale * body(x)))`; without a shortcut, x itself is added."""

    body: Node
    shortcut: Node | None = None
    scale: float = 1.0
    norm: BatchNorm | None = None
    act: Act = "relu"


@dataclass(frozen=True, slots=True)
class Named:
    """A name that the paper gives to a part, and the kind of module it is there."""

    name: str
    body: Node
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Aux:
    """A classifier hung on the trunk while training; its loss counts `weight` times."""

    name: str
    head: Node
    weight: float


Leaf = Conv | Pool | GlobalPool | LocalNorm | Dropout | Linear
Node = Leaf | Sequence | Branches | Residual | Named | Aux


@dataclass(frozen=True, slots=True)
class Source:
    """Where a network is described."""

    paper: str
    section: str
    year: int


@dataclass(frozen=True, slots=True)
class Divergence:
    """One point on which paper and public code differ, and which of them this network follows."""

    where: str
    paper: str
    code: str
    follows: Literal["paper", "code", "both"]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How the paper trained the network; None where it does not say."""

    optimizer: Literal["sgd", "rmsprop"]
    momentum: float | None = 0.9
    decay: float | None = None
    epsilon: float | None = None
    learning_rate: float | None = None
    schedule: str = ""
    weight_decay: float | None = None
    label_smoothing: float = 0.0
    clip: float | None = None
    batch: int | None = None
    averaged: bool = False
    init_std: float | None = None  # deviation of the initial weights


@dataclass(frozen=True, slots=True, repr=False)
class Network:
    """A network of a paper: its trunk, the image it reads, where it comes from and how it was trained."""

    name: str
    title: str
    family: str
    input: Shape
    trunk: Sequence
    source: Source
    recipe: Recipe
    divergences: tuple[Divergence, ...] = ()
    expression: str = field(default="", compare=False)  # what the asker called it

    @property
    def label(self) -> str:
        """What to call it."""
        return self.expression or self.name

    def __repr__(self) -> str:
        return f"<Network {self.label}: {len(self.trunk.steps)} blocks over {self.input}>"
