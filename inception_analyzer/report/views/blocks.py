"""Two networks block by block: a row for each block that opens to both modules, or stages side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from inception_analyzer.align import alike
from inception_analyzer.report.quantity import amount, in_unit
from inception_analyzer.report.story import Pair
from inception_analyzer.report.views.halves import Half, half_of, scale_of
from inception_analyzer.report.views.rows import Row, RuleRow, rows_of, rules_of
from inception_analyzer.report.views.setting import typeset
from inception_analyzer.report.views.shades import COUNTED, TIME, text_of
from inception_analyzer.report.views.stages import Side, blocks_in, stages_of
from inception_analyzer.timings import Roof


@dataclass(frozen=True, slots=True)
class Head:
    """One of the two networks: what it is called and its totals."""

    label: str
    family: str
    twin: bool
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class View:
    """Two networks side by side, by rows or by stages, under one scale."""

    left: Head
    right: Head
    quantities: tuple[tuple[str, str], ...]  # letter and word
    legends: Mapping[str, list[tuple[str, float]]]
    units: Mapping[str, str]
    rows: tuple[Row, ...] = ()
    total: Row | None = None
    rules: tuple[RuleRow, ...] = ()
    stages: tuple[tuple[Side | None, Side | None], ...] = ()
    untimed: tuple[str, ...] = ()  # of two networks, the one that no clock saw
    singly: bool = False  # whether layers were timed alone, beside whole blocks

    @property
    def legend_heads(self) -> tuple[Head, ...]:
        """Whose colours a legend is for: networks of one family share theirs."""
        return (self.left,) if self.left.family == self.right.family else (self.left, self.right)


def view(pair: Pair, roofs: Sequence[Roof] = ()) -> View:
    """A pair as a page shows it: by rows where the networks share their blocks, else by stages."""
    left, right = half_of(pair.left, roofs), half_of(pair.right, roofs)
    quantities = [(one.letter, one.word) for one in COUNTED]
    quantities += [(TIME, "measured time")] if left.seconds or right.seconds else []
    by_rows = alike(left.compared.whole, right.compared.whole)
    shaded = [] if by_rows else [half.values(part) for half in (left, right) for part in blocks_in(half)]
    scale = scale_of(left, right, blocks=shaded)
    rows: tuple[Row, ...] = ()
    total: Row | None = None
    sides: tuple[tuple[Side | None, Side | None], ...] = ()
    if by_rows:
        rows, total = rows_of(left, right, scale, quantities, pair.derived.rules if pair.derived else ())
    else:
        sides = stages_of(left, right, scale)
    return View(
        left=_head(left),
        right=_head(right),
        quantities=tuple(quantities),
        legends={letter: scale.legend(letter) for letter, _ in quantities},
        units={letter: _unit(letter, left, right) for letter, _ in quantities},
        rows=rows,
        total=total,
        rules=rules_of(pair),
        stages=sides,
        untimed=tuple(half.label for half in (left, right) if not half.seconds),
        singly=left.singly or right.singly,
    )


def _head(half: Half) -> Head:
    cost = half.compared.count.cost
    timed = {TIME: text_of(TIME, sum(half.seconds.values()))} if half.seconds else {}
    counted = {one.letter: typeset(amount(one.of(cost))) for one in COUNTED}
    return Head(half.label, half.family, half.twin, counted | timed)


def _unit(letter: str, left: Half, right: Half) -> str:
    if letter == TIME:
        return "ms"
    of = next(one.of for one in COUNTED if one.letter == letter)
    return in_unit([], max(of(left.compared.count.cost), of(right.compared.count.cost)))[0]
