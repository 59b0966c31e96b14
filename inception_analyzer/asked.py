"""What a measurement is asked for on the command line: lists, budgets and margins, read strictly."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, replace
from typing import get_args

from inception_analyzer.choices import Phase
from inception_analyzer.errors import AnalyzerError
from inception_analyzer.stats import FLOOR
from inception_analyzer.timings import Setup

PHASES: tuple[Phase, ...] = get_args(Phase)
LARGEST_BATCH = 65_536
# From this many processes on, what two builds of one network differ by is measured well enough to ask for less than it.
TELLING_PROCESSES = 5
LONGEST_BUDGET = 24 * 3600.0
SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0}

# Inference of one image, and the fewest images that a batch norm on the 1x1 map of a head can be trained with.
INFERENCE_BATCH, TRAINING_BATCH = 1, 2


@dataclass(frozen=True, slots=True)
class Asked:
    """Every measurement of one command: phases and batches, each with its share of the budget."""

    setup: Setup
    phases: tuple[Phase, ...]
    batches: tuple[int, ...]  # empty: one image at inference, two in training
    processes: int = 1  # fresh ones that share the budget; one is this process itself

    def setups(self) -> tuple[Setup, ...]:
        """One setup for each phase and batch; the budget is shared evenly."""
        pairs = [(phase, batch) for phase in self.phases for batch in self.batches or (default_batch(phase),)]
        share = self.setup.budget / len(pairs)
        return tuple(_with(self.setup, phase, batch, share) for phase, batch in pairs)


def default_batch(phase: Phase) -> int:
    """The batch of a phase that nobody asked about."""
    return INFERENCE_BATCH if phase == "forward" else TRAINING_BATCH


def parse_phases(text: str) -> tuple[Phase, ...]:
    """`forward,backward`, or `all`."""
    if text == "all":
        return PHASES
    asked = [part.strip() for part in text.split(",")]
    unknown = [part for part in asked if part not in PHASES]
    if unknown:
        raise AnalyzerError(f"no phase is called {unknown[0]!r}", ("phases", f"{', '.join(PHASES)}, or all"), word=text)
    return tuple(phase for phase in PHASES if phase in asked)


def parse_batches(text: str) -> tuple[int, ...]:
    """`1,32`."""
    parts = [part.strip() for part in text.split(",")]
    if not all(part.isascii() and part.isdigit() and 1 <= int(part) <= LARGEST_BATCH for part in parts):
        raise AnalyzerError(f"{text!r} is not a list of batches", ("instead", f"1 to {LARGEST_BATCH}: 1 or 1,32"), word=text)
    return tuple(dict.fromkeys(int(part) for part in parts))


def parse_seconds(text: str) -> float:
    """`30s`, `2m`, `45`."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(ms|s|min|m|h)?", text.strip().lower())
    seconds = float(match[1]) * SECONDS[match[2] or "s"] if match else 0.0
    if not 0 < seconds <= LONGEST_BUDGET:
        raise AnalyzerError(f"{text!r} is not a time", ("instead", "30s, 2m or 1h; at most a day"), word=text)
    return seconds


def parse_share(text: str, processes: int = 1) -> float:
    """`1%`, `0.02`; less than builds differ by where enough processes tell how much that is."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(%?)", text.strip())
    share = float(match[1]) / (100 if match[2] else 1) if match else 0.0
    if not (0 if processes >= TELLING_PROCESSES else FLOOR) < share < 1:
        least = f"more than {100 * FLOOR:g} %, by which two builds of one network may differ, and less than 100 %"
        closer = ("closer", f"--processes {TELLING_PROCESSES} or more measure that difference")
        raise AnalyzerError(f"{text!r} is no margin that can be told", ("instead", f"2% or 0.02: {least}"), closer, word=text)
    return share


def _with(setup: Setup, phase: Phase, batch: int, budget: float) -> Setup:
    return replace(setup, phase=phase, batch=batch, budget=budget)


def drawn() -> int:
    """A seed that nobody can foresee and everybody can read afterwards."""
    return secrets.randbits(32)
