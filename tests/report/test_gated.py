"""Where a check shows besides the terminal: within what is allowed there, and readable whatever names hold."""

from __future__ import annotations

import re
import shlex
from datetime import date
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inception_analyzer.errors import AnalyzerError
from inception_analyzer.gates.baseline import Baseline, Model, of_models
from inception_analyzer.gates.check import check
from inception_analyzer.gates.metrics import METRICS
from inception_analyzer.gates.reading import from_text, to_text
from inception_analyzer.gates.rules import Level, Rule, Rules, Tolerance
from inception_analyzer.report.checked import Told, data, document
from inception_analyzer.report.gated import annotations, comment, junit, metrics
from inception_analyzer.report.markdown import render

ACCEPT = "inception-analyze check --update"
# What is printable is neither control nor separator, a blank aside; asked for so, nothing has to be thrown away.
PRINTABLE = st.characters(exclude_categories=("C", "Z"), include_characters=" ")
NAMES = st.text(PRINTABLE, min_size=1, max_size=200)
COUNTS = st.integers(0, 2**60)
TOTALS = st.fixed_dictionaries(dict.fromkeys(METRICS, COUNTS))
PARTS = st.fixed_dictionaries({"macs": COUNTS, "activations": COUNTS})
MODELS = st.builds(lambda name, totals, layers: Model(name, name, totals, layers), NAMES, TOTALS, st.dictionaries(NAMES, PARTS))


def told(before: Baseline, now: list[Model], *rules: Rule, ratchet: bool = False) -> Told:
    known = from_text(to_text(before), "costs.json")
    found = check(known, now, Rules(rules, ratchet=ratchet), date(2026, 11, 20))
    return Told(found, "costs.json", ACCEPT, known, tuple(now))


def grown(models: int, layers: int = 1, name: str = "model", level: Level = "error") -> Told:
    """So many models, of which every figure and layer doubles."""

    def made(number: int, cost: int) -> Model:
        parts = {f"{name}_{number}_{index}.1x1": {"macs": cost, "activations": 1} for index in range(layers)}
        return Model(f"{name}{number:05}", name, dict.fromkeys(METRICS, (number + 1) * cost * max(1, layers)), parts)

    before = [made(number, 10) for number in range(models)]
    return told(of_models(before, ""), [made(number, 20) for number in range(models)], Rule("*", level=level))


@st.composite
def anything(draw: st.DrawFn) -> Told:
    """Checks of whatever models with whatever names."""
    before = draw(st.lists(MODELS, max_size=4, unique_by=lambda model: model.name))
    now = draw(st.lists(MODELS, max_size=3, unique_by=lambda model: model.name))
    again = [Model(one.name, one.expression, draw(TOTALS), one.layers) for one in before[:2]]
    now = [*again, *(one for one in now if one.name not in {other.name for other in again})]
    levels: st.SearchStrategy[Level] = st.sampled_from(("error", "warn"))
    rule = Rule("*", tolerance=draw(st.none() | st.just(Tolerance(0.5))), level=draw(levels))
    return told(of_models(before, ""), now, rule, ratchet=draw(st.booleans()))


@given(anything())
def test_every_form_can_be_written_of_every_check(found: Told) -> None:
    assert comment.comment(found).startswith(f"{comment.MARKER}\n### Cost check ")
    assert len(comment.comment(found)) <= 65_536
    assert render(document(found))
    assert data(found)["status"] == found.checked.status
    assert len(annotations.commands(found, "costs.json")) <= 10
    root = ElementTree.fromstring(junit.junit(found))
    assert int(root.attrib["failures"]) == len(found.checked.breaches)
    assert metrics.metrics(found).endswith("# EOF\n")


@given(anything())
def test_tables_keep_their_columns_whatever_names_hold(found: Told) -> None:
    rows = [line for line in comment.summary(found).split("\n") if line.startswith("|")]
    for row in rows:
        assert len(re.findall(r"(?<!\\)(?:\\\\)*\|", row)) in (5, 8)


@pytest.mark.parametrize(("models", "layers"), [(1, 1), (40, 3), (3, 4000), (400, 20), (3000, 1)])
def test_a_comment_fits_whatever_there_is_to_tell(models: int, layers: int) -> None:
    text = comment.comment(grown(models, layers, "m" * 40))
    assert len(text) <= 60_000
    assert text.split("\n")[1].startswith("### Cost check failed: ")
    assert text.count("<details>") == text.count("</details>")
    assert ACCEPT in text


