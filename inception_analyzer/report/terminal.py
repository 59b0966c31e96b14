"""A document as lines of a terminal: columns that fit the width, bars that take what is left, colour only where it shows."""

from __future__ import annotations

import io
import os
import re
import sys
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TextIO

from rich.console import Console
from rich.text import Text

from inception_analyzer.report.document import CODE, STAR, Align, Bar, Cell, Content, Document, Note, Table
from inception_analyzer.report.style import EIGHTHS, STYLES, to_ascii

DESIGN_WIDTH = 80
NARROWEST = 30
INDENT = 2
GAP = 2
SHORTEST_BAR = 6
LONGEST_BAR = 60
WIDEST_PROSE = 120

Span = tuple[str, str]
Line = list[Span]


@dataclass(frozen=True, slots=True)
class Surface:
    """What the text is written on."""

    width: int = DESIGN_WIDTH
    color: bool = False
    unicode: bool = True


def surface_of(stream: TextIO, *, plain: bool = False) -> Surface:
    """The width, colour and signs that this stream can show; NO_COLOR, FORCE_COLOR and COLUMNS are honoured."""
    encoding = getattr(stream, "encoding", None) or "ascii"
    return Surface(_width(stream), not plain and _wants_color(stream), not plain and _has_signs(encoding))


def render(document: Document, surface: Surface) -> str:
    """The whole answer as text."""
    lines = [_head(document, surface.width), []]
    lines += _note(Note(document.finding, ""), surface)
    return paint([*lines, *_sections(document.sections, surface)], surface)


def render_sections(sections: Sequence[Table | Note], surface: Surface) -> str:
    """Sections that follow an answer already given."""
    return paint(_sections(sections, surface), surface)


def _sections(sections: Sequence[Table | Note], surface: Surface) -> list[Line]:
    lines: list[Line] = []
    for section in sections:
        lines.append([])
        lines += _table(section, surface) if isinstance(section, Table) else _note(section, surface)
    return lines


def paint(lines: list[Line], surface: Surface) -> str:
    """Lines of spans as text with or without colour codes."""
    if not surface.unicode:
        lines = [[(to_ascii(text), style) for text, style in line] for line in lines]
    if not surface.color:
        return "".join("".join(text for text, _ in line).rstrip() + "\n" for line in lines)
    sink = io.StringIO()
    # Both width and height, or rich ignores the width on a dumb terminal.
    console = Console(file=sink, force_terminal=True, width=max(surface.width, 400), height=100, highlight=False)
    for line in lines:
        console.print(_styled(line), soft_wrap=True)
    return sink.getvalue()


