"""Claims on when two 3x3 save over a 5x5: the width between them, and the border of the map."""

from __future__ import annotations

from math import isqrt

from inception_analyzer.claims import swaps
from inception_analyzer.claims.counted import at, chain, cost, placed, through
from inception_analyzer.claims.judging import fits, of, true
from inception_analyzer.claims.model import (
    Amount,
    Citation,
    Claim,
    Condition,
    Figures,
    Finding,
    SubCheck,
    ratio,
    say,
    span,
)
from inception_analyzer.claims.rebuilt import block_after
from inception_analyzer.claims.swaps import (
    PAIR_3X3,
    Counts,
    both,
    padded,
    saved,
    sides,
    tried,
    unpadded,
    wide,
    widths_told,
)
from inception_analyzer.cost import total
from inception_analyzer.inquiry import Evidence, Question
from inception_analyzer.kernel import MIDDLES, Middle, parse_chain, turning
from inception_analyzer.outline import short
from inception_analyzer.place import Placed, places
from inception_analyzer.spec import Conv

TOLD: dict[Middle, str] = {"input": "as wide as in", "mean": "at the mean of both", "output": "as wide as out"}

# The module of v3 that is taken apart: the last at 35x35, which reads 288 channels as its neighbour does.
V3_MODULE = "mixed_5d"

# How much wider than it reads a branch may write, and in words; what it reads on the bench that shows it.
WIDENED = {1: "out as wide as in", 2: "out twice as wide"}
BENCH = 64

BORDER_GRIDS = (149, 73, 35, 28, 17, 14, 8)
MAP_GRIDS = (35, 17, 8)
LARGEST_TURNING = 35


def _plain(expression: str, side: int) -> list[Placed]:
    """The square convolutions of stride 1 and this side inside the modules of a network."""
    modules = (part for part in placed(expression).parts if part.kind == "inception")
    found = (inner for module in modules for inner in places(module) if isinstance(inner.node, Conv))
    return [inner for inner in found if isinstance(inner.node, Conv) and inner.node.kernel == (side, side)]


def _widths() -> Figures:
    """Each 5x5 of GoogLeNet with every width between two 3x3, the whole network, and the branches of a module of v3."""
    fives = _plain("v1", 5)
    figures: dict[str, float] = {"branches": len(fives), "v1": cost("v1").macs}
    for middle in MIDDLES:
        one, pairs = zip(*(_branch(five, middle) for five in fives), strict=True)
        figures |= both(f"{middle} sum", sum(one), sum(pairs))
        figures[f"{middle} saving"] = sum(after < before for before, after in zip(one, pairs, strict=True))
        figures[f"v1 {middle}"] = figures["v1"] - sum(one) + sum(pairs)
        figures |= _turns(middle)
    for side in (3, 5):
        for index, here in enumerate(_plain("v1", side)):
            figures[f"alpha {side}x{side} {index}"] = here.writes.channels / here.reads.channels
    return figures | _widest_middles() | _module_of_v3()


def _widest_middles() -> Counts:
    """Up to which width between two 3x3 they save, in widths of what they read: their cost grows in step with it."""
    fives = {times: chain(PAIR_3X3.one, f"{BENCH},{times * BENCH}", 1).same.macs for times in WIDENED}
    each = {times: chain(PAIR_3X3.chain, f"{BENCH},1,{times * BENCH}", 1).same.macs for times in WIDENED}
    return {f"widest {times}": fives[times] / each[times] / BENCH for times in WIDENED}


def _branch(five: Placed, middle: Middle) -> tuple[int, int]:
    """One 5x5 and the pair in its place."""
    ends = five.reads.channels, five.writes.channels
    between = {"input": ends[0], "mean": isqrt(ends[0] * ends[1]), "output": ends[1]}[middle]
    widths = f"{ends[0]},{between},{ends[1]}"
    return total(five).macs, chain(PAIR_3X3.chain, widths, five.writes.height).same.macs


def _turns(middle: Middle) -> Counts:
    """Between which ratios of the widths out to in two 3x3 save, as far as there are such ends."""
    ((low, high),) = turning(parse_chain(PAIR_3X3.one), parse_chain(PAIR_3X3.chain), middle).saves
    ends = {f"from {middle}": low, f"up to {middle}": high}
    return {name: end for name, end in ends.items() if end}


def _module_of_v3() -> Counts:
    """As deployed against its double 3x3 as a 5x5, and its remaining 5x5 as two 3x3 against as deployed."""
    deployed = at("v3", V3_MODULE)
    joined, split = (block_after("v3", V3_MODULE, one) for one in ("stacked", "split-5x5"))
    pair, five = (_behind_1x1(module, "double3x3") for module in (deployed, joined))
    left, halves = (_behind_1x1(module, "5x5") for module in (deployed, split))
    figures = both("v3 module", total(joined).macs, total(deployed).macs)
    figures |= both("v3 branch", _macs(five), _macs(pair)) | wide("v3 branch", through(*pair))
    return figures | both("v3 left", _macs(left), _macs(halves)) | wide("v3 left", through(*halves))


