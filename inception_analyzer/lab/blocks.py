"""Where the time goes: each block of a network timed in a pass of its own, beside the least time that its work could take."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from typing import Any, assert_never

import torch
from torch import nn

from inception_analyzer.choices import Bound
from inception_analyzer.cost import total
from inception_analyzer.errors import AnalyzerError
from inception_analyzer.lab.build import build, image_batch
from inception_analyzer.lab.ceilings import KINDS, Stopwatch, settings, stopwatch_for
from inception_analyzer.lab.clock import clock_for
from inception_analyzer.lab.pairing import warm
from inception_analyzer.lab.phases import casting
from inception_analyzer.lab.subject import Subject
from inception_analyzer.place import Placed, places
from inception_analyzer.spec import (
    Aux,
    Branches,
    Conv,
    Dropout,
    GlobalPool,
    Linear,
    LocalNorm,
    Named,
    Network,
    Pool,
    Residual,
    Sequence,
    Shape,
)
from inception_analyzer.timings import BlockRoof, Ceilings, Setup

BUDGET = 2.0  # seconds for all passes
PASSES = 5  # at least, whatever they cost

# Torch writes a local norm as square, padding, mean, scale, offset, power and quotient.
LOCAL_NORM = 7


@dataclass(frozen=True, slots=True)
class BlockTime:
    """The median time of one block in a forward pass, between the marks before and after it."""

    path: str
    seconds: float


def block_times(network: Network, setup: Setup, image: Shape | None = None, budget: float = BUDGET) -> tuple[BlockTime, ...]:
    """The blocks of the trunk at inference, in order, whatever the phase of the setup; no total may be taken from here."""
    if setup.mode != "eager":
        raise AnalyzerError(f"a network in the mode {setup.mode} has no blocks left to time", ("instead", "--mode eager"))
    shape = image or network.input
    form = torch.channels_last if setup.layout == "channels-last" else torch.contiguous_format
    net = build(network, device=setup.device, input=shape, seed=setup.seed).eval().to(memory_format=form)  # type: ignore[call-overload]
    images = image_batch(network, setup.batch, device=setup.device, input=shape).contiguous(memory_format=form)
    autocast = casting(setup)

    def run() -> None:
        with torch.inference_mode(), autocast():  # anew each time: autocast keeps its copies of weights until it ends
            net(images)

    with settings(setup.dtype, setup.threads, autotune=setup.autotune):
        warm(Subject(network.label, setup, _nothing, lambda _: run()), clock_for(setup))
        return time_children(net, run, stopwatch_for(setup.device), budget)


def time_children(net: nn.Module, run: Callable[[], object], watch: Stopwatch, budget: float = BUDGET) -> tuple[BlockTime, ...]:
    """The children of a warm module over many runs of it; hooks take the marks and are gone afterwards."""
    with _marked(net, watch) as marks:
        begun, passes = time.perf_counter(), [_pass(run, watch, marks)]
        while len(passes) < PASSES or time.perf_counter() - begun < budget:
            passes.append(_pass(run, watch, marks))
    return tuple(BlockTime(name, median(one[name] for one in passes)) for name in marks)


def roofline(placed: Placed, times: Iterable[BlockTime], ceilings: Ceilings, setup: Setup) -> tuple[BlockRoof, ...]:
    """Each block that was timed, with its floor; heads have no part in inference."""
    blocks = {part.path: part for part in placed.parts if not isinstance(part.node, Aux)}
    return tuple(_roof(blocks[one.path], one.seconds, ceilings, setup) for one in times)


def reconcile(times: Iterable[BlockTime], total_seconds: float) -> float:
    """The sum of the blocks over a total that was measured without them: how far the parts explain the whole."""
    if not total_seconds > 0:
        raise ValueError(f"a total of {total_seconds} s explains nothing")
    return sum(one.seconds for one in times) / total_seconds


def launches(placed: Placed) -> int:
    """The operations at inference of a place and everything in it, as torch starts them one by one."""
    return sum(map(_own_launches, places(placed)))


def _own_launches(placed: Placed) -> int:
    node = placed.node
    match node:
        case Conv(norm=norm, act=act, padding=((above, below), (left, right))):
            return 1 + (norm is not None) + (act == "relu") + ((above, left) != (below, right))
        case Linear(act=act):
            return 1 + (act == "relu")
        case Residual(norm=norm, act=act):
            return 1 + (norm is not None) + (act == "relu")
        case LocalNorm():
            return LOCAL_NORM
        case Pool() | GlobalPool() | Branches():
            return 1
        case Dropout() | Sequence() | Aux() | Named():
            return 0
    assert_never(node)


def floors(placed: Placed, ceilings: Ceilings, setup: Setup) -> dict[Bound, float]:
    """The least time of a network by what its blocks are bound by; the sum is the floor of the whole."""
    found: dict[Bound, float] = {"launch": 0.0, "compute": 0.0, "memory": 0.0}
    for block in placed.parts:
        roof = _roof(block, 0.0, ceilings, setup)
        found[roof.bound] += roof.floor_seconds
    return found


def _roof(block: Placed, seconds: float, ceilings: Ceilings, setup: Setup) -> BlockRoof:
    cost, width = total(block), KINDS[setup.dtype].itemsize
    macs = setup.batch * cost.macs
    moved = cost.bytes_read(setup.batch, width) + cost.bytes_written(setup.batch, width)
    # Of equal times the first is named: a block that does nothing is a launch.
    least: dict[Bound, float] = {
        "launch": launches(block) * ceilings.launch_seconds,
        "compute": macs / ceilings.macs_per_second,
        "memory": moved / ceilings.bytes_per_second,
    }
    bound = max(least, key=least.__getitem__)
    floor, intensity = least[bound], macs / moved if moved else 0.0
    return BlockRoof(block.path, macs, moved, intensity, floor, seconds, floor / seconds if seconds > 0 else 0.0, bound)


@contextmanager
def _marked(net: nn.Module, watch: Stopwatch) -> Iterator[dict[str, list[Any]]]:
    """While this lasts, every child leaves a mark before and after its call."""
    marks: dict[str, list[Any]] = {name: [] for name, _ in net.named_children()}
    hooks = []
    for name, child in net.named_children():
        mark = _marking(marks[name], watch)
        hooks += [child.register_forward_pre_hook(mark), child.register_forward_hook(mark)]
    try:
        yield marks
    finally:
        for hook in hooks:
            hook.remove()


def _marking(marks: list[Any], watch: Stopwatch) -> Callable[..., None]:
    def mark(*_: object) -> None:
        marks.append(watch.mark())

    return mark


def _pass(run: Callable[[], object], watch: Stopwatch, marks: dict[str, list[Any]]) -> dict[str, float]:
    """One pass; nothing waits before its end."""
    for taken in marks.values():
        taken.clear()
    run()
    watch.wait()
    return {name: watch.between(*taken) for name, taken in marks.items()}


def _nothing() -> None:
    return None
