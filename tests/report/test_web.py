"""Pages and LaTeX: the same rows, everything escaped, nothing fetched."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from inception_analyzer import results
from inception_analyzer.report import latex, web
from inception_analyzer.report.document import Bar, Cell, Column, Document, Flat, Note, Table

EVIL = "<script>alert('x')</script>&\"{{ 7*7 }}"


class Pieces(HTMLParser):
    """Tags that are open, all tags seen, and the text of cells."""

    VOID = frozenset({"meta", "br", "img", "link", "hr", "input"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.text: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("src", "href")]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if data.strip() and self.open[-1] != "style":
            self.text.append(data.strip())


def parsed(page: str) -> Pieces:
    pieces = Pieces()
    pieces.feed(page)
    assert pieces.open == []
    return pieces


def evil() -> Document:
    cells = (Cell(EVIL, "bold"), Cell(EVIL), Bar(0.5, "v3", 0.25))
    table = Table((Column(EVIL, "left"), Column(EVIL), Column("")), (cells, ()), EVIL)
    return Document("show", EVIL, EVIL, (EVIL,), (table, Note((EVIL,)), Note((EVIL,), "code")), lambda: Flat((), ()), dict)


@pytest.mark.parametrize("render", [web.render, web.fragment])
def test_data_never_becomes_markup(render) -> None:
    page = render(evil())
    pieces = parsed(page)
    assert "script" not in pieces.tags
    assert pieces.text.count(EVIL) >= 7
    assert "49" not in " ".join(pieces.text)


def test_a_page_holds_every_cell_and_asks_for_nothing() -> None:
    document = results.compare("v1", "v3").document
    pieces = parsed(web.render(document))
    said = "\n".join(pieces.text)
    tables = [section for section in document.sections if isinstance(section, Table)]
    for cell in (cell for table in tables for cells in table.rows for cell in cells if isinstance(cell, Cell)):
        assert cell.text.lstrip("├└│─ ") in said
    assert pieces.links == []
    assert "url(" not in web.render(document)


def test_bars_are_as_long_as_they_say() -> None:
    widths = re.findall(r'style="width:([\d.]+)%', web.render(evil()))
    assert widths == ["50.00", "25.00"]


def test_latex_escapes_what_it_must() -> None:
    text = latex.render(evil())
    assert r"\{\{ 7*7 \}\}" in text
    bare = re.sub(r"\\[&%#_{}$]", "", text.replace("verbatim", ""))
    rows = [line for line in bare.splitlines() if line.endswith(r"\\")]
    assert rows
    assert all(line.count("&") == 1 for line in rows)  # two columns, as a bar has none
    assert text.count(r"\begin{tabular}") == text.count(r"\end{tabular}") == 1
