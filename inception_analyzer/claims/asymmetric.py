"""Claims of 'Rethinking the Inception Architecture', section 3.2: what a 1x3 and a 3x1 save, and whether they equal a 3x3."""

from __future__ import annotations

from inception_analyzer.claims import swaps
from inception_analyzer.claims.counted import at, chain, through
from inception_analyzer.claims.judging import EXACT, fits, of, true
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
    say,
    span,
)
from inception_analyzer.claims.swaps import ROW_COLUMN, both, padded, saved, sides, tried, unpadded, wide, widths_told
from inception_analyzer.inquiry import Evidence, Question

GRIDS = (35, 17, 8)

# The width between as wide as in and out, as in alone, and as out, for out / in of 1.5, 2 and 3.
EQUAL_WIDTHS, NARROW = "64,64,64", "64,64,128"
WIDENING = ("64,96,96", "64,128,128", "64,192,192")

# A 3x1 and a 1x3 in a row that a network is made of: the branch, and where in it the pair begins.
OWN = {"v4": ("inception_c1.double3x3", 1)}

# Kernels of the identity: 16 channels in and out, and so many times that between.
CHANNELS, TIMES = 16, (1, 2, 3)


def _pairs() -> Figures:
    """Equal and growing widths, small maps without padding, and the pair of v4."""
    figures: dict[str, float] = {}
    for name, widths in {"equal": EQUAL_WIDTHS, "narrow": NARROW, **{each: each for each in WIDENING}}.items():
        figures |= padded(name, ROW_COLUMN, widths) | wide(name, widths)
    for grid in GRIDS:
        figures |= unpadded(f"unpadded {grid}", ROW_COLUMN, EQUAL_WIDTHS, grid)
    for name, (path, first) in OWN.items():
        pair = at(name, path).parts[first : first + 2]
        figures |= padded(name, ROW_COLUMN, through(*pair), pair[0].reads.height) | wide(name, through(*pair))
    figures |= both("numbers", chain("3x3", "1", 8).same.params, chain(ROW_COLUMN.chain, "1", 8).same.params)
    return figures | both("outputs", *(_last_writes(kernels) for kernels in (ROW_COLUMN.one, ROW_COLUMN.chain)))


def _last_writes(kernels: str) -> int:
    """Elements that leave a chain: all that its layers write less what lies between."""
    one = chain(kernels, "64", 35)
    return one.same.activations // len(one.chain.steps)


def _judge_pairs(evidence: Evidence) -> Finding:
    told = {key: widths_told(evidence, key) for key in ("equal", "v4", "narrow", *WIDENING)}
    names = {
        "equal": f"equal widths, {told['equal']}",
        "v4": f"v4's own pair, {told['v4']}",
        "narrow": f"{told['narrow']}, middle as wide as in",
        **{key: told[key] for key in WIDENING},
        **{f"unpadded {grid}": f"{grid}x{grid} unpadded, {told['equal']}" for grid in GRIDS},
    }
    conditions = tuple(tried(evidence, key, ROW_COLUMN, when, 0.33, 2) for key, when in names.items())
    equal, double, triple = (saved(evidence, key) for key in ("equal", "64,128,128", "64,192,192"))
    reason = say("at equal widths it {}; a pair that doubles the width {}, one that triples it {}", equal, double, triple)
    return Finding(of(conditions), span(conditions), reason, conditions)


def _judge_numbers(evidence: Evidence) -> Finding:
    """One kernel from one map to one: nine numbers become six."""
    before, after = evidence["numbers.one"], evidence["numbers.chain"]
    conditions = (
        Condition("numbers of a 3x3", Amount(before, "count"), fits(before, 9)),
        Condition("numbers of a 1x3 and a 3x1", Amount(after, "count"), fits(after, 6)),
        tried(evidence, "numbers", ROW_COLUMN, "one map to one", 0.33, 2, "params"),
    )
    reason = say("{} numbers become {}, which {}", *(one.value for one in conditions))
    return Finding(of(conditions), say("{} to {}", conditions[0].value, conditions[1].value), reason, conditions)


def _judge_dimensions(evidence: Evidence) -> Finding:
    """Two readings: of what leaves the pair, and of the numbers that must be learned."""
    conditions = (
        _smaller(evidence, "outputs", "elements of the output", "elements"),
        _smaller(evidence, "numbers", "numbers in the kernel", "params"),
    )
    outputs, numbers = (one.value for one in conditions)
    reason = say("the output stays {} as large, the kernel has {} the numbers", outputs, numbers)
    return Finding(of(conditions), say("{} outputs", outputs), reason, conditions)


def _smaller(evidence: Evidence, key: str, when: str, kind: Kind) -> Condition:
    left = swaps.share(evidence, key)
    return Condition(when, ratio(left), true(left < 1), sides(evidence, key, ROW_COLUMN, kind))


