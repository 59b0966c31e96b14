"""What a GPU tells about itself through NVML: clocks, power, heat, what holds it back, and who else computes on it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from inception_analyzer.timings import Reading, Sensed

try:
    import pynvml as nvml
except ImportError:  # the extra `gpu` is not installed: nothing is read, and nothing else changes
    nvml = None

# The bits of a reason, which NVML's headers name differently by version. Idleness and clocks set by hand slow nobody down.
REASONS = {
    0x04: "the power cap",
    0x08: "a slowdown by hardware",
    0x10: "other GPUs it is synchronised with",
    0x20: "heat, by software",
    0x40: "heat, by hardware",
    0x80: "the power brake",
}

CLOCK_FELL = 0.05

MODULE_VERSION = Path("/proc/driver/nvidia/version")


@dataclass(frozen=True, slots=True)
class Sensors:
    """One GPU as NVML knows it; what it does not tell is None."""

    handle: Any

    def read(self) -> Reading:
        """Everything at once."""
        power = _asked("nvmlDeviceGetPowerUsage", self.handle)
        reasons = _asked("nvmlDeviceGetCurrentClocksEventReasons", self.handle)
        if reasons is None:  # its name before CUDA 12
            reasons = _asked("nvmlDeviceGetCurrentClocksThrottleReasons", self.handle)
        processes = _asked("nvmlDeviceGetComputeRunningProcesses", self.handle)
        return Reading(
            clock=_asked("nvmlDeviceGetClockInfo", self.handle, _constant("NVML_CLOCK_SM")),
            power=None if power is None else power / 1000,
            temperature=_asked("nvmlDeviceGetTemperature", self.handle, _constant("NVML_TEMPERATURE_GPU")),
            throttled=tuple(word for bit, word in REASONS.items() if (reasons or 0) & bit),
            # One of them is this process, under a number that a container may not know.
            tenants=None if processes is None else max(0, len(processes) - 1),
        )

    def highest_clock(self) -> int | None:
        """MHz that the multiprocessors are made for."""
        found = _asked("nvmlDeviceGetMaxClockInfo", self.handle, _constant("NVML_CLOCK_SM"))
        return None if found is None else int(found)

    def energy(self) -> float | None:
        """Joules since the driver was loaded, where the GPU counts them."""
        found = _asked("nvmlDeviceGetTotalEnergyConsumption", self.handle)
        return None if found is None else found / 1000


def sensors_for(device: str | torch.device) -> Sensors | None:
    """The sensors of a CUDA device, found by its own number: NVML numbers GPUs differently, and shows hidden ones too."""
    place = torch.device(device)
    if nvml is None or place.type != "cuda" or not torch.cuda.is_available():
        return None
    own = str(getattr(torch.cuda.get_device_properties(place), "uuid", "")).removeprefix("GPU-")
    if not own or not _started():
        return None
    handles = (_asked("nvmlDeviceGetHandleByUUID", f"{kind}-{own}") for kind in ("GPU", "MIG"))
    handle = next((one for one in handles if one is not None), None)
    return None if handle is None else Sensors(handle)


def driver_version() -> str | None:
    """The driver, as NVML or the kernel module names it."""
    found = _asked("nvmlSystemGetDriverVersion") if nvml is not None and _started() else None
    if found is not None:
        return found.decode() if isinstance(found, bytes) else str(found)
    try:
        text = MODULE_VERSION.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    version = re.search(r"\b\d+\.\d+(?:\.\d+)?\b", text)
    return version[0] if version else None


def sensed(sensors: Sensors, readings: Sequence[Reading]) -> Sensed:
    """A row of readings, from the first to the last, in the order of time."""
    clocks = [one.clock for one in readings if one.clock is not None]
    tenants = [one.tenants for one in readings if one.tenants is not None]
    return Sensed(
        driver=driver_version(),
        highest_clock=sensors.highest_clock(),
        before=readings[0],
        after=readings[-1],
        lowest_clock=min(clocks, default=None),
        throttled=tuple(word for word in REASONS.values() if any(word in one.throttled for one in readings)),
        tenants=max(tenants, default=None),
    )


def sensor_doubts(found: Sensed) -> list[str]:
    """What the sensors say against the times."""
    doubts = []
    if found.throttled:
        doubts.append(f"clocks were held down by {' and '.join(found.throttled)}")
    first, lowest = found.before.clock, found.lowest_clock
    if first and lowest is not None and lowest < (1 - CLOCK_FELL) * first:
        doubts.append(f"the clock fell from {first} to {lowest} MHz")
    if found.tenants:
        doubts.append(f"{found.tenants} other process{'es' if found.tenants > 1 else ''} computed on this GPU")
    return doubts


def _started() -> bool:
    """NVML counts how often it is started, and starting it twice does no harm."""
    try:
        nvml.nvmlInit()
    except nvml.NVMLError:
        return False
    return True


def _constant(name: str) -> int:
    return int(getattr(nvml, name))


def _asked(name: str, *arguments: object) -> Any:  # noqa: ANN401  (whatever NVML answers)
    """What NVML answers, or None where this driver, binding or GPU does not know."""
    call = getattr(nvml, name, None)
    if call is None:
        return None
    try:
        return call(*arguments)
    except nvml.NVMLError:
        return None
