"""Text as a page sets it: signs that a terminal has no room for, and spaces that do not break before a unit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from inception_analyzer.report.document import CODE, Cell, Content, Note, Table

# 3.61x, 1x7, nx1, 17x17x768, and no part of an id, a path or an expression
TIMES = re.compile(r"(?<![\w@=.-])(?:\d[\d.,]*x(?:\d+(?:x\d+)*)?|\d+xn|nx(?:\d+|n))(?![\w-]|\.\w)")
BETWEEN = re.compile(r"(?<=\d) x (?=\d)")
MINUS = re.compile(r"(?<![\w.,-])-(?=\d)")
UNIT = re.compile(r"(?<=\d) (?=(?:%|[GMKT]?MACs?\b|[GMKT]\b|[MK]iB\b|GB/s|ms\b|us\b|px\b))")


def typeset(text: str) -> str:
    """`3.61x` with its sign, `- 3` with a minus, and `5.71 G` on one line."""
    crossed = TIMES.sub(lambda found: found[0].replace("x", "×"), BETWEEN.sub(" × ", text))
    return UNIT.sub("\u00a0", MINUS.sub("−", crossed))


def typeset_all(sections: Sequence[Table | Note]) -> tuple[Table | Note, ...]:
    """Tables and notes so set; source stays as it is."""
    return tuple(_table(one) if isinstance(one, Table) else _note(one) for one in sections)


def _note(one: Note) -> Note:
    return one if one.style == CODE else replace(one, lines=tuple(map(typeset, one.lines)))


def _table(one: Table) -> Table:
    columns = tuple(replace(column, head=typeset(column.head)) for column in one.columns)
    rows = tuple(tuple(map(_cell, cells)) for cells in one.rows)
    return replace(one, columns=columns, rows=rows, title=typeset(one.title))


def _cell(content: Content) -> Content:
    return replace(content, text=typeset(content.text)) if isinstance(content, Cell) else content
