"""Judges of parameters on evidence made by hand, and that no width of GoogLeNet can change unseen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from inception_analyzer import networks
from inception_analyzer.claims import CLAIMS, counted
from inception_analyzer.claims.judging import judged
from inception_analyzer.claims.sizes import PAIRS, READINGS
from inception_analyzer.claims.table_1 import ROWS
from inception_analyzer.spec import Conv, Linear, Network
from inception_analyzer.tree import rewrite, walk
from inception_analyzer.words import trunk
from tests.claims.evidence import verdict

FIVE, TWELFTH, WORK = (CLAIMS[name] for name in ("googlenet-params-5m", "googlenet-12x-alexnet", "googlenet-macs-1p5g"))
V1 = networks.network("googlenet")
LAYERS = [path for path, node in walk(V1.trunk) if isinstance(node, (Conv, Linear)) and path != "linear"]


def test_googlenet_by_every_count() -> None:
    figures = FIVE.count()
    assert figures["all"] == 6_998_552
    assert figures["weights"] == 6_990_272
    assert figures["convolutions"] == 6_998_552 - 1_025_000
    assert figures["heads"] == 6_998_552 + 3_188_840 + 3_190_888
    assert figures["v1.map"] == 7 * 7 * 1024 * 1000
    assert (figures["row.conv1"], figures["row.3a"], figures["row.linear"]) == (2712, 163_328, 1_024_000)


@pytest.mark.parametrize(
    ("first", "others", "expected"),
    [
        (7e6, 6e6, "does-not-reproduce"),
        (5e6, 6e6, "depends"),
        (5e6, 5e6, "holds"),
        (5.1e6, 5e6, "holds-rounded"),
    ],
)
def test_judge_of_five_million(first: float, others: float, expected: str) -> None:
    assert verdict(FIVE, dict.fromkeys(READINGS, others) | {"all": first}) == expected


def test_judge_of_table_1() -> None:
    decimal = {f"row.{row.name}": row.params * 1000 for row in ROWS}
    assert verdict(FIVE, decimal, "table-1") == "holds"
    assert verdict(FIVE, decimal | {"row.3a": 159.4 * 1024}, "table-1") == "holds-rounded"
    assert verdict(FIVE, decimal | {"row.4c": 509_440}, "table-1") == "depends"
    assert verdict(FIVE, dict.fromkeys(decimal, 1e9), "table-1") == "does-not-reproduce"


def test_judges_of_published_totals() -> None:
    theirs = {"torchvision": 6_624_904, "torchvision.heads": 13_004_888}
    assert verdict(FIVE, theirs, "torchvision") == "holds"
    assert verdict(FIVE, theirs | {"torchvision": 6_624_905}, "torchvision") == "depends"
    assert verdict(FIVE, dict.fromkeys(theirs, 1), "torchvision") == "does-not-reproduce"
    alexnets = {"alexnet": 60_965_224, "alexnet.torchvision": 61_100_840}
    assert verdict(TWELFTH, alexnets, "published") == "holds"
    assert verdict(TWELFTH, alexnets | {"alexnet": 1}, "published") == "depends"
    assert verdict(TWELFTH, dict.fromkeys(alexnets, 1), "published") == "does-not-reproduce"


def test_judge_of_the_mean() -> None:
    figures = {"v1.mean": 1.0, "v1.map": 49.0, "v3.mean": 1.0, "v3.map": 64.0}
    assert verdict(FIVE, figures, "mean") == "holds"
    assert verdict(FIVE, figures | {"v1.map": 36.0}, "mean") == "does-not-reproduce"


def test_alexnet_by_hand() -> None:
    figures = TWELFTH.count()
    assert figures["alexnet"] / figures["v1"] == pytest.approx(8.711, abs=5e-4)
    # Without groups the second, fourth and fifth convolution read all of what is before them.
    assert figures["alexnet.ungrouped"] - figures["alexnet"] == 25 * 48 * 256 + 9 * 192 * 384 + 9 * 192 * 256
    assert figures["alexnet.torchvision"] == 61_100_840


@pytest.mark.parametrize(
    ("alexnet", "expected"),
    [(8.7, "does-not-reproduce"), (12.0, "holds"), (12.1, "holds-rounded")],
)
def test_judge_of_a_twelfth(alexnet: float, expected: str) -> None:
    figures = {one: alexnet for one, _ in PAIRS.values()} | {other: 1.0 for _, other in PAIRS.values()}
    more = {"alexnet.convolutions": 1.0, "v1.convolutions": 1.0}
    assert verdict(TWELFTH, figures | more) == expected


def test_twelfth_under_one_condition() -> None:
    figures = {name: 1.0 for pair in PAIRS.values() for name in pair} | {"alexnet.convolutions": 1.0, "v1.convolutions": 1.0}
    assert verdict(TWELFTH, figures | {"alexnet.torchvision": 12.0}) == "depends"


@pytest.fixture
def _fresh() -> Iterator[None]:
    yield
    networks.network.cache_clear()
    counted.forget()


@pytest.mark.usefixtures("_fresh")
@pytest.mark.parametrize("path", LAYERS)
def test_no_width_changes_unseen(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """One channel more anywhere in GoogLeNet or its heads turns the verdict on torchvision's total."""
    monkeypatch.setitem(networks.NETWORKS, "googlenet", lambda: _wider(path))
    networks.network.cache_clear()
    counted.forget()
    assert "googlenet-params-5m.torchvision" in {name for name, _, _ in judged(FIVE, {}, {}).differing}, path


@pytest.mark.usefixtures("_fresh")
@pytest.mark.parametrize("name", ["googlenet-separable", "bn-googlenet"])
def test_the_variants_stay_the_same_network(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    variant = networks.NETWORKS[name]()
    monkeypatch.setitem(networks.NETWORKS, name, lambda: _wider("inception_4c.5x5.0", variant))
    networks.network.cache_clear()
    counted.forget()
    assert "googlenet-macs-1p5g.behind" in {one for one, _, _ in judged(WORK, {}, {}).differing}


def _wider(path: str, network: Network = V1) -> Network:
    return replace(
        network,
        trunk=trunk(
            rewrite(
                network.trunk,
                lambda here, node: (
                    replace(node, out=node.out + 1) if here == path and isinstance(node, (Conv, Linear)) else None
                ),
            )
        ),
    )
