"""A revision in a folder of its own for as long as it is looked at; of the repository nothing else is touched."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from inception_analyzer.against.ending import made_and_removed
from inception_analyzer.against.git import Refused, Repository
from inception_analyzer.errors import FAILED, AnalyzerError

try:
    import fcntl
except ImportError:  # Windows: what a killed run leaves behind is not told from what runs, and stays
    fcntl = None  # type: ignore[assignment]

# A folder's lock is held as long as its run lives, however that ends: a folder whose lock can be had is a leftover.
PREFIX, TREE, LOCK = "inception-against-", "tree", "lock"


class Place:
    """A temporary folder that holds one worktree beside its lock."""

    def __init__(self, repository: Repository, commit: str) -> None:
        self.repository = repository
        self.commit = commit
        self.folder: Path | None = None
        self.lock: IO[bytes] | None = None

    @property
    def tree(self) -> Path:
        assert self.folder is not None
        return self.folder / TREE

    def make(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix=PREFIX)).resolve()
        self.lock = _locked(self.folder, create=True)
        try:
            self.repository.ask("worktree", "add", "--detach", "--quiet", str(self.tree), self.commit)
        except Refused as refused:
            told = ("found", str(refused))
            raise AnalyzerError(f"git cannot check out {self.commit[:12]} beside this checkout", told, code=FAILED) from None

    def remove(self) -> None:
        if self.folder is not None:
            _forget(self.repository, self.tree)
            shutil.rmtree(self.folder, ignore_errors=True)
        if self.lock is not None:
            self.lock.close()


@contextmanager
def worktree(repository: Repository, commit: str) -> Iterator[Path]:
    """The files of a commit; gone afterwards, and with them whatever a killed run before this one has left."""
    prune(repository)
    place = Place(repository, commit)
    with made_and_removed(place.make, place.remove):
        yield place.tree


def prune(repository: Repository) -> None:
    """Forget the worktrees of runs that are no more; those of the user stay, even where their folders are gone."""
    for tree in _ours(repository):
        lock = _locked(tree.parent, create=False)
        if lock is None and tree.parent.exists():
            continue
        _forget(repository, tree)
        shutil.rmtree(tree.parent, ignore_errors=True)
        if lock is not None:
            lock.close()


def _ours(repository: Repository) -> list[Path]:
    with suppress(Refused):
        entries = repository.ask("worktree", "list", "--porcelain").splitlines()
        trees = [Path(line.removeprefix("worktree ")) for line in entries if line.startswith("worktree ")]
        return [tree for tree in trees if tree.name == TREE and tree.parent.name.startswith(PREFIX)]
    return []


def _forget(repository: Repository, tree: Path) -> None:
    """Twice forced, as a worktree that was being made is locked."""
    with suppress(Refused):
        repository.ask("worktree", "remove", "--force", "--force", str(tree))


def _locked(folder: Path, *, create: bool) -> IO[bytes] | None:
    """The lock of a folder, or None where somebody holds it or it cannot be had."""
    try:
        if not create and folder.stat().st_uid != os.getuid():
            return None
        file = (folder / LOCK).open("wb" if create else "r+b")
    except (OSError, AttributeError):
        return None
    if fcntl is None:
        return file if create else None
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        return None
    return file
