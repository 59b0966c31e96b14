"""Claims of 'Rethinking the Inception Architecture' about grids and channels: small images, representations, wide modules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from inception_analyzer.claims.counted import at, chain, placed
from inception_analyzer.claims.judging import EXACT, fits, of, true
from inception_analyzer.claims.model import Amount, Citation, Claim, Condition, Figures, Finding, SubCheck, ratio, say
from inception_analyzer.claims.rebuilt import after, alone, block_after, cost_at, narrowest, reworked, separable
from inception_analyzer.cost import Cost, sum_of, total
from inception_analyzer.depth import depth_of
from inception_analyzer.inquiry import Evidence, Question
from inception_analyzer.kept import kept
from inception_analyzer.place import Placed, place, place_node
from inception_analyzer.spec import Aux, Conv, Named, Network, Shape

SIDES = (151, 79)
STEMS = {"v3": "3x3 stem", "v2": "7x7 stem", "separable": "separable 7x7 stem"}
FORMS = {"parallel": (), "series": ("series-instead-of-parallel",), "square": ("expanded",)}


def _low_resolution() -> Figures:
    """Three stems over three images, and two networks over the smallest without any change."""
    figures: dict[str, float] = {}
    for name in ("v3", "v2"):
        whole = after(name)
        smaller = {side: reworked(whole, f"low-res={side}") for side in SIDES}
        for side, network in {299: whole, **smaller}.items():
            here = placed(name) if network is whole else place(network)
            figures |= {f"{name}.{side}.{what}": value for what, value in _cost(total(here)).items()}
            if name == "v2":
                figures |= {
                    f"separable.{side}.{what}": value for what, value in _cost(_behind_separable(network, here)).items()
                }
        figures |= {f"{name}.naive.{what}": value for what, value in _cost(cost_at(whole, Shape(3, 79, 79))).items()}
    return figures


def _behind_separable(whole: Network, here: Placed) -> Cost:
    """The same behind a separable first layer of the same stride: nothing after it changes."""
    first, second, *_ = separable(whole, "valid").trunk.steps
    assert isinstance(first, Named)
    assert isinstance(first.body, Conv)
    assert isinstance(here.parts[0].node, Conv)
    deep = place_node(replace(first.body, stride=here.parts[0].node.stride), here.reads, first.name)
    one = place_node(second, deep.writes, "conv0", fed=True)
    return sum_of(map(total, (deep, one, *here.parts[1:])))


def _cost(cost: Cost) -> Figures:
    return {"macs": cost.macs, "inside": cost.forward.inside, "params": cost.params}


def _ends(conditions: Sequence[Condition]) -> tuple[Amount, Amount]:
    """The least and the greatest value."""
    least, greatest = (edge((one.value for one in conditions), key=lambda one: one.value) for edge in (min, max))
    return least, greatest


def _judge_constant(evidence: Evidence) -> Finding:
    """Within 1 %, as section 9 says of what the pool makes out."""
    conditions = tuple(_within_1_percent(evidence, stem, side) for stem in STEMS for side in SIDES)
    middle, small, light = (conditions[index].value for index in (0, 1, 5))
    reason = say(
        "with v3's stem 151 pixels take {} and 79 take {} of the multiply-adds; with a separable 7x7 79 take {}",
        middle,
        small,
        light,
    )
    return Finding(of(conditions), say("{} to {}", *_ends(conditions)), reason, conditions)


def _within_1_percent(evidence: Evidence, stem: str, side: int) -> Condition:
    whole, small = evidence[f"{stem}.299.macs"], evidence[f"{stem}.{side}.macs"]
    parts = (("299x299", Amount(whole, "macs")), ("small", Amount(small, "macs")))
    return Condition(f"{side}x{side}, {STEMS[stem]}", ratio(small / whole), true(abs(small / whole - 1) <= 0.01), parts)


def _judge_sixteen(evidence: Evidence) -> Finding:
    conditions = []
    for taps, told in {"macs": "", "inside": ", taps on the map"}.items():
        for name in ("v3", "v2"):
            found = evidence[f"{name}.299.{taps}"] / evidence[f"{name}.naive.{taps}"]
            conditions.append(Condition(f"{name}, 299x299 beside 79x79{told}", ratio(found), fits(found, 16, 2)))
    first, part = conditions[0].value, conditions[2].value
    reason = say("v3 as it is takes {} the multiply-adds at 299x299 of those at 79x79, {} by taps on the map", first, part)
    return Finding(of(conditions), say("{}", first), reason, tuple(conditions))


def _judge_same_weights(evidence: Evidence) -> Finding:
    """Stride and pool have no weights."""
    conditions = []
    for side in SIDES:
        found = evidence[f"v3.{side}.params"] / evidence["v3.299.params"]
        conditions.append(Condition(f"v3 for {side}x{side}", ratio(found), fits(found, 1)))
    last = conditions[-1].value
    return Finding(of(conditions), say("{}", last), say("the net for 79x79 has {} the parameters", last), tuple(conditions))


def _ask_low_resolution() -> tuple[Question, ...]:
    return tuple(Question(f"v3 at {side} over 299 pixels", after("v3"), after("v3", f"low-res={side}")) for side in SIDES)


def _sizes() -> Figures:
    """Elements after each block of v3's trunk, and how many blocks lie before its first module."""
    blocks = [block for block in placed("v3").parts if not isinstance(block.node, Aux)]
    first = next(index for index, block in enumerate(blocks) if block.kind)
    sizes = {f"size.{block.path}": float(block.writes.size) for block in blocks[:-1]}
    return {"stem": first, "size.image": placed("v3").reads.size, **sizes}


