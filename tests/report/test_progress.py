"""The line that says how far a measurement is: what it tells, that it fits, and where it stays away."""

from __future__ import annotations

import io
import os
import re
from dataclasses import replace
from types import SimpleNamespace

import pytest

from inception_analyzer.report import progress
from inception_analyzer.report.progress import ERASE, Watch, Whole
from inception_analyzer.stats import Interval
from inception_analyzer.timings import Progress

MIDDLE = Progress("train-step", 8, 32, 35.4, Interval(2.716, 2.62, 2.83), ("v1", "v3"))


class Terminal(io.StringIO):
    """An error stream that somebody looks at."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True

    def shown(self) -> str:
        return self.getvalue().rpartition(ERASE)[2]


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    made = Terminal()
    monkeypatch.setattr(progress, "sys", SimpleNamespace(stderr=made))  # pytest takes the real one back before each call
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(progress, "EVERY", 0.0)
    return made


def test_it_tells_what_runs_how_far_it_is_and_the_time_left(terminal: Terminal) -> None:
    Watch(["v1", "v3"]).round(MIDDLE)
    assert terminal.shown() == "timing v1, v3, train-step  ━━────────  8 of 32  2.72x [2.62, 2.83]  0:35 left"


def test_what_follows_the_rounds_is_time_left_too(terminal: Terminal) -> None:
    watch = Watch(["v1"], later=60.0)
    watch.round(Progress("forward", 0, 0, 9.0))
    assert terminal.shown() == "timing v1, forward  getting ready  1:09 left"
    watch.process(2, 5, 10.0)(Progress("forward", 1, 8, 9.0))
    assert terminal.shown().startswith("timing v1, process 2 of 5, forward  ━─────────  1 of 8")
    assert terminal.shown().endswith("0:39 left")


def test_without_names_somebody_else_knows_the_time(terminal: Terminal) -> None:
    Watch([]).round(MIDDLE)
    assert "left" not in terminal.shown()


def of_whole(seconds: tuple[float, ...], number: int, title: str) -> Whole:
    whole = Whole()
    whole.seconds = seconds
    whole.announce(title, number, len(seconds))
    return whole


def test_a_whole_tells_its_step_what_runs_the_estimate_and_the_time_left_of_all_of_it(terminal: Terminal) -> None:
    with of_whole((0.0, 40.0, 60.0, 20.0), 2, "C") as whole:
        assert terminal.shown() == "━━────────  2/4  C  2:00 left"
        whole.round(MIDDLE)
        assert terminal.shown() == "━━────────  2/4  C: v3 against v1  round 8/32  2.72x [2.62, 2.83]  2:00 left"
        whole.round(Progress("forward", 0, 0, 55.0, names=("operation: dense", "operation: CSR, 90 %", "v1")))
        assert terminal.shown() == "━━────────  2/4  C: dense, CSR, 90 %, v1  getting ready  2:15 left"
        assert not re.search(r" ,|: {2}", terminal.getvalue())
    assert terminal.shown() == ""


def test_a_step_that_takes_longer_than_it_may_leaves_the_rest(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = of_whole((10.0, 20.0), 1, "Measured")
    monkeypatch.setattr(whole, "begun", whole.begun - 500)
    whole.round(Progress("forward", 1, 8, 3.0, names=("v1",)))
    assert terminal.shown().endswith("round 1/8  0:23 left")


def test_a_whole_without_a_clock_tells_no_time(terminal: Terminal) -> None:
    of_whole((0.0, 0.0), 2, "Claims")
    assert terminal.shown() == "━━━━━─────  2/2  Claims"


def test_a_whole_is_a_line_for_each_step_in_a_log(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terminal, "isatty", lambda: False)
    with of_whole((0.0, 9.0), 2, "Claims") as whole:
        whole.round(MIDDLE)
    assert terminal.getvalue() == "2 of 2  Claims\n"


def test_the_line_of_a_whole_fits_80_columns(terminal: Terminal) -> None:
    whole = of_whole((9999.0,) * 14, 12, "1x7,7x1 in place of 7x7")
    whole.round(replace(MIDDLE, number=128, most=128, names=("7x7 on 149x149, 64 channels", "1x7,7x1 on 149x149, 64 channels")))
    assert len(terminal.shown()) == 79
    assert terminal.shown().startswith("━━━━━━━───  12/14  1x7,7x1")
    assert terminal.shown().endswith("…  round 128/128  2.72x [2.62, 2.83]  499:57 left")


@pytest.mark.parametrize("columns", [30, 60, 80])
def test_long_names_give_way_as_a_wrapped_line_cannot_be_erased(
    columns: int, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(terminal, "fileno", lambda: 2, raising=False)
    monkeypatch.setattr(os, "get_terminal_size", lambda _: os.terminal_size((columns, 24)))
    Watch(["inception-resnet-v2@unfactorized", "inception-v4@unfactorized"]).round(MIDDLE)
    assert len(terminal.shown()) == columns - 1
    assert ("8 of 32" in terminal.shown()) == (columns > 30)


def test_a_terminal_of_ascii_is_told_in_ascii(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terminal, "encoding", "ascii", raising=False)
    Watch(["v1"]).round(MIDDLE)
    assert "==--------" in terminal.shown()


@pytest.mark.parametrize("kind", ["log", "dumb"])
def test_where_nothing_can_be_erased_no_line_changes(kind: str, terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    if kind == "dumb":
        monkeypatch.setenv("TERM", "dumb")
    else:
        monkeypatch.setattr(terminal, "isatty", lambda: False)
    watch = Watch(["v1"])
    watch.round(MIDDLE)
    watch.close()
    assert terminal.getvalue() == ""
