"""The kernel laboratory: the texts' savings, their conditions, and what an output sees according to autograd."""

from __future__ import annotations

from math import isclose, sqrt

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from inception_analyzer import AnalyzerError
from inception_analyzer.kernel import bench, counted, nodes, offsets, parse_chain, parse_grids, parse_widths, turning, work
from inception_analyzer.lab.build import build
from inception_analyzer.place import place_node
from inception_analyzer.reach import reach_of
from inception_analyzer.spec import Network, Recipe, Sequence, Shape, Source
from inception_analyzer.tree import rewrite
from inception_analyzer.words import named, trunk

SIDES = st.sampled_from(["1x1", "1x3", "3x1", "3x3", "2x2", "5x5", "1x7", "7x1"])
LOW, HIGH = (((25 + sign * sqrt(301)) / 18) ** 2 for sign in (-1, 1))  # roots of 9 s^2 - 25 s + 9, squared
CHAINS = st.lists(SIDES, min_size=1, max_size=3).map(",".join)


def ratio(reference: str, other: str, grid: int, which: str, widths: str = "64") -> float:
    found = bench(parse_chain(reference), parse_chain(other), parse_widths(widths), grid)
    one, two = ((chain.same if which != "valid" else chain.valid) for chain in (found.reference, found.other))
    assert one is not None
    assert two is not None
    return two.forward.inside / one.forward.inside if which == "inside" else two.macs / one.macs


@pytest.mark.parametrize(
    ("reference", "other", "kept"),
    [
        ("5x5", "3x3,3x3", 18 / 25),
        ("3x3", "1x3,3x1", 2 / 3),
        ("3x3", "2x2,2x2", 8 / 9),
        ("7x7", "1x7,7x1", 2 / 7),
        ("7x7", "3x3,3x3,3x3", 27 / 49),
    ],
)
@pytest.mark.parametrize("grid", [8, 17, 35])
def test_the_texts_savings_hold_at_equal_widths_with_padding(reference: str, other: str, kept: float, grid: int) -> None:
    assert isclose(ratio(reference, other, grid, "same"), kept)


@pytest.mark.parametrize(
    ("other", "grid", "expected"),
    [("1x3,3x1", 35, 0.687), ("1x3,3x1", 17, 0.711), ("1x3,3x1", 8, 0.778), ("2x2,2x2", 35, 0.916), ("2x2,2x2", 8, 1.049)],
)
def test_without_padding_less_is_saved(other: str, grid: int, expected: float) -> None:
    assert ratio("3x3", other, grid, "valid") == pytest.approx(expected, abs=6e-4)


@pytest.mark.parametrize(("grid", "saved"), [(35, 0.257), (17, 0.231), (8, 0.163)])
def test_inside_the_map_less_is_saved(grid: int, saved: float) -> None:
    assert 1 - ratio("5x5", "3x3,3x3", grid, "inside") == pytest.approx(saved, abs=6e-4)


def test_widths_turn_a_saving_into_a_loss() -> None:
    assert ratio("5x5", "3x3,3x3", 35, "same", "64,96,96") == pytest.approx(0.9)
    assert ratio("5x5", "3x3,3x3", 14, "same", "32,128,128") == pytest.approx(1.8)


@pytest.mark.parametrize(
    ("reference", "other", "middle", "saves"),
    [
        ("5x5", "3x3,3x3", "output", [(0, 16 / 9)]),
        ("5x5", "3x3,3x3", "input", [(9 / 16, None)]),
        ("5x5", "3x3,3x3", "mean", [(LOW, HIGH)]),
        ("3x3,3x3", "5x5", "mean", [(0, LOW), (HIGH, None)]),
        ("31x31", "3x3,3x3", "output", [(0, 952 / 9)]),
        ("1x1", "3x3,3x3", "output", []),
        ("3x3,3x3", "1x3,3x1", "mean", [(0, None)]),
    ],
)
def test_where_a_saving_ends(reference: str, other: str, middle: str, saves: list[tuple[float, float | None]]) -> None:
    found = turning(parse_chain(reference), parse_chain(other), middle).saves
    assert len(found) == len(saves)
    for (low, high), (least, most) in zip(found, saves, strict=True):
        assert low == pytest.approx(least, rel=1e-4)
        assert high == (None if most is None else pytest.approx(most, rel=1e-4))


