"""One operation as a box: its kernel drawn as its own taps, its name, output channels, multiply-adds and share."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import sqrt
from typing import assert_never

from inception_analyzer.report.drawing.flow import Layer
from inception_analyzer.report.drawing.ink import LIGHTEST
from inception_analyzer.report.drawing.lettering import fitting, width_of
from inception_analyzer.report.drawing.picture import Box, Group, Shape, Taps, Text, group
from inception_analyzer.report.quantity import exact, share, three
from inception_analyzer.spec import (
    Aux,
    Branches,
    Conv,
    Dropout,
    GlobalPool,
    Linear,
    LocalNorm,
    Named,
    Node,
    Pair,
    Pool,
    Residual,
    Sequence,
)

TAP, STEP = 2.9, 3.55  # the side of a tap and the way to the next
WIDE, FIELD = 118.0, 41.0  # from which width on a box has a column for its taps, and how wide that is
FLAT = 30.0  # below this height there is room for one line only
LETTERS = ((10.5, True, 3), (9.5, True, 3), (9, False, 3), (8, False, 1.5))  # size, weight, room to spare
FREE = ("no multiply-adds", "no MACs")


@dataclass(frozen=True, slots=True)
class Scale:
    """What shades and shares refer to: the most expensive layer in view, and the whole network."""

    darkest: int
    whole: int

    def shade(self, macs: int) -> float:
        """The square root of its part of the most expensive layer's multiply-adds."""
        return max(LIGHTEST, sqrt(macs / self.darkest)) if macs and self.darkest else 0.0


@dataclass(frozen=True, slots=True)
class Cell:
    """The text of one operation; `names` from the fullest to the shortest."""

    path: str
    names: tuple[str, ...]
    out: str
    macs: str
    share: str
    shade: float
    taps: Pair | None
    words: str

    @property
    def free(self) -> bool:
        """Whether it does no multiply-adds."""
        return not self.macs


def cell_of(layer: Layer, scale: Scale) -> Cell:
    """What is to be said of a layer."""
    node, macs = layer.placed.node, layer.macs
    names = names_of(node)
    out = str(layer.placed.writes.channels) if isinstance(node, Conv | Linear) else ""
    told = [names[0], f"{out} channels" if out else "", f"{exact(macs)} multiply-adds" if macs else FREE[0]]
    part = f"{share(macs, scale.whole)} of the network" if macs else ""
    return Cell(
        path=layer.placed.path,
        names=names,
        out=out,
        macs=three(macs) if macs else "",
        share=share(macs, scale.whole),
        shade=scale.shade(macs),
        taps=node.kernel if isinstance(node, Conv) else None,
        words=f"{layer.placed.path}: {', '.join(filter(None, [*told, part]))}",
    )


def names_of(node: Node) -> tuple[str, ...]:
    """What an operation is called, the fullest name first."""
    match node:
        case Conv(kernel=kernel, stride=stride, groups=groups):
            name = by(kernel) + _step(stride)
            return (f"{name}, {groups} groups", f"{name}, {groups} gr.", name) if groups > 1 else (name,)
        case Pool(kind=kind, kernel=kernel, stride=stride):
            step = _step(stride)
            return (f"{by(kernel)} {kind} pool{step}", f"{by(kernel)} {kind}{step}", f"{kind}{step}", kind)
        case GlobalPool():
            return ("global mean", "mean")
        case LocalNorm():
            return ("local norm", "norm")
        case Dropout(rate=rate):
            return (f"dropout {rate:g}", "dropout", "drop")
        case Linear():
            return ("linear", "lin.")
        case Sequence() | Branches() | Residual() | Named() | Aux():
            return ("",)
    assert_never(node)


def by(pair: Pair) -> str:
    """`1×7`."""
    return f"{pair[0]}×{pair[1]}"


def _step(stride: Pair) -> str:
    return "" if stride == (1, 1) else f" /{stride[0]}" if stride[0] == stride[1] else f" /{by(stride)}"


