"""A check as annotations of GitHub: one each on the baseline's row, the worst first, never more than are shown."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from inception_analyzer.errors import AnalyzerError
from inception_analyzer.gates.check import UNDECIDABLE, Line
from inception_analyzer.report.checked import Told
from inception_analyzer.report.gated.words import breach_text, subject_text, worst_first

MOST = 10  # GitHub shows ten of a kind for a step and drops the others without a word

Kind = Literal["error", "warning", "notice"]


def commands(told: Told, file: str) -> list[str]:
    """At most ten of both kinds together; the last one tells how many more there are."""
    failing: list[tuple[Kind, Line]] = [("error", line) for line in (*worst_first(told.checked.breaches), *_undecidable(told))]
    found: list[tuple[Kind, Line]] = [*failing, *(("warning", line) for line in worst_first(told.checked.warnings))]
    if len(found) <= MOST:
        notices = [command("notice", notice, file, 0) for notice in told.checked.notices]
        return [*(_of_line(kind, line, file, told) for kind, line in found), *notices][:MOST]
    shown = [_of_line(kind, line, file, told) for kind, line in found[: MOST - 1]]
    kind, left = found[MOST - 1][0], len(found) - len(shown)
    return [*shown, command(kind, f"and {left} more; the log has them all", file, 0)]


def of_error(error: AnalyzerError, file: str) -> str:
    """A check that could not be made."""
    return command("error", str(error), file, 0)


def command(kind: Kind, message: str, file: str, line: int) -> str:
    """`::error file=...,line=...,title=...::message`, escaped as the runner reads it."""
    place = [f"file={_property(file)}", *([f"line={line}"] if line else []), f"title={_property('inception-analyze check')}"]
    return f"::{kind} {','.join(place)}::{_data(message)}"


def _undecidable(told: Told) -> Iterable[Line]:
    return (line for line in told.checked.lines if line.outcome in UNDECIDABLE)


def _of_line(kind: Kind, line: Line, file: str, told: Told) -> str:
    if line.outcome in UNDECIDABLE:
        return command(kind, f"{subject_text(line)}: {line.reason}\n{told.accept}", file, line.line)
    layers = ", ".join(one.path for one in line.changes[:3])
    where = [f"in {layers}{f' and {len(line.changes) - 3} more' if len(line.changes) > 3 else ''}"] if layers else []
    meant = [] if line.absolute else [f"if it is meant: {told.accept}"]
    return command(kind, "\n".join([f"{breach_text(line)} ({line.reason})", *where, *meant]), file, line.line)


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
