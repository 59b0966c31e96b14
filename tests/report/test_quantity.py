"""Rounding: units, digits, and the rule that what differs never looks equal."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inception_analyzer.report.quantity import (
    amount,
    amounts,
    bytes_text,
    exact,
    in_unit,
    listed,
    many,
    outcome,
    ratio,
    share,
    three,
)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (5_713_216_096, "5.713 G"),
        (23_834_568, "23.83 M"),
        (999, "999"),
        (1_000, "1.000 K"),
        (0, "0"),
        (12_253_974_624, "12.25 G"),
    ],
)
def test_four_digits(value: int, text: str) -> None:
    assert amount(value) == text


def test_a_row_has_one_unit_and_equal_decimals() -> None:
    assert amounts([6_998_552, 23_834_568]) == ["6.999 M", "23.835 M"]
    assert amounts([1_582_671_872, 724_406_816]) == ["1.583 G", "0.724 G"]


def test_what_differs_never_looks_equal() -> None:
    assert amounts([5_713_216_096, 5_713_216_097]) == ["5.713216096 G", "5.713216097 G"]


@given(st.lists(st.integers(1, 10**13), min_size=2, max_size=4))
def test_equal_texts_mean_equal_values(values: list[int]) -> None:
    assert len(set(amounts(values))) == len(set(values))


@pytest.mark.parametrize(
    ("after", "before", "text"),
    [
        (361, 100, "3.61x"),
        (72, 100, "0.72x"),
        (1234, 100, "12.3x"),
        (13_900, 100, "139x"),
        (5, 5, "="),
        (1_000_001, 1_000_000, "1.000001x"),
        (5, 0, ""),
        (9_996, 1_000, "10.0x"),
    ],
)
def test_ratio(after: int, before: int, text: str) -> None:
    assert ratio(after, before) == text


@given(st.integers(1, 10**9), st.integers(1, 10**9))
def test_a_ratio_of_one_is_written_as_equal(after: int, before: int) -> None:
    text = ratio(after, before)
    assert (text == "=") == (after == before)
    assert text == "=" or float(text.removesuffix("x")) != 1


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [(415, 1000, "41.5 %"), (1, 10**6, "<0.1 %"), (0, 10, ""), (10, 10, "100.0 %"), (99_999, 100_000, "99.9 %")],
)
def test_share(part: int, whole: int, text: str) -> None:
    assert share(part, whole) == text


@pytest.mark.parametrize(
    ("after", "before", "text"),
    [
        (72, 100, "saves 28 %"),
        (889, 1000, "saves 11.1 %"),
        (180, 100, "costs 80 % more"),
        (5, 5, "costs the same"),
        (900, 100, "takes 9.00x"),
    ],
)
def test_outcome(after: int, before: int, text: str) -> None:
    assert outcome(after, before) == text


def test_a_column_has_the_unit_of_its_head() -> None:
    assert in_unit([1_340_779_616, 2_048_000, 0, 5_713_216_096], 5_713_216_096) == ("M", ["1,341", "2", "", "5,713"])


def test_sentences_and_sizes() -> None:
    assert three(172_672) == "173 K"
    assert exact(5_713_216_096) == "5,713,216,096"
    assert bytes_text(100 * 2**20) == "100 MiB"
    assert bytes_text(2**10) == "1.00 KiB"
    assert (many(1, "network"), many(2, "network")) == ("1 network", "2 networks")
    assert (listed(["v1"]), listed(["v1", "v3", "v4"])) == ("v1", "v1, v3 and v4")
