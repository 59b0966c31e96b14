"""Derivations as tables: step by step for `rewrite`, rule by rule for a network beside its twin."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from inception_analyzer.outline import short
from inception_analyzer.passes import Step, applicable
from inception_analyzer.place import Placed
from inception_analyzer.report.counted import conditions
from inception_analyzer.report.document import CODE, Cell, Column, Content, Document, Flat, Note, Table, bold, dim, row, table
from inception_analyzer.report.quantity import amount, from_to, many, ratio, share, signed
from inception_analyzer.report.records import Record, model_record
from inception_analyzer.rules import Derived, Rule
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
    "aux",
    "activations_before",
    "activations_after",
)
MORE_COLUMNS = (
    "widths_before",
    "widths_after",
    "macs_added",
    "params_added",
    "activations_added",
    "macs_added_share",
    "rule",
    "rule_text",
)
LONGEST_PRODUCT = 76  # characters; a longer product explains nothing
FEW = 6  # block names that are listed one by one


def document(derived: Derived, *, source: bool = False, exactly: bool = False) -> Document:
    """What `rewrite` answers: the derivation, the totals, and the new network in words if asked for."""
    rewritten, before, after = derived.rewritten, derived.before, derived.after
    return Document(
        command="rewrite",
        title=f"{after.network.label} from {before.network.label}",
        conditions=conditions(1, "paper-mac", [before, after]),
        finding=finding(derived),
        sections=(
            *(_tables(derived, exactly) if rewritten.derivation else _would_apply(rewritten.network)),
            *(_words(rewritten.network) if source else ()),
        ),
        flat=lambda: Flat((*STEP_COLUMNS, *MORE_COLUMNS), tuple(_rows(derived))),
        data=lambda: {
            "convention": "paper-mac",
            "derivation": records(rewritten.derivation),
            "models": [model_record(before), model_record(after)],
            **({"source": trunk_source(rewritten.network.trunk)} if source else {}),
        },
    )


def _tables(derived: Derived, exactly: bool) -> tuple[Table | Note, ...]:
    """Step by step, then rule by rule where there are several."""
    sums = (by_rule(derived.rules, exactly),) if len(derived.rules) > 1 else ()
    return (_steps(derived.rewritten.derivation, exactly), *sums, *order_matters(derived))


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
            "aux": step.aux,
            "activations_before": step.cost_before.activations,
            "activations_after": step.cost_after.activations,
        }
        for step in derivation
    ]


def _rows(derived: Derived) -> Iterator[Record]:
    """The steps with what each adds, its share of all, and the rule that it belongs to; sums are left to the reader."""
    for step, record in zip(derived.rewritten.derivation, records(derived.rewritten.derivation), strict=True):
        rule = next((rule for rule in derived.rules if step in rule.steps), None)
        share_of_all = step.macs / derived.difference if derived.difference and not step.aux else None
        added = (step.widths_before, step.widths_after, step.macs, step.params, step.activations, share_of_all)
        told = (rule.letter, rule.text) if rule else (None, None)
        yield {**record, **dict(zip(MORE_COLUMNS, (*added, *told), strict=True))}


def finding(derived: Derived) -> tuple[str, ...]:
    """What the passes do to the totals, and the rule that does most of it."""
    label, other = derived.before.network.label, derived.after.network.label
    if not derived.rewritten.derivation:
        return (f"{label} holds nothing that this would change: *{other} is {label}*.",)
    sums = (_macs_told(derived), _params_told(derived))
    return (f"{_lead(derived)} {', and '.join(sums)}.", *_main_rule(derived), *_heads_told(derived))


def _macs_told(derived: Derived) -> str:
    one, other, unit = from_to(derived.before.cost.macs, derived.after.cost.macs)
    return f"{one} → {other} {unit}MAC" if one != other else f"{one} {unit}MAC"


def _params_told(derived: Derived) -> str:
    before, after = derived.before.cost.params, derived.after.cost.params
    one, other, unit = from_to(before, after)
    return f"{one} → {other} {unit} parameters ({ratio(after, before)})" if one != other else "as many parameters"


def _heads_told(derived: Derived) -> tuple[str, ...]:
    """What changes only while training."""
    if not derived.in_heads:
        return ()
    macs, params = (sum(getattr(step, name) for step in derived.in_heads) for name in ("macs", "params"))
    changes = [f"{signed(value)} {what}" for value, what in ((macs, "multiply-adds"), (params, "parameters")) if value]
    return (f"In auxiliary heads, which inference never runs: {' and '.join(changes) or 'nothing more or less'}.",)


def _lead(derived: Derived) -> str:
    label, other = derived.before.network.label, derived.after.network.label
    factor = ratio(derived.after.cost.macs, derived.before.cost.macs)
    if factor == "=":
        return f"{other} takes *as many multiply-adds* as {label}:"
    if other == f"{label}@unfactorized" and derived.difference > 0:
        return f"Without its factorizations {label} would take *{factor} the multiply-adds*:"
    return f"{other} takes *{factor} the multiply-adds* of {label}:"


def by_rule(rules: Sequence[Rule], exactly: bool = False) -> Table:
    """Each rule with its blocks and its part of the difference; shares only where all rules pull the same way."""
    show = _exactly if exactly else signed
    total = sum(rule.macs for rule in rules)
    alike = all(rule.macs * total >= 0 for rule in rules)
    rows = [
        row(
            bold(rule.letter),
            rule.text,
            dim(places(rule.blocks)),
            show(rule.macs),
            dim(share(abs(rule.macs), abs(total)) if alike else ""),
            dim(show(rule.params)),
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


def order_matters(derived: Derived) -> tuple[Note, ...]:
    """The exchange of two passes that would change the most, if any does."""
    if derived.swap is None:
        return ()
    instead = f"{amount(derived.swap.macs)} instead of {amount(derived.after.cost.macs)}"
    return (Note((f"Order matters: {derived.swap.first} before {derived.swap.second} gives {instead}.",)),)


def worked(derived: Derived) -> tuple[Note, ...]:
    """The application that changes the most, multiplied out."""
    step = max((rule.dearest for rule in derived.rules), key=lambda step: abs(step.macs), default=None)
    if step is None or not step.parts:
        return ()
    sides = [_product(part) for part in step.parts]
    room, wide = max(len(step.before), len(step.after)), max(map(len, sides))
    costs = (step.cost_before.macs, step.cost_after.macs)
    lines = [
        f"  {text.ljust(room)}  {side.ljust(wide)} = {amount(cost)}"
        for text, side, cost in zip((step.before, step.after), sides, costs, strict=True)
    ]
    lines[1] += f"   {ratio(costs[1], costs[0])}"
    short = all(sides) and max(map(len, lines)) <= LONGEST_PRODUCT
    return (Note((f"{step.path}:", *lines), CODE),) if short else ()


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


def _main_rule(derived: Derived) -> tuple[str, ...]:
    """The rule behind most of the difference, where several pull the same way."""
    rules = [rule for rule in derived.rules if rule.macs]
    if len(rules) < 2 or any(rule.macs * derived.difference < 0 for rule in rules):
        return ()
    most = max(rules, key=lambda rule: abs(rule.macs))
    part = share(abs(most.macs), abs(derived.difference))
    return (f"*{part} of the difference comes from one rule*, {_told(most)}, in {many(len(most.blocks), 'block')}.",)


def _told(rule: Rule) -> str:
    before, arrow, after = rule.text.partition(" → ")
    return f"{after} for {before}" if arrow and rule.macs < 0 else f"{before} for {after}" if arrow else rule.text


def _steps(derivation: Sequence[Step], exactly: bool) -> Table:
    heads = (
        Column("pass", "left"),
        Column("place", "left"),
        Column("before → after", "left"),
        Column("widths", "left", drop=2),
        Column("MACs"),
        Column("params", drop=3),
        Column("acts", drop=1),
    )
    show = _exactly if exactly else signed
    passes = [step.name for step in derivation]
    rows = [
        _step_row(step, name != before, show) for step, name, before in zip(derivation, passes, ["", *passes], strict=False)
    ]
    trunk = [step for step in derivation if not step.aux]
    rows.append(_sum_row("total", trunk, show))
    if len(trunk) < len(derivation):
        rows.append(_sum_row("in heads", [step for step in derivation if step.aux], show))
    return without_blanks(table(heads, rows, fold=many(len(derivation), "step")))


def _step_row(step: Step, first: bool, show: Callable[[int], str]) -> tuple[Content, ...]:
    arrow = f"{step.before} → {step.after or 'gone'}" if step.before else step.after
    chain = f"{step.widths_before} → {step.widths_after}" if step.widths_before != step.widths_after else step.widths_before
    return row(
        dim(step.name if first else ""),
        _place(step),
        arrow,
        dim(chain),
        Cell(show(step.macs)),
        dim(show(step.params)),
        dim(show(step.activations)),
    )


def _sum_row(label: str, steps: Sequence[Step], show: Callable[[int], str]) -> tuple[Content, ...]:
    sums = (sum(getattr(step, name) for step in steps) for name in ("macs", "params", "activations"))
    return row(dim(label), "", dim(many(len(steps), "step")), "", *(bold(show(value)) for value in sums))


def without_blanks(whole: Table) -> Table:
    """A table without the columns that say the same of every row: nothing, or that nothing changed."""
    kept = [
        index
        for index, column in enumerate(whole.columns)
        if column.head == "MACs" or any(cell.text not in ("", "=") for cell in _cells(whole, index))
    ]
    rows = tuple(tuple(cells[index] for index in kept) for cells in whole.rows)
    return replace(whole, columns=tuple(whole.columns[index] for index in kept), rows=rows)


def _cells(whole: Table, index: int) -> list[Cell]:
    return [cell for cells in whole.rows if isinstance(cell := cells[index], Cell)]


def _place(step: Step) -> str:
    block, _, inside = step.path.partition(".")
    return f"{short(block)}.{inside}" if inside else short(block)


def _exactly(value: int) -> str:
    return f"{value:+,}" if value else "="


def _words(network: Network) -> tuple[Note, ...]:
    head = Note(("the network in words; source.from_source reads them back",))
    return (head, Note(tuple(trunk_source(network.trunk).splitlines()), CODE, "python"))
