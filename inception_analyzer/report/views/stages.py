"""Two networks by stages, those of each side by side: shares, and blocks that open to their modules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from inception_analyzer.align import stages
from inception_analyzer.outline import Part
from inception_analyzer.report.quantity import share
from inception_analyzer.report.views.halves import Half, draw
from inception_analyzer.report.views.modules import Drawing
from inception_analyzer.report.views.setting import typeset
from inception_analyzer.report.views.shades import COUNTED, TIME, Quantity, Scale, text_of


@dataclass(frozen=True, slots=True)
class Block:
    """A block of one network in a view by stages."""

    name: str
    texts: Mapping[str, str]
    shades: Mapping[str, float]
    drawing: Drawing


@dataclass(frozen=True, slots=True)
class Side:
    """One network's part of a stage, with its share of that network."""

    name: str
    shares: Mapping[str, str]
    blocks: tuple[Block, ...]
    family: str


def stages_of(left: Half, right: Half, scale: Scale) -> tuple[tuple[Side | None, Side | None], ...]:
    pairs = stages(left.compared.whole, right.compared.whole)
    return tuple((_side(left, pair.left, scale), _side(right, pair.right, scale)) for pair in pairs)


def blocks_in(half: Half) -> tuple[Part, ...]:
    """Every block that a view by stages shows of a network."""
    return tuple(part for stage in half.compared.whole.parts for part in _shown(stage))


def _shown(stage: Part) -> Sequence[Part]:
    return stage.worth_showing or (stage,)


def _side(half: Half, stage: Part | None, scale: Scale) -> Side | None:
    if stage is None:
        return None
    cost, whole = stage.cost, half.compared.count.cost
    shares = {one.letter: _share(one, stage, half) for one in COUNTED if one.of(whole)} if cost else {}
    if half.seconds and (took := half.time(stage)):
        shares[TIME] = typeset(f"{100 * took / sum(half.seconds.values()):.1f} %")
    return Side(typeset(stage.name), shares, tuple(_block(half, part, scale) for part in _shown(stage)), half.family)


def _share(one: Quantity, stage: Part, half: Half) -> str:
    return typeset(share(one.of(stage.cost), one.of(half.compared.count.cost)))


def _block(half: Half, part: Part, scale: Scale) -> Block:
    values = half.values(part)
    texts = {letter: text_of(letter, value) for letter, value in values.items()}
    return Block(part.name, texts, scale.shades(values), draw(half, part, half.of(part), (), scale, marked=False))
