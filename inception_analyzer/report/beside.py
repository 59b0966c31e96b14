"""What stands beside measured times: what counting had predicted, what could not be found out, and the rows of CSV."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any

from inception_analyzer.report.document import Flat, Note, with_units
from inception_analyzer.report.measured import Row, ratio_text
from inception_analyzer.report.measurements import records
from inception_analyzer.report.quantity import many, ratio
from inception_analyzer.report.records import Record
from inception_analyzer.timings import Measurement, Missing

SECONDS = ("_median", "_low", "_high", "_q1", "_q3", "_min", "_p90")
TIMED = (
    *("median", "low", "high", "q1", "q3", "min", "p90", "n", "ratio", "ratio_low", "ratio_high"),
    *("noise", "verdict", "stopped_by", "error"),
)


def prediction(rows: Sequence[Row], macs: Mapping[str, int]) -> tuple[Note, ...]:
    """What counting predicts for a forward pass, beside how long it took."""
    forward = [entry for entry in rows if isinstance(entry, Measurement) and entry.sample.setup.phase == "forward"]
    lines = [
        f"Counting predicts {_times(macs[entry.sample.expression] / macs[entry.against.reference])}, this machine took "
        f"*{ratio_text(entry.against.ratio)} as long* for a forward pass of {entry.sample.expression}."
        for entry in forward
        if entry.against is not None
    ]
    return (Note(tuple(lines), ""),) if lines else ()


def _times(factor: float) -> str:
    return "1.00x" if factor == 1 else ratio(factor, 1)


def foretold(rows: Sequence[Row], macs: Mapping[str, int]) -> tuple[str, ...]:
    """Whether multiply-adds foretell the time of inference of networks beside the first, in a sentence for all of them."""
    forward = [one for one in rows if isinstance(one, Measurement) and one.sample.setup.phase == "forward"]
    beside = [one for one in forward if one.against is not None and isfinite(one.against.ratio.high)]
    if not beside:
        return ()
    first = forward[0].sample.expression
    known = [(macs[one.sample.expression] / macs[first], one.against.ratio) for one in beside if one.against is not None]
    over, under = (sum(found.high < counted for counted, found in known), sum(found.low > counted for counted, found in known))
    work, time = ([counted for counted, _ in known], [found.point for _, found in known])
    spans = f"{_span(work)} the multiply-adds of {first}, {_span(time)} the time."
    if not over and not under:
        return (f"Counting *foretells the time* of {many(len(known), 'network')} in inference: {spans}",)
    word, most = ("over", over) if over >= under else ("under", under)
    of = f"all {len(known)} networks" if most == len(known) > 1 else f"{most} of {many(len(known), 'network')}"
    return (f"Counting *{word}-predicts the time of {of}* in inference: {spans}",)


def _span(factors: Sequence[float]) -> str:
    """`1.28x to 8.31x`."""
    return " to ".join(dict.fromkeys(_times(end) for end in (min(factors), max(factors))))


def missing(found: Sequence[Missing]) -> tuple[Note, ...]:
    """What could not be found out about some networks."""
    lines = [f"{one.expression}, {one.what}: {one.reason}" for one in found]
    return (Note(("*not found out*", *lines), ""),) if lines else ()


def missing_records(found: Sequence[Missing]) -> list[Record]:
    """The same for JSON."""
    return [{"expression": one.expression, "what": one.what, "error": one.reason} for one in found]


def told_apart(labels: Sequence[str]) -> list[str]:
    """A network that is there twice is once beside itself, and has a name of its own for that."""
    return [
        f"{label} again{f' {number}' if (number := labels[:at].count(label)) > 1 else ''}" if label in labels[:at] else label
        for at, label in enumerate(labels)
    ]


def columns_beside(flat: Flat, rows: Sequence[Row]) -> Flat:
    """A row for each network with its times in columns of their own: `forward_batch1_median`."""
    found = records(rows)
    timed = [(entry["expression"], {f"{_call(entry)}_{name}": entry[name] for name in TIMED}) for entry in found]
    names = dict.fromkeys(name for _, columns in timed for name in columns)
    labels = iter(told_apart([_network(line) for line in flat.rows if _network(line)]))
    whole = []
    for line in flat.rows:
        its = next(labels) if _network(line) else ""
        whole.append({**line, **{name: value for label, columns in timed if label == its for name, value in columns.items()}})
    units = {name: "seconds" for name in names if name.endswith(SECONDS) and "_ratio_" not in name}
    return with_units(Flat((*flat.columns, *names), tuple(whole)), units)


def _network(line: Mapping[str, Any]) -> str:
    """The network that a row stands for; a block or a rule has no time of its own here."""
    return str(line["expression"]) if line.get("row", "network") == "network" else ""


def lines_beside(flat: Flat, rows: Sequence[Row], reference: str, other: str) -> Flat:
    """Times as further quantities of two chains: `forward_batch1_median`."""
    found = [entry for entry in records(rows) if entry["error"] is None]
    first = {_call(entry): entry["median"] for entry in found if entry["expression"] == reference}
    second = {_call(entry): entry for entry in found if entry["expression"] == other}
    lines = []
    for call in dict.fromkeys([*first, *second]):
        entry = second.get(call)
        medians = {"reference": first.get(call), "other": entry["median"] if entry else None}
        lines.append({"quantity": f"{call}_median", **medians, "ratio": entry["ratio"] if entry else None})
    return Flat(flat.columns, (*flat.rows, *lines))


def _call(entry: Record) -> str:
    return f"{entry['phase']}_batch{entry['batch']}"
