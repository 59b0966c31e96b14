"""Claims of 'Batch Normalization', section 2, on what the paper tries first: a norm outside the step, and full whitening."""

from __future__ import annotations

from inception_analyzer.claims.counted import at, macs, placed
from inception_analyzer.claims.judging import EXACT, clocked, fits, of, true
from inception_analyzer.claims.model import Amount, Citation, Claim, Condition, Figures, Finding, SubCheck, say
from inception_analyzer.claims.normalization import same
from inception_analyzer.inquiry import Evidence, Question
from inception_analyzer.place import places
from inception_analyzer.spec import Conv

# Where v3 has layers of 64, 288, 768 and 2048 features.
WHITENED = ("conv2", "mixed_5d", "mixed_6e", "mixed_7c")
TIMED = (64, 288, 768)

STEPS = (10, 100, 1000)


def _judge_drift(evidence: Evidence) -> Finding:
    """The bias grows by the same amount at each step, and nothing is gained by it."""
    first = evidence["bn-drift.bias.1"]
    grown = {steps: evidence[f"bn-drift.bias.{steps}"] / first for steps in STEPS}
    conditions = (
        *(Condition(f"bias after {n} steps over that after 1", Amount(by, "ratio"), fits(by, n)) for n, by in grown.items()),
        same(evidence, "bn-drift.loss-change", "change of the loss over 1,000 steps", EXACT),
        Condition("bias after 1 step", Amount(first, "number"), "aside"),
        Condition("the loss", Amount(evidence["bn-drift.loss"], "number"), "aside"),
    )
    last, loss = Amount(evidence[f"bn-drift.bias.{max(STEPS)}"], "number"), Amount(evidence["bn-drift.loss"], "number")
    reason = say("after {} steps the bias is {} and the loss still {}", Amount(max(STEPS), "count"), last, loss)
    return Finding(of(conditions), say("{} in {} steps", last, Amount(max(STEPS), "count")), reason, conditions)


def _judge_inside(evidence: Evidence) -> Finding:
    """The slope that knows of the mean."""
    slope = Amount(abs(evidence["bn-drift.true-slope"]), "error")
    condition = Condition("slope of the bias through the mean", slope, true(slope.value < EXACT))
    return Finding(of([condition]), say("{}", slope), say("all that is left of it is {}", slope), (condition,))


def _work() -> Figures:
    """Per sample: a sum and a sum of squares for each feature, or a product for each pair of them; and over all of v3."""
    widths = {f"{at('v3', path).writes.channels}": at("v3", path).writes.channels for path in WHITENED}
    convolutions = [here for here in places(placed("v3")) if isinstance(here.node, Conv) and here.node.norm is not None]
    return {
        **{f"{name}.statistics": 2 * width for name, width in widths.items()},
        **{f"{name}.covariance": width * width for name, width in widths.items()},
        "v3.statistics": sum(2 * here.writes.size for here in convolutions),
        "v3.covariance": sum(here.writes.channels * here.writes.size for here in convolutions),
        "v3": macs("v3"),
    }


def _timed_whitening() -> tuple[Question, ...]:
    pairs = ((width, f"operation: batch norm, {width} features", f"operation: whitening, {width} features") for width in TIMED)
    return tuple(Question(f"whitening over {width} features", norm, whitening) for width, norm, whitening in pairs)


def _judge_whitening(evidence: Evidence) -> Finding:
    """Longer by the whole interval, at each width timed; the root of the widest takes seconds and is only counted."""
    cases = {f"whitening over {width} features": f"{width} features" for width in TIMED}
    found = clocked(evidence, cases, 1.0, float("inf"))
    told = ", ".join(f"{{}} as long over {one.when}" for one in found.conditions)
    values = [one.value for one in found.conditions]
    least = min(values, key=lambda amount: amount.value)
    return found.finding(say("{} at least", least), say(f"whitening 32 samples takes {told} as a norm", *values))


def _judge_work(evidence: Evidence) -> Finding:
    """Before the root, which takes the cube of the features; and beside the convolutions of v3."""
    names = [name.removesuffix(".covariance") for name in evidence.figures if name.endswith(".covariance")]
    ratios = {name: evidence[f"{name}.covariance"] / evidence[f"{name}.statistics"] for name in names if name.isdigit()}
    conditions = [
        Condition(f"{name} features", Amount(by, "ratio"), fits(by, int(name) / 2), _sides(evidence, name))
        for name, by in ratios.items()
    ]
    shares = [Amount(evidence[f"v3.{name}"] / evidence["v3"], "share") for name in ("covariance", "statistics")]
    asides = [
        Condition(f"{name} of all v3, share of its multiply-adds", share, "aside")
        for name, share in zip(("covariances", "statistics"), shares, strict=True)
    ]
    least, most = conditions[0].value, conditions[-1].value
    reason = say("{} to {} the work per sample; in all of v3 {} of its multiply-adds, not {}", least, most, *shares)
    return Finding(of(conditions), say("{} to {}", least, most), reason, (*conditions, *asides))


def _sides(evidence: Evidence, name: str) -> tuple[tuple[str, Amount], ...]:
    return tuple((side, Amount(evidence[f"{name}.{side}"], "macs")) for side in ("statistics", "covariance"))


def _judge_singular(evidence: Evidence) -> Finding:
    """A batch has one direction less than samples; a map has as many samples as places."""
    features = evidence["covariance-rank.features"]
    vectors, over = (Amount(evidence[f"covariance-rank.{name}"], "count") for name in ("vectors", "places"))
    condition = Condition(f"directions of {features:g} features, batch 32", vectors, true(vectors.value < features))
    places_of = Condition("the same over maps of 8x8", over, "aside")
    reason = say("the covariance of such a batch has {} of {} directions", vectors, Amount(features, "count"))
    return Finding(of([condition]), say("{}", vectors), reason, (condition, places_of))


DRIFT = Claim(
    id="bn-norm-outside-gradient-drift",
    title="a norm outside the step drifts",
    statement="Where the gradient step knows nothing of the norm, a bias grows without end while the loss stays.",
    sources=(
        Citation("PB", "section 2", "b will grow indefinitely while the loss remains fixed"),
        Citation("001", "3.3.5", "the first solution: parameters drift, the model blows up"),
    ),
    claimed="grows",
    form="y = u + b - mean(u + b); b moves by the mean slope of y, which does not depend on b",
    built="256 numbers and a squared loss, 1,000 steps, float64",
    needs=("bn-drift",),
    judge=_judge_drift,
    recorded="holds",
    checks=(SubCheck("inside", "Through the mean the bias has no slope.", "0", _judge_inside, "holds"),),
)
WHITENING = Claim(
    id="bn-whitening-cost",
    title="full whitening is too dear",
    statement="Whitening a layer's inputs is too dear, as it needs their covariance and its inverse root.",
    sources=(
        Citation("PB", "sections 2 and 3", "the covariance and its inverse square root; singular where a batch is small"),
        Citation("001", "3.3.5", "the second solution: computing the covariance costs too much"),
    ),
    claimed="too dear",
    form="per sample d · d for a covariance over 2 · d for statistics, then a root of order d · d · d",
    built="a batch of 32 normalised and whitened, and the widths of v3",
    count=_work,
    needs=("covariance-rank",),
    judge=_judge_whitening,
    recorded="undecided",
    asks=_timed_whitening,
    checks=(
        SubCheck("work", "A covariance takes d/2 times the work of statistics.", "d/2", _judge_work, "holds"),
        SubCheck("singular", "With fewer samples than features it is singular.", "singular", _judge_singular, "holds"),
    ),
)
CLAIMS = (DRIFT, WHITENING)
