"""Where the steps of a flow go: one below the other, ways side by side, a by-pass at the right of a sum."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import assert_never

from inception_analyzer.report.drawing.cells import Scale, boxed, cell_of
from inception_analyzer.report.drawing.flow import Flow, Layer, Split, Step, Sum, macs_of
from inception_analyzer.report.drawing.lettering import fitting
from inception_analyzer.report.drawing.picture import Box, Line, Ribbon, Shape, Sign, Text


@dataclass(frozen=True, slots=True)
class Sizes:
    """How large things are drawn, in pixels; `ribbons` lets the outermost ways flow into a bar to scale."""

    box: float
    gap: float
    pad: float
    widest: float
    side: float  # what a by-pass takes at either side
    sign: float
    ribbons: bool


FULL = Sizes(box=46, gap=16, pad=8, widest=214, side=40, sign=9, ribbons=True)
SNUG = Sizes(box=46, gap=14, pad=3, widest=150, side=18, sign=8, ribbons=True)
SMALL = Sizes(box=16, gap=5, pad=2, widest=150, side=20, sign=5.5, ribbons=False)

NARROW = 2.0  # beside the boxes of ways within a way
DROP, FLOW, BAR = 38.0, 34.0, 26.0  # from the input bar to the first box, a ribbon's height, a concatenation's


@dataclass(frozen=True, slots=True)
class Area:
    """The strip that a flow may use, and how far down it has come; `bar` says that a bar of its width lies there."""

    x: float
    width: float
    y: float
    bar: bool = False

    @property
    def middle(self) -> float:
        return self.x + self.width / 2

    def at(self, y: float, *, bar: bool = False) -> Area:
        """The same strip further down."""
        return Area(self.x, self.width, y, bar)

    def inside(self, left: float, right: float) -> Area:
        """A narrower strip."""
        return Area(self.x + left, self.width - left - right, self.y, self.bar)


@dataclass(frozen=True, slots=True)
class Stacked:
    """What was drawn, and the strip where it ended."""

    shapes: tuple[Shape, ...]
    end: Area


def stack(flow: Flow, area: Area, scale: Scale, sizes: Sizes) -> Stacked:
    """A flow from the top of an area downward; each step begins with the wire that leads to it."""
    shapes: list[Shape] = []
    for step in flow:
        done = _step(step, area, scale, sizes)
        shapes += done.shapes
        area = done.end
    return Stacked(tuple(shapes), area)


def _step(step: Step, area: Area, scale: Scale, sizes: Sizes) -> Stacked:
    match step:
        case Layer():
            return _layer(step, area, scale, sizes)
        case Split():
            return _flowing(step, area, scale, sizes) if sizes.ribbons else _split(step, area, scale, sizes)
        case Sum():
            return _sum(step, area, scale, sizes)
    assert_never(step)


def wire(x: float, top: float, bottom: float) -> Line:
    """Straight down."""
    return Line(((x, top), (x, bottom)))


def _layer(layer: Layer, area: Area, scale: Scale, sizes: Sizes) -> Stacked:
    top = area.y + sizes.gap
    width = min(area.width - 2 * _spare(sizes.pad, area), sizes.widest)
    box = boxed(cell_of(layer, scale), area.middle - width / 2, top, width, sizes.box)
    return Stacked((wire(area.middle, area.y, top), box), area.at(top + sizes.box))


def _spare(wanted: float, area: Area) -> float:
    """What is left free at a side: what is wanted, but never much of a narrow strip."""
    return min(wanted, 0.15 * area.width)


def _columns(arms: int, area: Area, y: float) -> list[Area]:
    width = area.width / arms
    return [Area(area.x + index * width, width, y) for index in range(arms)]


def _split(split: Split, area: Area, scale: Scale, sizes: Sizes) -> Stacked:
    """Ways between two cross wires."""
    top = area.y + sizes.gap * 0.4
    outer = _spare(sizes.pad - NARROW, area)
    columns = _columns(len(split.arms), area.inside(outer, outer), top)
    middles = [column.middle for column in columns]
    inner = replace(sizes, pad=NARROW)
    done = [stack(arm.flow, column, scale, inner) for arm, column in zip(split.arms, columns, strict=True)]
    lowest = max(one.end.y for one in done) + sizes.gap * 0.6
    shapes: list[Shape] = [wire(area.middle, area.y, top), _across(middles, top), _across(middles, lowest)]
    for one in done:
        shapes += [*one.shapes, wire(one.end.middle, one.end.y, lowest)]
    return Stacked(tuple(shapes), area.at(lowest))


def _across(middles: Sequence[float], y: float) -> Line:
    return Line(((min(middles), y), (max(middles), y)))


def _flowing(split: Split, area: Area, scale: Scale, sizes: Sizes) -> Stacked:
    """Ways under the share of the cost that each takes, flowing into a bar to scale by channels."""
    start = area.y + (DROP - sizes.gap)
    columns = _columns(len(split.arms), area, start)
    inner = replace(sizes, ribbons=False)
    done = [stack(arm.flow, column, scale, inner) for arm, column in zip(split.arms, columns, strict=True)]
    lowest = max(one.end.y for one in done) + sizes.gap
    shapes: list[Shape] = []
    top = area.y
    if not area.bar:
        top = area.y + 6
        shapes += [wire(area.middle, area.y, top), _across([column.middle for column in columns], top)]
    whole = sum(macs_of(arm.flow) for arm in split.arms)
    segments = _segments([arm.writes.channels for arm in split.arms], area)
    for arm, column, one, segment in zip(split.arms, columns, done, segments, strict=True):
        middle = column.middle
        cost = fitting(_cost_words(macs_of(arm.flow), whole), column.width / 2 - 8, 10.5)
        shapes += [wire(middle, top, start), *([Text(middle + 6, area.y + 20, cost, 10.5, "muted")] if cost else [])]
        shapes += [wire(middle, one.end.y, lowest), Ribbon((middle - 3, middle + 3), segment, lowest, FLOW), *one.shapes]
        shapes += _segment(segment, lowest + FLOW, str(arm.writes.channels))
    return Stacked(tuple(shapes), area.at(lowest + FLOW + BAR, bar=True))


def _cost_words(macs: int, whole: int) -> tuple[str, ...]:
    if not macs:
        return ("no cost", "none")
    percent = 100 * macs / whole
    text = "<1 %" if percent < 0.5 else f"{percent:.0f} %"
    return (f"{text} of cost", text)


def _segments(channels: Sequence[int], area: Area) -> list[tuple[float, float]]:
    """From where to where each way's channels lie in the bar."""
    room = area.width - 3 * (len(channels) - 1)
    ends, left = [], area.x
    for number in channels:
        right = left + room * number / sum(channels)
        ends.append((left, right))
        left = right + 3
    return ends


