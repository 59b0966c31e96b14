"""The command `draw` from outside: what it takes for a block, where it writes, and what it refuses."""

from __future__ import annotations

import io
import json
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from inception_analyzer.__main__ import run


def title_of(path: Path) -> str:
    return ET.fromstring(path.read_text(encoding="utf-8")).findtext("{http://www.w3.org/2000/svg}title") or ""


@pytest.mark.parametrize(
    ("asked", "title"),
    [
        (["v3"], "Inception-v3"),
        (["v3", "6c"], "Inception-v3, module 6c"),
        (["v3", "6C"], "Inception-v3, module 6c"),
        (["v3", "6a"], "Inception-v3, reduction 6a"),
        (["v3", "stem"], "Inception-v3, stem"),
        (["v3", "17x17"], "Inception-v3, stage 17×17"),
        (["v3", "mixed_6c.double7x7"], "Inception-v3, branch mixed_6c.double7x7"),
        (["vgg16", "conv3_1"], "VGG-16, layer conv3_1"),
        (["v3@low-res=79", "7b"], "v3@low-res=79, module 7b"),
        (["v3", "v3@unfactorized"], "v3@unfactorized takes 1.89× the multiply-adds of v3"),
        (["v3", "v3@unfactorized", "6c"], "Inception-v3, module 6c and v3@unfactorized, module 6c"),
        (["v1", "googlenet"], "googlenet takes as many multiply-adds as v1"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_word_is_a_network_or_a_block(
    asked: list[str], title: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "drawn.svg"
    assert run(["draw", *asked, "-o", str(target)]) == 0
    assert title_of(target) == title
    assert capsys.readouterr().out == ""


def test_a_network_may_be_a_file_of_ones_own(tmp_path: Path) -> None:
    own, target = tmp_path / "mine.words", tmp_path / "drawn.svg"
    own.write_text(
        "# input: 3x32x32\ntrunk(named('3a', branches(conv(8, 1), conv(8, 3)), kind='A'), linear(10))\n", encoding="utf-8"
    )
    for asked in ([str(own)], ["v1", str(own)], [str(own), "v1", "3a"]):
        assert run(["draw", *asked, "-o", str(target)]) == 0
    assert title_of(target).startswith("mine, module 3a and GoogLeNet")


def test_the_image_may_be_another(tmp_path: Path) -> None:
    target = tmp_path / "drawn.svg"
    assert run(["draw", "v3", "6c", "--input", "151", "-o", str(target)]) == 0
    assert "in 7×7 · 768 channels" in target.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "begins"),
    [
        ("a.svg", b"<svg "),
        ("a.SVG", b"<svg "),
        ("a.png", b"\x89PNG"),
        ("a.mmd", b"flowchart TD"),
        ("a.md", b"### "),
        ("a.json", b"{"),
    ],
)
def test_the_name_of_the_file_says_the_form(name: str, begins: bytes, tmp_path: Path) -> None:
    assert run(["draw", "v3", "6c", "-o", str(tmp_path / name)]) == 0
    assert (tmp_path / name).read_bytes().startswith(begins)


def test_an_unknown_name_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("a.jpg", "a.pdf", "a"):
        assert run(["draw", "v3", "6c", "-o", str(tmp_path / name)]) == 2
        assert "a.svg  a.png  a.mmd" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_the_form_may_be_said_instead(tmp_path: Path) -> None:
    assert run(["draw", "v3", "6c", "-f", "svg", "-o", str(tmp_path / "drawing")]) == 0
    assert title_of(tmp_path / "drawing") == "Inception-v3, module 6c"


@pytest.mark.parametrize(("form", "begins"), [("svg", b"<svg "), ("png", b"\x89PNG"), ("mermaid", b"flowchart TD")])
def test_a_pipe_gets_the_bytes(form: str, begins: bytes, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert run(["draw", "v3", "6c", "--format", form]) == 0
    assert capsysbinary.readouterr().out.startswith(begins)


def test_a_terminal_gets_no_png(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(sys, "stdout", Terminal())
    assert run(["draw", "v3", "6c", "--format", "png"]) == 2
    assert "-o FILE.png" in capsys.readouterr().err


def test_the_data_are_there_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["draw", "v3", "v3@unfactorized", "--format", "json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["command"] == "draw"
    assert [model["macs"] for model in document["models"]] == [5_713_216_096, 10_775_543_392]


@pytest.mark.parametrize("columns", ["40", "60", "80", "120", "200"])
@pytest.mark.parametrize(
    "asked", [["v3"], ["v3", "6c"], ["v3", "7b"], ["v4", "stem"], ["v1", "v3"], ["ir2", "a1"]], ids=" ".join
)
def test_no_line_is_wider_than_the_terminal(
    asked: list[str], columns: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    assert run(["draw", *asked]) == 0
    assert max(map(len, capsys.readouterr().out.splitlines())) <= int(columns)


def test_the_same_words_refuse_a_block_as_show_does(capsys: pytest.CaptureFixture[str]) -> None:
    told = []
    for command in ("show", "draw"):
        assert run([command, "v3", "9z"]) == 2
        told.append(capsys.readouterr().err.replace(f"analyze {command} v3 9z", "").split())
    assert [word for word in told[0] if "^" not in word] == [word for word in told[1] if "^" not in word]
