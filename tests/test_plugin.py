"""The pytest plugin as a test suite meets it: limits, budgets, stored costs, readable failures, and torch left asleep."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import entry_points

import pytest
import torch
from torch import nn

from inception_analyzer import AnalyzerError, load
from inception_analyzer.count import count
from inception_analyzer.gates.baseline import model_of
from inception_analyzer.gates.reading import SCHEMA
from inception_analyzer.lab.build import build
from inception_analyzer.testing import assert_cost, cost_of

pytest_plugins = ("pytester",)

PLUGIN = "inception_analyzer.pytest_plugin"
INSTALLED = any(entry.value == PLUGIN for entry in entry_points(group="pytest11"))
LOADED = () if INSTALLED else ("-p", PLUGIN)

TINY = "# input: 3x16x16\ntrunk(conv(8, 3), globalpool(), linear(10))\n"
STORED = "def test_cost(costs):\n    costs.check('tiny.words')\n"


@pytest.fixture
def suite(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A test suite with a network beside it, in which nobody spoke of continuous integration."""
    monkeypatch.delenv("CI", raising=False)
    pytester.makeini("[pytest]\naddopts = --strict-markers --strict-config\nfilterwarnings = error\n")
    (pytester.path / "tiny.words").write_text(TINY)
    return pytester


def ran(suite: pytest.Pytester, *words: str) -> pytest.RunResult:
    return suite.runpytest_inprocess(*LOADED, "-p", "no:cacheprovider", "-p", "no:xdist", *words)


def test_limits_that_hold_and_the_cost_itself() -> None:
    found = assert_cost("v3", macs="<=6G", params="<24M", depth="==48", activations=">1M", saved_bytes="<=100MiB")
    assert found.macs == cost_of("v3").macs == 5713216096
    assert found["params"] == count(load("v3")).cost.params
    assert_cost(load("v1"), macs=found.model.totals["macs"] and cost_of("v1").macs)
    assert cost_of("v3", input=224).macs < found.macs


def test_a_failure_says_what_where_and_how_far() -> None:
    with pytest.raises(AssertionError) as raised:
        assert_cost("v3", macs="<=1.6G", params="<=7M", depth="<=48")
    told = str(raised.value)
    assert "multiply-adds  found 5.713 G, limit <= 1.600 G" in told
    assert "parameters     found 23.835 M, limit <= 7.000 M" in told
    assert "longest path" not in told
    assert "most multiply-adds are in" in told
    assert max(map(len, told.splitlines())) <= 80


def test_saved_bytes_are_told_by_layer() -> None:
    with pytest.raises(AssertionError, match="most bytes saved for backward are in") as raised:
        assert_cost("v1", saved_bytes="<=1MiB")
    lines = str(raised.value).splitlines()
    assert lines[3].split()[:3] == ["norm2", "9.24", "MiB"]
    assert max(map(len, lines)) <= 80


@pytest.mark.parametrize(
    ("asked", "told"),
    [({}, "no limit"), ({"mac": "<=1"}, "no metric"), ({"macs": "1G"}, "no limit for macs"), ({"macs": "<=tall"}, "no amount")],
)
def test_limits_that_make_no_sense(asked: dict[str, str], told: str) -> None:
    with pytest.raises(AnalyzerError, match=told):
        assert_cost("v3", **asked)


def test_what_is_no_model() -> None:
    with pytest.raises(AnalyzerError, match="nothing is known of the cost of int"):
        assert_cost(3, macs="<=1")
    with pytest.raises(AnalyzerError, match="says nothing of its input"):
        assert_cost(nn.Linear(2, 3), macs="<=6")


@pytest.mark.parametrize("name", ["v1", "resnet50"])
def test_a_module_is_counted_as_the_network_that_it_is(name: str) -> None:
    """By torch's counters on shapes; heads and depth are no matter of a module."""
    network = load(name)
    by_hand = model_of(name, name, count(network))
    module = build(network, device="cpu")
    before = [one.device.type for one in module.parameters()]
    found = cost_of(module, input=(3, 224, 224)).model
    for metric in ("params", "macs", "macs_backward", "activations", "saved_bytes"):
        assert found.totals[metric] == by_hand.totals[metric], metric
    assert [one.device.type for one in module.parameters()] == before
    assert all(found.layers[path]["macs"] == values["macs"] for path, values in by_hand.layers.items() if values.get("macs"))


