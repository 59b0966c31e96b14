"""What `count --cross-check` adds: three counters side by side, and the first place where they differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from inception_analyzer.evidence import CrossCheck
from inception_analyzer.report.document import Cell, Column, Content, Note, Table, bold, row, table
from inception_analyzer.report.quantity import exact, many


def sections(checks: Sequence[CrossCheck]) -> tuple[Table | Note, ...]:
    """The verdict, the table of totals, and what the counters could not see."""
    return (_verdict(checks), _totals(checks), *_unseen(checks))


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
            "uncalled": list(check.uncalled),
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
    return table(heads, rows)


def _same(hand: int | tuple[int, int], other: int | tuple[int, int]) -> Content:
    if hand == other:
        return Cell("=", "good")
    return Cell(exact(other) if isinstance(other, int) else exact(other[0]), "error")


def _unseen(checks: Sequence[CrossCheck]) -> tuple[Note, ...]:
    calls: Counter[str] = Counter()
    for check in checks:
        calls.update(check.uncounted)
    heads = sorted({path.partition(".")[0] for check in checks for path in check.uncalled})
    lines = [
        "torch: FlopCounterMode / 2 on the meta device. back: its backward pass, with and without auxiliary heads.",
        "fvcore: convolutions and linear layers of its trace. params: of the module. kept: saved by autograd.",
    ]
    if calls:
        shown = ", ".join(f"{name} {count}" for name, count in calls.most_common())
        lines.append(f"calls without multiply-adds, so without a formula: {shown}")
    if heads:
        lines.append(f"modules that inference never calls: {', '.join(heads)}")
    return (Note(tuple(lines)),)
