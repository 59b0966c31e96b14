"""A derivation read as rules: which replacements were made, where, and what each is worth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from inception_analyzer.cost import cost_of
from inception_analyzer.errors import AnalyzerError
from inception_analyzer.outline import short
from inception_analyzer.passes import Order, Rewritten, Step, apply_order
from inception_analyzer.spec import Network

LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of replacement and all its applications; `letter` names it in a table."""

    letter: str
    name: str
    text: str
    steps: tuple[Step, ...]

    @property
    def macs(self) -> int:
        """Multiply-adds that its applications add; negative where they save."""
        return sum(step.macs for step in self.steps)

    @property
    def params(self) -> int:
        return sum(step.params for step in self.steps)

    @property
    def blocks(self) -> tuple[str, ...]:
        """The short names of the blocks that it changed, in order."""
        return tuple(dict.fromkeys(short(step.path.partition(".")[0]) for step in self.steps))

    @property
    def dearest(self) -> Step:
        """The application that changes the most."""
        return max(self.steps, key=lambda step: abs(step.macs))


def rules_of(derivation: Sequence[Step]) -> tuple[Rule, ...]:
    """The rules of a derivation in the order in which they were first applied."""
    groups: dict[tuple[str, str], list[Step]] = {}
    for step in derivation:
        groups.setdefault((step.name, _rule_text(step)), []).append(step)
    return tuple(
        Rule(LETTERS[index % len(LETTERS)], name, text, tuple(steps))
        for index, ((name, text), steps) in enumerate(groups.items())
    )


@dataclass(frozen=True, slots=True)
class Swap:
    """Two neighbouring passes in the other order, and the multiply-adds that gives."""

    first: str
    second: str
    macs: int


def swaps(rewritten: Rewritten) -> tuple[Swap, ...]:
    """What each exchange of neighbours among the passes would cost, where it changes anything or fails."""
    orders = list(rewritten.applied)
    reached = cost_of(rewritten.network).macs
    found = []
    for index, (one, other) in enumerate(pairwise(orders)):
        exchanged = [*orders[:index], other, one, *orders[index + 2 :]]
        macs = _macs_after(rewritten.original, exchanged)
        if macs is not None and macs != reached:
            found.append(Swap(str(other), str(one), macs))
    return tuple(found)


def _macs_after(network: Network, orders: Sequence[Order]) -> int | None:
    try:
        for order in orders:
            network, _ = apply_order(network, order)
        return cost_of(network).macs
    except AnalyzerError:
        return None


def _rule_text(step: Step) -> str:
    """`1x7 + 7x1 → 7x7`, whichever of the two came first; a pass that moves widths or grids is one rule."""
    if not step.parts:
        return step.name
    chain = step.before.split(" + ")
    before = " + ".join(sorted(chain)) if len(chain) == 2 else step.before
    return f"{before} → {step.after}" if before and step.after else before or step.after
