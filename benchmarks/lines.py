"""Measured lines beside their targets, and how benchmarks print them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from benchmarks.targets import answer, verdict
from benchmarks.timing import Times
from inception_analyzer.report.document import Column, Content, Document, Note, Table, bold, dim, row, table
from inception_analyzer.report.quantity import decimals_for, exact, many, ratio


@dataclass(frozen=True, slots=True)
class Target:
    """A bound on a ratio (`x`), on milliseconds (`ms`) or on a number."""

    sign: Literal["<", "<=", ">="]
    bound: float
    unit: Literal["x", "ms", ""]

    def __str__(self) -> str:
        return f"{self.sign} {self.bound:g}{' ' * (self.unit == 'ms')}{self.unit}"

    def met(self, found: float) -> bool:
        match self.sign:
            case "<":
                return found < self.bound
            case "<=":
                return found <= self.bound
        return found >= self.bound


@dataclass(frozen=True, slots=True)
class Line:
    """What was measured of one thing, beside its base; `found` is a number that is no time."""

    name: str
    times: Times | None = None
    base: Times | None = None
    target: Target | None = None
    found: int = 0

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None without a target."""
        if self.target is None:
            return None
        if self.times is None or self.target.unit == "":
            return self.target.met(self.found)
        if self.target.unit == "ms":
            return self.target.met(1000 * self.times.median)
        return self.base is not None and self.target.met(self.times.median / self.base.median)


@dataclass(frozen=True, slots=True)
class Part:
    """One question: what is measured, what was found, and what to know about it."""

    name: str
    sentence: str
    lines: tuple[Line, ...]
    notes: tuple[str, ...] = ()


def document(title: str, parts: Sequence[Part], rounds: int) -> Document:
    """All parts as one answer."""
    lines = [line for part in parts for line in part.lines]
    return answer(title, [many(rounds, "round")], lines, [one for part in parts for one in sections(part)])


def sections(part: Part) -> tuple[Table | Note, ...]:
    """What is measured, what to know about it, and the measured lines."""
    heads = (
        Column(part.name, "left", least=34),
        Column("median ms", least=9),
        Column("least ms", least=8),
        Column("ratio", least=6),
        Column("target", least=8),
        Column("met", least=3),
    )
    shortest = min((1000 * line.times.least for line in part.lines if line.times), default=1.0)
    rows = [cells(line, decimals_for(shortest, 2)) for line in part.lines]
    return (Note((f"*{part.sentence}*", *part.notes), ""), *((table(heads, rows),) if rows else ()))


def cells(line: Line, decimals: int) -> tuple[Content, ...]:
    """One measured line."""
    if line.times is None:
        return row(line.name, bold(exact(line.found)), "", "", str(line.target), verdict(line.met))
    median, least = (f"{1000 * value:,.{decimals}f}" for value in (line.times.median, line.times.least))
    against = bold(ratio(line.times.median, line.base.median)) if line.base else dim("base")
    return row(line.name, median, dim(least), against, str(line.target or ""), verdict(line.met))
