"""GoogLeNet, 'Going deeper with convolutions' (1409.4842), Table 1, and the two variants that later papers speak of."""

from __future__ import annotations

from functools import partial

from inception_analyzer.spec import Conv, Divergence, Named, Network, Node, Recipe, Shape, Source
from inception_analyzer.words import (
    aux,
    avgpool,
    biased,
    branches,
    conv,
    dropout,
    globalpool,
    linear,
    localnorm,
    maxpool,
    named,
    trunk,
)

IMAGE = Shape(3, 224, 224)
TABLE_1 = Source("1409.4842", "Table 1", 2014)

# Section 6: asynchronous SGD with momentum 0.9, 4 % less every 8 epochs, weights averaged (Polyak).
RECIPE = Recipe("sgd", momentum=0.9, schedule="x 0.96 every 8 epochs", averaged=True)

#            1x1  3x3r 3x3  5x5r 5x5  proj
MODULES = {
    "3a": (64, 96, 128, 16, 32, 32),
    "3b": (128, 128, 192, 32, 96, 64),
    "4a": (192, 96, 208, 16, 48, 64),
    "4b": (160, 112, 224, 24, 64, 64),
    "4c": (128, 128, 256, 24, 64, 64),
    "4d": (112, 144, 288, 32, 64, 64),
    "4e": (256, 160, 320, 32, 128, 128),
    "5a": (256, 160, 320, 32, 128, 128),
    "5b": (384, 192, 384, 48, 128, 128),
}

FIVE = Divergence("5x5 branches", "5x5", "torchvision and TF-slim run a 3x3 there, which is cheaper", "paper")
AFTER_FIRST = (
    FIVE,
    Divergence("norms", "local response norm, biases", "torchvision and TF-slim: batch norm", "paper"),
    Divergence("pool4", "3x3/2", "torchvision and TF-slim: 2x2/2", "paper"),
    Divergence("local response norm", "no constants given", "Caffe replication: size 5, alpha 1e-4, beta 0.75, k 1", "code"),
    Divergence("dropout", "drops 0.4", "torchvision drops 0.2, TF-slim keeps 0.8", "paper"),
    Divergence(
        "auxiliary heads", "plain 1x1, two heads", "torchvision: normed 1x1, outputs once swapped; TF-slim: none", "paper"
    ),
    Divergence("Table 1, params of 4c, 4d, 5a", "463K, 580K, 1072K", "do not follow from the printed widths", "code"),
    Divergence("aux pools", "5x5/3 without padding", "torchvision: adaptive to 4x4, windows of 4", "paper"),
)
DIVERGENCES = (
    Divergence(
        "conv1",
        "Table 1 prints 7x7/2, but its own 2.7K parameters and 34M operations are a separable 7x7",
        "plain 7x7/2",
        "code",
    ),
    *AFTER_FIRST,
)


def module(name: str, conv: partial[Conv]) -> Named:
    """Figure 2b: 1x1, 3x3, 5x5 and pool, each behind or before a 1x1."""
    ones, reduce3, three, reduce5, five, projected = MODULES[name]
    return named(
        f"inception_{name}",
        branches(
            named("1x1", conv(ones, 1)),
            named("3x3", conv(reduce3, 1), conv(three, 3)),
            named("5x5", conv(reduce5, 1), conv(five, 5)),
            named("pool", maxpool(3, 1, 1), conv(projected, 1)),
        ),
        kind="inception",
    )


def head(name: str, conv: partial[Conv]) -> Node:
    """Section 5: the classifiers on 4a and 4d."""
    return aux(name, avgpool(5, 3), conv(128, 1), linear(1024, act="relu"), dropout(0.7), linear(1000), weight=0.3)


def body(conv: partial[Conv]) -> tuple[Node, ...]:
    """Table 1 from module 3a to the last module."""
    return (
        module("3a", conv),
        module("3b", conv),
        named("pool3", maxpool(3, 2, ceil=True)),
        module("4a", conv),
        head("aux1", conv),
        module("4b", conv),
        module("4c", conv),
        module("4d", conv),
        head("aux2", conv),
        module("4e", conv),
        named("pool4", maxpool(3, 2, ceil=True)),
        module("5a", conv),
        module("5b", conv),
        named("avgpool", globalpool()),
    )


def with_first(*first: Node) -> tuple[Node, ...]:
    """The network of 2014 behind a first layer of one's choice."""
    relu = partial(biased)
    return (
        *first,
        named("pool1", maxpool(3, 2, ceil=True)),
        named("norm1", localnorm()),
        named("conv2_reduce", relu(64, 1)),
        named("conv2", relu(192, 3)),
        named("norm2", localnorm()),
        named("pool2", maxpool(3, 2, ceil=True)),
        *body(relu),
        named("dropout", dropout(0.4)),
        named("linear", linear(1000)),
    )


def googlenet() -> Network:
    """As printed, with the plain 7x7/2 of every public replication."""
    layers = trunk(*with_first(named("conv1", biased(64, 7, 2, 3))))
    return Network("googlenet", "GoogLeNet", "v1", IMAGE, layers, TABLE_1, RECIPE, DIVERGENCES)


def googlenet_separable() -> Network:
    """The first layer that gives the 2.7K, 34M and 1.5 G of Table 1: depthwise 7x7/2 with multiplier 8, then 1x1."""
    first = (
        named("conv1_depthwise", conv(24, 7, 2, 3, groups=3, norm=None, act="none")),
        named("conv1", biased(64, 1)),
    )
    follows = Divergence("conv1", "2.7K parameters and 34M operations", "plain 7x7/2, 9.2K and 118M", "paper")
    source = Source("1409.4842", "Table 1, params and ops", 2014)
    layers = trunk(*with_first(*first))
    return Network(
        "googlenet-separable",
        "GoogLeNet, separable first layer",
        "v1",
        IMAGE,
        layers,
        source,
        RECIPE,
        (follows, *AFTER_FIRST),
    )


def bn_googlenet() -> Network:
    """A row of 1512.00567, Table 3: GoogLeNet with batch norm after each convolution and none of what it replaces."""
    normed = partial(conv)
    layers = trunk(
        named("conv1", normed(64, 7, 2, 3)),
        named("pool1", maxpool(3, 2, ceil=True)),
        named("conv2_reduce", normed(64, 1)),
        named("conv2", normed(192, 3)),
        named("pool2", maxpool(3, 2, ceil=True)),
        *body(normed),
        named("linear", linear(1000)),
    )
    source = Source("1512.00567", "Table 3, BN-GoogLeNet", 2015)
    unsaid = Divergence(
        "whole network", "a row of a table, not described", "GoogLeNet with the changes that 1502.03167 lists", "both"
    )
    return Network("bn-googlenet", "BN-GoogLeNet", "v1", IMAGE, layers, source, RECIPE, (unsaid, FIVE))
