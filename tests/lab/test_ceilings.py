"""The roof over a device: what is measured once, and a cache that can go wrong in every way without harm."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from itertools import count
from math import isfinite
from pathlib import Path
from typing import Any

import pytest
import torch

from inception_analyzer.choices import Dtype
from inception_analyzer.lab import ceilings
from inception_analyzer.lab.ceilings import (
    Ceilings,
    Stopwatch,
    cache_file,
    load_or_measure,
    measure_ceilings,
    remembered,
    settings,
)

ROOF = Ceilings("cpu", "fp32", 1, 5e10, 4e10, 5e-7)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Trials so small that nobody waits for them."""
    for name, value in {"SIZES": (8, 16), "COPY_BYTES": 4096, "LAUNCHES": 4, "CHANNELS": 4, "SIDE": 8, "BUDGET": 0.0}.items():
        monkeypatch.setattr(ceilings, name, value)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> list[Ceilings]:
    """What was measured, each time a little faster; nothing is."""
    done: list[Ceilings] = []

    def fake(device: str, dtype: Dtype, threads: int) -> Ceilings:
        done.append(Ceilings(device, dtype, threads, 5e10 + len(done), 4e10, 5e-7))
        return done[-1]

    monkeypatch.setattr(ceilings, "measure_ceilings", fake)
    return done


