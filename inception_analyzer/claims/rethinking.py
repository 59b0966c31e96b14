"""All claims about Inception-v2 and v3 as networks, in the order of the texts."""

from __future__ import annotations

from inception_analyzer.claims import bn_inception, costs, inception_v3, layers, principles, reductions, representation

CLAIMS = (
    *principles.CLAIMS,
    *reductions.CLAIMS,
    *inception_v3.CLAIMS,
    *layers.CLAIMS,
    *costs.CLAIMS,
    *bn_inception.CLAIMS,
    *representation.CLAIMS,
)
