"""The check itself: a baseline and what models cost now, by rules, to rows with verdicts and the layers that changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from inception_analyzer.gates.baseline import Baseline, Model
from inception_analyzer.gates.measured import judged
from inception_analyzer.gates.metrics import MEASURED, METRICS, OF_LAYERS
from inception_analyzer.gates.rules import Level, Rules, Waiver
from inception_analyzer.stats import Interval

Outcome = Literal["same", "within", "better", "over", "waived", "unaccepted", "missing", "gone", "skipped", "inconclusive"]
Status = Literal["pass", "fail", "undecided"]

FAILING: tuple[Outcome, ...] = ("over", "unaccepted")
WRITTEN = "activations"
DEPTH = "depth"
UNMEASURED = "not measured: list it under measured and run check --measure, or for times check --against REV"
UNDECIDABLE: tuple[Outcome, ...] = ("missing", "gone")
OPEN: tuple[Outcome, ...] = ("skipped", "inconclusive")  # of what is measured, which not every machine can tell


@dataclass(frozen=True, slots=True)
class Change:
    """One layer that costs something else now; nothing stands for a layer that was not there."""

    path: str
    before: float | None
    after: float | None

    @property
    def difference(self) -> float:
        return (self.after or 0) - (self.before or 0)


@dataclass(frozen=True, slots=True)
class Line:
    """One metric of one model: what it was, what it is, how far it might go, and what that comes to."""

    model: str
    metric: str
    before: float | None
    after: float | None
    limit: float | None
    outcome: Outcome
    level: Level
    reason: str = ""
    changes: tuple[Change, ...] = ()
    line: int = 0  # of the baseline
    absolute: bool = False  # the limit is a budget and no growth
    ratio: Interval | None = None  # of after / before, where that is known between two ends

    @property
    def breached(self) -> bool:
        """Whether it counts against the check."""
        return self.outcome in FAILING and self.level == "error"


@dataclass(frozen=True, slots=True)
class Checked:
    """Every line of a check, and what they come to; `strict` is whether what could not be told counts."""

    lines: tuple[Line, ...]
    strict: bool = False
    notices: tuple[str, ...] = ()  # what no line tells and somebody should see to

    @property
    def breaches(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.breached)

    @property
    def warnings(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.outcome in FAILING and line.level == "warn")

    @property
    def status(self) -> Status:
        """Undecided only where nothing fails for sure; what is measured leaves it so only where nothing else was told."""
        if self.breaches:
            return "fail"
        lost = any(line.outcome in UNDECIDABLE for line in self.lines)
        told = any(line.outcome not in (*UNDECIDABLE, *OPEN) for line in self.lines)
        return "undecided" if lost or (self.open_ends and (self.strict or not told)) else "pass"

    @property
    def open_ends(self) -> tuple[Line, ...]:
        """Limits that would fail the check and could not be told."""
        return tuple(line for line in self.lines if line.outcome in OPEN and line.level == "error")


def check(
    baseline: Baseline, now: Sequence[Model], rules: Rules, today: date, *, partial: bool = False, strict: bool = False
) -> Checked:
    """Every metric of every model; `partial` when only some of the baseline's models were asked about."""
    lines: list[Line] = []
    for model in now:
        before = baseline.models.get(model.name)
        if before is None:
            why = model.notes.get("", "the baseline does not know it")
            lines.append(Line(model.name, "", None, None, None, "missing", "error", why))
            continue
        lines += _of_model(before, model, rules, today, baseline.lines.get(model.name, 0))
    gone = baseline.models.keys() - {model.name for model in now}
    for name in sorted(gone if not partial else ()):
        place = baseline.lines.get(name, 0)
        lines.append(
            Line(name, "", None, None, None, "gone", "error", "it is in the baseline and no model is called so", line=place)
        )
    return Checked(tuple(lines), strict, (*_renamed(baseline, now), *_idle(lines, rules, today)))


def _renamed(baseline: Baseline, now: Sequence[Model]) -> Iterator[str]:
    """Names behind which something else stands."""
    for model in now:
        before = baseline.models.get(model.name)
        if before is not None and before.expression != model.expression:
            yield f"{model.name} stood for {before.expression} and stands for {model.expression} now"


def _idle(lines: Sequence[Line], rules: Rules, today: date) -> Iterator[str]:
    """Waivers that have ended where nothing breaches: the next breach will fail."""
    for waiver in rules.waivers:
        about = [line for line in lines if line.metric and waiver.speaks_of(line.metric, line.model)]
        if today > waiver.until and about and not any(line.outcome in FAILING for line in about):
            what = f"the waiver of {waiver.metric} of {waiver.model}"
            yield f"{what} ended on {waiver.until.isoformat()} and nothing breaches, so that it can go: {waiver.reason}"


