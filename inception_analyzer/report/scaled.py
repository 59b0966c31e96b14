"""How cost grows with width and with resolution: multiply-adds and parameters beside those of the network as published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from inception_analyzer.evidence import Count
from inception_analyzer.report.document import Column, Content, Document, Flat, Table, row, table
from inception_analyzer.report.quantity import ratio, three
from inception_analyzer.report.records import Record

COLUMNS = ("network", "scaled", "value", "input", "macs", "params", "macs_ratio", "params_ratio")

Wider = Mapping[str, Sequence[tuple[str, Count]]]
Larger = Mapping[str, Sequence[tuple[int, Count]]]


def document(wider: Wider, larger: Larger) -> Document:
    """A table for width and one for the side of the image."""
    records = [*_records(wider, "width"), *_records(larger, "input")]
    double = [record for record in records if record["scaled"] == "width" and record["value"] == 2]
    lowest, highest = min(double, key=_grown), max(double, key=_grown)
    return Document(
        command="scaling",
        title="how cost grows with width and resolution",
        conditions="counted exactly · multiply-adds",
        finding=(
            f"Twice as wide, a network takes *{ratio(lowest['macs_ratio'], 1)} to {ratio(highest['macs_ratio'], 1)} "
            "the multiply-adds*: the image and the classes do not widen with it.",
        ),
        sections=(_table(wider, "times as wide"), _table(larger, "pixels a side")),
        flat=lambda: Flat(COLUMNS, tuple(records)),
        data=lambda: {"convention": "paper-mac", "scaling": records},
    )


def _grown(record: Record) -> float:
    return float(record["macs_ratio"])


def _table(found: Wider | Larger, what: str) -> Table:
    steps = sorted({step for rows in found.values() for step, _ in rows}, key=float)
    rows: list[tuple[Content, ...]] = []
    for name, counts in found.items():
        macs = {step: count.cost.macs for step, count in counts}
        rows.append(row(name, *(three(macs[step]) if step in macs else "" for step in steps)))
    return table((Column(what, "left"), *(Column(str(step)) for step in steps)), rows)


def _records(found: Wider | Larger, scaled: str) -> list[Record]:
    records = []
    for name, counts in found.items():
        own = _own(counts, scaled)
        for step, count in counts:
            cost = count.cost
            records.append(
                {
                    "network": name,
                    "scaled": scaled,
                    "value": float(step),
                    "input": count.input.height,
                    "macs": cost.macs,
                    "params": cost.params,
                    "macs_ratio": cost.macs / own.cost.macs if own else None,
                    "params_ratio": cost.params / own.cost.params if own else None,
                }
            )
    return records


def _own(counts: Sequence[tuple[str | int, Count]], scaled: str) -> Count | None:
    """The network as published, where it is among them."""
    return next((count for step, count in counts if scaled == "width" and float(step) == 1), None)
