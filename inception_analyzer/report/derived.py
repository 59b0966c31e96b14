"""Derivations as tables: step by step for `rewrite`, rule by rule for a network beside its twin."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from inception_analyzer.cost import Cost, cost_of
from inception_analyzer.count import count
from inception_analyzer.outline import short
from inception_analyzer.passes import Rewritten, Step, applicable
from inception_analyzer.place import Placed
from inception_analyzer.report.counted import conditions
from inception_analyzer.report.document import CODE, Cell, Column, Content, Document, Flat, Note, Table, bold, dim, row, table
from inception_analyzer.report.quantity import amount, from_to, many, ratio, share, signed
from inception_analyzer.report.records import Record, model_record
from inception_analyzer.rules import Rule, rules_of, swaps
from inception_analyzer.source import trunk_source
from inception_analyzer.spec import Conv, Network

STEP_COLUMNS = (
    "pass",
    "path",
    "before",
    "after",
    "macs_before",
    "macs_after",
    "params_before",
    "params_after",
    "activations_before",
    "activations_after",
)
LONGEST_PRODUCT = 76  # characters; a longer product explains nothing
FEW = 6  # block names that are listed one by one


def document(rewritten: Rewritten, *, source: bool = False, exactly: bool = False) -> Document:
    """What `rewrite` answers: the derivation, the totals, and the new network in words if asked for."""
    before, after = count(rewritten.original), count(rewritten.network)
    return Document(
        command="rewrite",
        title=f"{after.network.label} from {before.network.label}",
        conditions=conditions(1, "paper-mac", [before, after]),
        finding=finding(rewritten),
        sections=(
            *(_tables(rewritten, exactly) if rewritten.derivation else _would_apply(rewritten.network)),
            *(_words(rewritten.network) if source else ()),
        ),
        flat=lambda: Flat(STEP_COLUMNS, tuple(records(rewritten.derivation))),
        data=lambda: {
            "convention": "paper-mac",
            "derivation": records(rewritten.derivation),
            "models": [model_record(before), model_record(after)],
            **({"source": trunk_source(rewritten.network.trunk)} if source else {}),
        },
    )


def _tables(rewritten: Rewritten, exactly: bool) -> tuple[Table | Note, ...]:
    """Step by step, then rule by rule where there are several."""
    rules = rules_of(rewritten.derivation)
    sums = (by_rule(rules),) if len(rules) > 1 else ()
    return (_steps(rewritten.derivation, exactly), *sums, *order_matters(rewritten))


def _would_apply(network: Network) -> tuple[Note, ...]:
    return (Note((f"would apply: {', '.join(applicable(network))}",)),)


def records(derivation: Sequence[Step]) -> list[Record]:
    """The derivation for JSON and CSV."""
    return [
        {
            "pass": step.name,
            "path": step.path,
            "before": step.before,
            "after": step.after,
            "macs_before": step.cost_before.macs,
            "macs_after": step.cost_after.macs,
            "params_before": step.cost_before.params,
            "params_after": step.cost_after.params,
            "activations_before": step.cost_before.activations,
            "activations_after": step.cost_after.activations,
        }
        for step in derivation
    ]


def finding(rewritten: Rewritten) -> tuple[str, ...]:
    """What the passes do to the totals, and the rule that does most of it."""
    label, other_label = rewritten.original.label, rewritten.network.label
    if not rewritten.derivation:
        return (f"{label} holds nothing that this would change: *{other_label} is {label}*.",)
    before, after = cost_of(rewritten.original), cost_of(rewritten.network)
    one, other, unit = from_to(before.macs, after.macs)
    sums = [f"{one} → {other} {unit}MAC" if one != other else f"{one} {unit}MAC"]
    one, other, unit = from_to(before.params, after.params)
    sums.append(
        f"{one} → {other} {unit} parameters ({ratio(after.params, before.params)})" if one != other else "as many parameters"
    )
    return (f"{_lead(rewritten, before, after)} {', and '.join(sums)}.", *_main_rule(rewritten, after.macs - before.macs))


def _lead(rewritten: Rewritten, before: Cost, after: Cost) -> str:
    label, other = rewritten.original.label, rewritten.network.label
    factor = ratio(after.macs, before.macs)
    if factor == "=":
        return f"{other} takes *the same multiply-adds* as {label}:"
    if other == f"{label}@unfactorized" and after.macs > before.macs:
        return f"Without its factorizations {label} would take *{factor} the multiply-adds*:"
    return f"{other} takes *{factor} the multiply-adds* of {label}:"


def by_rule(rules: Sequence[Rule]) -> Table:
    """Each rule with its blocks and its part of the difference."""
    rows = [
        row(
            bold(rule.letter),
            rule.text,
            dim(places(rule.blocks)),
            signed(rule.macs),
            dim(share(abs(rule.macs), gross(rules, rule.macs))),
            dim(signed(rule.params)),
        )
        for rule in rules
    ]
    heads = (
        Column("", "left"),
        Column("rules, in this order", "left"),
        Column("where", "left", drop=2),
        Column("MACs"),
        Column("share"),
        Column("params", drop=1),
    )
    return table(heads, rows)


def places(blocks: Sequence[str]) -> str:
    """Block names, or how many there are and from where to where."""
    return " ".join(blocks) if len(blocks) <= FEW else f"{len(blocks)} blocks, {blocks[0]} to {blocks[-1]}"


def order_matters(rewritten: Rewritten) -> tuple[Note, ...]:
    """The exchange of two passes that would change the most, if any does."""
    reached = cost_of(rewritten.network).macs
    found = max(swaps(rewritten), key=lambda swap: abs(swap.macs - reached), default=None)
    if found is None:
        return ()
    text = f"Order matters: {found.first} before {found.second} gives {amount(found.macs)} instead of {amount(reached)}."
    return (Note((text,)),)


def worked(rewritten: Rewritten) -> tuple[Note, ...]:
    """The application that changes the most, multiplied out."""
    rules = rules_of(rewritten.derivation)
    step = max((rule.dearest for rule in rules), key=lambda step: abs(step.macs), default=None)
    if step is None or not step.parts:
        return ()
    sides = [_product(part) for part in step.parts]
    if not all(sides):
        return ()
    room = max(len(text) for text in (step.before, step.after))
    wide = max(len(side) for side in sides)
    costs = (step.cost_before.macs, step.cost_after.macs)
    lines = [
        f"  {text.ljust(room)}  {side.ljust(wide)} = {amount(cost)}"
        for text, side, cost in zip((step.before, step.after), sides, costs, strict=True)
    ]
    lines[1] += f"   {ratio(costs[1], costs[0])}"
    return (Note((f"at {step.path}:", *lines), ""),) if max(map(len, lines)) <= LONGEST_PRODUCT else ()


def _product(placed: Placed) -> str:
    """`7 · 160 · 160 · 17²` for each convolution of a chain; equal ones once, with their number."""
    convs = [part for part in (placed.parts or (placed,)) if isinstance(part.node, Conv)]
    if len(convs) != len(placed.parts or (placed,)):
        return ""
    terms = [_term(part) for part in convs]
    texts = [(term, len(list(run))) for term, run in groupby(terms)]
    return " + ".join(f"{many_times} · {term}" if many_times > 1 else term for term, many_times in texts)


def _term(placed: Placed) -> str:
    node, writes = placed.node, placed.writes
    assert isinstance(node, Conv)
    grid = f"{writes.height}²" if writes.height == writes.width else f"{writes.height} · {writes.width}"
    return f"{node.kernel[0] * node.kernel[1]} · {placed.reads.channels // node.groups} · {node.out} · {grid}"


def gross(rules: Sequence[Rule], sign: int) -> int:
    """What all rules of one sign come to; where some add and others save, shares are of these sums."""
    return sum(abs(rule.macs) for rule in rules if rule.macs * sign > 0)


def _main_rule(rewritten: Rewritten, difference: int) -> tuple[str, ...]:
    """The rule behind most of the difference, where there are several."""
    rules = [rule for rule in rules_of(rewritten.derivation) if rule.macs]
    alike = [rule for rule in rules if rule.macs * difference > 0]
    if len(alike) < 2:
        return ()
    most = max(alike, key=lambda rule: abs(rule.macs))
    whole = "the difference" if len(alike) == len(rules) else "what is saved" if difference < 0 else "what is added"
    part = share(abs(most.macs), gross(rules, difference))
    return (f"*{part} of {whole} comes from one rule*, {_told(most)}, in {many(len(most.blocks), 'block')}.",)


def _told(rule: Rule) -> str:
    before, arrow, after = rule.text.partition(" → ")
    return f"{after} for {before}" if arrow and rule.macs < 0 else f"{before} for {after}" if arrow else rule.text


def _steps(derivation: Sequence[Step], exactly: bool) -> Table:
    heads = (
        Column("pass", "left"),
        Column("place", "left"),
        Column("before → after", "left"),
        Column("widths", "left", drop=1),
        Column("MACs"),
        Column("params", drop=2),
        Column("acts", drop=3),
    )
    show = _exactly if exactly else signed
    rows: list[tuple[Content, ...]] = []
    seen = ""
    for step in derivation:
        arrow = f"{step.before} → {step.after or 'gone'}" if step.before else step.after
        chain = f"{step.widths_before} → {step.widths_after}" if step.widths_before != step.widths_after else step.widths_before
        rows.append(
            row(
                dim("" if step.name == seen else step.name),
                _place(step),
                arrow,
                dim(chain),
                Cell(show(step.macs)),
                dim(show(step.params)),
                dim(show(step.activations)),
            )
        )
        seen = step.name
    sums = [sum(getattr(step, name) for step in derivation) for name in ("macs", "params", "activations")]
    rows.append(row(dim("total"), "", dim(many(len(derivation), "step")), "", *(bold(show(value)) for value in sums)))
    return table(heads, rows)


def _place(step: Step) -> str:
    block, _, inside = step.path.partition(".")
    return f"{short(block)}.{inside}" if inside else short(block)


def _exactly(value: int) -> str:
    return f"{value:+,}" if value else "="


def _words(network: Network) -> tuple[Note, ...]:
    head = Note(("the network in words; source.from_source reads them back",))
    return (head, Note(tuple(trunk_source(network.trunk).splitlines()), CODE))
