"""A comparison in fresh processes: orders, what goes between processes, what is left when some of them fail or are stopped."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from math import exp, inf, log
from pathlib import Path
from typing import Any

import pytest

from inception_analyzer import AnalyzerError, load
from inception_analyzer.__main__ import run
from inception_analyzer.lab import fresh, processes
from inception_analyzer.lab.child import answered
from inception_analyzer.lab.measure import Entrant
from inception_analyzer.lab.processes import Ended, Turn, combined, repeat, turns
from inception_analyzer.lab.wire import from_line, to_line
from inception_analyzer.stats import Interval
from inception_analyzer.timings import Against, Failure, Measurement, Reading, Sample, Sensed, Setup

V1, OTHER = load("v1"), load("v1@split-stem")
PAIR = [Entrant(V1, V1.input), Entrant(OTHER, OTHER.input)]


# The orders.


@pytest.mark.parametrize("count", [2, 3, 5, 8])
@pytest.mark.parametrize("networks", [2, 3, 5])
def test_each_two_networks_change_places_in_half_of_the_processes(count: int, networks: int) -> None:
    for seed in range(20):
        orders = [turn.order for turn in turns(seed, count, networks)]
        assert all(sorted(order) == list(range(networks)) for order in orders)
        for one in range(networks):
            for other in range(one):
                before = sum(order.index(one) < order.index(other) for order in orders)
                assert abs(2 * before - count) <= count % 2


def test_which_process_has_which_order_is_chance_and_the_seeds() -> None:
    first = [turns(seed, 4, 2)[0].order for seed in range(40)]
    assert {(0, 1), (1, 0)} == set(first)
    assert turns(7, 5, 2) == turns(7, 5, 2) != turns(8, 5, 2)
    assert len({turn.seed for turn in turns(7, 5, 2)}) == 5


# What goes between processes.


@pytest.mark.parametrize("name", ["v1", "v3@unfactorized", "ir2", "alexnet", "googlenet-separable"])
def test_networks_and_rows_arrive_as_they_were_sent(name: str) -> None:
    network = load(name)
    sent = Entrant(network, network.input)
    got = from_line(to_line(sent))
    assert got == sent
    assert got.network.label == network.label
    setup = Setup(phase="backward", seed=2**32 - 1, budget=0.1 + 0.2)
    against = Against(Interval(1.1, -inf, inf), inf, "INCONCLUSIVE", None)
    rows = (
        Measurement(Sample(name, setup, (0.1, 1 / 3), 5, 20), against, 3, "budget", 1.5, ("held up",)),
        Failure(name, setup, "no"),
    )
    assert from_line(to_line(rows)) == rows


# Combining, on rows of our own making.


def measured(name: str, setup: Setup, seconds: Sequence[float], doubts: tuple[str, ...] = ()) -> Measurement:
    return Measurement(Sample(name, setup, tuple(seconds), 1, 20), None, 3, "looks", 1.0, doubts)


def ended(
    number: int, *seconds: Sequence[float] | str, order: tuple[int, ...] = (0, 1), reason: str = "", **more: Any
) -> Ended:
    """One process that saw these seconds of each network; a text is why a network failed."""
    seen = {}
    for which, each in enumerate(seconds):
        name = PAIR[which].network.label
        row = Failure(name, Setup(), each) if isinstance(each, str) else measured(name, Setup(), each, **more)
        seen[0, which] = row
    return Ended(Turn(number, number, order), seen, reason)


def both(entries: Sequence[Ended], **asked: Any) -> list[Measurement | Failure]:
    return combined(PAIR, [Setup(**asked)], entries)


def test_each_process_gives_one_estimate_and_student_the_interval() -> None:
    ratios = (1.021, 1.024, 1.018, 1.022, 1.020)
    runs = [
        ended(number, [0.1, 0.2, 0.1], [ratio * each for each in (0.1, 0.2, 0.1)]) for number, ratio in enumerate(ratios, 1)
    ]
    reference, other = both(runs)
    assert isinstance(reference, Measurement)
    assert isinstance(other, Measurement)
    assert reference.against is None
    assert [one.ratio for one in other.repeats] == pytest.approx(ratios)
    assert other.against is not None
    assert other.against.verdict == "SLOWER"
    assert other.against.ratio.point == pytest.approx(exp(sum(map(log, ratios)) / 5))
    deviation = 0.0022  # of the five logs; t is 2.776 at four degrees of freedom
    assert other.against.noise == pytest.approx(2.776 * deviation / 5**0.5, rel=0.03)
    assert len(other.sample.seconds) == 15
    assert other.elapsed == 5.0


def test_no_floor_is_added_and_a_margin_below_it_can_be_asked_for() -> None:
    ratios = (1.0004, 0.9997, 1.0001, 0.9999, 1.0002)
    runs = [ended(number, [0.1] * 3, [0.1 * ratio] * 3) for number, ratio in enumerate(ratios, 1)]
    _, other = both(runs, within=0.002)
    assert isinstance(other, Measurement)
    assert other.against is not None
    assert other.against.verdict == "SAME"
    assert other.against.ratio.high < 1.001


def test_the_reference_is_the_reference_wherever_it_is_built() -> None:
    runs = [ended(1, [0.1] * 3, [0.2] * 3), ended(2, [0.1] * 3, [0.2] * 3, order=(1, 0))]
    _, other = both(runs)
    assert isinstance(other, Measurement)
    assert [(one.place, one.ratio) for one in other.repeats] == [(1, pytest.approx(2.0)), (0, pytest.approx(2.0))]


def test_one_process_alone_decides_nothing() -> None:
    _, other = both([ended(1, [0.1] * 3, [0.2] * 3), ended(2, reason="its process was ended by SIGKILL")])
    assert isinstance(other, Measurement)
    assert other.against is not None
    assert other.against.verdict == "INCONCLUSIVE"
    assert "one process alone tells nothing of what processes differ by" in other.doubts
    assert "process 2: its process was ended by SIGKILL" in other.doubts


def test_a_network_that_fails_everywhere_is_a_failure_and_one_that_fails_once_a_doubt() -> None:
    runs = [ended(1, [0.1] * 3, "out of memory"), ended(2, [0.1] * 3, "out of memory")]
    assert [type(row) for row in both(runs)] == [Measurement, Failure]
    runs.append(ended(3, [0.1] * 3, [0.2] * 3))
    _, other = both(runs)
    assert isinstance(other, Measurement)
    assert "process 1: out of memory, and alike in 1 more of 3" in other.doubts


def test_doubts_that_differ_in_numbers_only_are_told_once() -> None:
    runs = [ended(n, [0.1] * 3, [0.2] * 3, doubts=(f"drifted by +{6 + n} % from here", f"odd {'x' * n}")) for n in (1, 2, 3)]
    _, other = both(runs)
    assert isinstance(other, Measurement)
    assert other.doubts[0] == "process 1: drifted by +7 % from here, and alike in 2 more of 3"
    assert len(other.doubts) == 4


def test_where_the_reference_fails_the_next_takes_its_place() -> None:
    failed, other = both([ended(n, "out of memory", [0.2] * 3) for n in (1, 2)])
    assert isinstance(failed, Failure)
    assert isinstance(other, Measurement)
    assert other.against is None


def test_when_all_processes_break_down_each_network_has_the_reason() -> None:
    rows = both([ended(1, reason="no room"), ended(2, reason="no room")])
    assert [row.reason for row in rows if isinstance(row, Failure)] == ["no room", "no room"]
    assert both([]) == []


# Asking for them.


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[int], Iterator[Any]]], list[Any]]:
    """Processes that answer what they are told, and what each was asked for."""

    def tell(answer: Callable[[int], Iterator[Any]]) -> list[Any]:
        asked: list[Any] = []

        def ask(task: str, entrants: list[Entrant], setups: list[Setup], heard: object = None) -> Iterator[Any]:  # noqa: ARG001
            asked.append((entrants, setups))
            for name in (one.network.label for one in entrants):
                yield from (measured(name, setup, [0.1] * 8) for setup in setups)
            yield from answer(len(asked))

        monkeypatch.setattr(processes, "ask", ask)
        return asked

    return tell


def test_processes_share_the_budget_and_wait_with_verdicts(told: Any) -> None:
    asked = told(lambda _: iter(()))
    found: list[Ended] = []
    setups = [Setup(budget=30.0, seed=5, within=0.002), Setup(phase="backward", budget=30.0, seed=5, within=0.002)]
    repeat(PAIR, setups, 5, found.append)
    assert len(asked) == len(found) == 5
    for (entrants, here), one in zip(asked, found, strict=True):
        assert [entrant.network.label for entrant in entrants] == [PAIR[which].network.label for which in one.turn.order]
        assert all((setup.budget, setup.seed, setup.fixed) == (6.0, one.turn.seed, True) for setup in here)
        assert one.seen.keys() == {(at, which) for at in (0, 1) for which in (0, 1)}
    assert [row.sample.setup for row in combined(PAIR, setups, found) if isinstance(row, Measurement)] == [
        setup for setup in setups for _ in PAIR
    ]


def test_a_process_that_fails_keeps_what_it_had_said_and_the_others_go_on(told: Any) -> None:
    def second_fails(number: int) -> Iterator[Any]:
        if number == 2:
            raise AnalyzerError("its process was ended by SIGKILL")
        return iter(())

    told(second_fails)
    found: list[Ended] = []
    repeat(PAIR, [Setup()], 3, found.append)
    assert [(one.reason, len(one.seen)) for one in found] == [("", 2), ("its process was ended by SIGKILL", 2), ("", 2)]


def test_an_interruption_keeps_the_processes_before_it(told: Any) -> None:
    def third_is_stopped(number: int) -> Iterator[Any]:
        if number == 3:
            raise KeyboardInterrupt
        return iter(())

    told(third_is_stopped)
    found: list[Ended] = []
    with pytest.raises(KeyboardInterrupt):
        repeat(PAIR, [Setup()], 5, found.append)
    assert len(found) == 3


def test_what_no_process_could_do_is_refused_before_the_first(told: Any) -> None:
    asked = told(lambda _: iter(()))
    with pytest.raises(AnalyzerError, match="only a CUDA device records graphs"):
        repeat(PAIR, [Setup(mode="cuda-graph")], 2, lambda _: None)
    assert asked == []


def test_sensors_tell_the_worst_of_all_processes() -> None:
    def reading(clock: int) -> Reading:
        return Reading(clock, 100.0, 50, (), 0)

    def sensed(first: int, last: int, lowest: int, energy: float, *throttled: str) -> Sensed:
        return Sensed("570", 1980, reading(first), reading(last), lowest, throttled, 0, energy, "counter")

    runs = [ended(1, [0.1] * 3), ended(2, [0.1] * 3)]
    readings = (sensed(1980, 1900, 1890, 2.0, "power"), sensed(1950, 1800, 1780, 4.0, "heat"))
    runs = [
        replace(one, seen={key: replace(row, sensed=found) for key, row in one.seen.items()})
        for one, found in zip(runs, readings, strict=True)
    ]
    (row,) = combined(PAIR[:1], [Setup()], runs)
    assert isinstance(row, Measurement)
    assert row.sensed == Sensed("570", 1980, reading(1980), reading(1800), 1780, ("heat", "power"), 0, 3.0, "counter")


def test_one_network_twice_is_two_networks(told: Any) -> None:
    told(lambda _: iter(()))
    found: list[Ended] = []
    twice = [PAIR[0], PAIR[0]]
    repeat(twice, [Setup()], 2, found.append)
    assert len(combined(twice, [Setup()], found)) == 2


def test_the_child_answers_for_every_network_and_setup() -> None:
    request = from_line(to_line({"task": "measure", "entrants": PAIR[:1], "setups": [Setup(budget=1.0, fixed=True)]}))
    (row,) = answered(request, lambda *_: None)
    assert isinstance(row, Measurement)
    assert row.sample.setup.fixed


# For real.


def test_the_command_repeats_in_processes(capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["measure", "v1", "v1@naive", "--input", "96", "--processes", "2", "--budget", "6s", "--seed", "3", "-f", "json"]
    assert run(asked) == 0
    printed = capsys.readouterr()
    assert "process 2 of 2" in printed.err
    reference, other = json.loads(printed.out)["measurements"]
    assert [one["ratio"] for one in reference["processes"]] == [None, None]
    assert [one["process"] for one in other["processes"]] == [1, 2]
    assert sorted(one["place"] for one in other["processes"]) == [0, 1]
    assert all(one["ratio"] > 2 for one in other["processes"])
    assert other["ratio_low"] < other["ratio"] < other["ratio_high"]
    assert other["samples"] == [second for one in other["processes"] for second in one["samples"]]
    assert len({one["seed"] for one in other["processes"]}) == 2


def test_a_file_of_the_folder_is_no_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As where somebody keeps a `statistics.py` of their own."""
    (tmp_path / "statistics.py").write_text("raise RuntimeError('my own statistics')\n")
    monkeypatch.chdir(tmp_path)
    (row,) = fresh.ask("measure", PAIR[:1], [Setup(budget=20.0, fixed=True)])
    assert isinstance(row, Measurement)


