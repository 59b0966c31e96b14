"""Pieces of stacked bars: how strong their colour is, and the names of those that are too short to bear one."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from inception_analyzer.report.figures.tokens import Look

STRENGTHS = (0.2, 0.38, 0.68, 0.92)  # of a colour; steps on which words can be read, whatever the colour
PLACES = ("first", "second", "third", "fourth", "fifth", "sixth")


def strength(cost: float, most: float) -> float:
    """How strong a colour says this cost: by the root of its part of the dearest in the picture, in steps."""
    wanted = sqrt(cost / most) if most else 0.0
    return min(STRENGTHS, key=lambda step: (abs(step - wanted), step))


def segment(
    axes: Axes, look: Look, token: str, across: tuple[float, float], row: float, height: float, strong: float | None
) -> None:
    """A piece of a stacked bar between its neighbours; hollow where it has no strength."""
    start, length = across
    corner = (start, row - height / 2)
    if strong is None:
        axes.add_patch(Rectangle(corner, length, height, facecolor=look["paper"], edgecolor=look[token], linewidth=1.0))
        return
    axes.add_patch(Rectangle(corner, length, height, facecolor=look["paper"], linewidth=0))  # hides lines behind it
    axes.add_patch(Rectangle(corner, length, height, facecolor=look[token], alpha=strong, linewidth=0))
    axes.plot([start + length] * 2, [row - height / 2, row + height / 2], color=look["paper"], linewidth=1.2)


def unnamed(names: Sequence[str], fitting: Sequence[bool]) -> str:
    """Pieces that bear no name, by where they lie: `first 1x1, last pool`."""
    last = len(names) - 1
    places = [_place(number, last) for number in range(len(names))]
    return ", ".join(f"{place} {name}" for place, name, fits in zip(places, names, fitting, strict=True) if not fits)


def _place(number: int, last: int) -> str:
    if number == last:
        return "last" if last else "all"
    return PLACES[number] if number < len(PLACES) else f"{number + 1}th"
