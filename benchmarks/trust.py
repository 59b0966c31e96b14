"""Whether the lab's timing can be trusted: comparisons whose answer is known, by `python -m benchmarks.trust`."""

from __future__ import annotations

import argparse
import math
import os
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

import torch

from benchmarks.peers import absent
from benchmarks.targets import answer, verdict
from benchmarks.trials import Judge, Trial, bare_call, burdened, by_doubts, by_lab, by_medians, kernel, torchvisions, twins
from inception_analyzer import Network, load
from inception_analyzer.lab.pairing import WARM_CALLS, measure_together
from inception_analyzer.lab.phases import subject
from inception_analyzer.lab.subject import Subject
from inception_analyzer.report.document import Column, Content, Document, Note, Table, bold, dim, row, table
from inception_analyzer.report.progress import progress
from inception_analyzer.report.quantity import decimals_for, many
from inception_analyzer.report.write import Format, write
from inception_analyzer.spec import Recipe, Shape
from inception_analyzer.stats import FLOOR, Interval, Verdict, signed_rank_interval, to_ratio
from inception_analyzer.timings import Progress, Setup

THREADS = 1
ALARMS, TRIES, BUILDS = 30, 40, 3
OVERHEAD_BUDGET, STEP_BUDGET = 15.0, 60.0
STEP_BATCH = 2
SLOWER = 0.03
SMALLER = Shape(3, 112, 112)  # a quarter of v1's pixels, so that 80 comparisons take minutes

DIFFERENT: tuple[Verdict, ...] = ("FASTER", "SLOWER")

RIVAL = (
    "Timer is torch.utils.benchmark's: it has the lab's seconds, half for each of",
    "the two, one after the other. Apart: medians further apart than the sum of",
    "their doubts, each 1.645 s / sqrt n of the points between the quartiles.",
)


@dataclass(frozen=True, slots=True)
class Bounds:
    """Between what a number has to lie."""

    low: float = -math.inf
    high: float = math.inf

    def __str__(self) -> str:
        if math.isinf(self.low):
            return f"<= {self.high:g}"
        return f">= {self.low:g}" if math.isinf(self.high) else f"{self.low:g}-{self.high:g}"

    def met(self, found: float) -> bool:
        return self.low <= found <= self.high


@dataclass(frozen=True, slots=True)
class Group:
    """Trials of one kind."""

    name: str
    trials: Sequence[Trial] = field(repr=False)

    def __str__(self) -> str:
        seconds = statistics.median(trial.seconds for trial in self.trials)
        return f"{self.name}, {many(len(self.trials), 'trial')} of {seconds:.{decimals_for(seconds, 2)}f} s"


@dataclass(frozen=True, slots=True)
class Share:
    """How many trials of a group were judged so, by the lab or by what stands beside it."""

    group: Group
    said: str
    judge: Judge
    verdicts: tuple[Verdict, ...]
    target: Bounds | None = None

    @property
    def name(self) -> str:
        return f"{self.group.name}: {self.said}"

    @property
    def percent(self) -> float:
        return 100 * statistics.fmean(self.judge(trial) in self.verdicts for trial in self.group.trials)

    @property
    def met(self) -> bool | None:
        return self.target.met(self.percent) if self.target else None


@dataclass(frozen=True, slots=True)
class Ratio:
    """One thing beside another, round by round, over several builds."""

    name: str
    ours: Sequence[float]
    theirs: Sequence[float]
    target: Bounds

    @property
    def interval(self) -> Interval:
        """The ratio; its interval holds the floor for what two builds of one thing differ by, as the lab's do."""
        differences = [math.log(one / other) for one, other in zip(self.ours, self.theirs, strict=True)]
        return to_ratio(signed_rank_interval(differences, 0.05).widened(math.log1p(FLOOR)))

    @property
    def met(self) -> bool:
        return self.target.met(self.interval.point)


@dataclass(frozen=True, slots=True)
class Part:
    """One of the four questions: what is measured, what was found, and what to know about it."""

    name: str
    sentence: str
    shares: tuple[Share, ...] = ()
    ratios: tuple[Ratio, ...] = ()
    notes: tuple[str, ...] = ()


# Measured.


