"""Claims of 'Rethinking the Inception Architecture', section 3.1: what small square kernels in a row cost and compute."""

from __future__ import annotations

from inception_analyzer.claims.counted import at, chain, kernel_question
from inception_analyzer.claims.judging import fits, measured, of, true, within
from inception_analyzer.claims.model import (
    Amount,
    Citation,
    Claim,
    Condition,
    Figures,
    Finding,
    SubCheck,
    ratio,
    saving,
    say,
)
from inception_analyzer.inquiry import Evidence, Question
from inception_analyzer.spec import Conv

GRIDS = (35, 17, 8)
TIMED_GRIDS = (149, 73, 35, 17, 8)

# The branches in which a text's saving is tried: a name, and the widths read, between and written.
EQUAL, V3_BRANCH = "64,64,64", "64,96,96"
V1_FIVES = {"3a": "inception_3a.5x5", "4e": "inception_4e.5x5"}


def _squares() -> Figures:
    """A 5x5 and a 3x3 from 64 to 96 channels, under every convention."""
    figures: dict[str, float] = {}
    for grid in GRIDS:
        for kernel in ("3x3", "5x5"):
            one = chain(kernel, "64,96", grid)
            assert one.valid is not None, "both fit on the smallest grid"
            figures |= {
                f"{kernel}.{grid}": one.same.macs,
                f"{kernel}.valid.{grid}": one.valid.macs,
                f"{kernel}.inside.{grid}": one.same.forward.inside,
            }
    return figures


def _judge_squares(evidence: Evidence) -> Finding:
    """On equal grids it is the areas of the kernels; without padding the larger kernel writes a smaller map."""
    conditions = [_squares_on(evidence, "", grid, "padded") for grid in GRIDS]
    asides = [_squares_on(evidence, ".valid", grid, "unpadded", aside=True) for grid in GRIDS]
    asides += [_squares_on(evidence, ".inside", grid, "taps on the map only", aside=True) for grid in GRIDS]
    reason = say("{} wherever padding keeps the grid; {} unpadded at 8x8", conditions[0].value, asides[2].value)
    return Finding(of(conditions), say("{}", conditions[0].value), reason, (*conditions, *asides))


def _squares_on(evidence: Evidence, way: str, grid: int, told: str, *, aside: bool = False) -> Condition:
    small, large = evidence[f"3x3{way}.{grid}"], evidence[f"5x5{way}.{grid}"]
    parts = (("3x3", Amount(small, "macs")), ("5x5", Amount(large, "macs")))
    fit = "aside" if aside else fits(large / small, 25 / 9)
    return Condition(f"64 > 96 at {grid}x{grid}, {told}", ratio(large / small), fit, parts)


def _judge_more(evidence: Evidence) -> Finding:
    """`2.78 times more` is read as it stands: that much on top."""
    found = evidence["5x5.35"] / evidence["3x3.35"] - 1
    fit = fits(found, 2.78, 3)
    reason = say("a 5x5 takes {} the multiply-adds of a 3x3, so {} on top", ratio(found + 1), ratio(found))
    return Finding(of([Condition("35x35, padded", ratio(found), fit)]), say("{} more", ratio(found)), reason)


def _pairs() -> Figures:
    """A 5x5 against two 3x3: equal widths, the branch of v3 and two of GoogLeNet's own, and a small map without padding."""
    figures: dict[str, float] = {}
    for name, (widths, grid) in _branches().items():
        ends = ",".join(widths.split(",")[::2])
        figures |= {
            f"{name}.5x5": chain("5x5", ends, grid).same.macs,
            f"{name}.two": chain("3x3,3x3", widths, grid).same.macs,
        }
    one, two = chain("5x5", "64", 8), chain("3x3,3x3", "64", 8)
    assert one.valid is not None
    assert two.valid is not None
    return figures | {
        "unpadded.5x5": one.valid.macs,
        "unpadded.two": two.valid.macs,
        "weights.5x5": chain("5x5", "64", 35).same.params,
        "weights.two": chain("3x3,3x3", "64", 35).same.params,
    }


