"""What `check` answers: every limit with what it was and is, the layers that did it, and how to accept the new cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from inception_analyzer.gates.check import FAILING, Change, Checked, Line, Outcome
from inception_analyzer.gates.metrics import MEASURED, words_of
from inception_analyzer.report.document import Cell, Column, Content, Document, Flat, Note, Table, bold, dim, row, table
from inception_analyzer.report.measured import time_text
from inception_analyzer.report.quantity import amounts, bytes_text, many, signed
from inception_analyzer.report.records import Record

COLUMNS = ("model", "metric", "before", "after", "change", "limit", "outcome", "level", "reason", "line")
SHOWN = 8  # layers that are named

# One table of meaning for outcomes: sign, word, style; in the order in which they are listed.
OUTCOMES: dict[Outcome, tuple[str, str, str]] = {
    "over": ("✗", "over", "error"),
    "unaccepted": ("✗", "better", "error"),
    "missing": ("?", "not in baseline", "depends"),
    "gone": ("?", "gone", "depends"),
    "waived": ("◐", "waived", "depends"),
    "better": ("✓", "better", "good"),
    "within": ("✓", "within", "good"),
    "same": ("✓", "same", "dim"),
    "skipped": ("-", "skipped", "dim"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """A check with what has to be said about it: where the baseline is, and the command that accepts what is now."""

    checked: Checked
    baseline: str
    accept: str
    program: str = ""
    exit_zero: bool = False


def document(told: Told, *, every: bool = False) -> Document:
    """The failing lines first; lines in which nothing changed stand in a sum unless all are asked for."""
    checked = told.checked
    return Document(
        command="check",
        title=headline(checked),
        conditions=f"counted exactly · baseline {told.baseline}",
        finding=_finding(checked),
        sections=(*_lines(checked, every), *_layers(checked), *_ways_out(told)),
        flat=lambda: Flat(COLUMNS, tuple(record(line) for line in checked.lines)),
        data=lambda: data(told),
    )


def data(told: Told) -> Record:
    """The check by the published schema."""
    checked = told.checked
    return {
        "convention": "paper-mac",
        "status": checked.status,
        "baseline": told.baseline,
        "breaches": [_breach(line) for line in checked.breaches],
        "warnings": [_breach(line) for line in checked.warnings],
        "lines": [record(line) for line in checked.lines],
        "accept": told.accept,
    }


def headline(checked: Checked) -> str:
    """The answer in one line."""
    if checked.breaches:
        first = max(checked.breaches, key=_growth)
        told = f"{first.model} {words_of(first.metric)} {change_text(first)}"
        limit = f", limit {limit_text(first)}" if first.outcome == "over" else ", which has to be accepted"
        return f"check failed: {told}{limit}"
    if checked.status == "undecided":
        return "check undecided: the baseline and the models do not name the same"
    changed = [line for line in checked.lines if line.outcome in ("within", "better", "waived")]
    return f"check passed: {many(len(changed), 'figure')} changed within limits" if changed else "check passed: nothing changed"


def change_text(line: Line) -> str:
    """`+4.6 %`; `=` for equal; a ratio beyond twice as much."""
    if line.before is None or line.after is None:
        return ""
    if line.before == line.after:
        return "="
    if not line.before:
        return f"from 0 to {value_texts(line.metric, [line.after])[0]}"
    share = line.after / line.before - 1
    if share > 1:
        return f"{line.after / line.before:.2f}x"
    percent = 100 * abs(share)
    decimals = next((digits for digits in range(1, 9) if round(percent, digits)), 9)
    return f"{'+' if share > 0 else '-'}{percent:.{decimals}f} %"


def limit_text(line: Line) -> str:
    """How far it might go: a share of what it was, or the amount where that is a budget."""
    if line.limit is None:
        return ""
    if line.before and line.limit >= line.before:
        share = 100 * (line.limit / line.before - 1)
        return f"+{share:.1f} %" if share >= 0.05 or not share else f"+{share:.2g} %"
    return value_texts(line.metric, [line.limit])[0]


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


def record(line: Line) -> Record:
    """One line with raw numbers."""
    change = line.after / line.before - 1 if line.before and line.after is not None else None
    return {
        "model": line.model,
        "metric": line.metric,
        "before": line.before,
        "after": line.after,
        "change": change,
        "limit": _whole(line.limit),
        "outcome": line.outcome,
        "level": line.level,
        "reason": line.reason,
        "line": line.line or None,
    }


def changed_layers(lines: Sequence[Line]) -> Mapping[str, tuple[str, tuple[Change, ...]]]:
    """By model, the quantity that tells most about where it changed, and the layers."""
    found: dict[str, tuple[str, tuple[Change, ...]]] = {}
    for line in lines:
        if line.changes and line.model not in found:
            found[line.model] = (line.metric, line.changes)
    return found


def _growth(line: Line) -> float:
    return (line.after or 0) / line.before if line.before else float("inf")


def _whole(value: float | None) -> float | int | None:
    return int(value) if value is not None and value == int(value) else value


def _breach(line: Line) -> Record:
    layers = [{"path": one.path, "before": one.before, "after": one.after} for one in line.changes]
    return {**record(line), "layers": layers}


def _finding(checked: Checked) -> tuple[str, ...]:
    counted = [line for line in checked.lines if line.metric]
    outside = sum(line.breached for line in counted)
    lines = [f"*{outside} of {many(len(counted), 'limit')} exceeded.*" if outside else f"*{many(len(counted), 'limit')} kept.*"]
    lines += [
        f"{line.model}: {line.reason}." for line in checked.lines if line.outcome in ("missing", "gone") and not line.metric
    ]
    better = [line for line in counted if line.outcome == "better"]
    if better:
        told = ", ".join(f"{line.model} {words_of(line.metric)} {change_text(line)}" for line in better[:3])
        lines.append(f"Better than the baseline: {told}{' ...' if len(better) > 3 else ''}.")
    return tuple(lines)


def _lines(checked: Checked, every: bool) -> tuple[Table | Note, ...]:
    order = list(OUTCOMES)
    shown = [line for line in checked.lines if line.metric and (every or line.outcome not in ("same", "skipped"))]
    heads = (
        Column("", "left"),
        Column("network", "left"),
        Column("quantity", "left"),
        Column("baseline"),
        Column("now"),
        Column("change"),
        Column("limit", drop=1),
    )
    rows = [_row(line) for line in sorted(shown, key=lambda line: order.index(line.outcome))]
    same = sum(line.outcome == "same" for line in checked.lines)
    note = [Note((f"= {many(same, 'figure')} as in the baseline: rows with --all",))] if same and not every else []
    reasons = [
        f"{line.model} {words_of(line.metric)}: {line.reason}" for line in shown if line.reason and line.outcome != "over"
    ]
    return (*([table(heads, rows)] if rows else []), *note, *([Note(tuple(reasons))] if reasons else []))


def _row(line: Line) -> tuple[Content, ...]:
    sign, word, style = OUTCOMES[line.outcome]
    known = [value for value in (line.before, line.after) if value is not None]
    texts = iter(value_texts(line.metric, known))
    before, after = (next(texts) if value is not None else "" for value in (line.before, line.after))
    loud = line.outcome in FAILING
    change = change_text(line)
    return row(
        Cell(f"{sign} {word}{' (warning)' if loud and line.level == 'warn' else ''}", style),
        bold(line.model) if loud else line.model,
        words_of(line.metric),
        dim(before),
        bold(after) if loud else after,
        bold(change) if loud else change,
        dim(limit_text(line)),
    )


def _layers(checked: Checked) -> tuple[Table | Note, ...]:
    """The layers that changed, of each model whose figures did, like a diff."""
    told: list[Table | Note] = []
    failing = [line for line in checked.lines if line.outcome in FAILING]
    for model, (metric, changes) in changed_layers([*failing, *checked.lines]).items():
        heads = (
            Column(f"where {model} changed", "left"),
            Column("before"),
            Column("now"),
            Column(f"{words_of(metric)}"),
            Column("share", drop=1),
        )
        told.append(table(heads, [_layer(one, metric, changes) for one in changes[:SHOWN]]))
        if len(changes) > SHOWN:
            told.append(Note((f"{len(changes) - SHOWN} more layers of {model}: all of them in --format json",)))
    return tuple(told)


def _layer(one: Change, metric: str, changes: Sequence[Change]) -> tuple[Content, ...]:
    total = sum(change.difference for change in changes)
    texts = [value_texts(metric, [value])[0] if value is not None else "" for value in (one.before, one.after)]
    share = f"{100 * one.difference / total:.0f} %" if total else ""
    sign = "+ " if one.before is None else "- " if one.after is None else "  "
    return row(f"{sign}{one.path}", dim(texts[0]), texts[1], bold(signed(round(one.difference))), dim(share))


def _ways_out(told: Told) -> tuple[Note, ...]:
    if told.checked.status == "pass":
        return ()
    lines = ["If the new cost is meant, accept it and commit the file:", f"  {told.accept}"]
    return (Note(tuple(lines), ""),)


def measured_only(lines: Sequence[Line]) -> list[Line]:
    """The lines of the clock."""
    return [line for line in lines if line.metric in MEASURED]
