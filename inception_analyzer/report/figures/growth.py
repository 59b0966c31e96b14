"""How cost grows with width and with the side of the image: one line for each network, beside the square."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from inception_analyzer.networks import ALIASES
from inception_analyzer.report.figures.canvas import (
    SMALL,
    course,
    is_narrow,
    name_axes,
    plot,
    sheet,
    short_amount,
    steps_within,
    ticks_apart,
    ticks_up,
)
from inception_analyzer.report.figures.drawing import Drawing, drawing
from inception_analyzer.report.figures.labels import Label, label_ends
from inception_analyzer.report.figures.tokens import Look, family_token
from inception_analyzer.report.quantity import ratio
from inception_analyzer.report.story import Story

Series = Mapping[str, Sequence[tuple[float, float]]]


def scaling(story: Story) -> Drawing | None:
    """Two panels, where the story was scaled."""
    part = story.part("scaling")
    records = part.document.data()["scaling"] if part and part.document else []
    wider, larger = _series(records, "width", "macs_ratio"), _series(records, "input", "macs")
    if not wider or not larger:
        return None
    return drawing(
        "scaling",
        "scaling",
        _title(wider),
        "Multiply-adds over width squared, relative to the published; multiply-adds by the side of the image",
        _told(wider, larger),
        partial(_paint, wider, larger),
        "counted exactly · batch 1, no auxiliary heads · what does not fit is left out",
    )


def _series(records: Sequence[Mapping[str, Any]], scaled: str, column: str) -> Series:
    found: dict[str, list[tuple[float, float]]] = {}
    for record in records:
        if record["scaled"] == scaled and record[column]:
            found.setdefault(record["network"], []).append((record["value"], record[column]))
    return {name: sorted(points) for name, points in found.items()}


def _ends(line: Sequence[tuple[float, float]]) -> str:
    return ", ".join(f"{ratio(macs, 1)} at {value:g}x" for value, macs in line)


def _told(wider: Series, larger: Series) -> str:
    """Which way each panel goes, then what is on it."""
    left, right = (course([[up for _, up in line] for line in lines.values()]) for lines in (_squared(wider), larger))
    widths = " ".join(f"{name}: {_ends(line)} as wide." for name, line in wider.items())
    return f"Two panels. With width, multiply-adds over its square {left}; with the side of the image they {right}. {widths}"


def _squared(wider: Series) -> Series:
    """Multiply-adds over the square of the width."""
    return {name: [(value, macs / value**2) for value, macs in line] for name, line in wider.items()}


def _title(wider: Series) -> str:
    most = max(value for line in wider.values() for value, _ in line)
    ends = {name: line[-1][1] for name, line in wider.items() if line[-1][0] == most}
    low, high = min(ends, key=lambda name: ends[name]), max(ends, key=lambda name: ends[name])
    told = f"{ratio(ends[low], 1)} ({low}) to {ratio(ends[high], 1)} ({high})" if low != high else ratio(ends[low], 1)
    return f"{most:g}x as wide takes {told} the multiply-adds: the image and the classes do not widen with it"


def _paint(wider: Series, larger: Series, look: Look, width: float) -> Figure:
    if is_narrow(width):
        figure = sheet(width, 4.7)
        left = plot(figure, left=0.5, right=0.2, top=0.3, bottom=2.85)
        right = plot(figure, left=0.5, right=0.2, top=2.55, bottom=0.38)
    else:
        figure = sheet(width, 2.8)
        left = plot(figure, left=0.62, right=3.75, top=0.28, bottom=0.38)
        right = plot(figure, left=3.55, right=0.16, top=0.28, bottom=0.38)
    _panel(left, _squared(wider), look, ("multiply-adds / width²", "times as wide"))
    left.axhline(1, color=look["rule2"], linewidth=1, zorder=0.5)
    ticks_up(left, lambda value: f"{value:.4g}×")
    right.set_yscale("log")
    _panel(right, larger, look, ("multiply-adds", "pixels a side"))
    right.set_yticks(steps_within(*right.get_ylim(), 6))
    right.set_yticks([], minor=True)
    ticks_up(right, short_amount)
    return figure


def _panel(axes: Axes, series: Series, look: Look, titles: tuple[str, str]) -> None:
    """A line for each network, named at its right end."""
    points = [point for line in series.values() for point in line]
    axes.set_xscale("log")
    sides = sorted({value for value, _ in points})
    axes.set_xlim(sides[0] / 1.06, sides[-1] * (sides[-1] / sides[0]) ** 0.2)
    high, low = (pick(macs for _, macs in points) for pick in (max, min))
    if axes.get_yscale() == "log":
        axes.set_ylim(low / 1.25, high * 1.3)
    else:
        spread = (high - low) or 0.1
        axes.set_ylim(low - 0.15 * spread, high + 0.15 * spread)
    ticks_apart(axes, sides, [f"{side:g}" for side in sides])
    axes.grid(visible=True, axis="y")
    labels = []
    for name, line in series.items():
        token = family_token(name if name in ALIASES else "ref")
        axes.plot([x for x, _ in line], [y for _, y in line], "-o", color=look[token], markersize=3.5, linewidth=1.3)
        labels.append(Label(name, *line[-1], look.text(token), bold=True, size=SMALL))
    label_ends(axes, labels)
    name_axes(axes, look, titles[1], titles[0], 30)
