"""Where labels go on the paper: each at the nearest place that is free, those that must be there before the others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Literal, NamedTuple

# Where a label may stand beside its point: right, left, above, below, and between.
Spot = Literal["E", "W", "N", "S", "NE", "NW", "SE", "SW"]
SPOTS: tuple[Spot, ...] = ("E", "W", "N", "S", "NE", "NW", "SE", "SW")
DIAGONAL = 0.75
FAR = (10, 20, 32, 46, 62)  # points further off, at the end of a line
PIECES = 24  # of a line, each a box
LINE = 2.0  # points that a line needs across
TRIES = 30  # orders of labels


class Box(NamedTuple):
    """Room on the paper, in pixels."""

    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, slots=True)
class Wanted:
    """A label of this size at this point, both in pixels."""

    x: float
    y: float
    wide: float
    high: float
    away: float
    spots: Sequence[Spot]
    far: bool
    must: bool


@dataclass(frozen=True, slots=True)
class Placed:
    """Where it goes: to which side, how many points from its point, the room that it takes, and that of the line to it."""

    across: int
    up: int
    reach: float
    box: Box
    line: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """The room that there is, what is taken in it, what lines may not cross, and how many pixels a point has."""

    room: Box
    taken: Sequence[Box]
    barred: Sequence[Box]
    point: float


def settle(wanted: Sequence[Wanted], paper: Paper) -> list[Placed | None]:
    """Those who come first choose first; where one that must be there finds no place, it comes first in another try."""
    order = list(range(len(wanted)))
    tried: set[tuple[int, ...]] = set()
    best: dict[int, Placed] = {}
    fewest = len(wanted) + 1
    while tuple(order) not in tried and fewest and len(tried) < TRIES:
        tried.add(tuple(order))
        found = _in_order(wanted, order, paper)
        lost = [number for number in order if wanted[number].must and number not in found]
        if len(lost) < fewest:
            best, fewest = found, len(lost)
        order = lost[:1] + [number for number in order if number not in lost[:1]]
    return [best.get(number) for number in range(len(wanted))]


def _in_order(wanted: Sequence[Wanted], order: Sequence[int], paper: Paper) -> dict[int, Placed]:
    busy, found = list(paper.taken), {}
    crossed: list[Box] = []  # what lines would run through
    for number in order:
        one = wanted[number]
        own = [around((one.x, one.y), 8 * paper.point)]
        others = [*crossed, *(box for box in paper.barred if not hits(box, own))]
        for place in _places(one, paper.point):
            free = inside(place.box, paper.room) and not hits(place.box, busy)
            if free and not any(hits(piece, others) for piece in place.line):
                found[number] = place
                busy += [place.box, *place.line]
                crossed += [place.box, *place.line]
                break
    return found


def _places(one: Wanted, point: float) -> Iterator[Placed]:
    """Every place that a label may have, the nearest first."""
    for far, spot in product((0, *FAR) if one.far else (0,), one.spots):
        across, up = ("E" in spot) - ("W" in spot), ("N" in spot) - ("S" in spot)
        reach = (one.away + far) * (DIAGONAL if across and up else 1)
        x, y = one.x + across * reach * point, one.y + up * reach * point
        left, low = x + (across - 1) * one.wide / 2, y + (up - 1) * one.high / 2
        box = Box(left, low, left + one.wide, low + one.high)
        yield Placed(across, up, reach, box, tuple(line((one.x, one.y), (x, y), LINE * point)) if far else ())


def inside(box: Box, room: Box) -> bool:
    """Whether all of it is in the room."""
    return box.x0 >= room.x0 and box.x1 <= room.x1 and box.y0 >= room.y0 and box.y1 <= room.y1


def hits(box: Box, busy: Sequence[Box]) -> bool:
    """Whether it meets any of these."""
    x0, y0, x1, y1 = box.x0 - 1, box.y0, box.x1 + 1, box.y1
    return any(x0 < one[2] and one[0] < x1 and y0 < one[3] and one[1] < y1 for one in busy)


def around(point: Sequence[float], size: float) -> Box:
    """A square about a point."""
    x, y = point
    return Box(x - size / 2, y - size / 2, x + size / 2, y + size / 2)


def line(first: Sequence[float], last: Sequence[float], size: float, pieces: int = PIECES) -> list[Box]:
    """A line as small boxes of this size."""
    (x0, y0), (x1, y1) = first, last
    shares = [piece / pieces for piece in range(pieces + 1)]
    return [around((x0 + share * (x1 - x0), y0 + share * (y1 - y0)), size) for share in shares]
