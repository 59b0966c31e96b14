"""How much memory a processor's networks may take: Linux gives out more than it has, and then ends whoever uses it.

A limit at what is free turns that end, which would lose every finished row, into an allocation that fails.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import torch

try:
    import resource
except ImportError:  # there is none on Windows
    resource = None  # type: ignore[assignment]

SYSTEM, OWN, CONTAINER = Path("/proc/meminfo"), Path("/proc/self/status"), Path("/sys/fs/cgroup")
SHARE = 0.9  # of what is free, as others go on asking for memory too
KIB = 1024
GRAIN = 2**15  # elements that torch gives to one thread at least


@contextmanager
def within_memory(device: str) -> Iterator[None]:
    """While this lasts, work on the processor is refused memory that is not there; nothing changes for another device."""
    free, held = free_memory(), named_bytes(OWN, "VmData")
    if torch.device(device).type != "cpu" or resource is None or free is None or held is None:
        yield
        return
    _wake_threads()
    before, most = resource.getrlimit(resource.RLIMIT_DATA)
    limits = [held + int(SHARE * free), *(limit for limit in (before, most) if limit != resource.RLIM_INFINITY)]
    resource.setrlimit(resource.RLIMIT_DATA, (min(limits), most))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (before, most))


def _wake_threads() -> None:
    """A thread that finds no memory for its stack ends the program instead of raising: all that work here start before."""
    torch.zeros(torch.get_num_threads() * GRAIN).add_(1)


def free_memory(system: Path = SYSTEM, container: Path = CONTAINER) -> int | None:
    """Bytes that can still be had here, by the system or by the container, whichever has less; None where neither tells."""
    known = [size for size in (named_bytes(system, "MemAvailable"), _left_in(container)) if size is not None]
    return min(known, default=None)


def _left_in(container: Path) -> int | None:
    try:
        most, now = ((container / name).read_text(encoding="ascii").strip() for name in ("memory.max", "memory.current"))
        return max(0, int(most) - int(now))
    except (OSError, ValueError):  # no container, or one without a limit, which says `max`
        return None


def named_bytes(path: Path, name: str) -> int | None:
    """What Linux tells under this name in one of its files."""
    try:
        found = re.search(rf"^{name}:\s*(\d+) kB$", path.read_text(encoding="ascii", errors="replace"), flags=re.MULTILINE)
    except OSError:
        return None
    return int(found[1]) * KIB if found else None
