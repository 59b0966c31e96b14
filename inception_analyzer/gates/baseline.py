"""The baseline: what models cost when it was accepted, one sorted row a line, so that merges are easy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from inception_analyzer.cost import Cost
from inception_analyzer.evidence import Count
from inception_analyzer.gates.metrics import ELEMENT, METRICS, OF_LAYERS, SAVED
from inception_analyzer.stats import Interval

Values = Mapping[str, int | float]


@dataclass(frozen=True, slots=True)
class Model:
    """One model: what its name stood for, its totals, and each layer's part by path.

    `ratios` are of metrics that were measured in pairs with the baseline's model, round by round; `notes` tell by metric why
    it is missing, or what is to be doubted about it, and by no metric why the baseline has no such model.
    """

    name: str
    expression: str
    totals: Values
    layers: Mapping[str, Values] = field(default_factory=dict)
    ratios: Mapping[str, Interval] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Baseline:
    """All models of one baseline; `lines` says where each of them stands in the file it came from."""

    models: Mapping[str, Model]
    program: str = ""
    fingerprint: str = ""  # of the machine, for what was measured; nothing for counts
    machine: str = ""  # the same in words
    lines: Mapping[str, int] = field(default_factory=dict)


def model_of(name: str, expression: str, count: Count) -> Model:
    """A model as it is now; layers of heads count among quantities of their own, as they do in the totals."""
    totals = {metric.name: metric.of(count) for metric in METRICS.values()}
    costs = {layer.path: parts_of(layer.cost, aux=layer.aux) for layer in count.layers}
    heads = {layer.path for layer in count.layers if layer.aux}
    parts = {}
    for path, kept in count.kept_at:
        own = costs.get(path, {})
        saved = {} if path in heads else {SAVED: ELEMENT * kept}
        parts[path] = {**(own if any(own.values()) else {}), **saved}
    return Model(name, expression, totals, {path: values for path, values in parts.items() if any(values.values())})


def parts_of(cost: Cost, *, aux: bool = False) -> dict[str, int]:
    """What one layer adds to each quantity that adds up over layers."""
    metrics = [METRICS[name] for name in OF_LAYERS if METRICS[name].of_heads == aux]
    return {metric.name: metric.of_layer(cost) for metric in metrics if metric.of_layer is not None}


def of_models(models: Iterable[Model], program: str) -> Baseline:
    """Models as a baseline, in the order of their names."""
    return Baseline({model.name: model for model in sorted(models, key=lambda model: model.name)}, program)
