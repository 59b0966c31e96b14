"""What `explain` shows of a claim: bars that mean one thing, cases of narrower statements, and how networks were rewritten."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping

import pytest

from inception_analyzer.claims import CLAIMS, find
from inception_analyzer.claims.derived import rewrites
from inception_analyzer.claims.judging import judged
from inception_analyzer.claims.model import Amount, Condition
from inception_analyzer.report.data import to_csv
from inception_analyzer.report.document import Bar, Cell, Column, Table, row, table
from inception_analyzer.report.explained import document
from inception_analyzer.report.lengths import lengths_of
from inception_analyzer.report.terminal import Surface, render, render_sections
from inception_analyzer.report.verdicts import LOOKS
from inception_analyzer.spec import Network

MACS = (("before", Amount(2.0, "macs")), ("after", Amount(1.0, "macs")))
WEIGHTS = (("before", Amount(2.0, "params")), ("after", Amount(1.0, "params")))


def explained(handle: str, width: int = 80, *, unicode: bool = True) -> str:
    (claim,) = find([handle])
    return render(document(judged(claim, {}, {})), Surface(width, unicode=unicode))


def case(value: float, kind: str = "saving", parts: tuple[tuple[str, Amount], ...] = MACS) -> Condition:
    return Condition("here", Amount(value, kind), "exactly", parts)  # type: ignore[arg-type]


def test_what_saves_more_leaves_a_shorter_bar_and_the_head_says_so() -> None:
    found = lengths_of([case(0.75), case(0.5), case(-1.0)])
    assert found is not None
    assert found.head == "multiply-adds left"
    assert found.lengths == (0.125, 0.25, 1.0)


def test_only_what_is_alike_shares_a_scale() -> None:
    found = lengths_of([case(0.5), case(0.75, parts=WEIGHTS), case(0.0), case(3.0, "ratio"), case(9.0, "ratio", ())])
    assert found is not None
    assert found.lengths == (0.5, None, 1.0, None, None)


@pytest.mark.parametrize(
    "cases",
    [
        [],
        [case(0.5)],
        [case(0.5), case(0.5, parts=WEIGHTS)],
        [case(22.0, "count", ()), case(9.0, "count", ())],
        [case(1.5, "number", ()), case(0.1, "number", ())],
        [case(2.0, "ratio", ()), case(3.0, "ratio", ())],
        [case(4e-16, "error", ()), case(1e-15, "error", ())],
        [case(0.0, "macs", ()), case(0.0, "macs", ())],
    ],
)
def test_no_bars_where_they_would_mean_nothing(cases: list[Condition]) -> None:
    assert lengths_of(cases) is None


@pytest.mark.parametrize(
    ("found", "head"),
    [
        (case(0.5, "ratio", WEIGHTS), "ratio of parameters"),
        (Condition("here", Amount(0.5, "ratio", 0.4, 0.6), "open"), "ratio of time"),
        (case(5.0, "bytes", ()), "memory"),
        (case(0.5, "error", ()), "relative difference"),
        (case(0.5, "share", (("one", Amount(0.5, "share")),)), "share"),
    ],
)
def test_the_head_says_what_the_bars_are_of(found: Condition, head: str) -> None:
    bars = lengths_of([found, found])
    assert bars is not None
    assert bars.head == head


@pytest.mark.parametrize("handle", ["A2", "A3", "A4", "A7", "A9", "A11"])
@pytest.mark.parametrize("unicode", [True, False])
def test_there_is_room_for_bars_at_80_columns(handle: str, unicode: bool) -> None:
    text = explained(handle, unicode=unicode)
    assert ("█" if unicode else "####") in text
    assert "multiply-adds" in text.partition("where")[2]
    assert max(map(len, text.splitlines())) <= 80


@pytest.mark.parametrize("handle", ["E1", "B7"])
def test_unlike_quantities_have_no_bars(handle: str) -> None:
    assert "█" not in explained(handle, 120)


def bars_of(*, below: bool) -> Table:
    made = table(
        (Column("where", "left"), Column("found"), Column("multiply-adds left", "left")),
        [row("one", "5" * 60, Bar(1.0, "good")), row("two", "", Cell("")), row("three", "", Bar(0.5, "bad"))],
    )
    return Table(made.columns, made.rows, below=below)


def test_bars_without_room_stand_below_where_they_may() -> None:
    lines = render_sections([bars_of(below=True)], Surface()).splitlines()
    assert lines[5] == ""
    assert lines[6].split() == ["where", "multiply-adds", "left"]
    assert [line.split()[0] for line in lines[7:]] == ["one", "three"]
    assert lines[7].count("█") == 2 * lines[8].count("█")
    assert "█" not in render_sections([bars_of(below=False)], Surface())
    assert "█" not in render_sections([bars_of(below=True)], Surface(24))
    assert len(render_sections([bars_of(below=True)], Surface(120)).splitlines()) == 5


def test_narrower_statements_show_their_cases() -> None:
    text = explained("B8")
    after = text.partition(".row-4a: ")[2]
    assert after.index("4a, decimals left off") < after.index(".row-4b")
    assert re.search(r"as printed +1\.583 G  ✗", text)
    # What has one case that its reason tells has no table of it.
    assert "where" not in text.partition(".row-5a: ")[2]


@pytest.mark.parametrize("name", CLAIMS)
def test_each_case_of_what_depends_is_shown(name: str) -> None:
    one = judged(CLAIMS[name], {}, {})
    text = " ".join(render(document(one), Surface(100)).split())
    for _, finding in one.checks:
        if finding.verdict == "depends":
            assert all(" ".join(condition.when.split()) in text for condition in finding.conditions)


def rows(handle: str) -> list[Mapping[str, str]]:
    (claim,) = find([handle])
    return list(csv.DictReader(io.StringIO(to_csv(document(judged(claim, {}, {}))))))


def test_csv_has_the_cases_of_narrower_statements() -> None:
    found = rows("B8")
    (claim,) = find(["B8"])
    assert {row["id"] for row in found} == {claim.id, *(f"{claim.id}.{check.name}" for check in claim.checks)}
    assert {row["verdict"] for row in found} <= set(LOOKS)
    four = [row for row in found if row["id"] == f"{claim.id}.row-4a"]
    assert [row["fit"] for row in four] == ["not", "exactly"]
    assert all(float(row["value"]) > 0 for row in four)


def test_csv_has_a_row_for_a_statement_without_cases() -> None:
    (formula,) = [row for row in rows("E1") if row["id"].endswith(".formula")]
    assert (formula["verdict"], formula["text"], formula["value"]) == ("undecided", "needs torch", "")


def test_rewritten_networks_show_their_derivation() -> None:
    assert "v3@asymmetric 6e: 1x7 + 7x1 → 7x7 by asymmetric at 3 places, +1.12 G multiply-adds" in unbroken("A10")
    assert "v3@fold-bn: fold-bn at 94 places, as many multiply-adds; 2 places in auxiliary heads" in unbroken("D12")
    assert "7c@expanded: 1x3 | 3x1 → 3x3 by expanded at 2 places, +226 M multiply-adds" in unbroken("D15")
    assert "derived" not in explained("A2")


def unbroken(handle: str) -> str:
    return " ".join(explained(handle).split())


@pytest.mark.parametrize("name", [name for name, claim in CLAIMS.items() if claim.asks()])
def test_derivations_lead_to_the_networks_that_are_timed(name: str) -> None:
    sides = [side for question in CLAIMS[name].asks() for side in (question.reference, question.other)]
    asked = {side.label: side for side in sides if isinstance(side, Network) and "@" in side.label}
    found = rewrites(CLAIMS[name])
    assert [one.network.label for one in found] == list(asked)
    for one, each in zip(found, asked.values(), strict=True):
        steps = one.network.trunk.steps  # behind which a block that is trained has its classes
        assert (one.network.input, steps) == (each.input, each.trunk.steps[: len(steps)])
    assert all(one.derivation for one in found)
