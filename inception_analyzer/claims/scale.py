"""Claims on scale: Inception-v4 beside ResNet-152 and Inception-ResNet-v2, and the totals that others publish."""

from __future__ import annotations

from dataclasses import replace

from inception_analyzer.claims.counted import macs, params, placed
from inception_analyzer.claims.drawn import AS_DRAWN, TITLES
from inception_analyzer.claims.judging import clocked, fits, of, true
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
    to_digits,
)
from inception_analyzer.cost import sum_of, total
from inception_analyzer.expressions import load
from inception_analyzer.inquiry import Evidence, Question
from inception_analyzer.place import place_node
from inception_analyzer.spec import Residual
from inception_analyzer.words import conv, globalpool, seq

# 'Similar scale' has no number: the largest takes less than this much of the smallest.
SIMILAR = 1.5

# Parameters that public implementations of the networks have, as their makers or users print them.
PUBLISHED = {
    "v4": 42_679_816,  # timm
    "ir2": 55_843_464,  # timm
    "resnet50": 25_557_032,  # torchvision
    "resnet152": 60_192_808,  # torchvision
    "resnet50-v1.5": 25_557_032,  # torchvision, whose stride is in the 3x3
    "resnet152-v1.5": 60_192_808,  # torchvision
    "vgg16": 138_357_544,  # torchvision
    "vgg19": 143_667_240,  # torchvision
    "alexnet": 60_965_224,  # Caffe
}
FACENET = 23_482_624  # facenet-pytorch, Inception-ResNet-v1 without its classifier

# 'Deep residual learning', Table 1.
RESNETS = {"resnet50": 3.8e9, "resnet152": 11.3e9}
DIGITS = {"resnet50": 2, "resnet152": 3}

# What torchvision publishes beside the weights of its own, with the stride in the 3x3.
TORCHVISION = {"resnet50-v1.5": 4.089e9, "resnet152-v1.5": 11.514e9}

NAMES = TITLES | {
    "v3": "v3",
    "resnet50": "ResNet-50",
    "resnet152": "ResNet-152",
    "resnet50-v1.5": "ResNet-50, stride in the 3x3",
    "resnet152-v1.5": "ResNet-152, stride in the 3x3",
    "vgg16": "VGG-16",
    "vgg19": "VGG-19",
    "alexnet": "AlexNet",
}

SCALE_OF = ("v4", "resnet152", "ir2", AS_DRAWN)
OTHERS = ("v3", "ir1", "resnet50")


def _scales() -> Figures:
    """Multiply-adds and parameters, each network at its own input."""
    return {
        **{f"{name}.macs": macs(name) for name in (*SCALE_OF, *OTHERS, *TORCHVISION)},
        **{f"{name}.params": params(name) for name in dict.fromkeys((*SCALE_OF, *OTHERS, *PUBLISHED))},
        "facenet.params": _facenet(),
    }


def _facenet() -> int:
    """IR-v1 as facenet-pytorch has it: a sixth C, linear and unscaled, and a normed bottleneck of 512 for the classifier."""
    *body, _, _, classifier = placed("ir1").parts
    assert classifier.path == "logits"
    sixth, bottleneck = body[-1].node, conv(512, 1, act="none")
    assert isinstance(sixth, Residual), "IR-v1 ends on its C blocks"
    end = seq(replace(sixth, scale=1.0, act="none"), globalpool(), bottleneck)
    return sum_of(total(part) for part in (*body, place_node(end, body[-1].writes))).params


def _judge_scale(evidence: Evidence) -> Finding:
    """The largest over the smallest of three, with either reading of Inception-ResNet-v2."""
    conditions = tuple(_spread(evidence, other, quantity) for other in ("ir2", AS_DRAWN) for quantity in ("macs", "params"))
    asides = tuple(
        Condition(f"{NAMES[name]} against v4, multiply-adds", ratio(evidence[f"{name}.macs"] / evidence["v4.macs"]), "aside")
        for name in OTHERS
    )
    released, drawn = conditions[1].value, conditions[3].value
    reason = say("the largest of the three has {} the parameters of the smallest, and {} with IR-v2 as drawn", released, drawn)
    return Finding(of(conditions), say("{} or {} apart", released, drawn), reason, (*conditions, *asides))


def _spread(evidence: Evidence, other: str, quantity: str) -> Condition:
    sizes = [evidence[f"{name}.{quantity}"] for name in ("v4", "resnet152", other)]
    kind: Kind = "macs" if quantity == "macs" else "params"
    parts = (("smallest", Amount(min(sizes), kind)), ("largest", Amount(max(sizes), kind)))
    found = max(sizes) / min(sizes)
    what = "multiply-adds" if quantity == "macs" else "parameters"
    return Condition(f"{what}, {TITLES[other]}", ratio(found), true(found < SIMILAR), parts)


