"""Inception-v2 and v3, 'Rethinking the Inception architecture' (1512.00567): Table 1, its model.txt, and Table 3's rows."""

from __future__ import annotations

from inception_analyzer.spec import Divergence, Named, Network, Node, Pool, Recipe, Shape, Source
from inception_analyzer.words import aux, avgpool, biased, branches, conv, dropout, globalpool, linear, maxpool, named, trunk

IMAGE = Shape(3, 299, 299)

# Section 8; 'Inception-v2' of Table 3 is the row trained by plain momentum SGD, before label smoothing.
RMSPROP = Recipe(
    "rmsprop",
    momentum=0.9,
    decay=0.9,
    epsilon=1.0,
    learning_rate=0.045,
    schedule="x 0.94 every 2 epochs",
    weight_decay=4e-5,
    label_smoothing=0.1,
    clip=2.0,
    batch=32,
    averaged=True,
    init_std=0.1,
)
MOMENTUM = Recipe(
    "sgd",
    momentum=0.9,
    learning_rate=0.045,
    schedule="x 0.94 every 2 epochs",
    weight_decay=4e-5,
    clip=2.0,
    batch=32,
    averaged=True,
    init_std=0.1,
)

AFTER_STEM = (
    Divergence("35 to 17 reduction", "Figure 10: a 1x1 before the 3x3/2", "model.txt and all code: none", "code"),
    Divergence("17x17 double branch", "Figure 6: 1x7, 7x1, 1x7, 7x1", "model.txt and all code: 7x1, 1x7, 7x1, 1x7", "code"),
    Divergence("last module's pool", "model.txt and the graph of 2015: max", "later code and torchvision: average", "code"),
    Divergence(
        "average pools at the border", "TF, Keras and timm leave padding out of the mean", "torchvision counts it", "code"
    ),
    Divergence(
        "17 to 8 reduction", "Figure 10: 1x1, 3x3, 3x3/2 beside 1x1, 3x3/2", "model.txt: 1x7 and 7x1 in the long branch", "code"
    ),
    Divergence("batch norm", "not said", "TF and Keras have no gain (torchvision has), eps 0.001", "both"),
    Divergence("auxiliary head", "Figure 8: fully connected 1024; model.txt: 768", "768, written as a 5x5 convolution", "code"),
    Divergence("dropout", "keep 0.8", "torchvision drops 0.5", "paper"),
    Divergence("classes", "1000", "model.txt has 1008 outputs, TF-slim 1001", "paper"),
)
BODY = (
    Divergence("35x35 modules", "Figure 5: two 3x3 for the 5x5", "model.txt and all code keep a 5x5 branch", "code"),
    *AFTER_STEM,
)
COST_V2 = Divergence("cost", "Table 3 prints 3.8 billion", "the widths of model.txt behind a 7x7 give more", "code")
COST_V3 = Divergence("cost", "Table 3 prints 4.8 billion, the abstract 5", "every count of model.txt gives more", "code")
TABLE_1 = (
    Divergence("Table 1, rows 5 to 7", "3x3, 3x3/2, 3x3", "model.txt: 1x1, 3x3, max pool 3x3/2", "code"),
    Divergence(
        "Table 1, modules",
        "3, 5 and 2, figures off by one; the text has 12",
        "model.txt: 3, reduction, 4, reduction, 2",
        "code",
    ),
    Divergence("35x35 widths", "'288 filters each'", "256, 288, 288", "code"),
)
NAME = Divergence("name", "the first rows of Table 3", "1602.07261 and TF-slim call BN-Inception 'Inception-v2'", "paper")

MEAN = avgpool(3, 1, 1, count_pad=True)


def module_a(name: str, projected: int) -> Named:
    """35x35: 1x1, 5x5, double 3x3, pool."""
    return named(
        name,
        branches(
            named("1x1", conv(64, 1)),
            named("5x5", conv(48, 1), conv(64, 5)),
            named("double3x3", conv(64, 1), conv(96, 3), conv(96, 3)),
            named("pool", MEAN, conv(projected, 1)),
        ),
        kind="A",
    )


def reduction_a(name: str) -> Named:
    """35x35 to 17x17, Figure 10."""
    return named(
        name,
        branches(
            named("3x3", conv(384, 3, 2, "valid")),
            named("double3x3", conv(64, 1), conv(96, 3), conv(96, 3, 2, "valid")),
            named("pool", maxpool(3, 2)),
        ),
        kind="reduce",
    )


def module_b(name: str, inner: int) -> Named:
    """17x17, Figure 6 with n = 7: 1x1, 7x7, double 7x7, pool."""
    return named(
        name,
        branches(
            named("1x1", conv(192, 1)),
            named("7x7", conv(inner, 1), conv(inner, (1, 7)), conv(192, (7, 1))),
            named(
                "double7x7",
                conv(inner, 1),
                conv(inner, (7, 1)),
                conv(inner, (1, 7)),
                conv(inner, (7, 1)),
                conv(192, (1, 7)),
            ),
            named("pool", MEAN, conv(192, 1)),
        ),
        kind="B",
    )


def reduction_b(name: str) -> Named:
    """17x17 to 8x8."""
    return named(
        name,
        branches(
            named("3x3", conv(192, 1), conv(320, 3, 2, "valid")),
            named("7x7x3", conv(192, 1), conv(192, (1, 7)), conv(192, (7, 1)), conv(192, 3, 2, "valid")),
            named("pool", maxpool(3, 2)),
        ),
        kind="reduce",
    )


def spread(width: int) -> Node:
    """Figure 7: a 3x3 spread into a row and a column side by side, each of this width."""
    return branches(named("1x3", conv(width, (1, 3))), named("3x1", conv(width, (3, 1))))


