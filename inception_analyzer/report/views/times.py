"""Times beside counts: a dot on its interval for each network, and a tick where counting puts it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import ceil, floor, isfinite

from inception_analyzer.choices import Phase
from inception_analyzer.cost import Cost
from inception_analyzer.report.measured import PHASE_WORDS, ratio_texts, timed_texts
from inception_analyzer.report.measurements import VERDICTS
from inception_analyzer.report.quantity import ratio
from inception_analyzer.report.repeated import rounds_text, typical
from inception_analyzer.report.story import Story
from inception_analyzer.report.views.networks import everything
from inception_analyzer.report.views.setting import typeset
from inception_analyzer.stats import Interval
from inception_analyzer.timings import Failure, Measurement, Setup

LETTERS = "abcdefghijklmnopqrstuvwxyz"
TICKS = 5  # at most, on the axis
UNDIVIDED = ("SAME", "INCONCLUSIVE")  # verdicts that a ratio alone does not tell


@dataclass(frozen=True, slots=True)
class Dot:
    """Where a row lies on the axis, in percent; the tick is where counting puts it."""

    at: float
    low: float
    high: float
    tick: float | None


@dataclass(frozen=True, slots=True)
class TimeRow:
    """One network: its time, its place beside the reference, and what was doubted."""

    label: str
    family: str
    twin: bool
    time: str
    spread: str
    counted: str
    took: str
    took_spread: str
    verdict: str  # where no difference is shown
    rounds: str
    dot: Dot | None
    marks: str  # of its doubts, which stand below the table
    failure: str
    seconds: float | None = None  # what its columns are sorted by
    work: float | None = None
    factor: float | None = None


@dataclass(frozen=True, slots=True)
class TimeTable:
    """All networks under one setup."""

    title: str
    reference: str
    axis: tuple[tuple[str, float], ...]
    rows: tuple[TimeRow, ...]
    doubts: tuple[tuple[str, str], ...]  # mark and text


def tables(story: Story) -> tuple[TimeTable, ...]:
    """One for each setup, in the order in which they were measured."""
    costs = {one.count.network.label: (one.count.cost, one.count.network.family) for one in everything(story)}
    return tuple(_table(setup, list(rows), costs) for setup, rows in groupby(story.measured, _setup))


def _setup(entry: Measurement | Failure) -> Setup:
    return entry.setup if isinstance(entry, Failure) else entry.sample.setup


def _table(setup: Setup, rows: Sequence[Measurement | Failure], costs: Mapping[str, tuple[Cost, str]]) -> TimeTable:
    names = [_name(entry) for entry in rows]
    first = next((entry for entry in rows if isinstance(entry, Measurement) and entry.against is None), None)
    base = _work(costs, _name(first), setup.phase) if first else 0
    counted = [_work(costs, name, setup.phase) / base if base else None for name in names]
    reach = max([1.0, *(_end(entry) for entry in rows), *(factor or 0.0 for factor in counted)])
    marks = _marks(rows)
    title = f"{PHASE_WORDS[setup.phase]}, batch {setup.batch}, {setup.dtype}, {setup.device}"
    return TimeTable(
        title,
        _name(first) if first else "",
        _axis(reach) if len(rows) > 1 else (),
        tuple(
            _row(entry, factor or None, 1.08 * reach, costs.get(name, (None, "ref"))[1], marks)
            for entry, factor, name in zip(rows, counted, names, strict=True)
        ),
        tuple((mark, typeset(doubt)) for doubt, mark in marks.items()),
    )


def _marks(rows: Sequence[Measurement | Failure]) -> dict[str, str]:
    """A letter for each doubt, in the order in which they come up."""
    doubts = dict.fromkeys(doubt for row in rows if isinstance(row, Measurement) for doubt in row.doubts)
    return {doubt: LETTERS[at] if at < len(LETTERS) else str(at) for at, doubt in enumerate(doubts)}


def _name(entry: Measurement | Failure | None) -> str:
    if entry is None:
        return ""
    return entry.expression if isinstance(entry, Failure) else entry.sample.expression


def _work(costs: Mapping[str, tuple[Cost, str]], name: str, phase: Phase) -> int:
    """The multiply-adds that a phase does; an optimiser multiplies nothing."""
    cost = costs[name][0] if name in costs else None
    if cost is None or phase == "step":
        return 0
    forward, backward = cost.macs, cost.macs_backward
    return {"forward": forward, "train-forward": forward, "backward": backward}.get(phase, forward + backward)


def _end(entry: Measurement | Failure) -> float:
    against = entry.against if isinstance(entry, Measurement) else None
    return against.ratio.high if against and isfinite(against.ratio.high) else against.ratio.point if against else 0.0


def _axis(reach: float) -> tuple[tuple[str, float], ...]:
    step = max(1, ceil(reach / TICKS))
    return tuple((f"{at}×", 100 * at / (1.08 * reach)) for at in range(1, floor(1.08 * reach) + 1, step))


def _row(entry: Measurement | Failure, counted: float | None, reach: float, family: str, marks: Mapping[str, str]) -> TimeRow:
    name = _name(entry)
    if isinstance(entry, Failure):
        return TimeRow(name, family, "@" in name, "", "", _factor(counted), "", "", "", "", None, "", entry.reason)
    seconds, against = typical(entry), entry.against
    time, spread = timed_texts(seconds)
    return TimeRow(
        label=name,
        family=family,
        twin="@" in name,
        time=typeset(time),
        spread=typeset(spread),
        counted=_factor(counted),
        took=_took(against.ratio) if against else "base",
        took_spread=typeset(ratio_texts(against.ratio)[1]) if against else "",
        verdict=VERDICTS[against.verdict][0] if against and against.verdict in UNDIVIDED else "",
        rounds=rounds_text(entry),
        dot=_dot(against.ratio if against else Interval(1.0, 1.0, 1.0), counted, reach),
        marks=" ".join(marks[doubt] for doubt in entry.doubts),
        failure="",
        seconds=seconds.point,
        work=counted,
        factor=against.ratio.point if against else 1.0,
    )


def _dot(found: Interval, counted: float | None, reach: float) -> Dot:
    low, high = (end if isfinite(end) else found.point for end in (found.low, found.high))
    at, start, end = (min(100.0, 100 * value / reach) for value in (found.point, low, high))
    return Dot(at, start, end, 100 * counted / reach if counted else None)


def _took(found: Interval) -> str:
    """Where the interval holds 1, no difference is shown."""
    text = typeset(ratio_texts(found)[0])
    return f"~ {text}" if found.low <= 1 <= found.high else text


def _factor(value: float | None) -> str:
    return "" if value is None else "1.00×" if value == 1 else typeset(ratio(value, 1))
