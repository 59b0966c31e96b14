"""Nodes in the words of the papers' figures: `1x7`, `3x3/2`, `1x7 + 7x1`, `1x3 | 3x1`."""

from __future__ import annotations

from typing import assert_never

from inception_analyzer.spec import (
    Aux,
    Branches,
    Conv,
    Dropout,
    GlobalPool,
    Linear,
    LocalNorm,
    Named,
    Node,
    Pair,
    Pool,
    Residual,
    Sequence,
)


def grid_text(grid: Pair) -> str:
    """`35x35`, `1x7`."""
    return f"{grid[0]}x{grid[1]}"


def shorthand(node: Node) -> str:
    """What a node does, without its widths."""
    match node:
        case Conv(kernel=kernel, stride=stride):
            return grid_text(kernel) + _stride(stride)
        case Pool(kind=kind, kernel=kernel, stride=stride):
            return f"{kind} {grid_text(kernel)}" + _stride(stride)
        case GlobalPool():
            return "mean"
        case LocalNorm():
            return "norm"
        case Dropout():
            return "dropout"
        case Linear(out=out):
            return f"linear {out}"
        case Sequence(steps=steps):
            return " + ".join(_grouped(step) for step in steps)
        case Branches(arms=arms):
            return " | ".join(_armed(arm) for arm in arms)
        case Residual():
            return "sum"
        case Named(body=body):
            return shorthand(body)
        case Aux(name=name):
            return f"head {name}"
    assert_never(node)


def widths(node: Node) -> str:
    """The channels that a chain writes, step by step: `64 > 96 > 96`."""
    steps = node.steps if isinstance(node, Sequence) else (node,)
    return " > ".join(str(_out(step)) for step in steps if _out(step))


def ending(node: Node) -> str:
    """What follows the work of a node: its norm or bias, or the scale of a residual."""
    match node:
        case Conv(norm=norm, bias=bias):
            return "with norm" if norm is not None else "with bias" if bias else "alone"
        case Residual(scale=scale, norm=norm):
            return f"scaled by {scale:g}" + (", with norm" if norm is not None else "")
    return ""


def _out(node: Node) -> int:
    match node:
        case Conv(out=out) | Linear(out=out):
            return out
        case Named(body=body):
            return _out(body)
        case Sequence(steps=steps):
            return _out(steps[-1])
        case Branches(arms=arms):
            return sum(_out(arm) for arm in arms)
    return 0


def _stride(stride: Pair) -> str:
    if stride == (1, 1):
        return ""
    return f"/{stride[0]}" if stride[0] == stride[1] else f"/{grid_text(stride)}"


def _armed(arm: Node) -> str:
    """An arm of several steps keeps its plus signs to itself."""
    text = shorthand(arm)
    return f"({text})" if " + " in text else text


def _grouped(node: Node) -> str:
    text = shorthand(node)
    return f"({text})" if isinstance(node, Branches) else text
