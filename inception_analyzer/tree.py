"""Walking and rebuilding a spec: mechanism without meaning."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
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
    Pool,
    Residual,
    Sequence,
)

Part = tuple[str, Node]


def join(path: str, part: str) -> str:
    """The path of a part; a part without a name of its own shares its owner's path."""
    return f"{path}.{part}" if path and part else path or part


def numbered(nodes: tuple[Node, ...]) -> tuple[Part, ...]:
    """Each node under its own name, or under its place in the row."""
    return tuple((_own_name(node) or str(index), node) for index, node in enumerate(nodes))


def _own_name(node: Node) -> str:
    return node.name if isinstance(node, (Named, Aux)) else ""


def parts(node: Node) -> tuple[Part, ...]:
    """What a node is made of, each with its part of the path, in the order of execution."""
    match node:
        case Sequence(steps=steps):
            return numbered(steps)
        case Branches(arms=arms):
            return numbered(arms)
        case Residual(body=body, shortcut=shortcut):
            return (("body", body), ("shortcut", shortcut)) if shortcut is not None else (("body", body),)
        case Named(body=body):
            return (("", body),)
        case Aux(head=head):
            return (("", head),)
        case Conv() | Pool() | GlobalPool() | LocalNorm() | Dropout() | Linear():
            return ()
    assert_never(node)


def with_parts(node: Node, new: tuple[Node, ...]) -> Node:
    """The same node over other parts."""
    match node:
        case Sequence():
            return Sequence(_flat(new))
        case Branches():
            return Branches(new)
        case Residual(shortcut=None):
            return replace(node, body=new[0])
        case Residual():
            return replace(node, body=new[0], shortcut=new[1])
        case Named():
            return replace(node, body=new[0])
        case Aux():
            return replace(node, head=new[0])
        case Conv() | Pool() | GlobalPool() | LocalNorm() | Dropout() | Linear():
            return node
    assert_never(node)


def _flat(steps: tuple[Node, ...]) -> tuple[Node, ...]:
    return tuple(inner for step in steps for inner in (step.steps if isinstance(step, Sequence) else (step,)))


def walk(node: Node, path: str = "") -> Iterator[Part]:
    """Every node with its path, owners before parts."""
    yield path, node
    for name, part in parts(node):
        yield from walk(part, join(path, name))


def rewrite(node: Node, rule: Callable[[str, Node], Node | None], path: str = "") -> Node:
    """The tree with a rule applied everywhere, parts before owners; a rule returns the new node or None."""
    old = parts(node)
    new = tuple(rewrite(part, rule, join(path, name)) for name, part in old)
    rebuilt = with_parts(node, new) if any(a is not b for a, (_, b) in zip(new, old, strict=True)) else node
    changed = rule(path, rebuilt)
    return rebuilt if changed is None else changed
