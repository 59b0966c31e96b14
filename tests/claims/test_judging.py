"""What the clock's answers add up to where some questions have none."""

from __future__ import annotations

import pytest

from inception_analyzer.claims.judging import clocked, ruling
from inception_analyzer.claims.model import Finding, say
from inception_analyzer.inquiry import Evidence, MissingError
from inception_analyzer.report.amounts import full_sentence, sentence_text
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
    assert full_sentence(some.reason) == "0.55x [0.50, 0.60] and 1.55x [1.50, 1.60]; 1 of 3 questions has no answer yet."
    assert some.missing == ("three",)
    whole = clocked(Evidence({}, {"one": QUICK}), {"one": "on one map"})
    assert whole.finding(say("quick"), say("it is {}", whole.conditions[0].value)).reason.words == "it is {}"


def late(seconds: float) -> Failure:
    """A question for which the budget was too short by this estimate."""
    return Failure("one", Setup(), "the budget is spent", needed=seconds)


def judge(evidence: Evidence) -> Finding:
    found = clocked(evidence, CASES)
    return found.finding(say("mixed"), say("it is so"))


def test_a_budget_that_was_too_short_names_a_longer_one() -> None:
    found = ruling(judge, Evidence({}, {"one": late(2.0), "two": late(7.0), "three": late(3.0)}), "the-claim")
    assert (found.verdict, found.missing) == ("undecided", ("one",))
    assert sentence_text(found.found) == "needs a longer budget"
    # Three questions, of which the longest takes 7 s, and 10 s before the clock.
    told = "The budget was too short for one: inception-analyze verify the-claim --budget 40s"
    assert full_sentence(found.reason) == told


def test_some_answers_name_the_command_for_the_rest() -> None:
    found = ruling(judge, Evidence({}, {"one": QUICK, "two": late(7.0), "three": QUICK}), "the-claim")
    told = "It is so; 1 of 3 questions has no answer yet: inception-analyze verify the-claim --budget 40s"
    assert full_sentence(found.reason) == told
    several = ruling(judge, Evidence({}, {"one": QUICK, "two": late(7.0), "three": late(1.0)}), "the-claim")
    assert "2 of 3 questions have no answer yet: " in full_sentence(several.reason)


def test_what_was_interrupted_is_asked_again() -> None:
    found = ruling(judge, Evidence({}, {"one": QUICK}), "the-claim")
    assert full_sentence(found.reason).endswith("no answer yet: inception-analyze verify the-claim --measure")


def test_what_cannot_be_timed_says_why_and_names_no_budget() -> None:
    failed = Failure("one", Setup(), "out of {memory}")
    assert full_sentence(ruling(judge, Evidence({}, {"one": failed}), "c").reason) == "One could not be timed: out of (memory)."
    some = ruling(judge, Evidence({}, {"one": QUICK, "two": QUICK, "three": failed}), "c")
    assert full_sentence(some.reason) == "It is so; 1 of 3 questions has no answer yet."


def test_what_nobody_asked_needs_a_timer() -> None:
    assert (
        full_sentence(ruling(judge, Evidence(), "c").reason) == "It needs a timer for one: inception-analyze verify c --measure"
    )
