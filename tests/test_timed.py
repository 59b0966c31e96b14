"""The measured half of `compare` and `kernel`, briefly: what it holds, in which order, and what is kept when it fails."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest

from inception_analyzer.__main__ import run
from inception_analyzer.kernel import as_network, bench, parse_chain
from inception_analyzer.lab import ceilings, memory, pairing
from inception_analyzer.lab import measure as lab
from inception_analyzer.lab.phases import Subject, subject
from inception_analyzer.spec import Network
from inception_analyzer.timings import Ceilings, Memory, Setup

pytestmark = pytest.mark.usefixtures("briefly")

ONE, OTHER = "alexnet@width=0.125", "alexnet@width=0.25"
CEILINGS = Ceilings("cpu", "fp32", 1, 1e11, 1e10, 1e-6)
PAIR = ["compare", ONE, OTHER, "--input", "67", "--budget", "4s"]
WITHOUT_TORCH = (
    "import sys; sys.modules['torch'] = None; from inception_analyzer.__main__ import run; sys.exit(run(sys.argv[1:]))"
)


@pytest.fixture(autouse=True)
def known_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ceilings, "load_or_measure", lambda *_: CEILINGS)
    monkeypatch.setenv("COLUMNS", "80")


def told(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> dict[str, Any]:
    assert run([*arguments, "--format", "json"]) == code
    return json.loads(capsys.readouterr().out)


def test_compare_measures_by_default(capsys: pytest.CaptureFixture[str]) -> None:
    document = told(capsys, *PAIR)
    assert [(row["expression"], row["phase"]) for row in document["measurements"]] == [
        (name, phase) for phase in ("forward", "backward", "train-step") for name in (ONE, OTHER)
    ]
    for row in document["measurements"]:
        assert row["plan"]["looks"][0] == 8
        assert 0 < row["plan"]["level"] < 0.05
        assert len(row["samples"]) == row["n"]
        assert isinstance(row["doubts"], list)
    assert {one["expression"] for one in document["memory"]} == {ONE, OTHER}
    assert [one["expression"] for one in document["roofs"]] == [ONE, OTHER]
    assert document["machine"]["torch"]
    assert document["models"][0]["macs"] < document["models"][1]["macs"]
    assert document["missing"] == []


def test_the_measured_half_has_its_order(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(PAIR) == 0
    out = capsys.readouterr().out
    places = ["counted", "measured here", "Counting predicts", "training memory", f"{ONE}, block", f"{OTHER}, block"]
    assert sorted(places, key=out.index) == places
    assert "rounds interleaved" in out[out.index(places[-1]) :]
    assert max(map(len, out.splitlines())) <= 80


def test_times_are_columns_of_csv(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*PAIR, "--phase", "forward", "--no-blocks", "--format", "csv"]) == 0
    first, second, *parts = csv.DictReader(io.StringIO(capsys.readouterr().out))
    assert float(first["forward_batch1_median"]) > 0
    assert first["forward_batch1_ratio"] == ""
    assert float(second["forward_batch1_ratio_low"]) <= float(second["forward_batch1_ratio_high"])
    assert second["macs_ratio"]
    assert second["forward_batch1_median_seconds"] == second["forward_batch1_median"]
    assert {part["row"] for part in parts} <= {"block", "stage", "rule"}
    assert not any(part["forward_batch1_median"] for part in parts)


@pytest.mark.parametrize("form", ["table", "json"])
def test_without_torch_the_counts_are_told_and_then_what_is_missing(form: str) -> None:
    arguments = [sys.executable, "-c", WITHOUT_TORCH, "compare", "v1", "v3", "--format", form]
    done = subprocess.run(arguments, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 4
    assert "this needs torch, which is not installed" in done.stderr
    assert ("3.61x the multiply-adds" in done.stdout) if form == "table" else json.loads(done.stdout)["ratios"]


def test_without_the_device_the_counts_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    document = told(capsys, "compare", "v1", "v3", "--device", "cuda:99", code=4)
    assert document["measurements"] == []
    assert [model["name"] for model in document["models"]] == ["googlenet", "inception-v3"]


def interrupt_at(monkeypatch: pytest.MonkeyPatch, module: object, name: str, call: int) -> None:
    """Somebody presses Ctrl-C when a function is called for this time."""
    real, calls = getattr(module, name), []

    def interrupted(*arguments: Any) -> Any:
        calls.append(arguments)
        if len(calls) == call:
            raise KeyboardInterrupt
        return real(*arguments)

    monkeypatch.setattr(module, name, interrupted)


def test_an_interruption_while_timing_keeps_the_counts_and_the_rows(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    interrupt_at(monkeypatch, lab, "measure_together", 2)
    assert run([*PAIR, "--format", "json"]) == 130
    out, err = capsys.readouterr()
    assert err.endswith("interrupted; what was finished is told\n")
    document = json.loads(out)
    assert {row["phase"] for row in document["measurements"]} == {"forward"}
    assert len(document["models"]) == 2
    assert document["memory"] == document["roofs"] == []


@pytest.mark.parametrize(("module", "name"), [(memory, "training_memory"), (lab, "roof_of")])
def test_an_interruption_later_keeps_the_times(
    module: object, name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    interrupt_at(monkeypatch, module, name, 2)
    document = told(capsys, *PAIR, code=130)
    assert len(document["measurements"]) == 6
    assert [one["expression"] for one in document["memory"]][:1] == [ONE]


def test_memory_that_cannot_be_told_of_one_network_is_told_of_the_other(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    real = memory.training_memory

    def failing(network: Network, setup: Setup, *arguments: Any) -> Memory:
        if network.label == ONE:
            raise RuntimeError("no shape for this\nand much more")
        return real(network, setup, *arguments)

    monkeypatch.setattr(memory, "training_memory", failing)
    document = told(capsys, *PAIR, "--no-blocks", "--phase", "train-step")
    assert [one["expression"] for one in document["memory"]] == [OTHER]
    assert document["missing"] == [{"expression": ONE, "what": "memory of training", "error": "no shape for this"}]


def test_all_networks_stand_under_one_roof(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    measured: list[Ceilings] = []

    def in_doubt(*_: object) -> Ceilings:
        measured.append(replace(CEILINGS, doubts=(f"disturbed {len(measured)}",)))
        return measured[-1]

    monkeypatch.setattr(ceilings, "load_or_measure", in_doubt)
    document = told(capsys, *PAIR, "--phase", "forward")
    assert [one["ceilings"]["doubts"] for one in document["roofs"]] == [["disturbed 0"]] * 2


def test_strict_wants_a_verdict(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(pairing, "judge", lambda *_, **__: "INCONCLUSIVE")
    assert run([*PAIR, "--phase", "forward", "--no-blocks"]) == 0
    assert run([*PAIR, "--phase", "forward", "--no-blocks", "--strict"]) == 3
    assert "inconclusive" in capsys.readouterr().out


@pytest.mark.parametrize("command", [["compare", "v1", "v3"], ["kernel", "5x5", "3x3,3x3", "--measure"], ["measure", "v1"]])
@pytest.mark.parametrize(
    "option", [("--budget", "soon"), ("--phase", "sleep"), ("--batch", "0"), ("--precision", "0.1%"), ("--dtype", "fp8")]
)
def test_every_command_that_times_refuses_the_same(
    command: list[str], option: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*command, *option]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("error: ")


TABLE = ["kernel", "5x5", "3x3,3x3", "--measure", "--grid", "6,4", "--channels", "4", "--budget", "4s"]


def test_a_kernel_over_grids_is_one_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*TABLE, "--batch", "1,2"]) == 0
    lines = capsys.readouterr().out.splitlines()
    rows = [line.split() for line in lines if line.startswith(("  6x6 ", "  4x4 "))]
    assert [row[:3] for row in rows] == [[grid, batch, "0.72x"] for batch in "12" for grid in ("6x6", "4x4")]
    assert lines[0].startswith("3x3,3x3 in place of 5x5")
    assert any(word in " ".join(lines[1:5]) for word in ("pays in time", "not pay in time", "cannot be told"))
    assert "rounds interleaved" in " ".join(lines[-4:])
    assert max(map(len, lines)) <= 80


def test_a_doubt_about_all_is_told_once(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    told = {0: ["both", "first"], 1: ["both"]}
    monkeypatch.setattr(pairing, "_doubts", lambda which, *_: told[which])
    assert run([*PAIR, "--phase", "forward", "--no-blocks"]) == 0
    lines = " ".join(capsys.readouterr().out.split())
    assert f"{ONE} and {OTHER}, inference, batch 1: both {ONE}, inference, batch 1: first" in lines


def test_the_cells_of_a_kernel_table_are_records(capsys: pytest.CaptureFixture[str]) -> None:
    document = told(capsys, *TABLE, "--channels", "4,8", "--phase", "forward,backward,step,train-step")
    cells = document["cells"]
    assert [(cell["channels"], cell["phase"], cell["grid"]) for cell in cells] == [
        (channels, phase, grid)
        for channels in ([4], [4, 8])
        for phase in ("forward", "backward", "step", "train-step")
        for grid in (6, 4)
    ]
    assert all(cell["ratio_low"] <= cell["ratio"] <= cell["ratio_high"] for cell in cells)
    assert all(cell["median_reference"] > 0 < cell["median_other"] for cell in cells)
    assert cells[0]["macs_reference"] == 25 * 4 * 4 * 6 * 6
    assert len(document["paying"]) == 8
    assert all(sorted(one["pays"] + one["pays_not"] + one["undecided"]) == [4, 6] for one in document["paying"])
    assert len(document["measurements"]) == 2 * len(cells)
    assert {(row["grid"], len(row["samples"]) > 0, row["plan"]["level"] > 0) for row in document["measurements"]} == {
        (6, True, True),
        (4, True, True),
    }


def test_the_cells_of_a_kernel_table_are_csv(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*TABLE, "--format", "csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["grid"] for row in rows] == ["6", "4"]
    assert all(float(row["ratio_low"]) <= float(row["ratio"]) for row in rows)
    assert run([*TABLE, "--format", "markdown"]) == 0
    assert "| 6×6 | 1 | 0.72× |" in capsys.readouterr().out


def test_an_interruption_keeps_finished_grids(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    interrupt_at(monkeypatch, lab, "measure_together", 2)
    document = told(capsys, *TABLE, "--batch", "1,2", code=130)
    assert [(cell["grid"], cell["batch"]) for cell in document["cells"]] == [(4, 1)]


def test_an_interruption_before_the_first_grid_is_an_answer(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    interrupt_at(monkeypatch, lab, "measure_together", 1)
    assert run(TABLE) == 130
    assert "nothing was timed" in capsys.readouterr().out


def test_a_chain_that_fails_leaves_its_grid_open(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    real = lab.subject

    def failing(network: Network, *arguments: Any) -> Subject:
        if network.label.startswith("5x5 on 4x4"):
            raise RuntimeError("no kernel for this")
        return real(network, *arguments)

    monkeypatch.setattr(lab, "subject", failing)
    document = told(capsys, *TABLE)
    assert document["cells"][1]["error"] == "no kernel for this"
    assert document["cells"][1]["median_reference"] is None
    assert document["cells"][1]["median_other"] > 0
    assert 4 in document["paying"][0]["undecided"]
    assert run(TABLE) == 0
    assert "not measured" in capsys.readouterr().out


def test_the_step_of_a_chain_has_the_gradient_of_its_input() -> None:
    found = bench(parse_chain("3x3"), parse_chain("1x3,3x1"), (4,), 6)
    for one in (found.reference, found.other):
        made = subject(as_network(one, 6), Setup(phase="train-forward", batch=2)).run(None)
        made.backward()
        leaves, ahead = 0, [made.grad_fn]
        while ahead:
            node = ahead.pop()
            leaves += hasattr(node, "variable") and tuple(node.variable.shape) == (2, 4, 6, 6)
            ahead += [following for following, _ in node.next_functions if following is not None]
        assert leaves == 1


@pytest.mark.parametrize("arguments", [["--grid", "8"], ["--grid", "8", "--phase", "all"]])
def test_one_grid_has_its_times_below_the_counts(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*TABLE[:4], "--channels", "4", "--budget", "4s", *arguments, "--format", "csv"]) == 0
    rows = {row["quantity"]: row for row in csv.DictReader(io.StringIO(capsys.readouterr().out))}
    assert float(rows["macs"]["ratio"]) == 0.72
    assert float(rows["forward_batch1_median"]["reference"]) > 0
    assert ("train-step_batch2_median" in rows) == ("all" in arguments)


def test_many_networks_side_by_side(capsys: pytest.CaptureFixture[str]) -> None:
    names = [f"alexnet@width={width}" for width in ("0.125", "0.25", "0.5", "0.375")]
    document = told(capsys, "compare", *names, "--input", "67", "--budget", "4s", "--phase", "forward")
    assert len(document["measurements"]) == len(document["roofs"]) == 4
    assert all(row["ratio"] is not None for row in document["measurements"][1:])
