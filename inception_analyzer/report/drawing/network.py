"""A whole network: the ruler of its work over rows of blocks, each with its ways in small, heads dotted beside the trunk."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from inception_analyzer.outline import Part
from inception_analyzer.report.drawing.cells import Scale, by
from inception_analyzer.report.drawing.flow import dearest_of
from inception_analyzer.report.drawing.frame import MARGIN, WIDTH, heading, legend
from inception_analyzer.report.drawing.lettering import cut, fitting
from inception_analyzer.report.drawing.picture import Box, Fill, Line, Picture, Shape, Text, Tone, group
from inception_analyzer.report.drawing.stack import SMALL, Area, stack, wire
from inception_analyzer.report.drawing.subject import KINDS, Block, Head, Row, Subject, rows_of
from inception_analyzer.report.quantity import image_text, share, three

THINNEST = 0.4  # what is shorter is not seen
RULER = 24.0  # the height of a ruler's bar
RULED = 62.0  # what a ruler takes with its ticks
BETWEEN = 10.0  # rows of blocks
HEAD = 22.0
NAMED = ((11.5, True), (10.5, True), (10.5, False), (9.5, False))  # size and weight of a name, as large as fits
STAGE = 8.0  # above a stage


@dataclass(frozen=True, slots=True)
class Columns:
    """Where a row has its stage, its name, its drawing and its numbers."""

    left: float
    names: float
    drawing: float
    end: float  # of the drawing
    right: float
    shares: bool = True

    def area(self, y: float) -> Area:
        """The strip of the drawings."""
        return Area(self.drawing, self.end - self.drawing, y)


WHOLE = Columns(MARGIN, 76, 164, 568, WIDTH - MARGIN)


def picture(subject: Subject, stage: Part | None = None) -> Picture:
    """The network, or one stage of it."""
    rows = list(rows_of(subject, stage.name if stage else ""))
    blocks = [row for row in rows if isinstance(row, Block)]
    scale = Scale(max((dearest_of(block.flow) for block in blocks), default=0), subject.macs)
    part = stage or subject.whole
    title = f"{subject.title}, stage {label_of(stage.name)}" if stage else subject.title
    below = numbers(subject, part)
    body, end = trunk(subject, rows, scale, WHOLE, 62 + RULED)
    shapes = [*heading(title, below), *ruler(blocks, MARGIN, 62, WIDTH - 2 * MARGIN), *body, *legend(scale, end + 28)]
    words = f"{title}: {in_words(rows)}"
    return Picture(WIDTH, end + 42, title, below[0], words, (group(shapes, family=subject.family),))


def numbers(subject: Subject, part: Part) -> tuple[str, ...]:
    """The line under the title."""
    cost = part.cost
    of = f", {share(cost.macs, subject.macs)} of the network" if part is not subject.whole and cost.macs else ""
    head = f"{image_text(part.reads)} · " if part is subject.whole else ""
    counted = f"{three(cost.macs)} multiply-adds{of} · {three(cost.params)} parameters"
    short = f"{three(cost.macs)} MACs · {three(cost.params)} params"
    return (f"{head.replace(' x ', ' × ')}{counted}", counted, short)


def ruler(blocks: Sequence[Block], x: float, y: float, length: float, fill: Fill = "solid") -> Iterator[Shape]:
    """Every block as long as its multiply-adds; a tick where the grid changes, with its name where there is room for it."""
    whole = sum(block.cost.macs for block in blocks) or 1
    start = x
    for stage, run in groupby(blocks, key=lambda block: block.stage):
        lengths = [(block.times, length * block.cost.macs / whole) for block in run]
        width = sum(reach for _, reach in lengths)
        name = fitting((label_of(stage),), width - 6, 11)
        if width >= 1:
            yield Line(((start, y), (start, y + 16)), "tick")
        if name:
            yield Text(start + 4, y + 11, name, 11, "muted")
        for times, reach in lengths:
            each = reach / times
            for number in range(times if each >= THINNEST else 0):
                gap = 1 if each > 2 else 0
                yield Box(start + number * each, y + 18, each - gap, RULER, fill, radius=0)
            start += reach


def label_of(stage: str) -> str:
    """`35×35`, or the name of a stage without a grid."""
    return stage.replace("x", "×") if stage[:1].isdigit() else stage


def trunk(subject: Subject, rows: Sequence[Row], scale: Scale, columns: Columns, y: float) -> tuple[list[Shape], float]:
    """All rows from the image down, and where they end."""
    middle = columns.area(y).middle
    shapes, y = entry(rows, columns, y)
    stage = ""
    for row in rows:
        if isinstance(row, Head):
            shapes += head(row, columns, y)
            y += HEAD + BETWEEN
            continue
        if row.stage != stage:
            shapes.append(wire(middle, y, y + STAGE))
            y, stage = y + STAGE, row.stage
            shapes += stage_of(subject, row, columns, y)
        drawn = stack(row.flow, columns.area(y), scale, SMALL)
        named = list(named_row(row, columns, y + SMALL.gap))
        end = below_row(row, y, drawn.end.y)
        shapes.append(group([*drawn.shapes, *named, *_counted(row, scale, columns, y + SMALL.gap)], told(row, scale)))
        shapes.append(wire(middle, drawn.end.y, end))
        y = end
    return shapes, y


def entry(rows: Sequence[Row], columns: Columns, y: float) -> tuple[list[Shape], float]:
    """The image, or what else flows into the first block."""
    reads = next(row.reads for row in rows if isinstance(row, Block))
    words = f"{by(reads.grid)} · {reads.channels}"
    area = columns.area(y)
    box = Box(area.middle - 75, y, 150, SMALL.box, "panel", radius=4)
    return [box, Text(area.middle, y + 11.6, words, 10, "muted", "middle")], y + SMALL.box


def below_row(row: Block, y: float, drawn: float) -> float:
    """Where the next row may begin: under the drawing and under the two lines at its sides."""
    return max(drawn, y + (34 if row.kind else 20)) + (BETWEEN if row.kind else 0)


def stage_of(subject: Subject, row: Block, columns: Columns, y: float) -> Iterator[Shape]:
    """A hairline where the grid changes, and what the stage takes."""
    part = next(part for part in subject.whole.parts if part.name == row.stage)
    room = columns.names - columns.left - 4
    yield Line(((columns.left, y), (columns.drawing - 6, y)), "tick")
    yield Text(columns.left, y + 17, fitting((label_of(row.stage), "class."), room, 11, bold=True), 11, "ink", bold=True)
    yield Text(columns.left, y + 31, share(part.cost.macs, subject.macs), 10.5, "muted")


def named_row(row: Block, columns: Columns, y: float) -> Iterator[Shape]:
    """The name of a block, below it its kind and how many of it follow each other."""
    room = columns.drawing - columns.names - 6
    strong = bool(row.kind)
    letters = NAMED if strong else NAMED[2:]
    choices = (row.name, row.brief)
    size, bold, name = next(
        ((size, bold, name) for size, bold in letters if (name := fitting(choices, room, size, bold=bold))),
        (*letters[-1], cut(row.brief, room, letters[-1][0])),
    )
    yield Text(columns.names, y + 12, name, size, "ink" if strong else "muted", bold=bold)
    if row.kind:
        kind = KINDS.get(row.kind, label_of(row.kind))
        below = (f"{kind} × {row.times}", f"× {row.times}") if row.times > 1 else (kind, "")
        yield Text(columns.names, y + 26, fitting(below, room, 10.5), 10.5, "network" if row.times > 1 else "muted")


def _counted(row: Block, scale: Scale, columns: Columns, y: float) -> Iterator[Shape]:
    """Multiply-adds and their share; below, what each of several takes."""
    if not row.cost.macs:
        return
    macs, part = three(row.cost.macs), share(row.cost.macs, scale.whole)
    strong = bool(row.kind)
    size = 11.5 if strong else 10.5
    tone: Tone = "ink" if strong else "muted"
    right = columns.right - (60 if columns.shares else 0)
    yield Text(right, y + 12, macs, size if columns.shares else 10.5, tone, "end", bold=strong)
    if columns.shares:
        yield Text(columns.right, y + 12, part, size, tone, "end")
    if row.times > 1 and columns.shares:
        yield Text(right, y + 26, f"each {three(row.cost.macs // row.times)}", 10.5, "muted", "end")


def told(row: Block, scale: Scale) -> str:
    """A row in words."""
    times = f", {row.times} times" if row.times > 1 else ""
    cost = f"{three(row.cost.macs)} multiply-adds, {share(row.cost.macs, scale.whole) or '0 %'} of the network"
    return f"{row.name}{times}: {by(row.writes.grid)}, {cost}"


def head(row: Head, columns: Columns, y: float) -> Iterator[Shape]:
    """A dotted way off the trunk to a box that says what the head is and that only training knows it."""
    middle = columns.area(y).middle
    x = middle + 14
    line = y + HEAD / 2
    yield wire(middle, y, y + HEAD + BETWEEN)
    yield Line(((middle, line), (x, line)), "dotted")
    yield group(
        [
            Box(x, y, columns.right - x, HEAD, "head", radius=4),
            Text(x + 8, line + 3.8, fitting(_head_words(row), columns.right - x - 14, 10.5), 10.5, "muted"),
        ],
        f"{row.name}: a classifier for training, its loss weighted by {row.weight:g}",
    )


def _head_words(row: Head) -> tuple[str, ...]:
    if not row.layers:
        return (f"{row.name}: for training, does not fit on this input", f"{row.name}: does not fit", row.name)
    cost = row.cost
    numbers = f"{three(cost.macs)} multiply-adds, {three(cost.params)} parameters"
    only = f"{row.name}, in training only"
    return (f"{only}: {numbers}", f"{only}: {three(cost.macs)} multiply-adds", only, f"{row.name}, training", row.name)


def in_words(rows: Sequence[Row]) -> str:
    """The blocks from image to logits, read aloud."""
    return "; ".join(_aloud(row) for row in rows)


def _aloud(row: Row) -> str:
    if isinstance(row, Head):
        return f"{row.name} in training"
    times = f", {row.times} times" if row.times > 1 else ""
    cost = f", {three(row.cost.macs)} multiply-adds" if row.cost.macs else ""
    return f"{row.name}{times}, {by(row.writes.grid)}{cost}"
