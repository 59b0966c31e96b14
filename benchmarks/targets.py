"""What benchmarks print alike: one answer out of their parts, how many targets are met, and whether one is."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from importlib.metadata import version
from typing import Protocol

from inception_analyzer.report.document import Cell, Document, Flat, Note, Table
from inception_analyzer.report.quantity import many


class Judged(Protocol):
    """A measured line that may have a target."""

    @property
    def name(self) -> str: ...
    @property
    def target(self) -> object | None: ...
    @property
    def met(self) -> bool | None: ...


def answer(title: str, conditions: Sequence[str], lines: Sequence[Judged], sections: Sequence[Table | Note]) -> Document:
    """All parts as one answer, under what holds for them on this machine."""
    here = (f"Python {platform.python_version()}", f"torch {version('torch').partition('+')[0]}")
    return Document(
        command="benchmark",
        title=title,
        conditions=" · ".join([*conditions, *here]),
        finding=(f"*{finding([line for line in lines if line.target])}*",),
        sections=tuple(sections),
        flat=lambda: Flat((), ()),
        data=dict,
    )


def finding(judged: Sequence[Judged]) -> str:
    """How many targets are met, and which are not."""
    missed = [line.name for line in judged if not line.met]
    if not judged:
        return "Nothing was measured that has a target."
    told = f"{len(judged) - len(missed)} of {many(len(judged), 'target')} met"
    return f"{told}; missed: {', '.join(missed)}." if missed else f"{told}."


def verdict(met: bool | None) -> Cell:
    """Whether a target is met; nothing where there is none."""
    return Cell("") if met is None else Cell("yes", "good") if met else Cell("no", "error")
