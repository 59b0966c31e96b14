"""A measurement that was repeated in fresh processes: its usual time, and what each process gave."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite, log
from statistics import median

from inception_analyzer.report.records import Record
from inception_analyzer.stats import Interval, median_interval, t_interval, to_ratio
from inception_analyzer.timings import Failure, Measurement, Repeat


def typical(entry: Measurement) -> Interval:
    """The seconds of a call: the median, or over processes the mean of their medians' logs, as levels differ by process."""
    rows = [one.seen for one in entry.repeats]
    if not rows:
        return median_interval(entry.sample.seconds)
    return to_ratio(t_interval([log(median(row.sample.seconds)) for row in rows if isinstance(row, Measurement)]))


def rounds_text(entry: Measurement) -> str:
    """`n = 32`, or `n = 5 processes`."""
    return f"n = {len(entry.repeats)} processes" if entry.repeats else f"n = {len(entry.sample.seconds)}"


def processes_in(rows: Sequence[Measurement | Failure]) -> int:
    """The most processes that a row was measured in; 0 where all was measured in this one."""
    return max((len(row.repeats) for row in rows if isinstance(row, Measurement)), default=0)


def records(repeats: Sequence[Repeat]) -> list[Record]:
    """Each process with its own estimate, samples and doubts."""
    return [_record(one) for one in repeats]


def _record(one: Repeat) -> Record:
    row = one.seen
    head = {"process": one.process, "place": one.place, "ratio": one.ratio}
    if isinstance(row, Failure):
        return {**head, "seed": row.setup.seed, "median": None, "samples": [], "doubts": [], "error": row.reason}
    return {
        **head,
        "seed": row.sample.setup.seed,
        "median": median(row.sample.seconds),
        "stopped_by": row.stopped_by,
        "elapsed": row.elapsed if isfinite(row.elapsed) else None,
        "calls": row.sample.calls,
        "warmups": row.sample.warmups,
        "samples": list(row.sample.seconds),
        "doubts": list(row.doubts),
        "error": None,
    }
