"""Work in a thread of its own: its result, its error, its interruption, and kernels that found no memory."""

from __future__ import annotations

import os
import platform
import resource
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import torch
from torch.nn import functional as F  # noqa: N812

from inception_analyzer.lab.apart import apart
from inception_analyzer.lab.measure import reason

compiling = pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() != "x86_64", reason="only x86 compiles kernels, and only Linux limits memory"
)


def test_it_gives_what_the_work_gives_from_another_thread() -> None:
    assert apart(threading.get_ident) != threading.get_ident()


def test_the_work_uses_the_threads_that_were_set_here() -> None:
    before = torch.get_num_threads()
    try:
        for threads in (1, 2):
            torch.set_num_threads(threads)
            assert apart(torch.get_num_threads) == threads
    finally:
        torch.set_num_threads(before)


def test_it_raises_what_the_work_raises() -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        apart(lambda: int("no number"))


def test_whoever_interrupts_interrupts_the_work() -> None:
    seen: list[str] = []

    def long() -> None:
        try:
            os.kill(os.getpid(), signal.SIGINT)
            deadline = time.monotonic() + 60
            while time.monotonic() < deadline:
                time.sleep(0.01)
            seen.append("ran on")
        except KeyboardInterrupt:
            seen.append("interrupted")
            raise

    with pytest.raises(KeyboardInterrupt):
        apart(long)
    assert seen == ["interrupted"]


def kernels() -> Iterator[Callable[[], torch.Tensor]]:
    """Convolutions of sizes that nothing else here has, made before memory is short."""
    for channels in range(3, 12):
        for width in range(17, 97, 8):
            images, weights = torch.ones(1, channels, 5, 7), torch.ones(width, channels, 5, 5)
            yield lambda images=images, weights=weights: F.conv2d(images, weights, padding=2)  # type: ignore[misc]


@contextmanager
def no_more_pages() -> Iterator[None]:
    """No page is to be had, as for the code of a kernel, and heap enough for all else."""
    heap = [bytearray(5000) for _ in range(20_000)]
    heap = heap[::200]  # what lay between them is free, and stays with the process
    before, most = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (4096, most))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (before, most))


@compiling
def test_a_kernel_without_memory_is_the_end_of_no_other() -> None:
    """In this thread the same would leave every later convolution without a kernel."""

    def short() -> None:
        calls = list(kernels())
        with no_more_pages():
            for call in calls:
                call()

    with pytest.raises((RuntimeError, MemoryError)) as raised:
        apart(short)
    assert reason(raised.value) == "out of memory"
    assert F.conv2d(torch.ones(1, 5, 11, 11), torch.ones(13, 5, 7, 7)).shape == (1, 13, 5, 5)