def _judge_gently(evidence: Evidence) -> Finding:
    """Step by step in the stem and behind it, and from the end of one grid to that of the next."""
    ends = [evidence[f"size.{path}"] for path in ("mixed_5d", "mixed_6e", "mixed_7c", "avgpool")]
    sizes = [value for name, value in evidence.figures.items() if name.startswith("size.")]
    stem = round(evidence["stem"]) + 1
    early, late = _growing(sizes[:stem]), _growing(sizes[stem - 1 :])
    by_grid = Amount(_growing(ends), "count")
    conditions = (
        Condition("steps that grow, in the stem", Amount(early, "count"), true(early == 0)),
        Condition("steps that grow, from 5b on", Amount(late, "count"), true(late == 0)),
        Condition("steps that grow, from grid to grid", by_grid, true(by_grid.value == 0)),
        *(Condition(told, ratio(evidence[now] / evidence[before]), "aside") for told, before, now in STEEPEST),
    )
    growing, steps = Amount(early + late, "count"), Amount(len(sizes) - 1, "count")
    reason = say("it grows in {} of {} steps, and behind the stem in {} from grid to grid", growing, steps, by_grid)
    return Finding(of(conditions), say("{} of {} steps grow", growing, steps), reason, conditions)


# What single steps leave: a label, and the places before and behind the step.
STEEPEST = (
    ("pool1 leaves", "size.conv2", "size.pool1"),
    ("6a leaves", "size.mixed_5d", "size.mixed_6a"),
    ("7a leaves", "size.mixed_6e", "size.mixed_7a"),
    ("the last mean leaves", "size.mixed_7c", "size.avgpool"),
)


def _growing(sizes: list[float]) -> int:
    return sum(now > before for before, now in pairwise(sizes))


def _wide() -> Figures:
    """7c in three forms, and the spread 3x3 in it beside chains of the same kernels."""
    figures: dict[str, float] = {}
    for form, passes in FORMS.items():
        figures |= _form(form, block_after("v3", "mixed_7c", *passes))
    arm, other = (at("v3", f"mixed_7c.{name}").parts[-1] for name in ("3x3", "double3x3"))
    figures["half.writes"] = figures["parallel.writes"] - (arm.writes.channels + other.writes.channels) // 2
    width, grid = arm.reads.channels, arm.reads.height
    chains = {
        "spread": ("1x3|3x1", f"{width},{arm.writes.channels}"),
        "half": ("1x3,3x1", f"{width},{width},{arm.writes.channels // 2}"),
        "as-wide": ("1x3,3x1", f"{width},{width},{arm.writes.channels}"),
    }
    for name, (kernels, widths) in chains.items():
        one = chain(kernels, widths, grid)
        figures |= {f"{name}.macs": one.same.macs, f"{name}.taps": one.taps}
    return figures


