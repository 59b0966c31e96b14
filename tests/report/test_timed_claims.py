"""The table of times beside claims: names that fit, intervals that stay, and doubts that do not bury the answers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from inception_analyzer.claims import CLAIMS
from inception_analyzer.claims.judging import Judged, judged
from inception_analyzer.inquiry import Answer
from inception_analyzer.report.document import Note, Table
from inception_analyzer.report.terminal import Surface, render_sections
from inception_analyzer.report.timed import DOUBTS, sections
from tests.claims.evidence import answered

BY_GRID, WHITENING = CLAIMS["factorized-latency-by-grid"], CLAIMS["bn-whitening-cost"]


def timed(name: str, *ends: tuple[float, float]) -> Judged:
    """A claim whose questions are answered in turn by these intervals."""
    claim = CLAIMS[name]
    answers: dict[object, Answer] = {
        question.work: answered(*ends[index % len(ends)]) for index, question in enumerate(claim.asks())
    }
    return judged(claim, {}, answers)


@pytest.mark.parametrize("name", [name for name, claim in CLAIMS.items() if claim.asks()])
def test_intervals_stay_at_80_columns(name: str) -> None:
    lines = render_sections(sections([timed(name, (0.81, 0.83))]), Surface()).splitlines()
    rows = [line for line in lines if "0.82x" in line]
    assert len(rows) == len(CLAIMS[name].asks())
    assert all("[0.81, 0.83]" in row for row in rows)
    assert max(map(len, lines)) <= 80


def test_no_difference_is_marked() -> None:
    text = render_sections(sections([timed(BY_GRID.id, (0.9, 1.1), (0.5, 0.6))]), Surface())
    assert "~ 1.00x" in text
    assert "~ 0.55x" not in text


def test_what_both_sides_end_with_is_said_once() -> None:
    text = render_sections(sections([timed(WHITENING.id, (2.0, 3.0))]), Surface())
    assert "whitening / batch norm, 64 features" in text


def test_many_doubts_are_cut_and_counted() -> None:
    one = timed(BY_GRID.id, (0.5, 0.6))
    doubted = {}
    for index, (name, answer) in enumerate(one.answers.items()):
        sample = replace(answer.reference, doubts=(f"doubt {index}",))  # type: ignore[union-attr]
        doubted[name] = replace(answer, reference=sample)  # type: ignore[type-var]
    found = sections([replace(one, answers=doubted)])  # type: ignore[arg-type]
    assert isinstance(found[0], Table)
    note = next(part for part in found[1:] if isinstance(part, Note) and part.lines[0] == "*doubts*")
    assert len(note.lines) == 1 + DOUBTS + 1
    assert note.lines[-1].startswith(f"{len(doubted) - DOUBTS} more")
