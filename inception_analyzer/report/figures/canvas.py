"""The one style of all figures: a frame measured in inches, direct labels that give way to each other, and the words on it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from math import ceil, floor, log10
from typing import Any, Literal

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from inception_analyzer.report.figures.tokens import Look

WIDE, NARROW = 6.6, 3.9  # inches
INCH = 72  # points
HALO = "halo"  # marks words that stand on lines: paper is drawn around them
SMALL, PLAIN = 7.2, 8.5  # points

Paint = Callable[[Look, float], Figure]
# Where a label may stand beside its point: right, left, above, below, and between.
Spot = Literal["E", "W", "N", "S", "NE", "NW", "SE", "SW"]
SPOTS: tuple[Spot, ...] = ("E", "W", "N", "S", "NE", "NW", "SE", "SW")
DIAGONAL = 0.75
FAR = (10, 22)  # points


def style(look: Look) -> dict[str, Any]:
    """Settings of matplotlib; its own font ships with it, so that a figure is the same everywhere."""
    muted = look["mut"]
    return {
        "font.family": "DejaVu Sans",
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
        "figure.dpi": 100,
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
    figure = Figure(figsize=(width, height))
    FigureCanvasAgg(figure)
    return figure


def renderer_of(artist: Axes | Figure) -> Any:  # noqa: ANN401
    """What measures words."""
    figure = artist.get_figure(root=True)
    assert figure is not None
    return figure.canvas.get_renderer()  # type: ignore[attr-defined]  # of FigureCanvasAgg


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
    return re.sub(r"(?<=\d) (?=%|(?:[TGMK]|MiB|ms)\b)", "\u00a0", text)


def words(
    axes: Axes, text: str, x: float, y: float, *, dx: float = 0, dy: float = 0, frame: str = "data", **kwargs: Any
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


def halo(text: Text) -> Text:
    """Words that lines pass behind."""
    text.set_gid(HALO)
    return text


def marked(look: Look, token: str, *, hollow: bool = False) -> dict[str, Any]:
    """A marker as designed, or hollow: unfactorized, or unlike the others."""
    face = look["paper"] if hollow else look[token]
    return {"markerfacecolor": face, "markeredgecolor": look[token], "markeredgewidth": 1.4, "linestyle": "none"}


@dataclass(frozen=True, slots=True)
class Label:
    """Words beside a point; those who come first choose first."""

    text: str
    x: float
    y: float
    color: str
    bold: bool = False
    size: float = PLAIN
    spots: Sequence[Spot] = SPOTS
    away: float = 5.5  # points from the point
    far: bool = False  # may stand further off, at the end of a line


def label_points(axes: Axes, labels: Iterable[Label], taken: Sequence[Bbox] = ()) -> list[Bbox]:
    """Each label at the first of its spots that is free; one that finds none is not drawn. Returns all room that is taken."""
    room, busy = axes.get_window_extent().expanded(1.0, 1.02), list(taken)
    for label in labels:
        text = halo(
            words(
                axes,
                label.text,
                label.x,
                label.y,
                color=label.color,
                size=label.size,
                weight="bold" if label.bold else "normal",
            )
        )
        box = next((box for box in _tried(axes, text, label) if _inside(box, room) and not _hits(box, busy)), None)
        if box is None:
            text.remove()
            continue
        busy.append(box)
        if max(map(abs, text.get_position())) > label.away:
            axes.annotate("", (label.x, label.y), text.get_position(), textcoords="offset points", arrowprops=_leader(label))
    return busy


def label_ends(axes: Axes, labels: Iterable[Label]) -> None:
    """Names behind the right ends of lines, moved apart where they would meet."""
    ordered = sorted(labels, key=lambda one: -one.y)
    points = axes.figure.dpi / INCH
    ends = [float(axes.transData.transform((one.x, one.y))[1]) / points for one in ordered]
    for label, end, place in zip(ordered, ends, apart(ends, max((one.size for one in ordered), default=0) * 1.2), strict=True):
        told = {"color": label.color, "size": label.size, "weight": "bold" if label.bold else "normal"}
        words(axes, label.text, label.x, label.y, dx=label.away, dy=place - end, **told)


def apart(falling: Sequence[float], least: float) -> list[float]:
    """Numbers moved no more than needed so that neighbours differ by this much: those that would meet share a middle."""
    groups: list[list[float]] = []
    for number in falling:
        groups.append([number])
        while len(groups) > 1 and _middle(groups[-2]) - _middle(groups[-1]) < least * (len(groups[-2]) + len(groups[-1])) / 2:
            groups[-2:] = [[*groups[-2], *groups[-1]]]
    return [_middle(group) + least * ((len(group) - 1) / 2 - index) for group in groups for index in range(len(group))]


def _middle(group: Sequence[float]) -> float:
    return sum(group) / len(group)


def first_free(axes: Axes, texts: Iterable[Text], taken: list[Bbox]) -> bool:
    """Of words at several places those at the first free one; whether there is one."""
    renderer, room = renderer_of(axes), axes.get_window_extent()
    for text in texts:
        box = text.get_window_extent(renderer)
        if _inside(box, room) and not _hits(box, taken):
            taken.append(box)
            return True
        text.remove()
    return False


def _tried(axes: Axes, text: Text, label: Label) -> Iterator[Bbox]:
    """The room of a label at each of its spots, set there while it is looked at; it is measured once."""
    measured = text.get_window_extent(renderer_of(axes))
    wide, high = measured.width, measured.height
    x, y = axes.transData.transform((label.x, label.y))
    points = axes.figure.dpi / INCH
    for far, spot in product((0, *FAR) if label.far else (0,), label.spots):
        across, up = ("E" in spot) - ("W" in spot), ("N" in spot) - ("S" in spot)
        reach = (label.away + far) * (DIAGONAL if across and up else 1)
        text.set_position((across * reach, up * reach))
        text.set_horizontalalignment({1: "left", 0: "center", -1: "right"}[across])
        text.set_verticalalignment({1: "bottom", 0: "center", -1: "top"}[up])
        left = x + across * reach * points + (across - 1) * wide / 2
        yield Bbox.from_bounds(left, y + up * reach * points + (up - 1) * high / 2, wide, high)


def _leader(label: Label) -> dict[str, Any]:
    return {"arrowstyle": "-", "color": label.color, "linewidth": 0.7, "shrinkA": 0, "shrinkB": 4}


def _inside(box: Bbox, room: Bbox) -> bool:
    return box.x0 >= room.x0 and box.x1 <= room.x1 and box.y0 >= room.y0 and box.y1 <= room.y1


def _hits(box: Bbox, busy: Sequence[Bbox]) -> bool:
    return any(box.x0 < one.x1 + 1 and one.x0 < box.x1 + 1 and box.y0 < one.y1 and one.y0 < box.y1 for one in busy)


def around(axes: Axes, points: Iterable[tuple[float, float]], size: float = 7) -> list[Bbox]:
    """The room that markers take."""
    half = size / 2 * axes.figure.dpi / INCH
    return [Bbox([(x - half, y - half), (x + half, y + half)]) for x, y in (axes.transData.transform(one) for one in points)]


def along(axes: Axes, start: tuple[float, float], end: tuple[float, float], pieces: int = 24) -> list[Bbox]:
    """The room that a line takes."""
    (x0, y0), (x1, y1) = (axes.transData.transform(one) for one in (start, end))
    shares = [piece / pieces for piece in range(pieces + 1)]
    return [Bbox.from_bounds(x0 + share * (x1 - x0) - 1, y0 + share * (y1 - y0) - 1, 2, 2) for share in shares]


def text_width(figure: Figure, text: str, size: float = PLAIN, weight: str = "normal") -> float:
    """How many points wide words would be."""
    probe = figure.text(0, 0, typeset(text), size=size, weight=weight)
    width = probe.get_window_extent(renderer_of(figure)).width * INCH / figure.dpi
    probe.remove()
    return float(width)


def ticks_apart(axes: Axes, values: Sequence[float], texts: Sequence[str]) -> None:
    """Marks below the axis; one that would touch the one before it is left out."""
    low, high = axes.get_xlim()
    scale, points, end, kept = axes.transData, axes.figure.dpi / INCH, float("-inf"), []
    for value, text in zip(values, texts, strict=True):
        half = text_width(axes.figure, text, 8) / 2 + 1.5  # type: ignore[arg-type]
        at = scale.transform((value, axes.get_ylim()[0]))[0] / points
        if low <= value <= high and at - half > end:
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


def short_amount(value: float) -> str:
    """A value on an axis: `20 G`, `500 M`, `0.5`."""
    for unit, size in (("T", 1e12), ("G", 1e9), ("M", 1e6), ("K", 1e3)):
        if value >= size * 0.9999:
            return f"{value / size:,.4g} {unit}"
    return f"{value:.4g}"
