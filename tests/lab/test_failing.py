"""What goes wrong while networks are measured: rows with their reasons, others that go on, nothing left in memory."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace

import pytest
import torch

from inception_analyzer.lab import abilities, pairing
from inception_analyzer.lab import measure as lab
from inception_analyzer.lab.abilities import ability_doubts
from inception_analyzer.lab.ceilings import settings
from inception_analyzer.lab.clock import Lap
from inception_analyzer.lab.measure import Entrant, measure
from inception_analyzer.lab.subject import Subject
from inception_analyzer.spec import Network, Recipe, Shape, Source
from inception_analyzer.timings import Failure, Measurement, Setup
from inception_analyzer.words import conv, globalpool, linear, named, trunk

pytestmark = pytest.mark.usefixtures("briefly")

ONE = Network(
    "one",
    "One",
    "ref",
    Shape(3, 8, 8),
    trunk(named("first", conv(4, 3)), named("mean", globalpool()), named("logits", linear(10))),
    Source("none", "none", 2026),
    Recipe("sgd"),
)
OTHERS = tuple(replace(ONE, name=name, expression=name) for name in ("two", "three"))


def entrants(*networks: Network) -> list[Entrant]:
    return [Entrant(network, network.input) for network in networks]


def breaking(monkeypatch: pytest.MonkeyPatch, name: str, after: int, error: Exception) -> None:
    """The network of this name works for so many calls and raises from then on."""
    real = lab.subject

    def made(network: Network, setup: Setup, image: Shape | None) -> Subject:
        whole, calls = real(network, setup, image), iter(range(after))

        def run(state: object) -> object:
            if next(calls, None) is None:
                raise error
            return whole.run(state)

        return replace(whole, run=run) if network.label == name else whole

    monkeypatch.setattr(lab, "subject", made)


MEMORY = torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.\nmore")


@pytest.mark.parametrize("after", [0, 1, 5])
@pytest.mark.parametrize("name", ["one", "two"])
def test_too_little_memory_at_any_time_is_a_row_and_the_others_go_on(
    name: str, after: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    breaking(monkeypatch, name, after, MEMORY)
    failed, *measured = measure(entrants(ONE, *OTHERS), [Setup(budget=20.0, batch=64)])
    assert isinstance(failed, Failure)
    assert (failed.expression, failed.setup.batch) == (name, 64)
    assert failed.reason.startswith("out of memory with batch 64")
    assert failed.reason.endswith("; a smaller --batch may fit")
    assert all(isinstance(row, Measurement) and row.sample.setup.batch == 64 for row in measured)
    kept = [row.sample.expression for row in measured if isinstance(row, Measurement)]
    assert kept == [other for other in ("one", "two", "three") if other != name]


def test_a_row_names_who_else_held_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    breaking(monkeypatch, "two", 3, MEMORY)
    (failed, *_), (alone, *_) = (list(measure(entrants(ONE, *OTHERS), [Setup(budget=20.0, batch=batch)])) for batch in (2, 1))
    assert isinstance(failed, Failure)
    assert isinstance(alone, Failure)
    assert failed.reason == "out of memory with batch 2 beside one, three; a smaller --batch may fit"
    assert alone.reason == "out of memory with batch 1 beside one, three; a smaller --input may fit"


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        RuntimeError("[enforce fail at alloc_cpu.cpp:121] . DefaultCPUAllocator: can't allocate memory: you tried"),
        RuntimeError("cuDNN error: CUDNN_STATUS_ALLOC_FAILED"),
        RuntimeError("CUDA error: out of memory"),
    ],
    ids=repr,
)
def test_allocators_of_all_kinds_are_understood(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    breaking(monkeypatch, "one", 0, error)
    (failed,) = measure(entrants(ONE), [Setup(budget=20.0)])
    assert isinstance(failed, Failure)
    assert failed.reason.startswith("out of memory")


def test_an_error_in_the_middle_keeps_what_is_finished(monkeypatch: pytest.MonkeyPatch) -> None:
    setups = [Setup(budget=20.0), Setup(budget=20.0, batch=2), Setup(budget=20.0, batch=3)]
    found, rows = measure(entrants(ONE, OTHERS[0]), setups), []
    rows += [next(found), next(found)]
    breaking(monkeypatch, "two", 6, RuntimeError("device-side assert\nmore"))
    rows += found
    told = [
        (row.expression, row.reason) if isinstance(row, Failure) else (row.sample.expression, row.sample.setup.batch)
        for row in rows
    ]
    assert told == [
        ("one", 1),
        ("two", 1),
        ("two", "device-side assert"),
        ("one", 2),
        ("two", "device-side assert"),
        ("one", 3),
    ]


def test_when_all_fail_all_are_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    breaking(monkeypatch, "one", 4, RuntimeError("first"))
    breaking(monkeypatch, "two", 4, RuntimeError("second"))
    rows = list(measure(entrants(ONE, OTHERS[0]), [Setup(budget=20.0)]))
    assert all(isinstance(row, Failure) for row in rows)
    assert sorted(row.reason for row in rows if isinstance(row, Failure)) == ["first", "second"]


def test_a_budget_that_fits_no_call_is_a_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pairing, "clock_for", lambda _: SimpleNamespace(slot=lambda *_: Lap(60.0)))
    rows = list(measure(entrants(ONE, OTHERS[0]), [Setup(budget=9.0)]))
    told = "not one call of 60 s fits into its 9 s of the budget; a longer --budget may do"
    assert [row.reason for row in rows if isinstance(row, Failure)] == [told] * 2


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (TypeError("conv2d() received an invalid combination\nmore"), "TypeError: conv2d() received an invalid combination"),
        (AssertionError(), "AssertionError"),
        (RuntimeError("backend='inductor' raised:\nNo working C++ compiler found\n\nmore"), "No working C++ compiler found"),
    ],
    ids=repr,
)
def test_whatever_a_network_raises_is_its_row(error: Exception, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    breaking(monkeypatch, "one", 3, error)
    failed, measured = measure(entrants(ONE, OTHERS[0]), [Setup(budget=20.0)])
    assert isinstance(failed, Failure)
    assert failed.reason == told
    assert isinstance(measured, Measurement)


def test_an_interruption_is_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> float:
        raise KeyboardInterrupt

    monkeypatch.setattr(pairing, "_round", interrupted)
    with pytest.raises(KeyboardInterrupt):
        list(measure(entrants(ONE), [Setup(budget=20.0)]))


def test_a_failed_network_leaves_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    alive: list[weakref.ref[object]] = []
    seen: list[int] = []
    real_build, real_clean = lab.subject, lab.clean

    class Held:
        """Stands for a network's tensors, which only the network's own calls hold."""

    def made(network: Network, setup: Setup, image: Shape | None) -> Subject:
        held, whole = Held(), real_build(network, setup, image)
        alive.append(weakref.ref(held))

        def run(state: object) -> object:
            if network.label == "one" and len(alive) == 2:
                raise RuntimeError(f"out of luck with {held!r}")
            return whole.run(state)

        return replace(whole, run=run)

    def clean(device: str) -> None:
        real_clean(device)
        seen.append(sum(one() is not None for one in alive))

    monkeypatch.setattr(lab, "subject", made)
    monkeypatch.setattr(lab, "clean", clean)
    assert len(list(measure(entrants(ONE, OTHERS[0]), [Setup(budget=20.0)]))) == 2
    assert seen == [0, 1]  # before all, and after the one that failed: the other is still there
    gc.collect()
    assert not any(one() for one in alive)


def test_a_gpus_free_memory_is_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    emptied: list[bool] = []
    monkeypatch.setattr(torch.cuda, "empty_cache", lambda: emptied.append(True))
    lab.clean("cpu")
    lab.clean("cuda:0")
    assert emptied == [True]


@pytest.mark.parametrize("autotune", [True, False])
def test_cudnns_choice_is_made_before_and_undone_after(autotune: bool) -> None:
    before = torch.backends.cudnn.benchmark
    with settings("fp32", 1, autotune=autotune):
        assert torch.backends.cudnn.benchmark is autotune
    assert torch.backends.cudnn.benchmark is before


@pytest.fixture
def generation(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    def set_to(major: int) -> None:
        monkeypatch.setattr(torch.cuda, "get_device_properties", lambda _: SimpleNamespace(major=major))

    return set_to


def test_numbers_that_a_device_has_not_are_doubted(generation: Callable[[int], None], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(abilities, "_processor_has", lambda half: half == "bf16")
    assert ability_doubts(Setup(dtype="tf32")) == ["tf32 is a number of NVIDIA's GPUs: on cpu it is fp32"]
    assert ability_doubts(Setup(dtype="fp16")) == ["this processor has no fp16 of its own, which is slow"]
    assert ability_doubts(Setup(dtype="bf16")) == ability_doubts(Setup()) == []
    generation(7)
    assert ability_doubts(Setup(dtype="tf32", device="cuda")) == ["this GPU has no tf32: it ran in fp32"]
    assert ability_doubts(Setup(dtype="bf16", device="cuda")) == ["this GPU has no bf16 of its own, which is slow"]
    assert ability_doubts(Setup(dtype="fp16", device="cuda")) == []
    generation(9)
    assert ability_doubts(Setup(dtype="tf32", device="cuda")) == ability_doubts(Setup(dtype="bf16", device="cuda")) == []


def test_tf32_on_a_processor_is_measured_with_its_doubt() -> None:
    (row,) = measure(entrants(ONE), [Setup(budget=20.0, dtype="tf32")])
    assert isinstance(row, Measurement)
    assert "tf32 is a number of NVIDIA's GPUs: on cpu it is fp32" in row.doubts


def building(monkeypatch: pytest.MonkeyPatch, *, room: bool = True) -> list[str]:
    """The names in the order in which they are built; where there is no room, every second one finds none."""
    names, real = [], lab.subject

    def made(network: Network, setup: Setup, image: Shape | None) -> Subject:
        names.append(network.label)
        if not room and len(names) % 2 == 0:
            raise MEMORY
        return real(network, setup, image)

    monkeypatch.setattr(lab, "subject", made)
    return names


def test_a_coin_decides_who_is_built_first_and_the_answer_has_its_order(monkeypatch: pytest.MonkeyPatch) -> None:
    first = set()
    for seed in range(6):
        names = building(monkeypatch)
        rows = list(measure(entrants(ONE, OTHERS[0]), [Setup(budget=20.0, seed=seed)]))
        assert [row.sample.expression for row in rows if isinstance(row, Measurement)] == ["one", "two"]
        first.add(names[0])
    assert first == {"one", "two"}


@pytest.mark.parametrize("seed", range(4))
def test_where_memory_is_short_the_first_that_was_asked_for_finds_room(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    names = building(monkeypatch, room=False)
    failed, measured = measure(entrants(ONE, OTHERS[0]), [Setup(budget=20.0, seed=seed)])
    assert isinstance(failed, Failure)
    assert isinstance(measured, Measurement)
    assert (failed.expression, measured.sample.expression) == ("two", "one")
    assert names in (["one", "two"], ["two", "one", "one", "two"])


def test_a_first_call_far_beyond_the_budget_is_the_last(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lab, "FIRST", 0.0)
    (failed,) = measure(entrants(ONE), [Setup(budget=20.0)])
    assert isinstance(failed, Failure)
    assert failed.reason.startswith("its first call took ")
    assert "and 20 s are its part of the budget; a longer --budget may do" in failed.reason


def test_who_turns_infinite_meanwhile_is_in_doubt(monkeypatch: pytest.MonkeyPatch) -> None:
    real = lab.subject

    def made(network: Network, setup: Setup, image: Shape | None) -> Subject:
        whole, calls = real(network, setup, image), iter(range(5))
        return replace(whole, run=lambda state: whole.run(state) * (1.0 if next(calls, None) is not None else torch.inf))

    monkeypatch.setattr(lab, "subject", made)
    (row,) = measure(entrants(ONE), [Setup(budget=20.0)])
    assert isinstance(row, Measurement)
    assert "after the rounds its outputs were no longer finite" in row.doubts


def test_what_fails_after_the_rounds_spoils_no_row(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(subject: Subject) -> None:
        if subject in seen:
            raise MEMORY
        seen.append(subject)

    seen: list[Subject] = []
    monkeypatch.setattr(lab, "must_be_finite", failing)
    (row,) = measure(entrants(ONE), [Setup(budget=20.0)])
    assert isinstance(row, Measurement)
    assert "after the rounds one more call failed: out of memory" in row.doubts


def test_an_interruption_after_the_rounds_takes_no_row_away(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> Measurement:
        raise KeyboardInterrupt

    monkeypatch.setattr(lab, "_still_finite", interrupted)
    rows = measure(entrants(ONE, OTHERS[0]), [Setup(budget=20.0)])
    assert [isinstance(next(rows), Measurement) for _ in range(2)] == [True, True]
    with pytest.raises(KeyboardInterrupt):
        next(rows)


def test_a_failure_is_told_before_the_others_are_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    breaking(monkeypatch, "two", 0, MEMORY)
    monkeypatch.setattr(lab, "measure_together", lambda *_: pytest.fail("the failure was known before"))
    assert isinstance(next(measure(entrants(ONE, *OTHERS), [Setup(budget=20.0)])), Failure)


def test_each_ratio_names_its_own_reference(monkeypatch: pytest.MonkeyPatch) -> None:
    breaking(monkeypatch, "one", 0, MEMORY)
    _, *measured = measure(entrants(ONE, *OTHERS), [Setup(budget=20.0)])
    against = [row.against for row in measured if isinstance(row, Measurement)]
    assert [one and one.reference for one in against] == [None, "two"]
