"""Peaks: predictions by tensors that live, measurements by a gauge, and reasons where either is missing."""

from __future__ import annotations

import gc
import json
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch

from inception_analyzer import Shape, load
from inception_analyzer.__main__ import run
from inception_analyzer.asked import PHASES
from inception_analyzer.choices import Phase
from inception_analyzer.lab import fresh, gauges, peak
from inception_analyzer.lab.build import build
from inception_analyzer.lab.gauges import Allocator, Lifetime, Resident, gauge_for
from inception_analyzer.lab.live import Live, predicted_peak
from inception_analyzer.lab.measure import Entrant
from inception_analyzer.lab.memory import training_memory
from inception_analyzer.lab.peak import measured_peak, weigh
from inception_analyzer.spec import Network, Recipe, Source
from inception_analyzer.timings import Setup
from inception_analyzer.words import conv, globalpool, linear, trunk

MIB = 2**20

# Maps of 4 MiB an image: large beside whatever else a process does.
WIDE = Network(
    "wide",
    "Wide",
    "ref",
    Shape(3, 128, 128),
    trunk(conv(64, 3, norm=None), conv(64, 3, norm=None), globalpool(), linear(1000)),
    Source("none", "none", 2026),
    Recipe("sgd", momentum=0.9),
)
V1 = load("v1")

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")


def entrant(network: Network) -> Entrant:
    return Entrant(network, network.input)


def test_a_storage_counts_once_and_until_nobody_holds_it() -> None:
    with Live() as live:
        one = torch.empty(1000, device="meta")
        view = one.view(10, 100)
        assert live.now == 4000
        other = one + 1
        assert (live.now, live.most) == (8000, 8000)
        del one
        assert live.now == 8000
        del view
        assert live.now == 4000
        other.add_(1)
        assert (live.now, live.most) == (4000, 8000)


def test_what_autograd_holds_is_alive() -> None:
    with Live() as live:
        weight = torch.empty(1000, device="meta", requires_grad=True)
        result = (weight * 2).exp().sum()  # the exponential keeps its result, the product nothing
        assert live.now == 4000 + 4000 + 4
        result.backward()
        assert live.now == 4000 + 4000 + 4
        del result
        assert live.now == 8000


def test_a_forward_pass_by_hand() -> None:
    """Two maps at once: that which a convolution reads and that which it writes, beside the weights and the image."""
    weights = sum(param.nbytes for param in build(WIDE, device="meta").parameters())
    image, map_of_64 = 4 * WIDE.input.size, 4 * 64 * 128 * 128
    assert predicted_peak(WIDE, Setup(batch=3)) == weights + 3 * (image + 2 * map_of_64)


@pytest.mark.parametrize("name", ["v1", "v3"])
def test_phases_hold_what_training_holds(name: str) -> None:
    network, batch = load(name), 2
    most = {phase: predicted_peak(network, Setup(phase=phase, batch=batch)) for phase in PHASES}
    held = training_memory(network, Setup(phase="train-step", batch=batch))
    image = 4 * batch * network.input.size
    assert most["train-forward"] >= held.parameters + held.kept  # no step was taken, so the optimiser knows nothing
    assert most["step"] >= held.parameters + held.gradients + held.optimizer + image
    assert most["train-step"] == max(most.values())
    # Maps go while gradients come, so never everything at once; and of the next step's maps the last step's gradients are gone.
    assert most["train-step"] < held.total + image + held.kept


def test_nothing_is_left_alive() -> None:
    with Live() as live:
        net = build(V1, device="meta")
        assert live.now == sum(held.nbytes for held in (*net.parameters(), *net.buffers()))
        del net
        gc.collect()
    assert live.now == 0


def test_plain_sgd_remembers_nothing() -> None:
    recipe, plain = (predicted_peak(V1, Setup(phase="step", batch=2, optimizer=way)) for way in ("recipe", "sgd"))
    assert recipe - plain >= sum(param.nbytes for param in build(V1, aux=True, device="meta").parameters())


@linux_only
def test_a_fresh_process_shows_what_was_predicted() -> None:
    found = weigh(entrant(WIDE), Setup(batch=8))
    assert (found.gauge, found.reason) == ("resident", "")
    assert found.predicted is not None
    assert found.measured is not None
    # Libraries take some of their own, of the size of a map or so, and never less than the tensors that must be there.
    assert 0.9 * found.predicted < found.measured < 2 * found.predicted
    assert found.built is not None
    assert found.built < found.measured


@linux_only
@pytest.mark.parametrize("phase", PHASES)
def test_every_phase_is_weighed(phase: Phase) -> None:
    found = measured_peak(entrant(WIDE), Setup(phase=phase, batch=2))
    assert found.measured is not None
    assert found.measured > 0
    assert found.reason == ""


