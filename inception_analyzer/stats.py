"""Intervals of medians and of paired log-ratios, and verdicts on them: pure numbers, exact where that is possible."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, combinations_with_replacement, takewhile
from math import ceil, cos, exp, inf, isfinite, log1p, log2, pi, sin, sqrt, tan
from statistics import fmean, median, stdev
from typing import Literal

Verdict = Literal["FASTER", "SLOWER", "SAME", "INCONCLUSIVE"]

FIRST_LOOK = 8  # pairs; every further look comes at twice as many

# The error level of each look by the number of looks: all looks together then err in 4.5-5.1 % of comparisons of equals
# (40,000 simulated). Bonferroni's shares of 5 % would be smaller, as they ignore that a look includes those before it.
LEVELS = {3: 0.0206, 4: 0.0159, 5: 0.0129, 6: 0.0109}

# Two builds of one network differ by .2-.4 % (deviation) in one process: more pairs tell more about the builds only.
FLOOR = 0.005

# Slower than the median by this, a sample was disturbed.
DISTURBED = 1.5


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate and its doubt; the ends are infinite where there are too few numbers to say."""

    point: float
    low: float
    high: float

    @property
    def half_width(self) -> float:
        return (self.high - self.low) / 2

    def widened(self, by: float) -> Interval:
        return Interval(self.point, self.low - by, self.high + by)


@dataclass(frozen=True, slots=True)
class Plan:
    """After how many pairs to look, and at which level each time; `short` if the budget ends before the last look."""

    looks: tuple[int, ...]
    level: float
    short: bool = False


@dataclass(frozen=True, slots=True)
class Summary:
    """What a row of samples looks like, in their unit."""

    median: float
    q1: float
    q3: float
    minimum: float
    p90: float
    n: int


def hodges_lehmann(differences: Sequence[float]) -> float:
    """The median of all means of two differences, each with itself too."""
    return median(_walsh(differences))


def signed_rank_interval(differences: Sequence[float], level: float) -> Interval:
    """The shifts that Wilcoxon's signed-rank test at this level does not reject, around the Hodges-Lehmann estimate.

    Exact for pairs ordered by a fair coin, whatever the noise: it only says how large a difference is, the coin its sign.
    Ties make it cautious.
    """
    walsh = _walsh(differences)
    return _between(walsh, signed_rank_critical(len(differences), level))


@cache
def signed_rank_critical(n: int, level: float) -> int:
    """Which mean of two from either end bounds the interval of n differences; 0 where none reaches the level."""
    ways = [1]  # subsets of the ranks so far, by their sum
    for rank in range(1, n + 1):
        gap = [0] * rank
        ways = [without + included for without, included in zip(ways + gap, gap + ways, strict=True)]
    return _critical(ways, n, level)


def median_interval(samples: Sequence[float], level: float = 0.05) -> Interval:
    """Two samples that enclose the median of what they come from, whatever its distribution.

    Exact for independent samples only. Calls in a row are not, so this is for showing and no verdict may rest on it.
    """
    return _between(sorted(_checked(samples)), median_critical(len(samples), level))


@cache
def median_critical(n: int, level: float) -> int:
    """Which sample from either end bounds the median of n samples; 0 where none reaches the level."""
    return _critical(_binomials(n), n, level)


def least_count(level: float) -> int:
    """How many numbers an interval at this level needs for finite ends: each halves the chance that all lie on one side."""
    return ceil(1 - log2(level))


def t_interval(means: Sequence[float], level: float = 0.05) -> Interval:
    """The mean of what independent processes found, by Student's t."""
    point = fmean(_checked(means))
    if len(means) == 1:
        return Interval(point, -inf, inf)
    return Interval(point, point, point).widened(t_critical(len(means) - 1, level) * stdev(means) / sqrt(len(means)))


@cache
def t_critical(df: int, level: float) -> float:
    """What the size of Student's t exceeds with a chance of `level`, found by halving an angle."""
    low, high = 0.0, pi / 2
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if _t_inside(middle, df) < 1 - level else (low, middle)
    return sqrt(df) * tan(low)


def plan_for(budget_seconds: float, seconds_per_pair: float, most: int = 5) -> Plan:
    """The plan with the most looks that the budget allows; to be chosen before the first look, never after."""
    fitting = [count for count in LEVELS if count <= most and _looks(count)[-1] * seconds_per_pair <= budget_seconds]
    count = max(fitting, default=min(LEVELS))
    return Plan(_looks(count), LEVELS[count], short=not fitting)


