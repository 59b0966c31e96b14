"""What a repository asks of the check: `[tool.inception-analyze.check]` of the nearest pyproject.toml, read strictly."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, TypeVar, get_args

from inception_analyzer.errors import AnalyzerError
from inception_analyzer.gates.metrics import MEASURED
from inception_analyzer.gates.rules import Level, Rule, Rules, Waiver, parse_amount, parse_budget, parse_tolerance

T = TypeVar("T")

BASELINE = "inception-costs.json"
FILE = "pyproject.toml"
TABLE = "tool.inception-analyze.check"

KEYS = ("models", "baseline", "ratchet", "tolerance", "budgets", "rules", "waivers", "measured")
RULE_KEYS = ("metric", "model", "tolerance", "budget", "level")
WAIVER_KEYS = ("metric", "model", "reason", "until")


@dataclass(frozen=True, slots=True)
class Settings:
    """Which models are gated under which names, by which rules, against which file."""

    root: Path  # what paths are relative to
    models: Mapping[str, str] = field(default_factory=dict)  # name and expression
    baseline: str = BASELINE
    rules: Rules = field(default_factory=Rules)
    measured: tuple[str, ...] = ()


def nearest(start: Path) -> Path | None:
    """The pyproject.toml of this folder or of the next one above that has one."""
    return next((folder / FILE for folder in (start, *start.parents) if (folder / FILE).is_file()), None)


def read(file: Path | None, start: Path) -> Settings:
    """The settings of a file; without one, or without the table in it, those that the command line is left with."""
    if file is None:
        return Settings(start)
    try:
        whole = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise AnalyzerError(
            f"cannot read {_shown(file)}: {(error.strerror or '').lower()}", ("instead", "--config FILE")
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise AnalyzerError(
            f"{_shown(file)} is no TOML: {error}", ("instead", "mend it, or name another by --config")
        ) from None
    tools = whole.get("tool", {})
    ours = tools.get("inception-analyze", {}) if isinstance(tools, dict) else {}
    _only(ours, ("check",), "tool.inception-analyze", file)
    try:
        return settings_of(ours.get("check", {}), file)
    except AnalyzerError as error:
        # Rules are read as on the command line, where nobody knows of a file.
        where = f"{_shown(file)}: "
        raise _wrong(file, error.what.removeprefix(where), *error.facts) from None


def settings_of(table: Mapping[str, Any], file: Path) -> Settings:
    """The table as settings; every key is known or an error."""
    _only(table, KEYS, TABLE, file)
    shared = [parse_tolerance(metric, _amount_text(value, file)) for metric, value in _table(table, "tolerance", file).items()]
    shared += [parse_budget(_text(text, "budgets", file)) for text in _list(table, "budgets", file)]
    rules = [_rule(entry, file) for entry in _list(table, "rules", file)]
    waivers = tuple(_waiver(entry, file) for entry in _list(table, "waivers", file))
    measured = tuple(_text(name, "measured", file) for name in _list(table, "measured", file))
    for name in measured:
        if name not in MEASURED:
            raise _wrong(file, f"{name!r} is no measured quantity", ("quantities", "  ".join(MEASURED)))
    models = _models(table.get("models", []), file)
    _meant([*rules, *waivers], models, file)
    return Settings(
        file.parent,
        models,
        _text(table.get("baseline", BASELINE), "baseline", file),
        Rules((*shared, *rules), waivers, _flag(table, "ratchet", file), measured),
        measured,
    )


def _models(found: object, file: Path) -> dict[str, str]:
    """`["v1", "v3"]`, or names of one's own: `{ours = "nets/ours.words"}`."""
    if isinstance(found, list):
        return {name: name for name in (_text(one, "models", file) for one in found)}
    if isinstance(found, dict):
        return {_text(name, "models", file): _text(expression, f"models.{name}", file) for name, expression in found.items()}
    raise _wrong(file, "models is neither a list nor a table", ("instead", 'models = ["v1", "v3"]'))


def _meant(asked: Sequence[Rule | Waiver], models: Mapping[str, str], file: Path) -> None:
    """Refuse a rule or a waiver of no model: a misspelt name would be a gate that is open for good."""
    for one in asked:
        if models and not any(fnmatchcase(name, one.model) for name in models):
            raise _wrong(file, f"{one.model!r} in a rule or a waiver is none of the models", ("models", "  ".join(models)))


