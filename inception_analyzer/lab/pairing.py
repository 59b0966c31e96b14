"""The protocol: fixed warm-up, short slots, rounds in random order, and looks at numbers of rounds that are fixed before."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import ceil, log, log1p

from inception_analyzer.lab.clock import Clock, clock_for
from inception_analyzer.lab.phases import Subject
from inception_analyzer.stats import (
    FLOOR,
    Interval,
    Plan,
    disturbed,
    drift,
    judge,
    plan_for,
    seconds_needed,
    signed_rank_interval,
    to_ratio,
)
from inception_analyzer.timings import Against, Measurement, Sample

SLOT = 0.005  # seconds; longer slots make intervals wider (60 ms: 1.3 to 2 times), shorter ones show cache effects
WARM_SECONDS, WARM_CALLS, WARM_LONG_CALLS, LONG = 0.3, 20, 5, 0.1

# What is worth a doubt beside the number.
DRIFTED, DISTURBED_SHARE, STARVED = 0.05, 0.10, 0.85

Report = Callable[[str, int, int, Interval | None], None]


@dataclass(slots=True)
class Round:
    """What was seen so far, slot by slot, of each subject; the first is the reference."""

    seconds: list[list[float]]
    orders: random.Random
    work: float = 0.0
    wall: float = 0.0
    begun: float = field(default_factory=time.perf_counter)

    def differences(self, which: int) -> list[float]:
        """The paired log-ratios of one subject to the reference."""
        return [log(other) - log(one) for one, other in zip(self.seconds[0], self.seconds[which], strict=True)]


def measure_together(subjects: Sequence[Subject], report: Report | None = None) -> list[Measurement]:
    """All subjects in rounds of random order; each is paired with the first, round by round."""
    setup = subjects[0].setup
    clock = clock_for(setup.device)
    warmups = [warm(subject, clock) for subject in subjects]
    calls = [_calls(warmed[-1]) for warmed in warmups]
    pace = sum(many * warmed[-1] for many, warmed in zip(calls, warmups, strict=True))
    plan = plan_for(setup.budget, pace)
    seen = Round([[] for _ in subjects], random.Random(setup.seed))
    stopped, looks = _run(subjects, clock, calls, plan, seen, report)
    return [
        _measurement(which, subject, calls[which], len(warmups[which]), plan, seen, looks, stopped)
        for which, subject in enumerate(subjects)
    ]


def warm(subject: Subject, clock: Clock) -> list[float]:
    """A fixed warm-up, for two windows that agree prove nothing: 20 calls and 0.3 s, or 5 calls of more than 100 ms."""
    times: list[float] = []
    begun = time.perf_counter()
    while len(times) < WARM_CALLS or time.perf_counter() - begun < WARM_SECONDS:
        times.append(clock.slot(subject, 1))
        if len(times) >= WARM_LONG_CALLS and min(times) > LONG:
            break
    return [*times[:-1], sorted(times)[len(times) // 2]]


def _calls(seconds: float) -> int:
    return max(1, ceil(SLOT / seconds))


def _run(
    subjects: Sequence[Subject], clock: Clock, calls: Sequence[int], plan: Plan, seen: Round, report: Report | None
) -> tuple[str, int]:
    """Rounds until all is decided, the looks are over or the budget is spent; says which, and after how many looks."""
    looks = 0
    for number in range(1, plan.looks[-1] + 1):
        _round(subjects, clock, calls, seen)
        if report is not None:
            report(subjects[0].setup.phase, number, plan.looks[-1], _estimate(seen, plan) if number >= plan.looks[0] else None)
        if number in plan.looks:
            looks += 1
            if len(subjects) > 1 and all(
                _verdict(which, subjects, plan, seen) != "INCONCLUSIVE" for which in range(1, len(subjects))
            ):
                return "decided", looks
        if number >= plan.looks[0] and time.perf_counter() - seen.begun > subjects[0].setup.budget:
            return "budget", looks + (number not in plan.looks)
    return "looks", looks


def _round(subjects: Sequence[Subject], clock: Clock, calls: Sequence[int], seen: Round) -> None:
    order = list(range(len(subjects)))
    seen.orders.shuffle(order)
    work, wall = time.process_time(), time.perf_counter()
    for which in order:
        seen.seconds[which].append(clock.slot(subjects[which], calls[which]))
    seen.work += time.process_time() - work
    seen.wall += time.perf_counter() - wall


def _interval(which: int, plan: Plan, seen: Round) -> Interval:
    return signed_rank_interval(seen.differences(which), plan.level)


def _estimate(seen: Round, plan: Plan) -> Interval | None:
    return to_ratio(_interval(1, plan, seen)) if len(seen.seconds) > 1 else None


def _verdict(which: int, subjects: Sequence[Subject], plan: Plan, seen: Round) -> str:
    return judge(_interval(which, plan, seen), within=subjects[0].setup.within)


def _measurement(
    which: int, subject: Subject, calls: int, warmups: int, plan: Plan, seen: Round, looks: int, stopped: str
) -> Measurement:
    elapsed = time.perf_counter() - seen.begun
    against = _against(which, subject, plan, seen, elapsed) if which else None
    sample = Sample(subject.expression, subject.setup, tuple(seen.seconds[which]), calls, warmups)
    return Measurement(sample, against, looks, stopped, elapsed, tuple(_doubts(which, subject, plan, seen)))


def _against(which: int, subject: Subject, plan: Plan, seen: Round, elapsed: float) -> Against:
    interval, within = _interval(which, plan, seen), subject.setup.within
    verdict = judge(interval, within=within)
    # Narrow enough to lie inside the margin, or clear of none, whichever is nearer from where the estimate is.
    margin, floor, point = log1p(within), log1p(FLOOR), abs(interval.point)
    wanted = max(margin - floor - point, point - floor)
    needed = seconds_needed(elapsed, interval.half_width, wanted) if verdict == "INCONCLUSIVE" else None
    return Against(to_ratio(interval.widened(log1p(FLOOR))), interval.half_width, verdict, needed)


def _doubts(which: int, subject: Subject, plan: Plan, seen: Round) -> list[str]:
    seconds, threads = seen.seconds[which], subject.setup.threads
    doubts = []
    if plan.short:
        doubts.append("the budget is short of the smallest plan of rounds")
    moved = drift(seconds) - 1
    if abs(moved) > DRIFTED:
        doubts.append(f"drifted by {100 * moved:+.0f} % from the first quarter to the last")
    held = disturbed(seconds)
    if held > DISTURBED_SHARE:
        doubts.append(f"{100 * held:.0f} % of the slots were held up")
    if subject.setup.device == "cpu" and seen.wall and seen.work / seen.wall < STARVED * min(threads, os.cpu_count() or 1):
        doubts.append(f"the processor gave {seen.work / seen.wall:.1f} of {threads} threads")
    return doubts
