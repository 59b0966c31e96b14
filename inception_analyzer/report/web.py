"""A document as one self-contained page of HTML: nothing is fetched, everything that is data is escaped."""

from __future__ import annotations

import re
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from inception_analyzer.report.document import STAR, Bar, Document, Note
from inception_analyzer.report.style import STYLES
from inception_analyzer.version import VERSION

TEMPLATES = Path(__file__).with_name("templates")


def environment() -> Environment:
    """The templates with the house's filters; autoescape is on for all of them."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES, encoding="utf-8"), autoescape=True, undefined=StrictUndefined, trim_blocks=False
    )
    made.filters |= {"marked": marked, "untreed": untreed, "inline": inline}
    made.tests |= {"bar": lambda one: isinstance(one, Bar), "note": lambda one: isinstance(one, Note)}
    return made


def stylesheet(name: str = "base.css") -> Markup:
    """The rules of a page, which are ours and hold no data."""
    return Markup((TEMPLATES / name).read_text(encoding="utf-8"))


def render(document: Document) -> str:
    """The whole answer as a page."""
    page = environment().get_template("document.html")
    return page.render(document=document, style=stylesheet(), program=f"inception-analyze {VERSION}")


def fragment(document: Document) -> str:
    """The answer as a part of somebody else's page, such as a notebook, where only what an element says of itself holds."""
    return environment().get_template("fragment.html").render(document=document, colors=STYLES)


def inline(style: str) -> str:
    """The words of a style as declarations: `bold v3`."""
    rules = {"bold": "font-weight:600", "dim": "opacity:.7", "italic": "font-style:italic", "error": "color:#c11f1f"}
    return ";".join(rules.get(word) or f"color:{STYLES[word]}" for word in style.split())


def marked(text: str) -> Markup:
    """`*words*` in bold, everything else as text."""
    parts = [part.replace(STAR, "*") for part in re.split(r"\*([^*]+)\*", text)]
    return Markup("").join(Markup("<b>{}</b>").format(part) if index % 2 else escape(part) for index, part in enumerate(parts))


def untreed(text: str) -> Markup:
    """The lines of a tree as indentation, which a proportional font can show."""
    bare = text.lstrip("├└│─ ")
    return Markup("&emsp;") * ((len(text) - len(bare) + 1) // 3) + escape(bare)
