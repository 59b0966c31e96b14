"""Tables as a page shows them: what they are sorted by, what stays in place, and what a bar beside a case says."""

from __future__ import annotations

import pytest

from inception_analyzer.report import weighed
from inception_analyzer.report.document import Bar, Cell, Column, Table, row, table
from inception_analyzer.report.views.cases import cases_of, measured_of, told_by_cases
from inception_analyzer.report.views.sheets import Sheet, sheet, sheets_of
from inception_analyzer.report.views.worth import worth
from tests.report import stories

NETWORKS = (Column("network", "left"), Column("took"), Column("95 %", "left", drop=1), Column("verdict", "left"))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.38 G", 1.38e9),
        ("5,713", 5713),
        ("+453\u00a0M", 453e6),
        ("−3.1\u00a0%", -0.031),
        ("3.61×", 3.61),
        ("~ 1.006x", 1.006),
        ("112 ms [109, 116]", 0.112),
        ("95.3 MiB", 95.3 * 2**20),
        ("40 GB/s", 40e9),
        ("2015", 2015),
    ],
)
def test_a_number_is_read_with_its_unit(text: str, value: float) -> None:
    assert worth(text) == pytest.approx(value)


@pytest.mark.parametrize("text", ["", "=", "35×35", "224 × 224", "3×3 + 3×3 → 5×5", "28 % less to 80 % more", "10 of 20", "v3"])
def test_words_are_no_numbers(text: str) -> None:
    assert worth(text) is None


def test_a_trace_is_less_than_its_limit() -> None:
    assert 0 < worth("<0.1 %") < worth("0.1 %")  # type: ignore[operator]


def test_heads_sums_and_gaps_are_told_from_rows() -> None:
    found = sheet(
        table(
            NETWORKS,
            [
                row("inference, batch 1", "", "", ""),
                row("  v1", "41 ms", "[40, 42]", ""),
                row("  v3", "112 ms", "[109, 116]", Cell("slower", "bad")),
                (),
                row("v4", "1 ms", "", "same within 2 %"),
                row("total", "154 ms", "", ""),
                row("", "3 more", "", ""),
            ],
        )
    )
    assert [line.kind for line in found.lines] == ["part", "row", "row", "gap", "row", "last", "last"]
    assert (found.rows, found.sortable) == (3, True)


def test_an_interval_stands_under_its_number() -> None:
    found = sheet(table(NETWORKS, [row("v1", "41 ms", "[40, 42]", ""), row("v3", "", "", "")]))
    assert [column.head for column in found.columns] == ["network", "took, 95 %", "verdict"]
    assert [(one.text, one.spread, one.value) for one in found.lines[0].fields][1] == ("41 ms", "[40, 42]", 0.041)
    assert found.lines[1].fields[1].spread == ""
    (alone,) = sheet(table((Column("found"),), [row("0.44x [0.40, 0.46]")])).lines[0].fields
    assert (alone.text, alone.spread) == ("0.44x", "[0.40, 0.46]")


def test_the_clock_has_no_verdict_colours() -> None:
    found = sheet(table(NETWORKS, [row("v1", "41 ms", "", Cell("faster", "good")), row("v3", "9 ms", "", Cell("✗", "bad"))]))
    assert [line.fields[-1].style for line in found.lines] == ["", "bad"]


def test_rows_that_are_set_in_belong_to_the_one_above() -> None:
    rows = [row("multiply-adds", "1.58 G"), row("  at 224 x 224", "1.58 G"), row("parameters", "7 M")]
    assert not sheet(table((Column("counted", "left"), Column("v1")), rows)).sortable
    assert not sheet(table((Column("counted", "left"), Column("v1")), rows[:1])).sortable


def test_rows_say_whose_they_are_and_long_tables_wait() -> None:
    _, blocks = sheets_of(weighed.document(stories.memories()).sections)
    assert isinstance(blocks, Sheet)
    names = [(line.kind, line.fields[0].text) for line in blocks.lines[:6]]
    assert names == [*[("row", "v1")] * 4, ("last", ""), ("row", "bn")]
    assert blocks.long
    assert blocks.told == "kept for backward: 28 rows"


def test_a_bar_is_sorted_by_its_whole_length() -> None:
    rows = [(Cell("v1"), Bar(0.5, "v1", 0.25)), (Cell("v3"), Bar(0.5, "v3"))]
    found = sheet(Table((Column("network", "left"), Column("multiply-adds", "left")), tuple(rows)))
    assert [line.fields[1].value for line in found.lines] == [0.75, 0.5]


def test_the_memory_of_training_has_its_unit_in_the_heads() -> None:
    kinds, _ = weighed.document(stories.memories()).sections
    assert isinstance(kinds, Table)
    assert [column.head for column in kinds.columns][1:3] == ["weights, MiB", "gradients, MiB"]
    assert [cell.text for cell in kinds.rows[0] if isinstance(cell, Cell)][:3] == ["v1", "128", "128"]


def test_bars_of_cases_share_a_scale_with_a_mark_at_one() -> None:
    (found,) = cases_of(stories.answered("two-3x3-save-28"))
    assert isinstance(found, Sheet)
    assert found.columns[-1].head == "multiply-adds left, mark at 1"
    first, second = (line.fields[-1] for line in found.lines[:2])
    assert first.bar is not None
    assert second.bar is not None
    assert first.mark is not None
    assert first.bar.length / first.mark == pytest.approx(0.72)  # saves 28 %
    assert second.bar.length > first.bar.length  # saves less, so more is left


def test_what_the_clock_said_is_told_once_and_under_no_handle() -> None:
    judged = stories.answered("factorized-latency-by-grid")
    cases, measured = cases_of(judged)[0], measured_of(judged)[0]
    assert isinstance(cases, Sheet)
    assert isinstance(measured, Sheet)
    assert cases.columns[-1].head == "ratio of time, mark at 1"
    assert told_by_cases(judged)
    assert measured.columns[0].head == "measured here"
    assert not told_by_cases(stories.answered("two-3x3-save-28"))
