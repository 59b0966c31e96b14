"""Limits as tests write them, `"<=1.6G"`, and what is said where one is exceeded: found, limit, and the dearest layers."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from inception_analyzer.errors import AnalyzerError
from inception_analyzer.gates.baseline import Model
from inception_analyzer.gates.metrics import METRICS, OF_LAYERS, words_of
from inception_analyzer.gates.rules import parse_amount
from inception_analyzer.report.gated.words import value_texts
from inception_analyzer.report.quantity import share
from inception_analyzer.testing.subjects import Costed

Asked = str | int

SIGNS: dict[str, Callable[[float, float], bool]] = {
    "<=": operator.le,
    "<": operator.lt,
    ">=": operator.ge,
    ">": operator.gt,
    "==": operator.eq,
}
SHOWN = 5  # layers


@dataclass(frozen=True, slots=True)
class Limit:
    """One side of a metric."""

    metric: str
    sign: str
    amount: float

    def holds(self, found: int) -> bool:
        return SIGNS[self.sign](found, self.amount)


def limits_of(asked: Mapping[str, Asked]) -> list[Limit]:
    """`macs="<=1.6G"`, `params=6998552`; at least one."""
    if not asked:
        raise AnalyzerError("no limit is asked", ("for example", "macs='<=1.6G', params='<=7M'"))
    return [_limit(metric, wanted) for metric, wanted in asked.items()]


def _limit(metric: str, wanted: Asked) -> Limit:
    if metric not in METRICS:
        raise AnalyzerError(f"no metric is called {metric!r}", ("metrics", "  ".join(METRICS)), word=metric)
    if isinstance(wanted, int) and not isinstance(wanted, bool):
        return Limit(metric, "==", wanted)
    match = re.fullmatch(r"\s*(<=|>=|==|<|>)\s*(.+)", wanted) if isinstance(wanted, str) else None
    if match is None:
        raise AnalyzerError(f"{wanted!r} is no limit for {metric}", ("instead", "'<=1.6G', '<25M', '==48' or a number"))
    return Limit(metric, match[1], parse_amount(match[2], metric))


def complaint(found: Costed, limits: list[Limit]) -> str:
    """What is exceeded, one line each, and under it the layers that cost most; empty where everything holds."""
    broken = [limit for limit in limits if not limit.holds(found[limit.metric])]
    if not broken:
        return ""
    width = max(len(words_of(limit.metric)) for limit in broken)
    lines = [f"{found.model.name} does not cost what it should"]
    for limit in broken:
        here, there = value_texts(limit.metric, [found[limit.metric], limit.amount])
        lines.append(f"  {words_of(limit.metric):{width}}  found {here}, limit {limit.sign} {there}{_off(found, limit)}")
    metric = next((limit.metric for limit in broken if limit.metric in OF_LAYERS), "")
    return "\n".join([*lines, *(_dearest(found.model, metric) if metric else [])])


def _off(found: Costed, limit: Limit) -> str:
    here = found[limit.metric]
    return f" ({100 * (here / limit.amount - 1):+.2g} %)" if limit.amount and here < 2 * limit.amount else ""


def _dearest(model: Model, metric: str) -> list[str]:
    parts = sorted(((values.get(metric, 0), path) for path, values in model.layers.items()), reverse=True)[:SHOWN]
    if not parts or not parts[0][0]:
        return []
    width = max(len(path) for _, path in parts)
    total = int(model.totals[metric])
    told = [(path, value_texts(metric, [part])[0], share(int(part), total)) for part, path in parts if part]
    return [f"  most {words_of(metric)} are in", *(f"    {path:{width}}  {part:>9}  {of:>6}" for path, part, of in told)]
