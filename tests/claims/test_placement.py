"""The judge of modules in lower layers on evidence made by hand, and what a module keeps by hand."""

from __future__ import annotations

import pytest

from inception_analyzer.claims import CLAIMS
from inception_analyzer.claims.placement import GRIDS
from tests.claims.evidence import verdict

LOWER = CLAIMS["low-layers-plain-memory"]


def test_memory_by_hand() -> None:
    """Reductions, kernels, the pool with the places of its maxima, its projection, and all of them concatenated."""
    figures = LOWER.count()
    kept = 64 + (96 + 128) + (16 + 32) + (64 + 64 + 32) + 256
    written = 64 + (96 + 128) + (16 + 32) + (64 + 32) + 256
    for grid in GRIDS:
        assert figures[f"plain.{grid}"] == figures[f"plain.outputs.{grid}"] == 192 * grid**2
        assert figures[f"module.{grid}"] == kept * grid**2
        assert figures[f"module.outputs.{grid}"] == written * grid**2
    assert figures["module.outputs.112"] == 8_630_272
    assert figures["stem.outputs"] / figures["all.outputs"] == pytest.approx(0.421, abs=5e-4)
    assert figures["all.outputs"] == pytest.approx(4.65e6, rel=1e-3)


@pytest.mark.parametrize(("network", "expected"), [(100.0, "depends"), (10.0, "holds"), (1e4, "does-not-reproduce")])
def test_judge_of_placement(network: float, expected: str) -> None:
    figures = {f"{name}.{grid}": size for grid in GRIDS for name, size in (("plain", 1.0), ("module", 4.0))}
    figures |= {f"{name}.outputs.112": 1.0 for name in ("plain", "module")} | {"module.params": 2.0, "plain.params": 1.0}
    figures |= {"network": network, "stem.outputs": 1.0, "all.outputs": 2.0, "module.112": 41.0}
    assert verdict(LOWER, figures) == expected
