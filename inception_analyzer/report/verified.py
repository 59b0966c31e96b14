"""What `verify` answers: each claim with what is printed and what was found, by verdict, and what the clock says beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from inception_analyzer.claims import HANDLES
from inception_analyzer.claims.judging import Judged
from inception_analyzer.claims.model import Finding
from inception_analyzer.claims.texts import TEXTS
from inception_analyzer.report.amounts import amount_text, full_sentence, sentence_text
from inception_analyzer.report.document import Cell, Column, Content, Document, Flat, Note, Table, dim, row, table
from inception_analyzer.report.records import Record
from inception_analyzer.report.timed import question_records
from inception_analyzer.report.verdicts import LOOKS, tally, tally_text

COLUMNS = ("id", "handle", "verdict", "expected_verdict", "title", "claimed", "found", "reason", "statement")

GAP: tuple[Content, ...] = ()


def document(
    judged: Sequence[Judged],
    *,
    conditions: str,
    every: bool = False,
    machine: Mapping[str, Any] | None = None,
    chosen: Sequence[Judged] | None = None,
) -> Document:
    """The claims by verdict, those that need a reader first; `every` shows those that hold in rows too.

    Where more were `chosen` than are shown, what the record says otherwise is told of all of them.
    """
    chosen = judged if chosen is None else chosen
    total = tally_text(one.finding.verdict for one in judged)
    return Document(
        command="verify",
        title="claims of the papers, against what is built here",
        conditions=conditions,
        finding=(_bold_head(total), *differing(chosen)),
        sections=(*_tables(judged, every), *_hints(judged, chosen, every), Note((total,), "")),
        flat=lambda: Flat(COLUMNS, tuple(line for one in judged for line in _lines(one))),
        data=lambda: data(judged, machine, chosen),
    )


def data(judged: Sequence[Judged], machine: Mapping[str, Any] | None, chosen: Sequence[Judged] | None = None) -> Record:
    """Claims by the published schema, and how many there are of each verdict."""
    counts = tally(one.finding.verdict for one in judged)
    return {
        "convention": "paper-mac",
        "claims": [_record(one) for one in judged],
        "summary": {verdict: counts.get(verdict, 0) for verdict in LOOKS},
        "differing": [
            {"id": name, "expected_verdict": recorded, "verdict": found}
            for one in (judged if chosen is None else chosen)
            for name, recorded, found in one.differing
        ],
        **({"machine": dict(machine)} if machine else {}),
    }


def differing(judged: Sequence[Judged]) -> tuple[str, ...]:
    """What the record says otherwise, each in a sentence."""
    return tuple(
        f"*{name} {LOOKS[found].word}*, and the record says {LOOKS[recorded].word}: {_reason_of(one, name)}"
        for one in judged
        for name, recorded, found in one.differing
    )


def _reason_of(one: Judged, name: str) -> str:
    narrower = {f"{one.claim.id}.{check.name}": finding for check, finding in one.checks}
    return full_sentence(narrower.get(name, one.finding).reason)


def _bold_head(total: str) -> str:
    head, colon, rest = total.partition(":")
    return f"*{head}*{colon}{rest}"


def _tables(judged: Sequence[Judged], every: bool) -> tuple[Table | Note, ...]:
    """One table with a head for each verdict, and a line of handles for claims that simply hold."""
    heads = (
        Column(""),
        Column("the paper says", "left"),
        Column("printed", "left", drop=2),
        Column("found here", "left"),
        Column("id", "left", drop=1),
    )
    rows: list[tuple[Content, ...]] = []
    lines: list[str] = []
    for verdict, look in LOOKS.items():
        group = [one for one in judged if one.finding.verdict == verdict]
        if verdict == "holds" and not _in_rows(group[:1], judged, every):
            lines += [f"{look.sign} *{look.word}* {len(group)}: {' '.join(_handle(one) for one in group)}"] if group else []
        elif group:
            rows += [GAP] if rows else []
            rows.append(row(Cell(look.sign, look.style), Cell(f"{look.word}  {len(group)}", look.style), "", "", ""))
            rows += [_row(one) for one in group]
    more = [Note((*lines, "rows with --all"), "")] if lines else []
    return (*([table(heads, rows)] if rows else []), *more)


def _row(one: Judged) -> tuple[Content, ...]:
    claim = one.claim
    return row(dim(_handle(one)), claim.title, claim.claimed, sentence_text(one.finding.found), dim(claim.id))


def _in_rows(some: Sequence[Judged], judged: Sequence[Judged], every: bool) -> list[Judged]:
    """Those of them that have a row: what simply holds has one only where nothing else is shown, or all is."""
    alone = every or all(one.finding.verdict == "holds" for one in judged)
    return [one for one in some if alone or one.finding.verdict != "holds"]


def _hints(judged: Sequence[Judged], chosen: Sequence[Judged], every: bool) -> tuple[Note, ...]:
    """How to learn more, and how to settle what is open."""
    asked = [one for one in chosen if one.differing] or sorted(_in_rows(judged, judged, every), key=_plainness)
    lines = [f"why: inception-analyze explain {_handle(one)}" for one in asked[:1]]
    open_ones = [one for one in judged if one.finding.verdict == "undecided" and not one.answers]
    timed = [one for one in open_ones if set(one.finding.missing) & {question.name for question in one.claim.asks()}]
    run = [one for one in open_ones if one not in timed]
    told = {"what needs a timer": (timed, "--measure"), "what needs torch": (run, "--no-measure")}
    for what, (some, option) in told.items():
        if some:
            lines.append(f"{what}: inception-analyze verify {' '.join(map(_handle, some))} {option}")
    return (Note(tuple(lines)),) if lines else ()


def _plainness(one: Judged) -> int:
    """Where least is left to ask last: what does not reproduce has most to explain, what holds least."""
    asked = ("does-not-reproduce", "depends", "undecided")
    return asked.index(one.finding.verdict) if one.finding.verdict in asked else len(asked)


def _handle(one: Judged) -> str:
    return HANDLES[one.claim.id]


def _record(one: Judged) -> Record:
    claim = one.claim
    return {
        "id": claim.id,
        "handle": _handle(one),
        "title": claim.title,
        "verdict": one.finding.verdict,
        "expected_verdict": claim.recorded,
        "statement": claim.statement,
        "sources": [{"text": TEXTS[source.text], "place": source.place, "says": source.says} for source in claim.sources],
        "claimed": claim.claimed,
        **_finding(one.finding),
        "checks": [
            {
                "id": f"{claim.id}.{check.name}",
                "statement": check.statement,
                "claimed": check.claimed,
                "verdict": finding.verdict,
                "expected_verdict": check.recorded,
                **_finding(finding),
            }
            for check, finding in one.checks
        ],
        "figures": dict(one.evidence.figures),
        "measured": question_records(one.answers),
    }


def _lines(one: Judged) -> list[Record]:
    """The claim, then each narrower statement, as rows of CSV."""
    whole = _record(one)
    handles = (f"{_handle(one)}.{check.name}" for check, _ in one.checks)
    narrower = [{**check, "handle": handle} for check, handle in zip(whole["checks"], handles, strict=True)]
    return [whole, *narrower]


def _finding(finding: Finding) -> Record:
    return {
        "found": sentence_text(finding.found),
        "found_values": [amount.value for amount in finding.found.amounts],
        "reason": sentence_text(finding.reason),
        "conditions": [
            {
                "when": condition.when,
                "value": condition.value.value,
                "kind": condition.value.kind,
                "text": amount_text(condition.value),
                "fit": condition.fit,
                "parts": {name: part.value for name, part in condition.parts},
            }
            for condition in finding.conditions
        ],
        "missing": list(finding.missing),
    }


def settled(before: Sequence[Judged], after: Sequence[Judged], chosen: Sequence[Judged]) -> tuple[Table | Note, ...]:
    """The claims that the clock decided and those it left open, what the record says otherwise of all chosen, and the sum."""
    changed = [new for old, new in zip(before, after, strict=True) if old.finding.verdict != new.finding.verdict]
    left = [one for one in after if one.finding.verdict == "undecided" and one.answers]
    return (
        *_reasons("settled by measuring", changed),
        *_reasons("still open", left),
        *_contradicted(chosen),
        Note((tally_text(one.finding.verdict for one in after),), ""),
    )


def _reasons(head: str, some: Sequence[Judged]) -> tuple[Note, ...]:
    lines = [f"{_handle(one)} {LOOKS[one.finding.verdict].word}: {full_sentence(one.finding.reason)}" for one in some]
    return (Note((f"*{head}*", *lines), ""),) if lines else ()


def joined(document: Document, sections: Sequence[Table | Note]) -> Document:
    """The answer with the times behind its tables, before the closing line."""
    *first, last = document.sections
    return replace(document, sections=(*first, *sections, last))


def _contradicted(judged: Sequence[Judged]) -> tuple[Note, ...]:
    lines = differing(judged)
    return (Note(lines, ""),) if lines else ()
