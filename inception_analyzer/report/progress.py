"""Says what is being worked on: one line on a terminal that is gone at the end, elsewhere a line at each end."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

from inception_analyzer.report.measured import PHASE_WORDS, interval_text, ratio_text, time_text
from inception_analyzer.stats import Interval, median_interval, summary
from inception_analyzer.timings import Failure, Measurement

T = TypeVar("T")

ERASE = "\r\x1b[K"
BAR = 14
EVERY = 0.1  # seconds between two states of the line


def progress(items: Sequence[T], doing: str) -> Iterator[T]:
    """The items, each announced; silent where nobody watches."""
    watched = sys.stderr.isatty()
    try:
        for number, item in enumerate(items, 1):
            if watched:
                _say(f"{doing}  {number} of {len(items)}")
            yield item
    finally:
        if watched:
            _say("")


@contextmanager
def steps() -> Iterator[Callable[[str, int, int], None]]:
    """Says which of several steps begins: one line on a terminal that is gone at the end, a line each in a log."""
    watched = sys.stderr.isatty()

    def announce(title: str, number: int, most: int) -> None:
        bar = "━" * (BAR * (number - 1) // most) + "─" * (BAR - BAR * (number - 1) // most)
        if watched:
            _say(f"{bar}  {number} of {most}  {title}")
        else:
            sys.stderr.write(f"{number} of {most}  {title}\n")

    try:
        yield announce
    finally:
        if watched:
            _say("")


class Watch:
    """Follows a measurement: what runs, how far it is, and the estimate so far."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = ", ".join(names)
        self.where = ""
        self.watched = sys.stderr.isatty()
        self.begun = self.said = time.monotonic()

    def turn_to(self, names: Sequence[str]) -> None:
        """What is measured from now on."""
        self.names = ", ".join(names)

    def round(self, phase: str, number: int, most: int, estimate: Interval | None) -> None:
        """After each round; the line changes ten times a second at most."""
        now = time.monotonic()
        if not self.watched or now - self.said < EVERY:
            return
        self.said = now
        full = BAR * number // most
        bar = "━" * full + "─" * (BAR - full)
        told = f"  {ratio_text(estimate)} so far" if estimate else ""
        _say(f"timing {self.names}{self.where}, {phase}  {bar}  round {number} of at most {most}{told}")

    def process(self, number: int, of: int) -> Callable[[str, int, int], None]:
        """Follows one of several processes from its start."""
        self.where = f", process {number} of {of}"
        if not self.watched:
            sys.stderr.write(f"timing {self.names}{self.where}   {self._clock()}\n")
        return lambda phase, round_number, most: self.round(phase, round_number, most, None)

    def done(self, row: Measurement | Failure) -> None:
        """A line for each finished network where the error stream is a log."""
        if self.watched:
            return
        sys.stderr.write(f"{_finished(row)}   {self._clock()}\n")

    def _clock(self) -> str:
        minutes, seconds = divmod(int(time.monotonic() - self.begun), 60)
        return f"{minutes}:{seconds:02d}"

    def close(self) -> None:
        """Leave no trace on a terminal."""
        if self.watched:
            _say("")


def _finished(row: Measurement | Failure) -> str:
    if isinstance(row, Failure):
        return f"not timed {row.expression}, {PHASE_WORDS[row.setup.phase]}: {row.reason}"
    sample = row.sample
    spread = interval_text(median_interval(sample.seconds), 1000)
    what = f"{sample.expression}, {PHASE_WORDS[sample.setup.phase]}, batch {sample.setup.batch}"
    return f"timed {what}   {time_text(summary(sample.seconds).median)} {spread}   {len(sample.seconds)} rounds"


def _say(text: str) -> None:
    sys.stderr.write(f"{ERASE}{text}")
    sys.stderr.flush()
