"""Claims of 'Rethinking the Inception Architecture', section 5: what it costs to halve a grid, and what is lost on the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from inception_analyzer.claims.counted import at
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
    saving,
    say,
    to_digits,
)
from inception_analyzer.claims.rebuilt import alone, block_after, narrowest
from inception_analyzer.cost import total
from inception_analyzer.inquiry import Evidence, Question
from inception_analyzer.place import Placed, place_node
from inception_analyzer.spec import Node, Shape
from inception_analyzer.words import Padding, branches, maxpool, seq
from inception_analyzer.words import conv as any_conv

conv = partial(any_conv, norm=None, act="none")


@dataclass(frozen=True, slots=True)
class Way:
    """One place where a grid is halved: how it is told, and the block of which network it is; none for bare layers."""

    key: str
    when: str
    network: str = ""
    path: str = ""


# Figure 9's own widths on an even and on both of v3's odd grids, then blocks with all their arms.
WIDTH = 320
BARE = {grid: Way(str(grid), f"1x1, {WIDTH} to {2 * WIDTH}, {grid} to {grid // 2}") for grid in (36, 35, 17)}
BLOCKS = {
    "6a": Way("6a", "v3 6a, all arms, 35 to 17", "v3", "mixed_6a"),
    "7a": Way("7a", "v3 7a, all arms, 17 to 8", "v3", "mixed_7a"),
    "3c": Way("3c", "BN-Inception 3c, 28 to 14", "bn", "inception_3c"),
}
PASSES = {"deployed": (), "first": ("pool-then-expand",), "last": ("expand-then-pool",)}


def _halving(grid: int) -> Node:
    """A pool that halves the grid; an odd one loses half a window, as in v3."""
    return maxpool(3, 2, ceil=grid % 2 == 0)


def _bare(grid: int) -> Figures:
    """One 1x1 behind or before the pool."""
    expand, pool = conv(2 * WIDTH, 1), _halving(grid)
    return _forms(grid, {"first": seq(pool, expand), "last": seq(expand, pool)})


def _beside(grid: int) -> Figures:
    """Figure 10, right: as many channels from a 3x3 of stride 2 as from the pool beside it; and a 3x3 in both older orders."""
    expand, pool = conv(2 * WIDTH, 3), _halving(grid)
    padding: Padding = ((0, 1), (0, 1)) if grid % 2 == 0 else "valid"
    beside = branches(conv(WIDTH, 3, 2, padding), pool)
    return _forms(grid, {"first": seq(pool, expand), "last": seq(expand, pool), "deployed": beside})


def _forms(grid: int, forms: Mapping[str, Node]) -> Figures:
    reads = Shape(WIDTH, grid, grid)
    return _figures(str(grid), {name: place_node(node, reads, name, fed=True) for name, node in forms.items()})


def _block(way: Way) -> Figures:
    return _figures(way.key, {name: block_after(way.network, way.path, *passes) for name, passes in PASSES.items()})


def _figures(key: str, forms: Mapping[str, Placed]) -> Figures:
    figures: dict[str, float] = {}
    for name, here in forms.items():
        cost = total(here)
        figures |= {f"{key}.{name}.macs": cost.macs, f"{key}.{name}.inside": cost.forward.inside}
        figures |= {f"{key}.{name}.narrowest": narrowest(here)}
        figures |= {f"{key}.reads": here.reads.size, f"{key}.writes": here.writes.size}
    return figures


def _both_ways() -> Figures:
    bare = {name: value for grid in BARE for name, value in _bare(grid).items()}
    return bare | {name: value for way in BLOCKS.values() for name, value in _block(way).items()}


# Every case by all taps, then those whose kernels reach over the border by the taps on the map; a 1x1 never does.
CASES = ((BARE | BLOCKS, "macs"), (BLOCKS, "inside"))
TRIED = tuple((way, taps) for ways, taps in CASES for way in ways.values())
TOLD = {"macs": "", "inside": ", taps on the map"}


def _judge_three_times(evidence: Evidence) -> Finding:
    """As many times as dear, in one digit as printed."""
    conditions = tuple(_times_as_dear(evidence, way, 3, 0, taps) for way, taps in TRIED)
    even, odd = conditions[0].value, conditions[1].value
    on_top = ratio(even.value - 1)
    block, part = (_of_6a(conditions, taps) for taps in TOLD)
    words = "expanding first takes {} the multiply-adds on an even grid, so {} more, and {} from 35 to 17; in v3's 6a {}, "
    reason = say(f"{words}and {{}} by taps on the map", even, on_top, odd, block, part)
    whole = conditions[: len(BARE) + len(BLOCKS)]
    return Finding(of(conditions), say("{} to {}", even, _largest(whole)), reason, conditions)


def _of_6a(conditions: tuple[Condition, ...], taps: str) -> Amount:
    """What was found for v3's first reduction, by one of two ways to count taps."""
    return conditions[TRIED.index((BLOCKS["6a"], taps))].value


