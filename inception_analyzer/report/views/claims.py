"""Claims as rows that open to their explanation, as tiles by verdict, and the points on which the texts contradict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from inception_analyzer.claims import HANDLES, SECTIONS
from inception_analyzer.claims.judging import Judged
from inception_analyzer.claims.model import Finding
from inception_analyzer.claims.texts import TEXTS
from inception_analyzer.report import explained, verified
from inception_analyzer.report.amounts import sentence_text, stopped
from inception_analyzer.report.document import Document, Note
from inception_analyzer.report.records import Record
from inception_analyzer.report.verdicts import LOOKS, Look
from inception_analyzer.report.views.cases import cases_of, measured_of, told_by_cases
from inception_analyzer.report.views.setting import typeset
from inception_analyzer.report.views.sheets import Sheet, sheets_of
from inception_analyzer.report.views.worth import worth


@dataclass(frozen=True, slots=True)
class Saying:
    """Who says something, where, and what."""

    text: str
    place: str
    says: str


@dataclass(frozen=True, slots=True)
class Check:
    """A narrower statement with its verdict."""

    name: str
    statement: str
    claimed: str
    found: str
    reason: str
    verdict: str
    look: Look
    cases: tuple[Sheet | Note, ...]


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """A claim: what is printed and counted, and everything behind it."""

    id: str
    handle: str
    topic: str
    verdict: str
    look: Look
    title: str
    statement: str
    claimed: str
    found: str
    reason: str
    differing: tuple[str, ...]
    sayings: tuple[Saying, ...]
    grounds: tuple[tuple[str, str], ...]
    cases: tuple[Sheet | Note, ...]
    measured: tuple[Sheet | Note, ...]
    again: bool  # whether the cases tell already what was measured
    checks: tuple[Check, ...]
    see: tuple[tuple[str, str], ...]  # handle and id of claims beside it
    ask: str  # the command that measures, where it was not asked

    @property
    def sorts(self) -> tuple[float | None, float | None]:
        """What the columns of figures are sorted by: numbers where a single one stands there."""
        return worth(self.claimed), worth(self.found)


@dataclass(frozen=True, slots=True)
class Group:
    """All claims of one verdict."""

    verdict: str
    look: Look
    rows: tuple[ClaimRow, ...]

    @property
    def told(self) -> str:
        return self.look.one if len(self.rows) == 1 else self.look.several


@dataclass(frozen=True, slots=True)
class Point:
    """A contradiction: the texts, then what was counted, and the claims that judge it."""

    number: int
    title: str
    sayings: tuple[Saying, ...]
    truth: str
    handles: tuple[str, ...]


def groups(judged: Sequence[Judged]) -> tuple[Group, ...]:
    """By verdict, what readers should see first first."""
    known = {one.claim.id for one in judged}
    rows = [_row(one, known) for one in judged]
    made = (Group(verdict, look, tuple(row for row in rows if row.verdict == verdict)) for verdict, look in LOOKS.items())
    return tuple(group for group in made if group.rows)


def topics() -> tuple[tuple[str, str], ...]:
    """The letter of each topic and what it is about."""
    return tuple((letter, words) for letter, words, _ in SECTIONS)


def points(document: Document, judged: Sequence[Judged]) -> tuple[Point, ...]:
    """The contradictions out of the data of their part; only claims that are on the page are linked."""
    known = {one.claim.id for one in judged}
    return tuple(_point(one, known) for one in document.data()["contradictions"])


def capital(text: str) -> str:
    """A reason as a sentence; the name of a network keeps its small letter."""
    head = text[:1] if text[1:2].isdigit() else text[:1].upper()
    return stopped(f"{head}{text[1:]}")


def _point(one: Record, known: set[str]) -> Point:
    return Point(
        one["number"],
        typeset(one["title"]),
        tuple(_saying(said["text"], said["place"], said["says"]) for said in one["sayings"]),
        typeset(capital(one["truth"])),
        tuple(HANDLES[name] for name in one["claims"] if name in known),
    )


def _saying(text: str, place: str, says: str) -> Saying:
    return Saying(text.partition(" (")[0], place, typeset(says))


def _row(one: Judged, known: set[str]) -> ClaimRow:
    claim, finding = one.claim, one.finding
    handle = HANDLES[claim.id]
    return ClaimRow(
        id=claim.id,
        handle=handle,
        topic=handle[:1],
        verdict=finding.verdict,
        look=LOOKS[finding.verdict],
        title=typeset(claim.title),
        statement=typeset(claim.statement),
        claimed=typeset(claim.claimed),
        found=typeset(sentence_text(finding.found)),
        reason=typeset(capital(sentence_text(finding.reason))),
        differing=tuple(map(typeset, verified.differing([one]))),
        sayings=tuple(_saying(TEXTS[source.text], source.place, source.says) for source in claim.sources),
        grounds=_grounds(one),
        cases=cases_of(one),
        measured=measured_of(one),
        again=told_by_cases(one),
        checks=tuple(_check(check.name, check.statement, check.claimed, found) for check, found in one.checks),
        see=tuple((HANDLES[name], name) for name in claim.see if name in known),
        ask=f"inception-analyze explain {handle} --measure" if claim.asks() and not one.answers else "",
    )


def _grounds(one: Judged) -> tuple[tuple[str, str], ...]:
    claim = one.claim
    told = (("holds when", claim.holds_when), ("form", claim.form), ("built", claim.built))
    return tuple((name, typeset(text)) for name, text in told if text)


def _check(name: str, statement: str, claimed: str, found: Finding) -> Check:
    return Check(
        name,
        typeset(statement),
        typeset(claimed),
        typeset(sentence_text(found.found)),
        typeset(capital(sentence_text(found.reason))),
        found.verdict,
        LOOKS[found.verdict],
        sheets_of(explained.telling_cases(found)),
    )
