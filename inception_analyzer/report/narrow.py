"""A table where room is scarce: labels over several lines or on their own, at last a line for every cell; nothing is cut."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from inception_analyzer.report.document import Cell, Column

INDENT = 2  # of what runs on
READABLE = 12  # signs that a label is given before it gets a line of its own
SHORTEST = 8  # signs that any other text is given
LITTLE = 8  # signs that a column can lack and still come first
TREE = "├└│─ "

Cells = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Narrow:
    """Rows as they are printed, under these widths; a row of one cell takes the whole line."""

    widths: tuple[int, ...]
    rows: tuple[Cells, ...]


def narrowed(columns: Sequence[Column], rows: Sequence[Cells], room: int, gap: int) -> Narrow:
    """The table in this much room; its first row are the heads, an empty row is a gap."""
    left = [index for index, column in enumerate(columns) if column.align == "left"] or [0]
    label = next((index for index in left if columns[index].head), left[0])
    natural = [max((len(row[index].text) for row in rows if row), default=0) for index in range(len(columns))]
    least = {
        index: _least([row[index].text for row in rows if row], READABLE if index == label else SHORTEST) for index in left
    }
    spare = room - sum(natural[index] for index in range(len(columns)) if index not in left) - gap * (len(columns) - 1)
    others = sum(least.values()) - least[label]
    if least[label] + others > spare:
        if others + INDENT > spare:
            return Narrow((room,), tuple(_stacked(rows, label, room)))
        least[label] = spare - others
    widths = _shared(natural, least, spare)
    return Narrow(tuple(widths), tuple(line for row in rows for line in _physical(row, label, widths, room)))


def wrapped(text: str, width: int) -> list[str]:
    """A text in lines of this width, broken between words; what runs on stands further in."""
    bare = text.lstrip(TREE)
    lead = text[: len(text) - len(bare)]
    further = " " * min(len(lead) + INDENT, max(0, width - 1))
    return textwrap.wrap(bare, width, initial_indent=lead, subsequent_indent=further, break_on_hyphens=False) or [""]


def _least(texts: Sequence[str], readable: int) -> int:
    """The narrowest width at which no word is broken and the text can still be read."""
    leads = [len(text) - len(text.lstrip(TREE)) + INDENT for text in texts]
    words = [lead + len(word) for text, lead in zip(texts, leads, strict=True) for word in text.split()]
    longest = max(map(len, texts), default=0)
    return min(longest, max([readable, *words]))


def _shared(natural: Sequence[int], least: dict[int, int], spare: int) -> list[int]:
    """What is left goes to columns that lack little, so that no interval is broken, then to those that lack the most."""
    widths = [least.get(index, width) for index, width in enumerate(natural)]
    left = spare - sum(least.values())
    for index in sorted(least, key=lambda index: natural[index] - widths[index]):
        lack = natural[index] - widths[index]
        if lack <= min(left, LITTLE):
            widths[index] += lack
            left -= lack
    for _ in range(left):
        poorest = max(least, key=lambda index: natural[index] - widths[index])
        widths[poorest] += natural[poorest] > widths[poorest]
    return widths


def _physical(row: Cells, label: int, widths: Sequence[int], room: int) -> Iterator[Cells]:
    """A row as it is printed: its label before it where that has no room in its column."""
    if not row:
        yield ()
        return
    name = row[label]
    alone = len(name.text) > widths[label] and _least([name.text], READABLE) > widths[label]
    if alone:
        lead = _lead(row, widths[:label])
        yield from ((Cell(text, name.style),) for text in wrapped(lead + name.text, room))
        row = (*(Cell(""),) * (label + 1), *row[label + 1 :])
    if not alone or any(cell.text for cell in row):
        yield from _lines(row, widths)


def _lead(row: Cells, widths: Sequence[int]) -> str:
    """What stands before a label, such as a handle or a sign."""
    return "".join(f"{cell.text.ljust(width)}{' ' * INDENT}" for cell, width in zip(row, widths, strict=False))


def _lines(row: Cells, widths: Sequence[int]) -> Iterator[Cells]:
    """One row over as many lines as its longest text takes; numbers stand on the first."""
    texts = [
        [cell.text] if len(cell.text) <= width else wrapped(cell.text, width) for cell, width in zip(row, widths, strict=True)
    ]
    for line in range(max(map(len, texts))):
        yield tuple(Cell(some[line] if line < len(some) else "", cell.style) for some, cell in zip(texts, row, strict=True))


def _stacked(rows: Sequence[Cells], label: int, room: int) -> Iterator[Cells]:
    """Every row as its label, and below it a line for each of its cells under the name of the column."""
    heads = rows[0]
    before = [max(len(row[index].text) for row in rows if row) for index in range(label)]
    for row in rows:
        if not row:
            yield ()
            continue
        yield from ((Cell(text, row[label].style),) for text in wrapped(_lead(row, before) + row[label].text, room))
        if row is heads:
            continue
        for head, cell in zip(heads[label + 1 :], row[label + 1 :], strict=True):
            text = f"{head.text}{'  ' if head.text else ''}{cell.text}"
            pieces = wrapped(" " * 2 * INDENT + text, room) if cell.text else ()
            yield from (((Cell(piece, cell.style),)) for piece in pieces)
