"""The claim that half a kernel of zeros on each side keeps the grid, so that branches can be concatenated."""

from __future__ import annotations

from inception_analyzer.claims.counted import at
from inception_analyzer.claims.judging import EXACT, fits, of, true
from inception_analyzer.claims.model import Amount, Citation, Claim, Condition, Figures, Finding, SubCheck, number_of, say
from inception_analyzer.claims.modules import MODULES
from inception_analyzer.inquiry import Evidence
from inception_analyzer.place import place_node
from inception_analyzer.spec import Shape
from inception_analyzer.words import conv

KERNELS, GRIDS = (1, 3, 5, 7), (35, 28, 17, 8)


def _grids() -> Figures:
    """What kernels with half of themselves around the map write, and how many arms of GoogLeNet keep their grid."""
    figures: dict[str, float] = {
        f"{kernel}.{grid}": _writes(kernel, (kernel - 1) // 2, grid) for kernel in KERNELS for grid in GRIDS
    }
    arms = [arm for name in MODULES for arm in at("v1", f"inception_{name}").parts]
    return figures | {
        "2.rounded-down": _writes(2, 0, 35),
        "2.rounded-up": _writes(2, 1, 35),
        "arms": len(arms),
        "arms.kept": sum(arm.writes.grid == arm.reads.grid for arm in arms),
    }


def _writes(kernel: int, zeros: int, grid: int) -> int:
    return place_node(conv(1, kernel, padding=zeros), Shape(1, grid, grid)).writes.height


def _judge_grids(evidence: Evidence) -> Finding:
    """Every odd kernel on every grid, and the arms that rely on it."""
    conditions = [_kernel(evidence, kernel) for kernel in KERNELS]
    arms, kept = evidence["arms"], evidence["arms.kept"]
    conditions.append(Condition("arms of GoogLeNet that keep their grid", number_of(kept), fits(kept, arms)))
    good = sum(one.fit == "exactly" for one in conditions[:-1])
    reason = say("{} of {} kernels keep every grid, and so do {} of {} arms", *map(number_of, (good, len(KERNELS), kept, arms)))
    return Finding(
        of(conditions), say("{} of {} kernels keep it", number_of(good), number_of(len(KERNELS))), reason, tuple(conditions)
    )


def _kernel(evidence: Evidence, kernel: int) -> Condition:
    told = f"{kernel}x{kernel} with {(kernel - 1) // 2} on each side, from {GRIDS[0]}x{GRIDS[0]}"
    keeps = all(evidence[f"{kernel}.{grid}"] == grid for grid in GRIDS)
    return Condition(told, number_of(evidence[f"{kernel}.{GRIDS[0]}"]), true(keeps))


def _judge_even(evidence: Evidence) -> Finding:
    """Half of one zero there is not: rounded either way the grid changes."""
    conditions = tuple(
        Condition(f"2x2, half {way}, from 35x35", number_of(evidence[f"2.{way}"]), fits(evidence[f"2.{way}"], 35))
        for way in ("rounded-down", "rounded-up")
    )
    found = tuple(one.value for one in conditions)
    reason = say("half a zero cannot be put on a side: with none a 2x2 leaves {} rows of 35, with one it makes {}", *found)
    return Finding(of(conditions), say("{} or {}", *found), reason, conditions)


def _judge_formula(evidence: Evidence) -> Finding:
    """The text's out = in + 2 p - k + 1 beside the maps that torch writes."""
    cases = {"plain": "stride 1", "stride-2": "stride 2", "dilated": "dilation 2"}
    conditions = tuple(
        Condition(f"3x3 with 1 on each side, {told}", number_of(found), fits(found, 35 + 2 * 1 - 3 + 1))
        for key, told in cases.items()
        for found in (evidence[f"padding.{key}"],)
    )
    reason = say("of 35 rows it leaves {}; at stride 2 {}, dilated {}", *(one.value for one in conditions))
    good = sum(one.fit == "exactly" for one in conditions)
    return Finding(of(conditions), say("{} of {} cases", number_of(good), number_of(len(conditions))), reason, conditions)


def _judge_stride(evidence: Evidence) -> Finding:
    """Values of a 3x3/2 with one zero on each side beside those with the zeros where Keras puts them."""
    conditions = tuple(
        Condition(f"3x3/2 on {grid}x{grid}", error, true(error.value < EXACT))
        for grid in GRIDS
        for error in (Amount(evidence[f"padding.keras.{grid}"], "error"),)
    )
    same = number_of(sum(one.fit == "exactly" for one in conditions))
    where = ", ".join(one.when.rpartition(" ")[2] for one in conditions if one.fit == "exactly") or "none"
    reason = say(f"the grids agree, but the values on {{}} of {{}} only ({where})", same, number_of(len(conditions)))
    return Finding(of(conditions), say("{} of {} grids", same, number_of(len(conditions))), reason, conditions)


SAME = Claim(
    id="same-padding-half-kernel",
    title="(k - 1) / 2 zeros keep the grid",
    statement="With (k - 1) / 2 zeros on each side a convolution keeps its grid, so branches can be concatenated.",
    sources=(
        Citation("001", "1", "out = in + 2p - k + 1, so p = (k - 1) / 2; in Keras padding 'same'"),
        Citation("P1", "Figures 2 and 3", "layers marked S"),
    ),
    claimed="grid kept",
    form="out = floor((in + 2 p - d (k - 1) - 1) / s) + 1",
    built="1x1, 3x3, 5x5 and 7x7 on 35, 28, 17 and 8; a 2x2; stride 2 and dilation 2 in torch",
    count=_grids,
    needs=("padding",),
    judge=_judge_grids,
    recorded="holds",
    checks=(
        SubCheck("even", "(k - 1) / 2 zeros on each side keep the grid of a 2x2.", "35", _judge_even, "does-not-reproduce"),
        SubCheck("formula", "The grid is in + 2p - k + 1, whatever the setting.", "35", _judge_formula, "depends"),
        SubCheck(
            "stride-2",
            "At stride 2 as well it computes what Keras' 'same' padding does.",
            "same values",
            _judge_stride,
            "depends",
        ),
    ),
    holds_when="the kernel is odd, stride and dilation are 1",
    see=("two-2x2-save-11",),
)
CLAIMS = (SAME,)
