"""What was measured, beside what was counted: times with their intervals, verdicts, doubts, and the memory of training."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil, inf, isfinite
from typing import Any

from inception_analyzer.choices import Phase
from inception_analyzer.report import doubts, repeated, rounds, weighed
from inception_analyzer.report.circumstances import conditions, fingerprint_note, sensor_notes
from inception_analyzer.report.document import (
    Cell,
    Column,
    Content,
    Document,
    Flat,
    Note,
    Table,
    bold,
    dim,
    row,
    table,
    with_units,
)
from inception_analyzer.report.measurements import COLUMNS, UNITS, VERDICTS, records
from inception_analyzer.report.quantity import decimals_for, listed
from inception_analyzer.stats import Interval, plan_for
from inception_analyzer.timings import Against, Failure, Measurement, Memory, Peak, Setup

PHASE_WORDS: dict[Phase, str] = {
    "forward": "inference",
    "train-forward": "training forward",
    "backward": "backward",
    "step": "optimiser step",
    "train-step": "training step",
}
MOST_ROUNDS = plan_for(inf, 1.0).looks[-1]  # that one process has; more of them tell ever more about one layout of memory
PROCESSES = 8  # that tell differences which one process cannot

Row = Measurement | Failure
Sections = tuple[Table | Note, ...]


def document(
    rows: Sequence[Row],
    memory: Sequence[Memory],
    machine: Mapping[str, Any],
    peaks: Sequence[Peak] = (),
    *,
    between: Sections = (),
    same_twice: bool = False,
) -> Document:
    """What `measure` answers."""
    names = list(dict.fromkeys(_name(entry) for entry in rows))
    return Document(
        command="measure",
        title=f"{listed(names)} measured" if names else "nothing measured",
        conditions=conditions(rows),
        finding=_noise_floor(rows) if same_twice else _findings(rows),
        sections=sections(rows, memory, machine, peaks, between),
        flat=lambda: with_units(Flat(COLUMNS, tuple(records(rows))), UNITS),
        data=lambda: {
            "convention": "paper-mac",
            "measurements": records(rows),
            "memory": weighed.records(memory, peaks),
            "machine": dict(machine),
        },
    )


def sections(
    rows: Sequence[Row],
    memory: Sequence[Memory],
    machine: Mapping[str, Any],
    peaks: Sequence[Peak] = (),
    between: Sections = (),
    told: Sections = (),
) -> Sections:
    """The times and what they tell, the memory, what else was found out, the doubts, and the machine that they belong to."""
    return (
        *_times(rows),
        *rounds.notes(rows, _phase),
        *told,
        *weighed.sections(memory, peaks, PHASE_WORDS),
        *between,
        *closing(rows, machine),
    )


def closing(rows: Sequence[Row], machine: Mapping[str, Any]) -> Sections:
    """What ends every answer with times: doubts, failures, and the machine."""
    return (*doubts.notes(rows, _phase), *_failures(rows), *sensor_notes(rows), fingerprint_note(rows, machine))


def time_text(seconds: float, decimals: int | None = None) -> str:
    """`112 ms`, three digits unless told otherwise."""
    value = 1000 * seconds
    return f"{value:,.{decimals_for(value, 3) if decimals is None else decimals}f} ms"


def timed_texts(interval: Interval) -> tuple[str, str]:
    """A time and its interval to the same place: `112 ms` and `[109, 116]`."""
    return time_text(interval.point, _decimals(interval, 1000)), interval_text(interval, 1000)


def interval_text(interval: Interval, scale: float = 1.0, least: int = 0) -> str:
    """`[109, 116]`, rounded at the first digit of its half-width, with this many decimals at least."""
    decimals = _decimals(interval, scale, least)
    if decimals is None:
        return "[too few]"
    return f"[{scale * interval.low:,.{decimals}f}, {scale * interval.high:,.{decimals}f}]"


def ratio_text(interval: Interval) -> str:
    """`2.71x [2.62, 2.83]`."""
    return " ".join(ratio_texts(interval))


def ratio_texts(interval: Interval) -> tuple[str, str]:
    """A ratio and its interval to the same place; an end that is not one never looks like it."""
    start = 2 if interval.point < 10 else 1 if interval.point < 100 else 0
    places = (least for least in range(start, 5) if not any(round(end, least) == 1 for end in (interval.low, interval.high)))
    least = next(places, 4)
    decimals = _decimals(interval, 1.0, least)
    if decimals is None:
        decimals = 2 if interval.point >= 0.1 else 3
    return f"{interval.point:.{decimals}f}x", interval_text(interval, least=least)


def _decimals(interval: Interval, scale: float, least: int = 0) -> int | None:
    """Where an interval is rounded; nowhere where it has no ends."""
    low, high = scale * interval.low, scale * interval.high
    if not (isfinite(low) and isfinite(high)):
        return None
    half = round((high - low) / 2, 9)  # (0.83 - 0.81) / 2 is a little less than 0.01
    return max(least, min(4, decimals_for(half, 1)) if half > 0 else 3)


def _times(rows: Sequence[Row]) -> tuple[Table, ...]:
    measured = [entry for entry in rows if isinstance(entry, Measurement)]
    if not measured:
        return ()
    alone = all(entry.against is None for entry in measured)
    heads = (
        Column("measured here", "left", least=22),
        Column("time"),
        Column("95 %", "left", drop=1),
        *(() if alone else (Column("ratio"), Column("", "left"), Column("verdict", "left"))),
    )
    lines: list[tuple[Content, ...]] = []
    seen: Setup | None = None
    for entry in measured:
        setup = entry.sample.setup
        if setup != seen:
            lines.append(row(f"{PHASE_WORDS[setup.phase]}, batch {setup.batch}", *("" for _ in heads[1:])))
        lines.append(_time_cells(entry)[: len(heads)])
        seen = setup
    return (table(heads, lines),)


def _time_cells(entry: Measurement) -> tuple[Content, ...]:
    sample = entry.sample
    time, spread = timed_texts(repeated.typical(entry))
    cells = (f"  {sample.expression}", bold(time), dim(spread))
    if entry.against is None:
        return row(*cells, "", "", "")
    word, style = VERDICTS[entry.against.verdict]
    return row(*cells, *factor_cells(entry.against.ratio), Cell(word, style))


def factor_cells(ratio: Interval) -> tuple[Cell, Cell]:
    """A ratio and its interval; muted where it may be one."""
    factor, spread = ratio_texts(ratio)
    return (dim(f"~ {factor}") if ratio.low <= 1 <= ratio.high else bold(factor)), dim(spread)


def _findings(rows: Sequence[Row]) -> tuple[str, ...]:
    """Each comparison in a sentence that can be quoted alone."""
    measured = [entry for entry in rows if isinstance(entry, Measurement)]
    lines = [_finding(entry, entry.against) for entry in measured if entry.against is not None]
    if lines or not measured:
        return tuple(lines)
    return tuple(
        f"{entry.sample.expression} takes *{' '.join(timed_texts(repeated.typical(entry)))}* for {_phase(entry)}."
        for entry in measured
    )


def _finding(entry: Measurement, against: Against) -> str:
    name = entry.sample.expression
    if against.verdict == "INCONCLUSIVE":
        told = f"No difference shown between {name} and {against.reference} in {_phase(entry)} ({repeated.rounds_text(entry)})"
        return f"{told}; {way_to_tell(entry, against)}."
    if against.verdict == "SAME":
        within = f"within {100 * entry.sample.setup.within:g} % in {_phase(entry)}"
        return f"{name} took *the same time* as {against.reference} {within}."
    return f"{name} took *{ratio_text(against.ratio)} as long* as {against.reference} in {_phase(entry)}."


def way_to_tell(entry: Measurement, against: Against) -> str:
    """What would end in a verdict: more of the budget as long as one process has rounds for it, else more processes."""
    needed, setup, took = against.seconds_needed, entry.sample.setup, len(entry.sample.seconds)
    if entry.repeats:
        return "more --processes may tell"
    if needed is None or not isfinite(needed) or took * needed > MOST_ROUNDS * entry.elapsed:
        return f"--processes {PROCESSES} may tell, more rounds in one would not"
    return f"{ceil(max(2.0, needed / setup.budget))} times the --budget would tell"


def open_ends(rows: Sequence[Row]) -> tuple[Note, ...]:
    """Comparisons without a verdict, and what would give them one."""
    lines = [
        f"{entry.sample.expression} beside {entry.against.reference}, {_phase(entry)}: {way_to_tell(entry, entry.against)}"
        for entry in rows
        if isinstance(entry, Measurement) and entry.against is not None and entry.against.verdict == "INCONCLUSIVE"
    ]
    return (Note(("*inconclusive*", *lines), ""),) if lines else ()


def _noise_floor(rows: Sequence[Row]) -> tuple[str, ...]:
    pairs = [entry for entry in rows if isinstance(entry, Measurement) and entry.against is not None]
    return tuple(
        f"The same network twice in {_phase(entry)}: {ratio_text(entry.against.ratio)} ({repeated.rounds_text(entry)}), so "
        f"*differences below {100 * _reach(entry.against.ratio):.1f} % are noise here*: {rounds.noise(entry.against)}."
        for entry in pairs
        if entry.against is not None
    )


def _reach(ratio: Interval) -> float:
    return max(abs(ratio.low - 1), abs(ratio.high - 1))


def _phase(entry: Row) -> str:
    setup = entry.setup if isinstance(entry, Failure) else entry.sample.setup
    return f"{PHASE_WORDS[setup.phase]}, batch {setup.batch}"


def _failures(rows: Sequence[Row]) -> tuple[Note, ...]:
    lines = [f"{entry.expression}, {_phase(entry)}: {entry.reason}" for entry in rows if isinstance(entry, Failure)]
    return (Note(("*not measured*", *lines), ""),) if lines else ()


def _name(entry: Row) -> str:
    return entry.expression if isinstance(entry, Failure) else entry.sample.expression
