"""The command that gates: models beside their baseline, and the baseline written anew when that is meant."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from inception_analyzer.cli import accepted, gating
from inception_analyzer.cli.options import Answer, Batches, Budget, Device, Form, Plain, Target, Threads, app
from inception_analyzer.cli.publishing import Comment, Metrics, OverwritingError, Targets, Tests, publish, publish_problem
from inception_analyzer.count import count
from inception_analyzer.errors import DIFFERS, FINE, UNDECIDED, WRONG_USE, AnalyzerError
from inception_analyzer.expressions import resolve
from inception_analyzer.gates import config
from inception_analyzer.gates.baseline import Baseline, Model, model_of
from inception_analyzer.gates.check import check as compare_with
from inception_analyzer.gates.rules import Rule, parse_budget, parse_tolerance
from inception_analyzer.report.checked import Told, document

if TYPE_CHECKING:
    from inception_analyzer.gates.check import Checked, Status
    from inception_analyzer.gates.config import Settings

CODES: dict[Status, int] = {"pass": FINE, "fail": DIFFERS, "undecided": UNDECIDED}

Configuration = Annotated[
    str | None, typer.Option("--config", metavar="FILE", help="A pyproject.toml; the nearest one if not said.")
]
Tolerances = Annotated[
    list[str] | None, typer.Option("--tolerance", metavar="METRIC=AMOUNT", help="How far a metric may grow: macs=1%.")
]
Limits = Annotated[
    list[str] | None, typer.Option("--limit", metavar="METRIC<=AMOUNT", help="What a metric may reach: macs<=6G.")
]


@app.command("check")
def check_command(
    models: Annotated[list[str] | None, typer.Argument(help="Names of the configuration, networks or files.")] = None,
    update: Annotated[bool, typer.Option("--update", help="Write the baseline anew: what is now is meant.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Update where CI is set too.")] = False,
    baseline: Annotated[str | None, typer.Option("--baseline", metavar="FILE", help=f"{config.BASELINE} if not said.")] = None,
    configuration: Configuration = None,
    tolerance: Tolerances = None,
    limit: Limits = None,
    new: Annotated[str | None, typer.Option("--write-new", metavar="FILE", help="The baseline as it would be now.")] = None,
    against: gating.Against = None,
    measure: gating.Measuring = None,
    phase: gating.OfPhases = None,
    batch: Batches = None,
    budget: Budget = "45s",
    device: Device = "auto",
    threads: Threads = 1,
    strict: gating.Strict = False,
    every: Annotated[bool, typer.Option("--all", help="Rows for figures that did not change too.")] = False,
    exit_zero: Annotated[bool, typer.Option("--exit-zero", help="Only tell: a breach is no failure.")] = False,
    comment: Comment = None,
    junit: Tests = None,
    gitlab: Metrics = None,
    form: Form = None,
    output: Target = "-",
    plain: Plain = False,
) -> Answer | int:
    """Models beside their baseline: exit 1 where they cost more than the rules allow, and the layers that did it."""
    file, now = Path(baseline or config.BASELINE), list[Model]()
    targets = Targets(comment, junit, gitlab, new, output)
    targets.check(file)
    wanted = measure or (measure is None and against is not None)
    timing = gating.Timing(phase, batch, device, budget, threads) if wanted else None
    try:
        settings = _settings(configuration, tolerance or (), limit or ())
        file = Path(baseline) if baseline else settings.root / settings.baseline
        targets.keep_off(file)
        if against is not None:
            compared = _against(against, models or (), settings, _file_of(configuration), timing, update=update)
        else:
            now = _now(models or (), settings)
            if update:
                return accepted.update(file, now, gating.kept(file, settings, timing), partial=bool(models), force=force)
            compared = _beside(file, now, settings, timing)
    except OverwritingError:
        raise  # nothing may be written, not even this
    except AnalyzerError as error:
        if not update:
            publish_problem(error, targets, file, _first(now) if now and not models and not file.exists() else None)
        raise
    found = compare_with(*compared.all, date.today(), partial=bool(models), strict=strict)
    accept = "" if against else _accept(models or (), {"--baseline": baseline, "--config": configuration})
    told = _told(found, compared, file, accept, exit_zero=exit_zero, revision=against)
    unwritten = publish(told, targets, file, lambda: accepted.renewed(compared.known, compared.now, partial=bool(models)))
    code = unwritten or (FINE if exit_zero else CODES[found.status])
    return Answer(document(told, every=every), form, output, plain, code)


def _told(found: Checked, compared: gating.Compared, file: Path, accept: str, *, exit_zero: bool, revision: str | None) -> Told:
    shown = compared.shown or accepted.shown(file)
    return Told(found, shown, accept, compared.known, compared.now, exit_zero, revision or "baseline")


def _first(now: Sequence[Model]) -> Callable[[], str]:
    """Where there is no baseline yet, the first one can be taken from there."""
    return lambda: accepted.renewed(Baseline({}), now, partial=False)


def _against(
    revision: str, names: Sequence[str], settings: Settings, file: Path | None, timing: gating.Timing | None, *, update: bool
) -> gating.Compared:
    """This checkout beside a revision."""
    if update:
        raise AnalyzerError("a revision is no baseline that could be updated", ("instead", "one of the two"), word="--against")
    _chosen(names, settings)  # says so where there is nothing
    return gating.against(revision, names, settings, file, timing)


def _beside(file: Path, now: Sequence[Model], settings: Settings, timing: gating.Timing | None) -> gating.Compared:
    """Models beside the baseline, and beside what is kept of this machine where something is measured."""
    known, place = accepted.read(file), gating.kept(file, settings, timing)
    if place is None:
        return gating.Compared(known, tuple(now), settings.rules, "")
    return gating.beside_kept(known, now, accepted.read(place.file) if place.file.exists() else None, place, settings.rules)


def _file_of(configuration: str | None) -> Path | None:
    return Path(configuration) if configuration else config.nearest(Path.cwd())


def _now(names: Sequence[str], settings: Settings) -> list[Model]:
    """What the models cost now."""
    return [
        model_of(name, expression, count(resolve(gating.placed(expression, settings.root)).network))
        for name, expression in _chosen(names, settings).items()
    ]


def _settings(file: str | None, tolerances: Sequence[str], budgets: Sequence[str]) -> Settings:
    """The configuration, and after it the rules of the command line, which go first."""
    if file is not None and not Path(file).is_file():
        raise AnalyzerError(f"there is no {file}", ("instead", "a pyproject.toml"), word=file)
    found = config.read(_file_of(file), Path.cwd())
    rules = [*found.rules.rules, *(_tolerance(text) for text in tolerances), *(parse_budget(text) for text in budgets)]
    return replace(found, rules=replace(found.rules, rules=tuple(rules)))


def _tolerance(text: str) -> Rule:
    metric, sign, amount = text.partition("=")
    if not sign:
        raise AnalyzerError(f"{text!r} is no tolerance", ("instead", "macs=0 or params=1%"), word=text)
    return parse_tolerance(metric.strip(), amount)


def _chosen(names: Sequence[str], settings: Settings) -> dict[str, str]:
    """What to check under which name; a name that the configuration does not have is an expression itself."""
    if not names and not settings.models:
        example = ("for example", '[tool.inception-analyze.check] with models = ["v1", "v3"]')
        raise AnalyzerError("nothing to check", ("instead", "name models"), example, code=WRONG_USE)
    return {name: settings.models.get(name, name) for name in names} or dict(settings.models)


def _accept(models: Sequence[str], options: Mapping[str, str | None]) -> str:
    """The command that takes what is now for the new baseline."""
    given = [word for name, value in options.items() if value is not None for word in (name, value)]
    return shlex.join(["inception-analyze", "check", "--update", *models, *given])
