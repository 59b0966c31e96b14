"""Rounds of two slots, one of each side, in an order that a coin chooses, until their ratio is known well enough."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import ceil, log, log1p
from statistics import median
from typing import Any

from inception_analyzer.against.children import Child
from inception_analyzer.gates.measured import allowed_share, beyond
from inception_analyzer.gates.rules import Tolerance
from inception_analyzer.stats import FLOOR, Interval, Plan, disturbed, plan_for, seconds_left, signed_rank_interval, to_ratio
from inception_analyzer.timings import Progress

DISTURBED_SHARE = 0.10

Report = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class Ask:
    """A model in one phase: how either side calls it, and how much longer it may take."""

    name: str
    metric: str
    before: str
    after: str
    setup: Mapping[str, Any]
    tolerance: Tolerance

    @property
    def budget(self) -> float:
        return float(self.setup["budget"])


@dataclass(frozen=True, slots=True)
class Paired:
    """Seconds of one call on the base's side, and how many times as long the other takes."""

    seconds: float
    ratio: Interval
    rounds: int
    doubts: tuple[str, ...] = ()


@dataclass(slots=True)
class Seen:
    """What was seen so far, round by round."""

    base: list[float] = field(default_factory=list)
    now: list[float] = field(default_factory=list)
    begun: float = field(default_factory=time.perf_counter)

    def ratio(self, plan: Plan) -> Interval:
        """The signed-rank interval at the level of this plan, and the floor by which two builds of one network differ."""
        differences = [log(after) - log(before) for before, after in zip(self.base, self.now, strict=True)]
        return to_ratio(signed_rank_interval(differences, plan.level).widened(log1p(FLOOR)))


def paired(base: Child, now: Child, ask: Ask, report: Report | None = None) -> Paired:
    """The protocol of `lab.pairing` over two processes; it ends as soon as a look shows on which side of its limit it is."""
    chance = random.Random(ask.setup["seed"])
    sides = [(base, ask.before), (now, ask.after)]
    ready: list[dict[str, Any]] = [{}, {}]
    for which in chance.sample(range(2), 2):
        child, expression = sides[which]
        ready[which] = child.ask("build", expression=expression, setup=dict(ask.setup))
    calls = [max(1, ceil(one["slot"] / one["seconds"])) for one in ready]
    # What goes before a call takes of the budget too; an older version does not tell it.
    plan = plan_for(ask.budget, sum(many * one.get("whole", one["seconds"]) for many, one in zip(calls, ready, strict=True)))
    seen = Seen()
    for number in range(1, plan.looks[-1] + 1):
        taken = [0.0, 0.0]
        for which in chance.sample(range(2), 2):
            taken[which] = sides[which][0].ask("slot", calls=calls[which])["seconds"]
        seen.base.append(taken[0])
        seen.now.append(taken[1])
        if report is not None:
            left = seconds_left(plan, number, time.perf_counter() - seen.begun, ask.budget)
            report(
                Progress(ask.setup["phase"], number, plan.looks[-1], left, seen.ratio(plan) if number in plan.looks else None)
            )
        if number in plan.looks and _told(seen, plan, ask.tolerance) != "inconclusive":
            break
        if number >= plan.looks[0] and time.perf_counter() - seen.begun > ask.budget:
            break
    doubts = (*_doubts(seen, plan), *dict.fromkeys(doubt for one in ready for doubt in one["doubts"]))
    return Paired(median(seen.base), seen.ratio(plan), len(seen.base), doubts)


def _told(seen: Seen, plan: Plan, tolerance: Tolerance) -> str:
    return beyond(seen.ratio(plan), allowed_share(tolerance, median(seen.base)))


def _doubts(seen: Seen, plan: Plan) -> list[str]:
    held = max(disturbed(seen.base), disturbed(seen.now))
    found = ["the budget is short of the smallest plan of rounds"] if plan.short else []
    return [*found, *([f"{100 * held:.0f} % of the slots were held up"] if held > DISTURBED_SHARE else [])]
