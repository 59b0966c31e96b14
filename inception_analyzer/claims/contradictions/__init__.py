"""The points on which the texts contradict each other, in the order of their numbers, each with what was counted."""

from __future__ import annotations

from inception_analyzer.claims.contradictions import kernels, networks, training
from inception_analyzer.claims.contradictions.model import Contradiction, Told
from inception_analyzer.claims.contradictions.model import told as told_by

CONTRADICTIONS: tuple[Contradiction, ...] = tuple(
    sorted((*networks.CONTRADICTIONS, *kernels.CONTRADICTIONS, *training.CONTRADICTIONS), key=lambda one: one.number)
)


def told() -> tuple[Told, ...]:
    """All of them with what is true, counted now."""
    return tuple(told_by(one, one.count()) for one in CONTRADICTIONS)
