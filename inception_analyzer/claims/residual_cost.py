"""Claims of 'Inception-v4, Inception-ResNet', section 3.2: what the residual networks and their blocks cost."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from inception_analyzer.claims.counted import block, block_network, cost, macs, params, placed
from inception_analyzer.claims.drawn import AS_DRAWN
from inception_analyzer.claims.judging import clocked, of, true
from inception_analyzer.claims.model import (
    Amount,
    Citation,
    Claim,
    Condition,
    Figures,
    Finding,
    Fit,
    Kind,
    SubCheck,
    ratio,
    say,
)
from inception_analyzer.cost import total
from inception_analyzer.depth import depth_of
from inception_analyzer.expressions import load
from inception_analyzer.inquiry import Evidence, Question
from inception_analyzer.place import places
from inception_analyzer.spec import Conv, Residual

# 'Roughly' and 'matches' have no number: a tenth more or less is taken for both.
ROUGHLY = 0.10


def _costs() -> Figures:
    """The five networks, and the drawn one with each of its blocks twice."""
    names = ("v3", "v4", "ir1", "ir2", AS_DRAWN)
    twice = sum(total(part).macs for part in placed(AS_DRAWN).parts if isinstance(part.node, Residual))
    return {
        **{f"{name}.macs": macs(name) for name in names},
        **{f"{name}.params": params(name) for name in names},
        **{f"{name}.convs": _convs(name) for name in ("v4", "ir2", AS_DRAWN)},
        **{f"{name}.depth": depth_of(placed(name)).layers for name in ("v4", "ir2", AS_DRAWN)},
        "twice.macs": cost(AS_DRAWN).macs + twice,
    }


def _convs(expression: str) -> int:
    return sum(isinstance(here.node, Conv) for here in places(placed(expression)))


def _roughly(found: float) -> Fit:
    return "rounded" if 1 / (1 + ROUGHLY) <= found <= 1 + ROUGHLY else "not"


def _judge_match(evidence: Evidence) -> Finding:
    """Multiply-adds decide, since the paper speaks of cost; parameters and the drawn blocks run twice are shown beside."""
    conditions = (
        _matched(evidence, "IR-v1 against v3", "ir1", "v3", "macs"),
        _matched(evidence, "IR-v2 as drawn, 5 / 10 / 5, against v4", AS_DRAWN, "v4", "macs"),
        _matched(evidence, "IR-v2 as released, 10 / 20 / 10", "ir2", "v4", "macs"),
        _aside(_matched(evidence, "IR-v2 as drawn, each block twice", "twice", "v4", "macs")),
        _aside(_matched(evidence, "parameters, IR-v1 against v3", "ir1", "v3", "params")),
        _aside(_matched(evidence, "parameters, IR-v2 as drawn", AS_DRAWN, "v4", "params")),
        _aside(_matched(evidence, "parameters, IR-v2 as released", "ir2", "v4", "params")),
    )
    first, drawn, released = (one.value for one in conditions[:3])
    reason = say(
        "IR-v1 takes {} the multiply-adds of v3, IR-v2 {} those of v4 as drawn and {} as released", first, drawn, released
    )
    return Finding(of(conditions), say("{} or {} of v4", drawn, released), reason, conditions)


def _matched(evidence: Evidence, when: str, one: str, other: str, quantity: str) -> Condition:
    found, against = evidence[f"{one}.{quantity}"], evidence[f"{other}.{quantity}"]
    kind: Kind = "macs" if quantity == "macs" else "params"
    parts = ((other, Amount(against, kind)), (_short(one), Amount(found, kind)))
    return Condition(when, ratio(found / against), _roughly(found / against), parts)


def _short(name: str) -> str:
    return {AS_DRAWN: "drawn", "twice": "drawn twice"}.get(name, name)


def _aside(condition: Condition) -> Condition:
    return replace(condition, fit="aside")


def _judge_first(evidence: Evidence) -> Finding:
    condition = _matched(evidence, "IR-v1 against v3", "ir1", "v3", "macs")
    reason = say("IR-v1 takes {} the multiply-adds of v3", condition.value)
    return Finding(of([condition]), say("{}", condition.value), reason, (condition,))


def _judge_layers(evidence: Evidence) -> Finding:
    """Convolutions, and the longest path, against both readings of the residual network."""
    conditions = tuple(
        _more(evidence, f"{what}, against IR-v2 {told}", quantity, other)
        for quantity, what in (("convs", "convolutions"), ("depth", "longest path"))
        for other, told in ((AS_DRAWN, "as drawn"), ("ir2", "as released"))
    )
    convs, depths = (
        [Amount(evidence[f"{name}.{quantity}"], "count") for name in ("v4", AS_DRAWN, "ir2")] for quantity in ("convs", "depth")
    )
    words = "v4 has {} convolutions, IR-v2 {} as drawn and {} as released; on its longest path v4 has {}, IR-v2 {} and {}"
    return Finding(of(conditions), say("{} to {} or {}", *convs), say(words, *convs, *depths), conditions)


def _more(evidence: Evidence, when: str, quantity: str, other: str) -> Condition:
    mine, theirs = evidence[f"v4.{quantity}"], evidence[f"{other}.{quantity}"]
    parts = (("v4", Amount(mine, "count")), (_short(other), Amount(theirs, "count")))
    return Condition(when, ratio(mine / theirs), true(mine > theirs), parts)


STEPS = {name: f"the step of v4 against IR-v2 as {name}" for name in ("drawn", "released")}


def _judge_step(evidence: Evidence) -> Finding:
    """Slower by the whole interval, than each of the two networks."""
    cases = {question: f"IR-v2 as {name}" for name, question in STEPS.items()}
    found = clocked(evidence, cases, 1.0, float("inf"))
    told = ", ".join(f"{{}} as long as one of {one.when}" for one in found.conditions)
    reason = say(f"a training step of v4 took {told}", *(one.value for one in found.conditions))
    least = min((one.value for one in found.conditions), key=lambda amount: amount.value)
    return found.finding(say("{}", least), reason)


def _timed_steps() -> tuple[Question, ...]:
    """Two images are the fewest that the batch norms of v4's auxiliary head can train on."""
    return (
        Question(STEPS["drawn"], load(AS_DRAWN), load("v4"), phase="train-step", batch=2),
        Question(STEPS["released"], load("ir2"), load("v4"), phase="train-step", batch=2),
    )


