"""Measuring on a real GPU: modes, clocks, caches, sensors, and memory that is too small. Skipped where there is none."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import astuple
from statistics import median

import pytest
import torch

from inception_analyzer import AnalyzerError, Shape, load
from inception_analyzer.__main__ import run
from inception_analyzer.asked import PHASES
from inception_analyzer.choices import Cache, Dtype, Mode, Phase
from inception_analyzer.lab import pairing, sensors
from inception_analyzer.lab.caches import cache_bytes, flush_for
from inception_analyzer.lab.clock import CudaClock
from inception_analyzer.lab.graphs import captured
from inception_analyzer.lab.machine import fingerprint
from inception_analyzer.lab.measure import Entrant, device_for, measure
from inception_analyzer.lab.peak import weigh
from inception_analyzer.lab.phases import subject
from inception_analyzer.lab.sensors import sensors_for
from inception_analyzer.lab.subject import Subject
from inception_analyzer.spec import Network, Recipe, Source
from inception_analyzer.timings import Failure, Measurement, Setup
from inception_analyzer.words import aux, conv, globalpool, linear, named, trunk

pytestmark = [pytest.mark.gpu, pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")]

SMALL = Network(
    "small",
    "Small",
    "ref",
    Shape(3, 16, 16),
    trunk(
        named("first", conv(8, 3)),
        aux("head", globalpool(), linear(1000), weight=0.4),
        named("second", conv(8, 3)),
        named("mean", globalpool()),
        named("logits", linear(1000)),
    ),
    Source("none", "none", 2026),
    Recipe("rmsprop", momentum=0.9, decay=0.9, epsilon=1.0, label_smoothing=0.1, clip=2.0, weight_decay=4e-5),
)
GIB = 2**30


@pytest.fixture(autouse=True)
def briefly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pairing, "CUDA_WARM_SECONDS", 0.1)
    monkeypatch.setattr("inception_analyzer.lab.energy.STRETCH", 0.3)


def entrants(*networks: Network) -> list[Entrant]:
    return [Entrant(network, network.input) for network in networks]


def rows(*networks: Network, **asked: object) -> list[Measurement | Failure]:
    setup = Setup(**{"device": "cuda", "batch": 2, "budget": 0.3, **asked})
    return list(measure(entrants(*networks), [setup]))


@pytest.mark.parametrize("mode", ["eager", "cuda-graph"])
@pytest.mark.parametrize("dtype", ["fp32", "tf32", "bf16", "fp16"])
@pytest.mark.parametrize("phase", PHASES)
def test_every_phase_is_measured(phase: Phase, dtype: Dtype, mode: Mode) -> None:
    for row in rows(SMALL, SMALL, phase=phase, dtype=dtype, mode=mode):
        assert isinstance(row, Measurement), row.reason
        assert all(second > 0 for second in row.sample.seconds)
        assert len(row.sample.host_seconds) == len(row.sample.seconds)


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("layout", ["contiguous", "channels-last"])
def test_plain_sgd_and_layouts_are_recorded(phase: Phase, layout: str) -> None:
    (row,) = rows(SMALL, phase=phase, layout=layout, optimizer="sgd", mode="cuda-graph")
    assert isinstance(row, Measurement), row.reason


@pytest.mark.parametrize("name", ["v1", "v3"])
@pytest.mark.parametrize("phase", ["forward", "train-step"])
def test_whole_networks_are_recorded(name: str, phase: Phase) -> None:
    (row,) = rows(load(name), phase=phase, mode="cuda-graph", dtype="bf16")
    assert isinstance(row, Measurement), row.reason


@pytest.mark.parametrize("phase", ["forward", "train-forward"])
def test_a_recording_computes_what_the_call_computes(phase: Phase) -> None:
    plain, graph = (subject(SMALL, Setup(phase=phase, batch=2, device="cuda", mode=mode)) for mode in ("eager", "cuda-graph"))
    expected, found = (one.run(one.ready()) for one in (plain, graph))
    assert torch.allclose(found, expected, rtol=1e-3, atol=1e-4)


def learner(phase: Phase) -> tuple[Subject, torch.nn.Linear]:
    """A line that is to become zero by steps of plain descent."""
    net = torch.nn.Linear(4, 1, bias=False, device="cuda")
    with torch.no_grad():
        net.weight.fill_(1.0)
    inputs = torch.eye(4, device="cuda")
    optimizer = torch.optim.SGD(net.parameters(), 0.1)

    def gradients() -> None:
        optimizer.zero_grad()
        net(inputs).square().sum().backward()

    def whole(_: object) -> None:
        gradients()
        optimizer.step()

    setup = Setup(phase=phase, device="cuda", mode="cuda-graph")
    if phase == "train-step":
        return Subject("learner", setup, lambda: None, whole), net
    return Subject("learner", setup, gradients, lambda _: optimizer.step()), net


@pytest.mark.parametrize("phase", ["train-step", "step"])
def test_playing_again_steps_again_and_adds_no_gradients(phase: Phase) -> None:
    whole, net = learner(phase)
    played = captured(whole)
    with torch.no_grad():
        net.weight.fill_(1.0)
    for _ in range(3):
        played.run(played.ready())
    torch.cuda.synchronize()
    # The gradient is twice the weight, so that each step leaves 1 - .1 * 2 of it.
    assert torch.allclose(net.weight, torch.full_like(net.weight, 0.8**3))


def test_what_waits_for_the_gpu_cannot_be_recorded_and_harms_no_other() -> None:
    image = torch.ones(4, device="cuda")

    def run(_: object) -> float:
        return float(image.sum().item())

    with pytest.raises(AnalyzerError, match="cannot be recorded as a CUDA graph"):
        captured(Subject("waits", Setup(device="cuda", mode="cuda-graph"), lambda: None, run))
    assert torch.rand(4, device="cuda").isfinite().all()
    (row,) = rows(load("v1"), mode="cuda-graph", phase="train-step")  # its dropout throws dice
    assert isinstance(row, Measurement), row.reason


def test_recordings_cost_the_processor_less() -> None:
    network = load("v1")
    hosts = []
    for mode in ("eager", "cuda-graph"):
        (row,) = rows(network, mode=mode, batch=1)
        assert isinstance(row, Measurement), row.reason
        hosts.append(median(row.sample.host_seconds))
    assert hosts[1] < hosts[0] / 2


def test_one_small_image_is_bound_by_launches() -> None:
    (row,) = rows(load("v1"), batch=1, dtype="bf16")
    assert isinstance(row, Measurement)
    assert any(doubt.startswith("launch-bound") for doubt in row.doubts)


def test_events_agree_with_the_wall() -> None:
    one = torch.randn(4096, 4096, device="cuda")
    work = Subject("product", Setup(device="cuda"), lambda: None, lambda _: one @ one)
    clock = CudaClock(torch.device("cuda"))
    clock.slot(work, 10)
    begin = time.perf_counter()
    lap = clock.slot(work, 50)
    wall = (time.perf_counter() - begin) / 50
    assert 0.5 * wall < lap.seconds <= 1.05 * wall


@pytest.mark.parametrize("cache", ["warm", "flushed"])
@pytest.mark.parametrize("phase", ["forward", "backward"])
def test_caches_warm_and_flushed_are_measured(cache: Cache, phase: Phase) -> None:
    (row,) = rows(SMALL, cache=cache, phase=phase)
    assert isinstance(row, Measurement), row.reason
    assert row.sample.setup.cache == cache


def test_the_walk_is_longer_than_the_l2() -> None:
    flush = flush_for(Setup(device="cuda", cache="flushed"))
    assert flush is not None
    walked = flush()
    assert isinstance(walked, torch.Tensor)
    assert walked.is_cuda
    assert walked.nbytes > cache_bytes(torch.device("cuda")) >= 2**20


@pytest.mark.skipif(sensors.nvml is None, reason="needs the extra gpu")
def test_sensors_tell_clock_power_and_energy() -> None:
    found = sensors_for("cuda")
    assert found is not None
    reading = found.read()
    assert reading.clock is not None
    assert 0 < reading.clock <= (found.highest_clock() or reading.clock)
    (row,) = rows(load("v1"), batch=32, dtype="bf16")
    assert isinstance(row, Measurement)
    assert row.sensed is not None
    assert row.sensed.energy is None or 0 < row.sensed.energy < 100


@pytest.fixture
def one_gib() -> Iterator[None]:
    """A GPU whose allocator may take no more."""
    total = torch.cuda.get_device_properties(0).total_memory
    torch.cuda.set_per_process_memory_fraction(min(1.0, GIB / total), 0)
    try:
        yield
    finally:
        torch.cuda.set_per_process_memory_fraction(1.0, 0)


@pytest.mark.usefixtures("one_gib")
@pytest.mark.parametrize("mode", ["eager", "cuda-graph"])
def test_too_little_memory_is_a_row_and_is_given_back(mode: Mode) -> None:
    failed, measured = rows(load("v3"), SMALL, batch=256, phase="train-step", mode=mode)
    assert isinstance(failed, Failure)
    assert failed.reason.startswith("out of memory with batch 256")
    assert isinstance(measured, Measurement), measured.reason
    assert measured.sample.setup.batch == 256
    del measured
    assert torch.cuda.memory_allocated() < GIB // 4


@pytest.mark.skipif(torch.cuda.device_count() < 2, reason="needs two CUDA devices")
@pytest.mark.parametrize("mode", ["eager", "cuda-graph"])
@pytest.mark.parametrize("phase", PHASES)
def test_another_device_is_timed_on_its_own_stream(phase: Phase, mode: Mode) -> None:
    (row,) = rows(SMALL, phase=phase, mode=mode, device="cuda:1")
    assert isinstance(row, Measurement), row.reason
    assert torch.cuda.current_device() == 0


@pytest.mark.parametrize("phase", ["forward", "train-step"])
def test_compiled_networks_are_measured(phase: Phase) -> None:
    for row in rows(SMALL, load("v1"), phase=phase, mode="compile"):
        assert isinstance(row, Measurement), row.reason


@pytest.mark.parametrize("mode", ["eager", "cuda-graph"])
@pytest.mark.parametrize("phase", PHASES)
def test_what_is_no_number_is_a_row(phase: Phase, mode: Mode, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(network: Network, batch: int, *, device: str, input: Shape) -> torch.Tensor:  # noqa: ARG001
        return torch.full((batch, *astuple(input)), float("nan"), device=device)

    monkeypatch.setattr("inception_analyzer.lab.phases.image_batch", broken)
    (row,) = rows(SMALL, phase=phase, mode=mode)
    assert isinstance(row, Failure)
    assert "not finite" in row.reason


def test_the_peak_of_a_recording_is_what_it_reserves() -> None:
    found = weigh(entrants(SMALL)[0], Setup(phase="train-step", batch=2, device="cuda", mode="cuda-graph"))
    assert found.measured is None
    assert found.reserved
    assert "set aside" in found.reason


def test_a_gpu_that_is_not_there_is_refused() -> None:
    with pytest.raises(AnalyzerError, match="is not here") as caught:
        device_for(f"cuda:{torch.cuda.device_count()}")
    assert caught.value.code == 4


def test_the_fingerprint_names_gpu_and_driver() -> None:
    found = fingerprint()
    assert f"cuda:0 {torch.cuda.get_device_name(0)}" in found["devices"]
    assert found["driver"]
    assert found["cuda"]


def test_the_command_tells_gpu_mode_and_host_time(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["measure", "v1", "v1", "--device", "cuda", "--dtype", "bf16", "--budget", "1s", "--format", "json"]
    for mode in ("eager", "cuda-graph"):
        assert run([*arguments, "--mode", mode]) == 0
        for row in json.loads(capsys.readouterr().out)["measurements"]:
            assert (row["device"], row["mode"]) == ("cuda", mode)
            assert row["host_median"] > 0
            assert (row["sensors"] is None) == (sensors.nvml is None)
