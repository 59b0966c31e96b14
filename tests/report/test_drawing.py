"""Drawings: everything is there once, inside its box and the picture; the files are well formed and always the same."""

from __future__ import annotations

import os
import re
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from matplotlib import font_manager, ft2font
from strategies import networks

from inception_analyzer import load
from inception_analyzer.count import count
from inception_analyzer.networks import NETWORKS
from inception_analyzer.outline import Part, descend, find
from inception_analyzer.report.drawing import ink, lettering, lines, png, svg
from inception_analyzer.report.drawing.boxes import Boxes, Piece, boxes_of
from inception_analyzer.report.drawing.draw import Asked, chart, document, module_of, picture
from inception_analyzer.report.drawing.flow import Flow, Split, dearest_of, flow_of, layers_of, macs_of
from inception_analyzer.report.drawing.frame import steps_to
from inception_analyzer.report.drawing.mermaid import FRAMES
from inception_analyzer.report.drawing.picture import Box, Group, Picture, Shape, Taps, Text, flat
from inception_analyzer.report.drawing.subject import Block, Head, Subject, look, rows_of, singles, subject_of
from inception_analyzer.report.web import environment, stylesheet
from inception_analyzer.spec import Conv, Linear, Network
from inception_analyzer.words import branches, conv, maxpool, named, residual, trunk

GOLDEN = Path(__file__).parent.parent / "golden" / "draw"
DOCS = Path(__file__).parent.parent.parent / "docs"
SVG = "{http://www.w3.org/2000/svg}"
PIXEL = 0.05  # places are written with one decimal

TWINS = ("v3@unfactorized", "v1@naive", "v3@width=2", "v3@low-res=79", "ir2@without-residual", "v2@factorized", "v4@split-2x2")
PAIRS = (("v3", "v3@unfactorized"), ("v1", "v3"), ("ir2", "ir2@without-residual"), ("vgg16", "resnet50"), ("v3", "v3"))


@cache
def subject(expression: str) -> Subject:
    return subject_of(count(load(expression)))


def parts_worth_drawing(one: Subject) -> Iterator[Part]:
    """Every stage and every block, of equal ones the first, and the branches of the first module."""
    seen = set()
    for stage in one.whole.parts:
        yield stage
        for part, row in zip(stage.parts, (row for row in singles(one, stage.name)), strict=True):
            if look(row) not in seen:
                seen.add(look(row))
                yield part
    module = next((part for part in descend(one.whole) if part.role == "module" and part.path), None)
    yield from list(descend(module))[1:] if module else []


def shapes_of(shapes: tuple[Shape, ...]) -> list[Shape]:
    return [shape for shape, _ in flat(shapes)]


def cells_in(shapes: tuple[Shape, ...]) -> Iterator[Group]:
    """The boxes of operations: groups that begin with such a box."""
    for shape in shapes:
        if isinstance(shape, Group):
            first = shape.shapes[0] if shape.shapes else None
            if isinstance(first, Box) and first.fill in ("shade", "free") and shape.words:
                yield shape
            else:
                yield from cells_in(shape.shapes)


def extent(text: Text) -> tuple[float, float, float, float]:
    width = lettering.width_of(text.words, text.size, bold=text.bold)
    left = text.x - {"start": 0, "middle": width / 2, "end": width}[text.anchor]
    return left, text.y - 0.76 * text.size, left + width, text.y + 0.02 * text.size


