"""A derivation read as rules: which replacements were made, where, and what each is worth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from inception_analyzer.cost import cost_of
from inception_analyzer.count import count
from inception_analyzer.errors import AnalyzerError
from inception_analyzer.evidence import Count
from inception_analyzer.outline import short
from inception_analyzer.passes import Order, Rewritten, Step, apply_order
from inception_analyzer.spec import Network

LONGEST_TEXT = 30  # characters of a replacement that can be read at a glance
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
        if step.aux:
            continue
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


@dataclass(frozen=True, slots=True)
class Derived:
    """A rewritten network with what is to be said of it: both counts, the rules, and the exchange that matters most."""

    rewritten: Rewritten
    before: Count
    after: Count
    rules: tuple[Rule, ...]
    swap: Swap | None

    @property
    def in_heads(self) -> tuple[Step, ...]:
        """The steps in auxiliary heads, which cost nothing at inference."""
        return tuple(step for step in self.rewritten.derivation if step.aux)

    @property
    def difference(self) -> int:
        """Multiply-adds that the passes add; negative where they save."""
        return self.after.cost.macs - self.before.cost.macs


def derive(rewritten: Rewritten) -> Derived:
    """Everything that follows from a derivation."""
    before, after = count(rewritten.original), count(rewritten.network)
    return Derived(rewritten, before, after, rules_of(rewritten.derivation), _swap(rewritten, after.cost.macs))


def _swap(rewritten: Rewritten, reached: int) -> Swap | None:
    """The two neighbouring passes whose exchange would change the multiply-adds the most; None where order means nothing."""
    orders = list(rewritten.applied)
    found = []
    for index, (one, other) in enumerate(pairwise(orders)):
        macs = _macs_after(rewritten.original, [*orders[:index], other, one, *orders[index + 2 :]])
        if macs is not None and macs != reached:
            found.append(Swap(str(other), str(one), macs))
    return max(found, key=lambda swap: abs(swap.macs - reached), default=None)


def _macs_after(network: Network, orders: Sequence[Order]) -> int | None:
    try:
        for order in orders:
            network, _ = apply_order(network, order)
        return cost_of(network).macs
    except AnalyzerError:
        return None


def _rule_text(step: Step) -> str:
    """`1x7 + 7x1 → 7x7`, whichever of the two came first; where that is no short story, the name of the pass."""
    if not step.parts or len(step.before) + len(step.after) > LONGEST_TEXT:
        return step.name
    chain = step.before.split(" + ")
    before = " + ".join(sorted(chain)) if len(chain) == 2 else step.before
    return f"{before} → {step.after}" if before and step.after else before or step.after
