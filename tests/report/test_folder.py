"""The folder of a report: whose it is, what may not be one, and the page over several of them."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from inception_analyzer.errors import FAILED, WRONG_USE, AnalyzerError
from inception_analyzer.report import folder

HERE: dict[str, Any] = {
    "processor": "Intel(R) Xeon(R) CPU @ 2.20GHz",
    "cores": 2,
    "torch": "2.13.0+cpu",
    "python": "3.11.2",
    "system": "Linux",
    "devices": ["cpu"],
    "threads": 1,
}
THERE = {**HERE, "processor": "AMD EPYC"}


def report(machine: dict[str, Any], **more: Any) -> bytes:
    return json.dumps({"command": "report", "machine": machine, "parts": [], **more}).encode()


def refused(path: Path, machine: dict[str, Any] = HERE, *, force: bool = False) -> AnalyzerError:
    with pytest.raises(AnalyzerError) as caught:
        folder.check_folder(path, machine, force=force)
    assert caught.value.facts
    return caught.value


def test_another_machines_report_is_kept_unless_forced(tmp_path: Path) -> None:
    (tmp_path / folder.REPORT).write_bytes(report(THERE))
    error = refused(tmp_path)
    assert error.what.endswith("holds the report of another machine")
    assert dict(error.facts) == {"kept": "it was made on AMD EPYC", "instead": "another -o DIR, or --force"}
    folder.check_folder(tmp_path, HERE, force=True)
    assert (tmp_path / folder.REPORT).read_bytes() == report(THERE)  # looking changes nothing


@pytest.mark.parametrize("passing", ["threads", "time", "commit"])
def test_a_report_of_this_machine_may_be_replaced(tmp_path: Path, passing: str) -> None:
    (tmp_path / folder.REPORT).write_bytes(report({**HERE, passing: "other"}))
    folder.check_folder(tmp_path, HERE, force=False)


@pytest.mark.parametrize("name", folder.IDENTITY)
def test_whatever_decides_times_makes_another_machine(name: str) -> None:
    assert folder.identity({**HERE, name: "other"}) != folder.identity(HERE)
    assert folder.folder_name({**HERE, name: ["cuda:0 other"]}) != folder.folder_name(HERE)


def test_a_folder_is_named_after_its_machine() -> None:
    assert folder.folder_name(HERE).startswith("cpu-intel-xeon-torch-2.13.0-")
    gpu = {**HERE, "devices": ["cpu", "cuda:0 NVIDIA H200"]}
    assert folder.folder_name(gpu).startswith("gpu-nvidia-h200-torch-2.13.0-")
    assert folder.folder_name({}).startswith("cpu-torch-none-")
    assert "/" not in folder.folder_name({**HERE, "processor": "../../etc/passwd"})


NO_REPORTS = [
    *(b"", b"no json", b"[]", b"\xff\xfe", b"[" * 100_000, report(HERE)[:-1], b'{"command": "verify"}'),
    *(report(5), report(HERE, parts=[1]), report(HERE, parts=None)),  # type: ignore[arg-type]
]


@pytest.mark.parametrize("content", NO_REPORTS, ids=range(len(NO_REPORTS)))
def test_what_is_no_report_is_not_read_as_one_and_kept_unless_forced(tmp_path: Path, content: bytes) -> None:
    (tmp_path / folder.REPORT).write_bytes(content)
    assert folder.read_report(tmp_path) is None
    error = refused(tmp_path)
    assert error.code == WRONG_USE
    assert error.what.endswith("holds a report.json that cannot be read as a report")
    assert "--force" in dict(error.facts)["instead"]
    folder.check_folder(tmp_path, HERE, force=True)
    assert (tmp_path / folder.REPORT).read_bytes() == content


@pytest.mark.parametrize("name", ["report.html", "report.md"])
def test_a_page_that_no_report_wrote_is_kept_unless_forced(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("mine")
    assert refused(tmp_path).what.endswith(f"holds a {name} and no report.json")
    folder.check_folder(tmp_path, HERE, force=True)
    (tmp_path / name).unlink()
    (tmp_path / "notes.md").write_text("mine")
    folder.check_folder(tmp_path, HERE, force=False)


def test_only_files_of_a_report_can_be_removed(tmp_path: Path) -> None:
    inside, outside = tmp_path / "report", tmp_path / "outside"
    for place in (inside, inside / "figures", outside, outside / "figures"):
        place.mkdir()
    ours = ["measured.csv", "figures/grids.png", "report.md"]
    theirs = [
        "notes.txt",
        "data.json",
        "../outside/a.csv",
        "figures/../../outside/a.csv",
        str(outside / "a.csv"),
        "",
        ".",
        7,
        None,
    ]
    for name in (*ours, "notes.txt", "data.json", str(outside / "a.csv")):
        (inside / name).write_text("")
    (inside / folder.REPORT).write_bytes(report(HERE, files=[*ours, *theirs, "gone.csv"]))
    listed = folder.written_files(inside)
    assert listed == {*ours, "gone.csv"}
    folder.remove_files(inside, [*listed, *(name for name in theirs if isinstance(name, str))])
    assert {path.name for path in inside.iterdir()} == {"notes.txt", "data.json", "report.json", "figures"}
    assert not list((inside / "figures").iterdir())
    assert (outside / "a.csv").exists()


def test_nothing_behind_a_link_is_removed(tmp_path: Path) -> None:
    (tmp_path / "report").mkdir()
    (tmp_path / "album").mkdir()
    (tmp_path / "album" / "grids.png").write_text("mine")
    (tmp_path / "report" / "figures").symlink_to(tmp_path / "album")
    folder.remove_files(tmp_path / "report", ["figures/grids.png"])
    assert (tmp_path / "album" / "grids.png").exists()


def test_a_report_that_kept_no_list_wrote_a_table_for_each_part(tmp_path: Path) -> None:
    (tmp_path / folder.REPORT).write_bytes(report(HERE, parts=[{"name": "noise", "state": "done"}, {"name": "../up"}, {}]))
    assert folder.written_files(tmp_path) == {"noise.csv", "None.csv"}
    assert folder.written_files(tmp_path / "nowhere") == frozenset()


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("kept")
    assert refused(tmp_path / "taken").what.endswith("is a file, and a report is a folder")
    assert refused(tmp_path / "taken", force=True).code == WRONG_USE
    assert refused(tmp_path / "taken" / "inside").what.startswith("cannot make")
    assert (tmp_path / "taken").read_text() == "kept"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_is_refused_at_once(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        assert refused(tmp_path).what.endswith("cannot be written")
    finally:
        tmp_path.chmod(0o700)


def test_no_permission_is_seen_before_any_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert refused(tmp_path).what.endswith("cannot be written")


def test_the_data_are_written_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []
    monkeypatch.setattr(folder, "write_bytes", lambda path, _: written.append(path.name))
    folder.write_folder(tmp_path, {folder.REPORT: b"", "report.md": b"", "figures/cost.svg": b""})
    assert written == ["report.md", "cost.svg", folder.REPORT]
    assert (tmp_path / "figures").is_dir()


def test_a_file_in_the_way_of_figures_says_so(tmp_path: Path) -> None:
    (tmp_path / "figures").write_text("")
    with pytest.raises(AnalyzerError) as caught:
        folder.write_folder(tmp_path, {"figures/cost.svg": b""})
    assert caught.value.code == FAILED


def test_the_index_lists_reports_and_pages_beside_them(tmp_path: Path) -> None:
    parts = [{"name": "networks", "state": "done"}, {"name": "times", "state": "interrupted"}]
    for name, machine in (("one", HERE), ("the other", {**THERE, "processor": "a | pipe <b>"})):
        (tmp_path / name).mkdir()
        (tmp_path / name / folder.REPORT).write_bytes(
            report(
                machine,
                parts=parts,
                made="2025-11-20T12:30:00+00:00",
                made_by="inception-analyze report",
                unasked=len(name) - 3,
            )
        )
    (tmp_path / "empty").mkdir()
    (tmp_path / "trust.md").write_text("### Timing | against its targets\n\nmore\n")
    folder.write_index(tmp_path)
    rows = [line for line in (tmp_path / folder.INDEX).read_text().splitlines() if line.startswith("| ")][2:]
    assert len(rows) == 2
    assert "2025-11-20 12:30 UTC | inception-analyze report | 1 of 2 parts | [page](one/report.html) · [text]" in rows[0]
    assert "1 of 2 parts, 6 measurements beyond the budget | [page](the%20other/report.html)" in rows[1]
    assert r"- [Timing \| against its targets](trust.md)" in (tmp_path / folder.INDEX).read_text()
    assert r"a \| pipe" in rows[1]
    assert "<b>" not in rows[1]


def test_an_index_replaces_an_index_and_nobodys_page(tmp_path: Path) -> None:
    folder.write_index(tmp_path)
    first = (tmp_path / folder.INDEX).read_bytes()
    assert folder.is_index(tmp_path / folder.INDEX)
    (tmp_path / "speed.md").write_text("# How fast")
    folder.write_index(tmp_path)
    assert (tmp_path / folder.INDEX).read_bytes() != first
    (tmp_path / folder.INDEX).write_text("# My reports")
    folder.write_index(tmp_path)
    assert (tmp_path / folder.INDEX).read_text() == "# My reports"
    assert not folder.is_index(tmp_path / "nowhere")