def boxed(cell: Cell, x: float, y: float, width: float, height: float) -> Group:
    """The cell in a box of this size: as much of it as fits there."""
    box = Box(x, y, width, height, "free" if cell.free else "shade", cell.shade)
    if height < FLAT:
        written = _one_line(cell, box)
    elif cell.free:
        written = _pooled(cell, box)
    else:
        written = _wide(cell, box) if width >= WIDE else _narrow(cell, box)
    return group([box, *written], cell.words)


def field(taps: Pair, x: float, y: float, largest: float, shade: float = 0.0) -> Taps:
    """The taps of a kernel around a centre, none reaching further than `largest`."""
    pitch = min(STEP, largest / max(taps))
    return Taps(x, y, taps[0], taps[1], pitch * TAP / STEP, pitch, shade)


def _wide(cell: Cell, box: Box) -> Iterator[Shape]:
    left = box.x + (FIELD if cell.taps else 12)
    right = box.right - 9
    if cell.taps:
        yield field(cell.taps, box.x + 21, box.y + box.height / 2, 27, cell.shade)
    room = right - left - width_of(cell.out, 13) - 6
    yield Text(left, box.y + 20, fitting(cell.names, room, 13, bold=True), 13, "on-shade", "start", True, cell.shade)
    yield Text(right, box.y + 20, cell.out, 13, "on-shade", "end", shade=cell.shade)
    yield Text(left, box.y + 37, cell.macs, 11, "on-shade", shade=cell.shade)
    if width_of(cell.macs + cell.share, 11) + 6 <= right - left:
        yield Text(right, box.y + 37, cell.share, 11, "on-shade", "end", shade=cell.shade)


def _narrow(cell: Cell, box: Box) -> Iterator[Shape]:
    """The taps before the name where both fit, the rest below."""
    size = 12.0 if box.width >= 60 else 10.5
    room, middle = box.width - 6, box.x + box.width / 2
    name = fitting(cell.names, room, size, bold=True)
    length = width_of(name, size, bold=True)
    taps = field(cell.taps, 0, box.y + 15.5, 18, cell.shade) if cell.taps else None
    before = taps.width + 5 if taps and length + taps.width + 5 <= room else 0.0
    left = middle - (length + before) / 2
    if taps and before:
        yield replace(taps, x=left + taps.width / 2)
    yield Text(left + before, box.y + 20, name, size, "on-shade", "start", True, cell.shade)
    below = (f"{cell.out} · {cell.macs} · {cell.share}", f"{cell.out} · {cell.macs}", cell.out)
    yield Text(middle, box.y + 36, fitting(below, room, 10), 10, "on-shade", "middle", shade=cell.shade)


def _pooled(cell: Cell, box: Box) -> Iterator[Shape]:
    middle, room = box.x + box.width / 2, box.width - 6
    yield Text(middle, box.y + 20, fitting(cell.names, room, 12), 12, "ink", "middle")
    yield Text(middle, box.y + 36, fitting(FREE, room, 10.5), 10.5, "muted", "middle")


def _one_line(cell: Cell, box: Box) -> Iterator[Shape]:
    """The name, and the channels beside it where there is room."""
    baseline, middle = box.y + box.height / 2 + 3.6, box.x + box.width / 2
    if cell.free:
        yield Text(middle, baseline, fitting(cell.names, box.width - 4, 10), 10, "muted", "middle")
        return
    size, bold, name = next(
        (
            (size, bold, name)
            for size, bold, spare in LETTERS
            if (name := fitting(cell.names, box.width - spare, size, bold=bold))
        ),
        (LETTERS[-1][0], False, ""),
    )
    length = width_of(name, size, bold=bold)
    beside = width_of(cell.out, 10) + 6
    left = middle - (length + beside) / 2
    if cell.out and length + beside <= box.width - 8:
        yield Text(left, baseline, name, size, "on-shade", "start", bold, cell.shade)
        yield Text(left + length + 6, baseline, cell.out, 10, "on-shade", shade=cell.shade)
    else:
        yield Text(middle, baseline, name, size, "on-shade", "middle", bold, cell.shade)
