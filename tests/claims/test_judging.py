"""What the clock's answers add up to where some questions have none."""

from __future__ import annotations

import pytest

from inception_analyzer.claims.judging import clocked
from inception_analyzer.claims.model import say
from inception_analyzer.inquiry import Evidence, MissingError
from inception_analyzer.report.amounts import full_sentence
from inception_analyzer.timings import Failure, Setup
from tests.claims.evidence import answered

CASES = {"one": "on one map", "two": "on two", "three": "on three"}
QUICK, SLOW, EITHER = answered(0.5, 0.6), answered(1.5, 1.6), answered(0.9, 1.1)
FAILED = Failure("one", Setup(), "the budget is spent")


@pytest.mark.parametrize(
    ("answers", "verdict"),
    [
        ({"one": QUICK, "two": QUICK, "three": QUICK}, "holds"),
        ({"one": SLOW, "two": SLOW, "three": SLOW}, "does-not-reproduce"),
        ({"one": QUICK, "two": SLOW}, "depends"),
        ({"one": QUICK, "two": QUICK}, "undecided"),
        ({"two": SLOW}, "undecided"),
        ({"one": EITHER, "two": QUICK, "three": QUICK}, "undecided"),
        ({"one": FAILED, "two": QUICK, "three": SLOW}, "depends"),
    ],
)
def test_the_verdict_of_what_was_answered(answers: dict[str, object], verdict: str) -> None:
    found = clocked(Evidence({}, answers), CASES)  # type: ignore[arg-type]
    assert found.verdict == verdict
    assert len(found.conditions) + len(found.missing) == len(CASES)


def test_no_answer_at_all_is_missing_evidence() -> None:
    with pytest.raises(MissingError) as caught:
        clocked(Evidence({}, {"one": FAILED}), CASES)
    assert (caught.value.name, caught.value.lack) == ("one", "time")


def test_what_is_aside_decides_nothing() -> None:
    found = clocked(Evidence({}, {"one": QUICK, "two": QUICK, "three": SLOW}), CASES, aside=("three",))
    assert found.verdict == "holds"
    assert clocked(Evidence({}, {"one": QUICK, "two": QUICK}), CASES, aside=("three",)).missing == ()
    assert clocked(Evidence({}, {"three": SLOW}), CASES, aside=("three",)).verdict == "undecided"


def test_the_reason_says_how_much_is_open() -> None:
    found = clocked(Evidence({}, {"one": QUICK, "two": SLOW}), CASES)
    some = found.finding(say("mixed"), say("{} and {}", *(one.value for one in found.conditions)))
    assert full_sentence(some.reason) == "0.55x [0.50, 0.60] and 1.55x [1.50, 1.60]; 1 of 3 questions have no answer yet."
    assert some.missing == ("three",)
    whole = clocked(Evidence({}, {"one": QUICK}), {"one": "on one map"})
    assert whole.finding(say("quick"), say("it is {}", whole.conditions[0].value)).reason.words == "it is {}"
