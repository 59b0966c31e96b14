"""Networks with norms: judges on evidence made by hand, and figures beside the arithmetic and what others publish."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from inception_analyzer.claims import CLAIMS
from inception_analyzer.inquiry import Evidence

WHOLE, NORMS = CLAIMS["bn-inception-cost-2g"], CLAIMS["bn-costs-nothing"]
PARAMS, MORE, SWAP, NINE, PUBLISHED = WHOLE.checks
HEAD, INSTEAD = NORMS.checks


def test_bn_inception_by_hand() -> None:
    figures = WHOLE.count()
    assert figures["bn"] == 2_032_600_064
    # The separable first layer of GoogLeNet's Table 1: 34M operations for 118M, and 2.7K weights.
    assert figures["bn"] - figures["bn.separable"] == 112**2 * (49 * 3 * 64 - 49 * 24 - 24 * 64)
    assert figures["bn.separable"] / figures["v1.separable"] == pytest.approx(1.3002, abs=5e-5)
    assert figures["bn.params"] / figures["v1.params"] == pytest.approx(1.61, abs=0.005)
    assert figures["bn.channels"] == 10_016
    # Depthwise 49 weights for 24 maps, 24 x 64 and 64 biases, no norm there; three variables per normed channel elsewhere.
    assert figures["slim.variables"] == 10_173_112
    assert (figures["v1.deep"], figures["v1.two.deep"], figures["bn.deep"]) == (22, 31, 34)
    assert figures["v1.two.macs"] / figures["v1.five.macs"] == pytest.approx(1.036, abs=0.0005)
    # Facts, claim 38: in its own widths, all ten pairs, those of the two reductions included.
    assert (figures["bn.joined"], figures["bn.eight.joined"]) == (10, 8)
    assert figures["bn.two.macs"] / figures["bn.five.macs"] == pytest.approx(0.987, abs=0.0005)
    assert figures["bn.two.params"] / figures["bn.five.params"] == pytest.approx(0.922, abs=0.0005)
    assert figures["bn.eight.two.macs"] / figures["bn.eight.five.macs"] == pytest.approx(0.948, abs=0.0005)


def test_a_reduction_with_a_5x5_by_hand() -> None:
    """4e: 192 to 256 at 14x14 and 256 to 256 on half of it, for one 5x5 from 192 to 256 on half of it; 3c alike."""
    figures = WHOLE.count()
    late = 25 * 192 * 256 * 7**2 - 9 * (192 * 256 * 14**2 + 256 * 256 * 7**2)
    early = 25 * 64 * 96 * 14**2 - 9 * (64 * 96 * 28**2 + 96 * 96 * 14**2)
    assert figures["bn.five.macs"] - figures["bn.eight.five.macs"] == early + late


def sizes(plain: float, separable: float, more: float) -> Evidence:
    return Evidence({"bn": plain, "96": plain, "bn.separable": separable, "v1": plain / more, "v1.separable": separable / more})


@pytest.mark.parametrize(
    ("evidence", "verdict"),
    [
        (sizes(2e9, 2e9, 1.3), "holds"),
        (sizes(2.03e9, 1.96e9, 1.3), "holds-rounded"),
        (sizes(2.03e9, 1.94e9, 1.3), "depends"),
        (sizes(2.2e9, 2.1e9, 1.2), "does-not-reproduce"),
    ],
)
def test_judge_of_bn_inception(evidence: Evidence, verdict: str) -> None:
    assert WHOLE.judge(evidence).verdict == verdict


@pytest.mark.parametrize(
    ("columns", "other", "verdict"),
    [
        (13.6e6, 13.6e6, "holds"),
        (13.61e6, 13.6e6, "holds-rounded"),
        (13.6e6, 11e6, "depends"),
        (11e6, 11e6, "does-not-reproduce"),
    ],
)
def test_judge_of_parameters(columns: float, other: float, verdict: str) -> None:
    assert PARAMS.judge(Evidence({"bn.params": columns, "96.params": other})).verdict == verdict


@pytest.mark.parametrize(
    ("columns", "other", "verdict"),
    [
        (1.25, 1.25, "holds"),
        (1.252, 1.25, "holds-rounded"),
        (1.61, 1.25, "depends"),
        (1.61, 1.6, "does-not-reproduce"),
    ],
)
def test_judge_of_more_parameters(columns: float, other: float, verdict: str) -> None:
    assert MORE.judge(Evidence({"v1.params": 1.0, "bn.params": columns, "96.params": other})).verdict == verdict


def swapped(**two: float) -> Evidence:
    names = {"v1": "v1", "bn": "bn", "bn.eight": "bn"}
    figures = {f"{name}.five.{what}": 1.0 for name in names for what in ("macs", "params")}
    figures |= {f"{name}.two.macs": two.get(widths, 1.3) for name, widths in names.items()}
    figures |= {f"{name}.two.params": two.get(f"{widths}_params", 1.25) for name, widths in names.items()}
    return Evidence(figures | {"bn.joined": 10.0, "bn.eight.joined": 8.0})


@pytest.mark.parametrize(
    ("two", "verdict"),
    [
        ({}, "holds"),
        ({"v1": 1.302}, "holds-rounded"),
        ({"bn": 0.95}, "depends"),
        ({"v1": 1.04, "bn": 0.95, "v1_params": 1.04, "bn_params": 0.94}, "does-not-reproduce"),
    ],
)
def test_judge_of_the_swap(two: Mapping[str, float], verdict: str) -> None:
    assert SWAP.judge(swapped(**two)).verdict == verdict


@pytest.mark.parametrize(("two", "whole", "verdict"), [(31, 31, "holds"), (31, 34, "depends"), (30, 34, "does-not-reproduce")])
def test_judge_of_nine_layers(two: float, whole: float, verdict: str) -> None:
    assert NINE.judge(Evidence({"v1.deep": 22.0, "v1.two.deep": two, "bn.deep": whole})).verdict == verdict


def test_judge_of_what_is_published() -> None:
    figures = dict(WHOLE.count())
    assert PUBLISHED.judge(Evidence(figures)).verdict == "holds"
    assert PUBLISHED.judge(Evidence(figures | {"bn.params": 1.0})).verdict == "depends"
    assert PUBLISHED.judge(Evidence(figures | {"bn.params": 1.0, "slim.variables": 1.0})).verdict == "does-not-reproduce"


def test_norms_by_hand() -> None:
    figures = NORMS.count()
    assert figures["v3"] == figures["folded"]
    # A gain and a shift per channel against one bias.
    assert figures["v3.params"] - figures["folded.params"] == 17_216
    assert (figures["norms"], figures["norms.training"]) == (94, 96)
    # Each norm keeps its input beside what the activation keeps.
    assert figures["kept"] - figures["bare.kept"] == figures["normalized"]
    assert figures["normalized"] / figures["v3"] == pytest.approx(0.00157, abs=5e-6)
    assert figures["head"] - 5_299_886_272 == 5_683_200


def norms(**changes: float) -> Evidence:
    names = ("v1", "bn-googlenet", "v3", "folded", "kept", "bare.kept", "v3.params", "folded.params", "normalized")
    return Evidence(dict.fromkeys(names, 1.0) | changes)


def test_judge_of_norms() -> None:
    assert NORMS.judge(norms()).verdict == "holds"
    assert NORMS.judge(norms(kept=1.6)).verdict == "depends"
    assert NORMS.judge(norms(kept=1.6, v1=2.0, v3=2.0)).verdict == "does-not-reproduce"


def test_judges_of_the_head_and_of_label_smoothing() -> None:
    assert HEAD.judge(Evidence({"head": 2.0, "head.normed": 2.0})).verdict == "holds"
    assert HEAD.judge(Evidence({"head": 2.0, "head.normed": 3.0})).verdict == "does-not-reproduce"
    assert INSTEAD.judge(Evidence({"norms": 0.0, "norms.training": 0.0})).verdict == "holds"
    assert INSTEAD.judge(Evidence({"norms": 0.0, "norms.training": 2.0})).verdict == "depends"
    assert INSTEAD.judge(Evidence({"norms": 94.0, "norms.training": 96.0})).verdict == "does-not-reproduce"
