"""Claims on auxiliary heads: that they are for training only, and that they carry gradients to the lower layers."""

from __future__ import annotations

from inception_analyzer.claims.counted import count, placed
from inception_analyzer.claims.googlenet import torchvision
from inception_analyzer.claims.judging import EXACT, fits, of, true
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
    share,
)
from inception_analyzer.expressions import load
from inception_analyzer.inquiry import Evidence, Question
from inception_analyzer.spec import Aux

# An increase of the signal counts from here on; heads add a few percent whatever happens.
DOUBLE = 2.0

# Training steps are timed with a batch that a laptop holds.
BATCH = 4


def _heads() -> Figures:
    """Where heads hang, what they weigh in the loss, and what they add to the network that infers."""
    figures: dict[str, float] = {"torchvision.v3": count("v3").cost.params + _added("v3", "params")}
    for name in ("v1", "v3"):
        found = count(name).cost
        figures |= {f"{name}.params": found.params, f"{name}.macs": found.macs}
        figures |= {f"{name}.heads.{key}": _added(name, key) for key in ("params", "macs")}
    theirs = torchvision()
    assert theirs.aux is not None
    return {**figures, "torchvision.v1": theirs.cost.params + theirs.aux.params, **_places("v1"), **_places("v3")}


def _added(name: str, quantity: str) -> int:
    heads = count(name).aux
    assert heads is not None, f"the heads of {name} fit on its own image"
    return heads.params if quantity == "params" else heads.macs


def _places(name: str) -> dict[str, float]:
    """Of each head in order: its weight, and the blocks of its grid before and behind it; heads are no blocks."""
    figures: dict[str, float] = {}
    parts = placed(name).parts
    for number, place in enumerate((index for index, here in enumerate(parts) if isinstance(here.node, Aux)), 1):
        head = parts[place].node
        assert isinstance(head, Aux)
        before, behind = (
            sum(bool(here.kind) and here.writes.grid == parts[place].reads.grid for here in side)
            for side in (parts[:place], parts[place + 1 :])
        )
        figures |= {
            f"{name}.{number}.weight": head.weight,
            f"{name}.{number}.before": before,
            f"{name}.{number}.behind": behind,
            f"{name}.{number}.grid": parts[place].reads.height,
        }
    return figures


def _judge_training_only(evidence: Evidence) -> Finding:
    """The loss as it is written, its gradients, and what is left of the heads at inference."""
    weights = [evidence[f"v1.{number}.weight"] for number in (1, 2)]
    error, above = Amount(evidence["heads.sum"], "error"), evidence["heads.above"]
    conditions = (
        *(Condition(f"weight of head {i}", Amount(w, "number"), fits(w, 0.3)) for i, w in enumerate(weights, 1)),
        Condition("gradient of the sum, beside the sum of gradients", error, true(error.value < EXACT)),
        Condition(
            "gradient of the heads behind the second", Amount(above, "number"), true(above == 0 < evidence["heads.below"])
        ),
        *(_logits(evidence, name, told) for name, told in (("v1", "GoogLeNet"), ("v3", "Inception-v3"))),
        *_added_in_training(evidence, "v1", "GoogLeNet"),
        *_added_in_training(evidence, "v3", "Inception-v3"),
    )
    params, theirs = (_change(evidence, name, "params") for name in ("v1", "v3"))
    changed = number_of(evidence["heads.v1.logits"] + evidence["heads.v3.logits"])
    reason = say(
        "without heads {} logits change; in training they add {} to the parameters of GoogLeNet and {} to those of v3",
        changed,
        params,
        theirs,
    )
    return Finding(of(conditions), say("{}, {} logits change", conditions[0].value, changed), reason, conditions)


def _logits(evidence: Evidence, name: str, told: str) -> Condition:
    found = evidence[f"heads.{name}.logits"]
    return Condition(f"logits of {told} that change without heads", number_of(found), fits(found, 0))


def _added_in_training(evidence: Evidence, name: str, told: str) -> tuple[Condition, ...]:
    return (
        Condition(f"parameters that the heads of {told} add", _change(evidence, name, "params"), "aside"),
        Condition(f"multiply-adds that they add to {told}", _change(evidence, name, "macs"), "aside"),
    )


def _change(evidence: Evidence, name: str, quantity: str) -> Amount:
    return share(evidence[f"{name}.heads.{quantity}"] / evidence[f"{name}.{quantity}"])


