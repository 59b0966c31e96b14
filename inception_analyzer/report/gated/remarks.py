"""What is to be said of a row besides its figures: intervals, reasons, doubts and waivers, each said once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from inception_analyzer.gates.check import Line
from inception_analyzer.gates.metrics import MEASURED
from inception_analyzer.report.gated.words import subject_text
from inception_analyzer.report.measured import ratio_text
from inception_analyzer.report.quantity import listed

# Reasons that the row tells itself.
PLAIN = ("beyond what it may grow", "beyond its budget", "better than the baseline, which has to be accepted")


def remark(line: Line) -> str:
    """What is to be said of a line: the interval that it was judged by, and its reason."""
    between = between_text(line)
    if between:
        between += " as long" if line.metric.startswith("latency") else " as much"
    return "; ".join(filter(None, (between, reason_text(line))))


def remarks(lines: Iterable[Line], say: Callable[[Line], str] = remark, most: int | None = None) -> list[str]:
    """Each remark once, after all the lines that it is about, or so many of them."""
    about: dict[str, list[str]] = {}
    for line in lines:
        if told := say(line):
            about.setdefault(told, []).append(subject_text(line))
    return [f"{_some(names, most)}: {told}" for told, names in about.items()]


def _some(names: Sequence[str], most: int | None) -> str:
    left = len(names) - most if most is not None else 0
    return f"{', '.join(names[:most])} and {left} more" if left > 0 else listed(names)


def between_text(line: Line) -> str:
    """Between which ratios a measured line lies; nothing where that is not known."""
    return ratio_text(line.ratio) if line.ratio is not None and line.ratio.low < line.ratio.high else ""


def reason_text(line: Line) -> str:
    """Why it is so, where the row does not tell it itself."""
    return "" if line.reason in PLAIN else line.reason


def counted_text(lines: Iterable[Line]) -> str:
    """How whatever is shown was found out."""
    measured = {line.metric in MEASURED for line in lines if line.metric and line.after is not None}
    if True not in measured:
        return "counted exactly"
    return "counts exact and the rest measured" if False in measured else "measured"
