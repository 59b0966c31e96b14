"""What `kernel --measure` answers over many grids: counts and times in one table, and from which grid on it pays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from inception_analyzer.report.circumstances import conditions
from inception_analyzer.report.document import Cell as Text
from inception_analyzer.report.document import Column, Content, Document, Flat, Table, dim, row, table, with_units
from inception_analyzer.report.grids import (
    COUNTED,
    PADDED,
    Place,
    chains,
    channels_text,
    counted_record,
    factor,
    label,
    side,
    title,
    width,
)
from inception_analyzer.report.measured import Row, closing, factor_cells, time_text
from inception_analyzer.report.measurements import VERDICTS, records
from inception_analyzer.report.paying import Paying, paying, sentence
from inception_analyzer.report.records import Record
from inception_analyzer.stats import Verdict, summary
from inception_analyzer.timings import Failure, Measurement, Setup

TIMED = (
    "phase",
    "batch",
    "dtype",
    "device",
    "median_reference",
    "median_other",
    "ratio",
    "ratio_low",
    "ratio_high",
    "n",
    "verdict",
    "error",
)


@dataclass(frozen=True, slots=True)
class Timed:
    """A place in one phase with one batch: what was seen of each chain, or why nothing."""

    place: Place
    setup: Setup
    rows: tuple[Row, ...]

    @property
    def reference(self) -> Measurement | None:
        return next((entry for entry in self._measured if entry.against is None and not self._lonely), None)

    @property
    def other(self) -> Measurement | None:
        return next((entry for entry in self._measured if entry.against is not None or self._lonely), None)

    @property
    def verdict(self) -> Verdict | None:
        return self.other.against.verdict if self.other and self.other.against else None

    @property
    def error(self) -> str | None:
        return "; ".join(dict.fromkeys(one.reason for one in self.rows if isinstance(one, Failure))) or None

    @property
    def _measured(self) -> list[Measurement]:
        return [entry for entry in self.rows if isinstance(entry, Measurement)]

    @property
    def _lonely(self) -> bool:
        """Whether the reference failed, so that what was measured is the other."""
        failed = {one.expression for one in self.rows if isinstance(one, Failure)}
        return label(self.place, self.place.bench.reference) in failed


Series = list[tuple[list[Timed], Paying]]
"""The grids of one width, batch and phase, and where it pays on them."""


def by_setup(place: Place, rows: Sequence[Row]) -> list[Timed]:
    """What was seen at one place, phase by phase and batch by batch."""
    groups = groupby(rows, key=lambda entry: entry.sample.setup if isinstance(entry, Measurement) else entry.setup)
    return [Timed(place, setup, tuple(both)) for setup, both in groups]


def timed(places: Sequence[Place], cells: Sequence[Timed], machine: Mapping[str, Any]) -> Document:
    """Counts and times in one table, and from which grid on the second chain pays."""
    rows = [entry for cell in cells for entry in cell.rows]
    series = _series(cells)
    return Document(
        command="kernel",
        title=title(places[0]),
        conditions=" · ".join(filter(None, (conditions(rows), width(places).removesuffix(" · ")))),
        finding=_findings(series, str(places[0].bench.other.chain)) or ("nothing was timed",),
        sections=(*((_times(series),) if cells else ()), *closing(rows, machine)),
        flat=lambda: with_units(
            Flat((*COUNTED, *TIMED), tuple(_timed_record(cell) for cell in _cells(series))),
            dict.fromkeys(("median_reference", "median_other"), "seconds"),
        ),
        data=lambda: {
            **chains(places[0]),
            "cells": [_timed_record(cell) for cell in _cells(series)],
            "paying": [_paying_record(group, found) for group, found in series],
            "measurements": [
                {"grid": cell.place.bench.grid, "channels": list(cell.place.channels), **record}
                for cell in _cells(series)
                for record in records(cell.rows)
            ],
            "machine": dict(machine),
        },
    )


def _times(series: Series) -> Table:
    """The grids of each series below each other, the series apart."""
    cells = _cells(series)
    one, other = cells[0].place.bench.reference.chain, cells[0].place.bench.other.chain
    columns = _varying(cells)
    heads = (
        Column("grid", "left", least=8),
        *(Column(name, "left" if name == "phase" else "right") for name in columns),
        Column("counted", drop=3),
        Column(str(one), drop=1),
        Column(str(other), drop=2),
        Column("measured"),
        Column("", "left"),
        Column("verdict", "left"),
    )
    rows = [line for group, _ in series for line in [(), *(_time_row(cell, columns) for cell in group)]]
    return table(heads, rows[1:])


def _time_row(cell: Timed, columns: Sequence[str]) -> tuple[Content, ...]:
    facts = _facts(cell)
    times = [time_text(summary(entry.sample.seconds).median) if entry else "" for entry in (cell.reference, cell.other)]
    head: tuple[str | Content, ...] = (
        side(cell.place.bench),
        *(facts[name] for name in columns),
        dim(factor(PADDED, cell.place.bench)),
        *times,
    )
    if cell.verdict is None or cell.other is None or cell.other.against is None:
        return row(*head, "", "", dim("not measured"))
    return row(*head, *factor_cells(cell.other.against.ratio), Text(*VERDICTS[cell.verdict]))


def _facts(cell: Timed) -> dict[str, str]:
    """What tells one series of grids from another."""
    return {"channels": channels_text(cell.place), "batch": str(cell.setup.batch), "phase": cell.setup.phase}


def _varying(cells: Sequence[Timed]) -> list[str]:
    """Those facts that are not the same in all cells; a batch is always told."""
    facts = [_facts(cell) for cell in cells]
    return [name for name in facts[0] if name == "batch" or len({fact[name] for fact in facts}) > 1]


def _series(cells: Sequence[Timed]) -> Series:
    """The grids of each width, batch and phase."""
    groups: dict[tuple[str, ...], list[Timed]] = {}
    for cell in cells:
        groups.setdefault(tuple(_facts(cell).values()), []).append(cell)
    return [(group, paying({cell.place.bench.grid: cell.verdict for cell in group})) for group in groups.values()]


def _cells(series: Series) -> list[Timed]:
    return [cell for group, _ in series for cell in group]


def _findings(series: Series, other: str) -> tuple[str, ...]:
    """A sentence for each series; those in a row that say the same are told once."""
    cells, lines = _cells(series), []
    told = list(dict.fromkeys(sentence(found, other) for _, found in series))
    if len(told) <= 1:
        return tuple(told)
    for text, run in groupby(series, key=lambda one: sentence(one[1], other)):
        names = [_name(group[0], cells) for group, _ in run]
        lines.append(f"{'; '.join(names)}: {text}")
    return tuple(lines)


def _name(cell: Timed, cells: Sequence[Timed]) -> str:
    facts = _facts(cell)
    varying = [name for name in facts if len({_facts(one)[name] for one in cells}) > 1]
    words = {"channels": f"{facts['channels']} channels", "batch": f"batch {facts['batch']}", "phase": facts["phase"]}
    return ", ".join(words[name] for name in varying)


def _timed_record(cell: Timed) -> Record:
    first, second = (records([entry])[0] if entry else {} for entry in (cell.reference, cell.other))
    shared = {name: getattr(cell.setup, name) for name in ("phase", "batch", "dtype", "device")}
    found = {name: second.get(name) for name in ("ratio", "ratio_low", "ratio_high", "n", "verdict")}
    medians = {"median_reference": first.get("median"), "median_other": second.get("median")}
    return {**counted_record(cell.place), **shared, **medians, **found, "error": cell.error}


def _paying_record(cells: Sequence[Timed], found: Paying) -> Record:
    setup = cells[0].setup
    named = {"channels": list(cells[0].place.channels), "batch": setup.batch, "phase": setup.phase}
    return {**named, "pays": list(found.pays), "pays_not": list(found.pays_not), "undecided": list(found.undecided)}
