"""The result tables of the papers: quoted, since they need ImageNet, and checked against themselves alone."""

from __future__ import annotations

import re
from itertools import pairwise

from inception_analyzer.claims.judging import fits, of, true
from inception_analyzer.claims.model import Amount, Citation, Claim, Condition, Figures, Finding, SubCheck, ratio, say
from inception_analyzer.expressions import load
from inception_analyzer.inquiry import Evidence

# 'Rethinking', Table 3, the cumulative rows: top-1 and top-5 error in percent.
ROWS = {
    "base": (23.4, None),
    "RMSProp": (23.1, 6.3),
    "Label Smoothing": (22.8, 6.1),
    "Factorized 7x7": (21.6, 5.8),
    "BN-auxiliary": (21.2, 5.6),
}

# Text 002, second table, after Table 4 of 'Rethinking': under the headings Top-5 and Top-1, in this order.
CROPS = {
    "VGG": (24.4, 6.8),
    "BN-Inception, 144 crops": (22.0, 5.82),
    "PReLU, 10 crops": (24.27, 7.38),
    "PReLU": (21.59, 5.71),
    "v3, 12 crops": (19.47, 4.48),
    "v3, 144 crops": (18.77, 4.2),
}
GOOGLENET = 7.89  # its one number, with 144 crops

# 'Inception-v4', Tables 2, 3 and 4: top-1 and top-5 error with 1, 12 and 144 crops.
BY_CROPS = {
    "v3": ((21.2, 5.6), (19.8, 4.6), (18.9, 4.3)),
    "IR-v1": ((21.3, 5.5), (19.8, 4.6), (18.8, 4.3)),
    "v4": ((20.0, 5.0), (18.7, 4.2), (17.7, 3.8)),
    "IR-v2": ((19.9, 4.9), (18.7, 4.1), (17.8, 3.7)),
}

EPOCHS = 100  # 'Rethinking', section 8
MEAN_SQUARES = ("1", "0.01", "0.0001")


def _printed() -> Figures:
    """Every number as it is printed, and the recipe of v4."""
    figures: dict[str, float] = {}
    for row, (top1, top5) in ROWS.items():
        figures[f"{row}.top-1"] = top1
        if top5 is not None:
            figures[f"{row}.top-5"] = top5
    for row, (first, second) in CROPS.items():
        figures |= {f"{row}.under-top-5": first, f"{row}.under-top-1": second}
    for name, errors in BY_CROPS.items():
        for crops, (top1, top5) in zip(("1", "12", "144"), errors, strict=True):
            figures |= {f"{name}.{crops}.top-1": top1, f"{name}.{crops}.top-5": top5}
    return figures | {"GoogLeNet.top-5": GOOGLENET} | _recipe()


