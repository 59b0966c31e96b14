"""Which cases of a claim can be drawn on one scale, how long each of them is, and what the lengths mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from inception_analyzer.claims.model import Amount, Condition, Kind

# What is counted or measured, as the head of bars says it; other kinds do not say what they are of.
NOUNS: dict[Kind, str] = {
    "macs": "multiply-adds",
    "params": "parameters",
    "elements": "elements",
    "bytes": "memory",
    "seconds": "time",
    "share": "share",
    "error": "relative difference",
}
SAVINGS: tuple[Kind, ...] = ("saving", "less")
NOISE = 1e-3  # relative differences that are all below it come from rounding, and their lengths would mean nothing


@dataclass(frozen=True, slots=True)
class Lengths:
    """What the bars show, and for each case its length from 0 to 1; None for what is of another kind."""

    head: str
    lengths: tuple[float | None, ...]


def lengths_of(conditions: Sequence[Condition]) -> Lengths | None:
    """Bars for the most cases that are alike, if there are two; the others have none, as no scale holds both."""
    heads = [_head(condition) for condition in conditions]
    head = max(filter(None, heads), key=heads.count, default="")
    values = [drawn(one.value) if head and its == head else None for one, its in zip(conditions, heads, strict=True)]
    alike = [value for value in values if value is not None]
    longest = max(alike, default=0.0)
    if len(alike) < 2 or min(alike) < 0 or longest <= (NOISE if head == NOUNS["error"] else 0):
        return None
    return Lengths(head, tuple(None if value is None else value / longest for value in values))


def drawn(amount: Amount) -> float:
    """The length that stands for an amount: a saving is drawn as what is left."""
    return 1 - amount.value if amount.kind in SAVINGS else amount.value


def _head(condition: Condition) -> str:
    """`multiply-adds left`, `ratio of parameters`, `memory`; nothing where the case does not say what it is of."""
    kind, sides = condition.value.kind, {part.kind for _, part in condition.parts}
    noun = NOUNS.get(min(sides)) if len(sides) == 1 else None
    if kind in SAVINGS:
        return f"{noun} left" if noun else ""
    if kind == "ratio":
        measured = condition.value.low is not None
        return f"ratio of {noun}" if noun else f"ratio of {NOUNS['seconds']}" if measured else ""
    if kind == "share":
        return NOUNS["share"] if noun else ""
    return NOUNS.get(kind, "")
