"""The clocks: what is inside a timed span and what is not, on a GPU whose stream is a list that we can read."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
import torch

from inception_analyzer.lab import caches
from inception_analyzer.lab.caches import cache_bytes, flush_for, processor_cache
from inception_analyzer.lab.clock import CudaClock, ProcessorClock, clock_for
from inception_analyzer.lab.subject import Subject
from inception_analyzer.timings import Setup

MILLISECONDS = 2.0  # of each piece of work on the stream


class Stream:
    """Work and events in the order in which they were enqueued."""

    def __init__(self) -> None:
        self.log: list[str] = []
        self.busy = 0.0

    def work(self, name: str) -> str:
        self.log.append(name)
        self.busy += MILLISECONDS
        return name

    def wait(self, _: object) -> None:
        self.log.append("wait")

    def event(self, *, enable_timing: bool) -> SimpleNamespace:
        assert enable_timing
        made = SimpleNamespace(at=None)

        def record(_: object) -> None:
            made.at = self.busy
            self.log.append("event")

        made.record = record
        made.elapsed_time = lambda end: end.at - made.at
        return made


@pytest.fixture
def stream(monkeypatch: pytest.MonkeyPatch) -> Stream:
    made = Stream()
    monkeypatch.setattr(torch.cuda, "Event", made.event)
    monkeypatch.setattr(torch.cuda, "synchronize", made.wait)
    monkeypatch.setattr(torch.cuda, "current_stream", lambda _: made)
    return made


def on(stream: Stream, phase: str) -> Subject:
    return Subject("a", Setup(phase=phase), lambda: None, lambda _: stream.work("run"))


def prepared(stream: Stream, phase: str) -> Subject:
    return Subject("a", Setup(phase=phase), lambda: stream.work("ready"), lambda _: stream.work("run"))


@pytest.mark.parametrize("phase", ["forward", "train-step"])
def test_two_events_enclose_a_slot(stream: Stream, phase: str) -> None:
    lap = CudaClock(torch.device("cuda")).slot(on(stream, phase), 3)
    assert stream.log == ["wait", "event", "run", "run", "run", "event", "wait"]
    assert lap.seconds == pytest.approx(0.002)
    assert lap.host is not None
    assert 0 <= lap.host < 0.1


@pytest.mark.parametrize("phase", ["train-forward", "backward", "step"])
def test_what_must_be_ready_is_outside_the_events(stream: Stream, phase: str) -> None:
    lap = CudaClock(torch.device("cuda")).slot(prepared(stream, phase), 2)
    assert stream.log == ["wait", *["ready", "event", "run", "event"] * 2, "wait"]
    assert lap.seconds == pytest.approx(0.002)


def test_a_flush_is_outside_the_events(stream: Stream) -> None:
    clock = CudaClock(torch.device("cuda"), lambda: stream.work("flush"))
    lap = clock.slot(on(stream, "forward"), 2)
    assert stream.log == ["wait", *["flush", "event", "run", "event"] * 2, "wait"]
    assert lap.seconds == pytest.approx(0.002)


def test_a_processor_flushes_before_its_clock_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    from inception_analyzer.lab import clock as module

    log: list[str] = []
    ticks = iter(range(100))

    def now() -> float:
        log.append("time")
        return float(next(ticks))

    monkeypatch.setattr(module, "time", SimpleNamespace(perf_counter=now))
    subject = Subject("a", Setup(), lambda: log.append("ready"), lambda _: log.append("run"))
    lap = ProcessorClock(lambda: log.append("wait"), lambda: log.append("flush")).slot(subject, 1)
    assert log == ["ready", "flush", "wait", "time", "run", "wait", "time"]
    assert (lap.seconds, lap.host) == (1.0, None)


def test_the_walk_is_longer_than_the_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caches, "processor_cache", lambda: 1000)
    assert flush_for(Setup()) is None
    flush = flush_for(Setup(cache="flushed"))
    assert flush is not None
    walked = flush()
    assert isinstance(walked, torch.Tensor)
    assert walked.nbytes == 2000
    assert walked.eq(1).all()
    assert isinstance(clock_for(Setup(cache="flushed")), ProcessorClock)


def test_the_largest_cache_that_the_system_names_counts(tmp_path: Path) -> None:
    assert processor_cache(tmp_path) == 0
    for index, size in enumerate(("48K", "1024K", "32M", "unknown")):
        (tmp_path / f"index{index}").mkdir()
        (tmp_path / f"index{index}" / "size").write_text(f"{size}\n")
    assert processor_cache(tmp_path) == 32 * 2**20


@pytest.mark.parametrize(("told", "found"), [({"L2_cache_size": 50 * 2**20}, 50 * 2**20), ({}, caches.UNKNOWN_GPU)])
def test_a_gpus_cache_is_its_l2(told: dict[str, int], found: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "get_device_properties", lambda _: SimpleNamespace(**told))
    assert cache_bytes(torch.device("cuda")) == found


def test_a_processor_that_names_no_cache_is_given_a_large_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caches, "processor_cache", lambda: 0)
    assert cache_bytes(torch.device("cpu")) == caches.UNKNOWN_PROCESSOR
