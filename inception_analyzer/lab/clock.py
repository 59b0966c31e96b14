"""How long a few calls take: on the processor by its clock, on a GPU by events on its stream and one wait at the end."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import Protocol

import torch

from inception_analyzer.lab.caches import flush_for
from inception_analyzer.lab.subject import UNPREPARED, Subject
from inception_analyzer.timings import Setup


@dataclass(frozen=True, slots=True)
class Lap:
    """Seconds of one call in a slot, and those that the processor took to start it where another device did the work."""

    seconds: float
    host: float | None = None


class Clock(Protocol):
    """Times one slot of this many calls."""

    def slot(self, subject: Subject, calls: int) -> Lap: ...


class ProcessorClock:
    """The median wall time of each call; a device that works on its own is waited for before and after."""

    def __init__(self, wait: Callable[[], None] | None = None, flush: Callable[[], object] | None = None) -> None:
        self.wait = wait
        self.flush = flush

    def slot(self, subject: Subject, calls: int) -> Lap:
        return Lap(median(self._call(subject) for _ in range(calls)))

    def _call(self, subject: Subject) -> float:
        state = subject.ready()
        if self.flush:
            self.flush()
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
    """The time between events on the stream; nothing waits until all calls of the slot are under way.

    Two events enclose the whole slot, so that they cost nothing beside short calls; where something that is not timed goes
    before each call, two enclose each call.
    """

    def __init__(self, device: torch.device, flush: Callable[[], object] | None = None) -> None:
        self.device = device
        self.flush = flush

    def slot(self, subject: Subject, calls: int) -> Lap:
        torch.cuda.synchronize(self.device)  # an empty queue, so that starting a call waits for no other
        together = self.flush is None and subject.setup.phase in UNPREPARED
        return self._together(subject, calls) if together else self._one_by_one(subject, calls)

    def _together(self, subject: Subject, calls: int) -> Lap:
        begin = self._mark()
        hosts = [_started(subject, subject.ready())[0] for _ in range(calls)]
        end = self._mark()
        torch.cuda.synchronize(self.device)
        return Lap(seconds_between(begin, end) / calls, min(hosts))

    def _one_by_one(self, subject: Subject, calls: int) -> Lap:
        marks, hosts = [], []
        for _ in range(calls):
            state = subject.ready()
            if self.flush:
                self.flush()
            begin = self._mark()
            host, made = _started(subject, state)
            marks.append((begin, self._mark()))
            hosts.append(host)
            del state, made  # or the graph of this pass would lie in memory beside that of the next
        torch.cuda.synchronize(self.device)
        return Lap(median(seconds_between(begin, end) for begin, end in marks), min(hosts))

    def _mark(self) -> torch.cuda.Event:
        return event_on(self.device)


def _started(subject: Subject, state: object) -> tuple[float, object]:
    """Seconds until the call is under way, and what it gives.

    The least of a slot is told: with a full queue the processor waits for its turn.
    """
    begin = time.perf_counter()
    made = subject.run(state)
    return time.perf_counter() - begin, made


def event_on(device: torch.device) -> torch.cuda.Event:
    """A mark on the stream of this device, in line with the work that is under way."""
    event = torch.cuda.Event(enable_timing=True)
    event.record(torch.cuda.current_stream(device))
    return event


def seconds_between(begin: torch.cuda.Event, end: torch.cuda.Event) -> float:
    """Once the device was waited for."""
    return float(begin.elapsed_time(end)) / 1000  # events tell milliseconds


def clock_for(setup: Setup) -> Clock:
    """The clock of a device, with cold caches if they are asked for."""
    place, flush = torch.device(setup.device), flush_for(setup)
    if place.type == "cuda":
        return CudaClock(place, flush)
    return ProcessorClock(torch.mps.synchronize if place.type == "mps" else None, flush)
