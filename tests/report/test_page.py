"""The page of a report: well-formed, complete, linked within itself, and deaf to what users call their things."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser

import pytest

from inception_analyzer.claims import CLAIMS, HANDLES
from inception_analyzer.report import page
from inception_analyzer.report.story import Story
from inception_analyzer.report.views import blocks, modules, short, times
from inception_analyzer.report.views.setting import typeset
from inception_analyzer.report.views.shades import scale_over
from inception_analyzer.reporting import counted
from tests.report import stories
from tests.report.stories import EVIL

LARGEST = 1_500_000  # bytes
VOID = frozenset({"meta", "br", "img", "link", "hr", "input"})
FETCHING = ("src", "srcset", "data", "action", "poster", "background")


class Pieces(HTMLParser):
    """A page taken apart: its tags, ids, links and what it would fetch; unbalanced tags fail at once."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.fetched: list[str] = []
        self.handlers: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            self.ids += [value or ""] if name == "id" else []
            self.links += [value or ""] if name == "href" and tag in ("a", "use") else []
            self.fetched += [value or ""] if name in FETCHING or (name == "href" and tag not in ("a", "use")) else []
            self.handlers += [name] if name.startswith("on") else []
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not {"script", "style"} & set(self.open):
            self.text.append(data)


STORIES = {"quick": stories.quick, "full": stories.full, "evil": stories.evil}


@cache
def rendered(name: str) -> str:
    return page.render(STORIES[name](), stories.pictures())


@cache
def pieces(name: str) -> Pieces:
    found = Pieces()
    found.feed(rendered(name))
    found.close()
    assert found.open == []
    return found


def said(name: str) -> str:
    return "".join(pieces(name).text)


def data(name: str) -> dict[str, object]:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', rendered(name), re.S)
    assert found
    return json.loads(found[1])


@pytest.mark.parametrize("name", STORIES)
def test_a_page_is_whole_and_asks_for_nothing(name: str) -> None:
    found = pieces(name)
    assert len(rendered(name).encode()) < LARGEST
    assert len(found.ids) == len(set(found.ids))
    assert {link for link in found.links if link.removeprefix("#") not in found.ids} == set()
    assert found.fetched == ["data:,"]  # the icon that a browser would ask for
    assert found.handlers == []
    assert not re.search(r"url\((?!#)|@import|https?:(?!//www\.w3\.org)", rendered(name))


def test_every_network_claim_and_part_is_there() -> None:
    story, found, text = stories.full(), pieces("full"), said("full")
    assert set(HANDLES.values()) <= set(found.ids)
    for one in story.judged:
        assert f'id="{HANDLES[one.claim.id]}" data-verdict="{one.finding.verdict}"' in rendered("full")
        assert typeset(one.claim.statement) in text
        assert one.claim.id in text
    for one in story.networks:
        assert one.count.network.title in text
        assert one.count.network.label in text
    for part in story.parts:
        assert part.title in text
        assert part.name in found.ids or part.name.startswith("compare-")
    assert found.ids.count("pane-1") == found.ids.count("pane-2") == 1


def test_every_block_opens_to_both_networks() -> None:
    html = rendered("quick")
    assert html.count('class="row changed"') == 10  # of v3's modules, all but the first reduction
    assert html.count("<h4>v3@unfactorized <span>") == 10
    for block in ("3a", "3b", "4a", "4b", "4c", "4d", "4e", "5a", "5b"):
        assert f"<b>{block}</b>" in html
    for kernel in ("1x1", "1x3", "3x1", "1x7", "7x1", "7x7", "5x5", "3x3"):
        assert f'<symbol id="taps-{kernel}"' in html


def test_parts_that_are_not_done_say_so_in_their_place() -> None:
    html = rendered("full")
    for name, words in (
        ("measured", "This part was interrupted: what was finished stands here"),
        ("roofline", "This part failed: no ceilings"),
        ("noise", "This part was left out: the budget was spent"),
    ):
        section = html[html.index(f'<section id="{name}">') :].partition("</section>")[0]
        assert f'<p class="state{" failed" if name == "roofline" else ""}">{words}</p>' in section
    assert html.count("This part failed") == 2  # in its place, and on top


def test_an_empty_story_is_a_page_too() -> None:
    story = Story("inception-analyze report", "2025-11-20T12:30:00+00:00", {}, ())
    found = Pieces()
    found.feed(page.render(story, {}))
    assert found.open == []
    assert short.PLAIN in "".join(found.text)


def test_names_never_become_markup() -> None:
    found, text = pieces("evil"), said("evil")
    assert found.tags.count("script") == 2  # the data and ours
    assert "img" not in found.tags
    assert text.count(EVIL) > 20
    assert "49" not in re.findall(r"alert\('x'\)</script></script>&\"(.*?)--", text)
    assert EVIL in str(data("evil")["asked"])


