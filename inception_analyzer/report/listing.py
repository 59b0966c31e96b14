"""What `list` answers: the networks by name, and where each comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from inception_analyzer.evidence import Count
from inception_analyzer.report.document import Cell, Column, Document, Flat, Note, bold, dim, row, table
from inception_analyzer.report.quantity import many, three
from inception_analyzer.report.records import Record, shape_list

COLUMNS = ("name", "alias", "title", "paper", "section", "year", "input", "params", "macs")


def networks(counts: Sequence[Count], aliases: Mapping[str, str]) -> Document:
    """Every network with its short name, paper and cost."""
    shorts = {full: alias for alias, full in aliases.items()}
    records = [_record(count, shorts.get(count.network.name, "")) for count in counts]
    heads = (
        Column("name", "left"),
        Column("short", "left"),
        Column("GMAC"),
        Column("Mparams", drop=3),
        Column("px", drop=2),
        Column("paper", "left", drop=1),
    )
    rows = [
        row(
            bold(record["name"]),
            Cell(record["alias"], count.network.family),
            f"{record['macs'] / 1e9:.3f}",
            f"{record['params'] / 1e6:.2f}",
            dim(str(count.input.height)),
            dim(f"{record['paper']}, {record['year']}"),
        )
        for record, count in zip(records, counts, strict=True)
    ]
    return Document(
        command="list",
        title=many(len(counts), "network"),
        conditions="counted exactly · batch 1 · no auxiliary heads",
        finding=(_finding(counts),),
        sections=(table(heads, rows), Note(("in full: inception-analyze show v3     side by side: compare v1 v3",))),
        flat=lambda: Flat(COLUMNS, tuple(records)),
        data=lambda: {"convention": "paper-mac", "networks": records},
    )


def _finding(counts: Sequence[Count]) -> str:
    macs = [count.cost.macs for count in counts]
    return f"*From {three(min(macs))} to {three(max(macs))} multiply-adds for one image.* Either name works everywhere."


def _record(count: Count, alias: str) -> Record:
    network = count.network
    return {
        "name": network.name,
        "alias": alias,
        "title": network.title,
        "paper": network.source.paper,
        "section": network.source.section,
        "year": network.source.year,
        "input": shape_list(network.input),
        "params": count.cost.params,
        "macs": count.cost.macs,
    }
