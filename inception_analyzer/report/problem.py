"""An error as its reader sees it: what is the matter, the word at fault, and a way out."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from inception_analyzer.errors import AnalyzerError
from inception_analyzer.report.terminal import Line, Surface, paint


def render(error: AnalyzerError, command: Sequence[str], surface: Surface) -> str:
    """One line, the command with the word underlined, and the facts."""
    lines: list[Line] = [[("error: ", "error"), (error.what, "")]]
    lines += _underlined(error.word, command)
    if error.facts:
        room = max(len(label) for label, _ in error.facts)
        lines.append([])
        lines += [[("  ", ""), (label.ljust(room + 3), "dim"), (text, "")] for label, text in error.facts]
    return paint(lines, surface)


def _underlined(word: str, command: Sequence[str]) -> list[Line]:
    if not word or word not in command:
        return []
    before = " ".join(shlex.quote(part) for part in command[: command.index(word)])
    shown = shlex.quote(word)
    line = " ".join(shlex.quote(part) for part in command)
    return [[], [(f"    {line}", "")], [(" " * (5 + len(before)) + "^" * len(shown), "error")]]
