"""What can be gated: quantities of a count that are exact on any machine, and those of the clock by their names only."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from inception_analyzer.choices import Phase
from inception_analyzer.cost import Cost
from inception_analyzer.evidence import Count

CONVENTION = "paper-mac/1"  # raised when a formula changes, so that an old baseline is refused and not misread
ELEMENT = 4  # bytes of a number in fp32
SAVED = "saved_bytes"  # of which a layer's part follows from those beside it, and not from its cost


@dataclass(frozen=True, slots=True)
class Metric:
    """A quantity with its words; `of_layer` tells a layer's part of it, for quantities that add up over layers."""

    name: str
    words: str
    of: Callable[[Count], int]
    of_layer: Callable[[Cost], int] | None = None
    of_heads: bool = False  # its layers are those of the auxiliary heads


def _with_heads(count: Count, quantity: Callable[[Cost], int]) -> int:
    return quantity(count.aux) if count.aux is not None else 0


def _params(cost: Cost) -> int:
    return cost.params


def _macs(cost: Cost) -> int:
    return cost.macs


METRICS: Mapping[str, Metric] = {
    metric.name: metric
    for metric in (
        Metric("params", "parameters", lambda c: c.cost.params, _params),
        Metric("params_aux", "parameters of heads", lambda c: _with_heads(c, _params), _params, of_heads=True),
        Metric("macs", "multiply-adds", lambda c: c.cost.macs, _macs),
        Metric("macs_aux", "multiply-adds of heads", lambda c: _with_heads(c, _macs), _macs, of_heads=True),
        Metric("macs_backward", "multiply-adds backward", lambda c: c.cost.macs_backward, lambda cost: cost.macs_backward),
        Metric("activations", "activations", lambda c: c.cost.activations, lambda cost: cost.activations),
        Metric(SAVED, "bytes saved for backward", lambda c: ELEMENT * c.kept),
        Metric("depth", "layers on longest path", lambda c: c.depth.layers),
    )
}

# Quantities that add up over layers, which a baseline keeps for each layer too.
OF_LAYERS = tuple(name for name, metric in METRICS.items() if metric.of_layer is not None or name == SAVED)

PHASES: tuple[Phase, ...] = ("forward", "train-forward", "backward", "step", "train-step")
MEASURED: Mapping[str, str] = {
    **{f"latency.{phase}": f"time, {phase}" for phase in PHASES},
    **{f"peak.{phase}": f"peak memory, {phase}" for phase in PHASES},
    **{f"energy.{phase}": f"energy per image, {phase}" for phase in PHASES},
}

# What is measured is known between two ends, which a baseline keeps beside it.
LOW, HIGH = ".low", ".high"
ENDS = tuple(f"{name}{end}" for name in MEASURED for end in (LOW, HIGH))


def words_of(metric: str) -> str:
    """A metric in words."""
    return METRICS[metric].words if metric in METRICS else MEASURED[metric]
