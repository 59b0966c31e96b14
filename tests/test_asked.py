"""What a measurement is asked for: phases, batches, budgets and margins, read strictly."""

from __future__ import annotations

import pytest

from inception_analyzer import AnalyzerError
from inception_analyzer.asked import PHASES, Asked, parse_batches, parse_phases, parse_seconds, parse_share
from inception_analyzer.timings import Setup


@pytest.mark.parametrize(
    ("text", "seconds"), [("30s", 30), ("45", 45), ("2m", 120), ("1.5min", 90), ("1h", 3600), ("500ms", 0.5), (" 10 S ", 10)]
)
def test_times(text: str, seconds: float) -> None:
    assert parse_seconds(text) == seconds


@pytest.mark.parametrize("text", ["", "0", "0s", "-1s", "1d", "s", "1e9", "nan", "25h", "1 2s"])
def test_what_is_no_time(text: str) -> None:
    with pytest.raises(AnalyzerError, match="is not a time"):
        parse_seconds(text)


@pytest.mark.parametrize(("text", "share"), [("2%", 0.02), ("0.02", 0.02), ("1 %", 0.01), ("5.5%", 0.055)])
def test_margins(text: str, share: float) -> None:
    assert parse_share(text) == pytest.approx(share)


@pytest.mark.parametrize("text", ["", "0.5%", "0.005", "0", "100%", "-1%", "two"])
def test_margins_that_cannot_be_told(text: str) -> None:
    with pytest.raises(AnalyzerError, match="no margin that can be told") as caught:
        parse_share(text)
    assert "0.5 %" in caught.value.facts[0][1]


def test_closer_margins_need_processes() -> None:
    assert parse_share("0.2%", processes=5) == pytest.approx(0.002)
    assert parse_share("0.6%", processes=2) == pytest.approx(0.006)
    for text, processes in (("0.2%", 4), ("0.5%", 1), ("0%", 5), ("100%", 5)):
        with pytest.raises(AnalyzerError, match="no margin that can be told") as caught:
            parse_share(text, processes)
        assert "--processes 5" in caught.value.facts[1][1]


def test_phases_come_in_their_own_order() -> None:
    assert parse_phases("train-step, forward") == ("forward", "train-step")
    assert parse_phases("all") == PHASES
    with pytest.raises(AnalyzerError, match="no phase is called 'sleep'"):
        parse_phases("forward,sleep")


@pytest.mark.parametrize("text", ["", "0", "1,", "-1", "x", "65537", "1.5"])
def test_what_are_no_batches(text: str) -> None:
    with pytest.raises(AnalyzerError, match="is not a list of batches"):
        parse_batches(text)


def test_the_budget_is_shared_by_phases_and_batches() -> None:
    setups = Asked(Setup(budget=60.0), ("forward", "backward"), (1, 32, 64)).setups()
    assert [(setup.phase, setup.batch) for setup in setups] == [(p, b) for p in ("forward", "backward") for b in (1, 32, 64)]
    assert {setup.budget for setup in setups} == {10.0}


def test_training_needs_two_images_where_nobody_says_how_many() -> None:
    setups = Asked(Setup(), ("forward", "train-step"), ()).setups()
    assert [setup.batch for setup in setups] == [1, 2]
