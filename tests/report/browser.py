"""A page in a real browser, opened from disk: what a script finds on it, and that nothing is fetched."""

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
  const text = JSON.stringify(found);
  if (parent !== window) { parent.postMessage(text, "*"); return; }
  const box = document.createElement("pre");
  box.id = "found";
  box.textContent = text;
  document.body.append(box);
})();
"""

# A window narrower than browsers have: the page in a frame, which tells what it found to the page around it.
FRAME = """<!doctype html><meta charset="utf-8"><body style="margin:0"><script>
onmessage = (event) => {
  const box = document.createElement("pre");
  box.id = "found";
  box.textContent = event.data;
  document.body.append(box);
};
</script><iframe src="page.html" width="%d" height="900" style="border:0"></iframe>"""


def browser() -> str:
    """A browser on this machine; the tests are skipped where there is none."""
    asked = [os.environ["CHROME"]] if os.environ.get("CHROME") else []
    found = next(filter(None, map(shutil.which, (*asked, *NAMES))), None)
    if found is None:
        pytest.skip(f"needs a browser: none of {', '.join(NAMES)} is there, and CHROME names none")
    return found


@cache
def rendered() -> str:
    return page.render(stories.whole(), stories.pictures())


def visited(
    folder: Path, actions: str, *flags: str, fragment: str = "", policy: str = "", width: int | None = None
) -> dict[str, Any]:
    """What a script found on a copy of the page that lies on disk, in a frame of this width if one is asked for."""
    program = browser()
    mark = "test-only"
    html = rendered()
    guard = f'<meta http-equiv="Content-Security-Policy" content="{policy}">' if policy else ""
    html = html.replace("<head>", f'<head>{guard}<script nonce="{mark}">{HEAD}</script>', 1)
    html = html.replace("</body>", f'<script nonce="{mark}">{TOOLS % actions}</script></body>', 1)
    (folder / "page.html").write_text(html, encoding="utf-8")
    opened = folder / "page.html"
    if width is not None:
        opened = folder / "frame.html"
        opened.write_text(FRAME % width, encoding="utf-8")
    command = [program, *FLAGS, f"--user-data-dir={folder / 'profile'}", *flags, "--dump-dom"]
    ran = subprocess.run(
        [*command, f"{opened.as_uri()}{fragment}"],
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
