"""What goes between two processes of the lab, as JSON: every type that is asked or seen, told by its name."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from typing import Any

from inception_analyzer import inquiry, spec, stats, timings
from inception_analyzer.lab import measure

KIND = "is"  # the key under which a value says what it is

KINDS: dict[str, type] = {
    name: kind
    for room in (spec, stats, timings, inquiry, measure)
    for name, kind in vars(room).items()
    if isinstance(kind, type) and is_dataclass(kind)
}


def to_line(value: object) -> str:
    """One line that `from_line` reads; infinite ends of intervals stay infinite."""
    return json.dumps(_plain(value)) + "\n"


def from_line(line: str) -> Any:  # noqa: ANN401  (whatever was sent)
    """What `to_line` wrote."""
    return _built(json.loads(line))


def _plain(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return {KIND: type(value).__name__, **{field.name: _plain(getattr(value, field.name)) for field in fields(value)}}
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, (list, tuple)) else value


def _built(value: object) -> object:
    if isinstance(value, list):
        return tuple(map(_built, value))
    if not isinstance(value, dict):
        return value
    inner = {name: _built(held) for name, held in value.items() if name != KIND}
    return KINDS[value[KIND]](**inner) if KIND in value else inner