def alarms(trials: int | None) -> Part:
    """Two builds of one network, which nothing may tell apart."""
    v1, setup, tries = load("v1"), Setup(threads=THREADS), trials or ALARMS
    long = Group("v1 and itself", twins(v1, setup, tries, "alarms of v1"))
    short = Group("kernel and itself", twins(kernel(), setup, tries, "alarms of a kernel"))
    both = Group("both", [*long.trials, *short.trials])
    return Part(
        "alarms",
        "Two fresh builds of one network, inference on one image.",
        (
            *of_equals(long),
            *of_equals(short, Bounds(low=75)),
            Share(both, "FASTER or SLOWER", by_lab, DIFFERENT, Bounds(high=5)),
        ),
        notes=("The kernel is a 3x3 convolution, 32 to 32 channels on 35x35.", *RIVAL),
    )


def power(trials: int | None) -> Part:
    """A slowdown that is there, and none, each inside the default budget."""
    v1, setup, tries = load("v1"), Setup(threads=THREADS), trials or TRIES
    percent = f"{100 * SLOWER:g} %"
    found, work = burdened(v1, setup, tries, f"power: {percent} slower", SLOWER, SMALLER)
    slow = Group(f"{percent} slower", found)
    return Part(
        "power",
        f"v1 on 112x112 beside itself with {percent} more work, and beside itself.",
        (
            Share(slow, "SLOWER", by_lab, ("SLOWER",), Bounds(low=90)),
            Share(slow, "SAME or FASTER", by_lab, ("SAME", "FASTER")),
            Share(slow, "Timer: apart, the right way", by_doubts, ("SLOWER",)),
            Share(slow, "Timer: medians over 2 % apart, so", by_medians, ("SLOWER",)),
            *of_equals(Group("v1 and itself", twins(v1, setup, tries, "power: equals", SMALLER)), Bounds(low=75)),
        ),
        notes=(f"More work is {work}.", *RIVAL),
    )


def of_equals(group: Group, same: Bounds | None = None) -> tuple[Share, ...]:
    """What was said of things that are the same."""
    return (
        Share(group, "FASTER or SLOWER", by_lab, DIFFERENT),
        Share(group, "SAME", by_lab, ("SAME",), same),
        Share(group, "Timer: apart", by_doubts, DIFFERENT),
        Share(group, "Timer: medians over 2 % apart", by_medians, DIFFERENT),
    )


def overhead(trials: int | None) -> Part:
    """What the lab reports of Inception-v3 beside a bare loop, call by call in turn."""
    v3, ours, theirs = load("v3"), list[float](), list[float]()
    for number in progress(range(trials or BUILDS), "overhead"):
        setup = Setup(threads=THREADS, seed=number, budget=OVERHEAD_BUDGET)
        reported, bare = beside_a_loop(v3, setup, loop_first=number % 2 == 1)
        ours += reported
        theirs += bare
    return Part(
        "overhead",
        f"Inference of v3 on one image, {many(len(ours), 'call')} of each in turn.",
        ratios=(Ratio("lab / bare loop", ours, theirs, Bounds(0.99, 1.01)),),
        notes=(f"{many(trials or BUILDS, 'build')} of each, made by turns first.",),
    )


def beside_a_loop(network: Network, setup: Setup, *, loop_first: bool) -> tuple[Sequence[float], list[float]]:
    """The seconds that the lab reports, and those of a loop that has one call after each round of the lab."""
    early = bare_call(network, setup) if loop_first else None
    entrant = subject(network, setup)
    call = early or bare_call(network, setup)
    for _ in range(WARM_CALLS):
        call()
    bare: list[float] = []

    def turn(now: Progress) -> None:
        if now.number:
            bare.append(call())

    return measure_together([entrant], turn)[0].sample.seconds, bare


def published(trials: int | None) -> Part:
    """Inception-v3 beside torchvision's, in inference and in a step of training."""
    sentence = "Inception-v3 beside torchvision's; a step trains the auxiliary head too."
    if missing := absent(("torchvision",)):
        return Part("published", sentence, notes=(f"Skipped, {missing}",))
    builds = trials or BUILDS
    inference = Setup(threads=THREADS)
    step = Setup("train-step", STEP_BATCH, threads=THREADS, optimizer="sgd", budget=STEP_BUDGET)
    return Part(
        "published",
        sentence,
        ratios=(
            beside_theirs("inference, batch 1", inference, builds),
            beside_theirs(f"step, batch {STEP_BATCH}, plain SGD", step, builds),
        ),
        notes=(f"{many(builds, 'build')} of each, made by turns first and paired by the lab.",),
    )