def test_modules_of_other_kinds() -> None:
    shared = nn.Linear(8, 8, bias=False)
    twice = nn.Sequential(shared, nn.ReLU(), shared)
    assert_cost(twice, input=torch.empty(4, 8), params=64, macs=2 * 4 * 64)

    class Product(nn.Module):
        def forward(self, one: torch.Tensor) -> torch.Tensor:
            return torch.bmm(one, one)

    found = cost_of(Product(), input=torch.empty(2, 8, 8))
    assert found.macs == 2 * 8**3
    with pytest.raises(AnalyzerError, match="macs_backward of Product is not known"):
        assert_cost(Product(), input=torch.empty(2, 8, 8), macs_backward="<=1")

    class Chooser(nn.Module):
        def forward(self, one: torch.Tensor) -> torch.Tensor:
            return one if one.sum().item() > 0 else -one

    with pytest.raises(AnalyzerError, match="cannot be counted on shapes alone"):
        cost_of(Chooser(), input=(3, 8, 8))


def test_a_budget_of_a_test(suite: pytest.Pytester) -> None:
    suite.makepyfile(
        """
        import pytest

        @pytest.mark.cost_budget(model='v3', macs='<=6G')
        def test_within():
            pass

        @pytest.mark.cost_budget('tiny.words', params='<=10')
        def test_beyond():
            raise RuntimeError('never run')

        @pytest.mark.cost_budget('v3', mac='<=10')
        def test_misspelt():
            pass

        @pytest.mark.cost_budget(macs='<=10')
        def test_of_nothing():
            pass
        """
    )
    found = ran(suite)
    found.assert_outcomes(passed=1, failed=3)
    found.stdout.fnmatch_lines_random(
        ["*parameters  found *, limit <= 10*", "*no metric is called 'mac'*", "*names no models*"]
    )
    found.stdout.no_fnmatch_line("*never run*")


