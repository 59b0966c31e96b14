"""Measurements by the published schema: every figure of a row, times in seconds, raw samples kept."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

from inception_analyzer.report import repeated
from inception_analyzer.report.circumstances import sensor_record
from inception_analyzer.report.records import Record
from inception_analyzer.stats import Plan, Verdict, summary
from inception_analyzer.timings import Failure, Measurement, Setup

# One table of meaning for the verdicts of a comparison of times.
VERDICTS: dict[Verdict, tuple[str, str]] = {
    "FASTER": ("faster", "good"),
    "SLOWER": ("slower", "bad"),
    "SAME": ("same", "dim"),
    "INCONCLUSIVE": ("inconclusive", "depends"),
}
COLUMNS = (
    "expression",
    "phase",
    "batch",
    "dtype",
    "device",
    "mode",
    "cache",
    "median",
    "low",
    "high",
    "q1",
    "q3",
    "min",
    "p90",
    "n",
    "host_median",
    "energy",
    "ratio",
    "ratio_low",
    "ratio_high",
    "verdict",
    "error",
)
SECONDS = ("median", "low", "high", "q1", "q3", "min", "p90", "host_median")
UNITS = {**dict.fromkeys(SECONDS, "seconds"), "energy": "joules"}  # of columns whose names do not tell it

# Of what was not measured.
UNKNOWN = ("reference", "noise", "seconds_needed", "stopped_by", "looks", "plan", "elapsed", "calls", "warmups")


def records(rows: Sequence[Measurement | Failure]) -> list[Record]:
    """Measurements by the published schema; times in seconds, raw samples kept."""
    return [_failed(entry) if isinstance(entry, Failure) else _measured(entry) for entry in rows]


def _asked(setup: Setup) -> Record:
    return {
        "phase": setup.phase,
        "batch": setup.batch,
        "dtype": setup.dtype,
        "device": setup.device,
        "layout": setup.layout,
        "mode": setup.mode,
        "threads": setup.threads,
        "seed": setup.seed,
        "budget": setup.budget,
        "within": setup.within,
        "optimizer": setup.optimizer,
        "cache": setup.cache,
        "autotune": setup.autotune,
    }


def _measured(entry: Measurement) -> Record:
    sample, against = entry.sample, entry.against
    times, spread = summary(sample.seconds), repeated.typical(entry)
    return {
        "expression": sample.expression,
        **_asked(sample.setup),
        "median": spread.point,
        "low": _finite(spread.low),
        "high": _finite(spread.high),
        "q1": times.q1,
        "q3": times.q3,
        "min": times.minimum,
        "p90": times.p90,
        "n": times.n,
        "host_median": summary(sample.host_seconds).median if sample.host_seconds else None,
        **sensor_record(entry.sensed),
        "reference": against.reference if against else None,
        "ratio": against.ratio.point if against else None,
        "ratio_low": _finite(against.ratio.low) if against else None,
        "ratio_high": _finite(against.ratio.high) if against else None,
        "verdict": VERDICTS[against.verdict][0] if against else None,
        "noise": _finite(against.noise) if against else None,
        "seconds_needed": _finite(against.seconds_needed) if against and against.seconds_needed is not None else None,
        "doubts": list(entry.doubts),
        "stopped_by": entry.stopped_by,
        "looks": entry.looks,
        "plan": _plan(entry.plan) if entry.plan else None,
        "elapsed": entry.elapsed,
        "calls": sample.calls,
        "warmups": sample.warmups,
        "samples": list(sample.seconds),
        **({"processes": repeated.records(entry.repeats)} if entry.repeats else {}),
        "error": None,
    }


def _failed(entry: Failure) -> Record:
    blank = dict.fromkeys((*UNKNOWN, *(name for name in COLUMNS if name not in ("expression", "n", "error"))))
    return {
        "expression": entry.expression,
        **blank,
        **_asked(entry.setup),
        **sensor_record(None),
        "n": 0,
        "doubts": [],
        "samples": [],
        "error": entry.reason,
    }


def _plan(plan: Plan) -> Record:
    """After how many rounds looks were planned, and at which level each."""
    return {"looks": list(plan.looks), "level": plan.level, "short": plan.short}


def _finite(value: float) -> float | None:
    return value if isfinite(value) else None