def judge(interval: Interval, floor: float = FLOOR, within: float = 0.02) -> Verdict:
    """What an interval of log(b/a) says about b; SAME means less apart than `within`, be it faster or slower."""
    if not 0 <= floor < within:
        raise ValueError(f"a margin of {within:.2%} has to be wider than the floor of {floor:.2%}")
    wide, margin = interval.widened(log1p(floor)), log1p(within)
    if -margin <= wide.low and wide.high <= margin:
        return "SAME"
    if wide.low > 0:
        return "SLOWER"
    return "FASTER" if wide.high < 0 else "INCONCLUSIVE"


def to_ratio(interval: Interval) -> Interval:
    """An interval of log(b/a) as one of b/a."""
    return Interval(exp(interval.point), exp(interval.low), exp(interval.high))


def seconds_needed(elapsed: float, half_width: float, wanted: float) -> float:
    """The time for a wanted half-width, which shrinks with the root of the time."""
    return elapsed * (half_width / wanted) ** 2 if wanted > 0 else inf


def seconds_left(plan: Plan, number: int, spent: float, budget: float) -> float:
    """Until rounds end at this pace: after the last look or with the budget, but not before the first look."""
    each = spent / number
    return max(0.0, min((plan.looks[-1] - number) * each, max((plan.looks[0] - number) * each, budget - spent)))


def summary(samples: Sequence[float]) -> Summary:
    """The quantiles that a table shows, interpolated."""
    ordered = sorted(_checked(samples))
    middle, q1, q3, p90 = (_quantile(ordered, share) for share in (0.5, 0.25, 0.75, 0.9))
    return Summary(middle, q1, q3, ordered[0], p90, len(ordered))


def drift(samples: Sequence[float]) -> float:
    """The median of the last quarter over that of the first."""
    quarter = max(1, len(_checked(samples)) // 4)
    return median(samples[-quarter:]) / median(samples[:quarter])


def disturbed(samples: Sequence[float]) -> float:
    """The share of samples that something held up."""
    limit = DISTURBED * median(_checked(samples))
    return sum(sample > limit for sample in samples) / len(samples)


def _checked(values: Sequence[float]) -> Sequence[float]:
    if not values:
        raise ValueError("nothing was measured")
    if not all(map(isfinite, values)):
        raise ValueError("a measured value is not a finite number")
    return values


def _walsh(differences: Sequence[float]) -> list[float]:
    # Sorted first, the means come in long rising runs, which are merged and not sorted anew.
    pairs = combinations_with_replacement(sorted(_checked(differences)), 2)
    return sorted((one + other) / 2 for one, other in pairs)


def _between(ordered: Sequence[float], critical: int) -> Interval:
    low, high = (ordered[critical - 1], ordered[-critical]) if critical else (-inf, inf)
    return Interval(median(ordered), low, high)


def _critical(ways: Iterable[int], n: int, level: float) -> int:
    """How many outcomes from one end on have half the level's chance, when n coins fall."""
    if not 0 < level < 1:
        raise ValueError(f"a level lies between 0 and 1, and {level} does not")
    outcomes = 2**n
    return sum(1 for _ in takewhile(lambda tail: 2 * tail / outcomes <= level, accumulate(ways)))


def _binomials(n: int) -> Iterator[int]:
    ways = 1
    for heads in range(n + 1):
        yield ways
        ways = ways * (n - heads) // (heads + 1)


def _t_inside(angle: float, df: int) -> float:
    """P(|t| < sqrt(df) tan(angle)), a finite sum (Abramowitz and Stegun, 26.7.3 and 26.7.4)."""
    odd = df % 2
    term, total = cos(angle) ** odd, 0.0
    for power in range(odd, df, 2):
        total += term
        term *= cos(angle) ** 2 * (power + 1) / (power + 2)
    return 2 / pi * (angle + sin(angle) * total) if odd else sin(angle) * total


def _looks(count: int) -> tuple[int, ...]:
    return tuple(FIRST_LOOK * 2**index for index in range(count))


def _quantile(ordered: Sequence[float], share: float) -> float:
    place = share * (len(ordered) - 1)
    below = ordered[int(place)]
    return below + (place - int(place)) * (ordered[ceil(place)] - below)
