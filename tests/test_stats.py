"""Intervals and verdicts: against tables, scipy and brute force, and on simulated machines that drift and are disturbed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations_with_replacement, product
from math import comb, exp, inf, isclose, log, log1p, nan
from random import Random
from statistics import median, quantiles
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inception_analyzer.stats import (
    LEVELS,
    Interval,
    Plan,
    disturbed,
    drift,
    hodges_lehmann,
    judge,
    least_count,
    median_critical,
    median_interval,
    plan_for,
    seconds_left,
    seconds_needed,
    signed_rank_critical,
    signed_rank_interval,
    summary,
    t_critical,
    t_interval,
    to_ratio,
)

FIVE = plan_for(inf, 1)
LOG_RATIOS = st.floats(-1, 1, allow_subnormal=False)
LEVEL = st.sampled_from([0.0109, 0.0129, 0.0206, 0.05, 0.2])
EMPTY_OR_ODD = [[], [nan], [0.1, inf], [0.1, nan, 0.2]]


# A machine that drifts, wanders, is skewed and now and then held up by a neighbour for some slots in a row.


def slots(chance: Random, count: int, noise: float, burst: float) -> list[float]:
    """Log times of slots in a row; `noise` is the deviation of a quiet slot, `burst` the share of disturbed time."""
    wander, held, each, found = 0.0, False, noise / 2**0.5, []
    for index in range(count):
        wander = 0.6 * wander + 0.8 * chance.gauss(0, each)
        held = chance.random() < burst if chance.random() < 0.2 else held
        skewed = each * (chance.expovariate(1) - 1)
        found.append(0.2 * index / count + wander + skewed + held * chance.uniform(0.2, 1.2))
    return found


def pairs(chance: Random, count: int, noise: float, burst: float, *, coin: bool = True) -> list[float]:
    """log(b/a) of equals by pairs; whether a or b has the first slot of a pair says a coin."""
    row = slots(chance, 2 * count, noise, burst)
    return [(two - one) * (chance.choice((1, -1)) if coin else 1) for one, two in zip(row[::2], row[1::2], strict=True)]


def runs(count: int, noise: float, burst: float, seed: int) -> list[list[Interval]]:
    """The intervals at all looks of the full plan, for so many comparisons of equals."""
    chance, found = Random(seed), []
    for _ in range(count):
        differences = pairs(chance, FIVE.looks[-1], noise, burst)
        found.append([signed_rank_interval(differences[:look], FIVE.level) for look in FIVE.looks])
    return found


@pytest.fixture(scope="module")
def disturbed_runs() -> list[list[Interval]]:
    return runs(1200, 0.025, 0.3, seed=1)


@pytest.fixture(scope="module")
def calmer_runs() -> list[list[Interval]]:
    return runs(1000, 0.025, 0.1, seed=2)


@pytest.fixture(scope="module")
def scipy_stats() -> Any:
    return pytest.importorskip("scipy.stats")


def moved(interval: Interval, by: float, scale: float = 1.0) -> Interval:
    return Interval(scale * interval.point + by, scale * interval.low + by, scale * interval.high + by)


def excludes(interval: Interval, value: float) -> bool:
    return not interval.low <= value <= interval.high


def verdict(looks: Sequence[Interval], by: float = 0.0, scale: float = 1.0, floor: float = 0.005) -> str:
    """The first verdict that a run comes to, with a slowdown put into it."""
    called = (judge(moved(interval, by, scale), floor) for interval in looks)
    return next((word for word in called if word != "INCONCLUSIVE"), "INCONCLUSIVE")


def share(found: Sequence[object], *words: object) -> float:
    return sum(word in words for word in found) / len(found)


@pytest.mark.parametrize("count", [8, 12, 32])
def test_intervals_cover_the_truth_on_a_disturbed_machine(count: int) -> None:
    chance, truth = Random(3), log(1.03)
    rows = [[truth + noise for noise in pairs(chance, count, 0.025, 0.3)] for _ in range(5000)]
    missed = [excludes(signed_rank_interval(row, 0.05), truth) for row in rows]
    assert share(missed, True) <= 0.05 + 3 * (0.05 * 0.95 / 5000) ** 0.5  # three deviations of the simulation itself


def test_without_the_coin_drift_would_be_taken_for_a_difference() -> None:
    chance = Random(4)
    rows = [pairs(chance, 12, 0.005, 0.0, coin=False) for _ in range(200)]
    assert share([excludes(signed_rank_interval(row, 0.05), 0) for row in rows], True) > 0.5


def test_five_looks_together_keep_the_promised_error(disturbed_runs: list[list[Interval]]) -> None:
    assert share([any(excludes(look, 0) for look in looks) for looks in disturbed_runs], True) <= 0.06


def test_the_floor_leaves_hardly_a_false_alarm(calmer_runs: list[list[Interval]], disturbed_runs: list[list[Interval]]) -> None:
    """The less, the narrower the intervals; where they are far wider than the floor, it is the level that protects."""
    assert share([verdict(looks) for looks in calmer_runs], "FASTER", "SLOWER") <= 0.01
    assert share([verdict(looks) for looks in disturbed_runs], "FASTER", "SLOWER") <= 0.02


def test_the_floor_answers_for_builds_that_differ(calmer_runs: list[list[Interval]]) -> None:
    """Short layers: little noise, so that .25 % between two builds of one network is seen, and means nothing."""
    chance = Random(5)
    builds = [(looks, chance.gauss(0, 0.0025)) for looks in calmer_runs]
    resolved = [excludes(moved(looks[-1], by, scale=0.1), 0) for looks, by in builds]
    assert share(resolved, True) > 0.5
    assert share([verdict(looks, by, scale=0.1) for looks, by in builds], "FASTER", "SLOWER") <= 0.01


def test_a_slowdown_of_three_percent_is_seen(calmer_runs: list[list[Interval]]) -> None:
    assert share([verdict(looks, log(1.03)) for looks in calmer_runs], "SLOWER") >= 0.9
    assert share([verdict(looks, -log(1.03)) for looks in calmer_runs], "FASTER") >= 0.9


def test_equals_are_called_the_same(calmer_runs: list[list[Interval]]) -> None:
    assert share([verdict(looks) for looks in calmer_runs], "SAME") >= 0.75


# The signed-rank interval.


@given(st.lists(LOG_RATIOS, min_size=8, max_size=8), LEVEL)
def test_coins_alone_make_it_exact_whatever_the_noise(noise: list[float], level: float) -> None:
    """All 256 falls of the coins over the same noise, ties and zeros included."""
    falls = list(product((1, -1), repeat=len(noise)))
    intervals = [signed_rank_interval([sign * size for sign, size in zip(fall, noise, strict=True)], level) for fall in falls]
    assert share([excludes(interval, 0) for interval in intervals], True) <= level


@pytest.mark.parametrize("n", range(11))
def test_its_rank_comes_from_all_subsets(n: int) -> None:
    sums = sorted(sum(rank for rank in range(1, n + 1) if chosen >> rank - 1 & 1) for chosen in range(2**n))
    for level in (0.0129, 0.05, 0.25):
        critical = signed_rank_critical(n, level)
        tails = [2 * sum(found < below for found in sums) / 2**n for below in (critical, critical + 1)]
        assert tails[0] <= level < tails[1]


@pytest.mark.parametrize(("n", "table"), [(5, None), (6, 0), (8, 3), (10, 8), (15, 25), (20, 52), (25, 89), (30, 137)])
def test_its_rank_is_that_of_wilcoxons_table(n: int, table: int | None) -> None:
    assert signed_rank_critical(n, 0.05) == (0 if table is None else table + 1)


@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=40, unique=True), st.randoms(use_true_random=False), LEVEL)
def test_it_excludes_zero_exactly_where_scipy_rejects(scipy_stats: Any, sizes: list[int], chance: Random, level: float) -> None:
    leaning = chance.random()
    differences = [size / 1e6 if chance.random() < leaning else -size / 1e6 for size in sizes]
    rejects = scipy_stats.wilcoxon(differences, method="exact").pvalue <= level
    assert excludes(signed_rank_interval(differences, level), 0) == rejects


@given(st.lists(LOG_RATIOS, min_size=1, max_size=20), LEVEL)
def test_it_turns_with_the_roles_and_minds_no_order(differences: list[float], level: float) -> None:
    found = signed_rank_interval(differences, level)
    assert signed_rank_interval([-difference for difference in differences], level) == Interval(
        -found.point, -found.high, -found.low
    )
    assert signed_rank_interval(sorted(differences), level) == found
    assert found.low <= found.point <= found.high


@given(st.lists(LOG_RATIOS, min_size=1, max_size=20))
def test_its_point_is_hodges_and_lehmanns(differences: list[float]) -> None:
    point = hodges_lehmann(differences)
    assert point == median((one + two) / 2 for one, two in combinations_with_replacement(differences, 2))
    assert point == signed_rank_interval(differences, 0.05).point


def test_one_wild_pair_hardly_moves_it() -> None:
    calm = [0.01 * step for step in range(-8, 9)]
    assert abs(hodges_lehmann([*calm, 100.0])) < 0.02
    assert signed_rank_interval([*calm, 100.0], 0.05).high < 0.06


@pytest.mark.parametrize("level", [0.0109, 0.0129, 0.0206, 0.05, 0.25, 0.9])
def test_too_few_numbers_leave_the_ends_open(level: float) -> None:
    enough = least_count(level)
    row = [0.01] * enough
    for interval in (signed_rank_interval, median_interval):
        assert interval(row, level) == Interval(0.01, 0.01, 0.01)
        assert enough == 1 or interval(row[1:], level) == Interval(0.01, -inf, inf)


def test_every_plan_reaches_its_level_at_its_first_look() -> None:
    assert max(map(least_count, LEVELS.values())) <= min(FIVE.looks)
    assert signed_rank_interval([0.02] * 7, FIVE.level).half_width == inf


# The other intervals.


@given(st.integers(1, 400), LEVEL)
def test_the_median_lies_between_scipys_ranks(scipy_stats: Any, n: int, level: float) -> None:
    binom = scipy_stats.binom
    critical = median_critical(n, level)
    assert critical == 0 or 2 * binom.cdf(critical - 1, n, 0.5) <= level
    assert 2 * binom.cdf(critical, n, 0.5) > level


def test_the_median_of_many_samples() -> None:
    assert [median_critical(n, 0.05) for n in (5, 6, 10, 20, 50, 100)] == [0, 1, 2, 6, 18, 40]
    critical = median_critical(1000, 0.05)
    tails = [2 * sum(comb(1000, heads) for heads in range(end)) / 2**1000 for end in (critical, critical + 1)]
    assert tails[0] <= 0.05 < tails[1]
    assert median_interval([float(value) for value in range(100, 0, -1)]) == Interval(50.5, 40, 61)


@pytest.mark.parametrize(("df", "table"), [(1, 12.7062), (2, 4.30265), (3, 3.18245), (4, 2.77645), (9, 2.26216), (30, 2.04227)])
def test_students_t_by_the_table(df: int, table: float) -> None:
    assert t_critical(df, 0.05) == pytest.approx(table, rel=1e-5)


@pytest.mark.parametrize("df", range(1, 31))
def test_students_t_by_scipy(scipy_stats: Any, df: int) -> None:
    for level in (0.5, 0.1, 0.05, 0.0129, 0.001):
        assert t_critical(df, level) == pytest.approx(scipy_stats.t.ppf(1 - level / 2, df), rel=1e-9)


def test_the_mean_of_processes() -> None:
    found = t_interval([1.0, 2.0, 3.0, 4.0, 5.0])
    assert found.point == 3
    assert found.half_width == pytest.approx(2.77645 * (2.5 / 5) ** 0.5, rel=1e-5)
    assert t_interval([0.3]) == Interval(0.3, -inf, inf)
    assert t_interval([0.3] * 5) == Interval(0.3, 0.3, 0.3)


def test_the_mean_of_processes_is_covered() -> None:
    chance = Random(6)
    missed = [excludes(t_interval([chance.gauss(0.01, 0.004) for _ in range(5)], 0.1), 0.01) for _ in range(2000)]
    assert share(missed, True) == pytest.approx(0.1, abs=0.02)


# Plans and verdicts.


@pytest.mark.parametrize(
    ("pairs_in_budget", "plan"),
    [
        (1, Plan((8, 16, 32), 0.0206, short=True)),
        (32, Plan((8, 16, 32), 0.0206)),
        (127, Plan((8, 16, 32, 64), 0.0159)),
        (128, Plan((8, 16, 32, 64, 128), 0.0129)),
        (10**6, Plan((8, 16, 32, 64, 128), 0.0129)),
    ],
)
def test_the_budget_chooses_the_plan(pairs_in_budget: int, plan: Plan) -> None:
    assert plan_for(pairs_in_budget * 0.25, 0.25) == plan


def test_a_sixth_look_has_to_be_asked_for() -> None:
    assert plan_for(60, 0.1, most=6) == Plan((8, 16, 32, 64, 128, 256), 0.0109)


@pytest.mark.parametrize(
    ("low", "high", "word"),
    [
        (-0.014, 0.014, "SAME"),
        (0.006, 0.014, "SAME"),  # a difference, but none that matters
        (0.0, 0.0, "SAME"),
        (0.006, 0.016, "SLOWER"),
        (0.004, 0.03, "INCONCLUSIVE"),
        (-0.03, -0.006, "FASTER"),
        (-0.016, 0.016, "INCONCLUSIVE"),
        (-inf, inf, "INCONCLUSIVE"),
    ],
)
def test_verdicts(low: float, high: float, word: str) -> None:
    assert judge(Interval((low + high) / 2, low, high)) == word


@given(st.floats(-0.04, 0.04), st.floats(-0.04, 0.04), st.floats(0, 0.02))
def test_verdicts_turn_with_the_roles_and_more_doubt_never_turns_them(one: float, two: float, doubt: float) -> None:
    low, high = sorted((one, two))
    found = judge(Interval(one, low, high))
    turned = {"FASTER": "SLOWER", "SLOWER": "FASTER"}
    assert judge(Interval(-one, -high, -low)) == turned.get(found, found)
    doubted = judge(Interval(one, low, high).widened(doubt))
    assert found == "SAME" or doubted in (found, "INCONCLUSIVE")


@pytest.mark.parametrize(("floor", "within"), [(0.005, 0.005), (0.02, 0.01), (-0.001, 0.02), (nan, 0.02), (0.005, nan)])
def test_a_margin_inside_the_floor_is_refused(floor: float, within: float) -> None:
    with pytest.raises(ValueError, match="wider than the floor"):
        judge(Interval(0, 0, 0), floor, within)


def test_ratios() -> None:
    assert to_ratio(Interval(0, -inf, inf)) == Interval(1, 0, inf)
    assert to_ratio(Interval(log(0.8), log(0.75), log(0.85))).low == pytest.approx(0.75)
    assert to_ratio(Interval(0, 0, 0).widened(log1p(0.005))).high == pytest.approx(1.005)


def test_seconds_needed() -> None:
    assert seconds_needed(8.0, 0.02, 0.01) == 32
    assert seconds_needed(8.0, inf, 0.01) == seconds_needed(8.0, 0.02, 0.0) == inf


# Rows of samples.


@given(st.lists(st.floats(1e-6, 1e3), min_size=2, max_size=50))
def test_quantiles_are_interpolated(samples: list[float]) -> None:
    found, cuts = summary(samples), quantiles(samples, n=20, method="inclusive")
    for ours, theirs in zip((found.q1, found.median, found.q3, found.p90), (cuts[4], cuts[9], cuts[14], cuts[17]), strict=True):
        assert isclose(ours, theirs, rel_tol=1e-9)
    assert (found.minimum, found.n) == (min(samples), len(samples))


def test_one_sample_is_all_its_quantiles() -> None:
    found = summary([0.5])
    assert {found.median, found.q1, found.q3, found.minimum, found.p90} == {0.5}
    assert drift([0.5]) == 1


def test_drift_and_disturbance() -> None:
    warming = [exp(index / 100) for index in range(40)]
    assert drift(warming) == pytest.approx(exp(0.3))
    assert drift([1.0] * 9) == 1
    assert disturbed([1.0] * 9 + [1.6]) == 0.1
    assert disturbed([1.0, 1.0, 1.5]) == 0


@pytest.mark.parametrize("values", EMPTY_OR_ODD)
@pytest.mark.parametrize(
    "ask", [hodges_lehmann, lambda row: signed_rank_interval(row, 0.05), median_interval, t_interval, summary, drift, disturbed]
)
def test_nothing_and_no_numbers_are_refused(ask: Callable[[list[float]], object], values: list[float]) -> None:
    with pytest.raises(ValueError, match=r"nothing was measured|not a finite number"):
        ask(values)


@pytest.mark.parametrize("level", [0.0, 1.0, -0.1, nan])
def test_a_level_lies_between_0_and_1(level: float) -> None:
    with pytest.raises(ValueError, match="a level lies between"):
        signed_rank_interval([0.01] * 8, level)


@pytest.mark.parametrize(("budget", "left"), [(30.0, 20.0), (1.0, 6.0), (90.0, 54.0)])
def test_the_time_left_ends_with_the_budget_but_not_before_the_first_look(budget: float, left: float) -> None:
    # Five rounds took 10 s: three more reach the first look, and 27 the last.
    assert seconds_left(Plan((8, 16, 32), 0.02), 5, 10.0, budget) == left


def test_nothing_is_left_once_all_is_done() -> None:
    assert seconds_left(Plan((8,), 0.02), 8, 10.0, 5.0) == 0.0
