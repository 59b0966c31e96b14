"""Measured beside counted: ratios to a reference, what is counted as a tick, what is measured as a dot on its interval."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from math import isfinite

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from inception_analyzer.report.figures.canvas import (
    INCH,
    PLAIN,
    SMALL,
    Told,
    is_narrow,
    marked,
    name_axes,
    rows_plot,
    sheet,
    steps_within,
    text_width,
    ticks_apart,
    words,
)
from inception_analyzer.report.figures.drawing import Drawing, drawing
from inception_analyzer.report.figures.labels import Label, around, label_points
from inception_analyzer.report.figures.tokens import Look, family_token
from inception_analyzer.report.quantity import many, ratio
from inception_analyzer.report.story import Story
from inception_analyzer.stats import Interval
from inception_analyzer.timings import Measurement, Setup


@dataclass(frozen=True, slots=True)
class Known:
    """What is counted of a network that may have been measured."""

    title: str
    token: str
    macs: int
    twin: bool


@dataclass(frozen=True, slots=True)
class Beside:
    """One network against the reference of its comparison: both ratios, the measured one with its interval."""

    name: str
    reference: str
    known: Known
    counted: float
    measured: Interval


def known_networks(story: Story) -> dict[str, Known]:
    """Everything counted in the story by the expression under which it is measured."""
    found = {}
    for one in (*story.networks, *(side for pair in story.pairs for side in (pair.left, pair.right))):
        network, twin = one.count.network, bool(one.rewritten.derivation)
        base, _, rewrite = network.label.partition("@")
        title = f"{base} {rewrite}" if twin and rewrite else network.title
        found[network.label] = Known(title, family_token(network.family), one.count.cost.macs, twin)
    return found


def forward(story: Story) -> list[Measurement]:
    """Inference alone, which is what multiply-adds of a forward pass foretell."""
    rows = [row for row in story.measured if isinstance(row, Measurement) and row.sample.setup.phase == "forward"]
    return [row for row in rows if row.sample.seconds]


def counted_measured(story: Story) -> Drawing | None:
    """Ratios, where any network was measured against another and both are counted."""
    rows = list(_beside(forward(story), known_networks(story)))
    if not rows:
        return None
    references = list(dict.fromkeys(one.reference for one in rows))
    base = f"Relative to {references[0]}" if len(references) == 1 else "Each relative to what it was measured against"
    return drawing(
        "counted-measured",
        "measured",
        _title(rows),
        f"{base}: multiply-adds (tick) and time (dot with 95 % interval), log scale",
        "Ticks and dots. " + " ".join(_told(one) for one in rows),
        partial(_paint_ratios, rows, len(references) > 1),
        conditions(story, forward(story)),
    )


def _beside(rows: Sequence[Measurement], known: Mapping[str, Known]) -> Iterator[Beside]:
    """Each row with the last one before it, in the same setup, that was a reference."""
    reference: Measurement | None = None
    for row in rows:
        if row.against is None:
            reference = row
        elif reference and row.sample.setup == reference.sample.setup:
            names = (row.sample.expression, reference.sample.expression)
            if all(name in known and known[name].macs for name in names) and isfinite(row.against.ratio.high):
                one, other = (known[name] for name in names)
                name = one.title + _more(row.sample.setup, rows)
                yield Beside(name, other.title, one, one.macs / other.macs, row.against.ratio)


def _more(setup: Setup, rows: Sequence[Measurement]) -> str:
    """What tells this row from others, where they differ in batch."""
    return f", batch {setup.batch}" if len({row.sample.setup.batch for row in rows}) > 1 else ""


def _title(rows: Sequence[Beside]) -> str:
    over = [one for one in rows if one.counted > one.measured.high]
    under = [one for one in rows if one.counted < one.measured.low]
    if not over and not under:
        return f"Counting foretells the time of {many(len(rows), 'network')} within the interval"
    word, most, others = (
        ("over", over, len(rows) - len(over)) if len(over) >= len(under) else ("under", under, len(rows) - len(under))
    )
    if not others:
        return f"Counting {word}-predicts the time of {'all of them' if len(rows) > 1 else rows[0].name}"
    if others == 1:
        left = next(one.name for one in rows if one not in most)
        return f"Counting {word}-predicts the time of all but {left}"
    return f"Counting {word}-predicts the time of {len(most)} of {many(len(rows), 'network')}"


def _told(one: Beside) -> str:
    low, high = (ratio(end, 1) for end in (one.measured.low, one.measured.high))
    return (
        f"{one.name} beside {one.reference}: {ratio(one.counted, 1)} counted, "
        f"{ratio(one.measured.point, 1)} measured, {low} to {high}."
    )


def conditions(story: Story, rows: Sequence[Measurement]) -> str:
    """Device, precision, threads, batch, rounds and torch of what was measured."""
    setups = [row.sample.setup for row in rows]
    parts = [
        "measured here",
        "/".join(dict.fromkeys(setup.device for setup in setups)),
        "/".join(dict.fromkeys(setup.dtype for setup in setups)),
        " or ".join(dict.fromkeys(many(setup.threads, "thread") for setup in setups)),
        f"batch {' or '.join(dict.fromkeys(str(setup.batch) for setup in setups))}",
        *_rounds(rows),
        *([f"torch {story.machine['torch']}"] if story.machine.get("torch") else []),
    ]
    return " · ".join(parts)


def _rounds(rows: Sequence[Measurement]) -> list[str]:
    """How many there were: `8 rounds`, or the fewest and the most."""
    counts = [len(row.sample.seconds) for row in rows]
    if not counts:
        return []
    fewest = f"{min(counts)} to " if min(counts) < max(counts) else ""
    return [f"{fewest}{many(max(counts), 'round')}"]


def _paint_ratios(rows: Sequence[Beside], several: bool, look: Look, width: float) -> Figure:
    narrow = is_narrow(width)
    size = SMALL if narrow else PLAIN
    figure = sheet(width, 0.86 + 0.3 * len(rows))
    names = [f"{one.name} / {one.reference}" if several else one.name for one in rows]
    longest = max(text_width(name, size, "bold") for name in names) / INCH
    axes = rows_plot(figure, len(rows), left=longest + (0.2 if narrow else 0.33), right=0.72, top=0.26, bottom=0.4)
    axes.set_ylim(len(rows) - 0.5, -1.0)
    values = [value for one in rows for value in (one.counted, one.measured.low, one.measured.high, 1.0)]
    axes.set_xscale("log")
    axes.set_xlim(min(values) / 1.12, max(values) * 1.12)
    steps = steps_within(*axes.get_xlim(), 8)
    ticks_apart(axes, steps, [f"{value:g}x" for value in steps])
    axes.axvline(1, color=look["rule2"], linewidth=1, zorder=1)
    name_axes(axes, look, "relative to its reference" if several else f"relative to {rows[0].reference}")
    words(axes, "time / MACs", 1, 1, dx=48, dy=9, frame="both", ha="right", color=look["mut"], size=8)
    for row, (name, one) in enumerate(zip(names, rows, strict=True)):
        color, weight = look.text(one.known.token), "normal" if one.known.twin else "bold"
        words(axes, name, 0, row, dx=-8, frame="x", ha="right", color=color, weight=weight, size=size)
        words(axes, ratio(one.measured.point, one.counted), 1, row, dx=48, frame="x", ha="right")
        axes.plot([one.counted, one.measured.point], [row, row], color=look["rule"], linewidth=2.4)
        tick_and_dot(axes, look, one.known.token, row, one.counted, one.measured, hollow=one.known.twin)
    legend(axes, look, [(one.counted, one.measured.point) for one in rows], range(len(rows)))
    return figure


def legend(axes: Axes, look: Look, pairs: Sequence[tuple[float, float]], places: Sequence[float]) -> None:
    """What ticks and dots are, each at the row with room for it where they are furthest apart."""
    rows = sorted(range(len(pairs)), key=lambda number: -max(pairs[number]) / min(pairs[number]))
    told: Told = {"color": look["mut"], "size": SMALL, "spots": ("N", "S"), "away": 6.0}
    taken = around(axes, [(value, place) for pair, place in zip(pairs, places, strict=True) for value in pair])
    for side, name in enumerate(("counted", "measured")):
        for row in rows:
            longer = label_points(axes, [Label(name, pairs[row][side], places[row], **told)], taken)
            if len(longer) > len(taken):
                taken = longer
                break


def tick_and_dot(
    axes: Axes, look: Look, token: str, row: float, counted: float, measured: Interval, *, hollow: bool = False
) -> None:
    """What is counted as a tick, what is measured as a dot on its interval."""
    axes.plot([counted] * 2, [row - 0.24, row + 0.24], color=look[token], linewidth=2.4, zorder=2)
    axes.plot([measured.low, measured.high], [row, row], color=look[token], linewidth=2.4, zorder=2)
    axes.plot(measured.point, row, "o", markersize=8.5, color=look["paper"], zorder=2.5)
    axes.plot(measured.point, row, "o", zorder=3, markersize=6.5, **marked(look, token, hollow=hollow))