def bar_text(bar: Bar, cells: int, *, unicode: bool = True) -> Line:
    """A bar on this many cells: eighths of a cell where the signs exist, whole cells where not."""
    if not unicode:
        mark = "#" * round(bar.length * cells) or ("." if bar.length > 0 else "")
        hollow = max(int(bar.more > 0), round((bar.length + bar.more) * cells) - len(mark))
        return [(mark, bar.color), ("+" * min(hollow, cells - len(mark)), bar.color)]
    eighths = round(bar.length * cells * 8) or int(bar.length > 0)
    text = "█" * (eighths // 8) + (EIGHTHS[eighths % 8] if eighths % 8 else "")
    hollow = max(int(bar.more > 0), round((bar.length + bar.more) * cells) - len(text))
    return [(text, bar.color if bar.strong else f"{bar.color} dim"), ("░" * min(hollow, cells - len(text)), bar.color)]


def _width(stream: TextIO) -> int:
    asked = os.environ.get("COLUMNS", "")
    if asked.isascii() and asked.isdigit() and int(asked) > 0:
        return max(NARROWEST, int(asked))
    try:
        columns = os.get_terminal_size(stream.fileno()).columns
    except (OSError, ValueError, AttributeError):
        columns = 0
    return max(NARROWEST, columns or DESIGN_WIDTH)  # a terminal without a size says 0


def _wants_color(stream: TextIO) -> bool:
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def _has_signs(encoding: str) -> bool:
    try:
        "├─█▏·→✓≈░".encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def _styled(line: Line) -> Text:
    text = Text()
    for part, style in line:
        text.append(part, " ".join(STYLES[word] for word in style.split()))
    return text


def _head(document: Document, width: int) -> Line:
    """The title flush left, as many of the conditions as fit flush right."""
    parts = document.conditions.split(" · ")
    while parts:
        conditions = " · ".join(parts)
        room = min(width, WIDEST_PROSE) - len(document.title) - len(conditions)
        if room >= GAP and conditions:
            return [(document.title, "bold"), (" " * room, ""), (conditions, "dim")]
        parts.pop()
    return [(document.title, "bold")]


def _marked(text: str) -> Line:
    """`*words*` in bold."""
    parts = re.split(r"\*([^*]+)\*", text)
    return [(part.replace(STAR, "*"), "bold" if index % 2 else "") for index, part in enumerate(parts) if part]


def _note(note: Note, surface: Surface) -> list[Line]:
    """Prose, broken between words; what runs on is indented. Bold words stay on one line."""
    if note.style == CODE:
        return [[(" " * INDENT + line, "")] for line in note.lines]
    lines: list[Line] = []
    for text in note.lines:
        for index, piece in enumerate(broken(text, min(surface.width, WIDEST_PROSE) - INDENT)):
            lead = " " * (INDENT if index == 0 else 2 * INDENT)
            lines.append([(lead, ""), *((part, f"{style} {note.style}".strip()) for part, style in _marked(piece))])
    return lines


def broken(text: str, width: int) -> list[str]:
    """A text whose first line is this wide and whose others leave room for their indent."""
    if len(text.replace("*", "")) <= width:
        return [text]
    pieces = textwrap.wrap(text, width, subsequent_indent=" " * INDENT, break_long_words=False, break_on_hyphens=False)
    return _bold_by_line([piece.strip() for piece in pieces])


def _bold_by_line(pieces: list[str]) -> list[str]:
    """What is bold over a line's end is closed there and opened again."""
    closed, opened = [], False
    for piece in pieces:
        text = f"*{piece}" if opened else piece
        opened = text.count("*") % 2 == 1
        closed.append(f"{text}*" if opened else text)
    return closed


def _table(table: Table, surface: Surface) -> list[Line]:
    table = table if surface.unicode else _in_ascii(table)
    folding = next((index for index, column in enumerate(table.columns) if column.fold), None)
    if folding is not None and _room(table, surface) < 0:
        table = _folded(table, folding)
    kept, widths = _fit(table, surface)
    aligns = [table.columns[index].align for index in kept]
    heads: list[Content] = [Cell(table.columns[index].head, table.columns[index].style or "dim") for index in kept]
    lines = [_row(heads, widths, aligns, surface)] if any(column.head for column in table.columns) else []
    for cells in table.rows:
        lines.append(_row([cells[index] for index in kept], widths, aligns, surface) if cells else [])
    return lines


def _room(table: Table, surface: Surface) -> int:
    """The cells that the table leaves free as it is."""
    every = range(len(table.columns))
    return surface.width - INDENT - sum(_natural(table, index, roomy=False) for index in every) - GAP * (len(every) - 1)


def _folded(table: Table, index: int) -> Table:
    """The table less a column, whose texts stand above their rows, in the order in which they first come."""
    found: dict[str, list[tuple[Content, ...]]] = {}
    for cells in table.rows:
        titled = cells[index] if cells else None
        found.setdefault(titled.text if isinstance(titled, Cell) else "", []).append(cells)
    rows: list[tuple[Content, ...]] = []
    for title, its in found.items():
        rows.append(tuple(Cell(title if place == index + 1 else "", "bold") for place in range(len(table.columns))))
        rows += its
    columns = (*table.columns[:index], *table.columns[index + 1 :])
    return replace(table, columns=columns, rows=tuple((*cells[:index], *cells[index + 1 :]) for cells in rows))


def _in_ascii(table: Table) -> Table:
    """The table in signs that every terminal has, before widths are measured, since some are longer."""
    columns = tuple(replace(column, head=to_ascii(column.head)) for column in table.columns)
    rows = tuple(
        tuple(Cell(to_ascii(cell.text), cell.style) if isinstance(cell, Cell) else cell for cell in cells)
        for cells in table.rows
    )
    return Table(columns, rows)


def _fit(table: Table, surface: Surface) -> tuple[list[int], list[int]]:
    """The columns that fit, and their widths.

    Bars share what is left. Where room is scarce heads give up their least widths, then bars go, then columns in the order
    of their `drop`, and at last the longest names are cut.
    """
    kept = list(range(len(table.columns)))
    roomy = True
    while True:
        widths = {index: _natural(table, index, roomy=roomy) for index in kept}
        bars = [index for index in kept if _is_bar(table, index)]
        room = surface.width - INDENT - sum(widths.values()) - GAP * (len(kept) - 1)
        shortest = max((len(table.columns[index].head) for index in bars), default=0)
        if room >= max(SHORTEST_BAR, shortest) * len(bars):
            spare = min(room // len(bars), LONGEST_BAR) if bars else 0
            return kept, [spare if index in bars else widths[index] for index in kept]
        droppable = [index for index in kept if table.columns[index].drop]
        if roomy:
            roomy = False
        elif bars:
            kept = [index for index in kept if index not in bars]
        elif droppable:
            kept.remove(min(droppable, key=lambda index: table.columns[index].drop))
        else:
            names = [index for index in kept if table.columns[index].align == "left"] or kept
            longest = max(names, key=lambda index: widths[index])
            return kept, [max(4, widths[index] + room) if index == longest else widths[index] for index in kept]


def _natural(table: Table, index: int, *, roomy: bool) -> int:
    if _is_bar(table, index):
        return 0
    column = table.columns[index]
    texts = [cells[index] for cells in table.rows if cells]
    widest = max((len(cell.text) for cell in texts if isinstance(cell, Cell)), default=0)
    return max(widest, len(column.head), column.least if roomy else 0)


def _is_bar(table: Table, index: int) -> bool:
    return any(isinstance(cells[index], Bar) for cells in table.rows if cells)


def _row(cells: list[Content], widths: list[int], aligns: list[Align], surface: Surface) -> Line:
    line: Line = [(" " * INDENT, "")]
    for place, (cell, width, align) in enumerate(zip(cells, widths, aligns, strict=True)):
        line += [(" " * GAP, "")] if place else []
        spans = (
            bar_text(cell, width, unicode=surface.unicode) if isinstance(cell, Bar) else [(_cut(cell.text, width), cell.style)]
        )
        blank = " " * max(0, width - sum(len(text) for text, _ in spans))
        line += [(blank, ""), *spans] if align == "right" else [*spans, (blank, "")]
    return line


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: max(0, width - 1)] + "…"


def stdout_surface(*, plain: bool = False) -> Surface:
    """What standard output can show."""
    return surface_of(sys.stdout, plain=plain)
