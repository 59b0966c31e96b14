"""Inception-ResNet-v1 and v2 (1602.07261), Figures 10 to 19: v1, v2 as drawn, and v2 as released."""

from __future__ import annotations

from inception_analyzer.networks.inception_v4 import BORDER, GAIN, HEAD, RECIPE, STEM, reduction_a
from inception_analyzer.networks.inception_v4 import stem as stem_of_v4
from inception_analyzer.networks.rethinking import IMAGE, classifier, head, three_3x3
from inception_analyzer.networks.rethinking import stem as stem_of_v3
from inception_analyzer.spec import Act, Divergence, Named, Network, Node, Pair, Source
from inception_analyzer.words import avgpool, biased, branches, conv, maxpool, named, residual, seq, trunk

# The paper gives a range, 0.1 to 0.3 (section 3.3); TF-slim and facenet use these.
SCALE_A, SCALE_B, SCALE_C = 0.17, 0.10, 0.20

EXPANSION = Divergence("1x1 before the sum", "linear, norm not said", "linear with a bias and no norm", "code")
SCALES = Divergence("residual scales", "between 0.1 and 0.3, typically 0.1", "A 0.17, B 0.10, C 0.20", "code")


def block(name: str, kind: str, width: int, scale: float, *arms: Node, act: Act = "relu") -> Named:
    """ReLU(x + scale * L(arms)), L a linear 1x1 with bias back to the width of x."""
    body = seq(named("branches", branches(*arms)), named("expand", biased(width, 1, act="none")))
    return named(name, residual(body, scale=scale, act=act), kind=kind)


def block_a(name: str, width: int, second: int, third: int) -> Named:
    """Figures 10 and 16, 35x35; the last branch widens in v2."""
    return block(
        name,
        "A",
        width,
        SCALE_A,
        named("1x1", conv(32, 1)),
        named("3x3", conv(32, 1), conv(32, 3)),
        named("double3x3", conv(32, 1), conv(second, 3), conv(third, 3)),
    )


def block_b(name: str, width: int, ones: int, row: int, column: int) -> Named:
    """Figures 11 and 17, 17x17."""
    return block(
        name,
        "B",
        width,
        SCALE_B,
        named("1x1", conv(ones, 1)),
        named("7x7", conv(128, 1), conv(row, (1, 7)), conv(column, (7, 1))),
    )


def block_c(name: str, width: int, row: int, column: int, *, scale: float = SCALE_C, act: Act = "relu") -> Named:
    """Figures 13 and 19, 8x8."""
    return block(
        name,
        "C",
        width,
        scale,
        named("1x1", conv(192, 1)),
        named("3x3", conv(192, 1), conv(row, (1, 3)), conv(column, (3, 1))),
        act=act,
    )


def reduction_b(name: str, second: int, third: Pair) -> Named:
    """Figures 12 and 18, 17x17 to 8x8."""
    return named(
        name,
        branches(
            named("3x3", conv(256, 1), conv(384, 3, 2, "valid")),
            named("3x3b", conv(256, 1), conv(second, 3, 2, "valid")),
            named("double3x3", conv(256, 1), conv(third[0], 3), conv(third[1], 3, 2, "valid")),
            named("pool", maxpool(3, 2)),
        ),
        kind="reduce",
    )


def inception_resnet_v1() -> Network:
    """Figures 10 to 15: the stem of Figure 14, 5 A, 10 B, 5 C."""
    layers = trunk(
        named("conv1", conv(32, 3, 2, "valid")),
        named("conv2", conv(32, 3, padding="valid")),
        named("conv3", conv(64, 3)),
        named("pool1", maxpool(3, 2)),
        named("conv4", conv(80, 1)),
        named("conv5", conv(192, 3, padding="valid")),
        named("conv6", conv(256, 3, 2, "valid")),
        *(block_a(f"block_a{i}", 256, 32, 32) for i in range(1, 6)),
        reduction_a("reduction_a", 192, 192, 256, 384),
        *(block_b(f"block_b{i}", 896, 128, 128, 128) for i in range(1, 11)),
        reduction_b("reduction_b", 256, (256, 256)),
        *(block_c(f"block_c{i}", 1792, 192, 192) for i in range(1, 6)),
        *classifier(),
    )
    last = Divergence("after the last C", "pool", "facenet adds a sixth C, linear, and a bottleneck", "paper")
    image = Divergence("input", "299x299", "facenet: 160x160", "paper")
    source = Source("1602.07261", "Figures 10 to 15, Table 1", 2016)
    return Network(
        "inception-resnet-v1", "Inception-ResNet-v1", "ir1", IMAGE, layers, source, RECIPE, (SCALES, EXPANSION, last, image)
    )


