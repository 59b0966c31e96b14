"""An error as its reader sees it: what is the matter, the word at fault, and a way out."""

from __future__ import annotations

import shlex
import textwrap
from collections.abc import Sequence

from inception_analyzer.errors import AnalyzerError
from inception_analyzer.report.columns import Line
from inception_analyzer.report.terminal import Surface, broken, paint


def render(error: AnalyzerError, command: Sequence[str], surface: Surface) -> str:
    """One line, the command with the word underlined, and the facts."""
    first, *more = broken(error.what, surface.width - len("error: "))
    lines: list[Line] = [[("error: ", "error"), (first, "")], *([("       " + text, "")] for text in more)]
    lines += _underlined(error.word, command)
    if error.facts:
        room = max(len(label) for label, _ in error.facts) + 5
        lines.append([])
        for label, text in error.facts:
            pieces = textwrap.wrap(text, max(20, surface.width - room), break_long_words=False, break_on_hyphens=False) or [""]
            lines.append([(f"  {label}".ljust(room), "dim"), (pieces[0], "")])
            lines += [[(" " * room + piece, "")] for piece in pieces[1:]]
    return paint(lines, surface)


def _underlined(word: str, command: Sequence[str]) -> list[Line]:
    if not word or word not in command:
        return []
    before = " ".join(shlex.quote(part) for part in command[: command.index(word)])
    shown = shlex.quote(word)
    line = " ".join(shlex.quote(part) for part in command)
    return [[], [(f"    {line}", "")], [(" " * (5 + len(before)) + "^" * len(shown), "error")]]
