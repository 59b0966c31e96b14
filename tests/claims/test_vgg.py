"""Judges of VGG beside AlexNet and Inception on evidence made by hand."""

from __future__ import annotations

import pytest

from inception_analyzer.claims import CLAIMS
from inception_analyzer.claims.vgg import INCEPTIONS, PUBLISHED, TABLE_2
from tests.claims.evidence import verdict

TIMES, CHEAPER = CLAIMS["vgg-3x-alexnet"], CLAIMS["inception-cheaper-than-vgg"]


def test_sizes_are_the_published_ones() -> None:
    figures = TIMES.count()
    assert figures.items() >= PUBLISHED.items()
    assert figures["vgg16"] / figures["alexnet"] == pytest.approx(2.269, abs=1e-3)
    assert figures["vgg16.macs"] == 15_470_264_320
    assert figures["vgg19"] / figures["vgg11"] - 1 == pytest.approx(0.0813, abs=1e-4)


@pytest.mark.parametrize(
    ("small", "large", "expected"),
    [
        (2.2, 2.4, "does-not-reproduce"),
        (2.2, 2.6, "depends"),
        (2.9, 3.1, "holds-rounded"),
        (3.0, 3.0, "holds"),
    ],
)
def test_judge_of_three_times(small: float, large: float, expected: str) -> None:
    figures = {"vgg11": small, "vgg13": small, "vgg16": large, "vgg19": large, "alexnet": 1.0}
    assert verdict(TIMES, figures | {"vgg16.macs": 20.0, "alexnet.macs": 1.0}) == expected


def test_judge_of_constant_parameters() -> None:
    assert verdict(TIMES, {"vgg11": 1.0, "vgg19": 1.08}, "constant") == "does-not-reproduce"
    assert verdict(TIMES, {"vgg11": 1.0, "vgg19": 1.0}, "constant") == "holds"


def test_judges_of_printed_sizes() -> None:
    printed = {name: millions * 1e6 for name, millions in TABLE_2.items()}
    assert verdict(TIMES, printed, "table-2") == "holds"
    assert verdict(TIMES, PUBLISHED, "table-2") == "holds-rounded"
    assert verdict(TIMES, printed | {"vgg11": 1e6}, "table-2") == "depends"
    assert verdict(TIMES, dict.fromkeys(printed, 1.0), "table-2") == "does-not-reproduce"
    assert verdict(TIMES, PUBLISHED, "published") == "holds"
    assert verdict(TIMES, PUBLISHED | {"vgg11": 1}, "published") == "depends"
    assert verdict(TIMES, dict.fromkeys(PUBLISHED, 1), "published") == "does-not-reproduce"


def test_work_by_hand() -> None:
    figures = CHEAPER.count()
    found = {name: figures["vgg16.macs"] / figures[f"{name}.macs"] for name in INCEPTIONS}
    assert found["v1"] == pytest.approx(9.775, abs=1e-3)
    assert found["v3"] == pytest.approx(2.708, abs=1e-3)
    assert found["v4"] == pytest.approx(1.262, abs=1e-3)
    assert figures["vgg16.macs"] - figures["vgg16.convs"] == 25_088 * 4096 + 4096 * 4096 + 4096 * 1000


@pytest.mark.parametrize(
    ("most", "last", "expected"), [(1.0, 1.0, "holds"), (1.0, 9.0, "depends"), (9.0, 9.0, "does-not-reproduce")]
)
def test_judge_of_cheaper(most: float, last: float, expected: str) -> None:
    figures = {f"{name}.{key}": most for name in INCEPTIONS for key in ("macs", "params")}
    assert verdict(CHEAPER, figures | {"vgg16.macs": 10.0, "vgg16.params": 10.0, "ir2.macs": last}) == expected


@pytest.mark.parametrize(
    ("whole", "bare", "expected"),
    [
        ((15.47e9, 19.7e9), (15.35e9, 19.51e9), "does-not-reproduce"),
        ((15.47e9, 19.63e9), (15.34e9, 19.51e9), "depends"),
        ((15.3e9, 19.6e9), (15.3e9, 19.6e9), "holds"),
        ((15.31e9, 19.6e9), (15.3e9, 19.6e9), "holds-rounded"),
    ],
)
def test_judge_of_printed_work(whole: tuple[float, float], bare: tuple[float, float], expected: str) -> None:
    figures = {"vgg16.macs": whole[0], "vgg19.macs": whole[1], "vgg16.convs": bare[0], "vgg19.convs": bare[1]}
    assert verdict(CHEAPER, figures, "printed") == expected
