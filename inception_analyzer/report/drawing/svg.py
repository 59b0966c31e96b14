"""A picture as SVG: text as text, colours for paper, and classes and shades by which a page gives it colours of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import assert_never

from inception_analyzer.report.drawing.ink import INK, Paint, fill_of, stroke_of, tone_of
from inception_analyzer.report.drawing.lettering import printable
from inception_analyzer.report.drawing.picture import Box, Group, Line, Picture, Point, Ribbon, Shape, Sign, Stroke, Taps, Text

FONTS = "system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,'Liberation Sans','DejaVu Sans',sans-serif"


def render(picture: Picture) -> str:
    """The whole file."""
    width, height = number(picture.width), number(picture.height)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'font-family="{FONTS}" fill="{INK}" role="img" aria-label="{_said(picture.words)}">'
    )
    paper = f'<rect class="paper" width="{width}" height="{height}" fill="#fff"/>'
    title = f"<title>{_said(picture.title)}</title>\n<desc>{_said(picture.below)}</desc>"
    return "\n".join([head, title, paper, *_shapes(picture.shapes, ""), "</svg>", ""])


def number(value: float) -> str:
    """As few digits as show a tenth of a pixel."""
    return f"{value:.1f}".removesuffix(".0")


def _said(words: str) -> str:
    """Escaped, less the signs that XML cannot hold."""
    return escape(printable(words))


def _shapes(shapes: Sequence[Shape], family: str) -> Iterator[str]:
    """Lines first, those of one kind as one path, so that boxes lie on them; then the rest in order."""
    lines: dict[Stroke, str] = {}
    for shape in shapes:
        if isinstance(shape, Line):
            path = "L".join(f"{number(x)} {number(y)}" for x, y in shape.points)
            lines[shape.stroke] = lines.get(shape.stroke, "") + f"M{path}"
    for stroke, path in lines.items():
        yield f'<path{_paint(stroke_of(stroke, family), hollow=True)} d="{path}"/>'
    for shape in shapes:
        yield from _shape(shape, family)


def _shape(shape: Shape, family: str) -> Iterator[str]:
    match shape:
        case Group():
            yield from _group(shape, family)
        case Box():
            yield _box(shape, family)
        case Text():
            yield _text(shape, family)
        case Line():
            pass  # drawn before everything else of its group
        case Ribbon():
            yield _ribbon(shape, family)
        case Taps():
            yield _taps(shape, family)
        case Sign():
            yield from _sign(shape, family)
        case _:
            assert_never(shape)


def _group(shape: Group, family: str) -> Iterator[str]:
    color = f' class="n-{shape.family}"' if shape.family else ""
    yield f"<g{color}>" + (f"<title>{_said(shape.words)}</title>" if shape.words else "")
    yield from _shapes(shape.shapes, shape.family or family)
    yield "</g>"


def _paint(paint: Paint, *, hollow: bool = False) -> str:
    fill = ' fill="none"' if hollow else f' fill="{paint.fill}"'
    stroke = f' stroke="{paint.stroke}"' if paint.stroke else ""
    width = f' stroke-width="{number(paint.width)}"' if paint.stroke and paint.width != 1 else ""
    dashes = f' stroke-dasharray="{" ".join(map(number, paint.dashes))}"' if paint.dashes else ""
    return f' class="{paint.name}"{fill}{stroke}{width}{dashes}'


def _box(box: Box, family: str) -> str:
    shade = f' style="--a:{box.shade:.2f}"' if box.fill == "shade" else ""
    place = f'x="{number(box.x)}" y="{number(box.y)}" width="{number(box.width)}" height="{number(box.height)}"'
    radius = f' rx="{number(box.radius)}"' if box.radius else ""
    return f"<rect{_paint(fill_of(box.fill, family, box.shade))}{shade} {place}{radius}/>"


def _text(text: Text, family: str) -> str:
    name, color = tone_of(text.tone, family, text.shade)
    anchor = f' text-anchor="{text.anchor}"' if text.anchor != "start" else ""
    weight = ' font-weight="700"' if text.bold else ""
    place = f'x="{number(text.x)}" y="{number(text.y)}" font-size="{number(text.size)}"'
    fill = f' fill="{color}"' if color != INK else ""
    return f'<text class="{name}" {place}{anchor}{weight}{fill}>{_said(text.words)}</text>'


def _ribbon(ribbon: Ribbon, family: str) -> str:
    (left, right), (start, end) = ribbon.top, ribbon.bottom
    top, middle, bottom = ribbon.y, ribbon.y + ribbon.height / 2, ribbon.y + ribbon.height
    down = _points((left, middle), (start, middle), (start, bottom))
    up = _points((end, middle), (right, middle), (right, top))
    path = f"M{_points((left, top))}C{down}H{number(end)}C{up}z"
    return f'<path{_paint(fill_of("ribbon", family, 0))} d="{path}"/>'


def _points(*points: Point) -> str:
    return " ".join(f"{number(x)} {number(y)}" for x, y in points)


def _taps(taps: Taps, family: str) -> str:
    """One line for each row of taps, broken by dashes."""
    name, color = tone_of("on-shade", family, taps.shade)
    left, top = taps.x - taps.width / 2, taps.y - taps.height / 2 + taps.side / 2
    rows = "".join(f"M{number(left)} {top + row * taps.pitch:.2f}h{taps.width:.2f}" for row in range(taps.rows))
    dashes = f"{taps.side:.2f} {taps.pitch - taps.side:.2f}"
    line = f'stroke-width="{taps.side:.2f}" stroke-dasharray="{dashes}"'
    return f'<path class="g {name}" fill="none" stroke="{color}" {line} d="{rows}"/>'


def _sign(sign: Sign, family: str) -> Iterator[str]:
    paint = stroke_of("bypass", family)
    arm = sign.radius * 0.55
    x, y = number(sign.x), number(sign.y)
    cross = f"M{number(sign.x - arm)} {y}h{number(2 * arm)}M{x} {number(sign.y - arm)}v{number(2 * arm)}"
    yield f'<circle class="su" cx="{x}" cy="{y}" r="{number(sign.radius)}" fill="#fff" stroke="{paint.stroke}"/>'
    yield f'<path{_paint(paint, hollow=True)} d="{cross}"/>'