@given(CHAINS, CHAINS, st.sampled_from(["input", "output", "mean"]), st.floats(0.02, 50))
def test_ranges_agree_with_the_work(reference: str, other: str, middle: str, factor: float) -> None:
    one, two = parse_chain(reference), parse_chain(other)
    excess = work(two, factor, middle) - work(one, factor, middle)
    inside = any(low < factor and (high is None or factor < high) for low, high in turning(one, two, middle).saves)
    assert inside == (excess < 0) or abs(excess) < 1e-6 * work(one, factor, middle)


@given(CHAINS, st.sampled_from([8, 16, 24]), st.sampled_from([0.5, 1.0, 1.5, 2.0]), st.sampled_from(["input", "output"]))
def test_the_formula_of_widths_is_the_count(chain: str, width: int, factor: float, middle: str) -> None:
    parsed = parse_chain(chain)
    out = int(width * factor)
    between = {"input": width, "output": out}[middle]
    widths = (width, *[between] * (len(parsed.steps) - 1), out)
    expected = work(parsed, factor, middle) * width * width * 9 * 9
    assert counted(parsed, widths, 9).same.macs == pytest.approx(expected)


@given(CHAINS)
def test_padding_keeps_the_grid_and_the_field_is_the_hull_of_the_taps(chain: str) -> None:
    parsed = parse_chain(chain)
    placed = place_node(nodes(parsed, (4,) * (len(parsed.steps) + 1), padded=True), Shape(4, 15, 15))
    assert placed.writes.grid == (15, 15)
    reach, found = reach_of(placed), counted(parsed, (4,), 15)
    assert (reach.rows, reach.columns) == found.field


@pytest.mark.parametrize(
    ("chain", "taps"),
    [
        ("3x3,3x3", 25),
        ("1x3,3x1", 9),
        ("1x3|3x1", 5),
        ("1x7,7x1", 49),
        ("2x2,2x2", 9),
        ("7x1,1x7,7x1,1x7", 169),
        ("3x3,1x3|3x1", 21),
        ("2x1|1x2,2x1|1x2", 7),
        ("2x2,2x2,2x2", 16),
    ],
)
def test_autograd_sees_as_many_inputs(chain: str, taps: int) -> None:
    parsed = parse_chain(chain)
    width = 2
    node = nodes(parsed, (width,) * (len(parsed.steps) + 1), padded=True)
    linear = rewrite(node, lambda _, part: part.__class__(**{**_fields(part), "act": "none"}) if hasattr(part, "act") else None)
    network = Network(
        "chain", "", "ref", Shape(width, 21, 21), trunk(named("chain", linear)), Source("", "", 2026), Recipe("sgd")
    )
    net = build(network)
    with torch.no_grad():
        for param in net.parameters():
            param.fill_(1.0)
    images = torch.zeros(1, width, 21, 21, requires_grad=True)
    net(images)[0, :, 10, 10].sum().backward()
    assert images.grad is not None
    assert int((images.grad[0, 0] != 0).sum()) == taps == len(offsets(parsed))


def _fields(node: object) -> dict[str, object]:
    return {name: getattr(node, name) for name in node.__dataclass_fields__}


@pytest.mark.parametrize("text", ["", "x", "3", "3x", "0x3", "3x3,", "3x3||1x1", "100x1", "3x3x3", "-1x3"])
def test_what_is_no_chain_is_refused(text: str) -> None:
    with pytest.raises(AnalyzerError, match="is not a chain"):
        parse_chain(text)


@pytest.mark.parametrize("text", ["", "0", "a", "64,", "-1", "64,0"])
def test_what_are_no_widths_is_refused(text: str) -> None:
    with pytest.raises(AnalyzerError, match="is not a list of widths"):
        parse_widths(text)


def test_grids_come_as_asked_and_once() -> None:
    assert parse_grids("149, 35,8,35") == (149, 35, 8)


@pytest.mark.parametrize("text", ["", "0", "0,5", "a", "35,", "-1", "4097", "3.5", "35x35"])
def test_what_are_no_grids_is_refused(text: str) -> None:
    with pytest.raises(AnalyzerError, match="is not a list of grids"):
        parse_grids(text)


def test_widths_must_match_the_steps() -> None:
    with pytest.raises(AnalyzerError, match="2 steps and so 3 widths, not 4"):
        counted(parse_chain("3x3,3x3"), (1, 2, 3, 4), 9)
    with pytest.raises(AnalyzerError, match="cannot share 3"):
        counted(parse_chain("1x3|3x1"), (3,), 9)


def test_a_chain_prints_as_itself() -> None:
    assert str(parse_chain("3x3,1x3|3x1")) == "3x3,1x3|3x1"
    assert isinstance(nodes(parse_chain("3x3,3x3"), (1, 1, 1), padded=True), Sequence)