def _branches() -> dict[str, tuple[str, int]]:
    """Name, widths and grid of each padded case; GoogLeNet's are read off the network itself."""
    cases = {"equal": (EQUAL, 35), "v3": (V3_BRANCH, 35)}
    for name, path in V1_FIVES.items():
        here = next(part for part in _convs("v1", path) if part[0] == (5, 5))
        cases[f"v1 {name}"] = (f"{here[1]},{here[2]},{here[2]}", here[3])
    return cases


def _convs(expression: str, path: str) -> list[tuple[tuple[int, int], int, int, int]]:
    """Kernel, widths and grid of the convolutions under a path."""
    inner = at(expression, path)
    found = [part for part in (inner, *inner.parts) if isinstance(part.node, Conv)]
    return [(part.node.kernel, part.reads.channels, part.writes.channels, part.writes.height) for part in found]  # type: ignore[union-attr]


def _judge_pairs(evidence: Evidence) -> Finding:
    names = {
        "equal": "equal widths, 64 > 64 > 64",
        "v3": "v3's branch, 64 > 96 > 96",
        "v1 3a": "GoogLeNet 3a, padded",
        "v1 4e": "GoogLeNet 4e, padded",
        "unpadded": "8x8 unpadded, 64 > 64 > 64",
    }
    conditions = tuple(_saving_in(evidence, key, when) for key, when in names.items())
    equal, branch, worst = conditions[0].value, conditions[1].value, conditions[3].value
    reason = say("at equal widths it {}, in v3's own branch it {}, in GoogLeNet's 4e it {}", equal, branch, worst)
    return Finding(of(conditions), say("{} or {}", equal, branch), reason, conditions)


def _saving_in(evidence: Evidence, key: str, when: str) -> Condition:
    before, after = evidence[f"{key}.5x5"], evidence[f"{key}.two"]
    parts = (("5x5", Amount(before, "macs")), ("3x3 + 3x3", Amount(after, "macs")))
    return Condition(when, saving(after, before), fits(1 - after / before, 0.28), parts)


def _judge_formula(evidence: Evidence) -> Finding:
    """The formula as it is printed, 25 / (25 - 18), with the areas taken from what was counted."""
    before, after = evidence["equal.5x5"], evidence["equal.two"]
    found = before / (before - after)
    condition = Condition("as printed", ratio(found), fits(found, 0.28, 2))
    return Finding(of([condition]), say("{}", ratio(found)), say("as printed it gives {}", ratio(found)), (condition,))


def _timed_pairs() -> tuple[Question, ...]:
    return (kernel_question("35", "5x5", "3x3,3x3", "64", 35), kernel_question("8", "5x5", "3x3,3x3", "64", 8))


def _judge_function(evidence: Evidence) -> Finding:
    """Composed from a pair, tried without and with padding, and fitted to a kernel that was not composed."""
    conditions = (
        Condition("a pair as one 5x5, unpadded", _error(evidence, "valid"), true(evidence["two-3x3.valid"] < EXACT)),
        Condition("the same with padding, inside", _error(evidence, "interior"), true(evidence["two-3x3.interior"] < EXACT)),
        Condition("the same with padding, at the border", _error(evidence, "ring"), true(evidence["two-3x3.ring"] < EXACT)),
        Condition("any 5x5 as one pair", _error(evidence, "fit"), true(evidence["two-3x3.fit"] < EXACT)),
        Condition("any 5x5, 9 maps between", _error(evidence, "wide-fit"), true(evidence["two-3x3.wide-fit"] < EXACT)),
        Condition("a pair with ReLU between", _error(evidence, "relu"), true(evidence["two-3x3.relu"] < EXACT)),
    )
    same, cost = sum(one.fit == "exactly" for one in conditions), ratio(evidence["wide"] / evidence["5x5"])
    reason = say("a linear pair is one 5x5 away from the border; a 5x5 is a pair only at {} the cost", cost)
    return Finding(of(conditions), say("{} of {} cases", _count(same), _count(len(conditions))), reason, conditions)


def _shift_basis() -> Figures:
    """One 5x5 from one map to one, and the pair that can be any of them: nine maps between, one for each shift."""
    return {"5x5": chain("5x5", "1", 17).same.macs, "wide": chain("3x3,3x3", "1,9,1", 17).same.macs}


# A difference that float64 leaves between two ways to the same number, with room for sums over many channels.
EXACT = 1e-10


def _error(evidence: Evidence, name: str) -> Amount:
    return Amount(evidence[f"two-3x3.{name}"], "error")


