"""What factorization saves in each network: the network beside its unfactorized twin, and the rule that does most."""

from __future__ import annotations

from collections.abc import Sequence

from inception_analyzer.report.document import Bar, Column, Document, Flat, bold, dim, row, table
from inception_analyzer.report.quantity import in_unit, ratio
from inception_analyzer.report.records import Record
from inception_analyzer.rules import Derived

COLUMNS = (
    "network",
    "twin",
    "macs",
    "macs_twin",
    "macs_ratio",
    "params",
    "params_twin",
    "params_ratio",
    "steps",
    "main_rule",
    "main_rule_macs",
)


def document(found: Sequence[Derived]) -> Document:
    """Each network that was factorized, dearest twin first."""
    ordered = sorted(found, key=_factor, reverse=True)
    heads = (
        Column("network", "left"),
        Column("as designed, MMAC"),
        Column("twin, MMAC"),
        Column("twin / it"),
        Column("parameters", drop=1),
        Column("most by", "left", drop=2),
        Column("multiply-adds", "left"),
    )
    longest = max((one.after.cost.macs for one in ordered), default=1)
    before = in_unit([one.before.cost.macs for one in ordered], longest)[1]
    after = in_unit([one.after.cost.macs for one in ordered], longest)[1]
    rows = [
        row(
            one.before.network.label,
            own,
            twin,
            bold(ratio(one.after.cost.macs, one.before.cost.macs)),
            ratio(one.after.cost.params, one.before.cost.params),
            dim(main_rule(one)),
            Bar(one.before.cost.macs / longest, one.before.network.family, max(0, one.difference) / longest),
        )
        for one, own, twin in zip(ordered, before, after, strict=True)
    ]
    return Document(
        command="twins",
        title="what factorization saves",
        conditions="counted exactly · each at its own input size",
        finding=_finding(ordered),
        sections=(table(heads, rows),),
        flat=lambda: Flat(COLUMNS, tuple(_record(one) for one in ordered)),
        data=lambda: {"convention": "paper-mac", "twins": [_record(one) for one in ordered]},
    )


def main_rule(one: Derived) -> str:
    """The replacement that accounts for most of the difference."""
    return max(one.rules, key=lambda rule: abs(rule.macs)).text if one.rules else ""


def _finding(ordered: Sequence[Derived]) -> tuple[str, ...]:
    if not ordered:
        return ()
    most, least = ordered[0], ordered[-1]
    return (
        f"Without its factorizations {most.before.network.label} would take "
        f"*{ratio(most.after.cost.macs, most.before.cost.macs)} the multiply-adds*, "
        f"{least.before.network.label} {ratio(least.after.cost.macs, least.before.cost.macs)}.",
    )


def _factor(one: Derived) -> float:
    return one.after.cost.macs / one.before.cost.macs


def _record(one: Derived) -> Record:
    before, after = one.before.cost, one.after.cost
    biggest = max((rule.macs for rule in one.rules), key=abs, default=0)
    return {
        "network": one.before.network.label,
        "twin": one.after.network.label,
        "macs": before.macs,
        "macs_twin": after.macs,
        "macs_ratio": after.macs / before.macs,
        "params": before.params,
        "params_twin": after.params,
        "params_ratio": after.params / before.params,
        "steps": len(one.rewritten.derivation),
        "main_rule": main_rule(one),
        "main_rule_macs": biggest,
    }
