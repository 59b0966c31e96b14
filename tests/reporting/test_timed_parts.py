"""The parts that take a clock, without one: what two parts ask alike is timed once, and where it was not, that is said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from inception_analyzer.claims import CLAIMS
from inception_analyzer.claims.judging import judged, questions_of
from inception_analyzer.expressions import load
from inception_analyzer.inquiry import Answer, Answered
from inception_analyzer.kernel import as_network
from inception_analyzer.lab.measure import Entrant
from inception_analyzer.report.beside import foretold
from inception_analyzer.report.document import Note
from inception_analyzer.report.grids import label
from inception_analyzer.reporting import timed
from inception_analyzer.reporting.gather import Gathering
from inception_analyzer.reporting.kept import Kept
from inception_analyzer.stats import Interval
from inception_analyzer.timings import Against, Measurement, Sample, Setup

MACHINE = {"processor": "a processor", "torch": "2.13.0"}


def row(expression: str, setup: Setup, factor: float | None = None) -> Measurement:
    against = Against(Interval(factor, factor - 0.1, factor + 0.1), 0.01, "SLOWER", None) if factor else None
    return Measurement(Sample(expression, setup, (0.01,) * 8, 1, 20), against, 1, "looks", 1.0)


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """A lab that takes everything else for 1.5 times the first, and the names that it was asked for."""
    asked: list[list[str]] = []

    def measure(entrants: Sequence[Entrant], setups: Sequence[Setup], _: object) -> list[Measurement]:
        names = [one.network.label for one in entrants]
        asked.append(names)
        return [row(name, setup, 1.5 if name != names[0] else None) for setup in setups for name in names]

    monkeypatch.setattr(timed, "measure", measure)
    return asked


def lab() -> timed.Lab:
    return timed.Lab(Setup(budget=100.0), Kept(), lambda _: None)


def answered() -> Gathering:
    """Every question of the claims answered by a factor of its own."""
    answers: dict[object, Answer] = {}
    for number, one in enumerate(questions_of(CLAIMS.values())):
        setup = replace(Setup(), phase=one.phase, batch=one.batch)
        answers[one.work] = Answered(row("reference", setup), row("other", setup, 2.0 + number))
    return Gathering(judged=tuple(judged(claim, {}, answers) for claim in CLAIMS.values()))


def test_a_swap_that_a_claim_timed_is_told_as_the_claim_tells_it(measured: list[list[str]]) -> None:
    known, here = answered(), lab()
    document = timed.kernels_timed(here, known, "5x5", "3x3,3x3", MACHINE)
    factors = {cell["grid"]: cell["ratio"] for cell in document.data()["cells"]}
    answers = {one.claim.id: one.answers for one in known.judged}["factorized-latency-by-grid"]
    alone: list[list[str]] = []
    for place in sorted(timed.swap_places("5x5", "3x3,3x3"), key=lambda place: place.macs):
        chains = [as_network(one, place.bench.grid) for one in (place.bench.reference, place.bench.other)]
        same = [
            answer.against.ratio.point
            for question in CLAIMS["factorized-latency-by-grid"].asks()
            if question.work == (*chains, "forward", 1) and isinstance(answer := answers[question.name], Answered)
        ]
        assert factors[place.bench.grid] == (same[0] if same else 1.5)
        alone += [] if same else [[label(place, one) for one in (place.bench.reference, place.bench.other)]]
    assert measured == alone
    assert len(alone) < 4
    assert len(here.kept.now["kernels"]) == 5


def test_a_swap_that_no_claim_timed_is_timed(measured: list[list[str]]) -> None:
    timed.kernels_timed(lab(), Gathering(), "5x5", "3x3,3x3", MACHINE)
    assert len(measured) == 5


def test_networks_that_a_claim_asked_for_alone_are_told_as_another_run(measured: list[list[str]]) -> None:
    document = timed.networks_timed(lab(), answered(), MACHINE)
    assert len(measured) == 2
    (note,) = [one for one in document.sections if isinstance(one, Note) and one.lines[0] == "*asked by claims besides*"]
    assert any(line.startswith("D9 asked for v3 / v1 in rounds of their own") for line in note.lines)
    assert document.finding[0].startswith("Counting *over-predicts the time of ")
    plain = timed.networks_timed(lab(), Gathering(), MACHINE)
    assert not [one for one in plain.sections if isinstance(one, Note) and "claims" in one.lines[0]]


@pytest.mark.parametrize(
    ("factors", "told"),
    [
        ({"v3": 3.6, "v4": 7.7}, "*foretells the time* of 2 networks"),
        ({"v3": 2.0, "v4": 3.0}, "*over-predicts the time of all 2 networks*"),
        ({"v3": 2.0, "v4": 7.7}, "*over-predicts the time of 1 of 2 networks*"),
        ({"v3": 5.0}, "*under-predicts the time of 1 of 1 network*"),
    ],
)
def test_the_first_sentence_says_whether_counting_foretells_the_time(factors: dict[str, float], told: str) -> None:
    macs = {name: load(name) for name in ("v1", *factors)}
    rows = [row("v1", Setup()), *(row(name, Setup(), factor) for name, factor in factors.items())]
    (sentence,) = foretold(rows, {name: timed.cost_of(network).macs for name, network in macs.items()})
    assert sentence.startswith(f"Counting {told} in inference: ")
    assert "the multiply-adds of v1" in sentence


def test_nothing_is_foretold_where_nothing_was_timed() -> None:
    assert foretold([row("v1", Setup())], {"v1": 1}) == ()
    assert foretold([], {}) == ()


def test_steps_take_the_whole_budget_by_the_clock() -> None:
    steps = timed.timed_steps(lab(), MACHINE)
    assert sum(step.seconds for step in steps) + timed.SHARES["claims"] * 100 == pytest.approx(100)
