"""Recording phases as CUDA graphs, on a GPU that only writes down what it was asked: order, streams, pools and failures."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace

import pytest
import torch

from inception_analyzer import AnalyzerError
from inception_analyzer.lab.graphs import WARM_UPS, captured
from inception_analyzer.lab.measure import measure
from inception_analyzer.lab.subject import Subject
from inception_analyzer.timings import Setup


class Gpu:
    """Graphs, streams and the order of everything."""

    def __init__(self) -> None:
        self.log: list[str] = []
        self.stream = "default"
        self.pools: list[object] = []
        self.dice = ["first"]

    def graph(self) -> SimpleNamespace:
        name = f"graph {len(self.pools)}"
        self.pools.append(None)
        return SimpleNamespace(name=name, replay=lambda: self.log.append(f"play {name}"), pool=lambda: f"pool of {name}")

    @contextmanager
    def recording(self, graph: SimpleNamespace, *, pool: object, stream: SimpleNamespace) -> Iterator[None]:
        self.pools[int(graph.name[-1])] = pool
        self.log.append(f"record {graph.name}")
        before, self.stream = self.stream, stream.name
        try:
            yield
        except RuntimeError:
            # As torch: the end of a recording that broke off raises anew, and the stream stays.
            raise RuntimeError("capture was invalidated")  # noqa: B904  (the context tells the first)
        self.stream = before
        self.log.append("recorded")

    @contextmanager
    def on(self, stream: SimpleNamespace) -> Iterator[None]:
        before, self.stream = self.stream, stream.name
        try:
            yield
        finally:
            self.stream = before


def made_stream(name: str) -> SimpleNamespace:
    return SimpleNamespace(name=name, device=torch.device("cuda"), device_index=0, wait_stream=lambda _: None)


@pytest.fixture
def gpu(monkeypatch: pytest.MonkeyPatch) -> Gpu:
    made = Gpu()
    monkeypatch.setattr(torch.cuda, "Stream", lambda _: made_stream("side"))
    monkeypatch.setattr(torch.cuda, "current_stream", lambda _: made_stream(made.stream))
    monkeypatch.setattr(torch.cuda, "synchronize", lambda _: None)
    monkeypatch.setattr(torch.cuda, "stream", made.on)
    monkeypatch.setattr(torch.cuda, "CUDAGraph", made.graph)
    monkeypatch.setattr(torch.cuda, "graph", made.recording)
    dice = SimpleNamespace(clone_state=lambda: "another", graphsafe_set_state=made.dice.append)
    monkeypatch.setattr(torch.cuda, "default_generators", (dice,))
    return made


def subject(gpu: Gpu, phase: str, run: Callable[[object], object] | None = None) -> Subject:
    def ready() -> str:
        gpu.log.append(f"ready on {gpu.stream}")
        return "state"

    def call(state: object) -> object:
        assert state == "state"
        gpu.log.append(f"run on {gpu.stream}")
        return f"result {len(gpu.log)}"

    return Subject("a", Setup(phase=phase, mode="cuda-graph", device="cuda"), ready, run or call)


WARMED = ["ready on side", "run on side"] * WARM_UPS


@pytest.mark.parametrize("phase", ["forward", "train-forward", "train-step"])
def test_one_recording_holds_a_call(gpu: Gpu, phase: str) -> None:
    played = captured(subject(gpu, phase))
    assert gpu.log == [*WARMED, "ready on default", "record graph 0", "run on side", "recorded"]
    assert gpu.stream == "default"
    gpu.log.clear()
    first, second = (played.run(played.ready()) for _ in range(2))
    assert gpu.log == ["play graph 0"] * 2
    assert first == second


@pytest.mark.parametrize("phase", ["backward", "step"])
def test_what_runs_up_to_a_call_is_a_recording_off_the_clock(gpu: Gpu, phase: str) -> None:
    played = captured(subject(gpu, phase))
    recorded = ["record graph 0", "ready on side", "recorded", "record graph 1", "run on side", "recorded"]
    assert gpu.log == [*WARMED, *recorded]
    assert gpu.pools == [None, "pool of graph 0"]
    gpu.log.clear()
    state = played.ready()
    assert gpu.log == ["play graph 0"]
    assert state == "state"  # a loss among others, which is looked at before anything is timed
    played.run(state)
    assert gpu.log == ["play graph 0", "play graph 1"]


def failing(gpu: Gpu, error: RuntimeError) -> Callable[[object], object]:
    """Works until it is recorded."""

    def call(_: object) -> object:
        if any(line.startswith("record") for line in gpu.log):
            raise error
        return None

    return call


def test_what_cannot_be_recorded_says_so_with_the_first_reason(gpu: Gpu) -> None:
    broken = subject(gpu, "forward", failing(gpu, RuntimeError("operation not permitted when stream is capturing\nmore")))
    with pytest.raises(AnalyzerError) as caught:
        captured(broken)
    assert caught.value.what == "cannot be recorded as a CUDA graph: operation not permitted when stream is capturing"
    assert caught.value.code == 4
    assert gpu.stream == "default"
    assert gpu.dice == ["first", "another"]  # those of the recording that broke off are stuck in it


def test_too_little_memory_while_recording_is_told_as_such(gpu: Gpu) -> None:
    broken = subject(gpu, "forward", failing(gpu, torch.OutOfMemoryError("CUDA out of memory")))
    with pytest.raises(torch.OutOfMemoryError):
        captured(broken)


def test_torchs_warning_of_an_optimizer_that_runs_unrecorded_is_not_shown(gpu: Gpu) -> None:
    def step(_: object) -> None:
        warnings.warn(
            "This instance was constructed with capturable=True or some of all the param_groups came with capturable=True, "
            "but step() is running without CUDA graph capture.",
            stacklevel=2,
        )

    def while_warming(state: object) -> None:
        if not any(line.startswith("record") for line in gpu.log):
            step(state)

    captured(subject(gpu, "train-step", while_warming))  # a warning would be an error here
    assert any(line.startswith("record") for line in gpu.log)


def test_a_processor_records_no_graphs() -> None:
    with pytest.raises(AnalyzerError, match="only a CUDA device records graphs") as caught:
        next(measure([], [Setup(mode="cuda-graph")]))
    assert caught.value.code == 4
    assert "--mode eager" in str(caught.value)
