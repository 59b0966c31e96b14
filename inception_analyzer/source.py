"""A spec as text, both ways: the constructor words that build it again, and JSON."""

from __future__ import annotations

import ast
import json
from collections.abc import Callable, Iterable
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, Literal, assert_never, cast, get_args, get_origin, get_type_hints

from inception_analyzer import spec, words
from inception_analyzer.errors import AnalyzerError
from inception_analyzer.spec import (
    Aux,
    BatchNorm,
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

LINE = 100  # characters; longer calls are laid out one argument a line
LARGEST_NUMBER = 2**31  # of a layer: what is beyond fits into no memory, and counts of counts would fit into no float

WORDS: dict[str, Callable[..., Any]] = {
    word.__name__: word
    for word in (
        words.conv,
        words.biased,
        words.maxpool,
        words.avgpool,
        words.globalpool,
        words.localnorm,
        words.dropout,
        words.linear,
        words.seq,
        words.trunk,
        words.branches,
        words.residual,
        words.named,
        words.aux,
        BatchNorm,
    )
}

NODES: dict[str, type] = {
    kind.__name__: kind for kind in (*get_args(spec.Leaf), Sequence, Branches, Residual, Named, Aux, BatchNorm)
}

Keywords = Iterable[tuple[str, str]]


def to_source(node: Node, indent: int = 0) -> str:
    """The words that build this node; default fields are left out."""
    match node:
        case Conv():
            return _conv(node)
        case Pool():
            return _pool(node)
        case GlobalPool():
            return "globalpool()"
        case LocalNorm():
            return _call("localnorm", [], _changed(node, LocalNorm()), 0)
        case Dropout(rate=rate):
            return f"dropout({rate!r})"
        case Linear(out=out, act=act):
            return _call("linear", [repr(out)], [("act", repr(act))] if act != "none" else [], 0)
        case Sequence(steps=steps):
            return _call("seq", [to_source(step, indent + 1) for step in steps], [], indent)
        case Branches(arms=arms):
            return _call("branches", [to_source(arm, indent + 1) for arm in arms], [], indent)
        case Residual():
            return _residual(node, indent)
        case Named(name=name, body=body, kind=kind):
            return _call("named", [repr(name), *_steps(body, indent)], [("kind", repr(kind))] if kind else [], indent)
        case Aux(name=name, head=head, weight=weight):
            return _call("aux", [repr(name), *_steps(head, indent)], [("weight", repr(weight))], indent)
    assert_never(node)


def trunk_source(trunk: Sequence) -> str:
    """A whole network in words."""
    return _call("trunk", [to_source(step, 1) for step in trunk.steps], [], 0)


def from_source(text: str) -> Node:
    """The node that these words build; nothing but the words and plain values is understood."""
    before = text[: len(text) - len(text.lstrip())]
    try:
        tree = ast.parse("\n" * before.count("\n") + text.strip(), mode="eval")  # so that lines keep their numbers
        return _checked(_value(tree.body))
    except SyntaxError as error:
        where = f"line {error.lineno}: {error.msg}"
        raise AnalyzerError(f"this is not a network in words: {where}", ("words", "  ".join(WORDS))) from None
    except (TypeError, ValueError, RecursionError, MemoryError) as error:
        raise AnalyzerError(f"this is not a network in words: {error}", ("words", "  ".join(WORDS))) from None


def to_json(node: Node) -> str:
    """The node as JSON; fields at their defaults are left out."""
    return json.dumps(_plain(node))


def from_json(text: str) -> Node:
    """The node that `to_json` wrote."""
    try:
        return _checked(_built(json.loads(text)))
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise AnalyzerError(f"this is not a network in JSON: {error}") from None


def _call(word: str, arguments: list[str], keywords: Keywords, indent: int) -> str:
    shown = [*arguments, *(f"{name}={value}" for name, value in keywords)]
    flat = f"{word}({', '.join(shown)})"
    if "\n" not in flat and len(flat) + 4 * indent <= LINE:
        return flat
    inner = ",\n".join("    " * (indent + 1) + text for text in shown)
    return f"{word}(\n{inner},\n{'    ' * indent})"


def _steps(body: Node, indent: int) -> list[str]:
    steps = body.steps if isinstance(body, Sequence) else (body,)
    return [to_source(step, indent + 1) for step in steps]


def _conv(node: Conv) -> str:
    is_biased = node.bias and node.norm is None
    arguments = [repr(node.out), _square(node.kernel)]
    keywords: list[tuple[str, str]] = []
    if node.stride != (1, 1):
        arguments.append(_square(node.stride))
    if node.padding != words.same(node.kernel):
        keywords.append(("padding", _padding(node)))
    if node.groups != 1:
        keywords.append(("groups", repr(node.groups)))
    if not is_biased:
        keywords += [("bias", "True")] if node.bias else []
        keywords += [("norm", _norm(node.norm))] if node.norm != words.BN else []
    if node.act != "relu":
        keywords.append(("act", repr(node.act)))
    return _call("biased" if is_biased else "conv", arguments, keywords, 0)


def _padding(node: Conv) -> str:
    (above, below), (left, right) = node.padding
    if (above, left) != (below, right):
        return repr(node.padding)
    if above == left:
        return repr("valid") if above == 0 else repr(above)
    return repr((above, left))


def _pool(node: Pool) -> str:
    arguments = [_square(node.kernel), _square(node.stride)]
    arguments += [_square(node.padding)] if node.padding != (0, 0) else []
    keywords = [(name, "True") for name in ("ceil", "count_pad") if getattr(node, name)]
    return _call(f"{node.kind}pool", arguments, keywords, 0)


def _residual(node: Residual, indent: int) -> str:
    keywords: list[tuple[str, str]] = []
    if node.shortcut is not None:
        keywords.append(("shortcut", to_source(node.shortcut, indent + 1)))
    if node.scale != 1.0:
        keywords.append(("scale", repr(node.scale)))
    if node.norm is not None:
        keywords.append(("norm", _norm(node.norm)))
    if node.act != "relu":
        keywords.append(("act", repr(node.act)))
    return _call("residual", [to_source(node.body, indent + 1)], keywords, indent)


def _norm(norm: BatchNorm | None) -> str:
    return "None" if norm is None else _call("BatchNorm", [], _changed(norm, BatchNorm()), 0)


def _changed(value: LocalNorm | BatchNorm, default: LocalNorm | BatchNorm) -> list[tuple[str, str]]:
    names = [field.name for field in fields(value)]
    return [(name, repr(getattr(value, name))) for name in names if getattr(value, name) != getattr(default, name)]


def _square(value: Pair) -> str:
    return repr(value[0]) if value[0] == value[1] else repr(value)


def _value(tree: ast.expr) -> object:
    match tree:
        case ast.Call(func=ast.Name(id=word), args=args, keywords=keywords) if word in WORDS:
            # `**` has no name; the words refuse it as they refuse any name that they do not know.
            named = {keyword.arg or "**": _value(keyword.value) for keyword in keywords}
            return WORDS[word](*(_value(arg) for arg in args), **named)
        case ast.Constant() | ast.Tuple() | ast.UnaryOp():
            return ast.literal_eval(tree)
        case ast.Call(func=ast.Name(id=word)) | ast.Name(id=word):
            raise ValueError(f"{word!r} is not one of the words")
    raise ValueError(f"{ast.unparse(tree)!r} is neither a word nor a plain value")


def _checked(value: object) -> Node:
    """The value, if it is a node and each of its fields, all the way down, holds what its type says."""
    if not _fits(value, Node):
        raise TypeError(f"{value!r} is not a layer or a row of them")
    return cast("Node", value)


_hints = cache(get_type_hints)


def _fits(value: object, hint: Any) -> bool:  # noqa: ANN401
    kinds = get_args(hint)
    if get_origin(hint) is Literal:
        return value in kinds
    if get_origin(hint) is tuple:
        wanted = [kinds[0]] * len(value) if kinds[-1] is ... and isinstance(value, tuple) else kinds
        return isinstance(value, tuple) and len(value) == len(wanted) and all(map(_fits, value, wanted))
    if kinds:
        return any(_fits(value, kind) for kind in kinds)
    if type(value) is not hint:
        return hint is float and type(value) is int
    if type(value) is int and abs(value) > LARGEST_NUMBER:
        raise ValueError(f"a number of {len(str(abs(value)))} digits is more than any layer can have")
    for name, inner in _hints(hint).items() if is_dataclass(hint) else ():
        if not _fits(getattr(value, name), inner):
            raise TypeError(f"the {name} of a {hint.__name__} cannot be {getattr(value, name)!r}")
    return True


def _plain(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        shown = {field.name: getattr(value, field.name) for field in fields(value)}
        kept = {field.name: shown[field.name] for field in fields(value) if shown[field.name] != field.default}
        return {"node": type(value).__name__, **{name: _plain(inner) for name, inner in kept.items()}}
    return [_plain(inner) for inner in value] if isinstance(value, tuple) else value


def _built(value: object) -> object:
    if isinstance(value, dict):
        kind = NODES[value["node"]]
        return kind(**{name: _built(inner) for name, inner in value.items() if name != "node"})
    return tuple(_built(inner) for inner in value) if isinstance(value, list) else value
