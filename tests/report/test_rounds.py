"""What stands beside a ratio: its own reference, the rounds it took, noise and floor apart, and what would end in a verdict."""

from __future__ import annotations

from math import inf

import pytest

from inception_analyzer.cli.finding import verdict_code
from inception_analyzer.report import measured, rounds
from inception_analyzer.report.beside import columns_beside, prediction, told_apart
from inception_analyzer.report.document import Flat
from inception_analyzer.report.measurements import records
from inception_analyzer.stats import Interval, Plan, Verdict
from inception_analyzer.timings import Against, Failure, Measurement, Repeat, Sample, Setup

BUDGET = 10.0


def row(
    name: str,
    reference: str = "",
    verdict: Verdict = "SLOWER",
    *,
    needed: float | None = None,
    number: int = 32,
    phase: str = "forward",
    stopped: str = "decided",
) -> Measurement:
    setup = Setup(phase=phase, seed=7, budget=BUDGET)  # type: ignore[arg-type]
    against = Against(Interval(2.0, 1.9, 2.1), 0.01, verdict, needed, reference) if reference else None
    sample = Sample(name, setup, tuple(0.01 for _ in range(number)), 1, 20)
    return Measurement(sample, against, 3, stopped, 5.0, plan=Plan((8, 16, 32), 0.02))


def text(*rows: Measurement | Failure) -> str:
    return " ".join(measured.document(rows, [], {"processor": "one", "torch": "2"}).finding)


def test_a_sentence_names_the_reference_of_its_own_setup() -> None:
    rows = (row("v3"), row("v1", "v3"), row("v1", phase="train-step"), row("resnet50", "v1", phase="train-step"))
    told = text(*rows)
    assert "v1 took *2.00x [1.90, 2.10] as long* as v3 in inference, batch 1." in told
    assert "resnet50 took *2.00x [1.90, 2.10] as long* as v1 in training step, batch 1." in told
    assert [record["reference"] for record in records(rows)] == [None, "v3", None, "v1"]


def test_counting_predicts_for_the_pair_that_was_timed() -> None:
    rows = (Failure("failed", Setup(), "not finite"), row("small"), row("large", "small"))
    (note,) = prediction(rows, {"failed": 1, "small": 100, "large": 400})
    assert "predicts 4.00x, this machine took *2.00x" in note.lines[0]
    (same,) = prediction(rows[1:], {"small": 100, "large": 100})
    assert "predicts 1.00x" in same.lines[0]


@pytest.mark.parametrize(
    ("needed", "number", "told"),
    [
        (15.0, 32, "2 times the --budget would tell"),
        (15.0, 8, "2 times the --budget would tell"),
        (38.0, 16, "4 times the --budget would tell"),
        (25.0, 128, "--processes 8 may tell"),  # the rounds of one process are all there
        (inf, 8, "--processes 8 may tell"),
        (None, 8, "--processes 8 may tell"),
    ],
)
def test_no_verdict_comes_with_a_way_to_one(needed: float | None, number: int, told: str) -> None:
    one = row("b", "a", "INCONCLUSIVE", needed=needed, number=number)
    assert told in text(row("a"), one)
    (note,) = measured.open_ends([row("a"), one])
    assert note.lines[1].startswith(f"b beside a, inference, batch 1: {told}")
    assert measured.open_ends([row("a"), row("b", "a")]) == ()


def test_each_setup_tells_its_rounds_noise_and_floor() -> None:
    rows = (row("a"), row("b", "a"), row("a", phase="backward", stopped="budget"), Failure("c", Setup(), "told"))
    (note,) = rounds.notes(rows, lambda one: one.sample.setup.phase)
    assert note.lines[0] == "forward: 32 rounds, decided at look 3, ±1.0 % of noise at most, seed 7"
    assert note.lines[1] == "backward: 32 rounds, ended by the budget, seed 7"
    assert "floor of 0.5 %" in note.lines[2]
    assert "within 2 % two are the same" in note.lines[2]


def test_processes_tell_their_own_rounds() -> None:
    one = row("a")
    repeated = Measurement(one.sample, None, 1, "processes", 5.0, repeats=(Repeat(1, 0, None, one),))
    assert rounds.notes([repeated], lambda _: "") == ()


def test_a_failed_row_has_every_key_of_a_measured_one() -> None:
    failed, found = records([Failure("c", Setup(batch=4), "told"), row("a")])
    assert failed.keys() == found.keys()
    assert (failed["batch"], failed["error"], failed["samples"], failed["median"]) == (4, "told", [], None)


def test_strict_wants_a_verdict_on_all() -> None:
    failure = Failure("c", Setup(), "told")
    assert verdict_code([row("a"), row("b", "a"), failure], strict=True) == 3
    assert verdict_code([row("a"), row("b", "a"), failure], strict=False) == 0
    assert verdict_code([row("a"), row("b", "a")], strict=True) == 0
    assert verdict_code([failure], strict=False) == 4


def test_a_network_beside_itself_has_a_row_of_its_own() -> None:
    assert told_apart(["v1", "v3", "v1", "v1"]) == ["v1", "v3", "v1 again", "v1 again 2"]
    counted = Flat(("expression",), ({"expression": "v1"}, {"expression": "v1"}))
    first, again = columns_beside(counted, [row("v1"), row("v1 again", "v1")]).rows
    assert (first["forward_batch1_ratio"], again["forward_batch1_ratio"]) == (None, 2.0)