def _judge_published(evidence: Evidence) -> Finding:
    conditions = tuple(
        Condition(NAMES[name], Amount(found, "count"), fits(found, published), (("published", Amount(published, "count")),))
        for name, published in PUBLISHED.items()
        for found in (evidence[f"{name}.params"],)
    )
    same = Amount(sum(one.fit == "exactly" for one in conditions), "count")
    every = Amount(len(conditions), "count")
    reason = say("{} of {} networks have the parameters of their public implementations", same, every)
    return Finding(of(conditions), say("{} of {}", same, every), reason, conditions)


def _judge_facenet(evidence: Evidence) -> Finding:
    found = Amount(evidence["facenet.params"], "count")
    condition = Condition("with facenet's sixth C and bottleneck", found, fits(found.value, FACENET))
    return Finding(of([condition]), say("{}", found), say("with facenet's ending IR-v1 has {} parameters", found), (condition,))


def _judge_resnets(evidence: Evidence) -> Finding:
    """To as many digits as the paper's table prints."""
    conditions = tuple(_operations(evidence, name, printed, DIGITS[name]) for name, printed in RESNETS.items())
    values = [one.value for one in conditions]
    rounded = [to_digits(one.value / 1e9, DIGITS[name]) for name, one in zip(RESNETS, values, strict=True)]
    words = "with the stride in the 1x1, as in the paper, ResNet-50 takes {} and ResNet-152 {}, to as many digits {} and {}"
    return Finding(of(conditions), say("{}, {}", *values), say(words, *values, *rounded), conditions)


def _operations(evidence: Evidence, name: str, printed: float, digits: int) -> Condition:
    found = evidence[f"{name}.macs"]
    return Condition(NAMES[name], Amount(found, "macs"), fits(found, printed, digits), (("printed", Amount(printed, "macs")),))


def _judge_torchvision(evidence: Evidence) -> Finding:
    """With the stride of a stage in its 3x3, as torchvision has it."""
    digits = {"resnet50-v1.5": 4, "resnet152-v1.5": 5}
    conditions = tuple(_operations(evidence, name, printed, digits[name]) for name, printed in TORCHVISION.items())
    values = [one.value for one in conditions]
    reason = say("with the stride in the 3x3 ResNet-50 takes {} and ResNet-152 {}", *values)
    return Finding(of(conditions), say("{}, {}", *values), reason, conditions)


TIMES = {"ir2": "the time of IR-v2 against v4", "resnet152": "the time of ResNet-152 against v4"}


def _timed_scale() -> tuple[Question, ...]:
    return tuple(Question(question, load("v4"), load(name)) for name, question in TIMES.items())


def _judge_time(evidence: Evidence) -> Finding:
    """Between one over the factor that counts as similar, and that factor."""
    titles = {"ir2": "IR-v2 took", "resnet152": "ResNet-152 took"}
    found = clocked(evidence, {TIMES[name]: title for name, title in titles.items()}, 1 / SIMILAR, SIMILAR)
    values = [one.value for one in found.conditions]
    told = " and ".join(f"{one.when} {{}}" for one in found.conditions)
    farthest = max(values, key=lambda amount: max(amount.value, 1 / amount.value))
    return found.finding(say("{}", farthest), say(f"for one image {told} as long as v4", *values))


SCALE = Claim(
    id="scale-families-resnet",
    title="IR-v2, ResNet-152, v4: similar scale",
    statement="Inception-ResNet-v2, ResNet-152 and Inception-v4 are of similar scale.",
    sources=(
        Citation("001", "6.3", "the three are of similar scale"),
        Citation("P4", "section 5", "compared in plots and tables, without counts"),
        Citation("RN", "Table 1", "ResNet-50 3.8 G, ResNet-152 11.3 G"),
    ),
    claimed="similar",
    form="the largest over the smallest of the three; less than 1.5x counts as similar",
    built="v4, ResNet-152 and both readings of IR-v2, each at its own input",
    count=_scales,
    judge=_judge_scale,
    recorded="depends",
    asks=_timed_scale,
    checks=(
        SubCheck(
            "published",
            "Public implementations have as many parameters.",
            f"{len(PUBLISHED)} networks",
            _judge_published,
            "holds",
        ),
        SubCheck("facenet", "Inception-ResNet-v1 is the network of facenet-pytorch.", "23,482,624", _judge_facenet, "holds"),
        SubCheck("resnets", "ResNet-50 takes 3.8 G and ResNet-152 11.3 G.", "3.8, 11.3 G", _judge_resnets, "depends"),
        SubCheck(
            "torchvision", "Torchvision's ResNets take 4.089 and 11.514 G.", "4.089, 11.51", _judge_torchvision, "holds-rounded"
        ),
        SubCheck("time", "They also take similar times.", "similar", _judge_time, "undecided"),
    ),
    holds_when="Inception-ResNet-v2 is the network that was released, not the one that is drawn",
    see=("inception-resnet-cost-match",),
)
CLAIMS = (SCALE,)