def _judge_three_more(evidence: Evidence) -> Finding:
    """The same, read as so much on top."""
    conditions = tuple(_times_as_dear(evidence, way, 3, 1) for way in BARE.values())
    even, most = conditions[0].value, _largest(conditions)
    words = "on an even grid {} comes on top and at 35 to 17 {}, but at 17 to 8 {}, which is {} to one digit"
    reason = say(words, even, conditions[1].value, most, to_digits(most.value, 1))
    return Finding(of(conditions), say("{} to {} more", even, _largest(conditions)), reason, conditions)


def _times_as_dear(evidence: Evidence, way: Way, claimed: float, less: int, taps: str = "macs") -> Condition:
    first, last = (evidence[f"{way.key}.{form}.{taps}"] for form in ("first", "last"))
    found = last / first - less
    parts = (("pool first", Amount(first, "macs")), ("pool last", Amount(last, "macs")))
    return Condition(f"{way.when}{TOLD[taps]}", ratio(found), fits(found, claimed, 1), parts)


def _largest(conditions: tuple[Condition, ...]) -> Amount:
    return max((one.value for one in conditions), key=lambda value: value.value)


def _judge_by_a_quarter(evidence: Evidence) -> Finding:
    conditions = tuple(_saved_first(evidence, way, 0.25, taps) for way, taps in TRIED)
    even, odd = (Amount(one.value.value, "share") for one in conditions[:2])
    block, part = (Amount(_of_6a(conditions, taps).value, "share") for taps in TOLD)
    words = "pooling first saves {} on an even grid and {} from 35 to 17; in v3's 6a {}, and {} by taps on the map"
    reason = say(words, even, odd, block, part)
    return Finding(of(conditions), say("{}", conditions[0].value), reason, conditions)


def _saved_first(evidence: Evidence, way: Way, claimed: float, taps: str) -> Condition:
    first, last = (evidence[f"{way.key}.{form}.{taps}"] for form in ("first", "last"))
    parts = (("pool last", Amount(last, "macs")), ("pool first", Amount(first, "macs")))
    return Condition(f"{way.when}{TOLD[taps]}", saving(first, last), fits(1 - first / last, claimed, 2), parts)


def _judge_to_a_quarter(evidence: Evidence) -> Finding:
    conditions = []
    for way in BARE.values():
        found = evidence[f"{way.key}.first.macs"] / evidence[f"{way.key}.last.macs"]
        conditions.append(Condition(way.when, ratio(found), fits(found, 0.25, 2)))
    even, odd = conditions[0].value, conditions[1].value
    return Finding(
        of(conditions), say("{}, {}", even, odd), say("it leaves {}, from 35 to 17 {}", even, odd), tuple(conditions)
    )


def _judge_bottleneck(evidence: Evidence) -> Finding:
    """Pooled first, the representation is smaller in between than at either end."""
    conditions = tuple(_squeezed(evidence, way) for way in (*BARE.values(), *BLOCKS.values()))
    reason = say(
        "between pool and expansion {} of what 6a reads is left, which is {} of what it writes", *_around(evidence, "6a")
    )
    return Finding(of(conditions), say("to {}", conditions[1].value), reason, conditions)


def _around(evidence: Evidence, key: str) -> tuple[Amount, Amount]:
    between = evidence[f"{key}.first.narrowest"]
    return ratio(between / evidence[f"{key}.reads"]), ratio(between / evidence[f"{key}.writes"])


def _squeezed(evidence: Evidence, way: Way) -> Condition:
    between, reads, writes = (evidence[f"{way.key}.{name}"] for name in ("first.narrowest", "reads", "writes"))
    parts = (("read", Amount(reads, "elements")), ("between", Amount(between, "elements")))
    return Condition(way.when, ratio(between / reads), true(between < min(reads, writes)), parts)


