"""Direct labels that give way to each other: at the first place that is free, or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from matplotlib.axes import Axes
from matplotlib.text import Text

from inception_analyzer.report.figures import spots
from inception_analyzer.report.figures.canvas import FAMILY, INCH, PLAIN, QUOTING, Told, halo, renderer_of, words
from inception_analyzer.report.figures.spots import LINE, PIECES, SPOTS, Box, Paper, Placed, Spot, Wanted, hits, inside

ACROSS: dict[int, Literal["left", "center", "right"]] = {1: "left", 0: "center", -1: "right"}
UP: dict[int, Literal["bottom", "center", "top"]] = {1: "bottom", 0: "center", -1: "top"}


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
    must: bool = False  # others give way, whoever comes first
    quoted: bool = False  # as a text prints it


def label_points(axes: Axes, labels: Iterable[Label], taken: Sequence[Box] = (), barred: Sequence[Box] = ()) -> list[Box]:
    """Each label at the first of its spots that is free; one that finds none is not drawn. Returns all room that is taken.

    Lines to labels that stand further off run through no words, and through nothing that is barred.
    """
    every = list(labels)
    texts = [_written(axes, label) for label in every]
    room = _box(axes.get_window_extent().expanded(1.0, 1.02))
    paper = Paper(room, taken, barred, axes.figure.dpi / INCH)
    found = spots.settle([_wanted(axes, one, text) for one, text in zip(every, texts, strict=True)], paper)
    for label, text, place in zip(every, texts, found, strict=True):
        _put(axes, label, text, place)
    return [*taken, *(box for place in found if place for box in (place.box, *place.line))]


def _written(axes: Axes, label: Label) -> Text:
    weight, family = "bold" if label.bold else "normal", QUOTING if label.quoted else FAMILY
    return halo(words(axes, label.text, label.x, label.y, color=label.color, size=label.size, weight=weight, family=family))


def _wanted(axes: Axes, label: Label, text: Text) -> Wanted:
    """A label is measured once, wherever it goes."""
    measured = text.get_window_extent(renderer_of(axes))
    x, y = axes.transData.transform((label.x, label.y))
    return Wanted(x, y, measured.width, measured.height, label.away, label.spots, label.far, label.must)


def _put(axes: Axes, label: Label, text: Text, place: Placed | None) -> None:
    """Words at their place, with a line to them where they stand further off."""
    if place is None:
        text.remove()
        return
    text.set_position((place.across * place.reach, place.up * place.reach))
    text.set_horizontalalignment(ACROSS[place.across])
    text.set_verticalalignment(UP[place.up])
    if place.line:
        look: dict[str, Any] = {"arrowstyle": "-", "color": label.color, "linewidth": 0.7, "shrinkA": 0, "shrinkB": 4}
        axes.annotate("", (label.x, label.y), text.get_position(), textcoords="offset points", arrowprops=look)


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


def first_free(axes: Axes, texts: Iterable[Text], taken: list[Box]) -> bool:
    """Of words at several places those at the first free one; whether there is one."""
    renderer, room = renderer_of(axes), _box(axes.get_window_extent())
    for text in texts:
        box = _box(text.get_window_extent(renderer))
        if inside(box, room) and not hits(box, taken):
            taken.append(box)
            return True
        text.remove()
    return False


def _box(extent: Any) -> Box:  # noqa: ANN401  (matplotlib's)
    return Box(*extent.extents)


def around(axes: Axes, points: Iterable[tuple[float, float]], size: float = 8) -> list[Box]:
    """The room that markers take."""
    scale = axes.figure.dpi / INCH
    return [spots.around(_place(axes, one), size * scale) for one in points]


def along(axes: Axes, start: tuple[float, float], end: tuple[float, float], pieces: int = PIECES) -> list[Box]:
    """The room that a line takes."""
    return spots.line(_place(axes, start), _place(axes, end), LINE * axes.figure.dpi / INCH, pieces)


def _place(axes: Axes, point: tuple[float, float]) -> tuple[float, float]:
    x, y = axes.transData.transform(point)
    return float(x), float(y)
