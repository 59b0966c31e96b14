"""The judge of time by grid on answers made by hand, and the work that counting foretells."""

from __future__ import annotations

import pytest

from inception_analyzer.claims import CLAIMS
from inception_analyzer.inquiry import Answered, Evidence, MissingError
from inception_analyzer.place import place
from inception_analyzer.spec import Network
from tests.claims.evidence import answered

BY_GRID = CLAIMS["factorized-latency-by-grid"]
WORK, MEDIUM = BY_GRID.checks


def answers(low: float, high: float) -> dict[str, Answered]:
    return {question.name: answered(low, high) for question in BY_GRID.asks()}


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [(0.5, 0.6, "holds"), (1.1, 1.2, "does-not-reproduce"), (0.9, 1.1, "undecided")],
)
def test_judge_of_times(low: float, high: float, verdict: str) -> None:
    assert BY_GRID.judge(Evidence({}, answers(low, high))).verdict == verdict


def test_the_reason_names_the_grids_that_do_not_pay() -> None:
    mixed = answers(0.5, 0.6) | {"3x3 on 8": answered(1.2, 1.4), "3x3 on 149": answered(0.9, 1.1)}
    mixed |= {f"7x7 on {grid}": answered(1.2, 1.4) for grid in (149, 35, 17, 8)} | {"7x7 trained on 17": answered(1.2, 1.4)}
    found = BY_GRID.judge(Evidence({}, mixed))
    assert found.verdict == "depends"
    assert "3x3 + 3x3 for 5x5" not in found.reason.words
    assert "; 1x3 + 3x1 for 3x3 not at 8x8;" in f"{found.reason.words};"
    assert "; 1x7 + 7x1 for 7x7 not at 149x149, 35x35, 17x17, 8x8 and 17x17 in training" in found.reason.words


def test_what_has_no_answer_leaves_the_rest() -> None:
    few = {"5x5 on 35": answered(0.5, 0.6), "5x5 on 8": answered(0.4, 0.5)}
    found = BY_GRID.judge(Evidence({}, few))
    assert found.verdict == "undecided"
    assert [one.value.value for one in found.conditions] == [0.55, 0.45]
    assert len(found.missing) == len(BY_GRID.asks()) - 2
    assert BY_GRID.judge(Evidence({}, few | {"3x3 on 8": answered(1.2, 1.3)})).verdict == "depends"


def test_a_swap_is_best_on_one_grid_once_all_its_grids_are_timed() -> None:
    one = {f"5x5 on {grid}": answered(0.5, 0.6) for grid in (149, 73, 35, 8)}
    with pytest.raises(MissingError):
        MEDIUM.judge(Evidence({}, one))
    found = MEDIUM.judge(Evidence({}, one | {"5x5 on 17": answered(0.3, 0.4)}))
    assert (found.verdict, len(found.conditions), len(found.missing)) == ("undecided", 1, 2)
    assert found.conditions[0].fit == "exactly"


def test_training_counts_as_a_case() -> None:
    slow = answers(0.5, 0.6) | {"5x5 trained on 8": answered(1.2, 1.4)}
    assert BY_GRID.judge(Evidence({}, slow)).verdict == "depends"


def test_judge_of_the_medium_grid() -> None:
    best = {f"{one} on 17": answered(0.3, 0.4) for one in ("5x5", "3x3", "7x7")}
    assert MEDIUM.judge(Evidence({}, answers(0.5, 0.6) | best)).verdict == "holds"
    assert MEDIUM.judge(Evidence({}, answers(0.5, 0.6))).verdict == "undecided"
    other = {f"{one} on 35": answered(0.3, 0.4) for one in ("5x5", "3x3", "7x7")}
    assert MEDIUM.judge(Evidence({}, answers(0.5, 0.6) | other)).verdict == "does-not-reproduce"
    assert MEDIUM.judge(Evidence({}, answers(0.5, 0.6) | best | {"5x5 on 8": answered(0.1, 0.2)})).verdict == "depends"


def test_work_by_hand() -> None:
    """Per place and channel: 25 and 18, 9 and 6, 49 and 14 multiply-adds; one layer moves two maps, two layers four."""
    figures = BY_GRID.count()
    for one, before, after in (("5x5", 25, 18), ("3x3", 9, 6), ("7x7", 49, 14)):
        assert figures[f"{one} macs.chain"] / figures[f"{one} macs.one"] == pytest.approx(after / before)
        assert figures[f"{one} moved.chain"] == 2 * figures[f"{one} moved.one"] == 4 * 64 * 17**2


def test_judge_of_work() -> None:
    counted = dict(BY_GRID.count())
    assert WORK.judge(Evidence(counted)).verdict == "holds"
    assert WORK.judge(Evidence(counted | {"3x3 macs.chain": 1e12})).verdict == "depends"
    dearer = {f"{one} macs.chain": 1e12 for one in ("5x5", "3x3", "7x7")}
    assert WORK.judge(Evidence(counted | dearer)).verdict == "does-not-reproduce"


def test_few_questions_and_each_is_a_network_that_fits() -> None:
    questions = BY_GRID.asks()
    assert len(questions) == 3 * (5 + 2 + 1 + 2)
    assert {question.phase for question in questions} == {"forward", "train-step"}
    for question in questions:
        for network in (question.reference, question.other):
            assert isinstance(network, Network)
            # The bench's width, that of v3's widest pairs on 17x17, and the classes of training.
            assert place(network).writes.channels in (64, 192, 1000)


def test_training_and_many_images_are_timed_on_the_same_grids() -> None:
    asked = {(question.phase, question.batch, question.reference.input.height) for question in BY_GRID.asks()}
    assert {grid for phase, _, grid in asked if phase == "train-step"} == {17, 8}
    assert {grid for phase, batch, grid in asked if (phase, batch) == ("forward", 32)} == {17, 8}
    assert {grid for phase, batch, grid in asked if (phase, batch) == ("forward", 1)} == {149, 73, 35, 17, 8}


def test_a_bench_of_another_width_says_so() -> None:
    labels = {question.name: (question.reference.label, question.other.label) for question in BY_GRID.asks()}
    assert labels["3x3 as wide as v3"] == ("3x3, 192 wide", "1x3,3x1, 192 wide")
    assert labels["3x3 on 17"] == ("3x3", "1x3,3x1")
