"""AlexNet, 'ImageNet classification with deep convolutional neural networks' (2012), two groups as on its two GPUs."""

from __future__ import annotations

from inception_analyzer.spec import Divergence, Network, Recipe, Shape, Source
from inception_analyzer.words import biased, dropout, linear, localnorm, maxpool, named, trunk

RECIPE = Recipe(
    "sgd",
    momentum=0.9,
    learning_rate=0.01,
    schedule="divided by 10 on a plateau, three times",
    weight_decay=5e-4,
    batch=128,
    init_std=0.01,
)

DIVERGENCES = (
    Divergence("input", "prints 224x224", "its 55x55 needs 227x227 without padding, or padding 2", "code"),
    Divergence(
        "groups and widths", "two groups, 96 / 256 / 384 / 384 / 256", "torchvision: none, 64 / 192 / 384 / 256 / 256", "paper"
    ),
    Divergence("local response norm", "k 2", "Caffe: k 1; torchvision: none", "paper"),
)


def alexnet() -> Network:
    """Sections 3.2 to 3.5."""
    layers = trunk(
        named("conv1", biased(96, 11, 4, "valid")),
        named("norm1", localnorm(k=2.0)),
        named("pool1", maxpool(3, 2)),
        named("conv2", biased(256, 5, groups=2)),
        named("norm2", localnorm(k=2.0)),
        named("pool2", maxpool(3, 2)),
        named("conv3", biased(384, 3)),
        named("conv4", biased(384, 3, groups=2)),
        named("conv5", biased(256, 3, groups=2)),
        named("pool5", maxpool(3, 2)),
        named("dropout6", dropout(0.5)),
        named("fc6", linear(4096, act="relu")),
        named("dropout7", dropout(0.5)),
        named("fc7", linear(4096, act="relu")),
        named("fc8", linear(1000)),
    )
    source = Source("NIPS 2012", "sections 3.2 to 3.5", 2012)
    return Network("alexnet", "AlexNet", "ref", Shape(3, 227, 227), layers, source, RECIPE, DIVERGENCES)
