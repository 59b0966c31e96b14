"""The page in a real browser, opened from disk: what its script does, what works without, and that nothing is fetched."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from inception_analyzer.report import page
from inception_analyzer.report.verdicts import LOOKS
from tests.report import stories

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PATIENCE = 60  # seconds until a start counts as failed; one takes about two

FLAGS = (
    "--headless",
    "--no-sandbox",  # continuous integration runs as root
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--no-first-run",
    "--disable-extensions",
    "--disable-background-networking",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--enable-logging=stderr",
    "--virtual-time-budget=4000",
)

HEAD = """
window.wrong = [];
addEventListener("error", (event) => wrong.push(String(event.message)));
addEventListener("unhandledrejection", (event) => wrong.push(String(event.reason)));
addEventListener("securitypolicyviolation", (event) => { window.blocked = event.violatedDirective; });
"""

# What every script may use: elements by rule, what is visible, and a moment for events to arrive.
TOOLS = """
const all = (rule) => [...document.querySelectorAll(rule)];
const one = (rule) => document.querySelector(rule);
const seen = (rule) => all(rule).filter((it) => it.checkVisibility());
const moment = () => new Promise((done) => setTimeout(done, 50));
const texts = (rule) => all(rule).map((it) => it.textContent.trim());
const background = () => getComputedStyle(document.body).backgroundColor;
const found = {};
(async () => {
  try { %s } catch (error) { wrong.push(String(error)); }
  found.wrong = wrong;
  found.fetched = performance.getEntriesByType("resource").map((entry) => entry.name);
  found.wide = [document.documentElement.scrollWidth, innerWidth];
  const box = document.createElement("pre");
  box.id = "found";
  box.textContent = JSON.stringify(found);
  document.body.append(box);
})();
"""

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
field.value = "resnet-1"; field.dispatchEvent(new Event("input"));
found.filtered = seen("#networks tbody tr").length;

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
found.printed = all("details:not([open])").length;
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
  return box.right > innerWidth + 1 && !it.closest(".scroll, nav, svg, .unseen, .b, .cat, .stretches");
}).map((it) => `${it.tagName}.${it.className} ${it.textContent.slice(0, 30)}`).slice(0, 5)];
found.first = over();
one("label[for=tab-2]").click();
found.second = over();
found.minor = seen(".p2").length;
found.readable = Math.min(...seen("main p, main td, main dd").map((it) => parseFloat(getComputedStyle(it).fontSize)));
"""

WITHOUT = """
await moment();
found.idle = [one("#theme").hidden, one(".chips").hidden, one("#save").hidden, window.blocked];
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


def browser() -> str:
    """A browser on this machine; the tests are skipped where there is none."""
    asked = [os.environ["CHROME"]] if os.environ.get("CHROME") else []
    found = next(filter(None, map(shutil.which, (*asked, *NAMES))), None)
    if found is None:
        pytest.skip(f"needs a browser: none of {', '.join(NAMES)} is there, and CHROME names none")
    return found


@cache
def rendered() -> str:
    return page.render(stories.full(), stories.pictures())


def visited(folder: Path, actions: str, *flags: str, fragment: str = "", policy: str = "") -> dict[str, Any]:
    """What a script found on a copy of the page that lies on disk."""
    program = browser()
    mark = "test-only"
    html = rendered()
    guard = f'<meta http-equiv="Content-Security-Policy" content="{policy}">' if policy else ""
    html = html.replace("<head>", f'<head>{guard}<script nonce="{mark}">{HEAD}</script>', 1)
    html = html.replace("</body>", f'<script nonce="{mark}">{TOOLS % actions}</script></body>', 1)
    (folder / "page.html").write_text(html, encoding="utf-8")
    command = [program, *FLAGS, f"--user-data-dir={folder / 'profile'}", *flags, "--dump-dom"]
    ran = subprocess.run(
        [*command, f"{(folder / 'page.html').as_uri()}{fragment}"],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    answer = re.search(r'<pre id="found">(.*?)</pre>', ran.stdout, re.S)
    assert answer, ran.stderr[-2000:]
    found = json.loads(unescape(answer[1]))
    assert found["wrong"] == []
    assert found["fetched"] == []
    complaints = [line for line in ran.stderr.splitlines() if "CONSOLE" in line and not policy]
    assert complaints == []
    return found


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
    assert found["printed"] == 0
    assert found["afterwards"]
    assert found["kept"] == len(stories.full().networks) + 1  # the twin that is opened
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
    verdicts = [one.finding.verdict for one in stories.full().judged]
    assert found["filtered"] == 2  # ResNet-152, twice
    expected = {verdict: verdicts.count(verdict) for verdict in LOOKS if verdict in verdicts}
    assert found["claims"] == {"all": len(verdicts), **expected}
    assert 0 < found["worded"] < len(verdicts)
    assert found["nothing"] == 1
    assert found["topics"][1] == ["A1", "A2", "A3"]
    assert found["topics"][0] == found["topics"][2]
    assert found["untopic"][0] == 0
    assert found["untopic"][1] != "A1"


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
    found = visited(tmp_path, NARROW, "--window-size=400,900")
    assert found["wide"][1] <= 500  # some browsers have no narrower window
    for width, outside in (found["first"], found["second"]):
        assert outside == []
        assert width <= found["wide"][1]
    assert found["minor"] == 0
    assert found["readable"] >= 12


def test_everything_can_be_read_without_scripts(tmp_path: Path) -> None:
    found = visited(tmp_path, WITHOUT, "--window-size=1100,900", policy="script-src 'nonce-test-only'")
    assert found["idle"] == [True, True, True, "script-src-elem"]
    assert found["claims"] == len(stories.full().judged)
    assert found["opened"]
    assert found["module"]
    assert found["panes"] == ["pane-2"]
    assert found["numbers"]
