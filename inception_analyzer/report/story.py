"""The whole story of one machine, before it is files: parts with their documents and state, and what a page shows besides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from inception_analyzer.claims.judging import Judged
from inception_analyzer.report.compared import Compared
from inception_analyzer.report.document import Document
from inception_analyzer.rules import Derived
from inception_analyzer.timings import Failure, Measurement, Memory, Roof

State = Literal["done", "interrupted", "failed", "left out"]


@dataclass(frozen=True, slots=True)
class Part:
    """One table of the report with its words; a part that is not done says why and keeps what there is of it."""

    name: str  # of its CSV file and its anchor
    title: str
    caption: str
    document: Document | None
    state: State = "done"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two networks that a page opens block by block; `derived` is how the second came from the first, where it did."""

    left: Compared
    right: Compared
    derived: Derived | None


@dataclass(frozen=True, slots=True)
class Story:
    """Everything that a report tells; parts in their order, and the values behind them for figures and views."""

    command: str
    made: str  # UTC, ISO
    machine: Mapping[str, Any]
    parts: tuple[Part, ...]
    networks: tuple[Compared, ...] = ()
    pairs: tuple[Pair, ...] = ()
    judged: tuple[Judged, ...] = ()
    measured: tuple[Measurement | Failure, ...] = ()
    memory: tuple[Memory, ...] = ()
    roofs: tuple[Roof, ...] = ()
    kept: Mapping[str, Any] = field(default_factory=dict)  # raw rows by step, from which a later run resumes

    def part(self, name: str) -> Part | None:
        """The part of this name, if it is told."""
        return next((part for part in self.parts if part.name == name), None)


def unasked(story: Story) -> int:
    """How many questions of claims found no room in the budget; what several claims ask counts once."""
    answers = {answer for one in story.judged for answer in one.answers.values() if isinstance(answer, Failure)}
    return sum(answer.needed is not None for answer in answers)