def meet(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    apart = one[2] <= other[0] + PIXEL or other[2] <= one[0] + PIXEL or one[3] <= other[1] + PIXEL or other[3] <= one[1] + PIXEL
    return not apart


def in_its_frame(drawn: Picture) -> None:
    """Boxes and words lie in the picture, and no two boxes of operations on each other."""
    everything = shapes_of(drawn.shapes)
    for shape in everything:
        if isinstance(shape, Box):
            assert shape.x >= -PIXEL
            assert shape.y >= -PIXEL
            assert shape.right <= drawn.width + PIXEL
            assert shape.bottom <= drawn.height + PIXEL
            assert min(shape.width, shape.height) > 0
        if isinstance(shape, Text):
            left, top, right, bottom = extent(shape)
            assert shape.words, shape
            assert left >= 0, shape
            assert right <= drawn.width, shape
            assert top >= 0, shape
            assert bottom <= drawn.height, shape
    boxes = [shape for shape in everything if isinstance(shape, Box) and shape.fill in ("shade", "free", "head")]
    for one, other in combinations(boxes, 2):
        assert not meet((one.x, one.y, one.right, one.bottom), (other.x, other.y, other.right, other.bottom)), (one, other)


def sound(drawn: Picture) -> None:
    """Everything lies in the picture, no two boxes of operations and no two texts touch, words stay in their boxes."""
    in_its_frame(drawn)
    texts = [shape for shape in shapes_of(drawn.shapes) if isinstance(shape, Text)]
    for first, second in combinations(texts, 2):
        assert not meet(extent(first), extent(second)), (first, second)
    for cell in cells_in(drawn.shapes):
        box = cell.shapes[0]
        assert isinstance(box, Box)
        inside = [shape for shape in cell.shapes if isinstance(shape, Text) and shape.y < box.bottom]
        for text in inside:
            left, top, right, bottom = extent(text)
            assert left >= box.x, text
            assert right <= box.right, text
            assert top >= box.y, text
            assert bottom <= box.bottom, text
        for taps in (shape for shape in cell.shapes if isinstance(shape, Taps)):
            assert taps.x - taps.width / 2 >= box.x
            assert taps.y + taps.height / 2 <= box.bottom


def drawn_layers(drawn: Picture) -> Counter[tuple[str, int]]:
    """The path and the multiply-adds of every box, as its words tell them."""
    found = Counter[tuple[str, int]]()
    for cell in cells_in(drawn.shapes):
        path, _, told = cell.words.partition(": ")
        macs = re.search(r"([\d,]+) multiply-adds", told)
        found[path, int(macs[1].replace(",", "")) if macs else 0] += 1
    return found


def layers_in(flow: Flow) -> Counter[tuple[str, int]]:
    return Counter((layer.placed.path, layer.macs) for layer in layers_of(flow))


@pytest.mark.parametrize("expression", [*NETWORKS, *TWINS])
def test_every_network_is_drawn_whole(expression: str) -> None:
    one = subject(expression)
    drawn = picture(Asked((one,)))
    sound(drawn)
    blocks = [row for row in rows_of(one) if isinstance(row, Block)]
    assert drawn_layers(drawn) == sum((layers_in(block.flow) for block in blocks), Counter())
    assert sum(block.times * macs_of(block.flow) for block in blocks) == one.count.cost.macs
    heads = [row.name for row in rows_of(one) if isinstance(row, Head)]
    assert all(any(f"{name}, in training" in text for text in words(drawn)) for name in heads)
    for stage in one.whole.parts:
        assert any(stage.name.split("ifier")[0].replace("x", "×") in text for text in words(drawn))


def words(drawn: Picture) -> list[str]:
    return [shape.words for shape in shapes_of(drawn.shapes) if isinstance(shape, Text)]


@pytest.mark.parametrize("expression", [*NETWORKS, *TWINS])
def test_every_block_is_drawn_with_every_layer_once(expression: str) -> None:
    one = subject(expression)
    for part in parts_worth_drawing(one):
        asked = Asked((one,), (part,))
        drawn = picture(asked)
        sound(drawn)
        flow = asked.modules[0].flow
        assert macs_of(flow) == part.cost.macs
        if not asked.whole:
            assert drawn_layers(drawn) == layers_in(flow)
        ET.fromstring(svg.render(drawn))
        plausible(chart(asked))
        assert document(asked).sections


@pytest.mark.parametrize("pair", PAIRS, ids=" ".join)
def test_two_networks_are_drawn_on_one_scale(pair: tuple[str, str]) -> None:
    subjects = tuple(subject(name) for name in pair)
    drawn = picture(Asked(subjects))
    sound(drawn)
    shades = {shape.shade for cell in cells_in(drawn.shapes) if isinstance(shape := cell.shapes[0], Box)}
    assert max(shades) == 1
    rulers = [shape for shape in shapes_of(drawn.shapes) if isinstance(shape, Box) and shape.height == 24]
    lengths = Counter[float]()
    for bar in rulers:
        lengths[bar.y] = max(lengths[bar.y], bar.right)
    first, second = (lengths[y] - min(bar.x for bar in rulers) for y in sorted(lengths))
    assert first / second == pytest.approx(subjects[0].macs / subjects[1].macs, rel=0.01)


def test_changed_blocks_of_a_twin_are_marked_and_equal_ones_drawn_once() -> None:
    drawn = picture(Asked((subject("v3"), subject("v3@unfactorized"))))
    edges = [shape for shape in shapes_of(drawn.shapes) if getattr(shape, "stroke", "") == "edge"]
    assert len(edges) == 9  # 5b 5c 5d 6b 6c-6d 6e 7a 7b 7c
    assert sum(number for (path, _), number in drawn_layers(drawn).items() if path.startswith("mixed_6a.")) == 5


def test_runs_of_equal_blocks_are_drawn_once() -> None:
    names = {row.name: row.times for row in rows_of(subject("ir2")) if isinstance(row, Block) and row.times > 1}
    assert names == {"a1–a10": 10, "b1–b20": 20, "c1–c9": 9}
    assert "B × 20" in words(picture(Asked((subject("ir2"),))))


def test_a_sum_has_its_by_pass() -> None:
    one = subject("ir1")
    drawn = picture(Asked((one,), (find(one.whole, "a1")[0],)))
    kinds = Counter(type(shape).__name__ for shape in shapes_of(drawn.shapes))
    assert kinds["Sign"] == 1
    assert any(getattr(shape, "stroke", "") == "bypass" for shape in shapes_of(drawn.shapes))
    assert "× 0.17" in words(drawn)


def test_two_modules_share_one_scale_of_shades() -> None:
    subjects = (subject("v3"), subject("v3@unfactorized"))
    asked = Asked(subjects, tuple(find(one.whole, "6c")[0] for one in subjects))
    drawn = picture(asked)
    sound(drawn)
    assert drawn_layers(drawn) == sum((layers_in(module.flow) for module in asked.modules), Counter())
    shades = {}
    for cell in cells_in(drawn.shapes):
        box = cell.shapes[0]
        assert isinstance(box, Box)
        shades.setdefault(re.findall(r"([\d,]+) multiply", cell.words)[0] if box.fill == "shade" else "", set()).add(box.shade)
    assert all(len(found) == 1 for found in shades.values())


def test_the_concatenation_is_to_scale_and_shares_add_up() -> None:
    one = subject("v1")
    part = find(one.whole, "3a")[0]
    drawn = picture(Asked((one,), (part,)))
    segments = [shape for shape in shapes_of(drawn.shapes) if isinstance(shape, Box) and shape.fill == "segment"]
    widths = [box.width for box in segments]
    assert [round(256 * width / sum(widths)) for width in widths] == [64, 128, 32, 32]
    percents = [int(text.split()[0]) for text in words(drawn) if text.endswith("% of cost")]
    assert 98 <= sum(percents) <= 102
    assert "8.1 % of the network" in drawn.below


@pytest.mark.parametrize(("weight", "bold"), [("normal", False), ("bold", True)])
def test_widths_are_those_of_the_font(weight: str, bold: bool) -> None:
    found = font_manager.findfont(font_manager.FontProperties(family="DejaVu Sans", weight=weight))
    font = ft2font.FT2Font(found)
    font.set_size(1000, 72)
    for sign in (*map(chr, range(32, 127)), *"×→·–…"):
        real = font.load_char(ord(sign), flags=ft2font.LoadFlags.NO_HINTING).linearHoriAdvance / 65536
        ours = lettering.width_of(sign, 1000, bold=bold)
        assert ours == pytest.approx(real, abs=1) or (sign in "·" and real <= ours <= real + 63)


def test_words_that_do_not_fit_give_way() -> None:
    assert lettering.fitting(("a long name", "name", "n"), lettering.width_of("name", 10), 10) == "name"
    assert lettering.fitting(("wide",), 1, 10) == ""
    assert lettering.cut("reduction_a", 60, 11).endswith("…")
    assert lettering.width_of(lettering.cut("reduction_a", 60, 11), 11) <= 60


@pytest.mark.parametrize("family", ink.FAMILIES)
def test_words_can_be_read_on_every_shade(family: str) -> None:
    for step in range(101):
        ground = ink.mixed(ink.FAMILIES[family], step / 100)
        assert ink.contrast(ink.on_shade(family, step / 100), ground) >= 4.0
    assert ink.contrast(ink.WORDS[family], ink.PAPER) >= 4.5


@pytest.mark.parametrize(("most", "steps"), [(435, [50, 100, 200, 435]), (87, [10, 20, 50, 87]), (1, [1]), (0, [])])
def test_the_legend_has_round_steps(most: int, steps: list[int]) -> None:
    assert steps_to(most) == steps


@pytest.mark.parametrize(
    ("least", "most", "steps"),
    [
        (35_500_000, 62_100_000, [40_000_000, 50_000_000, 62_100_000]),
        (35_500_000, 435_000_000, [50_000_000, 100_000_000, 200_000_000, 435_000_000]),
        (10_035_200, 30_105_600, [10_000_000, 20_000_000, 30_105_600]),
        (93_500, 115_600, [90_000, 100_000, 115_600]),
        (500, 500, [500]),
    ],
)
def test_the_legend_keeps_to_what_is_drawn(least: int, most: int, steps: list[int]) -> None:
    assert steps_to(most, least) == steps


@pytest.mark.parametrize(("expression", "block"), [("v3", "6c"), ("v1", "3a"), ("v3", "7b"), ("v4", "b1"), ("ir2", "a1")])
def test_the_legend_of_a_module_begins_where_its_costs_do(expression: str, block: str) -> None:
    one = subject(expression)
    asked = Asked((one,), (find(one.whole, block)[0],))
    macs = [layer.macs for layer in layers_of(asked.modules[0].flow) if layer.macs]
    assert min(steps_to(max(macs), min(macs))) >= 0.9 * min(macs)
    assert max(steps_to(max(macs), min(macs))) == max(macs)


# The files.

PICTURES = {"v1-3a": ("v1", "3a"), "v3-6c": ("v3", "6c"), "v3-stem": ("v3", "stem"), "ir1-a1": ("ir1", "a1"), "v3": ("v3", "")}


def asked_for(name: str) -> Asked:
    expression, block = PICTURES[name]
    one = subject(expression)
    return Asked((one,), (find(one.whole, block)[0],) if block else ())


@pytest.mark.parametrize("name", PICTURES)
def test_the_svg_is_the_golden_one(name: str) -> None:
    same_as_golden(f"{name}.svg", svg.render(picture(asked_for(name))))


@pytest.mark.parametrize("name", ["v3-6c", "v3"])
def test_the_chart_is_the_golden_one(name: str) -> None:
    same_as_golden(f"{name}.mmd", chart(asked_for(name)))


def same_as_golden(name: str, text: str) -> None:
    if os.environ.get("UPDATE_GOLDEN"):
        GOLDEN.mkdir(parents=True, exist_ok=True)
        (GOLDEN / name).write_text(text, encoding="utf-8")
    assert (GOLDEN / name).read_text(encoding="utf-8") == text


def test_the_drawing_in_the_documents_is_what_the_program_draws() -> None:
    assert (DOCS / "v3-6c.svg").read_text(encoding="utf-8") == svg.render(picture(asked_for("v3-6c")))


def test_a_module_is_a_small_file_that_says_itself() -> None:
    text = svg.render(picture(asked_for("v3-6c")))
    assert 6_000 < len(text.encode()) < 12_000
    root = ET.fromstring(text)
    assert root.attrib["viewBox"].split()[2] == "720"
    assert root.attrib["role"] == "img"
    assert root.attrib["aria-label"] == (
        "Inception-v3, module 6c: 1×1 192; 1×1 160, 1×7 160, 7×1 192; "
        "1×1 160, 7×1 160, 1×7 160, 7×1 160, 1×7 192; 3×3 avg pool, 1×1 192"
    )
    assert root.findtext(f"{SVG}title") == "Inception-v3, module 6c"
    assert root.findtext(f"{SVG}desc") == "17×17 · 488 M multiply-adds, 8.5 % of the network · 1.69 M parameters"
    shades = [box.attrib["style"] for box in root.iter(f"{SVG}rect") if box.attrib["class"] == "b"]
    assert len(shades) == 10 + 3  # and the legend
    assert all(re.fullmatch(r"--a:[01]\.\d\d", style) for style in shades)
    assert not {"script", "style", "image", "a"} & {node.tag.removeprefix(SVG) for node in root.iter()}
    assert "http" not in text.replace("http://www.w3.org/2000/svg", "")


def test_every_layer_has_a_text_that_shows_on_pointing() -> None:
    root = ET.fromstring(svg.render(picture(asked_for("v3-6c"))))
    told = [node.text or "" for node in root.iter(f"{SVG}title")]
    assert "mixed_6c.7x7.1: 1×7, 160 channels, 51,788,800 multiply-adds, 0.9 % of the network" in told
    macs = sum(
        int(text.split(" multiply")[0].rpartition(" ")[2].replace(",", ""))
        for text in told
        if text.startswith("mixed_6c.") and "no m" not in text
    )
    assert macs == find(subject("v3").whole, "6c")[0].cost.macs


def test_the_same_picture_is_the_same_png() -> None:
    first, second = (png.render(picture(asked_for("v3-stem"))) for _ in range(2))
    assert first == second
    assert first.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = (int.from_bytes(first[place : place + 4], "big") for place in (16, 20))
    assert (width, height) == (1440, 2 * round(picture(asked_for("v3-stem")).height))


def test_every_kind_of_shape_becomes_a_png() -> None:
    for asked in (asked_for("ir1-a1"), Asked((subject("v3"), subject("v3@unfactorized")))):
        assert png.render(picture(asked))[:4] == b"\x89PNG"


# Mermaid.

LABEL = r'\["[^"]*"\]'
GRAMMAR = (
    r"flowchart (TD|LR)",
    rf"subgraph [nm]_(\d+|all){LABEL}",
    r"direction TB",
    r"end",
    rf"[nm]\d+{LABEL}:::(c[nm]\d|io|free|head)",
    r"[nm]\d+ (-->|-\.->) [nm]\d+",
    r"n_all ~~~ m_all",
    rf"style [nm]_(\d+|all) ({'|'.join(FRAMES.values())})",
    r"classDef \w+ [\w#:,\- ]+",
)


def plausible(text: str) -> None:
    """Each line is one of a few forms, subgraphs close, and links lead between boxes that are there."""
    inside = 0
    boxes, linked = set(), set()
    for line in text.splitlines():
        bare = line.strip()
        assert any(re.fullmatch(form, bare) for form in GRAMMAR), bare
        inside += bare.startswith("subgraph ") - (bare == "end")
        assert inside >= 0
        if box := re.match(rf"([nm]\d+){LABEL}", bare):
            assert box[1] not in boxes
            boxes.add(box[1])
        if link := re.fullmatch(r"([nm]\d+) \S+ ([nm]\d+)", bare):
            linked |= {link[1], link[2]}
    assert inside == 0
    assert linked == boxes
    assert text.count("-->") + text.count("-.->") < 500  # more than that GitHub refuses
    assert len(text) < 50_000


@pytest.mark.parametrize("expression", [*NETWORKS, *TWINS])
def test_every_network_is_a_chart(expression: str) -> None:
    text = chart(Asked((subject(expression),)))
    plausible(text)
    for row in rows_of(subject(expression)):
        if isinstance(row, Head):
            assert f"{row.name}, in training only" in text


def test_the_chart_of_a_twin_marks_what_changed() -> None:
    text = chart(Asked((subject("v3"), subject("v3@unfactorized"))))
    plausible(text)
    assert len(re.findall(rf"style m_\d+ {FRAMES['changed']}", text)) == 9
    assert not re.findall(rf"style n_\d+ {FRAMES['changed']}", text)


# What others call their networks.

EVIL = '"]; <script>alert(1)</script> & $x^2$ `end` --> #35; {{ x }} \x07'


def evil() -> Subject:
    body = residual(
        named(
            "end", branches(named("graph", conv(8, (1, 3))), named("subgraph", conv(8, 3), branches(conv(4, 1), conv(4, 3))))
        ),
        shortcut=conv(16, 1),
        scale=0.5,
    )
    layers = trunk(named("class", conv(8, 3, 2), kind=EVIL), named("click", body, kind=EVIL), named("style", maxpool(2, 2)))
    network = load("v1")
    strange = Network(EVIL, EVIL, EVIL, network.input, layers, network.source, network.recipe, expression=EVIL + "@")
    return subject_of(count(strange))


def test_no_name_can_leave_its_place() -> None:
    one = evil()
    module = find(one.whole, "click")[0]
    for asked in (Asked((one,)), Asked((one,), (module,)), Asked((one, one)), Asked((one, one), (module, module))):
        drawn = picture(asked)
        text = svg.render(drawn)
        root = ET.fromstring(text)
        assert "<script" not in text
        assert not list(root.iter(f"{SVG}script"))
        assert any("<script>" in (node.text or "") for node in root.iter())
        assert png.render(drawn)[:4] == b"\x89PNG"
        plausible(chart(asked))
        assert "<script" not in chart(asked)
        assert document(asked).sections
    page = boxes_page(boxes_of(module_of(one, module), 1))
    assert "<script" not in page
    assert "&lt;script&gt;" in page


@settings(max_examples=20)
@given(networks())
def test_any_legal_network_can_be_drawn(network: Network) -> None:
    one = subject_of(count(network))
    asked = Asked((one,))
    drawn = picture(asked)
    in_its_frame(drawn)
    blocks = [row for row in rows_of(one) if isinstance(row, Block)]
    assert drawn_layers(drawn) == sum((layers_in(block.flow) for block in blocks), Counter())
    plausible(chart(asked))
    for part in one.whole.parts:
        module = picture(Asked((one,), (part,)))
        in_its_frame(module)
        ET.fromstring(svg.render(module))
        assert document(Asked((one,), (part,))).sections


# Boxes of HTML, and lines of a terminal.


def boxes_page(boxes: Boxes) -> str:
    return str(environment().get_template("module.html").module.module(boxes))


def cells_of(pieces: tuple[Piece, ...]) -> Iterator[str]:
    for piece in pieces:
        if piece.cell:
            yield piece.cell.path
        for way in piece.ways:
            yield from cells_of(way.pieces)


@pytest.mark.parametrize(
    ("expression", "block"), [("v3", "6c"), ("v3", "7b"), ("ir1", "a1"), ("resnet50", "conv2_1"), ("v4", "stem")]
)
def test_a_module_as_boxes_of_html(expression: str, block: str) -> None:
    one = subject(expression)
    module = module_of(one, find(one.whole, block)[0])
    boxes = boxes_of(module, dearest_of(module.flow))
    assert Counter(cells_of(boxes.pieces)) == Counter(layer.placed.path for layer in layers_of(module.flow))
    page = ET.fromstring(boxes_page(boxes).replace("&nbsp;", " "))
    shown = [node for node in page.iter("span") if node.attrib.get("class", "").split()[:1] == ["b"]]
    assert len(shown) == len(list(layers_of(module.flow)))
    told = [
        int(text[1].replace(",", "")) for node in shown if (text := re.search(r"([\d,]+) multiply-adds", node.attrib["title"]))
    ]
    assert sum(told) == module.cost.macs
    for rules in (stylesheet("module.css"), stylesheet("drawing.css")):
        assert rules.count("{") == rules.count("}")
        assert "calc(var(--a)*100%)" in rules


@pytest.mark.parametrize("width", [40, 80, 200])
def test_a_terminal_shows_every_way_whole(width: int) -> None:
    one = subject("v3")
    asked = Asked((one,), (find(one.whole, "6c")[0],))
    tables = [section for section in document(asked, width).sections if hasattr(section, "rows")]
    assert [column.head for table in tables for column in table.columns] == ["1x1", "7x7", "double7x7", "pool"]
    assert len(tables) == {40: 2, 80: 1, 200: 1}[width]


def test_kernels_read_as_the_command_kernel_takes_them() -> None:
    one = subject("v3")
    flow = next(row.flow for row in rows_of(one) if isinstance(row, Block) and row.name == "7b")
    assert lines.kernels(flow, outermost=True) == "1x1 | 1x1,(1x3|3x1) | 1x1,3x3,(1x3|3x1) | avg,1x1"
    (split,) = flow
    assert isinstance(split, Split)
    assert lines.kernels(split.arms[2].flow) == "1x1,3x3,(1x3|3x1)"
    assert lines.kernels(flow_of(subject("resnet50").placed.parts[2])) == "(1x1) + 1x1,3x3,1x1"


def test_widths_of_convolutions_are_what_boxes_show() -> None:
    one = subject("v1")
    drawn = picture(Asked((one,), (find(one.whole, "3a")[0],)))
    flow = Asked((one,), (find(one.whole, "3a")[0],)).modules[0].flow
    outs = [str(layer.placed.node.out) for layer in layers_of(flow) if isinstance(layer.placed.node, Conv | Linear)]
    assert Counter(outs) <= Counter(words(drawn))
