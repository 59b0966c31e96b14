"""`report` from outside: the files that the contract promises, and what is left when a step fails or somebody interrupts."""

from __future__ import annotations

import csv
import io
import json
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from inception_analyzer.__main__ import run
from inception_analyzer.claims import CLAIMS
from inception_analyzer.cli import reporting
from inception_analyzer.errors import FAILED, INTERRUPTED, WRONG_USE, AnalyzerError
from inception_analyzer.networks import network_names
from inception_analyzer.report.document import Document, Flat
from inception_analyzer.report.told import STATES
from inception_analyzer.report.views.setting import typeset
from inception_analyzer.reporting import counted, files
from inception_analyzer.reporting.gather import Gathering, Step
from inception_analyzer.reporting.kept import Kept
from inception_analyzer.timings import Failure, Setup


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A quick report as anybody gets it, identities and all."""
    folder = tmp_path_factory.mktemp("report") / "quick"
    assert run(["report", "--quick", "-o", str(folder)]) == 0
    return folder


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Identities are for the tests of identities, two networks are enough to fail on, and figures have theirs."""
    monkeypatch.setattr(reporting, "run_identities", lambda *_, **__: {})
    monkeypatch.setattr(counted, "FACTORIZED", ("v3",))
    monkeypatch.setattr(counted, "FAMILY", ("v1", "v3"))
    monkeypatch.setattr(files, "figures_of", lambda _: ())


def known(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "report.json").read_text(encoding="utf-8"))


def test_the_files_of_the_contract_are_there(written: Path) -> None:
    assert {"report.md", "report.html", "report.json", "networks.csv", "claims.csv"} <= {
        path.name for path in written.iterdir()
    }
    document = known(written)
    assert document["schema"] == 1
    assert document["command"] == "report"
    assert document["tool"]["name"] == "inception-analyzer"
    assert document["convention"] == "paper-mac"
    assert document["machine"]["torch"]
    assert {part["state"] for part in document["parts"]} == {"done"}
    assert {part["name"] for part in document["parts"]} == document["data"].keys()
    there = {path.relative_to(written).as_posix() for path in written.rglob("*") if path.is_file()}
    assert set(document["files"]) == there - {"report.json"}
    assert not [path for path in written.rglob("*") if path.name.startswith(".draft")]


def test_all_files_tell_of_all_parts_and_claims(written: Path) -> None:
    markdown, page = ((written / name).read_text(encoding="utf-8") for name in ("report.md", "report.html"))
    for part in known(written)["parts"]:
        assert f"## {typeset(part['title'])}" in markdown.replace("\\", "")
        assert typeset(part["title"]) in page
    judged = known(written)["data"]["claims"]["claims"]
    assert [one["id"] for one in judged] == list(CLAIMS)
    for one in judged:
        assert f'data-verdict="{one["verdict"]}"' in page
        assert one["id"] in page


def test_every_figure_is_there_as_image_and_drawing_and_is_linked(written: Path) -> None:
    markdown, page = ((written / name).read_text(encoding="utf-8") for name in ("report.md", "report.html"))
    images = {path.stem for path in (written / files.FIGURES).glob("*.png")}
    assert len(images) > 5
    assert images == {path.stem for path in (written / files.FIGURES).glob("*.svg")}
    for name in images:
        assert f"({files.FIGURES}/{name}.png)" in markdown
        assert f'<figure id="figure-{name}">' in page


def test_tables_have_one_head_and_raw_numbers(written: Path) -> None:
    for path in written.glob("*.csv"):
        rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"))))
        assert len({len(row) for row in rows}) == 1
        assert len(rows) > 1
    networks = list(csv.DictReader(io.StringIO((written / "networks.csv").read_text(encoding="utf-8"))))
    assert {row["name"] for row in networks} == set(network_names())
    macs = {row["name"]: int(row["macs"]) for row in networks}
    assert macs["inception-v3"] == 5_713_216_096


@pytest.mark.usefixtures("hurried")
def test_it_says_where_the_page_is(written: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["report", "--quick", "-o", str(written.parent / "again")]) == 0
    captured = capsys.readouterr()
    assert captured.out == f"{written.parent / 'again' / 'report.html'}\n"
    assert "Claims" in captured.err


@pytest.mark.usefixtures("hurried")
def test_a_failing_step_is_marked_and_the_others_go_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise AnalyzerError("no room for <this>")

    monkeypatch.setattr(counted, "scaling_document", fail)
    assert run(["report", "--quick", "-o", str(tmp_path)]) == FAILED
    states = {part["name"]: (part["state"], part["reason"]) for part in known(tmp_path)["parts"]}
    assert states.pop("scaling") == ("failed", "no room for <this>")
    assert set(states.values()) == {("done", "")}
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert f'<p class="state failed">{STATES["failed"]}: no room for &lt;this&gt;</p>' in page
    assert STATES["failed"] in (tmp_path / "report.md").read_text(encoding="utf-8")
    assert not (tmp_path / "scaling.csv").exists()


