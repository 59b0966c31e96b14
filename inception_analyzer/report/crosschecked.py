"""What `count --cross-check` adds: three counters side by side, and the first place where they differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from inception_analyzer.evidence import CrossCheck
from inception_analyzer.report.document import Cell, Column, Content, Flat, Note, Table, bold, row, table
from inception_analyzer.report.quantity import exact, many


def sections(checks: Sequence[CrossCheck]) -> tuple[Table | Note, ...]:
    """The verdict, the table of totals, and what the counters could not see."""
    return (_verdict(checks), _totals(checks), *_unseen(checks))


COLUMNS = ("macs_torch", "macs_fvcore", "macs_backward_torch", "params_module", "agree")


def records(checks: Sequence[CrossCheck]) -> list[dict[str, object]]:
    """The cross-checks for JSON."""
    return [
        {
            "expression": check.count.network.label,
            "agree": check.agree,
            "macs": {"hand": check.count.cost.macs, "torch": check.forward_torch, "fvcore": check.forward_fvcore},
            "macs_backward": {"hand": check.count.cost.macs_backward, "torch": check.backward_torch},
            "macs_training": {"hand": check.training_hand, "torch": check.training_torch},
            "params": {"hand": check.count.cost.params, "module": check.params_module},
            "kept": {"hand": check.count.kept + (check.count.kept_aux or 0), "torch": check.kept_torch},
            "disagreements": [
                {"path": d.path, "quantity": d.quantity, "hand": d.hand, "other": d.other, "counter": d.counter}
                for d in check.disagreements
            ],
            "uncounted": check.uncounted,
            "uncalled": {name: list(paths) for name, paths in check.uncalled.items()},
        }
        for check in checks
    ]


def _verdict(checks: Sequence[CrossCheck]) -> Note:
    wrong = [check for check in checks if not check.agree]
    if not wrong:
        places = exact(sum(1 for check in checks for layer in check.count.layers if layer.cost.macs))
        where = f"{many(len(checks), 'network')}, {places} layers by path"
        return Note((f"*Three counters agree to the last multiply-add on {where}.*",), "")
    first, label = wrong[0].disagreements[0], wrong[0].count.network.label
    names = ", ".join(check.count.network.label for check in wrong)
    values = f"{exact(first.hand)} by hand, {exact(first.other)} by {first.counter}"
    return Note(
        (
            f"*The counters differ on {many(len(wrong), 'network')}: {names}.*",
            f"First at {first.path or 'the total'} of {label}: {first.quantity}, {values}.",
        ),
        "",
    )


def _totals(checks: Sequence[CrossCheck]) -> Table:
    heads = (
        Column("cross-check", "left"),
        Column("MACs by hand"),
        Column("torch"),
        Column("fvcore"),
        Column("back"),
        Column("params"),
        Column("kept"),
    )
    rows = []
    for check in checks:
        cost = check.count.cost
        rows.append(
            row(
                check.count.network.label,
                bold(exact(cost.macs)),
                _same(cost.macs, check.forward_torch),
                _same(cost.macs, check.forward_fvcore),
                _same((cost.macs_backward, check.training_hand), (check.backward_torch, check.training_torch)),
                _same(cost.params, check.params_module),
                _same(check.count.kept + (check.count.kept_aux or 0), check.kept_torch),
            )
        )
    return table(heads, rows, fold=f"{many(len(rows), 'network')}, three counters side by side")


def _same(hand: int | tuple[int, int], other: int | tuple[int, int]) -> Content:
    if hand == other:
        return Cell("=", "good")
    return Cell(exact(other) if isinstance(other, int) else exact(other[0]), "error")


def _unseen(checks: Sequence[CrossCheck]) -> tuple[Note, ...]:
    lines = [
        "torch: FlopCounterMode / 2 on the meta device. back: its backward pass, with and without auxiliary heads.",
        "fvcore: convolutions and linear layers of its trace. params: of the module. kept: saved by autograd.",
    ]
    for counter in ("torch", "fvcore"):
        calls: Counter[str] = Counter()
        for check in checks:
            calls.update(check.uncounted[counter])
        if calls:
            shown = ", ".join(f"{name} {count}" for name, count in calls.most_common())
            lines.append(f"seen by {counter} without a formula, for they multiply and add nothing: {shown}")
    heads = sorted({path.partition(".")[0] for check in checks for path in check.uncalled["torch"]})
    if heads:
        lines.append(f"modules that inference never calls: {', '.join(heads)}")
    return (Note(tuple(lines)),)


def beside(flat: Flat, checks: Sequence[CrossCheck]) -> Flat:
    """The rows of CSV with what the other counters say."""
    rows = tuple({**line, **columns(check)} for line, check in zip(flat.rows, checks, strict=True))
    return Flat((*flat.columns, *COLUMNS), rows)


def columns(check: CrossCheck) -> dict[str, object]:
    """What a row of CSV says of the other counters."""
    return {
        "macs_torch": check.forward_torch,
        "macs_fvcore": check.forward_fvcore,
        "macs_backward_torch": check.backward_torch,
        "params_module": check.params_module,
        "agree": check.agree,
    }
