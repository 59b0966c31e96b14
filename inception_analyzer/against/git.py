"""What is asked of git, in an environment that no hook and no terminal reaches into, and its complaints in plain words."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from inception_analyzer.errors import WRONG_USE, AnalyzerError

# Where git runs a hook it says by these which repository and which index it works on: they are not for another worktree.
OF_HOOKS = (
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_COMMON_DIR",
    "GIT_PREFIX",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_GRAFT_FILE",
    "GIT_SHALLOW_FILE",
    "GIT_INTERNAL_SUPER_PREFIX",
)

# No hook of the user's runs, no index is refreshed on the side, nobody is asked for a password.
QUIET = ("-c", f"core.hooksPath={os.devnull}", "-c", "advice.detachedHead=false")
SETTINGS = {"GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}


class Refused(Exception):  # noqa: N818  (whoever asked knows what it means)
    """What git said as it refused."""


@dataclass(frozen=True, slots=True)
class Repository:
    """A checkout with its files."""

    root: Path

    def ask(self, *words: str) -> str:
        return ask(self.root, *words)


def ask(folder: Path, *words: str) -> str:
    """What git answers there; `Refused` with its complaint where it does not."""
    environment = {name: value for name, value in os.environ.items() if name not in OF_HOOKS} | SETTINGS
    try:
        ran = subprocess.run(
            ["git", *QUIET, *words],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="surrogateescape",
            start_new_session=True,  # Ctrl-C is for this program, which lets git finish
            check=False,
        )
    except FileNotFoundError:
        raise AnalyzerError(
            "git is not here, and without it there are no revisions",
            ("instead", "install git, or check against a baseline: inception-analyze check --update"),
            word="--against",
        ) from None
    if ran.returncode:
        lines = [line for line in ran.stderr.splitlines() if line.strip()] or ["no reason given"]
        raise Refused(lines[0].removeprefix("fatal: ").removeprefix("error: "))
    return ran.stdout.removesuffix("\n")


def repository(start: Path) -> Repository:
    """The checkout that a folder lies in."""
    try:
        if ask(start, "rev-parse", "--is-bare-repository") == "true":
            raise _nothing_to_compare(f"{start} is a bare repository, which has no files", "run it in a checkout")
        if ask(start, "rev-parse", "--is-inside-work-tree") != "true":
            raise _nothing_to_compare(f"{start} lies inside .git", "run it in the checkout itself")
        return Repository(Path(ask(start, "rev-parse", "--show-toplevel")).resolve())
    except Refused as refused:
        if "dubious ownership" in str(refused):
            trust = f"git config --global --add safe.directory {start}"
            raise _nothing_to_compare(f"git does not trust {start}, which another user owns", trust) from None
        found = "is in no git repository" if "not a git repository" in str(refused) else f"cannot be read by git: {refused}"
        raise _nothing_to_compare(f"{start} {found}", "git init, or check against a baseline") from None


def commit_of(repository: Repository, revision: str) -> str:
    """The commit that a revision names; `main...` is where this branch left main."""
    name, fork, rest = revision.partition("...")
    if fork and not rest:
        base = _asked(repository, ("merge-base", commit_of(repository, name), "HEAD"))
        if base is None:
            raise _unknown(repository, revision, f"{name} and this branch have no commit in common")
        return base.split("\n")[0]
    found = _asked(repository, ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}"))
    if not revision or found is None:
        raise _unknown(repository, revision, f"there is no revision {revision!r}")
    return found


def submodules(folder: Path) -> tuple[str, ...]:
    """Folders that another repository fills, and that a worktree leaves empty."""
    try:
        entries = ask(folder, "ls-files", "-z", "--stage").split("\0")
    except Refused:
        return ()
    return tuple(entry.partition("\t")[2] for entry in entries if entry.startswith("160000 "))


def _asked(repository: Repository, words: tuple[str, ...]) -> str | None:
    try:
        return repository.ask(*words)
    except Refused:
        return None


def _unknown(repository: Repository, revision: str, why: str) -> AnalyzerError:
    """A clone of continuous integration often holds one commit only."""
    branch = revision.removesuffix("...").removeprefix("origin/") or "main"
    shallow = _asked(repository, ("rev-parse", "--is-shallow-repository")) == "true"
    fetch = f"git fetch origin {branch}, then --against FETCH_HEAD"
    way_out = fetch if shallow else "a branch, a tag or a commit that git log shows"
    found = (("found", "a shallow clone, which holds a part of the history"),) if shallow else ()
    return AnalyzerError(why, *found, ("instead", way_out), word=revision or "--against", code=WRONG_USE)


def _nothing_to_compare(why: str, way_out: str) -> AnalyzerError:
    return AnalyzerError(why, ("asked", "a revision to check against"), ("instead", way_out), word="--against", code=WRONG_USE)
