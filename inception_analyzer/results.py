"""What the commands answer, for programs and notebooks: the same rows as values. Nothing here imports torch."""

from __future__ import annotations

from inception_analyzer import claims as registry
from inception_analyzer.claims.judging import judged
from inception_analyzer.count import count as count_of
from inception_analyzer.expressions import derivation_between, resolve
from inception_analyzer.kernel import bench, parse_chain, parse_widths
from inception_analyzer.networks import NETWORKS
from inception_analyzer.outline import outline
from inception_analyzer.place import place
from inception_analyzer.report import compared, counted, derived, explained, kernels, shown, verified
from inception_analyzer.report.compared import Compared
from inception_analyzer.report.result import Result
from inception_analyzer.rules import derive


def count(*models: str) -> Result:
    """What networks cost; all of them where none is named."""
    return Result(counted.document([count_of(resolve(name).network) for name in models or NETWORKS]))


def show(model: str, *, depth: int = 2) -> Result:
    """One network as a tree."""
    found = count_of(resolve(model).network)
    return Result(shown.document(found, outline(place(found.network, found.input)), depth=depth))


def compare(*models: str) -> Result:
    """Networks against the first of them, by counts."""
    networks = [_compared(name) for name in models]
    between = derivation_between(networks[0].rewritten, networks[1].rewritten) if len(networks) == 2 else None
    return Result(compared.document(networks, twin=derive(between) if between else None))


def rewrite(model: str) -> Result:
    """How a network came about by the passes of its expression."""
    return Result(derived.document(derive(resolve(model))))


def kernel(reference: str, other: str, *, channels: str = "64", grid: int = 35) -> Result:
    """Two chains of kernels beside each other."""
    return Result(kernels.document(bench(parse_chain(reference), parse_chain(other), parse_widths(channels), grid)))


def verify(*names: str) -> Result:
    """Claims judged on counts alone; identities and times need the command line, or `inception_analyzer.lab`."""
    found = [judged(claim, {}, {}) for claim in registry.find(names)]
    return Result(verified.document(found, conditions="counted", every=True))


def explain(name: str) -> Result:
    """One claim with its grounds, on counts alone."""
    (claim, *_) = registry.find([name])
    return Result(explained.document(judged(claim, {}, {})))


def _compared(expression: str) -> Compared:
    rewritten = resolve(expression)
    return Compared(count_of(rewritten.network), outline(place(rewritten.network)), rewritten)
