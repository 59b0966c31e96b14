"""What is to be doubted about times: once what holds everywhere, once what holds for all of a setup, then each by itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby

from inception_analyzer.report.document import Note
from inception_analyzer.report.quantity import listed
from inception_analyzer.timings import Failure, Measurement, kind_of

Group = list[Measurement]
"""The networks of one setup."""


def notes(rows: Sequence[Measurement | Failure], phase_of: Callable[[Measurement], str]) -> tuple[Note, ...]:
    """All doubts of these rows; `phase_of` says how a phase and its batch are called."""
    measured = [entry for entry in rows if isinstance(entry, Measurement)]
    groups = [list(group) for _, group in groupby(measured, key=lambda entry: entry.sample.setup)]
    everywhere = _everywhere(groups)
    lines = [f"everywhere: {'; '.join(everywhere.values())}"] if everywhere else []
    for group in groups:
        lines += _of_setup(group, phase_of(group[0]), everywhere)
    return (Note(("*doubts*", *lines), ""),) if lines else ()


def _everywhere(groups: Sequence[Group]) -> dict[str, str]:
    """By kind what is doubted of every network in every one of several setups, in the words of the first."""
    entries = [entry for group in groups for entry in group]
    if len(groups) < 2:
        return {}
    kinds = set.intersection(*(set(map(kind_of, entry.doubts)) for entry in entries))
    return {
        kind_of(doubt): doubt if all(doubt in entry.doubts for entry in entries) else f"{doubt}, or alike"
        for doubt in entries[0].doubts
        if kind_of(doubt) in kinds
    }


def _of_setup(group: Group, phase: str, everywhere: dict[str, str]) -> list[str]:
    """What all networks of a setup share, then what each has of its own."""
    left = [[doubt for doubt in entry.doubts if kind_of(doubt) not in everywhere] for entry in group]
    shared = [doubt for doubt in left[0] if len(group) > 1 and all(doubt in doubts for doubts in left)]
    names = [entry.sample.expression for entry in group]
    lines = [f"{listed(names)}, {phase}: {'; '.join(shared)}"] if shared else []
    for name, doubts in zip(names, left, strict=True):
        own = [doubt for doubt in doubts if doubt not in shared]
        lines += [f"{name}, {phase}: {'; '.join(own)}"] if own else []
    return lines
