"""Costs that are stored beside a test, as baselines are: compared in every run, written only when that is asked for."""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from inception_analyzer.errors import AnalyzerError
from inception_analyzer.files import write_file
from inception_analyzer.gates.baseline import Baseline, Model, of_models
from inception_analyzer.gates.check import FAILING, OPEN, UNDECIDABLE, Line, check
from inception_analyzer.gates.metrics import METRICS, words_of
from inception_analyzer.gates.reading import UnusableError, from_text, to_text
from inception_analyzer.gates.rules import Rule, Rules, parse_tolerance
from inception_analyzer.report.gated.words import change_text, difference_text, known_texts
from inception_analyzer.report.quantity import many
from inception_analyzer.testing.subjects import costed
from inception_analyzer.version import VERSION

SUFFIX = ".costs.json"
UPDATE = "--update-costs"
SHOWN = 5  # layers


@dataclass(frozen=True, slots=True)
class Costs:
    """The costs of one test file; `update` is whether what is found is to be stored, `written` what was in this run."""

    test: Path
    update: bool = False
    written: dict[tuple[Path, str], Model] = field(default_factory=dict)

    @property
    def file(self) -> Path:
        return self.test.with_suffix(SUFFIX)

    def check(self, model: object, *, input: object = None, name: str = "", **tolerances: str | int) -> None:
        """Compare with what is stored: `costs.check("v3", macs="1%")`; without tolerances nothing may grow."""
        __tracebackhide__ = True
        try:
            complaint = self._complaint(model, input, name, tolerances)
        except AnalyzerError as error:
            raise error.with_traceback(None) from None
        if complaint:
            raise AssertionError(complaint)

    def _complaint(self, model: object, input: object, name: str, tolerances: Mapping[str, str | int]) -> str:
        """What is wrong with what is stored; nothing where it is kept, or written anew."""
        rules = Rules(tuple(_tolerance(metric, str(amount)) for metric, amount in tolerances.items()))
        now = costed(model, input, name or (model if isinstance(model, str) else ""), self.test.parent).model
        if self.update:
            self._write(now)
            return ""
        known = self._read()
        if now.name not in known.models:
            return f"no costs of {now.name} are stored in {self.file.name}: pytest {UPDATE} stores them"
        lines = check(known, [now], rules, date.today(), partial=True).lines
        failing = [line for line in lines if line.outcome in (*FAILING, *UNDECIDABLE, *OPEN)]
        return told(now.name, failing, self.file.name) if failing else ""

    def _read(self) -> Baseline:
        if not self.file.exists():
            return Baseline({})
        try:
            text = self.file.read_bytes().decode("utf-8", errors="replace")
        except OSError as error:
            raise AnalyzerError(f"cannot read {self.file.name}: {(error.strerror or '').lower()}") from None
        restore = f"git checkout HEAD -- {shlex.quote(os.path.relpath(self.file))}"
        return from_text(text, self.file.name, f"pytest {UPDATE}", restore)

    def _stored(self) -> Mapping[str, Model]:
        """What stays in a file that is written anew; of one that cannot be read, nothing."""
        try:
            return self._read().models
        except UnusableError:
            return {}

    def _write(self, now: Model) -> None:
        before = self.written.setdefault((self.file, now.name), now)
        if before != now:
            two = ("instead", "a name for each: costs.check(model, name='small')")
            raise AnalyzerError(f"two models are called {now.name} in {self.test.name}", two)
        models: Mapping[str, Model] = {**self._stored(), now.name: now}
        write_file(self.file, to_text(of_models(models.values(), VERSION)))


def _tolerance(metric: str, amount: str) -> Rule:
    """A test has no clock."""
    rule = parse_tolerance(metric, amount)
    if not any(rule.speaks_of(name, "") for name in METRICS):
        raise AnalyzerError(f"{metric} is measured, and a test counts", ("metrics", "  ".join(METRICS)))
    return rule


def told(name: str, failing: list[Line], file: str) -> str:
    """What grew, by how much, where, and how to accept it; and what cannot be compared."""
    width = max(len(words_of(line.metric)) for line in failing)
    more = any(line.outcome in FAILING for line in failing)
    lines = [f"{name} {'costs more than' if more else 'cannot be compared with what'} {file} says"]
    lines += [f"  {words_of(line.metric):{width}}  {_told(line)}" for line in failing]
    first = next((line for line in failing if line.changes), None)
    if first is not None:
        lines.append(f"  where the {words_of(first.metric)} are")
        wide = max(len(one.path) for one in first.changes[:SHOWN])
        lines += [f"    {one.path:{wide}}  {difference_text(first.metric, one.difference):>9}" for one in first.changes[:SHOWN]]
        lines += [f"    and {many(len(first.changes) - SHOWN, 'more layer')}"] if len(first.changes) > SHOWN else []
    return "\n".join([*lines, f"  if that is meant: pytest {UPDATE}, and commit {file}"])


def _told(line: Line) -> str:
    before, after = known_texts(line.metric, line.before, line.after)
    if line.before is None:
        return f"not stored, now {after}"
    return f"{before} -> {after}  {change_text(line)}" if line.after is not None else f"{before} stored, now not counted"