def module_c(name: str, pool: Pool = MEAN) -> Named:
    """8x8, Figure 7: 1x1, spread 3x3, double 3x3 with the second spread, pool."""
    return named(
        name,
        branches(
            named("1x1", conv(320, 1)),
            named("3x3", conv(384, 1), spread(384)),
            named("double3x3", conv(448, 1), conv(384, 3), spread(384)),
            named("pool", pool, conv(192, 1)),
        ),
        kind="C",
    )


def head(*, normed: bool) -> Node:
    """The classifier on the last 17x17 module; BN-auxiliary (Table 3) norms its 768 as well."""
    full = conv(768, 5, padding="valid") if normed else biased(768, 5, padding="valid")
    return aux("aux", avgpool(5, 3), conv(128, 1), full, globalpool(), linear(1000), weight=0.4)


def after_stem(*, normed_head: bool) -> tuple[Node, ...]:
    """model.txt from the first module to the logits."""
    return (
        module_a("mixed_5b", 32),
        module_a("mixed_5c", 64),
        module_a("mixed_5d", 64),
        reduction_a("mixed_6a"),
        module_b("mixed_6b", 128),
        module_b("mixed_6c", 160),
        module_b("mixed_6d", 160),
        module_b("mixed_6e", 192),
        head(normed=normed_head),
        reduction_b("mixed_7a"),
        module_c("mixed_7b"),
        module_c("mixed_7c"),
        *classifier(),
    )


def classifier() -> tuple[Node, ...]:
    """Keep 0.8 of the 2048 means."""
    return (named("avgpool", globalpool()), named("dropout", dropout(0.2)), named("logits", linear(1000)))


def stem(*first: Node) -> tuple[Node, ...]:
    """First layers down to 147x147x64, then model.txt's way to 35x35x192."""
    return (
        *first,
        named("pool1", maxpool(3, 2)),
        named("conv3", conv(80, 1)),
        named("conv4", conv(192, 3, padding="valid")),
        named("pool2", maxpool(3, 2)),
    )


def three_3x3() -> tuple[Node, ...]:
    """Table 1, rows 1 to 3: the traditional 7x7 factorised into three 3x3."""
    return (
        named("conv0", conv(32, 3, 2, "valid")),
        named("conv1", conv(32, 3, padding="valid")),
        named("conv2", conv(64, 3)),
    )


def inception_v2() -> Network:
    """Table 3's rows before 'Factorized 7x7': a 7x7/2 first, an auxiliary head without norm in its 768."""
    layers = trunk(*stem(named("conv0", conv(64, 7, 2, "valid"))), *after_stem(normed_head=False))
    unsaid = Divergence(
        "first layer",
        "7x7 by the name of the row that replaces it, no width",
        "64 wide and unpadded: nothing after it moves",
        "both",
    )
    source = Source("1512.00567", "Table 3, Inception-v2", 2015)
    return Network(
        "inception-v2", "Inception-v2", "v2", IMAGE, layers, source, MOMENTUM, (unsaid, COST_V2, NAME, *TABLE_1, *BODY)
    )


def inception_v3() -> Network:
    """Table 3's last row and the model.txt of the arXiv source."""
    layers = trunk(*stem(*three_3x3()), *after_stem(normed_head=True))
    source = Source("1512.00567", "model.txt and Table 3, Inception-v3", 2015)
    return Network("inception-v3", "Inception-v3", "v3", IMAGE, layers, source, RMSPROP, (COST_V3, *TABLE_1, *BODY))


def inception_v2_table1() -> Network:
    """Table 1 as printed: 3x3 in rows 5 to 7, Figure 5 modules, five modules at 17x17 beside both reductions."""
    layers = trunk(
        *three_3x3(),
        named("pool1", maxpool(3, 2)),
        named("conv3", conv(80, 3, padding="valid")),
        named("conv4", conv(192, 3, 2, "valid")),
        named("conv5", conv(288, 3)),
        *(module_figure_5(f"mixed_5{letter}") for letter in "bcd"),
        reduction_a("mixed_6a"),
        *(module_b(f"mixed_6{letter}", inner) for letter, inner in zip("bcdef", (128, 160, 160, 160, 192), strict=True)),
        head(normed=True),
        reduction_b("mixed_7a"),
        module_c("mixed_7b"),
        module_c("mixed_7c"),
        *classifier(),
    )
    rows = Divergence("rows 5 to 7", "3x3, 3x3/2, 3x3 with 71x71x80 in between", "model.txt: 1x1, 3x3, max pool 3x3/2", "paper")
    modules = Divergence("17x17 modules", "five, beside two reductions", "model.txt: four", "paper")
    size = Divergence("parameters", "the abstract: less than 25 million", "these widths give more", "code")
    widths = Divergence("module widths", "none printed", "those of model.txt, 64 to 64 in the 3x3 branch", "code")
    source = Source("1512.00567", "Table 1, as printed", 2015)
    return Network(
        "inception-v2-table1",
        "Inception-v2, Table 1 as printed",
        "v2",
        IMAGE,
        layers,
        source,
        RMSPROP,
        (rows, modules, widths, size, *AFTER_STEM),
    )


def module_figure_5(name: str) -> Named:
    """35x35 as Figure 5 draws it: no 5x5 anywhere."""
    return named(
        name,
        branches(
            named("1x1", conv(64, 1)),
            named("3x3", conv(64, 1), conv(64, 3)),
            named("double3x3", conv(64, 1), conv(96, 3), conv(96, 3)),
            named("pool", MEAN, conv(64, 1)),
        ),
        kind="A",
    )
