"""Every figure of a real story: whole as SVG, readable, never overlapping, the same twice, and steady at the extremes."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from functools import cache
from itertools import combinations, pairwise
from xml.etree import ElementTree

import pytest
from figure_story import full, measurement, quick, roof
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.text import Text

from inception_analyzer.claims import CLAIMS
from inception_analyzer.claims.judging import Judged, judged
from inception_analyzer.claims.model import Amount, Condition
from inception_analyzer.report.figures import figures_of
from inception_analyzer.report.figures.canvas import NARROW, WIDE, short_amount, steps_within, typeset
from inception_analyzer.report.figures.drawing import Drawing, framed, png, svg, svg_file
from inception_analyzer.report.figures.flow import cuts
from inception_analyzer.report.figures.grids import cells_of
from inception_analyzer.report.figures.labels import apart
from inception_analyzer.report.figures.printed import claimed_totals, printed_of
from inception_analyzer.report.figures.tokens import DARK, FAMILIES, LIGHT, NAMES, PAGE
from inception_analyzer.report.figures.widths import factor
from inception_analyzer.report.story import Story
from inception_analyzer.reporting import counted
from inception_analyzer.stats import Interval
from inception_analyzer.timings import Measurement

SVG = "{http://www.w3.org/2000/svg}"
COUNTED = {"cost-map", "activations", "blocks", "branches", "stages", "scaling", "printed-counted", "widths"}
MEASURED = {"grids", "counted-measured", "cost-time", "memory", "roofline"}
LARGEST = 60_000  # bytes of one plot in a page


@pytest.fixture(params=sorted(COUNTED | MEASURED))
def drawing(request: pytest.FixtureRequest) -> Drawing:
    return next(one for one in drawings() if one.name == request.param)


@cache
def drawings() -> tuple[Drawing, ...]:
    return figures_of(full())


in_page = cache(svg)


def named(story: Story, name: str) -> Drawing:
    return next(one for one in figures_of(story) if one.name == name)


def problems(figure) -> list[str]:
    """Words that leave the figure, and words that meet."""
    renderer = figure.canvas.get_renderer()
    figure.draw(renderer)
    seen = [one for one in figure.findobj(Text) if one.get_visible() and one.get_text().strip()]
    boxes = [(one.get_text(), one.get_window_extent(renderer)) for one in seen]
    out = [
        f"out: {text}"
        for text, box in boxes
        if box.x0 < -0.5 or box.y0 < -0.5 or box.x1 > figure.bbox.x1 + 0.5 or box.y1 > figure.bbox.y1 + 0.5
    ]
    for (one, a), (other, b) in combinations(boxes, 2):
        if a.x0 < b.x1 - 0.5 and b.x0 < a.x1 - 0.5 and a.y0 < b.y1 - 0.5 and b.y0 < a.y1 - 0.5:
            out.append(f"{one} over {other}")
    return out


def test_a_story_without_a_clock_has_the_counted_figures() -> None:
    assert {one.name for one in figures_of(quick())} == COUNTED
    assert {one.name for one in figures_of(full())} == COUNTED | MEASURED


def test_each_belongs_to_a_part_that_is_told() -> None:
    parts = {part.name for part in full().parts}
    assert {one.part for one in figures_of(full())} <= parts
    assert figures_of(replace(full(), parts=())) == ()
    assert named(full(), "widths").part == "kernels-3x3-3x3"
    assert named(quick(), "widths").part == "claims"


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_words_stay_inside_and_apart(drawing: Drawing, width: float) -> None:
    assert problems(drawing.draw(LIGHT, width)) == []


def test_words_of_a_file_stay_inside_and_apart(drawing: Drawing) -> None:
    assert problems(framed(drawing, DARK)) == []


@pytest.mark.parametrize("narrow", [False, True])
def test_a_plot_for_a_page(drawing: Drawing, narrow: bool) -> None:
    text = in_page(drawing, narrow=narrow)
    root = ElementTree.fromstring(text)
    assert root.tag == f"{SVG}svg"
    assert not text.startswith("<?xml")
    assert root.findtext(f"{SVG}title") == drawing.title
    assert root.findtext(f"{SVG}desc") == drawing.alt
    assert len(text.encode()) <= LARGEST
    assert list(root.iter(f"{SVG}text")), "text is kept as text"
    assert not list(root.iter(f"{SVG}metadata"))


def test_the_page_gives_the_colours(drawing: Drawing) -> None:
    text = in_page(drawing, narrow=False)
    assert not re.findall(r"#[0-9a-fA-F]{6}\b|#[0-9a-fA-F]{3}\b|rgb\(", text)
    used = set(re.findall(r"var\(--([\w-]+)\)", text))
    assert used - {"sans", "serif"} <= set(NAMES)
    assert "mut" in used or "ink" in used


def test_every_reference_of_a_plot_finds_what_it_names(drawing: Drawing) -> None:
    text = in_page(drawing, narrow=True)
    ids = set(re.findall(r'id="([^"]+)"', text))
    pointed = set(re.findall(r"url\(#([^)]+)\)", text)) | set(re.findall(r'href="#([^"]+)"', text))
    labelled = {name for found in re.findall(r'aria-labelledby="([^"]+)"', text) for name in found.split()}
    assert pointed <= ids
    assert ids == pointed | labelled


def test_no_two_ids_in_a_page_are_alike() -> None:
    plots = [in_page(one, narrow=narrow) for one in drawings() for narrow in (False, True)]
    seen = Counter(name for text in plots for name in re.findall(r'id="([^"]+)"', text))
    assert [name for name, times in seen.items() if times > 1] == []


def test_the_same_twice(drawing: Drawing) -> None:
    again = named(full(), drawing.name)
    assert in_page(drawing, narrow=False) == svg(again)
    assert svg_file(drawing) == svg_file(again)
    assert png(drawing) == png(again)


def test_files_stand_alone(drawing: Drawing) -> None:
    text = svg_file(drawing)
    root = ElementTree.fromstring(text)
    assert "var(" not in text
    words = " ".join("".join(element.itertext()) for element in root.iter(f"{SVG}text"))
    assert drawing.title.split()[0] in words
    assert drawing.source.split(" · ")[0] in words
    assert png(drawing).startswith(b"\x89PNG")


def test_dark_is_another_picture_of_the_same_size(drawing: Drawing) -> None:
    light, dark = png(drawing), png(drawing, dark=True)
    assert light != dark
    assert light[16:24] == dark[16:24], "width and height"


def test_words_are_of_use(drawing: Drawing) -> None:
    assert len(drawing.title) <= 130
    assert len(drawing.caption) <= 160
    assert any(sign.isdigit() for sign in drawing.title + drawing.alt)
    assert not re.search(r"\dx\d|\d x ", drawing.title + drawing.caption), "printed with ×"


def test_titles_are_what_was_counted() -> None:
    found = {one.name: one.title.replace("\u00a0", " ") for one in figures_of(quick())}
    took = "Factorization took v3 from 10.78 G to 5.71 G multiply-adds, and from 53.6 M to 23.8 M parameters"
    assert found["cost-map"] == took
    assert found["blocks"] == "78.8 % of what v3 saves comes from one rule, 1×7 + 7×1 for 7×7"
    assert "save 28 % at equal widths, 10 % in v3" in found["widths"]
    assert found["stages"].endswith("from 42.4 % to 59.0 % of it")


def test_titles_follow_what_was_measured() -> None:
    over = named(full(), "counted-measured").title
    assert over == "Counting over-predicts the time of all but BN-Inception"
    rows = [row for row in full().measured if isinstance(row, Measurement) and row.against]
    slow = [replace(row, against=replace(row.against, ratio=Interval(20, 19, 21))) for row in rows]
    slow = (full().measured[0], *slow)
    assert named(replace(full(), measured=slow), "counted-measured").title == "Counting under-predicts the time of all of them"


def test_looks_have_the_tokens_of_the_pages() -> None:
    assert set(LIGHT.tokens) == set(DARK.tokens) == set(PAGE.tokens)
    assert set(FAMILIES) <= set(NAMES)
    assert len(set(PAGE.tokens.values())) == len(NAMES)
    assert LIGHT["v3"] != DARK["v3"]


# What goes into the figures.


def test_only_numbers_that_were_compared_are_printed() -> None:
    found = {one.judged.claim.id: one for one in printed_of(quick().judged)}
    assert found["k5-vs-k3-2p78"].claimed == 2.78
    assert "two-3x3-save-28" not in found, "a saving is no ratio of cost to cost"
    five = found["googlenet-params-5m"]
    assert five.claimed == 5e6
    assert five.first.value.value == 6_998_552


@pytest.mark.parametrize(
    ("claimed", "value", "fit", "taken"),
    [
        ("2.5x", 3.6, "not", True),
        ("2.5x", 2.5, "not", False),  # the judge compared something else
        ("2.5x", 9.0, "exactly", False),
        ("2.5x", 2.49, "rounded", True),
        ("2.5x", 2.5, "open", False),
        ("28 %", 2.5, "exactly", False),
        ("2.5x, 30 %", 2.5, "exactly", True),
        ("3, 5, 2", 3.0, "not", False),
        ("0x", 2.5, "not", False),
        ("2.5x", 0.0, "not", False),
        ("quicker", 2.5, "not", False),
    ],
)
def test_what_is_honestly_numeric(claimed: str, value: float, fit: str, taken: bool) -> None:
    assert bool(printed_of([a_claim(claimed, Condition("so", Amount(value, "ratio"), fit))])) == taken  # type: ignore[arg-type]


def a_claim(claimed: str, *conditions: Condition) -> Judged:
    one = judged(CLAIMS["k5-vs-k3-2p78"], {}, {})
    return replace(one, claim=replace(one.claim, claimed=claimed), finding=replace(one.finding, conditions=conditions))


def test_claimed_totals_name_the_network_that_was_counted() -> None:
    found = {(one.network, one.kind): one.claimed for one in claimed_totals(quick())}
    assert found["GoogLeNet", "params"] == 5e6
    assert found["Inception-v3", "macs"] == 4.8e9


def test_every_question_of_the_grids_has_a_row() -> None:
    cells, rows = cells_of(full())
    asked = CLAIMS["factorized-latency-by-grid"].asks()
    assert len(cells) == len(asked)
    assert len(rows) == 2 * len(asked)
    first = cells[0]
    assert (first.swap, first.grid, first.channels) == ("3x3 + 3x3 for 5x5", 149, 64)
    assert first.counted == pytest.approx(18 / 25)
    trained = next(one for one in cells if one.phase == "train-step")
    assert trained.where.endswith("trained, 32 images")
    assert cells_of(quick()) == ([], [])


def test_maps_are_cut_behind_every_block() -> None:
    v1 = next(one for one in quick().networks if one.count.network.label == "v1")
    found = cuts(v1)
    assert found[0].size == 3 * 224 * 224
    assert found[-1].size == 1000
    assert [found[0].passed, found[-1].passed] == [0, 1]
    assert max(cut.size for cut in found) == 64 * 112 * 112


def test_the_line_of_widths() -> None:
    assert factor(1) == pytest.approx(0.72)
    assert factor(4) == pytest.approx(1.8)


# Extremes.


def test_a_story_of_nothing_has_no_figures() -> None:
    empty = Story("report", "", {}, quick().parts)
    assert {one.name for one in figures_of(empty)} == {"scaling"}


@pytest.mark.parametrize("name", ["v1", "alexnet"])
def test_one_network_alone(name: str) -> None:
    one = tuple(found for found in quick().networks if found.count.network.label == name)
    found = drawn_well(replace(quick(), networks=one, pairs=(), judged=(), parts=quick().parts[:1]))
    assert set(found) == {"cost-map", "activations"}


@pytest.mark.parametrize(
    ("left", "right"), [("v4", "v4@unfactorized"), ("ir2", "ir2@unfactorized"), ("v1", "alexnet"), ("bn", "v2"), ("v3", "v3")]
)
def test_other_pairs(left: str, right: str) -> None:
    pair = counted.pair(left, right)
    part = replace(quick().parts[0], name=f"compare-{left}-{right}".replace("@", "-"))
    found = drawn_well(replace(quick(), networks=(), pairs=(pair,), judged=(), parts=(part,)))
    assert "stages" in found


def test_one_row_of_each() -> None:
    story = full()
    one = replace(story, measured=story.measured[:1], memory=story.memory[:1], roofs=story.roofs[:1], judged=story.judged[:1])
    assert {"cost-time", "memory", "roofline"} <= drawn_well(one, "cost-time", "memory", "roofline", "printed-counted")


def test_zeros() -> None:
    memory = replace(full().memory[0], parameters=0, gradients=0, optimizer=0)
    nothing = replace(memory, kept=0)
    block = replace(full().roofs[0].blocks[0], macs=0)
    still = replace(full().roofs[0], blocks=(block,))
    found = drawn_well(replace(full(), memory=(memory, nothing), roofs=(still,), measured=()), "memory")
    assert "memory" in found
    assert "roofline" not in found


@pytest.mark.parametrize("seconds", [1e-7, 1e4])
def test_quick_and_slow_machines(seconds: float) -> None:
    rows = (measurement("v1", seconds), measurement("v3", seconds, (1.0, 0.999, 1.001)))
    assert {"cost-time", "counted-measured"} <= drawn_well(replace(full(), measured=rows), "cost-time", "counted-measured")


def test_several_batches_and_ceilings() -> None:
    rows = [measurement(name, seconds, batch=batch) for batch in (1, 8) for name, seconds in (("v1", 0.04), ("v3", 0.1))]
    against = measurement("v3", 0.1, (2.0, 1.9, 2.1)).against
    rows = [replace(row, against=against if row.sample.expression == "v3" else None) for row in rows]
    other = roof("v1", quick())
    halves = replace(other, ceilings=replace(other.ceilings, dtype="bf16"))
    found = drawn_well(
        replace(full(), measured=tuple(rows), roofs=(other, halves)), "counted-measured", "roofline", "roofline-2"
    )
    assert {"counted-measured", "roofline", "roofline-2"} <= found


def test_an_unknown_network_is_measured_but_not_compared() -> None:
    rows = (measurement("mine:Net", 0.1), measurement("v3", 0.2, (2.0, 1.9, 2.1)))
    found = {one.name for one in figures_of(replace(full(), measured=rows))}
    assert "counted-measured" not in found
    assert "cost-time" in found


def drawn_well(story: Story, *only: str) -> set[str]:
    """The names of its figures, after a look at each of them, or at some."""
    found = figures_of(story)
    for one in (one for one in found if not only or one.name in only):
        ElementTree.fromstring(svg(one))
        assert [(one.name, width, problems(one.draw(LIGHT, width))) for width in (WIDE, NARROW)] == [
            (one.name, width, []) for width in (WIDE, NARROW)
        ]
    return {one.name for one in found}


def test_names_are_escaped() -> None:
    one = quick().networks[0]
    evil = replace(one, count=replace(one.count, network=replace(one.count.network, title='<script>"&x</script>')))
    for drawing in figures_of(replace(quick(), networks=(evil,), pairs=(), judged=())):
        for text in (svg(drawing), svg_file(drawing)):
            ElementTree.fromstring(text)
            assert "<script" not in text


@given(st.lists(st.floats(0, 500), min_size=1, max_size=12), st.floats(1, 30))
def test_names_at_the_ends_of_lines_keep_apart(places: list[float], least: float) -> None:
    ordered = sorted(places, reverse=True)
    moved = apart(ordered, least)
    assert all(one - other >= least - 1e-6 for one, other in pairwise(moved))
    assert sum(moved) == pytest.approx(sum(ordered), abs=1e-6)


@given(st.floats(1e-3, 1e12), st.floats(1.01, 1e6))
def test_marks_of_a_logarithmic_axis_lie_on_it(low: float, factor: float) -> None:
    found = steps_within(low, low * factor)
    assert len(found) <= 7
    assert all(low <= value <= low * factor for value in found)


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("7x7", "7×7"),
        ("1.89x as long", "1.89× as long"),
        ("1x3 | 3x1", "1×3 | 3×1"),
        ("max 3", "max 3"),
        ("x2", "x2"),
        ("-3 ms", "−3\u00a0ms"),
    ],
)
def test_signs_as_printed(text: str, printed: str) -> None:
    assert typeset(text) == printed


@pytest.mark.parametrize(
    ("value", "text"), [(2e10, "20 G"), (5e8, "500 M"), (0.5, "0.5"), (1e3, "1 K"), (0, "0"), (1.5e12, "1.5 T")]
)
def test_amounts_on_axes(value: float, text: str) -> None:
    assert short_amount(value) == text
