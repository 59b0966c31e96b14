"""Claims of 'Rethinking the Inception Architecture', section 3.1: what a 5x5 costs, and what two 3x3 in its place save."""

from __future__ import annotations

from inception_analyzer.claims import swaps
from inception_analyzer.claims.counted import at, chain, kernel_question, through
from inception_analyzer.claims.judging import fits, of
from inception_analyzer.claims.model import (
    Amount,
    Citation,
    Claim,
    Condition,
    Figures,
    Finding,
    Kind,
    SubCheck,
    ratio,
    saving,
    say,
    span,
)
from inception_analyzer.claims.swaps import (
    PAIR_3X3,
    THREE_3X3,
    Swap,
    both,
    padded,
    saved,
    shown,
    sides,
    tried,
    unpadded,
    wide,
    widths_told,
)
from inception_analyzer.cost import total
from inception_analyzer.inquiry import Evidence, Question
from inception_analyzer.place import place_node
from inception_analyzer.spec import Conv, Node, Shape
from inception_analyzer.words import biased, conv, seq

GRIDS = (35, 17, 8)
SQUARE = Swap("3x3", "5x5")
SIDES = ("3x3", "5x5", "7x7")

# Benches of equal widths and of two ends, and the branches of networks in which a text's saving is tried.
EQUAL, ENDS = "64,64,64", "64,96"
V3_BRANCH = "mixed_5d.double3x3"
V1_FIVES = {"v1 3a": "inception_3a.5x5", "v1 4e": "inception_4e.5x5"}


def _squares() -> Figures:
    """A 5x5 and a 3x3 from 64 to 96 channels, under every convention; a 7x7 beside them on one grid."""
    figures: dict[str, float] = {kernel: chain(kernel, ENDS, 35).same.macs for kernel in SIDES}
    for grid in GRIDS:
        figures |= padded(f"padded {grid}", SQUARE, ENDS, grid)
        figures |= unpadded(f"unpadded {grid}", SQUARE, ENDS, grid)
        figures |= swaps.on_the_map(f"on the map {grid}", SQUARE, ENDS, grid)
    biases = both("biases", *(_params(biased(int(ENDS.partition(",")[2]), kernel)) for kernel in (3, 5)))
    return figures | swaps.weights("weights", SQUARE, ENDS) | biases


def _params(node: Node, channels: int = 64) -> int:
    return total(place_node(node, Shape(channels, 35, 35))).params


def _judge_squares(evidence: Evidence) -> Finding:
    """On equal grids it is the areas of the kernels; without padding the larger kernel writes a smaller map."""
    told = ENDS.replace(",", " > ")
    conditions = [_squares_in(evidence, f"padded {grid}", f"{told} at {grid}x{grid}, padded") for grid in GRIDS]
    conditions += [_squares_in(evidence, "weights", f"weights of {told}")]
    asides = [_squares_in(evidence, "biases", "the same with biases", aside=True)]
    for way in ("unpadded", "on the map"):
        told = {"unpadded": "unpadded", "on the map": "taps on the map only"}[way]
        asides += [_squares_in(evidence, f"{way} {grid}", f"at {grid}x{grid}, {told}", aside=True) for grid in GRIDS]
    smallest = asides[len(GRIDS)].value
    reason = say("it takes {} wherever padding keeps the grid, and {} unpadded at 8x8", conditions[0].value, smallest)
    return Finding(of(conditions), say("{}", conditions[0].value), reason, (*conditions, *asides))


def _squares_in(evidence: Evidence, name: str, when: str, *, aside: bool = False) -> Condition:
    found = swaps.share(evidence, name)
    kind: Kind = "params" if name in ("weights", "biases") else "macs"
    return Condition(when, ratio(found), "aside" if aside else fits(found, 25 / 9), sides(evidence, name, SQUARE, kind))


def _judge_more(evidence: Evidence) -> Finding:
    """`2.78 times more` is read as it stands: that much on top."""
    ways = {"padded": "35x35, padded", "on the map": "35x35, taps on the map"}
    found = [swaps.share(evidence, f"{way} 35") - 1 for way in ways]
    conditions = tuple(Condition(told, ratio(one), fits(one, 2.78, 3)) for told, one in zip(ways.values(), found, strict=True))
    whole, part = (one.value for one in conditions)
    words = "a 5x5 takes {} the multiply-adds of a 3x3, so {} on top, by taps on the map {}"
    return Finding(of(conditions), say("{} more", whole), say(words, ratio(found[0] + 1), whole, part), conditions)