def _timed_pairs() -> tuple[Question, ...]:
    return tuple(swaps.timed(ROW_COLUMN, grid) for grid in GRIDS)


def _widths_between() -> Figures:
    """What a pair with so many times the width between costs beside the 3x3."""
    figures: dict[str, float] = {}
    for times in TIMES:
        figures |= padded(f"between {times}", ROW_COLUMN, f"{CHANNELS},{times * CHANNELS},{CHANNELS}", 17)
    return figures


def _judge_equal(evidence: Evidence) -> Finding:
    """A pair is tried where it costs less than the 3x3; what it takes to be equal is shown beside it."""
    conditions = [_nearest(evidence, times) for times in TIMES]
    conditions += [
        _differs(evidence, "outputs", "outputs of the widest pair"),
        _differs(evidence, "separable", "a 3x3 that is a column times a row"),
    ]
    equal = [times for times in TIMES if evidence[f"row-column.width-{times}"] < EXACT]
    off = conditions[0].value
    if not equal:
        return Finding(of(conditions), say("at best {} off", off), say("the nearest pair is {} off", off), tuple(conditions))
    cost = ratio(swaps.share(evidence, f"between {equal[0]}"))
    reason = say("the nearest pair of the same width is {} off; to be equal takes {} the cost of the 3x3", off, cost)
    return Finding(of(conditions), say("at best {} off", off), reason, tuple(conditions))


def _nearest(evidence: Evidence, times: int) -> Condition:
    error, cost = evidence[f"row-column.width-{times}"], swaps.share(evidence, f"between {times}")
    parts = (("difference", Amount(error, "error")), ("of the cost", ratio(cost)))
    return Condition(_between(times), Amount(error, "error"), true(error < EXACT) if cost < 1 else "aside", parts)


def _between(times: int) -> str:
    return f"any 3x3, {CHANNELS} > {times * CHANNELS} > {CHANNELS}"


def _differs(evidence: Evidence, name: str, when: str, *, judged: bool = False) -> Condition:
    error = evidence[f"row-column.{name}"]
    return Condition(when, Amount(error, "error"), true(error < EXACT) if judged else "aside")


def _judge_back(evidence: Evidence) -> Finding:
    """The column reads zeros beyond the map; with a bias between, the map there would not have been zero."""
    conditions = (
        _differs(evidence, "back", "padded, no bias between", judged=True),
        _differs(evidence, "bias-interior", "a bias between, away from the border", judged=True),
        _differs(evidence, "bias", "a bias between, border included", judged=True),
    )
    plain, biased = conditions[0].value, conditions[2].value
    reason = say("without a bias between it differs by {}, with one by {}, all of it at the border", plain, biased)
    return Finding(of(conditions), say("{} or {}", plain, biased), reason, conditions)


SAVES = Claim(
    id="asym-3x3-save-33",
    title="1x3 and 3x1 for a 3x3 save 33 %",
    statement="A 1x3 and then a 3x1 in place of a 3x3 save 33 %.",
    sources=(
        Citation("P3", "section 3.2", "33 % cheaper if as many filters are read as written"),
        Citation("001", "3.3.2, 4.2.1", "33 % cheaper; nine numbers become six"),
    ),
    claimed="33 %",
    form="3 · in · m + 3 · m · out over 9 · in · out; 6/9 at in = m = out",
    built="pairs of equal and growing widths, unpadded maps, the pair of v4",
    count=_pairs,
    judge=_judge_pairs,
    recorded="depends",
    asks=_timed_pairs,
    checks=(
        SubCheck("numbers", "Nine numbers become six.", "9 to 6", _judge_numbers, "holds-rounded"),
        SubCheck("dimensionality", "It reduces the dimensionality.", "less", _judge_dimensions, "depends"),
    ),
    holds_when="in, middle and out have the same width, and padding keeps the grid",
    see=("asym-3x3-not-equivalent", "asym-nxn-saving-grows", "two-2x2-save-11"),
)
EQUAL = Claim(
    id="asym-3x3-not-equivalent",
    title="a 3x3 equals a 1x3 and a 3x1",
    statement="A 3x3 is equivalent to a 1x3 and then a 3x1 on its output, which cost less.",
    sources=(
        Citation("001", "3.3.2", "a 3x3 is equivalent to first a 1x3 and then a 3x1"),
        Citation("P3", "section 3.2", "the same receptive field is all that is said"),
    ),
    claimed="equal",
    form="the kernel as a matrix of 3 in by 3 out: equal where the middle is no narrower than its rank",
    built="a random 3x3 of 16 channels in float64, its best pairs by singular values, and back",
    count=_widths_between,
    needs=("row-column",),
    judge=_judge_equal,
    recorded="does-not-reproduce",
    checks=(SubCheck("back", "A 1x3 and then a 3x1 are one 3x3.", "equal", _judge_back, "depends"),),
    see=("two-3x3-not-same-function", "asym-3x3-save-33"),
)
CLAIMS = (SAVES, EQUAL)
