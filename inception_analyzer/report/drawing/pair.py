"""Two networks on one scale: block by block where they share their blocks, else each for itself beside the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from inception_analyzer.align import alike, in_order
from inception_analyzer.cost import NO_COST
from inception_analyzer.report.drawing.cells import Scale
from inception_analyzer.report.drawing.flow import dearest_of
from inception_analyzer.report.drawing.frame import MARGIN, WIDTH, heading, legend
from inception_analyzer.report.drawing.lettering import cut
from inception_analyzer.report.drawing.network import (
    BETWEEN,
    HEAD,
    RULED,
    STAGE,
    Columns,
    below_row,
    entry,
    head,
    in_words,
    named_row,
    ruler,
    stage_of,
    told,
    trunk,
)
from inception_analyzer.report.drawing.picture import Box, Line, Picture, Shape, Text, group
from inception_analyzer.report.drawing.stack import SMALL, stack, wire
from inception_analyzer.report.drawing.subject import Block, Head, Row, Subject, look, rows_of, singles, together
from inception_analyzer.report.quantity import from_to, ratio, three

NAMES = 124.0  # left of the rulers
LEFT = Columns(MARGIN, 72, 142, 340, 340, shares=False)
RIGHT = Columns(MARGIN, 72, 352, 550, 550, shares=False)
BARS = (562.0, WIDTH - MARGIN)
THICK = 10.0  # of a row's bar
# Each for itself: half the width.
FIRST = Columns(10, 64, 124, 304, 350, shares=False)
SECOND = Columns(370, 424, 484, 664, 710, shares=False)


@dataclass(frozen=True, slots=True)
class Both:
    """The same row of two networks; None where one of them has nothing there."""

    left: Row | None
    right: Row | None

    @property
    def one(self) -> Row:
        found = self.left or self.right
        assert found is not None
        return found

    @property
    def macs(self) -> tuple[int, int]:
        costs = [side.cost if isinstance(side, Block) else NO_COST for side in (self.left, self.right)]
        return costs[0].macs, costs[1].macs

    @property
    def changed(self) -> bool:
        return _seen(self.left) != _seen(self.right)


def picture(left: Subject, right: Subject) -> Picture:
    """Both rulers, then the blocks."""
    darkest = max((dearest_of(row.flow) for one in (left, right) for row in rows_of(one) if isinstance(row, Block)), default=0)
    title, below = finding(left, right)
    top = 62.0 + 2 * RULED - 8
    aligned = alike(left.whole, right.whole)
    body, end = (_aligned if aligned else _apart)(left, right, darkest, top)
    shapes: list[Shape] = [*heading(title, below), *_rulers(left, right), *body]
    shapes.append(group(legend(Scale(darkest, left.macs), end + 28, shares=False), family=left.family))
    told_of = (f"{one.title}: {in_words(rows_of(one))}" for one in (left, right))
    return Picture(WIDTH, end + 42, title, below[0], ". ".join(told_of), tuple(shapes))


def finding(left: Subject, right: Subject) -> tuple[str, tuple[str, ...]]:
    """What the second takes of the first, and the numbers behind it."""
    factor = ratio(right.macs, left.macs).replace("x", "×")
    times = "as many multiply-adds as" if factor == "=" else f"{factor} the multiply-adds of"
    macs = from_to(left.macs, right.macs)
    params = from_to(left.count.cost.params, right.count.cost.params)
    numbers = f"{macs[0]} → {macs[1]} {macs[2]} multiply-adds · {params[0]} → {params[1]} {params[2]} parameters"
    key = "; hollow: what the second adds" if right.family == left.family else "; one scale for both"
    return f"{right.label} takes {times} {left.label}", (numbers + key, numbers)


def _rulers(left: Subject, right: Subject) -> Iterator[Shape]:
    """One above the other, on one scale."""
    longest = max(left.macs, right.macs, 1)
    room = WIDTH - MARGIN - NAMES
    for index, one in enumerate((left, right)):
        y = 62 + index * (RULED - 10)
        twin = index == 1 and one.family == left.family
        blocks = [row for row in rows_of(one) if isinstance(row, Block)]
        name = cut(one.label, NAMES - MARGIN - 8, 11.5, bold=not twin)
        yield group(
            [
                Text(NAMES - 8, y + 28, name, 11.5, "network", "end", bold=not twin),
                Text(NAMES - 8, y + 42, three(one.macs), 11, "ink", "end"),
                *ruler(blocks, NAMES, y, room * one.macs / longest, "hollow" if twin else "solid"),
            ],
            family=one.family,
        )


def _apart(left: Subject, right: Subject, darkest: int, y: float) -> tuple[list[Shape], float]:
    """Two trunks beside each other."""
    drawn = [
        trunk(one, rows_of(one), Scale(darkest, one.macs), columns, y + 22) for one, columns in ((left, FIRST), (right, SECOND))
    ]
    shapes: list[Shape] = []
    for (body, _), one, columns in zip(drawn, (left, right), (FIRST, SECOND), strict=True):
        shapes.append(group([_name_over(one, columns, y), *body], family=one.family))
    return shapes, max(end for _, end in drawn)


def _name_over(one: Subject, columns: Columns, y: float) -> Text:
    return Text(columns.area(y).middle, y + 10, cut(one.label, 190, 12, bold=True), 12, "network", "middle", True)


def _aligned(left: Subject, right: Subject, darkest: int, y: float) -> tuple[list[Shape], float]:
    """Each block beside its twin, and a bar of what the twin adds."""
    rows = list(_pairs(left, right))
    most = max(max(row.macs) for row in rows)
    shapes: list[Shape] = []
    for one, columns in ((left, LEFT), (right, RIGHT)):
        shapes += [_name_over(one, columns, y), *entry(rows_of(one), columns, y + 18)[0]]
    y += 18 + SMALL.box
    stage = ""
    for row in rows:
        if isinstance(row.one, Block) and row.one.stage != stage:
            stage = row.one.stage
            shapes += [wire(columns.area(y).middle, y, y + STAGE) for columns in (LEFT, RIGHT)]
            y += STAGE
            shapes += stage_of(left if row.left else right, row.one, LEFT, y)
        drawn, y = _beside(row, Scale(darkest, left.macs), most, y)
        shapes += drawn
    return [group(shapes, family=left.family)], y


def _pairs(left: Subject, right: Subject) -> Iterator[Both]:
    """Rows of the same name; runs in which both sides are alike as one."""
    ours, theirs = ({row.name: row for row in singles(one)} for one in (left, right))
    pairs = [Both(ours.get(name), theirs.get(name)) for name in in_order(list(ours), list(theirs))]
    for _, run in groupby(pairs, key=lambda pair: tuple(look(side) if side else () for side in (pair.left, pair.right))):
        several = list(run)
        lefts = together([pair.left for pair in several if pair.left])
        rights = together([pair.right for pair in several if pair.right])
        yield Both(next(iter(lefts), None), next(iter(rights), None))


def _seen(row: Row | None) -> object:
    """What a reader can tell apart: kernels, widths, grids and multiply-adds."""
    if row is None or isinstance(row, Head):
        return row.layers if row else None
    return (row.kind, row.cost.macs, row.cost.params, row.reads, row.writes)


def _beside(row: Both, scale: Scale, most: int, y: float) -> tuple[list[Shape], float]:
    if isinstance(row.one, Head):
        return _heads(row, y)
    shapes: list[Shape] = []
    ends = []
    hides = not row.changed
    for side, columns in ((row.left, LEFT), (None if hides else row.right, RIGHT)):
        if isinstance(side, Block):
            drawn = stack(side.flow, columns.area(y), scale, SMALL)
            shapes.append(group(drawn.shapes, told(side, scale)))
            ends.append((columns, drawn.end.y))
    end = below_row(row.one, y, max(height for _, height in ends))
    shapes += [wire(columns.area(y).middle, height, end) for columns, height in ends]
    if len(ends) == 1:
        empty = LEFT if ends[0][0] is RIGHT else RIGHT
        shapes.append(wire(empty.area(y).middle, y, end))
        shapes.append(Text(empty.area(y).middle + 8, (y + ends[0][1]) / 2 + 6, "=" if hides else "", 12, "muted"))
    shapes += [*named_row(row.one, LEFT, y + SMALL.gap), *_bar(row, most, y + SMALL.gap)]
    if row.changed:
        shapes.append(Line(((LEFT.names - 6, y + SMALL.gap + 2), (LEFT.names - 6, end - BETWEEN)), "edge"))
    return shapes, end


def _heads(row: Both, y: float) -> tuple[list[Shape], float]:
    shapes: list[Shape] = []
    for side, columns in ((row.left, LEFT), (row.right, RIGHT)):
        if isinstance(side, Head):
            shapes += head(side, columns, y)
        else:
            shapes.append(wire(columns.area(y).middle, y, y + HEAD + BETWEEN))
    return shapes, y + HEAD + BETWEEN


def _bar(row: Both, most: int, y: float) -> Iterator[Shape]:
    """The first one's multiply-adds solid, what the second adds to them hollow, and their ratio."""
    before, after = row.macs
    if not max(before, after):
        return
    left, right = BARS
    room = right - left
    small, large = sorted((before, after))
    words = three(before) if before == after else f"{three(before)} → {three(after)}"
    factor = ratio(after, before).replace("x", "×") if before else "new"
    yield Text(left, y + 12, words, 10.5, "ink" if row.changed else "muted")
    yield Text(right, y + 12, factor, 11, "ink" if row.changed else "muted", "end", bold=row.changed)
    if row.one.kind if isinstance(row.one, Block) else False:
        yield Box(left, y + 18, max(0.5, room * small / most), THICK, "solid", radius=0)
        if large > small:
            yield Box(left + room * small / most, y + 18, room * (large - small) / most, THICK, "hollow", radius=0)
