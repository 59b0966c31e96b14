"""What `explain` answers: one claim with its sources, every case in which it was tried, and the grounds of its verdict."""

from __future__ import annotations

from collections.abc import Sequence

from inception_analyzer.claims import HANDLES
from inception_analyzer.claims.judging import Judged
from inception_analyzer.claims.model import Amount, Condition, Finding
from inception_analyzer.claims.texts import TEXTS
from inception_analyzer.report import timed, verified
from inception_analyzer.report.amounts import amount_text, full_sentence, sentence_text
from inception_analyzer.report.document import Bar, Cell, Column, Content, Document, Flat, Note, Table, bold, dim, row, table
from inception_analyzer.report.verdicts import FITS, LOOKS

CONDITION_COLUMNS = ("id", "when", "value", "kind", "text", "fit")


def document(judged: Judged) -> Document:
    """Why a claim is judged as it is."""
    claim, look = judged.claim, LOOKS[judged.finding.verdict]
    return Document(
        command="explain",
        title=f"{look.sign} {look.word}  {claim.id}",
        conditions=HANDLES[claim.id],
        finding=(f"“{claim.statement}”", f"*{full_sentence(judged.finding.reason)}*", *verified.differing([judged])),
        sections=(
            Note(tuple(_source(source.text, source.place, source.says) for source in claim.sources)),
            _grounds(judged),
            *cases(judged.finding),
            *_checks(judged),
            *timed.sections([judged]),
            *_ways_on(judged),
        ),
        flat=lambda: Flat(
            CONDITION_COLUMNS,
            tuple({"id": claim.id, **one} for one in verified.data([judged], None)["claims"][0]["conditions"]),
        ),
        data=lambda: verified.data([judged], None),
    )


def bars(conditions: Sequence[Condition]) -> list[float] | None:
    """Lengths from 0 to 1 for cases of one kind that can be drawn side by side; a saving is drawn as what is left."""
    kinds = {condition.value.kind for condition in conditions}
    if len(conditions) < 2 or len(kinds) != 1 or kinds & {"error"}:
        return None
    values = [drawn(condition.value) for condition in conditions]
    longest = max(values)
    return [value / longest for value in values] if longest > 0 and min(values) >= 0 else None


def drawn(amount: Amount) -> float:
    """The length that stands for an amount."""
    return 1 - amount.value if amount.kind in ("saving", "less") else amount.value


def _source(text: str, place: str, says: str) -> str:
    return f"{TEXTS[text]}, {place}" + (f": {says}" if says else "")


def _grounds(judged: Judged) -> Note:
    claim = judged.claim
    lines = (
        ("printed", claim.claimed),
        ("found here", sentence_text(judged.finding.found)),
        ("holds when", claim.holds_when),
        ("form", claim.form),
        ("built", claim.built),
    )
    return Note(tuple(f"*{name}*: {text}" for name, text in lines if text), "")


def cases(finding: Finding) -> tuple[Table, ...]:
    """Every case with its figure, both sides of it where all have the same two, and a bar where one can be drawn."""
    conditions = finding.conditions
    if not conditions:
        return ()
    names = [name for name, _ in conditions[0].parts]
    shared = names if all([name for name, _ in one.parts] == names for one in conditions) else []
    lengths = bars(conditions)
    heads = (
        Column("where", "left"),
        *(Column(name, drop=1) for name in shared),
        Column("found"),
        Column("", "left"),
        *((Column("", "left"),) if lengths else ()),
    )
    rows = [_case(one, shared, lengths[index] if lengths else None) for index, one in enumerate(conditions)]
    return (table(heads, rows),)


def _case(condition: Condition, shared: Sequence[str], length: float | None) -> tuple[Content, ...]:
    sign, style = FITS[condition.fit]
    parts = [dim(amount_text(part)) for _, part in condition.parts] if shared else []
    bar = [] if length is None else [Bar(length, style if style != "dim" else "ref")]
    return (
        *row(
            Cell(condition.when, "dim" if condition.fit == "aside" else ""),
            *parts,
            bold(amount_text(condition.value)),
            Cell(sign, style),
        ),
        *bar,
    )


def _checks(judged: Judged) -> tuple[Table, ...]:
    """The narrower statements of the texts, each with its own verdict."""
    if not judged.checks:
        return ()
    heads = (Column("", "left"), Column("also said", "left"), Column("printed", "left"), Column("found here", "left"))
    rows = []
    for check, finding in judged.checks:
        look = LOOKS[finding.verdict]
        rows.append(row(Cell(look.sign, look.style), f".{check.name}", check.claimed, sentence_text(finding.found)))
    return (table(heads, rows),)


def _ways_on(judged: Judged) -> tuple[Note, ...]:
    claim = judged.claim
    said = [f".{check.name}: {check.statement} {full_sentence(finding.reason)}" for check, finding in judged.checks]
    lines = [f"see also: {'  '.join(claim.see)}"] if claim.see else []
    if claim.asks() and not judged.answers:
        lines.append(f"measured too by: inception-analyze explain {HANDLES[claim.id]} --measure")
    return (*((Note(tuple(said)),) if said else ()), *((Note(tuple(lines)),) if lines else ()))
