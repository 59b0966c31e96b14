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


@pytest.mark.parametrize("content", [b"", b"no json", b"[]", b'{"command": "verify"}', b"\xff\xfe", b'{"command": "rep'])
def test_what_is_no_report_is_not_read_as_one(tmp_path: Path, content: bytes) -> None:
    (tmp_path / folder.REPORT).write_bytes(content)
    assert folder.read_report(tmp_path) is None
    folder.check_folder(tmp_path, HERE, force=False)


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
    for name, machine in (("one", HERE), ("other", {**THERE, "processor": "a | pipe <b>"})):
        (tmp_path / name).mkdir()
        (tmp_path / name / folder.REPORT).write_bytes(
            report(machine, parts=parts, made="2025-11-20T12:30:00+00:00", made_by="inception-analyze report")
        )
    (tmp_path / "empty").mkdir()
    (tmp_path / "trust.md").write_text("### Timing | against its targets\n\nmore\n")
    folder.write_index(tmp_path)
    rows = [line for line in (tmp_path / folder.INDEX).read_text().splitlines() if line.startswith("| ")][2:]
    assert len(rows) == 2
    assert "2025-11-20 12:30 | inception-analyze report | 1 of 2 parts | [page](one/report.html) · [text]" in rows[0]
    assert r"- [Timing \| against its targets](trust.md)" in (tmp_path / folder.INDEX).read_text()
    assert r"a \| pipe" in rows[1]
    assert "<b>" not in rows[1]
