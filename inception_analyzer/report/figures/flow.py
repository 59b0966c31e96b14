"""How large the map is between one block and the next, from the image to the answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from inception_analyzer.report.compared import Compared
from inception_analyzer.report.figures.canvas import (
    INCH,
    SMALL,
    halo,
    is_narrow,
    name_axes,
    plot,
    sheet,
    short_amount,
    steps_within,
    text_width,
    ticks_apart,
    words,
)
from inception_analyzer.report.figures.drawing import Drawing, drawing
from inception_analyzer.report.figures.tokens import Look, family_token
from inception_analyzer.report.quantity import shape_text, three
from inception_analyzer.report.story import Story
from inception_analyzer.spec import Shape

SHOWN = ("v1", "v3", "v4", "ir2", "vgg16", "resnet50")
HIGH = 0.86  # of a row, for the largest map of all
HALF = 0.5  # of the blocks


@dataclass(frozen=True, slots=True)
class Cut:
    """What is handed on at one place: how many of the blocks lie before it, and the map there."""

    passed: float
    shape: Shape

    @property
    def size(self) -> int:
        return self.shape.size


def activations(story: Story) -> Drawing | None:
    """The maps of a few networks along their work."""
    found = [one for one in story.networks if one.count.network.label in SHOWN] or list(story.networks[:4])
    networks = [one for one in found if one.count.cost.macs]
    if not networks:
        return None
    return drawing(
        "activations",
        "networks",
        _title(networks),
        "Elements of the map (channels · height · width) that each block hands on; at the right the largest",
        f"A ridge for each network{_leaning(networks)}. " + " ".join(_told(one) for one in networks),
        partial(_paint, networks),
    )


def cuts(one: Compared) -> tuple[Cut, ...]:
    """The image, then the map behind every block, or behind every layer outside of blocks."""
    shapes = [one.whole.reads, *(block.writes for stage in one.whole.parts for block in stage.parts)]
    return tuple(Cut(number / max(1, len(shapes) - 1), shape) for number, shape in enumerate(shapes))


def _largest(one: Compared) -> Cut:
    return max(cuts(one)[1:], key=lambda cut: cut.size)


def _title(networks: Sequence[Compared]) -> str:
    """The largest maps of the largest and of another network."""
    ordered = sorted(networks, key=lambda one: -_largest(one).size)
    first, last = ordered[0], ordered[-1]
    said = f"The largest map of {first.count.network.title} holds {three(_largest(first).size)} elements"
    if first is last or _largest(first).size == _largest(last).size:
        return f"{said}, {_largest(first).shape}"
    others = [one for one in ordered if one.count.network.label == "v3"] or [last]
    other = others[0] if others[0] is not first else last
    return f"{said}, that of {other.count.network.label} {three(_largest(other).size)}"


def _leaning(networks: Sequence[Compared]) -> str:
    """Where the ridges are high, if that is one side of all of them."""
    early = [_largest(one).passed < HALF for one in networks]
    return ", high at the left" if all(early) else ", high at the right" if not any(early) else ""


def _told(one: Compared) -> str:
    largest = _largest(one)
    return f"{one.count.network.title}: at most {three(largest.size)} at {shape_text(largest.shape)}."


def _paint(networks: Sequence[Compared], look: Look, width: float) -> Figure:
    """A ridge for each network, all on one scale."""
    narrow = is_narrow(width)
    figure = sheet(width, 0.64 + 0.52 * len(networks))
    names = max(text_width(one.count.network.title, weight="bold") for one in networks) / INCH
    sizes = max(text_width(_size_text(one)) for one in networks) / INCH
    largest = max(_largest(one).size for one in networks)
    mark = steps_within(1, largest, len(str(largest)) * 3)[-1]
    marks = text_width(short_amount(mark), SMALL) / INCH + 0.1
    sides = (0.06 + marks, 0.24) if narrow else (names + marks + 0.3, sizes + 0.3)
    axes = plot(figure, left=sides[0], right=sides[1], top=0.26, bottom=0.38)
    axes.set_xlim(0, 100)
    axes.set_ylim(len(networks) - 1 + 0.04, -0.98)
    axes.set_yticks([])
    ticks_apart(axes, range(0, 101, 20), [f"{tick} %" for tick in range(0, 101, 20)])
    axes.grid(visible=True, axis="x")
    for row, one in enumerate(networks):
        _scale(axes, look, row, mark, HIGH / largest)
        _ridge(axes, look, one, row, HIGH / largest)
        _named(axes, look, one, row, 0 if narrow else marks * INCH)
    name_axes(axes, look, "blocks passed", "elements", marks * INCH)
    return figure


def _scale(axes: Axes, look: Look, row: int, mark: float, scale: float) -> None:
    """Two values of the axis of a ridge: none, and a round one."""
    for value in (0.0, mark):
        up = row - scale * value
        axes.axhline(up, color=look["rule"], linewidth=0.6, zorder=0.5)
        words(axes, short_amount(value), 0, up, dx=-4, frame="x", ha="right", size=SMALL, color=look["mut"])


def _ridge(axes: Axes, look: Look, one: Compared, row: int, scale: float) -> None:
    """A map lasts until the next block has made another."""
    found, token = cuts(one), family_token(one.count.network.family)
    ends = [100 * cut.passed for cut in found[1:]] + [100.0]
    across = [edge for cut, end in zip(found, ends, strict=True) for edge in (100 * cut.passed, end)]
    up = [row - scale * cut.size for cut in found for _ in range(2)]
    axes.fill_between(across, up, row, color=look[token], alpha=0.3, linewidth=0)
    axes.plot(across, up, color=look[token], linewidth=1.2)
    axes.axhline(row, color=look["rule2"], linewidth=0.8)


def _named(axes: Axes, look: Look, one: Compared, row: int, marks: float) -> None:
    """The name and the largest map: beside the ridge and the marks of its axis, or above its low end."""
    title, color = one.count.network.title, look.text(family_token(one.count.network.family))
    if not marks:
        halo(words(axes, title, 1, row - 0.75, frame="x", ha="right", color=color, weight="bold"))
        halo(words(axes, _size_text(one), 1, row - 0.45, frame="x", ha="right", color=look["mut"], size=SMALL))
        return
    words(axes, title, 0, row - 0.3, dx=-marks - 8, frame="x", ha="right", color=color, weight="bold")
    words(axes, _size_text(one), 1, row - 0.3, dx=8, frame="x", color=look["ink"])


def _size_text(one: Compared) -> str:
    largest = _largest(one)
    return f"{three(largest.size)}  {largest.shape}"
