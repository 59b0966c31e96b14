"""What an earlier run of the same machine has measured already, and what this one adds: raw rows by step and by question."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from inception_analyzer.lab.wire import from_line, to_line
from inception_analyzer.timings import Setup


class Kept:
    """Rows that need not be measured again, and those that are handed on; a step that is not done adds nothing.

    Of what was `before` rows are taken; what is only `carried` is there for a later run. Rows are known by `how` they were
    measured too: those of another dtype, of other threads or of another commit stand in no table beside these.
    """

    def __init__(
        self, before: Mapping[str, Any] | None = None, carried: Mapping[str, Any] | None = None, how: str = ""
    ) -> None:
        self.before = before or {}
        self.now = rows_of(carried or {})
        self.how = how

    def get(self, step: str, key: str, measure: Callable[[], Any]) -> Any:  # noqa: ANN401  (whatever was kept)
        """What is kept under this key, or what measuring it now gives."""
        line = self._line(step, key)
        found = measure() if line is None else from_line(line)
        self.put(step, key, found)
        return found

    def put(self, step: str, key: str, found: object) -> None:
        """Keep what was measured."""
        self.now.setdefault(step, {})[self._whole(key)] = to_line(found)

    def has(self, step: str, key: str) -> bool:
        """Whether nothing is left to measure for this."""
        return self._line(step, key) is not None

    def _line(self, step: str, key: str) -> str | None:
        rows = self.before.get(step)
        line = rows.get(self._whole(key)) if isinstance(rows, Mapping) else None
        return line if isinstance(line, str) else None

    def _whole(self, key: str) -> str:
        return f"{key} | {self.how}" if self.how else key


def how_measured(setup: Setup, machine: Mapping[str, Any]) -> str:
    """What has to be the same for rows to stand in one table, the machine aside."""
    program = machine.get("commit") or machine.get("program")
    return f"{setup.device}, {setup.dtype}, {setup.threads} threads, {program}"


def rows_of(kept: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """What of it is rows by step and by question, as they are handed on to a later run."""
    steps = {step: rows for step, rows in kept.items() if isinstance(rows, Mapping)}
    return {step: {key: line for key, line in rows.items() if isinstance(line, str)} for step, rows in steps.items()}
