"""The interval over fresh processes, by simulation: false alarms without a floor, what balance is for, and what it tells."""

from __future__ import annotations

from collections.abc import Sequence
from math import log1p
from random import Random

import pytest

from inception_analyzer.lab.processes import turns
from inception_analyzer.stats import hodges_lehmann, judge, signed_rank_interval, t_interval

RUNS = 3000
BETWEEN = 0.003  # deviation of two builds of one network from process to process, as measured on short layers

DIFFERENT = ("FASTER", "SLOWER")


def verdict(estimates: Sequence[float], within: float = 0.02) -> str:
    return judge(t_interval(estimates), floor=0.0, within=within)


def share(found: Sequence[str], *words: str) -> float:
    return sum(word in words for word in found) / len(found)


def estimates(chance: Random, count: int, by: float = 0.0, between: float = BETWEEN) -> list[float]:
    return [chance.gauss(by, between) for _ in range(count)]


@pytest.mark.parametrize("count", [2, 3, 5, 8])
def test_equals_are_seldom_called_different_without_a_floor(count: int) -> None:
    """The margin is as wide as the spread, so that SAME does not hide false alarms."""
    chance = Random(count)
    found = [verdict(estimates(chance, count), within=0.0005) for _ in range(RUNS)]
    assert share(found, *DIFFERENT) <= 0.05 + 3 * (0.05 * 0.95 / RUNS) ** 0.5  # three deviations of the simulation itself


def test_more_rounds_in_one_process_would_tell_builds_apart_that_are_one_network() -> None:
    chance, called = Random(1), []
    for _ in range(200):
        by = chance.gauss(0, BETWEEN)
        interval = signed_rank_interval([chance.gauss(by, 0.005) for _ in range(128)], 0.05)
        called.append(judge(interval, floor=0.0, within=0.0005))
    assert share(called, *DIFFERENT) > 0.5


@pytest.mark.parametrize("count", [2, 3, 5, 6])
def test_who_is_built_first_is_no_difference(count: int) -> None:
    """An offset of all processes that hangs on the order alone, ten times what else they differ by."""
    balanced, coins = [], []
    chance = Random(count)
    for seed in range(RUNS):
        noise = estimates(chance, count, between=BETWEEN / 10)
        orders = [turn.order for turn in turns(seed, count, 2)]
        signs = [1 if order == (0, 1) else -1 for order in orders]
        balanced.append(verdict([one + BETWEEN * sign for one, sign in zip(noise, signs, strict=True)], within=0.0005))
        coins.append(verdict([one + BETWEEN * chance.choice((1, -1)) for one in noise], within=0.0005))
    assert share(balanced, *DIFFERENT) <= 0.05
    alike = 2 * 0.5**count
    assert share(coins, *DIFFERENT) > 0.5 * alike  # as often as all coins fall alike, or nearly


def test_one_percent_is_told_by_five_processes() -> None:
    chance = Random(2)
    assert share([verdict(estimates(chance, 5, log1p(0.01)), within=0.002) for _ in range(RUNS)], "SLOWER") >= 0.95
    assert share([verdict(estimates(chance, 5, -log1p(0.01)), within=0.002) for _ in range(RUNS)], "FASTER") >= 0.95


def test_half_a_percent_is_told_by_ten() -> None:
    chance = Random(3)
    assert share([verdict(estimates(chance, 10, log1p(0.005)), within=0.002) for _ in range(RUNS)], "SLOWER") >= 0.9


def test_equals_are_called_the_same_below_the_floor() -> None:
    chance = Random(4)
    assert share([verdict(estimates(chance, 10), within=0.004) for _ in range(RUNS)], "SAME") >= 0.8


def test_estimates_of_32_disturbed_pairs_make_an_honest_interval() -> None:
    """Noise inside each process besides: skewed, and now and then held up for a whole slot."""
    chance, called = Random(5), []
    for _ in range(400):
        processes = estimates(chance, 5)
        called.append(verdict([hodges_lehmann([by + _pair(chance) for _ in range(32)]) for by in processes], within=0.0005))
    assert share(called, *DIFFERENT) <= 0.05 + 3 * (0.05 * 0.95 / 400) ** 0.5


def _pair(chance: Random) -> float:
    return _slot(chance) - _slot(chance)


def _slot(chance: Random) -> float:
    return 0.01 * chance.expovariate(1) + (chance.random() < 0.1) * chance.uniform(0.2, 1.2)
