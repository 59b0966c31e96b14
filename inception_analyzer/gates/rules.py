"""The rules of a gate: how far a metric of a model may move, what it may reach, and what is waived until when."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from typing import Literal

from inception_analyzer.errors import AnalyzerError
from inception_analyzer.gates.metrics import MEASURED, METRICS

Level = Literal["off", "warn", "error"]

# Powers of ten, which decimals are read with and not multiplied by: 2.3 times a thousandth is no 0.0023.
UNITS = {"": 0, "k": 3, "m": 6, "g": 9, "t": 12, "us": -6, "ms": -3, "s": 0}
BYTES = {"kib": 2**10, "mib": 2**20, "gib": 2**30}
FINE = 10**12  # to which shares are read


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far a metric may grow: by this share of what it was, or by this much, whichever is more."""

    share: float = 0.0
    amount: float = 0.0

    def bound(self, before: float) -> float:
        """How far it may go; where nothing is granted, the very integer, which a float of large counts is not."""
        grant = max(round(self.share * FINE) * before / FINE, self.amount)
        return before + grant if grant else before


@dataclass(frozen=True, slots=True)
class Rule:
    """For metrics and models by glob: a tolerance, an absolute budget, or another level; later rules go before earlier ones."""

    metric: str
    model: str = "*"
    tolerance: Tolerance | None = None
    budget: float | None = None
    level: Level | None = None

    def speaks_of(self, metric: str, model: str) -> bool:
        return fnmatchcase(metric, self.metric) and fnmatchcase(model, self.model)


@dataclass(frozen=True, slots=True)
class Waiver:
    """What may breach for a while, and why."""

    metric: str
    model: str
    reason: str
    until: date

    def speaks_of(self, metric: str, model: str) -> bool:
        return fnmatchcase(metric, self.metric) and fnmatchcase(model, self.model)


@dataclass(frozen=True, slots=True)
class Rules:
    """Everything that is asked of one check; what no rule speaks of must stay as it is, and what is measured is free."""

    rules: tuple[Rule, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    ratchet: bool = False  # improvements have to be accepted too
    measured: tuple[str, ...] = ()  # what the configuration calls measured
    defaults: tuple[Rule, ...] = ()  # the program's own, which ask for nothing and go after all others

    def level(self, metric: str, model: str) -> Level:
        """How bad a breach is."""
        return next((rule.level for rule in self._of(metric, model) if rule.level is not None), "error")

    def tolerance(self, metric: str, model: str) -> Tolerance | None:
        """How far it may grow; None where nobody asks."""
        found = next((rule.tolerance for rule in self._of(metric, model) if rule.tolerance is not None), None)
        return found or (Tolerance() if metric in METRICS else None)

    def budgets(self, metric: str, model: str) -> tuple[float, ...]:
        """What it may reach; the tightest counts."""
        return tuple(sorted(rule.budget for rule in self._of(metric, model) if rule.budget is not None))

    def waiver(self, metric: str, model: str) -> Waiver | None:
        """The waiver that lasts longest."""
        found = [one for one in self.waivers if one.speaks_of(metric, model)]
        return max(found, key=lambda one: one.until, default=None)

    def asked(self, model: str, known: Collection[str]) -> frozenset[str]:
        """What somebody wants measured; of several that one glob names, the first where none of them is known."""
        found = set(self.measured)
        for rule in self.rules:
            named = [name for name in MEASURED if rule.speaks_of(name, model)]
            counted = any(rule.speaks_of(name, model) for name in METRICS)
            if named and not counted and not any(name in known for name in named):
                found.add(named[0])
        return frozenset(found)

    def _of(self, metric: str, model: str) -> list[Rule]:
        return [rule for rule in reversed((*self.defaults, *self.rules)) if rule.speaks_of(metric, model)]


def parse_tolerance(metric: str, text: str, model: str = "*") -> Rule:
    """`macs` and `1%`, `0` or `2M`."""
    _known(metric)
    share = re.fullmatch(r"(\d+(?:\.\d+)?)\s*%", text.strip(), re.ASCII)
    tolerance = Tolerance(share=_finite(float(share[1]), text) / 100) if share else Tolerance(amount=parse_amount(text, metric))
    return Rule(metric, model, tolerance=tolerance)


def parse_budget(text: str, model: str = "*") -> Rule:
    """`macs<=6G`, `params<=25M`, `latency.forward<=120ms`."""
    metric, sign, limit = text.partition("<=")
    if not sign:
        raise AnalyzerError(f"{text!r} is no budget", ("instead", "macs<=6G or params<=25M"), word=text)
    _known(metric.strip())
    return Rule(metric.strip(), model, budget=parse_amount(limit, text))


def parse_amount(text: str, of: str) -> float:
    """`6G`, `25M`, `1_000`, `512MiB`, `120ms`."""
    match = re.fullmatch(r"(\d[\d_,]*(?:\.\d+)?)\s*([a-z]*)", text.strip().lower(), re.ASCII)
    if not match or match[2] not in {**UNITS, **BYTES}:
        raise AnalyzerError(
            f"{text.strip()!r} is no amount for {of}", ("instead", "0, 2M, 6G, 512MiB, 120ms or 1%"), word=text.strip()
        )
    number, unit = match[1].replace("_", "").replace(",", ""), match[2]
    return _finite(float(number) * BYTES[unit] if unit in BYTES else float(f"{number}e{UNITS[unit]}"), text)


def _finite(amount: float, text: str) -> float:
    if amount == float("inf"):
        raise AnalyzerError(f"a number of {len(text.strip())} characters is no limit", ("instead", "macs=1% or macs<=6G"))
    return amount


def _known(metric: str) -> None:
    """Refuse a metric, or a glob of them, that stands for nothing."""
    names = [*METRICS, *MEASURED]
    if not any(fnmatchcase(name, metric) for name in names):
        raise AnalyzerError(
            f"no metric is called {metric!r}",
            ("metrics", "  ".join(METRICS)),
            ("measured", "latency.PHASE, peak.PHASE, energy.PHASE"),
            word=metric,
        )
