"""Claims on what chains of small kernels see and compute beside the one large kernel that they replace."""

from __future__ import annotations

from inception_analyzer.claims.counted import at, chain
from inception_analyzer.claims.judging import EXACT, of, true
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
from inception_analyzer.inquiry import Evidence
from inception_analyzer.reach import reach_of

# A chain, and the one kernel that it is said to see as much as.
SEEN = {"3x3,3x3": "5x5", "3x3,3x3,3x3": "7x7", "1x3,3x1": "3x3", "1x7,7x1": "7x7", "2x2,2x2": "3x3"}
PARALLEL = "1x3|3x1"

# The branch of v3 with four kernels of one side 7 or 1, and the first layers of v3 and of v2 that has one 7x7 there.
V3_BRANCH = "mixed_6b.double7x7"
V3_STEM, V2_STEM = ("conv0", "conv1", "conv2"), ("conv0",)


def _seen() -> Figures:
    """Taps by hand: sums of offsets along chains, windows folded over the networks' own branches."""
    figures: dict[str, float] = {kernels: chain(kernels, "2", 17).taps for kernels in (*SEEN, *SEEN.values(), PARALLEL)}
    for name, expression, paths in (("branch", "v3", (V3_BRANCH,)), ("stem", "v3", V3_STEM), ("first", "v2", V2_STEM)):
        figures |= _field(name, expression, paths)
    return figures


def _field(name: str, expression: str, paths: tuple[str, ...]) -> Figures:
    """The rectangle that one output at the end of these steps sees, and what the rule of sums makes of its kernels."""
    reach = None
    sides = [1, 1]
    for path in paths:
        here = at(expression, path)
        reach = reach_of(here, reach)
        for part in here.parts or (here,):
            own = reach_of(part)
            sides = [sides[0] + own.rows - 1, sides[1] + own.columns - 1]
    assert reach is not None, "there is a step to see through"
    return {name: reach.rows * reach.columns, f"{name} by sums": sides[0] * sides[1]}


def _judge_fields(evidence: Evidence) -> Finding:
    """Each chain sees what its kernel does, counted by hand and found by gradients."""
    conditions = [_sees(evidence, kernels, evidence[one], f"{_told(kernels)} for {one}") for kernels, one in SEEN.items()]
    same = sum(one.fit == "exactly" for one in conditions)
    reason = say("{} of {} chains see all that the kernel sees and no more", number_of(same), number_of(len(conditions)))
    return Finding(
        of(conditions), say("{} of {} chains do", number_of(same), number_of(len(conditions))), reason, tuple(conditions)
    )


def _sees(evidence: Evidence, name: str, wanted: float, when: str) -> Condition:
    """Hand and gradients must agree with each other and with what is wanted."""
    by_hand, by_gradients = evidence[name], evidence[f"fields.{name}"]
    parts = (("by hand", number_of(by_hand)), ("by gradients", number_of(by_gradients)))
    return Condition(when, number_of(by_gradients), true(by_hand == by_gradients == wanted), parts)


def _judge_rule(evidence: Evidence) -> Finding:
    """The rule of sums on chains, on a branch of v3, and on a stem whose first step is 2."""
    conditions = (
        _sees(evidence, "branch", evidence["branch by sums"], "v3's double 7x7 branch, stride 1"),
        _sees(evidence, "first", evidence["first by sums"], "the first 7x7/2 of v2"),
        _sees(evidence, "stem", evidence["stem by sums"], "v3's 3x3/2 + 3x3 + 3x3"),
    )
    one, two = conditions[0].value, conditions[2].value
    reason = say("{} taps at stride 1 as the rule says; {} behind a first stride of 2, not {}", one, two, _by_sums(evidence))
    return Finding(of(conditions), say("{} or {}", one, two), reason, conditions)


def _by_sums(evidence: Evidence) -> Amount:
    return number_of(evidence["stem by sums"])


def _judge_parallel(evidence: Evidence) -> Finding:
    """Side by side a row and a column see a cross."""
    condition = _sees(evidence, PARALLEL, evidence["3x3"], "1x3 | 3x1 for 3x3")
    series = _sees(evidence, "1x3,3x1", evidence["3x3"], "1x3 + 3x1 for 3x3")
    shown = Condition(series.when, series.value, "aside", series.parts)
    reason = say("side by side they see {} taps, in a row {}", condition.value, series.value)
    return Finding(of([condition]), say("{} of {}", condition.value, series.value), reason, (condition, shown))


def _judge_stem(evidence: Evidence) -> Finding:
    """Striding first spreads the taps of what follows."""
    condition = _sees(evidence, "stem", evidence["first"], "v3's 3x3/2 + 3x3 + 3x3 for v2's 7x7/2")
    reason = say(
        "one output behind the three sees {} pixels, behind the 7x7/2 {}", condition.value, number_of(evidence["first"])
    )
    return Finding(of([condition]), say("{}, not {}", condition.value, number_of(evidence["first"])), reason, (condition,))