def _behind_1x1(module: Placed, name: str) -> tuple[Placed, ...]:
    """The steps of a branch behind the 1x1 that it begins with."""
    return next(part for part in module.parts if short(part.path) == name).parts[1:]


def _macs(steps: tuple[Placed, ...]) -> int:
    return sum(total(step).macs for step in steps)


def _judge_widths(evidence: Evidence) -> Finding:
    """A branch counts as saving where it does so in every module."""
    conditions = [_nine(evidence, middle) for middle in MIDDLES]
    names = {
        "v3 branch": f"v3, {widths_told(evidence, 'v3 branch')} for a 5x5",
        "v3 left": f"v3, {widths_told(evidence, 'v3 left')} for its 5x5",
        "v3 module": "v3, its whole 35x35 module",
    }
    conditions += [
        Condition(when, saved(evidence, key), true(swaps.share(evidence, key) < 1), sides(evidence, key, PAIR_3X3))
        for key, when in names.items()
    ]
    wholes = [_whole(evidence, middle) for middle in MIDDLES]
    turns = [
        Condition(f"out / in {edge} which it saves, {TOLD[middle]}", ratio(evidence[f"{edge} {middle}"]), "aside")
        for middle in MIDDLES
        for edge in ("from", "up to")
        if f"{edge} {middle}" in evidence.figures
    ]
    turns += [
        Condition(f"middle / in up to which it saves, {told}", ratio(evidence[f"widest {times}"]), "aside")
        for times, told in WIDENED.items()
    ]
    most, least = (saved(evidence, f"{middle} sum") for middle in ("output", "input"))
    reason = say("in GoogLeNet a pair with a middle as wide as its output {}, one as wide as its input {}", most, least)
    return Finding(of(conditions), span(conditions), reason, (*conditions, *wholes, *turns))


def _nine(evidence: Evidence, middle: Middle) -> Condition:
    """GoogLeNet's 5x5 branches together; the text is right where each of them saves."""
    key = f"{middle} sum"
    each = evidence[f"{middle} saving"] == evidence["branches"]
    when = f"GoogLeNet's 5x5, middle {TOLD[middle]}"
    return Condition(when, saved(evidence, key), true(each), sides(evidence, key, PAIR_3X3))


def _whole(evidence: Evidence, middle: Middle) -> Condition:
    figures = both("v1", evidence["v1"], evidence[f"v1 {middle}"])
    return Condition(f"all of GoogLeNet, {TOLD[middle]}", saved(Evidence(figures), "v1"), "aside")


def _judge_alpha(evidence: Evidence) -> Finding:
    """The widths out over in of the branches that a swap is about; those of the 3x3 branches are shown beside them."""
    alphas = {side: _alphas(evidence, side) for side in ("5x5", "3x3")}
    conditions = [
        Condition(f"5x5 branches, {told}", ratio(value), fits(value, 1.5, 2))
        for told, value in (("least", min(alphas["5x5"])), ("greatest", max(alphas["5x5"])))
    ]
    asides = [
        Condition(f"3x3 branches, {told}", ratio(value), "aside")
        for told, value in (("least", min(alphas["3x3"])), ("greatest", max(alphas["3x3"])))
    ]
    least, greatest = (one.value for one in conditions)
    reason = say("GoogLeNet's 5x5 branches widen by {} to {}, its 3x3 branches by {} to {}", least, greatest, *_values(asides))
    return Finding(of(conditions), say("{} to {}", least, greatest), reason, (*conditions, *asides))


def _alphas(evidence: Evidence, side: str) -> list[float]:
    found = [value for name, value in evidence.figures.items() if name.startswith(f"alpha {side}")]
    return found or [evidence[f"alpha {side} 0"]]


def _values(conditions: list[Condition]) -> list[Amount]:
    return [condition.value for condition in conditions]


def _timed_widths() -> tuple[Question, ...]:
    """The branch of v3 as it is, and the 5x5 of GoogLeNet that widens most and comes first."""
    pair = _behind_1x1(at("v3", V3_MODULE), "double3x3")
    five = max(_plain("v1", 5), key=lambda one: one.writes.channels / one.reads.channels)
    return (
        swaps.timed(PAIR_3X3, pair[-1].writes.height, through(*pair)),
        swaps.timed(PAIR_3X3, five.writes.height, f"{through(five)},{five.writes.channels}"),
    )


def _border() -> Figures:
    """Equal widths with and without padding, with the taps on the map alone, and the grid on which it turns."""
    figures: dict[str, float] = padded("padded", PAIR_3X3)
    for grid in BORDER_GRIDS:
        figures |= unpadded(f"unpadded {grid}", PAIR_3X3, grid=grid)
    for grid in MAP_GRIDS:
        figures |= swaps.on_the_map(f"on the map {grid}", PAIR_3X3, grid=grid)
    return figures | {"smallest": _smallest_that_saves()}


