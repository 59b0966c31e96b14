"""Another revision beside this checkout: what is found, what is called slower, and that nothing of the user's is touched."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import uuid
from pathlib import Path
from typing import Any

import pytest
from repositories import DEARER, NAMES, TINY, busy, everything, git, repository

import inception_analyzer
from inception_analyzer.__main__ import run
from inception_analyzer.against.worktree import PREFIX

HOME = Path(inception_analyzer.__file__).parent.parent
MARK = "INCEPTION_AGAINST_TEST"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository in which commands run, and a folder of its own for whatever is temporary."""
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    monkeypatch.setattr("tempfile.tempdir", None)
    (tmp_path / "temporary").mkdir()
    monkeypatch.chdir(repository(tmp_path / "repository"))
    return tmp_path / "repository"


def answer(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, dict[str, Any]]:
    code = run(["check", "--format", "json", *words])
    return code, json.loads(capsys.readouterr().out)


def latency(found: dict[str, Any]) -> dict[str, Any]:
    (line,) = (line for line in found["lines"] if line["metric"] == "latency.forward")
    return line


def complaint(capsys: pytest.CaptureFixture[str]) -> str:
    """What was said on standard error, wherever its lines end."""
    return " ".join(capsys.readouterr().err.split())


def nothing_left(folder: Path) -> bool:
    return not list((folder.parent / "temporary").glob(f"{PREFIX}*"))


