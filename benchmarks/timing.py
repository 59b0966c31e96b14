"""Timing side by side: every round runs everything once, in an order of its own, so that a slow moment falls on all."""

from __future__ import annotations

import gc
import os
import random
import statistics
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from inception_analyzer.report.progress import progress

ROOT = Path(__file__).parents[1]
# Colour and width change what is printed; without bytecode every start would compile the whole house.
UNUSUAL = {"FORCE_COLOR", "COLUMNS", "PYTHONDONTWRITEBYTECODE"}

CONSOLE = Path(sys.executable).with_name("inception-analyze")
MODULE = [sys.executable, "-m", "inception_analyzer"]
COMMAND = [str(CONSOLE)] if CONSOLE.exists() else MODULE

BARE = [sys.executable, "-c", "import typer, rich.console, rich.table"]

Run = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Times:
    """The seconds of one thing, a number per round."""

    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)

    @property
    def least(self) -> float:
        return min(self.seconds)


def interleaved(runs: Mapping[str, Run], rounds: int, doing: str, *, warm_ups: int = 1) -> dict[str, Times]:
    """The times of each run over all rounds; warm-ups go first and are thrown away."""
    found: dict[str, list[float]] = {name: [] for name in runs}
    order, chance = list(runs), random.Random(0)
    for number in progress(range(warm_ups + rounds), doing):
        chance.shuffle(order)
        for name in order:
            seconds = clocked(runs[name])
            if number >= warm_ups:
                found[name].append(seconds)
    return {name: Times(tuple(seconds)) for name, seconds in found.items()}


def clocked(run: Run) -> float:
    """The seconds of one run after a cleared heap; what it made is freed off the clock."""
    gc.collect()
    start = perf_counter()
    made = run()
    seconds = perf_counter() - start
    del made
    return seconds


def fresh(command: list[str]) -> str:
    """What a new process prints, from its start to its exit; what would make it unlike a user's is kept from it."""
    environment = {name: value for name, value in os.environ.items() if name not in UNUSUAL}
    return subprocess.run(command, capture_output=True, text=True, check=True, env=environment, cwd=ROOT).stdout


def process(command: list[str]) -> Run:
    """A run of a command in a fresh process."""
    return lambda: fresh(command)