def test_the_data_are_those_of_the_story_without_raw_samples() -> None:
    whole, story = data("full"), stories.full()
    assert [one["verdict"] for one in whole["claims"]] == [one.finding.verdict for one in story.judged]
    macs = {one["expression"]: one["macs"] for one in whole["networks"]}
    assert macs["v3"] == 5_713_216_096
    assert macs["v3@unfactorized"] == 10_775_543_392
    assert [one["state"] for one in whole["parts"][-3:]] == ["interrupted", "failed", "left out"]
    assert len(whole["measurements"]) == 5
    assert not any("samples" in one for one in whole["measurements"])


def test_findings_are_computed() -> None:
    story = stories.full()
    assert short.title(story) == "Factorization saves Inception-v3 47\u00a0% of its multiply-adds"
    told = short.findings(story, ["blocks", "claims", "measured", "D9"])
    assert [one.figure for one in told] == ["1.89×", "78.8\u00a0%", "3.61×", "2.71×"]
    assert told[2].quoted == "2.5×"
    assert told[3].measured
    assert "counting predicts more, 3.61×" in told[3].sentence
    assert short.findings(story, []) == ()  # no link leads nowhere


def test_the_clock_and_the_count_share_an_axis() -> None:
    (table,) = times.tables(stories.full())
    dots = {row.label: row.dot for row in table.rows}
    assert dots["v4"] is None
    assert dots["v1"].at == dots["v1"].tick
    assert dots["v3"].low < dots["v3"].at < dots["v3"].high < dots["v3"].tick < 100
    assert dots["v3"].tick / dots["v1"].tick == pytest.approx(5_713_216_096 / 1_582_671_872)
    assert [row.took for row in table.rows][3].startswith("~")
    assert [row.failure for row in table.rows][4] == "out of memory"


def test_a_view_knows_time_only_where_it_was_measured() -> None:
    quick, full = stories.quick(), stories.full()
    assert [letter for letter, _ in blocks.view(quick.pairs[0]).quantities] == ["m", "p", "c"]
    view = blocks.view(full.pairs[0], full.roofs)
    assert [letter for letter, _ in view.quantities] == ["m", "p", "c", "t"]
    row = next(row for row in view.rows if row.name == "6c")
    assert float(row.left["t"]) == pytest.approx(1000 * (1e-5 + 487_702_528 / 5e10), rel=1e-2)
    assert 'id="by-t"' in rendered("full")
    assert 'id="by-t"' not in rendered("quick")


def test_only_layers_that_the_other_lacks_are_marked() -> None:
    view = blocks.view(stories.quick().pairs[0])
    row = next(row for row in view.rows if row.name == "6c")
    ours, theirs = ([box for arm in one.chain.steps[0].arms for box in arm.chain.steps] for one in row.drawings)
    assert [box.name for box in ours if box.changed] == ["1×7", "7×1", "7×1", "1×7", "7×1", "1×7"]
    assert [box.name for box in theirs if box.changed] == ["7×7", "7×7", "7×7"]
    assert row.letters == "a"
    assert (row.left["m"], row.right["m"], row.ratios["m"]) == ("488", "1,389", "2.85×")
    same = next(row for row in view.rows if row.name == "6a")
    assert (same.right["m"], same.ratios["m"], len(same.drawings)) == ("=", "=", 1)


@pytest.mark.parametrize("names", [("v1", "resnet50"), ("v1", "vgg16"), ("v4", "v4@unfactorized"), ("ir2", "ir2@unfactorized")])
def test_every_layer_of_any_network_is_a_box(names: tuple[str, str]) -> None:
    pair = counted.pair(*names)
    view = blocks.view(pair)
    drawn = [block.drawing for both in view.stages for side in both if side for block in side.blocks]
    drawn += [one for row in view.rows for one in row.drawings if one.label == names[0]]
    boxes = [(box, one.times) for one in drawn for box in modules.boxes_in(one.chain) if box.paid]
    sides = (pair.left,) if view.rows else (pair.left, pair.right)
    layers = [layer for side in sides for layer in side.count.layers if layer.op in ("conv", "linear") and not layer.aux]
    assert sum(times for _, times in boxes) == len(layers)
    assert sorted({box.out for box, _ in boxes}, key=int) == sorted({str(layer.writes.channels) for layer in layers}, key=int)


def test_shades_are_square_roots_of_one_scale() -> None:
    scale = scale_over([{"m": 400.0}, {"m": 100.0, "p": 9.0}])
    assert scale.shade("m", 400) == 1
    assert scale.shade("m", 100) == 0.5
    assert scale.shade("m", 1) == 0.05
    assert scale.shade("m", 0) == 0
    assert scale.shade("t", 3) == 0
    assert [shade for _, shade in scale.legend("m")] == sorted(shade for _, shade in scale.legend("m"))


