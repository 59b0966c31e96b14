"""Baselines as text: written with one row a line, read strictly, with the line of whatever is not as it should be."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

from inception_analyzer.errors import UNDECIDED, AnalyzerError, Fact
from inception_analyzer.gates.baseline import Baseline, Model, Values
from inception_analyzer.gates.metrics import CONVENTION, ENDS, MEASURED, METRICS, OF_LAYERS

SCHEMA = 2  # 1 kept no saved bytes of layers
LARGEST_COST = 10**300  # what is beyond cannot be divided
LARGEST = 32 * 2**20  # bytes; a baseline of all networks takes a third of one MiB
MARKERS = ("<<<<<<< ", "=======", ">>>>>>> ", "||||||| ")
MARK = "\ufeff"  # of byte order

HEADS = ("schema", "program", "convention", "fingerprint", "machine", "rows")
UPDATE = "inception-analyze check --update"


def to_text(baseline: Baseline) -> str:
    """A head, then a row for each model and below it one for each of its layers."""
    head: dict[str, Any] = {"schema": SCHEMA, "program": baseline.program, "convention": CONVENTION}
    if baseline.fingerprint:
        head |= {"fingerprint": baseline.fingerprint, "machine": baseline.machine}
    lines = [f" {json.dumps(name)}: {json.dumps(value)}," for name, value in head.items()]
    rows = ",\n".join(f"  {json.dumps(row, ensure_ascii=False)}" for row in _rows(baseline))
    return "{\n" + "\n".join(lines) + '\n "rows": [\n' + rows + "\n ]\n}\n"


class UnusableError(AnalyzerError):
    """A text that an update may write anew; `spoilt` where that which was committed is likely sound."""

    def __init__(self, what: str, *facts: Fact, word: str = "", spoilt: bool = True) -> None:
        super().__init__(what, *facts, word=word, code=UNDECIDED)
        self.spoilt = spoilt


def from_text(text: str, name: str, update: str = UPDATE, restore: str = "") -> Baseline:
    """What `to_text` wrote; anything else is refused with its line, and with what brings it back or writes it anew."""
    try:
        return _read(text, name)
    except UnusableError as error:
        facts = [*error.facts]
        for way_out in filter(None, (restore if error.spoilt else "", update)):
            facts.append(("or" if "instead" in dict(facts) else "instead", way_out))
        raise UnusableError(error.what, *facts, word=error.word, spoilt=error.spoilt) from None


def _read(text: str, name: str) -> Baseline:
    _plain_text(text, name)
    whole = _parsed(text, name)
    _head(whole, text, name)
    places = _places(text)
    totals: dict[str, tuple[str, Values]] = {}
    layers: dict[str, dict[str, Values]] = {}
    lines: dict[str, int] = {}
    for number, row in enumerate(whole["rows"]):
        line = places[number]
        model, path, expression, values = _row(row, name, line)
        if path is None:
            if model in totals:
                raise _wrong(name, line, f"{model} stands there twice")
            totals[model], lines[model] = (expression, values), line
        elif path in layers.setdefault(model, {}):
            raise _wrong(name, line, f"{path} of {model} stands there twice")
        else:
            layers[model][path] = values
    for row, line in zip(whole["rows"], places, strict=True):
        if row["model"] not in totals:
            raise _wrong(name, line, f"there are layers of {row['model']} and no totals")
    models = {key: Model(key, expression, values, layers.get(key, {})) for key, (expression, values) in totals.items()}
    return Baseline(models, whole["program"], whole.get("fingerprint", ""), whole.get("machine", ""), lines)


def _rows(baseline: Baseline) -> Iterator[Mapping[str, Any]]:
    for model in sorted(baseline.models.values(), key=lambda model: model.name):
        yield {"model": model.name, "expression": model.expression, **model.totals}
        for path, values in sorted(model.layers.items()):
            yield {"model": model.name, "layer": path, **values}


def _plain_text(text: str, name: str) -> None:
    """What an editor or a merge leaves behind."""
    if text.startswith(MARK):
        raise _wrong(name, 1, "it begins with a byte order mark", ("instead", "save it as UTF-8 without one"))
    if "\r" in text:
        line = text[: text.index("\r")].count("\n") + 1
        raise _wrong(name, line, "it has line ends of Windows", ("instead", f"a line '{name} text eol=lf' in .gitattributes"))
    for line, words in enumerate(text.split("\n"), 1):
        if words.startswith(MARKERS):
            raise _wrong(name, line, "a merge left both sides there")


def _parsed(text: str, name: str) -> dict[str, Any]:
    if not text.strip():
        raise _wrong(name, 1, "it is empty")
    try:
        whole = json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise _wrong(name, error.lineno, f"it is no JSON: {_without_place(error.msg)}") from None
    except ValueError as error:
        raise _wrong(name, _line_of_fault(text), _fault(error)) from None
    except RecursionError:
        raise _wrong(name, 0, "it is nested too deep") from None
    if not isinstance(whole, dict):
        raise _wrong(name, 1, "it is no baseline")
    return whole


def _head(whole: Mapping[str, Any], text: str, name: str) -> None:
    def wrong(key: str, why: str) -> NoReturn:
        raise _wrong(name, _line_of_key(text, key), why)

    schema = whole.get("schema")
    if not isinstance(schema, int) or isinstance(schema, bool) or schema < 1:
        wrong("schema", "it has no schema number")
    if schema > SCHEMA:
        told = f"{_at(name, _line_of_key(text, 'schema'))}: its schema is {schema}, and this program knows up to {SCHEMA}"
        raise AnalyzerError(told, ("instead", "a newer inception-analyze"), word=name, code=UNDECIDED)
    unknown = sorted(whole.keys() - set(HEADS))
    if unknown:
        wrong(unknown[0], f"it has a key {unknown[0]!r} that no baseline has")
    texts = {key: whole.get(key, "") for key in ("fingerprint", "machine")}
    for key, value in {"program": whole.get("program"), **texts}.items():
        if not isinstance(value, str) or not value.isprintable():
            wrong(key, f"its {key} is no text")
    if whole.get("convention") != CONVENTION:
        found = ("counted by", f"{whole.get('convention')!r}, and this program counts by {CONVENTION!r}")
        where = _at(name, _line_of_key(text, "convention"))
        raise UnusableError(f"{where}: it cannot be compared", found, word=name, spoilt=False)
    if not isinstance(whole.get("rows"), list):
        wrong("rows", "it has no rows")


def _row(row: object, name: str, line: int) -> tuple[str, str | None, str, Values]:
    """Model, path of a layer or nothing, expression, values."""
    if not isinstance(row, dict) or not _is_name(row.get("model")):
        raise _wrong(name, line, "a row names no model")
    path, expression = row.get("layer"), row.get("expression", "")
    if "layer" in row and (not _is_name(path) or "expression" in row):
        raise _wrong(name, line, "a layer's row is not as it should be")
    if path is None and not _is_name(expression):
        raise _wrong(name, line, f"{row['model']} has no expression")
    values = {key: value for key, value in row.items() if key not in ("model", "layer", "expression")}
    known = set(OF_LAYERS) if path is not None else METRICS.keys() | MEASURED.keys() | set(ENDS)
    for key, value in values.items():
        if key not in known:
            raise _wrong(name, line, f"{key!r} is no quantity of a {'layer' if path is not None else 'model'}")
        _number(key, value, name, line)
    return row["model"], path, expression, values


def _number(key: str, value: object, name: str, line: int) -> None:
    whole = key in METRICS
    if not isinstance(value, int if whole else (int, float)) or isinstance(value, bool):
        raise _wrong(name, line, f"{key} is {value!r}, and no {'whole number' if whole else 'number'}")
    if not 0 <= value <= LARGEST_COST:
        raise _wrong(name, line, f"{key} is {value!r:.30}, which nothing can cost")


def _is_name(found: object) -> bool:
    """Names reach terminals, pages and the runner's commands, where a line end or an escape would do harm."""
    return isinstance(found, str) and bool(found) and found.isprintable()


