"""Where the texts contradict each other on what kernels, modules and grids cost and compute."""

from __future__ import annotations

from dataclasses import replace

from inception_analyzer.claims.contradictions.model import Contradiction
from inception_analyzer.claims.counted import at, block, chain, count, macs
from inception_analyzer.claims.model import Citation, Figures
from inception_analyzer.cost import total
from inception_analyzer.expressions import load
from inception_analyzer.passes import rewrite
from inception_analyzer.place import place, place_node
from inception_analyzer.spec import Network, Sequence
from inception_analyzer.words import conv, named

# Costs before and with 'Factorized 7x7' as P3's Table 3 prints them, in billions.
BEFORE, FACTORIZED = 3.8, 4.8

MODULES = ("3a", "3b", "4a", "4b", "4c", "4d", "4e", "5a", "5b")
STEM = ("conv0", "conv1", "conv2")


def _pairs() -> Figures:
    five, two = chain("5x5", "64", 35).same.macs, chain("3x3,3x3", "64", 35).same.macs
    return {"ratio": two / five, "saving": 1 - two / five, "formula": five / (five - two), "by": two / five}


def _branches() -> Figures:
    """GoogLeNet's nine 5x5, and what they would take as pairs whose middle is as wide as their output."""
    fives = [at("v1", f"inception_{name}.5x5").parts[-1] for name in MODULES]
    growths = [five.writes.channels / five.reads.channels for five in fives]
    before = sum(total(five).macs for five in fives)
    more = macs("v1@split-5x5=output") - macs("v1")
    return {"least": min(growths), "most": max(growths), "pairs": (before + more) / before}


def _grids() -> Figures:
    """A 1x1 that doubles the channels before and after the grid is halved: 36 to 18, and 35 to 17."""
    even, odd = (_on(large) / _on(small) for large, small in ((36, 18), (35, 17)))
    return {"even": even, "odd": odd, "even saves": 1 - 1 / even, "odd saves": 1 - 1 / odd}


def _on(grid: int) -> int:
    return chain("1x1", "320,640", grid).same.macs


def _sevens() -> Figures:
    stem = sum(block("v3", path).macs for path in STEM)
    return {
        "stem": stem / block("v3@stem-7x7", "conv0").macs,
        "network": macs("v3") / macs("v3@stem-7x7") - 1,
        "printed": FACTORIZED / BEFORE - 1,
        "modules": 1 - macs("v3") / macs("v3@asymmetric"),
    }


def _equivalents() -> Figures:
    """Any 3x3 from 16 to 16 channels is a pair with 48 between: one map for each of its rows."""
    square = chain("3x3", "16", 17)
    return {
        "row": chain("1x3,3x1", "16", 17).taps,
        "square": square.taps,
        "beside": chain("1x3|3x1", "16", 17).taps,
        "exact": chain("1x3,3x1", "16,48,16", 17).same.macs / square.same.macs,
    }


def _fives() -> Figures:
    """What is left of 5x5 in v3, and the row of Table 1 that is not marked as padded."""
    row = at("inception-v2-table1", "conv5")
    unpadded = place_node(conv(row.writes.channels, 3, padding="valid"), row.reads, "conv5")
    return {
        "5x5": sum(layer.kernel == (5, 5) and not layer.aux for layer in count("v3").layers),
        "unpadded": unpadded.writes.height,
        "printed": row.writes.height,
    }


def _shares() -> Figures:
    return {name: _large(name) for name in (MODULES[0], MODULES[-1])}


def _large(name: str) -> float:
    """The share of a module's channels that its 3x3 and 5x5 write."""
    large = sum(at("v1", f"inception_{name}.{arm}").writes.channels for arm in ("3x3", "5x5"))
    return large / at("v1", f"inception_{name}").writes.channels


def _resolutions() -> Figures:
    """v3 with each of its stems over each image."""
    separable = separable_stem(load("v2"))
    small = rewrite(separable, ["low-res=79"]).network
    return {
        "151": macs("v3@low-res=151") / macs("v3"),
        "79": macs("v3@low-res=79") / macs("v3"),
        "separable": total(place(small)).macs / total(place(separable)).macs,
        "unchanged": macs("v3") / macs("v3@input=79"),
    }


def separable_stem(network: Network) -> Network:
    """The first 7x7/2 as 1502.03167 builds it: eight 7x7 for each colour, then a 1x1."""
    _, *rest = network.trunk.steps
    depthwise = named("conv0_depthwise", conv(24, 7, 2, "valid", groups=3, norm=None, act="none"))
    return replace(network, trunk=Sequence((depthwise, named("conv0", conv(64, 1)), *rest)))


