"""Networks and blocks as claims rebuild them: after passes, one block alone, ready to train; and its narrowest cut."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from inception_analyzer.claims.counted import block_network
from inception_analyzer.cost import Cost, total
from inception_analyzer.inquiry import Question
from inception_analyzer.networks import network
from inception_analyzer.outline import short
from inception_analyzer.passes import apply_order, orders_of
from inception_analyzer.place import Placed, place, place_node, places
from inception_analyzer.spec import Branches, Conv, Named, Network, Shape
from inception_analyzer.spec import Sequence as Row
from inception_analyzer.words import Padding, globalpool, linear, named, pads, trunk


def after(name: str, *passes: str) -> Network:
    """A network after passes in this order; as only its cost is asked for, no derivation is written down."""
    return replace(reworked(network(name), *passes), expression=_labelled(name, passes))


def cost_at(rebuilt: Network, image: Shape | None = None) -> Cost:
    """What it costs at inference, over another image if asked for."""
    return total(place(rebuilt, image))


def reworked(whole: Network, *passes: str) -> Network:
    """The same for a network that has no name."""
    for order in (order for asked in passes for order in orders_of(asked)):
        whole, _ = apply_order(whole, order)
    return whole


def alone(name: str, path: str, *passes: str) -> Network:
    """One block of a network as a network of its own, after passes."""
    return replace(reworked(block_network(name, path), *passes), expression=_labelled(short(path), passes))


def block_after(name: str, path: str, *passes: str) -> Placed:
    """The same at its place, where something with parameters lies before it."""
    own = alone(name, path, *passes)
    return place_node(own.trunk.steps[0], own.input, fed=True)


def folding(name: str) -> Question:
    """Whether a network whose norms are folded is quicker; whoever asks shares one answer."""
    return Question(f"{name} folded over itself", after(name), after(name, "fold-bn"))


def trainable(block: Network) -> Network:
    """A block behind which classes are told apart, so that it has a loss to train by."""
    classes = (named("means", globalpool()), named("classes", linear(1000)))
    return replace(block, trunk=trunk(*block.trunk.steps, *classes))


def separable(whole: Network, padding: Padding) -> Network:
    """A network behind GoogLeNet's separable 7x7 in the place of its own first layer."""
    first, second, *_ = network("googlenet-separable").trunk.steps
    assert isinstance(first, Named)
    assert isinstance(first.body, Conv)
    padded = replace(first, body=replace(first.body, padding=pads(padding, first.body.kernel)))
    return replace(whole, trunk=trunk(padded, second, *whole.trunk.steps[1:]))


def normed_channels(placed: Placed) -> int:
    """Channels that a batch norm follows, each with a gain and a shift of its own."""
    convs = (here.node for here in places(placed))
    return sum(node.out for node in convs if isinstance(node, Conv) and node.norm is not None)


def blocks_of(whole: Placed, *kinds: str) -> list[Placed]:
    """The blocks of a network that are modules of these kinds."""
    return [block for block in whole.parts if block.kind in kinds]


def stem_of(whole: Placed) -> list[Placed]:
    """What lies before the first module."""
    first = next(index for index, block in enumerate(whole.parts) if block.kind)
    return list(whole.parts[:first])


def narrowest(placed: Placed) -> int:
    """Elements that the narrowest cut lets through: steps in a row share one stream, arms side by side add theirs up."""
    match placed.node:
        case Branches():
            return sum(map(narrowest, placed.parts))
        case Row():
            return min(map(narrowest, placed.parts))
    return placed.writes.size


def _labelled(name: str, passes: Sequence[str]) -> str:
    return f"{name}@{','.join(passes)}" if passes else name
