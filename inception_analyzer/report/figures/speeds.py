"""The time of an image against its multiply-adds, with lines of equal speed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from math import isfinite

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from inception_analyzer.report.figures.canvas import (
    PLAIN,
    SMALL,
    is_narrow,
    marked,
    name_axes,
    plot,
    sheet,
    short_amount,
    short_time,
    steps_within,
    ticks_apart,
    typeset,
)
from inception_analyzer.report.figures.drawing import Drawing, drawing
from inception_analyzer.report.figures.labels import Label, along, around, label_points
from inception_analyzer.report.figures.slopes import Slope, slopes
from inception_analyzer.report.figures.times import Known, conditions, forward, known_networks
from inception_analyzer.report.figures.tokens import Look
from inception_analyzer.report.measured import time_text
from inception_analyzer.report.story import Story
from inception_analyzer.stats import Interval, median_interval
from inception_analyzer.timings import Measurement


@dataclass(frozen=True, slots=True)
class Timed:
    """One network alone: multiply-adds and seconds of one image."""

    known: Known
    seconds: Interval


def cost_time(story: Story) -> Drawing | None:
    """Absolute times, where anything was measured that is counted."""
    points = _timed(forward(story), known_networks(story))
    if not points:
        return None
    return drawing(
        "cost-time",
        "measured",
        _speed_title(points),
        "Time per image (bar: 95 % interval) against multiply-adds, both log; dashed = equal speed",
        "Scatter. "
        + " ".join(f"{one.known.title}: {short_amount(one.known.macs)}, {time_text(one.seconds.point)}." for one in points),
        partial(_paint_times, points),
        conditions(story, forward(story)),
    )


def _timed(rows: Sequence[Measurement], known: Mapping[str, Known]) -> list[Timed]:
    """The first measurement of each network, per image."""
    found: dict[str, Timed] = {}
    for row in rows:
        name, batch = row.sample.expression, row.sample.setup.batch
        if name in known and known[name].macs and name not in found:
            one = median_interval(row.sample.seconds)
            low, high = (end / batch if isfinite(end) and end > 0 else one.point / batch for end in (one.low, one.high))
            found[name] = Timed(known[name], Interval(one.point / batch, low, high))
    return [one for one in found.values() if one.seconds.point > 0]


def _speed(one: Timed) -> float:
    return one.known.macs / one.seconds.point


def _speed_title(points: Sequence[Timed]) -> str:
    best, worst = max(points, key=_speed), min(points, key=_speed)
    said = f"{best.known.title} does {short_amount(float(f'{_speed(best):.3g}'))} multiply-adds a second"
    return said if best is worst else f"{said}, {worst.known.title} {short_amount(float(f'{_speed(worst):.3g}'))}"


def _paint_times(points: Sequence[Timed], look: Look, width: float) -> Figure:
    narrow = is_narrow(width)
    figure = sheet(width, 3.1)
    axes = plot(figure, left=0.56 if narrow else 0.66, right=0.24, top=0.28, bottom=0.38)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlim(min(one.known.macs for one in points) / 1.5, max(one.known.macs for one in points) * 1.9)
    axes.set_ylim(min(one.seconds.low for one in points) / 1.6, max(one.seconds.high for one in points) * 1.6)
    steps = steps_within(*axes.get_xlim(), 6)
    ticks_apart(axes, steps, [short_amount(value) for value in steps])
    axes.set_yticks(steps_within(*axes.get_ylim(), 6))
    axes.set_yticklabels([typeset(short_time(float(tick))) for tick in axes.get_yticks()])
    axes.set_yticks([], minor=True)
    for one in points:
        x, seconds, token = one.known.macs, one.seconds, one.known.token
        axes.plot([x, x], [seconds.low, seconds.high], color=look[token], linewidth=2.4, zorder=2)
        axes.plot(x, seconds.point, "o", zorder=3, **marked(look, token, hollow=one.known.twin))
    spots = [(one.known.macs, one.seconds.point) for one in points]
    size = SMALL if narrow else PLAIN
    labels = [
        Label(one.known.title, *spot, look.text(one.known.token), bold=not one.known.twin, size=size, far=True)
        for one, spot in zip(points, spots, strict=True)
    ]
    marks = around(axes, spots)
    ends = [[(one.known.macs, end) for end in (one.seconds.low, one.seconds.high)] for one in points]
    bars = [box for low, high in ends for box in along(axes, low, high)]
    slopes(axes, look, _equal_speeds(axes), label_points(axes, labels, marks + bars, marks))
    name_axes(axes, look, "multiply-adds", "time per image", 34)
    return figure


def _equal_speeds(axes: Axes) -> list[Slope]:
    """Lines through what would take its time in proportion, one for each step of speed."""
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    speeds = steps_within(left / high, right / low, 9)
    return [Slope(1 / speed, f"{short_amount(speed)} a second", f"{short_amount(speed)}/s") for speed in speeds]
