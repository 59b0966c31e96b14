"""Claims on VGG beside others: three times AlexNet's parameters, and much dearer than Inception."""

from __future__ import annotations

from inception_analyzer.claims.counted import count
from inception_analyzer.claims.judging import fits, of, true
from inception_analyzer.claims.model import (
    Amount,
    Citation,
    Claim,
    Condition,
    Figures,
    Finding,
    Kind,
    SubCheck,
    number_of,
    ratio,
    say,
    to_digits,
)
from inception_analyzer.claims.table_1 import M, as_printed
from inception_analyzer.cost import Cost, total
from inception_analyzer.expressions import load
from inception_analyzer.inquiry import Evidence, Question
from inception_analyzer.networks.vgg import vgg
from inception_analyzer.place import place

# Configurations of VGG's Table 1, as its Table 2 and torchvision count them.
TABLE_2 = {"vgg11": 133, "vgg13": 133, "vgg16": 138, "vgg19": 144}
PUBLISHED = {"vgg11": 132_863_336, "vgg13": 133_047_848, "vgg16": 138_357_544, "vgg19": 143_667_240}

NAMES = {"vgg11": "VGG-11", "vgg13": "VGG-13", "vgg16": "VGG-16", "vgg19": "VGG-19"}
INCEPTIONS = {
    "v1": "GoogLeNet",
    "bn": "BN-Inception",
    "v2": "Inception-v2",
    "v3": "Inception-v3",
    "v4": "Inception-v4",
    "ir1": "Inception-ResNet-v1",
    "ir2": "Inception-ResNet-v2",
}

# No text says how much `much` is.
MUCH = 2.0


def _cost(name: str) -> Cost:
    """One configuration; B, of 13 layers, is in no catalogue."""
    return total(place(vgg(13, "B", (2, 2, 2, 2, 2)))) if name == "vgg13" else count(name).cost


def _sizes() -> Figures:
    figures: dict[str, float] = {"alexnet": count("alexnet").cost.params, "alexnet.macs": count("alexnet").cost.macs}
    for name in NAMES:
        found = _cost(name)
        figures |= {name: found.params, f"{name}.macs": found.macs}
    return figures


def _judge_three_times(evidence: Evidence) -> Finding:
    conditions = []
    for name, told in NAMES.items():
        found = ratio(evidence[name] / evidence["alexnet"])
        parts = (("VGG", Amount(evidence[name], "params")), ("AlexNet", Amount(evidence["alexnet"], "params")))
        conditions.append(Condition(told, found, fits(found.value, 3, 1), parts))
    work = Condition("multiply-adds, VGG-16", ratio(evidence["vgg16.macs"] / evidence["alexnet.macs"]), "aside")
    least, most = conditions[0].value, conditions[-1].value
    reason = say("VGG-11 has {} the parameters of AlexNet, and VGG-19 {}", least, most)
    return Finding(of(conditions), say("{} to {}", least, most), reason, (*conditions, work))


def _judge_constant(evidence: Evidence) -> Finding:
    """From 11 layers to 19, of which the slides say that the parameters were kept."""
    found = Amount(evidence["vgg19"] / evidence["vgg11"] - 1, "change")
    condition = Condition("VGG-11 to VGG-19", found, fits(found.value, 0))
    reason = say("from 11 layers to 19 the parameters change by {}", found)
    return Finding(of([condition]), say("{}", found), reason, (condition,))


def _judge_table_2(evidence: Evidence) -> Finding:
    conditions = tuple(
        Condition(NAMES[name], Amount(evidence[name], "params"), as_printed(evidence[name] / M, printed))
        for name, printed in TABLE_2.items()
    )
    first, last = conditions[0].value, conditions[-1].value
    return Finding(of(conditions), say("{} to {}", first, last), say("they have {} to {}", first, last), conditions)


def _judge_published(evidence: Evidence) -> Finding:
    conditions = tuple(
        Condition(NAMES[name], number_of(evidence[name]), fits(evidence[name], published))
        for name, published in PUBLISHED.items()
    )
    middle = conditions[2].value
    return Finding(of(conditions), say("{}", middle), say("VGG-16 has {} parameters", middle), conditions)


def _work() -> Figures:
    """Multiply-adds and parameters of VGG and of the Inception networks, each over its own image."""
    figures: dict[str, float] = {}
    for name in ("vgg16", "vgg19", *INCEPTIONS):
        found = count(name)
        convolutions = sum(layer.cost.macs for layer in found.layers if layer.op == "conv" and not layer.aux)
        figures |= {f"{name}.macs": found.cost.macs, f"{name}.params": found.cost.params, f"{name}.convs": convolutions}
    return figures


