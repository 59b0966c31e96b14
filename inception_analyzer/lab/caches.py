"""Cold caches where they are asked for: a walk over more memory than they hold, before each call and off its clock."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import assert_never

import torch

from inception_analyzer.timings import Setup

# Twice the cache, since not every policy throws out what is oldest.
TIMES = 2
UNKNOWN_GPU, UNKNOWN_PROCESSOR = 128 * 2**20, 64 * 2**20  # bytes, more than most devices that do not tell theirs
SYSFS = Path("/sys/devices/system/cpu/cpu0/cache")
UNITS = {"K": 2**10, "M": 2**20, "G": 2**30}


def flush_for(setup: Setup) -> Callable[[], object] | None:
    """What leaves nothing of the call before in the caches; nothing to do where they may stay warm."""
    match setup.cache:
        case "warm":
            return None
        case "flushed":
            device = torch.device(setup.device)
            # Read and written, for filling alone may go past a cache; on a GPU one launch on the stream of the calls.
            return partial(torch.zeros(TIMES * cache_bytes(device), dtype=torch.uint8, device=device).add_, 1)
    assert_never(setup.cache)


def cache_bytes(device: torch.device) -> int:
    """The last cache of a device, or a size that is likely larger where it does not tell."""
    if device.type == "cuda":
        return int(getattr(torch.cuda.get_device_properties(device), "L2_cache_size", 0)) or UNKNOWN_GPU
    return processor_cache() or UNKNOWN_PROCESSOR


def processor_cache(folder: Path = SYSFS) -> int:
    """Bytes of the largest cache that the system names; none where it names none."""
    sizes = (path.read_text(encoding="ascii").strip() for path in folder.glob("index*/size"))
    return max((int(size[:-1]) * UNITS[size[-1]] for size in sizes if size[:-1].isdigit() and size[-1] in UNITS), default=0)
