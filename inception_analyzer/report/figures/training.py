"""What training holds in memory: weights, gradients, the optimiser's state, and what the backward pass waits for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from inception_analyzer.report.figures.bars import segment, strength
from inception_analyzer.report.figures.canvas import (
    INCH,
    SMALL,
    Told,
    is_narrow,
    name_axes,
    rows_plot,
    sheet,
    text_width,
    ticks_apart,
    width_of,
    words,
)
from inception_analyzer.report.figures.drawing import Drawing, drawing
from inception_analyzer.report.figures.times import Known, known_networks
from inception_analyzer.report.figures.tokens import Look
from inception_analyzer.report.quantity import bytes_text, share
from inception_analyzer.report.story import Story
from inception_analyzer.timings import Memory

MEBI = 2**20
HIGH = 0.29  # inches, of a bar


def memory_split(story: Story) -> Drawing | None:
    """A bar for each network whose training was sized."""
    rows = [one for one in story.memory if one.total > 0]
    if not rows:
        return None
    return drawing(
        "memory",
        "memory",
        _title(rows),
        "Bytes that training holds, from the left: weights, gradients, optimiser state, kept for the backward pass",
        "Stacked bars. " + " ".join(_told(one) for one in rows),
        partial(_paint, rows, known_networks(story)),
        "counted exactly, whatever the device · with auxiliary heads",
    )


def _parts(one: Memory) -> tuple[tuple[str, int], ...]:
    return (("weights", one.parameters), ("gradients", one.gradients), ("optimiser", one.optimizer), ("kept", one.kept))


def _told(one: Memory) -> str:
    inner = ", ".join(f"{name} {bytes_text(size)}" for name, size in _parts(one))
    return f"{one.expression}, batch {one.batch}: {inner}."


def _title(rows: Sequence[Memory]) -> str:
    """Which part is the largest of the largest."""
    most = max(rows, key=lambda one: one.total)
    name, size = max(_parts(most), key=lambda part: part[1])
    words = {"kept": "what the backward pass waits for", "weights": "weights", "gradients": "gradients"}
    return (
        f"{share(size, most.total)} of what training {most.expression} holds at batch {most.batch} is "
        f"{words.get(name, 'optimiser state')}"
    )


def _paint(rows: Sequence[Memory], known: Mapping[str, Known], look: Look, width: float) -> Figure:
    narrow = is_narrow(width)
    figure = sheet(width, 0.5 + (0.8 if narrow else 0.6) * len(rows))
    several = len({one.batch for one in rows}) > 1
    titles = [known[one.expression].title if one.expression in known else one.expression for one in rows]
    names = [f"{title}, batch {one.batch}" if several else title for title, one in zip(titles, rows, strict=True)]
    longest = max(text_width(name, weight="bold") for name in names) / INCH
    totals = max(text_width(bytes_text(one.total), weight="bold") for one in rows) / INCH
    sides = (0.14, 0.2) if narrow else (longest + 0.33, totals + 0.28)
    axes = rows_plot(figure, len(rows), left=sides[0], right=sides[1], top=0.05, bottom=0.38)
    axes.set_xlim(0, max(one.total for one in rows) / MEBI * 1.01)
    ticks = [float(tick) for tick in axes.get_xticks()]
    ticks_apart(axes, ticks, [f"{tick:,.0f} MiB" if tick else "0" for tick in ticks])
    for row, (name, one) in enumerate(zip(names, rows, strict=True)):
        token = known[one.expression].token if one.expression in known else "ref"
        twin = one.expression in known and known[one.expression].twin
        told: Told = {"frame": "x", "color": look.text(token), "weight": "normal" if twin else "bold"}
        if narrow:
            words(axes, name, 0, row - 0.33, **told)
            words(axes, bytes_text(one.total), 1, row - 0.33, ha="right", **told)
        else:
            words(axes, name, 0, row - 0.08, dx=-8, ha="right", **told)
            words(axes, bytes_text(one.total), 1, row - 0.08, dx=8, **told)
        _bar(axes, look, token, one, row + (0.06 if narrow else -0.08), HIGH / (0.8 if narrow else 0.6), hollow=twin)
    name_axes(axes, look, "held while training")
    return figure


def _bar(axes: Axes, look: Look, token: str, one: Memory, row: float, height: float, *, hollow: bool) -> None:
    """The parts of what is held; those too short to bear name and size are named below."""
    room, start = width_of(axes) / axes.get_xlim()[1], 0.0
    parts = [(name, bytes_text(size), size / MEBI) for name, size in _parts(one)]
    needed = [max(text_width(name, SMALL), text_width(told, SMALL, "bold")) + 4 for name, told, _ in parts]
    fitting = [points < length * room for points, (_, _, length) in zip(needed, parts, strict=True)]
    most = max(length for _, _, length in parts)
    for (name, told, length), fits in zip(parts, fitting, strict=True):
        strong = strength(length, most)
        segment(axes, look, token, (start, length), row, height, None if hollow else strong)
        look_of: Told = {"ha": "center", "size": SMALL, "color": look["ink"] if hollow else look.over(token, strong)}
        if fits:
            words(axes, name, start + length / 2, row, dy=5.0, **look_of)
            words(axes, told, start + length / 2, row, dy=-5.0, weight="bold", **look_of)
        start += length
    below = ", ".join(f"{name} {told}" for (name, told, _), fits in zip(parts, fitting, strict=True) if not fits)
    words(axes, below, 0, row + height / 2, dy=-6.5, frame="x", size=SMALL, color=look["mut"])
