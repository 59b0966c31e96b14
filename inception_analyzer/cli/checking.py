"""The command that gates: models beside their baseline, and the baseline written anew when that is meant."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from inception_analyzer.cli import gating
from inception_analyzer.cli.options import Answer, Batches, Budget, Device, Form, Plain, Target, Threads, app
from inception_analyzer.cli.publishing import Comment, Metrics, Targets, Tests, publish, publish_problem
from inception_analyzer.count import count
from inception_analyzer.errors import DIFFERS, FINE, UNDECIDED, WRONG_USE, AnalyzerError
from inception_analyzer.expressions import resolve
from inception_analyzer.gates import config
from inception_analyzer.gates.baseline import Baseline, Model, model_of, of_models
from inception_analyzer.gates.check import check as compare_with
from inception_analyzer.gates.metrics import METRICS
from inception_analyzer.gates.reading import LARGEST, SCHEMA, UPDATE, from_text, to_text
from inception_analyzer.gates.rules import Rule, parse_budget, parse_tolerance
from inception_analyzer.report.checked import Told, document
from inception_analyzer.report.write import check_target, write_file
from inception_analyzer.version import VERSION

if TYPE_CHECKING:
    from inception_analyzer.gates.check import Status
    from inception_analyzer.gates.config import Settings

HEAD = 4096  # bytes in which a baseline says what it is

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
    targets = Targets(comment, junit, gitlab, new)
    targets.check(output)
    wanted = measure or (measure is None and against is not None)
    timing = gating.Timing(phase, batch, device, budget, threads) if wanted else None
    file, now = Path(baseline or config.BASELINE), list[Model]()
    try:
        settings = _settings(configuration, tolerance or (), limit or ())
        file = Path(baseline) if baseline else settings.root / settings.baseline
        if against is not None:
            compared = _against(against, models or (), settings, _file_of(configuration), timing, update=update)
        else:
            now = _now(models or (), settings)
            if update:
                return _update(file, now, gating.kept(file, settings, timing), partial=bool(models), force=force)
            compared = _beside(file, now, settings, timing)
    except AnalyzerError as error:
        if not update:
            # Where there is no baseline yet, the first one can be taken from there.
            first = (lambda: _renewed(Baseline({}), now, partial=False)) if now and not models and not file.exists() else None
            publish_problem(error, targets, file, first)
        raise
    found = compare_with(*compared.all, date.today(), partial=bool(models), strict=strict)
    accept = "" if against else _accept(models or (), {"--baseline": baseline, "--config": configuration})
    shown = compared.shown or _shown(file)
    told = Told(found, shown, accept, compared.known, compared.now, exit_zero, against or "baseline")
    unwritten = publish(told, targets, file, lambda: _renewed(compared.known, compared.now, partial=bool(models)))
    code = FINE if exit_zero else CODES[found.status]
    return Answer(document(told, every=every), form, output, plain, unwritten or code)


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
    known, place = _read(file), gating.kept(file, settings, timing)
    if place is None:
        return gating.Compared(known, tuple(now), settings.rules, "")
    return gating.beside_kept(known, now, _read(place.file) if place.file.exists() else None, place, settings.rules)


def _file_of(configuration: str | None) -> Path | None:
    return Path(configuration) if configuration else config.nearest(Path.cwd())


def _now(names: Sequence[str], settings: Settings) -> list[Model]:
    """What the models cost now."""
    chosen = _chosen(names, settings)
    return [model_of(name, expression, count(resolve(expression).network)) for name, expression in chosen.items()]


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
    asked = {name: settings.models.get(name, name) for name in names} or dict(settings.models)
    return {name: _placed(expression, settings.root) for name, expression in asked.items()}


def _placed(expression: str, root: Path) -> str:
    """A file of the configuration lies beside it, wherever the command is run."""
    name, at, passes = expression.partition("@")
    beside = root / name
    there = name.endswith((".words", ".json")) and not Path(name).is_file() and beside.is_file()
    return f"{os.path.relpath(beside)}{at}{passes}" if there else expression


def _accept(models: Sequence[str], options: Mapping[str, str | None]) -> str:
    """The command that takes what is now for the new baseline."""
    given = [word for name, value in options.items() if value is not None for word in (name, value)]
    return shlex.join(["inception-analyze", "check", "--update", *models, *given])


def _read(file: Path) -> Baseline:
    """The baseline, or why there is nothing to compare with."""
    name = _shown(file)
    way_out = ("instead", f"{UPDATE}, and commit the file")
    restore = f"git checkout HEAD -- {shlex.quote(name)}"
    spoilt = (("instead", restore), ("or", UPDATE))
    try:
        if file.exists() and not file.is_file():
            raise AnalyzerError(f"{name} is no file", ("instead", "another --baseline"), word=name, code=UNDECIDED)
        if file.stat().st_size > LARGEST:
            found = ("at most", f"{LARGEST // 2**20} MiB, and it has {file.stat().st_size // 2**20}")
            raise AnalyzerError(f"{name} is too large to be a baseline", found, *spoilt, code=UNDECIDED)
        return from_text(file.read_bytes().decode("utf-8"), name, restore=restore)
    except FileNotFoundError:
        raise AnalyzerError(f"there is no baseline {name}", way_out, code=UNDECIDED) from None
    except UnicodeDecodeError as error:
        line = file.read_bytes()[: error.start].count(b"\n") + 1
        raise AnalyzerError(f"{name}, line {line}: it is no text in UTF-8", *spoilt, code=UNDECIDED) from None
    except OSError as error:
        raise AnalyzerError(f"cannot read {name}: {(error.strerror or '').lower()}", way_out, code=UNDECIDED) from None


def _update(file: Path, now: Sequence[Model], kept: gating.Kept | None, *, partial: bool, force: bool) -> int:
    """The baseline as it is now; where a part of the models is named, the others stay."""
    if os.environ.get("CI", "").lower() not in ("", "0", "false") and not force:
        facts = (("found", "CI is set"), ("instead", "update where the change is made, and commit the file; or --force"))
        raise AnalyzerError("a baseline is not updated in continuous integration", *facts, word="--update")
    known = {place: _known(place, partial=partial, force=force) for place in (file, *([kept.file] if kept else []))}
    texts = {file: _renewed(known[file], now, partial=partial)}
    if kept is not None:
        texts[kept.file] = to_text(gating.baseline_of(kept, gating.measured(now, kept), known[kept.file]))
    for place, text in texts.items():
        write_file(place, text)
        typer.echo(f"{_shown(place)}: {', '.join(model.name for model in now)}", err=True)
    return FINE


def _known(file: Path, *, partial: bool, force: bool) -> Baseline:
    """What stays in a file that is written anew; refused before anything is measured for it."""
    known = _read(file) if partial and file.exists() else Baseline({})
    if not force:
        _refuse_to_replace(file)
    return known


def _refuse_to_replace(file: Path) -> None:
    """What is kept from writing, is no baseline, or was written by a newer program stays as it is."""
    name, way_out = _shown(file), ("instead", "another --baseline, or --force")
    check_target(str(file))
    if not file.exists():
        return
    with file.open("rb") as opened:
        head = opened.read(HEAD)
    if not file.stat().st_mode & 0o200:
        raise AnalyzerError(f"{name} is kept from being written", way_out, word=name)
    if head.strip() and b'"schema"' not in head:
        raise AnalyzerError(f"{name} is no baseline, and stays as it is", way_out, word=name)
    schema = re.search(rb'"schema":\s*(\d{1,9})\b', head)
    if schema and int(schema[1]) > SCHEMA:
        found = ("found", f"schema {int(schema[1])}, and this program knows up to {SCHEMA}")
        raise AnalyzerError(f"{name} was written by a newer program, and stays as it is", found, way_out, word=name)


def _renewed(known: Baseline, now: Sequence[Model], *, partial: bool) -> str:
    """The baseline as it would be now, as text; where a part of the models is named, the others stay."""
    counts = [replace(model, totals={name: model.totals[name] for name in METRICS}) for model in now]
    models = {**(known.models if partial else {}), **{model.name: model for model in counts}}
    return to_text(of_models(models.values(), VERSION))


def _shown(file: Path) -> str:
    """The path as a reader would write it."""
    return os.path.relpath(file) if file.is_absolute() else str(file)
