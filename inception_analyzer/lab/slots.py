"""The other end of a comparison of two revisions: builds one network at a time and times a slot of it whenever it is asked.

What goes over the line is as small as can be, because the two ends may be of different versions: a line of JSON each way,
where keys that are not known are passed over.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import fields
from typing import Any

from inception_analyzer.errors import AnalyzerError
from inception_analyzer.expressions import load
from inception_analyzer.lab.abilities import ability_doubts, refuse_impossible
from inception_analyzer.lab.ceilings import settings
from inception_analyzer.lab.clock import Clock, clock_for
from inception_analyzer.lab.measure import clean, device_for, reason
from inception_analyzer.lab.pairing import slot_seconds, warm
from inception_analyzer.lab.phases import must_be_finite, subject
from inception_analyzer.lab.subject import Subject
from inception_analyzer.timings import Setup
from inception_analyzer.version import VERSION

PROTOCOL = 1

REFUSED = (RuntimeError, ValueError, TypeError, KeyError, OSError, MemoryError, AnalyzerError)


class Booth:
    """One network in one phase, warmed and ready; the next that is built takes its place."""

    def __init__(self) -> None:
        self.subject: Subject | None = None
        self.clock: Clock | None = None
        self.settings = ExitStack()

    def build(self, expression: str, setup: Mapping[str, Any]) -> dict[str, Any]:
        """The seconds of a call after the warm-up, alone and with what goes before it, and those that a slot should last."""
        known = {field.name for field in fields(Setup)}
        asked = Setup(
            **{name: value for name, value in setup.items() if name in known} | {"device": device_for(setup["device"])}
        )
        refuse_impossible(asked)
        self.subject = None
        clean(asked.device)
        self.settings.close()
        self.settings.enter_context(settings(asked.dtype, asked.threads, autotune=asked.autotune))
        network = load(expression)
        self.subject, self.clock = subject(network, asked, network.input), clock_for(asked)
        must_be_finite(self.subject)
        pace = warm(self.subject, self.clock)
        return {
            "seconds": pace.seconds,
            "whole": pace.whole,
            "slot": slot_seconds(self.subject),
            "doubts": ability_doubts(asked),
        }

    def slot(self, calls: int) -> dict[str, Any]:
        """The seconds of a call in a slot of so many."""
        assert self.subject is not None
        assert self.clock is not None
        return {"seconds": self.clock.slot(self.subject, calls).seconds}

    def answer(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """A request answered, or refused with its reason: then others may be asked for."""
        try:
            if asked["do"] == "slot":
                return self.slot(asked["calls"])
            return self.build(asked["expression"], asked["setup"])
        except REFUSED as error:
            return {"refused": reason(error)}


def main() -> None:
    """Standard output is for answers alone; the end of standard input is that of whoever asks, and so of this process."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    booth, said = Booth(), {"protocol": PROTOCOL, "program": VERSION}
    answers.write(json.dumps(said) + "\n")
    answers.flush()
    for line in sys.stdin:
        answers.write(json.dumps(booth.answer(json.loads(line))) + "\n")
        answers.flush()
