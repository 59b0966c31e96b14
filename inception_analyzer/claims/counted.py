"""What claims count: networks by expression, their blocks, and kernels on a bench; each is counted once for all claims."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from inception_analyzer.cost import Cost, total
from inception_analyzer.count import count as count_of
from inception_analyzer.evidence import Count
from inception_analyzer.expressions import load
from inception_analyzer.inquiry import Question
from inception_analyzer.kept import kept_with_ends
from inception_analyzer.kernel import Counted, as_network, parse_chain, parse_widths
from inception_analyzer.kernel import counted as count_chain
from inception_analyzer.outline import short
from inception_analyzer.place import Placed, place, places
from inception_analyzer.spec import Conv, Network, Node, Sequence
from inception_analyzer.tree import rewrite
from inception_analyzer.words import BN, conv, globalpool, linear, named, trunk

# The width of a bench that nothing is said of.
BENCH = "64"


@cache
def count(expression: str) -> Count:
    """The count of the network that an expression names."""
    return count_of(load(expression))


def macs(expression: str) -> int:
    """Multiply-adds at inference, one image."""
    return cost(expression).macs


def inside(expression: str) -> int:
    """Multiply-adds whose taps fall on the map."""
    return cost(expression).forward.inside


def params(expression: str) -> int:
    """Parameters of the inference network."""
    return cost(expression).params


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
def cost(expression: str) -> Cost:
    """What the network costs without its auxiliary heads; cheaper than its whole count."""
    return total(placed(expression))


@cache
def kept(expression: str) -> int:
    """Elements that training keeps for one image, without auxiliary heads."""
    return kept_with_ends(placed(expression))


@cache
def at(expression: str, path: str) -> Placed:
    """One place of a network by its path."""
    return next(here for here in places(placed(expression)) if here.path == path)


def through(*steps: Placed) -> str:
    """The widths of steps in a row as a bench takes them: `64,96,96`."""
    return ",".join(str(width) for width in (steps[0].reads.channels, *(step.writes.channels for step in steps)))


def block(expression: str, path: str) -> Cost:
    """What one place and everything in it costs."""
    return total(at(expression, path))


@cache
def chain(kernels: str, widths: str, grid: int) -> Counted:
    """Kernels on the bench: `3x3,3x3` at `64` or `64,96,96` on a square grid, with padding that keeps it and without."""
    return count_chain(parse_chain(kernels), parse_widths(widths), grid)


def chain_network(kernels: str, widths: str, grid: int, *, padded: bool = True) -> Network:
    """The same as a network that can be timed; one of other widths than the bench's own says so in its name."""
    network = as_network(chain(kernels, widths, grid), grid, padded=padded)
    return network if widths == BENCH else replace(network, name=f"{network.name}, {widths.replace(',', ' > ')} wide")


def kernel_question(
    name: str,
    one: str,
    other: str,
    widths: str,
    grid: int,
    *,
    batch: int = 1,
    padded: bool = True,
) -> Question:
    """Whether the second chain of kernels takes longer than the first."""
    reference, changed = (chain_network(kernels, widths, grid, padded=padded) for kernels in (one, other))
    return Question(name, reference, changed, batch=batch)


def training_question(name: str, one: str, other: str, widths: str, grid: int, *, batch: int) -> Question:
    """The same for a whole step of training: normed, behind a layer that awaits a gradient, before a classifier."""
    reference, changed = (_lesson(chain_network(kernels, widths, grid)) for kernels in (one, other))
    return Question(name, reference, changed, "train-step", batch)


def _lesson(network: Network) -> Network:
    before, after = named("before", conv(network.input.channels, 1)), named("logits", linear(1000))
    normed = rewrite(network.trunk, _normed)
    return replace(network, trunk=trunk(before, normed, named("avgpool", globalpool()), after))


def _normed(_: str, node: Node) -> Node | None:
    return replace(node, norm=BN) if isinstance(node, Conv) else None


def block_network(expression: str, path: str) -> Network:
    """One block as a network of its own, over what it reads in the whole."""
    whole, here = load(expression), at(expression, path)
    steps = trunk(named(path.rpartition(".")[2], here.node, kind=here.kind))
    name = f"{expression} {short(path)}"
    return replace(whole, name=name, title=path, input=here.reads, trunk=steps, divergences=(), expression="")


def leading(expression: str, layers: int) -> Network:
    """So many first layers of a network, over its image."""
    whole = load(expression)
    name = f"{expression}, first layers"
    return replace(whole, name=name, title=name, trunk=Sequence(whole.trunk.steps[:layers]), divergences=(), expression="")


def forget() -> None:
    """Drop every count, for tests that change a network."""
    for remembered in (count, placed, cost, kept, at, chain):
        remembered.cache_clear()