def _segment(ends: tuple[float, float], y: float, channels: str) -> list[Shape]:
    left, right = ends
    text = fitting((channels,), right - left - 2, 12, bold=True)
    box = Box(left, y, right - left, BAR, "segment", radius=2)
    return [box, Text((left + right) / 2, y + 17.5, text, 12, "ink", "middle", True)] if text else [box]


def _sum(step: Sum, area: Area, scale: Scale, sizes: Sizes) -> Stacked:
    """The body in the middle; beside it what it is added to, on a by-pass or through the layers of a shortcut."""
    aside = area.width / 4 if step.shortcut else _spare(sizes.side, area)
    body = stack(step.body, area.inside(aside, aside), scale, sizes)
    beside = Area(area.x + area.width - aside, aside, area.y)
    way = stack(step.shortcut, beside, scale, replace(sizes, pad=NARROW, ribbons=False))
    middle, sign = area.middle, max(body.end.y, way.end.y) + sizes.gap + sizes.sign
    right = beside.middle
    into = (Line(((right, way.end.y), (right, sign), (middle + sizes.sign, sign)), "bypass"),)
    out = () if area.bar else (Line(((middle, area.y), (right, area.y)), "bypass"),)
    text = f"× {step.scale:g}" if step.scale != 1 else ""
    below = wire(middle, body.end.y, sign - sizes.sign)
    scaled = Text(middle - sizes.sign - 5, sign + 4, text, 10.5, "muted", "end")
    shapes = (*out, *body.shapes, *way.shapes, *into, below, Sign(middle, sign, sizes.sign), *([scaled] if text else []))
    return Stacked(shapes, area.at(sign + sizes.sign))
