"""The rows of `compare` with raw numbers: a row for each network, then for each block or stage of it, then for each rule."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from inception_analyzer.cost import Convention, Cost, backward_macs_under, macs_under
from inception_analyzer.evidence import Count
from inception_analyzer.outline import Part
from inception_analyzer.report.document import Flat
from inception_analyzer.report.records import RATIO_COLUMNS, Record, model_record, ratio_record, shape_list
from inception_analyzer.rules import Rule
from inception_analyzer.spec import Shape

EXTRA = ("kept", "macs_per_parameter", "macs_at_equal_input")
COLUMNS = (
    "name",
    "expression",
    "input",
    *RATIO_COLUMNS,
    "depth",
    *(f"{name}_ratio" for name in RATIO_COLUMNS),
    *(f"{name}{end}" for end in ("", "_ratio") for name in EXTRA),
    "equal_input",
    "row",
    "part",
    "reads",
    "writes",
    "macs_share",
    "rule",
    "rule_text",
    "rule_parts",
    "macs_added",
    "params_added",
)


@dataclass(frozen=True, slots=True)
class Tables:
    """What the tables of a comparison show: parts of every network under one name, and the work over equal images."""

    counts: Sequence[Count]
    convention: Convention
    kind: str  # block or stage
    parts: Sequence[tuple[str, Sequence[Part | None]]]
    rules: Sequence[Rule] = ()
    equal: tuple[Shape, list[int]] | None = None


def flat(tables: Tables) -> Flat:
    """One tidy table: a row says by `row` what it is."""
    return Flat(COLUMNS, (*_networks(tables), *part_records(tables), *map(rule_record, tables.rules)))


def part_records(tables: Tables) -> list[Record]:
    """The blocks or stages, those of one name together."""
    return [line for name, parts in tables.parts for line in _parts(tables, name, parts)]


def rule_record(rule: Rule) -> Record:
    """One rule with what it adds; negative where it saves."""
    return {
        "row": "rule",
        "rule": rule.letter,
        "rule_text": rule.text,
        "rule_parts": " ".join(rule.blocks),
        "macs_added": rule.macs,
        "params_added": rule.params,
    }


def _networks(tables: Tables) -> Iterator[Record]:
    models = [model_record(count, tables.convention, layers=False) for count in tables.counts]
    image, works = tables.equal or (None, ())
    extras = [_extra(model, work) for model, work in zip_longest(models, works)]
    for model, extra in zip(models, extras, strict=True):
        ratios = {f"{name}_ratio": value for name, value in ratio_record(model, models[0]).items()}
        ratios |= {f"{name}_ratio": _ratio(extra[name], extras[0][name]) for name in EXTRA}
        yield {**model, **extra, **ratios, "equal_input": shape_list(image) if image else None, "row": "network"}


def _extra(model: Record, work: int | None) -> Record:
    values = (model["kept"], _ratio(model["macs"], model["params"]), work)
    return dict(zip(EXTRA, values, strict=True))


def _parts(tables: Tables, name: str, parts: Sequence[Part | None]) -> Iterator[Record]:
    first = _costs(parts[0].cost, tables.convention) if parts[0] else dict.fromkeys(RATIO_COLUMNS)
    letters = " ".join(rule.letter for rule in tables.rules if {name, *_inside(parts)} & set(rule.blocks))
    for count, part in zip(tables.counts, parts, strict=True):
        if part is None:
            continue
        costs = _costs(part.cost, tables.convention)
        yield {
            "name": count.network.name,
            "expression": count.network.label,
            **costs,
            **{f"{key}_ratio": _ratio(costs[key], first[key]) for key in RATIO_COLUMNS},
            "row": tables.kind,
            "part": name,
            "reads": shape_list(part.reads),
            "writes": shape_list(part.writes),
            "macs_share": _ratio(costs["macs"], macs_under(count.cost, tables.convention)),
            "rule": letters or None,
        }


def _inside(parts: Sequence[Part | None]) -> set[str]:
    return {inner.name for part in parts if part for inner in part.parts}


def _costs(cost: Cost, convention: Convention) -> dict[str, int | None]:
    values = (cost.params, macs_under(cost, convention), backward_macs_under(cost, convention), cost.activations)
    return dict(zip(RATIO_COLUMNS, values, strict=True))


def _ratio(value: float | None, base: float | None) -> float | None:
    return value / base if value is not None and base else None