def test_the_fixture_finds_files_beside_the_test(suite: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    suite.makepyfile("def test_cost(cost_of):\n    assert cost_of('tiny.words').macs == 16 * 16 * 27 * 8 + 80\n")
    monkeypatch.chdir(suite.mkdir("elsewhere"))
    ran(suite, str(suite.path)).assert_outcomes(passed=1)


def test_stored_costs_from_first_to_last(suite: pytest.Pytester) -> None:
    test = suite.makepyfile(STORED)
    stored = test.with_suffix(".costs.json")
    found = ran(suite)
    found.assert_outcomes(failed=1)
    found.stdout.fnmatch_lines(["*no costs of tiny.words are stored*pytest --update-costs*"])
    assert not stored.exists()
    ran(suite, "--update-costs").assert_outcomes(passed=1)
    before = stored.read_text()
    ran(suite).assert_outcomes(passed=1)
    (suite.path / "tiny.words").write_text(TINY.replace("8, 3", "9, 3"))
    found = ran(suite)
    found.assert_outcomes(failed=1)
    found.stdout.fnmatch_lines(["*multiply-adds *->*+12.* %*", "*where the *", "*if that is meant: pytest --update-costs*"])
    assert stored.read_text() == before
    ran(suite, "--update-costs").assert_outcomes(passed=1)
    ran(suite).assert_outcomes(passed=1)
    (suite.path / "tiny.words").write_text(TINY)
    ran(suite).assert_outcomes(passed=1)  # cheaper is no failure


def test_a_tolerance_of_stored_costs(suite: pytest.Pytester) -> None:
    suite.makepyfile(STORED.replace("'tiny.words'", "'tiny.words', **{'*': '20%'}"))
    ran(suite, "--update-costs").assert_outcomes(passed=1)
    (suite.path / "tiny.words").write_text(TINY.replace("8, 3", "9, 3"))
    ran(suite).assert_outcomes(passed=1)


def test_two_models_of_one_name(suite: pytest.Pytester) -> None:
    suite.makepyfile("def test_cost(costs):\n    costs.check('v3', name='it')\n    costs.check('v1', name='it')\n")
    found = ran(suite, "--update-costs")
    found.assert_outcomes(failed=1)
    found.stdout.fnmatch_lines(["*two models are called it*"])


def test_a_stored_file_that_was_spoilt(suite: pytest.Pytester) -> None:
    test = suite.makepyfile(STORED)
    test.with_suffix(".costs.json").write_text("<<<<<<< ours\n")
    found = ran(suite)
    found.assert_outcomes(failed=1)
    found.stdout.fnmatch_lines(["*a merge left both sides there*"])


def stored(suite: pytest.Pytester, spoil: Callable[[str], str]) -> pytest.RunResult:
    """Stored costs that somebody spoilt, and the run that meets them."""
    file = suite.makepyfile(STORED).with_suffix(".costs.json")
    ran(suite, "--update-costs").assert_outcomes(passed=1)
    file.write_text(spoil(file.read_text()))
    return ran(suite)


def test_a_stored_metric_that_is_gone_is_no_pass(suite: pytest.Pytester) -> None:
    found = stored(suite, lambda text: re.sub(r'("expression".*)"macs": \d+, ', r"\1", text))
    found.assert_outcomes(failed=1)
    found.stdout.fnmatch_lines(
        [
            "*tiny.words cannot be compared with what *.costs.json says",
            "*multiply-adds  not stored, now *",
            "*pytest --update-costs*",
        ]
    )
    ran(suite, "--update-costs").assert_outcomes(passed=1)
    ran(suite).assert_outcomes(passed=1)


def test_a_metric_that_is_not_counted_any_more_is_no_pass(suite: pytest.Pytester) -> None:
    suite.makepyfile(
        """
        import torch

        def test_cost(costs, request):
            module = torch.nn.Sequential(torch.nn.Conv2d(3, 4, 3), torch.nn.BatchNorm2d(4, affine=False))
            now = module[:1] if request.config.option.update_costs else module  # which has one value to train with
            costs.check(now, input=(3, 3, 3), name="it")
        """
    )
    ran(suite, "--update-costs").assert_outcomes(passed=1)
    found = ran(suite)
    found.assert_outcomes(failed=1)
    found.stdout.fnmatch_lines(["*bytes saved for backward  * stored, now not counted"])


@pytest.mark.parametrize(
    "spoil", [lambda text: text[:200], lambda text: text[:0], lambda text: text.replace("paper-mac/1", "paper-mac/0")]
)
def test_stored_costs_that_cannot_be_read_have_a_way_out(suite: pytest.Pytester, spoil: Callable[[str], str]) -> None:
    found = stored(suite, spoil)
    found.assert_outcomes(failed=1)
    found.stdout.fnmatch_lines(["*pytest --update-costs*"])
    found.stdout.no_fnmatch_line("*inception-analyze check*")
    ran(suite, "--update-costs").assert_outcomes(passed=1)
    ran(suite).assert_outcomes(passed=1)


def test_stored_costs_of_a_newer_program_stay(suite: pytest.Pytester) -> None:
    found = stored(suite, lambda text: text.replace(f'"schema": {SCHEMA}', '"schema": 99'))
    found.stdout.fnmatch_lines(["*its schema is 99*"])
    ran(suite, "--update-costs").assert_outcomes(failed=1)


def test_a_clock_is_no_matter_of_a_test(suite: pytest.Pytester) -> None:
    suite.makepyfile(STORED.replace("'tiny.words'", "'tiny.words', **{'latency.forward': '3%'}"))
    found = ran(suite, "--update-costs")
    found.assert_outcomes(failed=1)
    found.stdout.fnmatch_lines(["*latency.forward is measured, and a test counts*"])


def test_a_failure_is_told_once_and_without_our_own_lines(suite: pytest.Pytester) -> None:
    suite.makepyfile(
        """
        import pytest
        from inception_analyzer.testing import assert_cost

        @pytest.mark.cost_budget('v3', macs='<=1G')
        def test_beyond():
            pass

        def test_misspelt():
            assert_cost('v3', mac='<=10')

        def test_no_file():
            assert_cost('none.words', macs='<=10')

        def test_no_name(cost_of):
            assert cost_of('v33').macs

        def test_no_model(costs):
            costs.check(3)
        """
    )
    found = ran(suite)
    found.assert_outcomes(failed=5)
    text = found.stdout.str()
    assert text.count("v3 does not cost what it should") == 1
    assert "During handling" not in text
    assert "direct cause" not in text
    for ours in ("limits.py", "subjects.py", "costs.py", "stored.py", "expressions.py", "pytest_plugin.py"):
        assert ours not in text, ours


@pytest.mark.parametrize("words", [("--update-costs",)])
def test_nothing_is_stored_in_continuous_integration(
    suite: pytest.Pytester, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    test = suite.makepyfile(STORED)
    monkeypatch.setenv("CI", "true")
    found = ran(suite, *words)
    assert found.ret == pytest.ExitCode.USAGE_ERROR
    found.stderr.fnmatch_lines(["*CI is set*"])
    assert not test.with_suffix(".costs.json").exists()


def test_the_plugin_wakes_nobody() -> None:
    """Neither when it is loaded nor when names and files are counted."""
    guests = "sorted({'torch', 'rich', 'typer', 'pandas', 'numpy'} & set(sys.modules))"
    ask = f"import sys, {PLUGIN}; from inception_analyzer import testing; import inception_analyzer.testing.stored\n"
    ask += f"testing.assert_cost('v3', macs='<=6G'); print(*{guests})"
    done = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
