"""What a command answers, before it is text: sentences, tables of cells, and the data behind them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

CODE = "code"  # the style of a note that is source: its lines are kept as they are

STAR = "\u2217"  # a star that marks nothing, on its way through a note

Align = Literal["left", "right"]


@dataclass(frozen=True, slots=True)
class Bar:
    """A length from 0 to 1 of the widest bar in its column; `more` is what a twin adds to it."""

    length: float
    color: str
    more: float = 0.0
    strong: bool = True


@dataclass(frozen=True, slots=True)
class Cell:
    """A text and its style: words of `style.STYLES`, joined by spaces."""

    text: str
    style: str = ""


Content = Cell | Bar


@dataclass(frozen=True, slots=True)
class Column:
    """A column's head; `least` is its narrowest width, `drop` says which go first where room is scarce (0: never).

    A column that folds gives its texts, where room is scarce, to rows of their own in the column behind it.
    """

    head: str
    align: Align = "right"
    least: int = 0
    drop: int = 0
    style: str = ""
    fold: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells under heads; an empty row is a gap. Bars that find no room go, or `below` the rows behind their names."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Content, ...], ...]
    title: str = ""
    below: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """Lines of text below or between the tables; `*bold*` marks what matters."""

    lines: tuple[str, ...]
    style: str = "dim"


@dataclass(frozen=True, slots=True)
class Flat:
    """The rows behind the tables with raw numbers, for CSV."""

    columns: tuple[str, ...]
    rows: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Document:
    """One answer: its head, the finding that can be quoted alone, the tables; the data are made when a format wants them."""

    command: str
    title: str
    conditions: str
    finding: tuple[str, ...]
    sections: tuple[Table | Note, ...]
    flat: Callable[[], Flat]
    data: Callable[[], Mapping[str, Any]]


def with_units(flat: Flat, units: Mapping[str, str]) -> Flat:
    """The rows with a column more for each that does not say its unit: `median_seconds` beside `median`."""
    told = {name: f"{name}_{units[name]}" for name in flat.columns if name in units}
    rows = tuple({**row, **{new: row.get(name) for name, new in told.items()}} for row in flat.rows)
    return Flat((*flat.columns, *told.values()), rows)


def row(*contents: str | Content) -> tuple[Content, ...]:
    """A row in which plain text is a plain cell."""
    return tuple(Cell(content) if isinstance(content, str) else content for content in contents)


def literal(text: str) -> str:
    """Text of others for a note, in which no star marks anything."""
    return text.replace("*", STAR)


def bold(text: str) -> Cell:
    """The one thing of a row that matters."""
    return Cell(text, "bold")


def dim(text: str) -> Cell:
    """What may be skipped."""
    return Cell(text, "dim")


def table(columns: Sequence[Column], rows: Sequence[tuple[Content, ...]], title: str = "") -> Table:
    """A table from lists."""
    return Table(tuple(columns), tuple(rows), title)
