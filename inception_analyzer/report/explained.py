"""What `explain` answers: one claim with its sources, every case in which it was tried, and the grounds of its verdict."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

from inception_analyzer.claims import HANDLES
from inception_analyzer.claims.derived import rewrites
from inception_analyzer.claims.judging import Judged
from inception_analyzer.claims.model import Claim, Condition, Finding, SubCheck
from inception_analyzer.claims.texts import TEXTS
from inception_analyzer.passes import Rewritten
from inception_analyzer.report import timed, verified
from inception_analyzer.report.amounts import amount_text, full_sentence, sentence_text
from inception_analyzer.report.document import Bar, Cell, Column, Content, Document, Flat, Note, Table, bold, dim, row, table
from inception_analyzer.report.lengths import lengths_of
from inception_analyzer.report.quantity import many, signed
from inception_analyzer.report.records import Record
from inception_analyzer.report.verdicts import FITS, LOOKS
from inception_analyzer.rules import Rule, rules_of

FEW = 2  # replacements of one pass that are told one by one
CONDITION_COLUMNS = ("id", "verdict", "when", "value", "kind", "text", "fit")


def document(judged: Judged, machine: Mapping[str, Any] | None = None) -> Document:
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
            *_derivation(claim),
            *_checks(judged),
            *timed.sections([judged], machine),
            *_ways_on(judged),
        ),
        flat=lambda: Flat(CONDITION_COLUMNS, tuple(_lines(judged))),
        data=lambda: verified.data([judged], machine),
    )


def _lines(judged: Judged) -> Iterator[Record]:
    """Every case of the claim and of its narrower statements; what has no cases is one line with what was found."""
    (whole,) = verified.data([judged], None)["claims"]
    for one in (whole, *whole["checks"]):
        about = {"id": one["id"], "verdict": one["verdict"]}
        for case in one["conditions"] or ({"when": one["statement"], "text": one["found"]},):
            yield {**about, **case}


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


def cases(finding: Finding, *, barred: bool = True) -> tuple[Table, ...]:
    """Every case with its figure, both sides of it where all have the same two, and a bar where one can be drawn."""
    conditions = finding.conditions
    if not conditions:
        return ()
    names = [name for name, _ in conditions[0].parts]
    shared = names if all([name for name, _ in one.parts] == names for one in conditions) else []
    drawn = lengths_of(conditions) if barred else None
    lengths = drawn.lengths if drawn else (None,) * len(conditions)
    heads = (
        Column("where", "left"),
        *(Column(name, drop=1) for name in shared),
        Column("found"),
        Column("", "left"),
        *((Column(drawn.head, "left"),) if drawn else ()),
    )
    rows = [_case(one, shared, length)[: len(heads)] for one, length in zip(conditions, lengths, strict=True)]
    return (replace(table(heads, rows), below=True),)


def _case(condition: Condition, shared: Sequence[str], length: float | None) -> tuple[Content, ...]:
    sign, style = FITS[condition.fit]
    parts = [dim(amount_text(part)) for _, part in condition.parts] if shared else []
    bar = Cell("") if length is None else Bar(length, style if style != "dim" else "ref")
    return (
        *row(
            Cell(condition.when, "dim" if condition.fit == "aside" else ""),
            *parts,
            bold(amount_text(condition.value)),
            Cell(sign, style),
        ),
        bar,
    )


def _derivation(claim: Claim) -> tuple[Note, ...]:
    """How networks that are timed were rewritten: by which pass, at how many places, from what to what."""
    lines = [f"{one.network.label}: {_passes(one)}" for one in rewrites(claim) if one.derivation]
    return (Note(("*derived*", *lines), ""),) if lines else ()


def _passes(rewritten: Rewritten) -> str:
    by_name = groupby(rules_of(rewritten.derivation), key=lambda rule: rule.name)
    told = [text for name, rules in by_name for text in _replacements(name, list(rules))]
    heads = sum(step.aux for step in rewritten.derivation)
    return "; ".join([*told, *([f"{many(heads, 'place')} in auxiliary heads"] if heads else [])])


def _replacements(name: str, rules: Sequence[Rule]) -> list[str]:
    """What a pass replaces, each with the places; of one that replaces this and that only how much it does."""
    if len(rules) > FEW or rules[0].text == name:
        places, macs = sum(len(rule.steps) for rule in rules), sum(rule.macs for rule in rules)
        return [f"{name} at {many(places, 'place')}{_more(macs)}"]
    return [f"{rule.text} by {name} at {many(len(rule.steps), 'place')}{_more(rule.macs)}" for rule in rules]


def _more(macs: int) -> str:
    return f", {signed(macs)} multiply-adds" if macs else ", as many multiply-adds"


def _checks(judged: Judged) -> tuple[Table | Note, ...]:
    """The narrower statements of the texts, each with its own verdict; then why, with the cases of what does not hold."""
    if not judged.checks:
        return ()
    heads = (Column("", "left"), Column("also said", "left"), Column("printed", "left"), Column("found here", "left"))
    rows = []
    for check, finding in judged.checks:
        look = LOOKS[finding.verdict]
        rows.append(row(Cell(look.sign, look.style), f".{check.name}", check.claimed, sentence_text(finding.found)))
    return (table(heads, rows), *_grounds_of(judged.checks))


def _grounds_of(checks: Sequence[tuple[SubCheck, Finding]]) -> Iterator[Table | Note]:
    """Statements and reasons in one paragraph, which is broken by the cases of the last of them."""
    lines: list[str] = []
    for check, finding in checks:
        lines.append(f".{check.name}: {check.statement} {full_sentence(finding.reason)}")
        told = telling_cases(finding)
        if told:
            yield Note(tuple(lines))
            yield from told
            lines = []
    if lines:
        yield Note(tuple(lines))


def telling_cases(finding: Finding) -> tuple[Table, ...]:
    """The cases of a narrower statement that depends or does not reproduce, if they say more than its reason."""
    if finding.verdict not in ("depends", "does-not-reproduce"):
        return ()
    said = f"{sentence_text(finding.found)} {sentence_text(finding.reason)}"
    alone = len(finding.conditions) == 1 and amount_text(finding.conditions[0].value) in said
    return () if alone else cases(finding, barred=False)


def _ways_on(judged: Judged) -> tuple[Note, ...]:
    claim = judged.claim
    lines = [f"see also: {'  '.join(claim.see)}"] if claim.see else []
    if claim.asks() and not judged.answers:
        lines.append(f"measured too by: inception-analyze explain {HANDLES[claim.id]} --measure")
    return (Note(tuple(lines)),) if lines else ()
