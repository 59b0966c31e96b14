"""What one output sees of the input: the receptive field, folded over a placed network."""

from __future__ import annotations

from dataclasses import dataclass

from inception_analyzer.place import Placed
from inception_analyzer.spec import Aux, Branches, Conv, GlobalPool, Linear, Pair, Pool, Residual, Sequence


@dataclass(frozen=True, slots=True)
class Reach:
    """Rows and columns of the input that one output sees, and the step on the input from one output to the next."""

    rows: int = 1
    columns: int = 1
    step: Pair = (1, 1)

    def then(self, kernel: Pair, stride: Pair) -> Reach:
        """After one more window: each tap adds one step of what lies before."""
        return Reach(
            self.rows + (kernel[0] - 1) * self.step[0],
            self.columns + (kernel[1] - 1) * self.step[1],
            (self.step[0] * stride[0], self.step[1] * stride[1]),
        )


def reach_of(placed: Placed, before: Reach | None = None) -> Reach:
    """The receptive field at the end of a place."""
    here = before or Reach()
    match placed.node:
        case Conv(kernel=kernel, stride=stride) | Pool(kernel=kernel, stride=stride):
            return here.then(kernel, stride)
        case GlobalPool() | Linear():
            return here.then(placed.reads.grid, (1, 1))
        case Sequence():
            for part in placed.parts:
                here = reach_of(part, here)
            return here
        case Branches():
            return _widest([reach_of(part, here) for part in placed.parts])
        case Residual():
            other = [] if len(placed.parts) > 1 else [here]
            return _widest([*other, *(reach_of(part, here) for part in placed.parts)])
        case Aux():
            return here
    return here


def _widest(reaches: list[Reach]) -> Reach:
    """The smallest field that holds all."""
    return Reach(max(one.rows for one in reaches), max(one.columns for one in reaches), reaches[0].step)
