"""Whole modules in another form: the naive module, the old grid reductions, residual blocks and their ablations."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from inception_analyzer.errors import AnalyzerError
from inception_analyzer.passes.core import Outcome, Pass, apply_rule, everywhere, on_blocks
from inception_analyzer.passes.unfactor import row_beside_column
from inception_analyzer.spec import BatchNorm, Branches, Conv, Named, Network, Node, Pool, Residual, Sequence, Shape
from inception_analyzer.words import maxpool, pads, seq


def naive_module(block: Named, _: Shape) -> Named | None:
    """Figure 2a: no 1x1 before the larger kernels, and the pool passes its input through."""
    return _with_arms(block, lambda arm: _without_projection(_without_reduction(arm)))


def naive_projected_module(block: Named, _: Shape) -> Named | None:
    """No 1x1 before the larger kernels; the projection after the pool stays."""
    return _with_arms(block, _without_reduction)


def pool_first(block: Named, _: Shape) -> Named | None:
    """Figure 9, left: halve the grid, then expand: cheap, and a bottleneck."""
    return _old_reduction(block, pool_comes_first=True)


def pool_last(block: Named, _: Shape) -> Named | None:
    """Figure 9, right: expand on the large grid, then halve it: about three times as dear."""
    return _old_reduction(block, pool_comes_first=False)


def plain_block(node: Node, _: Shape) -> Node | None:
    """The body of a residual block alone, ending in the activation that followed the sum."""
    if not isinstance(node, Residual):
        return None
    steps = node.body.steps if isinstance(node.body, Sequence) else (node.body,)
    last = steps[-1]
    ending = last.body if isinstance(last, Named) else last
    if not isinstance(ending, Conv):
        return None
    ended = replace(ending, act=node.act)
    return seq(*steps[:-1], replace(last, body=ended) if isinstance(last, Named) else ended)


def normed_sum(node: Node, _: Shape) -> Node | None:
    """Batch norm after the sum, which the paper leaves out to save memory."""
    if not isinstance(node, Residual) or node.norm is not None:
        return None
    return replace(node, norm=BatchNorm())


def series(node: Node, _: Shape) -> Node | None:
    """A row, then a column that writes what both wrote, in place of the two side by side."""
    pair = row_beside_column(node)
    return None if pair is None else Sequence((pair[0], replace(pair[1], out=pair[0].out + pair[1].out)))


def scaled_sums(network: Network, value: str) -> Outcome:
    """Every residual scaled by one number."""
    try:
        scale = float(value)
    except ValueError:
        scale = 0.0
    if not 0.0 < scale <= 1.0:
        raise AnalyzerError(
            f"residual-scale={value} is not a scale", ("instead", "a number above 0, at most 1: residual-scale=0.1")
        )

    def rule(node: Node, _: Shape) -> Node | None:
        return replace(node, scale=scale) if isinstance(node, Residual) and node.scale != scale else None

    return apply_rule(network, rule)


def _with_arms(block: Named, change: Callable[[Node], Node]) -> Named | None:
    """A module with each arm changed; None where none changes."""
    if not isinstance(block.body, Branches):
        return None
    arms = tuple(change(arm) for arm in block.body.arms)
    return replace(block, body=Branches(arms)) if arms != block.body.arms else None


def _without_reduction(arm: Node) -> Node:
    """An arm without the 1x1 that narrows its input for a larger kernel."""
    match arm:
        case Named(body=Sequence(steps=(Conv(kernel=(1, 1), stride=(1, 1)), *rest))) if rest:
            return replace(arm, body=seq(*rest))
    return arm


def _without_projection(arm: Node) -> Node:
    """A pool without the 1x1 behind it."""
    match arm:
        case Named(body=Sequence(steps=(Pool() as pool, Conv(kernel=(1, 1))))):
            return replace(arm, body=pool)
    return arm


def _old_reduction(block: Named, *, pool_comes_first: bool) -> Named | None:
    """The arms at stride 1 over one grid, and the block's own pool before or after them."""
    if not isinstance(block.body, Branches):
        return None
    pools = [pool for arm in block.body.arms if (pool := _halving_pool(arm)) is not None]
    if not pools:
        return None
    arms = Branches(tuple(_at_stride_1(arm) for arm in block.body.arms))
    return replace(block, body=seq(pools[0], arms) if pool_comes_first else seq(arms, pools[0]))


def _halving_pool(arm: Node) -> Pool | None:
    match arm:
        case Named(body=Pool(kind="max") as pool) if max(pool.stride) > 1:
            return pool
    return None


def _at_stride_1(arm: Node) -> Node:
    """The arm on one grid: its last step no longer halves it."""
    if not isinstance(arm, Named):
        return arm
    *steps, last = arm.body.steps if isinstance(arm.body, Sequence) else (arm.body,)
    match last:
        case Conv(kernel=kernel) if max(last.stride) > 1:
            return replace(arm, body=seq(*steps, replace(last, stride=(1, 1), padding=pads("same", kernel))))
        case Pool() if max(last.stride) > 1:
            return replace(arm, body=maxpool(last.kernel, 1, (last.kernel[0] // 2, last.kernel[1] // 2)))
    return arm


NAIVE = Pass(
    "naive",
    "no 1x1 before the larger kernels, and the pool passes its input through, so widths grow from module to module",
    "1409.4842, section 4, Figure 2a",
    "unfactored",
    on_blocks(naive_module),
    local=False,
)
NAIVE_PROJECTED = Pass(
    "naive-projected",
    "no 1x1 before the larger kernels; the projection after the pool stays, so widths stay as published",
    "1409.4842, section 4, Figure 2",
    "unfactored",
    on_blocks(naive_projected_module),
    keeps_field=True,
)
POOL_THEN_EXPAND = Pass(
    "pool-then-expand",
    "a grid reduction pools first and then expands, which is cheap and a bottleneck",
    "1512.00567, section 5, Figure 9 left",
    "unfactored",
    on_blocks(pool_first),
)
EXPAND_THEN_POOL = Pass(
    "expand-then-pool",
    "a grid reduction expands on the large grid and then pools",
    "1512.00567, section 5, Figure 9 right",
    "unfactored",
    on_blocks(pool_last),
)
WITHOUT_RESIDUAL = Pass(
    "without-residual",
    "a residual block becomes its body alone",
    "1602.07261, section 5",
    "what if",
    everywhere(plain_block),
)
BN_AFTER_SUM = Pass(
    "bn-after-sum",
    "batch norm after each sum too, which the paper leaves out for the sake of memory",
    "1602.07261, section 3.2",
    "what if",
    everywhere(normed_sum),
    keeps_field=True,
)
RESIDUAL_SCALE = Pass(
    "residual-scale",
    "every residual is scaled by S before it is added",
    "1602.07261, section 3.3",
    "what if",
    scaled_sums,
    keeps_field=True,
    argument="S, above 0 and at most 1",
)
SERIES = Pass(
    "series-instead-of-parallel",
    "a 1xn beside an nx1 becomes a 1xn before an nx1 that is as wide as both",
    "1512.00567, section 6, Figure 7",
    "what if",
    everywhere(series),
    keeps_field=True,
)
