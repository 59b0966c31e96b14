"""A picture as PNG, drawn by matplotlib's Agg in the font that it brings along: the same bytes everywhere."""

from __future__ import annotations

import io
from typing import assert_never

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyBboxPatch, Patch, PathPatch, Rectangle
from matplotlib.path import Path

from inception_analyzer.report.drawing.ink import Paint, fill_of, stroke_of, tone_of
from inception_analyzer.report.drawing.lettering import printable
from inception_analyzer.report.drawing.picture import Box, Group, Line, Picture, Ribbon, Shape, Sign, Taps, Text, flat

PIXELS = 100  # of a picture to an inch of the figure
SHARPNESS = 2  # pixels of the file to one of the picture
POINT = 72 / PIXELS  # a pixel of the picture in points
ANCHORS = {"start": "left", "middle": "center", "end": "right"}


def render(picture: Picture) -> bytes:
    """The whole file."""
    buffer = io.BytesIO()
    with mpl.rc_context({"font.family": "DejaVu Sans"}):
        figure = Figure(figsize=(picture.width / PIXELS, picture.height / PIXELS), dpi=PIXELS * SHARPNESS, facecolor="white")
        FigureCanvasAgg(figure)
        axes = figure.add_axes((0, 0, 1, 1), xlim=(0, picture.width), ylim=(picture.height, 0))
        axes.set_axis_off()
        order = sorted(flat(picture.shapes), key=lambda drawn: not isinstance(drawn[0], Line))
        for depth, (shape, family) in enumerate(order):
            _draw(axes, shape, family, depth)
        figure.savefig(
            buffer, format="png", dpi=PIXELS * SHARPNESS, metadata={"Title": printable(picture.title), "Software": None}
        )
    return buffer.getvalue()


def _draw(axes: Axes, shape: Shape, family: str, depth: int) -> None:
    match shape:
        case Box():
            axes.add_patch(_box(shape, fill_of(shape.fill, family, shape.shade), depth))
        case Text():
            _write(axes, shape, family, depth)
        case Line(points=points, stroke=stroke):
            _line(axes, points, stroke_of(stroke, family), depth)
        case Ribbon():
            axes.add_patch(PathPatch(_ribbon(shape), fc=fill_of("ribbon", family, 0).fill, ec="none", zorder=depth))
        case Taps():
            _taps(axes, shape, tone_of("on-shade", family, shape.shade)[1], depth)
        case Sign():
            _sign(axes, shape, stroke_of("bypass", family), depth)
        case Group():
            pass  # flattened before
        case _:
            assert_never(shape)


def _box(box: Box, paint: Paint, depth: int) -> Patch:
    style = f"round,pad=0,rounding_size={min(box.radius, box.width / 2)}"
    patch = FancyBboxPatch((box.x, box.y), box.width, box.height, style, fc=paint.fill, ec=paint.stroke or "none", zorder=depth)
    patch.set_linewidth(POINT)
    if paint.dashes:
        patch.set_linestyle((0, paint.dashes))
    return patch


def _write(axes: Axes, text: Text, family: str, depth: int) -> None:
    axes.text(
        text.x,
        text.y,
        printable(text.words).replace("$", r"\$"),
        size=text.size * POINT,
        color=tone_of(text.tone, family, text.shade)[1],
        weight="bold" if text.bold else "normal",
        ha=ANCHORS[text.anchor],
        va="baseline",
        zorder=depth,
    )


def _line(axes: Axes, points: tuple[tuple[float, float], ...], paint: Paint, depth: int) -> None:
    across, down = zip(*points, strict=True)
    (drawn,) = axes.plot(across, down, color=paint.stroke, lw=paint.width * POINT, solid_joinstyle="miter", zorder=depth)
    if paint.dashes:
        drawn.set_linestyle((0, paint.dashes))


def _ribbon(ribbon: Ribbon) -> Path:
    (left, right), (start, end) = ribbon.top, ribbon.bottom
    top, middle, bottom = ribbon.y, ribbon.y + ribbon.height / 2, ribbon.y + ribbon.height
    points = [(left, top), (left, middle), (start, middle), (start, bottom), (end, bottom), (end, middle), (right, middle)]
    curve = [Path.CURVE4] * 3
    return Path([*points, (right, top), (left, top)], [Path.MOVETO, *curve, Path.LINETO, *curve, Path.CLOSEPOLY])


def _taps(axes: Axes, taps: Taps, color: str, depth: int) -> None:
    left, top = taps.x - taps.width / 2, taps.y - taps.height / 2
    for place in range(taps.rows * taps.columns):
        row, column = divmod(place, taps.columns)
        corner = (left + column * taps.pitch, top + row * taps.pitch)
        axes.add_patch(Rectangle(corner, taps.side, taps.side, fc=color, ec="none", zorder=depth))


def _sign(axes: Axes, sign: Sign, paint: Paint, depth: int) -> None:
    axes.add_patch(Circle((sign.x, sign.y), sign.radius, fc="white", ec=paint.stroke, lw=POINT, zorder=depth))
    arm = sign.radius * 0.55
    _line(axes, ((sign.x - arm, sign.y), (sign.x + arm, sign.y)), paint, depth + 1)
    _line(axes, ((sign.x, sign.y - arm), (sign.x, sign.y + arm)), paint, depth + 1)
