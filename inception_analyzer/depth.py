"""How deep a network is: the layers on its longest path."""

from __future__ import annotations

from dataclasses import dataclass

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
        case Conv():
            return Depth(layers=0 if _first_half(here) else 1)
        case Linear():
            return Depth(layers=1)
        case Pool() | GlobalPool():
            return Depth(pools=1)
        case Branches() | Residual():
            return max(parts)
        case Aux():
            return Depth()
    return sum(parts, Depth())


def _first_half(here: Placed) -> bool:
    """Whether this is the depthwise half of a separable convolution, which counts as one layer with its 1x1."""
    node = here.node
    return isinstance(node, Conv) and node.groups == here.reads.channels > 1
