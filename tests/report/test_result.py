"""Results for programs: frames with raw numbers, forms, files, and what notebooks and terminals show."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from rich.console import Console

from inception_analyzer import cost_of, load, results
from inception_analyzer.errors import AnalyzerError
from inception_analyzer.networks import NETWORKS
from inception_analyzer.report.write import SUFFIXES


def test_frames_hold_raw_integers() -> None:
    frame = results.count("v1", "v3").to_frame()
    assert list(frame["macs"]) == [cost_of(load("v1")).macs, cost_of(load("v3")).macs]
    assert pd.api.types.is_integer_dtype(frame["params"])
    assert len(results.count().to_frame()) == len(NETWORKS)


@pytest.mark.parametrize(
    "result",
    [
        results.show("v1"),
        results.compare("v1", "v3"),
        results.compare("v3", "v3@unfactorized"),
        results.rewrite("v3@unfactorized"),
        results.kernel("5x5", "3x3,3x3"),
        results.verify("A*"),
        results.explain("A2"),
    ],
    ids=lambda one: one.document.command,
)
def test_every_result_has_every_form(result: results.Result) -> None:
    frame = result.to_frame()
    assert list(frame.columns) == list(result.document.flat().columns)
    assert len(frame) == len(result.document.flat().rows) > 0
    assert json.loads(result.text("json"))["command"] == result.document.command
    assert result.document.title in str(result)
    assert "<table" in result._repr_html_()
    assert all(result.text(form) for form in ("markdown", "csv", "html", "latex"))


def shown(width: int, **options: Any) -> str:
    """What a console of this kind prints of a network."""
    console = Console(width=width, height=100, file=io.StringIO(), **options)
    console.print(results.show("v3"))
    return console.file.getvalue()  # type: ignore[attr-defined]


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_a_console_shows_it_as_wide_as_it_is(width: int) -> None:
    lines = shown(width).splitlines()
    assert [line.rstrip() for line in lines] == results.show("v3").text(width=width).splitlines()
    assert max(len(line.rstrip()) for line in lines) <= width


def test_a_console_gets_its_colours_and_no_others() -> None:
    assert "\x1b[" in shown(80, force_terminal=True, color_system="truecolor", no_color=False)
    assert "\x1b[" not in shown(80, force_terminal=False)
    assert "38;2" not in shown(80, force_terminal=True, color_system="standard", no_color=False)


def test_a_repr_has_no_marks() -> None:
    assert repr(results.compare("v1", "v3")).endswith("v3 takes 3.61x the multiply-adds and 3.41x the parameters of v1.>")


def test_a_notebook_shows_bars_and_numbers_without_our_rules() -> None:
    page = results.compare("v3", "v3@unfactorized")._repr_html_()
    assert "class=" not in page
    assert "text-align:right" in page
    assert page.count("box-sizing:border-box;border:1px solid currentColor;width:") > 5


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_files_take_the_form_of_their_name(suffix: str, tmp_path: Path) -> None:
    result = results.compare("v1", "v3")
    result.save(tmp_path / f"one{suffix}")
    assert (tmp_path / f"one{suffix}").read_text(encoding="utf-8") == result.text(SUFFIXES[suffix])


def test_a_target_that_cannot_be_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(AnalyzerError):
        results.count("v1").save(tmp_path / "nowhere" / "one.md")