SWAPS = {"5x5": "3x3,3x3", "3x3": "1x3,3x1", "7x7": "1x7,7x1"}


def _timed_grids() -> tuple[Question, ...]:
    """Three factorizations on five grids at 64 channels."""
    return tuple(
        kernel_question(f"{one}.{grid}", one, other, "64", grid) for one, other in SWAPS.items() for grid in TIMED_GRIDS
    )


def _judge_grids(evidence: Evidence) -> Finding:
    """Faster by the whole interval, on each grid."""
    conditions = []
    for one, other in SWAPS.items():
        for grid in TIMED_GRIDS:
            found = evidence.against(f"{one}.{grid}").ratio
            conditions.append(Condition(f"{other} for {one} at {grid}x{grid}", measured(found), within(found, 0.0, 1.0)))
    best = min(conditions, key=lambda one: one.value.value)
    quicker = sum(one.fit == "exactly" for one in conditions)
    reason = say("{} of {} swaps take less time here, at best {}", _count(quicker), _count(len(conditions)), best.value)
    return Finding(of(conditions), say("{} of {}", _count(quicker), _count(len(conditions))), reason, tuple(conditions))


def _count(value: float) -> Amount:
    return Amount(value, "count")


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
    built="a 5x5 and a 3x3 from 64 to 96 channels on 35x35, 17x17 and 8x8",
    count=_squares,
    judge=_judge_squares,
    recorded="holds",
    holds_when="the stride is 1 and padding keeps the grid",
    checks=(
        SubCheck(
            "more",
            "A 5x5 is 2.78 times more expensive, read as so much on top.",
            "2.78x more",
            _judge_more,
            "does-not-reproduce",
        ),
    ),
    see=("two-3x3-save-28",),
)
PAIRS = Claim(
    id="two-3x3-save-28",
    title="two 3x3 for one 5x5 save 28 %",
    statement="Two 3x3 layers in place of one 5x5 save 28 %.",
    sources=(
        Citation("P3", "section 3.1", "a net (9+9)/25, so 28 %, of computation and parameters"),
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
    checks=(SubCheck("formula", "25/(25-9·2) = 0.28, as text 001 prints it.", "0.28", _judge_formula, "does-not-reproduce"),),
    holds_when="in, middle and out have the same width, and padding keeps the grid",
    see=("two-3x3-width", "two-3x3-valid-border"),
)
FUNCTION = Claim(
    id="two-3x3-not-same-function",
    title="two 3x3 compute what a 5x5 does",
    statement="Larger filters can always be reduced into a sequence of 3x3 without loss.",
    sources=(
        Citation("P3", "section 3.2", "filters larger than 3x3 can always be reduced into a sequence of 3x3"),
        Citation("001", "3.3.1", "a cascade of small kernels keeps what they express"),
        Citation("003", "Factorizing into smaller convolutions", "larger filters can always be reduced"),
    ),
    claimed="same",
    form="a linear pair is the convolution of its kernels; a 5x5 has 25 free weights, a pair 17",
    built="random pairs and kernels in float64 on 17x17, composed, fitted, and with ReLU between",
    count=_shift_basis,
    needs=("two-3x3",),
    judge=_judge_function,
    recorded="depends",
    holds_when="there is nothing between the two, and no padding cuts the map between them",
    see=("stacked-receptive-field", "asym-3x3-not-equivalent"),
)
BY_GRID = Claim(
    id="factorized-latency-by-grid",
    title="factorizing pays in time",
    statement="Factorized kernels compute faster, and best on grids of 12 to 20.",
    sources=(
        Citation("001", "3.3.1, 3.3.2", "improves computational speed; works well between 12 and 20"),
        Citation("003", "Asymmetric convolutions", "very good for medium grids"),
        Citation("P3", "section 3.2", "very good results on grids between 12 and 20, said of accuracy"),
    ),
    claimed="quicker",
    form="time of the factored chain over that of the square kernel, by grid",
    built="three factorizations at 64 channels on 149, 73, 35, 17 and 8",
    asks=_timed_grids,
    judge=_judge_grids,
    recorded="undecided",
    see=("two-3x3-save-28", "asym-3x3-save-33", "asym-nxn-saving-grows"),
)
CLAIMS = (SQUARES, PAIRS, FUNCTION, BY_GRID)
