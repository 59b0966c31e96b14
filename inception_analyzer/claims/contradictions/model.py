"""What a contradiction is: who says what, and what is true as a sentence whose amounts are figures that were counted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from inception_analyzer.claims.model import Amount, Citation, Figures, Kind, Sentence, say


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A point on which the texts contradict each other, a paper, or themselves."""

    number: int
    title: str  # at most 38 signs, for tables
    sayings: tuple[Citation, ...]
    count: Callable[[], Figures]
    truth: str  # with a place `{}` for each amount
    amounts: tuple[tuple[str, Kind], ...]  # the figure that stands in each place, and what it is
    claims: tuple[str, ...]  # ids of the claims that judge it


@dataclass(frozen=True, slots=True)
class Told:
    """A contradiction with what is true of it."""

    contradiction: Contradiction
    truth: Sentence


def told(contradiction: Contradiction, figures: Figures) -> Told:
    """What these figures say of it."""
    amounts = (Amount(figures[name], kind) for name, kind in contradiction.amounts)
    return Told(contradiction, say(contradiction.truth, *amounts))
