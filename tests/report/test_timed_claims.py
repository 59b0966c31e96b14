"""The table of times beside claims: names that fit, intervals that stay, and doubts that do not bury the answers."""

from __future__ import annotations

from dataclasses import replace
from itertools import cycle

import pytest

from inception_analyzer.choices import Bound
from inception_analyzer.claims import CLAIMS
from inception_analyzer.claims.judging import Judged, judged
from inception_analyzer.inquiry import Answer
from inception_analyzer.report.document import Note, Table
from inception_analyzer.report.terminal import Surface, render_sections
from inception_analyzer.report.timed import DOUBTS, question_records, said, sections, what_of
from inception_analyzer.timings import Failure, Setup
from tests.claims.evidence import answered

BY_GRID, WHITENING = CLAIMS["factorized-latency-by-grid"], CLAIMS["bn-whitening-cost"]


def timed(name: str, *ends: tuple[float, float]) -> Judged:
    """A claim whose questions are answered in turn by these intervals."""
    claim = CLAIMS[name]
    answers: dict[object, Answer] = {
        question.work: answered(*ends[index % len(ends)]) for index, question in enumerate(claim.asks())
    }
    return judged(claim, {}, answers)


def roofed(name: str, *bounds: tuple[Bound, Bound]) -> Judged:
    """The same with ceilings: both sides reach a quarter and a half of them."""
    one = timed(name, (0.81, 0.83))
    ends = cycle(bounds)
    answers = {
        question: replace(answer, roof_ratio=0.5, bounds=next(ends), floors=(0.5, 0.205))  # type: ignore[type-var]
        for question, answer in one.answers.items()
    }
    return replace(one, answers=answers)  # type: ignore[arg-type]


def lines_of(*judged: Judged) -> list[str]:
    return render_sections(sections(judged), Surface()).splitlines()


@pytest.mark.parametrize("name", [name for name, claim in CLAIMS.items() if claim.asks()])
def test_nothing_is_lost_at_80_columns(name: str) -> None:
    lines = lines_of(roofed(name, ("launch", "compute")))
    rows = [index for index, line in enumerate(lines) if "0.82x" in line]
    assert len(rows) == len(CLAIMS[name].asks())
    for index in rows:
        assert lines[index].endswith("faster")
        assert "[0.81, 0.83]" in lines[index + 1]
        assert "0.50x" in lines[index + 1]
        assert any("compute / launch, 25 % / 50 %" in line for line in lines[index + 1 : index + 3])
    assert max(map(len, lines)) <= 80
    assert "…" not in "".join(lines)
    assert "by roof" in lines[2]


def test_the_bound_of_both_sides_is_said_once() -> None:
    assert "    compute, 25 % / 50 % of roof" in "\n".join(lines_of(roofed(BY_GRID.id, ("compute", "compute"))))


def test_only_what_is_shown_is_explained() -> None:
    text = "\n".join(lines_of(timed(BY_GRID.id, (0.5, 0.6))))
    assert "counted: ratio of multiply-adds." in text
    assert "roof" not in text
    operations = "\n".join(lines_of(timed(WHITENING.id, (2.0, 3.0))))
    assert "counted" not in operations
    assert "slower" in operations


@pytest.mark.parametrize(
    ("claim", "name"),
    [
        ("googlenet-macs-1p5g", "v1 at 224 / alexnet at 227"),
        ("two-3x3-save-28", "3x3,3x3 / 5x5 at 35"),
        ("resolution-constant-cost", "v3@low-res=79 at 79 / v3 at 299"),
        ("inception-cheaper-than-vgg", "vgg16 / v1"),
    ],
)
def test_a_grid_is_named_where_nothing_else_names_it(claim: str, name: str) -> None:
    assert name in {what_of(question) for question in CLAIMS[claim].asks()}


def test_a_log_has_a_line_for_each_question() -> None:
    question = CLAIMS["two-3x3-save-28"].asks()[0]
    assert said(question, answered(0.8, 0.9)) == "timed 3x3,3x3 / 5x5 at 35   0.85x [0.80, 0.90]   8 rounds"
    assert said(question, Failure("one", Setup(), "no")) == "not timed 3x3,3x3 / 5x5 at 35: no"


def test_json_has_the_floor_of_each_side() -> None:
    rows = question_records(roofed("two-3x3-save-28", ("memory", "compute")).answers)
    assert [row["floor"] for row in rows[:2]] == [0.5, 0.205]
    assert rows[0]["bounds"] == ("memory", "compute")


def test_no_difference_is_marked() -> None:
    text = render_sections(sections([timed(BY_GRID.id, (0.9, 1.1), (0.5, 0.6))]), Surface())
    assert "~ 1.00x" in text
    assert "~ 0.55x" not in text


def test_what_both_sides_end_with_is_said_once() -> None:
    text = render_sections(sections([timed(WHITENING.id, (2.0, 3.0))]), Surface())
    assert "whitening / batch norm, 64" in text
    assert text.count("features") == len(WHITENING.asks())


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


def test_times_end_with_the_machine_that_they_belong_to() -> None:
    machine = {"processor": "an abacus", "torch": "2", "program": "inception-analyzer 1"}
    text = render_sections(sections([timed(BY_GRID.id, (0.9, 1.1))], machine), Surface())
    assert text.rstrip().endswith("an abacus, torch 2, inception-analyzer 1")
    assert "an abacus" not in render_sections(sections([timed(BY_GRID.id, (0.9, 1.1))]), Surface())
