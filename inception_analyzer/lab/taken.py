"""What clock, gauge and sensors say of models on this machine, as a gate keeps it: values, and between which ends they lie."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import exp, log
from statistics import median

from inception_analyzer.choices import Phase
from inception_analyzer.lab.fresh import Heard
from inception_analyzer.lab.measure import Entrant
from inception_analyzer.lab.peak import weigh
from inception_analyzer.lab.processes import Ended, repeat
from inception_analyzer.spec import Network
from inception_analyzer.stats import t_interval
from inception_analyzer.timings import Failure, Measurement, Setup

# A process differs from the next by 3-4 % (deviation), whatever its own rounds say: the ends are those over processes.
PROCESSES = 5


@dataclass(slots=True)
class Taken:
    """One model: its values by metric, their ends as `METRIC.low` and `METRIC.high`, and why one is missing."""

    values: dict[str, float] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)

    def between(self, metric: str, found: Sequence[float], why: str) -> None:
        """A value from several processes; of one alone nobody knows how far it is from the next."""
        if len(found) < 2:
            self.notes[metric] = why
            return
        interval = t_interval([log(value) for value in found])
        self.values |= {
            metric: exp(interval.point),
            f"{metric}.low": exp(interval.low),
            f"{metric}.high": exp(interval.high),
        }


def take(
    networks: Mapping[str, Network],
    metrics: Sequence[str],
    setups: Mapping[Phase, Setup],
    heard: Callable[[int], Heard] | None = None,
) -> dict[str, Taken]:
    """Every metric of every model; times and energy from fresh processes one after the other, peaks from one each."""
    found = {name: Taken() for name in networks}
    entrants = [Entrant(network, network.input) for network in networks.values()]
    timed = [phase for phase in setups if {f"latency.{phase}", f"energy.{phase}"} & set(metrics)]
    ended: list[Ended] = []
    if timed:
        repeat(entrants, [setups[phase] for phase in timed], PROCESSES, ended.append, heard)
    for at, phase in enumerate(timed):
        for which, taken in enumerate(found.values()):
            _time(taken, phase, metrics, ended, (at, which))
    for phase in (phase for phase in setups if f"peak.{phase}" in metrics):
        for entrant, taken in zip(entrants, found.values(), strict=True):
            _weigh(taken, f"peak.{phase}", entrant, setups[phase])
    return found


def _time(taken: Taken, phase: Phase, metrics: Sequence[str], ended: Sequence[Ended], place: tuple[int, int]) -> None:
    """Times and energy of one model in one phase, a value from each process that found one."""
    why = next(_reasons(ended, place), "only one process could time it")
    rows = [row for one in ended if isinstance(row := one.seen.get(place), Measurement)]
    if f"latency.{phase}" in metrics:
        taken.between(f"latency.{phase}", [median(row.sample.seconds) for row in rows], why)
    if f"energy.{phase}" in metrics:
        energies = [row.sensed.energy for row in rows if row.sensed is not None and row.sensed.energy is not None]
        taken.between(f"energy.{phase}", energies, "no sensor of this machine tells the energy of an image")


def _reasons(ended: Sequence[Ended], place: tuple[int, int]) -> Iterator[str]:
    yield from (row.reason for one in ended if isinstance(row := one.seen.get(place), Failure))
    yield from (one.reason for one in ended if one.reason)


def _weigh(taken: Taken, metric: str, entrant: Entrant, setup: Setup) -> None:
    peak = weigh(entrant, setup)
    if peak.measured is None:
        taken.notes[metric] = peak.reason or "nothing measures memory here"
    else:
        taken.values[metric] = peak.measured
