"""Where time goes beside what the machine allows: blocks under the roofline, and the ceilings themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from inception_analyzer.outline import short
from inception_analyzer.report.document import (
    Bar,
    Column,
    Content,
    Document,
    Flat,
    Note,
    Table,
    bold,
    dim,
    row,
    table,
    with_units,
)
from inception_analyzer.report.measured import time_text
from inception_analyzer.report.quantity import in_unit
from inception_analyzer.report.records import Record
from inception_analyzer.timings import BlockRoof, Ceilings, Roof

COLUMNS = ("network", "path", "macs", "bytes", "intensity", "floor", "seconds", "share", "bound")
UNITS = {"intensity": "macs_per_byte", "floor": "seconds"}  # of columns whose names do not tell it
WORTH = 0.03  # of a call: what takes less is not worth a sentence
RUN = 3  # blocks alike from which on they are one row
EXPLAINED = 0.85, 1.15  # of the whole call, within which its blocks explain it


def sections(roofs: Sequence[Roof], families: Sequence[str]) -> tuple[Table | Note, ...]:
    """A table for each network, and what its ceilings are."""
    parts: list[Table | Note] = []
    for roof, family in zip(roofs, families, strict=True):
        parts += [_blocks(roof, family), Note(_notes(roof))]
    return tuple(parts)


def document(roofs: Sequence[Roof], families: Sequence[str]) -> Document:
    """The blocks of several networks, with the one that is farthest from its roof among those that take the time."""
    heavy = [(roof, block) for roof in roofs for block in roof.blocks if block.seconds >= WORTH * _whole(roof)]
    roof, block = min(heavy, key=lambda pair: pair[1].share)
    return Document(
        command="roofline",
        title="blocks under the roof",
        conditions=f"{roof.setup.device} · {roof.setup.dtype} · batch {roof.setup.batch}",
        finding=(
            f"Of the blocks that take {100 * WORTH:.0f} % of the time or more, {short(block.path)} of {roof.expression} is "
            f"farthest from its roof: *{100 * block.share:.0f} % of it*, bound by {block.bound}.",
        ),
        sections=sections(roofs, families),
        flat=lambda: with_units(Flat(COLUMNS, tuple(_lines(roofs))), UNITS),
        data=lambda: {"roofs": records(roofs)},
    )


def _lines(roofs: Sequence[Roof]) -> Iterator[Record]:
    """The blocks of all networks below each other."""
    return ({"network": one["expression"], **line} for one in records(roofs) for line in one["blocks"])


def _whole(roof: Roof) -> float:
    return sum(block.seconds for block in roof.blocks)


def ceilings_table(known: Sequence[Ceilings]) -> tuple[Table | Note, ...]:
    """The ceilings that were measured on this machine."""
    if not known:
        return (Note(("no ceilings measured yet: inception-analyze env --ceilings --renew",)),)
    heads = (
        Column("ceilings", "left"),
        Column("threads"),
        Column("GMAC/s"),
        Column("GB/s"),
        Column("launch"),
        Column("doubts", "left"),
    )
    rows = [
        row(
            f"{one.device}, {one.dtype}",
            str(one.threads),
            bold(f"{one.macs_per_second / 1e9:,.0f}"),
            f"{one.bytes_per_second / 1e9:,.0f}",
            f"{one.launch_seconds * 1e6:.2f} us",
            dim("; ".join(one.doubts)),
        )
        for one in known
    ]
    return (table(heads, rows),)


def records(roofs: Sequence[Roof]) -> list[Record]:
    """Roofs for JSON: times in seconds, sizes in bytes."""
    return [
        {
            "expression": roof.expression,
            "phase": roof.setup.phase,
            "batch": roof.setup.batch,
            "layout": roof.setup.layout,
            "reconciled": roof.reconciled,
            "ceilings": ceiling_record(roof.ceilings),
            "blocks": [
                {
                    "path": block.path,
                    "macs": block.macs,
                    "bytes": block.bytes,
                    "intensity": block.intensity,
                    "floor": block.floor_seconds,
                    "seconds": block.seconds,
                    "share": block.share,
                    "bound": block.bound,
                }
                for block in roof.blocks
            ],
        }
        for roof in roofs
    ]


def ceiling_record(one: Ceilings) -> Record:
    """Ceilings for JSON."""
    return {
        "device": one.device,
        "dtype": one.dtype,
        "threads": one.threads,
        "macs_per_second": one.macs_per_second,
        "bytes_per_second": one.bytes_per_second,
        "launch_seconds": one.launch_seconds,
        "doubts": list(one.doubts),
    }


def _blocks(roof: Roof, family: str) -> Table:
    blocks = list(_in_runs(roof.blocks))
    longest = max((block.seconds for block in blocks), default=1.0) or 1.0
    unit, macs = in_unit([block.macs for block in blocks], sum(block.macs for block in blocks))
    heads = (
        Column(f"{roof.expression}, block", "left", least=12),
        Column(f"{unit}MAC"),
        Column("MiB", drop=2),
        Column("floor", drop=1),
        Column("time"),
        Column("of roof"),
        Column("bound", "left"),
        Column("time", "left"),
    )
    rows: list[tuple[Content, ...]] = [
        row(
            block.path,
            text,
            dim(_mebibytes(block.bytes)),
            dim(time_text(block.floor_seconds)) if block.floor_seconds else dim(""),
            bold(time_text(block.seconds)),
            _part(block.share),
            dim(block.bound),
            Bar(block.seconds / longest, family),
        )
        for block, text in zip(blocks, macs, strict=True)
    ]
    return table(heads, rows, fold=f"{roof.expression}, block by block under the roof")


def _mebibytes(size: int) -> str:
    """In the unit of the head; a trace is told from nothing."""
    return "" if not size else "<0.1" if size < 0.05 * 2**20 else f"{size / 2**20:,.1f}"


def _part(share: float) -> str:
    return "" if not share else "<1 %" if share < 0.005 else f"{100 * share:.0f} %"


def _in_runs(blocks: Sequence[BlockRoof]) -> Iterator[BlockRoof]:
    """Blocks by their short names; three in a row that do the same work are one, so that many blocks stay readable."""
    for _, run in groupby(blocks, key=lambda block: (block.macs, block.bytes, block.floor_seconds)):
        named = [replace(block, path=short(block.path)) for block in run]
        yield from [_together(named)] if len(named) >= RUN else named


def _together(run: Sequence[BlockRoof]) -> BlockRoof:
    floor, seconds = (sum(getattr(block, name) for block in run) for name in ("floor_seconds", "seconds"))
    return replace(
        run[0],
        path=f"{run[0].path}-{run[-1].path}",
        macs=len(run) * run[0].macs,
        bytes=len(run) * run[0].bytes,
        floor_seconds=floor,
        seconds=seconds,
        share=floor / seconds if seconds > 0 else 0.0,
    )


def _notes(roof: Roof) -> tuple[str, ...]:
    ceilings = roof.ceilings
    reached = f"{ceilings.macs_per_second / 1e9:,.0f} GMAC/s and {ceilings.bytes_per_second / 1e9:,.0f} GB/s at best"
    sums = f"; its blocks add up to {roof.reconciled:.2f}x the whole call" if roof.reconciled else ""
    what = f"{roof.expression}, forward, batch {roof.setup.batch}, blocks timed in passes of their own"
    lines = [f"{what}{sums}. This machine reached {reached}."]
    if roof.reconciled and not EXPLAINED[0] <= roof.reconciled <= EXPLAINED[1]:
        lines.append(f"{roof.expression}: the blocks do not explain the whole; other work came between, or the clock moved")
    if roof.setup.cache != "warm":
        lines.append(f"{roof.expression}: blocks are timed with warm caches, the whole call with flushed ones")
    lines += [f"ceilings: {'; '.join(ceilings.doubts)}"] if ceilings.doubts else []
    return tuple(lines)
