"""What a command that measures finds out, one thing after the other, so that an interruption keeps what is finished."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, TypeVar

from inception_analyzer.errors import FAILED, FINE, INTERRUPTED, UNDECIDED
from inception_analyzer.spec import Network

if TYPE_CHECKING:
    from inception_analyzer.asked import Asked
    from inception_analyzer.lab.measure import Entrant
    from inception_analyzer.report.progress import Watch
    from inception_analyzer.timings import Failure, Measurement, Memory, Missing, Peak, Roof, Setup

T = TypeVar("T")

BLOCKS_SHARE = 0.1  # of the budget, for the passes that time blocks


@dataclass(slots=True)
class Found:
    """Everything that was found out before the end or an interruption, and the exit code."""

    rows: list[Measurement | Failure] = field(default_factory=list)
    memory: list[Memory] = field(default_factory=list)
    peaks: list[Peak] = field(default_factory=list)
    roofs: list[Roof] = field(default_factory=list)
    missing: list[Missing] = field(default_factory=list)
    code: int = FINE


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be found out besides times, and whether every comparison has to end in a verdict."""

    memory: bool = True  # of training, where a phase of training is timed
    peaks: bool = False
    blocks: bool = False
    strict: bool = False


def find_out(networks: Sequence[Network], asked: Asked, wanted: Wanted) -> Found:
    """Times, then memory, then blocks under the roof."""
    from inception_analyzer.report.progress import Watch

    found = Found()
    share = 1 - BLOCKS_SHARE if wanted.blocks else 1.0
    shorter = replace(asked, setup=replace(asked.setup, budget=share * asked.setup.budget))
    try:
        watch = Watch([network.label for network in networks], (1 - share) * asked.setup.budget)
        for row in time_all(networks, shorter, watch):
            found.rows.append(row)
        for weighed in _memory_of(networks, asked, found) if wanted.memory else ():
            found.memory.append(weighed)
        for peak in _peaks_of(networks, asked) if wanted.peaks else ():
            found.peaks.append(peak)
        for roof in _roofs_of(networks, asked, found) if wanted.blocks else ():
            found.roofs.append(roof)
    except KeyboardInterrupt:
        found.code = INTERRUPTED
    found.code = found.code or verdict_code(found.rows, strict=wanted.strict)
    return found


def time_all(networks: Sequence[Network], asked: Asked, watch: Watch) -> Iterator[Measurement | Failure]:
    """Every measurement as soon as it is finished; `watch` tells how far it is."""
    from inception_analyzer.lab.measure import Entrant
    from inception_analyzer.lab.measure import measure as measure_all

    setups = _on_their_device(asked)
    entrants = [Entrant(network, network.input) for network in networks]
    try:
        if asked.processes > 1:
            yield from _repeated(entrants, setups, asked.processes, watch)
            return
        for row in measure_all(entrants, setups, watch.round):
            watch.done(row)
            yield row
    finally:
        watch.close()


def verdict_code(rows: Sequence[Measurement | Failure], *, strict: bool) -> int:
    """Failed where nothing could be measured, undecided where `strict` wants a verdict on all and some have none."""
    from inception_analyzer.timings import Measurement

    measured = [row for row in rows if isinstance(row, Measurement)]
    if not measured:
        return FAILED
    open_ends = len(measured) < len(rows) or any(
        row.against is not None and row.against.verdict == "INCONCLUSIVE" for row in measured
    )
    return UNDECIDED if strict and open_ends else FINE


def _repeated(entrants: list[Entrant], setups: list[Setup], processes: int, watch: Watch) -> Iterator[Measurement | Failure]:
    """The same over fresh processes; those that have ended count, whatever became of the others."""
    from inception_analyzer.lab.processes import Ended, combined, repeat

    ended: list[Ended] = []
    try:
        each = sum(setup.budget for setup in setups) / processes
        repeat(entrants, setups, processes, ended.append, lambda process: watch.process(process, processes, each))
    except KeyboardInterrupt:
        yield from combined(entrants, setups, ended)
        raise
    yield from combined(entrants, setups, ended)


def _on_their_device(asked: Asked) -> list[Setup]:
    from inception_analyzer.lab.measure import device_for

    device = device_for(asked.setup.device)
    return [replace(setup, device=device) for setup in asked.setups()]


def _memory_of(networks: Sequence[Network], asked: Asked, found: Found) -> Iterator[Memory]:
    """What training holds for each batch of the training phases, of what could not be trained too if that has a size."""
    from inception_analyzer.lab.memory import training_memory
    from inception_analyzer.timings import Failure

    training = {setup.batch: setup for setup in _on_their_device(asked) if setup.phase != "forward"}
    calls = [(setup, one) for setup in training.values() for one in networks]
    yield from _each(calls, "memory of training", lambda setup, one: training_memory(one, setup, one.input), found)
    told = {(row.expression, row.reason) for row in found.rows if isinstance(row, Failure)}
    found.missing[:] = [one for one in found.missing if (one.expression, one.reason) not in told]


def _peaks_of(networks: Sequence[Network], asked: Asked) -> Iterator[Peak]:
    """The peak of every phase and batch, network by network."""
    from inception_analyzer.lab.measure import Entrant
    from inception_analyzer.lab.peak import weigh
    from inception_analyzer.report.progress import progress

    calls = [(setup, network) for setup in _on_their_device(asked) for network in networks]
    return (weigh(Entrant(network, network.input), setup) for setup, network in progress(calls, "weighing"))


def _roofs_of(networks: Sequence[Network], asked: Asked, found: Found) -> Iterator[Roof]:
    """Each network's blocks in a forward pass, beside its whole where that was measured."""
    from inception_analyzer.lab.ceilings import load_or_measure
    from inception_analyzer.lab.machine import machine_key
    from inception_analyzer.lab.measure import Entrant, roof_of
    from inception_analyzer.stats import summary
    from inception_analyzer.timings import Measurement

    budget = BLOCKS_SHARE * asked.setup.budget / len(networks)
    setup = replace(_on_their_device(asked)[0], phase="forward", budget=budget)
    forward = [row.sample for row in found.rows if isinstance(row, Measurement) and row.sample.setup.phase == "forward"]
    alike = [one for one in forward if one.setup.batch == setup.batch and one.setup.cache == "warm"]
    whole = {one.expression: summary(one.seconds).median for one in alike}
    # All stand under one roof, even where it was measured in doubt and is not remembered.
    ceilings = cache(lambda: load_or_measure(machine_key(), setup.device, setup.dtype, setup.threads))

    def find(here: Setup, one: Network) -> Roof:
        return roof_of(Entrant(one, one.input), here, ceilings(), whole.get(one.label))

    return _each([(setup, network) for network in networks], "blocks under the roof", find, found)


def _each(calls: Sequence[tuple[Setup, Network]], what: str, find: Callable[[Setup, Network], T], found: Found) -> Iterator[T]:
    """What is found for each network; what fails for one is missing with its reason, and the others go on."""
    from inception_analyzer.lab.measure import reason
    from inception_analyzer.report.progress import progress
    from inception_analyzer.timings import Missing

    for setup, network in progress(calls, what):
        try:
            result = find(setup, network)
        except Exception as error:  # what is finished is worth more than a traceback
            found.missing.append(Missing(network.label, what, reason(error)))
        else:
            yield result
