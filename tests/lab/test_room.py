"""Memory that is not there: a limit at what is free, so that a network that is too large is a row and no end of all."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import torch

from inception_analyzer import load
from inception_analyzer.lab import room
from inception_analyzer.lab.measure import Entrant, measure
from inception_analyzer.lab.room import free_memory, within_memory
from inception_analyzer.timings import Failure, Setup

MIB = 2**20
linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what is free")


def system(folder: Path, available: int) -> Path:
    path = folder / "meminfo"
    path.write_text(f"MemTotal:       999999999 kB\nMemAvailable:   {available // 1024} kB\n")
    return path


def container(folder: Path, most: str, now: int) -> Path:
    (folder / "memory.max").write_text(f"{most}\n")
    (folder / "memory.current").write_text(f"{now}\n")
    return folder


def test_the_system_or_the_container_has_less(tmp_path: Path) -> None:
    told = system(tmp_path, 100 * MIB)
    assert free_memory(told, tmp_path / "none") == 100 * MIB
    assert free_memory(told, container(tmp_path, str(90 * MIB), 30 * MIB)) == 60 * MIB
    assert free_memory(told, container(tmp_path, str(30 * MIB), 90 * MIB)) == 0
    assert free_memory(told, container(tmp_path, "max", 90 * MIB)) == 100 * MIB
    assert free_memory(tmp_path / "none", tmp_path / "none") is None


@linux
def test_what_is_not_there_is_refused_and_only_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "free_memory", lambda: 512 * MIB)
    with within_memory("cpu"), pytest.raises(RuntimeError, match="can't allocate memory"):
        torch.empty(600 * MIB, dtype=torch.uint8)
    assert torch.empty(600 * MIB, dtype=torch.uint8).nbytes == 600 * MIB


@linux
def test_a_gpu_is_no_part_of_this(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "free_memory", lambda: 1)
    with within_memory("cuda"):
        assert torch.zeros(64 * MIB, dtype=torch.uint8).nbytes == 64 * MIB


@linux
def test_many_small_tensors_that_do_not_fit_are_a_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "free_memory", lambda: 1024 * MIB)
    v1 = load("v1")
    (row,) = measure([Entrant(v1, v1.input)], [Setup(phase="train-step", batch=32, budget=30.0)])
    assert isinstance(row, Failure)
    assert row.reason == "out of memory with batch 32; a smaller --batch may fit"
