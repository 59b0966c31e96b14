"""What shows how much memory is held: torch's allocator on a GPU, elsewhere the resident set of this process."""

from __future__ import annotations

import ctypes
import sys
from pathlib import Path
from typing import Protocol

import torch

from inception_analyzer import choices
from inception_analyzer.errors import FAILED, AnalyzerError
from inception_analyzer.lab.room import named_bytes

try:
    import resource
except ImportError:  # there is none on Windows
    resource = None  # type: ignore[assignment]

STATUS, FORGET = Path("/proc/self/status"), Path("/proc/self/clear_refs")
FORGET_PEAK = "5"  # what sets VmHWM, the largest resident set, back to that of now
KIB = 1024


class Gauge(Protocol):
    """Bytes held now, and the most since `forget`."""

    name: choices.Gauge

    def forget(self) -> None: ...

    def now(self) -> int: ...

    def most(self) -> int: ...

    def reserved(self) -> int | None: ...


class Resident:
    """The resident set of this process, by Linux."""

    name: choices.Gauge = "resident"

    def forget(self) -> None:
        _give_back()
        FORGET.write_text(FORGET_PEAK, encoding="ascii")

    def now(self) -> int:
        return _status("VmRSS")

    def most(self) -> int:
        return _status("VmHWM")

    def reserved(self) -> None:
        return None


class Lifetime:
    """The largest resident set since this process began, which nothing sets back."""

    name: choices.Gauge = "lifetime"

    def forget(self) -> None:
        return None

    def now(self) -> int:
        return self.most()

    def most(self) -> int:
        # Apple tells bytes, everybody else KiB.
        return int(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss) * (1 if sys.platform == "darwin" else KIB)

    def reserved(self) -> None:
        return None


class Allocator:
    """What torch's allocator gave out on a GPU, and what it took from the driver for that."""

    name: choices.Gauge = "allocator"

    def __init__(self, device: torch.device) -> None:
        self.device = device

    def forget(self) -> None:
        torch.cuda.synchronize(self.device)
        torch.cuda.empty_cache()
        torch.cuda.reset_peak_memory_stats(self.device)

    def now(self) -> int:
        return torch.cuda.memory_allocated(self.device)

    def most(self) -> int:
        torch.cuda.synchronize(self.device)
        return torch.cuda.max_memory_allocated(self.device)

    def reserved(self) -> int:
        return torch.cuda.max_memory_reserved(self.device)


def gauge_for(device: str) -> Gauge:
    """The best gauge that there is, or why there is none."""
    kind = torch.device(device).type
    if kind == "cuda":
        return Allocator(torch.device(device))
    if kind != "cpu":
        raise AnalyzerError(f"{kind} keeps no peak of its memory", code=FAILED)
    if _linux_tells():
        return Resident()
    if resource is None:
        raise AnalyzerError("this system does not tell a process its peak", code=FAILED)
    return Lifetime()


def _linux_tells() -> bool:
    """Whether the largest resident set can be read here and set back."""
    try:
        Resident().forget()
        return _status("VmHWM") > 0 and _status("VmRSS") > 0
    except (OSError, ValueError):
        return False


def _status(name: str) -> int:
    found = named_bytes(STATUS, name)
    if found is None:
        raise ValueError(f"{STATUS} has no {name}")
    return found


def _give_back() -> None:
    """What glibc keeps of freed memory goes back to the system, so that an earlier height is no part of the next."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
    if trim is not None:
        trim(0)
