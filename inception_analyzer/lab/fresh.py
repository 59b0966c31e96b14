"""Work in a process that has done nothing else: asked by one line, answered row by row, ended with this one."""

from __future__ import annotations

import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

import inception_analyzer
from inception_analyzer.errors import FAILED, AnalyzerError
from inception_analyzer.lab.measure import Entrant
from inception_analyzer.lab.wire import from_line, to_line
from inception_analyzer.timings import Failure, Measurement, Peak, Progress, Setup

Row = Measurement | Failure | Peak
Heard = Callable[[Progress], None]

# The child finds the program where this process found it, after everything that it would find by itself.
HOME = str(Path(inception_analyzer.__file__).parent.parent)
CHILD = f"import sys; sys.path.append({HOME!r}); from inception_analyzer.lab.child import main; main()"

ROW, ROUND, DONE = "row", "round", "done"


def ask(task: str, entrants: Sequence[Entrant], setups: Sequence[Setup], heard: Heard | None = None) -> Iterator[Row]:
    """The rows of a fresh process as they come; it ends with the last of them, or with whoever asks."""
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as complaints, _started(complaints) as process:
        try:
            yield from _answers(process, to_line({"task": task, "entrants": entrants, "setups": setups}), heard)
        except EOFError:
            raise _ended(process, complaints) from None
        finally:
            process.kill()  # nothing happens to one that has ended


def _started(complaints: IO[str]) -> subprocess.Popen[str]:
    command = [sys.executable, "-P", "-c", CHILD]  # a file of the folder where this runs must not pass for a library
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=complaints, text=True, encoding="utf-8"
    )


def _answers(process: subprocess.Popen[str], request: str, heard: Heard | None) -> Iterator[Row]:
    """Rows until the child says that it is done; its standard input stays open, for its end would be the child's."""
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(request)
        process.stdin.flush()
    except OSError:  # it has ended already; what could not be written cannot be written at closing either
        with suppress(OSError):
            process.stdin.close()
        raise EOFError from None
    for line in process.stdout:
        match from_line(line):
            case (str(word), row) if word == ROW:
                yield row
            case (str(word), now) if word == ROUND:
                if heard is not None:
                    heard(now)
            case (str(word),) if word == DONE:
                return
    raise EOFError


def _ended(process: subprocess.Popen[str], complaints: IO[str]) -> AnalyzerError:
    """Why a process stopped answering: a signal, or the last line of its complaints."""
    code = process.wait()
    if code < 0:
        return AnalyzerError(f"its process was ended by {signal.Signals(-code).name}", code=FAILED)
    complaints.seek(0)
    lines = [line.strip() for line in complaints if line.strip()]
    return AnalyzerError(lines[-1] if lines else f"its process ended with code {code}", code=FAILED)
