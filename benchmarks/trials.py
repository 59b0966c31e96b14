"""Trials of timing: what is timed, and comparisons by the lab and by torch's Timer of the same two things for as long."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Any

import torch
from torch.nn import functional as F  # noqa: N812
from torch.utils.benchmark import Timer

from benchmarks.peers import vision
from inception_analyzer import Network
from inception_analyzer.choices import Phase
from inception_analyzer.lab.build import build, image_batch
from inception_analyzer.lab.pairing import measure_together
from inception_analyzer.lab.phases import LEARNING_RATE, subject
from inception_analyzer.lab.subject import Subject
from inception_analyzer.report.progress import progress
from inception_analyzer.report.quantity import exact
from inception_analyzer.spec import Recipe, Shape, Source
from inception_analyzer.stats import Verdict
from inception_analyzer.timings import Setup
from inception_analyzer.words import conv, named, trunk

# Timer rounds what it prints to a doubt of 1.645 deviations of the median, and never less than 25 ns.
TIMER_DEVIATIONS, TIMER_LEAST = 1.645, 25e-9

# More work is made of additions so small that a few per cent of a call are hundreds of them.
FEW, FIRST_ADDITIONS, CORRECTIONS, CALLS = 64, 100, 2, 41

HEAD_WEIGHT = 0.4
CLASSES = 1000  # of the networks that are compared with those of others


@dataclass(frozen=True, slots=True)
class Timed:
    """What Timer says of one thing: its median, and how far that may be off."""

    median: float
    doubt: float


@dataclass(frozen=True, slots=True)
class Trial:
    """One comparison: the lab's verdict, its seconds without warm-up, and what Timer found in as many."""

    verdict: Verdict
    seconds: float
    timed: tuple[Timed, Timed]


Judge = Callable[[Trial], Verdict]


# Run.


def twins(network: Network, setup: Setup, trials: int, doing: str, image: Shape | None = None) -> list[Trial]:
    """Comparisons of a network with itself, built twice for each."""
    found = []
    for number in progress(range(trials), doing):
        one, other = two_builds(network, replace(setup, seed=number), image)
        found.append(compared(one, other))
    return found


def burdened(
    network: Network, setup: Setup, trials: int, doing: str, share: float, image: Shape | None = None
) -> tuple[list[Trial], str]:
    """Comparisons of a network with itself and this share of its time in more work, and how much that was."""
    found, added, shares = [], [], []
    for number in progress(range(trials), doing):
        one, other = two_builds(network, replace(setup, seed=number), image)
        additions, seen = additions_for(other, share)
        added.append(additions)
        shares.append(100 * seen)
        found.append(compared(one, with_more_work(other, additions)))
    many, percent = exact(round(statistics.median(added))), statistics.median(shares)
    return found, f"{many} small additions: {percent:.2f} % of a call ({min(shares):.2f}-{max(shares):.2f} %)"


def two_builds(network: Network, setup: Setup, image: Shape | None) -> tuple[Subject, Subject]:
    """A network with equal weights in two places."""
    return subject(network, setup, image), subject(network, setup, image)


def compared(reference: Subject, other: Subject) -> Trial:
    """Both together in the lab, then one after the other under Timer, which gains by the lab's warm-up."""
    measured = measure_together([reference, other])[1]
    assert measured.against is not None
    half = measured.elapsed / 2
    return Trial(measured.against.verdict, measured.elapsed, (timed(reference, half), timed(other, half)))


def timed(subject: Subject, seconds: float) -> Timed:
    """Inference under Timer for at least this long."""
    timer = Timer("run(None)", globals={"run": subject.run}, num_threads=subject.setup.threads)
    found = timer.blocked_autorange(min_run_time=seconds)
    return Timed(found.median, timer_doubt(found.times))


