"""Says what is being worked on: one line on a terminal that is gone at the end, elsewhere a line at each end."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from inception_analyzer.report.measured import PHASE_WORDS, ratio_text, timed_texts
from inception_analyzer.report.style import to_ascii
from inception_analyzer.report.terminal import DESIGN_WIDTH, surface_of
from inception_analyzer.stats import median_interval
from inception_analyzer.timings import Failure, Measurement, Progress

T = TypeVar("T")

ERASE = "\r\x1b[K"
BAR = 10
EVERY = 0.1  # seconds between two states of the line


def progress(items: Sequence[T], doing: str) -> Iterator[T]:
    """The items, each announced; silent where nobody watches."""
    watched = _watched()
    try:
        for number, item in enumerate(items, 1):
            if watched:
                _say(f"{doing}  {number} of {len(items)}")
            yield item
    finally:
        if watched:
            _say("")


class Whole:
    """Follows several steps and what is timed in them: one line on a terminal that is gone at the end, a line each in a log.

    `seconds` are what each step may take by the clock, from which the time that is left of the whole is known.
    """

    def __init__(self) -> None:
        self.watched = _watched()
        self.seconds: Sequence[float] = ()
        self.title, self.number, self.most = "", 0, 0
        self.begun = self.said = time.monotonic()

    def __enter__(self) -> Whole:
        return self

    def __exit__(self, *_: object) -> None:
        if self.watched:
            _say("")

    def announce(self, title: str, number: int, most: int) -> None:
        """A step begins."""
        self.title, self.number, self.most = title, number, most
        self.begun = time.monotonic()
        if self.watched:
            self._line(title, "", 0.0)
        else:
            sys.stderr.write(f"{number} of {most}  {title}\n")

    def round(self, now: Progress) -> None:
        """Before the first round of a measurement in this step and after each."""
        if not self.watched or (now.number and time.monotonic() - self.said < EVERY):
            return
        told = f"  round {now.number}/{now.most}" if now.number else "  getting ready"
        estimate = f"  {ratio_text(now.estimate)}" if now.estimate else ""
        self._line(": ".join(filter(None, [self.title, _together(now.names)])), told + estimate, now.left)

    def _line(self, what: str, state: str, least: float) -> None:
        """Where a step runs over its seconds, at least the rest of what is timed just now is left of it."""
        self.said = time.monotonic()
        here = max(least, sum(self.seconds[self.number - 1 : self.number]) - (self.said - self.begun))
        left = max(0.0, here) + sum(self.seconds[self.number :])
        more = f"  {_minutes(left)} left" if left >= 1 else ""
        _say(f"{_bar(self.number - 1, self.most)}  {self.number}/{self.most}  {what}", state + more)


class Watch:
    """Follows a measurement: what runs, how far it is, the estimate so far, and the time left.

    Without names somebody else says what runs, who alone knows what is to come.
    """

    def __init__(self, names: Sequence[str], later: float = 0.0) -> None:
        self.watched = _watched()
        self.begun = self.said = time.monotonic()
        self.where = ""
        self.turn_to(names, later)

    def turn_to(self, names: Sequence[str], later: float) -> None:
        """What is measured from now on, and the seconds of what is to come after it."""
        self.names, self.later = ", ".join(names), later

    def round(self, now: Progress) -> None:
        """Before the first round and after each; the line changes ten times a second at most."""
        moment = time.monotonic()
        if not self.watched or (now.number and moment - self.said < EVERY):
            return
        self.said = moment
        left = f"  {_minutes(now.left + self.later)} left" if self.names else ""
        _say(f"timing {self.names}", f"{self.where}, {now.phase}  {_state(now)}{left}")

    def process(self, number: int, of: int, each: float) -> Callable[[Progress], None]:
        """Follows one of several processes of so many seconds from its start."""
        self.where = f", process {number} of {of}"
        self.later = (of - number) * each
        if not self.watched:
            sys.stderr.write(f"timing {self.names}{self.where}   {_minutes(time.monotonic() - self.begun)}\n")
        return self.round

    def done(self, row: Measurement | Failure) -> None:
        """A line for each finished network where the error stream is a log."""
        self.log(_finished(row))

    def log(self, line: str) -> None:
        """The same for whatever else is finished."""
        if not self.watched:
            sys.stderr.write(f"{line}   {_minutes(time.monotonic() - self.begun)}\n")
            sys.stderr.flush()

    def close(self) -> None:
        """Leave no trace on a terminal."""
        if self.watched:
            _say("")


def _together(names: Sequence[str]) -> str:
    """What is measured together; of two, whose names may have commas, the second against the first."""
    plain = [name.removeprefix("operation: ") for name in names]
    return f"{plain[1]} against {plain[0]}" if len(plain) == 2 else ", ".join(plain)


def _finished(row: Measurement | Failure) -> str:
    if isinstance(row, Failure):
        return f"not timed {row.expression}, {PHASE_WORDS[row.setup.phase]}, batch {row.setup.batch}: {row.reason}"
    sample = row.sample
    time, spread = timed_texts(median_interval(sample.seconds))
    what = f"{sample.expression}, {PHASE_WORDS[sample.setup.phase]}, batch {sample.setup.batch}"
    return f"timed {what}   {time} {spread}   {len(sample.seconds)} rounds"


def _state(now: Progress) -> str:
    if not now.number:
        return "getting ready"
    told = f"  {ratio_text(now.estimate)}" if now.estimate else ""
    return f"{_bar(now.number, now.most)}  {now.number} of {now.most}{told}"


def _bar(done: int, of: int) -> str:
    full = BAR * done // of
    return "━" * full + "─" * (BAR - full)


def _minutes(seconds: float) -> str:
    """`1:05`."""
    whole = round(seconds)
    return f"{whole // 60}:{whole % 60:02d}"


def _watched() -> bool:
    """Whether somebody sees the line change: a terminal that can erase it."""
    return sys.stderr.isatty() and os.environ.get("TERM") != "dumb"


def _say(text: str, more: str = "") -> None:
    """A line in place of the one before; the first part gives way, as what wraps could never be erased."""
    room = _room() - len(more)
    whole = (text if len(text) <= room else f"{text[: max(0, room - 1)]}…") + more
    shown = whole[: _room()]
    sys.stderr.write(ERASE + (shown if surface_of(sys.stderr).unicode else to_ascii(shown)))
    sys.stderr.flush()


def _room() -> int:
    """Signs on a line of the error stream, whatever COLUMNS says of the answer."""
    try:
        columns = os.get_terminal_size(sys.stderr.fileno()).columns
    except (OSError, ValueError):
        columns = 0
    return (columns or DESIGN_WIDTH) - 1
