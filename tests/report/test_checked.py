"""What a check answers in a terminal: every row with its limit, whatever else it has to say."""

from __future__ import annotations

from datetime import date

import pytest

from inception_analyzer.gates.baseline import Model, Values, of_models
from inception_analyzer.gates.check import Checked, check
from inception_analyzer.gates.metrics import METRICS
from inception_analyzer.gates.rules import Rule, Rules, Tolerance, Waiver, parse_budget
from inception_analyzer.report import markdown, web
from inception_analyzer.report.checked import Told, document
from inception_analyzer.report.terminal import Surface, render

TODAY = date(2026, 11, 20)
NAMES = ("v3", "nets/trunk.words@width=0.75", "n" * 60)

# Rows of every width.
ASKED = {
    "same": Rules(),
    "within": Rules((Rule("*", tolerance=Tolerance(1)),)),
    "budget": Rules((parse_budget("params<=5K"), parse_budget("saved_bytes<=1KiB"), Rule("macs", tolerance=Tolerance(1)))),
    "warning": Rules((Rule("*", level="warn"),)),
    "waived": Rules((), (Waiver("*", "*", "the wider stem", date(2026, 12, 31)),)),
    "skipped": Rules((Rule("energy.train-forward", budget=1), Rule("*", tolerance=Tolerance(0.3)))),
}


def totals(cost: int) -> dict[str, int]:
    return dict.fromkeys(METRICS, cost)


def checked(rules: Rules, before: Values, now: Values, *names: str) -> Checked:
    known = of_models([Model(name, name, before) for name in names], "")
    return check(known, [Model(name, name, now) for name in names], rules, TODAY)


def shown(found: Checked, width: int = 80, *, every: bool = True, before: str = "baseline", unicode: bool = True) -> list[str]:
    told = Told(found, "costs.json", "inception-analyze check --update", before=before)
    return render(document(told, every=every), Surface(width, unicode=unicode)).splitlines()


@pytest.mark.parametrize("asked", ASKED)
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("unicode", [True, False])
def test_every_row_has_its_limit(asked: str, name: str, unicode: bool) -> None:
    found = checked(ASKED[asked], totals(19_805_184), totals(20_905_184), name, "v1")
    lines = [*shown(found, unicode=unicode), ""]
    head = next(line for line in lines if line.split()[-2:] == ["change", "limit"])
    start = lines.index(head)
    rows = [line for line in lines[start + 1 : lines.index("", start)] if len(line.split()) > 3]
    assert len(rows) == len(found.lines)
    assert all(len(line) == len(head) for line in rows if "skipped" not in line)
    assert max(map(len, (head, *rows))) <= 80


def test_stars_of_others_mark_nothing() -> None:
    waiver = Waiver("*", "v*", "2 * the width, and 3 * the depth", date(2026, 11, 1))
    found = checked(Rules((), (waiver,)), {"macs": 5}, {"macs": 5}, "v1")
    (notice,) = found.notices
    told = Told(found, "costs.json", "")
    for text in (" ".join(shown(found)), markdown.render(document(told)).replace("\\", ""), web.fragment(document(told))):
        assert notice in " ".join(text.split())


def test_names_stand_above_their_rows_where_there_is_no_room() -> None:
    found = checked(ASKED["warning"], totals(19_805_184), totals(20_905_184), NAMES[1], "v1")
    wide, narrow = shown(found, 140), shown(found, 80)
    assert any("network  " in line for line in wide)
    assert not any("network  " in line for line in narrow)
    assert [line.strip() for line in narrow if line.strip() in (NAMES[1], "v1")] == [NAMES[1], "v1"]


def test_a_long_revision_is_no_head() -> None:
    found = checked(ASKED["warning"], {"macs": 5}, {"macs": 6}, "v1")
    lines = shown(found, before="9f" * 20)
    assert "  before  now" in next(line for line in lines if line.endswith("limit"))


@pytest.mark.parametrize(("layers", "told"), [(9, "1 more layer of v1"), (10, "2 more layers of v1")])
def test_one_layer_is_no_layers(layers: int, told: str) -> None:
    parts = [{f"a{number}": {"macs": cost} for number in range(layers)} for cost in (1, 2)]
    before, now = (Model("v1", "v1", {"macs": cost}, its) for cost, its in enumerate(parts))
    found = check(of_models([before], ""), [now], Rules(), TODAY)
    assert f"  {told}: all of them in --format json" in shown(found)


def test_a_breach_that_warns_is_told_from_one_that_fails() -> None:
    warned = checked(ASKED["warning"], {"macs": 5}, {"macs": 6}, "v1")
    failed = checked(Rules(), {"macs": 5}, {"macs": 6}, "v1")
    assert any(line.startswith("  ! warning  v1 ") for line in shown(warned))
    assert any(line.startswith("  ✗ over  v1 ") for line in shown(failed))
