"""Claims of 'Batch Normalization', section 3: what a norm is at inference, and what before it makes no difference."""

from __future__ import annotations

from inception_analyzer.claims.counted import params, placed
from inception_analyzer.claims.drawn import TITLES
from inception_analyzer.claims.judging import EXACT, fits, of, true
from inception_analyzer.claims.model import Amount, Citation, Claim, Condition, Figures, Finding, SubCheck, say
from inception_analyzer.claims.rebuilt import folding
from inception_analyzer.cost import total
from inception_analyzer.inquiry import Evidence, Question
from inception_analyzer.place import places
from inception_analyzer.spec import Conv

# What float32 leaves of an identity in sums over some thousand products.
EXACT32 = 1e-5

# Totals that Keras prints: norms with a shift and no gain, their two statistics counted in.
KERAS = {"v3": 23_851_784, "ir2": 55_873_736}

# The pretrained BN-Inception that is passed around keeps a bias in each convolution before its norm.
PRETRAINED = 11_295_240

SCALES = ("10", "0.1", "0.01")


def normed(expression: str) -> int:
    """Channels with a norm, over all convolutions of an inference network."""
    convolutions = (here.node for here in places(placed(expression)) if isinstance(here.node, Conv))
    return sum(node.out for node in convolutions if node.norm is not None)


def _folds() -> Figures:
    """v3 before and after folding, and what the two networks of Keras would hold."""
    figures: dict[str, float] = {"v3": params("v3")}
    for name in KERAS:
        figures |= {f"{name}.folded": total(placed(f"{name}@fold-bn")).params, f"{name}.channels": normed(name)}
    return figures


def _judge_fold(evidence: Evidence) -> Finding:
    """Each convolution, then the whole network; by the batch's statistics there is nothing constant to fold."""
    layers = f"{evidence['bn-fold.layers']:.0f} convolutions of v3"
    conditions = (
        same(evidence, "bn-fold.float64", f"{layers}, float64, the largest", EXACT),
        same(evidence, "bn-fold.logits", "logits of v3, float64", EXACT),
        same(evidence, "bn-fold.float32", f"{layers}, float32, the largest", EXACT32),
        Condition("logits in training, by the batch's statistics", error(evidence, "bn-fold.training"), "aside"),
    )
    fine, coarse = conditions[0].value, conditions[2].value
    reason = say("no convolution of v3 differs by more than {} in float64, {} in float32", fine, coarse)
    return Finding(of(conditions), say("{} apart", fine), reason, conditions)


def same(evidence: Evidence, name: str, when: str, tolerance: float) -> Condition:
    """A difference that must lie below what rounding leaves."""
    return Condition(when, error(evidence, name), true(evidence[name] < tolerance))


def error(evidence: Evidence, name: str) -> Amount:
    """A relative difference."""
    return Amount(evidence[name], "error")


def _judge_biases(evidence: Evidence) -> Finding:
    """A gain and a shift of each channel before, a bias after."""
    saved, learnt = evidence["v3"] - evidence["v3.folded"], 2 * evidence["v3.channels"]
    condition = Condition("parameters of v3's norms saved", Amount(saved / learnt, "share"), fits(saved / learnt, 0.5))
    reason = say("{} gains and shifts become {} biases", Amount(learnt, "count"), Amount(learnt - saved, "count"))
    return Finding(of([condition]), say("{}", condition.value), reason, (condition,))


def _judge_keras(evidence: Evidence) -> Finding:
    """A folded network has one number for each channel, as Keras' shift; its two statistics come on top."""
    conditions = tuple(_held(evidence, name, total) for name, total in KERAS.items())
    reason = say("folded, with two statistics a channel: v3 {}, Inception-ResNet-v2 {}", *(one.value for one in conditions))
    return Finding(of(conditions), say("{}", conditions[0].value), reason, conditions)


def _held(evidence: Evidence, name: str, total: int) -> Condition:
    held = evidence[f"{name}.folded"] + 2 * evidence[f"{name}.channels"]
    return Condition(f"{TITLES.get(name, name)}, parameters and statistics", Amount(held, "count"), fits(held, total))


def _judge_population(evidence: Evidence) -> Finding:
    """A batch of m: the variance that is kept over the one that normalises."""
    found = Amount(evidence["bn-fold.population"], "ratio")
    condition = Condition("a batch of 8, kept over used", found, fits(found.value, 8 / 7))
    return Finding(of([condition]), say("{}", found), say("of a batch of 8 torch keeps {} its variance", found), (condition,))


