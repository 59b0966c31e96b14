"""Direct labels that give way to each other: at the first place that is free, or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, Literal

from matplotlib.axes import Axes
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from inception_analyzer.report.figures.canvas import INCH, PLAIN, Told, halo, renderer_of, words

# Where a label may stand beside its point: right, left, above, below, and between.
Spot = Literal["E", "W", "N", "S", "NE", "NW", "SE", "SW"]
SPOTS: tuple[Spot, ...] = ("E", "W", "N", "S", "NE", "NW", "SE", "SW")
ACROSS: dict[int, Literal["left", "center", "right"]] = {1: "left", 0: "center", -1: "right"}
UP: dict[int, Literal["bottom", "center", "top"]] = {1: "bottom", 0: "center", -1: "top"}
DIAGONAL = 0.75
FAR = (10, 22)  # points


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
        told: Told = {"color": label.color, "size": label.size, "weight": "bold" if label.bold else "normal"}
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
        text.set_horizontalalignment(ACROSS[across])
        text.set_verticalalignment(UP[up])
        left = x + across * reach * points + (across - 1) * wide / 2
        yield Bbox.from_bounds(left, y + up * reach * points + (up - 1) * high / 2, wide, high)


def _leader(label: Label) -> dict[str, Any]:
    return {"arrowstyle": "-", "color": label.color, "linewidth": 0.7, "shrinkA": 0, "shrinkB": 4}


def _inside(box: Bbox, room: Bbox) -> bool:
    return bool(box.x0 >= room.x0 and box.x1 <= room.x1 and box.y0 >= room.y0 and box.y1 <= room.y1)


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
