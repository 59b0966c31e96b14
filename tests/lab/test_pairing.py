"""The protocol on clocks of our own making: warm-up, coins, looks, verdicts and doubts without waiting for time to pass."""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import count

import pytest

from inception_analyzer.lab import pairing
from inception_analyzer.lab.clock import Lap
from inception_analyzer.lab.pairing import Fallen, Pace, measure_together, warm
from inception_analyzer.lab.subject import Subject
from inception_analyzer.timings import Progress, Setup


class FakeClock:
    """Says what each subject takes, and writes down who was asked."""

    def __init__(self, seconds: dict[str, Callable[[int], float]]) -> None:
        self.seconds = seconds
        self.asked: list[str] = []
        self.numbers = {name: count() for name in seconds}

    def slot(self, subject: Subject, calls: int) -> Lap:
        assert calls >= 1
        self.asked.append(subject.expression)
        return Lap(self.seconds[subject.expression](next(self.numbers[subject.expression])))


def subjects(*names: str, **asked: object) -> list[Subject]:
    setup = Setup(**{"budget": 1000.0, "seed": 7, **asked})
    return [Subject(name, setup, lambda: None, lambda _: None) for name in names]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[..., FakeClock]:
    def make(**seconds: Callable[[int], float]) -> FakeClock:
        made = FakeClock(seconds)
        monkeypatch.setattr(pairing, "clock_for", lambda _: made)
        monkeypatch.setattr(pairing, "WARM_SECONDS", 0.0)
        return made

    return make


def noisy(seconds: float, spread: float, seed: int) -> Callable[[int], float]:
    draw = random.Random(seed)
    return lambda _: seconds * (1 + spread * draw.random())


def test_a_slower_network_is_called_slower_at_the_first_look(clock: Callable[..., FakeClock]) -> None:
    clock(a=noisy(0.010, 0.01, 1), b=noisy(0.012, 0.01, 2))
    reference, other = measure_together(subjects("a", "b"))
    assert reference.against is None
    assert other.against is not None
    assert (other.against.verdict, other.stopped_by, other.looks) == ("SLOWER", "decided", 1)
    assert other.against.ratio.low < 1.2 < other.against.ratio.high
    assert len(other.sample.seconds) == len(reference.sample.seconds) == 8


def test_the_same_network_is_called_the_same(clock: Callable[..., FakeClock]) -> None:
    clock(a=noisy(0.010, 0.01, 1), b=noisy(0.010, 0.01, 2))
    other = measure_together(subjects("a", "b"))[1]
    assert other.against is not None
    assert other.against.verdict == "SAME"


def test_noise_without_end_is_inconclusive_and_says_what_it_would_take(clock: Callable[..., FakeClock]) -> None:
    clock(a=noisy(0.010, 3.0, 1), b=noisy(0.0101, 3.0, 2))
    other = measure_together(subjects("a", "b"))[1]
    assert other.against is not None
    assert (other.against.verdict, other.stopped_by, other.looks) == ("INCONCLUSIVE", "looks", 5)
    assert len(other.sample.seconds) == 128
    assert other.against.seconds_needed is not None


def test_each_round_asks_everybody_once_in_an_order_that_a_coin_chose(clock: Callable[..., FakeClock]) -> None:
    made = clock(a=noisy(0.010, 3.0, 1), b=noisy(0.0101, 3.0, 2), c=noisy(0.0101, 3.0, 3))
    measure_together(subjects("a", "b", "c"))
    rounds = made.asked[3 * 20 :]
    triples = [tuple(rounds[at : at + 3]) for at in range(0, len(rounds), 3)]
    assert all(sorted(triple) == ["a", "b", "c"] for triple in triples)
    assert len(set(triples)) == 6


def test_the_order_is_the_seeds(clock: Callable[..., FakeClock]) -> None:
    orders = []
    for seed in (1, 1, 2):
        made = clock(a=noisy(0.010, 3.0, 1), b=noisy(0.0101, 3.0, 2))
        measure_together(subjects("a", "b", seed=seed))
        orders.append(made.asked)
    assert orders[0] == orders[1] != orders[2]


def test_warm_up_is_fixed(clock: Callable[..., FakeClock]) -> None:
    made = clock(short=lambda _: 0.001, long=lambda _: 0.5)
    assert warm(subjects("short")[0], made).warmups == 20
    assert warm(subjects("long")[0], made).warmups == 5


def test_short_calls_share_a_slot(clock: Callable[..., FakeClock]) -> None:
    clock(a=lambda _: 0.001, b=lambda _: 0.02)
    one, other = measure_together(subjects("a", "b"))
    assert (one.sample.calls, other.sample.calls) == (5, 1)


def test_one_network_alone_has_no_ratio(clock: Callable[..., FakeClock]) -> None:
    clock(a=noisy(0.010, 0.01, 1))
    (only,) = measure_together(subjects("a"))
    assert only.against is None
    assert len(only.sample.seconds) == 128


def test_doubts_name_drift_disturbance_and_a_short_budget(clock: Callable[..., FakeClock]) -> None:
    clock(a=lambda call: 0.010 * (1 + call / 100), b=lambda call: 0.010 * (5 if call % 4 == 0 else 1))
    one, other = measure_together(subjects("a", "b", budget=0.1))
    assert any("drifted by +" in doubt for doubt in one.doubts)
    assert any("25 % of the slots were held up" in doubt for doubt in other.doubts)
    assert any("short of the smallest plan" in doubt for doubt in one.doubts)


def test_progress_is_told_after_each_round(clock: Callable[..., FakeClock]) -> None:
    clock(a=noisy(0.010, 0.01, 1), b=noisy(0.012, 0.01, 2))
    told: list[Progress] = []
    measure_together(subjects("a", "b"), told.append)
    assert [now.number for now in told] == list(range(9))  # 0: networks are warmed up
    assert [now.estimate is None for now in told] == [True] * 8 + [False]
    assert told[0].left == 1000.0


def test_what_goes_before_a_call_takes_of_the_budget_too(
    clock: Callable[..., FakeClock], monkeypatch: pytest.MonkeyPatch
) -> None:
    clock(a=lambda _: 0.010)
    monkeypatch.setattr(pairing, "warm", lambda *_, **__: Pace(20, 0.010, 1.0))
    (only,) = measure_together(subjects("a", budget=33.0, phase="backward"))
    assert only.plan is not None
    assert only.plan.looks == (8, 16, 32)


def test_rounds_far_beyond_the_budget_are_refused_and_the_slowest_is_named(clock: Callable[..., FakeClock]) -> None:
    clock(a=lambda _: 0.2, b=lambda _: 2.0)
    with pytest.raises(Fallen, match=r"8 rounds take about 17\.6 s, and 1\.7 s are their part of the budget") as caught:
        measure_together(subjects("a", "b", budget=1.7))
    assert caught.value.which == 1
    assert len(measure_together(subjects("a", "b", budget=1.8))) == 2


def test_a_budget_that_fits_no_call_is_refused_after_two(clock: Callable[..., FakeClock]) -> None:
    made = clock(a=lambda _: 60.0)
    with pytest.raises(Fallen, match="not one call of 60 s fits into its 9 s of the budget") as caught:
        measure_together(subjects("a", budget=9.0), None, 9.0)
    assert caught.value.which == 0
    assert len(made.asked) == 2
