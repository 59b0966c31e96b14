"""The run on a GPU machine: each step asks what the command line takes, and leaves its files whatever the others do."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from benchmarks import gpu
from inception_analyzer import AnalyzerError

ABSENT = "cuda:99"


@pytest.mark.parametrize("name", gpu.STEPS)
def test_every_step_is_a_command_that_only_wants_its_device(name: str) -> None:
    def whole() -> object:
        answer = gpu.asked_of(name, ABSENT, "1s")
        return answer.more and answer.more()

    with pytest.raises(AnalyzerError, match=f"cannot time on {ABSENT}") as caught:
        whole()
    assert caught.value.code == 4


def test_a_step_writes_both_its_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(gpu.STEPS, "noise", "measure alexnet@width=0.125,input=67 --aa")
    assert gpu.written("noise", "cpu", "200ms", tmp_path) == 0
    assert len(json.loads((tmp_path / "noise.json").read_text())["measurements"]) == 2
    assert "noise here" in (tmp_path / "noise.md").read_text()
    assert "- [noise.md](noise.md): `inception-analyze measure alexnet" in gpu.index(tmp_path)
    assert "compare" not in gpu.index(tmp_path)


def test_the_worst_code_is_told_and_no_step_stops_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    codes = iter([0, 4])

    def ran(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        if command[3] == "ceilings":
            raise subprocess.TimeoutExpired(command, 1)
        return subprocess.CompletedProcess(command, next(codes))

    monkeypatch.setattr(subprocess, "run", ran)
    assert gpu.each_by_itself(["noise", "ceilings", "graphs"], "cuda", "1s", tmp_path) == 4
    assert [line.split(" after")[0] for line in capsys.readouterr().out.splitlines()] == [
        "noise: exit code 0",
        "ceilings: exit code 4",
        "graphs: exit code 4",
    ]


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a CUDA device")
def test_without_a_gpu_it_says_so(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "benchmarks.gpu", "noise", "-o", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 4
    assert "cannot time on cuda" in done.stderr
    assert "noise: exit code 4" in done.stdout
