"""Both sides of a comparison as the gate takes them: the base revision as a baseline, this checkout as what is now."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Any

from inception_analyzer.against.children import Child, Lost, both, counted
from inception_analyzer.against.revision import Revision, in_submodule
from inception_analyzer.against.rounds import Ask, Paired, Report, paired
from inception_analyzer.errors import UNDECIDED, AnalyzerError
from inception_analyzer.gates.baseline import Baseline, Model
from inception_analyzer.gates.measured import allowed_share, beyond
from inception_analyzer.gates.reading import from_text

Timed = Mapping[tuple[str, str], Paired | str]  # by model and metric; a text says why there is nothing


@dataclass(frozen=True, slots=True)
class Sides:
    """Two revisions counted; `lacking` says by name why the base has no such model."""

    base: Baseline
    now: tuple[Model, ...]
    lacking: Mapping[str, str]


def count_both(base: Revision, now: Revision) -> Sides:
    """Every model of both sides, each side by its own program."""
    try:
        with ThreadPoolExecutor(2) as pool:
            before, after = pool.map(counted, (base, now))
    except Lost as lost:
        raise AnalyzerError(f"cannot count {lost}", ("instead", "another revision"), code=UNDECIDED) from None
    for name, why in after["refused"].items():
        raise AnalyzerError(f"{name}: {why}", ("asked", now.models[name]), word=name)
    lacking = {name: _lacking(base, name, why) for name, why in before["refused"].items()}
    return Sides(_baseline(before, base), tuple(_baseline(after, now).models[name] for name in now.models), lacking)


def _baseline(found: Mapping[str, Any], revision: Revision) -> Baseline:
    if not found["baseline"]:
        return Baseline({})
    try:
        return replace(from_text(found["baseline"], revision.name), lines={})
    except AnalyzerError as error:
        facts = [fact for fact in error.facts if fact[0] not in ("instead", "or")]
        what = re.sub(r"(?<=\)), line \d+(?=: )", "", error.what)  # of a text that nobody can look at
        raise AnalyzerError(what, *facts, ("instead", "a later revision"), code=UNDECIDED) from None


def _lacking(base: Revision, name: str, why: str) -> str:
    inside = in_submodule(base.tree, base.root, base.models[name])
    return (
        f"{base.name} leaves the submodule {inside} empty, in which it lies"
        if inside
        else f"{base.name} has no such model: {why}"
    )


def time_both(base: Revision, now: Revision, asks: Sequence[Ask], report: Callable[[str], Report] | None = None) -> Timed:
    """Everything that is asked, one after the other; what would fail is measured once more in fresh processes first.

    Two processes of one network mostly agree within 1 %, but 2 of 68 pairs were 8 and 10 % apart for as long as they lived,
    with narrow intervals: how a process happens to lie in memory. Keeping both on one core did not help; fresh ones do.
    """
    found: dict[tuple[str, str], Paired | str] = {}
    with ExitStack() as alive:
        pair: tuple[Child, Child] | None = None
        for ask in asks:
            watch = report(ask.name) if report else None
            try:
                pair = pair or alive.enter_context(both(base, now))
                seen = paired(*pair, ask, watch)
                if _over(seen, ask):
                    alive.close()
                    pair = alive.enter_context(both(base, now))
                    seen = _once_more(seen, paired(*pair, ask, watch), ask)
                found[ask.name, ask.metric] = seen
            except Lost as lost:
                found[ask.name, ask.metric] = str(lost)
                if lost.ended:
                    alive.close()
                    pair = None
    return found


def _over(seen: Paired, ask: Ask) -> bool:
    return beyond(seen.ratio, allowed_share(ask.tolerance, seen.seconds)) == "over"


def _once_more(first: Paired, second: Paired, ask: Ask) -> Paired:
    """The second stands: the first was chosen for being large."""
    told = f"{first.ratio.point:.2f}x as long at first"
    doubt = (
        f"{told}, and so again in fresh processes" if _over(second, ask) else f"{told}, which fresh processes do not confirm"
    )
    return replace(second, doubts=(*second.doubts, doubt))


def with_times(sides: Sides, timed: Timed) -> Sides:
    """The same with what was timed; a time now is the base's time by their ratio, which alone was measured in pairs."""
    models = {**sides.base.models}
    now = []
    for model in sides.now:
        mine = {metric: seen for (name, metric), seen in timed.items() if name == model.name}
        pairs = {metric: seen for metric, seen in mine.items() if isinstance(seen, Paired)}
        notes = {metric: seen if isinstance(seen, str) else "; ".join(seen.doubts) for metric, seen in mine.items()}
        after = {metric: seen.seconds * seen.ratio.point for metric, seen in pairs.items()}
        ratios = {metric: seen.ratio for metric, seen in pairs.items()}
        now.append(replace(model, totals={**model.totals, **after}, ratios=ratios, notes=notes))
        if model.name in models:
            before = {metric: seen.seconds for metric, seen in pairs.items()}
            known = models[model.name]
            models[model.name] = replace(known, totals={**known.totals, **before})
    return replace(sides, base=replace(sides.base, models=models), now=tuple(now))


def asks_for(
    base: Revision, sides: Sides, setups: Mapping[str, Mapping[str, Any]], tolerances: Callable[[str, str], Any]
) -> Iterator[Ask]:
    """A question for each model that both sides have and each metric that somebody asks about; they share the budget."""
    wanted = [
        (model, metric, tolerance)
        for model in sides.now
        for metric in setups
        if model.name in sides.base.models and (tolerance := tolerances(metric, model.name)) is not None
    ]
    for model, metric, tolerance in wanted:
        setup = {**setups[metric], "budget": setups[metric]["budget"] / len({model.name for model, _, _ in wanted})}
        yield Ask(model.name, metric, base.models[model.name], model.expression, setup, tolerance)