def test_a_child_that_cannot_start_is_told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(fresh, "CHILD", "raise SystemExit('out of luck')")
    assert run(["measure", "v1", "--processes", "2", "--budget", "1s"]) == 4
    assert "out of luck" in capsys.readouterr().out


def children_of(process: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii").split()]


def is_alive(process: int) -> bool:
    try:
        return " Z " not in Path(f"/proc/{process}/stat").read_text(encoding="ascii")
    except OSError:
        return False


CHILDREN = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children")


@pytest.mark.skipif(not CHILDREN.exists(), reason="needs a system that names the children of a process")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_nobody_is_left_behind(how: signal.Signals) -> None:
    """Stopped in the second of many processes: the first is in the answer, and the second is gone with its asker."""
    command = [sys.executable, "-m", "inception_analyzer", "measure", "v1", "--input", "96", "--processes", "9", "-f", "json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=fresh.HOME) as ran:
        assert ran.stderr is not None
        while "process 2 of 9" not in ran.stderr.readline():
            pass
        time.sleep(0.5)
        children = children_of(ran.pid)
        assert len(children) == 1
        os.kill(ran.pid, how)
        out, _ = ran.communicate(timeout=60)
    deadline = time.monotonic() + 60
    while any(map(is_alive, children)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(map(is_alive, children))
    if how == signal.SIGINT:
        assert ran.returncode == 130
        (row,) = json.loads(out)["measurements"]
        assert [one["process"] for one in row["processes"]] == [1]
