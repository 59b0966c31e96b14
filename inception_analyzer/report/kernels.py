"""What `kernel` answers: two chains side by side under every convention, and the width where the saving ends."""

from __future__ import annotations

from collections.abc import Callable

from inception_analyzer.kernel import Bench, Counted, Turning
from inception_analyzer.report.document import Column, Content, Document, Flat, Note, Table, bold, dim, row, table
from inception_analyzer.report.quantity import amounts, decimals_for, exact, outcome, ratio
from inception_analyzer.report.records import Record
from inception_analyzer.shorthand import grid_text

COLUMNS = ("quantity", "reference", "other", "ratio")
RANGE = ("saves_above", "saves_below")  # output over input width; blank where there is no such end

Quantity = Callable[[Counted], int | None]

QUANTITIES: tuple[tuple[str, str, Quantity], ...] = (
    ("macs", "MACs, padding counted", lambda c: c.same.macs),
    ("macs_inside_map", "MACs inside the map", lambda c: c.same.forward.inside),
    ("macs_valid", "MACs without padding", lambda c: c.valid.macs if c.valid else None),
    ("params", "weights", lambda c: c.same.params),
    ("activations", "activations written", lambda c: c.same.activations),
    ("taps", "inputs seen by an output", lambda c: c.taps),
)


def document(bench: Bench, *, exactly: bool = False) -> Document:
    """Both chains and what follows from their widths."""
    one, other = bench.reference, bench.other
    names = {"input": "as wide as the input", "output": "as wide as the output", "mean": "their geometric mean"}
    return Document(
        command="kernel",
        title=f"{other.chain} in place of {one.chain}",
        conditions=f"counted exactly · {bench.grid} x {bench.grid} · stride 1",
        finding=(_finding(bench),),
        sections=(_counts(bench, exactly), *_turnings(bench, names), *_notes(bench)),
        flat=lambda: Flat((*COLUMNS, *RANGE), tuple(_rows(bench))),
        data=lambda: {
            "convention": "paper-mac",
            "grid": bench.grid,
            "chains": [_chain(one), _chain(other)],
            "counts": records(bench),
            "turnings": [{"middle": turn.middle, "saves": [list(ends) for ends in turn.saves]} for turn in bench.turnings],
        },
    )


def records(bench: Bench) -> list[Record]:
    """Each quantity of both chains and their ratio."""
    lines = []
    for key, _, quantity in QUANTITIES:
        one, other = quantity(bench.reference), quantity(bench.other)
        factor = other / one if one and other is not None else None
        lines.append({"quantity": key, "reference": one, "other": other, "ratio": factor})
    return lines


def _rows(bench: Bench) -> list[Record]:
    """What the tables show: the quantities, the chains, and between which widths the second of them saves."""
    one, other = bench.reference, bench.other
    chains: list[Record] = [
        {"quantity": "widths", "reference": list(one.widths), "other": list(other.widths)},
        {"quantity": "field", "reference": list(one.field), "other": list(other.field)},
    ]
    turnings: list[Record] = [
        {"quantity": f"saves_if_middle_is_{turn.middle}", **dict(zip(RANGE, ends, strict=True))}
        for turn in bench.turnings
        for ends in turn.saves or ((None, 0.0),)
    ]
    return [*records(bench), *chains, *turnings]


def _chain(counted: Counted) -> Record:
    return {"chain": str(counted.chain), "widths": list(counted.widths), "field": list(counted.field)}


def _finding(bench: Bench) -> str:
    one, other = bench.reference, bench.other
    factor = ratio(other.same.macs, one.same.macs)
    if factor == "=":
        return f"{other.chain} takes *the same multiply-adds* as {one.chain} at these widths."
    told = outcome(other.same.macs, one.same.macs)
    return f"{other.chain} takes *{factor} the multiply-adds* of {one.chain} at these widths: it {told}."


def _counts(bench: Bench, exactly: bool) -> Table:
    one, other = bench.reference, bench.other
    rows: list[tuple[Content, ...]] = [row("widths", _widths(one), _widths(other), "", "")]
    for _, label, quantity in QUANTITIES:
        values = [quantity(one), quantity(other)]
        known = [value for value in values if value is not None]
        texts = iter([exact(value) for value in known] if exactly else amounts(known))
        cells = [next(texts) if value is not None else "does not fit" for value in values]
        if len(known) == 2:
            told = outcome(known[1], known[0]) if label.startswith("MACs") else ""
            rows.append(row(label, *cells, bold(ratio(known[1], known[0])), dim(told)))
        else:
            rows.append(row(label, *cells, "", ""))
    rows.append(
        row("receptive field", grid_text(one.field), grid_text(other.field), "=" if one.field == other.field else "", "")
    )
    heads = (
        Column("counted", "left", least=24),
        Column(str(one.chain), least=10),
        Column(str(other.chain), least=10),
        Column("ratio", least=7),
        Column("", "left", drop=1),
    )
    return table(heads, rows)


def _widths(counted: Counted) -> str:
    return " > ".join(map(str, counted.widths))


def _turnings(bench: Bench, names: dict[str, str]) -> tuple[Table, ...]:
    if not bench.turnings:
        return ()
    rows = [row(names[turn.middle], _range(turn)) for turn in bench.turnings]
    heads = (
        Column("width between the steps", "left"),
        Column(f"{bench.other.chain} saves where output / input width is", "left"),
    )
    return (table(heads, rows),)


def _range(turn: Turning) -> str:
    """Where it saves, in words."""
    if not turn.saves:
        return "nothing: it never saves"
    if turn.saves == ((0.0, None),):
        return "anything: it always saves"
    return " or ".join(_ends(low, high) for low, high in turn.saves)


def _ends(low: float, high: float | None) -> str:
    if not low and high is not None:
        return f"below {_factor(high)}"
    return f"above {_factor(low)}" if high is None else f"between {_factor(low)} and {_factor(high)}"


def _factor(value: float) -> str:
    """Three digits behind the point, and more where they would all be 0."""
    return f"{value:,.{max(decimals_for(value, 2), 3 if value < 100 else 0)}f}"


def _notes(bench: Bench) -> tuple[Note, ...]:
    if bench.other.taps == bench.reference.taps:
        return ()
    one, other = bench.reference, bench.other
    text = f"Not the same reach: one output of {other.chain} sees {other.taps} inputs, one of {one.chain} {one.taps}."
    return (Note((text,), ""),)