def _judge_places(evidence: Evidence) -> Finding:
    """4a is the first and 4d the fourth of the 14x14 modules; behind the head of Inception-v3 no block keeps its 17x17."""
    cases = (
        ("first head of GoogLeNet, modules of its grid before it", "v1.1.before", 1),
        ("second head of GoogLeNet, modules of its grid before it", "v1.2.before", 4),
        ("head of Inception-v3, its grid", "v3.1.grid", 17),
        ("head of Inception-v3, blocks of its grid behind it", "v3.1.behind", 0),
    )
    conditions = tuple(Condition(told, number_of(evidence[key]), fits(evidence[key], claimed)) for told, key, claimed in cases)
    first, second, grid, _ = (one.value for one in conditions)
    reason = say(
        "they follow modules {} and {} of GoogLeNet's 14x14, and the last module of {} rows in v3", first, second, grid
    )
    return Finding(of(conditions), say("modules {} and {}", first, second), reason, conditions)


def _judge_published(evidence: Evidence) -> Finding:
    """Totals that torchvision states of its own networks in training."""
    totals = {"torchvision.v1": ("its GoogLeNet", 13_004_888), "torchvision.v3": ("its Inception-v3", 27_161_264)}
    conditions = tuple(
        Condition(told, number_of(evidence[key]), fits(evidence[key], published)) for key, (told, published) in totals.items()
    )
    values = tuple(one.value for one in conditions)
    return Finding(
        of(conditions), say("{}", values[1]), say("with heads GoogLeNet has {} there and v3 {}", *values), conditions
    )


def _timed_steps() -> tuple[Question, ...]:
    """A training step without heads and with them."""
    return (Question("heads in training", load("v1@without-aux"), load("v1"), phase="train-step", batch=BATCH),)


STARTS = {
    "plain.default": "no norms, torch's own start",
    "plain.he": "no norms, He's start",
    "normed.default": "batch norms, torch's own start",
    "normed.he": "batch norms, He's start",
}


def _judge_signal(evidence: Evidence) -> Finding:
    """The gradient at the first layer with the heads' losses over that of the last loss alone."""
    conditions = []
    for key, told in STARTS.items():
        main, every = (evidence[f"head-gradients.{key}.{loss}"] for loss in ("main", "all"))
        parts = (("without heads", Amount(main, "number")), ("with heads", Amount(every, "number")))
        conditions.append(Condition(told, ratio(every / main), true(every >= DOUBLE * main), parts))
    first, most = conditions[0].value, max((one.value for one in conditions[1:]), key=lambda one: one.value)
    reason = say(
        "with heads the gradient is {} as large from torch's own start without norms, and at most {} otherwise", first, most
    )
    return Finding(of(conditions), say("{} or at most {}", first, most), reason, tuple(conditions))


TRAINING = Claim(
    id="aux-heads-train-only",
    title="heads weigh 0.3, leave at inference",
    statement="Each auxiliary loss of GoogLeNet counts 0.3, and the heads are discarded at inference, where they cost nothing.",
    sources=(
        Citation("P1", "section 5", "losses weighted by 0.3, discarded at inference; heads on 4a and 4d"),
        Citation("P3", "section 4 and Figure 8", "one head on the last 17x17"),
        Citation("001", "2.2.3, 3.3.3", "real + 0.3 aux1 + 0.3 aux2, in training only"),
    ),
    claimed="0.3, free",
    form="the gradient of L + 0.3 L1 + 0.3 L2 is the sum of theirs; L1 and L2 have none behind their head",
    built="GoogLeNet and v3 with and without heads; in float64 at a quarter of each width, 112x112",
    count=_heads,
    needs=("heads",),
    asks=_timed_steps,
    judge=_judge_training_only,
    recorded="holds",
    checks=(
        SubCheck("places", "The heads hang on 4a and 4d, that of v3 on the last 17x17.", "4a and 4d", _judge_places, "holds"),
        SubCheck("published", "Torchvision's v3 with its head has 27,161,264.", "27,161,264", _judge_published, "holds"),
    ),
    see=("aux-gradient-signal", "googlenet-12x-alexnet"),
)
SIGNAL = Claim(
    id="aux-gradient-signal",
    title="heads fight vanishing gradients",
    statement="Auxiliary heads increase the gradient that reaches the lower layers, which would vanish without them.",
    sources=(
        Citation("P1", "section 5", "increase the gradient signal that gets propagated back"),
        Citation("P3", "section 4", "withdraws it: no faster convergence early on, heads act as regularizers"),
        Citation("001", "2.2.3, 2.3, 3.3.3", "against vanishing gradients, so that the middle does not die out"),
        Citation("003", "Auxiliary classifiers", "help convergence"),
    ),
    claimed="increases",
    form="gradient at conv1 of L + 0.3 L1 + 0.3 L2 over that of L; counts from 2x",
    built="GoogLeNet and BN-GoogLeNet before training, a quarter of each width, 4 images of 112x112, one seed",
    needs=("head-gradients",),
    judge=_judge_signal,
    recorded="depends",
    holds_when="the start lets the gradient vanish, as torch's own does without norms",
    see=("aux-heads-train-only",),
)
CLAIMS = (TRAINING, SIGNAL)
