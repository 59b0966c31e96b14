"""Tables as a page shows them: what each cell is sorted by, intervals under their number, and the rows that stay in place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from inception_analyzer.report.document import Bar, Cell, Column, Content, Note, Table
from inception_analyzer.report.measurements import VERDICTS
from inception_analyzer.report.views.setting import typeset_all
from inception_analyzer.report.views.worth import worth

# What a row is: one to sort, the head of those below it, what sums up those above it, or a gap.
Kind = Literal["row", "part", "last", "gap"]

LONG = 12  # rows from which on a table is opened when it is wanted
CLOSING = re.compile(r"total|together|\d+ more\b.*")
INTERVAL = re.compile(r"\[.*\]")
MEASURED = re.compile(r"(.*\S) (\[[^\[\]]*\])")  # a number and its interval
WORDS = frozenset(word for word, _ in VERDICTS.values())  # of the clock: colour is for what claims are


@dataclass(frozen=True, slots=True)
class Field:
    """A cell: its text and style, the number that it is sorted by, its interval, or a bar with a mark on it."""

    text: str = ""
    style: str = ""
    value: float | None = None
    spread: str = ""
    bar: Bar | None = None
    mark: float | None = None  # from 0 to 1 of the width


@dataclass(frozen=True, slots=True)
class Line:
    """A row and what it is."""

    kind: Kind
    fields: tuple[Field, ...]

    @property
    def set_in(self) -> bool:
        return bool(self.fields) and self.fields[0].text.startswith(" ")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table that a page can sort and search."""

    title: str
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]

    @property
    def rows(self) -> int:
        """How many there are to sort."""
        return sum(line.kind == "row" for line in self.lines)

    @property
    def sortable(self) -> bool:
        """Whether rows can change places: those that are set in belong to the one above."""
        pairs = pairwise(self.lines)
        nested = any(one.kind == other.kind == "row" and other.set_in and not one.set_in for one, other in pairs)
        return self.rows > 1 and not nested

    @property
    def long(self) -> bool:
        return self.rows > LONG

    @property
    def told(self) -> str:
        """What it says while it is shut."""
        return f"{self.title or self.columns[0].head}: {self.rows} rows"


def sheets_of(sections: Sequence[Table | Note]) -> tuple[Sheet | Note, ...]:
    """Tables and notes, set as a page sets text."""
    return tuple(sheet(one) if isinstance(one, Table) else one for one in typeset_all(sections))


def sheet(one: Table) -> Sheet:
    """A table with its rows told apart; a row that leaves out whose it is says so again, as it may be moved."""
    spreads = {at for at in range(1, len(one.columns)) if _of_intervals(one, at)}
    columns = tuple(
        replace(column, head=_joined(column.head, one.columns[at + 1].head) if at + 1 in spreads else column.head)
        for at, column in enumerate(one.columns)
        if at not in spreads
    )
    lines = tuple(Line(_kind(cells), tuple(_fields(cells, spreads))) for cells in one.rows)
    return Sheet(one.title, columns, tuple(_named(lines)) if one.columns[0].head else lines)


def _of_intervals(one: Table, at: int) -> bool:
    texts = [_text(cells[at]) for cells in one.rows if cells and _text(cells[at])]
    return bool(texts) and all(map(INTERVAL.fullmatch, texts))


def _joined(head: str, more: str) -> str:
    return ", ".join(filter(None, (head, more)))


def _text(content: Content) -> str:
    return content.text.strip() if isinstance(content, Cell) else ""


def _kind(cells: Sequence[Content]) -> Kind:
    if not cells:
        return "gap"
    texts = [_text(content) for content in cells]
    if any(CLOSING.fullmatch(text) for text in texts[:2]):
        return "last"
    lonely = texts[0] and not any(texts[1:]) and not any(isinstance(content, Bar) for content in cells)
    return "part" if lonely and len(cells) > 1 else "row"


def _fields(cells: Sequence[Content], spreads: set[int]) -> Iterator[Field]:
    for at, content in enumerate(cells):
        if at not in spreads:
            spread = _text(cells[at + 1]) if at + 1 in spreads else ""
            yield _bar(content) if isinstance(content, Bar) else _field(content, spread)


def _bar(one: Bar) -> Field:
    return Field(value=one.length + one.more, bar=one)


def _field(one: Cell, spread: str) -> Field:
    of_clock = one.text.partition(" within ")[0] in WORDS
    measured = MEASURED.fullmatch(one.text) if worth(one.text) is not None else None
    text, own = measured.groups() if measured else (one.text, "")
    return Field(text, "" if of_clock else one.style, worth(one.text), own or spread)


def _named(lines: Sequence[Line]) -> Iterator[Line]:
    """Rows with a blank where the row above says whose they are."""
    name = ""
    for line in lines:
        first, *others = line.fields or (Field(),)
        name = first.text or ("" if line.kind != "row" else name)
        blank = line.kind == "row" and not first.text.strip() and first.bar is None
        yield replace(line, fields=(Field(name, "dim"), *others)) if blank and name else line
