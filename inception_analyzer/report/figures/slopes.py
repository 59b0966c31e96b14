"""Lines of an equal ratio on two logarithmic axes, each with its name where there is room."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import atan2, degrees

from matplotlib.axes import Axes

from inception_analyzer.report.figures.canvas import SMALL, Told, halo, words
from inception_analyzer.report.figures.labels import first_free
from inception_analyzer.report.figures.spots import Box
from inception_analyzer.report.figures.tokens import Look

SHORTEST = 1.5  # from the left end of a line to its right; shorter ones are corners
STEPS = 25  # places that are tried along a line


@dataclass(frozen=True, slots=True)
class Slope:
    """What is up over what is across on this line, and its name: whole on the first, short on the others."""

    ratio: float
    name: str
    short: str


def slopes(axes: Axes, look: Look, every: Sequence[Slope], taken: list[Box]) -> None:
    """All lines that cross the plot; what the numbers are is said once."""
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    said = False
    for one in every:
        start, end = max(left, low / one.ratio), min(right, high / one.ratio)
        if end < start * SHORTEST:
            continue
        ends = [start * one.ratio, end * one.ratio]
        axes.plot([start, end], ends, color=look["rule2"], linewidth=0.7, dashes=(4, 3), zorder=0.5)
        for name in (one.short,) if said else (one.name, one.short):
            if _named(axes, look, name, (start, end), one.ratio, taken):
                said |= name == one.name
                break


def _named(axes: Axes, look: Look, name: str, ends: tuple[float, float], ratio: float, taken: list[Box]) -> bool:
    """The name along the line, at the first place from the left that is free."""
    told: Told = {"color": look["mut"], "size": SMALL, "rotation": incline(axes), "rotation_mode": "anchor", "va": "baseline"}
    start, end = ends
    places = [start * (end / start) ** (step / STEPS) for step in range(1, STEPS - 1)]
    return first_free(axes, (halo(words(axes, name, at, at * ratio, dy=3.5, zorder=0.6, **told)) for at in places), taken)


def incline(axes: Axes) -> float:
    """Degrees by which a line of one ratio rises on the paper."""
    (left, _), (low, _) = axes.get_xlim(), axes.get_ylim()
    (x0, y0), (x1, y1) = (axes.transData.transform(point) for point in ((left, low), (left * 10, low * 10)))
    return degrees(atan2(y1 - y0, x1 - x0))
