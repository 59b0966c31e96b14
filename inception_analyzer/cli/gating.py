"""What `check` does beyond counts: costs that are measured here and kept for this machine, and another revision beside it."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from inception_analyzer.asked import Asked, drawn, parse_batches, parse_phases, parse_seconds
from inception_analyzer.choices import Phase
from inception_analyzer.errors import UNDECIDED, AnalyzerError
from inception_analyzer.expressions import resolve
from inception_analyzer.gates.baseline import Baseline, Model
from inception_analyzer.gates.measured import APART, PAIRED
from inception_analyzer.gates.rules import Rules
from inception_analyzer.report.quantity import many
from inception_analyzer.timings import Setup
from inception_analyzer.version import VERSION

if TYPE_CHECKING:
    from inception_analyzer.against.revision import Revision
    from inception_analyzer.against.sides import Sides
    from inception_analyzer.gates.config import Settings
    from inception_analyzer.lab.taken import Taken

Against = Annotated[
    str | None,
    typer.Option("--against", metavar="REV", help="A revision in place of the baseline, timed here too: main, main..., v1.2."),
]
Measuring = Annotated[
    bool | None,
    typer.Option("--measure/--no-measure", help="What the configuration calls measured, by the file of this machine."),
]
Strict = Annotated[bool, typer.Option("--strict", help="Exit 3 where a limit on what is measured could not be told.")]
OfPhases = Annotated[
    str | None, typer.Option("--phase", metavar="PHASE,PHASE", help="What is timed; as configured, or forward, if not said.")
]


@dataclass(frozen=True, slots=True)
class Timing:
    """How whatever is measured was asked for."""

    phase: str | None
    batch: str | None
    device: str
    budget: str
    threads: int

    def setups(self, phases: Sequence[Phase]) -> dict[Phase, Setup]:
        """One for each phase; they share the budget."""
        batches = parse_batches(self.batch) if self.batch is not None else ()
        if len(batches) > 1:
            raise AnalyzerError("a gate has one time for a phase", ("instead", "--batch with one number"), word="--batch")
        setup = Setup(device=self.device, threads=self.threads, seed=drawn(), budget=parse_seconds(self.budget))
        return {one.phase: one for one in Asked(setup, tuple(phases), batches).setups()} if phases else {}

    def metrics(self, settings: Settings, *, default: bool) -> tuple[str, ...]:
        """What is measured: by the phases of the command line, or as the configuration says."""
        if self.phase is not None:
            return tuple(f"latency.{phase}" for phase in parse_phases(self.phase))
        return settings.measured or (("latency.forward",) if default else ())


@dataclass(frozen=True, slots=True)
class Compared:
    """What the gate compares: before, now, the rules with what they leave open filled in, and where before is from."""

    known: Baseline
    now: tuple[Model, ...]
    rules: Rules
    shown: str

    @property
    def all(self) -> tuple[Baseline, tuple[Model, ...], Rules]:
        return self.known, self.now, self.rules


def against(revision: str, names: Sequence[str], settings: Settings, file: Path | None, timing: Timing | None) -> Compared:
    """This checkout and a revision, counted, and timed in turns; the revision's files are gone afterwards."""
    from inception_analyzer.against.git import commit_of, repository
    from inception_analyzer.against.revision import Revision, asked, of_revision
    from inception_analyzer.against.sides import count_both
    from inception_analyzer.against.worktree import worktree

    here = Path.cwd()
    place = repository(settings.root)
    commit = commit_of(place, revision)
    chosen = asked(names, settings, here)
    rules = replace(settings.rules, defaults=PAIRED)
    with worktree(place, commit) as tree:
        name = f"{revision} ({commit[:7]})"
        root, theirs = of_revision(name, tree, place.root, settings, file)
        before = {**({} if names else theirs), **{model: theirs.get(model, words) for model, words in chosen.items()}}
        base = Revision(name, tree, root, before)
        now = Revision("this checkout", place.root, settings.root.resolve(), chosen)
        sides = _told_apart(count_both(base, now))
        if timing is not None:
            sides = _timed(base, now, sides, timing, settings, rules)
        return Compared(sides.base, sides.now, rules, name)


def _told_apart(sides: Sides) -> Sides:
    """A model that the base lacks says why."""
    now = tuple(replace(one, notes={"": sides.lacking[one.name]}) if one.name in sides.lacking else one for one in sides.now)
    return replace(sides, now=now)


def _timed(base: Revision, now: Revision, sides: Sides, timing: Timing, settings: Settings, rules: Rules) -> Sides:
    from inception_analyzer.against.sides import asks_for, time_both, with_times
    from inception_analyzer.report.progress import Watch

    metrics = [metric for metric in timing.metrics(settings, default=True) if metric.startswith("latency.")]
    setups = {f"latency.{phase}": setup for phase, setup in timing.setups(_phases(metrics)).items()}
    plain = {metric: _plain(setup) for metric, setup in setups.items()}
    watches: list[Watch] = []

    def watch(name: str) -> Any:  # noqa: ANN401
        watches.append(Watch([name, base.name]))
        return watches[-1].round

    def tolerance(metric: str, model: str) -> Any:  # noqa: ANN401
        return None if rules.level(metric, model) == "off" else rules.tolerance(metric, model)

    try:
        return with_times(sides, time_both(base, now, list(asks_for(base, sides, plain, tolerance)), watch))
    finally:
        for one in watches[-1:]:
            one.close()


