"""The protocol: fixed warm-up, short slots, rounds in random order, and looks at numbers of rounds that are fixed before."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from math import ceil, inf, log, log1p
from statistics import median, median_high

import torch

from inception_analyzer.errors import FAILED, AnalyzerError
from inception_analyzer.lab.abilities import ability_doubts
from inception_analyzer.lab.clock import Clock, Lap, clock_for
from inception_analyzer.lab.energy import energy_of
from inception_analyzer.lab.sensors import Sensors, sensed, sensor_doubts, sensors_for
from inception_analyzer.lab.subject import Subject
from inception_analyzer.stats import (
    FLOOR,
    Interval,
    Plan,
    disturbed,
    drift,
    judge,
    plan_for,
    seconds_left,
    seconds_needed,
    signed_rank_interval,
    to_ratio,
)
from inception_analyzer.timings import Against, Measurement, Progress, Reading, Sample, Setup

SLOT = 0.005  # seconds; longer slots make intervals wider (60 ms: 1.3 to 2 times), shorter ones show cache effects
WARM_SECONDS, WARM_CALLS, WARM_LONG_CALLS, LONG = 0.3, 20, 5, 0.1

# On a GPU a slot has to bury the launch and the wait, some 10 us, and its clock takes a second or more to rise.
CUDA_SLOT, CUDA_WARM_SECONDS = 0.010, 1.5

READ_EVERY = 0.25  # seconds between two readings of the sensors, which take a millisecond or so off the rounds
TELL_EVERY = 0.25  # seconds between two estimates for who watches, which walk through the caches between slots

BEYOND = 10.0  # times the budget that the least number of rounds may take

# What is worth a doubt beside the number.
DRIFTED, DISTURBED_SHARE, STARVED, LAUNCH_BOUND = 0.05, 0.10, 0.85, 0.8

Report = Callable[[Progress], None]


class Fallen(RuntimeError):  # noqa: N818  (no error of the program: the others go on)
    """One subject raised; which of them, in its own words, and with its own complaint as the cause."""

    def __init__(self, which: int, cause: Exception) -> None:
        super().__init__(str(cause) or type(cause).__name__)
        self.which = which


@contextmanager
def _blamed(which: int) -> Iterator[None]:
    try:
        yield
    except Exception as error:
        raise Fallen(which, error) from error


@dataclass(frozen=True, slots=True)
class Pace:
    """What a warm-up showed of one call: its usual time by the clock, and by the wall with what goes before it."""

    warmups: int
    seconds: float
    whole: float


@dataclass(slots=True)
class Round:
    """What was seen so far, slot by slot, of each subject; the first is the reference."""

    laps: list[list[Lap]]
    orders: random.Random
    sensors: Sensors | None
    readings: list[Reading] = field(default_factory=list)
    read: float = 0.0
    told: float = 0.0
    estimate: Interval | None = None  # as it was told last
    work: float = 0.0
    wall: float = 0.0
    begun: float = field(default_factory=time.perf_counter)

    def seconds(self, which: int) -> list[float]:
        """Of one subject, slot by slot."""
        return [lap.seconds for lap in self.laps[which]]

    def hosts(self, which: int) -> list[float]:
        """What it cost the processor, where something else did the work."""
        return [lap.host for lap in self.laps[which] if lap.host is not None]

    def differences(self, which: int) -> list[float]:
        """The paired log-ratios of one subject to the reference."""
        return [log(other) - log(one) for one, other in zip(self.seconds(0), self.seconds(which), strict=True)]

    def sense(self) -> None:
        """Read the sensors between two rounds, and not more often than they are worth."""
        if self.sensors is not None and time.perf_counter() - self.read > READ_EVERY:
            self.readings.append(self.sensors.read())
            self.read = time.perf_counter()


def measure_together(subjects: Sequence[Subject], report: Report | None = None, longest: float = inf) -> list[Measurement]:
    """All subjects in rounds of random order; each is paired with the first, round by round.

    `Fallen` where one raises, or where one call of it takes more than `longest` seconds.
    """
    setup = subjects[0].setup
    if report is not None:
        report(Progress(setup.phase, 0, 0, setup.budget))
    with _blamed(len(subjects) - 1):  # what flushes a cache needs memory too, and the last to come has to make room
        clock = clock_for(setup)
    paces = []
    for which, subject in enumerate(subjects):
        with _blamed(which):
            paces.append(warm(subject, clock, longest))
    calls = [_calls(pace.seconds, slot_seconds(subject)) for pace, subject in zip(paces, subjects, strict=True)]
    # What goes before a call off its clock, as the forward pass before a backward one, takes of the budget too.
    plan = plan_for(setup.budget, sum(many * pace.whole for many, pace in zip(calls, paces, strict=True)))
    _refuse_beyond(setup, plan, calls, paces)
    seen = Round([[] for _ in subjects], random.Random(setup.seed), sensors_for(setup.device))
    seen.sense()
    stopped, looks = _run(subjects, clock, calls, plan, seen, report)
    measured = [
        _measurement(which, subject, subjects[0].expression, calls[which], paces[which].warmups, plan, seen, looks, stopped)
        for which, subject in enumerate(subjects)
    ]
    return measured if seen.sensors is None else _with_sensors(measured, subjects, clock, seen.sensors, seen)


def _refuse_beyond(setup: Setup, plan: Plan, calls: Sequence[int], paces: Sequence[Pace]) -> None:
    """Blame the slowest where the least number of rounds that tell anything goes far beyond the budget."""
    each = [many * pace.whole for many, pace in zip(calls, paces, strict=True)]
    least = plan.looks[0] * sum(each)
    if least > BEYOND * setup.budget:
        told = f"{plan.looks[0]} rounds take about {least:.3g} s, and {setup.budget:.3g} s are their part of the budget"
        with _blamed(each.index(max(each))):
            raise AnalyzerError(f"{told}; a longer --budget may do", code=FAILED)


def _with_sensors(
    measured: Sequence[Measurement], subjects: Sequence[Subject], clock: Clock, sensors: Sensors, seen: Round
) -> list[Measurement]:
    """The same with what the GPU told meanwhile, and the energy of each subject after all rounds are over."""
    seen.readings.append(sensors.read())
    found, rows = sensed(sensors, seen.readings), []
    for which, (one, subject) in enumerate(zip(measured, subjects, strict=True)):
        with _blamed(which):
            energy = energy_of(subject, clock, one.sample.calls, sensors)
        own = found if energy is None else replace(found, energy=energy[0], energy_from=energy[1])
        rows.append(replace(one, sensed=own, doubts=(*one.doubts, *sensor_doubts(own))))
    return rows


def warm(subject: Subject, clock: Clock, longest: float = inf) -> Pace:
    """A fixed warm-up, for two windows that agree prove nothing: 20 calls, or 5 of more than 100 ms, and 0.3 s at least.

    It ends at once where one call takes too long for any round.
    """
    times: list[float] = []
    walls: list[float] = []
    begun = ended = time.perf_counter()
    seconds = CUDA_WARM_SECONDS if _on_cuda(subject) else WARM_SECONDS
    while len(times) < _least_calls(times) or ended - begun < seconds:
        before, lap = ended, clock.slot(subject, 1)
        ended = time.perf_counter()
        times.append(lap.seconds)
        walls.append(max(lap.seconds, ended - before))
        if len(times) > 1 and min(times) > longest:
            told = f"not one call of {min(times):.3g} s fits into its {longest:.3g} s of the budget"
            raise AnalyzerError(f"{told}; a longer --budget may do", code=FAILED)
    return Pace(len(times), median_high(times), median_high(walls))


def _least_calls(times: Sequence[float]) -> int:
    return WARM_LONG_CALLS if min(times, default=0.0) > LONG else WARM_CALLS


def _calls(seconds: float, slot: float) -> int:
    return max(1, ceil(slot / seconds))


def slot_seconds(subject: Subject) -> float:
    """How long a slot should last on the device of a subject."""
    return CUDA_SLOT if _on_cuda(subject) else SLOT


def _on_cuda(subject: Subject) -> bool:
    return torch.device(subject.setup.device).type == "cuda"


def _run(
    subjects: Sequence[Subject], clock: Clock, calls: Sequence[int], plan: Plan, seen: Round, report: Report | None
) -> tuple[str, int]:
    """Rounds until all is decided, the looks are over or the budget is spent; says which, and after how many looks."""
    looks = 0
    for number in range(1, plan.looks[-1] + 1):
        _round(subjects, clock, calls, seen)
        seen.sense()
        if report is not None:
            report(_progress(subjects[0], number, plan, seen))
        if number in plan.looks:
            looks += 1
            if (
                not subjects[0].setup.fixed
                and len(subjects) > 1
                and all(_verdict(which, subjects, plan, seen) != "INCONCLUSIVE" for which in range(1, len(subjects)))
            ):
                return "decided", looks
        if number >= plan.looks[0] and time.perf_counter() - seen.begun > subjects[0].setup.budget:
            return "budget", looks + (number not in plan.looks)
    return "looks", looks


def _progress(reference: Subject, number: int, plan: Plan, seen: Round) -> Progress:
    left = seconds_left(plan, number, time.perf_counter() - seen.begun, reference.setup.budget)
    if number >= plan.looks[0] and time.perf_counter() - seen.told > TELL_EVERY:
        seen.estimate, seen.told = _estimate(seen, plan), time.perf_counter()
    return Progress(reference.setup.phase, number, plan.looks[-1], left, seen.estimate)


def _round(subjects: Sequence[Subject], clock: Clock, calls: Sequence[int], seen: Round) -> None:
    order = list(range(len(subjects)))
    seen.orders.shuffle(order)
    work, wall = time.process_time(), time.perf_counter()
    for which in order:
        with _blamed(which):
            seen.laps[which].append(clock.slot(subjects[which], calls[which]))
    seen.work += time.process_time() - work
    seen.wall += time.perf_counter() - wall


def _interval(which: int, plan: Plan, seen: Round) -> Interval:
    return signed_rank_interval(seen.differences(which), plan.level)


def _estimate(seen: Round, plan: Plan) -> Interval | None:
    return to_ratio(_interval(1, plan, seen)) if len(seen.laps) > 1 else None


def _verdict(which: int, subjects: Sequence[Subject], plan: Plan, seen: Round) -> str:
    return judge(_interval(which, plan, seen), within=subjects[0].setup.within)


def _measurement(
    which: int, subject: Subject, first: str, calls: int, warmups: int, plan: Plan, seen: Round, looks: int, stopped: str
) -> Measurement:
    elapsed = time.perf_counter() - seen.begun
    against = replace(_against(which, subject, plan, seen, elapsed), reference=first) if which else None
    sample = Sample(subject.expression, subject.setup, tuple(seen.seconds(which)), calls, warmups, tuple(seen.hosts(which)))
    doubts = tuple(_doubts(which, subject, plan, seen, stopped))
    return Measurement(sample, against, looks, stopped, elapsed, doubts, plan=plan)


def _against(which: int, subject: Subject, plan: Plan, seen: Round, elapsed: float) -> Against:
    interval, within = _interval(which, plan, seen), subject.setup.within
    verdict = judge(interval, within=within)
    # Narrow enough to lie inside the margin, or clear of none, whichever is nearer from where the estimate is.
    margin, floor, point = log1p(within), log1p(FLOOR), abs(interval.point)
    wanted = max(margin - floor - point, point - floor)
    needed = seconds_needed(elapsed, interval.half_width, wanted) if verdict == "INCONCLUSIVE" else None
    return Against(to_ratio(interval.widened(log1p(FLOOR))), interval.half_width, verdict, needed)


def _doubts(which: int, subject: Subject, plan: Plan, seen: Round, stopped: str) -> list[str]:
    seconds, hosts, threads = seen.seconds(which), seen.hosts(which), subject.setup.threads
    doubts = ability_doubts(subject.setup)
    if plan.short and stopped != "decided":
        doubts.append("the budget is short of the smallest plan of rounds")
    moved = drift(seconds) - 1
    if abs(moved) > DRIFTED:
        doubts.append(f"drifted by {100 * moved:+.0f} % from the first quarter to the last")
    held = disturbed(seconds)
    if held > DISTURBED_SHARE:
        doubts.append(f"{100 * held:.0f} % of the slots were held up")
    if subject.setup.device == "cpu" and seen.wall and seen.work / seen.wall < STARVED * min(threads, os.cpu_count() or 1):
        doubts.append(f"the processor gave {seen.work / seen.wall:.1f} of {threads} threads")
    if hosts and median(hosts) > LAUNCH_BOUND * median(seconds):
        told = f"{1000 * median(hosts):.3g} of {1000 * median(seconds):.3g} ms"
        doubts.append(f"launch-bound: the processor needs {told} to start the work")
    return doubts
