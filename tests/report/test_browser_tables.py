"""Tables, contrast and paper in a real browser: every head sorts, every word can be read, and what matters is printed."""

from __future__ import annotations

from pathlib import Path

from tests.report.browser import visited

# Every table: what its heads do to the rows that may move, and to those that may not; where there is a field, what it does.
TABLES = """
await moment();
for (const details of all("details")) details.open = true;
const told = (row, index) => row.cells[index]?.dataset.v || row.cells[index]?.textContent.trim() || "";
const stay = (row) => row.matches(".part,.last,.gap");
const sorted = (texts, sign) => {
  const number = (text) => text !== "" && Number.isFinite(Number(text));
  const full = texts.filter((text) => text !== "");
  const firsts = full.filter(number);
  const orderly = firsts.every((text, at) => !at || sign * (text - firsts[at - 1]) >= 0);
  return orderly && texts.indexOf("") === (full.length < texts.length ? full.length : -1);
};
const runs = (rows) => rows.reduce((so, row) => (stay(row) ? [...so, []] : [...so.slice(0, -1), [...so.at(-1), row]]), [[]]);
Object.assign(found, { tables: 0, presses: 0, unsorted: [], moved: [], lost: [], fields: [], small: [] });
for (const table of all("main table")) {
  found.tables += 1;
  const rows = () => [...table.tBodies[0].rows];
  const fixed = () => rows().map((row, at) => (stay(row) ? `${at} ${row.textContent.trim()}` : "")).filter(Boolean).join("|");
  const before = fixed(), many = rows().length, name = table.textContent.trim().slice(0, 30);
  for (const button of table.querySelectorAll("thead button")) {
    const index = button.closest("th").cellIndex;
    for (const _ of [1, 2]) {
      button.click(); found.presses += 1;
      const sign = button.closest("th").getAttribute("aria-sort") === "ascending" ? 1 : -1;
      if (!runs(rows()).every((run) => sorted(run.map((row) => told(row, index)), sign))) found.unsorted.push([name, index]);
      if (fixed() !== before) found.moved.push([name, index]);
      if (rows().length !== many) found.lost.push(name);
    }
    if (table.querySelectorAll("thead [aria-sort=ascending], thead [aria-sort=descending]").length !== 1) found.lost.push(name);
  }
  const box = (table.closest(".scroll") ?? table).previousElementSibling;
  const field = box?.matches(".tools") ? box.querySelector("input") : null;
  const free = rows().filter((row) => !stay(row));
  if (table.matches(".sortable") && Boolean(field) !== free.length > 6) found.small.push([name, free.length]);
  if (!field) continue;
  const write = (text) => { field.value = text; field.dispatchEvent(new Event("input")); };
  const count = () => free.filter((row) => !row.hidden).length;
  write("  " + free[2].cells[0].textContent.trim().toUpperCase() + " ");
  const some = count();
  write("there is no such row");
  const none = [count(), rows().filter((row) => !row.hidden).length, !table.parentElement.querySelector(".nothing").hidden];
  write("");
  found.fields.push([name, some > 0, none, count() === free.length]);
}
found.parts = seen("tr.part").length;
found.sums = seen("tr.last").length;
found.headless = seen(".scroll tr td.drawn").filter((cell) => {
  const head = cell.closest("table").tHead?.rows[0].cells[cell.cellIndex];
  return !head || !head.textContent.trim();
}).length;
"""

# Every element with words of its own: the contrast of their colour with the nearest ground that is painted.
CONTRAST = """
await moment();
for (const details of all("details")) details.open = true;
const brush = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
const known = new Map();
const parts = (color) => {
  if (!known.has(color)) {
    brush.clearRect(0, 0, 1, 1); brush.fillStyle = color; brush.fillRect(0, 0, 1, 1);
    known.set(color, [...brush.getImageData(0, 0, 1, 1).data]);
  }
  return known.get(color);
};
const light = (color) => {
  const straight = (it) => (it <= 0.04045 ? it / 12.92 : ((it + 0.055) / 1.055) ** 2.4);
  const [red, green, blue] = parts(color).map((it) => straight(it / 255));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};
const ground = (it) => {
  for (let at = it; at; at = at.parentElement) {
    const color = getComputedStyle(at).backgroundColor;
    if (parts(color)[3] === 255) return color;
  }
  return "white";
};
const contrast = (it) => {
  const [low, high] = [light(getComputedStyle(it).color), light(ground(it))].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
};
const worded = (it) => [...it.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
found.faint = [];
found.looked = 0;
const look = (rule, where) => {
  for (const it of seen(rule).filter((it) => worded(it) && !it.closest("svg, .unseen"))) {
    found.looked += 1;
    if (contrast(it) < 5.4) found.faint.push([where, it.className, it.textContent.trim().slice(0, 20), contrast(it)]);
  }
};
for (const theme of ["light", "dark"]) {
  document.documentElement.style.colorScheme = theme;
  look("body *", theme);
  for (const tab of ["tab-1", "tab-2"]) for (const by of all("input[name=by]")) {
    one(`#${tab}`).checked = true; by.checked = true;
    look(".view *", `${theme} ${tab} ${by.id}`);
  }
}
"""

PAPER = """
await moment();
one("#A1 summary").click();
dispatchEvent(new Event("beforeprint"));
found.claims = [...new Set(all(".claim[open]").map((it) => it.dataset.verdict))].sort();
found.all = all(".claim[data-verdict=does-not-reproduce]:not([open])").length;
found.points = all(".point:not([open])").length;
found.folds = all(".fold[open]").length;
dispatchEvent(new Event("afterprint"));
found.open = all("details[open]").map((it) => it.id);
"""


def test_every_head_sorts_and_every_long_table_is_searched(tmp_path: Path) -> None:
    found = visited(tmp_path, TABLES, "--window-size=1100,900")
    assert found["tables"] > 20
    assert found["presses"] > 200
    assert (found["unsorted"], found["moved"], found["lost"], found["small"]) == ([], [], [], [])
    assert len(found["fields"]) > 6
    assert all(some and none == [0, 0, True] and back for _, some, none, back in found["fields"])
    assert found["parts"] > 0
    assert found["sums"] > 0
    assert found["headless"] == 0


def test_all_words_can_be_read_in_both_themes_and_every_view(tmp_path: Path) -> None:
    found = visited(tmp_path, CONTRAST, "--window-size=1100,900")
    assert found["looked"] > 5000
    assert found["faint"] == []


def test_paper_shows_what_matters(tmp_path: Path) -> None:
    found = visited(tmp_path, PAPER, "--window-size=1100,900")
    assert found["claims"][0] == "does-not-reproduce"
    assert (found["all"], found["points"], found["folds"]) == (0, 0, 0)
    assert found["open"] == ["A1"]
