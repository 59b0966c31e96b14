"""A picture as data: shapes at their places, in pixels from the upper left, without a word on how a file says them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

Point = tuple[float, float]

Fill = Literal["paper", "panel", "shade", "segment", "ribbon", "solid", "hollow", "free", "head"]
Stroke = Literal["wire", "bypass", "dotted", "tick", "edge"]
Tone = Literal["ink", "muted", "on-shade", "network"]
Anchor = Literal["start", "middle", "end"]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle; `shade` from 0 to 1 is how strong the network's colour is where it shows a cost."""

    x: float
    y: float
    width: float
    height: float
    fill: Fill
    shade: float = 0.0
    radius: float = 5.0

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height


@dataclass(frozen=True, slots=True)
class Text:
    """One line of words; `y` is its base line, `shade` that of the box it stands on."""

    x: float
    y: float
    words: str
    size: float
    tone: Tone = "ink"
    anchor: Anchor = "start"
    bold: bool = False
    shade: float = 0.0


@dataclass(frozen=True, slots=True)
class Line:
    """Straight lines from point to point."""

    points: tuple[Point, ...]
    stroke: Stroke = "wire"


@dataclass(frozen=True, slots=True)
class Ribbon:
    """A branch that flows from a narrow top into its segment of the concatenation."""

    top: tuple[float, float]  # from, to
    bottom: tuple[float, float]
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Taps:
    """A kernel as the field of its taps around a centre, each a square with this side in steps of `pitch`."""

    x: float
    y: float
    rows: int
    columns: int
    side: float
    pitch: float
    shade: float = 0.0

    @property
    def width(self) -> float:
        return (self.columns - 1) * self.pitch + self.side

    @property
    def height(self) -> float:
        return (self.rows - 1) * self.pitch + self.side


@dataclass(frozen=True, slots=True)
class Sign:
    """A plus in a circle: here two ways are added."""

    x: float
    y: float
    radius: float


@dataclass(frozen=True, slots=True)
class Group:
    """Shapes that belong together: `words` say what they are, `family` gives the colour to all inside."""

    shapes: tuple[Shape, ...]
    words: str = ""
    family: str = ""


Shape = Box | Text | Line | Ribbon | Taps | Sign | Group


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything that is drawn; `words` tell the whole to who cannot see it, `below` the numbers under the title."""

    width: float
    height: float
    title: str
    below: str
    words: str
    shapes: tuple[Shape, ...]


def group(shapes: Iterable[Shape], words: str = "", family: str = "") -> Group:
    """A group from a list, less texts that found no room."""
    return Group(tuple(shape for shape in shapes if not isinstance(shape, Text) or shape.words), words, family)


def flat(shapes: Iterable[Shape], family: str = "") -> Iterator[tuple[Shape, str]]:
    """Every shape that is no group, with the family that it inherits."""
    for shape in shapes:
        if isinstance(shape, Group):
            yield from flat(shape.shapes, shape.family or family)
        else:
            yield shape, family
