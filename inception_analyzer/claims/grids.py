"""The claim that factorized kernels take less time, and on which grids they do."""

from __future__ import annotations

from collections.abc import Sequence

from inception_analyzer.claims import swaps
from inception_analyzer.claims.counted import BENCH, at, kernel_question, training_question
from inception_analyzer.claims.judging import Clocked, clocked, measured, of, true
from inception_analyzer.claims.model import Amount, Citation, Claim, Condition, Figures, Finding, Fit, SubCheck, number_of, say
from inception_analyzer.claims.swaps import LONG_PAIR, PAIR_3X3, ROW_COLUMN, Swap, both, padded, saved, sides
from inception_analyzer.inquiry import Evidence, Question
from inception_analyzer.stats import Interval

SWAPS = (PAIR_3X3, ROW_COLUMN, LONG_PAIR)
GRIDS = (149, 73, 35, 17, 8)

# The grids of which it is said that factorizing pays best there, and the one of ours that is such a grid.
MEDIUM = range(12, 21)
MIDDLE = next(grid for grid in GRIDS if grid in MEDIUM)
BATCH = 32
SMALLER = tuple(grid for grid in GRIDS if grid <= MIDDLE)


def _predicted() -> Figures:
    """What counting foretells: multiply-adds, and the elements of maps that must be moved for them."""
    figures: dict[str, float] = {}
    for swap in SWAPS:
        figures |= padded(f"{swap.one} macs", swap, grid=MIDDLE)
        figures |= swaps.moved(f"{swap.one} moved", swap, grid=MIDDLE)
    return figures


def _questions() -> tuple[Question, ...]:
    """Three factorizations on each grid for one image; on the smaller ones for many and in training; and as wide as in v3."""
    single = [swaps.timed(swap, grid) for swap in SWAPS for grid in GRIDS]
    many = [swaps.timed(swap, grid, batch=BATCH) for swap in SWAPS for grid in SMALLER]
    wide = [kernel_question(f"{swap.one} as wide as v3", swap.one, swap.chain, _width(), MIDDLE) for swap in SWAPS]
    training = [
        training_question(f"{swap.one} trained on {grid}", swap.one, swap.chain, BENCH, grid, batch=BATCH)
        for swap in SWAPS
        for grid in SMALLER
    ]
    return (*single, *many, *wide, *training)


def _width() -> str:
    """What the widest pairs of v3 on the medium grid have on every side."""
    return str(at("v3", "mixed_6e.double7x7").writes.channels)


def _cases() -> dict[str, str]:
    """Every question with the words of its case, swap by swap."""
    cases: dict[str, str] = {}
    for swap in SWAPS:
        cases |= {f"{swap.one} on {grid}": f"{swap.words} at {grid}x{grid}" for grid in GRIDS}
        cases |= {
            f"{swap.one} on {grid}, {BATCH} images": f"{swap.words} at {grid}x{grid} for {BATCH} images" for grid in SMALLER
        }
        cases[f"{swap.one} as wide as v3"] = f"{swap.words} at {MIDDLE}x{MIDDLE} as wide as in v3"
        cases |= {f"{swap.one} trained on {grid}": f"{swap.words} at {grid}x{grid} in training" for grid in SMALLER}
    return cases


def _judge_times(evidence: Evidence) -> Finding:
    """Quicker by the whole interval, in each case that was timed."""
    found = clocked(evidence, _cases())
    paying = number_of(sum(one.fit == "exactly" for one in found.conditions))
    every = number_of(len(found.conditions))
    values = [one.value for one in found.conditions]
    best, worst = (edge(values, key=lambda one: one.value) for edge in (min, max))
    told = f"{{}} of {{}} cases take less time here, from {{}} to {{}}{_exceptions(found.conditions)}"
    reason = say(told, paying, every, best, worst)
    return found.finding(say("quicker in {} of {}", paying, every), reason)


def _exceptions(conditions: Sequence[Condition]) -> str:
    """The swaps that do not pay, each with where."""
    where: dict[str, list[str]] = {}
    for one in conditions:
        if one.fit == "not":
            swap, _, case = one.when.partition(" at ")
            where.setdefault(swap, []).append(case)
    return "".join(f"; {swap} not at {_listed(cases)}" for swap, cases in where.items())


