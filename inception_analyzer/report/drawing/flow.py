"""A placed part as what flows through it: layers one after the other, ways side by side, and sums."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import assert_never

from inception_analyzer.cost import total
from inception_analyzer.place import Placed
from inception_analyzer.spec import (
    Aux,
    Branches,
    Conv,
    Dropout,
    GlobalPool,
    Linear,
    LocalNorm,
    Named,
    Pool,
    Residual,
    Shape,
)
from inception_analyzer.spec import Sequence as Row


@dataclass(frozen=True, slots=True)
class Layer:
    """One operation."""

    placed: Placed
    macs: int
    params: int


@dataclass(frozen=True, slots=True)
class Arm:
    """One of several ways from the same input, by the name that the paper's reader knows."""

    name: str
    flow: Flow
    writes: Shape


@dataclass(frozen=True, slots=True)
class Split:
    """Ways side by side, their outputs concatenated."""

    arms: tuple[Arm, ...]
    writes: Shape


@dataclass(frozen=True, slots=True)
class Sum:
    """A body added to what it read, or to what a shortcut makes of it."""

    body: Flow
    shortcut: Flow
    scale: float
    writes: Shape


Step = Layer | Split | Sum
Flow = tuple[Step, ...]


def flow_of(placed: Placed) -> Flow:
    """What happens in a place, in order; auxiliary heads hang beside the flow."""
    node = placed.node
    match node:
        case Conv() | Pool() | GlobalPool() | LocalNorm() | Dropout() | Linear():
            cost = total(placed)
            return (Layer(placed, cost.macs, cost.params),)
        case Row():
            return flow_through(placed.parts)
        case Branches():
            arms = tuple(Arm(part.path.rpartition(".")[2], flow_of(part), part.writes) for part in placed.parts)
            return (Split(arms, placed.writes),)
        case Residual(scale=scale):
            body, *shortcut = placed.parts
            return (Sum(flow_of(body), flow_through(shortcut), scale, placed.writes),)
        case Aux() | Named():
            return ()
    assert_never(node)


def flow_through(parts: Sequence[Placed]) -> Flow:
    """Several places in a row."""
    return tuple(step for part in parts for step in flow_of(part))


def layers_of(flow: Flow) -> Iterator[Layer]:
    """Every operation, in the order of execution."""
    for step in flow:
        match step:
            case Layer():
                yield step
            case Split(arms=arms):
                for arm in arms:
                    yield from layers_of(arm.flow)
            case Sum(body=body, shortcut=shortcut):
                yield from layers_of(body)
                yield from layers_of(shortcut)
            case _:
                assert_never(step)


def macs_of(flow: Flow) -> int:
    """The multiply-adds of everything in a flow."""
    return sum(layer.macs for layer in layers_of(flow))


def dearest_of(flow: Flow) -> int:
    """The multiply-adds of its most expensive layer."""
    return max((layer.macs for layer in layers_of(flow)), default=0)


def is_chain(flow: Flow) -> bool:
    """Whether there is but one way through."""
    return all(isinstance(step, Layer) for step in flow)


def writes_of(flow: Flow) -> Shape:
    """What leaves a flow that is not empty."""
    last = flow[-1]
    return last.placed.writes if isinstance(last, Layer) else last.writes
