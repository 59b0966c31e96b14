"""Costs of v3: judges on evidence made by hand, and figures beside what others publish."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import pytest

from inception_analyzer.claims import CLAIMS
from inception_analyzer.claims.counted import forget
from inception_analyzer.claims.judging import judged
from inception_analyzer.claims.model import Claim
from inception_analyzer.inquiry import Evidence
from inception_analyzer.networks import NETWORKS, network
from inception_analyzer.spec import Aux, Conv, Named, Node, Sequence
from inception_analyzer.tree import rewrite, walk

BESIDE, TOTALS = CLAIMS["cost-2p5x-googlenet"], CLAIMS["v3-macs-5g-params-25m"]
TABLE, BN = BESIDE.checks
ABSTRACT, BELOW, V2, PUBLISHED, OPERATIONS, ROWS = TOTALS.checks


def changed(claim: Claim, changes: Mapping[str, float]) -> Evidence:
    return Evidence({**claim.count(), **changes})


def test_costs_by_hand() -> None:
    figures = {**BESIDE.count(), **TOTALS.count()}
    assert figures["v3"] / figures["v1"] == pytest.approx(5_713_216_096 / 1_582_671_872)
    assert figures["v2"] == 5_299_886_272
    # The 7x7 and 64 channels of v2 for depthwise 7x7 on 24 channels and a 1x1.
    assert figures["v2"] - figures["v2.separable"] == 147**2 * (49 * 3 * 64 - 49 * 24 - 24 * 64)
    assert figures["v3.224"] / figures["v1"] == pytest.approx(1.79, abs=0.005)
    assert figures["training"] - figures["params"] == 3_326_696
    assert figures["normed"] == 17_216
    assert figures["v2.differs"] == 0
    assert figures["over 290"] == pytest.approx(5.02e9, rel=1e-3)
    assert figures["over 282"] == pytest.approx(4.63e9, rel=1e-3)
    stages = {name: value / figures["macs"] for name, value in figures.items() if name.startswith("stage ")}
    assert sum(stages.values()) == pytest.approx(1)
    assert [stages[f"stage {grid}"] for grid in ("35x35", "17x17", "8x8")] == pytest.approx([0.175, 0.415, 0.175], abs=5e-4)


def every(value: float) -> dict[str, float]:
    figures = {"v1": 1.0, "googlenet-separable": 1.0, "bn": 1.0, "v3": value, "v2": value}
    return figures | {f"{name}.inside": found for name, found in figures.items()} | {"v3.224": 1.0}


@pytest.mark.parametrize(
    ("figures", "verdict"),
    [
        (every(2.5), "holds"),
        (every(2.53), "holds-rounded"),
        (every(2.5) | {"v3": 3.6}, "depends"),
        (every(3.6) | {"v3.inside": 2.5}, "depends"),
        (every(3.6), "does-not-reproduce"),
    ],
)
def test_judge_beside_googlenet(figures: Mapping[str, float], verdict: str) -> None:
    assert BESIDE.judge(Evidence(figures)).verdict == verdict


@pytest.mark.parametrize(
    ("v2", "v3", "verdict"),
    [(5.0, 5.0, "holds"), (5.02, 5.0, "holds-rounded"), (5.0, 6.4, "depends"), (6.0, 6.4, "does-not-reproduce")],
)
def test_judge_of_the_table(v2: float, v3: float, verdict: str) -> None:
    assert TABLE.judge(Evidence({"printed.v1": 2.0, "printed.v2": v2, "printed.v3": v3})).verdict == verdict


@pytest.mark.parametrize(
    ("v3", "printed", "verdict"),
    [(2.5, 5.0, "holds"), (2.51, 5.0, "holds-rounded"), (2.8, 5.0, "depends"), (2.8, 5.8, "does-not-reproduce")],
)
def test_judge_beside_bn_inception(v3: float, printed: float, verdict: str) -> None:
    figures = {
        "v3": v3,
        "v3.inside": v3,
        "bn": 1.0,
        "bn.inside": 1.0,
        "printed.bn": 2.0,
        "printed.v3": printed,
        "printed.v3.abstract": printed,
    }
    assert BN.judge(Evidence(figures)).verdict == verdict


@pytest.mark.parametrize(
    ("found", "inside", "verdict"),
    [
        (4.8e9, 4.8e9, "holds"),
        (4.84e9, 4.8e9, "holds-rounded"),
        (5.7e9, 4.8e9, "depends"),
        (5.7e9, 5.5e9, "does-not-reproduce"),
    ],
)
def test_judge_of_multiply_adds(found: float, inside: float, verdict: str) -> None:
    assert TOTALS.judge(changed(TOTALS, {"macs": found, "inside": inside})).verdict == verdict


@pytest.mark.parametrize(
    ("found", "inside", "verdict"),
    [(5e9, 5e9, "holds"), (5.4e9, 5e9, "holds-rounded"), (5.7e9, 5.4e9, "depends"), (5.7e9, 5.6e9, "does-not-reproduce")],
)
def test_judge_of_the_abstract(found: float, inside: float, verdict: str) -> None:
    assert ABSTRACT.judge(changed(TOTALS, {"macs": found, "inside": inside})).verdict == verdict


def test_a_reader_sees_what_is_rounded() -> None:
    reason = ABSTRACT.judge(changed(TOTALS, {"macs": 5.713e9, "inside": 5.468e9})).reason
    assert [amount.value for amount in reason.amounts] == [5.713e9, 6, 5.468e9, 5]


@pytest.mark.parametrize(
    ("plain", "separable", "verdict"),
    [
        (3.8e9, 3.8e9, "holds"),
        (3.8e9, 3.84e9, "holds-rounded"),
        (5.3e9, 3.8e9, "depends"),
        (5.3e9, 5.2e9, "does-not-reproduce"),
    ],
)
def test_judge_of_v2(plain: float, separable: float, verdict: str) -> None:
    figures = {"v2": plain, "v2.separable": separable}
    on_the_map = {f"{name}.inside": value for name, value in figures.items()}
    assert V2.judge(changed(TOTALS, figures | on_the_map)).verdict == verdict


@pytest.mark.parametrize(
    ("bare", "training", "verdict"), [(23e6, 24e6, "holds"), (23e6, 27e6, "depends"), (26e6, 27e6, "does-not-reproduce")]
)
def test_judge_of_25_million(bare: float, training: float, verdict: str) -> None:
    assert BELOW.judge(Evidence({"params": bare, "training": training})).verdict == verdict


def test_judges_of_what_is_published() -> None:
    assert PUBLISHED.judge(changed(TOTALS, {})).verdict == "holds"
    assert PUBLISHED.judge(changed(TOTALS, {"training": 27_161_265})).verdict == "depends"
    assert PUBLISHED.judge(changed(TOTALS, {"training": 1.0, "params": 1.0})).verdict == "does-not-reproduce"
    assert OPERATIONS.judge(changed(TOTALS, {"macs": 5.713e9})).verdict == "holds"
    assert OPERATIONS.judge(changed(TOTALS, {})).verdict == "holds-rounded"
    assert OPERATIONS.judge(changed(TOTALS, {"macs": 5.715e9})).verdict == "does-not-reproduce"
    assert ROWS.judge(changed(TOTALS, {"v2.differs": 1.0})).verdict == "does-not-reproduce"


# The first layer of the reading with 96 is counted only as TF-slim has it, separable.
FIRST = {"inception-v2": 0, "inception-v3": 0, "bn-inception": 0, "bn-inception-96": 1}
CONVOLUTIONS = [
    (name, path)
    for name, first in FIRST.items()
    for path in [path for path, node in walk(network(name).trunk) if isinstance(node, Conv)][first::9]
]


@pytest.fixture
def widened(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """One convolution of one network eight channels wider, and nothing remembered of it before or behind."""
    name, path = request.param
    own = NETWORKS[name]()

    def rule(here: str, node: Node) -> Node | None:
        return replace(node, out=node.out + 8) if here == path and isinstance(node, Conv) else None

    other = replace(own, trunk=Sequence(tuple(rewrite(step, rule, _name(step)) for step in own.trunk.steps)))
    monkeypatch.setitem(NETWORKS, name, lambda: other)
    network.cache_clear()
    forget()
    yield
    network.cache_clear()
    forget()


def _name(step: Node) -> str:
    return step.name if isinstance(step, (Named, Aux)) else ""


@pytest.mark.parametrize("widened", CONVOLUTIONS, indirect=True, ids=[f"{name}-{path}" for name, path in CONVOLUTIONS])
@pytest.mark.usefixtures("widened")
def test_another_width_is_noticed() -> None:
    """The totals that others publish, and the two rows that lead from v2 to v3, leave no width free."""
    differing = [
        name
        for claim in (TOTALS, CLAIMS["bn-inception-cost-2g"])
        for name, recorded, found in judged(claim, {}, {}).differing
        if found != recorded
    ]
    assert differing
