"""Costs that are stored beside a test, as baselines are: compared in every run, written only when that is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from inception_analyzer.errors import AnalyzerError
from inception_analyzer.files import write_file
from inception_analyzer.gates.baseline import Baseline, Model, of_models
from inception_analyzer.gates.check import FAILING, Line, check
from inception_analyzer.gates.metrics import words_of
from inception_analyzer.gates.reading import from_text, to_text
from inception_analyzer.gates.rules import Rules, parse_tolerance
from inception_analyzer.report.gated.words import change_text, value_texts
from inception_analyzer.report.quantity import signed
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
        rules = Rules(tuple(parse_tolerance(metric, str(amount)) for metric, amount in tolerances.items()))
        now = costed(model, input, name or (model if isinstance(model, str) else ""), self.test.parent).model
        if self.update:
            self._write(now)
            return
        known = self._read()
        if now.name not in known.models:
            raise AssertionError(f"no costs of {now.name} are stored in {self.file.name}: pytest {UPDATE} stores them")
        failing = [line for line in check(known, [now], rules, date.today(), partial=True).lines if line.outcome in FAILING]
        if failing:
            raise AssertionError(told(now.name, failing, self.file.name))

    def _read(self) -> Baseline:
        if not self.file.exists():
            return Baseline({})
        return from_text(self.file.read_bytes().decode("utf-8", errors="replace"), self.file.name)

    def _write(self, now: Model) -> None:
        before = self.written.setdefault((self.file, now.name), now)
        if before != now:
            two = ("instead", "a name for each: costs.check(model, name='small')")
            raise AnalyzerError(f"two models are called {now.name} in {self.test.name}", two)
        models: Mapping[str, Model] = {**self._read().models, now.name: now}
        write_file(self.file, to_text(of_models(models.values(), VERSION)))


def told(name: str, failing: list[Line], file: str) -> str:
    """What grew, by how much, where, and how to accept it."""
    width = max(len(words_of(line.metric)) for line in failing)
    lines = [f"{name} costs more than {file} says"]
    for line in failing:
        before, after = value_texts(line.metric, [line.before or 0, line.after or 0])
        lines.append(f"  {words_of(line.metric):{width}}  {before} -> {after}  {change_text(line)}")
    first = next((line for line in failing if line.changes), None)
    if first is not None:
        lines.append(f"  where the {words_of(first.metric)} are")
        wide = max(len(one.path) for one in first.changes[:SHOWN])
        lines += [f"    {one.path:{wide}}  {signed(round(one.difference)):>9}" for one in first.changes[:SHOWN]]
        lines += [f"    and {len(first.changes) - SHOWN} layers more"] if len(first.changes) > SHOWN else []
    return "\n".join([*lines, f"  if that is meant: pytest {UPDATE}, and commit {file}"])
