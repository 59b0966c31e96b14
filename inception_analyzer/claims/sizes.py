"""Claims on the parameters of GoogLeNet: five million, and a twelfth of AlexNet's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from inception_analyzer.claims import table_1
from inception_analyzer.claims.counted import count, placed
from inception_analyzer.claims.googlenet import torchvision
from inception_analyzer.claims.judging import fits, of
from inception_analyzer.claims.model import (
    Amount,
    Citation,
    Claim,
    Condition,
    Figures,
    Finding,
    SubCheck,
    number_of,
    ratio,
    say,
)
from inception_analyzer.cost import total
from inception_analyzer.evidence import Count
from inception_analyzer.expressions import load
from inception_analyzer.inquiry import Evidence
from inception_analyzer.place import place_node
from inception_analyzer.spec import Conv, GlobalPool, Linear, Network, Sequence, Shape
from inception_analyzer.tree import rewrite
from inception_analyzer.words import biased, dropout, linear, maxpool, trunk

MILLION = 1e6


def _googlenet() -> Figures:
    """Parameters by every way of counting that could give 5 million, and the classifiers with and without a global mean."""
    found, theirs = count("v1"), torchvision()
    heads, their_heads = _heads(found), _heads(theirs)
    figures: dict[str, float] = {
        "all": found.cost.params,
        "weights": table_1.weights_of(placed("v1")),
        "convolutions": _convolutions("v1"),
        "separable": count("googlenet-separable").cost.params,
        "heads": found.cost.params + heads,
        "torchvision": theirs.cost.params,
        "torchvision.heads": theirs.cost.params + their_heads,
    }
    for name in ("v1", "v3"):
        figures |= {f"{name}.{key}": value for key, value in _classifier(name).items()}
    return {**figures, **table_1.weights()}


def _heads(found: Count) -> int:
    assert found.aux is not None, "both heads fit at 224x224"
    return found.aux.params


def _convolutions(expression: str) -> int:
    """Parameters of all convolutions."""
    return sum(layer.cost.params for layer in count(expression).layers if layer.op == "conv" and not layer.aux)


def _classifier(expression: str) -> dict[str, int]:
    """Weights of the classifier behind the mean of the last map, and over the whole of it."""
    parts = placed(expression).parts
    last = next(here.reads for here in parts if isinstance(here.node, GlobalPool))
    behind = next(here for here in parts if isinstance(here.node, Linear))
    whole = place_node(behind.node, last)
    return {"mean": table_1.weights_of(behind), "map": table_1.weights_of(whole)}


READINGS = {
    "all": "all of the inference network",
    "weights": "its weights, without biases",
    "convolutions": "its convolutions, without the classifier",
    "separable": "with the separable first layer",
    "torchvision": "torchvision's, 3x3 for each 5x5",
    "heads": "with both auxiliary heads",
}


def _judge_googlenet(evidence: Evidence) -> Finding:
    conditions = tuple(_params(evidence, key, told, 5 * MILLION, 1) for key, told in READINGS.items())
    least = min((one.value for one in conditions), key=lambda one: one.value)
    reason = say("it has {} in all, and {} by the reading that finds fewest", conditions[0].value, least)
    return Finding(of(conditions), say("{}", conditions[0].value), reason, conditions)


def _params(evidence: Evidence, key: str, told: str, claimed: float, digits: int | None = None) -> Condition:
    found = evidence[key]
    return Condition(told, Amount(found, "params"), fits(found, claimed, digits))


def _published(totals: Mapping[str, tuple[str, int]]) -> Callable[[Evidence], Finding]:
    """A judge of totals that public implementations state to the unit, by the figure that must be the same."""

    def judge(evidence: Evidence) -> Finding:
        conditions = tuple(
            Condition(told, number_of(evidence[key]), fits(evidence[key], published))
            for key, (told, published) in totals.items()
        )
        values = tuple(one.value for one in conditions)
        words = " and ".join(["{}"] * len(values))
        return Finding(of(conditions), say("{}", values[0]), say(f"its layers hold {words} parameters", *values), conditions)

    return judge


def _judge_mean(evidence: Evidence) -> Finding:
    """The last map of GoogLeNet has 49 places, and a classifier over all of it as many times the weights."""
    conditions = (_over_the_map(evidence, "v1", "GoogLeNet", 49), _over_the_map(evidence, "v3", "Inception-v3", None))
    found = conditions[0].value
    reason = say("over the whole map the classifier would hold {} the weights, in Inception-v3 {}", found, conditions[1].value)
    return Finding(of(conditions), say("{}", found), reason, conditions)


def _over_the_map(evidence: Evidence, name: str, told: str, claimed: float | None) -> Condition:
    whole, mean = evidence[f"{name}.map"], evidence[f"{name}.mean"]
    parts = (("whole map", Amount(whole, "params")), ("its mean", Amount(mean, "params")))
    return Condition(told, ratio(whole / mean), "aside" if claimed is None else fits(whole / mean, claimed), parts)


def _ungrouped(network: Network) -> Sequence:
    """AlexNet as if one GPU had held it."""
    return trunk(rewrite(network.trunk, lambda _, node: replace(node, groups=1) if isinstance(node, Conv) else None))


def _torchvision_alexnet() -> Sequence:
    """`One weird trick`, 1404.5997: no groups, narrower at first, no norms."""
    convs = (biased(64, 11, 4, 2), maxpool(3, 2), biased(192, 5), maxpool(3, 2), biased(384, 3), biased(256, 3))
    return trunk(
        *convs,
        biased(256, 3),
        maxpool(3, 2),
        dropout(0.5),
        linear(4096, act="relu"),
        dropout(0.5),
        linear(4096, act="relu"),
        linear(1000),
    )


def _alexnet() -> Figures:
    """AlexNet in three versions, whole and without its fully connected layers, beside what GoogLeNet has."""
    network, theirs = load("alexnet"), place_node(_torchvision_alexnet(), Shape(3, 224, 224))
    found = count("v1")
    return {
        "alexnet": count("alexnet").cost.params,
        "alexnet.ungrouped": total(place_node(_ungrouped(network), network.input)).params,
        "alexnet.torchvision": total(theirs).params,
        "alexnet.convolutions": _convolutions("alexnet"),
        "v1": found.cost.params,
        "v1.heads": found.cost.params + _heads(found),
        "v1.torchvision": torchvision().cost.params,
        "v1.convolutions": _convolutions("v1"),
    }


PAIRS = {
    "as published": ("alexnet", "v1"),
    "AlexNet without its groups": ("alexnet.ungrouped", "v1"),
    "both as torchvision has them": ("alexnet.torchvision", "v1.torchvision"),
    "GoogLeNet with both heads": ("alexnet", "v1.heads"),
}


def _judge_twelfth(evidence: Evidence) -> Finding:
    conditions = [_over(evidence, told, *pair, claimed=12) for told, pair in PAIRS.items()]
    convolutions = _over(evidence, "convolutions alone", "alexnet.convolutions", "v1.convolutions", claimed=None)
    found, needed = conditions[0].value, Amount(evidence["alexnet"] / 12, "params")
    reason = say(
        "AlexNet has {} the parameters of GoogLeNet, which has {}; 12x would need {}",
        found,
        Amount(evidence["v1"], "params"),
        needed,
    )
    return Finding(of(conditions), say("{}", found), reason, (*conditions, convolutions))


def _over(evidence: Evidence, told: str, one: str, other: str, *, claimed: float | None) -> Condition:
    first, second = evidence[one], evidence[other]
    parts = (("AlexNet", Amount(first, "params")), ("GoogLeNet", Amount(second, "params")))
    return Condition(told, ratio(first / second), "aside" if claimed is None else fits(first / second, claimed, 2), parts)


FIVE = Claim(
    id="googlenet-params-5m",
    title="GoogLeNet has 5 M parameters",
    statement="GoogLeNet has five million parameters.",
    sources=(
        Citation("P3", "section 1", "only 5 million"),
        Citation("P1", "Table 1", "rows that sum to 6.8 million"),
        Citation("001", "2.3", "a twelfth of AlexNet, so 5 million"),
        Citation("003", "Introduction", "fit for limited memory"),
    ),
    claimed="5 M",
    form="k k · in · out + out over convolutions, in · out + out for the classifier",
    built="GoogLeNet by six ways of counting, and as torchvision has it",
    count=_googlenet,
    judge=_judge_googlenet,
    recorded="does-not-reproduce",
    checks=(
        SubCheck(
            "table-1", "The parameters of Table 1 follow from its widths.", "12 rows", table_1.judge_parameters, "depends"
        ),
        SubCheck(
            "torchvision",
            "Torchvision publishes 6,624,904 parameters, 13,004,888 with heads.",
            "6,624,904",
            _published({"torchvision": ("without heads", 6_624_904), "torchvision.heads": ("with heads", 13_004_888)}),
            "holds",
        ),
        SubCheck("mean", "A mean before the classifier spares a classifier 49 times its weights.", "49x", _judge_mean, "holds"),
    ),
    see=("googlenet-12x-alexnet", "aux-heads-train-only"),
)
TWELFTH = Claim(
    id="googlenet-12x-alexnet",
    title="12x fewer parameters than AlexNet",
    statement="GoogLeNet has a twelfth of AlexNet's parameters.",
    sources=(
        Citation("P1", "section 1", "12x fewer parameters than the winner of two years before"),
        Citation("P3", "section 1", "5 million against 60 million"),
        Citation("001", "2.3", "a twelfth of AlexNet"),
    ),
    claimed="12x",
    form="parameters of AlexNet over those of GoogLeNet",
    built="AlexNet with and without its groups, GoogLeNet with and without heads, torchvision's two",
    count=_alexnet,
    judge=_judge_twelfth,
    recorded="does-not-reproduce",
    checks=(
        SubCheck(
            "published",
            "AlexNet has 60,965,224 parameters, 61,100,840 in torchvision.",
            "60,965,224",
            _published({"alexnet": ("two groups", 60_965_224), "alexnet.torchvision": ("torchvision", 61_100_840)}),
            "holds",
        ),
    ),
    see=("googlenet-params-5m", "vgg-3x-alexnet"),
)
CLAIMS = (FIVE, TWELFTH)
