"""Documents as lines: columns that fit, bars to scale, bold over line ends, ASCII of equal length."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inception_analyzer.report import markdown
from inception_analyzer.report.columns import bar_text
from inception_analyzer.report.document import Bar, Cell, Column, Document, Flat, Note, Table, bold, row, table
from inception_analyzer.report.style import ASCII, to_ascii
from inception_analyzer.report.terminal import Surface, broken, render


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


def test_scarce_room_takes_bars_then_minor_columns_then_a_line_for_each_name() -> None:
    assert "█" not in "".join(lines_of(table(COLUMNS, ROWS), 29))
    assert "minor" in lines_of(table(COLUMNS, ROWS), 22)[0]
    assert "minor" not in lines_of(table(COLUMNS, ROWS), 21)[0]
    assert lines_of(table(COLUMNS, ROWS), 14)[3:5] == ["  second", "             5"]


def test_columns_without_room_are_told() -> None:
    told = "  1 column left out: a wider terminal shows it, or --format markdown"
    assert told in render(document(table((*COLUMNS[:3], Column("x" * 70)), [row(*"abcd")])), Surface(80)).splitlines()


LONG = Column("a head that is long", "left")
WORDY = [row("├─ one label that runs on", "12.345 G", "by a text that runs on too"), (), row("two", "5", "")]


@pytest.mark.parametrize("width", [30, 34, 40, 50, 60])
@pytest.mark.parametrize("minor", [Column("minor", "left"), Column("a minor", "right")])
def test_narrow_lines_hold_every_word_and_fit(width: int, minor: Column) -> None:
    lines = lines_of(table((LONG, Column("value"), minor), WORDY), width)
    assert max(map(len, lines)) <= width
    assert set(" ".join(cell.text for cells in WORDY for cell in cells if isinstance(cell, Cell)).split()) <= set(
        " ".join(lines).split()
    )


def test_a_label_without_room_stands_before_its_numbers() -> None:
    columns = (Column("counted", "left"), Column("v1"), Column("v3"), Column("v3 / v1"))
    lines = lines_of(table(columns, [row("  kept for later", "10.64 M", "23.84 M", "2.24x")]), 36)
    assert lines == ["  counted       v1       v3  v3 / v1", "    kept for later", "           10.64 M  23.84 M    2.24x"]


def test_a_handle_stays_with_its_label() -> None:
    columns = (Column("", "left"), Column("the paper says", "left"), Column("id", "left"))
    lines = lines_of(table(columns, [row("A2", "two 3x3 for one 5x5 save 28 %", "two-3x3-save-28-at-any")]), 40)
    assert lines[2] == "  A2  two 3x3 for one 5x5 save 28 %"
    assert "two-3x3-save-28-at-any" in lines[3]


def test_titles_and_conditions_are_broken_not_cut() -> None:
    long = Document(
        "test", "claims of the papers, against what is built", "counted exactly · batch 1", (), (), lambda: Flat((), ()), dict
    )
    assert render(long, Surface(40)).splitlines()[:3] == [
        "claims of the papers, against what is",
        "  built",
        "     counted exactly · batch 1".rjust(40),
    ]
    short = render(long, Surface(64)).splitlines()
    assert short[0].endswith("  counted exactly")
    assert short[1] == "batch 1".rjust(64)


def test_a_star_of_the_text_is_no_mark() -> None:
    assert broken("*Handle or id:* verify A2, verify 'B*', explain two", 30)[-1].count("*") == 1


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
