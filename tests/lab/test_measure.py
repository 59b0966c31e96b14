"""Measuring for real, briefly: every phase runs, failures are rows, devices are checked, memory is what autograd keeps."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
import torch

from inception_analyzer import AnalyzerError, Shape, load
from inception_analyzer.__main__ import run
from inception_analyzer.asked import PHASES
from inception_analyzer.choices import Phase
from inception_analyzer.lab.build import build, image_batch
from inception_analyzer.lab.counters import kept_elements
from inception_analyzer.lab.measure import Entrant, device_for, measure
from inception_analyzer.lab.memory import training_memory
from inception_analyzer.lab.modules import Outputs
from inception_analyzer.lab.phases import subject
from inception_analyzer.spec import Network, Recipe, Source
from inception_analyzer.timings import Failure, Measurement, Setup
from inception_analyzer.words import aux, conv, globalpool, linear, named, trunk

pytestmark = pytest.mark.usefixtures("briefly")

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


def entrants(*networks: Network) -> list[Entrant]:
    return [Entrant(network, network.input) for network in networks]


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("optimizer", ["recipe", "sgd"])
def test_every_phase_is_measured(phase: Phase, optimizer: str) -> None:
    setup = Setup(phase=phase, batch=2, budget=20.0, optimizer=optimizer)
    rows = list(measure(entrants(SMALL, SMALL), [setup]))
    assert all(isinstance(row, Measurement) for row in rows)
    assert all(second > 0 for row in rows if isinstance(row, Measurement) for second in row.sample.seconds)


@pytest.mark.parametrize("dtype", ["bf16", "tf32"])
@pytest.mark.parametrize("layout", ["contiguous", "channels-last"])
def test_other_numbers_and_layouts_are_measured(dtype: str, layout: str) -> None:
    rows = list(measure(entrants(SMALL), [Setup(batch=2, budget=20.0, dtype=dtype, layout=layout)]))
    assert all(isinstance(row, Measurement) for row in rows)


def test_the_loss_is_the_recipes() -> None:
    network, setup = SMALL, Setup(phase="train-forward", batch=4, seed=3)
    loss = subject(network, setup).run(None)
    net = build(network, aux=True, seed=3).train()
    outputs = net(image_batch(network, 4))
    assert isinstance(outputs, Outputs)
    labels = torch.randint(1000, (4,), generator=torch.Generator().manual_seed(3))
    losses = [
        torch.nn.functional.cross_entropy(logits, labels, label_smoothing=0.1) for logits in (outputs.logits, *outputs.aux)
    ]
    assert torch.allclose(loss, losses[0] + 0.4 * losses[1])


def test_threads_and_flags_are_as_before() -> None:
    before = (torch.get_num_threads(), torch.backends.cudnn.allow_tf32)
    list(measure(entrants(SMALL), [Setup(batch=2, budget=20.0, threads=2, dtype="tf32")]))
    assert (torch.get_num_threads(), torch.backends.cudnn.allow_tf32) == before


def test_a_network_that_cannot_be_trained_is_a_row_and_the_other_goes_on() -> None:
    failed, measured = measure(entrants(load("v3"), SMALL), [Setup(phase="train-step", batch=1, budget=20.0)])
    assert isinstance(failed, Failure)
    assert failed.reason == "a batch norm on a 1x1 map needs at least two images"
    assert isinstance(measured, Measurement)


@pytest.mark.parametrize("phase", PHASES)
def test_outputs_that_are_no_numbers_are_a_row(phase: Phase, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inception_analyzer.lab.phases.image_batch", lambda *_, **__: torch.full((2, 3, 16, 16), float("nan")))
    (row,) = measure(entrants(SMALL), [Setup(phase=phase, batch=2, budget=20.0)])
    assert isinstance(row, Failure)
    assert row.reason == f"small gives {'outputs that are' if phase == 'forward' else 'a loss that is'} not finite"


@pytest.mark.parametrize("phase", PHASES)
def test_every_phase_runs_what_was_compiled(phase: Phase, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[dict[str, object]] = []
    called: list[torch.nn.Module] = []

    def compiling(net: torch.nn.Module, **how: object) -> Callable[[torch.Tensor], object]:
        asked.append(how)
        return lambda images: (called.append(net), net(images))[1]

    monkeypatch.setattr(torch, "compile", compiling)
    made = subject(SMALL, Setup(phase=phase, mode="compile", batch=2))
    made.run(made.ready())
    assert len(called) == 1
    # Sizes are never left open, and nothing is run as written in silence.
    assert asked == [{"fullgraph": True, "dynamic": False}]


def test_processors_are_not_told_apart() -> None:
    assert device_for("cpu:0") == "cpu"


@pytest.mark.parametrize("device", ["cpu:1", "cuda:99", "tpu", "xla", "", "meta"])
def test_devices_that_cannot_be_had(device: str) -> None:
    with pytest.raises(AnalyzerError, match="cannot time on") as caught:
        device_for(device)
    assert caught.value.code == 4


def test_kept_bytes_are_the_kept_elements() -> None:
    network = load("v3")
    memory = training_memory(network, Setup(batch=2))
    module = build(network, aux=True, device="meta").train()
    elements = kept_elements(module, image_batch(network, 2, device="meta"))
    wide = 4 * elements  # floats, but for the places of maxima, which are twice as wide, and the statistics of norms
    assert wide < memory.kept < 1.05 * wide
    assert memory.kept == sum(size for _, size in memory.by_block)
    params = sum(param.nbytes for param in module.parameters())
    assert (memory.gradients, memory.optimizer) == (params, 2 * params)
    assert memory.total == memory.parameters + memory.gradients + memory.optimizer + memory.kept


def test_the_command_answers_by_the_contract(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["measure", "v1", "v1", "--input", "224", "--budget", "20s", "--seed", "5", "--format", "json"]
    assert run(arguments) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["command"] == "measure"
    assert document["machine"]["torch"] == torch.__version__
    reference, other = document["measurements"]
    keys = {"expression", "phase", "batch", "dtype", "device", "median", "low", "high", "n", "ratio", "ratio_low", "ratio_high"}
    assert keys | {"verdict", "doubts", "samples", "seed"} <= reference.keys()
    assert reference["ratio"] is None
    assert other["ratio_low"] <= other["ratio"] <= other["ratio_high"]
    assert other["seed"] == 5
    assert len(other["samples"]) == other["n"]


def test_an_interruption_keeps_what_is_finished(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    from inception_analyzer.lab import measure as lab

    real, calls = lab.measure_together, []

    def interrupted(*arguments: object) -> list[Measurement]:
        calls.append(arguments)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(*arguments)

    monkeypatch.setattr(lab, "measure_together", interrupted)
    assert run(["measure", "v1", "--batch", "1,2", "--budget", "20s", "--format", "json"]) == 130
    rows = json.loads(capsys.readouterr().out)["measurements"]
    assert [row["batch"] for row in rows] == [1]


def test_nothing_measured_is_a_failure(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["measure", "v3", "--phase", "train-step", "--batch", "1", "--budget", "20s"]) == 4
    assert "v3, training step, batch 1: a batch norm on a 1x1 map needs at least two" in " ".join(
        capsys.readouterr().out.split()
    )


def test_flushed_caches_are_measured_and_named(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["measure", "v1", "--input", "64", "--budget", "20s", "--cache", "flushed", "--format", "json"]
    assert run(arguments) == 0
    (row,) = json.loads(capsys.readouterr().out)["measurements"]
    assert (row["cache"], row["mode"], row["host_median"], row["sensors"]) == ("flushed", "eager", None, None)


def test_a_processor_records_no_graphs(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["measure", "v1", "--mode", "cuda-graph", "--device", "cpu"]) == 4
    told = capsys.readouterr().err
    assert "only a CUDA device records graphs" in told
    assert "--mode eager" in told


@pytest.mark.parametrize("mode", ["compile", "cuda-graph"])
def test_blocks_need_a_network_in_parts(mode: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["measure", "v1", "--blocks", "--mode", mode]) == 2
    assert f"a network in the mode {mode} has no blocks left to time" in capsys.readouterr().err


def test_training_memory_is_counted_for_graphs_too() -> None:
    setup = Setup(phase="train-step", batch=2, mode="cuda-graph", device="cuda")
    assert training_memory(SMALL, setup) == training_memory(SMALL, Setup(phase="train-step", batch=2))


def test_half_precision_keeps_what_autograd_keeps_of_it() -> None:
    """Followed without the memory, beside a pass for real."""
    network, setup = load("v1"), Setup(phase="train-step", batch=2, dtype="bf16")
    image = Shape(3, 128, 128)
    net, images = build(network, aux=True, input=image).train(), image_batch(network, 2, input=image)
    seen: dict[int, torch.Tensor] = {}
    own = {tensor.untyped_storage()._cdata for tensor in (*net.parameters(), *net.buffers())}

    def keep(tensor: torch.Tensor) -> torch.Tensor:
        if tensor.untyped_storage()._cdata not in own:
            seen.setdefault(tensor.untyped_storage()._cdata, tensor)
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor), torch.autocast("cpu", torch.bfloat16):
        outputs = net(images)
    del outputs
    memory = training_memory(network, setup, image)
    assert memory.kept == sum(tensor.untyped_storage().nbytes() for tensor in seen.values())
    assert memory.dtype == "bf16"
    assert memory.kept != training_memory(network, Setup(batch=2), image).kept


def test_the_noise_of_a_machine_is_not_ended_by_a_look(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["measure", "v1", "--input", "64", "--aa", "--precision", "50%", "--budget", "20s", "-f", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)["measurements"]
    assert {row["stopped_by"] for row in rows} == {"looks"}
    assert rows[1]["reference"] == "v1"


def test_memory_of_what_did_not_fit_is_told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    from inception_analyzer.lab import room

    monkeypatch.setattr(room, "free_memory", lambda: 256 * 2**20)
    asked = ["measure", "v1", "--phase", "train-step", "--batch", "64", "--budget", "20s", "-f", "json"]
    assert run(asked) == 4
    document = json.loads(capsys.readouterr().out)
    assert "out of memory" in document["measurements"][0]["error"]
    assert document["memory"][0]["kept"] > 2**30
