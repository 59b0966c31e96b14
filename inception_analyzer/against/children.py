"""The two processes that time the two sides: each is alive all the time and works only when it is asked, a line each way."""

from __future__ import annotations

import json
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import IO, Any

from inception_analyzer.against.revision import Revision
from inception_analyzer.errors import UNDECIDED, AnalyzerError

PROTOCOL = 1
COUNTS, SLOTS = "inception_analyzer.gates.telling", "inception_analyzer.lab.slots"


class Lost(Exception):  # noqa: N818  (a row of the answer, and no error of the program)
    """One side cannot go on with what it was asked; `ended` where it cannot go on at all."""

    def __init__(self, revision: Revision, why: str, *, ended: bool = False) -> None:
        super().__init__(f"{revision.name}: {why}")
        self.ended = ended


class Child:
    """A process of one side."""

    def __init__(self, revision: Revision, process: subprocess.Popen[str], complaints: IO[str]) -> None:
        self.revision = revision
        self.process = process
        self.complaints = complaints

    def greet(self) -> None:
        """Wait until it is ready; a revision from before all this never is."""
        if self._line().get("protocol") != PROTOCOL:
            raise too_old(self.revision)

    def ask(self, what: str, **more: object) -> dict[str, Any]:
        """What it answers."""
        assert self.process.stdin is not None
        try:
            self.process.stdin.write(json.dumps({"do": what, **more}) + "\n")
            self.process.stdin.flush()
        except OSError:
            raise self._ended() from None
        found = self._line()
        if "refused" in found:
            raise Lost(self.revision, found["refused"])
        return found

    def _line(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise self._ended()
        found: dict[str, Any] = json.loads(line)
        return found

    def _ended(self) -> Exception:
        code = self.process.wait()
        self.complaints.seek(0)
        return ended(self.revision, code, self.complaints.read())


def ended(revision: Revision, code: int, complaints: str) -> Exception:
    """Why a process of a revision said no more: too old to know what it is asked, ended by a signal, or a fault."""
    lines = [line.strip() for line in complaints.splitlines() if line.strip()]
    last = lines[-1] if lines else f"its process ended with code {code}"
    if "No module named 'inception_analyzer" in last:
        return too_old(revision)
    return Lost(revision, f"its process was ended by {signal.Signals(-code).name}" if code < 0 else last, ended=True)


def too_old(revision: Revision) -> AnalyzerError:
    """Nothing can be asked of a program that does not know the question."""
    found = ("found", "the program in it does not know how to be checked against")
    return AnalyzerError(f"{revision.name} is too old", found, ("instead", "a later revision, or a baseline"), code=UNDECIDED)


@contextmanager
def both(base: Revision, now: Revision) -> Iterator[tuple[Child, Child]]:
    """Fresh processes of the two sides, ready to be asked."""
    with ExitStack() as ends:
        pair = [ends.enter_context(_started(revision)) for revision in (base, now)]  # they load beside each other
        for child in pair:
            child.greet()
        yield pair[0], pair[1]


@contextmanager
def _started(revision: Revision) -> Iterator[Child]:
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as complaints:
        process = subprocess.Popen(
            revision.command(SLOTS),
            cwd=revision.root,
            env=revision.environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=complaints,
            encoding="utf-8",
            start_new_session=True,  # what an interruption means is for this process to say
        )
        try:
            yield Child(revision, process, complaints)
        finally:
            process.kill()
            process.wait()
            for stream in (process.stdin, process.stdout):
                with suppress(OSError):
                    if stream is not None:
                        stream.close()


def counted(revision: Revision) -> dict[str, Any]:
    """What its models cost, by its own program."""
    ran = subprocess.run(
        revision.command(COUNTS),
        cwd=revision.root,
        env=revision.environment(),
        input=json.dumps(dict(revision.models)),
        capture_output=True,
        encoding="utf-8",
        start_new_session=True,
        check=False,
    )
    if ran.returncode:
        raise ended(revision, ran.returncode, ran.stderr)
    found: dict[str, Any] = json.loads(ran.stdout)
    return found
