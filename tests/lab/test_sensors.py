"""The sensors of a GPU through a binding of our own making: readings, gaps, doubts and the energy of an image."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
import torch

from inception_analyzer.lab import energy, pairing, sensors
from inception_analyzer.lab.clock import Lap
from inception_analyzer.lab.energy import energy_of
from inception_analyzer.lab.pairing import measure_together
from inception_analyzer.lab.sensors import Sensors, driver_version, sensed, sensor_doubts, sensors_for
from inception_analyzer.lab.subject import Subject
from inception_analyzer.timings import Reading, Setup

CALM = Reading(1980, 410.0, 45, (), 0)


class NVMLError(Exception):
    pass


def binding(**answers: object) -> SimpleNamespace:
    """A module like pynvml: constants, an error, and functions that give or raise what is written here."""

    def answering(name: str, answer: object) -> Callable[..., object]:
        def call(*arguments: object) -> object:
            made.asked.append((name, *arguments))
            if isinstance(answer, Exception):
                raise answer
            return answer(*arguments) if callable(answer) else answer

        return call

    whole: dict[str, object] = {
        "nvmlInit": None,
        "nvmlSystemGetDriverVersion": "570.124.06",
        "nvmlDeviceGetHandleByUUID": "handle",
        "nvmlDeviceGetClockInfo": 1980,
        "nvmlDeviceGetMaxClockInfo": 1985,
        "nvmlDeviceGetPowerUsage": 410_500,
        "nvmlDeviceGetTotalEnergyConsumption": 5_000,
        "nvmlDeviceGetTemperature": 45,
        "nvmlDeviceGetCurrentClocksEventReasons": 0x01,
        "nvmlDeviceGetComputeRunningProcesses": [SimpleNamespace(pid=1)],
        **answers,
    }
    made = SimpleNamespace(NVMLError=NVMLError, NVML_CLOCK_SM=1, NVML_TEMPERATURE_GPU=0, asked=[])
    for name, answer in whole.items():
        if answer != "missing":
            setattr(made, name, answering(name, answer))
    return made


@pytest.fixture
def nvml(monkeypatch: pytest.MonkeyPatch) -> Callable[..., SimpleNamespace]:
    def make(**answers: object) -> SimpleNamespace:
        made = binding(**answers)
        monkeypatch.setattr(sensors, "nvml", made)
        monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
        monkeypatch.setattr(torch.cuda, "get_device_properties", lambda _: SimpleNamespace(uuid="1234-ab"))
        return made

    return make


def test_a_reading_holds_everything_in_its_unit(nvml: Callable[..., SimpleNamespace]) -> None:
    made = nvml()
    found = sensors_for("cuda:1")
    assert found is not None
    assert found.read() == Reading(1980, 410.5, 45, (), 0)
    assert (found.highest_clock(), found.energy(), driver_version()) == (1985, 5.0, "570.124.06")
    assert ("nvmlDeviceGetHandleByUUID", "GPU-1234-ab") in made.asked
    assert ("nvmlDeviceGetClockInfo", "handle", 1) in made.asked


def test_reasons_are_words_and_idleness_is_none(nvml: Callable[..., SimpleNamespace]) -> None:
    nvml(nvmlDeviceGetCurrentClocksEventReasons=0x01 | 0x04 | 0x40)
    assert Sensors("handle").read().throttled == ("the power cap", "heat, by hardware")


def test_an_older_binding_is_asked_by_the_older_name(nvml: Callable[..., SimpleNamespace]) -> None:
    nvml(nvmlDeviceGetCurrentClocksEventReasons="missing", nvmlDeviceGetCurrentClocksThrottleReasons=0x08)
    assert Sensors("handle").read().throttled == ("a slowdown by hardware",)


def test_this_process_is_no_tenant_by_whatever_number(nvml: Callable[..., SimpleNamespace]) -> None:
    for count, tenants in ((0, 0), (1, 0), (3, 2)):
        nvml(nvmlDeviceGetComputeRunningProcesses=[SimpleNamespace(pid=number) for number in range(count)])
        assert Sensors("handle").read().tenants == tenants


def test_what_a_gpu_does_not_tell_is_a_gap(nvml: Callable[..., SimpleNamespace]) -> None:
    names = [name for name in vars(binding()) if name.startswith("nvmlDeviceGet") and "Handle" not in name]
    nvml(**dict.fromkeys(names, NVMLError("not supported")))
    found = Sensors("handle")
    assert found.read() == Reading(None, None, None, (), None)
    assert (found.highest_clock(), found.energy()) == (None, None)
    assert sensor_doubts(sensed(found, [found.read()])) == []


def test_without_binding_driver_or_gpu_there_are_no_sensors(
    nvml: Callable[..., SimpleNamespace], monkeypatch: pytest.MonkeyPatch
) -> None:
    nvml()
    assert sensors_for("cpu") is None
    nvml(nvmlInit=NVMLError("driver not loaded"))
    assert sensors_for("cuda") is None
    nvml(nvmlDeviceGetHandleByUUID=NVMLError("not found"))
    assert sensors_for("cuda") is None
    monkeypatch.setattr(sensors, "nvml", None)
    assert sensors_for("cuda") is None


def test_the_kernel_module_names_the_driver_too(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.setattr(sensors, "nvml", None)
    monkeypatch.setattr(sensors, "MODULE_VERSION", tmp_path / "version")
    assert driver_version() is None
    (tmp_path / "version").write_text("NVRM version: NVIDIA UNIX x86_64 Kernel Module  550.54.15  Tue Mar  5 22:23:56 UTC 2024")
    assert driver_version() == "550.54.15"


def test_doubts_name_throttling_falling_clocks_and_tenants(nvml: Callable[..., SimpleNamespace]) -> None:
    nvml()
    readings = [CALM, replace(CALM, clock=1410, throttled=("heat, by software", "the power cap")), replace(CALM, tenants=2)]
    found = sensed(Sensors("handle"), readings)
    assert (found.before, found.after, found.lowest_clock) == (CALM, readings[-1], 1410)
    assert sensor_doubts(found) == [
        "clocks were held down by the power cap and heat, by software",
        "the clock fell from 1980 to 1410 MHz",
        "2 other processes computed on this GPU",
    ]
    assert sensor_doubts(sensed(Sensors("handle"), [CALM, replace(CALM, clock=1900)])) == []


class Steady:
    """A clock on which every call takes as long."""

    def __init__(self, seconds: float, host: float | None = None) -> None:
        self.lap = Lap(seconds, host)
        self.slots = 0

    def slot(self, _: Subject, calls: int) -> Lap:  # noqa: ARG002  (the protocol's)
        self.slots += 1
        return self.lap


def subject(name: str = "a", **asked: Any) -> Subject:
    return Subject(name, Setup(**{"batch": 4, "budget": 0.05, **asked}), lambda: None, lambda _: None)


@pytest.fixture
def stretch(monkeypatch: pytest.MonkeyPatch) -> None:
    """Time that passes by half a second whenever it is asked for: the stretch has three slots."""
    ticks = iter(0.5 * number for number in range(1000))
    monkeypatch.setattr(energy, "time", SimpleNamespace(perf_counter=lambda: next(ticks)))


@pytest.mark.usefixtures("stretch")
def test_energy_is_the_counters_difference_over_the_images(nvml: Callable[..., SimpleNamespace]) -> None:
    counter = iter([5_000, 5_000 + 240_000])
    nvml(nvmlDeviceGetTotalEnergyConsumption=lambda _: next(counter))
    clock = Steady(0.01)
    found = energy_of(subject(), clock, 10, Sensors("handle"))
    assert found == (240 / (clock.slots * 10 * 4), "counter")
    assert clock.slots == 2


@pytest.mark.usefixtures("stretch")
def test_without_a_counter_energy_is_power_times_time(nvml: Callable[..., SimpleNamespace]) -> None:
    nvml(nvmlDeviceGetTotalEnergyConsumption=NVMLError("not supported"))
    found = energy_of(subject(), Steady(0.01), 10, Sensors("handle"))
    assert found == (pytest.approx(410.5 * 2.0 / 80), "power")


@pytest.mark.usefixtures("stretch")
def test_a_gpu_without_meters_has_no_energy(nvml: Callable[..., SimpleNamespace]) -> None:
    nvml(nvmlDeviceGetTotalEnergyConsumption="missing", nvmlDeviceGetPowerUsage=NVMLError("not supported"))
    assert energy_of(subject(), Steady(0.01), 10, Sensors("handle")) is None


@pytest.mark.parametrize("asked", [{"phase": "backward"}, {"phase": "step"}, {"cache": "flushed"}])
def test_no_energy_is_told_where_other_work_goes_between(asked: dict[str, str]) -> None:
    assert energy_of(subject(**asked), Steady(0.01), 10, Sensors("handle")) is None


def test_measurements_carry_what_the_sensors_said(
    nvml: Callable[..., SimpleNamespace], monkeypatch: pytest.MonkeyPatch
) -> None:
    clocks = iter([1980, 1980, *[1410] * 1000])
    nvml(nvmlDeviceGetClockInfo=lambda *_: next(clocks), nvmlDeviceGetCurrentClocksEventReasons=0x20)
    monkeypatch.setattr(pairing, "clock_for", lambda _: Steady(0.01))
    monkeypatch.setattr(pairing, "WARM_SECONDS", 0.0)
    monkeypatch.setattr(pairing, "READ_EVERY", 0.0)
    monkeypatch.setattr(energy, "STRETCH", 0.0)
    monkeypatch.setattr(pairing, "sensors_for", lambda _: Sensors("handle"))
    one, other = measure_together([subject("a"), subject("b")])
    for measured in (one, other):
        assert measured.sensed is not None
        assert (measured.sensed.before.clock, measured.sensed.after.clock) == (1980, 1410)
        assert "the clock fell from 1980 to 1410 MHz" in measured.doubts
        assert "clocks were held down by heat, by software" in measured.doubts


def test_times_of_a_processor_have_no_sensors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pairing, "clock_for", lambda _: Steady(0.01))
    monkeypatch.setattr(pairing, "WARM_SECONDS", 0.0)
    (only,) = measure_together([subject()])
    assert only.sensed is None
    assert only.sample.host_seconds == ()


@pytest.mark.parametrize(("host", "bound"), [(0.0095, True), (0.004, False)])
def test_host_time_near_the_devices_is_a_doubt(host: float, bound: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pairing, "clock_for", lambda _: Steady(0.01, host))
    monkeypatch.setattr(pairing, "WARM_SECONDS", 0.0)
    (only,) = measure_together([subject()])
    assert set(only.sample.host_seconds) == {host}
    told = "launch-bound: the processor needs 9.5 of 10 ms to start the work"
    assert (told in only.doubts) is bound
