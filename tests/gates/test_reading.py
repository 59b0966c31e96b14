"""Baselines as text: what is written reads back, and whatever is not as it should be is one clear error with its line."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inception_analyzer.__main__ import run
from inception_analyzer.count import count
from inception_analyzer.errors import UNDECIDED, AnalyzerError
from inception_analyzer.expressions import load
from inception_analyzer.gates.baseline import Baseline, Model, model_of, of_models
from inception_analyzer.gates.metrics import METRICS, OF_LAYERS
from inception_analyzer.gates.reading import SCHEMA, UnusableError, from_text, to_text

NAME = "costs.json"
HEAD = f'"schema": {SCHEMA}'
NAMES = st.text(st.characters(min_codepoint=33, max_codepoint=0x2FF), min_size=1, max_size=8).filter(str.isprintable)
PARTS = st.fixed_dictionaries({name: st.integers(0, 2**70) for name in OF_LAYERS})
TOTALS = st.fixed_dictionaries({name: st.integers(0, 2**70) for name in METRICS})
MODELS = st.builds(Model, NAMES, NAMES, TOTALS, st.dictionaries(NAMES, PARTS, max_size=3))


@pytest.fixture(scope="module")
def text() -> str:
    """A baseline of one network with its first and last layer."""
    whole = model_of("v1", "v1", count(load("v1")))
    return to_text(of_models([replace(whole, layers={path: whole.layers[path] for path in ("conv1", "linear")})], "0.1.0"))


def refused(text: str) -> AnalyzerError:
    with pytest.raises(AnalyzerError) as caught:
        from_text(text, NAME)
    assert caught.value.code == UNDECIDED
    assert "\n" not in caught.value.what
    assert caught.value.facts, "an error shows a way out"
    return caught.value


@given(st.lists(MODELS, min_size=1, max_size=4, unique_by=lambda model: model.name))
def test_what_is_written_reads_back(models: list[Model]) -> None:
    written = of_models(models, "0.1.0")
    text = to_text(written)
    found = from_text(text, NAME)
    assert (found.models, found.program) == (written.models, "0.1.0")
    lines = text.split("\n")
    assert all(json.dumps(name, ensure_ascii=False) in lines[line - 1] for name, line in found.lines.items())
    assert to_text(found) == text


def test_one_row_stands_on_one_line_and_models_in_order() -> None:
    models = [Model(name, name, {"macs": 1}, {"b": {"macs": 1}, "a": {"macs": 0}}) for name in ("v3", "v1")]
    rows = to_text(of_models(models, "0.1.0")).splitlines()[5:-2]
    found = [json.loads(row.rstrip(",")) for row in rows]
    assert [(row["model"], row.get("layer")) for row in found] == [
        ("v1", None), ("v1", "a"), ("v1", "b"), ("v3", None), ("v3", "a"), ("v3", "b"),
    ]  # fmt: skip


def test_an_empty_baseline_is_one() -> None:
    assert from_text(to_text(Baseline({}, "0.1.0")), NAME).models == {}


@given(st.data())
def test_a_truncated_file_is_refused(data: st.DataObject) -> None:
    text = to_text(of_models([Model("v1", "v1", {"macs": 12}, {"conv": {"macs": 12}})], "0.1.0"))
    kept = data.draw(st.integers(0, len(text.rstrip()) - 1))
    assert refused(text[:kept]).what.startswith(f"{NAME}, line ")


def first_row(text: str) -> str:
    return next(line for line in text.splitlines() if '"expression"' in line)


def second_row(text: str) -> str:
    return text.splitlines()[text.splitlines().index(first_row(text)) + 1]


def replaced(old: str, new: str) -> Callable[[str], str]:
    def spoil(text: str) -> str:
        assert old in text
        return text.replace(old, new, 1)

    return spoil


SPOILT: dict[str, tuple[Callable[[str], str], str]] = {
    "empty": (lambda _: "", "line 1: it is empty"),
    "blank": (lambda _: " \n\n", "line 1: it is empty"),
    "not JSON": (lambda _: "params: 3\n", "line 1: it is no JSON"),
    "a list": (lambda _: "[]", "line 1: it is no baseline"),
    "a number": (lambda _: "3", "line 1: it is no baseline"),
    "deep": (lambda _: "[" * 200_000, "it is nested too deep"),
    "mark": (lambda text: "\ufeff" + text, "line 1: it begins with a byte order mark"),
    "Windows": (lambda text: text.replace("\n", "\r\n"), "line 1: it has line ends of Windows"),
    "one return": (lambda text: text.replace("},\n", "},\r\n", 1), "line 6: it has line ends of Windows"),
    "merge": (lambda text: text.replace("  {", "<<<<<<< HEAD\n  {", 1), "line 6: a merge left both sides there"),
    "merge's middle": (lambda text: text.replace("  {", "=======\n  {", 2), "line 6: a merge left both sides there"),
    "merge's end": (lambda text: text + ">>>>>>> main\n", "a merge left both sides there"),
    "row twice": (lambda t: t.replace(first_row(t), f"{first_row(t)}\n{first_row(t)}"), "line 7: v1 stands there twice"),
    "layer twice": (
        lambda t: t.replace(second_row(t), f"{second_row(t)}\n{second_row(t)}"),
        "line 8: conv1 of v1 stands there twice",
    ),
    "key twice": (replaced('"params"', '"macs": 3, "params"'), "line 6: the key 'macs' stands twice"),
    "head's key twice": (replaced(f" {HEAD},", ' "schema": 1, "schema": 1,'), "line 2: the key 'schema' stands twice"),
    "NaN": (replaced('"macs": 1582671872', '"macs": NaN'), "line 6: NaN is no cost"),
    "infinite": (replaced('"macs": 1582671872', '"macs": -Infinity'), "line 6: -Infinity is no cost"),
    "too large": (replaced('"macs": 1582671872', '"macs": 1e999'), "line 6: macs is inf, and no whole number"),
    "digits": (replaced('"macs": 1582671872', f'"macs": {"9" * 5000}'), "line 6: a number has too many digits"),
    "beyond all numbers": (replaced('"macs": 1582671872', f'"macs": {"9" * 400}'), "line 6: macs is 9999"),
    "negative": (replaced('"macs": 1582671872', '"macs": -1'), "line 6: macs is -1, which nothing can cost"),
    "a part": (replaced('"macs": 1582671872', '"macs": 1.5'), "line 6: macs is 1.5, and no whole number"),
    "a text": (replaced('"macs": 1582671872', '"macs": "1G"'), "line 6: macs is '1G', and no whole number"),
    "true": (replaced('"macs": 1582671872', '"macs": true'), "line 6: macs is True, and no whole number"),
    "null": (replaced('"macs": 1582671872', '"macs": null'), "line 6: macs is None, and no whole number"),
    "layer's null": (replaced('"macs": 118013952', '"macs": null'), "line 7: macs is None, and no whole number"),
    "unknown metric": (replaced('"macs": 1582671872', '"flops": 3'), "line 6: 'flops' is no quantity of a model"),
    "unknown of layer": (replaced('"macs": 118013952', '"depth": 3'), "line 7: 'depth' is no quantity of a layer"),
    "unknown key": (replaced(' "schema"', ' "author": "me",\n "schema"'), "line 2: it has a key 'author' that no baseline has"),
    "newer": (replaced(HEAD, f'"schema": {SCHEMA + 1}'), f"line 2: its schema is {SCHEMA + 1}, and this program"),
    "older than any": (replaced(HEAD, '"schema": 0'), "line 2: it has no schema number"),
    "schema in words": (replaced(HEAD, '"schema": "1"'), "line 2: it has no schema number"),
    "no schema": (replaced(f' "schema": {SCHEMA},\n', ""), "it has no schema number"),
    "no program": (replaced('"program": "0.1.0"', '"program": 3'), "line 3: its program is no text"),
    "no rows": (lambda text: text.replace('"rows": [', '"rows": {"a": [').replace("\n ]", "\n ]}"), "line 5: it has no rows"),
    "row is no object": (replaced("\n  {", "\n  3,\n  {"), "line 6: a row names no model"),
    "row without model": (replaced('"model": "v1", "expr', '"expr'), "line 6: a row names no model"),
    "model is a number": (replaced('"model": "v1"', '"model": 1'), "line 6: a row names no model"),
    "model is empty": (replaced('"model": "v1"', '"model": ""'), "line 6: a row names no model"),
    "escape in a name": (replaced('"model": "v1"', '"model": "v1\\u001b[31m"'), "line 6: a row names no model"),
    "line end in a name": (replaced('"model": "v1"', '"model": "v1\\n::error::"'), "line 6: a row names no model"),
    "half a character": (replaced('"model": "v1"', '"model": "\\ud800"'), "line 6: a row names no model"),
    "layer is null": (replaced('"layer": "conv1"', '"layer": null'), "line 7: a layer's row is not as it should be"),
    "layer is both": (replaced('"layer": "conv1"', '"layer": "conv1", "expression": "v1"'), "line 7: a layer's row"),
    "no expression": (replaced('"expression": "v1", ', ""), "line 6: v1 has no expression"),
    "layers alone": (lambda text: text.replace(first_row(text) + "\n", ""), "line 6: there are layers of v1 and no totals"),
}  # fmt: skip


@pytest.mark.parametrize("case", SPOILT)
def test_what_is_not_as_it_should_be_is_told_with_its_line(case: str, text: str) -> None:
    spoil, told = SPOILT[case]
    assert told in refused(spoil(text)).what


def test_a_row_over_several_lines_is_told_where_it_begins(text: str) -> None:
    whole = json.loads(text)
    whole["rows"][1]["macs"] = -1
    spread = json.dumps(whole, indent=1)
    begins = spread.split("\n").index('   "layer": "conv1",') - 1
    assert f"line {begins}: macs is -1" in refused(spread).what
    assert "line 1: macs is -1" in refused(json.dumps(whole)).what


def test_another_convention_says_both(text: str) -> None:
    error = refused(text.replace("paper-mac/1", "paper-mac/2"))
    assert error.what == f"{NAME}, line 4: it cannot be compared"
    assert dict(error.facts)["counted by"] == "'paper-mac/2', and this program counts by 'paper-mac/1'"


SAME = ("git checkout HEAD -- costs.json", "pytest --update-costs")


@pytest.mark.parametrize(
    ("spoil", "ways_out"),
    [
        (lambda text: text[:300], [("instead", SAME[0]), ("or", SAME[1])]),
        (lambda text: "<<<<<<< HEAD\n" + text, [("instead", SAME[0]), ("or", SAME[1])]),
        (lambda text: text.replace("paper-mac/1", "paper-mac/2"), [("instead", SAME[1])]),
        (lambda text: "\ufeff" + text, [("instead", "save it as UTF-8 without one"), ("or", SAME[1])]),
    ],
)
def test_the_committed_file_is_offered_where_it_helps(
    spoil: Callable[[str], str], ways_out: list[tuple[str, str]], text: str
) -> None:
    with pytest.raises(UnusableError) as caught:
        from_text(spoil(text), NAME, update=SAME[1], restore=SAME[0])
    assert [fact for fact in caught.value.facts if fact[0] in ("instead", "or")] == ways_out


def test_what_a_newer_program_wrote_is_no_text_to_write_anew(text: str) -> None:
    error = refused(text.replace(f'"schema": {SCHEMA}', f'"schema": {SCHEMA + 1}'))
    assert not isinstance(error, UnusableError)
    assert error.facts == (("instead", "a newer inception-analyze"),)


FILES: dict[str, tuple[bytes, str]] = {
    "not UTF-8": (b'{\n "schema": 1,\n "program": "\xff"\n}\n', "line 3: it is no text in UTF-8"),
    "UTF-16": ("\ufeff{}".encode("utf-16-le"), "line 1: it is no text in UTF-8"),
    "bytes of zero": (b"\0" * 100, "line 1: it is no JSON"),
    "binary": (bytes(range(256)), "it is no text in UTF-8"),
}


@pytest.mark.parametrize("case", FILES)
def test_what_is_no_text_exits_with_3_and_stays(
    case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    content, told = FILES[case]
    Path(NAME).write_bytes(content)
    assert run(["check", "v1", "--baseline", NAME]) == UNDECIDED
    out, err = capsys.readouterr()
    assert out == ""
    assert told in " ".join(err.split())
    assert Path(NAME).read_bytes() == content


def test_a_huge_file_is_refused_without_being_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("CI", raising=False)
    with Path(NAME).open("wb") as file:
        file.truncate(100 * 10**6)
    assert run(["check", "v1", "--baseline", NAME]) == UNDECIDED
    assert "costs.json is too large to be a baseline" in capsys.readouterr().err
    assert run(["check", "v1", "--baseline", NAME, "--update"]) == UNDECIDED
    assert Path(NAME).stat().st_size == 100 * 10**6


@pytest.mark.parametrize(
    ("target", "told"), [("/dev/zero", "is no file"), (".", "is no file"), ("none", "there is no baseline")]
)
def test_what_is_no_file_exits_with_3(
    target: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["check", "v1", "--baseline", target]) == UNDECIDED
    assert told in capsys.readouterr().err
