"""Where the multiply-adds of one network lie by branch: a stacked bar for each of its blocks."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from inception_analyzer.outline import CLASSIFIER, STEM, Part
from inception_analyzer.report.compared import Compared
from inception_analyzer.report.figures.bars import segment, strength, unnamed
from inception_analyzer.report.figures.canvas import (
    INCH,
    SMALL,
    Told,
    is_narrow,
    name_axes,
    rows_plot,
    sheet,
    short_amount,
    text_width,
    ticks_apart,
    words,
)
from inception_analyzer.report.figures.drawing import Drawing, drawing
from inception_analyzer.report.figures.stages import in_runs
from inception_analyzer.report.figures.tokens import Look, family_token
from inception_analyzer.report.quantity import share, three
from inception_analyzer.report.story import Story

ROW, BAR = 0.255, 0.74  # inches, and how much of them a bar takes
BELOW = 0.62  # rows for the names below a bar
BRANCHES = "branches"  # what the arms of a residual block are called together


def branches(story: Story) -> Drawing | None:
    """The blocks of one network, each as long as its cost and cut into its branches."""
    one = next((pair.left for pair in story.pairs if pair.derived), next((pair.left for pair in story.pairs), None))
    every = _every(one) if one else []
    blocks = in_runs(every, lambda block: (block.kind, block.cost, block.reads, block.writes))
    if one is None or not blocks:
        return None
    label = one.count.network.label
    alike = "; those alike share a row" if len(blocks) < len(every) else ""
    pair = next(pair for pair in story.pairs if pair.left is one)
    return drawing(
        "branches",
        f"compare-{label}-{pair.right.count.network.label}".replace("@", "-"),
        _branch_title(one, every),
        f"Multiply-adds of each block of {one.count.network.title} by branch, stronger = more; "
        f"at the right its total and its share{alike}",
        "Stacked bars. " + " ".join(f"{block.name}: {_arms_text(block)}." for block in blocks),
        partial(_paint_branches, one, blocks),
    )


def _every(one: Compared) -> list[Part]:
    """Blocks that cost something, in the order of the network."""
    inner = [stage for stage in one.whole.parts if stage.name not in (STEM, CLASSIFIER)]
    return [block for stage in inner for block in stage.worth_showing if block.cost.macs]


def _arms(block: Part) -> list[Part]:
    """What runs side by side in a block; of a residual block, also what comes behind it."""
    parts = [inner for part in block.parts for inner in (part.parts if part.name == BRANCHES else (part,))]
    return [arm for arm in parts if arm.cost.macs] or [block]


def _arms_text(block: Part) -> str:
    return ", ".join(f"{arm.name} {three(arm.cost.macs)}" for arm in _arms(block))


def _branch_title(one: Compared, blocks: Sequence[Part]) -> str:
    label = one.count.network.label
    halves = [block.name for block in blocks if 2 * max(arm.cost.macs for arm in _arms(block)) > block.cost.macs]
    dearest = max(((block, arm) for block in blocks for arm in _arms(block)), key=lambda both: both[1].cost.macs)
    part = share(dearest[1].cost.macs, one.count.cost.macs)
    most = f"the dearest branch of {label} is {dearest[1].name} in {dearest[0].name}, {part} of the network"
    if 2 * len(halves) < len(blocks):
        return most[0].upper() + most[1:]
    return f"In {len(halves)} of {len(blocks)} blocks one branch takes more than half; {most}"


def _paint_branches(one: Compared, blocks: Sequence[Part], look: Look, width: float) -> Figure:
    narrow = is_narrow(width)
    names = max(text_width(block.name) for block in blocks) / INCH
    left, right = names + (0.16 if narrow else 0.26), 1.1 if narrow else 1.25
    longest = 1.02 * max(block.cost.macs for block in blocks)
    scale = (width - left - right) * INCH / longest
    rows, total = _rows(blocks, scale)
    figure = sheet(width, 0.5 + ROW * total)
    axes = rows_plot(figure, total, left=left, right=right, top=0.08, bottom=0.38)
    axes.set_xlim(0, longest)
    ticks = [float(tick) for tick in axes.get_xticks()]
    ticks_apart(axes, ticks, [short_amount(tick) if tick else "0" for tick in ticks])
    name_axes(axes, look, "multiply-adds")
    for row, block in zip(rows, blocks, strict=True):
        told: Told = {"frame": "x", "ha": "right"}
        words(axes, block.name, 0, row, dx=-6, **told)
        words(axes, three(block.cost.macs), 1, row, dx=right * INCH * 0.5, **told)
        part = share(block.cost.macs, one.count.cost.macs)
        words(axes, part, 1, row, dx=right * INCH - 6, color=look["mut"], **told)
        _bar(axes, look, family_token(one.count.network.family), block, row, scale, _dearest(blocks))
    return figure


def _dearest(blocks: Sequence[Part]) -> int:
    return max(arm.cost.macs for block in blocks for arm in _arms(block))


def _rows(blocks: Sequence[Part], scale: float) -> tuple[list[float], float]:
    """Where each bar lies, with room below it where names do not fit in it; and how many rows that makes."""
    places, at = [], 0.0
    for block in blocks:
        places.append(at)
        at += 1 + (BELOW if _below(block, scale) else 0)
    return places, at


def _fitting(block: Part, scale: float) -> list[bool]:
    """Which arms are long enough for their names, where a multiply-add has so many points."""
    return [text_width(arm.name, SMALL) + 3 < arm.cost.macs * scale for arm in _arms(block)]


def _below(block: Part, scale: float) -> str:
    return unnamed([arm.name for arm in _arms(block)], _fitting(block, scale))


def _bar(axes: Axes, look: Look, token: str, block: Part, row: float, scale: float, most: int) -> None:
    """The arms of a block, and below them the names of those that are too short for theirs."""
    start = 0.0
    for arm, fits in zip(_arms(block), _fitting(block, scale), strict=True):
        strong = strength(arm.cost.macs, most)
        segment(axes, look, token, (start, arm.cost.macs), row, BAR, strong)
        if fits:
            middle = start + arm.cost.macs / 2
            words(axes, arm.name, middle, row, ha="center", size=SMALL, color=look.over(token, strong))
        start += arm.cost.macs
    words(axes, _below(block, scale), 0, row + BAR / 2, dx=1, dy=-5.5, size=SMALL, color=look["mut"])
