"""Blocks under the roof: their times, their floors by hand, and which of three bounds is named."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from strategies import network_of, networks
from torch import Tensor, nn
from torch.utils._python_dispatch import TorchDispatchMode

from inception_analyzer.cost import total
from inception_analyzer.errors import AnalyzerError
from inception_analyzer.lab.blocks import BlockRoof, BlockTime, block_times, launches, reconcile, roofline, time_children
from inception_analyzer.lab.build import build, image_batch
from inception_analyzer.lab.ceilings import Ceilings, Stopwatch, stopwatch_for
from inception_analyzer.lab.counters import FREE
from inception_analyzer.networks import network, network_names
from inception_analyzer.place import place
from inception_analyzer.spec import Aux, Network, Shape
from inception_analyzer.timings import Setup
from inception_analyzer.words import aux, biased, branches, conv, dropout, globalpool, linear, maxpool, named

# 2x2 pixels of 3 channels, then by hand: 48 multiply-adds, 12 numbers read, 16 weights and biases, 16 numbers written.
ONE = network_of(biased(4, 1, act="none"), image=Shape(3, 2, 2))
# What 48 multiply-adds, 44 numbers of 4 bytes and one launch take: 1, 1 and 1 s.
EVEN = Ceilings("cpu", "fp32", 1, 48.0, 176.0, 1.0)

SMALL = network_of(
    named("stem", conv(8, 3)),
    aux("aux", globalpool(), linear(5), weight=0.3),
    named("mixed", branches(conv(8, 1), conv(8, 3))),
    maxpool(2, 2),
    dropout(0.4),
    globalpool(),
    linear(4),
)


def trunk_paths(network: Network) -> list[str]:
    return [part.path for part in place(network).parts if not isinstance(part.node, Aux)]


def hooks_of(net: nn.Module) -> list[Any]:
    tables = ("_forward_pre_hooks", "_forward_hooks", "_backward_hooks", "_backward_pre_hooks")
    return [hook for part in net.modules() for table in tables for hook in getattr(part, table).values()]


def ticking() -> Stopwatch:
    """A watch that moves on by one with every mark."""
    ticks = count()
    return Stopwatch(lambda: next(ticks), lambda begin, end: float(end - begin), lambda: None)


def roof(ceilings: Ceilings, seconds: float = 1.0, setup: Setup | None = None, of: Network = ONE) -> BlockRoof:
    (first, *_) = roofline(place(of), [BlockTime(trunk_paths(of)[0], seconds)], ceilings, setup or Setup())
    return first


@pytest.mark.parametrize(
    ("ceilings", "floor", "bound"),
    [
        (Ceilings("cpu", "fp32", 1, 12.0, 176.0, 1.0), 4.0, "compute"),
        (Ceilings("cpu", "fp32", 1, 48.0, 88.0, 1.0), 2.0, "memory"),
        (Ceilings("cpu", "fp32", 1, 48.0, 176.0, 3.0), 3.0, "launch"),
        (Ceilings("cpu", "fp32", 1, 48.0, 176.0, 0.5), 1.0, "compute"),
    ],
)
def test_the_longest_of_three_times_is_the_floor(ceilings: Ceilings, floor: float, bound: Any) -> None:
    assert roof(ceilings, 8.0) == BlockRoof("0", 48, 176, 48 / 176, floor, 8.0, floor / 8, bound)


def test_a_batch_shares_its_weights_and_its_launches() -> None:
    found = roof(EVEN, setup=Setup(batch=10))
    assert (found.macs, found.bytes) == (480, 4 * (10 * 12 + 16 + 10 * 16))
    assert (found.floor_seconds, found.bound) == (10.0, "compute")


@pytest.mark.parametrize(("dtype", "width"), [("fp32", 4), ("tf32", 4), ("bf16", 2), ("fp16", 2)])
def test_bytes_follow_the_dtype(dtype: Any, width: int) -> None:
    assert roof(EVEN, setup=Setup(dtype=dtype)).bytes == width * 44


def test_a_block_that_moves_only_is_memory_bound() -> None:
    found = roof(EVEN, of=network_of(maxpool(2, 2), image=Shape(176, 2, 2)))
    assert (found.macs, found.bytes, found.intensity) == (0, 4 * (176 * 4 + 176), 0.0)
    assert (found.floor_seconds, found.bound) == (20.0, "memory")


def test_a_block_that_does_nothing_has_no_floor() -> None:
    assert roof(EVEN, of=network_of(dropout(0.5), linear(2))) == BlockRoof("0", 0, 0, 0.0, 0.0, 1.0, 0.0, "launch")


def test_a_time_too_short_for_the_clock_gives_no_share() -> None:
    assert roof(EVEN, 0.0).share == 0.0


def test_a_share_above_one_is_told_as_it_is() -> None:
    assert roof(EVEN, 0.5).share == 2.0


@pytest.mark.parametrize("with_heads", [True, False], ids=["heads placed", "heads not placed"])
def test_heads_have_no_roof(with_heads: bool) -> None:
    times = [BlockTime(path, 1.0) for path in trunk_paths(SMALL)]
    roofs = roofline(place(SMALL, aux=with_heads), times, EVEN, Setup())
    assert [one.path for one in roofs] == ["stem", "mixed", "3", "4", "5", "6"]
    assert sum(one.macs for one in roofs) == total(place(SMALL)).macs


def test_a_time_of_no_block_is_a_mistake() -> None:
    with pytest.raises(KeyError, match="aux"):
        roofline(place(SMALL), [BlockTime("aux", 1.0)], EVEN, Setup())


def test_times_are_reconciled_with_a_total() -> None:
    times = (BlockTime("a", 1.0), BlockTime("b", 2.0))
    assert reconcile(times, 4.0) == 0.75
    assert reconcile(iter(times), 2.0) == 1.5
    assert reconcile((), 1.0) == 0.0


@pytest.mark.parametrize("seconds", [0.0, -1.0, float("nan")])
def test_nothing_is_reconciled_with_no_time(seconds: float) -> None:
    with pytest.raises(ValueError, match="explains nothing"):
        reconcile((BlockTime("a", 1.0),), seconds)


class _Started(TorchDispatchMode):
    """Counts the operations that torch starts, views aside."""

    def __init__(self) -> None:
        super().__init__()
        self.ops: list[str] = []

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        name = func.overloadpacket.__name__
        self.ops += [name] if name not in FREE else []
        return func(*args, **(kwargs or {}))


def started(network: Network, image: Shape) -> list[str]:
    net = build(network, device="meta", input=image).eval()
    with torch.no_grad(), _Started() as seen:
        net(image_batch(network, 1, device="meta", input=image))
    return [op for op in seen.ops if op not in ("empty", "randn")]


@pytest.mark.parametrize("name", network_names())
def test_launches_are_the_operations_that_torch_starts(name: str) -> None:
    asked = network(name)
    assert launches(place(asked)) == len(started(asked, asked.input))


@given(networks())
def test_launches_are_right_for_any_network(network: Network) -> None:
    assert launches(place(network)) == len(started(network, network.input))


@settings(max_examples=10)
@given(networks())
def test_the_blocks_of_the_trunk_are_timed_in_order(network: Network) -> None:
    net, images = build(network).eval(), image_batch(network, 1)
    with torch.inference_mode():
        times = time_children(net, lambda: net(images), stopwatch_for("cpu"), budget=0)
    assert [one.path for one in times] == trunk_paths(network)
    assert all(one.seconds > 0 for one in times)
    assert hooks_of(net) == []


def test_marks_are_right_before_and_after_a_block() -> None:
    net, images = build(SMALL).eval(), image_batch(SMALL, 1)
    times = time_children(net, lambda: net(images), ticking(), budget=0)
    assert times == tuple(BlockTime(path, 1.0) for path in trunk_paths(SMALL))


def test_of_many_passes_the_median_counts() -> None:
    script: Iterator[int] = iter([tick for seconds in (1, 9, 2, 3, 2) for tick in (0, seconds)])
    watch = Stopwatch(lambda: next(script), lambda begin, end: float(end - begin), lambda: None)
    net = nn.Sequential(nn.Identity())
    assert time_children(net, lambda: net(torch.ones(1)), watch, budget=0) == (BlockTime("0", 2.0),)


def test_a_pass_waits_once_and_only_at_its_end() -> None:
    log: list[str] = []
    watch = Stopwatch(lambda: log.append("mark"), lambda *_: 1.0, lambda: log.append("wait"))
    net = nn.Sequential(nn.Identity(), nn.Identity())
    time_children(net, lambda: net(torch.ones(1)), watch, budget=0)
    assert log == 5 * ["mark", "mark", "mark", "mark", "wait"]


class _Fails(nn.Module):
    def forward(self, _: Tensor) -> Tensor:
        raise RuntimeError("out of luck")


def test_hooks_are_gone_after_an_error_and_others_stay() -> None:
    net = nn.Sequential(nn.Identity(), _Fails())
    net[0].register_forward_hook(lambda *_: None)
    before = hooks_of(net)
    with pytest.raises(RuntimeError, match="out of luck"):
        time_children(net, lambda: net(torch.ones(1)), stopwatch_for("cpu"), budget=0)
    assert hooks_of(net) == before


@pytest.mark.parametrize("setup", [Setup(), Setup(batch=2, dtype="bf16", layout="channels-last", phase="train-step")], ids=str)
def test_block_times_join_their_places(setup: Setup) -> None:
    before = torch.get_num_threads(), torch.get_rng_state()
    times = block_times(SMALL, setup, Shape(3, 16, 20), budget=0)
    assert [one.path for one in times] == trunk_paths(SMALL)
    assert all(one.seconds > 0 for one in times)
    assert torch.get_num_threads() == before[0]
    assert torch.equal(torch.get_rng_state(), before[1])
    assert len(roofline(place(SMALL, Shape(3, 16, 20)), times, EVEN, setup)) == len(times)


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
def test_blocks_are_timed_on_a_gpu() -> None:
    times = block_times(SMALL, Setup(device="cuda"), budget=0)
    assert [one.path for one in times] == trunk_paths(SMALL)
    assert sum(one.seconds for one in times) > 0


def test_a_compiled_network_has_no_blocks() -> None:
    with pytest.raises(AnalyzerError, match="compile has no blocks"):
        block_times(SMALL, Setup(mode="compile"))
