"""The baseline as a file: read for a check, and written anew when that is meant."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import typer

from inception_analyzer.cli import gating
from inception_analyzer.errors import FINE, UNDECIDED, AnalyzerError
from inception_analyzer.gates.baseline import Baseline, Model, of_models
from inception_analyzer.gates.metrics import METRICS
from inception_analyzer.gates.reading import LARGEST, SCHEMA, UPDATE, from_text, to_text
from inception_analyzer.report.write import check_target, write_file
from inception_analyzer.version import VERSION

HEAD = 4096  # bytes in which a baseline says what it is


def read(file: Path) -> Baseline:
    """The baseline, or why there is nothing to compare with."""
    name = shown(file)
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


def update(file: Path, now: Sequence[Model], kept: gating.Kept | None, *, partial: bool, force: bool) -> int:
    """The baseline as it is now; where a part of the models is named, the others stay."""
    if os.environ.get("CI", "").lower() not in ("", "0", "false") and not force:
        facts = (("found", "CI is set"), ("instead", "update where the change is made, and commit the file; or --force"))
        raise AnalyzerError("a baseline is not updated in continuous integration", *facts, word="--update")
    known = {place: _known(place, partial=partial, force=force) for place in (file, *([kept.file] if kept else []))}
    texts = {file: renewed(known[file], now, partial=partial)}
    if kept is not None:
        texts[kept.file] = to_text(gating.baseline_of(kept, gating.measured(now, kept), known[kept.file]))
    for place, text in texts.items():
        write_file(place, text)
        typer.echo(f"{shown(place)}: {', '.join(model.name for model in now)}", err=True)
    return FINE


def _known(file: Path, *, partial: bool, force: bool) -> Baseline:
    """What stays in a file that is written anew; refused before anything is measured for it."""
    _refuse_no_file(file)
    known = read(file) if partial and file.exists() else Baseline({})
    if not force:
        _refuse_to_replace(file)
    return known


def _refuse_no_file(file: Path) -> None:
    """A pipe would be waited for, and a device takes everything."""
    if str(file) == "-":
        raise AnalyzerError("a baseline is a file, and - is none", ("instead", "--baseline FILE"), word="-")
    if file.exists() and not file.is_file():
        what = f"{shown(file)} is no file that could be a baseline"
        raise AnalyzerError(what, ("instead", "--baseline FILE"), word=str(file))


def _refuse_to_replace(file: Path) -> None:
    """What is kept from writing, is no baseline, or was written by a newer program stays as it is."""
    name, way_out = shown(file), ("instead", "another --baseline, or --force")
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


def renewed(known: Baseline, now: Sequence[Model], *, partial: bool) -> str:
    """The baseline as it would be now, as text; where a part of the models is named, the others stay."""
    counts = [replace(model, totals={name: model.totals[name] for name in METRICS}) for model in now]
    models = {**(known.models if partial else {}), **{model.name: model for model in counts}}
    return to_text(of_models(models.values(), VERSION))


def shown(file: Path) -> str:
    """The path as a reader would write it."""
    return os.path.relpath(file) if file.is_absolute() else str(file)
