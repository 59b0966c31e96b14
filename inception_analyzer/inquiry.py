"""What a claim asks of the lab, and the evidence that comes back: types only, so that judges need neither clock nor torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from inception_analyzer.choices import Bound, Phase
from inception_analyzer.spec import Network
from inception_analyzer.timings import Against, Failure, Measurement

Lack = Literal["identity", "time"]


@dataclass(frozen=True, slots=True)
class Question:
    """Whether the second of two takes longer than the first: networks, or operations by the name that the lab gives them."""

    name: str  # by which the judge asks for the answer
    reference: Network | str
    other: Network | str
    phase: Phase = "forward"
    batch: int = 1

    @property
    def work(self) -> tuple[Network | str, Network | str, Phase, int]:
        """What has to be run; two claims that ask for the same share one answer."""
        return (self.reference, self.other, self.phase, self.batch)


@dataclass(frozen=True, slots=True)
class Answered:
    """Both sides measured, the second against the first, and what the device's ceilings foretell of their ratio."""

    reference: Measurement
    other: Measurement
    roof_ratio: float | None = None  # the floors of all blocks of the second over those of the first
    bounds: tuple[Bound, Bound] | None = None  # what most of each floor is made of
    floors: tuple[float, float] | None = None  # seconds of each side that those ceilings allow

    @property
    def against(self) -> Against:
        assert self.other.against is not None
        return self.other.against


Answer = Answered | Failure


class MissingError(Exception):
    """A judge asked for evidence that was not gathered; `lack` says what kind would settle it."""

    def __init__(self, name: str, lack: Lack) -> None:
        super().__init__(name)
        self.name = name
        self.lack: Lack = lack


@dataclass(frozen=True, slots=True)
class Evidence:
    """Figures by name, counted or found by running an identity, and the answers to questions of time."""

    figures: Mapping[str, float] = field(default_factory=dict)
    answers: Mapping[str, Answer] = field(default_factory=dict)

    def __getitem__(self, name: str) -> float:
        if name not in self.figures:
            raise MissingError(name, "identity")
        return self.figures[name]

    def against(self, question: str) -> Against:
        """How the second side of a question stands to the first."""
        answer = self.answers.get(question)
        if not isinstance(answer, Answered):
            raise MissingError(question, "time")
        return answer.against
