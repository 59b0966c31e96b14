"""Identities that claims rest on, run for real in float64: each gives its figures by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from inception_analyzer.lab.identities import (
    fields,
    heads,
    kernels,
    memory,
    modules,
    normalization,
    recipe,
    residual,
    rethinking,
    smoothing,
)

Identity = Callable[[], Mapping[str, float]]

IDENTITIES: Mapping[str, Identity] = {
    **kernels.IDENTITIES,
    **modules.IDENTITIES,
    **heads.IDENTITIES,
    **fields.IDENTITIES,
    **rethinking.IDENTITIES,
    **smoothing.IDENTITIES,
    **normalization.IDENTITIES,
    **residual.IDENTITIES,
    **memory.IDENTITIES,
    **recipe.IDENTITIES,
}
