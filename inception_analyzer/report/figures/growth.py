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
    Label,
    is_narrow,
    label_points,
    plot,
    sheet,
    short_amount,
    steps_within,
    words,
)
from inception_analyzer.report.figures.drawing import Drawing, drawing
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
        "Multiply-adds relative to the published width (left; dashed = width squared), and by the side of the image (right)",
        "Two panels of rising lines. " + " ".join(f"{name}: {_ends(line)} as wide." for name, line in wider.items()),
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


def _title(wider: Series) -> str:
    ends = [line[-1] for line in wider.values()]
    most = max(value for value, _ in ends)
    low, high = (pick(macs for value, macs in ends if value == most) for pick in (min, max))
    told = ratio(low, 1) if ratio(low, 1) == ratio(high, 1) else f"{ratio(low, 1)} to {ratio(high, 1)}"
    return f"{most:g}x as wide takes {told} the multiply-adds, not {ratio(most**2, 1)}: the image does not widen with it"


def _paint(wider: Series, larger: Series, look: Look, width: float) -> Figure:
    narrow = is_narrow(width)
    if narrow:
        figure = sheet(width, 5.3)
        left = plot(figure, left=0.5, right=0.2, top=0.3, bottom=3.05)
        right = plot(figure, left=0.5, right=0.2, top=2.95, bottom=0.42)
    else:
        figure = sheet(width, 2.9)
        left = plot(figure, left=0.62, right=3.75, top=0.28, bottom=0.42)
        right = plot(figure, left=3.55, right=0.16, top=0.28, bottom=0.42)
    _panel(left, wider, look, ("multiply-adds, relative", "times as wide"), lambda value: f"{value:g}×")
    _panel(right, larger, look, ("multiply-adds", "pixels a side"), short_amount)
    low, high = left.get_xlim()
    left.plot([low, high], [low**2, high**2], color=look["rule2"], linewidth=1, dashes=(4, 3), zorder=0.5)
    return figure


def _panel(axes: Axes, series: Series, look: Look, titles: tuple[str, str], tick: Any) -> None:  # noqa: ANN401
    """Both axes logarithmic, so that a power is a line; names at the right ends."""
    points = [point for line in series.values() for point in line]
    axes.set_xscale("log")
    axes.set_yscale("log")
    sides = sorted({value for value, _ in points})
    axes.set_xlim(sides[0] / 1.06, sides[-1] * 1.32)
    axes.set_ylim(min(macs for _, macs in points) / 1.25, max(macs for _, macs in points) * 1.3)
    axes.set_xticks(sides, [f"{side:g}" for side in sides])
    axes.set_xticks([], minor=True)
    values = steps_within(*axes.get_ylim(), 6)
    axes.set_yticks(values, [tick(value) for value in values])
    axes.set_yticks([], minor=True)
    axes.grid(visible=True, axis="y")
    labels = []
    for name, line in series.items():
        token = family_token(name if name in ALIASES else "ref")
        axes.plot([x for x, _ in line], [y for _, y in line], "-o", color=look[token], markersize=3.5, linewidth=1.3)
        labels.append(Label(name, *line[-1], look.text(token), bold=True, size=SMALL, spots=("E", "NE", "SE"), away=5))
    label_points(axes, sorted(labels, key=lambda one: -one.y))
    words(axes, titles[0], 0, 1, dx=-30, dy=11, frame="both", color=look["mut"], size=8)
    words(axes, titles[1], 1, 0, dy=-22, frame="both", color=look["mut"], size=8, ha="right")
