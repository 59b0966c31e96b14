"""A phase recorded once as a CUDA graph and played at each call: the processor starts one thing in place of hundreds."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import partial
from typing import Any

import torch

from inception_analyzer.errors import FAILED, AnalyzerError
from inception_analyzer.lab.subject import RUN_UP_TO, Subject

# As torch's notes on CUDA graphs ask: libraries set themselves up and autograd learns its stream before anything is recorded.
WARM_UPS = 3

# Of torch's optimisers that were made for recording and are warmed up without.
FOREIGN = "This instance was constructed with capturable=True"

Played = tuple[torch.cuda.CUDAGraph, Any]


def captured(subject: Subject) -> Subject:
    """The same calls on the same memory, played from recordings.

    Where a phase needs others run up to it, these are a recording of their own that is played off the clock; both share
    one pool of memory, as what the first leaves there is what the second works on. Gradients are recorded from none, so
    that playing writes them anew and adds nothing.
    """
    stream = torch.cuda.Stream(torch.device(subject.setup.device))
    try:
        _warm(subject, stream)
        if subject.setup.phase in RUN_UP_TO:
            before, state = _recorded(subject.ready, stream)
            call, made = _recorded(partial(subject.run, state), stream, before.pool())
            return Subject(subject.expression, subject.setup, partial(_play, before, state), partial(_play, call, made))
        call, made = _recorded(partial(subject.run, subject.ready()), stream)
        return Subject(subject.expression, subject.setup, _nothing, partial(_play, call, made))
    except RuntimeError as error:
        first = _first(error)
        if isinstance(first, torch.OutOfMemoryError):
            raise first from None
        told = str(first).partition("\n")[0]
        raise AnalyzerError(f"cannot be recorded as a CUDA graph: {told}", code=FAILED) from None


def _warm(subject: Subject, stream: torch.cuda.Stream) -> None:
    """A few calls on the stream that will record: what autograd made on another one could not be recorded here."""
    stream.wait_stream(torch.cuda.current_stream(stream.device))
    with torch.cuda.stream(stream), warnings.catch_warnings():
        warnings.filterwarnings("ignore", FOREIGN, UserWarning)
        for _ in range(WARM_UPS):
            subject.run(subject.ready())  # its result is dropped, with the graph that autograd made on the way
    torch.cuda.current_stream(stream.device).wait_stream(stream)
    torch.cuda.synchronize(stream.device)


def _recorded(call: Callable[[], Any], stream: torch.cuda.Stream, pool: Any = None) -> Played:  # noqa: ANN401  (torch's own handle)
    graph = torch.cuda.CUDAGraph()
    try:
        # A recording that breaks off would leave its stream as the current one: the outer context puts the old one back.
        with torch.cuda.stream(torch.cuda.current_stream(stream.device)), torch.cuda.graph(graph, pool=pool, stream=stream):
            made = call()
    finally:
        _take_other_dice(stream.device_index)
    return graph, made


def _take_other_dice(device: int) -> None:
    """Dice thrown from where they are, but in no recording's hand: one that broke off never lets go of those it used."""
    dice = torch.cuda.default_generators[device]
    dice.graphsafe_set_state(dice.clone_state())


def _play(graph: torch.cuda.CUDAGraph, made: object, _: object = None) -> object:
    graph.replay()
    return made


def _first(error: RuntimeError) -> RuntimeError:
    """What went wrong first: the end of a recording that was broken off complains again, and of something else."""
    while isinstance(error.__context__, RuntimeError):
        error = error.__context__
    return error


def _nothing() -> None:
    return None