def _listed(cases: Sequence[str]) -> str:
    """`35x35, 17x17 and 8x8`."""
    *before, last = cases
    return f"{', '.join(before)} and {last}" if before else last


def _judge_middle(evidence: Evidence) -> Finding:
    """Best where the interval of the medium grid lies below those of all others, for the swaps timed on every grid."""
    questions = {swap: {grid: f"{swap.one} on {grid}" for grid in GRIDS} for swap in SWAPS}
    whole = [swap for swap in SWAPS if set(questions[swap].values()) <= evidence.answers.keys()] or SWAPS[:1]
    conditions = tuple(
        Condition(f"{swap.words} at {MIDDLE}x{MIDDLE}", measured(ratios[MIDDLE]), _lowest(ratios))
        for swap in whole
        for ratios in ({grid: evidence.against(name).ratio for grid, name in questions[swap].items()},)
    )
    missing = tuple(questions[swap][MIDDLE] for swap in SWAPS if swap not in whole)
    best, every = number_of(sum(one.fit == "exactly" for one in conditions)), number_of(len(conditions))
    reason = say("{} of {} swaps gain most on a grid between 12 and 20", best, every)
    return Clocked(conditions, missing).finding(say("{} of {} swaps", best, every), reason)


def _lowest(ratios: dict[int, Interval]) -> Fit:
    """Open while intervals overlap."""
    medium, others = ratios[MIDDLE], [found for grid, found in ratios.items() if grid != MIDDLE]
    if all(medium.high < other.low for other in others):
        return "exactly"
    return "not" if any(other.high < medium.low for other in others) else "open"


def _judge_work(evidence: Evidence) -> Finding:
    """Fewer multiply-adds in every swap; the maps are read and written more often."""
    conditions = [
        Condition(
            swap.words,
            saved(evidence, f"{swap.one} macs"),
            true(swaps.share(evidence, f"{swap.one} macs") < 1),
            sides(evidence, f"{swap.one} macs", swap),
        )
        for swap in SWAPS
    ]
    asides = [_per_element(evidence, swap) for swap in SWAPS]
    least, most, dense, thin = conditions[0].value, conditions[-1].value, asides[0].value, asides[-1].value
    work = f"{SWAPS[0].words} {{}}, {SWAPS[-1].words} {{}} in multiply-adds"
    reason = say(work + "; per element moved {} and {} of them are left", least, most, dense, thin)
    return Finding(of(conditions), say("{} at least", least), reason, (*conditions, *asides))


def _per_element(evidence: Evidence, swap: Swap) -> Condition:
    """Multiply-adds for each element of a map that is read or written, after against before."""
    macs, moved = f"{swap.one} macs", f"{swap.one} moved"
    each = both(moved, *(evidence[f"{macs}.{side}"] / evidence[f"{moved}.{side}"] for side in ("one", "chain")))
    parts = sides(Evidence(each), moved, swap, "number")
    return Condition(
        f"{swap.words}, MACs per element moved", Amount(swaps.share(Evidence(each), moved), "ratio"), "aside", parts
    )


BY_GRID = Claim(
    id="factorized-latency-by-grid",
    title="factorizing pays in time",
    statement="Factorized kernels compute faster, and best on grids of 12 to 20.",
    sources=(
        Citation("001", "3.3.1, 3.3.2", "improves computational speed; works well between 12 and 20"),
        Citation("003", "Asymmetric convolutions", "very good for medium grids; potentially faster training"),
        Citation("P3", "section 3.2", "very good results on grids between 12 and 20, said of accuracy"),
    ),
    claimed="quicker",
    form="time of the factored chain over that of the square kernel, by grid",
    built="three factorizations at 64 channels on 149 to 8, on 17 as wide as v3 is there too; 32 images, and training",
    count=_predicted,
    asks=_questions,
    judge=_judge_times,
    recorded="undecided",
    checks=(
        SubCheck("work", "Factorized kernels take fewer multiply-adds.", "fewer", _judge_work, "holds"),
        SubCheck("medium", "They gain most on grids of 12 to 20, read of time.", "12 to 20", _judge_middle, "undecided"),
    ),
    see=("two-3x3-save-28", "asym-3x3-save-33", "asym-nxn-saving-grows"),
)
CLAIMS = (BY_GRID,)
