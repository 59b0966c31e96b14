"""The page in a real browser, opened from disk: what its script does, what works without, and that nothing is fetched."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from inception_analyzer.report.verdicts import LOOKS
from tests.report import stories
from tests.report.browser import visited

ACTIONS = """
await moment();
found.linked = [one("#B10").open, scrollY > 0];
location.hash = "#A2"; await moment();
found.followed = one("#A2").open;

const column = (index) => texts(`#networks tbody tr>:nth-child(${index + 1})`);
const heads = all("#networks thead th");
const press = (index) => heads[index].querySelector("button").click();
found.first = column(4);
press(4); found.falling = [column(4), heads[4].getAttribute("aria-sort")];
press(0);
found.named = [texts("#networks tbody th")[0], heads[0].getAttribute("aria-sort"), heads[4].getAttribute("aria-sort")];
const field = one("#networks input[type=search]");
field.value = " ResNet-1 "; field.dispatchEvent(new Event("input"));
found.filtered = [seen("#networks tbody tr").length, seen("#networks .nothing").length];
field.value = "no such net"; field.dispatchEvent(new Event("input"));
found.unfound = [seen("#networks tbody tr").length, texts("#networks .nothing")];
field.value = ""; field.dispatchEvent(new Event("input"));

found.claims = {};
for (const chip of all(".chips [data-verdict]")) {
  chip.click();
  found.claims[chip.dataset.verdict] = seen("#all-claims>.claim").length;
}
one('[data-verdict="all"]').click();
one("#find").value = "label smoothing"; one("#find").dispatchEvent(new Event("input"));
found.worded = seen("#all-claims>.claim").length;
one("#find").value = "there is no such claim"; one("#find").dispatchEvent(new Event("input"));
found.nothing = seen("#nothing").length;
one("#find").value = ""; one("#find").dispatchEvent(new Event("input"));
one("#by-topic").click();
found.topics = [texts(".topic").length, all("#all-claims>.claim").map((it) => it.id).slice(0, 3), seen(".topic").length];
one("#by-topic").click();
found.untopic = [seen(".topic").length, one("#all-claims").firstElementChild.id];
found.ordered = {};
for (const [index, head] of all(".claim-head>span").entries()) {
  const cells = () => all("#all-claims>.claim>summary").map((it) => it.children[index]);
  head.querySelector("button").click();
  const order = [head.dataset.sort, cells().map((it) => it.dataset.v ?? it.textContent.trim())];
  head.querySelector("button").click();
  found.ordered[head.textContent] = [...order, head.dataset.sort, cells().map((it) => it.dataset.v ?? it.textContent.trim())];
}

const block = all(".row.changed")[4];
found.shut = block.querySelector(".mod").checkVisibility();
block.querySelector("summary").click();
found.open = [block.querySelector(".mod").checkVisibility(), block.querySelectorAll(".b").length];
const shade = () => getComputedStyle(block.querySelectorAll(".b[style]")[1]).backgroundColor;
const bar = () => block.querySelector(".bars i").getBoundingClientRect().width;
const numbers = () => seen(".row-total .r").map((it) => it.innerText);
found.views = {};
for (const radio of all("input[name=by]")) {
  one(`label[for=${radio.id}]`).click();
  found.views[radio.id] = [shade(), Math.round(bar()), numbers()];
}
one("label[for=tab-2]").click();
found.panes = seen(".pane").map((it) => it.id);

found.themes = [];
const button = one("#theme");
for (let turn = 0; turn < 3; turn++) { button.click(); found.themes.push([button.textContent, background()]); }