def _rule(entry: object, file: Path) -> Rule:
    if not isinstance(entry, dict):
        raise _wrong(file, "a rule is no table", ("instead", f"[[{TABLE}.rules]]"))
    _only(entry, RULE_KEYS, f"{TABLE}.rules", file)
    metric, model = _text(entry.get("metric", "*"), "metric", file), _text(entry.get("model", "*"), "model", file)
    tolerance = parse_tolerance(metric, _amount_text(entry["tolerance"], file)).tolerance if "tolerance" in entry else None
    budget = parse_amount(_amount_text(entry["budget"], file), metric) if "budget" in entry else None
    level = entry.get("level")
    if level is not None and level not in get_args(Level):
        raise _wrong(file, f"{level!r} is no level", ("levels", ", ".join(get_args(Level))))
    if tolerance is None and budget is None and level is None:
        raise _wrong(file, f"a rule for {metric} asks nothing", ("instead", "a tolerance, a budget or a level"))
    parse_tolerance(metric, "0")  # refuses a metric that does not exist
    return Rule(metric, model, tolerance, budget, level)


def _waiver(entry: object, file: Path) -> Waiver:
    if not isinstance(entry, dict):
        raise _wrong(file, "a waiver is no table", ("instead", f"[[{TABLE}.waivers]]"))
    _only(entry, WAIVER_KEYS, f"{TABLE}.waivers", file)
    reason, until = entry.get("reason"), entry.get("until")
    if not isinstance(reason, str) or not reason.strip() or not " ".join(reason.split()).isprintable():
        raise _wrong(file, "a waiver gives no reason", ("for example", 'reason = "wider stem until the new data set is there"'))
    until = _day(until, file)
    if "metric" not in entry and "model" not in entry:
        instead = ("instead", 'metric = "macs" or model = "v3", or both')
        raise _wrong(file, "a waiver names neither a metric nor a model, and would waive everything", instead)
    metric = _text(entry.get("metric", "*"), "metric", file)
    parse_tolerance(metric, "0")
    return Waiver(metric, _text(entry.get("model", "*"), "model", file), " ".join(reason.split()), until)


def _day(found: object, file: Path) -> date:
    try:
        day = date.fromisoformat(found) if isinstance(found, str) else found
    except ValueError:
        day = None
    if type(day) is not date:
        raise _wrong(file, f"a waiver ends on {found!r}, which is no day", ("instead", "until = 2026-12-31"))
    return day


def _only(table: object, known: tuple[str, ...], where: str, file: Path) -> None:
    """Refuse keys that mean nothing, with the nearest that does."""
    if not isinstance(table, dict):
        raise _wrong(file, f"[{where}] is no table", ("keys", "  ".join(known)))
    for key in table:
        if key not in known:
            near = get_close_matches(key, known, n=1)
            facts = (("did you mean", near[0]),) if near else ()
            raise _wrong(file, f"[{where}] has no key {key!r}", *facts, ("keys", "  ".join(known)))


def _list(table: Mapping[str, Any], key: str, file: Path) -> list[Any]:
    return _of_kind(table, key, list, [], file)


def _table(table: Mapping[str, Any], key: str, file: Path) -> dict[str, Any]:
    return _of_kind(table, key, dict, {}, file)


def _flag(table: Mapping[str, Any], key: str, file: Path) -> bool:
    return _of_kind(table, key, bool, False, file)


def _of_kind(table: Mapping[str, Any], key: str, kind: type[T], default: T, file: Path) -> T:
    found = table.get(key, default)
    if not isinstance(found, kind):
        raise _wrong(file, f"{key} is {found!r}", ("instead", f"a {kind.__name__}"))
    return found


def _text(found: object, key: str, file: Path) -> str:
    if not isinstance(found, str) or not found or not found.isprintable():
        raise _wrong(file, f"{key} is {found!r}, and no text", ("described", "inception-analyze check --help"))
    return found


def _amount_text(found: object, file: Path) -> str:
    """`0`, `2000000` or `"1%"`."""
    if isinstance(found, bool) or not isinstance(found, (int, str)):
        raise _wrong(file, f"{found!r} is no amount", ("instead", '0, "2M" or "1%"'))
    return str(found)


def _wrong(file: Path, why: str, *facts: tuple[str, str]) -> AnalyzerError:
    return AnalyzerError(f"{_shown(file)}: {why}", *facts)


def _shown(file: Path) -> str:
    here = Path.cwd()
    return str(file.relative_to(here) if file.is_relative_to(here) else file)