def _recipe() -> dict[str, float]:
    """The learning rate after the last epoch of v4's schedule, and its epsilon."""
    recipe = load("v4").recipe
    schedule = re.fullmatch(r"x ([\d.]+) every (\d+) epochs", recipe.schedule)
    assert schedule is not None
    assert recipe.learning_rate is not None
    assert recipe.epsilon is not None
    factor, every = float(schedule[1]), int(schedule[2])
    return {"last-rate": recipe.learning_rate * factor ** (EPOCHS // every), "epsilon": recipe.epsilon}


def _judge_quoted(evidence: Evidence) -> Finding:
    """Nothing here is checked: the best error is shown with its distance to GoogLeNet's."""
    best, before = evidence["v3, 144 crops.under-top-1"], evidence["GoogLeNet.top-5"]
    lower = Amount(1 - best / before, "saving")
    conditions = (Condition("top-5 error of v3 against GoogLeNet, 144 crops", lower, "aside"),)
    reason = say("as printed, v3 {} of GoogLeNet's top-5 error; trained networks would have to show it", lower)
    return Finding("quoted", say("quoted: {}", lower), reason, conditions)


def _judge_headings(evidence: Evidence) -> Finding:
    """A right answer among the first is one among the first five: top-5 error cannot exceed top-1 error."""
    conditions = tuple(
        Condition(
            row,
            ratio(fifth / first),
            true(fifth <= first),
            (("Top-5", Amount(fifth, "number")), ("Top-1", Amount(first, "number"))),
        )
        for row in CROPS
        for fifth, first in ((evidence[f"{row}.under-top-5"], evidence[f"{row}.under-top-1"]),)
    )
    odd = Amount(sum(one.fit == "not" for one in conditions), "count")
    every = Amount(len(conditions), "count")
    reason = say(
        "under these headings {} of {} rows have more top-5 than top-1 error: they stand in the other order", odd, every
    )
    return Finding(of(conditions), say("{} of {} swapped", odd, every), reason, conditions)


def _percent(value: float) -> Amount:
    return Amount(value / 100, "share")


def _judge_cumulative(evidence: Evidence) -> Finding:
    """Row by row, for both errors where both rows have them."""
    steps = [
        (f"{after}, {error}", evidence[f"{before}.{error}"], evidence[f"{after}.{error}"])
        for index, error in enumerate(("top-1", "top-5"))
        for before, after in pairwise(row for row, errors in ROWS.items() if errors[index] is not None)
    ]
    conditions = tuple(Condition(when, _percent(before - after), true(after < before)) for when, before, after in steps)
    lower = Amount(sum(one.fit == "exactly" for one in conditions), "count")
    every = Amount(len(conditions), "count")
    return Finding(
        of(conditions), say("{} of {}", lower, every), say("{} of {} steps lower the error", lower, every), conditions
    )


# The columns of Table 4 that hold top-5 and top-1 errors, whatever is printed above them.
SWAPPED = ("under-top-1", "under-top-5")


def _judge_prelu(evidence: Evidence) -> Finding:
    """Top-5 and top-1 error against He et al.'s: with the most crops, with few, and v3 with one against their ten."""
    cases = {
        "most crops": (("v3, 144 crops", *SWAPPED), ("PReLU", *SWAPPED)),
        "few crops": (("v3, 12 crops", *SWAPPED), ("PReLU, 10 crops", *SWAPPED)),
        "1 crop against 10": (("BN-auxiliary", "top-5", "top-1"), ("PReLU, 10 crops", *SWAPPED)),
    }
    conditions = tuple(
        Condition(f"{error}, {crops}", Amount(less, "share"), fits(less, wanted, 2))
        for crops, (ours, theirs) in cases.items()
        for index, (error, wanted) in enumerate((("top-5", 0.25), ("top-1", 0.14)), 1)
        for less in (1 - evidence[f"{ours[0]}.{ours[index]}"] / evidence[f"{theirs[0]}.{theirs[index]}"],)
    )
    fifth, first = (one.value for one in conditions[:2])
    reason = say("by the table v3 cuts {} of PReLU's top-5 error and {} of its top-1 error", fifth, first)
    return Finding(of(conditions), say("{}, {}", fifth, first), reason, conditions)


def _judge_crops(evidence: Evidence) -> Finding:
    """Both errors of each network, from 1 crop to 12 to 144; and top-5 below top-1 in all of them."""
    conditions = []
    for name in BY_CROPS:
        for error in ("top-1", "top-5"):
            found = [evidence[f"{name}.{crops}.{error}"] for crops in ("1", "12", "144")]
            lower = true(all(after < before for before, after in pairwise(found)))
            conditions.append(Condition(f"{error} of {name}, 1 to 144 crops", _percent(found[0] - found[-1]), lower))
        below = [evidence[f"{name}.{crops}.top-1"] - evidence[f"{name}.{crops}.top-5"] for crops in ("1", "12", "144")]
        conditions.append(Condition(f"top-5 of {name} below its top-1", _percent(min(below)), true(min(below) >= 0)))
    good = Amount(sum(one.fit == "exactly" for one in conditions), "count")
    every = Amount(len(conditions), "count")
    return Finding(
        of(conditions), say("{} of {}", good, every), say("{} of {} rows are in order", good, every), tuple(conditions)
    )


def _judge_rate(evidence: Evidence) -> Finding:
    found = Amount(evidence["last-rate"], "number")
    condition = Condition(f"after {EPOCHS} epochs", found, fits(found.value, 0.002, 1))
    return Finding(of([condition]), say("{}", found), say("the learning rate ends at {}", found), (condition,))


def _judge_epsilon(evidence: Evidence) -> Finding:
    """The step for a gradient as large as its mean square says: with epsilon inside the root, and as torch takes it."""
    epsilon = evidence["epsilon"]
    conditions = tuple(_steps(float(square), epsilon, evidence[f"rmsprop-epsilon.{square}"]) for square in MEAN_SQUARES)
    inside, outside = (amount for _, amount in conditions[1].parts)
    reason = say(
        "at a mean square of {} the step is {} of the gradient inside the root, {} outside",
        Amount(0.01, "number"),
        inside,
        outside,
    )
    return Finding(of(conditions), say("{} or {}", inside, outside), reason, conditions)


def _steps(square: float, epsilon: float, outside: float) -> Condition:
    inside = 1 / (square + epsilon) ** 0.5
    parts = (("inside", Amount(inside, "number")), ("outside", Amount(outside, "number")))
    return Condition(f"mean square {square:g}", ratio(outside / inside), fits(outside, inside, 3), parts)


TABLES = Claim(
    id="accuracy-tables-quoted",
    title="error rates of the result tables",
    statement="The networks reach the error rates, epochs and orders that the result tables print.",
    sources=(
        Citation("P1", "Tables 2 and 3"),
        Citation("PB", "Figure 4"),
        Citation("P3", "Tables 2 to 5, section 11"),
        Citation("P4", "Tables 2 to 5, Figures 21 to 26"),
        Citation("001", "all sections"),
        Citation("002", "both tables"),
        Citation("003", "results"),
    ),
    claimed="as printed",
    form="none: only training on ImageNet could show it; the tables are checked against themselves",
    built="nothing but the arithmetic of the tables, and v4's recipe",
    count=_printed,
    needs=("rmsprop-epsilon",),
    judge=_judge_quoted,
    recorded="quoted",
    checks=(
        SubCheck(
            "headings",
            "The second table of the Korean review lists top-5, then top-1 error.",
            "Top-5, Top-1",
            _judge_headings,
            "does-not-reproduce",
        ),
        SubCheck("cumulative", "Each change in Table 3 of 'Rethinking' lowers the error.", "lower", _judge_cumulative, "holds"),
        SubCheck(
            "prelu",
            "v3 cuts PReLU's top-5 error by 25 % and top-1 by 14 %, as section 11 of 'Rethinking' says.",
            "25 %, 14 %",
            _judge_prelu,
            "does-not-reproduce",
        ),
        SubCheck("crops", "More crops lower every error in Tables 2 to 4 of 'Inception-v4'.", "lower", _judge_crops, "holds"),
        SubCheck("rate", "A rate of 0.045, times 0.94 every 2 epochs, ends near 0.002.", "0.002", _judge_rate, "holds-rounded"),
        SubCheck(
            "epsilon",
            "RMSProp with epsilon 1 is the same wherever epsilon stands.",
            "same",
            _judge_epsilon,
            "does-not-reproduce",
        ),
    ),
    see=("cost-2p5x-googlenet", "ls-finite-logits-floor"),
)
CLAIMS = (TABLES,)
