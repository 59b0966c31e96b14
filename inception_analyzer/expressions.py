"""Model expressions: how a model is named everywhere."""

from __future__ import annotations

from dataclasses import replace

from inception_analyzer.networks import network
from inception_analyzer.spec import Network


def load(expression: str) -> Network:
    """The network that an expression names."""
    return replace(network(expression), expression=expression)
