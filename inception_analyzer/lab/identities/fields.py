"""What one output sees of its input: ones in all kernels, and the taps that a gradient from one output reaches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import torch

from inception_analyzer.kernel import nodes, parse_chain, spread_widths
from inception_analyzer.lab.build import build
from inception_analyzer.networks import network
from inception_analyzer.spec import Conv, Node, Shape
from inception_analyzer.tree import rewrite, walk
from inception_analyzer.words import seq, trunk

# Two channels, so that a pair side by side may share them.
WIDTH = 2
SIDE = 33

CHAINS = ("3x3,3x3", "3x3,3x3,3x3", "1x3,3x1", "1x7,7x1", "2x2,2x2", "1x3|3x1", "3x3", "5x5", "7x7")

# Steps of the networks, by the name of their figure.
STEPS = {
    "branch": ("inception-v3", ("mixed_6b.double7x7",)),
    "stem": ("inception-v3", ("conv0", "conv1", "conv2")),
    "first": ("inception-v2", ("conv0",)),
}


def fields() -> Mapping[str, float]:
    """The taps of chains and of the networks' own steps."""
    chains = {kernels: seen(_chain(kernels)) for kernels in CHAINS}
    return chains | {name: seen(_steps(*where)) for name, where in STEPS.items()}


def seen(node: Node) -> int:
    """The input places on which one output in the middle depends."""
    bare = rewrite(node, _bare)
    template = network("inception-v3")
    net = build(replace(template, trunk=trunk(bare), input=Shape(WIDTH, SIDE, SIDE))).double()
    for parameter in net.parameters():
        # No tap may cancel another.
        torch.nn.init.ones_(parameter)
    image = torch.ones((1, WIDTH, SIDE, SIDE), dtype=torch.float64, requires_grad=True)
    written = net(image)
    middle = written.shape[-1] // 2
    (gradient,) = torch.autograd.grad(written[0, :, middle, middle].sum(), image)
    return int((gradient.sum(dim=1) > 0).sum())


def _chain(kernels: str) -> Node:
    chain = parse_chain(kernels)
    return nodes(chain, spread_widths(chain, (WIDTH,)), padded=True)


def _steps(name: str, paths: tuple[str, ...]) -> Node:
    """These steps of a network in a row."""
    found = dict(walk(network(name).trunk))
    return seq(*(found[path] for path in paths))


def _bare(_: str, node: Node) -> Node | None:
    """A convolution with the same windows, narrow and linear."""
    return replace(node, out=WIDTH, norm=None, act="none") if isinstance(node, Conv) else None


IDENTITIES = {"fields": fields}
