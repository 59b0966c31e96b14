"""Throw-away repositories with a tiny network in them, and everything about one that must stay as it is."""

from __future__ import annotations

import hashlib
import os
import subprocess
from pathlib import Path

NAMES = "abcde"
TINY = "# input: 3x32x32\ntrunk(conv(16, 3), conv(16, 3), globalpool(), linear(10))\n"
DEARER = TINY.replace("conv(16, 3), globalpool", "conv(64, 3), conv(16, 3), globalpool")
AUTHOR = {f"GIT_{role}_{what}": "nobody@example.org" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}


def git(folder: Path, *words: str) -> str:
    """What git prints; without the settings of whoever runs the tests."""
    environment = {**os.environ, **AUTHOR, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    return subprocess.run(
        ["git", *words], cwd=folder, env=environment, check=True, capture_output=True, text=True, stdin=subprocess.DEVNULL
    ).stdout


def repository(folder: Path, words: str = TINY, check: str = 'models = {ours = "nets/ours.words"}') -> Path:
    """One commit with a network, its configuration and a file besides."""
    (folder / "nets").mkdir(parents=True)
    (folder / "nets" / "ours.words").write_text(words)
    (folder / "pyproject.toml").write_text(f"[tool.inception-analyze.check]\n{check}\n")
    (folder / "notes.txt").write_text("one\n")
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--message=one")
    return folder


def busy(folder: Path) -> Path:
    """Work of every kind under way: staged, changed, new, stashed, on a branch of its own."""
    git(folder, "checkout", "--quiet", "-b", "mine")
    (folder / "notes.txt").write_text("stashed\n")
    git(folder, "stash", "--quiet")
    (folder / "staged.txt").write_text("staged\n")
    git(folder, "add", "staged.txt")
    (folder / "staged.txt").write_text("changed since\n")
    (folder / "new.txt").write_text("new\n")
    git(folder, "status")  # so that the index is fresh
    return folder


def everything(folder: Path) -> dict[str, str]:
    """Every file with its content, those of git included, and what git says of branches, stashes and worktrees."""
    files = {str(path.relative_to(folder)): path for path in sorted(folder.rglob("*"))}
    seen = {name: hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "folder" for name, path in files.items()}
    for words in (["worktree", "list"], ["branch", "--all", "--verbose"], ["stash", "list"], ["status", "--porcelain=v2"]):
        seen[" ".join(words)] = git(folder, "--no-optional-locks", *words)
    return seen
