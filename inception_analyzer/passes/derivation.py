"""What a pass did, line by line: each part before and after, and what both cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from inception_analyzer.cost import NO_COST, Cost, total
from inception_analyzer.passes.core import Change, Pass, shapes
from inception_analyzer.place import Placed, place, place_node
from inception_analyzer.shorthand import ending, shorthand, widths
from inception_analyzer.spec import Aux, Network, Shape


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a derivation: what was there, what is there now, and what each costs."""

    name: str
    path: str
    before: str
    after: str
    widths_before: str
    widths_after: str
    cost_before: Cost
    cost_after: Cost
    # The part before and the part after at their place, where only they changed.
    parts: tuple[Placed, ...] = field(default=(), repr=False)
    aux: bool = False  # in an auxiliary head, which inference never runs

    @property
    def macs(self) -> int:
        """Multiply-adds that this adds; negative where it saves."""
        return self.cost_after.macs - self.cost_before.macs

    @property
    def params(self) -> int:
        return self.cost_after.params - self.cost_before.params

    @property
    def activations(self) -> int:
        return self.cost_after.activations - self.cost_before.activations


def steps_of(found: Pass, before: Network, after: Network, changes: Sequence[Change]) -> list[Step]:
    """The lines of one pass; those of the trunk add up to the difference between the networks at inference."""
    if not found.local or any(map(_moves, changes)):
        return _by_block(found, before, after, changes)
    known = all(change.reads is not None for change in changes)
    reads = {} if known else _reads_with_heads(before)
    heads = {step.name for step in before.trunk.steps if isinstance(step, Aux)}
    steps = [_step(found, change, change.reads or reads[change.path]) for change in changes]
    return [replace(step, aux=step.path.partition(".")[0] in heads) for step in steps]


def _moves(change: Change) -> bool:
    """Whether a part writes another shape than before, so that what follows it costs something else."""
    if change.reads is None or change.after is None:
        return False
    return place_node(change.before, change.reads).writes != place_node(change.after, change.reads).writes


def _step(found: Pass, change: Change, reads: Shape) -> Step:
    if change.path == "":
        return Step(found.name, "", "", "recipe", "", "", NO_COST, NO_COST)
    old = place_node(change.before, reads, aux=True)
    if change.after is None:
        return Step(found.name, change.path, shorthand(change.before), "", widths(change.before), "", total(old), NO_COST)
    new = place_node(change.after, reads)
    texts = (shorthand(change.before), shorthand(change.after))
    if texts[0] == texts[1]:
        texts = (f"{texts[0]} {ending(change.before)}", f"{texts[1]} {ending(change.after)}")
    lists = (widths(change.before), widths(change.after))
    return Step(found.name, change.path, *texts, *lists, total(old), total(new), (old, new))


def _by_block(found: Pass, before: Network, after: Network, changes: Sequence[Change]) -> list[Step]:
    """What a pass that moves widths or grids does to each block of the trunk, those that it did not name included."""
    old, new = _blocks(before), _blocks(after)
    named = {change.path for change in changes}
    steps = []
    for path in dict.fromkeys([*old, *new]):
        one, other = old.get(path), new.get(path)
        costs = (total(one) if one else NO_COST, total(other) if other else NO_COST)
        step = Step(found.name, path, str(one.writes) if one else "", str(other.writes) if other else "", "", "", *costs)
        if path in named or step.macs or step.params or step.activations:
            steps.append(step)
    return steps


def _blocks(network: Network) -> dict[str, Placed]:
    return {part.path: part for part in place(network).parts if not isinstance(part.node, Aux)}


def _reads_with_heads(network: Network) -> dict[str, Shape]:
    reads = shapes(network)

    def visit(placed: Placed) -> None:
        reads.setdefault(placed.path, placed.reads)
        for part in placed.parts:
            visit(part)

    if any(isinstance(step, Aux) for step in network.trunk.steps):
        visit(place(network, aux=True))
    return reads
