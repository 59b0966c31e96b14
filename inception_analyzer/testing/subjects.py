"""Whatever a test hands over as what it costs: names, files and networks by hand, torch modules by torch's counters."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inception_analyzer.count import count
from inception_analyzer.errors import AnalyzerError
from inception_analyzer.expressions import resolve
from inception_analyzer.fit import Image, shape_of
from inception_analyzer.gates.baseline import Model, model_of
from inception_analyzer.gates.metrics import METRICS
from inception_analyzer.own import is_own
from inception_analyzer.spec import Network


@dataclass(frozen=True, slots=True)
class Costed:
    """What one model costs; `model` holds every total and every layer by path."""

    model: Model

    @property
    def macs(self) -> int:
        return self["macs"]

    @property
    def params(self) -> int:
        return self["params"]

    @property
    def activations(self) -> int:
        return self["activations"]

    @property
    def macs_backward(self) -> int:
        return self["macs_backward"]

    @property
    def saved_bytes(self) -> int:
        return self["saved_bytes"]

    @property
    def depth(self) -> int:
        return self["depth"]

    def __getitem__(self, metric: str) -> int:
        if metric not in METRICS:
            raise AnalyzerError(f"no metric is called {metric!r}", ("metrics", "  ".join(METRICS)), word=metric)
        if metric not in self.model.totals:
            found = ("counted", "  ".join(self.model.totals))
            raise AnalyzerError(f"{metric} of {self.model.name} is not known", found, word=metric)
        return int(self.model.totals[metric])


def costed(subject: object, input: Image | object = None, name: str = "", beside: Path | None = None) -> Costed:
    """The cost of an expression, a file, a network, or a torch module with its input."""
    if _is_module(subject):
        if input is None:
            form = ("instead", "input=(3, 224, 224), or a tensor")
            raise AnalyzerError(f"{type(subject).__name__} is a torch module, and says nothing of its input", form)
        # Torch is there already if a module of it is; nothing else here may wake it.
        from inception_analyzer.lab.foreign import count_module

        kind = type(subject).__name__
        found = count_module(subject, input, name or kind)  # type: ignore[arg-type]
        return Costed(Model(name or kind, kind, found.totals, found.layers))
    network = _network(subject, beside)
    image = shape_of(input, network.input.channels) if input is not None else None  # type: ignore[arg-type]
    return Costed(model_of(name or network.label, network.label, count(network, image)))


def _network(subject: object, beside: Path | None) -> Network:
    match subject:
        case Network():
            return subject
        case str() | Path():
            return resolve(_found(str(subject), beside)).network
    form = ("instead", "a name such as 'v3', a file, a Network or a torch module")
    raise AnalyzerError(f"nothing is known of the cost of {type(subject).__name__}", form)


def _found(expression: str, beside: Path | None) -> str:
    """A file lies beside the test that names it, or where the tests are run."""
    name, at, passes = expression.partition("@")
    if beside is not None and is_own(name) and (beside / name).is_file():
        return f"{beside / name}{at}{passes}"
    return expression


def _is_module(subject: object) -> bool:
    torch: Any = sys.modules.get("torch")
    return torch is not None and isinstance(subject, torch.nn.Module)