# Each kind of block on its grid: the residual ones by network, and the plain ones that they are compared with.
RESIDUAL = {"A": "block_a1", "B": "block_b1", "C": "block_c1"}
PLAIN = {
    "A": {"v4": ("inception_a1",), "v3": ("mixed_5b", "mixed_5c", "mixed_5d")},
    "B": {"v4": ("inception_b1",), "v3": ("mixed_6b", "mixed_6c", "mixed_6d", "mixed_6e")},
    "C": {"v4": ("inception_c1",), "v3": ("mixed_7b", "mixed_7c")},
}
GRIDS = {"A": "35x35", "B": "17x17", "C": "8x8"}
WITH_SUMS = {"ir1": "IR-v1", AS_DRAWN: "IR-v2 as drawn", "ir2": "IR-v2 as released"}


def _blocks() -> Figures:
    """Every residual block with its expansion, and of the plain ones the cheapest and the dearest."""
    figures: dict[str, float] = {}
    for kind, path in RESIDUAL.items():
        for name in WITH_SUMS:
            figures[f"{name}.{kind}"] = block(name, path).macs
            figures[f"{name}.{kind}.expand"] = block(name, f"{path}.body.expand").macs
        for name, paths in PLAIN[kind].items():
            each = [block(name, one).macs for one in paths]
            figures |= {f"{name}.{kind}.least": min(each), f"{name}.{kind}.most": max(each)}
    return figures


def _judge_blocks(evidence: Evidence) -> Finding:
    """Against v4's block of the same grid, and against the cheapest of v3's."""
    conditions = tuple(
        _cheaper(evidence, kind, name, plain) for plain in ("v4", "v3") for kind in RESIDUAL for name in WITH_SUMS
    )
    to_v4 = [one.value.value for one in conditions[: len(RESIDUAL) * len(WITH_SUMS)]]
    low, high = ratio(min(to_v4)), ratio(max(to_v4))
    reason = say("a residual block takes {} to {} of v4's block on its grid, its expansion included", low, high)
    return Finding(of(conditions), say("{} to {}", low, high), reason, (*conditions, *_expansions(evidence)))


