"""Blocks under the roof of the machine: how fast each runs, by how many multiply-adds it does for a byte that it moves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from inception_analyzer.outline import short
from inception_analyzer.report.figures.canvas import (
    SMALL,
    Told,
    halo,
    is_narrow,
    marked,
    name_axes,
    plot,
    root_of,
    sheet,
    short_amount,
    steps_within,
    ticks_apart,
    words,
)
from inception_analyzer.report.figures.drawing import Drawing, drawing
from inception_analyzer.report.figures.labels import Label, along, around, first_free, label_points
from inception_analyzer.report.figures.slopes import incline
from inception_analyzer.report.figures.spots import Box
from inception_analyzer.report.figures.times import Known, known_networks
from inception_analyzer.report.figures.tokens import Look
from inception_analyzer.report.quantity import many
from inception_analyzer.report.story import Story
from inception_analyzer.timings import BlockRoof, Ceilings, Roof

UNKNOWN = Known("", "ref", 0, False)


def rooflines(story: Story) -> Iterator[Drawing]:
    """A figure for each kind of ceilings that blocks were timed under."""
    known = known_networks(story)
    every = list(dict.fromkeys((roof.ceilings.device, roof.ceilings.dtype, roof.ceilings.threads) for roof in story.roofs))
    for number, kind in enumerate(every):
        roofs = [one for one in story.roofs if (one.ceilings.device, one.ceilings.dtype, one.ceilings.threads) == kind]
        shown = [(known.get(one.expression, UNKNOWN), one, blocks) for one in roofs if (blocks := _working(one))]
        if shown:
            yield _drawing("roofline" if not number else f"roofline-{number + 1}", shown, roofs[0].ceilings)


Shown = Sequence[tuple[Known, Roof, tuple[BlockRoof, ...]]]


def _working(roof: Roof) -> tuple[BlockRoof, ...]:
    """Blocks that multiply and that were timed; others have no place on these axes."""
    return tuple(block for block in roof.blocks if block.macs and block.bytes and block.seconds > 0)


def _drawing(name: str, shown: Shown, ceilings: Ceilings) -> Drawing:
    left_out = sum(len(roof.blocks) - len(blocks) for _, roof, blocks in shown)
    more = f"; {many(left_out, 'block')} without multiply-adds left out" if left_out else ""
    return drawing(
        name,
        "roofline",
        _title(shown),
        f"Multiply-adds a second against multiply-adds per byte moved, both log; line = what this machine reached{more}",
        "Scatter under a bent line. " + " ".join(_told(roof, blocks) for _, roof, blocks in shown),
        partial(_paint, shown, ceilings),
        f"measured here · {ceilings.device} · {ceilings.dtype} · {many(ceilings.threads, 'thread')} · blocks timed one by one",
    )


def _told(roof: Roof, blocks: Sequence[BlockRoof]) -> str:
    inner = ", ".join(f"{short(one.path)} {100 * one.share:.0f} % of its roof" for one in blocks)
    return f"{roof.expression}: {inner}."


def _title(shown: Shown) -> str:
    every = [(roof.expression, block) for _, roof, blocks in shown for block in blocks]
    half = [block for _, block in every if block.share >= 0.5]
    name, least = min(every, key=lambda one: one[1].share)
    return (
        f"{len(half)} of {many(len(every), 'block')} reach half of what the machine allows; "
        f"least, {short(least.path)} of {name}: {100 * least.share:.0f} %"
    )


def _paint(shown: Shown, ceilings: Ceilings, look: Look, width: float) -> Figure:
    narrow = is_narrow(width)
    figure = sheet(width, 3.3)
    axes = plot(figure, left=0.56 if narrow else 0.66, right=0.2, top=0.28, bottom=0.38)
    points = [(block.macs / block.bytes, block.macs / block.seconds) for _, _, blocks in shown for block in blocks]
    _scales(axes, points, ceilings)
    marks = around(axes, points)
    lines, names = _roof(axes, look, ceilings, marks)
    labels = []
    for known, roof, blocks in shown:
        for block in blocks:
            place = (block.macs / block.bytes, block.macs / block.seconds)
            axes.plot(*place, "o", zorder=3, markersize=6, **marked(look, known.token, hollow=known.twin))
        first = max(blocks, key=lambda block: block.macs)
        for block in sorted(blocks, key=lambda block: block is not first):
            place = (block.macs / block.bytes, block.macs / block.seconds)
            text = f"{roof.expression} {short(block.path)}" if block is first else short(block.path)
            told: Told = {"bold": block is first, "must": block is first, "size": SMALL, "far": True}
            labels.append(Label(text, *place, look.text(known.token), **told))
    label_points(axes, sorted(labels, key=lambda one: not one.bold), [*marks, *lines, *names], [*marks, *names])
    name_axes(axes, look, "multiply-adds per byte", "multiply-adds a second", 34)
    return figure


def _scales(axes: Axes, points: Sequence[tuple[float, float]], ceilings: Ceilings) -> None:
    ridge = ceilings.macs_per_second / ceilings.bytes_per_second
    across, up = [x for x, _ in points] + [ridge], [y for _, y in points]
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlim(min(across) / 1.6, max(across) * 2.2)
    axes.set_ylim(min(up) / 1.6, max(*up, ceilings.macs_per_second) * 1.6)
    steps = steps_within(*axes.get_xlim(), 6)
    ticks_apart(axes, steps, [f"{value:g}" for value in steps])
    axes.set_yticks(steps_within(*axes.get_ylim(), 6))
    axes.set_yticklabels([short_amount(tick) for tick in axes.get_yticks()])
    axes.set_yticks([], minor=True)
    axes.grid(visible=True)


def _roof(axes: Axes, look: Look, ceilings: Ceilings, marks: Sequence[Box]) -> tuple[list[Box], list[Box]]:
    """The slope of a copy and the level of a matrix product, and their names; returns the room that both take."""
    taken = list(marks)
    (left, right), (low, _) = axes.get_xlim(), axes.get_ylim()
    top, rate = ceilings.macs_per_second, ceilings.bytes_per_second
    ridge, start = top / rate, max(left, low / rate)
    axes.plot([start, ridge, right], [start * rate, top, top], color=look["ink"], linewidth=1.4)
    told: Told = {"size": SMALL, "color": look["mut"]}
    narrow = is_narrow(root_of(axes).get_size_inches()[0])
    level = f"{short_amount(float(f'{top:.3g}'))} a second"
    whole = level if narrow else f"{level}, matrix products"
    at_ridge, at_end = {"x": ridge, "dx": 3, "ha": "left"}, {"x": right, "dx": -3, "ha": "right"}
    tried: tuple[tuple[str, Told], ...] = ((whole, at_ridge), (level, at_ridge), (whole, at_end), (level, at_end))
    first_free(axes, (halo(words(axes, name, y=top, dy=7, **place, **told)) for name, place in tried), taken)
    slope = f"{short_amount(float(f'{rate:.3g}'))}B a second, copies"
    turned: Told = {**told, "rotation": incline(axes), "rotation_mode": "anchor", "va": "baseline", "dy": 4.0}
    places = [start * (ridge / start) ** (share / 20) for share in range(18)]
    first_free(axes, (halo(words(axes, slope, at, at * rate, **turned)) for at in places), taken)
    lines = [*along(axes, (start, start * rate), (ridge, top)), *along(axes, (ridge, top), (right, top))]
    return lines, taken[len(marks) :]