@linux_only
def test_a_height_is_forgotten() -> None:
    gauge = Resident()
    gauge.forget()
    before = gauge.most()
    held = torch.ones(64 * MIB // 4)
    assert gauge.most() - before > 60 * MIB
    del held
    gauge.forget()
    assert gauge.most() - before < 16 * MIB


@pytest.mark.parametrize(("platform", "unit"), [("linux", 1024), ("darwin", 1), ("freebsd14", 1024)])
def test_each_system_has_its_unit(platform: str, unit: int, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = SimpleNamespace(getrusage=lambda _: SimpleNamespace(ru_maxrss=5000), RUSAGE_SELF=0)
    monkeypatch.setattr(gauges, "resource", usage)
    monkeypatch.setattr(sys, "platform", platform)
    assert Lifetime().most() == 5000 * unit


def test_without_proc_the_largest_of_a_lifetime_is_taken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(gauges, "STATUS", tmp_path / "status")
    monkeypatch.setattr(gauges, "FORGET", tmp_path / "not" / "there")
    assert gauge_for("cpu").name == "lifetime"
    found = measured_peak(entrant(WIDE), Setup(batch=1))
    assert found.gauge == "lifetime"
    assert found.measured is not None
    assert found.measured >= 0


def test_where_nothing_tells_a_peak_there_is_a_reason(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(gauges, "FORGET", tmp_path / "not" / "there")
    monkeypatch.setattr(gauges, "resource", None)
    found = measured_peak(entrant(WIDE), Setup())
    assert (found.measured, found.reason) == (None, "this system does not tell a process its peak")


def test_other_devices_keep_no_peak() -> None:
    found = measured_peak(entrant(WIDE), Setup(device="mps"))
    assert found.reason == "mps keeps no peak of its memory"


def test_what_cannot_be_trained_has_its_reason() -> None:
    found = weigh(entrant(load("v3")), Setup(phase="train-step", batch=1))
    assert found.measured is None
    assert found.reason == "a batch norm on a 1x1 map needs at least two images"


def test_a_process_that_breaks_down_is_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fresh, "CHILD", "raise SystemExit('out of luck')")
    found = weigh(entrant(WIDE), Setup())
    assert found.predicted is not None
    assert (found.measured, found.reason) == (None, "out of luck")


@linux_only
def test_a_process_that_is_killed_is_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fresh, "CHILD", "import os; os.kill(os.getpid(), 9)")
    assert weigh(entrant(WIDE), Setup()).reason == "its process was ended by SIGKILL"


def test_half_precision_has_no_prediction_and_says_so() -> None:
    found = weigh(entrant(WIDE), Setup(dtype="bf16"))
    assert found.predicted is None
    assert found.measured is not None
    assert "bf16" in found.reason


ASKED = ["measure", "v1", "--input", "96", "--phase", "forward,train-step", "--budget", "20s", "--memory"]


@pytest.mark.usefixtures("briefly")
def test_the_command_gives_predictions_beside_measurements(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*ASKED, "--format", "json"]) == 0
    training, inference = json.loads(capsys.readouterr().out)["memory"]
    assert training["total"] == sum(training[name] for name in ("parameters", "gradients", "optimizer", "kept"))
    assert (inference["batch"], inference["total"]) == (1, None)
    for record, phase in ((training, "train-step"), (inference, "forward")):
        (found,) = record["peak"]
        assert (found["phase"], found["error"]) == (phase, None)
        assert found["predicted"] > 0
        assert found["measured"] > 0


@pytest.mark.usefixtures("briefly")
def test_an_interruption_while_weighing_keeps_the_times(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(peak, "weigh", interrupted)
    assert run([*ASKED, "--format", "json"]) == 130
    document = json.loads(capsys.readouterr().out)
    assert [row["phase"] for row in document["measurements"]] == ["forward", "train-step"]
    assert [record["peak"] for record in document["memory"]] == [[]]


@pytest.mark.usefixtures("briefly")
def test_what_cannot_be_weighed_loses_no_times(capsys: pytest.CaptureFixture[str]) -> None:
    small = [word if word != "96" else "64" for word in ASKED]  # on which no head of v1 fits
    assert run([*small, "--format", "json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert [row["error"] is None for row in document["measurements"]] == [True, False]
    reasons = {found["phase"]: found["error"] for record in document["memory"] for found in record["peak"]}
    assert reasons["forward"] is None
    assert "does not fit" in reasons["train-step"]


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
@pytest.mark.parametrize("phase", PHASES)
def test_the_allocator_gives_out_what_was_predicted(phase: Phase) -> None:
    found = weigh(entrant(V1), Setup(phase=phase, batch=8, device="cuda"))
    assert found.gauge == "allocator"
    assert None not in (found.predicted, found.measured, found.reserved)
    # Convolutions ask for room of their own to work in, and each tensor is rounded up to 512 bytes.
    assert 0.95 * found.predicted < found.measured < 3 * found.predicted
    assert found.reserved >= found.measured


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_the_allocator_forgets_a_height() -> None:
    gauge = Allocator(torch.device("cuda"))
    held = torch.ones(64 * MIB // 4, device="cuda")
    del held
    gauge.forget()
    assert gauge.most() == gauge.now()