def _cheaper(evidence: Evidence, kind: str, name: str, plain: str) -> Condition:
    found, against = evidence[f"{name}.{kind}"], evidence[f"{plain}.{kind}.least"]
    cheapest = "" if against == evidence[f"{plain}.{kind}.most"] else "cheapest "
    parts = ((plain, Amount(against, "macs")), (_short(name), Amount(found, "macs")))
    when = f"{kind}, {GRIDS[kind]}: {WITH_SUMS[name]}, {cheapest}{plain}"
    return Condition(when, ratio(found / against), true(found < against), parts)


def _expansions(evidence: Evidence) -> Iterable[Condition]:
    for kind in RESIDUAL:
        part, whole = evidence[f"ir1.{kind}.expand"], evidence[f"ir1.{kind}"]
        yield Condition(f"{kind} of IR-v1: share of its expansion", Amount(part / whole, "share"), "aside")


def _timed_blocks() -> tuple[Question, ...]:
    """The released network's blocks against v4's, each alone on its own input."""
    return tuple(
        Question(_named(kind), block_network("v4", PLAIN[kind]["v4"][0]), block_network("ir2", path))
        for kind, path in RESIDUAL.items()
    )


def _named(kind: str) -> str:
    return f"the time of block {kind}"


def _judge_block_times(evidence: Evidence) -> Finding:
    """Quicker by the whole interval, on each grid."""
    found = clocked(evidence, {_named(kind): f"{kind} at {grid}" for kind, grid in GRIDS.items()})
    told = ", ".join(f"{{}} as long for {one.when}" for one in found.conditions)
    reason = say(f"the residual blocks of IR-v2 took {told} as v4's", *(one.value for one in found.conditions))
    most = max((one.value for one in found.conditions), key=lambda amount: amount.value)
    return found.finding(say("{}", most), reason)


MATCH = Claim(
    id="inception-resnet-cost-match",
    title="IR-v2 costs what Inception-v4 does",
    statement="Inception-ResNet-v1 costs about what Inception-v3 does, and Inception-ResNet-v2 what Inception-v4 does.",
    sources=(
        Citation("P4", "section 3.2", "v1 has roughly the cost of Inception-v3, v2 matches the raw cost of Inception-v4"),
        Citation("001", "6", "the same, said twice"),
    ),
    claimed="1x",
    form="multiply-adds of one over those of the other; a tenth either way counts as equal",
    built="IR-v1, IR-v2 as drawn (5 / 10 / 5) and as released (10 / 20 / 10), v3 and v4",
    count=_costs,
    judge=_judge_match,
    recorded="depends",
    asks=_timed_steps,
    checks=(
        SubCheck("ir1", "Inception-ResNet-v1 costs about what Inception-v3 does.", "1x", _judge_first, "holds-rounded"),
        SubCheck("layers", "v4 has more layers than Inception-ResNet-v2.", "more", _judge_layers, "depends"),
        SubCheck("step", "A step of v4 takes longer than one of Inception-ResNet-v2.", "longer", _judge_step, "undecided"),
    ),
    holds_when="Inception-ResNet-v2 is the network that was released, not the one that is drawn",
    see=("scale-families-resnet", "ir-block-cheaper"),
)
CHEAPER = Claim(
    id="ir-block-cheaper",
    title="residual blocks cost less",
    statement="The residual Inception blocks cost less than the original ones.",
    sources=(
        Citation("P4", "section 3.2", "cheaper Inception blocks than the original Inception"),
        Citation("001", "6.2", "cheaper than the blocks of Inception-v4"),
    ),
    claimed="less",
    form="multiply-adds of a block over those of a plain one on the same grid, expansion included",
    built="A, B and C of three residual networks, of v4, and every module of v3",
    count=_blocks,
    judge=_judge_blocks,
    recorded="holds",
    asks=_timed_blocks,
    checks=(SubCheck("time", "They also take less time.", "quicker", _judge_block_times, "undecided"),),
    see=("inception-resnet-cost-match",),
)
CLAIMS = (MATCH, CHEAPER)
