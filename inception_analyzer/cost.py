"""What a placed network costs, by hand: one formula per node, summed over the tree."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, assert_never

from inception_analyzer.fit import Image, shape_of
from inception_analyzer.place import Placed, place, places, trains
from inception_analyzer.spec import (
    Aux,
    Branches,
    Conv,
    Dropout,
    GlobalPool,
    Linear,
    LocalNorm,
    Network,
    Pair,
    Pool,
    Residual,
    Sequence,
    Shape,
)

Convention = Literal["paper-mac", "inside-map", "with-elementwise"]


@dataclass(frozen=True, slots=True)
class Work:
    """One pass through a layer for one image: multiply-adds, and the elements that must at least be moved.

    `weights` are moved once for a whole batch: read, or written by a weight gradient.
    """

    macs: int = 0
    inside: int = 0  # of the multiply-adds, those whose tap falls on the map and not on its padding
    reads: int = 0
    writes: int = 0
    weights: int = 0

    def __add__(self, other: Work) -> Work:
        return Work(
            self.macs + other.macs,
            self.inside + other.inside,
            self.reads + other.reads,
            self.writes + other.writes,
            self.weights + other.weights,
        )


NO_WORK = Work()


@dataclass(frozen=True, slots=True)
class Cost:
    """What a part costs for one image.

    `activations` are the outputs of convolutions and linear layers, `outputs` those of every layer, concatenations and
    sums included. `elementwise` is one operation per element of a bias, norm, activation, scaling or sum and per tap of a pool.
    """

    params: int = 0
    forward: Work = NO_WORK
    weight_grad: Work = NO_WORK
    input_grad: Work = NO_WORK
    elementwise: int = 0
    activations: int = 0
    outputs: int = 0

    def __add__(self, other: Cost) -> Cost:
        return Cost(
            self.params + other.params,
            self.forward + other.forward,
            self.weight_grad + other.weight_grad,
            self.input_grad + other.input_grad,
            self.elementwise + other.elementwise,
            self.activations + other.activations,
            self.outputs + other.outputs,
        )

    @property
    def macs(self) -> int:
        """Multiply-adds of convolutions and linear layers, taps on padding included (`paper-mac`)."""
        return self.forward.macs

    @property
    def macs_backward(self) -> int:
        """Multiply-adds of both gradients; the first layer owes none to the image."""
        return self.weight_grad.macs + self.input_grad.macs

    def bytes_read(self, batch: int = 1, width: int = 4) -> int:
        """Least traffic of a forward pass: each layer reads its input and its weights once."""
        return width * (batch * self.forward.reads + self.forward.weights)

    def bytes_written(self, batch: int = 1, width: int = 4) -> int:
        """Least traffic of a forward pass: each layer writes its output once."""
        return width * batch * self.forward.writes

    def backward_bytes_read(self, batch: int = 1, width: int = 4) -> int:
        """Each gradient reads what it needs once: input and output gradient, or weights and output gradient."""
        activations = self.weight_grad.reads + self.input_grad.reads
        return width * (batch * activations + self.input_grad.weights)

    def backward_bytes_written(self, batch: int = 1, width: int = 4) -> int:
        """The weight gradients once, the input gradients once per image."""
        return width * (batch * self.input_grad.writes + self.weight_grad.weights)


NO_COST = Cost()


def sum_of(costs: Iterable[Cost]) -> Cost:
    """The sum of many costs, added up in one go: a sum for every pair of them would take most of the time to count."""
    listed = list(costs)
    return Cost(
        sum(cost.params for cost in listed),
        _sum_of_work([cost.forward for cost in listed]),
        _sum_of_work([cost.weight_grad for cost in listed]),
        _sum_of_work([cost.input_grad for cost in listed]),
        sum(cost.elementwise for cost in listed),
        sum(cost.activations for cost in listed),
        sum(cost.outputs for cost in listed),
    )


def _sum_of_work(works: list[Work]) -> Work:
    return Work(
        sum(work.macs for work in works),
        sum(work.inside for work in works),
        sum(work.reads for work in works),
        sum(work.writes for work in works),
        sum(work.weights for work in works),
    )


def cost_of(network: Network, *, input: Image | None = None, training: bool = False) -> Cost:
    """The cost of a network for one image: a side, (height, width) or (channels, height, width) if not its own.

    `training` counts its auxiliary heads too.
    """
    image = network.input if input is None else shape_of(input, network.input.channels)
    return total(place(network, image, aux=training))


def total(placed: Placed) -> Cost:
    """The cost of a place and everything in it."""
    return sum_of(map(own_cost, places(placed)))


def macs_under(cost: Cost, convention: Convention) -> int:
    """Forward operations by a named way of counting them."""
    match convention:
        case "paper-mac":
            return cost.forward.macs
        case "inside-map":
            return cost.forward.inside
        case "with-elementwise":
            return cost.forward.macs + cost.elementwise
    assert_never(convention)


def flops_under(cost: Cost, convention: Convention) -> int:
    """Forward FLOPs: two to a multiply-add, one to an elementwise operation."""
    if convention == "with-elementwise":
        return 2 * cost.forward.macs + cost.elementwise
    return 2 * macs_under(cost, convention)


def backward_macs_under(cost: Cost, convention: Convention) -> int:
    """Multiply-adds of both gradients; `with-elementwise` adds to the forward pass only."""
    return gradient_macs(cost.weight_grad, convention) + gradient_macs(cost.input_grad, convention)


def gradient_macs(work: Work, convention: Convention) -> int:
    """Multiply-adds of one gradient."""
    return work.inside if convention == "inside-map" else work.macs


def own_cost(placed: Placed) -> Cost:
    """The cost of one place without its parts."""
    node, reads, writes = placed.node, placed.reads, placed.writes
    match node:
        case Conv():
            return _conv(node, placed)
        case Linear(act=act):
            weights = reads.size * node.out
            elementwise = node.out * (2 if act == "relu" else 1)
            return _weighted(placed, Work(weights, weights, weights=weights), weights + node.out, elementwise)
        case Pool(kernel=kernel):
            return _moved(placed, kernel[0] * kernel[1] * writes.size)
        case GlobalPool():
            return _moved(placed, reads.size)
        case LocalNorm(size=size):
            # A square and `size` additions, then scale, offset, power and quotient.
            return _moved(placed, (size + 5) * writes.size)
        case Residual():
            return _sum(node, placed)
        case Branches():
            return Cost(outputs=writes.size)
        case Dropout() | Sequence() | Aux():
            return NO_COST
    raise AssertionError(f"places hold no {type(node).__name__}")


def taps_inside(size: int, windows: int, kernel: int, stride: int, before: int) -> int:
    """Taps along one axis, over all windows, that fall on the map and not on its padding."""
    total_taps = 0
    for tap in range(kernel):
        first = max(0, -((tap - before) // stride))  # ceil((before - tap) / stride)
        last = min(windows - 1, (size - 1 + before - tap) // stride)
        total_taps += max(0, last - first + 1)
    return total_taps


def _conv(node: Conv, placed: Placed) -> Cost:
    reads, writes = placed.reads, placed.writes
    per_tap = reads.channels // node.groups * node.out
    weights = node.kernel[0] * node.kernel[1] * per_tap
    after = bool(node.bias) + (node.norm is not None) + (node.act == "relu")
    params = weights + node.out * (bool(node.bias) + 2 * (node.norm is not None))
    work = Work(weights * writes.height * writes.width, per_tap * _inside(node, reads, writes.grid), weights=weights)
    return _weighted(placed, work, params, after * writes.size)


def _inside(node: Conv, reads: Shape, grid: Pair) -> int:
    down, across = (
        taps_inside(size, windows, k, s, pads[0])
        for size, windows, k, s, pads in zip(reads.grid, grid, node.kernel, node.stride, node.padding, strict=True)
    )
    return down * across


def _weighted(placed: Placed, work: Work, params: int, elementwise: int) -> Cost:
    """Forward and both gradients: each does the same multiply-adds over two of input, output and weights."""
    macs, inside, weights = work.macs, work.inside, work.weights
    reads, writes = placed.reads.size, placed.writes.size
    return Cost(
        params=params,
        forward=Work(macs, inside, reads, writes, params),
        weight_grad=Work(macs, inside, reads + writes, 0, params),
        input_grad=Work(macs, inside, writes, reads, weights) if placed.fed else NO_WORK,
        elementwise=elementwise,
        activations=writes,
        outputs=writes,
    )


def _moved(placed: Placed, elementwise: int) -> Cost:
    reads, writes = placed.reads.size, placed.writes.size
    back = Work(reads=writes, writes=reads) if placed.fed else NO_WORK
    return Cost(forward=Work(reads=reads, writes=writes), input_grad=back, elementwise=elementwise, outputs=writes)


def _sum(node: Residual, placed: Placed) -> Cost:
    size = placed.writes.size
    each = 1 + (node.scale != 1.0) + (node.norm is not None) + (node.act == "relu")
    params = 2 * placed.writes.channels if node.norm else 0
    return Cost(
        params=params,
        forward=Work(reads=2 * size, writes=size, weights=params),
        weight_grad=Work(weights=params),
        input_grad=Work(reads=size, writes=size) if trains(placed) else NO_WORK,
        elementwise=each * size,
        outputs=size,
    )