def _of_model(before: Model, now: Model, rules: Rules, today: date, place: int) -> list[Line]:
    asked = rules.asked(now.name, {*now.totals, *now.notes})
    known = {*before.totals, *now.totals, *now.notes, *asked}
    names = [name for name in (*METRICS, *MEASURED) if name in known]
    found = [_line(name, before, now, rules, today, place, asked=name in asked) for name in names]
    return [line for line in found if line is not None]


def _line(metric: str, before: Model, now: Model, rules: Rules, today: date, place: int, *, asked: bool) -> Line | None:
    """One metric judged; None where it is switched off or nobody asks about it."""
    level, tolerance = rules.level(metric, now.name), rules.tolerance(metric, now.name)
    budgets = rules.budgets(metric, now.name)
    old, new = before.totals.get(metric), now.totals.get(metric)
    if level == "off" or (tolerance is None and not budgets and not (asked and new is None)):
        return None
    grown = None if old is None or tolerance is None else tolerance.bound(old)
    limit = min([*budgets, *([] if grown is None else [grown])], default=None)
    if new is None:
        why = now.notes.get(metric, "it was not counted" if metric in METRICS else UNMEASURED)
        return Line(now.name, metric, old, None, limit, "skipped", level, why, line=place, absolute=limit != grown)
    outcome, reason, ratio = _told(metric, before, now, limit, rules)
    waiver = rules.waiver(metric, now.name)
    if outcome in FAILING and waiver is not None:
        outcome, reason = _waived(waiver, today, outcome)
    changes = layer_changes(before, now, metric) if old != new else ()
    return Line(now.name, metric, old, new, limit, outcome, level, reason, changes, place, limit != grown, ratio)


def _told(metric: str, before: Model, now: Model, limit: float | None, rules: Rules) -> tuple[Outcome, str, Interval | None]:
    """Counts are exact; what is measured has two ends, and perhaps something to be said of it."""
    budgets, old = rules.budgets(metric, now.name), before.totals.get(metric)
    if metric in METRICS:
        return *_outcome(old, now.totals[metric], limit, budgets, rules), None
    outcome, reason, ratio = judged(metric, before, now, rules.tolerance(metric, now.name), budgets)
    return outcome, "; ".join(filter(None, (reason, now.notes.get(metric, "")))), ratio


def _outcome(old: float | None, new: float, limit: float | None, budgets: Sequence[float], rules: Rules) -> tuple[Outcome, str]:
    if budgets and new > budgets[0]:
        return "over", "beyond its budget"
    if old is None:
        return "missing", "the baseline does not hold it"
    if limit is not None and new > limit:
        return "over", "beyond what it may grow"
    if new < old and rules.ratchet:
        return "unaccepted", "better than the baseline, which has to be accepted"
    return ("same", "") if new == old else ("better", "") if new < old else ("within", "")


def _waived(waiver: Waiver, today: date, outcome: Outcome) -> tuple[Outcome, str]:
    if today <= waiver.until:
        return "waived", f"{waiver.reason}, until {waiver.until.isoformat()}"
    return outcome, f"its waiver ended on {waiver.until.isoformat()}: {waiver.reason}"


def layer_changes(before: Model, now: Model, metric: str) -> tuple[Change, ...]:
    """The layers whose part of a metric changed; where they do not add up to it, those that came and went.

    A wider layer makes all that read it dearer: those that write something else stand first, then the largest change.
    """
    if metric == DEPTH:
        return _came_and_went(before, now)
    if metric not in OF_LAYERS or _lacks_parts(before, metric) or _lacks_parts(now, metric):
        return ()
    paths = dict.fromkeys((*before.layers, *now.layers))
    found = [Change(path, _part(before.layers, path, metric), _part(now.layers, path, metric)) for path in paths]
    rewritten = {path for path in paths if _part(before.layers, path, WRITTEN) != _part(now.layers, path, WRITTEN)}
    changed = (one for one in found if one.before != one.after)
    return tuple(sorted(changed, key=lambda one: (one.path not in rewritten, -abs(one.difference))))


def _came_and_went(before: Model, now: Model) -> tuple[Change, ...]:
    """The layers with weights that only one side has, each of them one layer of a path."""
    old, new = ([path for path in model.layers if _part(model.layers, path, WRITTEN)] for model in (before, now))
    came = (Change(path, None, 1) for path in new if path not in old)
    return (*came, *(Change(path, 1, None) for path in old if path not in new))


def _lacks_parts(model: Model, metric: str) -> bool:
    """Whether only the total is known, as of an older baseline."""
    return bool(model.totals.get(metric)) and not any(metric in values for values in model.layers.values())


def _part(layers: Mapping[str, Mapping[str, int | float]], path: str, metric: str) -> float | None:
    return layers[path].get(metric) if path in layers else None
