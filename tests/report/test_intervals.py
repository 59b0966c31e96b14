"""Estimates beside their intervals: rounded at the first digit of the half-width, both to the same place."""

from __future__ import annotations

import re
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inception_analyzer.claims.model import Amount
from inception_analyzer.report.amounts import amount_text
from inception_analyzer.report.document import Cell
from inception_analyzer.report.measured import factor_cells, ratio_text, ratio_texts, time_text, timed_texts
from inception_analyzer.report.roofs import _mebibytes, _part
from inception_analyzer.stats import Interval


@pytest.mark.parametrize(
    ("interval", "shown"),
    [
        (Interval(0.0572, 0.0561, 0.0589), "57 ms [56, 59]"),
        (Interval(0.0523, 0.0509, 0.0530), "52 ms [51, 53]"),
        (Interval(0.112, 0.109, 0.116), "112 ms [109, 116]"),
        (Interval(1.2541, 1.2433, 1.2652), "1,254 ms [1,243, 1,265]"),
        (Interval(0.00121, 0.00119, 0.00124), "1.21 ms [1.19, 1.24]"),
        (Interval(0.0572, -inf, inf), "57.2 ms [too few]"),
    ],
)
def test_times(interval: Interval, shown: str) -> None:
    assert " ".join(timed_texts(interval)) == shown


@pytest.mark.parametrize(
    ("interval", "shown"),
    [
        (Interval(1.006, 0.991, 1.022), "1.01x [0.99, 1.02]"),
        (Interval(2.714, 2.618, 2.833), "2.71x [2.62, 2.83]"),
        (Interval(1.003, 1.002, 1.004), "1.003x [1.002, 1.004]"),
        (Interval(12.34, 11.9, 12.8), "12.3x [11.9, 12.8]"),
        (Interval(139.4, 120.2, 160.8), "139x [120, 161]"),
        (Interval(0.085, 0.081, 0.089), "0.085x [0.081, 0.089]"),
        (Interval(1.5, -inf, inf), "1.50x [too few]"),
    ],
)
def test_ratios(interval: Interval, shown: str) -> None:
    assert ratio_text(interval) == shown
    assert amount_text(Amount(interval.point, "ratio", interval.low, interval.high)) == shown


def decimals_in(text: str) -> set[int]:
    return {len(number.partition(".")[2]) for number in re.findall(r"\d[\d,]*(?:\.\d+)?", text)}


@given(st.floats(0.01, 300), st.floats(1e-4, 0.5))
def test_all_to_one_place(point: float, width: float) -> None:
    interval = Interval(point, point * (1 - width), point * (1 + width))
    assert len(decimals_in(ratio_text(interval))) == 1
    assert len(decimals_in(" ".join(timed_texts(interval)))) == 1


def test_a_ratio_that_may_be_one_is_muted() -> None:
    assert factor_cells(Interval(1.006, 0.991, 1.022)) == (Cell("~ 1.01x", "dim"), Cell("[0.99, 1.02]", "dim"))
    assert factor_cells(Interval(1.2, 1.1, 1.3))[0] == Cell(ratio_texts(Interval(1.2, 1.1, 1.3))[0], "bold")


def test_what_is_nothing_is_blank_and_a_trace_says_so() -> None:
    assert [_mebibytes(size) for size in (0, 8_000, 2**20, 1475 * 2**20)] == ["", "<0.1", "1.0", "1,475.0"]
    assert [_part(share) for share in (0.0, 0.001, 0.42)] == ["", "<1 %", "42 %"]


def test_a_time_alone_has_three_digits() -> None:
    assert [time_text(value) for value in (0.0000218, 0.0523, 1.2541)] == ["0.0218 ms", "52.3 ms", "1,254 ms"]
