"""The cases of a claim as a page shows them: bars that say what they show, and what the clock said of the same cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from inception_analyzer.claims.judging import Judged
from inception_analyzer.claims.model import Condition
from inception_analyzer.inquiry import Answered, Question
from inception_analyzer.report import explained, timed
from inception_analyzer.report.document import Bar, Column, Content, Note, Table, bold, dim, row, table
from inception_analyzer.report.lengths import drawn, lengths_of
from inception_analyzer.report.measured import ratio_texts
from inception_analyzer.report.measurements import VERDICTS
from inception_analyzer.report.views.sheets import Field, Sheet, sheets_of

# What the clock said, a row for each question; a terminal has no room for it on one line.
HEADS = (
    Column("measured here", "left"),
    Column("counted"),
    Column("by roof", drop=1),
    Column("bound, share of roof reached", "left", drop=2),
    Column("took"),
    Column("95 % interval", "left"),
    Column("verdict", "left"),
)


def cases_of(judged: Judged) -> tuple[Sheet | Note, ...]:
    """Every case that was tried."""
    conditions = judged.finding.conditions
    found = sheets_of(explained.cases(judged.finding))
    return tuple(_drawn(one, conditions) if isinstance(one, Sheet) else one for one in found)


def measured_of(judged: Judged) -> tuple[Sheet | Note, ...]:
    """What the clock said, and what is to be known of it; whose claim it is need not be told, as it stands in its claim."""
    asked = [(one, judged.answers.get(one.name)) for one in judged.claim.asks()]
    rows = [_row(one, answer) for one, answer in asked if isinstance(answer, Answered)]
    notes = [one for one in timed.sections([judged]) if not isinstance(one, Table)]
    return sheets_of([*([_without_blanks(table(HEADS, rows))] if rows else []), *notes])


def told_by_cases(judged: Judged) -> bool:
    """Whether every ratio that was measured stands among the cases already."""
    known = {(one.value.value, one.value.low, one.value.high) for one in judged.finding.conditions}
    ratios = [answer.against.ratio for answer in judged.answers.values() if isinstance(answer, Answered)]
    return bool(ratios) and all((one.point, one.low, one.high) in known for one in ratios)


def _row(question: Question, answer: Answered) -> tuple[Content, ...]:
    against = answer.against
    took, spread = ratio_texts(against.ratio)
    return row(
        timed.what_of(question),
        dim(timed.factor_text(timed.counted_ratio(question))),
        dim(timed.factor_text(answer.roof_ratio)),
        dim(timed.bound_of(answer)),
        bold(took) if against.verdict in timed.DECIDED else dim(f"~ {took}"),
        dim(spread),
        VERDICTS[against.verdict][0],
    )


def _without_blanks(one: Table) -> Table:
    """Columns that say something in one row at least."""
    kept = [at for at in range(len(one.columns)) if any(cells[at] != dim("") for cells in one.rows)]
    return Table(tuple(one.columns[at] for at in kept), tuple(tuple(cells[at] for at in kept) for cells in one.rows))


def _drawn(one: Sheet, conditions: Sequence[Condition]) -> Sheet:
    """Bars from 0 on one scale, with a mark at 1 where that is no change; what was found is sorted as it is drawn."""
    bars = lengths_of(conditions)
    if bars is None or len(one.lines) != len(conditions):
        return one
    values = [None if length is None else drawn(case.value) for length, case in zip(bars.lengths, conditions, strict=True)]
    relative = bars.head.endswith(" left") or bars.head.startswith("ratio ")
    longest = max([1.0 if relative else 0.0, *(value for value in values if value is not None)])
    mark = 1 / longest if relative else None
    head = f"{bars.head}, {'mark at 1' if relative else 'from 0'}"
    columns = (*one.columns[:-1], replace(one.columns[-1], head=head))
    found = next(at for at, column in enumerate(one.columns) if column.head == "found")
    lines = tuple(
        replace(line, fields=tuple(_field(field, at == found, value, longest, mark) for at, field in enumerate(line.fields)))
        for line, value in zip(one.lines, values, strict=True)
    )
    return replace(one, columns=columns, lines=lines)


def _field(one: Field, found: bool, value: float | None, longest: float, mark: float | None) -> Field:
    if value is None:
        return one
    if one.bar is None:
        return replace(one, value=value) if found else one
    return replace(one, bar=Bar(value / longest, one.bar.color), mark=mark, value=value)
