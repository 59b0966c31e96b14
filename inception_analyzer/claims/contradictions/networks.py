"""Where the texts contradict each other on what whole networks are called, hold and cost."""

from __future__ import annotations

from inception_analyzer.claims.contradictions.model import Contradiction
from inception_analyzer.claims.counted import at, count, inside, macs, params, params_with_heads
from inception_analyzer.claims.model import Citation, Figures
from inception_analyzer.depth import depth_of

# Costs as P3's Table 3 prints them, in billions; 002 and 003 copy them.
PRINTED = {"v1": 1.5, "bn": 2.0, "v2": 3.8, "v3": 4.8}

# Parameters of the rows of P1's Table 1, in thousands.
TABLE_1 = (2.7, 112, 159, 380, 364, 437, 463, 580, 840, 1072, 1388, 1000)


def layers(expression: str) -> int:
    """Convolutions and fully connected layers, auxiliary heads left out."""
    return sum(layer.op in ("conv", "linear") and not layer.aux for layer in count(expression).layers)


def depth(expression: str) -> int:
    """Layers with weights on the longest path."""
    return count(expression).depth.layers


def _names() -> Figures:
    return {
        "v2, printed": PRINTED["v2"] / PRINTED["v1"],
        "v3, printed": PRINTED["v3"] / PRINTED["v1"],
        "v3": macs("v3") / macs("v1"),
        "depth": depth("v3"),
    }


def _references() -> Figures:
    return {
        "v1": macs("v3") / macs("v1"),
        "bn": macs("v3") / macs("bn"),
        "v1, printed": PRINTED["v3"] / PRINTED["v1"],
        "bn, printed": PRINTED["v3"] / PRINTED["bn"],
    }


def _second() -> Figures:
    return {"bn": macs("bn"), "v2": macs("v2"), "ratio": macs("v2") / macs("bn")}


def _alexnet() -> Figures:
    return {
        "ratio": params("alexnet") / params("v1"),
        "v1": params("v1"),
        "rows": 1000 * sum(TABLE_1),
        "rows' ratio": params("alexnet") / (1000 * sum(TABLE_1)),
    }


def _vgg() -> Figures:
    return {
        "16": params("vgg16") / params("alexnet"),
        "19": params("vgg19") / params("alexnet"),
        "growth": params("vgg19") / params("vgg11") - 1,
    }


def _depths() -> Figures:
    reductions = sum(depth_of(at("inception-v2-table1", path)).layers for path in ("mixed_6a", "mixed_7a"))
    printed = depth("inception-v2-table1")
    return {"v3": depth("v3"), "table": printed, "without": printed - reductions}


def _v3() -> Figures:
    return {"macs": macs("v3"), "inside": inside("v3"), "params": params("v3"), "with head": params_with_heads("v3")}


def _bn_inception() -> Figures:
    return {
        "params": params("bn"),
        "more params": params("bn") / params("v1") - 1,
        "more macs": macs("bn") / macs("v1") - 1,
    }


def _residual() -> Figures:
    drawn = "inception-resnet-v2-paper"
    return {
        "drawn": macs(drawn) / macs("v4"),
        "released": macs("ir2") / macs("v4"),
        "layers of v4": layers("v4"),
        "layers of ir2": layers("ir2"),
        "b": at(drawn, "block_b1").reads.channels,
        "c": at(drawn, "block_c1").reads.channels,
    }


