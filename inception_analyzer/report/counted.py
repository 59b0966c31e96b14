"""What `count` answers: the totals of some networks, in detail for a few, as one table for many."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from inception_analyzer.cost import Convention, Cost, backward_macs_under, flops_under, gradient_macs, macs_under
from inception_analyzer.evidence import Count
from inception_analyzer.report.document import Column, Content, Document, Flat, Note, Table, bold, dim, row, table
from inception_analyzer.report.quantity import amount, amounts, bytes_text, exact, image_text, listed, many
from inception_analyzer.report.records import MODEL_COLUMNS, Record, batch_record, model_record

BATCH_COLUMNS = ("batch", "batch_macs", "batch_macs_backward", "batch_activations", "batch_bytes_read", "batch_bytes_written")
MORE_COLUMNS = (
    "macs_weight_gradient",
    "macs_input_gradient",
    "bytes_read_backward",
    "bytes_written_backward",
    "macs_paper_mac",
    "macs_inside_map",
    "macs_with_elementwise",
)
IN_DETAIL = 3  # networks that fit side by side with a line per quantity


def document(
    counts: Sequence[Count], *, batch: int = 1, convention: Convention = "paper-mac", exactly: bool = False
) -> Document:
    """The counts of these networks."""

    def models() -> list[Record]:
        return [{**model_record(count, convention), "batch_totals": batch_record(count, batch, convention)} for count in counts]

    body = (
        _detail(counts, batch, convention, exactly)
        if len(counts) <= IN_DETAIL
        else _overview(counts, batch, convention, exactly)
    )
    return Document(
        command="count",
        title=listed([count.network.label for count in counts]) if len(counts) <= IN_DETAIL else many(len(counts), "network"),
        conditions=conditions(batch, convention, counts),
        finding=finding(counts, convention, batch),
        sections=(*body, *doubts(counts)),
        flat=lambda: Flat(
            (*MODEL_COLUMNS, *BATCH_COLUMNS, *MORE_COLUMNS),
            tuple({**_with_batch(model), **_by_convention(count)} for model, count in zip(models(), counts, strict=True)),
        ),
        data=lambda: {"convention": convention, "batch": batch, "models": models()},
    )


def _with_batch(model: Record) -> Record:
    totals = model["batch_totals"]
    return {**model, "batch": totals["batch"], **{f"batch_{name}": value for name, value in totals.items() if name != "batch"}}


def _by_convention(count: Count) -> Record:
    """The same network under every convention, whichever was asked for."""
    cost = count.cost
    works = (cost.forward.macs, cost.forward.inside, macs_under(cost, "with-elementwise"))
    return dict(zip(MORE_COLUMNS[-3:], works, strict=True))


def conditions(batch: int, convention: Convention, counts: Sequence[Count]) -> str:
    """How it was counted, for the muted line at the top."""
    inputs = {count.input for count in counts}
    image = [image_text(next(iter(inputs)))] if len(inputs) == 1 else []
    ways = [] if convention == "paper-mac" else [convention]
    return " · ".join(["counted exactly", *ways, *image, f"batch {batch}"])


def finding(counts: Sequence[Count], convention: Convention, batch: int = 1) -> tuple[str, ...]:
    """The answer in a sentence."""
    images, word = "one image" if batch == 1 else f"a batch of {batch}", operations(convention)
    if len(counts) == 1:
        cost = counts[0].cost
        return (f"*{amount(batch * macs_under(cost, convention))} {word}* for {images}, *{amount(cost.params)} parameters*.",)
    dear = max(counts, key=lambda count: macs_under(count.cost, convention))
    cheap = min(counts, key=lambda count: macs_under(count.cost, convention))
    most, least = amounts([batch * macs_under(count.cost, convention) for count in (dear, cheap)])
    if most == least:
        return (f"*All take {most} {word}* for {images}.",)
    return (
        f"*{cheap.network.label} takes the least work for {images}, {least} {word}; {dear.network.label} the most, {most}.*",
    )


def doubts(counts: Sequence[Count]) -> tuple[Note, ...]:
    """What was not counted, and why."""
    lines = tuple(f"{count.network.label}: {doubt}" for count in counts for doubt in count.doubts)
    return (Note(lines),) if lines else ()


Quantity = Callable[[Count], int | None]


Line = tuple[str, Quantity, bool]  # label, what is counted, whether it is a main figure


def _detail(counts: Sequence[Count], batch: int, convention: Convention, exactly: bool) -> tuple[Table | Note, ...]:
    """A line for every quantity, a column for every network."""
    heads = [Column("counted", "left", least=30), *(Column(c.network.label, least=10, style=c.network.family) for c in counts)]
    rows = [row("input", *(image_text(count.input) for count in counts))]
    rows += [_line(line, counts, exactly) for line in _quantities(batch, convention) if any(line[1](count) for count in counts)]
    rows.append(row("least traffic, fp32" + (", bytes" if exactly else ""), *("" for _ in counts)))
    rows += [_traffic(label, [size(count.cost, batch) for count in counts], exactly) for label, size in TRAFFIC]
    rows.append(row("layers on the longest path", *(bold(str(count.depth.layers)) for count in counts)))
    rows.append(row(dim("  with its pools"), *(dim(str(count.depth.layers + count.depth.pools)) for count in counts)))
    meaning = (
        "Activations are the outputs of convolutions and linear layers; what is kept counts each tensor that autograd saves "
        "once. One layer's work by path: show."
    )
    return (table(heads, rows), Note((meaning,)))


TRAFFIC = (
    ("read forward", Cost.bytes_read),
    ("written forward", Cost.bytes_written),
    ("read backward", Cost.backward_bytes_read),
    ("written backward", Cost.backward_bytes_written),
)


def _quantities(batch: int, convention: Convention) -> tuple[Line, ...]:
    """What is counted under a convention; the other conventions follow it."""
    word = operations(convention)
    others: dict[str, Line] = {
        "paper-mac": ("paper-mac: taps on padding too", lambda c: batch * c.cost.forward.macs, False),
        "inside-map": ("inside-map: taps on padding left out", lambda c: batch * c.cost.forward.inside, False),
        "with-elementwise": (
            "with-elementwise: norms, sums, pools too",
            lambda c: batch * macs_under(c.cost, "with-elementwise"),
            False,
        ),
    }
    return (
        ("parameters", lambda c: c.cost.params, True),
        ("in auxiliary heads besides", lambda c: c.aux.params if c.aux else None, False),
        (word, lambda c: batch * macs_under(c.cost, convention), True),
        ("FLOPs, two to a multiply-add", lambda c: batch * flops_under(c.cost, convention), False),
        *(line for name, line in others.items() if name != convention),
        ("in auxiliary heads besides", lambda c: batch * macs_under(c.aux, convention) if c.aux else None, False),
        ("backward multiply-adds", lambda c: batch * backward_macs_under(c.cost, convention), True),
        ("for the weights", lambda c: batch * gradient_macs(c.cost.weight_grad, convention), False),
        ("for the inputs", lambda c: batch * gradient_macs(c.cost.input_grad, convention), False),
        ("activations", lambda c: batch * c.cost.activations, True),
        ("outputs of every layer", lambda c: batch * c.cost.outputs, False),
        ("kept for the backward pass", lambda c: batch * c.kept, False),
        ("kept for auxiliary heads besides", lambda c: batch * c.kept_aux if c.kept_aux else None, False),
    )


def operations(convention: Convention) -> str:
    """What the forward figure counts: only multiply-adds go by that name."""
    return "operations" if convention == "with-elementwise" else "multiply-adds"


def _line(line: Line, counts: Sequence[Count], exactly: bool) -> tuple[Content, ...]:
    label, quantity, main = line
    values = [quantity(count) for count in counts]
    known = [value for value in values if value]
    texts = iter([exact(value) for value in known] if exactly else amounts(known))
    cells = [next(texts) if value else "" for value in values]
    return row(label if main else dim(f"  {label}"), *(bold(text) if main else dim(text) for text in cells))


def _traffic(label: str, sizes: Sequence[int], exactly: bool) -> tuple[Content, ...]:
    return row(dim(f"  {label}"), *(dim(exact(size) if exactly else bytes_text(size)) for size in sizes))


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
        Column("params" if exactly else "Mparams"),
        Column("+ aux" if exactly else "M + aux", drop=4),
        Column("MACs" if exactly else "GMAC"),
        Column("back" if exactly else "G back", drop=3),
        Column("acts" if exactly else "Macts", drop=2),
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
    legend = (
        "Each network at its own input size unless one was asked for. Back: multiply-adds of the backward pass.",
        "+ aux: parameters with the auxiliary heads. Depth: layers with weights on the longest path / with pools.",
    )
    return (table(heads, rows, fold=many(len(rows), "network")), Note(legend))


def in_unit_of(values: Sequence[int], size: int) -> list[str]:
    """Values in millions or billions with three decimals; blank for none."""
    return [f"{value / size:,.3f}" if value else "" for value in values]
