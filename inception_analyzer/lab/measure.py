"""From a question to measurements: devices checked, subjects built, phases one after the other, failures kept as rows."""

from __future__ import annotations

import gc
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

import torch

from inception_analyzer.errors import FAILED, AnalyzerError
from inception_analyzer.lab.abilities import refuse_impossible
from inception_analyzer.lab.apart import apart
from inception_analyzer.lab.blocks import block_times, reconcile, roofline
from inception_analyzer.lab.ceilings import settings
from inception_analyzer.lab.pairing import Fallen, Report, measure_together
from inception_analyzer.lab.phases import must_be_finite, subject
from inception_analyzer.lab.room import within_memory
from inception_analyzer.lab.subject import Subject
from inception_analyzer.place import place
from inception_analyzer.spec import Network, Shape
from inception_analyzer.timings import Ceilings, Failure, Measurement, Progress, Roof, Setup

OUT_OF_MEMORY = "out of memory"
FIRST = 3.0  # times its budget that a first call may take, which compiles and allocates what later ones find


@dataclass(frozen=True, slots=True)
class Entrant:
    """A network and the images it is measured on."""

    network: Network
    image: Shape


def measure(
    entrants: Sequence[Entrant], setups: Sequence[Setup], report: Report | None = None
) -> Iterator[Measurement | Failure]:
    """Every setup over every network, the networks of one setup side by side; what is done is given at once."""
    for at, setup in enumerate(setups):
        refuse_impossible(setup)
        clean(setup.device)
        forget_compiled(setup)
        told = with_later(report, sum(one.budget for one in setups[at + 1 :]))
        with settings(setup.dtype, setup.threads, autotune=setup.autotune):
            yield from _side_by_side(entrants, setup, told)


def with_later(report: Report | None, seconds: float) -> Report | None:
    """The same report with what is to come after these rounds."""
    return None if report is None else lambda now: report(replace(now, left=now.left + max(0.0, seconds)))


def forget_compiled(setup: Setup) -> None:
    """What was compiled before counts against the few times that torch compiles one piece of code."""
    if setup.mode == "compile":
        torch.compiler.reset()


def device_for(asked: str) -> str:
    """The device that is meant, or why it cannot be had."""
    if asked == "auto":
        return "cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu"
    try:
        device = torch.device(asked)
    except RuntimeError:
        raise _no_device(asked, "is no device") from None
    if device.type == "cuda" and (not torch.cuda.is_available() or (device.index or 0) >= torch.cuda.device_count()):
        raise _no_device(asked, "is not here")
    if device.type == "mps" and not torch.backends.mps.is_available():
        raise _no_device(asked, "is not here")
    if device.type not in ("cpu", "cuda", "mps"):
        raise _no_device(asked, "is none that can be timed")
    if device.type == "cpu" and device.index:
        raise _no_device(asked, "is none: processors are not told apart")
    return "cpu" if device.type == "cpu" else str(device)


def _no_device(asked: str, why: str) -> AnalyzerError:
    found = ["cpu", *(f"cuda:{index}" for index in range(torch.cuda.device_count()))]
    facts = (
        ("found", f"torch {torch.__version__}, devices: {', '.join(found)}"),
        ("instead", "leave --device out; counts need no device"),
    )
    return AnalyzerError(f"cannot time on {asked or 'a device without a name'}: it {why}", *facts, word=asked, code=FAILED)


def _side_by_side(entrants: Sequence[Entrant], setup: Setup, report: Report | None) -> Iterator[Measurement | Failure]:
    """Networks that fail alone are told so at once; the others are measured together, beside the first of them."""
    if report is not None:  # building takes its time too, compiling above all
        report(Progress(setup.phase, 0, 0, setup.budget, names=tuple(one.network.label for one in entrants)))
    built = _built(entrants, setup)
    yield from (one for one in built if isinstance(one, Failure))
    ready = [one for one in built if isinstance(one, Subject)]
    del built
    while ready:
        try:
            with within_memory(setup.device):
                measured = measure_together(ready, report, setup.budget)
        except Fallen as fallen:
            # Whoever goes on starts anew: rounds in which one took part that is gone are no rounds.
            told = _why(fallen.__cause__, setup, ready[: fallen.which] + ready[fallen.which + 1 :])
            fell = fallen.which
        else:
            yield from _checked(measured, ready, setup.device)
            return
        yield Failure(ready.pop(fell).expression, setup, told)
        clean(setup.device)


def _built(entrants: Sequence[Entrant], setup: Setup) -> list[Subject | Failure]:
    """Each ready or told why not, as they were asked for, and built in an order that chance decides.

    Who is built first differs from who is built second for as long as the process lives. Where memory is short, though,
    chance must not decide who finds room: then those that were asked for first come first.
    """
    asked = range(len(entrants))
    order = random.Random(setup.seed).sample(asked, len(asked))
    built = _in_order(entrants, setup, order)
    if order != list(asked) and any(isinstance(one, Failure) and OUT_OF_MEMORY in one.reason for one in built.values()):
        built.clear()
        clean(setup.device)
        built = _in_order(entrants, setup, asked)
    return [built[which] for which in asked]