def _smallest_that_saves() -> int:
    """The smallest grid on which two 3x3 without padding take less than a 5x5."""
    for grid in range(5, LARGEST_TURNING):
        found = unpadded("", PAIR_3X3, "1", grid)
        if found[".chain"] < found[".one"]:
            return grid
    return LARGEST_TURNING


def _judge_border(evidence: Evidence) -> Finding:
    """The first 3x3 still runs on the larger map where nothing is padded."""
    conditions = [tried(evidence, "padded", PAIR_3X3, "35x35, padded", 0.28, 2)]
    conditions += [tried(evidence, f"unpadded {grid}", PAIR_3X3, f"{grid}x{grid}, unpadded", 0.28, 2) for grid in BORDER_GRIDS]
    conditions += [
        tried(evidence, f"on the map {grid}", PAIR_3X3, f"{grid}x{grid}, taps on the map", 0.28, 2) for grid in MAP_GRIDS
    ]
    smallest = Amount(evidence["smallest"], "count")
    turn = Condition("smallest unpadded grid that saves", smallest, "aside")
    kept, last = conditions[0].value, conditions[len(BORDER_GRIDS)].value
    reason = say("padded it {}, unpadded at 8x8 it {}, and unpadded it saves from {} pixels a side on", kept, last, smallest)
    return Finding(of(conditions), span(conditions), reason, (*conditions, turn))


def _judge_reversal(evidence: Evidence) -> Finding:
    """Only the sign counts here: whether the pair takes less at all."""
    conditions = [
        Condition(
            f"{grid}x{grid}, unpadded",
            saved(evidence, f"unpadded {grid}"),
            true(swaps.share(evidence, f"unpadded {grid}") < 1),
            sides(evidence, f"unpadded {grid}", PAIR_3X3),
        )
        for grid in BORDER_GRIDS
    ]
    best, worst = conditions[0].value, conditions[-1].value
    reason = say("without padding it {} on the largest map and {} on the smallest", best, worst)
    return Finding(of(conditions), span(conditions), reason, tuple(conditions))


def _timed_border() -> tuple[Question, ...]:
    return tuple(swaps.timed(PAIR_3X3, grid, padded=False) for grid in (35, 8))


WIDTH = Claim(
    id="two-3x3-width",
    title="two 3x3 save at any width",
    statement="Stacking two 3x3 in place of a 5x5 makes a branch cheaper, whatever its widths are.",
    sources=(
        Citation("001", "3.3.1, figure 5", "the saving, without a condition"),
        Citation("002", "Factorization", "the saving, without a condition"),
        Citation("003", "Factorizing into smaller convolutions", "the saving, without a condition"),
        Citation("P3", "section 3.1", "grows by the root of alpha in both steps, about 1.5 in all, then sets alpha = 1"),
    ),
    claimed="saves",
    form="9 · m · (in + out) over 25 · in · out; 0.36 (1 + a) at m = out, 0.36 (1 + 1/a) at m = in, with a = out / in",
    built="v1's nine 5x5 with three widths between, v3 5d and its twins",
    count=_widths,
    judge=_judge_widths,
    recorded="depends",
    asks=_timed_widths,
    checks=(
        SubCheck("alpha", "Filters grow by about 1.5 in GoogLeNet's branches.", "1.5x", _judge_alpha, "does-not-reproduce"),
    ),
    holds_when=(
        "the middle is narrower than 25 · in · out / (9 · (in + out)): 1.39 times in if out is as wide, "
        "1.85 times in if out is twice as wide"
    ),
    see=("two-3x3-save-28", "two-3x3-valid-border"),
)
BORDER = Claim(
    id="two-3x3-valid-border",
    title="two 3x3 save 28 % on any grid",
    statement="The 28 % that two 3x3 save over a 5x5 hold on every grid, padded or not.",
    sources=(
        Citation("P3", "section 3.1; Table 1", "28 %, whatever the grid; only modules that keep theirs are padded"),
        Citation("001", "1; 3.3.1", "28 %, whatever the grid; outputs are to be padded"),
    ),
    claimed="28 %",
    form="9 ((H - 2)² + (H - 4)²) over 25 (H - 4)² without padding",
    built="a 5x5 and two 3x3 of 64 channels from 149x149 to 8x8",
    count=_border,
    judge=_judge_border,
    recorded="depends",
    asks=_timed_border,
    checks=(SubCheck("saves", "Unpadded, two 3x3 still save something.", "saves", _judge_reversal, "depends"),),
    holds_when="padding keeps the grid and its taps are counted",
    see=("two-3x3-save-28",),
)
CLAIMS = (WIDTH, BORDER)
