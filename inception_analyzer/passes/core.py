"""What a rewriting pass is, how it finds its places, and what is written down of each application."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Literal, cast

from inception_analyzer.place import Placed, place
from inception_analyzer.spec import Aux, Conv, Named, Network, Node, Sequence, Shape
from inception_analyzer.tree import join, numbered, rewrite

Towards = Literal["unfactored", "factored", "what if", "training", "scale"]


@dataclass(frozen=True, slots=True)
class Change:
    """One application: the part that was there and the part that is there now; None for something left out.

    `reads` is what the part reads, where the pass knows it.
    """

    path: str
    before: Node
    after: Node | None
    reads: Shape | None = None


Outcome = tuple[Network, tuple[Change, ...]]
Apply = Callable[[Network, str], Outcome]
NodeRule = Callable[[Node, Shape], Node | None]
WindowRule = Callable[[tuple[Node, ...], Shape], tuple[int, Node] | None]


@dataclass(frozen=True, slots=True)
class Pass:
    """A named way to rewrite a network.

    `local` passes keep what each changed part reads and writes, so their savings are those of the parts alone;
    `keeps_field` passes keep the receptive field of each block as well.
    """

    name: str
    sentence: str
    source: str
    towards: Towards
    apply: Apply
    local: bool = True
    keeps_field: bool = False
    argument: str = ""  # what `=VALUE` means; empty where a pass takes none
    default: str | None = None  # the value that is meant without one; None where it must be given

    @property
    def needs_value(self) -> bool:
        return bool(self.argument) and self.default is None


def everywhere(rule: NodeRule) -> Apply:
    """Applies a rule to every node inside a module, parts before owners; stem, heads and layers of the trunk are left alone."""

    def apply(network: Network, _: str) -> Outcome:
        return apply_rule(network, rule)

    return apply


def apply_rule(network: Network, rule: NodeRule) -> Outcome:
    """A network with a rule applied inside its blocks, and where it applied."""
    reads, stem, changes = shapes(network), stem_of(network), list[Change]()

    def recorded(path: str, node: Node) -> Node | None:
        if path not in reads or _is_of_the_trunk(path, node) or path.partition(".")[0] in stem:
            return None
        after = rule(node, reads[path])
        if after is not None:
            changes.append(Change(path, node, after, reads[path]))
        return after

    trunk = cast("Sequence", rewrite(network.trunk, recorded))
    return replace(network, trunk=trunk), tuple(changes)


def along_rows(rule: WindowRule) -> Apply:
    """Applies a rule to every run of steps inside a block, from the left; it answers how many steps it takes, and by what."""

    def apply(network: Network, _: str) -> Outcome:
        reads, stem, changes = shapes(network), stem_of(network), list[Change]()

        def over_row(path: str, node: Node) -> Node | None:
            if not path or path not in reads or not isinstance(node, Sequence) or path.partition(".")[0] in stem:
                return None
            found = list(_windows(node, path, rule, reads))
            changes.extend(change for change, _ in found if change is not None)
            steps = tuple(step for _, step in found)
            return None if len(steps) == len(node.steps) else _row(steps)

        trunk = cast("Sequence", rewrite(network.trunk, over_row))
        return replace(network, trunk=trunk), tuple(changes)

    return apply


def on_blocks(rule: Callable[[Named, Shape], Named | None]) -> Apply:
    """Applies a rule to each block of the trunk that is a module of some kind."""

    def apply(network: Network, _: str) -> Outcome:
        reads, changes, steps = shapes(network), list[Change](), list[Node]()
        for step in network.trunk.steps:
            after = rule(step, reads[step.name]) if isinstance(step, Named) and step.kind else None
            if isinstance(step, Named) and after is not None:
                changes.append(Change(step.name, step.body, after.body, reads[step.name]))
            steps.append(after or step)
        return replace(network, trunk=Sequence(tuple(steps))), tuple(changes)

    return apply


def stem_of(network: Network) -> frozenset[str]:
    """The names of what lies before the first module: the papers count its factorization as a step of its own."""
    steps = network.trunk.steps
    first = next((index for index, step in enumerate(steps) if isinstance(step, Named) and step.kind), 0)
    return frozenset(step.name for step in steps[:first] if isinstance(step, Named))


def shapes(network: Network) -> dict[str, Shape]:
    """What every part reads, by path; auxiliary heads are not placed."""
    found: dict[str, Shape] = {}

    def visit(placed: Placed) -> None:
        if not isinstance(placed.node, Aux):
            found[placed.path] = placed.reads
        for part in placed.parts:
            visit(part)

    visit(place(network))
    return found


def _is_of_the_trunk(path: str, node: Node) -> bool:
    return not path or ("." not in path and isinstance(node, Conv))


def _windows(row: Sequence, path: str, rule: WindowRule, reads: dict[str, Shape]) -> Iterator[tuple[Change | None, Node]]:
    names = [name for name, _ in numbered(row.steps)]
    index = 0
    while index < len(row.steps):
        here = join(path, names[index])
        match = rule(row.steps[index:], reads[here]) if here in reads else None
        if match is None:
            yield None, row.steps[index]
            index += 1
        else:
            taken, after = match
            yield Change(here, Sequence(row.steps[index : index + taken]), after, reads[here]), after
            index += taken


def _row(steps: tuple[Node, ...]) -> Node:
    return steps[0] if len(steps) == 1 else Sequence(steps)
