"""A counted network made ready to be drawn: its blocks in order, runs of equal ones as one, and the heads between them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, takewhile

from inception_analyzer.cost import Cost, sum_of
from inception_analyzer.evidence import Count, Layer
from inception_analyzer.outline import Part, outline
from inception_analyzer.place import Placed, place, places
from inception_analyzer.report.drawing.flow import Flow, flow_of, flow_through, layers_of
from inception_analyzer.report.drawing.ink import FAMILIES, REFERENCE
from inception_analyzer.shorthand import shorthand
from inception_analyzer.spec import Aux, Shape

KINDS = {"reduce": "reduction", "bottleneck": "block", "": "layer"}


@dataclass(frozen=True, slots=True)
class Block:
    """A block, or a run of equal ones that is drawn once."""

    name: str
    kind: str
    stage: str
    paths: tuple[str, ...]
    flow: Flow
    cost: Cost  # of all of them together
    reads: Shape
    writes: Shape

    @property
    def times(self) -> int:
        return len(self.paths)

    @property
    def brief(self) -> str:
        """A run without saying twice what its names share: `conv3_2–8`."""
        first, dash, last = self.name.partition("–")
        same = takewhile(lambda pair: pair[0] == pair[1], zip(first, last, strict=False))
        shared = "".join(sign for sign, _ in same).rstrip("0123456789")
        return first + dash + last.removeprefix(shared)


@dataclass(frozen=True, slots=True)
class Head:
    """An auxiliary classifier on the trunk; it costs nothing at inference and has no layers where it does not fit."""

    name: str
    layers: tuple[Layer, ...]
    weight: float

    @property
    def cost(self) -> Cost:
        return sum_of(layer.cost for layer in self.layers)


@dataclass(frozen=True, slots=True)
class Subject:
    """What there is to draw of one network."""

    count: Count
    whole: Part
    placed: Placed

    @property
    def label(self) -> str:
        return self.count.network.label

    @property
    def title(self) -> str:
        """The name of the paper, or the expression where the network is a rewrite."""
        return self.label if "@" in self.label else self.count.network.title

    @property
    def family(self) -> str:
        """The colour of the network; that of the references where it is of no known family."""
        family = self.count.network.family
        return family if family in FAMILIES else REFERENCE

    @property
    def macs(self) -> int:
        return self.count.cost.macs


def subject_of(count: Count) -> Subject:
    """The network of a count, placed over the same image."""
    placed = place(count.network, count.input)
    return Subject(count, outline(placed), placed)


def flow_in(subject: Subject, part: Part) -> Flow:
    """What flows through a part; a stage is its blocks in a row."""
    wanted = [part.path] if part.path else [inner.path for inner in part.parts]
    found = {here.path: here for here in places(subject.placed) if here.path in wanted}
    return flow_through([found[path] for path in wanted])


Row = Block | Head


def rows_of(subject: Subject, stage: str = "") -> list[Row]:
    """The network from image to logits, or one stage of it; equal modules in a row are one block."""
    return [row for _, run in groupby(singles(subject, stage), key=look) for row in together(list(run))]


def singles(subject: Subject, stage: str = "") -> Iterator[Row]:
    """Every block for itself, and the heads where they hang."""
    stages = {part.path: inner.name for inner in subject.whole.parts for part in inner.parts}
    parts = {part.path: part for inner in subject.whole.parts for part in inner.parts}
    for here in subject.placed.parts:
        if isinstance(here.node, Aux):
            if not stage:
                yield _head(subject, here.path, here.node)
        elif stage in ("", stages[here.path]):
            one = parts[here.path]
            flow = flow_of(here)
            yield Block(one.name, one.kind, stages[here.path], (here.path,), flow, one.cost, here.reads, here.writes)


def look(row: Row) -> tuple[object, ...]:
    """What is equal for blocks of one run; layers without a kind and heads stay for themselves."""
    if isinstance(row, Head) or not row.kind:
        return (row.name,)
    layers = tuple((shorthand(layer.placed.node), layer.placed.writes) for layer in layers_of(row.flow))
    return (row.kind, row.cost, row.reads, row.writes, layers)


def together(run: Sequence[Row]) -> list[Row]:
    """Blocks that look alike as one."""
    blocks = [row for row in run if isinstance(row, Block)]
    if len(blocks) < 2 or len(blocks) < len(run):
        return list(run)
    first, last = blocks[0], blocks[-1]
    paths = tuple(path for block in blocks for path in block.paths)
    cost = sum_of(block.cost for block in blocks)
    return [replace(first, name=f"{first.name}–{last.name}", paths=paths, cost=cost)]


def _head(subject: Subject, path: str, node: Aux) -> Head:
    layers = tuple(layer for layer in subject.count.layers if layer.aux and layer.path.startswith(f"{path}."))
    return Head(node.name, layers, node.weight)


def kind_words(part: Part) -> str:
    """What a part is called: a module, a reduction, the stage of a grid, a branch in a module, one layer."""
    if part.role == "stage":
        return "stage" if part.name[:1].isdigit() else ""
    if part.kind:
        return KINDS.get(part.kind, "module")
    return "layer" if part.role == "layer" and not part.parts else "branch"
