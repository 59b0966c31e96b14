"""One comparison repeated in fresh processes: what is left between them is the doubt about small differences.

More rounds in one process tell ever more about one layout of memory, and nothing of how two builds of one network differ
by it. So each process gives one estimate, and the interval is Student's t over the processes.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import exp, log, log1p
from statistics import fmean

from inception_analyzer.errors import AnalyzerError
from inception_analyzer.lab.abilities import refuse_impossible
from inception_analyzer.lab.fresh import Heard, ask
from inception_analyzer.lab.measure import Entrant, reason
from inception_analyzer.stats import FLOOR, hodges_lehmann, judge, seconds_needed, t_interval, to_ratio
from inception_analyzer.timings import Against, Failure, Measurement, Repeat, Sample, Sensed, Setup, kind_of

TASK = "measure"

Seen = dict[tuple[int, int], Measurement | Failure]  # by setup and entrant


@dataclass(frozen=True, slots=True)
class Turn:
    """One process: its seed, and the order in which networks are built in it."""

    process: int  # from 1
    seed: int
    order: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Ended:
    """What a process found out before its end, and why it ended early if it did."""

    turn: Turn
    seen: Seen
    reason: str = ""


def turns(seed: int, processes: int, networks: int) -> tuple[Turn, ...]:
    """Every second order is that before it backwards, and chance says which process has which.

    Who is built first differs from who is built second for a whole process. With a coin for each process all coins fall
    alike in one of 2^(N-1) runs, and the offset passes for a difference; balanced, it widens the interval instead.
    """
    chance = random.Random(seed)
    orders: list[tuple[int, ...]] = []
    for index in range(processes):
        order = tuple(reversed(orders[-1])) if index % 2 else tuple(chance.sample(range(networks), networks))
        orders.append(order)
    chance.shuffle(orders)
    return tuple(Turn(number, chance.getrandbits(32), order) for number, order in enumerate(orders, 1))


def repeat(
    entrants: Sequence[Entrant],
    setups: Sequence[Setup],
    processes: int,
    keep: Callable[[Ended], None],
    heard: Callable[[int], Heard] | None = None,
) -> None:
    """Everything in one process after the other; what each found is kept at its end, however it ends."""
    for setup in setups:
        refuse_impossible(setup)
    for turn in turns(setups[0].seed, processes, len(entrants)):
        seen: Seen = {}
        why = ""
        try:
            for at, which, row in _rows(entrants, setups, processes, turn, heard(turn.process) if heard else None):
                seen[at, which] = row
        except (OSError, AnalyzerError) as error:
            why = reason(error)
        finally:
            keep(Ended(turn, seen, why))


def combined(entrants: Sequence[Entrant], setups: Sequence[Setup], ended: Sequence[Ended]) -> list[Measurement | Failure]:
    """One row for each network and setup that some process has come to, over all processes."""
    return [
        _over_processes(entrants, setup, which, repeats, ended)
        for at, setup in enumerate(setups)
        for which, repeats in enumerate(_repeats(len(entrants), at, ended))
        if repeats or (ended and all(one.reason for one in ended))
    ]


def _rows(
    entrants: Sequence[Entrant], setups: Sequence[Setup], processes: int, turn: Turn, heard: Heard | None
) -> Iterator[tuple[int, int, Measurement | Failure]]:
    """The rows of one process, each with the places of its setup and its network."""
    here = [_for_one(setup, processes, turn) for setup in setups]
    ahead = [(at, which) for at in range(len(here)) for which in turn.order]
    for row in ask(TASK, [entrants[which] for which in turn.order], here, heard):
        if isinstance(row, (Measurement, Failure)):
            name, setup = (row.expression, row.setup) if isinstance(row, Failure) else (row.sample.expression, row.sample.setup)
            at = here.index(setup)
            # Two networks of one name are one network twice, and either row may be either's.
            place = next(place for place in ahead if place[0] == at and entrants[place[1]].network.label == name)
            ahead.remove(place)
            yield *place, row


def _for_one(setup: Setup, processes: int, turn: Turn) -> Setup:
    """A share of the budget, its own seed, and no verdict before all processes have spoken."""
    within = max(setup.within, 2 * FLOOR)  # of no account here, where nothing is judged
    return replace(setup, budget=setup.budget / processes, seed=turn.seed, within=within, fixed=True)


def _repeats(networks: int, at: int, ended: Sequence[Ended]) -> list[tuple[Repeat, ...]]:
    """For each network what every process saw of it in one setup, beside the reference of that process."""
    first = _reference(networks, at, ended)
    found: list[list[Repeat]] = [[] for _ in range(networks)]
    for one in ended:
        for which in range(networks):
            row = one.seen.get((at, which))
            if row is not None:
                ratio = _ratio(one.seen.get((at, first)), row) if which != first else None
                found[which].append(Repeat(one.turn.process, one.turn.order.index(which), ratio, row))
    return [tuple(rows) for rows in found]


def _reference(networks: int, at: int, ended: Sequence[Ended]) -> int:
    """The first network that some process could measure."""
    measured = (which for which in range(networks) if any(isinstance(one.seen.get((at, which)), Measurement) for one in ended))
    return next(measured, 0)


def _ratio(reference: Measurement | Failure | None, row: Measurement | Failure) -> float | None:
    """The Hodges-Lehmann estimate of one process, whichever of the two was built first in it."""
    if not (isinstance(reference, Measurement) and isinstance(row, Measurement)):
        return None
    pairs = zip(reference.sample.seconds, row.sample.seconds, strict=True)
    return exp(hodges_lehmann([log(other) - log(one) for one, other in pairs]))


def _over_processes(
    entrants: Sequence[Entrant], setup: Setup, which: int, repeats: tuple[Repeat, ...], ended: Sequence[Ended]
) -> Measurement | Failure:
    name = entrants[which].network.label
    rows = [one.seen for one in repeats]
    seen = [row for row in rows if isinstance(row, Measurement)]
    if not seen:
        reasons = [*(row.reason for row in rows if isinstance(row, Failure)), *(one.reason for one in ended)]
        return Failure(name, setup, next(filter(None, reasons)))
    elapsed = sum(row.elapsed for row in seen)
    estimates = [log(one.ratio) for one in repeats if one.ratio is not None]
    return replace(
        seen[0],
        sample=_pooled([row.sample for row in seen], name, setup),
        against=_against(estimates, setup, elapsed, next((row.against.reference for row in seen if row.against), "")),
        looks=1,
        stopped_by="processes",
        elapsed=elapsed,
        doubts=tuple(_doubts(repeats, ended)),
        sensed=_sensed([row.sensed for row in seen if row.sensed is not None]),
        repeats=repeats,
    )


def _pooled(samples: Sequence[Sample], name: str, setup: Setup) -> Sample:
    seconds = tuple(second for sample in samples for second in sample.seconds)
    host = tuple(second for sample in samples for second in sample.host_seconds)
    return replace(samples[0], expression=name, setup=setup, seconds=seconds, host_seconds=host)


def _sensed(found: Sequence[Sensed]) -> Sensed | None:
    """From the first reading of the first process to the last of the last, and the worst between them."""
    if not found:
        return None
    energies = [one.energy for one in found if one.energy is not None]
    return replace(
        found[0],
        after=found[-1].after,
        lowest_clock=min((one.lowest_clock for one in found if one.lowest_clock is not None), default=None),
        throttled=tuple(sorted({reason for one in found for reason in one.throttled})),
        tenants=max((one.tenants for one in found if one.tenants is not None), default=None),
        energy=fmean(energies) if energies else None,
    )


def _against(estimates: Sequence[float], setup: Setup, elapsed: float, reference: str) -> Against | None:
    """The interval over processes, judged as it is.

    The identity floor stands for what two builds of one network differ by from process to process. Here that difference is
    in the estimates, with its own sign in each, and so in the interval: adding the floor would count it twice.
    """
    if not estimates:
        return None
    interval = t_interval(estimates)
    verdict = judge(interval, floor=0.0, within=setup.within)
    wanted = max(log1p(setup.within) - abs(interval.point), abs(interval.point))
    needed = seconds_needed(elapsed, interval.half_width, wanted) if verdict == "INCONCLUSIVE" else None
    return Against(to_ratio(interval), interval.half_width, verdict, needed, reference)


def _doubts(repeats: Sequence[Repeat], ended: Sequence[Ended]) -> Iterator[str]:
    """What ended early, and what processes doubt of themselves; doubts that differ in their numbers only are told once."""
    if len(repeats) == 1:
        yield "one process alone tells nothing of what processes differ by"
    yield from (f"process {early.turn.process}: {early.reason}" for early in ended if early.reason)
    alike: dict[str, list[tuple[int, str]]] = {}
    for one in repeats:
        for doubt in (one.seen.reason,) if isinstance(one.seen, Failure) else one.seen.doubts:
            alike.setdefault(kind_of(doubt), []).append((one.process, doubt))
    for (process, doubt), *more in alike.values():
        others = f", and alike in {len(more)} more of {len(repeats)}" if more else ""
        yield f"process {process}: {doubt}{others}"
