"""The cases of a claim as a page shows them: bars that say what they show, and what the clock said of the same cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from inception_analyzer.claims.judging import Judged
from inception_analyzer.claims.model import Condition, Kind
from inception_analyzer.inquiry import Answered
from inception_analyzer.report import explained, timed
from inception_analyzer.report.document import Bar, Note, Table
from inception_analyzer.report.views.sheets import Field, Sheet, sheets_of

# What a bar beside a case shows; those of ratios have a mark where nothing would change.
AGAINST_ONE: dict[Kind, str] = {
    "ratio": "ratio, mark at 1",
    "saving": "what is left, mark at 1",
    "less": "what is left, mark at 1",
}
ABSOLUTE = "found, from 0"


def cases_of(judged: Judged) -> tuple[Sheet | Note, ...]:
    """Every case that was tried."""
    conditions = judged.finding.conditions
    found = sheets_of(explained.cases(judged.finding))
    return tuple(_drawn(one, conditions) if isinstance(one, Sheet) else one for one in found)


def measured_of(judged: Judged) -> tuple[Sheet | Note, ...]:
    """What the clock said; whose claim it is need not be told in every row, as it stands in its claim."""
    found = timed.sections([judged])
    return sheets_of([_anonymous(one) if isinstance(one, Table) else one for one in found])


def told_by_cases(judged: Judged) -> bool:
    """Whether every ratio that was measured stands among the cases already."""
    known = {(one.value.value, one.value.low, one.value.high) for one in judged.finding.conditions}
    ratios = [answer.against.ratio for answer in judged.answers.values() if isinstance(answer, Answered)]
    return bool(ratios) and all((one.point, one.low, one.high) in known for one in ratios)


def _anonymous(one: Table) -> Table:
    return Table(one.columns[1:], tuple(cells[1:] for cells in one.rows), one.title)


def _drawn(one: Sheet, conditions: Sequence[Condition]) -> Sheet:
    """What was found sorted by its value, and bars from 0 on one scale, which reaches 1 where 1 means something."""
    if len(one.lines) != len(conditions):
        return one
    head = AGAINST_ONE.get(conditions[0].value.kind, ABSOLUTE)
    values = [explained.drawn(condition.value) for condition in conditions]
    longest = max([*values, 0.0 if head == ABSOLUTE else 1.0]) or 1.0
    mark = None if head == ABSOLUTE else 1 / longest
    bars = {at for line in one.lines for at, field in enumerate(line.fields) if field.bar}
    found = next((at for at, column in enumerate(one.columns) if column.head == "found"), -1)
    columns = tuple(replace(column, head=head) if at in bars else column for at, column in enumerate(one.columns))
    lines = tuple(
        replace(line, fields=tuple(_field(field, at == found, value, longest, mark) for at, field in enumerate(line.fields)))
        for line, value in zip(one.lines, values, strict=True)
    )
    return replace(one, columns=columns, lines=lines)


def _field(one: Field, found: bool, value: float, longest: float, mark: float | None) -> Field:
    if one.bar is None:
        return replace(one, value=value) if found else one
    return replace(one, bar=Bar(value / longest, one.bar.color), mark=mark, value=value)
