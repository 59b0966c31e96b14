"""What claims count: networks by expression, their blocks, and kernels on a bench; each is counted once for all claims."""

from __future__ import annotations

from functools import cache

from inception_analyzer.cost import Cost, total
from inception_analyzer.count import count as count_of
from inception_analyzer.evidence import Count
from inception_analyzer.expressions import load
from inception_analyzer.inquiry import Question
from inception_analyzer.kernel import Counted, as_network, parse_chain, parse_widths
from inception_analyzer.kernel import counted as count_chain
from inception_analyzer.place import Placed, place, places
from inception_analyzer.spec import Network


@cache
def count(expression: str) -> Count:
    """The count of the network that an expression names."""
    return count_of(load(expression))


def macs(expression: str) -> int:
    """Multiply-adds at inference, one image."""
    return count(expression).cost.macs


def inside(expression: str) -> int:
    """Multiply-adds whose taps fall on the map."""
    return count(expression).cost.forward.inside


def params(expression: str) -> int:
    """Parameters of the inference network."""
    return count(expression).cost.params


def params_with_heads(expression: str) -> int:
    """Parameters of the network as it trains."""
    found = count(expression)
    assert found.aux is not None, f"the heads of {expression} do not fit"
    return found.cost.params + found.aux.params


@cache
def placed(expression: str) -> Placed:
    """The network that an expression names, over its own image, without auxiliary heads."""
    return place(load(expression))


@cache
def at(expression: str, path: str) -> Placed:
    """One place of a network by its path."""
    return next(here for here in places(placed(expression)) if here.path == path)


def block(expression: str, path: str) -> Cost:
    """What one place and everything in it costs."""
    return total(at(expression, path))


@cache
def chain(kernels: str, widths: str, grid: int) -> Counted:
    """Kernels on the bench: `3x3,3x3` at `64` or `64,96,96` on a square grid, with padding that keeps it and without."""
    return count_chain(parse_chain(kernels), parse_widths(widths), grid)


def chain_network(kernels: str, widths: str, grid: int) -> Network:
    """The same as a network that can be timed."""
    return as_network(chain(kernels, widths, grid), grid)


def kernel_question(name: str, one: str, other: str, widths: str, grid: int, *, batch: int = 1) -> Question:
    """Whether the second chain of kernels takes longer than the first."""
    return Question(name, chain_network(one, widths, grid), chain_network(other, widths, grid), batch=batch)


def forget() -> None:
    """Drop every count, for tests that change a network."""
    for remembered in (count, placed, at, chain):
        remembered.cache_clear()
