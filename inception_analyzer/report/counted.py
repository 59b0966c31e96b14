"""What `count` answers: the totals of some networks, in detail for a few, as one table for many."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from inception_analyzer.cost import Convention, backward_macs_under, macs_under
from inception_analyzer.evidence import Count
from inception_analyzer.report.document import Column, Content, Document, Flat, Note, Table, bold, dim, row, table
from inception_analyzer.report.quantity import amount, amounts, bytes_text, exact, image_text, in_unit, listed, many
from inception_analyzer.report.records import MODEL_COLUMNS, Record, batch_record, model_record

IN_DETAIL = 3  # networks that fit side by side with a line per quantity


def document(
    counts: Sequence[Count], *, batch: int = 1, convention: Convention = "paper-mac", exactly: bool = False
) -> Document:
    """The counts of these networks."""

    def models() -> list[Record]:
        return [{**model_record(count, convention), "batch_totals": batch_record(count, batch, convention)} for count in counts]

    body = _detail(counts, batch, exactly) if len(counts) <= IN_DETAIL else _overview(counts, batch, convention, exactly)
    return Document(
        command="count",
        title=listed([count.network.label for count in counts]) if len(counts) <= IN_DETAIL else many(len(counts), "network"),
        conditions=conditions(batch, convention, counts),
        finding=finding(counts, convention),
        sections=(*body, *doubts(counts)),
        flat=lambda: Flat(MODEL_COLUMNS, tuple(models())),
        data=lambda: {"convention": convention, "batch": batch, "models": models()},
    )


def conditions(batch: int, convention: Convention, counts: Sequence[Count]) -> str:
    """How it was counted, for the muted line at the top."""
    inputs = {count.input for count in counts}
    image = [image_text(next(iter(inputs)))] if len(inputs) == 1 else []
    ways = [] if convention == "paper-mac" else [convention]
    return " · ".join(["counted exactly", *ways, *image, f"batch {batch}"])


def finding(counts: Sequence[Count], convention: Convention) -> tuple[str, ...]:
    """The answer in a sentence."""
    if len(counts) == 1:
        cost = counts[0].cost
        return (f"*{amount(macs_under(cost, convention))} multiply-adds* and {amount(cost.params)} parameters for one image.",)
    dear = max(counts, key=lambda count: macs_under(count.cost, convention))
    cheap = min(counts, key=lambda count: macs_under(count.cost, convention))
    most, least = amounts([macs_under(count.cost, convention) for count in (dear, cheap)])
    return (f"*{cheap.network.label} takes the least work, {least} multiply-adds; {dear.network.label} the most, {most}.*",)


def doubts(counts: Sequence[Count]) -> tuple[Note, ...]:
    """What was not counted, and why."""
    lines = tuple(f"{count.network.label}: {doubt}" for count in counts for doubt in count.doubts)
    return (Note(lines),) if lines else ()


Quantity = Callable[[Count], int | None]


def _detail(counts: Sequence[Count], batch: int, exactly: bool) -> tuple[Table | Note, ...]:
    def line(label: str, quantity: Quantity, *, main: bool = False) -> tuple[Content, ...]:
        values = [quantity(count) for count in counts]
        known = [value for value in values if value is not None]
        texts = iter([exact(value) for value in known] if exactly else amounts(known))
        cells = ["" if value is None else next(texts) for value in values]
        return row(label if main else dim(f"  {label}"), *(bold(text) if main else dim(text) for text in cells))

    def size(label: str, quantity: Callable[[Count], int]) -> tuple[Content, ...]:
        texts = [exact(quantity(count)) if exactly else bytes_text(quantity(count)) for count in counts]
        return row(dim(f"  {label}"), *(dim(text) for text in texts))

    rows = [
        row("input", *(image_text(count.input) for count in counts)),
        line("parameters", lambda c: c.cost.params, main=True),
        line("in auxiliary heads besides", lambda c: c.aux.params if c.aux else None),
        line("multiply-adds", lambda c: batch * c.cost.macs, main=True),
        line("FLOPs, two to a multiply-add", lambda c: 2 * batch * c.cost.macs),
        line("inside-map: taps on padding left out", lambda c: batch * c.cost.forward.inside),
        line("with-elementwise: norms, sums, pools too", lambda c: batch * macs_under(c.cost, "with-elementwise")),
        line("in auxiliary heads besides", lambda c: batch * c.aux.macs if c.aux else None),
        line("backward multiply-adds", lambda c: batch * c.cost.macs_backward, main=True),
        line("for the weights", lambda c: batch * c.cost.weight_grad.macs),
        line("for the inputs", lambda c: batch * c.cost.input_grad.macs),
        line("activations", lambda c: batch * c.cost.activations, main=True),
        line("outputs of every layer", lambda c: batch * c.cost.outputs),
        line("kept for the backward pass", lambda c: batch * c.kept),
        row("least traffic, fp32", *("" for _ in counts)),
        size("read forward", lambda c: c.cost.bytes_read(batch)),
        size("written forward", lambda c: c.cost.bytes_written(batch)),
        size("read backward", lambda c: c.cost.backward_bytes_read(batch)),
        size("written backward", lambda c: c.cost.backward_bytes_written(batch)),
        row("layers on the longest path", *(bold(str(count.depth.layers)) for count in counts)),
        row(dim("  with its pools"), *(dim(str(count.depth.layers + count.depth.pools)) for count in counts)),
    ]
    heads = [Column("counted", "left", least=30), *(Column(c.network.label, least=10, style=c.network.family) for c in counts)]
    shown = [
        cells
        for cells in rows
        if any(getattr(cell, "text", "") for cell in cells[1:]) or cells[0] == row("least traffic, fp32")[0]
    ]
    meaning = Note(
        (
            "Activations are the outputs of convolutions and linear layers; what is kept counts each tensor that "
            "autograd saves once, heads included. One layer's work by path: show.",
        )
    )
    return (table(heads, shown), meaning)


def _overview(counts: Sequence[Count], batch: int, convention: Convention, exactly: bool) -> tuple[Table | Note, ...]:
    def column(quantity: Quantity, total: int) -> list[str]:
        values = [quantity(count) or 0 for count in counts]
        return [exact(value) if value else "" for value in values] if exactly else in_unit_of(values, total)

    params = column(lambda c: c.cost.params, 10**6)
    with_aux = column(lambda c: c.cost.params + c.aux.params if c.aux and c.aux.params else 0, 10**6)
    macs = column(lambda c: batch * macs_under(c.cost, convention), 10**9)
    back = column(lambda c: batch * backward_macs_under(c.cost, convention), 10**9)
    activations = column(lambda c: batch * c.cost.activations, 10**6)
    heads = (
        Column("network", "left", least=8),
        Column("px", drop=1),
        Column("params"),
        Column("+ aux"),
        Column("GMAC" if not exactly else "MACs"),
        Column("back"),
        Column("acts"),
        Column("depth"),
    )
    rows = [
        row(
            count.network.label,
            dim(str(count.input.height)),
            params[index],
            dim(with_aux[index]),
            bold(macs[index]),
            back[index],
            activations[index],
            f"{count.depth.layers}/{count.depth.layers + count.depth.pools}",
        )
        for index, count in enumerate(counts)
    ]
    units = "" if exactly else " Parameters and activations in millions, the backward pass in GMAC."
    legend = (
        f"Each network at its own input size unless one was asked for.{units}",
        "+ aux: parameters with the auxiliary heads. Depth: layers with weights on the longest path / with pools.",
    )
    return (table(heads, rows), Note(legend))


def in_unit_of(values: Sequence[int], size: int) -> list[str]:
    """Values in millions or billions with three decimals; blank for none."""
    if size not in (10**6, 10**9):
        return in_unit(values, size)[1]
    return [f"{value / size:,.3f}" if value else "" for value in values]
