"""What results depend on: processor, memory, devices and their clocks, versions and settings, the program and the time."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import torch

import inception_analyzer
from inception_analyzer.lab.sensors import driver_version, sensors_for
from inception_analyzer.timings import Setup
from inception_analyzer.version import VERSION

CHECKOUT = Path(inception_analyzer.__file__).resolve().parent.parent
PATIENCE = 5.0  # seconds for git

# What differs between two runs of the same machine and programs.
PASSING = ("threads", "tf32", "cudnn_benchmark", "clocks", "commit", "time")


def fingerprint(setup: Setup | None = None) -> dict[str, Any]:
    """This machine as it is now, and with the flags of the setup that something was measured with."""
    now = _now()
    if setup is None:
        return now
    return {**now, "threads": setup.threads, "tf32": setup.dtype == "tf32", "cudnn_benchmark": setup.autotune}


def _now() -> dict[str, Any]:
    return {
        "program": f"inception-analyzer {VERSION}",
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "python": platform.python_version(),
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "memory_bytes": _memory(),
        "torch": torch.__version__,
        "threads": torch.get_num_threads(),
        "devices": _devices(),
        "cuda": torch.version.cuda,
        "cudnn": torch.backends.cudnn.version() if torch.backends.cudnn.is_available() else None,
        "tf32": torch.backends.cuda.matmul.allow_tf32,
        "cudnn_benchmark": torch.backends.cudnn.benchmark,
        "mkldnn": torch.backends.mkldnn.is_available(),
        "driver": driver_version(),
        "clocks": _clocks(),
        "commit": _commit(),
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def _processor() -> str:
    """The processor's own name where the system tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


def _memory() -> int | None:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (ValueError, OSError, AttributeError):
        return None


def _devices() -> list[str]:
    found = ["cpu"]
    if torch.cuda.is_available():
        found += [f"cuda:{index} {torch.cuda.get_device_name(index)}" for index in range(torch.cuda.device_count())]
    if torch.backends.mps.is_available():
        found.append("mps")
    return found


def machine_key() -> str:
    """What ceilings belong to: the machine and its programs, not the settings of one process."""
    return json.dumps({name: value for name, value in fingerprint().items() if name not in PASSING}, sort_keys=True)


def costs_key(device: str, threads: int, batches: Mapping[str, int]) -> tuple[str, str]:
    """What measured costs belong to, as a short name and in words: what decides over them, and nothing that passes.

    Kernels are updated, and the memory that a system tells of differs by some pages from boot to boot: neither is another
    machine. Another torch is, and so is another number of threads.
    """
    now = fingerprint()
    memory = round((now["memory_bytes"] or 0) / 2**30)
    names = ("processor", "cores", "torch", "devices", "cuda", "cudnn", "driver")
    python = ".".join(platform.python_version_tuple()[:2])
    key = {**{name: now[name] for name in names}, "memory": memory, "python": python, "system": platform.system()}
    asked = {"device": device, "threads": threads, "batches": dict(sorted(batches.items()))}
    short = hashlib.sha256(json.dumps({**key, **asked}, sort_keys=True).encode()).hexdigest()[:12]
    on = now["processor"] if device == "cpu" else device
    words = f"{on}, {now['cores']} cores, {memory} GiB, torch {now['torch']}, {_threads(threads)}"
    return short, words


def _threads(threads: int) -> str:
    """`1 thread`."""
    return f"{threads} thread{'s' if threads > 1 else ''}"


def _clocks() -> list[str]:
    """Each GPU's clock now and at most, where NVML tells them."""
    found = []
    for index in range(torch.cuda.device_count() if torch.cuda.is_available() else 0):
        sensors = sensors_for(f"cuda:{index}")
        if sensors is not None:
            found.append(f"cuda:{index} {sensors.read().clock} of {sensors.highest_clock()} MHz")
    return found


def _commit() -> str | None:
    """The commit that this program is checked out at, and whether it was changed since; None for an installed one."""
    if not (CHECKOUT / ".git").exists():
        return None
    command = ["git", "-C", str(CHECKOUT), "describe", "--always", "--dirty", "--abbrev=12", "--exclude=*"]
    try:
        ran = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return ran.stdout.strip() or None