def test_whole_details_are_left_out_from_the_end_with_a_line_that_says_so() -> None:
    found = grown(3, 600)
    whole = comment.summary(found)
    assert whole.count("All blocks of") == 3
    cut = comment.summary(found, len(whole.encode()) - 1)
    assert cut.count("All blocks of") == 2
    assert "\n\n1 part left out for want of room: `--format json` has them.\n\n" in cut
    assert cut.count("<details>") == cut.count("</details>") == 3
    assert "All blocks of model00002" not in cut


def test_where_nothing_fits_the_verdict_stands_alone() -> None:
    text = comment.summary(grown(60, 3, "n" * 100), 2048)
    assert text.startswith("### Cost check failed: ")
    assert text.endswith("The rest is left out for want of room: `--format json` has it.\n")
    assert len(text.encode()) <= 2048


def test_a_passing_check_is_a_title_and_a_line() -> None:
    model = Model("v3", "v3", {"macs": 5})
    lines = comment.comment(told(of_models([model], ""), [model])).splitlines()
    assert lines[:3] == [comment.MARKER, "### Cost check passed: nothing changed", ""]
    assert lines[3].startswith("<sub>1 network, 1 limit, counted exactly · baseline costs.json")
    assert len(lines) == 4


def test_amounts_that_differ_never_look_equal() -> None:
    before, now = Model("v3", "v3", {"macs": 5_713_216_096}), Model("v3", "v3", {"macs": 5_713_216_097})
    text = comment.comment(told(of_models([before], ""), [now]))
    assert "| 5.713216096\u00a0G | **5.713216097\u00a0G** |" in text


def timed(value: float, low: float, high: float) -> Model:
    times = {"latency.forward": value, "latency.forward.low": low, "latency.forward.high": high}
    return Model("v3", "v3", {"macs": 5, **times})


def test_layers_are_told_of_quantities_that_do_not_add_up() -> None:
    def made(depth: int, *paths: str) -> Model:
        return Model("v3", "v3", {"depth": depth}, {path: {"activations": 1} for path in paths})

    found = told(of_models([made(2, "a", "b")], ""), [made(4, "a", "b", "c", "d")])
    text = comment.comment(found)
    assert "**Where:** v3. Layers on longest path: `c` new, 1, `d` new, 1." in text
    assert "All blocks" not in text
    assert "in c, d" in annotations.commands(found, "x")[0]
    shown = render(document(found))
    assert "c |" in shown
    assert "50" not in shown


def test_saved_bytes_are_told_in_bytes() -> None:
    before, now = (Model("v3", "v3", {"saved_bytes": cost}, {"a.1": {"saved_bytes": cost}}) for cost in (2**20, 3 * 2**20))
    found = told(of_models([before], ""), [now])
    assert "+2.00 MiB" in render(document(found)).replace("\u00a0", " ")
    assert "a.1: 1.00 MiB → 3.00 MiB" in junit.junit(found)


LATENCY = Rule("latency.*", tolerance=Tolerance(0.1))


def test_what_was_measured_has_its_ends_and_is_not_called_counted() -> None:
    found = told(of_models([timed(1, 0.99, 1.01)], ""), [timed(1.5, 1.4, 1.6)], LATENCY)
    text = comment.comment(found)
    assert "**+50.0 %, 1.50× \\[1.40, 1.60\\]**" in text.replace("\u00a0", " ")
    assert "counts exact and the rest measured" in text
    assert "counts exact and the rest measured" in document(found).conditions
    assert "counted exactly" not in text + document(found).conditions


def test_what_could_not_be_told_says_why() -> None:
    found = told(of_models([timed(1, 0.9, 1.1)], ""), [timed(1.1, 1.0, 1.2)], LATENCY)
    text = comment.comment(found)
    assert "\n\n- v3 time, forward: its interval holds both more and less than it may grow\n\n" in text
    assert "| ? inconclusive | v3 | time, forward |" in text
    model = Model("v3", "v3", {"macs": 5})
    text = comment.comment(told(of_models([model], ""), [model], Rule("peak.step", budget=1)))
    assert "- v3 peak memory, step: not measured" in text
    assert "| - skipped | v3 | peak memory, step |" in text
    assert "counted exactly" in text


def test_many_remarks_are_folded() -> None:
    models = [Model(f"v{number}", "v3", {"macs": 5}, notes={"peak.step": f"no sensor {number}"}) for number in range(60)]
    text = comment.comment(told(of_models(models, ""), models, Rule("peak.step", budget=1)))
    assert "<details><summary>60 remarks: waivers, doubts, reasons</summary>" in text
    assert "- v7 peak memory, step: no sensor 7\n" in text
    assert "- 10 more: `--format json` has the rest.\n" in text