def _judge_pooling_dear(evidence: Evidence) -> Finding:
    """Text 002 has it the other way round: pooling first is what makes the computation complex."""
    conditions = []
    for way, taps in TRIED:
        found = evidence[f"{way.key}.first.{taps}"] / evidence[f"{way.key}.last.{taps}"]
        conditions.append(Condition(f"{way.when}{TOLD[taps]}", ratio(found), true(found > 1)))
    block, part = (_of_6a(tuple(conditions), taps) for taps in TOLD)
    reason = say("pooling first takes {} the multiply-adds of pooling last in 6a, {} by taps on the map", block, part)
    return Finding(of(conditions), say("{}", block), reason, tuple(conditions))


def _cheap() -> Figures:
    """Reductions of three networks beside both older ones, and beside one plain 3x3 that makes all their channels."""
    figures = {name: value for way in BLOCKS.values() for name, value in _block(way).items()}
    for way in BLOCKS.values():
        here = at(way.network, way.path)
        plain = place_node(seq(_halving(here.reads.height), conv(here.writes.channels, 3)), here.reads, way.key, fed=True)
        figures |= {f"{way.key}.plain.macs": total(plain).macs}
    for grid in (36, 35):
        figures |= _beside(grid)
    return figures


def _judge_cheap(evidence: Evidence) -> Finding:
    """Against expanding first, against pooling first with one kernel for all channels, and with the block's own arms."""
    against = {"last": "expanding first", "plain": "pooling, then 3x3", "first": "pooling, then the same arms"}
    conditions = tuple(
        _cheaper(evidence, way, form, told) for form, told in against.items() for way in (BLOCKS["6a"], BLOCKS["7a"])
    )
    last, plain, first = (conditions[index].value for index in (0, 2, 4))
    reason = say(
        "v3's 6a {} against expanding first, {} against a pool before a 3x3, and against one before its own arms it {}",
        last,
        plain,
        first,
    )
    cheaper = sum(one.fit == "exactly" for one in conditions)
    found = say("less in {} of {} cases", Amount(cheaper, "count"), Amount(len(conditions), "count"))
    return Finding(of(conditions), found, reason, conditions)


def _cheaper(evidence: Evidence, way: Way, form: str, told: str) -> Condition:
    before, now = evidence[f"{way.key}.{form}.macs"], evidence[f"{way.key}.deployed.macs"]
    parts = (("the other", Amount(before, "macs")), ("as deployed", Amount(now, "macs")))
    return Condition(f"v3 {way.key}, against {told}", saving(now, before), true(now < before), parts)


def _judge_unit(evidence: Evidence) -> Finding:
    """Half the channels from a 1x1 of stride 2, half from the pool: an eighth and a half."""
    conditions = []
    for form, claimed, told in (("last", 1 / 8, "expanding first"), ("first", 1 / 2, "pooling first")):
        for grid in (36, 35):
            found = evidence[f"{grid}.deployed.macs"] / evidence[f"{grid}.{form}.macs"]
            conditions.append(Condition(f"{grid} to {grid // 2}, of {told}", Amount(found, "number"), fits(found, claimed)))
    values = [one.value for one in conditions]
    reason = say(
        "it takes {} of expanding first and {} of pooling first on an even grid, and {} of expanding first from 35",
        values[0],
        values[2],
        values[1],
    )
    return Finding(of(conditions), say("{} and {}", values[0], values[2]), reason, tuple(conditions))


def _judge_open(evidence: Evidence) -> Finding:
    """No cut through the block is narrower than what it writes, as one is where the pool comes first."""
    conditions = tuple(_as_wide_as_written(evidence, way) for way in BLOCKS.values())
    pooled = ratio(evidence["6a.first.narrowest"] / evidence["6a.writes"])
    reason = say("6a's narrowest cut is {} of what it writes, with the pool first {}", conditions[0].value, pooled)
    return Finding(of(conditions), say("{}", conditions[0].value), reason, conditions)


def _as_wide_as_written(evidence: Evidence, way: Way) -> Condition:
    cut, writes = evidence[f"{way.key}.deployed.narrowest"], evidence[f"{way.key}.writes"]
    squeezed = evidence[f"{way.key}.first.narrowest"] < writes
    return Condition(way.when, ratio(cut / writes), true(cut >= writes and squeezed))