def _judge_square_law(evidence: Evidence) -> Finding:
    """The cost of each side over that of the smallest, beside the square of the sides."""
    small = SIDES[0]
    conditions = []
    for kernel in SIDES[1:]:
        found = evidence[kernel] / evidence[small]
        square = (int(kernel[0]) / int(small[0])) ** 2
        conditions.append(Condition(f"{kernel} over {small}", ratio(found), fits(found, square)))
    reason = say("a 5x5 takes {} of a 3x3 and a 7x7 {}", *(one.value for one in conditions))
    return Finding(of(conditions), say("{} at 7x7", conditions[-1].value), reason, tuple(conditions))


def _timed_squares() -> tuple[Question, ...]:
    return (kernel_question("5x5 over 3x3", "3x3", "5x5", ENDS, 35),)


def _pairs() -> Figures:
    """A 5x5 against two 3x3: equal widths, the branch of v3 and two of GoogLeNet's own, and a small map without padding."""
    figures = unpadded("unpadded", PAIR_3X3, EQUAL, 8) | wide("unpadded", EQUAL)
    for name, (widths, grid) in _branches().items():
        figures |= padded(name, PAIR_3X3, widths, grid) | wide(name, widths)
    normed = both("normed weights", _params(conv(64, 5)), _params(seq(conv(64, 3), conv(64, 3))))
    figures |= swaps.weights("weights", PAIR_3X3) | normed | swaps.written("written", PAIR_3X3)
    return figures | swaps.weights("three", THREE_3X3) | {"3x3": chain("3x3", "64", 35).same.macs}


def _branches() -> dict[str, tuple[str, int]]:
    """Name, widths and grid of each padded case; those of branches are read off the networks."""
    pair = at("v3", V3_BRANCH).parts[1:]
    cases = {"equal": (EQUAL, 35), "v3": (through(*pair), pair[-1].writes.height)}
    for name, path in V1_FIVES.items():
        five = next(part for part in at("v1", path).parts if isinstance(part.node, Conv) and part.node.kernel == (5, 5))
        reads, writes = five.reads, five.writes
        cases[name] = (f"{reads.channels},{writes.channels},{writes.channels}", writes.height)
    return cases


def _judge_pairs(evidence: Evidence) -> Finding:
    names = {
        "equal": "equal widths",
        "v3": "v3's branch",
        "v1 3a": "GoogLeNet 3a",
        "v1 4e": "GoogLeNet 4e",
        "unpadded": "8x8 unpadded",
    }
    conditions = tuple(
        tried(evidence, key, PAIR_3X3, f"{when}, {widths_told(evidence, key)}", 0.28) for key, when in names.items()
    )
    kept = shown(evidence, "written", PAIR_3X3, "elements that the layers write", kind="elements")
    equal, branch, worst = conditions[0].value, conditions[1].value, conditions[3].value
    reason = say("at equal widths it {}, in v3's own branch it {} and in GoogLeNet's 4e it {}", equal, branch, worst)
    return Finding(of(conditions), span(conditions), reason, (*conditions, kept))


def _judge_formula(evidence: Evidence) -> Finding:
    """The formula as it is printed, 25 / (25 - 18), with the areas taken from what was counted."""
    before, after = evidence["equal.one"], evidence["equal.chain"]
    found = before / (before - after)
    condition = Condition("as printed", ratio(found), fits(found, 0.28, 2))
    return Finding(of([condition]), say("gives {}", ratio(found)), say("as printed it gives {}", ratio(found)), (condition,))


def _judge_reduction(evidence: Evidence) -> Finding:
    """A reduction by 18/25 would take that much away; it is what stays."""
    away = saved(evidence, "equal")
    condition = Condition("taken away, equal widths", away, fits(away.value, 18 / 25))
    left = ratio(swaps.share(evidence, "equal"))
    reason = say("{} is what is left of the cost, and the swap {}", left, away)
    return Finding(of([condition]), say("{}", away), reason, (condition, Condition("left", left, "aside")))


def _judge_doubling(evidence: Evidence) -> Finding:
    found = ratio(evidence["equal.chain"] / evidence["3x3"])
    condition = Condition("equal widths, padded", found, fits(found.value, 2))
    reason = say("two 3x3 of equal widths take {} the multiply-adds of one", found)
    return Finding(of([condition]), say("{}", found), reason, (condition,))


