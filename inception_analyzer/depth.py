"""How deep a network is: the layers on its longest path."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from inception_analyzer.place import Placed, fold
from inception_analyzer.spec import Aux, Branches, Conv, GlobalPool, Linear, Pool, Residual


@dataclass(frozen=True, slots=True, order=True)
class Depth:
    """Layers with weights on the longest path, and the pools on that path (GoogLeNet section 5: 22, and 27 with pools)."""

    layers: int = 0
    pools: int = 0

    def __add__(self, other: Depth) -> Depth:
        return Depth(self.layers + other.layers, self.pools + other.pools)


def depth_of(placed: Placed) -> Depth:
    """The longest path through a place; auxiliary heads are not on it."""
    return fold(placed, _depth)


def _depth(here: Placed, parts: tuple[Depth, ...]) -> Depth:
    match here.node:
        case Conv() | Linear():
            return Depth(layers=1)
        case Pool() | GlobalPool():
            return Depth(pools=1)
        case Branches() | Residual():
            return max(parts)
        case Aux():
            return Depth()
    return sum(parts, Depth(layers=-_separable(here)))


def _separable(row: Placed) -> int:
    """The separable convolutions of a row: a depthwise one and the 1x1 behind it count as one layer."""
    return sum(1 for one, other in pairwise(row.parts) if _is_depthwise(one) and _is_1x1(other))


def _is_depthwise(here: Placed) -> bool:
    return isinstance(here.node, Conv) and here.node.groups == here.reads.channels > 1


def _is_1x1(here: Placed) -> bool:
    return isinstance(here.node, Conv) and here.node.kernel == (1, 1) and here.node.groups == 1
