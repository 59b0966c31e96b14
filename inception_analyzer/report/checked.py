"""What `check` answers: every limit with what it was and is, the layers that did it, and how to accept the new cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import isfinite

from inception_analyzer.gates.baseline import Baseline, Model
from inception_analyzer.gates.check import FAILING, OPEN, UNDECIDABLE, Change, Checked, Line, Outcome
from inception_analyzer.gates.config import TABLE
from inception_analyzer.gates.metrics import OF_LAYERS, words_of
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
    literal,
    row,
    table,
)
from inception_analyzer.report.gated.remarks import counted_text, remarks
from inception_analyzer.report.gated.words import (
    change_text,
    changed_models,
    difference_text,
    headline,
    known_texts,
    limit_text,
    subject_text,
    worst_first,
)
from inception_analyzer.report.quantity import many
from inception_analyzer.report.records import Record

LINE = ("model", "metric", "before", "after", "change", "limit", "outcome", "level", "reason", "line")
COLUMNS = (*LINE, "ratio", "ratio_low", "ratio_high")
SHOWN = 8  # layers that are named
WIDEST_HEAD = len("baseline")  # a revision may have a name of forty letters


# One table of meaning for outcomes: sign, word, style; in the order in which they are listed.
OUTCOMES: dict[Outcome, tuple[str, str, str]] = {
    "over": ("✗", "over", "error"),
    "unaccepted": ("✗", "better", "error"),
    "missing": ("?", "missing", "depends"),
    "gone": ("?", "gone", "depends"),
    "inconclusive": ("?", "inconclusive", "depends"),
    "waived": ("◐", "waived", "depends"),
    "better": ("✓", "better", "good"),
    "within": ("✓", "within", "good"),
    "same": ("✓", "same", "dim"),
    "skipped": ("-", "skipped", "dim"),
}
WARNED = "!"


@dataclass(frozen=True, slots=True)
class Told:
    """A check with what has to be said about it: where the baseline is, and the command that accepts what is now."""

    checked: Checked
    baseline: str
    accept: str
    known: Baseline = field(default_factory=lambda: Baseline({}))
    now: tuple[Model, ...] = ()
    exit_zero: bool = False
    before: str = "baseline"  # what stands over the values that were


def document(told: Told, *, every: bool = False) -> Document:
    """The failing lines first; lines in which nothing changed stand in a sum unless all are asked for."""
    checked = told.checked
    return Document(
        command="check",
        title=headline(checked),
        conditions=f"{counted_text(checked.lines)} · baseline {told.baseline}",
        finding=_finding(checked),
        sections=(*_lines(checked, every, told.before), *_layers(checked), *_ways_out(told), *_last(told)),
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
        "breaches": [_with_layers(line) for line in checked.breaches],
        "warnings": [_with_layers(line) for line in checked.warnings],
        "lines": [_with_layers(line) for line in checked.lines],
        "accept": told.accept,
        "notices": list(checked.notices),
    }


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
        "ratio": line.ratio.point if line.ratio else None,
        "ratio_low": _finite(line.ratio.low) if line.ratio else None,
        "ratio_high": _finite(line.ratio.high) if line.ratio else None,
    }


def _whole(value: float | None) -> float | int | None:
    return int(value) if value is not None and value == int(value) else value


def _finite(value: float) -> float | None:
    return value if isfinite(value) else None


def _with_layers(line: Line) -> Record:
    layers = [{"path": one.path, "before": one.before, "after": one.after} for one in line.changes]
    return {**record(line), "layers": layers}


def _finding(checked: Checked) -> tuple[str, ...]:
    counted = [line for line in checked.lines if line.metric]
    lines = [f"*{_sum(checked)}.*"]
    lines += [literal(f"{subject_text(line)}: {line.reason}.") for line in checked.lines if line.outcome in UNDECIDABLE]
    lines += [literal(f"{notice}.") for notice in checked.notices]
    better = [line for line in counted if line.outcome == "better"]
    if better:
        told = ", ".join(f"{line.model} {words_of(line.metric)} {change_text(line)}" for line in better[:3])
        lines.append(f"Better than the baseline: {told}{f' and {len(better) - 3} more' if len(better) > 3 else ''}.")
    return tuple(lines)


def _sum(checked: Checked) -> str:
    """What the lines come to: `1 undecided, 3 of 16 limits exceeded, 2 warnings`."""
    lost = sum(line.outcome in UNDECIDABLE for line in checked.lines)
    counted = [line for line in checked.lines if line.metric and line.outcome not in (*OPEN, *UNDECIDABLE)]
    better = sum(line.outcome == "unaccepted" for line in checked.breaches)
    outside, warned = len(checked.breaches) - better, len(checked.warnings)
    waived = sum(line.outcome == "waived" for line in counted)
    told = [f"{lost} undecided"] if lost else []
    told += [f"{len(checked.open_ends)} not told"] if checked.open_ends else []
    told += [f"{outside} of {many(len(counted), 'limit')} exceeded"] if outside else []
    told += [f"{many(better, 'improvement')} to be accepted"] if better else []
    told += [f"{many(len(counted) - warned - waived, 'limit')} kept"] if not outside and not better else []
    told += [f"{waived} waived"] if waived else []
    return ", ".join([*told, *([many(warned, "warning")] if warned else [])])


def _last(told: Told) -> tuple[Note, ...]:
    """The answer once more where a reader of a long log looks first."""
    code = {"pass": 0, "fail": 1, "undecided": 3}[told.checked.status]
    if not code:
        return ()
    asked = f"exit 0 as asked, else {code}" if told.exit_zero else f"exit {code}"
    return (Note((f"{asked}: {_sum(told.checked)}",), ""),)


def _lines(checked: Checked, every: bool, before: str) -> tuple[Table | Note, ...]:
    order = list(OUTCOMES)
    shown = [line for line in checked.lines if line.metric and (every or line.outcome != "same")]
    heads = (
        Column("", "left"),
        Column("network", "left", fold=True),
        Column("quantity", "left"),
        Column(before if len(before) <= WIDEST_HEAD else "before"),
        Column("now"),
        Column("change"),
        Column("limit"),
    )
    failing = worst_first(line for line in shown if line.outcome in FAILING)
    others = sorted((line for line in shown if line.outcome not in FAILING), key=lambda line: order.index(line.outcome))
    rows = [_row(line) for line in (*failing, *others)]
    same = sum(line.outcome == "same" for line in checked.lines)
    there = "the baseline" if before == "baseline" else before
    note = [Note((f"= {many(same, 'figure')} as in {there}: rows with --all",))] if same and not every else []
    reasons = remarks(line for line in shown if line.outcome not in UNDECIDABLE)
    return (*([table(heads, rows)] if rows else []), *note, *([Note(tuple(map(literal, reasons)))] if reasons else []))


def verdict_of(line: Line) -> tuple[str, str, str]:
    """Its sign, word and style; a breach that only warns is told from one that fails."""
    sign, word, style = OUTCOMES[line.outcome]
    if line.outcome in FAILING and line.level == "warn":
        return WARNED, "warning" if line.outcome == "over" else word, "depends"
    return sign, word, style


def _row(line: Line) -> tuple[Content, ...]:
    sign, word, style = verdict_of(line)
    before, after = known_texts(line.metric, line.before, line.after)
    loud = line.outcome in FAILING
    change = change_text(line)
    return row(
        Cell(f"{sign} {word}", style),
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
    for model, (metric, changes) in changed_models(checked).items():
        heads = (
            Column(f"where {model} changed", "left"),
            Column("before"),
            Column("now"),
            Column(f"{words_of(metric)}"),
            Column("share", drop=1),
        )
        told.append(table(heads, [_layer(one, metric, changes) for one in changes[:SHOWN]]))
        if len(changes) > SHOWN:
            told.append(Note((f"{many(len(changes) - SHOWN, 'more layer')} of {model}: all of them in --format json",)))
    return tuple(told)


def _layer(one: Change, metric: str, changes: Sequence[Change]) -> tuple[Content, ...]:
    total = sum(change.difference for change in changes)
    texts = known_texts(metric, one.before, one.after)
    share = f"{100 * one.difference / total:.0f} %" if total and metric in OF_LAYERS else ""
    sign = "+ " if one.before is None else "- " if one.after is None else "  "
    return row(f"{sign}{one.path}", dim(texts[0]), texts[1], bold(difference_text(metric, one.difference)), dim(share))


def ways_out(told: Told) -> list[tuple[str, str]]:
    """What can be done: a sentence, and the command or file that it speaks of."""
    if not told.accept:
        return _out_of_a_revision(told.checked)
    found = []
    if any(not line.absolute for line in told.checked.breaches):
        found.append(("If the new cost is meant, accept it and commit the file:", told.accept))
    if any(line.absolute for line in told.checked.breaches):
        found.append(
            (
                "A budget stands whatever the baseline says; if more is meant, raise it:",
                f"[{TABLE}] of pyproject.toml, or --limit",
            )
        )
    if any(line.outcome in UNDECIDABLE for line in told.checked.lines):
        found.append(("To make the baseline name what is there now:", told.accept))
    return found


def _out_of_a_revision(checked: Checked) -> list[tuple[str, str]]:
    """A revision is what it is: only rules can say that more is meant."""
    waiver = f"[[{TABLE}.waivers]] with reason and until, or a tolerance in [[{TABLE}.rules]]"
    found = [("If the new cost is meant, say so in pyproject.toml:", waiver)] if checked.breaches else []
    if any(line.outcome in UNDECIDABLE for line in checked.lines):
        found.append(
            ("What only one side has cannot be compared; name the models that both have:", "check MODEL --against REV")
        )
    return found


def _ways_out(told: Told) -> tuple[Note, ...]:
    return tuple(Note((sentence, f"  {thing}"), "") for sentence, thing in ways_out(told))
