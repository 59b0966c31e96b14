"""The claim that factorized kernels take less time, and on which grids they do."""

from __future__ import annotations

from inception_analyzer.claims import swaps
from inception_analyzer.claims.counted import training_question
from inception_analyzer.claims.judging import measured, of, true, within
from inception_analyzer.claims.model import Amount, Citation, Claim, Condition, Figures, Finding, Fit, SubCheck, say
from inception_analyzer.claims.swaps import LONG_PAIR, PAIR_3X3, ROW_COLUMN, Swap, both, padded, saved, sides
from inception_analyzer.inquiry import Evidence, Question
from inception_analyzer.stats import Interval

SWAPS = (PAIR_3X3, ROW_COLUMN, LONG_PAIR)
GRIDS = (149, 35, 17, 8)

# The grids of which it is said that factorizing pays best there, and the one of ours that is such a grid.
MEDIUM = range(12, 21)
MIDDLE = next(grid for grid in GRIDS if grid in MEDIUM)
BATCH = 32


def _predicted() -> Figures:
    """What counting foretells: multiply-adds, and the elements of maps that must be moved for them."""
    figures: dict[str, float] = {}
    for swap in SWAPS:
        figures |= padded(f"{swap.one} macs", swap, grid=MIDDLE)
        figures |= swaps.moved(f"{swap.one} moved", swap, grid=MIDDLE)
    return figures


def _questions() -> tuple[Question, ...]:
    """Three factorizations on four grids, and on the one in the middle for many images and in training."""
    single = [swaps.timed(swap, grid) for swap in SWAPS for grid in GRIDS]
    many = [swaps.timed(swap, MIDDLE, batch=BATCH) for swap in SWAPS]
    training = [training_question(f"{swap.one} trained", swap.one, swap.chain, "64", MIDDLE, batch=BATCH) for swap in SWAPS]
    return (*single, *many, *training)


def _judge_times(evidence: Evidence) -> Finding:
    """Quicker by the whole interval, in each case."""
    conditions = [
        _quicker(evidence, f"{swap.one} on {grid}", f"{swap.words} at {grid}x{grid}") for swap in SWAPS for grid in GRIDS
    ]
    for swap in SWAPS:
        many = f"{swap.words} at {MIDDLE}x{MIDDLE}, {BATCH} images"
        conditions.append(_quicker(evidence, f"{swap.one} on {MIDDLE}, {BATCH} images", many))
        conditions.append(_quicker(evidence, f"{swap.one} trained", f"{many}, training"))
    paying = sum(one.fit == "exactly" for one in conditions)
    best = min(conditions, key=lambda one: one.value.value)
    told = _where_it_pays(evidence)
    reason = say(
        f"{told}; {{}} of {{}} cases take less time here, at best {{}}", _count(paying), _count(len(conditions)), best.value
    )
    return Finding(of(conditions), say("{} of {} cases", _count(paying), _count(len(conditions))), reason, tuple(conditions))


def _quicker(evidence: Evidence, question: str, when: str) -> Condition:
    found = evidence.against(question).ratio
    return Condition(when, measured(found), within(found, 0.0, 1.0))


def _where_it_pays(evidence: Evidence) -> str:
    """For each swap the grids on which one image takes less time."""
    told = []
    for swap in SWAPS:
        paying = [grid for grid in GRIDS if within(_ratio(evidence, swap, grid), 0.0, 1.0) == "exactly"]
        told.append(f"{swap.words} pays {_on(paying)}")
    return "; ".join(told)


def _on(grids: list[int]) -> str:
    if not grids:
        return "nowhere"
    if len(grids) == len(GRIDS):
        return "on every grid"
    *first, last = (f"{grid}x{grid}" for grid in grids)
    return f"on {', '.join(first)} and {last}" if first else f"on {last}"


def _ratio(evidence: Evidence, swap: Swap, grid: int) -> Interval:
    return evidence.against(f"{swap.one} on {grid}").ratio


def _judge_middle(evidence: Evidence) -> Finding:
    """Best where the interval of the medium grid lies below those of all others."""
    conditions = []
    for swap in SWAPS:
        medium = _ratio(evidence, swap, MIDDLE)
        others = [_ratio(evidence, swap, grid) for grid in GRIDS if grid != MIDDLE]
        conditions.append(Condition(f"{swap.words} at {MIDDLE}x{MIDDLE}", measured(medium), _lowest(medium, others)))
    best = sum(one.fit == "exactly" for one in conditions)
    reason = say("{} of {} swaps gain most on a grid between 12 and 20", _count(best), _count(len(conditions)))
    return Finding(of(conditions), say("{} of {} swaps", _count(best), _count(len(conditions))), reason, tuple(conditions))


def _lowest(one: Interval, others: list[Interval]) -> Fit:
    """Open while intervals overlap."""
    if all(one.high < other.low for other in others):
        return "exactly"
    return "not" if any(other.high < one.low for other in others) else "open"


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


def _count(value: float) -> Amount:
    return Amount(value, "count")


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
    built="three factorizations at 64 channels on 149, 35, 17 and 8; in training on 17",
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
