"""What one output sees of the input: the receptive field, folded over a placed network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

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
    Pads,
    Pair,
    Pool,
    Residual,
    Sequence,
)


@dataclass(frozen=True, slots=True)
class Reach:
    """From which to which row and column of the input the first output sees, and how far the next one lies from it."""

    down: Pair = (0, 0)
    across: Pair = (0, 0)
    step: Pair = (1, 1)

    @property
    def rows(self) -> int:
        return self.down[1] - self.down[0] + 1

    @property
    def columns(self) -> int:
        return self.across[1] - self.across[0] + 1

    def then(self, kernel: Pair, stride: Pair, pads: Pads) -> Reach:
        """After one more window: it begins its zeros before, and each tap adds a step of what lies before."""
        return Reach(
            _stretched(self.down, kernel[0], pads[0][0], self.step[0]),
            _stretched(self.across, kernel[1], pads[1][0], self.step[1]),
            (self.step[0] * stride[0], self.step[1] * stride[1]),
        )


def reach_of(placed: Placed, before: Reach | None = None) -> Reach:
    """The receptive field at the end of a place."""
    here, node = before or Reach(), placed.node
    match node:
        case Conv(kernel=kernel, stride=stride, padding=pads):
            return here.then(kernel, stride, pads)
        case Pool(kernel=kernel, stride=stride, padding=(down, across)):
            return here.then(kernel, stride, ((down, down), (across, across)))
        case GlobalPool() | Linear():
            return here.then(placed.reads.grid, (1, 1), ((0, 0), (0, 0)))
        case Sequence():
            for part in placed.parts:
                here = reach_of(part, here)
            return here
        case Branches():
            return _hull([reach_of(part, here) for part in placed.parts])
        case Residual():
            other = [] if len(placed.parts) > 1 else [here]
            return _hull([*other, *(reach_of(part, here) for part in placed.parts)])
        case Aux() | LocalNorm() | Dropout() | Named():
            return here
    assert_never(node)


def _stretched(seen: Pair, kernel: int, zeros: int, step: int) -> Pair:
    return (seen[0] - zeros * step, seen[1] + (kernel - 1 - zeros) * step)


def _hull(reaches: list[Reach]) -> Reach:
    """The smallest rectangle that holds all."""
    down = (min(one.down[0] for one in reaches), max(one.down[1] for one in reaches))
    across = (min(one.across[0] for one in reaches), max(one.across[1] for one in reaches))
    return Reach(down, across, reaches[0].step)
