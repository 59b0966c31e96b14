"""What a reader takes from a figure: every mark named, axes with names, one colour for a network, words that can be read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import product
from xml.etree import ElementTree

import pytest
from figure_story import full, measurement, quick
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.colors import to_hex, to_rgba
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.text import Annotation, Text

from inception_analyzer.claims import CLAIMS
from inception_analyzer.claims.judging import Judged, judged
from inception_analyzer.claims.model import Amount, Condition, say
from inception_analyzer.report.amounts import sentence_text
from inception_analyzer.report.figures import figures_of, spots
from inception_analyzer.report.figures.arms import _arms, _every
from inception_analyzer.report.figures.bars import STRENGTHS, strength, unnamed
from inception_analyzer.report.figures.canvas import AXIS, NARROW, WIDE, course
from inception_analyzer.report.figures.drawing import Drawing, svg
from inception_analyzer.report.figures.grids import cells_of
from inception_analyzer.report.figures.printed import printed_of
from inception_analyzer.report.figures.spots import Box, Paper, Wanted, hits
from inception_analyzer.report.figures.times import conditions
from inception_analyzer.report.figures.tokens import DARK, FAMILIES, LIGHT, Look, family_token
from inception_analyzer.report.quantity import share

PHONE = 360 - 2 * 16  # pixels of a small phone between the margins of the page
NO_AXES = {"stages"}  # every bar is a whole, and every share stands in it or below it
BOTH = {"cost-map", "activations", "scaling", "widths", "cost-time", "roofline"}  # figures whose height is a value too
NAMES = sorted(
    {"cost-map", "activations", "blocks", "branches", "stages", "scaling", "printed-counted", "widths"}
    | {"grids", "counted-measured", "cost-time", "memory", "roofline"}
)
LOOKS = {"light": LIGHT, "dark": DARK}
WIDTHS = pytest.mark.parametrize("width", [WIDE, NARROW])


@pytest.fixture(params=NAMES)
def drawing(request: pytest.FixtureRequest) -> Drawing:
    return named(request.param)


@cache
def drawings() -> tuple[Drawing, ...]:
    return figures_of(full())


def named(name: str) -> Drawing:
    return next(one for one in drawings() if one.name == name)


@cache
def painted(name: str, width: float, look: str = "light") -> Figure:
    return named(name).draw(LOOKS[look], width)


def texts(figure: Figure) -> list[Text]:
    return [one for one in figure.findobj(Text) if one.get_visible() and one.get_text().strip()]


def said(name: str, width: float) -> set[str]:
    return {one.get_text() for one in texts(painted(name, width))}


# What is printed beside what is counted.


def test_a_printed_number_stands_beside_what_its_claim_is_about() -> None:
    match = next(one for one in printed_of(quick().judged) if one.judged.claim.id == "inception-resnet-cost-match")
    assert [case.when for case in match.named] == ["IR-v2 as drawn, 5 / 10 / 5, against v4", "IR-v2 as released, 10 / 20 / 10"]
    assert [case.when for case in match.others] == ["IR-v1 against v3"]
    assert match.text == "0.76x, 1.07x"


def test_every_number_of_the_figure_stands_in_the_table_of_claims() -> None:
    for one in printed_of(quick().judged):
        told = sentence_text(one.judged.finding.found)
        assert all(part in told for part in one.text.split(", ")), (one.text, told)


def test_where_the_finding_names_no_case_the_first_is_taken() -> None:
    cases = [Condition(when, Amount(value, "ratio"), "not") for when, value in (("so", 3.0), ("or so", 4.0))]
    (one,) = printed_of([a_claim("2.5x", "nowhere", (), *cases)])
    assert one.named == tuple(cases[:1])
    (one,) = printed_of([a_claim("2.5x", "{}", (Amount(4.0, "ratio"),), *cases)])
    assert one.named == tuple(cases[1:])
    assert one.others == tuple(cases[:1])


def a_claim(claimed: str, found: str, amounts: tuple[Amount, ...], *cases: Condition) -> Judged:
    one = judged(CLAIMS["k5-vs-k3-2p78"], {}, {})
    finding = replace(one.finding, conditions=cases, found=say(found, *amounts))
    return replace(one, claim=replace(one.claim, claimed=claimed), finding=finding)


# Marks and their names.


@WIDTHS
def test_the_map_names_what_its_title_is_about_and_what_texts_claim(width: float) -> None:
    shown = said("cost-map", width)
    networks = [one.count.network for one in quick().networks if one.count.network.family == one.count.network.label]
    assert {one.title for one in networks} <= shown
    assert {"v3 unfactorized", "v2 unfactorized", "v4 unfactorized"} <= shown
    assert {"\u201c5\u00a0M\u201d", "\u201c4.8\u00a0G\u201d", "\u201c2.0\u00a0G\u201d", "\u201c1.5\u00a0G\u201d"} <= shown


def test_the_wide_map_names_its_variants_too() -> None:
    shown = said("cost-map", WIDE)
    assert {"Inception-ResNet-v2 as drawn", "Inception-v2, Table 1 as printed", "ResNet-152", "ir1 unfactorized"} <= shown


@WIDTHS
def test_every_branch_is_named(width: float) -> None:
    one = quick().pairs[0].left
    shown = ", ".join(said("branches", width)).replace("\u00d7", "x")
    for block in _every(one):
        assert all(arm.name in shown for arm in _arms(block)), block.name


@WIDTHS
def test_every_share_of_a_stage_is_there(width: float) -> None:
    shown = ", ".join(said("stages", width)).replace("\u00d7", "x").replace("\u00a0", " ")
    for pair in quick().pairs:
        for one in (pair.left, pair.right):
            for stage in one.whole.parts:
                assert stage.name in shown
                assert share(stage.cost.macs, one.count.cost.macs) in shown


@WIDTHS
def test_lines_of_equal_speed_have_numbers(width: float) -> None:
    lines = [one for one in said("cost-time", width) if one.endswith(("/s", "a second"))]
    assert len(lines) >= 3
    assert sum(one.endswith("a second") for one in lines) == 1, "what the numbers are is said once"


@WIDTHS
def test_maps_have_a_value_axis(width: float) -> None:
    shown = said("activations", width)
    assert {"0", "2\u00a0M", "elements"} <= shown


def test_pieces_without_a_name_are_named_by_their_place() -> None:
    assert unnamed(["1x1", "5x5", "pool"], [False, True, False]) == "first 1x1, last pool"
    assert unnamed(["1x1", "5x5", "3x3", "pool"], [True, False, True, True]) == "second 5x5"
    assert unnamed(["all"], [False]) == "all all"
    assert unnamed(["1x1", "pool"], [True, True]) == ""


@WIDTHS
def test_lines_to_labels_run_through_no_words(drawing: Drawing, width: float) -> None:
    figure = painted(drawing.name, width)
    renderer = figure.canvas.get_renderer()
    figure.draw(renderer)
    boxes = [(one.get_text(), Box(*one.get_window_extent(renderer).extents)) for one in texts(figure)]
    for one in leaders(figure):
        start, end = one.axes.transData.transform(one.xy), one.get_transform().transform(one.xyann)
        line = spots.line(start, end, 1.0)[3:-3]
        assert [text for text, box in boxes if any(hits(piece, [box]) for piece in line)] == []


def leaders(figure: Figure) -> Iterator[Annotation]:
    for one in figure.findobj(Annotation):
        if not one.get_text() and one.arrowprops and one.arrowprops["arrowstyle"] == "-":
            yield one


@WIDTHS
def test_the_dearest_block_of_each_network_is_named_under_the_roof(width: float) -> None:
    assert {"v1 conv2", "v3 conv4"} <= said("roofline", width)


@WIDTHS
@pytest.mark.parametrize("name", ["grids", "counted-measured"])
def test_ticks_and_dots_are_explained(name: str, width: float) -> None:
    assert {"counted", "measured"} <= said(name, width)


# Places of labels.


@given(st.lists(st.tuples(st.floats(20, 280), st.floats(20, 180)), min_size=1, max_size=12))
def test_labels_meet_nothing_and_their_lines_cross_no_words(points: list[tuple[float, float]]) -> None:
    wanted = [Wanted(x, y, 60, 10, 5, spots.SPOTS, True, True) for x, y in points]
    barred = [Box(100, 90, 160, 104)]
    found = [one for one in spots.settle(wanted, Paper(Box(0, 0, 300, 200), barred, barred, 1.0)) if one]
    boxes = [one.box for one in found] + barred
    for one, other in product(boxes, boxes):
        assert one is other or not hits(one, [other])
    for one in found:
        crossed = [other.box for other in found if other is not one] + [box for box in barred if not hits(box, one.line[:1])]
        assert not any(hits(piece, crossed) for piece in one.line)


def test_who_must_be_there_chooses_before_who_may() -> None:
    free = Wanted(50, 50, 40, 10, 5, ("E",), False, False)
    must = replace(free, x=52.0, must=True)
    paper = Paper(Box(0, 0, 200, 100), (), (), 1.0)
    assert [one is not None for one in spots.settle([free, must], paper)] == [False, True]


# Strength of colour.


@given(st.floats(0, 1e9), st.floats(0, 1e9))
def test_more_cost_is_no_fainter(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert strength(low, 1e9) <= strength(high, 1e9)


def test_the_dearest_branch_is_the_strongest() -> None:
    blocks = _every(quick().pairs[0].left)
    costs = sorted((arm.cost.macs for block in blocks for arm in _arms(block)), reverse=True)
    patches = painted("branches", WIDE).axes[0].patches
    drawn = sorted(((one.get_width(), one.get_alpha()) for one in patches if one.get_alpha()), reverse=True)
    assert [round(cost) for cost, _ in drawn] == costs
    assert [strong for _, strong in drawn] == sorted((strong for _, strong in drawn), reverse=True)
    assert drawn[0][1] == max(STRENGTHS)


# Words about figures.


@pytest.mark.parametrize(
    ("lines", "word"),
    [([[3, 2, 1], [1, 1]], "fall"), ([[1, 2]], "rise"), ([[1, 1]], "stay"), ([[1, 2], [2, 1]], "fall or rise"), ([], "stay")],
)
def test_which_way_lines_go(lines: list[list[float]], word: str) -> None:
    assert course(lines) == word


def test_what_is_said_of_the_panels_is_what_is_drawn() -> None:
    figure = painted("scaling", WIDE)
    left, right = (course([list(line.get_ydata()) for line in axes.lines if len(line.get_xdata()) > 2]) for axes in figure.axes)
    assert f"over its square {left}; with the side of the image they {right}." in named("scaling").alt
    assert (left, right) == ("fall", "rise")


def test_rounds_are_as_many_as_there_were() -> None:
    rows = [measurement("v1", 0.04), measurement("v3", 0.1)]
    assert "33 rounds" in conditions(full(), rows)
    fewer = replace(rows[0], sample=replace(rows[0].sample, seconds=rows[0].sample.seconds[:8]))
    assert "8 to 33 rounds" in conditions(full(), [fewer, rows[1]])
    assert "rounds" not in conditions(full(), [])


def test_a_figure_stands_where_its_numbers_do() -> None:
    assert named("grids").part == "claims"


def test_no_two_rows_of_a_swap_are_called_alike() -> None:
    cells, _ = cells_of(full())
    assert len({(one.swap, one.where) for one in cells}) == len(cells)
    assert {one.channels for one in cells if one.usual} == {64}
    assert all("channels" in one.where for one in cells if one.channels != 64)


# Axes, colours, sizes.


@WIDTHS
def test_axes_say_what_they_show(drawing: Drawing, width: float) -> None:
    figure = painted(drawing.name, width)
    across = [one for one in texts(figure) if one.get_gid() == f"{AXIS}-x"]
    up = [one for one in texts(figure) if one.get_gid() == f"{AXIS}-y"]
    assert len(across) == (0 if drawing.name in NO_AXES else len(figure.axes))
    assert len(up) == (len(figure.axes) if drawing.name in BOTH else 0)


@pytest.mark.parametrize("look", ["light", "dark"])
def test_a_network_has_one_colour_everywhere(look: str) -> None:
    families = {one.count.network.title: one.count.network.family for one in quick().networks}
    seen = 0
    for name, width in product(NAMES, (WIDE, NARROW)):
        for one in texts(painted(name, width, look)):
            if one.get_text() in families:
                seen += 1
                assert one.get_color() == LOOKS[look].text(family_token(families[one.get_text()])), (name, one.get_text())
    assert seen > 60


def test_words_on_a_phone_are_large_enough(drawing: Drawing) -> None:
    root = ElementTree.fromstring(svg(drawing, narrow=True))
    scale = PHONE / float(root.get("viewBox", "").split()[2])
    sizes = [float(size) for size in re.findall(r"font-size:([\d.]+)px", ElementTree.tostring(root, encoding="unicode"))]
    assert min(sizes) * scale >= 9


@pytest.mark.parametrize("look", ["light", "dark"])
@WIDTHS
def test_words_stand_out_from_what_is_behind_them(drawing: Drawing, width: float, look: str) -> None:
    figure = painted(drawing.name, width, look)
    figure.draw(figure.canvas.get_renderer())
    for one in texts(figure):
        assert contrast(to_hex(one.get_color()), behind(one, LOOKS[look])) >= 4.3, (one.get_text(), look)


def behind(text: Text, look: Look) -> str:
    """The field that words stand on, or paper."""
    box = text.get_window_extent()
    middle = ((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2)
    fields = (
        [one for one in text.axes.patches if isinstance(one, Rectangle) and one.contains_point(middle)] if text.axes else []
    )
    color = to_rgba(look["paper"])[:3]
    for one in fields:
        *face, strong = one.get_facecolor()
        color = tuple(strong * over + (1 - strong) * under for over, under in zip(face, color, strict=True))
    return to_hex(color)


def contrast(one: str, other: str) -> float:
    """As the guidelines for the web define it."""
    low, high = sorted(luminance(color) for color in (one, other))
    return (high + 0.05) / (low + 0.05)


def luminance(color: str) -> float:
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in to_rgba(color)[:3]]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize(("family", "step", "look"), list(product(FAMILIES, STRENGTHS, (LIGHT, DARK))))
def test_words_on_every_strength_of_every_colour_can_be_read(family: str, step: float, look: Look) -> None:
    pairs = zip(to_rgba(look[family])[:3], to_rgba(look["paper"])[:3], strict=True)
    field = to_hex(tuple(step * over + (1 - step) * under for over, under in pairs))
    assert contrast(look.over(family, step), field) >= 4.3
