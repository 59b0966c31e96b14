"""The roof over a device: the fastest matrix product, copy and small operation that it showed here, remembered by machine."""

from __future__ import annotations

import json
import os
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from functools import partial
from math import isfinite
from pathlib import Path
from statistics import median
from typing import Any, Literal

import torch
from torch.nn import functional as F  # noqa: N812

from inception_analyzer.choices import Dtype
from inception_analyzer.lab.clock import event_on, seconds_between
from inception_analyzer.lab.pairing import STARVED
from inception_analyzer.timings import Ceilings

Kind = Literal["matrix", "copy", "launch"]

BUDGET = 2.0  # seconds for all trials of one device and dtype
ROUNDS, WARM_ROUNDS = 5, 2
LONGEST = BUDGET / 8  # seconds of one call; a larger product would leave too few rounds

SIZES, CUDA_SIZES = (512, 1024, 2048), (2048, 4096, 8192)
COPY_BYTES = 256 * 2**20  # of each of two tensors: several times the caches of one socket or one GPU
LAUNCHES = 1000  # in a row, as a launch alone is shorter than the clock is sure

# A 3x3 convolution that leaves 71x71, as in the stem of Inception-v3: among nine sizes the fastest in both fp32 and bf16.
CHANNELS, SIDE, TAP = 192, 73, 3

KINDS = {"fp32": torch.float32, "tf32": torch.float32, "bf16": torch.bfloat16, "fp16": torch.float16}


@dataclass(frozen=True, slots=True)
class Trial:
    """Work of one kind that is done again and again."""

    kind: Kind
    work: int  # multiply-adds, bytes or launches
    run: Callable[[], object]


@dataclass(frozen=True, slots=True)
class Stopwatch:
    """Marks in the work of a device; after `wait` the seconds between two of them are known."""

    mark: Callable[[], Any]
    between: Callable[[Any, Any], float]
    wait: Callable[[], object]


def stopwatch_for(device: str) -> Stopwatch:
    """Events on a GPU's stream, so that nothing waits until all is under way; else the wall clock."""
    where = torch.device(device)
    if where.type == "cuda":
        return Stopwatch(partial(event_on, where), seconds_between, partial(torch.cuda.synchronize, where))
    finish = torch.mps.synchronize if where.type == "mps" else _nothing
    return Stopwatch(partial(_wall, finish), _between_times, finish)


@contextmanager
def settings(dtype: Dtype, threads: int, *, autotune: bool = True) -> Iterator[None]:
    """Threads, TF32 and cuDNN's choice of algorithms as asked for, and as they were afterwards."""
    before, matmul, convs = torch.get_num_threads(), torch.backends.cuda.matmul.allow_tf32, torch.backends.cudnn.allow_tf32
    tuned, torch.backends.cudnn.benchmark = torch.backends.cudnn.benchmark, autotune
    torch.set_num_threads(threads)
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = dtype == "tf32"
    try:
        yield
    finally:
        torch.set_num_threads(before)
        torch.backends.cuda.matmul.allow_tf32, torch.backends.cudnn.allow_tf32 = matmul, convs
        torch.backends.cudnn.benchmark = tuned


def measure_ceilings(device: str, dtype: Dtype, threads: int) -> Ceilings:
    """The best of several matrix products, a copy beyond the caches, the smallest operation: medians of interleaved calls."""
    watch = stopwatch_for(device)
    with settings(dtype, threads), torch.inference_mode():
        trials = [*_products(device, dtype, watch), _copy(device, dtype), _launch(device, dtype)]
        work, wall = time.process_time(), time.perf_counter()
        rates = _rates(trials, watch)
        given = (time.process_time() - work) / (time.perf_counter() - wall)
    doubts = _doubts(device, threads, given)
    return Ceilings(device, dtype, threads, max(rates["matrix"]), max(rates["copy"]), 1 / max(rates["launch"]), doubts)


def load_or_measure(key: str, device: str, dtype: Dtype, threads: int, *, renew: bool = False) -> Ceilings:
    """The ceilings of the machine with this fingerprint: as remembered, or measured now and remembered if that can be.

    What was measured in doubt is measured anew the next time.
    """
    known = remembered(key)
    asked = (device, dtype, threads)
    found = next((one for one in known if (one.device, one.dtype, one.threads) == asked), None)
    if found is not None and not found.doubts and not renew:
        return found
    measured = measure_ceilings(device, dtype, threads)
    _remember(key, [*(one for one in known if one is not found), measured])
    return measured


def remembered(key: str) -> tuple[Ceilings, ...]:
    """Everything that was measured on the machine with this fingerprint; nothing where the cache makes no sense."""
    rows = _read().get(key)
    found = [_ceilings(row) for row in rows] if isinstance(rows, list) else []
    return tuple(one for one in found if one is not None)


def cache_file() -> Path | None:
    """In the user's cache folder; no file where the user has no home."""
    folder = Path(os.environ.get("XDG_CACHE_HOME", ""))
    try:
        base = folder if folder.is_absolute() else Path.home() / ".cache"
    except RuntimeError:
        return None
    return base / "inception-analyze" / "ceilings.json"


