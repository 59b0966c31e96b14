"""Judges of the residual networks' cost on evidence made by hand, and their counts beside the published tables."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from inception_analyzer.claims import CLAIMS
from inception_analyzer.claims.judging import ruling
from inception_analyzer.claims.model import Claim, SubCheck
from inception_analyzer.inquiry import Evidence
from tests.claims.evidence import answered

MATCH, CHEAPER = CLAIMS["inception-resnet-cost-match"], CLAIMS["ir-block-cheaper"]
PAPER = "inception-resnet-v2-paper"
SUMS = ("ir1", PAPER, "ir2")


def check(claim: Claim, name: str) -> SubCheck:
    return next(one for one in claim.checks if one.name == name)


def changed(claim: Claim, changes: Mapping[str, float]) -> Evidence:
    return Evidence({**claim.count(), **changes})


def test_networks_cost_what_the_tables_say() -> None:
    figures = MATCH.count()
    assert figures["v4.macs"] == 12_253_974_624
    assert figures["ir1.macs"] == 6_206_361_696
    assert figures["ir2.macs"] == 13_155_794_016
    assert figures[f"{PAPER}.macs"] == 9_257_953_632
    assert figures["twice.macs"] == 14_142_011_232
    assert (figures["v4.convs"], figures["ir2.convs"]) == (149, 244)
    assert [figures[f"{name}.depth"] for name in ("v4", PAPER, "ir2")] == [76, 96, 176]


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({}, "depends"),
        ({f"{PAPER}.macs": 12_253_974_624}, "holds-rounded"),
        ({"v3.macs": 1e9, "v4.macs": 1e9}, "does-not-reproduce"),
    ],
)
def test_judge_of_the_match(changes: Mapping[str, float], verdict: str) -> None:
    assert MATCH.judge(changed(MATCH, changes)).verdict == verdict


def test_the_match_is_a_tenth_either_way() -> None:
    first = check(MATCH, "ir1").judge
    assert first(Evidence({"ir1.macs": 109, "v3.macs": 100})).verdict == "holds-rounded"
    assert first(Evidence({"ir1.macs": 100, "v3.macs": 109})).verdict == "holds-rounded"
    assert first(Evidence({"ir1.macs": 111, "v3.macs": 100})).verdict == "does-not-reproduce"
    assert first(Evidence({"ir1.macs": 100, "v3.macs": 111})).verdict == "does-not-reproduce"


def test_judge_of_layers() -> None:
    judge = check(MATCH, "layers").judge
    every = {f"{name}.{what}": 100.0 for name in (PAPER, "ir2") for what in ("convs", "depth")}
    assert judge(Evidence(every | {"v4.convs": 101, "v4.depth": 101})).verdict == "holds"
    assert judge(Evidence(every | {"v4.convs": 101, "v4.depth": 99})).verdict == "depends"
    assert judge(Evidence(every | {"v4.convs": 100, "v4.depth": 100})).verdict == "does-not-reproduce"


@pytest.mark.parametrize(
    ("low", "high", "verdict"), [(1.1, 1.2, "holds"), (0.8, 0.9, "does-not-reproduce"), (0.9, 1.1, "undecided")]
)
def test_judge_of_steps(low: float, high: float, verdict: str) -> None:
    drawn, released = (question.name for question in MATCH.asks())
    answers = {name: answered(low, high) for name in (drawn, released)}
    assert check(MATCH, "step").judge(Evidence({}, answers)).verdict == verdict
    mixed = answers | {drawn: answered(1.5, 1.6), released: answered(0.7, 0.8)}
    assert check(MATCH, "step").judge(Evidence({}, mixed)).verdict == "depends"


def test_steps_need_a_timer() -> None:
    finding = ruling(check(MATCH, "step").judge, Evidence(), MATCH.id)
    assert (finding.verdict, finding.missing) == ("undecided", (MATCH.asks()[0].name,))


def test_blocks_by_hand() -> None:
    figures = CHEAPER.count()
    branches = 256 * 32 + (256 * 32 + 9 * 32 * 32) + (256 * 32 + 2 * 9 * 32 * 32)
    assert figures["ir1.A"] == (branches + 96 * 256) * 35**2 == 94_080_000
    assert figures["ir1.A.expand"] == 96 * 256 * 35**2
    assert [figures[f"ir1.{kind}"] for kind in "BC"] == [198_868_992, 102_236_160]
    assert [figures[f"{PAPER}.{kind}"] for kind in "BC"] == [337_958_912, 133_431_296]
    assert [figures[f"ir2.{kind}"] for kind in "ABC"] == [149_900_800, 324_937_728, 130_023_424]
    assert [figures[f"v4.{kind}.least"] for kind in "ABC"] == [387_609_600, 847_264_768, 290_979_840]
    assert figures["v3.A.least"] == 312_345_600


def test_judge_of_blocks() -> None:
    plain = {f"{name}.{kind}.{end}": 100.0 for name in ("v3", "v4") for kind in "ABC" for end in ("least", "most")}
    cheap = {f"{name}.{kind}{part}": 50.0 for name in SUMS for kind in "ABC" for part in ("", ".expand")}
    dear = dict.fromkeys(cheap, 100.0)
    assert CHEAPER.judge(Evidence(plain | cheap)).verdict == "holds"
    assert CHEAPER.judge(Evidence(plain | cheap | {"ir2.B": 101.0})).verdict == "depends"
    assert CHEAPER.judge(Evidence(plain | dear)).verdict == "does-not-reproduce"


@pytest.mark.parametrize(
    ("low", "high", "verdict"), [(0.3, 0.4, "holds"), (1.1, 1.2, "does-not-reproduce"), (0.9, 1.1, "undecided")]
)
def test_judge_of_block_times(low: float, high: float, verdict: str) -> None:
    answers = {question.name: answered(low, high) for question in CHEAPER.asks()}
    one, other, *_ = answers
    assert check(CHEAPER, "time").judge(Evidence({}, answers)).verdict == verdict
    mixed = answers | {one: answered(0.3, 0.4), other: answered(1.1, 1.2)}
    assert check(CHEAPER, "time").judge(Evidence({}, mixed)).verdict == "depends"


def test_blocks_are_timed_on_their_own_inputs() -> None:
    first = CHEAPER.asks()[0]
    sides = [side for side in (first.reference, first.other) if not isinstance(side, str)]
    assert [str(side.input) for side in sides] == ["35x35x384", "35x35x320"]
