"""The claim on 'Factorized 7x7', the row of Table 3 in which three 3x3 take the place of the first 7x7."""

from __future__ import annotations

from inception_analyzer.claims import swaps
from inception_analyzer.claims.counted import cost, inside, leading, placed
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
from inception_analyzer.claims.rebuilt import cost_at, separable
from inception_analyzer.claims.swaps import LONG_PAIR, THREE_3X3, both, padded, shown, sides
from inception_analyzer.cost import total
from inception_analyzer.expressions import load
from inception_analyzer.inquiry import Evidence, Question
from inception_analyzer.place import Placed

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
    figures |= both("stem on the map", _on_the_map(one), _on_the_map(three))
    figures |= both("network", cost(BEFORE).macs, cost(AFTER).macs)
    figures |= both("network on the map", inside(BEFORE), inside(AFTER))
    behind = cost_at(separable(load(BEFORE), "valid"))
    figures |= {"separable": behind.macs, "separable on the map": behind.forward.inside}
    return figures | padded("three", THREE_3X3) | padded("line", LONG_PAIR, grid=17)


def _macs(layers: tuple[Placed, ...]) -> int:
    return sum(total(layer).macs for layer in layers)


def _on_the_map(layers: tuple[Placed, ...]) -> int:
    return sum(total(layer).forward.inside for layer in layers)


def _weights(layers: tuple[Placed, ...]) -> int:
    """Without norms: each weight works once for every place of the output."""
    return sum(total(layer).macs // (layer.writes.height * layer.writes.width) for layer in layers)


def _written(layers: tuple[Placed, ...]) -> int:
    return sum(layer.writes.size for layer in layers)


def _judge_cheaper(evidence: Evidence) -> Finding:
    """In the row that bears the name it is the first layer; the other readings are shown beside it."""
    conditions = [
        _times(evidence, "stem", "first layers, multiply-adds"),
        _times(evidence, "weights", "first layers, weights", "params"),
        _times(evidence, "network", "all of v3"),
        _behind_separable(evidence, "", "all of v3, its 7x7 separable"),
        _times(evidence, "stem on the map", "first layers, taps on the map only"),
        _times(evidence, "network on the map", "all of v3, taps on the map only"),
        _behind_separable(evidence, " on the map", "all of v3, its 7x7 separable, taps on the map"),
    ]
    asides = [
        shown(evidence, "written", THREE_3X3, "elements that the first layers write", kind="elements"),
        shown(evidence, "three", THREE_3X3, "three 3x3 for a 7x7, equal widths"),
        shown(evidence, "line", LONG_PAIR, "1x7 + 7x1 for a 7x7, equal widths"),
    ]
    stem, whole, part, equal = conditions[0].value, conditions[2].value, conditions[5].value, asides[1].value
    words = "the first layers take {} the multiply-adds and all of v3 {}, by taps on the map {}; at equal widths it {}"
    reason = say(words, stem, whole, part, equal)
    return Finding(of(conditions), say("{} the MACs", stem), reason, (*conditions, *asides))


def _behind_separable(evidence: Evidence, way: str, when: str) -> Condition:
    ends = both("", evidence[f"separable{way}"], evidence[f"network{way}.chain"])
    return _times(Evidence(ends), "", when)


def _times(evidence: Evidence, key: str, when: str, kind: Kind = "macs") -> Condition:
    found = swaps.share(evidence, key)
    return Condition(when, ratio(found), true(found < 1), sides(evidence, key, THREE_3X3, kind))


def _judge_table(evidence: Evidence) -> Finding:
    """The difference of two rounded figures is uncertain by both roundings."""
    told = {
        ("network.one", "network.chain"): "a plain 7x7 before",
        ("separable", "network.chain"): "a separable 7x7 before",
        ("network on the map.one", "network on the map.chain"): "a plain 7x7 before, taps on the map",
        ("separable on the map", "network on the map.chain"): "a separable 7x7 before, taps on the map",
    }
    conditions = tuple(_added(evidence[before], evidence[after], when) for (before, after), when in told.items())
    words = "three 3x3 add {} to a plain 7x7 and {} to a separable one, by taps on the map {} and {}"
    return Finding(of(conditions), say("+{}", conditions[0].value), say(words, *(one.value for one in conditions)), conditions)


def _added(before: float, after: float, when: str) -> Condition:
    near = abs((after - before) / UNIT - (PRINTED[1] - PRINTED[0])) <= 2 * ROUNDED
    return Condition(when, Amount(after - before, "macs"), "rounded" if near else "not", _ends(before, after))


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
    form="9 · in · out of each of three 3x3, added up, in place of 49 · in · out",
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
