"""The other end of a fresh process: reads one request, does it, and answers row by row until its asker is gone."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import IO, Any

from inception_analyzer.errors import FINE, INTERRUPTED, AnalyzerError
from inception_analyzer.lab import peak
from inception_analyzer.lab.fresh import DONE, ROUND, ROW, Row
from inception_analyzer.lab.measure import measure
from inception_analyzer.lab.pairing import Report
from inception_analyzer.lab.wire import from_line, to_line
from inception_analyzer.timings import Progress

EVERY = 0.2  # seconds between two words on how far it is, as they are said between timed slots


def main() -> None:
    """Standard output is for answers alone; whatever libraries print goes to standard error."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who asked decides what an interruption means
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    request = from_line(sys.stdin.readline())
    threading.Thread(target=_end_with_the_asker, daemon=True).start()
    try:
        for row in answered(request, _said(answers)):
            _say(answers, ROW, row)
        _say(answers, DONE)
        code = FINE
    except AnalyzerError as error:
        sys.stderr.write(f"{error.what}\n")
        code = error.code
    _leave(code)


def answered(request: dict[str, Any], report: Report) -> Iterator[Row]:
    """The rows that a request asks for."""
    if request["task"] == peak.TASK:
        yield from (peak.measured_peak(one, setup) for setup in request["setups"] for one in request["entrants"])
    else:
        yield from measure(request["entrants"], request["setups"], report)


def _said(answers: IO[str]) -> Report:
    """Tells the rounds, now and then; estimates are for who knows all processes."""
    last = [0.0]

    def round_done(now: Progress) -> None:
        if time.monotonic() - last[0] >= EVERY:
            last[0] = time.monotonic()
            _say(answers, ROUND, replace(now, estimate=None))

    return round_done


def _say(answers: IO[str], *words: object) -> None:
    answers.write(to_line(words))
    answers.flush()


def _leave(code: int) -> None:
    """At once: the thread that waits for the asker's end would hold up an orderly one."""
    sys.stderr.flush()
    os._exit(code)


def _end_with_the_asker() -> None:
    """Standard input stays open as long as somebody waits for answers."""
    while os.read(0, 1):
        pass
    os._exit(INTERRUPTED)
