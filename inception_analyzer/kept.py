"""What training keeps for the backward pass: activation elements saved by autograd, each tensor once.

A tensor is kept when the layer that wrote it needs its result (a ReLU in place) or a layer that reads it needs its input
(a convolution, a linear layer, a pool). Batch norms keep their own input besides, max pools the place of each maximum,
dropout its mask.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from inception_analyzer.place import Placed, trains
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
    Sequence,
    Shape,
)


def kept(placed: Placed) -> int:
    """Elements kept inside a place: all but the tensors that enter and leave it."""
    return sum(size for _, size in _inside(placed))


def kept_with_ends(placed: Placed) -> int:
    """Everything kept for a whole network, the image and the last tensor included where they are needed."""
    return kept(placed) + sum(size for _, size in _ends(placed))


def kept_by_path(placed: Placed) -> dict[str, int]:
    """The same by the place that it belongs to: a tensor to whoever wrote it, the image to whoever reads it first."""
    found: dict[str, int] = {}
    for path, size in (*_inside(placed), *_ends(placed)):
        found[path] = found.get(path, 0) + size
    return found


def _inside(placed: Placed) -> Iterator[tuple[str, int]]:
    for part in placed.parts:
        yield from _inside(part)
    match placed.node:
        case Sequence():
            yield from _joint(placed)
        case Residual() | Branches() | Aux():
            for part in placed.parts:
                yield from _loose_end(part)
            yield placed.path, _after_sum(placed)
        case _:
            yield placed.path, _own(placed)


def _own(placed: Placed) -> int:
    """What a place without parts keeps for itself."""
    node, size = placed.node, placed.writes.size
    match node:
        case Conv(norm=norm):
            # A norm keeps the bare result of its convolution; the mean and deviation of each channel are no activations.
            return (size if norm is not None else 0) + _padded_copy(node, placed.reads)
        case Pool(kind=kind):
            return size if kind == "max" and placed.fed else 0
        case LocalNorm(size=window):
            # Padded squares for their mean, the offset sum for its power, the power for the quotient.
            padded = (placed.reads.channels + window - 1) * placed.reads.height * placed.reads.width
            return padded + 2 * size if placed.fed else 0
        case Dropout():
            return size if placed.fed else 0
        case Sequence() | Residual() | Branches() | Aux() | Linear() | GlobalPool() | Named():
            return 0
    assert_never(node)


def _ends(placed: Placed) -> tuple[tuple[str, int], ...]:
    image = placed.reads.size * _keeps_input(placed)
    return (_first_reader(placed), image), *_loose_end(placed)


def _written(placed: Placed) -> Iterator[tuple[str, int]]:
    """The tensor that leaves a place, by who wrote it: of a row its last step, of arms each its own channels."""
    match placed.node:
        case Sequence():
            yield from _written(_last_step(placed))
        case Branches():
            for arm in placed.parts:
                yield from _written(arm)
        case _:
            yield placed.path, placed.writes.size


def _first_reader(placed: Placed) -> str:
    return _first_reader(placed.parts[0]) if placed.parts else placed.path


def _last_step(row: Placed) -> Placed:
    return [part for part in row.parts if not isinstance(part.node, Aux)][-1]


def _padded_copy(node: Conv, reads: Shape) -> int:
    """Torch's convolutions pad evenly; for uneven zeros the input is copied, and the copy is kept in its place."""
    (above, below), (left, right) = node.padding
    if (above, left) == (below, right):
        return 0
    return reads.channels * (reads.height + above + below) * (reads.width + left + right)


def _loose_end(part: Placed) -> Iterator[tuple[str, int]]:
    """The output of an arm before it is concatenated or added, or of the whole."""
    yield from _written(part) if _keeps_output(part) else ()


def _after_sum(placed: Placed) -> int:
    """A norm on the sum keeps the sum."""
    node = placed.node
    return placed.writes.size if isinstance(node, Residual) and node.norm is not None else 0


def _joint(row: Placed) -> Iterator[tuple[str, int]]:
    """The tensors between the steps of a row, those that somebody keeps."""
    for index in range(len(row.parts) - 1):
        here = row.parts[index]
        if isinstance(here.node, Aux):
            continue
        readers = _readers(row.parts[index + 1 :])
        if _keeps_output(here) or any(_keeps_input(reader) for reader in readers):
            yield from _written(here)


def _readers(rest: tuple[Placed, ...]) -> list[Placed]:
    """Those who read the tensor before them: heads hung here, and the next step."""
    readers: list[Placed] = []
    for step in rest:
        readers.append(step)
        if not isinstance(step.node, Aux):
            break
    return readers


def _keeps_input(placed: Placed) -> bool:
    match placed.node:
        case Conv():
            return not _padded_copy(placed.node, placed.reads)
        case Linear():
            return True
        case Pool() | LocalNorm():
            return placed.fed
        case Sequence():
            return any(_keeps_input(reader) for reader in _readers(placed.parts))
        case Branches() | Residual() | Aux():
            return any(_keeps_input(part) for part in placed.parts)
    return False


def _keeps_output(placed: Placed) -> bool:
    match placed.node:
        case Conv(act=act) | Linear(act=act):
            return act == "relu"
        case Residual(act=act):
            return act == "relu" and trains(placed)
        case Sequence():
            return _keeps_output(_last_step(placed))
        case LocalNorm() | Pool() | GlobalPool() | Dropout() | Branches() | Aux():
            return False
    return False
