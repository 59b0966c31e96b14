"""Doubts about times: told once where they hold for all, and by name where not."""

from __future__ import annotations

from inception_analyzer.report.doubts import notes
from inception_analyzer.timings import Failure, Measurement, Sample, Setup

STARVED = "the processor gave 0.5 of 1 threads"
WORSE = "the processor gave 0.3 of 1 threads"


def row(name: str, batch: int, *doubts: str) -> Measurement:
    return Measurement(Sample(name, Setup(batch=batch), (1.0,), 1, 1), None, 1, "looks", 1.0, doubts)


def told(*rows: Measurement | Failure) -> list[str]:
    return [line for note in notes(rows, lambda entry: f"batch {entry.sample.setup.batch}") for line in note.lines]


def test_nothing_doubted_is_nothing_said() -> None:
    assert told(row("a", 1), Failure("b", Setup(), "no")) == []


def test_what_all_of_a_setup_share_is_said_once() -> None:
    assert told(row("a", 1, STARVED, "drifted"), row("b", 1, STARVED)) == [
        "*doubts*",
        f"a and b, batch 1: {STARVED}",
        "a, batch 1: drifted",
    ]


def test_what_holds_in_every_setup_is_said_once_whatever_its_numbers() -> None:
    rows = (row("a", 1, STARVED), row("b", 1, STARVED), row("a", 2, WORSE, "drifted"), row("b", 2, WORSE))
    assert told(*rows) == ["*doubts*", f"everywhere: {STARVED}, or alike", "a, batch 2: drifted"]
    assert told(row("a", 1, STARVED), row("a", 2, STARVED)) == ["*doubts*", f"everywhere: {STARVED}"]


def test_one_network_without_it_is_not_everywhere() -> None:
    assert told(row("a", 1, STARVED), row("a", 2), row("b", 2)) == ["*doubts*", f"a, batch 1: {STARVED}"]
