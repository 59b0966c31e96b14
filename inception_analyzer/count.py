"""From a network to its count: every layer, the totals, and what could not be counted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import assert_never

from inception_analyzer.cost import Cost, own_cost, sum_of, total
from inception_analyzer.depth import depth_of
from inception_analyzer.errors import SpecError
from inception_analyzer.evidence import Count, Layer
from inception_analyzer.fit import place_or_explain
from inception_analyzer.kept import kept_by_path, kept_with_ends
from inception_analyzer.networks import NETWORKS
from inception_analyzer.networks import network as published
from inception_analyzer.place import Placed, place, places
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
    Pair,
    Pool,
    Residual,
    Sequence,
    Shape,
)


def count(network: Network, input: Shape | None = None) -> Count:
    """The count of a network over an image; heads that do not fit there become a doubt, not an error."""
    image = input or network.input
    placed, doubts = _placed_with_heads(network, image)
    main = without_heads(placed)
    kept_by = kept_by_path(main)
    return Count(
        network=network,
        input=image,
        cost=total(main),
        aux=None if doubts else _heads(placed),
        depth=depth_of(main),
        kept=sum(kept_by.values()),
        kept_aux=None if doubts else kept_with_ends(placed) - sum(kept_by.values()),
        layers=tuple(_layers(placed, in_head=False)),
        doubts=(*doubts, *_grown(network, main)),
        kept_at=tuple((path, kept_by.get(path, 0)) for path in dict.fromkeys(_paths(placed))),
    )


def _grown(network: Network, main: Placed) -> tuple[str, ...]:
    """A fully connected layer over a map of another size is another layer, with other weights."""
    own = published(network.name).input if network.name in NETWORKS else network.input
    if own == main.reads or _first_linear_reads(main) == _first_linear_reads(place(network, own)):
        return ()
    return (f"its fully connected layers fit this image, so it is another network than at {own.height}x{own.width}",)


def _first_linear_reads(main: Placed) -> int:
    return next((here.reads.size for here in places(main) if isinstance(here.node, Linear)), 0)


def without_heads(placed: Placed) -> Placed:
    """The network as it infers: the same places less its auxiliary heads."""
    return replace(placed, parts=tuple(part for part in placed.parts if not isinstance(part.node, Aux)))


def _placed_with_heads(network: Network, image: Shape) -> tuple[Placed, tuple[str, ...]]:
    """With the heads if they fit on the image, else without and a doubt."""
    try:
        return place(network, image, aux=True), ()
    except SpecError as error:
        return place_or_explain(network, image), (f"auxiliary heads not counted: {error.what}",)


def op_name(placed: Placed) -> str:
    """What a place does, in one word; empty for places that only hold others."""
    node = placed.node
    match node:
        case Conv():
            return "conv"
        case Linear():
            return "linear"
        case Pool(kind=kind):
            return f"{kind}pool"
        case GlobalPool():
            return "globalpool"
        case LocalNorm():
            return "norm"
        case Dropout():
            return "dropout"
        case Residual():
            return "sum"
        case Sequence() | Branches() | Aux() | Named():
            return ""
    assert_never(node)


def _heads(placed: Placed) -> Cost:
    return sum_of(total(step) for step in placed.parts if isinstance(step.node, Aux))


def _layers(placed: Placed, *, in_head: bool) -> Iterator[Layer]:
    """Parts before owners: a sum runs after what it adds."""
    inside = in_head or isinstance(placed.node, Aux)
    for part in placed.parts:
        yield from _layers(part, in_head=inside)
    if op := op_name(placed):
        kernel, stride, groups = _window(placed)
        yield Layer(placed.path, op, kernel, stride, groups, placed.reads, placed.writes, own_cost(placed), inside)


def _paths(placed: Placed) -> Iterator[str]:
    """Parts before owners."""
    for part in placed.parts:
        yield from _paths(part)
    yield placed.path


def _window(placed: Placed) -> tuple[Pair | None, Pair | None, int]:
    match placed.node:
        case Conv(kernel=kernel, stride=stride, groups=groups):
            return kernel, stride, groups
        case Pool(kernel=kernel, stride=stride):
            return kernel, stride, 1
    return None, None, 1
