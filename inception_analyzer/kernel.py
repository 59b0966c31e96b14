"""The kernel laboratory: two chains of convolutions over one grid, counted every way, and where a saving turns into a loss."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import sqrt
from typing import Literal

from inception_analyzer.cost import Cost, total
from inception_analyzer.errors import AnalyzerError, SpecError
from inception_analyzer.place import Placed, place_node
from inception_analyzer.spec import NO_PADS, Branches, Conv, Named, Network, Node, Pads, Pair, Recipe, Shape, Source
from inception_analyzer.words import named, seq, trunk

Middle = Literal["input", "output", "mean"]
Offsets = frozenset[Pair]

MIDDLES: tuple[Middle, ...] = ("input", "output", "mean")
LARGEST_KERNEL = 99
LARGEST_GRID = 4096
WIDEST = 65_536

LABORATORY = Source("the kernel laboratory", "", 0)  # of every chain that is a network of its own


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


Range = tuple[float, float | None]
"""From one ratio of output to input width to another; None: without end."""


@dataclass(frozen=True, slots=True)
class Turning:
    """With this width between the steps, the ratios of output to input width at which the second chain saves."""

    middle: Middle
    saves: tuple[Range, ...]


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
    if not all(part.isascii() and part.isdigit() and 1 <= int(part) <= WIDEST for part in parts):
        example = ("instead", f"1 to {WIDEST:,} channels: 64, or read,between,written: 64,96,96")
        raise AnalyzerError(f"{text!r} is not a list of widths", example, word=text)
    return tuple(int(part) for part in parts)


def parse_grids(text: str) -> tuple[int, ...]:
    """`35` or `149,73,35`: the sides of square maps, each once."""
    parts = [part.strip() for part in text.split(",")]
    if not all(part.isascii() and part.isdigit() and 1 <= int(part) <= LARGEST_GRID for part in parts):
        example = ("instead", f"sides from 1 to {LARGEST_GRID:,}: 35 or 149,73,35")
        raise AnalyzerError(f"{text!r} is not a list of grids", example, word=text)
    return tuple(dict.fromkeys(int(part) for part in parts))


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


def as_network(one: Counted, grid: int, *, padded: bool = True) -> Network:
    """The chain as a network of its own, to be built and timed."""
    layers = trunk(named("chain", nodes(one.chain, one.widths, padded=padded)))
    image = Shape(one.widths[0], grid, grid)
    name = str(one.chain) if padded else f"{one.chain} unpadded"
    return Network(name, name, "ref", image, layers, LABORATORY, Recipe("sgd"))


def offsets(chain: Chain) -> Offsets:
    """The inputs that one output sees: sums of offsets along the chain, unions side by side."""
    seen: Offsets = frozenset({(0, 0)})
    for index, step in enumerate(chain.steps):
        window = frozenset().union(*(_window(kernel, index) for kernel in step))
        seen = frozenset((down + more, across + on) for down, across in seen for more, on in window)
    return seen


def turning(reference: Chain, other: Chain, middle: Middle) -> Turning:
    """Where the second chain saves, as output width / input width grows.

    The difference of the two costs is a polynomial in the root of that ratio, of the second degree once its lowest power
    is taken out; it changes its sign at its positive roots and nowhere else.
    """
    powers = _powers(other, middle)
    powers.subtract(_powers(reference, middle))
    roots = _positive_roots(powers)
    edges = [0.0, *roots, None]
    ranges = [(low, high) for low, high in pairwise(edges) if low is not None and _excess(powers, _between(low, high)) < 0]
    return Turning(middle, tuple(_joined(ranges)))


def _powers(chain: Chain, middle: Middle) -> Counter[int]:
    """Taps by the power of the root of the ratio that multiplies them: widths are 1, the middle's power, and 2 at the end."""
    between = {"input": 0, "mean": 1, "output": 2}[middle]
    ends = [0, *[between] * (len(chain.steps) - 1), 2]
    found: Counter[int] = Counter()
    for area, step, before, after in zip(chain.area, chain.steps, ends[:-1], ends[1:], strict=True):
        found[before + after] += Fraction(area, len(step))  # type: ignore[assignment]  # parallel kernels share the width
    return found


def _excess(powers: Counter[int], root: float) -> float:
    return sum(float(taps) * root**power for power, taps in powers.items())


def _positive_roots(powers: Counter[int]) -> list[float]:
    """Where the polynomial is zero, beyond 0."""
    left = {power: float(taps) for power, taps in powers.items() if taps}
    if len(left) < 2:
        return []
    lowest, step = min(left), 2 if all((power - min(left)) % 2 == 0 for power in left) else 1
    a, b, c = (left.get(lowest + times * step, 0.0) for times in (2, 1, 0))
    roots = [-c / b] if a == 0 else _quadratic(a, b, c)
    return sorted({root ** (1 / step) for root in roots if root > 0})


def _quadratic(a: float, b: float, c: float) -> list[float]:
    inside = b * b - 4 * a * c
    return [(-b - sqrt(inside)) / (2 * a), (-b + sqrt(inside)) / (2 * a)] if inside > 0 else []


def _between(low: float, high: float | None) -> float:
    return 2 * low + 1 if high is None else (low + high) / 2


def _joined(ranges: Sequence[Range]) -> Iterator[Range]:
    """Ranges of the root as ranges of the ratio."""
    for low, high in ranges:
        yield low * low, None if high is None else high * high


def work(chain: Chain, ratio: float, middle: Middle) -> float:
    """Multiply-adds of a chain from 1 to `ratio` channels at one place, with this width between the steps."""
    between = {"input": 1.0, "output": ratio, "mean": sqrt(ratio)}[middle]
    widths = [1.0, *[between] * (len(chain.steps) - 1), ratio]
    shares = [len(step) for step in chain.steps]
    return sum(
        area / share * before * after
        for area, share, before, after in zip(chain.area, shares, widths[:-1], widths[1:], strict=True)
    )


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


def _window(kernel: Pair, index: int) -> Offsets:
    """What one window sees around its place, which lies as far inside as it is padded before."""
    (above, _), (left, _) = _pads(kernel, index, True)
    return frozenset((row - above, column - left) for row in range(kernel[0]) for column in range(kernel[1]))


def _kernel(text: str, whole: str) -> Pair:
    height, _, width = text.strip().partition("x")
    if not all(side.isascii() and side.isdigit() and 1 <= int(side) <= LARGEST_KERNEL for side in (height, width)):
        sides = f"sides 1 to {LARGEST_KERNEL}, stride 1: 5x5 3x3,3x3 or 3x3 1x3,3x1 or 3x3 '1x3|3x1'"
        example = ("instead", sides)
        raise AnalyzerError(f"{whole!r} is not a chain of kernels", example, word=whole)
    return (int(height), int(width))
