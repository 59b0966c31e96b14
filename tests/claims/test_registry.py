"""What holds for every claim: its figures, its words, its identities, and that the record agrees with what is found."""

from __future__ import annotations

import re

import pytest

from inception_analyzer.claims import CLAIMS, HANDLES
from inception_analyzer.claims.judging import judged, questions_of
from inception_analyzer.claims.model import Claim, Condition, Finding
from inception_analyzer.claims.texts import TEXTS
from inception_analyzer.inquiry import Evidence
from inception_analyzer.lab.identities import IDENTITIES
from inception_analyzer.report.amounts import sentence_text


@pytest.fixture(scope="module")
def identities() -> dict[str, dict[str, float]]:
    return {name: dict(identity()) for name, identity in IDENTITIES.items()}


@pytest.fixture(params=CLAIMS)
def claim(request: pytest.FixtureRequest) -> Claim:
    return CLAIMS[request.param]


def test_words_fit_their_columns(claim: Claim) -> None:
    assert len(claim.title) <= 36, claim.title
    assert len(claim.claimed) <= 11, claim.claimed
    assert all(len(check.claimed) <= 12 for check in claim.checks)
    assert claim.statement.endswith(".")
    assert all(text.text in TEXTS for text in claim.sources)
    assert claim.sources


def test_texts_are_told_by_name(claim: Claim) -> None:
    """`001` is a key of this code: a reader knows the page, the review and the slides."""
    words = (claim.title, claim.statement, claim.form, claim.built, claim.holds_when, *(one.statement for one in claim.checks))
    assert not [one for one in words if re.search(r"\btext 00\d", one, flags=re.IGNORECASE)]


def test_no_pair_is_timed_twice() -> None:
    """Neither as it is nor the other way round."""
    asked = {question.work for question in questions_of(CLAIMS.values())}
    assert not [1 for one, other, phase, batch in asked if (other, one, phase, batch) in asked]


def test_references_lead_somewhere(claim: Claim) -> None:
    assert set(claim.see) <= CLAIMS.keys() - {claim.id}
    assert set(claim.needs) <= IDENTITIES.keys()
    names = [question.name for question in claim.asks()]
    assert len(names) == len(set(names))
    assert len({check.name for check in claim.checks}) == len(claim.checks)


def test_the_record_agrees(claim: Claim, identities: dict[str, dict[str, float]]) -> None:
    found = judged(claim, identities, {})
    assert found.differing == ()
    assert found.finding.verdict == claim.recorded
    for finding in (found.finding, *(narrower for _, narrower in found.checks)):
        assert len(sentence_text(finding.found)) <= 22, sentence_text(finding.found)
    # Whoever reads `depends` is told on what.
    assert claim.recorded != "depends" or (claim.holds_when and {"not"} < {one.fit for one in found.finding.conditions})


def test_judges_take_nothing_for_granted(claim: Claim) -> None:
    """Without evidence a judge says that it is missing; only what is quoted needs none."""
    found = judged(claim, {}, {})
    if claim.needs:
        assert claim.recorded in ("undecided", "quoted") or found.finding.verdict == "undecided" or found.finding.conditions


def test_each_reason_and_value_comes_from_evidence(claim: Claim, identities: dict[str, dict[str, float]]) -> None:
    """Other figures give other findings: no judge returns a constant."""
    figures = judged(claim, identities, {}).evidence.figures
    if claim.recorded in ("quoted", "undecided") or not figures:
        return
    findings = {_said(claim, Evidence({name: changed(value) for name, value in figures.items()})) for changed in CHANGES}
    assert len(findings) > 1


CHANGES = (float, lambda value: value * 1.5 + 1, lambda _: 2.0, lambda value: -value)


def _said(claim: Claim, evidence: Evidence) -> tuple[object, ...]:
    try:
        found: Finding = claim.judge(evidence)
    except (ZeroDivisionError, ValueError):
        return ("impossible",)
    return (found.verdict, found.found, tuple(_condition(one) for one in found.conditions))


def _condition(one: Condition) -> tuple[object, ...]:
    return (one.when, one.value, one.fit)


def test_handles_are_distinct() -> None:
    assert len(set(HANDLES.values())) == len(CLAIMS)
