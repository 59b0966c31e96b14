"""A drawing for a terminal: the ways of a module as columns, a network as the kernels of its blocks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import assert_never

from inception_analyzer.report.counted import conditions
from inception_analyzer.report.document import Bar, Cell, Column, Content, Document, Flat, Note, Table, bold, dim, row, table
from inception_analyzer.report.drawing import pair
from inception_analyzer.report.drawing.flow import Arm, Flow, Layer, Split, Step, Sum, macs_of, writes_of
from inception_analyzer.report.drawing.module import Subject as Module
from inception_analyzer.report.drawing.subject import Block, Head, Row, Subject, look, rows_of
from inception_analyzer.report.quantity import in_unit, ratio, shape_text, share, three
from inception_analyzer.report.records import LAYER_COLUMNS, layer_record, model_record
from inception_analyzer.shorthand import shorthand
from inception_analyzer.spec import Conv, Linear, Pool, Shape

DESIGN = 80  # columns of a terminal
BESIDE = 26  # of them, what the other columns of a network take
WAY = 16  # the least width of a way
FILES = "as a picture: -o FILE.svg or .png; for Markdown: -o FILE.mmd"


def of_networks(subjects: Sequence[Subject], width: int = DESIGN) -> Document:
    """Each network as a table of its blocks; of two the second shows only where it differs."""
    first, others = subjects[0], subjects[1:]
    known = {row.name: look(row) for row in rows_of(first)}
    sections: list[Table | Note] = [_network(first, rows_of(first), width)]
    for other in others:
        rows = [row for row in rows_of(other) if known.get(row.name) != look(row)]
        blocks = [row for row in rows if isinstance(row, Block)]
        same = f"{other.label} is drawn where it differs" if len(rows) < len(rows_of(other)) else other.label
        sections += (
            [Note((f"*{same}*",), ""), _network(other, rows, width)] if blocks else [Note((f"{other.label}: drawn alike",), "")]
        )
    finding = pair.finding(*subjects)[0].replace("×", "x") if others else _total(first)
    return _document(subjects, " and ".join(_titled(one) for one in subjects), (f"*{finding}.*",), sections)


def of_modules(subjects: Sequence[Subject], modules: Sequence[Module], width: int = DESIGN) -> Document:
    """Each module with its ways as columns."""
    sections: list[Table | Note] = []
    for module in modules:
        if len(modules) > 1:
            sections.append(Note((f"*{module.title}*  {three(module.cost.macs)}",), ""))
        sections += [Note((f"in  {shape_text(module.reads)}",)), *_sections(module.flow, module, width)]
        sections.append(Note((f"out  {shape_text(module.writes)}",)))
    return _document(subjects, " and ".join(module.title for module in modules), (_found(modules),), sections)


def _titled(subject: Subject) -> str:
    title = subject.count.network.title
    return subject.label if "@" in subject.label else f"{subject.label}  {title}"


def _total(subject: Subject) -> str:
    return f"{three(subject.macs)} multiply-adds, {three(subject.count.cost.params)} parameters"


def _found(modules: Sequence[Module]) -> str:
    """What a block takes of its network and which of its ways the most, or what its twin takes of it."""
    first = modules[0]
    numbers = f"*{three(first.cost.macs)} multiply-adds*, {share(first.cost.macs, first.whole) or 'nothing'} of the network"
    if len(modules) == 2:
        factor = ratio(modules[1].cost.macs, first.cost.macs)
        times = "as many multiply-adds as" if factor == "=" else f"{factor} the multiply-adds of"
        return f"*{modules[1].title} takes {times} {first.title}.*"
    arms = [arm for step in first.flow if isinstance(step, Split) for arm in step.arms]
    if len(first.flow) > 1 or not arms or not first.cost.macs:
        return f"{numbers}."
    dear = max(arms, key=lambda arm: macs_of(arm.flow))
    return f"{numbers}; {dear.name} takes {share(macs_of(dear.flow), first.cost.macs)} of them."


def _document(subjects: Sequence[Subject], title: str, finding: tuple[str, ...], sections: list[Table | Note]) -> Document:
    counts = [subject.count for subject in subjects]
    layers = [layer for count in counts for layer in count.layers]
    return Document(
        command="draw",
        title=title,
        conditions=conditions(1, "paper-mac", counts),
        finding=finding,
        sections=(*sections, Note((FILES,))),
        flat=lambda: Flat(LAYER_COLUMNS, tuple(layer_record(layer, "paper-mac") for layer in layers)),
        data=lambda: {"convention": "paper-mac", "models": [model_record(count, "paper-mac") for count in counts]},
    )


def _network(subject: Subject, rows: Sequence[Row], width: int) -> Table:
    """Its stages and in them its blocks, each with the kernels of its ways."""
    costs = [row.cost.macs for row in rows if isinstance(row, Block)]
    unit, texts = in_unit(costs, subject.macs)
    longest = max(costs, default=0) or 1
    heads = (
        Column("block", "left", least=13),
        Column("kernels, branch | branch", "left", drop=2),
        Column(f"{unit}MAC"),
        Column("share", drop=1),
        Column("", "left"),
    )
    lines: list[tuple[Content, ...]] = []
    stage, numbers = "", iter(zip(costs, texts, strict=True))
    for entry in rows:
        if isinstance(entry, Head):
            lines.append(row(dim(f"  {entry.name}"), dim("a head on the trunk, in training only"), "", "", ""))
            continue
        if entry.stage != stage:
            stage = entry.stage
            lines.append(row(bold(stage), dim(f"to {shape_text(_stage_writes(subject, stage))}"), "", "", ""))
        macs, text = next(numbers)
        times = f" ×{entry.times}" if entry.times > 1 else ""
        bar = Bar(macs / longest, subject.family) if macs else dim("")
        cells = (
            Cell(f"  {entry.name.replace('–', '-')}{times}"),
            Cell(_short(kernels(entry.flow, outermost=True), max(WAY, width - BESIDE))),
        )
        lines.append((*cells, Cell(text if macs else ""), dim(share(macs, subject.macs)), bar))
    return table(heads, lines)


def _stage_writes(subject: Subject, name: str) -> Shape:
    return next(part.writes for part in subject.whole.parts if part.name == name)


def _short(text: str, room: int) -> str:
    return text if len(text) <= room else f"{text[: room - 1]}…"


def kernels(flow: Flow, *, outermost: bool = False) -> str:
    """`1x1 | 1x1,1x7,7x1`, as the command `kernel` takes chains; a lone layer with its channels."""
    if outermost and len(flow) == 1 and isinstance(flow[0], Layer):
        return _with_width(flow[0])
    if outermost and len(flow) == 1 and isinstance(flow[0], Split):
        return " | ".join(kernels(arm.flow) for arm in flow[0].arms)
    return ",".join(_step(step) for step in flow)


def _step(step: Step) -> str:
    match step:
        case Layer():
            return _kernel(step)
        case Split(arms=arms):
            return f"({'|'.join(kernels(arm.flow) for arm in arms)})"
        case Sum(body=body, shortcut=shortcut, scale=scale):
            other = f"({kernels(shortcut)})" if shortcut else "input"
            return f"{other} + {f'{scale:g} ' if scale != 1 else ''}{kernels(body)}"
    assert_never(step)


def _kernel(layer: Layer) -> str:
    node = layer.placed.node
    if isinstance(node, Pool):
        return node.kind + (f"/{node.stride[0]}" if node.stride != (1, 1) else "")
    return shorthand(node)


def _with_width(layer: Layer) -> str:
    node = layer.placed.node
    return f"{shorthand(node)} {node.out}" if isinstance(node, Conv) else shorthand(node)


def _sections(flow: Flow, module: Module, width: int) -> Iterator[Table | Note]:
    """Layers in a row as lines, ways as columns, a sum as a sentence."""
    chain: list[Layer] = []
    for step in flow:
        if isinstance(step, Layer):
            chain.append(step)
            continue
        if chain:
            yield _chain(chain, module)
            chain = []
        yield from _apart(step, module, width)
    if chain:
        yield _chain(chain, module)


def _apart(step: Split | Sum, module: Module, width: int) -> Iterator[Table | Note]:
    if isinstance(step, Split):
        whole = sum(macs_of(arm.flow) for arm in step.arms)
        for arms in _fitting(step.arms, width):
            yield _ways(arms, whole)
        return
    yield from _sections(step.body, module, width)
    scaled = f"times {step.scale:g}, " if step.scale != 1 else ""
    if step.shortcut:
        yield Note((f"{scaled}added to the shortcut:",))
        yield from _sections(step.shortcut, module, width)
    else:
        yield Note((f"{scaled}added to the input",))


def _chain(layers: Sequence[Layer], module: Module) -> Table:
    longest = max((layer.macs for layer in layers), default=0) or 1
    lines = []
    for layer in layers:
        cost = three(layer.macs) if layer.macs else ""
        bar = Bar(layer.macs / longest, module.family) if layer.macs else dim("")
        part = dim(share(layer.macs, module.whole))
        lines.append(row(_with_width(layer), dim(shape_text(layer.placed.writes)), cost, part, bar))
    heads = (Column("layer", "left", least=12), Column("output", drop=1), Column("MACs"), Column("share"), Column("", "left"))
    return table(heads, lines)


def _fitting(arms: Sequence[Arm], width: int) -> Iterator[list[Arm]]:
    """Ways beside each other as far as the terminal reaches, the rest below."""
    row: list[Arm] = []
    room = width
    for arm in arms:
        needed = max(WAY, *(len(_told(step)) for step in arm.flow)) + 2
        if row and needed > room:
            yield row
            row, room = [], width
        row.append(arm)
        room -= needed
    yield row


def _ways(arms: Sequence[Arm], whole: int) -> Table:
    """One column for each way: its part of the cost, its steps, its channels in the concatenation."""
    columns = [[_told(step) for step in arm.flow] for arm in arms]
    lines = [row(*(dim(share(macs_of(arm.flow), whole) or "no cost") for arm in arms))]
    lines += [row(*(cell or "" for cell in cells)) for cells in zip_longest(*columns)]
    lines.append(row(*(bold(f"= {writes_of(arm.flow).channels}") for arm in arms)))
    return table([Column(arm.name, "left", least=WAY) for arm in arms], lines)


def _told(step: Step) -> str:
    """`1x7 160  51.8 M`."""
    macs = macs_of((step,))
    words = _with_width(step) if isinstance(step, Layer) and not isinstance(step.placed.node, Linear) else _step(step)
    return f"{words}  {three(macs)}" if macs else words
