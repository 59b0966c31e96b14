"""Claims about what Inception-v3 costs beside GoogLeNet and by itself, and the totals that others publish of it."""

from __future__ import annotations

from collections.abc import Iterator

from inception_analyzer.claims.counted import cost, count, inside, macs, params, params_with_heads, placed
from inception_analyzer.claims.judging import fits, of, reproduced, true
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
    share,
    to_digits,
)
from inception_analyzer.claims.rebuilt import after, cost_at, normed_channels, separable
from inception_analyzer.cost import Cost
from inception_analyzer.inquiry import Evidence, Question
from inception_analyzer.outline import outline
from inception_analyzer.spec import Shape

G = 10**9

# Table 3 of the paper, billions of operations, and the rounder figure of its abstract.
PRINTED = {"v1": 1.5, "bn": 2.0, "v2": 3.8, "v3": 4.8, "v3.abstract": 5.0}


def _printed() -> Figures:
    return {f"printed.{name}": value for name, value in PRINTED.items()}


def _beside_googlenet() -> Figures:
    names = {"v3": "v3", "v1": "v1", "bn": "bn"}
    small = cost_at(after("v3"), Shape(3, 224, 224)).macs
    light = {name: cost(name).macs for name in ("v2", "googlenet-separable")}
    on_the_map = {f"{name}.inside": inside(name) for name in (*names, *light)}
    return {**_printed(), **{name: macs(name) for name in names}, **light, **on_the_map, "v3.224": small}


def _judge_beside_googlenet(evidence: Evidence) -> Finding:
    pairs = {
        ("v3", "v1"): "v3 beside GoogLeNet",
        ("v3", "googlenet-separable"): "v3 beside separable GoogLeNet",
        ("v2", "v1"): "v2 beside GoogLeNet",
        ("v2", "googlenet-separable"): "v2 beside separable GoogLeNet",
    }
    conditions = (
        *(_times(evidence, *pair, when) for pair, when in pairs.items()),
        *(_times_on_the_map(evidence, *pair, when) for pair, when in pairs.items()),
        _times(evidence, "v3", "bn", "v3 beside BN-Inception", aside=True),
        _times(evidence, "v3.224", "v1", "v3 beside GoogLeNet, both at 224x224", aside=True),
    )
    v3, v2, part = conditions[0].value, conditions[2].value, conditions[len(pairs)].value
    reason = say("v3 takes {} the multiply-adds of GoogLeNet, {} by taps on the map, and v2 with its 7x7 {}", v3, part, v2)
    return Finding(of(conditions), say("{}", v3), reason, conditions)


def _times_on_the_map(evidence: Evidence, name: str, base: str, when: str) -> Condition:
    return _times(evidence, f"{name}.inside", f"{base}.inside", f"{when}, on the map")


def _times(evidence: Evidence, name: str, base: str, when: str, *, aside: bool = False) -> Condition:
    now, before = evidence[name], evidence[base]
    parts = (("beside", Amount(before, "macs")), ("network", Amount(now, "macs")))
    return Condition(when, ratio(now / before), "aside" if aside else fits(now / before, 2.5, 2), parts)


def _judge_table(evidence: Evidence) -> Finding:
    """What the printed costs themselves give."""
    conditions = tuple(_printed_times(evidence, name, "v1", f"{name} beside GoogLeNet, as printed") for name in ("v2", "v3"))
    v2, v3 = (one.value for one in conditions)
    return Finding(of(conditions), say("{}, {}", v2, v3), say("as printed v2 takes {} and v3 {}", v2, v3), conditions)


def _printed_times(evidence: Evidence, name: str, base: str, when: str) -> Condition:
    found = evidence[f"printed.{name}"] / evidence[f"printed.{base}"]
    return Condition(when, ratio(found), fits(found, 2.5, 2))


def _judge_beside_bn(evidence: Evidence) -> Finding:
    """Section 11 says 2.5 of BN-Inception."""
    conditions = (
        _times(evidence, "v3", "bn", "counted"),
        _times_on_the_map(evidence, "v3", "bn", "counted"),
        _printed_times(evidence, "v3", "bn", "as Table 3 prints both"),
        _printed_times(evidence, "v3.abstract", "bn", "by the abstract's 5 billion"),
    )
    counted, printed = conditions[0].value, conditions[-1].value
    reason = say("counted it takes {}; the abstract's rounder 5 billion gives {}", counted, printed)
    return Finding(of(conditions), say("{}", counted), reason, conditions)