def test_taps_are_drawn_one_by_one() -> None:
    assert modules.taps_path((1, 7)).count("z") == 7
    assert modules.taps_path((7, 7)).count("z") == 49
    corners = [float(x) for x in re.findall(r"M([\d.]+) ", modules.taps_path((11, 11)))]
    assert min(corners) >= 0
    assert max(corners) < 28


@pytest.mark.parametrize(
    ("plain", "set_text"),
    [
        ("3.61x of 17x17x768", "3.61× of 17×17×768"),
        ("two-3x3-save-28", "two-3x3-save-28"),
        ("nx1, 1xn and ResNeXt", "n×1, 1×n and ResNeXt"),
        ("299 x 299", "299 × 299"),
        ("-3.1 % on 1-2 of 5.71 G", "−3.1\u00a0% on 1-2 of 5.71\u00a0G"),
    ],
)
def test_signs_are_set(plain: str, set_text: str) -> None:
    assert typeset(plain) == set_text


def test_pictures_keep_their_own_ids() -> None:
    html = rendered("full")
    for name in ("cost_map", "other", "third"):
        for width in ("wide", "narrow"):
            assert f'id="{name}-{width}-c"' in html
            assert f'clip-path="url(#{name}-{width}-c)"' in html
    assert "<?xml" not in html
    assert "v3 takes 3.61×" in said("full")


def test_a_claim_that_differs_from_its_record_says_so() -> None:
    story = stories.quick()
    one = next(one for one in story.judged if one.finding.verdict == "holds")
    odd = replace(one, claim=replace(one.claim, recorded="depends"))
    html = page.render(replace(story, judged=(odd,)), {})
    assert "and the record says depends" in html
    assert len(CLAIMS) > 1


def test_time_shades_whole_blocks_and_single_layers_of_the_stem() -> None:
    story = stories.full()
    view = blocks.view(story.pairs[0], [roof for roof in story.roofs if roof.expression == "v3"])
    assert (view.untimed, view.singly) == (("v3@unfactorized",), True)
    stem, module = (next(row for row in view.rows if row.name == name) for name in ("stem", "6c"))
    singles = modules.boxes_in(stem.drawings[0].chain)
    assert all("t" in box.texts for box in singles)
    assert len({box.shades["t"] for box in singles}) > 2
    ours, theirs = (modules.boxes_in(one.chain) for one in module.drawings)
    assert len({box.shades["t"] for box in ours}) == 1
    assert [set(box.drawn) for box in ours if not box.paid] == [{"t"}]
    assert not any("t" in box.shades for box in theirs)
    html = page.render(replace(story, roofs=story.roofs[:1]), {})
    assert f"<b>{view.untimed[0]} was not timed</b>: its column is blank and its modules are white." in html


def test_blocks_and_layers_by_stages_share_a_scale_and_each_network_has_its_legend() -> None:
    view = blocks.view(stories.quick().pairs[1])
    shown = [block for both in view.stages for side in both if side for block in side.blocks]
    shades = [block.shades["m"] for block in shown]
    assert max(shades) == 1
    assert min(shades) > 0
    assert all(box.shades["m"] < 1 for block in shown for box in modules.boxes_in(block.drawing.chain))
    for family in ("v1", "v3"):
        assert f'<p class="shades n-{family}"' in rendered("quick")
    assert [head.label for head in blocks.view(stories.quick().pairs[0]).legend_heads] == ["v3"]


def test_the_page_uses_the_words_of_the_other_formats() -> None:
    html = rendered("full")
    assert "<span>the paper says</span><span>printed</span><span>found here</span>" in html
    assert "<dt>form</dt>" in html
    assert "checked by" not in html
    assert "as printed, saves 46.8" in html
    assert "quoted: saves" not in said("full")


def test_the_machine_is_told_as_env_tells_it() -> None:
    machine = {"memory_bytes": 25_276_510_208, "threads": 2, "tf32": False, "mkldnn": True, "cuda": None, "clocks": []}
    html = page.render(Story("inception-analyze report", "2025-11-20T12:30:00+00:00", machine, ()), {})
    shown = re.findall(r"<dt>([^<]*)</dt><dd>([^<]*)</dd>", html.partition("The machine")[2])
    assert shown == [("memory", "23.5 GiB"), ("torch threads, unless asked", "2"), ("tf32", "no"), ("mkldnn", "yes")]


def test_what_is_long_is_shut_until_it_is_wanted() -> None:
    html = page.render(stories.whole(), {})
    assert html.count('<details class="point matters">') == len(pieces_of_points(html)) == 21
    assert "<summary>kept for backward: 28 rows</summary>" in html
    assert html.count("The same beside what was counted and what the roof allows") >= 1


def pieces_of_points(html: str) -> list[str]:
    return re.findall(r'<li value="\d+">', html)
