"""Width and uses of weights: judges on evidence made by hand, and figures beside the arithmetic."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from inception_analyzer.claims import CLAIMS
from inception_analyzer.claims.principles import FACTORED
from inception_analyzer.inquiry import Evidence

DOUBLED, USES = CLAIMS["double-filters-4x"], CLAIMS["weight-one-mult-per-activation"]
(EACH_LAYER,), (MEMORY,) = DOUBLED.checks, USES.checks

ENDS = ("v3.macs", "v3.params", "v1.macs", "v1.params")


def test_doubled_by_hand() -> None:
    figures = DOUBLED.count()
    assert figures["conv0.wide.macs"] == 2 * 27 * 32 * 149**2
    assert figures["conv4.wide.macs"] == 4 * 9 * 80 * 192 * 71**2
    assert figures["logits.wide.macs"] == 2 * 2048 * 1000
    assert (figures["layers"], figures["fourfold"]) == (95, 93)
    assert figures["v3.wide.macs"] / figures["v3.macs"] == pytest.approx(3.99, abs=0.005)
    # All but the norms and the two ends is fourfold: GoogLeNet's million weights of the last layer only double.
    assert figures["v1.wide.params"] / figures["v1.params"] == pytest.approx(3.70, abs=0.005)


def doubled(**times: float) -> Evidence:
    """Costs of 1, and at double width 4 where nothing else is said."""
    wide = {end.replace(".", ".wide."): times.get(end.replace(".", "_"), 4.0) for end in ENDS}
    return Evidence({**dict.fromkeys(ENDS, 1.0), **wide})


@pytest.mark.parametrize(
    ("times", "verdict"),
    [
        ({}, "holds"),
        ({"v3_macs": 3.9}, "holds-rounded"),
        ({"v3_macs": 2.0}, "depends"),
        (dict.fromkeys(("v3_macs", "v3_params", "v1_macs", "v1_params"), 2.0), "does-not-reproduce"),
    ],
)
def test_judge_of_doubling(times: Mapping[str, float], verdict: str) -> None:
    assert DOUBLED.judge(doubled(**times)).verdict == verdict


@pytest.mark.parametrize(
    ("times", "verdict"), [((4, 4, 4), "holds"), ((2, 4, 2), "depends"), ((2, 2, 2), "does-not-reproduce")]
)
def test_judge_of_each_layer(times: tuple[float, float, float], verdict: str) -> None:
    layers = dict(zip(("conv0", "conv4", "logits"), times, strict=True))
    figures = {f"{name}.macs": 1.0 for name in layers} | {f"{name}.wide.macs": value for name, value in layers.items()}
    assert EACH_LAYER.judge(Evidence(figures | {"layers": 95.0, "fourfold": 93.0})).verdict == verdict


def test_uses_by_hand() -> None:
    figures = USES.count()
    assert figures["layers"] == figures["as-told"] == 95
    assert figures["small.params"] == figures["params"]
    # 6b's arms of 128 channels at 17x17, their 1x1 and norms aside: 7 taps for 49 in each of its pairs.
    saved = figures["mixed_6b.restored.macs"] - figures["mixed_6b.factored.macs"]
    pairs = 128 * (128 + 192) + 128 * (128 + 128) + 128 * (128 + 192)
    joined = 128 * 192 + 128 * 128 + 128 * 192
    assert saved == 17**2 * (49 * joined - 7 * pairs)
    # Each layer keeps two maps of its width, before its norm and behind it; three of the layers are joined to others.
    more = figures["mixed_6b.factored.kept"] - figures["mixed_6b.restored.kept"]
    assert more == 2 * 17**2 * (128 + 128 + 128)


def uses(**changes: float) -> Evidence:
    """Everything falls with the multiply-adds."""
    figures = {"layers": 95.0, "as-told": 95.0, "macs": 2.0, "params": 2.0, "small.macs": 1.0, "small.params": 1.0}
    figures |= {"kept": 1.0, "restored.kept": 2.0}
    for path in FACTORED:
        figures |= {f"{path}.factored.{what}": 1.0 for what in ("macs", "params", "kept")}
        figures |= {f"{path}.restored.{what}": 2.0 for what in ("macs", "params", "kept")}
    return Evidence(figures | {name.replace("__", "."): value for name, value in changes.items()})


def test_judge_of_uses() -> None:
    assert USES.judge(uses()).verdict == "holds"
    assert USES.judge(uses(mixed_6b__factored__kept=3.0)).verdict == "depends"
    nothing = {"as-told": 0.0, "small__params": 2.0} | dict.fromkeys(
        ("mixed_6b__factored__macs", "mixed_5d__factored__macs"), 3.0
    )
    assert USES.judge(uses(**nothing)).verdict == "does-not-reproduce"


def test_judge_of_memory() -> None:
    more = {f"{path}__factored__kept": 3.0 for path in FACTORED}
    assert MEMORY.judge(uses()).verdict == "holds"
    assert MEMORY.judge(uses(**more)).verdict == "depends"
    assert MEMORY.judge(uses(**more, kept=3.0)).verdict == "does-not-reproduce"
