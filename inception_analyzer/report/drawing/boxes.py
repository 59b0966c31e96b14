"""A module as boxes of HTML, which reflow and follow a page's theme: the data that the template module.html sets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import assert_never

from inception_analyzer.report.drawing.cells import Cell, Scale, by, cell_of
from inception_analyzer.report.drawing.flow import Flow, Split, Step, Sum, macs_of, writes_of
from inception_analyzer.report.drawing.flow import Layer as Operation
from inception_analyzer.report.drawing.frame import size_words
from inception_analyzer.report.drawing.ink import TURN
from inception_analyzer.report.drawing.module import Subject, in_words
from inception_analyzer.report.quantity import share


@dataclass(frozen=True, slots=True)
class Way:
    """One of several ways side by side: its name, its part of their cost, the channels that it ends in."""

    name: str
    cost: str
    channels: int
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """What follows in a way: a box, several ways, or a note; the other two are empty. `grid` is what it writes."""

    cell: Cell | None = None
    ways: tuple[Way, ...] = ()
    note: str = ""
    grid: str = ""
    joined: bool = True  # ways end in a concatenation, those of a sum do not

    @property
    def strong(self) -> bool:
        """Whether words on it need the other ink."""
        return self.cell is not None and self.cell.shade > TURN


@dataclass(frozen=True, slots=True)
class Boxes:
    """A module from what it reads to what it writes; `words` say it to who cannot see it."""

    title: str
    family: str
    reads: str
    writes: str
    pieces: tuple[Piece, ...]
    words: str


def boxes_of(module: Subject, darkest: int) -> Boxes:
    """A module whose shades refer to the most expensive layer in view."""
    pieces = tuple(_pieces(module.flow, Scale(darkest, module.whole)))
    return Boxes(
        module.title, module.family, size_words(module.reads), size_words(module.writes), pieces, in_words(module.flow)
    )


def _pieces(flow: Flow, scale: Scale) -> Iterator[Piece]:
    for step in flow:
        yield from _of_step(step, scale)


def _of_step(step: Step, scale: Scale) -> Iterator[Piece]:
    match step:
        case Operation(placed=placed):
            yield Piece(cell=cell_of(step, scale), grid=by(placed.writes.grid))
        case Split(arms=arms, writes=writes):
            whole = sum(macs_of(arm.flow) for arm in arms)
            ways = tuple(_way(arm.name, arm.flow, whole, scale) for arm in arms)
            yield Piece(ways=ways, grid=by(writes.grid))
        case Sum(body=body, shortcut=shortcut, scale=factor, writes=writes):
            grid, times = by(writes.grid), f"× {factor:g}, " if factor != 1 else ""
            if shortcut:
                whole = macs_of(body) + macs_of(shortcut)
                ways = (_way("body", body, whole, scale), _way("shortcut", shortcut, whole, scale))
                yield Piece(ways=ways, grid=grid, joined=False)
                yield Piece(note=f"{times}added to the shortcut", grid=grid)
            else:
                yield from _pieces(body, scale)
                yield Piece(note=f"{times}added to the input", grid=grid)
        case _:
            assert_never(step)


def _way(name: str, flow: Flow, whole: int, scale: Scale) -> Way:
    return Way(name, share(macs_of(flow), whole) or "no cost", writes_of(flow).channels, tuple(_pieces(flow, scale)))
