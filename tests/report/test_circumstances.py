"""Conditions, sensors and the fingerprint's sentence, of a GPU that is only told about."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from inception_analyzer.report.circumstances import conditions, fingerprint_note, sensor_notes, sensor_record
from inception_analyzer.report.data import to_csv, to_json
from inception_analyzer.report.document import Note
from inception_analyzer.report.measured import document
from inception_analyzer.timings import Failure, Measurement, Reading, Sample, Sensed, Setup

BEFORE, AFTER = Reading(1980, 410.4, 45, (), 0), Reading(1965, 480.0, 52, ("the power cap",), 0)
SENSED = Sensed("570.124.06", 1980, BEFORE, AFTER, 1965, ("the power cap",), 0, 0.0312, "counter")
MACHINE = {
    "processor": "A processor",
    "torch": "2.13.0",
    "devices": ["cpu", "cuda:0 NVIDIA H200", "cuda:1 NVIDIA L4"],
    "driver": "570.124.06",
    "cuda": "13.0",
    "cudnn": 91900,
    "commit": "0123456789ab",
    "time": "2026-11-20T12:11:58+00:00",
}


def measured(sensed: Sensed | None = SENSED, **asked: Any) -> Measurement:
    setup = Setup(**{"device": "cuda", "dtype": "bf16", "mode": "cuda-graph", "cache": "flushed", **asked})
    sample = Sample("v1", setup, tuple(0.010 + 0.0001 * number for number in range(8)), 1, 20, (0.002,) * 8)
    return Measurement(sample, None, 1, "looks", 1.0, ("clocks were held down by the power cap",), sensed)


def test_the_head_names_mode_and_cache() -> None:
    assert conditions([measured()]) == "cuda · bf16 · cuda-graph · flushed cache · 1 thread"
    assert conditions([measured(mode="eager", cache="warm", threads=2)]) == "cuda · bf16 · warm cache · 2 threads"
    assert conditions([]) == ""


def test_the_last_line_names_what_results_hang_on() -> None:
    assert fingerprint_note([measured()], MACHINE).lines == (
        "bf16, contiguous, cuda-graph, flushed cache, algorithms autotuned, 1 thread; 8 rounds interleaved in random order; "
        "NVIDIA H200, driver 570.124.06, CUDA 13.0, cuDNN 91900, A processor, torch 2.13.0, commit 0123456789ab, "
        "2026-11-20 12:11 UTC",
    )
    (other,) = fingerprint_note([measured(device="cuda:1", autotune=False)], MACHINE | {"driver": None, "commit": None}).lines
    assert "NVIDIA L4, CUDA 13.0" in other
    assert "algorithms not autotuned" in other
    assert "commit" not in other
    (plain,) = fingerprint_note([Failure("v1", Setup(), "why")], MACHINE).lines
    assert plain.startswith("fp32, contiguous, eager, warm cache, 1 thread; A processor")
    assert "CUDA" not in plain
    assert "rounds" not in plain


def test_rounds_are_told_from_the_fewest_to_the_most() -> None:
    longer = replace(measured(), sample=replace(measured().sample, seconds=(0.01,) * 32))
    (line,) = fingerprint_note([measured(), longer, measured()], MACHINE).lines
    assert "; 8 to 32 rounds interleaved in random order; " in line


def test_sensors_are_told_once_for_a_setup_and_energy_for_each_network() -> None:
    (note,) = sensor_notes([measured(), measured(), measured(phase="backward", sensed=None), Failure("v1", Setup(), "why")])
    energy = "v1: *31.2 mJ for each image*, the whole board's, by the board's own counter"
    assert note == Note(
        (
            "*the GPU meanwhile*",
            "forward, batch 1: 1980 to 1965 of 1980 MHz, 410 to 480 W, 45 to 52 degrees C",
            energy,
            energy,
        ),
        "",
    )
    assert sensor_notes([measured(sensed=None)]) == ()


def test_sensors_that_say_nothing_are_told_as_such() -> None:
    silent = Reading(None, None, None, (), None)
    (note,) = sensor_notes([measured(Sensed(None, None, silent, silent, None, (), None))])
    assert note.lines[1:] == ("forward, batch 1: no sensor answered",)


@pytest.mark.parametrize(("joules", "source", "told"), [(2.5, "counter", "2.5 J"), (0.0004, "power", "0.4 mJ")])
def test_energy_has_its_unit_and_its_source(joules: float, source: Any, told: str) -> None:
    found = Sensed(None, None, BEFORE, AFTER, None, (), None, joules, source)
    (note,) = sensor_notes([measured(found)])
    assert told in note.lines[2]
    assert ("power x time" in note.lines[2]) is (source == "power")


def test_json_holds_all_of_it() -> None:
    answer = document([measured(), Failure("v3", Setup(), "out of memory")], [], MACHINE)
    one, failed = json.loads(to_json(answer))["measurements"]
    assert (one["cache"], one["mode"], one["autotune"]) == ("flushed", "cuda-graph", True)
    assert (one["host_median"], one["energy"]) == (0.002, 0.0312)
    assert one["sensors"]["before"]["clock"] == 1980
    assert one["sensors"]["energy_from"] == "counter"
    assert failed["host_median"] is failed["energy"] is failed["sensors"] is None
    header, first, _ = to_csv(answer).splitlines()
    told = dict(zip(header.split(","), first.split(","), strict=True))
    assert (told["host_median"], told["energy"], told["cache"], told["mode"]) == ("0.002", "0.0312", "flushed", "cuda-graph")
    assert sensor_record(None) == {"energy": None, "sensors": None}
