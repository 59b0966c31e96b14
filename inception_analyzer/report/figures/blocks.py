"""Block by block with and without factorizations: a dumbbell for each, and the ratio of its ends."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from itertools import groupby

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from inception_analyzer.align import Pairing
from inception_analyzer.align import blocks as aligned
from inception_analyzer.report.figures.canvas import (
    INCH,
    SMALL,
    Told,
    is_narrow,
    marked,
    name_axes,
    rows_plot,
    sheet,
    text_width,
    ticks_apart,
    words,
)
from inception_analyzer.report.figures.drawing import Drawing, drawing
from inception_analyzer.report.figures.labels import Label, along, label_points
from inception_analyzer.report.figures.stages import in_runs
from inception_analyzer.report.figures.tokens import Look, family_token
from inception_analyzer.report.quantity import outcome, ratio, share, three
from inception_analyzer.report.story import Pair, Story
from inception_analyzer.rules import Derived

GAP = 0.45  # rows between grids
MANY = 26  # rows from which on only the most changed are shown


def dumbbells(story: Story) -> Drawing | None:
    """The first pair of a network and its rewrite in which blocks changed."""
    for pair in story.pairs:
        changed = [one for one in aligned(pair.left.whole, pair.right.whole) if one.changed and one.left and one.right]
        changed = in_runs(_costly(changed), lambda one: (one.costs, _grid(one)))
        if pair.derived and changed:
            return _drawing(pair, pair.derived, changed)
    return None


def _drawing(pair: Pair, derived: Derived, changed: Sequence[Pairing]) -> Drawing:
    left, right = pair.left.count.network, pair.right.count.network
    dearest = sorted(changed, key=lambda one: abs(one.costs[1].macs - one.costs[0].macs), reverse=True)[:MANY]
    shown = [one for one in changed if one in dearest]
    cut = "; those alike share a row" if any(one.left and one.name != one.left.name for one in shown) else ""
    cut += f"; the {len(shown)} that change most of {len(changed)}" if len(shown) < len(changed) else ""
    return drawing(
        "blocks",
        f"compare-{left.label}-{right.label}".replace("@", "-"),
        _title(derived),
        f"Multiply-adds of the blocks that differ: {left.title} with its factorizations (filled) and without (hollow){cut}",
        "Dumbbells. " + " ".join(_told(one) for one in shown),
        partial(_paint, shown, derived, family_token(left.family)),
    )


def _costly(pairs: Sequence[Pairing]) -> list[Pairing]:
    """Those with multiply-adds in both networks, so that there is a ratio."""
    return [one for one in pairs if all(cost.macs for cost in one.costs)]


def _told(one: Pairing) -> str:
    before, after = (cost.macs for cost in one.costs)
    return f"{one.name}: {three(before)} and {three(after)}, {ratio(after, before)}."


def _title(derived: Derived) -> str:
    """What one rule does of the whole difference, where one does most of it."""
    label = derived.before.network.label
    most = max(derived.rules, key=lambda rule: abs(rule.macs), default=None)
    if most is None or not derived.difference or most.macs * derived.difference <= 0:
        return f"Without its rewriting {label} {outcome(derived.after.cost.macs, derived.before.cost.macs)}"
    part = share(most.macs, derived.difference)
    saved = "saves" if derived.difference > 0 else "adds"
    before, _, after = most.text.partition(" → ")
    rule = f"{before} for {after}" if after else most.text
    return f"{part} of what {label} {saved} comes from one rule, {rule}"


def _paint(shown: Sequence[Pairing], derived: Derived, token: str, look: Look, width: float) -> Figure:
    narrow = is_narrow(width)
    rows, total = _rows(shown)
    figure = sheet(width, 0.7 + 0.232 * total)
    names = max(text_width(one.name) for one in shown) / INCH
    grids = max(text_width(_grid(one)) for one in shown) / INCH
    axes = rows_plot(figure, total, left=names + grids + (0.26 if narrow else 0.37), right=0.75, top=0.3, bottom=0.38)
    longest = max(cost.macs for one in shown for cost in one.costs)
    axes.set_xlim(0, longest * 1.06)
    ticks = [float(tick) for tick in axes.get_xticks()]
    ticks_apart(axes, ticks, [f"{tick / 1e6:,.0f} M" if tick else "0" for tick in ticks])
    name_axes(axes, look, "multiply-adds")
    words(axes, "without / with", 1, 1, dx=48, dy=9, frame="both", ha="right", color=look["mut"], size=8)
    grid = ""
    for row, one in zip(rows, shown, strict=True):
        _row(axes, look, token, one, row)
        words(axes, one.name, 0, row, dx=-9, frame="x", ha="right")
        if _grid(one) != grid:
            words(axes, _grid(one), 0, row, dx=-9 - names * INCH - 5, frame="x", ha="right", color=look["mut"])
        grid = _grid(one)
    _rules(axes, look, token, shown, rows, derived, narrow)
    return figure


def _rows(shown: Sequence[Pairing]) -> tuple[list[float], float]:
    """Where each row lies, with a gap before another grid; and how many rows that makes."""
    places, at = [], 0.0
    for _, run in groupby(shown, key=_grid):
        for _ in run:
            places.append(at)
            at += 1
        at += GAP
    return places, at - GAP


def _row(axes: Axes, look: Look, token: str, one: Pairing, row: float) -> None:
    before, after = (cost.macs for cost in one.costs)
    axes.plot([before, after], [row, row], color=look[token], alpha=0.35, linewidth=2.6)
    axes.plot(after, row, "o", **marked(look, token, hollow=True))
    axes.plot(before, row, "o", **marked(look, token))
    strong: Told = {"weight": "bold"} if after / before >= 1.5 or before / after >= 1.5 else {"color": look["mut"]}
    words(axes, ratio(after, before), 1, row, dx=48, frame="x", ha="right", **strong)


def _rules(
    axes: Axes, look: Look, token: str, shown: Sequence[Pairing], rows: Sequence[float], derived: Derived, narrow: bool
) -> None:
    """Which rules changed a block, at the first of each run of blocks that the same rules changed."""
    labels, before = [], ""
    for row, one in zip(rows, shown, strict=True):
        text = ", ".join(
            rule.text.replace(" → ", " for ") for rule in derived.rules if one.left and one.left.name in rule.blocks
        )
        if text and text != before:
            ends = [cost.macs for cost in one.costs]
            labels.append(
                Label(
                    text,
                    max(ends),
                    row,
                    look.text(token),
                    size=SMALL if narrow else 8,
                    spots=("E", "N"),
                    away=9 if not narrow else 6,
                )
            )
        before = text
    taken = [
        box
        for row, one in zip(rows, shown, strict=True)
        for box in along(axes, (one.costs[0].macs, row), (one.costs[1].macs, row))
    ]
    label_points(axes, labels, taken)


def _grid(one: Pairing) -> str:
    part = one.left
    assert part is not None
    if part.reads.grid == part.writes.grid:
        return f"{part.writes.height}x{part.writes.width}"
    return f"{part.reads.height} > {part.writes.height}"