def _judge_weights(evidence: Evidence) -> Finding:
    """Bare weights are claimed; a norm after each layer adds a pair of numbers per channel to both sides."""
    bare = tried(evidence, "weights", PAIR_3X3, "weights, equal widths", 0.28, kind="params")
    left = swaps.share(evidence, "normed weights")
    normed = Condition(
        "left with norms, 64 wide", Amount(left, "number"), "aside", sides(evidence, "normed weights", PAIR_3X3, "params")
    )
    reason = say("of the weights it {}; with batch norms {} of the parameters stay", bare.value, normed.value)
    return Finding(of([bare]), say("{}", bare.value), reason, (bare, normed))


def _judge_three(evidence: Evidence) -> Finding:
    """So much on top of the chain, not of the kernel."""
    times = evidence["three.one"] / evidence["three.chain"]
    more = Amount(100 * (times - 1), "number")
    fit = fits(more.value, 81, 2)
    condition = Condition("7x7 over three 3x3, % more", more, fit, sides(evidence, "three", THREE_3X3, "params"))
    reason = say("a 7x7 has {} the weights of three 3x3, {} % more, so the swap {}", ratio(times), more, saving(1, times))
    return Finding(of([condition]), say("{} % more", more), reason, (condition,))


def _timed_pairs() -> tuple[Question, ...]:
    return (swaps.timed(PAIR_3X3, 35), swaps.timed(PAIR_3X3, 8))


SQUARES = Claim(
    id="k5-vs-k3-2p78",
    title="a 5x5 costs 2.78 of a 3x3",
    statement="A 5x5 costs 25/9 = 2.78 times a 3x3, as cost grows with the square of the kernel's side.",
    sources=(
        Citation("P3", "section 3.1", "25/9 = 2.78 times as expensive with the same number of filters"),
        Citation("001", "3.3.1", "2.78 times, said twice, and that cost rises with the square"),
        Citation("003", "Factorizing into smaller convolutions", "2.78 times more expensive"),
    ),
    claimed="2.78x",
    form="k k · in · out · grid; 25/9 whatever widths and grid are",
    built="a 3x3, a 5x5 and a 7x7 from 64 to 96 channels on 35x35, 17x17 and 8x8",
    count=_squares,
    judge=_judge_squares,
    recorded="holds",
    asks=_timed_squares,
    holds_when="the stride is 1 and padding keeps the grid",
    checks=(
        SubCheck(
            "more",
            "A 5x5 is 2.78 times more expensive, read as so much on top.",
            "2.78x more",
            _judge_more,
            "does-not-reproduce",
        ),
        SubCheck("square", "Cost rises with the square of the kernel's side.", "k squared", _judge_square_law, "holds"),
    ),
    see=("two-3x3-save-28",),
)
PAIRS = Claim(
    id="two-3x3-save-28",
    title="two 3x3 for one 5x5 save 28 %",
    statement="Two 3x3 layers in place of one 5x5 save 28 %.",
    sources=(
        Citation("P3", "section 3.1", "a net (9+9)/25, so 28 %, of computation and parameters"),
        Citation("VGG", "section 2.3", "a 7x7 has 81 % more weights than three 3x3"),
        Citation("001", "3.3.1", "28 %, by the formula 25/(25-9·2) = 0.28"),
        Citation("003", "Factorizing into smaller convolutions", "an 18/25x reduction and 28 %"),
        Citation("002", "Factorization", "a 5x5 is replaced by two 3x3"),
    ),
    claimed="28 %",
    form="9 · in · m + 9 · m · out over 25 · in · out; 18/25 at in = m = out",
    built="v1 3a and 4e, the branch of v3, equal widths at 35x35 and unpadded at 8x8",
    count=_pairs,
    judge=_judge_pairs,
    recorded="depends",
    asks=_timed_pairs,
    checks=(
        SubCheck("formula", "25/(25-9·2) = 0.28, as the WikiDocs page has it.", "0.28", _judge_formula, "does-not-reproduce"),
        SubCheck(
            "reduction",
            "An 18/25x reduction, as the slides word it: a reduction by so much.",
            "by 18/25",
            _judge_reduction,
            "does-not-reproduce",
        ),
        SubCheck("doubles", "Two 3x3 only double the cost of one.", "2x", _judge_doubling, "holds"),
        SubCheck("weights", "The saving in parameters is the same 28 %.", "28 %", _judge_weights, "holds"),
        SubCheck("three-3x3", "A 7x7 has 81 % more weights than three 3x3.", "81 % more", _judge_three, "holds-rounded"),
    ),
    holds_when="in, middle and out have the same width, and padding keeps the grid",
    see=("two-3x3-width", "two-3x3-valid-border", "stacked-receptive-field"),
)
CLAIMS = (SQUARES, PAIRS)
