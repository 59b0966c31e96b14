"""What training keeps for the backward pass: activation elements saved by autograd, each tensor once.

A tensor is kept when the layer that wrote it needs its result (a ReLU in place) or a layer that reads it needs its input
(a convolution, a linear layer, a pool). Batch norms keep their own input besides, max pools the place of each maximum,
dropout its mask.
"""

from __future__ import annotations

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
        case Residual() | Branches():
            return sum(kept(part) + _loose_end(part) for part in placed.parts) + _after_sum(placed)
        case Sequence():
            return sum(kept(part) for part in placed.parts) + sum(_joint(placed))
        case Aux():
            return sum(kept(part) + _loose_end(part) for part in placed.parts)
        case Linear() | GlobalPool() | Named():
            return 0
    assert_never(node)


def kept_with_ends(placed: Placed) -> int:
    """Everything kept for a whole network, the image and the last tensor included where they are needed."""
    ends = placed.reads.size * _keeps_input(placed) + placed.writes.size * _keeps_output(placed)
    return kept(placed) + ends


def _padded_copy(node: Conv, reads: Shape) -> int:
    """Torch's convolutions pad evenly; for uneven zeros the input is copied, and the copy is kept in its place."""
    (above, below), (left, right) = node.padding
    if (above, left) == (below, right):
        return 0
    return reads.channels * (reads.height + above + below) * (reads.width + left + right)


def _loose_end(part: Placed) -> int:
    """The output of an arm before it is concatenated or added."""
    return part.writes.size if _keeps_output(part) else 0


def _after_sum(placed: Placed) -> int:
    """A norm on the sum keeps the sum."""
    node = placed.node
    return placed.writes.size if isinstance(node, Residual) and node.norm is not None else 0


def _joint(row: Placed) -> list[int]:
    """The tensors between the steps of a row, those that somebody keeps."""
    sizes = []
    for index in range(len(row.parts) - 1):
        here = row.parts[index]
        if isinstance(here.node, Aux):
            continue
        readers = _readers(row.parts[index + 1 :])
        if _keeps_output(here) or any(_keeps_input(reader) for reader in readers):
            sizes.append(here.writes.size)
    return sizes


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
            return _keeps_output([part for part in placed.parts if not isinstance(part.node, Aux)][-1])
        case LocalNorm() | Pool() | GlobalPool() | Dropout() | Branches() | Aux():
            return False
    return False
