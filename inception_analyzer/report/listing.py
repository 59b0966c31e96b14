"""What `list` answers: the networks by name, and where each comes from."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from inception_analyzer.claims.model import Claim
from inception_analyzer.evidence import Count
from inception_analyzer.passes import Pass
from inception_analyzer.report.document import Cell, Column, Document, Flat, Note, Table, bold, dim, row, table
from inception_analyzer.report.quantity import many, three
from inception_analyzer.report.records import Record, shape_list

PASS_COLUMNS = ("name", "argument", "default", "sentence", "source", "towards", "networks")
CLAIM_COLUMNS = ("id", "handle", "section", "title", "statement", "claimed", "measured_too")
TOWARDS = {
    "unfactored": "towards the unfactored network",
    "factored": "towards the factored network",
    "what if": "ablations and what-ifs of the texts",
    "training": "the rows of the ablation table, 1512.00567, Table 3",
    "scale": "other sizes of the same design",
}
HINTS = ("in full: inception-analyze show v3", "side by side: inception-analyze compare v1 v3")
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
        sections=(table(heads, rows, fold=many(len(rows), "network")), Note(HINTS)),
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


def claims(sections: Sequence[tuple[str, str, Sequence[Claim]]], handles: Mapping[str, str]) -> Document:
    """Every claim under its handle, by the text that makes it; verdicts are not listed, for they are found."""
    records = [_claim_record(claim, handles[claim.id], title) for _, title, group in sections for claim in group]
    heads = (Column("", "left"), Column("the paper says", "left"), Column("printed", "left", drop=1), Column("id", "left"))
    tables: list[Table | Note] = []
    for _, title, group in sections:
        rows = [row(dim(handles[claim.id]), claim.title, claim.claimed, dim(claim.id)) for claim in group]
        tables.append(table((heads[0], replace(heads[1], head=title), *heads[2:]), rows, title))
    return Document(
        command="list",
        title=many(len(records), "claim"),
        conditions="",
        finding=("*Handle or id work everywhere:* verify A2, verify 'B*', explain two-3x3-save-28.",),
        sections=tuple(tables),
        flat=lambda: Flat(CLAIM_COLUMNS, tuple(records)),
        data=lambda: {"convention": "paper-mac", "claims": records},
    )


def _claim_record(claim: Claim, handle: str, section: str) -> Record:
    return {
        "id": claim.id,
        "handle": handle,
        "section": section,
        "title": claim.title,
        "statement": claim.statement,
        "claimed": claim.claimed,
        "measured_too": bool(claim.asks()),
    }


def passes(catalogue: Sequence[Pass], groups: Mapping[str, tuple[str, ...]], changes: Mapping[str, Sequence[str]]) -> Document:
    """Every rewriting pass: what it does, where that stands, and which networks it changes."""
    records = [_pass_record(entry, changes[entry.name]) for entry in catalogue]
    everyone = list(dict.fromkeys(name for names in changes.values() for name in names))
    sections: list[Table | Note] = []
    for towards in dict.fromkeys(entry.towards for entry in catalogue):
        entries = [entry for entry in catalogue if entry.towards == towards]
        lines = [
            f"*{TOWARDS[towards]}*",
            *(line for entry in entries for line in _pass_lines(entry, changes[entry.name], everyone)),
        ]
        sections.append(Note(tuple(lines), ""))
    lists = [f"*{name}* = {', '.join(members)}" for name, members in groups.items()]
    return Document(
        command="list",
        title=f"{len(catalogue)} passes",
        conditions="",
        finding=("*A model is NAME@PASS,PASS in the order to run them:* v3@unfactorized, v4@asymmetric,stacked, v3@width=2.",),
        sections=(*sections, Note(("*canonical lists*", *lists), "")),
        flat=lambda: Flat(PASS_COLUMNS, tuple({**record, "networks": " ".join(record["networks"])} for record in records)),
        data=lambda: {
            "convention": "paper-mac",
            "passes": records,
            "groups": {name: list(members) for name, members in groups.items()},
        },
    )


def _pass_record(entry: Pass, networks: Sequence[str]) -> Record:
    return {
        "name": entry.name,
        "argument": entry.argument,
        "default": entry.default,
        "sentence": entry.sentence,
        "source": entry.source,
        "towards": entry.towards,
        "networks": list(networks),
    }


def _pass_lines(entry: Pass, networks: Sequence[str], everyone: Sequence[str]) -> tuple[str, ...]:
    asked = f"={re.split('[ ,:]', entry.argument)[0].upper()}" if entry.needs_value else ""
    optional = f" (={entry.argument}; {entry.default} if not said)" if entry.argument and not entry.needs_value else ""
    return (f"{entry.name}{asked} - {entry.sentence}{optional} [{entry.source}]; changes {_networks(networks, everyone)}",)


def _networks(networks: Sequence[str], everyone: Sequence[str]) -> str:
    """Which networks, or all but which, whichever is shorter to say."""
    others = [name for name in everyone if name not in networks]
    if not others:
        return "every network"
    return f"all but {' '.join(others)}" if len(others) < len(networks) else " ".join(networks)
