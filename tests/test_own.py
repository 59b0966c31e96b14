"""Networks of one's own: words and JSON give the network they were written from, and nothing else is run or believed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from inception_analyzer import cost_of, load
from inception_analyzer.__main__ import run
from inception_analyzer.errors import WRONG_USE, AnalyzerError
from inception_analyzer.own import INPUT, LARGEST, is_own, own_network
from inception_analyzer.source import to_json, trunk_source

SMALL = f"{INPUT} 3x32x32\ntrunk(conv(8, 3), globalpool(), linear(10))\n"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def refused(name: str, content: str | bytes | None = None) -> AnalyzerError:
    if content is not None:
        Path(name).write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(AnalyzerError) as caught:
        load(name)
    assert caught.value.code == WRONG_USE
    assert name.partition("@")[0] in caught.value.what
    return caught.value


@pytest.mark.parametrize("name", ["v1", "v3", "ir2", "resnet50", "v3@unfactorized"])
def test_words_and_json_are_the_network_they_were_written_from(name: str) -> None:
    network = load(name)
    size = f"{network.input.channels}x{network.input.height}x{network.input.width}"
    Path("own.words").write_text(f"# mine\n{INPUT} {size}\n\n{trunk_source(network.trunk)}\n")
    image = [network.input.channels, network.input.height, network.input.width]
    Path("own.json").write_text(json.dumps({"input": image, "trunk": json.loads(to_json(network.trunk))}))
    for own in ("own.words", "own.json"):
        found = load(own)
        assert (found.input, found.trunk, found.name) == (network.input, network.trunk, own)
        assert cost_of(found) == cost_of(network)


def test_it_is_a_model_like_any_other(capsys: pytest.CaptureFixture[str]) -> None:
    Path("small.words").write_text(SMALL)
    assert run(["count", "small.words", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)["models"][0]
    assert found["expression"] == "small.words"
    assert found["macs"] == 32 * 32 * 27 * 8 + 8 * 10
    for command in (["show", "small.words"], ["compare", "small.words", "small.words@width=2", "--no-measure"]):
        assert run(command) == 0


@pytest.mark.usefixtures("briefly")
def test_it_is_trained_on_as_many_classes_as_it_has(capsys: pytest.CaptureFixture[str]) -> None:
    Path("small.words").write_text(SMALL)
    assert run(["measure", "small.words", "--phase", "train-step", "--budget", "20s", "--format", "json"]) == 0
    (found,) = json.loads(capsys.readouterr().out)["measurements"]
    assert found["median"] > 0


def test_passes_run_over_it() -> None:
    Path("small.words").write_text(SMALL)
    found = load("small.words@width=2,input=64")
    assert (found.input.height, cost_of(found).params) == (64, 27 * 16 + 32 + 16 * 10 + 10)


def test_it_is_known_by_its_ending() -> None:
    assert is_own("a/b.words")
    assert is_own("b.json")
    assert not is_own("v3")
    assert not is_own("words")


WORDS = {
    "no image": ("trunk(conv(8, 3))", "says nowhere what image it reads"),
    "two images": (f"{INPUT} 3x32x32\n{SMALL}", "says 2 times what image it reads"),
    "no size": (f"{INPUT} tall\ntrunk(conv(8, 3))", "'tall'"),
    "nothing": (f"{INPUT} 3x32x32\n", "not a network in words"),
    "code": (f"{INPUT} 3x32x32\n__import__('os').system('touch owned')\n", "not a network in words"),
    "an unknown word": (f"{INPUT} 3x32x32\ntrunk(kconv(8, 3))\n", "not a network in words"),
    "half a word": (f"{INPUT} 3x32x32\ntrunk(conv(8, 3)\n", "not a network in words"),
    "no trunk": (f"{INPUT} 3x32x32\nconv(8, 3)\n", "holds no trunk"),
    "a wrong width": (f"{INPUT} 3x32x32\ntrunk(conv(-8, 3))\n", ""),
    "width in words": (f"{INPUT} 3x32x32\ntrunk(conv('8', 3))\n", ""),
    "deep": (f"{INPUT} 3x32x32\ntrunk({'seq(' * 5000}{')' * 5000})\n", "not a network in words"),
}  # fmt: skip


@pytest.mark.parametrize("case", WORDS)
def test_words_that_make_no_network_are_refused(case: str, here: Path) -> None:
    content, told = WORDS[case]
    assert told in refused("own.words", content).what
    assert [path.name for path in here.iterdir()] == ["own.words"]


TRUNK = json.loads(to_json(load("alexnet").trunk))
JSON = {
    "empty": "",
    "no JSON": "{",
    "a list": "[]",
    "no input": json.dumps({"trunk": TRUNK}),
    "no trunk": json.dumps({"input": [3, 224, 224]}),
    "two numbers": json.dumps({"input": [224, 224], "trunk": TRUNK}),
    "sizes in words": json.dumps({"input": ["a", "b", "c"], "trunk": TRUNK}),
    "a part of a pixel": json.dumps({"input": [3, 224.5, 224], "trunk": TRUNK}),
    "no pixel": json.dumps({"input": [3, 0, 224], "trunk": TRUNK}),
    "less than none": json.dumps({"input": [3, -224, 224], "trunk": TRUNK}),
    "beyond numbers": '{"input": [3, 1e999, 224], "trunk": {}}',
    "unknown node": json.dumps({"input": [3, 224, 224], "trunk": {"kind": "System"}}),
    "trunk is a text": json.dumps({"input": [3, 224, 224], "trunk": "v3"}),
    "deep": '{"input": [3, 224, 224], "trunk": ' + "[" * 100_000,
}


@pytest.mark.parametrize("case", JSON)
def test_json_that_makes_no_network_is_refused(case: str) -> None:
    assert "own.json" in refused("own.json", JSON[case]).what


def test_files_that_cannot_be_read_are_refused(here: Path) -> None:
    assert "cannot read none.words: no such file" in refused("none.words").what
    (here / "folder.words").mkdir()
    assert "cannot read folder.words" in refused("folder.words").what
    assert "is no text in UTF-8" in refused("bytes.words", b"\xff\xfe").what
    with Path("huge.words").open("wb") as file:
        file.truncate(LARGEST + 1)
    assert "is too large to be a network" in refused("huge.words").what


def test_an_image_that_does_not_fit_names_the_file(capsys: pytest.CaptureFixture[str]) -> None:
    Path("small.words").write_text(f"{INPUT} 3x2x2\ntrunk(conv(8, 5, padding=0), globalpool(), linear(10))\n")
    assert run(["count", "small.words"]) == WRONG_USE
    assert capsys.readouterr().err.startswith("error: ")


def test_the_network_is_named_by_its_file() -> None:
    Path("small.words").write_text(SMALL)
    found = own_network("small.words")
    assert (found.name, found.title) == ("small.words", "small")


def test_a_slip_is_told_with_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    Path("slip.words").write_text("# input: 3x32x32\n\n# a note\n\ntrunk(\n    conv(4, 3),\n    conv(4 3),\n)\n")
    assert run(["count", "slip.words"]) == 2
    assert "line 7: invalid syntax" in capsys.readouterr().err


def test_a_number_beyond_all_memory_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    Path("huge.words").write_text(f"# input: 3x32x32\ntrunk(conv({'9' * 400}, 3), globalpool())\n")
    assert run(["count", "huge.words"]) == 2
    assert "a number of 400 digits is more than any layer can have" in " ".join(capsys.readouterr().err.split())
