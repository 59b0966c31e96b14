"""A figure of the report: what it says in words, and the three ways to its file; light and dark are the same drawing."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.patheffects import Normal, Stroke
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from inception_analyzer.report.figures.canvas import DOTS, HALO, INCH, NARROW, WIDE, Paint, style, styled, text_width, typeset
from inception_analyzer.report.figures.ink import to_svg
from inception_analyzer.report.figures.tokens import DARK, LIGHT, PAGE, Look, as_variables
from inception_analyzer.report.story import Story

EDGE = 0.16  # inches, where words begin
TITLE, CAPTION, SOURCE = 11.0, 8.2, 6.8  # points
LEADING = 1.38
SURE = 0.99  # of a width, as no two programs set words alike
COUNTED = "counted exactly · batch 1, no auxiliary heads"
FILE_FONTS = ("'DejaVu Sans',sans-serif", "'DejaVu Serif',serif")
PAGE_FONTS = ("var(--sans)", "var(--serif)")


@dataclass(frozen=True, slots=True)
class Drawing:
    """A figure of a part of the report: its finding, what is drawn and its unit, and words for those who cannot see it."""

    name: str
    part: str
    title: str
    caption: str
    alt: str
    draw: Callable[[Look, float], Figure]
    source: str = COUNTED


def kernels_part(story: Story) -> str:
    """Where figures about kernels belong: to the first part about them, or to the claims."""
    return next((part.name for part in story.parts if part.name.startswith("kernels")), "claims")


def svg(drawing: Drawing, *, narrow: bool = False) -> str:
    """The plot for a page, whose variables colour it; title, caption and source are the page's to write."""
    figure = drawing.draw(PAGE, NARROW if narrow else WIDE)
    figure.patch.set_visible(False)
    prefix = f"{drawing.name}-{'narrow' if narrow else 'wide'}"
    found = to_svg(figure, PAGE, prefix=prefix, title=drawing.title, description=drawing.alt, fonts=PAGE_FONTS)
    return as_variables(found)


def svg_file(drawing: Drawing) -> str:
    """A file of its own, light, with its words around it."""
    figure = framed(drawing, LIGHT)
    found = to_svg(figure, LIGHT, prefix=drawing.name, title=drawing.title, description=drawing.alt, fonts=FILE_FONTS)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{found}'


def png(drawing: Drawing, *, dark: bool = False) -> bytes:
    """The same as an image."""
    look = DARK if dark else LIGHT
    figure = framed(drawing, look)
    for text in figure.findobj(lambda one: isinstance(one, Text) and one.get_gid() == HALO):
        text.set_path_effects([Stroke(linewidth=2.4, foreground=look["paper"]), Normal()])
    buffer = io.BytesIO()
    with mpl.rc_context(style(look)):
        figure.savefig(buffer, format="png", dpi=DOTS, metadata={"Software": None, "Title": drawing.title})
    return buffer.getvalue()


def framed(drawing: Drawing, look: Look, width: float = WIDE) -> Figure:
    """The plot with its finding and its caption above and its source below, all flush left."""
    figure = drawing.draw(look, width)
    with mpl.rc_context(style(look)):
        title = wrapped(drawing.title, width - 2 * EDGE, TITLE, "bold")
        caption = wrapped(drawing.caption, width - 2 * EDGE, CAPTION)
        top = EDGE + (len(title) * TITLE + len(caption) * CAPTION) * LEADING / INCH + 0.14
        height = _grown(figure, top, 0.3)
        place = EDGE
        for lines, size, weight, color in ((title, TITLE, "bold", look["ink"]), (caption, CAPTION, "normal", look["mut"])):
            for line in lines:
                _line(figure, line, height - place, size, weight, color)
                place += size * LEADING / INCH
            place += 0.03
        _line(figure, f"inception-analyze · {drawing.source}", EDGE + SOURCE / INCH, SOURCE, "normal", look["mut"])
    return figure


def wrapped(text: str, width: float, size: float, weight: str = "normal") -> list[str]:
    """Lines that fit a width in inches, broken between words."""
    lines = [""]
    for word in typeset(text).split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and text_width(longer, size, weight) > SURE * width * INCH:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _grown(figure: Figure, top: float, bottom: float) -> float:
    """Room above and below; axes keep their inches."""
    width, old = figure.get_size_inches()
    height = float(old + top + bottom)
    places = [(axes, axes.get_position()) for axes in figure.axes]
    figure.set_size_inches(width, height)
    for axes, box in places:
        low, high = (old * edge + bottom for edge in (box.y0, box.y1))
        axes.set_position(Bbox([(box.x0, low / height), (box.x1, high / height)]))
    return height


def _line(figure: Figure, text: str, from_bottom: float, size: float, weight: str, color: str) -> None:
    """One line, its top so many inches above the lower edge."""
    width, height = figure.get_size_inches()
    figure.text(EDGE / width, from_bottom / height, text, size=size, weight=weight, color=color, va="top", ha="left")


def drawing(name: str, part: str, title: str, caption: str, alt: str, paint: Paint, source: str = COUNTED) -> Drawing:
    """A figure whose words are typeset and whose painter brings its settings along."""
    return Drawing(name, part, typeset(title), typeset(caption), typeset(alt), styled(paint), source)
