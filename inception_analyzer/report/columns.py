"""A table as lines of a terminal: columns that fit the width, and bars that take what is left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from inception_analyzer.report.document import Align, Bar, Cell, Column, Content, Table
from inception_analyzer.report.narrow import narrowed
from inception_analyzer.report.style import EIGHTHS, to_ascii

INDENT = 2
GAP = 2
SHORTEST_BAR = 6
LONGEST_BAR = 60

Span = tuple[str, str]
Line = list[Span]


@dataclass(frozen=True, slots=True)
class Fit:
    """The columns that are kept, their widths, and whether the widths are all there is room for."""

    kept: list[int]
    widths: list[int]
    fits: bool = True


def lines_of(table: Table, width: int, *, unicode: bool = True) -> tuple[list[Line], tuple[str, ...]]:
    """The lines, and the heads of the columns for which there was no room."""
    table = table if unicode else _in_ascii(table)
    folding = next((index for index, column in enumerate(table.columns) if column.fold), None)
    if folding is not None and _room(table, width) < 0:
        table = _folded(table, folding)
    fit = _fit(table, width)
    left_out = tuple(
        column.head for index, column in enumerate(table.columns) if index not in fit.kept and not _is_bar(table, index)
    )
    columns = [table.columns[index] for index in fit.kept]
    rows = [tuple(cells[index] for index in fit.kept) if cells else () for cells in table.rows]
    if any(column.head for column in table.columns):
        rows.insert(0, tuple(Cell(column.head, column.style or "dim") for column in columns))
    aligns = [column.align for column in columns]
    if not fit.fits:
        return _narrow(columns, rows, width), left_out
    lines = [_line(cells, fit.widths, aligns, unicode=unicode) if cells else [] for cells in rows]
    lost = [index for index in range(len(table.columns)) if _is_bar(table, index) and index not in fit.kept]
    return lines + (_bars_below(table, lost[0], width, unicode=unicode) if table.below and lost else []), left_out


def _bars_below(table: Table, index: int, width: int, *, unicode: bool) -> list[Line]:
    """Bars in lines of their own behind the first column, if they find room there."""
    columns = (table.columns[0], table.columns[index])
    alone = Table(columns, tuple((cells[0], cells[index]) for cells in table.rows if cells and isinstance(cells[index], Bar)))
    return [[], *lines_of(alone, width, unicode=unicode)[0]] if len(_fit(alone, width).kept) == len(columns) else []


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


def _room(table: Table, width: int) -> int:
    """The cells that the table leaves free as it is."""
    every = range(len(table.columns))
    return width - INDENT - sum(_natural(table, index, roomy=False) for index in every) - GAP * (len(every) - 1)


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
    return replace(table, columns=columns, rows=rows)


def _fit(table: Table, width: int) -> Fit:
    """The columns that fit, and their widths.

    Bars share what is left. Where room is scarce heads give up their least widths, then bars go, then columns in the order
    of their `drop`; what then does not fit is for narrow lines.
    """
    kept = list(range(len(table.columns)))
    roomy = True
    while True:
        widths = {index: _natural(table, index, roomy=roomy) for index in kept}
        bars = [index for index in kept if _is_bar(table, index)]
        room = width - INDENT - sum(widths.values()) - GAP * (len(kept) - 1)
        shortest = max((len(table.columns[index].head) for index in bars), default=0)
        if room >= max(SHORTEST_BAR, shortest) * len(bars):
            spare = min(room // len(bars), LONGEST_BAR) if bars else 0
            return Fit(kept, [spare if index in bars else widths[index] for index in kept])
        droppable = [index for index in kept if table.columns[index].drop]
        if roomy:
            roomy = False
        elif bars:
            kept = [index for index in kept if index not in bars]
        elif droppable:
            kept.remove(min(droppable, key=lambda index: table.columns[index].drop))
        else:
            return Fit(kept, [], fits=False)


def _natural(table: Table, index: int, *, roomy: bool) -> int:
    if _is_bar(table, index):
        return 0
    column = table.columns[index]
    texts = [cells[index] for cells in table.rows if cells]
    widest = max((len(cell.text) for cell in texts if isinstance(cell, Cell)), default=0)
    return max(widest, len(column.head), column.least if roomy else 0)


def _is_bar(table: Table, index: int) -> bool:
    return any(isinstance(cells[index], Bar) for cells in table.rows if cells)


def _narrow(columns: Sequence[Column], rows: Sequence[tuple[Content, ...]], width: int) -> list[Line]:
    """What no column can give up, in lines that fit."""
    texts = [tuple(cell if isinstance(cell, Cell) else Cell("") for cell in cells) for cells in rows]
    if not any(column.head for column in columns):
        texts.insert(0, (Cell(""),) * len(columns))
    found = narrowed(columns, texts, width - INDENT, GAP)
    aligns = [column.align for column in columns]
    return [_line(cells, found.widths, aligns) if len(cells) > 1 else _alone(cells) for cells in found.rows]


def _alone(cells: Sequence[Cell]) -> Line:
    """One text on a line of its own, or a gap."""
    return [(" " * INDENT, ""), *((cell.text, cell.style) for cell in cells)]


def _line(cells: Sequence[Content], widths: Sequence[int], aligns: Sequence[Align], *, unicode: bool = True) -> Line:
    line: Line = [(" " * INDENT, "")]
    for place, (cell, width, align) in enumerate(zip(cells, widths, aligns, strict=True)):
        line += [(" " * GAP, "")] if place else []
        spans = bar_text(cell, width, unicode=unicode) if isinstance(cell, Bar) else [(cell.text, cell.style)]
        blank = " " * max(0, width - sum(len(text) for text, _ in spans))
        line += [(blank, ""), *spans] if align == "right" else [*spans, (blank, "")]
    return line
