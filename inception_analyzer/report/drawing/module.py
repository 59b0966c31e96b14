"""A module as its paper draws it: what flows in, its ways side by side, what flows out; two of them on one scale of shades."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from inception_analyzer.cost import Cost
from inception_analyzer.report.drawing.cells import Scale, by, names_of
from inception_analyzer.report.drawing.flow import Flow, Layer, Split, Sum, dearest_of, layers_of
from inception_analyzer.report.drawing.frame import BAR, MARGIN, TOP, WIDTH, bar, heading, legend, size_words
from inception_analyzer.report.drawing.lettering import width_of
from inception_analyzer.report.drawing.picture import Picture, Shape, Text, group
from inception_analyzer.report.drawing.stack import FULL, SNUG, Area, Sizes, Stacked, stack, wire
from inception_analyzer.report.quantity import share, three
from inception_analyzer.spec import Conv, Linear
from inception_analyzer.spec import Shape as Size

BETWEEN = 20.0  # two modules side by side


@dataclass(frozen=True, slots=True)
class Subject:
    """One module of one network, with what its title says."""

    title: str
    family: str
    flow: Flow
    cost: Cost
    whole: int
    reads: Size
    writes: Size


def picture(subjects: Sequence[Subject]) -> Picture:
    """One module over the whole width, or two beside each other."""
    room = (WIDTH - 2 * MARGIN - BETWEEN * (len(subjects) - 1)) / len(subjects)
    darkest = max(dearest_of(subject.flow) for subject in subjects)
    shapes: list[Shape] = []
    ends: list[float] = []
    for index, subject in enumerate(subjects):
        x = MARGIN + index * (room + BETWEEN)
        scale = Scale(darkest, subject.whole)
        drawn = _module(subject, x, room, scale, FULL if len(subjects) == 1 else SNUG)
        shapes.append(group([*heading(subject.title, below(subject), x, room), *drawn.shapes], family=subject.family))
        ends.append(drawn.end.y)
    height = max(ends) + 40
    keys = _keys(subjects, Scale(darkest, subjects[0].whole), height - 22)
    title = " and ".join(subject.title for subject in subjects)
    words = "; ".join(f"{subject.title}: {in_words(subject.flow)}" for subject in subjects)
    numbers = "; ".join(below(subject)[0] for subject in subjects)
    return Picture(WIDTH, height, title, numbers, words, (*shapes, group(keys, family=subjects[0].family)))


def _keys(subjects: Sequence[Subject], scale: Scale, y: float) -> list[Shape]:
    """The legend, and at the right what a bar of channels means."""
    last = subjects[-1]
    least = min((layer.macs for subject in subjects for layer in layers_of(subject.flow) if layer.macs), default=0)
    to_scale = f"out {size_words(last.writes)}, to scale" if len(subjects) == 1 else "channels to scale"
    if not ends_split(last.flow):
        return list(legend(scale, y, least=least, shares=len(subjects) == 1))
    room = WIDTH - 2 * MARGIN - width_of(to_scale, 11) - 16
    keys = legend(scale, y, room=room, least=least, shares=len(subjects) == 1)
    return [*keys, Text(WIDTH - MARGIN, y, to_scale, 11, "muted", "end")]


def below(subject: Subject) -> tuple[str, ...]:
    """The numbers under the title, the fullest line first."""
    cost, grid = subject.cost, by(subject.writes.grid)
    part = f", {share(cost.macs, subject.whole)} of the network" if cost.macs else ""
    lines = [f"{grid} · {three(cost.macs)} {macs}{part}" for macs in ("multiply-adds", "MACs")]
    params = f" · {three(cost.params)} parameters" if cost.params else ""
    return (lines[0] + params, lines[1] + params, *lines)


def _module(subject: Subject, x: float, width: float, scale: Scale, sizes: Sizes) -> Stacked:
    """From the bar of its input to the bar of its output."""
    inlet = bar(f"in {size_words(subject.reads)}", x, TOP, width)
    drawn = stack(subject.flow, Area(x, width, TOP + BAR, bar=True), scale, sizes)
    if ends_split(subject.flow):
        return Stacked((*inlet, *drawn.shapes), drawn.end)
    y = drawn.end.y + sizes.gap
    outlet = (wire(drawn.end.middle, drawn.end.y, y), *bar(f"out {size_words(subject.writes)}", x, y, width))
    return Stacked((*inlet, *drawn.shapes, *outlet), drawn.end.at(y + BAR))


def ends_split(flow: Flow) -> bool:
    """Whether a concatenation is the last that happens."""
    return isinstance(flow[-1], Split)


def in_words(flow: Flow) -> str:
    """The branches of a flow, read aloud."""
    return ", ".join(_aloud(step) for step in flow)


def _aloud(step: Layer | Split | Sum) -> str:
    if isinstance(step, Layer):
        node = step.placed.node
        return names_of(node)[0] + (f" {node.out}" if isinstance(node, Conv | Linear) else "")
    if isinstance(step, Split):
        return "; ".join(in_words(arm.flow) for arm in step.arms)
    other = in_words(step.shortcut) or "its input"
    return f"{in_words(step.body)}, added to {other}"