def inception_resnet_v2_paper() -> Network:
    """Figures 15 to 19 as drawn: v4's stem, 5 A, 10 B, 5 C."""
    layers = trunk(
        *stem_of_v4(),
        *(block_a(f"block_a{i}", 384, 48, 64) for i in range(1, 6)),
        reduction_a("reduction_a", 256, 256, 384, 384),
        *(block_b(f"block_b{i}", 1152, 192, 160, 192) for i in range(1, 11)),
        reduction_b("reduction_b", 288, (288, 320)),
        *(block_c(f"block_c{i}", 2144, 224, 256) for i in range(1, 6)),
        *classifier(),
    )
    widths = Divergence(
        "widths of the sums", "Figures 17 and 19 print 1154 and 2048", "1152 and 2144: a sum needs the width it reads", "code"
    )
    caption = Divergence("Figure 18", "its caption says v1", "the reduction of v2", "code")
    repeats = Divergence("repeats", "Figure 15 draws 5, 10, 5, with v1's sizes", "released: 10, 20, 10", "paper")
    source = Source("1602.07261", "Figures 3 and 15 to 19", 2016)
    divergences = (widths, repeats, caption, SCALES, EXPANSION, *STEM)
    return Network(
        "inception-resnet-v2-paper", "Inception-ResNet-v2 as drawn", "ir2", IMAGE, layers, source, RECIPE, divergences
    )


def first_module(name: str) -> Named:
    """The released network's one plain module, 35x35x192 to 35x35x320."""
    return named(
        name,
        branches(
            named("1x1", conv(96, 1)),
            named("5x5", conv(48, 1), conv(64, 5)),
            named("double3x3", conv(64, 1), conv(96, 3), conv(96, 3)),
            named("pool", avgpool(3, 1, 1), conv(64, 1)),
        ),
        kind="A",
    )


def inception_resnet_v2() -> Network:
    """As released with TF-slim: v3's stem, 10 A, 20 B, 10 C, the last one linear, and a 1x1 to 1536."""
    layers = trunk(
        *stem_of_v3(*three_3x3()),
        first_module("mixed_5b"),
        *(block_a(f"block_a{i}", 320, 48, 64) for i in range(1, 11)),
        reduction_a("reduction_a", 256, 256, 384, 384),
        *(block_b(f"block_b{i}", 1088, 192, 160, 192) for i in range(1, 21)),
        head(normed=True),
        reduction_b("reduction_b", 288, (288, 320)),
        *(block_c(f"block_c{i}", 2080, 224, 256) for i in range(1, 10)),
        block_c("block_c10", 2080, 224, 256, scale=1.0, act="none"),
        named("conv_last", conv(1536, 1), kind="1x1"),
        *classifier(),
    )
    whole = Divergence(
        "stem, widths, repeats",
        "v4's stem, 384 / 1152 / 2144, drawn 5, 10, 5",
        "v3's stem, 320 / 1088 / 2080, 10, 20, 10",
        "code",
    )
    end = Divergence("after the last B", "C blocks alike, then pool", "last C linear and unscaled, then 1x1 1536", "code")
    source = Source("1602.07261", "as released with TF-slim", 2016)
    divergences = (whole, end, SCALES, EXPANSION, HEAD, BORDER, GAIN)
    return Network("inception-resnet-v2", "Inception-ResNet-v2", "ir2", IMAGE, layers, source, RECIPE, divergences)
