"""BN-Inception, 'Batch Normalization' (1502.03167), Figure 5."""

from __future__ import annotations

from functools import partial

from inception_analyzer.spec import BatchNorm, Divergence, Named, Network, Node, Recipe, Shape, Source
from inception_analyzer.words import avgpool, branches, globalpool, linear, maxpool, named, trunk
from inception_analyzer.words import conv as any_conv

# The pretrained network's constants: the paper names none.
conv = partial(any_conv, norm=BatchNorm(eps=1e-5, momentum=0.1))

#            1x1  3x3r 3x3  dblr dbl
MODULES = {
    "3a": (64, 64, 64, 64, 96),
    "3b": (64, 64, 96, 64, 96),
    "4a": (224, 64, 96, 96, 128),
    "4b": (192, 96, 128, 96, 128),
    "4c": (160, 128, 160, 128, 160),
    "4d": (96, 128, 192, 160, 192),
    "5a": (352, 192, 320, 160, 224),
    "5b": (352, 192, 320, 192, 224),
}

RECIPE = Recipe("sgd", momentum=0.9, learning_rate=0.0075, schedule="6 times as fast a decay as GoogLeNet's", batch=32)

DIVERGENCES = (
    Divergence(
        "4c, 4d, pool projection",
        "columns print 128 (sum 608), sizes print 576 (128 would be 96)",
        "MXNet, Caffe, pretrained: 128; TF-slim: 96",
        "both",
    ),
    Divergence(
        "conv1", "starred: separable with multiplier 8", "pretrained: plain 7x7/2; TF-slim: separable, without norm", "code"
    ),
    Divergence("3c, 4e", "rows print the grid they read as the one they write", "28 to 14 and 14 to 7", "code"),
    Divergence(
        "average pools at the border", "not said", "pretrained: padding counts in the mean; TF-slim: it does not", "code"
    ),
    Divergence("batch norm eps", "not said", "pretrained: 1e-5; TF-slim: 1e-3", "code"),
    Divergence("conv biases", "none: the shift of the norm replaces them", "pretrained keeps 10,016 redundant biases", "paper"),
    Divergence(
        "parameters", "text: 13.6 million, 25 % more than GoogLeNet", "the widths give fewer, and a larger share more", "code"
    ),
)


def module(name: str, pool: Node, projected: int = 128) -> Named:
    """A module that keeps the grid: 1x1, 3x3, double 3x3 and pool with projection."""
    ones, reduce3, three, reduce5, five = MODULES[name]
    return named(
        f"inception_{name}",
        branches(
            named("1x1", conv(ones, 1)),
            named("3x3", conv(reduce3, 1), conv(three, 3)),
            named("double3x3", conv(reduce5, 1), conv(five, 3), conv(five, 3)),
            named("pool", pool, conv(projected, 1)),
        ),
        kind="inception",
    )


def reduction(name: str, reduce3: int, three: int, reduce5: int, five: int) -> Named:
    """A module that halves the grid: no 1x1, the pool passes its input through."""
    return named(
        f"inception_{name}",
        branches(
            named("3x3", conv(reduce3, 1), conv(three, 3, 2, 1)),
            named("double3x3", conv(reduce5, 1), conv(five, 3), conv(five, 3, 2, 1)),
            named("pool", maxpool(3, 2, ceil=True)),
        ),
        kind="reduce",
    )


def network(name: str, title: str, section: str, projected: int) -> Network:
    """Figure 5 with one of the two readings of the projections in 4c and 4d."""
    mean = avgpool(3, 1, 1, count_pad=True)
    layers = trunk(
        named("conv1", conv(64, 7, 2, 3)),
        named("pool1", maxpool(3, 2, ceil=True)),
        named("conv2_reduce", conv(64, 1)),
        named("conv2", conv(192, 3)),
        named("pool2", maxpool(3, 2, ceil=True)),
        module("3a", mean, 32),
        module("3b", mean, 64),
        reduction("3c", 128, 160, 64, 96),
        module("4a", mean),
        module("4b", mean),
        module("4c", mean, projected),
        module("4d", mean, projected),
        reduction("4e", 128, 192, 192, 256),
        module("5a", mean),
        module("5b", maxpool(3, 1, 1)),
        named("avgpool", globalpool()),
        named("linear", linear(1000)),
    )
    source = Source("1502.03167", section, 2015)
    return Network(name, title, "bn", Shape(3, 224, 224), layers, source, RECIPE, DIVERGENCES)


def bn_inception() -> Network:
    """The columns of Figure 5 as printed: projection 128 in 4c and 4d."""
    return network("bn-inception", "BN-Inception", "Figure 5, columns", 128)


def bn_inception_96() -> Network:
    """The sizes of Figure 5 as printed: 4c and 4d write 576 channels, so they project to 96."""
    return network("bn-inception-96", "BN-Inception, projection 96", "Figure 5, output sizes", 96)
