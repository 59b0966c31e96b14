"""A drawing as SVG that can stand in a page: text kept as text, ids of its own, short numbers, nothing that varies."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from functools import partial
from html import escape
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import matplotlib as mpl
from matplotlib.figure import Figure

from inception_analyzer.report.figures.canvas import HALO, style
from inception_analyzer.report.figures.tokens import Look

SVG = "http://www.w3.org/2000/svg"
LINK = "{http://www.w3.org/1999/xlink}href"
REFERENCE = re.compile(r"url\(#([^)]+)\)")
NUMBER = re.compile(r"-?\d+\.\d{3,}")
GEOMETRY = ("d", "x", "y", "width", "height", "points", "transform", "viewBox", "style", "clip-path")
FONT = re.compile(r"font(?:-family)?: ?(?:(?P<weight>\d+|bold) )?(?:(?P<size>[\d.]+px) )?'DejaVu (?P<kind>Sans|Serif)'[^;]*;?")


def to_svg(figure: Figure, look: Look, *, prefix: str, title: str, description: str, fonts: tuple[str, str]) -> str:
    """The figure as one element `svg`, its ids behind a prefix; fonts are that of its words and that of quoted ones."""
    root = _parsed(figure, look)
    _number_ids(root, prefix)
    _tidy(root, look, fonts[1])
    _drop_empty(root)
    for name in ("width", "height", "version"):
        root.attrib.pop(name, None)
    root.set("role", "img")
    root.set("aria-labelledby", f"{prefix}-title {prefix}-desc")
    root.set("style", f"font-family:{fonts[0]}")
    text = ElementTree.tostring(root, encoding="unicode").strip()
    opening, _, rest = text.partition(">")
    return (
        f'{opening}><title id="{prefix}-title">{escape(title, quote=False)}</title>'
        f'<desc id="{prefix}-desc">{escape(description, quote=False)}</desc>{rest}\n'
    )


def _parsed(figure: Figure, look: Look) -> Element:
    """What matplotlib writes, without its metadata and its comments."""
    buffer = io.StringIO()
    with mpl.rc_context(style(look)):
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    ElementTree.register_namespace("", SVG)
    ElementTree.register_namespace("xlink", LINK[1:].partition("}")[0])
    root = ElementTree.fromstring(buffer.getvalue())
    for child in [one for one in root if one.tag == f"{{{SVG}}}metadata"]:
        root.remove(child)
    return root


def _number_ids(root: Element, prefix: str) -> None:
    """Ids that something refers to get the prefix; others go, but for the mark of words with a halo."""
    used = {name: f"{prefix}-{number}" for number, name in enumerate(dict.fromkeys(_references(root)))}
    for element in root.iter():
        own = element.attrib.pop("id", None)
        if own in used:
            element.set("id", used[own])
        elif own == HALO:
            element.set("class", HALO)
        for name, value in element.attrib.items():
            if name == LINK:
                element.set(name, f"#{used[value[1:]]}")
            elif "url(#" in value:
                element.set(name, REFERENCE.sub(lambda found: f"url(#{used[found[1]]})", value))


def _references(root: Element) -> Iterator[str]:
    for element in root.iter():
        for name, value in element.attrib.items():
            yield from [value[1:]] if name == LINK else REFERENCE.findall(value)


def _tidy(root: Element, look: Look, quoting: str) -> None:
    """Two decimals are a fiftieth of a pixel; the font is said once, at the root, but for words that are quoted."""
    for element in root.iter():
        for name in GEOMETRY:
            if name in element.attrib:
                element.set(name, NUMBER.sub(_shorter, element.attrib[name]))
        if "style" in element.attrib:
            told = FONT.sub(partial(_size, quoting), element.attrib["style"])
            element.set("style", re.sub(r"\s*([:;])\s*", r"\1", told).strip("; "))
        if element.get("class") == HALO:
            del element.attrib["class"]
            around = f"paint-order:stroke;stroke:{look['paper']};stroke-width:2.4px;stroke-linejoin:round"
            for text in element.iter(f"{{{SVG}}}text"):
                text.set("style", f"{text.get('style', '')};{around}")


def _shorter(found: re.Match[str]) -> str:
    return f"{float(found[0]):.2f}".rstrip("0").rstrip(".")


def _size(quoting: str, found: re.Match[str]) -> str:
    family = f"font-family:{quoting};" if found["kind"] == "Serif" else ""
    size = f"font-size:{found['size']};" if found["size"] else ""
    return family + size + (f"font-weight:{found['weight']};" if found["weight"] else "")


def _drop_empty(root: Element) -> None:
    """Groups of nothing, and nested ones as one."""
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag == f"{{{SVG}}}g" and not len(child):
                parent.remove(child)
            child.tail = None
        if not (parent.text or "").strip():
            parent.text = None
