"""The fingerprint: what it names, and which of it makes another machine."""

from __future__ import annotations

import json
import shutil
import subprocess
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch

from inception_analyzer.lab import machine
from inception_analyzer.lab.machine import fingerprint, machine_key
from inception_analyzer.timings import Setup


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    if shutil.which("git") is None:
        pytest.skip("needs git")
    who = ("-c", "user.name=a", "-c", "user.email=a@b")
    for command in (("init", "-q"), ("add", "."), (*who, "commit", "-q", "-m", "first")):
        (tmp_path / "file").write_text("first")
        subprocess.run(["git", "-C", str(tmp_path), *command], check=True)
    monkeypatch.setattr(machine, "CHECKOUT", tmp_path)
    return tmp_path


def test_the_program_is_named_by_its_commit(checkout: Path) -> None:
    ran = subprocess.run(["git", "-C", str(checkout), "rev-parse", "HEAD"], capture_output=True, text=True, check=True)
    commit = fingerprint()["commit"]
    assert len(commit) >= 12
    assert ran.stdout.startswith(commit)
    (checkout / "file").write_text("second")
    assert fingerprint()["commit"] == f"{commit}-dirty"


def test_an_installed_program_has_no_commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "CHECKOUT", tmp_path)
    assert fingerprint()["commit"] is None


@pytest.mark.usefixtures("checkout")
def test_without_git_there_is_no_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert fingerprint()["commit"] is None


def test_time_is_universal() -> None:
    told = datetime.fromisoformat(fingerprint()["time"])
    assert told.utcoffset() is not None
    assert not told.utcoffset()


def test_gpus_tell_driver_and_clocks(monkeypatch: pytest.MonkeyPatch) -> None:
    reads = SimpleNamespace(read=lambda: SimpleNamespace(clock=1410), highest_clock=lambda: 1980)
    monkeypatch.setattr(machine, "driver_version", lambda: "570.124.06")
    monkeypatch.setattr(machine, "sensors_for", {"cuda:0": reads, "cuda:1": None}.get)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda index: f"GPU {index}")
    found = fingerprint()
    assert (found["driver"], found["clocks"]) == ("570.124.06", ["cuda:0 1410 of 1980 MHz"])
    assert found["devices"][:3] == ["cpu", "cuda:0 GPU 0", "cuda:1 GPU 1"]


def test_what_passes_makes_no_other_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = fingerprint()
    changed = whole | {"time": "later", "commit": "another", "clocks": ["cuda:0 1 of 2 MHz"], "threads": 99, "tf32": True}
    monkeypatch.setattr(machine, "fingerprint", lambda: whole)
    before = machine_key()
    monkeypatch.setattr(machine, "fingerprint", lambda: changed)
    assert machine_key() == before
    assert "driver" in json.loads(before)
    monkeypatch.setattr(machine, "fingerprint", lambda: whole | {"driver": "another"})
    assert machine_key() != before


def test_everything_is_json() -> None:
    whole = fingerprint()
    assert json.loads(json.dumps(whole)) == whole


def test_the_flags_are_those_of_the_run() -> None:
    told = fingerprint(Setup(threads=3, dtype="tf32", autotune=False))
    assert (told["threads"], told["tf32"], told["cudnn_benchmark"]) == (3, True, False)
