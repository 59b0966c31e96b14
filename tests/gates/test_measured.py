"""Limits on what has two ends: over only as a whole, never on what could not be told; and costs that belong to one machine."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from repositories import TINY

from inception_analyzer.__main__ import run
from inception_analyzer.gates.baseline import Baseline, Model
from inception_analyzer.gates.check import Checked, check
from inception_analyzer.gates.measured import APART, beyond, ratio_between
from inception_analyzer.gates.reading import from_text, to_text
from inception_analyzer.gates.rules import Rule, Rules, Tolerance, parse_budget
from inception_analyzer.lab import taken
from inception_analyzer.lab.machine import costs_key
from inception_analyzer.stats import Interval

TIME = "latency.forward"
TODAY = date(2026, 11, 20)


def model(value: float, half: float = 0.0, **more: Any) -> Model:
    return Model("ours", "v1", {TIME: value, f"{TIME}.low": value * (1 - half), f"{TIME}.high": value * (1 + half)}, **more)


def checked(before: Model, now: Model, *rules: Rule, strict: bool = False) -> Checked:
    return check(Baseline({"ours": before}), [now], Rules(rules, defaults=APART), TODAY, strict=strict)


@pytest.mark.parametrize(
    ("now", "half", "outcome"),
    [
        (1.0, 0.01, "within"),
        (1.5, 0.01, "over"),
        (1.5, 0.6, "inconclusive"),
        (0.5, 0.1, "better"),
        (1.11, 0.05, "inconclusive"),
    ],
)
def test_only_a_whole_interval_counts(now: float, half: float, outcome: str) -> None:
    """The limit is 10 % more than before."""
    (line,) = checked(model(1.0, 0.01), model(now, half)).lines
    assert line.outcome == outcome
    assert line.ratio is not None


@pytest.mark.parametrize(("now", "outcome"), [(0.9, "better"), (0.984, "within"), (1.016, "within"), (1.06, "over")])
def test_a_peak_that_hardly_differs_is_no_better(now: float, outcome: str) -> None:
    """It has no interval: what may be noise when it is more may be noise when it is less."""
    before, after = (Model("ours", "v1", {"peak.forward": value}) for value in (10**6, round(now * 10**6)))
    for rules in ((), (Rule("peak.forward", tolerance=Tolerance(0.055)),)):
        (line,) = checked(before, after, *rules).lines
        assert line.outcome == outcome


def test_doubts_of_both_sides_add_as_squares() -> None:
    ratio = ratio_between(TIME, model(1.0, 0.03), model(1.0, 0.04))
    assert ratio is not None
    assert ratio.high == pytest.approx(1.05, abs=0.002)
    assert ratio.low == pytest.approx(0.95, abs=0.005)


def test_pairs_go_before_two_values() -> None:
    now = model(1.0, 0.01, ratios={TIME: Interval(1.3, 1.2, 1.4)})
    assert checked(model(1.0), now).status == "fail"


@given(st.floats(0.1, 10), st.floats(0.1, 10), st.floats(0, 1), st.floats(0, 0.5), st.floats(0, 0.5))
def test_a_wider_limit_never_fails_what_a_narrower_passes(
    one: float, other: float, between: float, share: float, more: float
) -> None:
    low, high = sorted((one, other))
    ratio = Interval(low + between * (high - low), low, high)
    order = ["better", "within", "inconclusive", "over"]
    assert order.index(beyond(ratio, share + more)) <= order.index(beyond(ratio, share))


def test_a_budget_has_two_ends_too() -> None:
    budget = parse_budget(f"{TIME}<=2s")
    assert checked(model(1.9), model(1.95, 0.01), budget).status == "pass"
    assert checked(model(1.9), model(2.05, 0.01), budget).breaches[0].reason == "beyond its budget"
    assert checked(model(1.9), model(1.99, 0.02), budget).lines[0].outcome == "inconclusive"


def test_a_tolerance_may_be_an_amount() -> None:
    assert checked(model(0.001), model(0.0015), Rule(TIME, tolerance=Tolerance(amount=0.001))).status == "pass"
    assert checked(model(0.001), model(0.0025), Rule(TIME, tolerance=Tolerance(amount=0.001))).status == "fail"


def lost(level: str = "error", counts: bool = True, strict: bool = False) -> str:
    macs = {"macs": 1} if counts else {}
    now = Model("ours", "v1", macs, notes={TIME: "another machine"})
    rule = Rule("latency.*", level=level)  # type: ignore[arg-type]
    return checked(Model("ours", "v1", macs), now, rule, strict=strict).status


def test_another_machine_leaves_the_answer_to_the_counts() -> None:
    assert lost() == "pass"
    assert lost(strict=True) == "undecided"
    assert lost(counts=False) == "undecided"
    assert lost(level="warn", counts=False) == "pass"
    assert lost(level="off", counts=False, strict=True) == "pass"


def counted(rules: Rules, *, strict: bool = False) -> Checked:
    """A check of counts alone."""
    known = Model("ours", "v1", {"macs": 1})
    return check(Baseline({"ours": known}), [known], rules, TODAY, strict=strict)


@pytest.mark.parametrize(
    ("rules", "metrics"),
    [
        (Rules((parse_budget(f"{TIME}<=1us"),)), [TIME]),
        (Rules((Rule(TIME, tolerance=Tolerance(0.03)),)), [TIME]),
        (Rules((Rule("peak.train-step", level="error"),)), ["peak.train-step"]),
        (Rules((Rule("energy.*", tolerance=Tolerance(0.03)),)), ["energy.forward"]),
        (Rules((Rule("*.backward", tolerance=Tolerance(0.03)),)), ["latency.backward"]),
        (Rules(measured=("peak.step", TIME)), [TIME, "peak.step"]),
        (Rules((Rule("*", tolerance=Tolerance(0.03)),), defaults=APART), []),
        (Rules((Rule(TIME, "theirs", budget=1),)), []),
        (Rules((parse_budget(f"{TIME}<=1us"), Rule(TIME, level="off"))), []),
    ],
)
def test_a_limit_on_what_nobody_measured_is_told(rules: Rules, metrics: list[str]) -> None:
    """Whoever names it is told so; the program's own rules ask for nothing."""
    found = counted(rules)
    assert [line.metric for line in found.lines] == ["macs", *metrics]
    assert all((line.outcome, line.after) == ("skipped", None) for line in found.lines[1:])
    assert all("check --measure" in line.reason and "--against REV" in line.reason for line in found.lines[1:])
    assert (found.status, counted(rules, strict=True).status) == ("pass", "undecided" if metrics else "pass")