CONTRADICTIONS = (
    Contradiction(
        6,
        "where the 28 % come from",
        (
            Citation("001", "3.3.1", "25/(25-9·2) = 0.28"),
            Citation("003", "Factorizing into smaller convolutions", "an 18/25x reduction and 28 %"),
            Citation("P3", "section 3.1", "a net (9+9)/25, so 28 %"),
        ),
        _pairs,
        "two 3x3 take {} of a 5x5, which {}; 001's formula gives {}, and a reduction by 18/25 would save {}",
        (("ratio", "ratio"), ("saving", "saving"), ("formula", "number"), ("by", "share")),
        ("two-3x3-save-28",),
    ),
    Contradiction(
        7,
        "how much 5x5 branches widen",
        (
            Citation("P3", "section 3.1", "about 1.5 times in GoogLeNet, then set to 1"),
            Citation("P1", "Table 1", "16 to 32 in 3a, 32 to 128 in 4e"),
        ),
        _branches,
        "GoogLeNet's 5x5 widen by {} to {}; as two 3x3 of their output's width they take {} the multiply-adds",
        (("least", "ratio"), ("most", "ratio"), ("pairs", "ratio")),
        ("two-3x3-width", "two-3x3-save-28"),
    ),
    Contradiction(
        8,
        "what pooling first saves",
        (
            Citation("003", "Grid size reduction", "reduces the cost by 1/4"),
            Citation("P3", "section 5", "by a quarter, from 2d²k² to 2(d/2)²k²"),
            Citation("P3", "Figure 9", "expanding first is 3 times more expensive"),
            Citation("001", "3.3.4", "3 times, as in the caption"),
            Citation("002", "Grid size reduction", "pooling alone made the computation complex"),
        ),
        _grids,
        "expanding first takes {} on even grids and {} from 35 to 17, so pooling first saves {} and {}",
        (("even", "ratio"), ("odd", "ratio"), ("even saves", "share"), ("odd saves", "share")),
        ("grid-reduction-3x", "pool-first-quarter"),
    ),
    Contradiction(
        9,
        "what 'Factorized 7x7' factorizes",
        (
            Citation("001", "4.2.1", "1x7 and 7x1, a saving"),
            Citation("P3", "sections 6 and 10", "the first layer, into three 3x3"),
            Citation("002", "results", "3.8 before, 4.8 after"),
            Citation("003", "results", "3.8 before, 4.8 after"),
        ),
        _sevens,
        "three 3x3 take {} the first 7x7 and change v3 by {}, in print by {}; 1x7 and 7x1 in its modules save {}",
        (("stem", "ratio"), ("network", "change"), ("printed", "change"), ("modules", "share")),
        ("factorized-7x7-raises-cost", "asym-nxn-saving-grows"),
    ),
    Contradiction(
        10,
        "what is equivalent to a 3x3",
        (
            Citation("001", "3.3.2", "a 1x3 and then a 3x1; and the wide module is equivalent to the deep one"),
            Citation("P3", "section 3.2", "the pair has the same receptive field"),
            Citation("P3", "Figure 7", "a 1x3 beside a 3x1"),
        ),
        _equivalents,
        "a 3x3 sees {} inputs, a 1x3 and a 3x1 in a row {}, side by side {}; a pair that can be any 3x3 takes {} its cost",
        (("square", "count"), ("row", "count"), ("beside", "count"), ("exact", "ratio")),
        ("asym-3x3-not-equivalent", "fig7-wider-not-deeper", "stacked-receptive-field"),
    ),
    Contradiction(
        11,
        "whether every 5x5 was replaced",
        (
            Citation("001", "Figure 5", "each 5x5 is replaced by two 3x3"),
            Citation("P3", "section 6 and Table 1", "modules of Figures 5 and 6 in one, 5, 6 and 7 in the other"),
            Citation("P3", "Table 1", "an unpadded 3x3 on 35x35 that writes 35x35"),
        ),
        _fives,
        "v3 as deployed has {} convolutions of 5x5; unpadded, that row of Table 1 writes {} rows, not {}",
        (("5x5", "count"), ("unpadded", "count"), ("printed", "count")),
        ("table1-vs-deployed-v3", "table1-shape-chain"),
    ),
    Contradiction(
        18,
        "whether larger kernels gain with depth",
        (
            Citation("001", "2.2.2", "the share of 5x5 increases with depth"),
            Citation("P1", "section 4", "the ratio of 3x3 and 5x5 should increase towards higher layers"),
            Citation("P1", "Table 1", "128 and 32 of 256 in 3a, 384 and 128 of 1024 in 5b"),
        ),
        _shares,
        "3x3 and 5x5 write {} of the channels of 3a and {} of those of 5b",
        (("3a", "share"), ("5b", "share")),
        ("share-of-large-kernels-grows",),
    ),
    Contradiction(
        21,
        "whether low resolution costs the same",
        (
            Citation("003", "Low-resolution input", "the cost is constant at 299, 151 and 79 pixels"),
            Citation("P3", "section 9", "almost identical, within 1 % at 79; without the changes 16 times cheaper"),
        ),
        _resolutions,
        "at 151 pixels v3 takes {} its multiply-adds, at 79 {}, with a separable 7x7 {}; unchanged, 299 takes {} what 79 does",
        (("151", "ratio"), ("79", "ratio"), ("separable", "ratio"), ("unchanged", "ratio")),
        ("resolution-constant-cost",),
    ),
)
