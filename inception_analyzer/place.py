"""The only shape arithmetic of the house: a spec over an image becomes a tree of places."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar, assert_never

from inception_analyzer.errors import SpecError
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
    Node,
    Pool,
    Residual,
    Sequence,
    Shape,
)
from inception_analyzer.tree import join, numbered

T = TypeVar("T")

NAME = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class Placed:
    """A node at its place: where it is, what it reads and writes, and its parts in order of execution.

    `fed` says that something with parameters lies before it, so that training sends a gradient to what it reads.
    """

    node: Node
    path: str
    reads: Shape
    writes: Shape
    parts: tuple[Placed, ...] = ()
    fed: bool = False
    kind: str = ""


def place(network: Network, image: Shape | None = None, *, aux: bool = False) -> Placed:
    """The network over an image; auxiliary heads are placed only when asked for."""
    return place_node(network.trunk, image or network.input, aux=aux)


def place_node(node: Node, reads: Shape, path: str = "", *, fed: bool = False, aux: bool = False) -> Placed:
    """One node over what it reads."""
    match node:
        case Conv():
            return Placed(node, path, reads, _conv_writes(node, reads, path), fed=fed)
        case Pool():
            return Placed(node, path, reads, _pool_writes(node, reads, path), fed=fed)
        case GlobalPool():
            return Placed(node, path, reads, Shape(reads.channels, 1, 1), fed=fed)
        case Linear(out=out):
            _must(out > 0, path, f"a linear layer needs at least one output, not {out}")
            return Placed(node, path, reads, Shape(out, 1, 1), fed=fed)
        case LocalNorm(size=size):
            _must(size > 0, path, f"a local norm spans at least one channel, not {size}")
            return Placed(node, path, reads, reads, fed=fed)
        case Dropout(rate=rate):
            _must(0 < rate < 1, path, f"dropout zeroes a share between 0 and 1, not {rate}")
            return Placed(node, path, reads, reads, fed=fed)
        case Sequence():
            return _place_sequence(node, reads, path, fed, aux)
        case Branches():
            return _place_branches(node, reads, path, fed)
        case Residual():
            return _place_residual(node, reads, path, fed)
        case Named(body=body, kind=kind):
            placed = place_node(_no_aux(body, path), reads, path, fed=fed)
            return Placed(placed.node, path, reads, placed.writes, placed.parts, fed, kind or placed.kind)
        case Aux(head=head):
            heads = (place_node(_no_aux(head, path), reads, path, fed=fed),) if aux else ()
            return Placed(node, path, reads, reads, heads, fed)
    assert_never(node)


def fold(placed: Placed, combine: Callable[[Placed, tuple[T, ...]], T]) -> T:
    """One value for the whole from the values of its parts."""
    return combine(placed, tuple(fold(part, combine) for part in placed.parts))


def places(placed: Placed) -> Iterator[Placed]:
    """A place and every place in it, owners first."""
    yield placed
    for part in placed.parts:
        yield from places(part)


def trains(placed: Placed) -> bool:
    """Whether a gradient must flow back from here: something here or before has parameters."""
    if placed.fed or isinstance(placed.node, (Conv, Linear)):
        return True
    if isinstance(placed.node, Residual) and placed.node.norm is not None:
        return True
    return not isinstance(placed.node, Aux) and any(trains(part) for part in placed.parts)


def _place_sequence(node: Sequence, reads: Shape, path: str, fed: bool, aux: bool) -> Placed:
    _must(bool(node.steps), path, "a sequence needs at least one step")
    late = node.steps[-1]
    hanging = "an auxiliary head hangs before a step of the trunk, not after the last"
    _must(path != "" or not isinstance(late, Aux), late.name if isinstance(late, Aux) else "", hanging)
    placed: list[Placed] = []
    shape, reached = reads, fed
    for name, step in _distinct(node.steps, path):
        _must(path == "" or not isinstance(step, Aux), join(path, name), "an auxiliary head hangs on the trunk only")
        placed.append(place_node(step, shape, join(path, name), fed=reached, aux=aux))
        shape, reached = placed[-1].writes, reached or trains(placed[-1])
    return Placed(node, path, reads, shape, tuple(placed), fed)


def _place_branches(node: Branches, reads: Shape, path: str, fed: bool) -> Placed:
    _must(len(node.arms) > 1, path, f"branches need at least two arms, not {len(node.arms)}")
    arms = tuple(place_node(_no_aux(arm, path), reads, join(path, name), fed=fed) for name, arm in _distinct(node.arms, path))
    grids = {arm.writes.grid for arm in arms}
    if len(grids) > 1:
        found = ", ".join(f"{arm.path.rpartition('.')[2]} writes {arm.writes}" for arm in arms)
        raise SpecError(path, f"arms must end on one grid to be concatenated, but {found}")
    height, width = arms[0].writes.grid
    return Placed(node, path, reads, Shape(sum(arm.writes.channels for arm in arms), height, width), arms, fed)


def _place_residual(node: Residual, reads: Shape, path: str, fed: bool) -> Placed:
    body = place_node(_no_aux(node.body, path), reads, join(path, "body"), fed=fed)
    placed: tuple[Placed, ...] = (body,)
    if node.shortcut is not None:
        placed = (body, place_node(_no_aux(node.shortcut, path), reads, join(path, "shortcut"), fed=fed))
    other = placed[1].writes if node.shortcut is not None else reads
    if body.writes != other:
        meant = "its shortcut writes" if node.shortcut is not None else "it reads"
        raise SpecError(path, f"a residual body must write what {meant}, {other}, but writes {body.writes}")
    return Placed(node, path, reads, body.writes, placed, fed)


def _conv_writes(node: Conv, reads: Shape, path: str) -> Shape:
    _must(node.out > 0, path, f"a convolution needs at least one output channel, not {node.out}")
    divides = node.groups > 0 and reads.channels % node.groups == 0 and node.out % node.groups == 0
    _must(divides, path, f"{node.groups} groups must divide {reads.channels} channels in and {node.out} out")
    _must_step(node, path)
    _must(min(*node.padding[0], *node.padding[1]) >= 0, path, f"padding cannot be negative: {node.padding}")
    height, width = (
        _windows(size, k, s, sum(p), False)
        for size, k, s, p in zip(reads.grid, node.kernel, node.stride, node.padding, strict=True)
    )
    return _grid(node, Shape(node.out, height, width), reads, path)


def _pool_writes(node: Pool, reads: Shape, path: str) -> Shape:
    _must_step(node, path)
    _must(not (node.kind == "max" and node.count_pad), path, "zeros never count in a max pool, so count_pad says nothing there")
    fits = all(0 <= 2 * p <= k for p, k in zip(node.padding, node.kernel, strict=True))
    _must(fits, path, f"a pool pads at most half its window {node.kernel}, not {node.padding}")
    height, width = (
        _pool_windows(size, k, s, p, node.ceil)
        for size, k, s, p in zip(reads.grid, node.kernel, node.stride, node.padding, strict=True)
    )
    return _grid(node, Shape(reads.channels, height, width), reads, path)


def _windows(size: int, kernel: int, stride: int, pads: int, ceil: bool) -> int:
    room = size + pads - kernel
    if ceil:
        return -(-room // stride) + 1
    return room // stride + 1 if room >= 0 else 0


def _pool_windows(size: int, kernel: int, stride: int, pad: int, ceil: bool) -> int:
    windows = _windows(size, kernel, stride, 2 * pad, ceil)
    # A partial window must begin inside the map or its leading zeros (Caffe's rule, and PyTorch's).
    return windows - 1 if ceil and (windows - 1) * stride >= size + pad else windows


def _grid(node: Conv | Pool, writes: Shape, reads: Shape, path: str) -> Shape:
    if min(writes.grid) < 1:
        kernel = "x".join(map(str, node.kernel))
        raise SpecError(path, f"a {kernel} window does not fit on a grid of {reads.height}x{reads.width}")
    return writes


def _must_step(node: Conv | Pool, path: str) -> None:
    _must(min(*node.kernel, *node.stride) > 0, path, f"kernel {node.kernel} and stride {node.stride} must be positive")


def _must(true: bool, path: str, otherwise: str) -> None:
    if not true:
        raise SpecError(path, otherwise)


def _no_aux(node: Node, path: str) -> Node:
    _must(not isinstance(node, Aux), path, "an auxiliary head hangs on the trunk only")
    return node


def _distinct(nodes: tuple[Node, ...], path: str) -> tuple[tuple[str, Node], ...]:
    rows = numbered(nodes)
    seen: set[str] = set()
    for name, _ in rows:
        _must(NAME.fullmatch(name) is not None, path, f"a name is letters, digits, '_' or '-', not {name!r}")
        _must(name not in seen, path, f"two parts are called {name!r}")
        seen.add(name)
    return rows
