"""How many rounds a comparison took, why they ended, and what the intervals of its ratios are made of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby
from math import expm1, isfinite

from inception_analyzer.report.document import Note
from inception_analyzer.report.quantity import many
from inception_analyzer.stats import FLOOR
from inception_analyzer.timings import Against, Failure, Measurement

STOPPED = {"looks": "all that were planned", "budget": "ended by the budget"}


def notes(rows: Sequence[Measurement | Failure], name: Callable[[Measurement], str]) -> tuple[Note, ...]:
    """A line for each setup, which its networks go through together, and what all ratios hold besides noise."""
    measured = [row for row in rows if isinstance(row, Measurement) and not row.repeats]
    lines = [_line(what, list(together)) for what, together in groupby(measured, name)]
    compared = next((row for row in measured if row.against), None)
    return (Note((*lines, *([_what_ratios_hold(compared)] if compared else []))),) if lines else ()


def noise(against: Against) -> str:
    """The two parts of an interval's half-width apart."""
    return f"±{100 * expm1(against.noise):.1f} % of noise and a floor of {100 * FLOOR:g} %"


def _what_ratios_hold(row: Measurement) -> str:
    floor = f"every ratio holds a floor of {100 * FLOOR:g} %, by which two builds of one network may differ"
    return f"{floor}; within {100 * row.sample.setup.within:g} % two are the same"


def _line(what: str, together: Sequence[Measurement]) -> str:
    """`inference, batch 1: 32 rounds, decided at look 3, ±0.9 % of noise, seed 7`."""
    last = together[-1]
    ended = f"decided at look {last.looks}" if last.stopped_by == "decided" else STOPPED.get(last.stopped_by, last.stopped_by)
    widest = max((row.against.noise for row in together if row.against), default=None)
    spread = () if widest is None or not isfinite(widest) else (f"±{100 * expm1(widest):.1f} % of noise at most",)
    seed = f"seed {last.sample.setup.seed}"
    return f"{what}: {', '.join((many(len(last.sample.seconds), 'round'), ended, *spread, seed))}"
