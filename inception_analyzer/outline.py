"""A network as a reader sees it: stages by grid, the modules in them, and what is inside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from inception_analyzer.cost import Cost, own_cost, sum_of, total
from inception_analyzer.place import Placed
from inception_analyzer.shorthand import grid_text, shorthand
from inception_analyzer.spec import (
    Aux,
    Conv,
    Residual,
    Sequence,
    Shape,
)

Role = Literal["network", "stage", "module", "layer"]

STEM, CLASSIFIER = "stem", "classifier"

# What block names carry for their papers' sake and a reader of one network can do without.
PREFIXES = ("mixed_", "inception_", "block_")


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a network with its cost; stages are runs of blocks and have no path of their own."""

    name: str
    path: str
    kind: str
    role: Role
    reads: Shape
    writes: Shape
    cost: Cost
    parts: tuple[Part, ...]

    @property
    def worth_showing(self) -> tuple[Part, ...]:
        """Of a stage, what a reader wants without asking: its modules, or the layers that cost something."""
        if self.name in (STEM, CLASSIFIER):
            return ()
        modules = tuple(part for part in self.parts if part.kind)
        return modules or tuple(part for part in self.parts if part.cost.macs)


def outline(placed: Placed) -> Part:
    """The whole network; its parts are the stages."""
    blocks = [part for part in placed.parts if not isinstance(part.node, Aux)]
    stages = tuple(_stage(key, list(run)) for key, run in groupby(_keyed(blocks), key=lambda pair: pair[0]))
    return Part("total", "", "", "network", placed.reads, placed.writes, _sum(stages), stages)


def find(whole: Part, asked: str) -> list[Part]:
    """The part with this path, or all with this short name, whatever its case."""
    wanted = asked.lower()
    parts = list(descend(whole))
    exact = [part for part in parts if part.path and part.path.lower() == wanted]
    return exact or [part for part in parts if part.name.lower() == wanted and part.role != "network"]


def descend(part: Part) -> Iterator[Part]:
    """A part and everything in it, owners first."""
    yield part
    for inner in part.parts:
        yield from descend(inner)


def short(path: str) -> str:
    """The name of a block without its prefix: `mixed_6b` is 6b."""
    name = path.rpartition(".")[2]
    return next((name.removeprefix(prefix) for prefix in PREFIXES if name.startswith(prefix)), name)


def _keyed(blocks: list[Placed]) -> Iterator[tuple[str, Placed]]:
    """Each block with its stage: the stem before the first module, the classifier after the last convolution, grids between."""
    modules = [index for index, block in enumerate(blocks) if block.kind]
    first = modules[0] if modules else 0
    last = max((index for index, block in enumerate(blocks) if _convolves(block)), default=-1)
    for index, block in enumerate(blocks):
        stage = STEM if index < first else CLASSIFIER if index > last else grid_text(block.writes.grid)
        yield stage, block


def _convolves(placed: Placed) -> bool:
    return isinstance(placed.node, Conv) or any(_convolves(part) for part in placed.parts)


def _stage(name: str, run: list[tuple[str, Placed]]) -> Part:
    blocks = [block for _, block in run]
    parts = tuple(_part(block, short(block.path)) for block in blocks)
    return Part(name, "", "", "stage", blocks[0].reads, blocks[-1].writes, _sum(parts), parts)


def _part(placed: Placed, name: str) -> Part:
    inner = tuple(_part(part, _name(part)) for part in _inside(placed))
    role: Role = "module" if placed.kind or inner else "layer"
    cost = sum_of([own_cost(placed), *(part.cost for part in inner)]) if inner else total(placed)
    return Part(name, placed.path, placed.kind, role, placed.reads, placed.writes, cost, inner)


def _inside(placed: Placed) -> tuple[Placed, ...]:
    """Parts as drawn: the body of a residual block is the block."""
    if not isinstance(placed.node, Residual):
        return placed.parts
    body, *shortcut = placed.parts
    return (*(body.parts if isinstance(body.node, Sequence) else (body,)), *shortcut)


def _name(placed: Placed) -> str:
    """A name of its own, or for a numbered step what it does."""
    last = placed.path.rpartition(".")[2]
    return shorthand(placed.node) if last.isdigit() and not placed.parts else last


def _sum(parts: Iterable[Part]) -> Cost:
    return sum_of(part.cost for part in parts)
