"""Judges of GoogLeNet's widths, depth and work on evidence made by hand, and rows of Table 1 beside its widths."""

from __future__ import annotations

import pytest

from inception_analyzer.claims import CLAIMS
from inception_analyzer.claims.modules import MODULES
from inception_analyzer.claims.table_1 import ROWS, Row, as_printed
from inception_analyzer.inquiry import Evidence
from tests.claims.evidence import verdict

SHARES, DEPTH, WORK = (
    CLAIMS[name] for name in ("share-of-large-kernels-grows", "googlenet-depth-22-27", "googlenet-macs-1p5g")
)
KEYS = ("3x3", "5x5", "3x3.macs", "5x5.macs")


def test_shares_by_hand() -> None:
    figures = SHARES.count()
    assert figures["3a.3x3"] + figures["3a.5x5"] == (128 + 32) / 256 == 0.625
    assert figures["5b.3x3"] + figures["5b.5x5"] == (384 + 128) / 1024 == 0.5
    assert figures["3a.5x5"] == figures["5b.5x5"] == 0.125


@pytest.mark.parametrize(
    ("threes", "fives", "expected"), [(0.5, 0.2, "holds"), (0.2, 0.2, "depends"), (0.2, 0.1, "does-not-reproduce")]
)
def test_judge_of_shares(threes: float, fives: float, expected: str) -> None:
    figures = {f"{name}.{key}": 0.1 for name in MODULES for key in KEYS} | {"3a.3x3": 0.5}
    assert verdict(SHARES, figures | {"5b.3x3": threes, "5b.5x5": fives}) == expected


def test_depth_by_hand() -> None:
    """3 + 9 * 2 + 1; the four max pools and the mean; 57 convolutions, 1 classifier, 14 pools, 9 concatenations."""
    figures = DEPTH.count()
    assert (figures["layers"], figures["pools"], figures["modules"]) == (22, 5, 9)
    assert (figures["shortest"], figures["convolutions"]) == (3 + 9 + 1, 57)
    assert figures["blocks"] == 57 + 1 + 14 + 9 == 81
    assert figures["blocks.heads"] == 81 + 2 * 4  # pool, 1x1, two layers
    assert figures["blocks.all"] == 81 + 2 + 1 + 1 + 2 * 6  # norms, dropout, softmax; each head has the last two as well


@pytest.mark.parametrize(
    ("layers", "modules", "expected"), [(22, 9, "holds"), (22, 10, "depends"), (20, 10, "does-not-reproduce")]
)
def test_judge_of_depth(layers: int, modules: int, expected: str) -> None:
    figures = {"layers": layers, "pools": 5, "modules": modules, "shortest": 13, "convolutions": 57}
    assert verdict(DEPTH, figures) == expected


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ((81, 89, 97), "depends"),
        ((81, 89, 93), "does-not-reproduce"),
        ((97, 99, 101), "holds-rounded"),
        ((100, 100, 100), "holds"),
    ],
)
def test_judge_of_pieces(counts: tuple[int, ...], expected: str) -> None:
    figures = dict(zip(("blocks", "blocks.heads", "blocks.all"), counts, strict=True))
    assert verdict(DEPTH, figures, "pieces") == expected


def test_work_by_hand() -> None:
    figures = WORK.count()
    assert (figures["plain"], figures["separable"]) == (1_582_671_872, 1_498_677_248)
    assert figures["plain"] - figures["plain.behind"] == 49 * 3 * 64 * 112**2
    assert figures["row.conv1"] == (49 * 24 + 24 * 64) * 112**2
    assert figures["torchvision"] == 1_498_376_192
    assert sum(figures[f"row.{row.name}"] for row in ROWS) == figures["separable"]


@pytest.mark.parametrize(("found", "expected"), [(1.4987e9, "holds-rounded"), (1.5e9, "holds"), (1.58e9, "does-not-reproduce")])
def test_judge_of_work(found: float, expected: str) -> None:
    aside = {"separable.inside": 1.42e9, "plain": 1.58e9, "plain.inside": 1.5e9, "alexnet": 0.7e9}
    assert verdict(WORK, {"separable": found, **aside}) == expected


@pytest.mark.parametrize(
    ("plain", "inside", "expected"),
    [
        (1.58e9, 1.58e9, "does-not-reproduce"),
        (1.58e9, 1.51e9, "depends"),
        (1.5e9, 1.5e9, "holds"),
        (1.51e9, 1.5e9, "holds-rounded"),
    ],
)
def test_judge_of_the_plain_layer(plain: float, inside: float, expected: str) -> None:
    figures = {"plain": plain, "normed": plain, "plain.inside": inside, "normed.inside": inside}
    assert verdict(WORK, figures, "plain") == expected


def test_rows_say_how_they_round() -> None:
    """Facts, claim 20: 4a's 73.6 is printed as 73, and 5a's 51.1 as 54."""
    evidence = Evidence(WORK.count())
    told = {check.name: check.judge(evidence).reason for check in WORK.checks if check.name.startswith("row-")}
    assert [amount.value for amount in told["row-4a"].amounts[1:]] == [74, 73]
    assert [amount.value for amount in told["row-5a"].amounts[1:]] == [51]


def test_judges_of_other_descriptions() -> None:
    assert verdict(WORK, {"torchvision": 1.498_376e9}, "torchvision") == "holds-rounded"
    assert verdict(WORK, {"torchvision": 1.498e9}, "torchvision") == "holds"
    assert verdict(WORK, {"torchvision": 1.6e9}, "torchvision") == "does-not-reproduce"
    behind = {"plain.behind": 1.0, "separable.behind": 1.0, "normed.behind": 1.0}
    assert verdict(WORK, behind, "behind") == "holds"
    assert verdict(WORK, behind | {"normed.behind": 2.0}, "behind") == "depends"
    assert verdict(WORK, behind | {"plain.behind": 2.0}, "behind") == "does-not-reproduce"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_judge_of_each_row(row: Row) -> None:
    name = f"row-{row.name}"
    assert verdict(WORK, {f"row.{row.name}": row.ops * 1e6}, name) == "holds"
    assert verdict(WORK, {f"row.{row.name}": row.ops * 1e6 + 4e5}, name) == "holds-rounded"
    assert verdict(WORK, {f"row.{row.name}": row.ops * 1e6 + 6e5}, name) == "depends"
    assert verdict(WORK, {f"row.{row.name}": row.ops * 1e6 - 6e5}, name) == "does-not-reproduce"


def test_printed_places() -> None:
    assert as_printed(34.0, 34) == "exactly"
    assert as_printed(118.5157, 119) == as_printed(2.712, 2.7) == "rounded"
    assert as_printed(2.76, 2.7) == as_printed(73.6, 73) == "not"