def _judge_function(evidence: Evidence) -> Finding:
    """Composed from a pair, tried without and with padding, and fitted to a kernel that was not composed."""
    told = {
        "valid": "a pair as one 5x5, unpadded",
        "interior": "the same with padding, inside",
        "ring": "the same with padding, at the border",
        "fit": "any 5x5 as one pair",
        "wide-fit": "any 5x5, 9 maps between",
        "relu": "a pair with ReLU between",
    }
    conditions = tuple(
        Condition(when, _error(evidence, key), true(evidence[f"two-3x3.{key}"] < EXACT)) for key, when in told.items()
    )
    same, cost = sum(one.fit == "exactly" for one in conditions), ratio(evidence["wide"] / evidence["5x5"])
    reason = say(
        "{} of {} cases are equal; any 5x5 as a pair takes {} its cost", number_of(same), number_of(len(conditions)), cost
    )
    found = say("equal in {} of {} cases", number_of(same), number_of(len(conditions)))
    return Finding(of(conditions), found, reason, (*conditions, _ring(evidence), _freedom(evidence)))


def _ring(evidence: Evidence) -> Condition:
    """The pixels whose outputs differ, as a share of the map."""
    share = evidence["two-3x3.ring-pixels"] / evidence["two-3x3.pixels"]
    parts = (("differ", number_of(evidence["two-3x3.ring-pixels"])), ("of", number_of(evidence["two-3x3.pixels"])))
    return Condition("pixels that padding changes, 17x17", Amount(share, "share"), "aside", parts)


def _freedom(evidence: Evidence) -> Condition:
    """How many directions a pair can move in, of those that a 5x5 has."""
    parts = (("pair", number_of(evidence["two-3x3.freedom"])), ("5x5", number_of(evidence["5x5 taps"])))
    return Condition("free weights of one pair", number_of(evidence["two-3x3.freedom"]), "aside", parts)


def _shift_basis() -> Figures:
    """One 5x5 from one map to one, and the pair that can be any of them: nine maps between, one for each shift."""
    one = chain("5x5", "1", 17)
    return {"5x5": one.same.macs, "5x5 taps": one.taps, "wide": chain("3x3,3x3", "1,9,1", 17).same.macs}


def _error(evidence: Evidence, name: str) -> Amount:
    return Amount(evidence[f"two-3x3.{name}"], "error")


def _told(kernels: str) -> str:
    return kernels.replace(",", " + ").replace("|", " | ")


FIELDS = Claim(
    id="stacked-receptive-field",
    title="stacked kernels see the same",
    statement="Two 3x3 see what a 5x5 sees, a 1xn and an nx1 what an nxn sees, two 2x2 what a 3x3 sees.",
    sources=(
        Citation("P3", "sections 3.1 and 3.2", "the same receptive field"),
        Citation("VGG", "section 2.3", "two 3x3 see a 5x5, three a 7x7"),
        Citation("001", "3.3.1, 3.3.2", "the same field of view, the same effect"),
    ),
    claimed="same",
    form="1 plus the sum of (side - 1) along the chain, for each axis, at stride 1",
    built="ones in all kernels, the gradient of one output; offsets summed by hand",
    count=_seen,
    needs=("fields",),
    judge=_judge_fields,
    recorded="holds",
    checks=(
        SubCheck("rule", "A field's side is 1 plus the sum of (side - 1) of its kernels.", "sum", _judge_rule, "depends"),
        SubCheck(
            "parallel",
            "A 1x3 beside a 3x1 is equivalent to the two in a row.",
            "9 taps",
            _judge_parallel,
            "does-not-reproduce",
        ),
        SubCheck(
            "stem",
            "The three first 3x3 see what the 7x7 in their place saw.",
            "same",
            _judge_stem,
            "does-not-reproduce",
        ),
    ),
    holds_when="the stride is 1",
    see=("two-3x3-not-same-function", "two-3x3-save-28"),
)
FUNCTION = Claim(
    id="two-3x3-not-same-function",
    title="two 3x3 compute what a 5x5 does",
    statement="Larger filters can always be reduced into a sequence of 3x3 without loss.",
    sources=(
        Citation("P3", "section 3.2", "filters larger than 3x3 can always be reduced into a sequence of 3x3"),
        Citation("001", "3.3.1", "a cascade of small kernels keeps what they express"),
        Citation("003", "Factorizing into smaller convolutions", "larger filters can always be reduced"),
    ),
    claimed="same",
    form="a linear pair is the convolution of its kernels; a 5x5 has 25 free weights, a pair 17",
    built="random pairs and kernels in float64 on 17x17, composed, fitted, and with ReLU between",
    count=_shift_basis,
    needs=("two-3x3",),
    judge=_judge_function,
    recorded="depends",
    holds_when="there is nothing between the two, and no padding cuts the map between them",
    see=("stacked-receptive-field", "asym-3x3-not-equivalent"),
)
CLAIMS = (FIELDS, FUNCTION)
