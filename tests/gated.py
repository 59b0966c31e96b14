"""A repository with a gate, for tests: one small network of its own, and what its owners may do to it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

import inception_analyzer
from inception_analyzer.__main__ import run
from inception_analyzer.cli import checking

BASELINE, NETWORK = "inception-costs.json", "nets/small.words"
RUNNER = ("CI", "GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY", "GITHUB_WORKSPACE", "FORCE_COLOR", "COLUMNS")
TODAY = date(2026, 11, 20)

WORDS = """# A network of two Inception modules.
# input: 3x64x64
trunk(
    named("conv1", conv(16, 3, 2)),
    named("mixed_2a", branches(
        named("1x1", conv(16, 1)),
        named("3x3", conv(16, 1), conv(WIDTH, 3)),
        named("7x7", conv(16, 1), conv(16, KERNEL)),
    )),
    named("mixed_2b", branches(
        named("1x1", conv(32, 1)),
        named("3x3", conv(24, 1), conv(48, 3)),
    )),
    globalpool(),
    named("logits", linear(10)),
)
"""
CHECK = "[tool.inception-analyze.check]\n"
MODELS = 'models = {small = "nets/small.words", v1 = "v1"}\n'


class Day(date):
    """A day on which tests are always run."""

    @classmethod
    def today(cls) -> Day:
        return cls(TODAY.year, TODAY.month, TODAY.day)


@dataclass(frozen=True, slots=True)
class Repository:
    """A folder with the network, its configuration and its baseline."""

    path: Path
    capsys: pytest.CaptureFixture[str]

    def network(self, width: int = 24, kernel: str = "(1, 7)") -> None:
        self.write(NETWORK, WORDS.replace("WIDTH", str(width)).replace("KERNEL", kernel))

    def configure(self, text: str = "", models: str = MODELS) -> None:
        self.write("pyproject.toml", f"{CHECK}{models}{text}")

    def write(self, name: str, text: str) -> None:
        file = self.path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def read(self, name: str = BASELINE) -> str:
        return (self.path / name).read_text(encoding="utf-8")

    def check(self, *arguments: str) -> tuple[int, str, str]:
        """Exit code and both streams of a check."""
        code = run(["check", *arguments])
        return (code, *self.capsys.readouterr())

    def update(self) -> None:
        assert self.check("--update") == (0, "", f"{BASELINE}: small, v1\n")

    def git(self, *arguments: str) -> str:
        identity = ["-c", "user.name=Owner", "-c", "user.email=owner@example.com"]
        done = subprocess.run(["git", *identity, *arguments], cwd=self.path, capture_output=True, text=True, check=True)
        return done.stdout


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Repository:
    """The network accepted as it is, on no runner, on a fixed day."""
    for name in RUNNER:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr(checking, "date", Day)
    monkeypatch.chdir(tmp_path)
    found = Repository(tmp_path, capsys)
    found.network()
    found.configure()
    found.update()
    return found


def environment(**more: str) -> Mapping[str, str]:
    """That of a process of its own, with the same program, on no runner unless it is said."""
    ours = str(Path(inception_analyzer.__file__).parents[1])
    usual = {name: value for name, value in os.environ.items() if name not in RUNNER}
    return {**usual, "PYTHONIOENCODING": "utf-8", "PYTHONPATH": ours, **more}
