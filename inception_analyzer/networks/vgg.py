"""VGG, 'Very deep convolutional networks' (1409.1556), Table 1: configurations A, D and E."""

from __future__ import annotations

from inception_analyzer.spec import Network, Node, Recipe, Shape, Source
from inception_analyzer.words import biased, dropout, linear, maxpool, named, trunk

WIDTHS = (64, 128, 256, 512, 512)
RECIPE = Recipe(
    "sgd",
    momentum=0.9,
    learning_rate=0.01,
    schedule="divided by 10 on a plateau, three times",
    weight_decay=5e-4,
    batch=256,
    init_std=0.01,
)


def stage(number: int, width: int, convs: int) -> tuple[Node, ...]:
    """3x3 convolutions of one width, then a 2x2/2 pool."""
    layers = (named(f"conv{number}_{i}", biased(width, 3)) for i in range(1, convs + 1))
    return (*layers, named(f"pool{number}", maxpool(2, 2)))


def vgg(layers: int, configuration: str, convs: tuple[int, ...]) -> Network:
    """One column of Table 1."""
    stages = (stage(number, width, many) for number, (width, many) in enumerate(zip(WIDTHS, convs, strict=True), 1))
    classifier = (
        named("fc6", linear(4096, act="relu")),
        named("dropout6", dropout(0.5)),
        named("fc7", linear(4096, act="relu")),
        named("dropout7", dropout(0.5)),
        named("fc8", linear(1000)),
    )
    nodes = trunk(*(layer for row in stages for layer in row), *classifier)
    source = Source("1409.1556", f"Table 1, {configuration}", 2014)
    return Network(f"vgg{layers}", f"VGG-{layers}", "ref", Shape(3, 224, 224), nodes, source, RECIPE)


def vgg11() -> Network:
    """Configuration A."""
    return vgg(11, "A", (1, 1, 2, 2, 2))


def vgg16() -> Network:
    """Configuration D."""
    return vgg(16, "D", (2, 2, 3, 3, 3))


def vgg19() -> Network:
    """Configuration E."""
    return vgg(19, "E", (2, 2, 4, 4, 4))
