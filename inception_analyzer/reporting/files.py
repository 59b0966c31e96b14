"""From a story to the files of its folder."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TypeVar

from inception_analyzer.report import page, told
from inception_analyzer.report.figures import figures_of
from inception_analyzer.report.figures.drawing import Drawing, png, svg, svg_file
from inception_analyzer.report.folder import REPORT
from inception_analyzer.report.story import Story
from inception_analyzer.report.tables import to_tables

FIGURES = "figures"  # the folder that they lie in

T = TypeVar("T")


def data_of(story: Story, files: Collection[str]) -> dict[str, bytes]:
    """The data, from which a later run resumes, with the list of the files that lie beside them."""
    return {REPORT: told.to_json(story, files).encode("utf-8")}


def tables_of(story: Story) -> dict[str, bytes]:
    """What was found out, before anything is drawn."""
    return {name: text.encode("utf-8") for name, text in to_tables(story).items()}


def pages_of(story: Story) -> dict[str, bytes]:
    """What people read, with its figures."""
    drawings = figures_of(story)
    texts = {
        "report.md": told.to_markdown(story, by_part({one: _linked(one) for one in drawings})),
        "report.html": page.render(story, by_part({one: picture(one) for one in drawings})),
    }
    images = {f"{FIGURES}/{one.name}.png": png(one) for one in drawings}
    vectors = {f"{FIGURES}/{one.name}.svg": svg_file(one).encode("utf-8") for one in drawings}
    return {name: text.encode("utf-8") for name, text in texts.items()} | images | vectors


def picture(one: Drawing) -> page.Picture:
    """A figure as the page shows it, wide and narrow."""
    return page.Picture(one.name, one.title, one.caption, svg(one), svg(one, narrow=True), one.source)


def by_part(made: Mapping[Drawing, T]) -> dict[str, tuple[T, ...]]:
    """What was made of drawings, under the parts that they tell."""
    return {part: tuple(thing for one, thing in made.items() if one.part == part) for part in {one.part for one in made}}


def _linked(one: Drawing) -> tuple[str, str, str]:
    """A figure as Markdown links it."""
    return f"{FIGURES}/{one.name}.png", one.title, one.caption
