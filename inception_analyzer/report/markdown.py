"""A document as Markdown that renders on GitHub: the finding first, then the same tables."""

from __future__ import annotations

import re

from inception_analyzer.report.document import CODE, STAR, Bar, Content, Document, Note, Table

NBSP = "\u00a0"


def render(document: Document) -> str:
    """The whole answer as Markdown."""
    blocks = [f"### {escape(document.title)}"]
    if document.finding:
        blocks.append(spaced("  \n".join(marks(text) for text in document.finding)))
    blocks += map(section, document.sections)
    blocks.append(f"<sub>{escape(document.conditions)}</sub>")
    return "\n\n".join(blocks) + "\n"


def section(one: Table | Note) -> str:
    """A table or a note."""
    return _table(one) if isinstance(one, Table) else _note(one)


def anchor(title: str) -> str:
    """The name that GitHub gives to a heading."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def escape(text: str) -> str:
    """Text in which nothing is markup."""
    return re.sub(r"([\\|*_`<>\[\]#])", r"\\\1", text)


def marks(text: str) -> str:
    """`*words*` in bold, everything else literal."""
    parts = re.split(r"\*([^*]+)\*", text)
    told = [escape(part.replace(STAR, "*")) for part in parts]
    return "".join(f"**{part}**" if index % 2 else part for index, part in enumerate(told))


def spaced(text: str) -> str:
    """No-break spaces between a number and its unit."""
    return re.sub(r"(?<=\d) (?=(?:%|[TGMK]|MiB|GMAC|MMAC|KMAC)(?:\W|$))", NBSP, text)


def _note(note: Note) -> str:
    if note.style == CODE:
        return "\n".join(["```python", *note.lines, "```"])
    return spaced("  \n".join(marks(line) for line in note.lines))


def _table(table: Table) -> str:
    kept = [index for index in range(len(table.columns)) if not _is_bar(table, index)]
    heads = [escape(table.columns[index].head) or " " for index in kept]
    rules = ["--:" if table.columns[index].align == "right" else ":--" for index in kept]
    rows = [[_cell(cells[index]) for index in kept] for cells in table.rows if cells]
    lines = ["| " + " | ".join(cells) + " |" for cells in (heads, rules, *rows)]
    return "\n".join([*([f"**{escape(table.title)}**", ""] if table.title else []), *lines])


def _cell(content: Content) -> str:
    if isinstance(content, Bar):
        return ""
    text = spaced(escape(_untreed(content.text)))
    return f"**{text}**" if "bold" in content.style.split() and text.strip() else text


def _untreed(text: str) -> str:
    """The lines of a tree as indentation that Markdown keeps."""
    bare = text.lstrip("├└│─ ")
    return NBSP * (2 * (len(text) - len(bare)) // 3) + bare


def _is_bar(table: Table, index: int) -> bool:
    return any(isinstance(row[index], Bar) for row in table.rows if row)
