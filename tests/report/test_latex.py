"""LaTeX for a paper: signs of its own, nothing that leaks into what follows, tables that can go on overleaf."""

from __future__ import annotations

import re

import pytest

from inception_analyzer import results
from inception_analyzer.report import latex
from inception_analyzer.report.document import Column, Document, Flat, Table, row, table


def document(rows: int) -> Document:
    columns = (Column("name", "left"), Column("value"))
    one = table(columns, [row(f"row {index}", "1") for index in range(rows)])
    return Document("test", "title", "conditions", (), (one,), lambda: Flat((), ()), dict)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("3.61x", r"3.61$\times$"),
        ("takes 3.61x the MACs.", r"takes 3.61$\times$ the MACs."),
        ("299 x 299", r"299 $\times$ 299"),
        ("17x17x768", r"17$\times$17$\times$768"),
        ("3x3,3x3", r"3$\times$3,3$\times$3"),
        ("1x7 + 7x1.", r"1$\times$7 + 7$\times$1."),
        ("6b.7x7.1", "6b.7x7.1"),
        ("mixed_6b.double7x7.2", r"mixed\_6b.double7x7.2"),
        ("two-3x3-save-28", "two-3x3-save-28"),
        ("v3@stem-7x7", "v3@stem-7x7"),
        ("-37.0 K", "$-$37.0 K"),
        ("saves 10-28 %", r"saves 10-28 \%"),
    ],
)
def test_products_have_their_sign_and_names_keep_their_letters(text: str, shown: str) -> None:
    assert latex.escape(text) == shown


def test_the_small_print_ends_where_it_ends() -> None:
    assert latex.render(document(1)).endswith("\n{\\footnotesize conditions\\par}\n")


@pytest.mark.parametrize(("rows", "kind"), [(1, "tabular"), (latex.PAGE, "tabular"), (latex.PAGE + 1, "longtable")])
def test_a_long_table_can_go_on_overleaf(rows: int, kind: str) -> None:
    text = latex.render(document(rows))
    assert re.findall(r"\\(begin|end)\{(\w+)\}", text) == [("begin", kind), ("end", kind)]
    assert ("\\endhead" in text) == (kind == "longtable")
    assert "longtable" in text.splitlines()[1]


@pytest.mark.parametrize("result", [results.compare("v1", "v3"), results.count("v3")], ids=lambda one: one.document.command)
def test_lines_below_a_line_stand_further_in(result: results.Result) -> None:
    (first, *_) = (one for one in result.document.sections if isinstance(one, Table))
    minor = [cells[0].text for cells in first.rows if cells[0].text.startswith("  ")]  # type: ignore[union-attr]
    text = latex.render(result.document)
    assert minor
    assert all(f"\\quad {latex.escape(label.strip())} &" in text for label in minor)
    assert text.count("\\quad") == len(minor)
