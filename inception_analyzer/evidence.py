"""What was seen, as types only: the one thing that passes between those who find out and those who judge or print."""

from __future__ import annotations

from dataclasses import dataclass

from inception_analyzer.cost import Cost
from inception_analyzer.depth import Depth
from inception_analyzer.spec import Network, Pair, Shape


@dataclass(frozen=True, slots=True)
class Layer:
    """One operation of a network, in the order of execution."""

    path: str
    op: str
    kernel: Pair | None
    stride: Pair | None
    groups: int
    reads: Shape
    writes: Shape
    cost: Cost
    aux: bool


@dataclass(frozen=True, slots=True)
class Count:
    """What a network costs for one image: the inference network, and its auxiliary heads apart.

    `kept` is what training without them keeps for its backward pass, `kept_at` every place's part of it. `aux` and
    `kept_aux`, what they add, are None where the heads do not fit on the input.
    """

    network: Network
    input: Shape
    cost: Cost
    aux: Cost | None
    depth: Depth
    kept: int
    kept_aux: int | None
    layers: tuple[Layer, ...]
    doubts: tuple[str, ...] = ()
    kept_at: tuple[tuple[str, int], ...] = ()  # every path in the order of execution, owners after their parts


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A place where two ways of counting differ."""

    path: str
    quantity: str
    hand: int
    other: int
    counter: str


@dataclass(frozen=True, slots=True)
class CrossCheck:
    """Three counters over one network: each total by each of them, and every place where they differ."""

    count: Count
    params_module: int
    forward_torch: int
    backward_torch: int
    forward_fvcore: int
    training_torch: int
    training_hand: int
    kept_torch: int
    disagreements: tuple[Disagreement, ...]
    uncounted: dict[str, dict[str, int]]  # calls without a formula, by counter
    uncalled: dict[str, tuple[str, ...]]  # modules that never ran, by counter

    @property
    def agree(self) -> bool:
        return not self.disagreements
