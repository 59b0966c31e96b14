"""Judges of how residual blocks are joined and scaled, on evidence made by hand, and what was run for them."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from inception_analyzer.claims import CLAIMS
from inception_analyzer.claims.drawn import key, with_sums
from inception_analyzer.claims.model import Claim, SubCheck
from inception_analyzer.errors import SpecError
from inception_analyzer.inquiry import Evidence
from inception_analyzer.lab.identities.residual import residual_scaling
from inception_analyzer.networks.inception_resnet import block
from inception_analyzer.place import place_node
from inception_analyzer.spec import Shape
from inception_analyzer.words import conv, named

WIDTHS, SCALING = CLAIMS["residual-width-must-match"], CLAIMS["residual-scaling-0p1-0p3"]


def check(claim: Claim, name: str) -> SubCheck:
    return next(one for one in claim.checks if one.name == name)


def test_widths_by_hand() -> None:
    figures = WIDTHS.count()
    reads = [figures[f"{key(drawing)}.reads"] for drawing in with_sums()]
    adds = [figures[f"{key(drawing)}.adds"] for drawing in with_sums()]
    assert reads == [256, 896, 1792, 384, 384 + 384 + 384, 1152 + 384 + 288 + 320]
    assert adds == [1, 1, 1, 1, 0, 0]
    assert figures["v4.pools"] == 4 + 7 + 3
    assert figures["residual.pools"] == 0
    assert figures["expansions"] == figures["bare"] == 20 + 20 + 40
    assert figures["relu-after"] == 79  # the last block of the released network has none


def test_a_printed_width_is_refused() -> None:
    """Figure 17's 1154 on the 1152 channels that its reduction writes."""
    arms = (named("1x1", conv(192, 1)), named("7x7", conv(128, 1), conv(160, (1, 7)), conv(192, (7, 1))))
    with pytest.raises(SpecError, match="1152"):
        place_node(block("block_b1", "B", 1154, 0.1, *arms), Shape(1152, 17, 17))
    assert place_node(block("block_b1", "B", 1152, 0.1, *arms), Shape(1152, 17, 17)).writes.channels == 1152


def test_judge_of_widths() -> None:
    figures = dict(WIDTHS.count())
    names = [name for name in figures if name.endswith(".adds")]
    assert WIDTHS.judge(Evidence(figures)).verdict == "depends"
    assert WIDTHS.judge(Evidence(figures | dict.fromkeys(names, 1.0))).verdict == "holds"
    assert WIDTHS.judge(Evidence(figures | dict.fromkeys(names, 0.0))).verdict == "does-not-reproduce"


def test_judge_of_pools() -> None:
    judge = check(WIDTHS, "pools").judge
    assert judge(Evidence({"residual.pools": 0, "v4.pools": 14})).verdict == "holds"
    assert judge(Evidence({"residual.pools": 0, "v4.pools": 0})).verdict == "depends"
    assert judge(Evidence({"residual.pools": 3, "v4.pools": 0})).verdict == "does-not-reproduce"


def test_judge_of_bare_expansions() -> None:
    judge = check(WIDTHS, "bare").judge
    assert judge(Evidence({"bare": 80, "expansions": 80, "relu-after": 79})).verdict == "holds"
    assert judge(Evidence({"bare": 79, "expansions": 80, "relu-after": 79})).verdict == "does-not-reproduce"


def scaling(changes: Mapping[str, float]) -> Evidence:
    found = {
        "fold": 1e-16,
        "growth.1": 1.0,
        "growth.0.3": 0.09,
        "growth.0.1": 0.01,
        "normed.1": 5.0,
        "bare.1": 1000.0,
        "bare.0.1": 1.1,
    }
    return Evidence({f"residual-scaling.{name}": value for name, value in {**found, **changes}.items()})


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({}, "depends"),
        ({"normed.1": 1000.0}, "holds"),
        ({"normed.1": 1000.0, "growth.0.3": 0.1}, "holds-rounded"),
        (
            {"fold": 0.1, "growth.0.3": 1.0, "growth.0.1": 1.0, "bare.0.1": 500.0, "bare.1": 2.0, "normed.1": 2.0},
            "does-not-reproduce",
        ),
    ],
)
def test_judge_of_scaling(changes: Mapping[str, float], verdict: str) -> None:
    assert SCALING.judge(scaling(changes)).verdict == verdict


def test_scales_of_the_released_network() -> None:
    figures = SCALING.count()
    assert sorted(value for name, value in figures.items() if name.startswith("scale.")) == sorted(
        [0.17] * 10 + [0.10] * 20 + [0.20] * 9 + [1.0]
    )
    judge = check(SCALING, "range").judge
    assert judge(Evidence(figures)).verdict == "depends"
    assert judge(Evidence({"scale.one": 0.2})).verdict == "holds"
    assert judge(Evidence({"scale.one": 1.0})).verdict == "does-not-reproduce"


def test_judge_of_steps() -> None:
    judge = check(SCALING, "step").judge
    assert judge(Evidence({"residual-scaling.step": 1e-16})).verdict == "holds"
    assert judge(Evidence({"residual-scaling.step": 1e-3})).verdict == "does-not-reproduce"


def test_the_thousand_filters_are_quoted_with_what_was_found() -> None:
    figures = {"residual-scaling.block.narrow": 1.0, "width.a": 256, "width.c": 1792}
    judge = check(SCALING, "thousand").judge
    one, other = (judge(Evidence(figures | {"residual-scaling.block.wide": wide})) for wide in (1.0, 2.0))
    assert one.verdict == other.verdict == "quoted"
    assert one.conditions != other.conditions


@pytest.fixture(scope="module")
def run() -> Mapping[str, float]:
    return residual_scaling()


def test_scale_folds_into_the_weights(run: Mapping[str, float]) -> None:
    """Both ways differ by the rounding of float64 alone."""
    assert run["fold"] < 1e-14
    assert run["step"] < 1e-14


def test_sums_grow_by_addition_where_branches_are_normed(run: Mapping[str, float]) -> None:
    """He's weights give a normed branch a mean square of one; the ReLU after the sum takes up to a third of it."""
    assert 0.65 < run["growth.1"] < 1.0
    assert run["growth.0.3"] / run["growth.1"] == pytest.approx(0.09, rel=0.25)
    assert run["growth.0.1"] / run["growth.1"] == pytest.approx(0.01, rel=0.25)
    # Twenty times the growth on top of a start of one half, as a root over the root of one half.
    assert run["normed.1"] == pytest.approx(((0.5 + 20 * run["growth.1"]) / 0.5) ** 0.5, rel=0.05)


def test_sums_multiply_where_branches_are_bare(run: Mapping[str, float]) -> None:
    """(1 + s s) to the power of 20 in the mean square; a random draw and the ReLU leave a factor of three in its root."""
    assert (1 + 1) ** 10 / 3 < run["bare.1"] < (1 + 1) ** 10 * 3
    assert run["bare.0.1"] == pytest.approx((1 + 0.01) ** 10, rel=0.1)


def test_growth_does_not_wait_for_a_thousand_filters(run: Mapping[str, float]) -> None:
    assert run["block.wide"] / run["block.narrow"] == pytest.approx(1.0, abs=0.2)