def beside_theirs(name: str, setup: Setup, builds: int) -> Ratio:
    """Ours to theirs in one phase."""
    ours: list[float] = []
    theirs: list[float] = []
    # Plain SGD knows nothing of the recipe's clipping and smoothed labels.
    network = replace(load("v3"), recipe=Recipe("sgd"))
    makers: list[Callable[[Network, Setup], Subject]] = [torchvisions, subject]
    for number in progress(range(builds), f"published: {setup.phase}"):
        turn = -1 if number % 2 else 1
        made = [make(network, replace(setup, seed=number)) for make in makers[::turn]]
        reference, other = measure_together(made[::turn])
        theirs += reference.sample.seconds
        ours += other.sample.seconds
    return Ratio(name, ours, theirs, Bounds(high=1.02))


PARTS: dict[str, Callable[[int | None], Part]] = {
    "alarms": alarms,
    "power": power,
    "overhead": overhead,
    "published": published,
}


# Shown.


def document(parts: Sequence[Part]) -> Document:
    """All parts as one answer."""
    conditions = [many(THREADS, "thread"), f"{os.cpu_count()} cores"]
    lines: list[Share | Ratio] = [share for part in parts for share in part.shares]
    lines += [ratio for part in parts for ratio in part.ratios]
    return answer("the lab's timing against its targets", conditions, lines, [one for part in parts for one in sections(part)])


def sections(part: Part) -> tuple[Table | Note, ...]:
    """What is measured, what to know about it, and what was found."""
    tables = [make(part) for make, lines in ((shares, part.shares), (ratios, part.ratios)) if lines]
    return (Note((f"*{part.sentence}*", *part.notes), ""), *tables)


def shares(part: Part) -> Table:
    """The shares under the names of their groups."""
    heads = (Column(part.name, "left", least=47), Column("share %", least=7), Column("target", least=7), Column("met", least=3))
    rows: list[tuple[Content, ...]] = []
    for group, lines in groupby(part.shares, lambda share: share.group):
        rows.append(row(str(group), "", "", ""))
        for line in lines:
            percent = f"{line.percent:.1f}"
            found = bold(percent) if line.judge is by_lab else dim(percent)
            rows.append(row(f"  {line.said}", found, str(line.target or ""), verdict(line.met)))
    return table(heads, rows)


def ratios(part: Part) -> Table:
    """The ratios with their intervals, and the medians behind them."""
    heads = (
        Column(part.name, "left", least=22),
        Column("ms", least=6),
        Column("beside", least=6),
        Column("ratio", least=6),
        Column("interval", least=11),
        Column("target", least=9),
        Column("met", least=3),
    )
    return table(heads, [cells(line) for line in part.ratios])


def cells(line: Ratio) -> tuple[Content, ...]:
    """One ratio."""
    ours, theirs = (f"{1000 * statistics.median(seconds):.1f}" for seconds in (line.ours, line.theirs))
    found = line.interval
    interval = f"{found.low:.3f}-{found.high:.3f}"
    return row(line.name, ours, dim(theirs), bold(f"{found.point:.3f}x"), interval, str(line.target), verdict(line.met))


def main() -> None:
    """Measure what is asked for and print it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.trust", description=__doc__)
    usual = f"{ALARMS} of each kind of alarms, {TRIES} of each of power, {BUILDS} builds of the others"
    parser.add_argument("--trials", type=int, help=f"instead of {usual}")
    parser.add_argument("--only", choices=PARTS, help="one part of the four")
    parser.add_argument("--format", choices=("table", "markdown"), default="table")
    asked = parser.parse_args()
    if asked.trials is not None and asked.trials < 1:
        parser.error("--trials is at least 1")
    form: Format = asked.format
    torch.set_num_threads(THREADS)
    write(document([PARTS[name](asked.trials) for name in PARTS if asked.only in (None, name)]), form, "-")


if __name__ == "__main__":
    main()
