"""Layers of a baseline gathered to the blocks that a reader of the network knows, before and now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from inception_analyzer.gates.baseline import Model, Values
from inception_analyzer.outline import CLASSIFIER, STEM, short


@dataclass(frozen=True, slots=True)
class Block:
    """What one block costs of a metric; nothing stands for a block that is not there."""

    name: str
    before: float | None
    after: float | None


def blocks_of(before: Model, now: Model, metric: str) -> tuple[Block, ...]:
    """Every block that has a part of the metric, in the order of execution; blocks that are gone stand last."""
    names = _names([path for path, values in (now.layers or before.layers).items() if metric in values])
    names |= {path: block_of(path) for path, values in before.layers.items() if metric in values and path not in names}
    old, new = _sums(before.layers, names, metric), _sums(now.layers, names, metric)
    return tuple(Block(name, old.get(name), new.get(name)) for name in dict.fromkeys(names.values()))


def block_of(path: str) -> str:
    """The name of the block that a layer lies in."""
    return short(path.partition(".")[0])


def _names(ordered: Sequence[str]) -> dict[str, str]:
    """The block of each layer; single layers before the first block are the stem, and after the last one the classifier."""
    blocks = {path.partition(".")[0] for path in ordered if "." in path}
    inside = [index for index, path in enumerate(ordered) if path.partition(".")[0] in blocks]
    if not inside:
        return {path: path for path in ordered}
    first, last = inside[0], inside[-1]
    return {path: STEM if i < first else CLASSIFIER if i > last else block_of(path) for i, path in enumerate(ordered)}


def _sums(layers: Mapping[str, Values], names: Mapping[str, str], metric: str) -> dict[str, float]:
    found: dict[str, float] = {}
    for path, name in names.items():
        if metric in layers.get(path, {}):
            found[name] = found.get(name, 0) + layers[path][metric]
    return found


def changed(blocks: Iterable[Block]) -> list[Block]:
    """The blocks that cost something else, the largest change first."""
    return sorted(
        (one for one in blocks if one.before != one.after), key=lambda one: -abs((one.after or 0) - (one.before or 0))
    )
