"""The rules: how far a metric may go, by whom it is overruled, and how amounts are written."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inception_analyzer.errors import WRONG_USE, AnalyzerError
from inception_analyzer.gates.baseline import Model, of_models
from inception_analyzer.gates.check import Line, check
from inception_analyzer.gates.rules import Rule, Rules, Tolerance, Waiver, parse_amount, parse_budget, parse_tolerance

TODAY = date(2026, 11, 20)


def judged(before: int, after: int, rules: Rules = Rules(), metric: str = "macs", name: str = "v3") -> Line:  # noqa: B008
    """One metric of one model, by the rules."""
    (line,) = check(
        of_models([Model(name, name, {metric: before})], ""), [Model(name, name, {metric: after})], rules, TODAY
    ).lines
    return line


def rules(*texts: str, **more: object) -> Rules:
    """Tolerances and budgets as they are written: `macs=1%`, `macs<=6G`."""
    made = [parse_budget(text) if "<=" in text else parse_tolerance(*text.split("=")) for text in texts]
    return Rules(tuple(made), **more)  # type: ignore[arg-type]


def test_what_no_rule_speaks_of_must_not_grow() -> None:
    assert judged(100, 100).outcome == "same"
    assert judged(100, 101).breached
    assert judged(100, 99).outcome == "better"
    assert judged(0, 1).breached


@pytest.mark.parametrize(
    ("rule", "after", "outcome"),
    [
        ("macs=0", 10_001, "over"),
        ("macs=1%", 10_100, "within"),
        ("macs=1%", 10_101, "over"),
        ("macs=29%", 12_900, "within"),
        ("macs=29%", 12_901, "over"),
        ("macs=0.01%", 10_001, "within"),
        ("macs=0.01%", 10_002, "over"),
        ("macs=50", 10_050, "within"),
        ("macs=50", 10_051, "over"),
        ("macs=1K", 11_000, "within"),
        ("macs=1K", 11_001, "over"),
        ("ma*=1%", 10_100, "within"),
        ("params=50%", 10_001, "over"),
        ("macs<=10K", 10_000, "same"),
        ("macs<=9.999K", 10_000, "over"),
        ("macs<=12K", 10_001, "over"),
    ],
)
def test_tolerances_and_budgets(rule: str, after: int, outcome: str) -> None:
    assert judged(10_000, after, rules(rule)).outcome == outcome


def test_the_larger_of_share_and_amount_is_granted() -> None:
    both = Tolerance(share=0.01, amount=500)
    assert both.bound(10_000) == 10_500
    assert both.bound(100_000) == 101_000


@given(st.integers(0, 2**80))
def test_large_counts_are_compared_to_the_last_unit(count: int) -> None:
    assert judged(count, count).outcome == "same"
    assert judged(count, count + 1).breached


@given(st.integers(1, 10**7), st.integers(0, 99))
def test_a_share_grants_what_it_says_and_no_more(hundredth: int, percent: int) -> None:
    rule = rules(f"macs={percent}%")
    assert not judged(100 * hundredth, (100 + percent) * hundredth, rule).breached
    assert judged(100 * hundredth, (100 + percent) * hundredth + 1, rule).breached


def test_a_budget_and_a_tolerance_both_hold() -> None:
    both = rules("macs=50%", "macs<=12K")
    assert judged(10_000, 12_000, both).outcome == "within"
    over = judged(10_000, 12_001, both)
    assert (over.outcome, over.limit, over.absolute, over.reason) == ("over", 12_000, True, "beyond its budget")
    grown = judged(10_000, 11_001, rules("macs=10%", "macs<=12K"))
    assert (grown.outcome, grown.limit, grown.absolute) == ("over", 11_000, False)


def test_the_tightest_budget_counts() -> None:
    assert judged(10_000, 10_000, rules("macs<=9K", "macs<=11K")).limit == 9_000


def test_a_budget_counts_for_what_did_not_change() -> None:
    assert judged(10_000, 10_000, rules("macs<=9K")).breached


@pytest.mark.parametrize(("level", "breached", "shown"), [("error", True, True), ("warn", False, True), ("off", False, False)])
def test_levels(level: str, breached: bool, shown: bool) -> None:
    asked = Rules((Rule("macs", level=level),))  # type: ignore[arg-type]
    found = check(of_models([Model("v3", "v3", {"macs": 1})], ""), [Model("v3", "v3", {"macs": 2})], asked, TODAY)
    assert bool(found.breaches) == breached
    assert bool(found.lines) == shown
    assert bool(found.warnings) == (level == "warn")
    assert found.status == ("fail" if breached else "pass")


@pytest.mark.parametrize(
    ("metric", "model", "hit"),
    [
        ("macs", "v3", True),
        ("*", "*", True),
        ("macs*", "v?", True),
        ("macs", "v[34]", True),
        ("macs", "v[!3]", False),
        ("MACS", "v3", False),
        ("macs_*", "v3", False),
        ("macs", "v", False),
        ("params", "v3", False),
    ],
)
def test_globs(metric: str, model: str, hit: bool) -> None:
    assert judged(10, 11, Rules((Rule(metric, model, Tolerance(share=1)),))).breached != hit


def test_later_rules_go_first_and_each_asks_its_own() -> None:
    later = Rules((Rule("*", tolerance=Tolerance(1.0)), Rule("macs", "v3", Tolerance()), Rule("macs", level="warn")))
    line = judged(100, 101, later)
    assert (line.outcome, line.level, line.breached) == ("over", "warn", False)
    assert judged(100, 101, later, name="v4").outcome == "within"
    assert judged(100, 101, Rules(tuple(reversed(later.rules)))).outcome == "within"


def test_the_ratchet_wants_improvements_accepted() -> None:
    line = judged(100, 99, Rules(ratchet=True))
    assert (line.outcome, line.breached) == ("unaccepted", True)
    assert not judged(100, 100, Rules(ratchet=True)).breached
    assert not judged(100, 99, Rules((Rule("macs", level="warn"),), ratchet=True)).breached


@pytest.mark.parametrize(("days", "outcome"), [(1, "waived"), (0, "waived"), (-1, "over")])
def test_a_waiver_holds_until_the_end_of_its_day(days: int, outcome: str) -> None:
    until = TODAY + timedelta(days)
    line = judged(100, 101, Rules(waivers=(Waiver("macs", "v3", "a new stem", until),)))
    assert line.outcome == outcome
    assert "a new stem" in line.reason
    assert until.isoformat() in line.reason
    assert ("its waiver ended" in line.reason) == (days < 0)


def test_a_waiver_is_of_its_metric_and_model() -> None:
    waived = Rules(waivers=(Waiver("params", "v3", "x", TODAY), Waiver("macs", "v4", "x", TODAY)))
    assert judged(100, 101, waived).breached


def test_a_waiver_covers_budgets_and_the_ratchet() -> None:
    waiver = Waiver("*", "*", "x", TODAY)
    assert judged(100, 100, Rules((Rule("macs", budget=50),), (waiver,))).outcome == "waived"
    assert judged(100, 99, Rules((), (waiver,), ratchet=True)).outcome == "waived"


def test_the_waiver_that_lasts_longest_counts() -> None:
    ended, lasting = (Waiver("macs", "v3", "x", TODAY + timedelta(days)) for days in (-5, 5))
    assert judged(100, 101, Rules(waivers=(lasting, ended))).outcome == "waived"


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("0", 0),
        ("6G", 6 * 10**9),
        ("5.7 G", 5_700_000_000),
        ("25M", 25 * 10**6),
        ("2.3k", 2300),
        ("1_000", 1000),
        ("1,000,000", 10**6),
        ("0.1T", 10**11),
        ("512MiB", 512 * 2**20),
        ("1.5 GiB", 1.5 * 2**30),
        ("120ms", 0.12),
        ("2.3us", 2.3e-6),
        ("3s", 3),
    ],
)
def test_amounts(text: str, amount: float) -> None:
    assert parse_amount(text, "macs") == amount


@pytest.mark.parametrize("text", ["", "G", "-1", "1e9", "5%", "many", "6 G G", "0x10", "1.2.3", "٣", "nan", "inf", "6Gb"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(AnalyzerError, match="is no amount for macs") as caught:
        parse_amount(text, "macs")
    assert caught.value.code == WRONG_USE


@pytest.mark.parametrize("text", ["macs", "macs<6G", "macs=6G", "macs>=6G"])
def test_what_is_no_budget_is_refused(text: str) -> None:
    with pytest.raises(AnalyzerError, match="is no budget"):
        parse_budget(text)


@pytest.mark.parametrize("metric", ["flops", "latency", "latency.sleep", "", "mac", "v*"])
def test_metrics_that_nothing_has_are_refused(metric: str) -> None:
    with pytest.raises(AnalyzerError, match="no metric is called"):
        parse_tolerance(metric, "1%")
    with pytest.raises(AnalyzerError, match="no metric is called"):
        parse_budget(f"{metric}<=1")


def test_what_is_measured_is_free_until_somebody_asks() -> None:
    before, now = (Model("v3", "v3", {"latency.forward": seconds}) for seconds in (0.1, 0.2))
    assert check(of_models([before], ""), [now], Rules(), TODAY).lines == ()
    (line,) = check(of_models([before], ""), [now], rules("latency.*=3%"), TODAY).lines
    assert line.breached
    (line,) = check(of_models([before], ""), [Model("v3", "v3", {})], rules("latency.*=3%"), TODAY).lines
    assert (line.outcome, line.breached) == ("skipped", False)
