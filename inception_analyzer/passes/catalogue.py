"""Every rewriting pass by name, and the two canonical lists."""

from __future__ import annotations

from inception_analyzer.passes import factor, modules, scale, training, unfactor
from inception_analyzer.passes.core import Pass

PASSES: dict[str, Pass] = {
    entry.name: entry
    for entry in (
        unfactor.ASYMMETRIC,
        unfactor.EXPANDED,
        unfactor.STACKED,
        unfactor.STEM_7X7,
        modules.NAIVE,
        modules.NAIVE_PROJECTED,
        modules.POOL_THEN_EXPAND,
        modules.EXPAND_THEN_POOL,
        factor.SPLIT_5X5,
        factor.SPLIT_ASYMMETRIC,
        factor.SPLIT_2X2,
        factor.SPLIT_STEM,
        training.WITHOUT_AUX,
        training.WITHOUT_BN,
        training.FOLD_BN,
        modules.BN_AFTER_SUM,
        modules.WITHOUT_RESIDUAL,
        modules.RESIDUAL_SCALE,
        modules.SERIES,
        factor.FACTORIZED_7X7,
        training.BN_AUXILIARY,
        training.RMSPROP,
        training.LABEL_SMOOTHING,
        scale.WIDTH,
        scale.DEPTH,
        scale.LOW_RES,
        scale.INPUT,
    )
}

# Order is meaning. Undone in the reverse of how a designer factors: first the pairs of rows and columns, then the spread
# ones, and the stacks last, for only then are all the 3x3 there that a stack is made of. The stem is left alone.
GROUPS: dict[str, tuple[str, ...]] = {
    "unfactorized": ("asymmetric", "expanded", "stacked"),
    "factorized": ("split-5x5", "split-asymmetric"),
}

# Of each pair only one can be meant.
RIVALS: tuple[set[str], ...] = (
    {"naive", "naive-projected"},
    {"pool-then-expand", "expand-then-pool"},
    {"input", "low-res"},
    {"without-bn", "fold-bn"},
    {"without-bn", "bn-after-sum"},
    {"without-bn", "bn-auxiliary"},
)