def _form(name: str, here: Placed) -> Figures:
    return {
        f"{name}.macs": total(here).macs,
        f"{name}.kept": kept(here),
        f"{name}.deep": depth_of(here).layers,
        f"{name}.narrowest": narrowest(here),
        f"{name}.writes": here.writes.channels,
    }


def _judge_equivalent(evidence: Evidence) -> Finding:
    """Beside a 1x3 before a 3x1 that writes half as much, or as much; and in what they compute."""
    half, wide = (ratio(evidence["spread.macs"] / evidence[f"{name}.macs"]) for name in ("half", "as-wide"))
    seen, nearest = evidence["spread.taps"], evidence["spread.nearest"]
    conditions = (
        Condition("multiply-adds, beside half the channels in a row", half, fits(half.value, 1)),
        Condition("multiply-adds, beside as many in a row", wide, fits(wide.value, 1)),
        Condition("inputs that one output sees", Amount(seen, "count"), true(seen == evidence["half.taps"])),
        Condition("nearest pair side by side to one in a row", Amount(nearest, "error"), true(nearest < EXACT)),
        Condition("a pair side by side as one 3x3", Amount(evidence["spread.embedded"], "error"), "aside"),
        Condition("all of 7c beside 3x3 as wide", ratio(evidence["parallel.macs"] / evidence["square.macs"]), "aside"),
    )
    all_seen = Amount(evidence["half.taps"], "count")
    reason = say(
        "side by side each output sees {} of {} inputs, at {} the cost of as many in a row", conditions[2].value, all_seen, wide
    )
    return Finding(of(conditions), say("{} of {} taps at {}", conditions[2].value, all_seen, wide), reason, conditions)


def _judge_memory(evidence: Evidence) -> Finding:
    conditions = tuple(
        _kept_less(evidence, form, told) for form, told in {"series": "1x3 + 3x1 in a row", "square": "whole 3x3"}.items()
    )
    row, square = (one.value for one in conditions)
    reason = say("7c keeps {} of what it would with a row before a column, and {} beside whole 3x3", row, square)
    return Finding(of(conditions), say("{}, {}", row, square), reason, conditions)


def _kept_less(evidence: Evidence, form: str, told: str) -> Condition:
    now, before = evidence["parallel.kept"], evidence[f"{form}.kept"]
    parts = (("other form", Amount(before, "elements")), ("parallel", Amount(now, "elements")))
    return Condition(f"7c, beside {told}", ratio(now / before), true(now < before), parts)


def _judge_bottleneck(evidence: Evidence) -> Finding:
    """The 1x1 before each spread is as narrow in either form; what the module writes depends on which deeper one is meant."""
    cut = ratio(evidence["parallel.narrowest"] / evidence["series.narrowest"])
    writes = ratio(evidence["parallel.writes"] / evidence["half.writes"])
    conditions = (
        Condition("narrowest cut of 7c, beside the deeper form", cut, true(cut.value > 1)),
        Condition("what 7c writes, beside half the channels in a row", writes, true(writes.value > 1)),
    )
    reason = say("beside the deeper form 7c writes {} as much, but its narrowest cut lets through {}", writes, cut)
    return Finding(of(conditions), say("{}, {}", cut, writes), reason, conditions)


def _judge_shallower(evidence: Evidence) -> Finding:
    wide, deep = (Amount(evidence[f"{form}.deep"], "count") for form in ("parallel", "series"))
    condition = Condition("layers of 7c, side by side", wide, true(wide.value < deep.value))
    return Finding(
        of([condition]), say("{} for {}", wide, deep), say("7c is {} layers deep, in a row {}", wide, deep), (condition,)
    )


