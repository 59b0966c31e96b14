"""Claims of 'Rethinking the Inception Architecture', section 7: what smoothed labels are and do to the loss."""

from __future__ import annotations

from math import log

from inception_analyzer.claims.counted import placed
from inception_analyzer.claims.judging import EXACT, fits, of, true
from inception_analyzer.claims.model import Amount, Citation, Claim, Condition, Figures, Finding, Fit, Kind, SubCheck, say
from inception_analyzer.claims.results import ROWS
from inception_analyzer.expressions import load
from inception_analyzer.inquiry import Evidence

# Text 002's example for four classes.
PRINTED = (0.75, 0.25, 0.25, 0.25)

# The rows before and with label smoothing in the table that 002 and 003 copy.
BEFORE, SMOOTHED = ROWS["RMSProp"], ROWS["Label Smoothing"]

# What float64 leaves of a gap between logits whose probabilities lie near 1e-4.
CLOSE = 1e-8


def target(share: float, classes: int, *, label: bool) -> float:
    """The share is taken from the label and spread over all classes, the label's own included."""
    return (1 - share) * label + share / classes


def _targets() -> Figures:
    """Four classes under each reading of the printed vector, and v3's thousand."""
    four, label, other = len(PRINTED), PRINTED[0], PRINTED[1]
    by_label, by_other = (1 - label) / (1 - 1 / four), other * four
    return {
        "sum": sum(PRINTED),
        "quarter.label": target(1 - label, four, label=True),
        "quarter.other": target(1 - label, four, label=False),
        "by-label.share": by_label,
        "by-label.other": target(by_label, four, label=False),
        "by-other.share": by_other,
        "by-other.label": target(by_other, four, label=True),
        **_trained_share(),
    }


def _trained_share() -> Figures:
    """How v3 is trained: its share, its classes, and what its targets become."""
    share, classes = load("v3").recipe.label_smoothing, placed("v3").writes.channels
    return {
        "share": share,
        "classes": classes,
        "label": target(share, classes, label=True),
        "other": target(share, classes, label=False),
    }


def _judge_vector(evidence: Evidence) -> Finding:
    """A distribution that the formula gives under some share: by its sum, by the share it names, by either of its numbers."""
    label, other = PRINTED[0], PRINTED[1]
    conditions = (
        _met(evidence, "sum", "the vector as printed, its sum", 1.0),
        _met(evidence, "quarter.other", "formula, a quarter spread: other classes", other),
        _met(evidence, "by-label.other", "formula, 0.75 for the label: other classes", other),
        _met(evidence, "by-other.label", "formula, 0.25 for the others: the label", label),
        Condition("formula, 0.75 for the label: share spread", _number(evidence, "by-label.share"), "aside"),
        Condition("formula, 0.25 for the others: share spread", _number(evidence, "by-other.share"), "aside"),
    )
    whole, right, spread = _numbers(evidence, "sum", "quarter.label", "quarter.other")
    reason = say(
        "the vector adds up to {}; the formula gives {} for the label and {} for each other class", whole, right, spread
    )
    return Finding(of(conditions), say("sums to {}", whole), reason, conditions)


def _met(evidence: Evidence, name: str, when: str, claimed: float, digits: int | None = None) -> Condition:
    """One figure beside the number that is claimed."""
    return Condition(when, _number(evidence, name), fits(evidence[name], claimed, digits))


def _number(evidence: Evidence, name: str, kind: Kind = "number") -> Amount:
    return Amount(evidence[name], kind)


def _numbers(evidence: Evidence, *names: str) -> tuple[Amount, ...]:
    return tuple(_number(evidence, name) for name in names)


def _judge_label(evidence: Evidence) -> Finding:
    """The tenth that is spread comes back to the label in part."""
    share, classes = evidence["share"], evidence["classes"]
    condition = _met(evidence, "label", f"share {share:g}, {classes:,.0f} classes", 0.9, 1)
    reason = say("of the {} that is spread over all classes {} comes back to the label", *_numbers(evidence, "share", "other"))
    return Finding(of([condition]), say("{}", condition.value), reason, (condition,))


def _judge_formula(evidence: Evidence) -> Finding:
    """Torch's targets, read off its gradient, beside the formula's."""
    conditions = (
        _met(evidence, "smoothed-targets.sum", "sum of torch's targets", 1.0),
        _met(evidence, "smoothed-targets.label", "torch's target for the label", evidence["quarter.label"]),
        _met(evidence, "smoothed-targets.other", "torch's target for another class", evidence["quarter.other"]),
    )
    label, other = conditions[1].value, conditions[2].value
    return Finding(
        of(conditions),
        say("{}, {}", label, other),
        say("with a quarter spread over four classes its targets are {} and {}", label, other),
        conditions,
    )


