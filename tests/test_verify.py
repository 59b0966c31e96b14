"""`verify` and `explain` from outside: verdicts, exit codes, formats, figures, and what is asked in vain."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from inception_analyzer import claims
from inception_analyzer.__main__ import run
from inception_analyzer.claims import CLAIMS, HANDLES, find
from inception_analyzer.cli import judging
from inception_analyzer.errors import AnalyzerError
from inception_analyzer.report.verdicts import tally_text
from inception_analyzer.timings import Setup

COUNTED = ["--no-measure", "--counts-only"]
PAIR, TIMED = "two-3x3-save-28", "factorized-latency-by-grid"


def answer(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> dict[str, Any]:
    assert run([*arguments, "--format", "json"]) == code
    return json.loads(capsys.readouterr().out)


def test_every_claim_is_judged(capsys: pytest.CaptureFixture[str]) -> None:
    found = answer(capsys, "verify", *COUNTED)
    assert [one["id"] for one in found["claims"]] == list(CLAIMS)
    assert sum(found["summary"].values()) == len(CLAIMS)
    assert found["differing"] == []


def test_names_handles_and_globs_find_the_same() -> None:
    assert find([PAIR]) == find([HANDLES[PAIR]]) == find([HANDLES[PAIR].lower()]) == find([f"{PAIR}.formula"])
    assert find([PAIR]) == find([f"{HANDLES[PAIR]}.formula"]) == find([f" {HANDLES[PAIR].lower()}.Formula "])
    assert {HANDLES[one.id][0] for one in find(["A*"])} == {"A"}
    assert {one.id for one in find(["aux*"])} == {"aux-heads-train-only", "aux-gradient-signal"}
    assert find(["*"]) == find([]) == tuple(CLAIMS.values())


@pytest.mark.parametrize(
    ("asked", "handles"),
    [("?2", "A2 B2 C2 D2 E2 F2 G2"), ("[AB]1", "A1 B1"), ("[!a-e]1", "F1 G1"), ("b1?", "B10 B11 B12 B13"), ("C[12]", "C1 C2")],
)
def test_globs_match_handles(asked: str, handles: str) -> None:
    assert [HANDLES[one.id] for one in find([asked])] == handles.split()


@pytest.mark.parametrize("asked", ["A2.formula", f"{PAIR}.formula", "a2.Formula"])
def test_a_narrower_statement_is_explained_alone(asked: str, capsys: pytest.CaptureFixture[str]) -> None:
    (one,) = answer(capsys, "explain", asked, "--counts-only")["claims"]
    assert [check["id"] for check in one["checks"]] == [f"{PAIR}.formula"]


@pytest.mark.parametrize(
    ("asked", "hint"), [("A2.formul", "A2.formula"), ("a2.x", "a2.weights"), (f"{PAIR}.w", f"{PAIR}.formula")]
)
def test_an_unknown_narrower_statement_names_those_there_are(asked: str, hint: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["verify", asked]) == 2
    told = capsys.readouterr().err
    assert f"no statement of A2 is called {asked}" in told
    assert hint in told


@pytest.mark.parametrize("asked", ["two-3x3-save", "Z9", "Z*", "", "[", "two 3x3", "A2.", "?9?"])
def test_nothing_selected_is_no_pass(asked: str) -> None:
    with pytest.raises(AnalyzerError) as caught:
        find([asked])
    assert caught.value.code == 2
    assert caught.value.facts


def test_a_claim_of_time_says_how_to_settle_it(capsys: pytest.CaptureFixture[str]) -> None:
    (one,) = answer(capsys, "verify", TIMED, "--no-measure")["claims"]
    assert one["verdict"] == "undecided"
    assert f"verify {TIMED} --measure" in one["reason"]
    assert answer(capsys, "verify", TIMED, "--no-measure", "--strict", code=3)["summary"]["undecided"] == 1


@pytest.mark.usefixtures("briefly")
def test_measuring_answers_every_question(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["verify", PAIR, "--budget", "40s", "--format", "json"]) == 0
    out, log = capsys.readouterr()
    assert [line.partition("   ")[0] for line in log.splitlines()] == ["timed 3x3,3x3 / 5x5 at 8", "timed 3x3,3x3 / 5x5 at 35"]
    (one,) = json.loads(out)["claims"]
    assert all(row["floor"] > 0 and row["bounds"] for row in one["measured"])
    names = {row["question"] for row in one["measured"]}
    assert names == {question.name for question in CLAIMS[PAIR].asks()}
    assert all(row["n"] >= 8 for row in one["measured"])
    ratios = [row["ratio"] for row in one["measured"] if row["ratio"]]
    assert len(ratios) == len(names)


def test_a_budget_that_fits_nothing_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    (one,) = answer(capsys, "verify", PAIR, "--budget", "0.001ms")["claims"]
    assert {row["error"] is not None and "budget" in row["error"] for row in one["measured"]} == {True}


def test_a_budget_that_was_too_short_says_which_would_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["verify", TIMED, "--budget", "0.001ms"]) == 0
    out, log = capsys.readouterr()
    told = " ".join(out.split())
    assert "still open A12 undecided: The budget was too short for 5x5 on 149: " in told
    assert re.search(rf"inception-analyze verify {TIMED} --budget \d+0s 1 claim", told)
    assert len(log.splitlines()) == len(CLAIMS[TIMED].asks())
    assert all(line.startswith("not timed ") for line in log.splitlines())
    assert "would take about" not in log  # as nothing was timed, nobody knows


def test_what_comes_before_the_clock_is_taken_from_the_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[float] = []

    def no_answer(_: object, setup: Setup, *__: object) -> Iterator[object]:
        seen.append(setup.budget)
        return iter(())

    monkeypatch.setattr("inception_analyzer.lab.answers.answer_all", no_answer)
    monkeypatch.setattr(judging, "_ceilings", lambda _: None)
    now = count(step=4.0)  # seconds between any two looks at the clock
    monkeypatch.setattr(judging, "time", SimpleNamespace(monotonic=lambda: next(now)))
    for asked in ("20s", "6s"):
        assert run(["verify", PAIR, "--budget", asked]) == 0
    assert seen == [16.0, 3.0]


def test_a_differing_verdict_is_told_and_fails(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    changed: Mapping[str, Any] = {**CLAIMS, PAIR: replace(CLAIMS[PAIR], recorded="holds")}
    monkeypatch.setattr(claims, "CLAIMS", changed)
    assert run(["verify", PAIR, *COUNTED]) == 1
    out = capsys.readouterr().out
    assert f"{PAIR} depends, and the record says holds" in out
    assert answer(capsys, "verify", PAIR, *COUNTED, code=1)["differing"][0]["expected_verdict"] == "holds"


@pytest.mark.parametrize("only", ["holds", "undecided"])
def test_what_only_leaves_out_is_guarded_too(
    only: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(claims, "CLAIMS", {**CLAIMS, PAIR: replace(CLAIMS[PAIR], recorded="holds")})
    asked = ["verify", "A1", TIMED, PAIR, *COUNTED, "--only", only]
    assert run(asked) == 1
    out = capsys.readouterr().out
    assert f"{PAIR} depends, and the record says holds" in out
    assert f"why: inception-analyze explain {HANDLES[PAIR]}" in out
    found = answer(capsys, *asked, code=1)
    assert [one["id"] for one in found["differing"]] == [PAIR]
    assert {one["verdict"] for one in found["claims"]} == {only}


def test_a_claim_that_left_the_verdict_asked_for_is_no_wrong_use(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(claims, "CLAIMS", {**CLAIMS, PAIR: replace(CLAIMS[PAIR], recorded="holds")})
    assert run(["verify", PAIR, *COUNTED, "--only", "holds"]) == 1
    out = capsys.readouterr().out
    assert "No claim is judged so." in out
    assert f"{PAIR} depends, and the record says holds" in out


def test_one_claim_that_is_judged_otherwise_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["verify", "A1", *COUNTED, "--only", "depends"]) == 2
    assert f"error: {find(['A1'])[0].id} is judged holds, not depends" in capsys.readouterr().err


def test_what_to_explain_first_has_a_row(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["verify", "A1", "B8", *COUNTED]) == 0
    assert "why: inception-analyze explain B8" in capsys.readouterr().out
    assert run(["verify", "A1", *COUNTED]) == 0
    assert "why: inception-analyze explain A1" in capsys.readouterr().out


def test_only_one_verdict(capsys: pytest.CaptureFixture[str]) -> None:
    found = answer(capsys, "verify", *COUNTED, "--only", "depends")
    assert {one["verdict"] for one in found["claims"]} == {"depends"}


def rows_of(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, str]]:
    assert run([*arguments, "--format", "csv"]) == 0
    return list(csv.DictReader(io.StringIO(capsys.readouterr().out)))


def test_csv_has_a_row_for_each_claim_and_each_narrower_statement(capsys: pytest.CaptureFixture[str]) -> None:
    rows = rows_of(capsys, "verify", *COUNTED)
    assert [row["id"] for row in rows if "." not in row["id"]] == list(CLAIMS)
    narrower = [f"{name}.{check.name}" for name, claim in CLAIMS.items() for check in claim.checks]
    assert [row["id"] for row in rows if "." in row["id"]] == narrower
    (formula,) = [row for row in rows if row["handle"] == f"{HANDLES[PAIR]}.formula"]
    assert (formula["verdict"], formula["expected_verdict"]) == ("does-not-reproduce",) * 2
    assert formula["statement"] == next(check.statement for check in CLAIMS[PAIR].checks if check.name == "formula")


@pytest.mark.parametrize("name", CLAIMS)
@pytest.mark.parametrize("width", [60, 80])
def test_explanations_fit_the_terminal(
    name: str, width: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    assert run(["explain", name, "--counts-only"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert CLAIMS[name].statement.split()[0] in " ".join(lines)
    assert max(map(len, lines)) <= width


@pytest.mark.parametrize("suffix", [".png", ".svg"])
def test_a_claim_as_a_figure(suffix: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / f"pair{suffix}"
    assert run(["explain", PAIR, "--counts-only", "-o", str(target)]) == 0
    first = target.read_bytes()
    assert first.startswith(b"\x89PNG" if suffix == ".png" else b"<?xml")
    assert run(["explain", PAIR, "--counts-only", "-o", str(target)]) == 0
    assert target.read_bytes() == first
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    "asked",
    [["explain", PAIR, "-o", "p.pdf"], ["verify", PAIR, "-o", "v.png"], ["count", "v1", "-o", "v.svg"], ["list", "-o", "a.b"]],
)
def test_a_name_that_no_writer_knows_is_refused(
    asked: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(asked) == 2
    told = capsys.readouterr().err
    assert f"no answer is written as {Path(asked[-1]).suffix}" in told
    assert f"{Path(asked[-1]).stem}.json" in told
    assert (".png" in told.partition("instead")[2]) == (asked[0] == "explain")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["v.txt", "verdicts", "v.png"])
def test_what_is_said_wins_over_the_name(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    form = ["--format", "table"] if name.endswith("png") else []
    assert run(["verify", PAIR, *COUNTED, "-o", str(tmp_path / name), *form]) == 0
    assert "two 3x3 for one 5x5" in (tmp_path / name).read_text(encoding="utf-8")
    assert capsys.readouterr().out == ""


def test_one_explanation_at_a_time(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", "A*"]) == 2
    assert "matches" in capsys.readouterr().err


def test_the_sum_is_a_sentence() -> None:
    assert tally_text(["holds", "depends", "holds"]) == "3 claims: 2 hold, 1 depends."
    assert tally_text(["quoted"]) == "1 claim: 1 quoted."
