"""Mermaid charts: one direction, the order of asking, what two networks have alike as one box, frames without yellow."""

from __future__ import annotations

import re

import pytest

from inception_analyzer.count import count
from inception_analyzer.expressions import resolve
from inception_analyzer.report.drawing.draw import Asked, chart
from inception_analyzer.report.drawing.mermaid import FRAMES
from inception_analyzer.report.drawing.subject import subject_of


def chart_of(*expressions: str) -> str:
    return chart(Asked(tuple(subject_of(count(resolve(name).network)) for name in expressions)))


PAIRS = [("v3", "v3@unfactorized"), ("v1", "v1@naive"), ("v1", "v3"), ("ir2", "ir2@factorized")]


@pytest.mark.parametrize("expressions", [("v3",), ("ir2",), *PAIRS])
def test_every_frame_says_its_direction_and_its_look(expressions: tuple[str, ...]) -> None:
    lines = [line.strip() for line in chart_of(*expressions).splitlines()]
    frames = [line.split("[")[0].removeprefix("subgraph ") for line in lines if line.startswith("subgraph ")]
    assert all(lines[index + 1] == "direction TB" for index, line in enumerate(lines) if line.startswith("subgraph "))
    looks = {line.split()[1]: line.split(maxsplit=2)[2] for line in lines if line.startswith("style ")}
    assert sorted(looks) == sorted(frames)
    assert set(looks.values()) <= set(FRAMES.values())
    assert lines.count("end") == len(frames)


@pytest.mark.parametrize("pair", PAIRS)
def test_two_networks_stand_from_left_to_right_as_asked(pair: tuple[str, str]) -> None:
    text = chart_of(*pair)
    assert text.startswith("flowchart LR\n")
    assert "  n_all ~~~ m_all\n" in text
    assert re.findall(r'subgraph ([nm])_all\["(\S+)', text) == [("n", pair[0]), ("m", pair[1])]


def test_blocks_that_both_have_are_one_box() -> None:
    text = chart_of("v3", "v3@unfactorized")
    assert re.findall(r'n\d+\["([^"]*), alike', text) == ["conv0 to pool2", "6a", "avgpool to logits"]
    assert re.findall(r'm\d+\["([^"]*), alike', text) == re.findall(r'n\d+\["([^"]*), alike', text)
    drawn = re.findall(r'subgraph m_\d+\["(\S+)', text)
    assert drawn == re.findall(r'subgraph n_\d+\["(\S+)', text) == ["5b", "5c", "5d", "6b", "6c–6d", "6e", "7a", "7b", "7c"]


def test_every_link_has_both_its_ends() -> None:
    text = chart_of("v3", "v3@unfactorized")
    nodes = set(re.findall(r'^\s*([nm]\d+)\["', text, flags=re.MULTILINE))
    links = re.findall(r"^\s*([nm]\d+) (?:-->|-\.->) ([nm]\d+)$", text, flags=re.MULTILINE)
    assert {end for link in links for end in link} == nodes
    assert all(one[0] == other[0] for one, other in links)