def _judge_trained(evidence: Evidence) -> Finding:
    """Training divides a vector by its sum, so that another share is learnt than is printed."""
    label = evidence["smoothed-targets.trained.label"]
    classes = len(PRINTED)
    conditions = (
        _met(evidence, "smoothed-targets.trained.label", "probability of the label", PRINTED[0]),
        _met(evidence, "smoothed-targets.trained.other", "probability of another class", PRINTED[1]),
        Condition("share of the formula that gives it", Amount((1 - label) / (1 - 1 / classes), "number"), "aside"),
        Condition("the loss there", _number(evidence, "smoothed-targets.trained.loss"), "aside"),
    )
    found, share = conditions[0].value, conditions[2].value
    reason = say("training ends at {} for the label, as with a share of {}", found, share)
    return Finding(of(conditions), say("{}", found), reason, conditions)


def _judge_split(evidence: Evidence) -> Finding:
    """Both sides of the identity, and the weights that a fit finds without knowing the formula."""
    share, difference = evidence["share"], Amount(evidence["smoothed-loss.difference"], "error")
    conditions = (
        Condition("difference of both sides, float64", difference, true(difference.value < EXACT)),
        _met(evidence, "smoothed-loss.label-weight", "fitted weight of the label's part", 1 - share),
        _met(evidence, "smoothed-loss.uniform-weight", "fitted weight of the uniform part", share),
        Condition("sum over classes not divided by them", Amount(evidence["smoothed-loss.undivided"], "error"), "aside"),
    )
    reason = say("both sides differ by {}; the parts weigh {} and {}", difference, conditions[1].value, conditions[2].value)
    return Finding(of(conditions), say("{} apart", difference), reason, conditions)


def _judge_weight(evidence: Evidence) -> Finding:
    """One part's weight over the other's, as fitted."""
    found = evidence["smoothed-loss.uniform-weight"] / evidence["smoothed-loss.label-weight"]
    share = evidence["share"]
    condition = Condition("fitted over 16 examples", Amount(found, "number"), fits(found, share / (1 - share)))
    return Finding(
        of([condition]), say("{}", condition.value), say("a fit over the examples gives {}", condition.value), (condition,)
    )


def _judge_entropy(evidence: Evidence) -> Finding:
    """What lies between the uniform part and the divergence from it is a constant."""
    classes = Amount(evidence["classes"], "count")
    condition = _met(evidence, "smoothed-loss.entropy", "H(u, p) less KL(u, p)", log(evidence["classes"]))
    reason = say("they differ by {}, the logarithm of {}", condition.value, classes)
    return Finding(of([condition]), say("{}", condition.value), reason, (condition,))


def _judge_floor(evidence: Evidence) -> Finding:
    """Training ends at a finite gap; running on costs more; no slope is steeper than 1. Hard labels never stop it."""
    label, other, rest = evidence["label"], evidence["other"], evidence["classes"] - 1
    gap, floor = log(label / other), -label * log(label) - rest * other * log(other)
    at = {name: _number(evidence, f"smoothed-floor.{name}") for name in FLOOR}
    risen = at["loss"].value < at["smoothed.20"].value < at["smoothed.100"].value
    conditions = (
        Condition("gap where training ends", at["gap"], _near(at["gap"].value, gap)),
        Condition("loss there", at["loss"], _near(at["loss"].value, floor)),
        Condition("loss at a gap of 20", at["smoothed.20"], true(risen)),
        Condition("loss at a gap of 100", at["smoothed.100"], true(risen)),
        Condition("lowest slope of a logit", at["lowest-slope"], true(at["lowest-slope"].value >= -1)),
        Condition("highest slope of a logit", at["highest-slope"], true(at["highest-slope"].value <= 1)),
        Condition("hard labels, loss at a gap of 20", at["hard.20"], true(at["hard.20"].value > at["hard.100"].value)),
        Condition("hard labels, loss at a gap of 100", at["hard.100"], "aside"),
    )
    reason = say("training ends at a gap of {}; at 100 the loss is {} instead of {}", at["gap"], at["smoothed.100"], at["loss"])
    return Finding(of(conditions), say("a gap of {}", at["gap"]), reason, conditions)


FLOOR = ("gap", "loss", "smoothed.20", "smoothed.100", "lowest-slope", "highest-slope", "hard.20", "hard.100")


def _near(found: float, wanted: float) -> Fit:
    return true(abs(found - wanted) < CLOSE * abs(wanted))


