"""A check in words: what breached by how much, where it changed, and which of it is told first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from inception_analyzer.gates.check import FAILING, UNDECIDABLE, Change, Checked, Line
from inception_analyzer.gates.metrics import words_of
from inception_analyzer.report.measured import time_text
from inception_analyzer.report.quantity import amounts, bytes_text, many, ratio, signed

# By which quantity the place of a change is told, where several changed.
TELLING = ("macs", "params", "macs_backward", "activations", "macs_aux", "params_aux", "saved_bytes", "depth")


def headline(checked: Checked) -> str:
    """The answer in one line."""
    if checked.breaches:
        first, *more = worst_first(checked.breaches)
        return f"check failed: {breach_text(first)}{f', and {len(more)} more' if more else ''}"
    if checked.status == "undecided" and not any(line.outcome in UNDECIDABLE for line in checked.lines):
        first, *more = checked.open_ends
        return f"check undecided: {subject_text(first)} could not be told{f', and {len(more)} more' if more else ''}"
    if checked.status == "undecided":
        first, *more = (line for line in checked.lines if line.outcome in UNDECIDABLE)
        where = "not" if first.outcome == "missing" else "only"
        return f"check undecided: {subject_text(first)} is {where} in the baseline{f', and {len(more)} more' if more else ''}"
    if checked.warnings:
        return f"check passed with {many(len(checked.warnings), 'warning')}: {breach_text(worst_first(checked.warnings)[0])}"
    changed = sum(line.outcome in ("within", "better") for line in checked.lines)
    waived = sum(line.outcome == "waived" for line in checked.lines)
    told = [f"{many(changed, 'figure')} changed within limits"] if changed else []
    told += [f"{many(waived, 'breach', 'breaches')} waived"] if waived else []
    told = told or ["nothing changed"]
    told += [f"{many(len(checked.open_ends), 'limit')} not told"] if checked.open_ends else []
    return f"check passed: {', '.join(told)}"


def subject_text(line: Line) -> str:
    """What a line speaks of: a model, or one quantity of it."""
    return f"{line.model} {words_of(line.metric)}" if line.metric else line.model


def breach_text(line: Line) -> str:
    """A breach in a few words: `v3 multiply-adds +4.6 %, limit +1.0 %`; a budget is beside the amount."""
    if line.outcome == "unaccepted":
        return f"{subject_text(line)} {change_text(line)}, which has to be accepted"
    if line.absolute and line.after is not None and line.limit is not None:
        after, limit = value_texts(line.metric, [line.after, line.limit])
        return f"{subject_text(line)} {after}, limit {limit}"
    return f"{subject_text(line)} {change_text(line)}, limit {limit_text(line)}"


def worst_first(lines: Iterable[Line]) -> list[Line]:
    """By how far beyond its limits a model is, and of each model the quantity first that readers think in."""
    listed = list(lines)
    worst: dict[str, float] = {}
    for line in listed:
        worst[line.model] = max(_excess(line), worst.get(line.model, 0))
    return sorted(listed, key=lambda line: (-worst[line.model], line.model, _telling(line)))


def change_text(line: Line) -> str:
    """`+4.6 %`; `=` for equal; a ratio beyond twice as much."""
    if line.before is None or line.after is None:
        return ""
    if line.before != line.after and not line.before:
        return f"from 0 to {value_texts(line.metric, [line.after])[0]}"
    return share_text(line.before, line.after)


def share_text(before: float, after: float) -> str:
    """The same of two numbers."""
    if before == after:
        return "="
    share = after / before - 1 if before else float("inf")
    if share > 1:
        return ratio(after, before)
    percent = 100 * abs(share)
    decimals = next((digits for digits in range(1, 9) if round(percent, digits)), 9)
    return f"{'+' if share > 0 else '-'}{percent:.{decimals}f} %"


def limit_text(line: Line) -> str:
    """How far it might go: a share of what it was, or the amount where that is a budget."""
    if line.limit is None:
        return ""
    if line.absolute or not line.before or line.limit < line.before:
        values = [line.limit] if line.after is None else [line.limit, line.after]
        return value_texts(line.metric, values)[0]
    percent = 100 * (line.limit / line.before - 1)
    return f"+{percent:.1f} %" if percent >= 0.05 else f"+{percent:.2g} %"


def value_texts(metric: str, values: Sequence[float]) -> list[str]:
    """Values of one metric in its unit; what differs never looks equal."""
    if metric.startswith("latency"):
        return [time_text(value) for value in values]
    if metric == "saved_bytes" or metric.startswith("peak"):
        texts = [bytes_text(round(value)) for value in values]
        return texts if len(set(texts)) == len(set(values)) else [f"{round(value):,} B" for value in values]
    return (
        [f"{value:.3g} J" for value in values] if metric.startswith("energy") else amounts([round(value) for value in values])
    )


def difference_text(metric: str, difference: float) -> str:
    """What a layer adds or takes away: `+11.0 M`, `-1.80 MiB`."""
    if metric != "saved_bytes" or not difference:
        return signed(round(difference))
    return f"{'+' if difference > 0 else '-'}{bytes_text(abs(round(difference)))}"


def known_texts(metric: str, *values: float | None) -> list[str]:
    """The same for values of which some are not there and stay blank."""
    texts = iter(value_texts(metric, [value for value in values if value is not None]))
    return ["" if value is None else next(texts) for value in values]


def by_model(lines: Iterable[Line]) -> dict[str, list[Line]]:
    """Lines gathered to their models, in the order in which these come."""
    found: dict[str, list[Line]] = {}
    for line in lines:
        found.setdefault(line.model, []).append(line)
    return found


def changed_layers(lines: Sequence[Line]) -> Mapping[str, tuple[str, tuple[Change, ...]]]:
    """By model, the quantity that tells most about where it changed, and the layers."""
    found: dict[str, tuple[str, tuple[Change, ...]]] = {}
    for line in sorted(lines, key=_telling):
        if line.changes and line.model not in found:
            found[line.model] = (line.metric, line.changes)
    return found


def changed_models(checked: Checked) -> dict[str, tuple[str, tuple[Change, ...]]]:
    """The same of a whole check: of a model that fails, by a quantity that does."""
    found = changed_layers([line for line in checked.lines if line.outcome in FAILING])
    return {**found, **{model: one for model, one in changed_layers(checked.lines).items() if model not in found}}


def _telling(line: Line) -> int:
    return TELLING.index(line.metric) if line.metric in TELLING else len(TELLING)


def _excess(line: Line) -> float:
    bound = line.before if line.outcome == "unaccepted" else line.limit
    return abs((line.after or 0) / bound - 1) if bound else float("inf")
