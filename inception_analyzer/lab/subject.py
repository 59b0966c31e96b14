"""What is timed, as a type: one call of a phase of a network, and what must be ready before the clock starts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from inception_analyzer.choices import Phase
from inception_analyzer.timings import Setup

# Before a call of these nothing is to be done; before one of the others gradients are cleared, or all is run up to it.
UNPREPARED: tuple[Phase, ...] = ("forward", "train-step")
RUN_UP_TO: tuple[Phase, ...] = ("backward", "step")


@dataclass(frozen=True, slots=True)
class Subject:
    """A network in one phase: `ready` is not timed, `run` is; both are called once for each sample."""

    expression: str
    setup: Setup
    ready: Callable[[], Any]
    run: Callable[[Any], Any]