def _in_order(entrants: Sequence[Entrant], setup: Setup, order: Sequence[int]) -> dict[int, Subject | Failure]:
    built: dict[int, Subject | Failure] = {}
    for which in order:
        built[which] = _ready(entrants[which], setup, [one for one in built.values() if isinstance(one, Subject)])
        if isinstance(built[which], Failure):
            clean(setup.device)
    return built


def _checked(measured: Sequence[Measurement], subjects: Sequence[Subject], device: str) -> Iterator[Measurement]:
    """The rows, each called once more; they are finished, so that an interruption takes none of them away."""
    try:
        with within_memory(device):
            checked = list(map(_still_finite, measured, subjects))
    except KeyboardInterrupt:
        yield from measured
        raise
    yield from checked


def _still_finite(measured: Measurement, subject: Subject) -> Measurement:
    """The same, with a doubt where the arithmetic was no longer one of numbers after so many calls."""
    try:
        must_be_finite(subject)
    except AnalyzerError:
        return replace(measured, doubts=(*measured.doubts, "after the rounds its outputs were no longer finite"))
    except Exception as error:  # the rounds are over: whatever goes wrong now spoils no time that was measured
        return replace(measured, doubts=(*measured.doubts, f"after the rounds one more call failed: {reason(error)}"))
    return measured


def clean(device: str) -> None:
    """Nothing left of the networks before: what only circles hold goes, and what the allocator keeps for later."""
    gc.collect()
    if torch.device(device).type == "cuda":
        torch.cuda.empty_cache()


def _ready(entrant: Entrant, setup: Setup, others: Sequence[Subject]) -> Subject | Failure:
    # A GPU has no part in this, and cuDNN keeps what it has chosen for the thread that asked.
    tried = partial(_tried, entrant, setup)
    try:
        return apart(tried) if setup.device == "cpu" else tried()
    except Exception as error:  # whatever it is, it is this network's: the others go on
        return Failure(entrant.network.label, setup, _why(error, setup, others))


def _tried(entrant: Entrant, setup: Setup) -> Subject:
    """Built, and called once: what has to be allocated or compiled for it is, or is not to be had."""
    with within_memory(setup.device):
        built = subject(entrant.network, setup, entrant.image)
        begun = time.perf_counter()
        must_be_finite(built)
        first = time.perf_counter() - begun
    if first > FIRST * setup.budget:
        told = f"its first call took {first:.3g} s, and {setup.budget:.3g} s are its part of the budget"
        raise AnalyzerError(f"{told}; a longer --budget may do", code=FAILED)
    return built


def _why(error: BaseException | None, setup: Setup, others: Sequence[Subject]) -> str:
    """The reason with what decides over memory: the batch, which is never lowered, and who else was there."""
    if not _no_room(error):
        return reason(error)
    beside = f" beside {', '.join(one.expression for one in others)}" if others else ""
    way_out = "; a smaller --batch may fit" if setup.batch > 1 else "; a smaller --input may fit"
    return f"{reason(error)} with batch {setup.batch}{beside}{way_out}"


def reason(error: BaseException | None) -> str:
    """The first line of what torch says, and plain words for the commonest."""
    if _no_room(error):
        return OUT_OF_MEMORY
    lines = [line.strip() for line in str(error).splitlines() if line.strip()] or [""]
    # A line that ends in a colon, as those of torch's compiler do, is the head of the next.
    first = next((line for line in lines if not line.endswith(":")), lines[0])
    if "more than 1 value per channel" in first:
        return "a batch norm on a 1x1 map needs at least two images"
    return first if isinstance(error, (RuntimeError, ValueError, OSError, AnalyzerError)) and first else _typed(error, first)


def _typed(error: BaseException | None, told: str) -> str:
    """What was not raised for a reader's eyes, with its type, which may be all that it says."""
    return f"{type(error).__name__}: {told}" if told else type(error).__name__


def _no_room(error: BaseException | None) -> bool:
    """Whether memory was short, in the words of torch's allocators and of the libraries that allocate for themselves."""
    told = str(error).lower()
    words = ("out of memory", "can't allocate memory", "alloc_failed")
    # oneDNN says no more of a kernel that it found no memory for; what it has no kernel for, it cannot describe either.
    short = told == "could not create a primitive" or any(word in told for word in words)
    return short or isinstance(error, (torch.OutOfMemoryError, MemoryError))


def roof_of(entrant: Entrant, setup: Setup, ceilings: Ceilings, whole: float | None) -> Roof:
    """Each block's time in passes of their own, for as long as the setup's budget, beside the least that ceilings allow."""
    with settings(setup.dtype, setup.threads, autotune=setup.autotune):
        times = block_times(entrant.network, setup, entrant.image, setup.budget)
    blocks = roofline(place(entrant.network, entrant.image), times, ceilings, setup)
    return Roof(entrant.network.label, setup, blocks, ceilings, reconcile(times, whole) if whole else None)
