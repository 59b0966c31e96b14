"""Where a check shows besides standard output: each target written for itself, so that one that fails costs no other."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from inception_analyzer.errors import FAILED, AnalyzerError
from inception_analyzer.report.write import check_target, write_file

if TYPE_CHECKING:
    from inception_analyzer.report.checked import Told

SUMMARY, ACTIONS, WORKSPACE = "GITHUB_STEP_SUMMARY", "GITHUB_ACTIONS", "GITHUB_WORKSPACE"
LEAST = 2**11  # bytes in which a verdict can be said

Text = tuple[str | None, Callable[[], str]]
"""A target that may have been asked for, and what makes its text."""

Comment = Annotated[
    str | None, typer.Option("--comment", metavar="FILE", help="The body of a pull request's one comment, in Markdown.")
]
Tests = Annotated[str | None, typer.Option("--junit", metavar="FILE", help="JUnit XML: a case for each limit.")]
Metrics = Annotated[str | None, typer.Option("--gitlab", metavar="FILE", help="OpenMetrics text, as GitLab compares it.")]


class OverwritingError(AnalyzerError):
    """A target in whose place something else lies or is to lie."""


@dataclass(frozen=True, slots=True)
class Targets:
    """The files that were asked for; a runner's own are found in its environment."""

    comment: str | None
    junit: str | None
    gitlab: str | None
    new: str | None  # the baseline as it would be now
    output: str = "-"

    @property
    def asked(self) -> dict[str, str]:
        """Every file by its option."""
        files = {"--comment": self.comment, "--junit": self.junit, "--gitlab": self.gitlab, "--write-new": self.new}
        found = {option: target for option, target in files.items() if target is not None}
        return found | ({"--output": self.output} if self.output != "-" else {})

    def check(self, baseline: Path) -> None:
        """Refuse what cannot be written, one file for two, and the baseline, before anything is counted."""
        seen: dict[str, str] = {}
        for option, target in self.asked.items():
            check_target(target)
            if target == "-":
                raise AnalyzerError(f"{option} needs a file: standard output has the answer", word="-")
            other = next((one for one, place in seen.items() if _is_same(Path(place), Path(target))), None)
            if other is not None:
                what = f"{other} and {option} would write over one another"
                raise OverwritingError(what, ("both name", target), ("instead", "a file for each"), word=target)
            seen[option] = target
        self.keep_off(baseline)

    def keep_off(self, baseline: Path) -> None:
        """Refuse the baseline and what is kept of machines beside it: only an update may write them."""
        kept = re.compile(rf"{re.escape(baseline.stem)}\.[0-9a-f]{{12}}{re.escape(baseline.suffix)}")
        for option, target in self.asked.items():
            path = Path(target)
            beside = kept.fullmatch(path.name) and _is_same(path.parent, baseline.parent)
            if _is_same(path, baseline) or beside:
                what = f"{option} would write over {'the costs that are kept in' if beside else 'the baseline'} {target}"
                raise OverwritingError(what, ("instead", "another file, or check --update"), word=target)


def _is_same(one: Path, other: Path) -> bool:
    """Whether two names are of one file, which may be there or not; a device takes whatever it is given."""
    if any(path.exists() and not (path.is_file() or path.is_dir()) for path in (one, other)):
        return False
    return one.resolve() == other.resolve() or (one.exists() and other.exists() and one.samefile(other))


def publish(told: Told, targets: Targets, baseline: Path, renewed: Callable[[], str]) -> int | None:
    """Every target written, `renewed` to that of the new baseline; the exit code where one could not be."""
    from inception_analyzer.report.gated import annotations, comment, junit, metrics

    if os.environ.get(ACTIONS):
        for line in annotations.commands(told, _in_workspace(baseline)):
            typer.echo(line, err=True)
    texts: tuple[Text, ...] = (
        (targets.comment, lambda: comment.comment(told)),
        (targets.junit, lambda: junit.junit(told)),
        (targets.gitlab, lambda: metrics.metrics(told)),
        (targets.new, renewed),
    )
    return _write(texts, lambda room: comment.summary(told, room))


def publish_problem(error: AnalyzerError, targets: Targets, baseline: Path, renewed: Callable[[], str] | None) -> None:
    """What kept the check from being made, in the places where its answer would stand; a first baseline, if one can be."""
    from inception_analyzer.report.gated import annotations, comment, junit, metrics

    if os.environ.get(ACTIONS):
        typer.echo(annotations.of_error(error, _in_workspace(baseline)), err=True)
    texts: tuple[Text, ...] = (
        (targets.comment, lambda: comment.problem_comment(error)),
        (targets.junit, lambda: junit.problem(error)),
        (targets.gitlab, metrics.problem),
        *([(targets.new, renewed)] if renewed is not None else []),
    )
    _write(texts, lambda room: comment.problem_summary(error, room))


def _write(texts: Sequence[Text], summary: Callable[[int], str]) -> int | None:
    code, written = None, []
    for target, text in texts:
        if target is None:
            continue
        try:
            write_file(Path(target), text())
            written.append(target)
        except AnalyzerError as error:
            typer.echo(f"error: {error}", err=True)
            code = FAILED
    try:
        _append(summary)
    except OSError as error:
        typer.echo(f"error: cannot write {os.environ[SUMMARY]}: {error.strerror}", err=True)
        code = FAILED
    if code and written:
        typer.echo(f"written: {', '.join(written)}", err=True)
    return code


def _append(summary: Callable[[int], str]) -> None:
    """The runner's summary belongs to all commands of a step: what is there already takes its part of the room."""
    from inception_analyzer.report.gated.comment import SUMMARY as MOST

    name = os.environ.get(SUMMARY)
    if not name:
        return
    with open(name, "ab") as file:
        room = MOST - file.tell()
        if room < LEAST:
            typer.echo(f"{name} is full: what the check found is not in it", err=True)
        else:
            file.write((("\n" if file.tell() else "") + summary(room - 1)).encode())


def _in_workspace(baseline: Path) -> str:
    """The baseline as the runner knows it: relative to the checkout."""
    path, root = baseline.resolve(), os.environ.get(WORKSPACE)
    if root and path.is_relative_to(Path(root).resolve()):
        return path.relative_to(Path(root).resolve()).as_posix()
    return Path(os.path.relpath(path)).as_posix()