def _places(text: str) -> list[int]:
    """The line on which each row begins; the text is sound JSON, so that quotes before `rows` are no part of a text."""
    start = re.search(r'"rows"\s*:\s*\[', text)
    decoder, at, line, found = json.JSONDecoder(), start.end() if start else len(text), 1, list[int]()
    counted = 0
    while rest := re.compile(r"[\s,]*([^\s,\]])").match(text, at):
        line += text.count("\n", counted, rest.start(1))
        counted = rest.start(1)
        found.append(line)
        _, at = decoder.raw_decode(text, rest.start(1))
    return found


def _line_of_key(text: str, key: str) -> int:
    """Where a key of the head stands; 0 where it does not."""
    found = re.search(rf"{re.escape(json.dumps(key))}\s*:", text)
    return text.count("\n", 0, found.start()) + 1 if found else 0


def _line_of_fault(text: str) -> int:
    """The first line that is at fault by itself; 0 where a fault needs several."""
    for number, line in enumerate(text.split("\n"), 1):
        words = line.strip().rstrip(",")
        # A line of the head is a key with its value.
        try:
            json.loads(words if words[:1] in "{[]}" else f"{{{words}}}", object_pairs_hook=_once, parse_constant=_no_constant)
        except json.JSONDecodeError:
            continue
        except ValueError:
            return number
    return 0


def _without_place(words: str) -> str:
    """The parser's words, less those that ask for a place behind them."""
    return re.sub(r"( starting)? at$", "", words.lower())


def _fault(error: ValueError) -> str:
    """Our own words, or Python's about a number of thousands of digits in ours."""
    return str(error) if isinstance(error, SenseError) else "a number has too many digits"


class SenseError(ValueError):
    """What sound JSON may hold and a baseline may not."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise SenseError(f"the key {twice!r} stands twice in one row")
    return found


def _no_constant(word: str) -> float:
    raise SenseError(f"{word} is no cost")


def _wrong(name: str, line: int, why: str, *facts: Fact) -> UnusableError:
    return UnusableError(f"{_at(name, line)}: {why}", *facts, word=name, spoilt=not facts)


def _at(name: str, line: int) -> str:
    return f"{name}, line {line}" if line else name