def _ask_v3() -> tuple[Question, ...]:
    return (Question("v3 over GoogLeNet", after("v1"), after("v3")),)


def _totals() -> Figures:
    """All of v3, what others leave out of it or add to it, and how far v2 with its two rows undone is from it."""
    plain = after("v2")
    rows = after("v2", "factorized-7x7", "bn-auxiliary").trunk.steps
    same = after("v3").trunk.steps
    return {
        **_printed(),
        "macs": macs("v3"),
        "inside": inside("v3"),
        "params": params("v3"),
        "training": params_with_heads("v3"),
        **{f"over {side}": cost_at(after("v3"), Shape(3, side, side)).macs for side in SMALLER},
        **{f"stage {stage.name}": stage.cost.macs for stage in outline(placed("v3")).parts},
        "logits": count("v3").layers[-1].cost.params,
        "normed": normed_channels(placed("v3")),
        **_with_map("v2", cost("v2")),
        **_with_map("v2.separable", cost_at(separable(plain, "valid"))),
        "v2.differs": sum(one != other for one, other in zip(rows, same, strict=False)) + abs(len(rows) - len(same)),
    }


def _with_map(name: str, whole: Cost) -> Figures:
    """Multiply-adds by every tap and by those on the map."""
    return {name: whole.macs, f"{name}.inside": whole.forward.inside}


def _judge_macs(evidence: Evidence) -> Finding:
    conditions = tuple(_billions(evidence, key, when, "printed.v3", 2) for key, when in WAYS.items())
    whole, part = (one.value for one in conditions)
    reason = say("it takes {} multiply-adds, and {} where taps on padding are left out", whole, part)
    return Finding(of(conditions), say("{}", whole), reason, (*conditions, *_besides(evidence)))


def _besides(evidence: Evidence) -> Iterator[Condition]:
    """Images over which it would cost about what is printed, and where its work lies."""
    for name, found in evidence.figures.items():
        if name.startswith("over "):
            yield Condition(f"{name}x{name.removeprefix('over ')}", Amount(found, "macs"), "aside")
        if name.startswith("stage "):
            yield Condition(f"{name.removeprefix('stage ')}, share of its work", share(found / evidence["macs"]), "aside")


# Sides at which its last maps lose a row, and with it a good part of its cost.
SMALLER = (290, 282)

ON_THE_MAP = "taps on the map"
WAYS = {"macs": "every tap", "inside": f"{ON_THE_MAP} only"}


def _billions(evidence: Evidence, key: str, when: str, printed: str, digits: int) -> Condition:
    found = evidence[key]
    return Condition(when, Amount(found, "macs"), fits(found, G * evidence[printed], digits))


def _judge_abstract(evidence: Evidence) -> Finding:
    conditions = tuple(_billions(evidence, key, when, "printed.v3.abstract", 1) for key, when in WAYS.items())
    whole, part = (one.value for one in conditions)
    words = "all taps make {}, which is {} to one digit, those on the map {}, which is {}"
    reason = say(words, whole, to_digits(whole.value / G, 1), part, to_digits(part.value / G, 1))
    return Finding(of(conditions), say("{}, {}", whole, part), reason, conditions)


def _judge_v2(evidence: Evidence) -> Finding:
    named = {"v2": "v3 behind a 7x7", "v2.separable": "the 7x7 separable, as in BN-Inception"}
    ways = named | {f"{key}.inside": f"{when}, {ON_THE_MAP}" for key, when in named.items()}
    conditions = tuple(_billions(evidence, key, when, "printed.v2", 2) for key, when in ways.items())
    found, part = conditions[0].value, conditions[2].value
    words = "the widths of v3 behind a 7x7 take {}, by taps on the map {}, with a separable one {}"
    reason = say(words, found, part, conditions[1].value)
    return Finding(of(conditions), say("{}", found), reason, conditions)


def _judge_below_25(evidence: Evidence) -> Finding:
    found = {"at inference": evidence["params"], "with the auxiliary head": evidence["training"]}
    conditions = tuple(Condition(when, Amount(value, "params"), true(value < 25e6)) for when, value in found.items())
    bare, whole = (one.value for one in conditions)
    return Finding(
        of(conditions), say("{}, {}", bare, whole), say("it has {} without its head and {} with it", bare, whole), conditions
    )