def _timed_fold() -> tuple[Question, ...]:
    return (folding("v3"),)


def _judge_blind(evidence: Evidence) -> Finding:
    """Outputs and slopes with the weights scaled, without eps and with v3's own; then a bias."""
    unscaled = [same(evidence, f"bn-invariance.scale.{by}.eps-0", f"weights x {by}, eps 0", EXACT) for by in SCALES]
    slopes = [same(evidence, f"bn-invariance.slope.{by}", f"slopes at weights x {by}, eps 0", EXACT) for by in SCALES]
    own = [same(evidence, f"bn-invariance.scale.{by}.eps-own", f"weights x {by}, eps of v3", EXACT) for by in SCALES]
    bias = same(evidence, "bn-invariance.bias", "a bias before the norm", EXACT)
    fixed = Condition("a bias before kept statistics", error(evidence, "bn-invariance.bias.fixed"), "aside")
    spared = Condition("biases that v3 does without", Amount(evidence["v3.channels"], "count"), "aside")
    conditions = (bias, *unscaled, *slopes, *own, fixed, spared)
    worst = max((one.value for one in own), key=lambda amount: amount.value)
    reason = say("a bias changes the output by {}, but with v3's eps smaller weights change it by up to {}", bias.value, worst)
    return Finding(of(conditions), say("changes by up to {}", worst), reason, conditions)


def _biases() -> Figures:
    """What norms make redundant in v3, and what a public BN-Inception keeps all the same."""
    return {"v3.channels": normed("v3"), "bn": params("bn"), "bn.channels": normed("bn")}


def _judge_pretrained(evidence: Evidence) -> Finding:
    """Our network, and one bias for each of its norms' channels."""
    held = evidence["bn"] + evidence["bn.channels"]
    condition = Condition("BN-Inception with redundant biases", Amount(held, "count"), fits(held, PRETRAINED))
    reason = say("{} of them stand before a norm that takes them off again", Amount(evidence["bn.channels"], "count"))
    return Finding(of([condition]), say("{}", condition.value), reason, (condition,))


FOLD = Claim(
    id="bn-fold-exact",
    title="batch norm folds into its layer",
    statement="At inference a batch norm is a linear map, and folding it into the convolution before it changes nothing.",
    sources=(
        Citation("PB", "section 3.1, Algorithm 2", "with population statistics the norm is a linear transform"),
        Citation("001", "3.3.6", "Algorithm 2, line 11; population statistics in the test"),
    ),
    claimed="exact",
    form="W' = g W / sqrt(v + eps), b' = b - g mu / sqrt(v + eps)",
    built="all of v3 over 79x79 with norms that do something, float64 and float32, beside itself folded",
    count=_folds,
    needs=("bn-fold",),
    judge=_judge_fold,
    recorded="holds",
    asks=_timed_fold,
    holds_when="the statistics are those kept from training",
    checks=(
        SubCheck("biases", "Folding keeps one of two numbers that a norm learnt.", "half", _judge_biases, "holds"),
        SubCheck("keras", "Keras counts 23,851,784 in v3, its statistics included.", "23,851,784", _judge_keras, "holds"),
        SubCheck("population", "Inference uses m/(m-1) of a batch's variance.", "8/7", _judge_population, "holds"),
    ),
    see=("bn-costs-nothing",),
)
BLIND = Claim(
    id="bn-bias-and-scale-invariance",
    title="batch norm undoes bias and scale",
    statement="Before a batch norm a bias is redundant, and the scale of the weights drops out of outputs and slopes.",
    sources=(
        Citation("PB", "sections 3.2 and 3.3", "b can be ignored; BN((aW)u) = BN(Wu), slopes of aW are 1/a as steep"),
        Citation("001", "3.3.6", "Y = F(BN(W·X + b)), with the bias; less dependence on the scale of parameters"),
    ),
    claimed="no change",
    form="BN(aWu + b) = BN(Wu) with eps 0; with eps the variance must lie far above it",
    built="a random layer of 24 to 32 over 64 samples, weights x 10, 0.1 and 0.01, float64",
    count=_biases,
    needs=("bn-invariance",),
    judge=_judge_blind,
    recorded="depends",
    holds_when="eps is 0, or the variance lies far above it",
    checks=(
        SubCheck(
            "pretrained", "BN-Inception with its biases has 11,295,240 parameters.", "11,295,240", _judge_pretrained, "holds"
        ),
    ),
    see=("bn-fold-exact",),
)
CLAIMS = (FOLD, BLIND)