def test_more_work_is_slower_and_fails_with_the_layer(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    busy(here)
    (here / "nets" / "ours.words").write_text(DEARER)
    before = everything(here)
    code, found = answer(capsys, "--against", "main", "--budget", "4s")
    assert (code, found["status"]) == (1, "fail")
    line = latency(found)
    assert line["outcome"] == "over"
    assert line["ratio_low"] > 1.1
    assert "again in fresh processes" in line["reason"]
    macs = next(one for one in found["breaches"] if one["metric"] == "macs")
    assert any(layer["path"] == "1" for layer in macs["layers"])
    assert everything(here) == before
    assert nothing_left(here)


def test_twenty_times_no_change_pass(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Five models in each of four runs, each with processes of its own."""
    models = ", ".join(f'{name} = "nets/ours.words"' for name in NAMES)
    monkeypatch.chdir(repository(tmp_path / "repository", check=f"models = {{{models}}}"))
    outcomes = []
    for _ in range(4):
        code, found = answer(capsys, "--against", "HEAD", "--budget", "3s")
        assert (code, found["status"]) == (0, "pass")
        outcomes += [line["outcome"] for line in found["lines"] if line["metric"] == "latency.forward"]
    assert len(outcomes) == 20
    assert set(outcomes) <= {"within", "better", "inconclusive"}


def test_counts_need_no_baseline_and_no_clock(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "nets" / "ours.words").write_text(DEARER)
    assert run(["check", "--against", "main", "--no-measure"]) == 1
    told = capsys.readouterr().out
    assert "main" in told
    assert "time, forward" not in told
    assert "waivers" in told


def test_a_waiver_and_a_level_hold_for_a_revision_too(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "nets" / "ours.words").write_text(DEARER)
    with (here / "pyproject.toml").open("a") as file:
        file.write('[[tool.inception-analyze.check.rules]]\nmetric = "*"\nlevel = "warn"\n')
    code, found = answer(capsys, "--against", "main", "--no-measure")
    assert (code, len(found["breaches"])) == (0, 0)
    assert found["warnings"]


def test_models_that_only_one_side_has(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "nets" / "new.words").write_text(TINY)
    (here / "pyproject.toml").write_text('[tool.inception-analyze.check]\nmodels = {other = "nets/new.words"}\n')
    code, found = answer(capsys, "--against", "main", "--no-measure")
    assert (code, found["status"]) == (3, "undecided")
    assert {(line["model"], line["outcome"]) for line in found["lines"]} == {("other", "missing"), ("ours", "gone")}
    assert "has no such model" in next(line["reason"] for line in found["lines"] if line["model"] == "other")
    git(here, "add", ".")
    git(here, "commit", "--quiet", "--message=two")
    assert answer(capsys, "--against", "main", "--no-measure")[0] == 0


def test_a_repository_that_is_gated_for_the_first_time(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The revision has the file and no configuration yet: then it is looked at by the expression of this one."""
    told = (here / "pyproject.toml").read_text()
    git(here, "rm", "--quiet", "pyproject.toml")
    git(here, "commit", "--quiet", "--message=bare")
    (here / "pyproject.toml").write_text(told)
    assert answer(capsys, "--against", "HEAD", "--no-measure")[0] == 0


def test_a_model_that_did_not_parse(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "nets" / "ours.words").write_text("# input: 3x32x32\ntrunk(conv(")
    git(here, "commit", "--quiet", "--all", "--message=broken")
    (here / "nets" / "ours.words").write_text(TINY)
    code, found = answer(capsys, "--against", "HEAD", "--no-measure")
    assert code == 3
    assert "HEAD (" in found["lines"][0]["reason"]


def test_a_folder_within_the_repository(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(here / "nets")
    assert answer(capsys, "ours.words", "--against", "main", "--no-measure")[0] == 0
    assert answer(capsys, "--against", "main", "--no-measure")[0] == 0


def test_where_a_branch_began(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Work that went on at main since is not this branch's."""
    git(here, "checkout", "--quiet", "-b", "mine")
    git(here, "checkout", "--quiet", "main")
    (here / "nets" / "ours.words").write_text(DEARER)
    git(here, "commit", "--quiet", "--all", "--message=dearer")
    git(here, "checkout", "--quiet", "mine")
    assert answer(capsys, "--against", "main...", "--no-measure")[1]["lines"][0]["outcome"] == "same"
    assert answer(capsys, "--against", "main", "--no-measure")[1]["lines"][0]["outcome"] == "better"


def test_what_cannot_be_told_fails_only_if_that_is_asked(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A training step of one image on a 1x1 map cannot be taken, on either side."""
    (here / "nets" / "ours.words").write_text("# input: 3x8x8\ntrunk(globalpool(), conv(4, 1), linear(10))\n")
    git(here, "commit", "--quiet", "--all", "--message=small")
    words = ("--against", "HEAD", "--phase", "train-step", "--batch", "1", "--budget", "1s")
    code, found = answer(capsys, *words, "--strict")
    assert (code, found["status"]) == (3, "undecided")
    line = next(line for line in found["lines"] if line["metric"] == "latency.train-step")
    assert line["outcome"] == "skipped"
    assert "batch norm" in line["reason"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--against", "nowhere"], "no revision 'nowhere'"),
        (["--against", "--output=x"], "no revision '--output=x'"),
        (["--against", ""], "no revision ''"),
        (["--against", "main", "--update"], "no baseline that could be updated"),
        (["--against", "main", "--batch", "1,2"], "one time for a phase"),
    ],
)
def test_what_cannot_be_asked(here: Path, words: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    before = everything(here)
    assert run(["check", *words]) == 2
    assert told in complaint(capsys)
    assert everything(here) == before


def test_no_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert run(["check", "v1", "--against", "main"]) == 2
    assert "is in no git repository" in complaint(capsys)
    git(tmp_path, "init", "--quiet", "--bare", "bare")
    monkeypatch.chdir(tmp_path / "bare")
    assert run(["check", "v1", "--against", "main"]) == 2
    assert "bare repository" in complaint(capsys)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert run(["check", "v1", "--against", "main"]) == 2
    assert "git is not here" in complaint(capsys)


def test_a_model_in_a_submodule(here: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = repository(tmp_path / "other")
    git(here, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(other), "shared")
    (here / "pyproject.toml").write_text('[tool.inception-analyze.check]\nmodels = {ours = "shared/nets/ours.words"}\n')
    git(here, "add", ".")
    git(here, "commit", "--quiet", "--message=submodule")
    before = everything(here)
    code, found = answer(capsys, "--against", "HEAD", "--no-measure")
    assert code == 3
    assert "submodule shared" in found["lines"][0]["reason"]
    assert everything(here) == before


def test_a_shallow_clone(
    here: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    git(here, "commit", "--quiet", "--allow-empty", "--message=two")
    git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{here}", "clone")
    monkeypatch.chdir(tmp_path / "clone")
    assert run(["check", "--against", "HEAD~1"]) == 2
    assert "git fetch" in complaint(capsys)


def test_hooks_of_the_user_do_not_run_and_do_not_mislead(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a hook git says which index it works on; that is none for another worktree."""
    hook = here / ".git" / "hooks" / "post-checkout"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\ntouch {here}/hooked\n")
    hook.chmod(0o755)
    before = everything(here)
    monkeypatch.setenv("GIT_INDEX_FILE", str(here / ".git" / "index"))
    monkeypatch.setenv("GIT_DIR", str(here / ".git"))
    monkeypatch.chdir(here / "nets")
    assert run(["check", "--against", "main", "--no-measure"]) == 0
    monkeypatch.undo()
    assert everything(here) == before


def test_a_stale_worktree_of_the_user_stays(here: Path, tmp_path: Path) -> None:
    git(here, "worktree", "add", "--quiet", "--detach", str(tmp_path / "away"))
    shutil.rmtree(tmp_path / "away")
    before = everything(here)
    assert run(["check", "--against", "main", "--no-measure"]) == 0
    assert everything(here) == before


def test_a_revision_is_counted_by_the_program_in_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    """As in this program's own repository: one network made wider in its source, and a revision that knew nothing of this."""
    here = repository(tmp_path / "repository", check='models = ["alexnet"]')
    shutil.copytree(HOME / "inception_analyzer", here / "inception_analyzer", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.rmtree(here / "inception_analyzer" / "against")
    (here / "inception_analyzer" / "gates" / "telling.py").rename(here / "telling.py")
    git(here, "add", ".")
    git(here, "commit", "--quiet", "--message=old")
    (here / "telling.py").rename(here / "inception_analyzer" / "gates" / "telling.py")
    git(here, "add", ".")
    git(here, "commit", "--quiet", "--message=new")
    file = here / "inception_analyzer" / "networks" / "alexnet.py"
    file.write_text(file.read_text().replace("biased(384, 3)", "biased(256, 3)"))
    monkeypatch.chdir(here)
    before = everything(here)
    _, found = answer(capsys, "--against", "HEAD", "--no-measure")
    macs = next(line for line in found["lines"] if line["metric"] == "macs")
    assert macs["outcome"] == "better"
    assert run(["check", "--against", "HEAD~1", "--no-measure"]) == 3
    assert "too old" in complaint(capsys)
    assert everything(here) == before


def started(here: Path, mark: str) -> subprocess.Popen[bytes]:
    """A check that lasts, stopped in the middle by whoever asked for it."""
    environment = {**os.environ, "PYTHONPATH": str(HOME), MARK: mark}
    words = ["check", "--against", "HEAD", "--budget", "60s", "--phase", "all", "--tolerance", "latency.*=0"]
    command = [sys.executable, "-m", "inception_analyzer", *words]
    return subprocess.Popen(command, cwd=here, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def of_mark(mark: str) -> list[int]:
    """The processes that carry a mark in their environment."""
    found = []
    for place in Path("/proc").iterdir():
        if place.name.isdigit():
            try:
                if f"{MARK}={mark}".encode() in (place / "environ").read_bytes().split(b"\0"):
                    found.append(int(place.name))
            except OSError:
                continue
    return found


def until(done: Any, seconds: float = 60.0) -> bool:
    end = time.monotonic() + seconds
    while not done():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="looks at processes through /proc")
@pytest.mark.parametrize("wait", [0.0, 0.4, 4.0])
@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130), (signal.SIGKILL, -9)])
def test_killed_in_the_middle(here: Path, number: int, code: int, wait: float) -> None:
    busy(here)
    before, mark = everything(here), str(uuid.uuid4())
    process = started(here, mark)
    assert until(lambda: not nothing_left(here))
    time.sleep(wait)
    process.send_signal(number)
    assert process.wait(timeout=60) == code
    assert until(lambda: not of_mark(mark))
    if number == signal.SIGKILL:
        assert not nothing_left(here)
        assert run(["check", "--against", "HEAD", "--no-measure"]) == 0
    assert everything(here) == before
    assert nothing_left(here)


def test_a_run_beside_another_leaves_it_alone(here: Path) -> None:
    mark = str(uuid.uuid4())
    process = started(here, mark)
    try:
        assert until(lambda: len(git(here, "worktree", "list").splitlines()) == 2)
        assert run(["check", "--against", "HEAD", "--no-measure"]) == 0
        assert len(git(here, "worktree", "list").splitlines()) == 2
    finally:
        process.terminate()
        process.wait(timeout=60)
    assert nothing_left(here)