def _judge_cheaper(evidence: Evidence) -> Finding:
    """Against VGG-16, the cheaper of the two that papers compare with; `much` is read as half or less."""
    conditions = [_beside(evidence, name, "macs", aside=False) for name in INCEPTIONS]
    asides = [_beside(evidence, name, "params", aside=True) for name in ("v1", "v3", "v4")]
    least, most = (edge((one.value for one in conditions), key=lambda one: one.value) for edge in (min, max))
    reason = say("VGG-16 takes {} the multiply-adds of the cheapest Inception and {} of the dearest", most, least)
    return Finding(of(conditions), say("VGG: {} to {}", least, most), reason, (*conditions, *asides))


def _beside(evidence: Evidence, name: str, quantity: str, *, aside: bool) -> Condition:
    kind: Kind = "macs" if quantity == "macs" else "params"
    vgg16, other = evidence[f"vgg16.{quantity}"], evidence[f"{name}.{quantity}"]
    parts = (("VGG-16", Amount(vgg16, kind)), ("Inception", Amount(other, kind)))
    told = INCEPTIONS[name] if quantity == "macs" else f"{INCEPTIONS[name]}, parameters"
    return Condition(told, ratio(vgg16 / other), "aside" if aside else true(vgg16 >= MUCH * other), parts)


def _judge_printed_work(evidence: Evidence) -> Finding:
    """The 15.3 and 19.6 billion of a later paper, with the fully connected layers and without them."""
    printed = {"vgg16": 15.3, "vgg19": 19.6}
    conditions = []
    for name, claimed in printed.items():
        for key, told in (("macs", "all layers"), ("convs", "convolutions alone")):
            found = Amount(evidence[f"{name}.{key}"], "macs")
            conditions.append(Condition(f"{NAMES[name]}, {told}", found, fits(found.value, claimed * 1e9, 3)))
    whole, bare, whole_19, bare_19 = (one.value for one in conditions)
    words = "they take {} and {} billion with all layers, so {} and {}; in convolutions alone {} and {}, so {} and {}"
    reason = say(words, *_and_printed(whole, whole_19), *_and_printed(bare, bare_19))
    return Finding(of(conditions), say("{}, {}", whole, whole_19), reason, tuple(conditions))


def _and_printed(*found: Amount) -> tuple[Amount, ...]:
    """Multiply-adds, and the billions that would be printed for them."""
    billions = [one.value / 1e9 for one in found]
    return (*(Amount(one, "number") for one in billions), *(to_digits(one, 3) for one in billions))


def _timed_networks() -> tuple[Question, ...]:
    """Regular layers beside many small ones: the cheapest and the dearest Inception."""
    return tuple(Question(f"VGG-16 beside {INCEPTIONS[name]}", load(name), load("vgg16")) for name in ("v1", "v4"))


THREE_TIMES = Claim(
    id="vgg-3x-alexnet",
    title="VGG has 3x AlexNet's parameters",
    statement="VGG has about three times the parameters of AlexNet.",
    sources=(
        Citation("P3", "section 1", "about 3x more parameters than AlexNet"),
        Citation("001", "2.3", "three times AlexNet"),
        Citation("VGG", "Table 2", "133 to 144 million"),
        Citation("003", "Related work", "VGG kept the parameters constant"),
    ),
    claimed="3x",
    form="parameters of VGG over those of AlexNet",
    built="AlexNet, and VGG of 11, 13, 16 and 19 layers",
    count=_sizes,
    judge=_judge_three_times,
    recorded="does-not-reproduce",
    checks=(
        SubCheck(
            "constant",
            "VGG kept its parameters constant, as the slides say.",
            "constant",
            _judge_constant,
            "does-not-reproduce",
        ),
        SubCheck("table-2", "VGG's own table: 133, 133, 138 and 144 million.", "133 to 144 M", _judge_table_2, "holds-rounded"),
        SubCheck("published", "Torchvision's VGG-16 has 138,357,544.", "138,357,544", _judge_published, "holds"),
    ),
    see=("googlenet-12x-alexnet",),
)
CHEAPER = Claim(
    id="inception-cheaper-than-vgg",
    title="Inception is much cheaper than VGG",
    statement="Inception networks take much less computation than VGG.",
    sources=(
        Citation("P3", "sections 1 and 6", "much lower than VGG; v2 is still much more efficient"),
        Citation("RN", "section 3.3", "15.3 and 19.6 billion for VGG-16 and VGG-19"),
        Citation("002", "Introduction", "much cheaper"),
        Citation("003", "Related work", "VGG needs a lot of computation, Inception far less"),
    ),
    claimed="much less",
    form="multiply-adds of VGG-16 over those of the network; much: 2x and more",
    built="VGG-16, VGG-19 and seven Inception networks, each over its own image",
    count=_work,
    judge=_judge_cheaper,
    recorded="depends",
    asks=_timed_networks,
    checks=(SubCheck("printed", "15.3 G for VGG-16 and 19.6 G for VGG-19.", "15.3, 19.6 G", _judge_printed_work, "depends"),),
    holds_when="the network is GoogLeNet to Inception-v3 or Inception-ResNet-v1",
    see=("cost-2p5x-googlenet", "vgg-3x-alexnet"),
)
CLAIMS = (THREE_TIMES, CHEAPER)
