"""What `kernel` answers over many grids or widths without a clock: one row for each, counted in three ways."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from inception_analyzer.kernel import Bench, Counted
from inception_analyzer.report.document import Column, Document, Flat, Table, bold, row, table
from inception_analyzer.report.kernels import QUANTITIES, Quantity
from inception_analyzer.report.quantity import amounts, exact, many, outcome, ratio
from inception_analyzer.report.records import Record

COUNTED = ("grid", "channels", "macs_reference", "macs_other", "counted_ratio", "inside_map_ratio", "valid_ratio")
PADDED, INSIDE, VALID = (quantity for _, _, quantity in QUANTITIES[:3])


@dataclass(frozen=True, slots=True)
class Place:
    """Two chains on one grid with these widths."""

    bench: Bench
    channels: tuple[int, ...]

    @property
    def macs(self) -> int:
        return self.bench.reference.same.macs + self.bench.other.same.macs


def label(place: Place, one: Counted) -> str:
    """What one chain is called here: `7x7 on 35x35, 64 channels`."""
    grid = place.bench.grid
    return f"{one.chain} on {grid}x{grid}, {channels_text(place)} channels"


def counted(places: Sequence[Place], *, exactly: bool = False) -> Document:
    """The counts alone."""
    return Document(
        command="kernel",
        title=title(places[0]),
        conditions=f"counted exactly · {width(places)}stride 1",
        finding=tuple(_counted_finding(places, widths) for widths in _widths(places)),
        sections=(_counts(places, exactly),),
        flat=lambda: Flat(COUNTED, tuple(counted_record(place) for place in places)),
        data=lambda: {**chains(places[0]), "cells": [counted_record(place) for place in places]},
    )


def title(place: Place) -> str:
    """Which chain is to replace which."""
    return f"{place.bench.other.chain} in place of {place.bench.reference.chain}"


def channels_text(place: Place) -> str:
    """The widths as they were asked for: `64,96,96`."""
    return ",".join(map(str, place.channels))


def _widths(places: Sequence[Place]) -> list[tuple[int, ...]]:
    return list(dict.fromkeys(place.channels for place in places))


def width(places: Sequence[Place]) -> str:
    """The widths as a condition, where they are no column."""
    return f"{channels_text(places[0])} channels · " if len(_widths(places)) == 1 else ""


def chains(place: Place) -> Record:
    """What every document of two chains begins with."""
    return {"convention": "paper-mac", "chains": [str(place.bench.reference.chain), str(place.bench.other.chain)]}


def _counted_finding(places: Sequence[Place], widths: tuple[int, ...]) -> str:
    """One convention sees no grid, the other does."""
    here = [place.bench for place in places if place.channels == widths]
    one, other = here[0].reference, here[0].other
    at = f" with {','.join(map(str, widths))} channels" if len(_widths(places)) > 1 else ""
    at += " on every grid" if len(here) > 1 else f" on {side(here[0])}"
    if one.same.macs == other.same.macs:
        head, told = f"{other.chain} takes *the same multiply-adds* as {one.chain}", ""
    else:
        head = f"{other.chain} takes *{factor(PADDED, here[0])} the multiply-adds* of {one.chain}"
        told = f": it {outcome(other.same.macs, one.same.macs)}"
    ends = [max(here, key=lambda bench: bench.grid), min(here, key=lambda bench: bench.grid)]
    inside = [factor(INSIDE, bench) for bench in ends]
    less = f"; inside the map {inside[0]} on {side(ends[0])} and {inside[1]} on {side(ends[1])}"
    return f"{head}{at}{told}{less if inside[0] != inside[1] else ''}."


def factor(quantity: Quantity, bench: Bench) -> str:
    """The second chain over the first."""
    one, other = quantity(bench.reference), quantity(bench.other)
    return ratio(other, one) if one and other is not None else "does not fit"


def side(bench: Bench) -> str:
    """`35x35`."""
    return f"{bench.grid}x{bench.grid}"


def _counts(places: Sequence[Place], exactly: bool) -> Table:
    one, other = places[0].bench.reference.chain, places[0].bench.other.chain
    several = len(_widths(places)) > 1
    rows = []
    for place in places:
        bench = place.bench
        macs = [bench.reference.same.macs, bench.other.same.macs]
        texts = [exact(value) for value in macs] if exactly else amounts(macs)
        factors = (bold(factor(PADDED, bench)), factor(INSIDE, bench), factor(VALID, bench))
        rows.append(row(side(bench), *([channels_text(place)] if several else []), *texts, *factors))
    heads = (
        Column("grid", "left", least=8),
        *((Column("channels"),) if several else ()),
        Column(f"{one}, MACs", drop=1),
        Column(f"{other}, MACs", drop=2),
        Column("ratio"),
        Column("inside map"),
        Column("no padding"),
    )
    return table(heads, rows, fold=many(len(rows), "place"))


def counted_record(place: Place) -> Record:
    """A row with raw integers."""
    bench = place.bench
    factors = []
    for quantity in (PADDED, INSIDE, VALID):
        one, other = quantity(bench.reference), quantity(bench.other)
        factors.append(other / one if one and other is not None else None)
    macs = (bench.reference.same.macs, bench.other.same.macs)
    return dict(zip(COUNTED, (bench.grid, list(place.channels), *macs, *factors), strict=True))
