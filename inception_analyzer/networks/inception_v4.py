"""Inception-v4, 'Inception-v4, Inception-ResNet and the impact of residual connections' (1602.07261), Figures 3 to 9."""

from __future__ import annotations

from inception_analyzer.networks.rethinking import IMAGE, classifier, head, spread
from inception_analyzer.spec import Divergence, Named, Network, Node, Recipe, Source
from inception_analyzer.words import avgpool, branches, conv, maxpool, named, trunk

MEAN = avgpool(3, 1, 1)

# Section 4: RMSProp with decay 0.9 and epsilon 1, or momentum; the deviation is that of the released code.
RECIPE = Recipe(
    "rmsprop",
    momentum=None,
    decay=0.9,
    epsilon=1.0,
    learning_rate=0.045,
    schedule="x 0.94 every 2 epochs",
    averaged=True,
    init_std=0.1,
)

HEAD = Divergence("auxiliary head", "none drawn", "TF-slim hangs v3's head on the last B", "code")
BORDER = Divergence("average pools at the border", "not said", "padding is left out of the mean", "code")
GAIN = Divergence("batch norm", "not said", "TF-slim and Keras have no gain (timm has), eps 0.001", "both")

STEM = (
    Divergence("stem, last convolution", "Figure 3 draws 3x3 without stride", "stride 2, which its 35x35 needs", "code"),
    Divergence("stem, long branch", "Figure 3: 7x1, then 1x7", "1x7, then 7x1", "code"),
)
DIVERGENCES = (
    *STEM,
    Divergence("B, third branch", "Figure 5 draws 1x7 twice", "1x7, then 7x1", "code"),
    Divergence("B, fourth branch", "Figure 5: 1x7, 7x1, 1x7, 7x1", "7x1, 1x7, 7x1, 1x7", "code"),
    Divergence("C, fourth branch", "Figure 6: 1x3 448, then 3x1 512", "3x1 448, then 1x3 512", "code"),
    Divergence("order of branches", "the figures draw the pool first", "the pool last", "code"),
    BORDER,
    HEAD,
    GAIN,
)


def stem() -> tuple[Node, ...]:
    """Figure 3: 299x299x3 to 35x35x384."""
    return (
        named("conv1", conv(32, 3, 2, "valid")),
        named("conv2", conv(32, 3, padding="valid")),
        named("conv3", conv(64, 3)),
        named("stem_a", branches(named("pool", maxpool(3, 2)), named("3x3", conv(96, 3, 2, "valid")))),
        named(
            "stem_b",
            branches(
                named("3x3", conv(64, 1), conv(96, 3, padding="valid")),
                named("7x7x3", conv(64, 1), conv(64, (1, 7)), conv(64, (7, 1)), conv(96, 3, padding="valid")),
            ),
        ),
        named("stem_c", branches(named("3x3", conv(192, 3, 2, "valid")), named("pool", maxpool(3, 2)))),
    )


def module_a(name: str) -> Named:
    """Figure 4, 35x35."""
    return named(
        name,
        branches(
            named("1x1", conv(96, 1)),
            named("3x3", conv(64, 1), conv(96, 3)),
            named("double3x3", conv(64, 1), conv(96, 3), conv(96, 3)),
            named("pool", MEAN, conv(96, 1)),
        ),
        kind="A",
    )


def reduction_a(name: str, k: int, l: int, m: int, n: int) -> Named:  # noqa: E741  (the letters of Table 1)
    """Figure 7 with the widths of Table 1, 35x35 to 17x17; shared with both Inception-ResNets."""
    return named(
        name,
        branches(
            named("3x3", conv(n, 3, 2, "valid")),
            named("double3x3", conv(k, 1), conv(l, 3), conv(m, 3, 2, "valid")),
            named("pool", maxpool(3, 2)),
        ),
        kind="reduce",
    )


def module_b(name: str) -> Named:
    """Figure 5, 17x17."""
    return named(
        name,
        branches(
            named("1x1", conv(384, 1)),
            named("7x7", conv(192, 1), conv(224, (1, 7)), conv(256, (7, 1))),
            named("double7x7", conv(192, 1), conv(192, (7, 1)), conv(224, (1, 7)), conv(224, (7, 1)), conv(256, (1, 7))),
            named("pool", MEAN, conv(128, 1)),
        ),
        kind="B",
    )


def reduction_b(name: str) -> Named:
    """Figure 8, 17x17 to 8x8."""
    return named(
        name,
        branches(
            named("3x3", conv(192, 1), conv(192, 3, 2, "valid")),
            named("7x7x3", conv(256, 1), conv(256, (1, 7)), conv(320, (7, 1)), conv(320, 3, 2, "valid")),
            named("pool", maxpool(3, 2)),
        ),
        kind="reduce",
    )


def module_c(name: str) -> Named:
    """Figure 6, 8x8."""
    return named(
        name,
        branches(
            named("1x1", conv(256, 1)),
            named("3x3", conv(384, 1), spread(256)),
            named("double3x3", conv(384, 1), conv(448, (3, 1)), conv(512, (1, 3)), spread(256)),
            named("pool", MEAN, conv(256, 1)),
        ),
        kind="C",
    )


def inception_v4() -> Network:
    """Figure 9: 4 A, 7 B, 3 C."""
    layers = trunk(
        *stem(),
        *(module_a(f"inception_a{i}") for i in range(1, 5)),
        reduction_a("reduction_a", 192, 224, 256, 384),
        *(module_b(f"inception_b{i}") for i in range(1, 8)),
        head(normed=True),
        reduction_b("reduction_b"),
        *(module_c(f"inception_c{i}") for i in range(1, 4)),
        *classifier(),
    )
    source = Source("1602.07261", "Figures 3 to 9", 2016)
    return Network("inception-v4", "Inception-v4", "v4", IMAGE, layers, source, RECIPE, DIVERGENCES)