def timer_doubt(times: Sequence[float]) -> float:
    """The doubt that `Measurement.significant_figures` rounds by, taken from the points between the quartiles."""
    count = len(times)
    between = sorted(times)[count // 4 : math.ceil(3 * count / 4)]
    return max(TIMER_LEAST, TIMER_DEVIATIONS * statistics.pstdev(between) / math.sqrt(len(between)))


# Judged.


def by_lab(trial: Trial) -> Verdict:
    """What the lab said."""
    return trial.verdict


def by_doubts(trial: Trial) -> Verdict:
    """What Timer says where medians further apart than both doubts are different."""
    one, other = trial.timed
    return _beyond(other.median - one.median, one.doubt + other.doubt)


def by_medians(trial: Trial) -> Verdict:
    """What Timer says where medians further apart than what the lab would call the same are different."""
    one, other = trial.timed
    return _beyond(math.log(other.median / one.median), math.log1p(Setup().within))


def _beyond(apart: float, margin: float) -> Verdict:
    return "SLOWER" if apart > margin else "FASTER" if apart < -margin else "INCONCLUSIVE"


# Made.


def kernel() -> Network:
    """One convolution, so short that what is around a call would show."""
    layer = trunk(named("conv", conv(32, 3, norm=None, act="none")))
    return Network("kernel", "A 3x3 convolution", "", Shape(32, 35, 35), layer, Source("", "", 0), Recipe("sgd"))


def bare_call(network: Network, setup: Setup) -> Callable[[], float]:
    """Inference as anyone would time it."""
    net, images = build(network, seed=setup.seed).eval(), image_batch(network, setup.batch)

    def call() -> float:
        with torch.inference_mode():
            begin = perf_counter()
            net(images)
            return perf_counter() - begin

    return call


def torchvisions(network: Network, setup: Setup) -> Subject:
    """Their network in a phase; weights as large as ours keep its numbers as ordinary."""
    torch.manual_seed(setup.seed)
    net = vision().inception_v3(weights=None, init_weights=False, aux_logits=True, transform_input=False)
    for layer in net.modules():
        if isinstance(layer, (torch.nn.Conv2d, torch.nn.Linear)):
            torch.nn.init.kaiming_normal_(layer.weight)
    run = RUNS[setup.phase](net, image_batch(network, setup.batch))
    return Subject("torchvision", setup, lambda: None, run)


def their_inference(net: Any, images: torch.Tensor) -> Callable[[Any], Any]:  # noqa: ANN401  (a module without types)
    """A call of theirs that infers."""
    net.eval()

    def run(_: object) -> object:
        with torch.inference_mode():
            return net(images)

    return run


def their_step(net: Any, images: torch.Tensor) -> Callable[[Any], Any]:  # noqa: ANN401
    """A step of theirs, its auxiliary loss weighted as ours."""
    net.train()
    labels = torch.randint(CLASSES, (len(images),))
    optimizer = torch.optim.SGD(net.parameters(), LEARNING_RATE)

    def run(_: object) -> None:
        optimizer.zero_grad()
        outputs = net(images)
        loss = F.cross_entropy(outputs.logits, labels) + HEAD_WEIGHT * F.cross_entropy(outputs.aux_logits, labels)
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()

    return run


RUNS: dict[Phase, Callable[[Any, torch.Tensor], Callable[[Any], Any]]] = {"forward": their_inference, "train-step": their_step}


def with_more_work(subject: Subject, additions: int) -> Subject:
    """The same thing with more work at the end of each call."""
    few = torch.zeros(FEW)

    def run(state: object) -> object:
        result = subject.run(state)
        add(few, additions)
        return result

    return replace(subject, run=run)


def additions_for(subject: Subject, share: float) -> tuple[int, float]:
    """How many additions take this share of a call, and the share that they were seen to take."""
    few, additions = torch.zeros(FEW), FIRST_ADDITIONS
    _share(subject, few, additions)  # to warm up
    for _ in range(CORRECTIONS):
        additions = max(1, round(additions * share / _share(subject, few, additions)))
    return additions, _share(subject, few, additions)


def add(few: torch.Tensor, times: int) -> None:
    """Real work of a chosen length."""
    for _ in range(times):
        few.add_(1)


def _share(subject: Subject, few: torch.Tensor, additions: int) -> float:
    """What additions take beside the call that they follow; the median of many calls."""
    shares = []
    for _ in range(CALLS):
        begin = perf_counter()
        subject.run(None)
        middle = perf_counter()
        add(few, additions)
        shares.append((perf_counter() - middle) / (middle - begin))
    return statistics.median(shares)
