"""How long a few calls take: on the processor by its clock, on a GPU by events around each call and one wait at the end."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median
from typing import Protocol

import torch

from inception_analyzer.lab.phases import Subject


class Clock(Protocol):
    """Times one slot: the median seconds of this many calls."""

    def slot(self, subject: Subject, calls: int) -> float: ...


class ProcessorClock:
    """The wall time of each call; a device that works on its own is waited for before and after."""

    def __init__(self, wait: Callable[[], None] | None = None) -> None:
        self.wait = wait

    def slot(self, subject: Subject, calls: int) -> float:
        return median(self._call(subject) for _ in range(calls))

    def _call(self, subject: Subject) -> float:
        state = subject.ready()
        if self.wait:
            self.wait()
        begin = time.perf_counter()
        made = subject.run(state)
        if self.wait:
            self.wait()
        seconds = time.perf_counter() - begin
        del made  # a graph that is freed is no part of the pass that made it
        return seconds


class CudaClock:
    """The time between two events on the stream; nothing waits until all calls of the slot are under way."""

    def __init__(self, device: torch.device) -> None:
        self.device = device

    def slot(self, subject: Subject, calls: int) -> float:
        events = [self._call(subject) for _ in range(calls)]
        torch.cuda.synchronize(self.device)
        return float(median(begin.elapsed_time(end) for begin, end in events)) / 1000  # events tell milliseconds

    def _call(self, subject: Subject) -> tuple[torch.cuda.Event, torch.cuda.Event]:
        state = subject.ready()
        begin, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
        begin.record(torch.cuda.current_stream(self.device))
        subject.run(state)
        end.record(torch.cuda.current_stream(self.device))
        return begin, end


def clock_for(device: str) -> Clock:
    """The clock of a device."""
    place = torch.device(device)
    return CudaClock(place) if place.type == "cuda" else ProcessorClock(torch.mps.synchronize if place.type == "mps" else None)