def _ask_6a() -> tuple[Question, ...]:
    """The reduction of v3 against the older two with the same arms."""
    deployed = alone("v3", "mixed_6a")
    forms = ("expand-then-pool", "pool-then-expand")
    return tuple(Question(f"6a over 6a@{form}", alone("v3", "mixed_6a", form), deployed) for form in forms)


def _ask_order() -> tuple[Question, ...]:
    first, last = (alone("v3", "mixed_6a", form) for form in ("pool-then-expand", "expand-then-pool"))
    return (Question("6a, pool last over pool first", first, last),)


THREE_TIMES = Claim(
    id="grid-reduction-3x",
    title="expanding before the pool costs 3x",
    statement="To expand the filters before pooling is 3 times as expensive as to pool first.",
    sources=(
        Citation("P3", "section 5, Figure 9", "3 times more expensive; 2 d d k k against 2 (d/2)(d/2) k k"),
        Citation("001", "3.3.4", "the caption of Figure 9, and that the cost is very large"),
        Citation("003", "Efficient grid size reduction", "option 1 is expensive"),
    ),
    claimed="3x",
    form="the same arms on d x d and on half of it: 4, or (35/17)^2",
    built="1x1 from 320 to 640 on even and odd grids; reductions of v3 and BN-Inception both ways",
    count=_both_ways,
    judge=_judge_three_times,
    recorded="does-not-reproduce",
    asks=_ask_order,
    checks=(SubCheck("more", "3 times more, read as so much on top.", "3x more", _judge_three_more, "depends"),),
    see=("pool-first-quarter", "efficient-reduction-cheap"),
)
QUARTER = Claim(
    id="pool-first-quarter",
    title="pooling first cuts cost by a quarter",
    statement="Pooling before the expansion reduces the computational cost by a quarter.",
    sources=(
        Citation("P3", "section 5", "reducing the computational cost by a quarter"),
        Citation("003", "Efficient grid size reduction", "reduces the cost by 1/4 but creates a bottleneck"),
        Citation("002", "Grid size reduction", "pooling alone made the computation complex"),
        Citation("001", "3.3.4", "pooling first is a representational bottleneck"),
    ),
    claimed="by 1/4",
    form="2 (d/2)(d/2) k k of 2 d d k k is a quarter, so three quarters are saved",
    built="1x1 from 320 to 640 on even and odd grids; reductions of v3 and BN-Inception both ways",
    count=_both_ways,
    judge=_judge_by_a_quarter,
    recorded="does-not-reproduce",
    checks=(
        SubCheck("to", "Pooling first leaves a quarter of the cost.", "to 1/4", _judge_to_a_quarter, "depends"),
        SubCheck("bottleneck", "Pooling first squeezes the representation.", "smaller", _judge_bottleneck, "holds"),
        SubCheck(
            "pooling-dear", "Pooling first makes the computation complex.", "dearer", _judge_pooling_dear, "does-not-reproduce"
        ),
    ),
    see=("grid-reduction-3x", "representation-gently-decreases"),
)
CHEAP = Claim(
    id="efficient-reduction-cheap",
    title="a pool beside the convs is cheapest",
    statement="A pool beside convolutions of stride 2 halves the grid at less cost than either order, without a bottleneck.",
    sources=(
        Citation("P3", "section 5, Figure 10", "reduces the cost even further while removing the bottleneck"),
        Citation("001", "3.3.4, 4.2.1", "320 from the convolution and 320 from the pool"),
        Citation("002", "Grid size reduction", "stride 2 inside the block reduces computation"),
        Citation("003", "Efficient grid size reduction", "cheap, and no bottleneck"),
    ),
    claimed="cheaper",
    form="k from a convolution, k from the pool: d d k k / 4 of 2 d d k k and of d d k k / 2",
    built="v3's 6a and 7a beside both orders with their own arms, and beside a pool before a 3x3",
    count=_cheap,
    judge=_judge_cheap,
    recorded="depends",
    asks=_ask_6a,
    holds_when="a pool that comes first is followed by one convolution for all channels, not by the same arms",
    checks=(
        SubCheck(
            "unit", "With one kernel it takes 1/8 of expanding and 1/2 of pooling first.", "1/8, 1/2", _judge_unit, "depends"
        ),
        SubCheck("bottleneck", "It has no bottleneck.", "none", _judge_open, "holds"),
    ),
    see=("grid-reduction-3x", "pool-first-quarter"),
)
CLAIMS = (THREE_TIMES, QUARTER, CHEAP)