def test_a_budget_that_nobody_measured_against_is_shown() -> None:
    line = counted(Rules((parse_budget(f"{TIME}<=2ms"),))).lines[1]
    assert (line.limit, line.absolute) == (0.002, True)


def test_one_time_answers_a_glob_of_times() -> None:
    (line,) = checked(model(1.0), model(1.0), Rule("latency.*", tolerance=Tolerance(0.5))).lines
    assert line.outcome == "within"


def test_nothing_to_compare_with_is_no_verdict() -> None:
    now = model(1.0)
    (line,) = checked(Model("ours", "v1", {}), now).lines
    assert line.outcome == "skipped"
    (line,) = checked(Model("ours", "v1", {TIME: 0.0}), now).lines
    assert line.outcome == "skipped"


def test_ends_and_machine_are_kept() -> None:
    known = Baseline({"ours": model(1.0, 0.1)}, "1", "abc", "a machine")
    assert from_text(to_text(known), "costs.json") == Baseline(known.models, "1", "abc", "a machine", {"ours": 8})


def test_a_machine_has_one_name() -> None:
    assert costs_key("cpu", 1, {"forward": 1}) == costs_key("cpu", 1, {"forward": 1})
    names = {costs_key("cpu", threads, {"forward": batch})[0] for threads in (1, 2) for batch in (1, 2)}
    assert len(names) == 4


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "ours.words").write_text(TINY)
    (tmp_path / "pyproject.toml").write_text(
        '[tool.inception-analyze.check]\nmodels = {ours = "ours.words"}\n'
        'measured = ["latency.forward", "peak.forward", "energy.forward"]\n'
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setattr(taken, "PROCESSES", 2)
    return tmp_path


def test_measured_costs_are_kept_by_machine(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--measure", "--device", "cpu", "--budget", "1s"]
    assert run(["check", "--update", *words]) == 0
    (file,) = here.glob("inception-costs.*.json")
    kept = from_text(file.read_text(), file.name)
    assert kept.fingerprint in file.name
    assert set(kept.models["ours"].totals) == {TIME, f"{TIME}.low", f"{TIME}.high", "peak.forward"}
    assert "latency" not in (here / "inception-costs.json").read_text()
    capsys.readouterr()

    faster = file.read_text().replace(str(kept.models["ours"].totals["peak.forward"]), "1")
    file.write_text(faster)
    assert run(["check", *words, "--format", "json"]) == 1
    lines = {line["metric"]: line for line in json.loads(capsys.readouterr().out)["lines"]}
    assert lines["peak.forward"]["outcome"] == "over"
    assert lines[TIME]["outcome"] in ("within", "better", "inconclusive")
    assert lines["energy.forward"]["outcome"] == "skipped"
    assert "no sensor" in lines["energy.forward"]["reason"]

    file.write_text(faster.replace(kept.fingerprint, "0" * 12))
    assert run(["check", *words]) == 3
    assert "another machine" in capsys.readouterr().err


def test_without_costs_of_this_machine_nothing_is_measured(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "--update"]) == 0
    assert run(["check", "--measure", "--device", "cpu"]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "nothing is kept of this machine" in told
    assert run(["check", "--measure", "--device", "cpu", "--strict"]) == 3
    assert not list(here.glob("inception-costs.*.json"))


@pytest.mark.parametrize("words", [[], ["--no-measure"]])
def test_what_is_called_measured_and_is_not_is_told(words: list[str], here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "--update"]) == 0
    assert run(["check", *words]) == 0
    out = capsys.readouterr().out
    assert out.startswith("check passed: nothing changed, 3 limits not told ")
    assert "run check --measure" in " ".join(out.split())
    assert run(["check", *words, "--strict"]) == 3
    assert capsys.readouterr().out.startswith("check undecided: ours time, forward could not be told, and 2 more")
    (here / "pyproject.toml").unlink()
    assert run(["check", "v1", "--update", "--baseline", "v1.json"]) == 0
    assert run(["check", "v1", "--baseline", "v1.json", "--limit", "latency.forward<=1us", "--strict"]) == 3


def test_nothing_is_called_measured(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "pyproject.toml").write_text('[tool.inception-analyze.check]\nmodels = ["v1"]\n')
    assert run(["check", "--update", "--measure"]) == 2
    assert "nothing to measure" in capsys.readouterr().err
