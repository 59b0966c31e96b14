"""From a list of passes to a network and its derivation; and what to say when a pass finds nothing to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

from inception_analyzer.errors import AnalyzerError, SpecError
from inception_analyzer.fit import working_side
from inception_analyzer.passes.catalogue import GROUPS, PASSES, RIVALS
from inception_analyzer.passes.core import Change
from inception_analyzer.passes.derivation import Step, steps_of
from inception_analyzer.place import place
from inception_analyzer.spec import Network

# Values with which a pass is tried when the question is only whether it would apply.
TRIAL_VALUES = {"residual-scale": "0.5", "width": "2", "depth": "2", "low-res": "151", "input": "331"}


@dataclass(frozen=True, slots=True)
class Order:
    """A pass as it was asked for; `optional` in a canonical list, where a pass may find nothing to do."""

    name: str
    value: str | None = None
    optional: bool = False

    def __str__(self) -> str:
        return self.name if self.value is None else f"{self.name}={self.value}"


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A network after its passes, and how it came about; `applied` are the passes that found something to do."""

    network: Network
    original: Network
    derivation: tuple[Step, ...] = field(default=(), repr=False)
    applied: tuple[Order, ...] = ()


def rewrite(network: Network, passes: str | Iterable[str | Order]) -> Rewritten:
    """The network rewritten by these passes in this order.

    A pass that is asked for by name must find something to do; a canonical list may find that all is done already.
    """
    asked = passes.split(",") if isinstance(passes, str) else passes
    orders = [order for entry in asked for order in (orders_of(entry) if isinstance(entry, str) else (entry,))]
    _refuse_contradictions(orders)
    now, steps = network, list[Step]()
    applied: list[Order] = []
    for order in orders:
        after, changes = apply_order(now, order)
        if changes:
            steps += _fitting(order, now, after, changes)
            applied.append(order)
        elif not order.optional:
            raise _applies_nowhere(network, now, order, applied)
        now = after
    return Rewritten(now, network, tuple(steps), tuple(applied))


def _fitting(order: Order, before: Network, after: Network, changes: tuple[Change, ...]) -> list[Step]:
    """The steps of a pass, or what of the new network does not fit."""
    try:
        return steps_of(PASSES[order.name], before, after, changes)
    except SpecError as error:
        side = working_side(after, after.input)
        way_out = (("smallest input from here", f"{side}x{side}"),) if side else ()
        reason = ("because", error.what)
        raise AnalyzerError(f"{before.label} does not fit together after {order}", reason, *way_out, word=str(order)) from None


def apply_order(network: Network, order: Order) -> tuple[Network, tuple[Change, ...]]:
    """One pass over a network."""
    found = PASSES[order.name]
    value = order.value if order.value is not None else found.default
    return found.apply(network, value or "")


def orders_of(text: str) -> tuple[Order, ...]:
    """`stacked`, `width=2` or a canonical list's name as the passes that it stands for."""
    name, has_value, value = text.partition("=")
    if name in GROUPS:
        if has_value:
            raise AnalyzerError(f"{name} takes no value", ("it is", ", ".join(GROUPS[name])), word=text)
        return tuple(Order(member, optional=True) for member in GROUPS[name])
    if name not in PASSES:
        raise _unknown(name)
    found = PASSES[name]
    if has_value and not found.argument:
        raise AnalyzerError(f"{name} takes no value", ("instead", name), word=text)
    if (has_value and not value) or (found.needs_value and not has_value):
        raise AnalyzerError(f"{name} needs a value", ("value", found.argument), word=text)
    return (Order(name, value if has_value else None),)


def applicable(network: Network) -> tuple[str, ...]:
    """The passes that would change a network."""
    return tuple(name for name in PASSES if would_apply(network, name))


def would_apply(network: Network, name: str) -> bool:
    """Whether a pass finds a place in a network and leaves one that fits together."""
    return _changes(network, Order(name, TRIAL_VALUES.get(name)))


def _changes(network: Network, order: Order) -> bool:
    try:
        after, changes = apply_order(network, order)
        return bool(changes) and place(after) is not None
    except AnalyzerError:
        return False


def _refuse_contradictions(orders: Sequence[Order]) -> None:
    """A pass with a value is asked for once, and of two that exclude each other one."""
    for index, order in enumerate(orders):
        for earlier in orders[:index]:
            twice = earlier.name == order.name and PASSES[order.name].argument
            if twice or any({earlier.name, order.name} == rivals for rivals in RIVALS):
                raise AnalyzerError(f"{earlier} and {order} contradict each other", ("instead", "one of them"), word=str(order))


def _applies_nowhere(original: Network, now: Network, order: Order, applied: Sequence[Order]) -> AnalyzerError:
    would = ("would apply", "  ".join(applicable(now)) or "no other pass")
    if applied and _changes(original, order):
        done = ", ".join(str(earlier) for earlier in applied)
        hint = ("order is meaning", f"it would apply to {original.label} before {done}")
        return AnalyzerError(f"{order} finds nothing to change after {done}", hint, would, word=str(order))
    return AnalyzerError(f"{order} finds nothing to change in {original.label}", would, word=str(order))


def _unknown(name: str) -> AnalyzerError:
    known = [*GROUPS, *PASSES]
    near = get_close_matches(name, known, n=3, cutoff=0.6)
    facts = [("did you mean", "  ".join(near))] if near else []
    return AnalyzerError(f"no pass is called {name}", *facts, ("described", "inception-analyze list passes"), word=name)
