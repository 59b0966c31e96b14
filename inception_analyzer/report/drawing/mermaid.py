"""An architecture as a Mermaid flowchart, which GitHub and others render out of a Markdown file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import assert_never

from inception_analyzer.report.drawing.cells import Scale, by, names_of
from inception_analyzer.report.drawing.flow import Flow, Layer, Split, Step, Sum, dearest_of
from inception_analyzer.report.drawing.ink import FAMILIES, INK, MUTED, RULE, mixed, on_shade
from inception_analyzer.report.drawing.module import Subject as Module
from inception_analyzer.report.drawing.subject import KINDS, Block, Head, Row, Subject, look, rows_of
from inception_analyzer.report.quantity import share, three
from inception_analyzer.spec import Conv, Linear

SHADES = 8  # classes from the palest to the strongest
ENDS = ("#", "&", "<", ">", '"', "`", "\\", "|", "{", "}", "[", "]", "(", ")", ";")

# Said of each frame by itself: a class of an outer frame is not heeded.
FRAMES = {
    "group": f"fill:#fafaf8,stroke:{RULE},color:{INK}",
    "changed": f"fill:#fafaf8,stroke:{INK},stroke-width:3px,color:{INK}",
}

Group = tuple[str, list[Block], Head | None]
"""What stands in one frame under its title; or a head."""


@dataclass(slots=True)
class Chart:
    """A flowchart in the making; nodes are numbered, so that no name of theirs can be a word of the language."""

    scale: Scale
    family: str
    lines: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)  # said last: a node belongs to the subgraph that first speaks of it
    number: int = 0
    prefix: str = "n"
    depth: int = 1

    def say(self, line: str) -> None:
        self.lines.append("  " * self.depth + line)

    def open(self, name: str, title: str, kind: str = "group") -> None:
        """A frame around what follows; its direction is said, since one that nothing leads to would lie on its side."""
        self.say(f'subgraph {name}["{title}"]')
        self.depth += 1
        self.say("direction TB")
        self.links.append(f"  style {name} {FRAMES[kind]}")

    def close(self) -> None:
        """The end of the last frame."""
        self.depth -= 1
        self.say("end")

    def node(self, label: str, kind: str) -> str:
        """A new box of a class; its name."""
        self.number += 1
        name = f"{self.prefix}{self.number}"
        self.say(f'{name}["{label}"]:::{kind}')
        return name

    def link(self, sources: Sequence[str], target: str, arrow: str = "-->") -> None:
        """From every one of these to the next."""
        self.links += [f"  {source} {arrow} {target}" for source in sources]

    def written(self) -> Iterator[str]:
        """Nodes, links, and how the classes look."""
        yield from self.lines
        yield from self.links
        yield from _shades(self.prefix, self.family)


def escaped(text: str) -> str:
    """Text in which no sign can end a label or become markup: Mermaid's own entity codes."""
    return "".join(f"#{ord(sign)};" if sign in ENDS else sign if sign.isprintable() else " " for sign in text)


def of_networks(subjects: Sequence[Subject]) -> str:
    """A network, or two beside each other on one scale of shades, where what both have alike is one box.

    Blocks that differ from the first network's have a thick border.
    """
    rows = [rows_of(subject) for subject in subjects]
    darkest = max(dearest_of(row.flow) for some in rows for row in some if isinstance(row, Block))
    looks = [{look(row) for row in some} for some in rows]
    alike = looks[0] & looks[1] if len(looks) > 1 else set()
    charts = []
    for index, (subject, some) in enumerate(zip(subjects, rows, strict=True)):
        chart = Chart(Scale(darkest, subject.macs), subject.family, prefix="nm"[index])
        if len(subjects) > 1:
            chart.open(f"{chart.prefix}_all", f"{escaped(subject.label)} · {three(subject.macs)}")
        _trunk(chart, some, alike, differs="changed" if index else "group")
        if len(subjects) > 1:
            chart.close()
        charts.append(chart)
    return _joined(charts)


def of_modules(modules: Sequence[Module]) -> str:
    """One module, or two beside each other."""
    darkest = max(dearest_of(module.flow) for module in modules)
    charts = []
    for index, module in enumerate(modules):
        chart = Chart(Scale(darkest, module.whole), module.family, prefix="nm"[index])
        chart.open(f"{chart.prefix}_all", f"{escaped(module.title)} · {three(module.cost.macs)}")
        inlet = chart.node(f"in {by(module.reads.grid)} · {module.reads.channels}", "io")
        ends = _flow(chart, module.flow, [inlet])
        chart.link(ends, chart.node(f"out {by(module.writes.grid)} · {module.writes.channels}", "io"))
        chart.close()
        charts.append(chart)
    return _joined(charts)


def _joined(charts: Sequence[Chart]) -> str:
    """The charts from left to right in their order, which an unseen link keeps, and how the classes look."""
    lines = [f"flowchart {'LR' if len(charts) > 1 else 'TD'}"]
    for chart in charts:
        lines += chart.written()
    beside = [f"  {' ~~~ '.join(f'{chart.prefix}_all' for chart in charts)}"] if len(charts) > 1 else []
    return "\n".join([*lines, *beside, *_classes(), ""])


