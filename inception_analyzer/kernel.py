"""The kernel laboratory: two chains of convolutions over one grid, counted every way, and where a saving turns into a loss."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Literal

from inception_analyzer.cost import Cost, total
from inception_analyzer.errors import AnalyzerError, SpecError
from inception_analyzer.place import Placed, place_node
from inception_analyzer.spec import NO_PADS, Branches, Conv, Named, Node, Pads, Pair, Shape
from inception_analyzer.words import seq

Middle = Literal["input", "output", "mean"]
Offsets = frozenset[Pair]

MIDDLES: tuple[Middle, ...] = ("input", "output", "mean")
LARGEST_KERNEL = 99
# Ratios of output to input width between which a turning point is looked for.
NARROWEST, WIDEST, SEARCHED = 1 / 64, 64.0, 6_000


@dataclass(frozen=True, slots=True)
class Chain:
    """Steps in a row, each one kernel or several side by side: `3x3,3x3`, `1x3|3x1`."""

    steps: tuple[tuple[Pair, ...], ...]

    def __str__(self) -> str:
        return ",".join("|".join(f"{height}x{width}" for height, width in step) for step in self.steps)

    @property
    def area(self) -> tuple[int, ...]:
        """Taps of each step; parallel kernels share the width, so each counts for its part of the outputs."""
        return tuple(sum(height * width for height, width in step) for step in self.steps)


@dataclass(frozen=True, slots=True)
class Counted:
    """One chain under every convention; `valid` is None where it does not fit without padding."""

    chain: Chain
    widths: tuple[int, ...]
    same: Cost
    valid: Cost | None
    taps: int
    field: Pair


@dataclass(frozen=True, slots=True)
class Turning:
    """With this width between the steps, the chain saves from `low` to `high` output / input width; None: no bound."""

    middle: Middle
    low: float | None
    high: float | None
    ever: bool


@dataclass(frozen=True, slots=True)
class Bench:
    """Two chains over one grid with the same widths at both ends."""

    grid: int
    reference: Counted
    other: Counted
    turnings: tuple[Turning, ...]


def parse_chain(text: str) -> Chain:
    """`5x5`, `1x7,7x1` or `1x3|3x1` as a chain."""
    steps = tuple(tuple(_kernel(part, text) for part in step.split("|")) for step in text.lower().replace("×", "x").split(","))
    return Chain(steps)


def parse_widths(text: str) -> tuple[int, ...]:
    """`64` or `64,96,96`: the channels read, those between, those written."""
    parts = [part.strip() for part in text.split(",")]
    if not all(part.isascii() and part.isdigit() and 1 <= int(part) <= 65_536 for part in parts):
        example = ("instead", "64, or read,between,written: 64,96,96")
        raise AnalyzerError(f"{text!r} is not a list of widths", example, word=text)
    return tuple(int(part) for part in parts)


def bench(reference: Chain, other: Chain, widths: Sequence[int], grid: int) -> Bench:
    """Both chains counted; the widths between steps are spread over the longer chain."""
    turnings = tuple(turning(reference, other, middle) for middle in MIDDLES) if _has_middle(reference, other) else ()
    return Bench(grid, counted(reference, widths, grid), counted(other, widths, grid), turnings)


def counted(chain: Chain, widths: Sequence[int], grid: int) -> Counted:
    """One chain over a square grid, with padding that keeps it and without any."""
    spread = spread_widths(chain, widths)
    reads = Shape(spread[0], grid, grid)
    kept = _placed(chain, spread, reads, padded=True)
    try:
        bare = total(_placed(chain, spread, reads, padded=False))
    except SpecError:
        bare = None
    seen = offsets(chain)
    rows, columns = ({offset[axis] for offset in seen} for axis in (0, 1))
    return Counted(chain, spread, total(kept), bare, len(seen), (max(rows) - min(rows) + 1, max(columns) - min(columns) + 1))


def spread_widths(chain: Chain, widths: Sequence[int]) -> tuple[int, ...]:
    """The widths before, between and after the steps of a chain; one width stands for all."""
    steps = len(chain.steps)
    if len(widths) == 1:
        return (widths[0],) * (steps + 1)
    if len(widths) == steps + 1:
        return tuple(widths)
    if steps == 1 or len(widths) == 2:
        return (widths[0], *([widths[-1]] * steps))
    raise AnalyzerError(
        f"{chain} has {steps} steps and so {steps + 1} widths, not {len(widths)}",
        ("instead", "one width for all, or read,between,...,written"),
    )


def nodes(chain: Chain, widths: Sequence[int], *, padded: bool) -> Node:
    """The chain as a spec of bare convolutions; what stands side by side shares the width."""
    return seq(*(_step(step, widths[index + 1], index, padded=padded) for index, step in enumerate(chain.steps)))


def offsets(chain: Chain) -> Offsets:
    """The inputs that one output sees: sums of offsets along the chain, unions side by side."""
    seen: Offsets = frozenset({(0, 0)})
    for step in chain.steps:
        window = frozenset().union(*(_window(kernel) for kernel in step))
        seen = frozenset((down + more, across + on) for down, across in seen for more, on in window)
    return seen


def turning(reference: Chain, other: Chain, middle: Middle) -> Turning:
    """Where the second chain begins and ceases to save, as output width / input width grows.

    The cost per input channel and place is a sum of taps times the widths at both ends of each step.
    """

    def excess(ratio: float) -> float:
        return work(other, ratio, middle) - work(reference, ratio, middle)

    factor = (WIDEST / NARROWEST) ** (1 / SEARCHED)
    points = [NARROWEST * factor**index for index in range(SEARCHED + 1)]
    saving = [point for point in points if excess(point) < 0]
    if not saving:
        return Turning(middle, None, None, ever=False)
    low = None if saving[0] == points[0] else _root(excess, saving[0] / factor, saving[0])
    high = None if saving[-1] == points[-1] else _root(excess, saving[-1], saving[-1] * factor)
    return Turning(middle, low, high, ever=True)


def work(chain: Chain, ratio: float, middle: Middle) -> float:
    """Multiply-adds of a chain from 1 to `ratio` channels at one place, with this width between the steps."""
    between = {"input": 1.0, "output": ratio, "mean": sqrt(ratio)}[middle]
    widths = [1.0, *[between] * (len(chain.steps) - 1), ratio]
    shares = [len(step) for step in chain.steps]
    return sum(
        area / share * before * after
        for area, share, before, after in zip(chain.area, shares, widths[:-1], widths[1:], strict=True)
    )


def _root(function: Callable[[float], float], low: float, high: float) -> float:
    """Where a function changes its sign between two points."""
    rising = function(low) < 0
    for _ in range(60):
        half = (low + high) / 2
        low, high = (half, high) if (function(half) < 0) == rising else (low, half)
    return (low + high) / 2


def _has_middle(*chains: Chain) -> bool:
    return any(len(chain.steps) > 1 for chain in chains)


def _placed(chain: Chain, widths: Sequence[int], reads: Shape, *, padded: bool) -> Placed:
    return place_node(nodes(chain, widths, padded=padded), reads, "chain")


def _step(step: tuple[Pair, ...], out: int, index: int, *, padded: bool) -> Node:
    if len(step) > 1 and out % len(step):
        raise AnalyzerError(
            f"{len(step)} kernels side by side cannot share {out} channels", ("instead", "a width that they divide")
        )
    convs = [Conv(out // len(step), kernel, padding=_pads(kernel, index, padded), norm=None) for kernel in step]
    if len(convs) == 1:
        return convs[0]
    if not padded:
        raise SpecError("chain", "kernels side by side end on one grid only with padding")
    return Branches(tuple(Named(f"arm{number}", conv) for number, conv in enumerate(convs)))


def _pads(kernel: Pair, index: int, padded: bool) -> Pads:
    """Zeros that keep the grid; even kernels lean one way and the other in turn, so that a pair of them is centred."""
    if not padded:
        return NO_PADS
    sides = [((side - 1) - (side - 1) // 2, (side - 1) // 2) for side in kernel]
    vertical, horizontal = sides if index % 2 == 0 else [(after, before) for before, after in sides]
    return (vertical, horizontal)


def _window(kernel: Pair) -> Offsets:
    height, width = kernel
    return frozenset((row - (height - 1) // 2, column - (width - 1) // 2) for row in range(height) for column in range(width))


def _kernel(text: str, whole: str) -> Pair:
    height, _, width = text.strip().partition("x")
    if not all(side.isascii() and side.isdigit() and 1 <= int(side) <= LARGEST_KERNEL for side in (height, width)):
        example = ("for example", "5x5 3x3,3x3 or 3x3 1x3,3x1 or 3x3 '1x3|3x1'")
        raise AnalyzerError(f"{whole!r} is not a chain of kernels", example, word=whole)
    return (int(height), int(width))
