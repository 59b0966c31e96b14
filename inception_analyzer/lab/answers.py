"""What claims ask of the lab: identities run once each, and questions of time within one budget for all of them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import torch

from inception_analyzer.cost import cost_of
from inception_analyzer.errors import AnalyzerError
from inception_analyzer.inquiry import Answer, Answered, Question
from inception_analyzer.lab.blocks import floors
from inception_analyzer.lab.ceilings import settings
from inception_analyzer.lab.identities import IDENTITIES
from inception_analyzer.lab.measure import reason, with_later
from inception_analyzer.lab.operations import OPERATIONS
from inception_analyzer.lab.pairing import LONG, WARM_LONG_CALLS, WARM_SECONDS, Report, measure_together
from inception_analyzer.lab.phases import subject
from inception_analyzer.lab.subject import Subject
from inception_analyzer.place import place
from inception_analyzer.spec import Network
from inception_analyzer.stats import FIRST_LOOK
from inception_analyzer.timings import Ceilings, Failure, Setup

LEAST = 0.05  # seconds for the rounds of a question, whatever its share


def run_identity(name: str) -> Mapping[str, float]:
    """The figures of one identity, as found now, on one thread so that sums are added in one order."""
    with settings("fp32", 1):
        return IDENTITIES[name]()


def answer_all(
    questions: Sequence[Question], setup: Setup, ceilings: Ceilings | None, report: Report | None = None
) -> Iterator[tuple[Question, Answer]]:
    """The smallest first; each gets an even share of what is left of the budget, and what cannot fit says so."""
    deadline = time.perf_counter() + setup.budget
    ordered = sorted(questions, key=_work)
    pace, spent_beside = 0.0, 2 * WARM_SECONDS
    for number, question in enumerate(ordered):
        left = deadline - time.perf_counter()
        least = _least_seconds(_work(question), pace)
        if least > left:
            yield question, _unasked(question, setup, least, paced=pace > 0)
            continue
        share = max(LEAST, left / (len(ordered) - number) - spent_beside)
        begun = time.perf_counter()
        asked = replace(setup, phase=question.phase, batch=question.batch, budget=share)
        answer = _answer(question, asked, ceilings, with_later(report, deadline - begun - share))
        if isinstance(answer, Answered):
            pace = max(pace * 0.5, _pace(question, answer))
            spent_beside = time.perf_counter() - begun - answer.other.elapsed
        yield question, answer


def _answer(question: Question, setup: Setup, ceilings: Ceilings | None, report: Report | None) -> Answer:
    """Both sides measured together; what torch cannot do is a row with its reason."""
    label = f"{_label(question.other)} against {_label(question.reference)}"
    try:
        with settings(setup.dtype, setup.threads):
            subjects = [_subject(side, setup) for side in (question.reference, question.other)]
            reference, other = measure_together(subjects, report)
    except (RuntimeError, ValueError, AnalyzerError) as error:
        return Failure(label, setup, reason(error))
    return replace(Answered(reference, other), **_roof(question, setup, ceilings))


def _subject(side: Network | str, setup: Setup) -> Subject:
    if isinstance(side, Network):
        return subject(side, setup, side.input)
    call = OPERATIONS[side]()
    return Subject(side, setup, _nothing, lambda _: _without_gradients(call))


def _without_gradients(call: Callable[[], object]) -> object:
    with torch.inference_mode():
        return call()


def _roof(question: Question, setup: Setup, ceilings: Ceilings | None) -> dict[str, Any]:
    """What ceilings foretell of a forward pass; nothing of operations, nor of training."""
    one, other = question.reference, question.other
    if ceilings is None or setup.phase != "forward" or not (isinstance(one, Network) and isinstance(other, Network)):
        return {}
    below, above = (floors(place(side), ceilings, setup) for side in (one, other))
    seconds = [sum(found.values()) for found in (below, above)]
    names = [max(found, key=found.__getitem__) for found in (below, above)]
    ratio = seconds[1] / seconds[0] if seconds[0] else None
    return {"roof_ratio": ratio, "bounds": tuple(names), "floors": tuple(seconds)}


def _work(question: Question) -> float:
    """Multiply-adds of one round, by which questions are ordered; operations are taken for small."""
    times = {"forward": 1, "train-forward": 1, "backward": 3, "step": 3, "train-step": 3}[question.phase]
    return sum(
        times * question.batch * cost_of(side).macs
        for side in (question.reference, question.other)
        if isinstance(side, Network)
    )


def _pace(question: Question, answer: Answered) -> float:
    """Seconds for each multiply-add of a round, as seen."""
    rounds = len(answer.other.sample.seconds)
    work = _work(question) * rounds * answer.other.sample.calls
    return answer.other.elapsed / work if work else 0.0


def _least_seconds(work: float, pace: float) -> float:
    """The warm-up and the rounds up to the first look, at the pace seen so far."""
    once = work * pace
    warm = WARM_LONG_CALLS * once if once > LONG else 2 * WARM_SECONDS
    return warm + FIRST_LOOK * once


def _unasked(question: Question, setup: Setup, least: float, *, paced: bool) -> Failure:
    """Without a pace only the warm-up is known, of which nothing is said."""
    label = f"{_label(question.other)} against {_label(question.reference)}"
    asked = replace(setup, phase=question.phase, batch=question.batch)
    told = f"; this alone would take about {max(1.0, least):.0f} s" if paced else ""
    return Failure(label, asked, f"the budget is spent{told}", needed=least)


def _label(side: Network | str) -> str:
    return side if isinstance(side, str) else side.label


def _nothing() -> None:
    return None