def _plain(setup: Setup) -> Mapping[str, Any]:
    """The few settings that go to the other side, whatever its version."""
    names = ("phase", "batch", "dtype", "device", "threads", "seed", "budget")
    return {name: getattr(setup, name) for name in names}


def _phases(metrics: Sequence[str]) -> tuple[Phase, ...]:
    return parse_phases(",".join(dict.fromkeys(metric.partition(".")[2] for metric in metrics))) if metrics else ()


@dataclass(frozen=True, slots=True)
class Kept:
    """Where the measured costs of this machine are, and what they are measured with."""

    file: Path
    fingerprint: str
    machine: str
    metrics: tuple[str, ...]
    setups: Mapping[Phase, Setup]
    root: Path  # where the configuration lies


def kept(file: Path, settings: Settings, timing: Timing | None) -> Kept | None:
    """The file of this machine beside the baseline, where something is to be measured."""
    if timing is None:
        return None
    from inception_analyzer.lab.machine import costs_key
    from inception_analyzer.lab.measure import device_for

    metrics = timing.metrics(settings, default=False)
    if not metrics:
        example = ("instead", 'measured = ["latency.forward"] in [tool.inception-analyze.check], or --phase forward')
        raise AnalyzerError("nothing to measure", example, word="--measure")
    device = device_for(timing.device)
    setups = {phase: replace(setup, device=device) for phase, setup in timing.setups(_phases(metrics)).items()}
    short, words = costs_key(device, timing.threads, {phase: setup.batch for phase, setup in setups.items()})
    return Kept(file.with_name(f"{file.stem}.{short}{file.suffix}"), short, words, metrics, setups, settings.root)


def placed(expression: str, root: Path) -> str:
    """A file of the configuration lies beside it, wherever the command is run."""
    name, at, passes = expression.partition("@")
    beside = root / name
    there = name.endswith((".words", ".json")) and not Path(name).is_file() and beside.is_file()
    return f"{os.path.relpath(beside)}{at}{passes}" if there else expression


def measured(now: Sequence[Model], place: Kept) -> list[Model]:
    """Models with what is measured of them here."""
    from inception_analyzer.lab.taken import PROCESSES, take
    from inception_analyzer.report.progress import Watch

    networks = {model.name: resolve(placed(model.expression, place.root)).network for model in now}
    watch = Watch(list(networks))
    each = sum(setup.budget for setup in place.setups.values()) / PROCESSES
    try:
        found = take(networks, place.metrics, place.setups, lambda process: watch.process(process, PROCESSES, each))
    finally:
        watch.close()
    return [_with(model, found[model.name]) for model in now]


def _with(model: Model, taken: Taken) -> Model:
    return replace(model, totals={**model.totals, **taken.values}, notes={**model.notes, **taken.notes})


def baseline_of(place: Kept, now: Sequence[Model], known: Baseline) -> Baseline:
    """What is kept of this machine: no counts, which are kept for all; models that were not measured stay."""
    own = {model.name: Model(model.name, model.expression, _only_measured(model)) for model in now}
    models = {**known.models, **{name: model for name, model in own.items() if model.totals}}
    return Baseline(dict(sorted(models.items())), VERSION, place.fingerprint, place.machine)


def _only_measured(model: Model) -> dict[str, int | float]:
    return {name: value for name, value in model.totals.items() if "." in name}


def beside_kept(known: Baseline, now: Sequence[Model], here: Baseline | None, place: Kept, rules: Rules) -> Compared:
    """Counts by the baseline for all, and measured costs by that of this machine; without one nothing needs measuring."""
    rules = replace(rules, defaults=APART)
    if here is None:
        others = len(list(place.file.parent.glob(f"{place.file.name.split('.')[0]}.*{place.file.suffix}")))
        of_others = f", and of {many(others, 'other')}" if others else ""
        why = f"nothing is kept of this machine ({place.fingerprint}){of_others}"
        lost = dict.fromkeys(place.metrics, f"{why}; check --update --measure keeps it, check --against REV needs nothing kept")
        return Compared(known, tuple(replace(model, notes=lost) for model in now), rules, "")
    if here.fingerprint != place.fingerprint:
        found = ("found", f"costs of {here.machine or 'no machine'} ({here.fingerprint or 'no fingerprint'})")
        way_out = ("instead", "inception-analyze check --update --measure")
        raise AnalyzerError(f"{place.file.name} is of another machine", found, way_out, code=UNDECIDED)
    models = {
        name: replace(model, totals={**model.totals, **(_only_measured(here.models[name]) if name in here.models else {})})
        for name, model in known.models.items()
    }
    return Compared(replace(known, models=models), tuple(measured(now, place)), rules, "")