@pytest.mark.usefixtures("hurried")
def test_an_interruption_keeps_what_is_finished(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(counted, "scaling_document", interrupt)
    assert run(["report", "--quick", "-o", str(tmp_path)]) == INTERRUPTED
    parts = known(tmp_path)["parts"]
    states = [part["state"] for part in parts]
    at = [part["name"] for part in parts].index("scaling")
    assert states == ["done"] * at + ["interrupted"] * (len(parts) - at)
    assert parts[at]["reason"] == "nothing of it was finished"
    assert parts[-1]["reason"] == "it had not begun"
    assert (tmp_path / "networks.csv").exists()
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert page.count(STATES["interrupted"]) == 2 * (len(parts) - at)  # in their places, and on top
    assert "interrupted" in capsys.readouterr().err


def test_another_machines_report_is_refused_before_any_work(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    foreign = {"command": "report", "machine": {"processor": "an abacus"}, "parts": []}
    (tmp_path / "report.json").write_text(json.dumps(foreign))
    assert run(["report", "--quick", "-o", str(tmp_path)]) == WRONG_USE
    error = " ".join(capsys.readouterr().err.split())
    assert "holds the report of another machine" in error
    assert "an abacus" in error
    assert "--force" in error
    assert [path.name for path in tmp_path.iterdir()] == ["report.json"]


@pytest.mark.parametrize(("name", "content"), [("report.json", '{"command": "rep'), ("report.html", "mine")])
def test_what_is_no_report_is_refused_before_any_work(
    tmp_path: Path, name: str, content: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / name).write_text(content)
    assert run(["report", "--quick", "-o", str(tmp_path)]) == WRONG_USE
    assert "--force" in capsys.readouterr().err
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [(name, content)]


def a_row(known: Gathering, kept: Kept, name: str) -> Document:
    """What a part of the clock does: a row is kept, or measured now."""
    (found,) = kept.get("measured", name, lambda: measured_now.append(name) or [Failure(name, Setup(), "told")])
    known.measured.append(found)
    flat = Flat(("name",), ({"name": found.expression},))
    return Document("measure", name, "", (f"{name} was measured.",), (), lambda: flat, lambda: {"name": found.expression})


measured_now: list[str] = []


def timed_steps(kept: Kept, last: Callable[[], None]) -> tuple[Step, ...]:
    """Two parts that take the clock and one behind them."""

    def ends(known: Gathering) -> Document:
        last()
        return a_row(known, kept, "third")

    return (
        Step("measured", "First", "", lambda known: a_row(known, kept, "first"), 1.0),
        Step("roofline", "Second", "", lambda known: a_row(known, kept, "second"), 1.0),
        Step("noise", "Third", "", ends, 1.0),
    )


def names(report: dict[str, Any]) -> set[str]:
    """The rows that are kept, without how they were measured."""
    return {key.partition(" | ")[0] for key in report["kept"]["measured"]}


KILLED = """
import os, signal, sys
sys.path.insert(0, {tests!r})
import test_report_command as these
from inception_analyzer.__main__ import run
from inception_analyzer.cli import reporting
reporting._everything = lambda _, kept, *__: these.timed_steps(kept, lambda: os.kill(os.getpid(), signal.SIGKILL))
run(["report", "-o", {folder!r}])
"""


@pytest.mark.usefixtures("hurried")
def test_who_is_killed_resumes_with_what_was_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = KILLED.format(tests=str(Path(__file__).parent), folder=str(tmp_path / "killed"))
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    left = known(tmp_path / "killed")
    assert [part["state"] for part in left["parts"]] == ["done", "done", "interrupted"]
    assert names(left) == {"first", "second"}
    assert {path.name for path in (tmp_path / "killed").iterdir()} == {"report.json", "measured.csv", "roofline.csv"}
    measured_now.clear()
    monkeypatch.setattr(reporting, "_everything", lambda _, kept, *__: timed_steps(kept, lambda: None))
    assert run(["report", "--resume", "-o", str(tmp_path / "killed")]) == 0
    assert measured_now == ["third"]
    assert {part["state"] for part in known(tmp_path / "killed")["parts"]} == {"done"}


@pytest.mark.usefixtures("hurried")
def test_a_quick_report_hands_on_what_was_measured_and_clears_what_it_does_not_tell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = lambda _, kept, *__: timed_steps(kept, lambda: None)  # noqa: E731
    monkeypatch.setattr(reporting, "_everything", steps)
    assert run(["report", "-o", str(tmp_path)]) == 0
    (tmp_path / "my-notes.csv").write_text("mine")
    before = known(tmp_path)["kept"]
    assert names(known(tmp_path)) == {"first", "second", "third"}
    assert run(["report", "--quick", "-o", str(tmp_path)]) == 0
    assert known(tmp_path)["kept"] == before
    assert not {"measured.csv", "roofline.csv", "noise.csv"} & {path.name for path in tmp_path.iterdir()}
    assert (tmp_path / "my-notes.csv").read_text() == "mine"
    measured_now.clear()
    assert run(["report", "--resume", "-o", str(tmp_path)]) == 0
    assert measured_now == []
    assert (tmp_path / "noise.csv").exists()
    assert not (tmp_path / "networks.csv").exists()


def test_a_file_where_a_folder_is_wanted_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "taken").write_text("kept")
    assert run(["report", "--quick", "-o", str(tmp_path / "taken")]) == WRONG_USE
    assert "is a file, and a report is a folder" in " ".join(capsys.readouterr().err.split())
    assert (tmp_path / "taken").read_text() == "kept"


@pytest.mark.usefixtures("hurried")
def test_the_usual_folder_gets_an_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["report", "--quick"]) == 0
    (folder,) = (path for path in (tmp_path / "reports").iterdir() if path.is_dir())
    index = tmp_path / "reports" / "README.md"
    assert f"[page]({folder.name}/report.html)" in index.read_text(encoding="utf-8")
    assert run(["report", "--quick", "-o", "reports/named"]) == 0
    assert "[page](named/report.html)" in index.read_text(encoding="utf-8")
    assert run(["report", "--quick", "-o", "elsewhere/named"]) == 0
    assert not (tmp_path / "elsewhere" / "README.md").exists()