def test_a_remark_about_many_names_a_few() -> None:
    models = [Model(f"v{number}", "v3", {"macs": 5}) for number in range(9)]
    text = comment.comment(told(of_models(models, ""), models, Rule("peak.step", budget=1)))
    assert "- v0 peak memory, step, v1 peak memory, step, v2 peak memory, step and 6 more: not measured" in text


def test_annotations_are_ten_and_the_last_one_counts_the_rest() -> None:
    found = annotations.commands(grown(3), "costs.json")
    assert len(found) == 10
    assert found[0].startswith("::error file=costs.json,line=")
    assert found[-1] == "::error file=costs.json,title=inception-analyze check::and 15 more; the log has them all"
    assert len(annotations.commands(grown(1), "costs.json")) == 8


def test_warnings_are_annotated_as_such_and_failures_go_first() -> None:
    assert {line.split(" ")[0] for line in annotations.commands(grown(1, level="warn"), "x")} == {"::warning"}
    before, now = (Model("v3", "v3", {"macs": cost, "params": cost}) for cost in (1, 2))
    both = annotations.commands(told(of_models([before], ""), [now], Rule("macs", level="warn")), "x")
    assert [line.split(" ")[0] for line in both] == ["::error", "::warning"]


def test_commands_are_escaped_as_the_runner_reads_them() -> None:
    made = annotations.command("error", "100 %\r\n::stop-commands::x", "a,b:c%.json", 3)
    head, text = made.split("::")[1], made.split("::", 2)[2]
    assert head == "error file=a%2Cb%3Ac%25.json,line=3,title=inception-analyze check"
    assert text == "100 %25%0D%0A::stop-commands::x"
    assert "\n" not in made


def test_junit_tells_got_limit_and_how_to_accept() -> None:
    root = ElementTree.fromstring(junit.junit(grown(2)))
    assert root.attrib["tests"] == "16"
    case = root.find(".//testcase[@name='macs']")
    assert case is not None
    assert case.attrib["classname"] == "model00000"
    failure = case.find("failure")
    assert failure is not None
    assert failure.text is not None
    assert failure.text.splitlines()[:3] == ["baseline 10", "now 20", "limit +0 %"]
    assert failure.text.endswith(f"to accept: {ACCEPT}")


def test_junit_skips_what_nobody_measured() -> None:
    before, now = Model("v3", "v3", {"latency.forward": 0.1}), Model("v3", "v3", {})
    found = told(of_models([before], ""), [now], Rule("latency.*", tolerance=Tolerance(0.03)))
    root = ElementTree.fromstring(junit.junit(found))
    assert (root.attrib["skipped"], root.attrib["failures"]) == ("1", "0")


@given(anything())
def test_gitlab_reads_every_line_as_a_name_and_a_number(found: Told) -> None:
    """As its reader does: comments cut off, then words as a shell splits them."""
    lines = [re.sub(r"#.*$", "", line) for line in metrics.metrics(found).split("\n")]
    words = [shlex.split(line) for line in lines if line.strip()]
    assert all(len(pair) == 2 and float(pair[1]) >= 0 for pair in words)


def test_measured_metrics_are_told_in_their_units() -> None:
    model = Model("v3", "v3", {"latency.train-step": 0.25, "peak.forward": 3, "energy.forward": 0.5})
    text = metrics.metrics(told(of_models([model], ""), [model], Rule("*", tolerance=Tolerance(0.03))))
    assert 'inception_latency_train_step_seconds{model="v3"} 0.25' in text
    assert 'inception_peak_forward_bytes{model="v3"} 3' in text
    assert 'inception_energy_forward_joules{model="v3"} 0.5' in text


def test_a_check_that_could_not_be_made_stands_in_the_same_places() -> None:
    error = AnalyzerError("there is no baseline a|b.json", ("instead", "an <update>"))
    assert comment.problem_comment(error).startswith(
        f"{comment.MARKER}\n### Cost check undecided: there is no baseline a\\|b.json\n"
    )
    assert "an \\<update\\>" in comment.problem_comment(error)
    assert ElementTree.fromstring(junit.problem(error)).attrib["errors"] == "1"
    assert annotations.of_error(error, "x").startswith("::error file=x,")
    assert metrics.problem() == "# EOF\n"