def _products(device: str, dtype: Dtype, watch: Stopwatch) -> list[Trial]:
    """Products of several sizes, less those that would take too long at the rate of the first."""
    ahead = [partial(_product, device, dtype, size) for size in _sizes(device)]
    if torch.device(device).type == "cpu":
        # The library of products may use narrower vectors than that of convolutions: MKL on AMD gives half the rate in fp32.
        ahead.insert(1, partial(_convolution, device, dtype))
    trials = [ahead[0]()]
    *_, last = [_once(trials, watch) for _ in range(WARM_ROUNDS + 1)]  # the first call takes several times as long
    rate = trials[0].work / last[0]
    for make in ahead[1:]:
        trial = make()
        if trial.work / rate <= LONGEST:
            trials.append(trial)
    return trials


def _sizes(device: str) -> tuple[int, ...]:
    return CUDA_SIZES if torch.device(device).type == "cuda" else SIZES


def _product(device: str, dtype: Dtype, size: int) -> Trial:
    one, other, out = (_random((size, size), device, dtype) for _ in range(3))
    return Trial("matrix", size**3, partial(torch.mm, one, other, out=out))


def _convolution(device: str, dtype: Dtype) -> Trial:
    batch = torch.get_num_threads()  # an image for each thread
    images = _random((batch, CHANNELS, SIDE, SIDE), device, dtype).contiguous(memory_format=torch.channels_last)
    weight = _random((CHANNELS, CHANNELS, TAP, TAP), device, dtype).contiguous(memory_format=torch.channels_last)
    macs = batch * weight.numel() * (SIDE - TAP + 1) ** 2
    return Trial("matrix", macs, partial(F.conv2d, images, weight))


def _copy(device: str, dtype: Dtype) -> Trial:
    source = torch.ones(COPY_BYTES // KINDS[dtype].itemsize, device=device, dtype=KINDS[dtype])
    return Trial("copy", 2 * source.nbytes, partial(torch.zeros_like(source).copy_, source))


def _launch(device: str, dtype: Dtype) -> Trial:
    one = torch.ones(1, device=device, dtype=KINDS[dtype])

    def many() -> None:
        for _ in range(LAUNCHES):
            torch.relu_(one)

    return Trial("launch", LAUNCHES, many)


def _random(size: tuple[int, ...], device: str, dtype: Dtype) -> torch.Tensor:
    """Ordinary numbers, which the state of the process's own dice does not decide."""
    dice = torch.Generator(device).manual_seed(0)
    return torch.rand(size, generator=dice, device=device, dtype=KINDS[dtype])


def _rates(trials: list[Trial], watch: Stopwatch) -> dict[Kind, list[float]]:
    """Work per second of the trials of each kind: all in turn, round by round, so that a disturbance meets all of them."""
    for _ in range(WARM_ROUNDS):
        _once(trials, watch)
    begun, rounds = time.perf_counter(), [_once(trials, watch)]
    while len(rounds) < ROUNDS or time.perf_counter() - begun < BUDGET:
        rounds.append(_once(trials, watch))
    rates: dict[Kind, list[float]] = defaultdict(list)
    for trial, seconds in zip(trials, zip(*rounds, strict=True), strict=True):
        rates[trial.kind].append(trial.work / median(seconds))
    return rates


def _once(trials: list[Trial], watch: Stopwatch) -> list[float]:
    marks = []
    for trial in trials:
        begin = watch.mark()
        trial.run()
        marks.append((begin, watch.mark()))
    watch.wait()
    return [watch.between(begin, end) for begin, end in marks]


def _doubts(device: str, threads: int, given: float) -> tuple[str, ...]:
    """Threads that wait for each other lose most of their speed when one of them has no core."""
    asked = min(threads, os.cpu_count() or 1)
    starved = torch.device(device).type == "cpu" and given < STARVED * asked
    return (f"the processor gave {given:.1f} of {asked} threads",) if starved else ()


def _read() -> dict[str, Any]:
    """The cache, or nothing where there is none, or one that nobody can read."""
    path = cache_file()
    try:
        found = json.loads(path.read_text(encoding="utf-8")) if path else {}
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _remember(key: str, known: list[Ceilings]) -> None:
    """Replace the file at once, so that a reader never sees half of it; a folder that cannot be written costs only time."""
    path = cache_file()
    if path is None:
        return
    text = json.dumps(_read() | {key: [asdict(one) for one in known]}, indent=1, sort_keys=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.draft")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.write_text(text, encoding="utf-8", newline="\n")
        os.replace(draft, path)
    except OSError:
        _forget(draft)


def _forget(draft: Path) -> None:
    try:
        draft.unlink(missing_ok=True)
    except OSError:
        return


def _ceilings(row: object) -> Ceilings | None:
    """A row of the cache, if it is one of ours and its numbers are possible."""
    if not isinstance(row, dict) or row.keys() != {field.name for field in fields(Ceilings)}:
        return None
    rates = (row["macs_per_second"], row["bytes_per_second"], row["launch_seconds"])
    possible = all(isinstance(rate, float) and isfinite(rate) and rate > 0 for rate in rates)
    named = isinstance(row["device"], str) and isinstance(row["threads"], int) and row["dtype"] in tuple(KINDS)
    doubts = row["doubts"]
    told = isinstance(doubts, list) and all(isinstance(doubt, str) for doubt in doubts)
    return Ceilings(**row | {"doubts": tuple(doubts)}) if possible and named and told else None


def _wall(finish: Callable[[], object]) -> float:
    finish()
    return time.perf_counter()


def _between_times(begin: float, end: float) -> float:
    return end - begin


def _nothing() -> None:
    return None