CONTRADICTIONS = (
    Contradiction(
        1,
        "which network takes 2.5x GoogLeNet",
        (
            Citation("003", "Summary", "Inception-v3 has 42 layers and takes 2.5x the computation of GoogLeNet"),
            Citation("P3", "section 6", "says both of Inception-v2"),
            Citation("003", "results", "calls the net of 3.8 G Inception-v3-basic"),
            Citation("002", "results", "calls the same rows Inception-v2"),
        ),
        _names,
        "by the printed costs the net of 3.8 G takes {} and v3 {}; counted, v3 takes {} and has {} layers",
        (("v2, printed", "ratio"), ("v3, printed", "ratio"), ("v3", "ratio"), ("depth", "count")),
        ("cost-2p5x-googlenet", "v3-42-layers"),
    ),
    Contradiction(
        2,
        "2.5x of which network",
        (
            Citation("P3", "section 6", "2.5 times GoogLeNet"),
            Citation("P3", "section 11", "2.5x compared to Ioffe et al., which is BN-Inception"),
            Citation("003", "Summary", "uses both as one"),
        ),
        _references,
        "v3 takes {} the multiply-adds of GoogLeNet and {} those of BN-Inception; by the printed costs {} and {}",
        (("v1", "ratio"), ("bn", "ratio"), ("v1, printed", "ratio"), ("bn, printed", "ratio")),
        ("cost-2p5x-googlenet", "bn-inception-cost-2g"),
    ),
    Contradiction(
        3,
        "which network is Inception-v2",
        (
            Citation("001", "3", "the network of Rethinking"),
            Citation("001", "3.3.6, 4", "BN-Inception"),
            Citation("P4", "section 2", "BN-Inception"),
            Citation("P3", "section 6", "the network of 3.8 G"),
        ),
        _second,
        "BN-Inception takes {}, the network of Rethinking {}, which is {} as much",
        (("bn", "macs"), ("v2", "macs"), ("ratio", "ratio")),
        ("bn-inception-cost-2g", "cost-2p5x-googlenet"),
    ),
    Contradiction(
        4,
        "GoogLeNet's parameters",
        (
            Citation("001", "2.3", "1/12 of AlexNet"),
            Citation("P3", "section 1", "5 million, 12 times fewer than AlexNet's 60"),
            Citation("P1", "section 1", "12 times fewer than AlexNet"),
            Citation("P1", "Table 1", "rows between 2.7K and 1388K"),
        ),
        _alexnet,
        "AlexNet has {} the parameters of GoogLeNet's {}; Table 1's rows add up to {}, which makes it {}",
        (("ratio", "ratio"), ("v1", "params"), ("rows", "params"), ("rows' ratio", "ratio")),
        ("googlenet-12x-alexnet", "googlenet-params-5m"),
    ),
    Contradiction(
        5,
        "VGG's parameters",
        (
            Citation("001", "2.3", "3 times AlexNet's"),
            Citation("P3", "section 1", "about 3x more than AlexNet"),
            Citation("003", "Related work", "VGG kept the parameters constant"),
            Citation("VGG", "Table 2", "from 133 to 144 million"),
        ),
        _vgg,
        "VGG-16 has {} the parameters of AlexNet, VGG-19 {}; from VGG-11 to VGG-19 they change by {}",
        (("16", "ratio"), ("19", "ratio"), ("growth", "change")),
        ("vgg-3x-alexnet",),
    ),
    Contradiction(
        12,
        "how deep v3 is",
        (
            Citation("003", "Inception-v3", "42 layers deep"),
            Citation("P3", "section 6", "the network of Table 1 is 42 layers deep"),
        ),
        _depths,
        "the longest path of v3 has {} layers, that of Table 1 as printed {}, without its reductions {}",
        (("v3", "count"), ("table", "count"), ("without", "count")),
        ("v3-42-layers", "table1-vs-deployed-v3"),
    ),
    Contradiction(
        13,
        "what v3 costs",
        (
            Citation("P3", "abstract", "5 billion multiply-adds, fewer than 25 million parameters"),
            Citation("P3", "Table 3", "4.8"),
            Citation("002", "results", "4.8"),
            Citation("003", "results", "4.8"),
        ),
        _v3,
        "v3 takes {}, or {} with taps on the map only, and has {} parameters, or {} with its auxiliary head",
        (("macs", "macs"), ("inside", "macs"), ("params", "params"), ("with head", "params")),
        ("v3-macs-5g-params-25m",),
    ),
    Contradiction(
        14,
        "BN-Inception's parameters",
        (
            Citation("PB", "section 4.2", "13.6 million"),
            Citation("PB", "appendix", "25 % more parameters and 30 % more cost than GoogLeNet"),
            Citation("PB", "Figure 5", "a table of widths"),
        ),
        _bn_inception,
        "the widths of its own table give {} parameters, against GoogLeNet {}, and {} multiply-adds",
        (("params", "params"), ("more params", "change"), ("more macs", "change")),
        ("bn-inception-cost-2g",),
    ),
    Contradiction(
        17,
        "Inception-ResNet-v2 beside v4",
        (
            Citation("001", "6", "costs what v4 costs"),
            Citation("P4", "section 3.2", "matches the raw cost of v4, whose step is slower, probably for its layers"),
            Citation("P4", "Figures 17 and 19", "expansions to 1154 and 2048 channels"),
            Citation("P4", "Figure 15", "5, 10 and 5 blocks; 10, 20 and 10 were released"),
        ),
        _residual,
        "drawn, it takes {} the multiply-adds of v4, released {} in {} layers, not {}; drawn, its sums read {} and {} channels",
        (
            ("drawn", "ratio"),
            ("released", "ratio"),
            ("layers of ir2", "count"),
            ("layers of v4", "count"),
            ("b", "count"),
            ("c", "count"),
        ),
        ("inception-resnet-cost-match", "residual-width-must-match", "ir-stems-and-reductions"),
    ),
)
