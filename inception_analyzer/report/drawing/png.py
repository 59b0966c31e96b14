"""A picture as PNG, drawn by matplotlib's Agg in the font that it brings along: the same bytes everywhere."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any, assert_never

from matplotlib.artist import Artist
from matplotlib.backends import backend_agg
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, FancyBboxPatch, Patch, PathPatch, Rectangle
from matplotlib.path import Path
from matplotlib.transforms import Affine2D
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from inception_analyzer.report.drawing.ink import Paint, fill_of, stroke_of, tone_of
from inception_analyzer.report.drawing.lettering import printable
from inception_analyzer.report.drawing.picture import Box, Group, Line, Picture, Ribbon, Shape, Sign, Taps, Text, flat

PIXELS = 100  # of a picture to an inch of the figure
SHARPNESS = 2  # pixels of the file to one of the picture
POINT = 72 / PIXELS  # a pixel of the picture in points
AGG: Any = backend_agg  # its renderer is not typed
ANCHORS = {"start": 0.0, "middle": 0.5, "end": 1.0}  # of the width of a text that stand left of its place


@dataclass(frozen=True, slots=True)
class Canvas:
    """Agg's own renderer: a figure with axes around it takes longer to load than a network to draw."""

    renderer: Any
    place: Affine2D

    def draw(self, artist: Artist) -> None:
        """A shape that knows how to draw itself, on what was drawn before."""
        artist.set_transform(self.place)
        artist.draw(self.renderer)


def render(picture: Picture) -> bytes:
    """The whole file."""
    width, height = round(picture.width * SHARPNESS), round(picture.height * SHARPNESS)
    place = Affine2D().scale(SHARPNESS, -SHARPNESS).translate(0, height)
    canvas = Canvas(AGG.RendererAgg(width, height, PIXELS * SHARPNESS), place)
    canvas.draw(Rectangle((0, 0), picture.width, picture.height, fc="white", ec="none"))
    # Lines lie below what they join.
    for shape, family in sorted(flat(picture.shapes), key=lambda drawn: not isinstance(drawn[0], Line)):
        _draw(canvas, shape, family)
    told, buffer = PngInfo(), io.BytesIO()
    told.add_itxt("Title", printable(picture.title))
    image = Image.frombuffer("RGBA", (width, height), canvas.renderer.buffer_rgba(), "raw", "RGBA", 0, 1).convert("RGB")
    image.save(buffer, "png", pnginfo=told, dpi=(PIXELS * SHARPNESS,) * 2)
    return buffer.getvalue()


def _draw(canvas: Canvas, shape: Shape, family: str) -> None:
    match shape:
        case Box():
            canvas.draw(_box(shape, fill_of(shape.fill, family, shape.shade)))
        case Text():
            _write(canvas, shape, tone_of(shape.tone, family, shape.shade)[1])
        case Line(points=points, stroke=stroke):
            _line(canvas, points, stroke_of(stroke, family))
        case Ribbon():
            canvas.draw(PathPatch(_ribbon(shape), fc=fill_of("ribbon", family, 0).fill, ec="none"))
        case Taps():
            _taps(canvas, shape, tone_of("on-shade", family, shape.shade)[1])
        case Sign():
            _sign(canvas, shape, stroke_of("bypass", family))
        case Group():
            pass  # flattened before
        case _:
            assert_never(shape)


def _box(box: Box, paint: Paint) -> Patch:
    style = f"round,pad=0,rounding_size={min(box.radius, box.width / 2)}"
    patch = FancyBboxPatch((box.x, box.y), box.width, box.height, style, fc=paint.fill, ec=paint.stroke or "none")
    patch.set_linewidth(POINT)
    if paint.dashes:
        patch.set_linestyle((0, paint.dashes))
    return patch


def _write(canvas: Canvas, text: Text, color: str) -> None:
    words = printable(text.words)
    font = FontProperties(family="DejaVu Sans", size=text.size * POINT, weight="bold" if text.bold else "normal")
    width, _, _ = canvas.renderer.get_text_width_height_descent(words, font, ismath=False)
    pen = canvas.renderer.new_gc()
    pen.set_foreground(color)
    left = text.x * SHARPNESS - ANCHORS[text.anchor] * width
    canvas.renderer.draw_text(pen, left, text.y * SHARPNESS, words, font, 0)


def _line(canvas: Canvas, points: tuple[tuple[float, float], ...], paint: Paint) -> None:
    across, down = zip(*points, strict=True)
    line = Line2D(across, down, color=paint.stroke, lw=paint.width * POINT, solid_joinstyle="miter")
    if paint.dashes:
        line.set_linestyle((0, paint.dashes))
    canvas.draw(line)


def _ribbon(ribbon: Ribbon) -> Path:
    (left, right), (start, end) = ribbon.top, ribbon.bottom
    top, middle, bottom = ribbon.y, ribbon.y + ribbon.height / 2, ribbon.y + ribbon.height
    points = [(left, top), (left, middle), (start, middle), (start, bottom), (end, bottom), (end, middle), (right, middle)]
    curve = [Path.CURVE4] * 3
    return Path([*points, (right, top), (left, top)], [Path.MOVETO, *curve, Path.LINETO, *curve, Path.CLOSEPOLY])


def _taps(canvas: Canvas, taps: Taps, color: str) -> None:
    left, top = taps.x - taps.width / 2, taps.y - taps.height / 2
    for place in range(taps.rows * taps.columns):
        row, column = divmod(place, taps.columns)
        corner = (left + column * taps.pitch, top + row * taps.pitch)
        canvas.draw(Rectangle(corner, taps.side, taps.side, fc=color, ec="none"))


def _sign(canvas: Canvas, sign: Sign, paint: Paint) -> None:
    canvas.draw(Circle((sign.x, sign.y), sign.radius, fc="white", ec=paint.stroke, lw=POINT))
    arm = sign.radius * 0.55
    _line(canvas, ((sign.x - arm, sign.y), (sign.x + arm, sign.y)), paint)
    _line(canvas, ((sign.x, sign.y - arm), (sign.x, sign.y + arm)), paint)