dispatchEvent(new Event("beforeprint"));
found.printed = [all("details.matters:not([open])").length, all("details[open]:not(.matters)").map((it) => it.className)];
dispatchEvent(new Event("afterprint"));
found.afterwards = all("details:not([open])").length > 0;
found.kept = JSON.parse(one("#data").textContent).networks.length;
URL.createObjectURL = (blob) => { found.saved = blob.size; return "#saved"; };
one("#save").click();
"""

NARROW = """
await moment();
for (const details of all("details")) details.open = true;
const over = () => [document.documentElement.scrollWidth, seen("main *").filter((it) => {
  const box = it.getBoundingClientRect();
  return box.right > innerWidth + 1 && !it.closest("nav, svg, .unseen, .cat b, .stretches b");
}).map((it) => `${it.tagName}.${it.className} ${it.textContent.slice(0, 30)}`).slice(0, 5)];
// Boxes and tables that are wider inside than outside; a label in a bar is whole or out of sight.
const short = (it) => it.textContent.trim().slice(0, 40);
const tight = () => seen(".scroll, .sheet, .b, pre").filter((it) => it.scrollWidth > it.clientWidth).map(short);
const cut = () => seen(".cat b, .stretches b").filter((it) => {
  const [inner, outer] = [it.getBoundingClientRect(), it.parentElement.getBoundingClientRect()];
  return inner.top < outer.bottom - 1 && (inner.left < outer.left - 1 || inner.right > outer.right + 1);
}).map((it) => it.textContent);
found.first = [...over(), tight(), cut()];
one("label[for=tab-2]").click();
found.second = [...over(), tight(), cut()];
const top = (it) => it.getBoundingClientRect().top;
found.intervals = seen("#noise .spread").map((it) => [it.textContent, top(it) >= top(it.parentElement) + 20]);
found.minor = seen(".p2").length;
found.readable = Math.min(...seen("main p, main td, main dd").map((it) => parseFloat(getComputedStyle(it).fontSize)));
"""

WITHOUT = """
await moment();
found.idle = [one("#theme").hidden, one(".chips").hidden, one("#save").hidden, window.blocked];
found.dead = seen("button, input:not([type=radio])").length;
found.claims = seen("#all-claims>.claim").length;
one("#B10 summary").click();
found.opened = one("#B10 .why").checkVisibility();
all(".row.changed summary")[0].click();
found.module = all(".row.changed")[0].querySelector(".mod").checkVisibility();
one("label[for=tab-2]").click();
found.panes = seen(".pane").map((it) => it.id);
one("label[for=by-p]").click();
found.numbers = seen("#pane-2 .heads .q-p").length > 0 && seen("#pane-2 .heads .q-m").length === 0;
"""


def test_sorting_filters_links_modules_and_themes_work(tmp_path: Path) -> None:
    found = visited(tmp_path, ACTIONS, "--window-size=1100,900", fragment="#B10")
    assert found["linked"] == [True, True]
    assert found["followed"]
    _sorted(found)
    _filtered(found)
    _opened(found)
    (_, light), (_, dark), (_, _) = found["themes"]
    assert [name for name, _ in found["themes"]] == ["theme: light", "theme: dark", "theme: auto"]
    assert (light, dark) == ("rgb(255, 255, 255)", "rgb(20, 23, 28)")
    assert found["printed"] == [0, ["row changed", "claim"]]  # what was opened before, and what does not hold
    assert found["afterwards"]
    assert found["kept"] == len(stories.whole().networks) + 1  # the twin that is opened
    assert found["saved"] > 1000
    assert found["wide"][0] == found["wide"][1]


def _sorted(found: dict[str, Any]) -> None:
    numbers = [float(text.replace(",", "")) for text in found["first"]]
    assert numbers == sorted(numbers)
    falling, order = found["falling"]
    assert (falling, order) == (found["first"][::-1], "descending")
    assert found["named"][0].startswith("AlexNet")
    assert found["named"][1:] == ["ascending", "none"]


def _filtered(found: dict[str, Any]) -> None:
    verdicts = [one.finding.verdict for one in stories.whole().judged]
    assert found["filtered"] == [2, 0]  # ResNet-152, twice
    assert found["unfound"] == [0, ["No row holds “no such net”."]]
    expected = {verdict: verdicts.count(verdict) for verdict in LOOKS if verdict in verdicts}
    assert found["claims"] == {"all": len(verdicts), **expected}
    assert 0 < found["worded"] < len(verdicts)
    assert found["nothing"] == 1
    assert found["topics"][1] == ["A1", "A2", "A3"]
    assert found["topics"][0] == found["topics"][2]
    assert found["untopic"][0] == 0
    assert found["untopic"][1] != "A1"
    assert list(found["ordered"]) == ["verdict", "the paper says", "printed", "found here"]
    for rising, one, falling, other in found["ordered"].values():
        assert (rising, falling) == ("ascending", "descending")
        assert _numbers(one) == sorted(_numbers(one))
        assert _numbers(other) == sorted(_numbers(other), reverse=True)
    assert len(_numbers(found["ordered"]["verdict"][1])) == len(verdicts)


def _numbers(texts: list[str]) -> list[float]:
    """Those of a column; words stand behind them."""
    return [float(text) for text in texts if re.fullmatch(r"-?[\d.]+(e[+-]?\d+)?", text)]


def _opened(found: dict[str, Any]) -> None:
    assert found["shut"] is False
    assert found["open"][0] is True
    assert found["open"][1] > 15
    views = found["views"]
    assert list(views) == ["by-m", "by-p", "by-c", "by-t"]
    assert len({shade for shade, _, _ in views.values()}) == len(views)
    assert len({tuple(numbers) for _, _, numbers in views.values()}) == len(views)
    assert all(width > 0 for _, width, _ in views.values())
    assert views["by-m"][2][:2] == ["5,713", "10,776"]
    assert found["panes"] == ["pane-2"]


def test_a_phone_scrolls_down_only(tmp_path: Path) -> None:
    found = visited(tmp_path, NARROW, "--window-size=600,900", width=400)
    assert found["wide"] == [400, 400]
    for width, outside, tight, cut in (found["first"], found["second"]):
        assert (outside, tight, cut) == ([], [], [])
        assert width <= found["wide"][1]
    assert found["minor"] == 0
    assert len(found["intervals"]) == 3
    assert all(text.startswith("[") and below for text, below in found["intervals"])
    assert found["readable"] >= 12


def test_everything_can_be_read_without_scripts(tmp_path: Path) -> None:
    found = visited(tmp_path, WITHOUT, "--window-size=1100,900", policy="script-src 'nonce-test-only'")
    assert found["idle"] == [True, True, True, "script-src-elem"]
    assert found["dead"] == 0
    assert found["claims"] == len(stories.whole().judged)
    assert found["opened"]
    assert found["module"]
    assert found["panes"] == ["pane-2"]
    assert found["numbers"]
