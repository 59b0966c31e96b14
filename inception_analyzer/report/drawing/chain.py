"""Layers in a row, such as a stem: one box for each from left to right, as high as its grid is large."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from inception_analyzer.report.drawing.cells import Cell, Scale, by, cell_of, field
from inception_analyzer.report.drawing.flow import Layer, dearest_of, layers_of
from inception_analyzer.report.drawing.frame import MARGIN, WIDTH, heading
from inception_analyzer.report.drawing.lettering import fitting
from inception_analyzer.report.drawing.module import Subject, in_words
from inception_analyzer.report.drawing.picture import Box, Group, Line, Picture, Shape, Text, group
from inception_analyzer.report.quantity import share, three

FEWEST, MOST = 7, 8  # boxes in a row of the drawing; fewer are as wide as seven
GAP = 8.0
TALLEST, LOWEST = 150.0, 36.0
TAPS_FROM = 66.0  # boxes lower than this have no room for their taps
LABELS = 56.0  # below a row: grid, multiply-adds, share


def picture(subject: Subject) -> Picture:
    """The chain in as many rows as it needs."""
    layers = list(layers_of(subject.flow))
    scale = Scale(dearest_of(subject.flow), subject.whole)
    grids = [layer.placed.writes.height for layer in layers]
    tallest = min(TALLEST, max(LOWEST, 12.0 * max(grids)))
    below = _below(subject)
    shapes: list[Shape] = heading(subject.title, below)
    y = 62.0
    for row in _rows(layers):
        heights = [max(LOWEST, tallest * layer.placed.writes.height / max(grids)) for layer in row]
        floor = y + max(heights)
        shapes += _row(row, heights, floor, scale)
        y = floor + LABELS
    words = f"{subject.title}: {in_words(subject.flow)}"
    return Picture(WIDTH, y, subject.title, below[0], words, (group(shapes, family=subject.family),))


def _rows(layers: Sequence[Layer]) -> list[Sequence[Layer]]:
    """As few rows as hold them, all about as long."""
    each = -(-len(layers) // -(-len(layers) // MOST))
    return [layers[start : start + each] for start in range(0, len(layers), each)]


def _below(subject: Subject) -> tuple[str, ...]:
    cost = subject.cost
    part = f", {share(cost.macs, subject.whole)} of the network" if cost.macs else ""
    numbers = f"{three(cost.macs)} multiply-adds{part}"
    params = f" · {three(cost.params)} parameters" if cost.params else ""
    key = "; height = grid, shade = cost"
    return (numbers + params + key, numbers + key, numbers)


def _row(row: Sequence[Layer], heights: Sequence[float], floor: float, scale: Scale) -> Iterator[Shape]:
    pitch = (WIDTH - 2 * MARGIN) / max(FEWEST, len(row))
    for index, (layer, height) in enumerate(zip(row, heights, strict=True)):
        x = MARGIN + index * pitch
        if index:
            yield Line(((x - GAP / 2, floor - 12), (x + GAP / 2, floor - 12)))
        box = Box(x + GAP / 2, floor - height, pitch - GAP, height, "shade")
        yield _box(cell_of(layer, scale), box, by(layer.placed.writes.grid))


def _box(cell: Cell, box: Box, grid: str) -> Group:
    shade = cell.shade
    shapes: list[Shape] = [Box(box.x, box.y, box.width, box.height, "free" if cell.free else "shade", shade)]
    middle, room = box.x + box.width / 2, box.width - 6
    line = box.bottom - (14 if cell.out else 12)
    if cell.taps and box.height >= TAPS_FROM:
        shapes.append(field(cell.taps, middle, box.y + 23, 27, shade))
    names = fitting(cell.names, room, 12, bold=not cell.free)
    if cell.free:
        shapes.append(Text(middle, line, names, 12, "ink", "middle"))
    else:
        shapes.append(Text(middle, line - 7, names, 12, "on-shade", "middle", True, shade))
        shapes.append(Text(middle, line + 7, cell.out, 11.5, "on-shade", "middle", shade=shade))
    for offset, text, size in ((17, grid, 11), (32, cell.macs, 10.5), (45, cell.share, 10.5)):
        if text:
            shapes.append(Text(middle, box.bottom + offset, text, size, "ink" if size == 11 else "muted", "middle"))
    return group(shapes, cell.words)