def _trunk(chart: Chart, rows: Sequence[Row], alike: set[tuple[object, ...]], differs: str) -> None:
    """The blocks one after the other: those with ways of their own, and each run of plain layers, as a subgraph."""
    first = next(row for row in rows if isinstance(row, Block))
    ends = [chart.node(f"image {by(first.reads.grid)} · {first.reads.channels}", "io")]
    for title, blocks, head in _known_as_one(list(_grouped(rows)), alike):
        if head is not None:
            words = f"{escaped(head.name)}, in training only<br/>{three(head.cost.macs)}"
            chart.link(ends, chart.node(words, "head"), "-.->")
            continue
        if not title:
            ends = [_same(chart, blocks, ends)]
            continue
        chart.number += 1
        chart.open(f"{chart.prefix}_{chart.number}", title, differs if any(block.kind for block in blocks) else "group")
        for block in blocks:
            ends = _flow(chart, block.flow, ends)
        chart.close()


def _same(chart: Chart, blocks: Sequence[Block], ends: list[str]) -> str:
    """One box for blocks that both networks have."""
    first, last = escaped(blocks[0].name), escaped(blocks[-1].name)
    name = chart.node(f"{first}{f' to {last}' if first != last else ''}, alike<br/>{three(_macs(blocks))}", "io")
    chart.link(ends, name)
    return name


def _known_as_one(groups: Sequence[Group], alike: set[tuple[object, ...]]) -> Iterator[Group]:
    """Groups in a row that the other network has too as one, which has no title."""
    for known, run in groupby(groups, key=lambda group: group[2] is None and {look(block) for block in group[1]} <= alike):
        if known:
            yield "", [block for _, blocks, _ in run for block in blocks], None
        else:
            yield from run


def _macs(blocks: Sequence[Block]) -> int:
    return sum(block.cost.macs for block in blocks)


def _grouped(rows: Sequence[Row]) -> Iterator[Group]:
    """Every module for itself, plain layers of a stage together, heads between."""
    plain: list[Block] = []
    for row in rows:
        if plain and (isinstance(row, Head) or row.kind or row.stage != plain[0].stage):
            yield _stage_title(plain), plain, None
            plain = []
        if isinstance(row, Head):
            yield "", [], row
        elif row.kind:
            yield _title(row), [row], None
        else:
            plain.append(row)
    if plain:
        yield _stage_title(plain), plain, None


def _title(row: Block) -> str:
    kind = escaped(KINDS.get(row.kind, row.kind))
    times = f" × {row.times}" if row.times > 1 else ""
    return f"{escaped(row.name)} · {kind}{times} · {by(row.writes.grid)} · {three(row.cost.macs)}"


def _stage_title(blocks: Sequence[Block]) -> str:
    stage = blocks[0].stage
    return f"{escaped(stage.replace('x', '×') if stage[:1].isdigit() else stage)} · {three(_macs(blocks))}"


def _flow(chart: Chart, flow: Flow, ends: list[str]) -> list[str]:
    for step in flow:
        ends = _step(chart, step, ends)
    return ends


def _step(chart: Chart, step: Step, ends: list[str]) -> list[str]:
    match step:
        case Layer():
            name = chart.node(_label(step, chart.scale), _kind(step, chart))
            chart.link(ends, name)
            return [name]
        case Split(arms=arms, writes=writes):
            joined = [end for arm in arms for end in _flow(chart, arm.flow, ends)]
            name = chart.node(f"concat {writes.channels}", "io")
            chart.link(joined, name)
            return [name]
        case Sum(body=body, shortcut=shortcut, scale=scale):
            done = _flow(chart, body, ends)
            other = _flow(chart, shortcut, ends)
            name = chart.node("sum" if scale == 1 else f"sum, × {scale:g}", "io")
            chart.link(done, name)
            chart.link(other, name, "-->" if shortcut else "-.->")
            return [name]
    assert_never(step)


def _label(layer: Layer, scale: Scale) -> str:
    node = layer.placed.node
    out = f" · {node.out}" if isinstance(node, Conv | Linear) else ""
    cost = f"<br/>{three(layer.macs)} · {share(layer.macs, scale.whole)}" if layer.macs else ""
    return f"{escaped(names_of(node)[0] + out)}{cost.replace('<0.1', '#60;0.1')}"


def _kind(layer: Layer, chart: Chart) -> str:
    return f"c{chart.prefix}{max(1, round(SHADES * chart.scale.shade(layer.macs)))}" if layer.macs else "free"


def _shades(prefix: str, family: str) -> Iterator[str]:
    """How the classes look; every one names its ink, so that a dark page stays readable."""
    color = FAMILIES[family]
    for step in range(1, SHADES + 1):
        fill, ink = mixed(color, step / SHADES), on_shade(family, step / SHADES)
        yield f"  classDef c{prefix}{step} fill:{fill},stroke:{color},color:{ink}"


def _classes() -> Iterator[str]:
    yield f"  classDef free fill:#ffffff,stroke:{RULE},color:{MUTED},stroke-dasharray:3 3"
    yield f"  classDef io fill:#f0f0ec,stroke:{RULE},color:{INK}"
    yield f"  classDef head fill:#ffffff,stroke:{RULE},color:{MUTED},stroke-dasharray:2 3"