def _gains() -> Figures:
    """What label smoothing is worth in the table, beside the figures of the loss."""
    errors = zip(("top-1", "top-5"), BEFORE, SMOOTHED, strict=True)
    return {**_trained_share(), **{error: before - after for error, before, after in errors if before and after}}


def _judge_gain(evidence: Evidence) -> Finding:
    """Differences of two quoted rows; whether training gives them is not tried."""
    conditions = tuple(
        Condition(f"{name} error, points between rows", _number(evidence, name), fits(evidence[name], 0.2))
        for name in ("top-1", "top-5")
    )
    first, fifth = (one.value for one in conditions)
    reason = say("between the quoted rows lie {} points of top-1 and {} of top-5 error", first, fifth)
    return Finding(of(conditions), say("{} and {}", first, fifth), reason, conditions)


TARGETS = Claim(
    id="ls-target-values",
    title="smoothed targets of a Korean review",
    statement="With four classes, smoothed labels are 0.75 for the label and 0.25 for each of the others.",
    sources=(
        Citation("002", "Label smoothing", "four classes are trained on [0.75, 0.25, 0.25, 0.25]"),
        Citation("001", "4.2.2", "(1-eps) one-hot + eps/K, which lowers the label from 1 to 0.9"),
        Citation("P3", "section 7", "q'(k) = (1-eps) delta + eps/K"),
    ),
    claimed="0.75, 0.25",
    form="label 1 - eps + eps/K, others eps/K; they add up to 1",
    built="targets for 4 classes by each reading, and for the 1,000 classes of v3 with its own share",
    count=_targets,
    needs=("smoothed-targets",),
    judge=_judge_vector,
    recorded="does-not-reproduce",
    checks=(
        SubCheck("label", "The label goes from 1 to 0.9.", "0.9", _judge_label, "holds-rounded"),
        SubCheck("formula", "(1-eps) one-hot + eps/K is what torch trains on.", "equal", _judge_formula, "holds"),
        SubCheck(
            "trained", "Training on the printed vector gives its numbers.", "0.75, 0.25", _judge_trained, "does-not-reproduce"
        ),
    ),
    see=("ls-cross-entropy-split",),
)
SPLIT = Claim(
    id="ls-cross-entropy-split",
    title="the smoothed loss splits in two",
    statement="The smoothed cross entropy is (1-eps) times that of the label and eps times that of the uniform distribution.",
    sources=(
        Citation("P3", "section 7", "H(q', p) = (1-eps) H(q, p) + eps H(u, p)"),
        Citation("002", "Label smoothing", "the same formula"),
        Citation("001", "4.2.2", "a line of code for the targets"),
    ),
    claimed="equal",
    form="a cross entropy is linear in its targets; the sum over classes is divided by K",
    built="torch's loss on 16 random examples of v3's 1,000 classes, float64",
    count=_trained_share,
    needs=("smoothed-loss",),
    judge=_judge_split,
    recorded="holds",
    holds_when="the sum over classes is divided by their number",
    checks=(
        SubCheck("weight", "The second part weighs eps/(1-eps) of the first.", "1/9", _judge_weight, "holds"),
        SubCheck("entropy", "H(u, p) is KL(u, p) and the constant H(u) = ln K.", "ln 1000", _judge_entropy, "holds"),
    ),
    see=("ls-target-values", "ls-finite-logits-floor"),
)
FLOOR_CLAIM = Claim(
    id="ls-finite-logits-floor",
    title="smoothing keeps logits finite",
    statement="Smoothed labels keep the largest logit from running away from the others, and no slope exceeds 1.",
    sources=(
        Citation("P3", "section 7", "the gradient lies between -1 and 1; q' has a positive lower bound"),
        Citation("001", "4.2.2", "hard labels drive logits apart and make the network too confident"),
        Citation("002", "Label smoothing", "avoids over-confidence, worth about 0.2 %"),
    ),
    claimed="finite",
    form="p = q' at the end: gap ln((1 - eps + eps/K)/(eps/K)), loss H(q')",
    built="one example of v3's 1,000 classes trained to its end, slopes at random logits",
    count=_gains,
    needs=("smoothed-floor",),
    judge=_judge_floor,
    recorded="holds",
    holds_when="the share is spread evenly; a smoothed loss ends at its floor, not at 0",
    checks=(SubCheck("gain", "It lowers both errors of the table by 0.2 points.", "0.2 points", _judge_gain, "depends"),),
    see=("ls-cross-entropy-split", "accuracy-tables-quoted"),
)
CLAIMS = (TARGETS, SPLIT, FLOOR_CLAIM)
