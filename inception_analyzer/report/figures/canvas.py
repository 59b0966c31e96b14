"""The one style of all figures: a frame measured in inches, its axes, and the words on it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from itertools import pairwise
from math import ceil, floor, log10
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure, SubFigure
from matplotlib.text import Text

from inception_analyzer.report.figures.tokens import Look

WIDE, NARROW = 6.6, 3.6  # inches; on a phone the narrow one grows by a quarter or more
INCH = 72  # points
DOTS = 200  # to an inch of a PNG, and of what is measured
FAMILY, QUOTING = "DejaVu Sans", "DejaVu Serif"  # we speak, a paper speaks
HALO = "halo"  # marks words that stand on lines: paper is drawn around them
AXIS = "axis"  # marks words that say what an axis shows
SMALL, PLAIN = 7.2, 8.5  # points

Paint = Callable[[Look, float], Figure]
Told = dict[str, Any]  # how words look


def style(look: Look) -> dict[Any, Any]:
    """Settings of matplotlib; its own font ships with it, so that a figure is the same everywhere."""
    muted = look["mut"]
    return {
        "font.family": FAMILY,
        "font.size": PLAIN,
        "text.color": look["ink"],
        "text.parse_math": False,
        "axes.labelcolor": muted,
        "xtick.color": muted,
        "ytick.color": muted,
        "xtick.labelsize": 8,
        "ytick.labelsize": 8,
        "xtick.major.size": 0,
        "ytick.major.size": 0,
        "xtick.minor.size": 0,
        "ytick.minor.size": 0,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.spines.left": False,
        "axes.facecolor": "none",
        "axes.edgecolor": look["rule2"],
        "axes.linewidth": 0.8,
        "axes.axisbelow": True,
        "axes.unicode_minus": True,
        "grid.color": look["rule"],
        "grid.linewidth": 0.6,
        "lines.linewidth": 1.8,
        "lines.markersize": 7,
        "lines.solid_capstyle": "butt",
        "figure.dpi": DOTS,
        "figure.facecolor": look["paper"],
        "svg.fonttype": "none",
        "svg.hashsalt": "inception-analyze",
        "path.simplify": False,
    }


def styled(paint: Paint) -> Paint:
    """A painter that needs no settings around it."""

    def painted(look: Look, width: float) -> Figure:
        with mpl.rc_context(style(look)):
            return paint(look, width)

    return painted


def sheet(width: float, height: float) -> Figure:
    """An empty figure."""
    figure = Figure(figsize=(width, height), dpi=DOTS)
    FigureCanvasAgg(figure)
    return figure


def root_of(artist: Axes | Figure | SubFigure) -> Figure:
    """The figure that something is drawn in."""
    figure = artist.get_figure(root=True)
    assert figure is not None
    return figure


def renderer_of(artist: Axes | Figure | SubFigure) -> Any:  # noqa: ANN401
    """What measures words."""
    return root_of(artist).canvas.get_renderer()  # type: ignore[attr-defined]  # of FigureCanvasAgg


def plot(figure: Figure, *, left: float, right: float, top: float, bottom: float) -> Axes:
    """Axes with these margins in inches."""
    width, height = figure.get_size_inches()
    return figure.add_axes((left / width, bottom / height, (width - left - right) / width, (height - top - bottom) / height))


def rows_plot(figure: Figure, count: float, *, left: float, right: float, top: float, bottom: float) -> Axes:
    """Axes of rows from the top down, one unit each, without marks at their side."""
    axes = plot(figure, left=left, right=right, top=top, bottom=bottom)
    axes.set_ylim(count - 0.5, -0.5)
    axes.set_yticks([])
    axes.grid(visible=True, axis="x")
    return axes


def is_narrow(width: float) -> bool:
    """Whether a figure is for a phone."""
    return width < (WIDE + NARROW) / 2


def typeset(text: str) -> str:
    """Signs as printed: `7x7` is 7×7, `1.9x` is 1.9×, `-3` behind a space is −3, and a unit stays with its number."""
    text = re.sub(r"(?<=\d)x(?=\d|\b)", "×", re.sub(r"(?<!\S)-(?=\d)", "−", text))
    text = text.replace("  ", "\u00a0 ")  # one of two spaces would go in SVG
    return re.sub(r"(?<=\d) (?=%|(?:[TGMK]|MiB|[mµn]?s)\b)", "\u00a0", text)


def words(
    axes: Axes,
    text: str,
    x: float,
    y: float,
    *,
    dx: float = 0,
    dy: float = 0,
    frame: str = "data",
    **kwargs: Any,  # noqa: ANN401
) -> Text:
    """Words at a point, moved by so many points; `frame` says which coordinates are shares of the axes: x, y or both."""
    coords: Any = {
        "data": "data",
        "x": axes.get_yaxis_transform(),
        "y": axes.get_xaxis_transform(),
        "both": "axes fraction",
    }[frame]
    kwargs = {"va": "center_baseline", "ha": "left", **kwargs}
    return axes.annotate(typeset(text), (x, y), xycoords=coords, xytext=(dx, dy), textcoords="offset points", **kwargs)


def name_axes(axes: Axes, look: Look, across: str, up: str = "", back: float = 0) -> None:
    """What the axes show: below the right end, and above the upper one, so many points back from it."""
    told: Told = {"frame": "both", "color": look["mut"], "size": 8}
    words(axes, across, 1, 0, dy=-20, ha="right", **told).set_gid(f"{AXIS}-x")
    if up:
        words(axes, up, 0, 1, dx=-back, dy=11, **told).set_gid(f"{AXIS}-y")


def halo(text: Text) -> Text:
    """Words that lines pass behind."""
    text.set_gid(HALO)
    return text


def marked(look: Look, token: str, *, hollow: bool = False) -> dict[str, Any]:
    """A marker as designed, or hollow: unfactorized, or unlike the others."""
    face = look["paper"] if hollow else look[token]
    return {"markerfacecolor": face, "markeredgecolor": look[token], "markeredgewidth": 1.4, "linestyle": "none"}


def width_of(axes: Axes) -> float:
    """How many points wide the axes are."""
    return float(axes.get_window_extent().width) * INCH / axes.figure.dpi


@cache
def text_width(text: str, size: float = PLAIN, weight: str = "normal") -> float:
    """How many points wide words would be."""
    figure = sheet(WIDE, 1)
    probe = figure.text(0, 0, typeset(text), size=size, weight=weight, family=FAMILY)
    return float(probe.get_window_extent(renderer_of(figure)).width) * INCH / figure.dpi


def ticks_apart(axes: Axes, values: Sequence[float], texts: Sequence[str]) -> None:
    """Marks below the axis; one that would touch the one before it or leave the figure is left out."""
    low, high = axes.get_xlim()
    scale, points, end, kept = axes.transData, axes.figure.dpi / INCH, 0.0, []
    width = root_of(axes).get_size_inches()[0] * INCH
    for value, text in zip(values, texts, strict=True):
        half = text_width(text, 8) / 2 + 1.5
        at = scale.transform((value, axes.get_ylim()[0]))[0] / points
        if low <= value <= high and end < at - half and at + half < width:
            kept.append((value, typeset(text)))
            end = at + half
    axes.set_xticks([value for value, _ in kept], [text for _, text in kept])
    axes.set_xticks([], minor=True)


def ticks_up(axes: Axes, text: Callable[[float], str]) -> None:
    """Marks beside the axis, those within its limits."""
    low, high = axes.get_ylim()
    values = [value for value in axes.get_yticks() if low <= value <= high]
    axes.set_yticks(values, [typeset(text(value)) for value in values])


def steps_within(low: float, high: float, most: int = 7) -> list[float]:
    """Values for a logarithmic axis: 1, 2 and 5 of each power of ten, or fewer where those are too many."""
    powers = range(floor(log10(low)) - 1, ceil(log10(high)) + 1)
    for digits in ((1, 2, 5), (1, 3), (1,)):
        found = [digit * 10.0**power for power in powers for digit in digits if low <= digit * 10.0**power <= high]
        if len(found) <= most:
            return found
    return found[:: ceil(len(found) / most)]


def course(lines: Sequence[Sequence[float]]) -> str:
    """Which way lines go, in the words of a sentence about several things: `fall`, `rise`, `stay` or `fall or rise`."""
    steps = [after - before for line in lines for before, after in pairwise(line)]
    found = [
        word for word, goes in (("fall", any(step < 0 for step in steps)), ("rise", any(step > 0 for step in steps))) if goes
    ]
    return " or ".join(found) or "stay"


def short_amount(value: float) -> str:
    """A value on an axis: `20 G`, `500 M`, `0.5`."""
    for unit, size in (("T", 1e12), ("G", 1e9), ("M", 1e6), ("K", 1e3)):
        if value >= size * 0.9999:
            return f"{value / size:,.4g} {unit}"
    return f"{value:.4g}"


def short_time(seconds: float) -> str:
    """A time on an axis: `200 ms`, `5 µs`."""
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size * 0.9999:
            return f"{seconds / size:,.4g} {unit}"
    return f"{seconds / 1e-9:.4g} ns"
