"""The claim on 'Factorized 7x7', the row of Table 3 in which three 3x3 take the place of the first 7x7."""

from __future__ import annotations

from dataclasses import replace

from inception_analyzer.claims import swaps
from inception_analyzer.claims.counted import cost, leading, placed
from inception_analyzer.claims.judging import of, true
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
)
from inception_analyzer.claims.swaps import LONG_PAIR, THREE_3X3, both, padded, shown, sides
from inception_analyzer.cost import total
from inception_analyzer.expressions import load
from inception_analyzer.inquiry import Evidence, Question
from inception_analyzer.place import Placed, place
from inception_analyzer.spec import Network
from inception_analyzer.words import conv, named, trunk

AFTER, BEFORE = "v3", "v2"
LAYERS_AFTER, LAYERS_BEFORE = 3, 1

# Table 3, multiply-adds in units of 1e9: the row before and the row itself, each printed to one decimal.
PRINTED = (3.8, 4.8)
UNIT, ROUNDED = 1e9, 0.05


def _first() -> Figures:
    """The first layers alone, the networks behind them, and what other readings of the row would change."""
    one, three = placed(BEFORE).parts[:LAYERS_BEFORE], placed(AFTER).parts[:LAYERS_AFTER]
    figures: dict[str, float] = both("stem", _macs(one), _macs(three))
    figures |= both("weights", _weights(one), _weights(three)) | both("written", _written(one), _written(three))
    figures |= both("network", cost(BEFORE).macs, cost(AFTER).macs)
    figures["separable"] = total(place(_separable_first(load(BEFORE)))).macs
    return figures | padded("three", THREE_3X3) | padded("line", LONG_PAIR, grid=17)


def _macs(layers: tuple[Placed, ...]) -> int:
    return sum(total(layer).macs for layer in layers)


def _weights(layers: tuple[Placed, ...]) -> int:
    """Without norms: each weight works once for every place of the output."""
    return sum(total(layer).macs // (layer.writes.height * layer.writes.width) for layer in layers)


def _written(layers: tuple[Placed, ...]) -> int:
    return sum(layer.writes.size for layer in layers)


def _separable_first(network: Network) -> Network:
    """The first layer of 1502.03167: eight filters for each colour, then a 1x1 (its Figure 5)."""
    _, *rest = network.trunk.steps
    depthwise = conv(24, 7, 2, "valid", groups=3, norm=None, act="none")
    return replace(network, trunk=trunk(named("conv0_depthwise", depthwise), named("conv0", conv(64, 1)), *rest))


def _judge_cheaper(evidence: Evidence) -> Finding:
    """In the row that bears the name it is the first layer; the other readings are shown beside it."""
    conditions = [
        _times(evidence, "stem", "first layers, multiply-adds"),
        _times(evidence, "weights", "first layers, weights", "params"),
        _times(evidence, "network", "all of v3"),
    ]
    separable = both("", evidence["separable"], evidence["network.chain"])
    conditions.append(_times(Evidence(separable), "", "all of v3, its 7x7 separable"))
    asides = [
        shown(evidence, "written", THREE_3X3, "elements that the first layers write", kind="elements"),
        shown(evidence, "three", THREE_3X3, "three 3x3 for a 7x7, equal widths"),
        shown(evidence, "line", LONG_PAIR, "1x7 + 7x1 for a 7x7, equal widths"),
    ]
    stem, equal = conditions[0].value, asides[1].value
    reason = say(
        "the first layers take {} the multiply-adds and all of v3 {}; at equal widths it {}", stem, conditions[2].value, equal
    )
    return Finding(of(conditions), say("{} the MACs", stem), reason, (*conditions, *asides))


def _times(evidence: Evidence, key: str, when: str, kind: Kind = "macs") -> Condition:
    found = swaps.share(evidence, key)
    return Condition(when, ratio(found), true(found < 1), sides(evidence, key, THREE_3X3, kind))


def _judge_table(evidence: Evidence) -> Finding:
    """The difference of two rounded figures is uncertain by both roundings."""
    step, after = PRINTED[1] - PRINTED[0], evidence["network.chain"]
    told = {"network.one": "a plain 7x7 before", "separable": "a separable 7x7 before"}
    conditions = []
    for key, when in told.items():
        found = after - evidence[key]
        near = abs(found / UNIT - step) <= 2 * ROUNDED
        conditions.append(Condition(when, Amount(found, "macs"), "rounded" if near else "not", _ends(evidence[key], after)))
    plain, separable = (one.value for one in conditions)
    reason = say("three 3x3 add {} to a plain 7x7 and {} to a separable one", plain, separable)
    return Finding(of(conditions), say("+{}", plain), reason, tuple(conditions))


def _ends(before: float, after: float) -> tuple[tuple[str, Amount], ...]:
    return (("before", Amount(before, "macs")), ("after", Amount(after, "macs")))


def _judge_dearer(evidence: Evidence) -> Finding:
    found = swaps.share(evidence, "network")
    condition = Condition("all of v3", ratio(found), true(found > 1), sides(evidence, "network", THREE_3X3))
    reason = say("the network behind three 3x3 takes {} the multiply-adds of the one behind a 7x7", ratio(found))
    return Finding(of([condition]), say("{}", ratio(found)), reason, (condition,))


def _timed_first() -> tuple[Question, ...]:
    """The first layers alone, over the whole image."""
    return (Question("first layers", leading(BEFORE, LAYERS_BEFORE), leading(AFTER, LAYERS_AFTER)),)


FACTORIZED = Claim(
    id="factorized-7x7-raises-cost",
    title="three 3x3 for the first 7x7 save",
    statement="'Factorized 7x7' makes the network cheaper and smaller.",
    sources=(
        Citation("001", "4.2, 4.2.1", "an upgrade that reduces parameters, drawn as 1x7 and 7x1"),
        Citation("002", "results", "the cost column prints 3.8 before and 4.8 after it"),
        Citation("003", "results", "the same two costs"),
        Citation("P3", "sections 6 and 10", "the first 7x7 becomes a sequence of 3x3"),
    ),
    claimed="cheaper",
    form="9 · 3 · 32 + 9 · 32 · 32 + 9 · 32 · 64 weights in place of 49 · 3 · 64",
    built="v3, v2 with its 7x7, and the same with a separable 7x7",
    count=_first,
    judge=_judge_cheaper,
    recorded="does-not-reproduce",
    asks=_timed_first,
    checks=(
        SubCheck("table", "The row adds 1.0 G to the cost, from 3.8 to 4.8 G.", "+1.0 G", _judge_table, "does-not-reproduce"),
        SubCheck("dearer", "The row costs more than the one before it.", "dearer", _judge_dearer, "holds"),
    ),
    see=("two-3x3-save-28", "asym-nxn-saving-grows", "stacked-receptive-field"),
)
CLAIMS = (FACTORIZED,)