def _judge_published(evidence: Evidence) -> Finding:
    """What each library publishes; TensorFlow's norms have no gain, and Keras counts their running statistics too."""
    bare, normed = evidence["params"], evidence["normed"]
    found = {
        "torchvision, with its head": (evidence["training"], 27_161_264),
        "timm, without": (bare, 23_834_568),
        "Keras, a shift and two statistics per norm": (bare + normed, 23_851_784),
        "TF-slim, the same without the logits": (bare + normed - evidence["logits"], 21_802_784),
    }
    return reproduced(found)


def _judge_operations(evidence: Evidence) -> Finding:
    found = Amount(evidence["macs"], "macs")
    condition = Condition("as torchvision publishes it", found, fits(found.value, 5.713 * G, 4))
    return Finding(of([condition]), say("{}", found), say("counted here it is {}", found), (condition,))


def _judge_rows(evidence: Evidence) -> Finding:
    found = Amount(evidence["v2.differs"], "count")
    condition = Condition("blocks in which v2 then differs from v3", found, fits(found.value, 0))
    reason = say("after both rows {} blocks of v2 differ from v3", found)
    return Finding(of([condition]), say("{} differ", found), reason, (condition,))


BESIDE_GOOGLENET = Claim(
    id="cost-2p5x-googlenet",
    title="v3 takes 2.5x the MACs of GoogLeNet",
    statement="The network takes only 2.5 times the computation of GoogLeNet.",
    sources=(
        Citation("P3", "section 6", "about 2.5 higher than GoogLeNet, said of Inception-v2"),
        Citation("P3", "section 11", "2.5 times BN-Inception, said of v3"),
        Citation("003", "Inception-v2, Summary", "2.5x more computation than GoogLeNet, said of v3"),
    ),
    claimed="2.5x",
    form="multiply-adds at inference, each network over its own image",
    built="v3 and v2 beside GoogLeNet, plain and with the separable first layer, and beside BN-Inception",
    count=_beside_googlenet,
    judge=_judge_beside_googlenet,
    recorded="does-not-reproduce",
    asks=_ask_v3,
    checks=(
        SubCheck("table", "The costs in Table 3 give 2.5.", "2.5x", _judge_table, "depends"),
        SubCheck("bn-inception", "v3 takes 2.5 times BN-Inception.", "2.5x", _judge_beside_bn, "depends"),
    ),
    see=("v3-macs-5g-params-25m", "bn-inception-cost-2g"),
)
TOTALS = Claim(
    id="v3-macs-5g-params-25m",
    title="v3 takes 4.8 G multiply-adds",
    statement="Inception-v3 takes 4.8 billion multiply-adds.",
    sources=(
        Citation("P3", "Table 3", "4.8 billion operations"),
        Citation("P3", "abstract", "5 billion multiply-adds, less than 25 million parameters"),
        Citation("002", "results", "4.8"),
        Citation("003", "results", "4.8; a lower parameter count"),
    ),
    claimed="4.8 G",
    form="weights times grid, summed over convolutions and the linear layer",
    built="v3 at 299x299, with and without its head; v2 with a plain and a separable 7x7",
    count=_totals,
    judge=_judge_macs,
    recorded="does-not-reproduce",
    checks=(
        SubCheck("abstract", "It takes 5 billion multiply-adds.", "5 G", _judge_abstract, "depends"),
        SubCheck("parameters", "It has less than 25 million parameters.", "<25 M", _judge_below_25, "depends"),
        SubCheck("v2", "Inception-v2 takes 3.8 billion.", "3.8 G", _judge_v2, "does-not-reproduce"),
        SubCheck("published", "Its parameters are those that four libraries publish.", "4 totals", _judge_published, "holds"),
        SubCheck(
            "operations", "It takes the 5.713 G that torchvision publishes.", "5.713 G", _judge_operations, "holds-rounded"
        ),
        SubCheck("rows", "From v2 to v3 only the first layer and a norm change.", "2 rows", _judge_rows, "holds"),
    ),
    see=("cost-2p5x-googlenet",),
)
CLAIMS = (BESIDE_GOOGLENET, TOTALS)
