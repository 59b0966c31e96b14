"""ResNet, 'Deep residual learning' (1512.03385), Table 1: 50 and 152 layers, stride in the 1x1 or (v1.5) in the 3x3."""

from __future__ import annotations

from functools import partial

from inception_analyzer.spec import BatchNorm, Divergence, Named, Network, Node, Recipe, Shape, Source
from inception_analyzer.words import conv as any_conv
from inception_analyzer.words import globalpool, linear, maxpool, named, residual, seq, trunk

conv = partial(any_conv, norm=BatchNorm(eps=1e-5, momentum=0.1))

RECIPE = Recipe("sgd", momentum=0.9, learning_rate=0.1, schedule="divided by 10 on a plateau", weight_decay=1e-4, batch=256)
STRIDE = Divergence("stride of a stage", "in its first 1x1 (as in Caffe)", "torchvision ('v1.5'): in its first 3x3", "paper")
STRIDE_V15 = Divergence("stride of a stage", "in its first 1x1 (as in Caffe)", "torchvision ('v1.5'): in its first 3x3", "code")


def bottleneck(name: str, width: int, stride: int, first: bool, v15: bool) -> Named:
    """1x1, 3x3, linear 1x1 to four times the width; the first of a stage projects its shortcut."""
    body = seq(
        conv(width, 1, 1 if v15 else stride),
        conv(width, 3, stride if v15 else 1, 1),
        conv(4 * width, 1, act="none"),
    )
    shortcut = conv(4 * width, 1, stride, act="none") if first else None
    return named(name, residual(body, shortcut=shortcut), kind="bottleneck")


def stage(number: int, width: int, blocks: int, v15: bool) -> tuple[Node, ...]:
    """Blocks of one width; all stages but conv2_x begin by halving the grid."""
    stride = 1 if number == 2 else 2
    return tuple(bottleneck(f"conv{number}_{i}", width, stride if i == 1 else 1, i == 1, v15) for i in range(1, blocks + 1))


def resnet(depth: int, blocks: tuple[int, ...], v15: bool) -> Network:
    """One column of Table 1."""
    widths = (64, 128, 256, 512)
    stages = (stage(number, width, many, v15) for number, (width, many) in enumerate(zip(widths, blocks, strict=True), 2))
    nodes = trunk(
        named("conv1", conv(64, 7, 2, 3)),
        named("pool1", maxpool(3, 2, 1)),
        *(block for row in stages for block in row),
        named("avgpool", globalpool()),
        named("fc", linear(1000)),
    )
    name = f"resnet{depth}-v1.5" if v15 else f"resnet{depth}"
    title = f"ResNet-{depth} v1.5" if v15 else f"ResNet-{depth}"
    source = Source("1512.03385", f"Table 1, {depth}-layer", 2015)
    return Network(name, title, "ref", Shape(3, 224, 224), nodes, source, RECIPE, (STRIDE_V15 if v15 else STRIDE,))


def resnet50() -> Network:
    """50 layers, stride in the 1x1."""
    return resnet(50, (3, 4, 6, 3), v15=False)


def resnet152() -> Network:
    """152 layers, stride in the 1x1."""
    return resnet(152, (3, 8, 36, 3), v15=False)


def resnet50_v15() -> Network:
    """50 layers, stride in the 3x3."""
    return resnet(50, (3, 4, 6, 3), v15=True)


def resnet152_v15() -> Network:
    """152 layers, stride in the 3x3."""
    return resnet(152, (3, 8, 36, 3), v15=True)
