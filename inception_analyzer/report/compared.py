"""What `compare` answers: totals and ratios, then where the work lies, by stage or by the blocks that two networks share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from inception_analyzer.align import Pairing, alike, blocks, in_runs, stages
from inception_analyzer.cost import Convention, backward_macs_under, macs_under
from inception_analyzer.count import count as count_over
from inception_analyzer.errors import SpecError
from inception_analyzer.evidence import Count
from inception_analyzer.outline import Part
from inception_analyzer.passes import Rewritten
from inception_analyzer.report import compared_rows, derived
from inception_analyzer.report.compared_rows import Tables
from inception_analyzer.report.counted import conditions, doubts, in_unit_of, operations
from inception_analyzer.report.document import Bar, Cell, Column, Content, Document, Note, Table, bold, dim, row, table
from inception_analyzer.report.quantity import amounts, exact, image_text, in_unit, listed, ratio, share
from inception_analyzer.report.records import Record, model_record, ratio_record
from inception_analyzer.rules import Derived, Rule
from inception_analyzer.spec import Shape


@dataclass(frozen=True, slots=True)
class Compared:
    """One network of a comparison: its count, its outline over the same image, and how it came about."""

    count: Count
    whole: Part
    rewritten: Rewritten


def document(
    networks: Sequence[Compared], *, twin: Derived | None = None, convention: Convention = "paper-mac", exactly: bool = False
) -> Document:
    """The first network against the others; `twin` is how the second came from the first, where it did."""
    counts, wholes = [one.count for one in networks], [one.whole for one in networks]
    others = [count.network.label for count in counts[1:]]
    if twin is not None:
        finding, sections = derived.finding(twin), _twin(counts, wholes, twin, exactly)
        title = f"{counts[0].network.label} against {others[0]}"
    else:
        finding = _finding(counts, convention)
        sections = (_pair if len(counts) == 2 else _several)(counts, wholes, convention, exactly)
        title = f"{listed(others)} against {counts[0].network.label}"
    return Document(
        command="compare",
        title=title,
        conditions=conditions(1, convention, counts) + ("" if twin else " · no auxiliary heads"),
        finding=finding,
        sections=(*sections, *doubts(counts)),
        flat=lambda: compared_rows.flat(_shown(counts, wholes, twin, convention)),
        data=lambda: {**_data(_shown(counts, wholes, twin, convention)), **_derivations(networks)},
    )


def _shown(counts: Sequence[Count], wholes: Sequence[Part], twin: Derived | None, convention: Convention) -> Tables:
    """What the tables show, for CSV and JSON."""
    if len(counts) > 2:
        names = dict.fromkeys(stage.name for whole in wholes for stage in whole.parts)
        stages_of = [{stage.name: stage for stage in whole.parts} for whole in wholes]
        return Tables(counts, convention, "stage", [(name, [found.get(name) for found in stages_of]) for name in names])
    left, right = counts
    by_block = twin is not None or alike(*wholes)
    pairs = _in_order(blocks(*wholes)) if by_block else stages(*wholes)
    parts = [(pair.name, (pair.left, pair.right)) for pair in pairs]
    rules = twin.rules if twin else ()
    return Tables(counts, convention, "block" if by_block else "stage", parts, rules, _equal_input(left, right, convention))


def _data(tables: Tables) -> Record:
    models = [model_record(count, tables.convention) for count in tables.counts]
    ratios = [ratio_record(model, models[0]) for model in models]
    parts, rules = compared_rows.part_records(tables), [compared_rows.rule_record(rule) for rule in tables.rules]
    told = {"convention": tables.convention, "models": models, "ratios": ratios, "measurements": []}
    return {**told, "parts": parts, **({"rules": rules} if rules else {})}


def _derivations(networks: Sequence[Compared]) -> Record:
    """The steps of every network that is a rewrite, each with the expression that it belongs to."""
    steps = [
        {"expression": one.count.network.label, **step}
        for one in networks
        for step in derived.records(one.rewritten.derivation)
    ]
    return {"derivation": steps} if steps else {}


def _finding(counts: Sequence[Count], convention: Convention) -> tuple[str, ...]:
    reference = counts[0]
    base = macs_under(reference.cost, convention)
    lines = []
    for count in counts[1:]:
        factors = (ratio(macs_under(count.cost, convention), base), ratio(count.cost.params, reference.cost.params))
        macs, params = (
            _times(factor, what) for factor, what in zip(factors, (operations(convention), "parameters"), strict=True)
        )
        joint = "as" if factors == ("=", "=") else "of"
        lines.append(f"{count.network.label} takes {macs} and {params} {joint} {reference.network.label}.")
    return tuple(lines)


def _times(factor: str, of: str) -> str:
    return f"*as many {of}*" if factor == "=" else f"*{factor} the {of}*"


def _pair(counts: Sequence[Count], wholes: Sequence[Part], convention: Convention, exactly: bool) -> list[Table | Note]:
    left, right = wholes
    sections: list[Table | Note] = [_totals(counts, convention, exactly)]
    if alike(left, right):
        sections.append(_by_block(counts, blocks(left, right), convention, exactly))
    else:
        sections.append(_by_stage(counts, stages(left, right), convention))
    return sections


def _totals(counts: Sequence[Count], convention: Convention, exactly: bool) -> Table:
    left, right = counts

    def line(label: str, quantity: Callable[[Count], int], *, minor: bool = False) -> tuple[Content, ...]:
        values = [quantity(count) for count in counts]
        texts = [exact(value) for value in values] if exactly else amounts(values)
        style = "dim" if minor else ""
        factor = Cell(ratio(values[1], values[0]), style or "bold")
        return (Cell(f"  {label}" if minor else label, style), *(Cell(text, style) for text in texts), factor)

    def work(count: Count) -> int:
        return macs_under(count.cost, convention)

    equal = _at_equal_input(left, right, convention, exactly)
    density = [work(count) / count.cost.params if count.cost.params else 0 for count in counts]
    rows = [
        row("input", *(image_text(count.input) for count in counts), ""),
        line(operations(convention), work),
        *((equal,) if equal else ()),
        line("backward, both gradients", lambda c: backward_macs_under(c.cost, convention), minor=True),
        line("parameters", lambda c: c.cost.params),
        line("activations", lambda c: c.cost.activations),
        line("kept for the backward pass", lambda c: c.kept, minor=True),
        row("MACs per parameter", *_apart(density), ratio(density[1], density[0])),
        row("layers on longest path", *(str(count.depth.layers) for count in counts), ""),
    ]
    heads = (
        Column("counted", "left", least=26),
        *(Column(count.network.label, least=14, style=count.network.family) for count in counts),
        Column(_versus(right.network.label, left.network.label), least=14),
    )
    return table(heads, rows)


def _apart(values: Sequence[float]) -> list[str]:
    """Whole numbers, with as many decimals as tell them apart."""
    decimals = next((places for places in range(4) if len({f"{value:.{places}f}" for value in values}) == len(set(values))), 4)
    return [f"{value:,.{decimals}f}" for value in values]


def _at_equal_input(left: Count, right: Count, convention: Convention, exactly: bool) -> tuple[Content, ...] | None:
    found = _equal_input(left, right, convention)
    if found is None:
        return None
    image, values = found
    texts = [exact(value) for value in values] if exactly else amounts(values)
    return row(dim(f"  at {image_text(image)}"), *(dim(text) for text in texts), dim(ratio(values[1], values[0])))


def _equal_input(left: Count, right: Count, convention: Convention) -> tuple[Shape, list[int]] | None:
    """The work of the second network on the first one's images, or of the first on the second's."""
    if left.input == right.input:
        return None
    for image, asked, other in ((left.input, right, left), (right.input, left, right)):
        try:
            again = count_over(asked.network, image)
        except SpecError:
            continue
        pair = (again, other) if asked is left else (other, again)
        return image, [macs_under(count.cost, convention) for count in pair]
    return None


def _by_stage(counts: Sequence[Count], pairs: Sequence[Pairing], convention: Convention) -> Table:
    totals = [macs_under(count.cost, convention) for count in counts]
    shares = [[macs_under(cost, convention) / total for cost, total in zip(pair.costs, totals, strict=True)] for pair in pairs]
    longest = max((value for both in shares for value in both), default=1) or 1
    families = [count.network.family for count in counts]
    heads = [Column("share of MACs", "left", least=14)]
    for count in counts:
        heads += [Column(count.network.label, least=7, style=count.network.family), Column("", "left")]
    rows = []
    for pair, both in zip(pairs, shares, strict=True):
        cells: list[Content] = [Cell(pair.name)]
        for cost, part, total, family in zip(pair.costs, both, totals, families, strict=True):
            cells += [Cell(share(macs_under(cost, convention), total)), Bar(part / longest, family) if part else dim("")]
        rows.append(tuple(cells))
    return table(heads, rows)


def _twin(counts: Sequence[Count], wholes: Sequence[Part], twin: Derived, exactly: bool) -> list[Table | Note]:
    """Changed blocks first with the rules that changed them, then the rules, one of them multiplied out, and the order."""
    if not twin.rewritten.derivation:
        return [_totals(counts, "paper-mac", exactly)]
    table_of_blocks = _by_block(counts, blocks(*wholes), "paper-mac", exactly, twin.rules)
    rules = [derived.by_rule(twin.rules, exactly)] if twin.rules else []
    return [table_of_blocks, *rules, *derived.worked(twin), *derived.order_matters(twin)]


def _by_block(
    counts: Sequence[Count], pairs: Sequence[Pairing], convention: Convention, exactly: bool, rules: Sequence[Rule] = ()
) -> Table:
    """Block by block, those that changed first; `rules` are what made a twin."""
    left, right = (count.network.label for count in counts)
    right = "twin" if rules else right
    pairs = _in_order(pairs)
    work = [[macs_under(cost, convention) for cost in pair.costs] for pair in pairs]
    totals = [macs_under(count.cost, convention) for count in counts]
    unit, ours = _column([*(both[0] for both in work), totals[0]], max(totals), exactly)
    _, theirs = _column([*(both[1] for both in work), totals[1]], max(totals), exactly)
    longest = max((max(both) for both in work), default=1) or 1
    family = counts[0].network.family
    rows = []
    for pair, both, one, other in zip(pairs, work, ours, theirs, strict=False):
        factor = ratio(both[1], both[0]) if pair.left and pair.right else ""
        shown = "=" if not pair.changed else other
        bar = Bar(min(both) / longest, family, abs(both[1] - both[0]) / longest) if max(both) else dim("")
        letters = " ".join(rule.letter for rule in rules if _names(pair) & set(rule.blocks))
        cells = row(pair.name, dim(_grids(pair)), one, shown, bold(factor) if pair.changed else dim(factor), bar)
        rows.append((*cells, bold(letters)) if rules else cells)
    legend = f"░ the twin {'adds' if totals[1] >= totals[0] else 'saves'}" if rules else ""
    last = row(dim("total"), "", bold(ours[-1]), bold(theirs[-1]), bold(ratio(totals[1], totals[0])), dim(""))
    heads = (
        Column("block", "left", least=6),
        Column("grid", "left", drop=1),
        Column(f"{left}, {unit}MAC" + ("s" if exactly else ""), style=family),
        Column(right, least=7),
        Column(_versus(right, left), least=7),
        Column(legend, "left"),
        *((Column("rule", "left"),) if rules else ()),
    )
    return table(heads, [*rows, (*last, dim("")) if rules else last])


def _in_order(pairs: Sequence[Pairing]) -> list[Pairing]:
    """What changed first, and runs of pairs alike as one."""
    return in_runs(sorted(pairs, key=lambda pair: not pair.changed))


def _column(values: Sequence[int], total: int, exactly: bool) -> tuple[str, list[str]]:
    return ("", [exact(value) if value else "" for value in values]) if exactly else in_unit(values, total)


def _names(pair: Pairing) -> set[str]:
    """The blocks that a row stands for: itself, or those of its run, its stem or its classifier."""
    return {pair.name, *(part.name for whole in (pair.left, pair.right) if whole for part in whole.parts)}


def _versus(label: str, reference: str) -> str:
    """The head of a column of ratios."""
    head = f"{label} / {reference}"
    return head if len(head) <= 16 else "ratio"


def _grids(pair: Pairing) -> str:
    part = pair.left or pair.right
    if part is None or part.reads.grid == part.writes.grid:
        return "" if part is None else f"{part.writes.height}x{part.writes.width}"
    return f"{part.reads.height}>{part.writes.height}"


def _several(counts: Sequence[Count], wholes: Sequence[Part], convention: Convention, exactly: bool) -> list[Table | Note]:
    first = counts[0]

    def texts(quantity: Callable[[Count], int], size: int) -> list[str]:
        values = [quantity(count) for count in counts]
        return [exact(value) for value in values] if exactly else in_unit_of(values, size)

    def factors(quantity: Callable[[Count], int]) -> list[str]:
        return [ratio(quantity(count), quantity(first)) if count is not first else "" for count in counts]

    def work(count: Count) -> int:
        return macs_under(count.cost, convention)

    columns = (
        texts(work, 10**9),
        factors(work),
        texts(lambda c: c.cost.params, 10**6),
        factors(lambda c: c.cost.params),
        texts(lambda c: c.cost.activations, 10**6),
        factors(lambda c: c.cost.activations),
    )
    to_first = f"/ {first.network.label}"
    heads = (
        Column("network", "left", least=8),
        Column("px", drop=2),
        Column("GMAC" if not exactly else "MACs"),
        Column(to_first, least=6),
        Column("Mparams" if not exactly else "params"),
        Column(to_first, least=6),
        Column("Macts" if not exactly else "acts", drop=1),
        Column(to_first, least=6, drop=1),
        Column("depth", drop=3),
    )
    rows = []
    for index, count in enumerate(counts):
        cells = [column[index] for column in columns]
        marked = [bold(text) if place % 2 else Cell(text) for place, text in enumerate(cells)]
        rows.append(
            row(Cell(count.network.label, count.network.family), dim(str(count.input.height)), *marked, str(count.depth.layers))
        )
    return [table(heads, rows), _stage_shares(counts, wholes, convention)]


def _stage_shares(counts: Sequence[Count], wholes: Sequence[Part], convention: Convention) -> Note:
    lines = ["share of MACs by stage"]
    room = max(len(count.network.label) for count in counts)
    for count, whole in zip(counts, wholes, strict=True):
        total = macs_under(count.cost, convention)
        parts = [f"{stage.name} {share(macs_under(stage.cost, convention), total)}" for stage in whole.parts if stage.cost.macs]
        lines.append(f"{count.network.label.ljust(room)}  {', '.join(parts)}")
    return Note(tuple(lines), "")