def _ask_7c() -> tuple[Question, ...]:
    """7c as it is, against a row before a column and against whole 3x3."""
    deployed = alone("v3", "mixed_7c")
    return tuple(
        Question(f"7c over its {form} form", alone("v3", "mixed_7c", *FORMS[form]), deployed) for form in ("series", "square")
    )


RESOLUTION = Claim(
    id="resolution-constant-cost",
    title="299, 151 and 79 px cost the same",
    statement="Over 299x299 with stride 2, 151x151 with stride 1 and 79x79 without the first pool, the cost is within 1 %.",
    sources=(
        Citation("P3", "section 9, Table 2", "almost identical cost; the third is slightly cheaper, within 1 %"),
        Citation("003", "Low resolution", "the computational cost is constant"),
    ),
    claimed="within 1 %",
    form="the grids behind the first layers: 149, 149 and 77 for a 3x3; 147, 145 and 73 for a 7x7",
    built="v3, v2 with its 7x7 and with a separable 7x7, each with the stride and the pool taken out",
    count=_low_resolution,
    judge=_judge_constant,
    recorded="depends",
    asks=_ask_low_resolution,
    holds_when="151 follows a 3x3 first layer, and 79 a separable 7x7",
    checks=(
        SubCheck("sixteen", "Without those changes 79x79 is 16 times cheaper.", "16x", _judge_sixteen, "does-not-reproduce"),
        SubCheck("parameters", "All three have the same parameters.", "same", _judge_same_weights, "holds"),
    ),
    see=("representation-gently-decreases",),
)
GENTLY = Claim(
    id="representation-gently-decreases",
    title="representations shrink gently",
    statement="The size of the representation decreases gently from the input to the output.",
    sources=(
        Citation("P3", "section 2, principle 1", "should gently decrease from the inputs to the outputs"),
        Citation("001", "3.1, 3.2.1", "the same"),
        Citation("002", "principle 1", "too much pooling discards information"),
        Citation("003", "principle 1", "avoid representational bottlenecks"),
    ),
    claimed="decreases",
    form="channels · height · width between the blocks of the trunk",
    built="v3, block by block",
    count=_sizes,
    judge=_judge_gently,
    recorded="depends",
    holds_when="only the ends of the grids behind the stem are compared",
    see=("pool-first-quarter", "efficient-reduction-cheap"),
)
WIDER = Claim(
    id="fig7-wider-not-deeper",
    title="wide 8x8 modules equal deep ones",
    statement="At 8x8 a 1x3 beside a 3x1 is equivalent to one before the other, and removes the bottleneck.",
    sources=(
        Citation("001", "3.2.2, 3.3.2", "equivalent to the module above; wider, not deeper, removes the bottleneck"),
        Citation("P3", "Figure 7, principle 2", "expanded filter banks promote high dimensional representations"),
        Citation("002", "principle 2", "more activations per tile: better learning and memory efficiency"),
    ),
    claimed="equivalent",
    form="2 · 3 c c for 2c channels side by side; the same for c in a row, 9 c c for 2c",
    built="v3's 7c as it is, with a row before a column, and with whole 3x3; random pairs in float64",
    count=_wide,
    needs=("spread",),
    judge=_judge_equivalent,
    recorded="depends",
    asks=_ask_7c,
    holds_when="only multiply-adds are compared, and the row before the column writes half as many channels",
    checks=(
        SubCheck("memory", "More activations make memory more efficient.", "less", _judge_memory, "depends"),
        SubCheck("bottleneck", "To go wide removes the bottleneck.", "wider", _judge_bottleneck, "depends"),
        SubCheck("shallower", "It makes the module wider, not deeper.", "less deep", _judge_shallower, "holds"),
    ),
    see=("stacked-receptive-field", "weight-one-mult-per-activation"),
)
CLAIMS = (RESOLUTION, GENTLY, WIDER)
