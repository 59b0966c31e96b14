"""The page of a report: one file that holds everything it shows, and asks for nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from jinja2 import Environment
from markupsafe import Markup

from inception_analyzer.report import told
from inception_analyzer.report.document import Note, Table
from inception_analyzer.report.environment import named, value_text
from inception_analyzer.report.story import Pair, Part, Story
from inception_analyzer.report.views import blocks, claims, data, grounds, modules, networks, short, times
from inception_analyzer.report.views.setting import typeset
from inception_analyzer.report.views.sheets import Sheet, sheets_of
from inception_analyzer.report.web import environment, stylesheet
from inception_analyzer.version import VERSION

Kind = Literal["networks", "blocks", "claims", "contradictions", "measured", "kernels", "tables"]

# Parts that the page tells in a way of its own; all others are told by their tables.
KINDS: Mapping[str, Kind] = {
    "networks": "networks",
    "claims": "claims",
    "contradictions": "contradictions",
    "measured": "measured",
}
COMPARISON = "compare-"
KERNEL = "kernels-"

# Parts that are told together: the title of their section, and what stands in the bar on top.
GROUPS: Mapping[Kind, tuple[str, str]] = {"blocks": ("Block by block", "Blocks"), "kernels": ("Kernels by grid", "Kernels")}

# What stands in the bar on top where the title of a part is too long for it.
NAV = {
    "twins": "Factorization",
    "scaling": "Scaling",
    "contradictions": "Contradictions",
    "memory": "Memory",
    "roofline": "Roofline",
    "noise": "Noise",
}

# What an id may be, so that links to it need no escape.
IDS = re.compile(r'\b(id="|href="#|url\(#|aria-labelledby="|aria-describedby=")([^")]+)')


@dataclass(frozen=True, slots=True)
class Picture:
    """A figure of one part: its finding, what is drawn, and the drawing for a wide and for a narrow page."""

    name: str
    title: str
    caption: str
    svg: str
    svg_narrow: str
    source: str = ""

    @property
    def wide(self) -> Markup:
        return _inline(self.svg, f"{self.name}-wide")

    @property
    def narrow(self) -> Markup:
        return _inline(self.svg_narrow, f"{self.name}-narrow")


@dataclass(frozen=True, slots=True)
class Pane:
    """One of several parts that are told together: its part, and the view of its pair where it has one."""

    part: Part
    view: blocks.View | None
    sections: tuple[Sheet | Note, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """One section of the page, and what it is made of."""

    id: str
    title: str
    nav: str
    kind: Kind
    part: Part
    sections: tuple[Sheet | Note, ...] = ()
    panes: tuple[Pane, ...] = ()


def render(story: Story, pictures: Mapping[str, tuple[Picture, ...]]) -> str:
    """The story as one self-contained page; pictures by the name of their part."""
    sections = tuple(_sections(story))
    groups = claims.groups(story.judged)
    shown = _places(sections, groups)
    return _environment().get_template("report.html").render(
        story=story,
        pictures=pictures,
        title=short.title(story),
        made=short.when(story.made),
        lead=short.lead(story),
        findings=short.findings(story, shown),
        unfinished=[(_place_of(part), part) for part in story.parts if part.state != "done"],
        states=told.STATES,
        sections=sections,
        groups=groups,
        topics=claims.topics(),
        points=_points(story),
        networks=networks.table(story),
        quantities=_quantities(sections),
        rulers=networks.rulers(story),
        times=times.tables(story),
        taps=_taps(sections),
        machine=_machine(story),
        data=data.embedded(story),
        version=VERSION,
        style=stylesheet() + stylesheet("report.css") + Markup(grounds.rules()),
        script=stylesheet("tables.js") + stylesheet("report.js"),
    )  # fmt: skip


def _environment() -> Environment:
    made = environment()
    made.filters |= {"typeset": typeset}
    made.tests |= {
        "box": lambda one: isinstance(one, modules.Box),
        "fork": lambda one: isinstance(one, modules.Fork),
    }
    return made


def _sections(story: Story) -> Iterator[Section]:
    """Every part in its place; comparisons together in that of the first, and kernels in that of theirs."""
    for part in story.parts:
        group = _group(part)
        fellows = [one for one in story.parts if group and _group(one) == group]
        if group and part is fellows[0]:
            panes = tuple(_pane(one, story) for one in fellows)
            title, nav = GROUPS[group]
            yield Section(group, title, nav, group, part, panes=panes)
        elif not group:
            kind = KINDS.get(part.name, "tables")
            inner = sheets_of(part.document.sections) if part.document else ()
            yield Section(part.name, typeset(part.title), NAV.get(part.name, part.title), kind, part, inner)
    if story.measured and story.part("measured") is None:
        part = Part("measured", "Measured", "Times on this machine.", None)
        yield Section("measured", part.title, part.title, "measured", part)


def _group(part: Part) -> Literal["blocks", "kernels"] | None:
    """What a part is told together with."""
    return "blocks" if part.name.startswith(COMPARISON) else "kernels" if part.name.startswith(KERNEL) else None


def _pane(part: Part, story: Story) -> Pane:
    """The view of the pair that a part compares; of its tables, those that the view does not show itself."""
    pair = next((pair for pair in story.pairs if _name(pair) == part.name), None)
    sections = part.document.sections if part.document else ()
    if pair is None:
        return Pane(part, None, sheets_of(sections))
    notes = [one for one in sections if isinstance(one, Note)]
    totals = [one for one in sections if isinstance(one, Table)][:1] if pair.derived is None else []
    return Pane(part, blocks.view(pair, story.roofs), sheets_of([*totals, *notes]))


def _name(pair: Pair) -> str:
    left, right = (one.count.network.label for one in (pair.left, pair.right))
    return f"{COMPARISON}{left}-{right.replace('@', '-')}"


def _points(story: Story) -> tuple[claims.Point, ...]:
    part = story.part("contradictions")
    return claims.points(part.document, story.judged) if part and part.document else ()


def _place_of(part: Part) -> str:
    """Where a part is told."""
    return "blocks" if part.name.startswith(COMPARISON) else part.name


def _places(sections: Sequence[Section], groups: Sequence[claims.Group]) -> list[str]:
    """Everything that a link may lead to."""
    return [*(one.id for one in sections), *(row.handle for group in groups for row in group.rows)]


def _quantities(sections: Sequence[Section]) -> tuple[tuple[str, str], ...]:
    """What the blocks can be coloured by: everything that one of the views knows."""
    views = [pane.view for section in sections for pane in section.panes if pane.view]
    return max((view.quantities for view in views), key=len, default=())


def _taps(sections: Sequence[Section]) -> dict[str, str]:
    """The kernels that are drawn anywhere, each once."""
    views = [pane.view for section in sections for pane in section.panes if pane.view]
    chains = [drawing.chain for view in views for row in view.rows for drawing in row.drawings]
    chains += [block.drawing.chain for view in views for both in view.stages for side in both if side for block in side.blocks]
    return {name: modules.taps_path(kernel) for name, kernel in modules.all_taps(chains).items()}


def _machine(story: Story) -> list[tuple[str, str]]:
    """The fingerprint without what was not found."""
    known = {name: value for name, value in story.machine.items() if value not in (None, [], ())}
    return [(named(name), value_text(value, name)) for name, value in known.items()]


def _inline(svg: str, mark: str) -> Markup:
    """A drawing of ours without the head of its file, its ids made its own, as two figures may share theirs."""
    body = svg[max(0, svg.find("<svg")) :]
    return Markup(IDS.sub(lambda found: f"{found[1]}{mark}-{found[2]}", body))
