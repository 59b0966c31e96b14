"""A document as Markdown that renders on GitHub: the finding first, then the same tables, the long ones folded."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import replace

from inception_analyzer.report.document import CODE, STAR, Bar, Cell, Content, Document, Note, Table
from inception_analyzer.report.quantity import many
from inception_analyzer.report.views.setting import typeset

NBSP = "\u00a0"
LONGEST = 15  # rows of a table that stands open
COMMAND = "inception-analyze "  # from here to the end of its line a text is what somebody types


def render(document: Document) -> str:
    """The whole answer as Markdown."""
    blocks = [f"### {text(document.title)}", "  \n".join(map(text, document.finding)), *map(section, document.sections)]
    blocks.append(f"<sub>{text(document.conditions)}</sub>" if document.conditions else "")
    return "\n\n".join(filter(None, blocks)) + "\n"


def section(one: Table | Note) -> str:
    """A table or a note; a table too long for a screen is folded, one that is grouped group by group."""
    if isinstance(one, Note):
        return _note(one)
    if one.grouped:
        return "\n\n".join(_group(group, first=index == 0) for index, group in enumerate(_groups(one)))
    rows = sum(bool(cells) for cells in one.rows)
    return _table(one) if rows <= LONGEST else folded(_fold_name(one, rows), _table(one))


def folded(name: str, body: str, *, first: bool = False) -> str:
    """What a reader may open; the first of several is open."""
    head = f"<details{' open' if first else ''}><summary>{html.escape(typeset(name), quote=False)}</summary>"
    return f"{head}\n\n{body}\n\n</details>"


def anchor(title: str) -> str:
    """The name that GitHub gives to a heading."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def escape(text: str) -> str:
    """Text in which nothing is markup."""
    return re.sub(r"([\\|*_`<>\[\]#])", r"\\\1", text)


def text(line: str) -> str:
    """A line as it is set: signs for those of a terminal, `*words*` in bold, a command as code, all else literal."""
    prose, command, rest = line.partition(COMMAND)
    parts = [escape(part.replace(STAR, "*")) for part in re.split(r"\*([^*]+)\*", typeset(prose))]
    told = "".join(f"**{part}**" if index % 2 else part for index, part in enumerate(parts))
    words, gap, more = rest.replace(STAR, "*").partition("  ")
    return told + (f"`{command}{words}`" if command and "`" not in words else escape(command + words)) + gap + escape(more)


def spaced(text: str) -> str:
    """No-break spaces between a number and its unit."""
    return re.sub(r"(?<=\d) (?=(?:%|[TGMK]|MiB|GMAC|MMAC|KMAC)(?:\W|$))", NBSP, text)


def _note(note: Note) -> str:
    if note.style == CODE:
        return "\n".join([f"```{note.language}", *note.lines, "```"])
    return "  \n".join(map(text, note.lines))


def _groups(table: Table) -> Iterator[Table]:
    """The rows between gaps, each under the name that its first row gives."""
    rows: list[tuple[Content, ...]] = []
    for cells in (*table.rows, ()):
        if cells:
            rows.append(cells)
        elif rows:
            head = " ".join(cell.text for cell in rows[0] if isinstance(cell, Cell) and cell.text)
            yield replace(table, rows=tuple(rows[1:]), title="", fold=re.sub(r" {2,}", " ", head))
            rows = []


def _group(table: Table, *, first: bool) -> str:
    return folded(table.fold, _table(table), first=first)


def _fold_name(table: Table, rows: int) -> str:
    """What it is called, or the head of its first column with the number of rows."""
    head = next((column.head for column in table.columns if column.head), "")
    return table.fold or ": ".join(filter(None, [table.title or head, many(rows, "row")]))


def _table(table: Table) -> str:
    kept = [index for index in range(len(table.columns)) if not _is_bar(table, index)]
    heads = [escape(typeset(table.columns[index].head)) or " " for index in kept]
    rules = ["--:" if table.columns[index].align == "right" else ":--" for index in kept]
    rows = [[_cell(cells[index]) for index in kept] for cells in table.rows if cells]
    lines = ["| " + " | ".join(cells) + " |" for cells in (heads, rules, *rows)]
    return "\n".join([*([f"**{text(table.title)}**", ""] if table.title else []), *lines])


def _cell(content: Content) -> str:
    if isinstance(content, Bar):
        return ""
    set_text = escape(typeset(_untreed(content.text)))
    return f"**{set_text}**" if "bold" in content.style.split() and set_text.strip() else set_text


def _untreed(text: str) -> str:
    """The lines of a tree as indentation that Markdown keeps."""
    bare = text.lstrip("├└│─ ")
    return NBSP * (2 * (len(text) - len(bare)) // 3) + bare


def _is_bar(table: Table, index: int) -> bool:
    return any(isinstance(row[index], Bar) for row in table.rows if row)
