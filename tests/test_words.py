"""The words: one true form for every spelling."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inception_analyzer.place import place_node
from inception_analyzer.spec import NO_PADS, Aux, BatchNorm, Conv, Named, Pool, Residual, Sequence, Shape
from inception_analyzer.words import (
    aux,
    avgpool,
    biased,
    conv,
    globalpool,
    linear,
    maxpool,
    named,
    pads,
    residual,
    same,
    seq,
    trunk,
)

sides = st.integers(1, 9)


@given(st.tuples(sides, sides), st.tuples(sides, sides))
def test_same_padding_keeps_any_grid_under_any_kernel(grid: tuple[int, int], kernel: tuple[int, int]) -> None:
    assert place_node(conv(2, kernel), Shape(3, *grid)).writes.grid == grid


@given(sides)
def test_the_odd_zero_of_an_even_kernel_goes_below_and_right(half: int) -> None:
    assert same((2 * half, 2 * half + 1)) == ((half - 1, half), (half, half))


@pytest.mark.parametrize(
    ("padding", "zeros"),
    [
        ("same", ((1, 1), (2, 2))),
        ("valid", NO_PADS),
        (0, NO_PADS),
        (2, ((2, 2), (2, 2))),
        ((1, 2), ((1, 1), (2, 2))),
        (((0, 1), (2, 3)), ((0, 1), (2, 3))),
    ],
)
def test_padding_is_spelled_in_any_way(padding: object, zeros: object) -> None:
    assert pads(padding, (3, 5)) == zeros


@pytest.mark.parametrize("padding", ["full", 1.5, None, (1, 2, 3)])
def test_no_other_padding_is_understood(padding: object) -> None:
    with pytest.raises(TypeError, match="padding is"):
        pads(padding, (3, 3))


def test_a_number_is_a_square() -> None:
    assert conv(8, 3, 2) == conv(8, (3, 3), (2, 2), 1) == Conv(8, (3, 3), (2, 2), ((1, 1), (1, 1)))
    assert maxpool(3, 2) == Pool("max", (3, 3), (2, 2))
    assert avgpool(3, 1, (1, 0), count_pad=True) == Pool("avg", (3, 3), (1, 1), (1, 0), count_pad=True)


def test_a_convolution_has_a_norm_or_a_bias() -> None:
    assert (conv(8, 1).bias, conv(8, 1).norm) == (False, BatchNorm())
    assert biased(8, 1, act="none") == Conv(8, (1, 1), bias=True, norm=None, act="none")


def test_rows_are_flat_and_a_row_of_one_is_its_step() -> None:
    one, two, three = conv(1, 1), conv(2, 1), conv(3, 1)
    assert seq(one) == one
    assert seq(seq(one, two), three) == seq(one, seq(two, three)) == Sequence((one, two, three))
    assert named("a", seq(one, two), three) == Named("a", Sequence((one, two, three)))
    assert aux("a", seq(one), weight=0.3) == Aux("a", one, 0.3)


def test_a_trunk_is_a_row_even_of_one() -> None:
    assert trunk(linear(2)) == Sequence((linear(2),))
    assert trunk(seq(globalpool(), linear(2))) == trunk(globalpool(), linear(2))


def test_a_sum_is_plain_unless_asked() -> None:
    assert residual(conv(8, 1)) == Residual(conv(8, 1), None, 1.0, None, "relu")