def stored() -> Path:
    path = cache_file()
    assert path is not None
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def constant(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """A watch on which everything takes the same time."""
    watch = Stopwatch(lambda: None, lambda *_: seconds, lambda: None)
    monkeypatch.setattr(ceilings, "stopwatch_for", lambda _: watch)


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("dtype", ["fp32", "tf32", "bf16", "fp16"])
def test_every_dtype_has_ceilings(dtype: Dtype) -> None:
    found = measure_ceilings("cpu", dtype, 1)
    assert (found.device, found.dtype, found.threads) == ("cpu", dtype, 1)
    assert all(isfinite(rate) and rate > 0 for rate in (found.macs_per_second, found.bytes_per_second, found.launch_seconds))


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
def test_a_gpu_has_ceilings() -> None:
    found = measure_ceilings("cuda", "bf16", 1)
    assert found.macs_per_second > 1e12
    assert found.bytes_per_second > 1e11
    assert 0 < found.launch_seconds < 1e-3


@pytest.mark.usefixtures("quick")
def test_rates_are_work_over_time_and_the_fastest_product_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    constant(monkeypatch, 0.01)
    largest = max(16**3, 4 * 4 * 9 * 6 * 6)
    found = replace(measure_ceilings("cpu", "fp32", 1), doubts=())
    assert found == Ceilings("cpu", "fp32", 1, largest / 0.01, 2 * 4096 / 0.01, 0.01 / 4)


@pytest.mark.usefixtures("quick")
def test_each_thread_convolves_an_image(monkeypatch: pytest.MonkeyPatch) -> None:
    constant(monkeypatch, 0.01)
    assert measure_ceilings("cpu", "fp32", 2).macs_per_second == 2 * 4 * 4 * 9 * 6 * 6 / 0.01


@pytest.mark.usefixtures("quick")
def test_products_that_would_take_too_long_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    constant(monkeypatch, 0.1)  # at this rate the others would take more than .25 s
    assert measure_ceilings("cpu", "fp32", 1).macs_per_second == 8**3 / 0.1


@pytest.mark.usefixtures("quick")
def test_a_trial_is_judged_by_its_median(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ceilings, "WARM_ROUNDS", 0)
    # One pilot of the first product, then rounds of five trials: of each trial the times are 1, 2, 100, 2 and 3 s.
    script = iter([0.001, *(seconds for seconds in (1, 2, 100, 2, 3) for _ in range(5))])
    monkeypatch.setattr(ceilings, "stopwatch_for", lambda _: Stopwatch(lambda: None, lambda *_: next(script), lambda: None))
    assert measure_ceilings("cpu", "fp32", 1).launch_seconds == 2 / 4


@pytest.mark.parametrize(
    ("device", "threads", "given", "doubts"),
    [
        ("cpu", 1, 0.84, ("the processor gave 0.8 of 1 threads",)),
        ("cpu", 1, 0.86, ()),
        ("cpu", 2, 1.0, ("the processor gave 1.0 of 2 threads",)),
        ("cpu", 64, 2.0, ()),
        ("cuda", 1, 0.1, ()),
    ],
)
def test_a_processor_that_others_use_is_a_doubt(
    device: str, threads: int, given: float, doubts: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    assert ceilings._doubts(device, threads, given) == doubts


@pytest.mark.usefixtures("quick")
def test_measuring_leaves_the_process_as_it_was() -> None:
    def state() -> tuple[Any, ...]:
        flags = torch.backends.cuda.matmul.allow_tf32, torch.backends.cudnn.allow_tf32
        return torch.get_num_threads(), flags, torch.get_rng_state().tolist(), torch.is_inference_mode_enabled()

    before = state()
    measure_ceilings("cpu", "tf32", torch.get_num_threads() + 1)
    assert state() == before


def test_settings_are_put_back_after_an_error() -> None:
    before = torch.get_num_threads(), torch.backends.cudnn.allow_tf32

    def fail() -> None:
        with settings("tf32", before[0] + 1):
            assert (torch.get_num_threads(), torch.backends.cudnn.allow_tf32) == (before[0] + 1, True)
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert (torch.get_num_threads(), torch.backends.cudnn.allow_tf32) == before


def test_the_processors_watch_tells_wall_time() -> None:
    watch = ceilings.stopwatch_for("cpu")
    begin = watch.mark()
    end = watch.mark()
    watch.wait()
    assert watch.between(begin, end) == end - begin >= 0


def test_a_machine_is_measured_once(measured: list[Ceilings]) -> None:
    first = load_or_measure("here", "cpu", "fp32", 1)
    assert load_or_measure("here", "cpu", "fp32", 1) == first
    assert len(measured) == 1


def test_floats_come_back_to_the_last_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    odd = replace(ROOF, macs_per_second=1e11 / 3, launch_seconds=1e-6 / 7)
    monkeypatch.setattr(ceilings, "measure_ceilings", lambda *_: odd)
    load_or_measure("here", "cpu", "fp32", 1)
    assert remembered("here") == (odd,)


def test_renewing_replaces_what_was_remembered(measured: list[Ceilings]) -> None:
    old = load_or_measure("here", "cpu", "fp32", 1)
    new = load_or_measure("here", "cpu", "fp32", 1, renew=True)
    assert new != old
    assert remembered("here") == (new,)
    assert load_or_measure("here", "cpu", "fp32", 1) == new
    assert len(measured) == 2


def test_what_is_in_doubt_is_shown_but_measured_anew(measured: list[Ceilings], monkeypatch: pytest.MonkeyPatch) -> None:
    doubtful = replace(ROOF, doubts=("the processor gave 0.5 of 1 threads",))
    with monkeypatch.context() as patch:
        patch.setattr(ceilings, "measure_ceilings", lambda *_: doubtful)
        load_or_measure("here", "cpu", "fp32", 1)
    assert remembered("here") == (doubtful,)
    better = load_or_measure("here", "cpu", "fp32", 1)
    assert measured == [better]
    assert remembered("here") == (better,)


def test_what_is_asked_differently_is_measured_apart(measured: list[Ceilings]) -> None:
    asked: list[tuple[str, Dtype, int]] = [("cpu", "fp32", 1), ("cpu", "bf16", 1), ("cpu", "fp32", 2), ("cuda", "fp32", 1)]
    found = [load_or_measure("here", *one) for one in asked]
    assert measured == found
    assert [load_or_measure("here", *one) for one in asked] == found
    assert remembered("here") == tuple(found)


def test_other_machines_are_kept(measured: list[Ceilings]) -> None:
    there = load_or_measure("there", "cpu", "fp32", 1)
    here = load_or_measure("here", "cpu", "fp32", 1, renew=True)
    assert (remembered("there"), remembered("here")) == ((there,), (here,))
    assert remembered("elsewhere") == ()
    assert len(measured) == 2


RATES = {"macs_per_second": 1.0, "bytes_per_second": 1.0, "launch_seconds": 1.0}
ROW: dict[str, Any] = {"device": "cpu", "dtype": "fp32", "threads": 1, "doubts": []} | RATES

SPOILT = {
    "empty": b"",
    "half": b'{"here": [{"device": "cpu", ',
    "no text": b"\xff\xfe\x00\x81",
    "no table": b"[1, 2]",
    "a number": b"17",
    "too deep": b"[" * 100_000,
    "no rows": b'{"here": 3}',
    "foreign rows": b'{"here": [{"speed": 9000}, null, 4]}',
    "too much": json.dumps({"here": [ROW | {"color": "red"}]}).encode(),
    "text": json.dumps({"here": [ROW | {"macs_per_second": "fast"}]}).encode(),
    "zero": json.dumps({"here": [ROW | {"bytes_per_second": 0.0}]}).encode(),
    "infinite": json.dumps({"here": [ROW | {"launch_seconds": float("inf")}]}).encode(),
    "not a number": json.dumps({"here": [ROW | {"launch_seconds": float("nan")}]}).encode(),
    "huge": json.dumps({"here": [ROW | {"launch_seconds": 10**400}]}).encode(),
    "other dtype": json.dumps({"here": [ROW | {"dtype": "fp8"}]}).encode(),
    "doubt as text": json.dumps({"here": [ROW | {"doubts": "none"}]}).encode(),
    "number as doubt": json.dumps({"here": [ROW | {"doubts": [1]}]}).encode(),
    "number as device": json.dumps({"here": [ROW | {"device": 1}]}).encode(),
    "text as threads": json.dumps({"here": [ROW | {"threads": "1"}]}).encode(),
    "list as dtype": json.dumps({"here": [ROW | {"dtype": []}]}).encode(),
}


def test_a_row_that_is_not_spoilt_is_read() -> None:
    stored().write_text(json.dumps({"here": [ROW, {"speed": 9000}]}), encoding="utf-8")
    assert remembered("here") == (Ceilings("cpu", "fp32", 1, 1.0, 1.0, 1.0),)


@pytest.mark.parametrize("content", SPOILT.values(), ids=SPOILT.keys())
def test_a_spoilt_cache_is_measured_anew_and_mended(content: bytes, measured: list[Ceilings]) -> None:
    stored().write_bytes(content)
    assert remembered("here") == ()
    found = load_or_measure("here", "cpu", "fp32", 1)
    assert measured == [found]
    assert remembered("here") == (found,)


def test_what_others_keep_in_the_file_is_kept(measured: list[Ceilings]) -> None:
    stored().write_text('{"theirs": {"speed": 9000}}', encoding="utf-8")
    load_or_measure("here", "cpu", "fp32", 1)
    assert json.loads(stored().read_text(encoding="utf-8"))["theirs"] == {"speed": 9000}
    assert len(measured) == 1


def test_the_file_is_replaced_at_once(measured: list[Ceilings], monkeypatch: pytest.MonkeyPatch) -> None:
    load_or_measure("here", "cpu", "fp32", 1)
    before = stored().read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    assert load_or_measure("here", "cpu", "fp32", 1, renew=True) == measured[1]
    assert stored().read_bytes() == before
    assert os.listdir(stored().parent) == ["ceilings.json"]


@pytest.mark.parametrize("blocked", ["", "inception-analyze"], ids=["cache", "our folder"])
def test_a_file_in_the_way_of_the_folder_only_costs_time(
    blocked: str, home: Path, measured: list[Ceilings], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(home / "cache"))
    way = home / "cache" / blocked
    way.parent.mkdir(exist_ok=True)
    way.write_text("in the way", encoding="utf-8")
    assert [load_or_measure("here", "cpu", "fp32", 1) for _ in range(2)] == measured
    assert way.read_text(encoding="utf-8") == "in the way"


def test_a_folder_in_the_place_of_the_file_only_costs_time(measured: list[Ceilings]) -> None:
    stored().mkdir()
    assert [load_or_measure("here", "cpu", "fp32", 1) for _ in range(2)] == measured
    assert os.listdir(stored().parent) == ["ceilings.json"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="nothing is forbidden to root")
def test_a_folder_that_may_not_be_written_only_costs_time(home: Path, measured: list[Ceilings]) -> None:
    home.chmod(0o500)
    try:
        assert [load_or_measure("here", "cpu", "fp32", 1) for _ in range(2)] == measured
    finally:
        home.chmod(0o700)


@pytest.mark.parametrize("value", ["", "relative/folder"])
def test_a_cache_home_that_is_no_absolute_path_is_not_used(value: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", value)
    monkeypatch.setenv("HOME", str(home))
    assert cache_file() == home / ".cache" / "inception-analyze" / "ceilings.json"


def test_who_has_no_home_measures_each_time(measured: list[Ceilings], monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setattr(Path, "home", homeless)
    assert cache_file() is None
    assert [load_or_measure("here", "cpu", "fp32", 1) for _ in range(2)] == measured


def test_looking_writes_nothing(home: Path) -> None:
    assert remembered("here") == ()
    assert not list(home.iterdir())


def test_marks_are_taken_in_the_order_of_the_trials() -> None:
    ticks = count()
    watch = Stopwatch(lambda: next(ticks), lambda begin, end: float(end - begin), lambda: None)
    done: list[str] = []
    trials = [ceilings.Trial("copy", 1, lambda name=name: done.append(name)) for name in "abc"]
    assert ceilings._once(trials, watch) == [1.0, 1.0, 1.0]
    assert done == ["a", "b", "c"]
