"""Documents as lines: columns that fit, bars to scale, bold over line ends, ASCII of equal length."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inception_analyzer.report import markdown
from inception_analyzer.report.document import Bar, Cell, Column, Document, Flat, Note, Table, bold, row, table
from inception_analyzer.report.style import ASCII, to_ascii
from inception_analyzer.report.terminal import Surface, bar_text, broken, render


def document(*sections: Table | Note) -> Document:
    return Document("test", "title", "conditions", ("the *finding*",), sections, lambda: Flat((), ()), dict)


def lines_of(section: Table | Note, width: int = 80, *, unicode: bool = True) -> list[str]:
    return render(document(section), Surface(width, unicode=unicode)).splitlines()[4:]


COLUMNS = (Column("name", "left", least=12), Column("value"), Column("minor", drop=1), Column("", "left"))
ROWS = [row("first", "1,234", "x", Bar(1.0, "v3")), row("second", "5", "yy", Bar(0.5, "v3"))]


def test_numbers_are_right_and_text_is_left() -> None:
    head, first, second = (line[:22] for line in lines_of(table(COLUMNS, ROWS)))
    assert head == "  name          value "
    assert first == "  first         1,234 "
    assert second == "  second            5 "


def test_bars_take_what_is_left_and_keep_their_scale() -> None:
    _, first, second = lines_of(table(COLUMNS, ROWS), 60)
    assert len(first) <= 60
    assert first.count("█") == 2 * second.count("█")


def test_scarce_room_takes_bars_then_minor_columns_then_names() -> None:
    assert "█" not in "".join(lines_of(table(COLUMNS, ROWS), 29))
    assert "minor" in lines_of(table(COLUMNS, ROWS), 22)[0]
    assert "minor" not in lines_of(table(COLUMNS, ROWS), 21)[0]
    assert "…" in lines_of(table(COLUMNS, ROWS), 14)[2]


def test_a_trace_is_told_from_nothing() -> None:
    assert "".join(text for text, _ in bar_text(Bar(1e-6, "v3"), 20)) == "▏"
    assert "".join(text for text, _ in bar_text(Bar(0.0, "v3"), 20)) == ""
    assert "".join(text for text, _ in bar_text(Bar(1e-6, "v3"), 20, unicode=False)) == "."


def test_a_twin_adds_to_the_bar() -> None:
    assert "".join(text for text, _ in bar_text(Bar(0.5, "v3", 0.25), 8)) == "████░░"
    assert "".join(text for text, _ in bar_text(Bar(0.5, "v3", 0.25), 8, unicode=False)) == "####++"


@given(st.sampled_from(sorted(ASCII)))
def test_ascii_stands_for_every_sign(sign: str) -> None:
    assert to_ascii(sign).isascii()
    assert "?" not in to_ascii(sign)


def test_columns_keep_their_places_in_ascii() -> None:
    rows = [row("a → b", "1", "", Bar(1.0, "v3")), row("a", "2", "", Bar(0.5, "v3"))]
    _, first, second = lines_of(table(COLUMNS, rows), unicode=False)
    assert "a -> b" in first
    assert first.index("1") == second.index("2")


@given(st.floats(0, 1), st.floats(0, 1), st.integers(6, 60), st.booleans())
def test_a_bar_never_leaves_its_column(length: float, more: float, cells: int, unicode: bool) -> None:
    scale = max(1.0, length + more)
    spans = bar_text(Bar(length / scale, "v3", more / scale), cells, unicode=unicode)
    assert sum(len(text) for text, _ in spans) <= cells


@pytest.mark.parametrize("width", [30, 50, 80])
def test_prose_is_broken_between_words(width: int) -> None:
    text = "one sentence that is " + "quite " * 20 + "long"
    pieces = broken(text, width)
    assert " ".join(pieces) == text
    assert max(map(len, pieces)) <= width


def test_bold_goes_on_over_the_end_of_a_line() -> None:
    pieces = broken("before *" + "bold words " * 10 + "end* after", 30)
    assert all(piece.count("*") % 2 == 0 for piece in pieces)


def test_markdown_has_the_same_rows_without_bars() -> None:
    text = markdown.render(document(table(COLUMNS, [*ROWS, row(Cell("a|b"), bold("7"), "", Bar(0.1, "v3"))])))
    assert "| name | value | minor |\n| :-- | --: | --: |\n| first | 1,234 | x |" in text
    assert "| a\\|b | **7** |  |" in text
    assert "the **finding**" in text


def test_markdown_escapes_what_could_be_markup() -> None:
    text = markdown.render(document(table(COLUMNS[:1], [row("<b>*x*</b>")])))
    assert "\\<b\\>\\*x\\*\\</b\\>" in text
