"""Limits on what is known between two ends only: beyond them for sure, within them for sure, or not to be told."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, hypot, log
from typing import Literal

from inception_analyzer.gates.baseline import Model
from inception_analyzer.gates.metrics import HIGH, LOW
from inception_analyzer.gates.rules import Rule, Tolerance
from inception_analyzer.stats import Interval

Seen = Literal["over", "within", "better", "skipped", "inconclusive"]

# How far what is measured may grow where no rule says it. Side by side on one machine 3 % can be told from noise; between
# two runs days apart a machine's own level moves by several percent, and the resident set by what libraries allocate.
PAIRED = (Rule("latency.*", tolerance=Tolerance(share=0.03)),)
APART = (
    Rule("latency.*", tolerance=Tolerance(share=0.10)),
    Rule("peak.*", tolerance=Tolerance(share=0.05)),
    Rule("energy.*", tolerance=Tolerance(share=0.10)),
)


def allowed_share(tolerance: Tolerance, before: float) -> float:
    """How much more than before is allowed, as a share of it."""
    return max(tolerance.share, tolerance.amount / before)


def beyond(ratio: Interval, share: float) -> Literal["over", "within", "better", "inconclusive"]:
    """Where a whole interval of after / before lies: an end on either side of the limit decides nothing."""
    if ratio.low > 1 + share:
        return "over"
    if ratio.high > 1 + share:
        return "inconclusive"
    return "better" if ratio.high < 1 else "within"


def judged(
    metric: str, before: Model, now: Model, tolerance: Tolerance | None, budgets: Sequence[float]
) -> tuple[Seen, str, Interval | None]:
    """One measured metric: what comes of it, why, and the interval of after / before that says so."""
    old, new = before.totals.get(metric), now.totals[metric]
    ratio = ratio_between(metric, before, now)
    low, high = _ends(now, metric)
    if budgets and low > budgets[0]:
        return "over", "beyond its budget", ratio
    if budgets and high > budgets[0]:
        return "inconclusive", "its interval holds its budget", ratio
    if old is None or ratio is None or tolerance is None:
        return ("within", "", ratio) if budgets else ("skipped", f"there is nothing to compare its {new:g} with", None)
    found = beyond(ratio, allowed_share(tolerance, old))
    if found == "better" and ratio.low == ratio.high and ratio.high >= 1 - _noise(metric):
        found = "within"  # without an interval less may be noise as well as more
    reasons = {"over": "beyond what it may grow", "inconclusive": "its interval holds both more and less than it may grow"}
    return found, reasons.get(found, ""), ratio


def _noise(metric: str) -> float:
    """By how much one measurement differs from the next anyway."""
    return next(rule.tolerance.share for rule in APART if rule.tolerance is not None and rule.speaks_of(metric, ""))


def ratio_between(metric: str, before: Model, now: Model) -> Interval | None:
    """After / before: as it was measured in pairs, or from two intervals, whose doubts are independent and add as squares."""
    if metric in now.ratios:
        return now.ratios[metric]
    old, new = before.totals.get(metric), now.totals.get(metric)
    if not old or not new:
        return None
    half, point = hypot(_doubt(before, metric), _doubt(now, metric)), log(new / old)
    return Interval(exp(point), exp(point - half), exp(point + half))


def _ends(model: Model, metric: str) -> tuple[float, float]:
    """Between which values it lies; both are the value where only that is known."""
    value, ratio = model.totals[metric], model.ratios.get(metric)
    if ratio is not None:
        return value * ratio.low / ratio.point, value * ratio.high / ratio.point
    return model.totals.get(metric + LOW, value), model.totals.get(metric + HIGH, value)


def _doubt(model: Model, metric: str) -> float:
    """Half the width of the interval, in logarithms."""
    low, high = _ends(model, metric)
    return log(high / low) / 2 if 0 < low <= high else 0.0
