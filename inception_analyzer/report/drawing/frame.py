"""What stands around every drawing: its title, the line below, the bars at both ends, and the legend of shades."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from inception_analyzer.report.drawing.cells import Scale, by
from inception_analyzer.report.drawing.lettering import cut, fitting, width_of
from inception_analyzer.report.drawing.picture import Box, Shape, Text
from inception_analyzer.report.quantity import three, unit_of
from inception_analyzer.spec import Shape as Size

WIDTH, MARGIN = 720.0, 10.0
TOP = 62.0  # where a drawing begins below its two lines of title
BAR = 26.0


def heading(title: str, below: Sequence[str], x: float = MARGIN, width: float = WIDTH - 2 * MARGIN) -> list[Shape]:
    """What is drawn, and the fullest of its numbers that fit."""
    return [
        Text(x, 20, cut(title, width, 15, bold=True), 15, "ink", bold=True),
        Text(x, 40, fitting(below, width, 12) or cut(below[-1], width, 12), 12, "muted"),
    ]


def bar(words: str, x: float, y: float, width: float) -> list[Shape]:
    """A grey bar over the width: what flows in or out here."""
    text = cut(words, width - 8, 12)
    return [Box(x, y, width, BAR, "panel", radius=4), Text(x + width / 2, y + 17.5, text, 12, "ink", "middle")]


def size_words(size: Size) -> str:
    """`17×17 · 768 channels`."""
    return f"{size.channels} values" if size.grid == (1, 1) else f"{by(size.grid)} · {size.channels} channels"


def legend(scale: Scale, y: float, room: float = WIDTH - 2 * MARGIN, *, least: int = 0, shares: bool = True) -> Iterator[Shape]:
    """Shades and the multiply-adds that they stand for, the strongest last; nothing where nothing costs."""
    x, end = MARGIN, MARGIN + room
    for macs in steps_to(scale.darkest, least):
        text = three(macs) if macs == scale.darkest else f"{macs / unit_of(macs)[1]:g} {unit_of(macs)[0]}".rstrip()
        if x + 19 + width_of(text, 11) > end:
            return
        yield Box(x, y - 9, 14, 11, "shade", scale.shade(macs), radius=2)
        yield Text(x + 19, y, text, 11, "muted")
        x += 19 + width_of(text, 11) + 14
    units = ("multiply-adds of a layer, and % of the network", "multiply-adds, % of the network", "multiply-adds")
    unit = fitting(units if shares else ("multiply-adds of a layer",), end - x, 11)
    if scale.darkest and unit:
        yield Text(x, y, unit, 11, "muted")


def steps_to(most: int, least: int = 0) -> list[int]:
    """Up to three round numbers from about the least to below the most, and the most itself."""
    power = 10 ** (len(str(most)) - 1) if most else 0
    rounds = [factor * step for step in (power // 10, power) for factor in (1, 2, 5)]
    below = [value for value in rounds if max(0.9 * least, 1) <= value <= 0.75 * most]
    return [*(below if len(below) > 1 else _close(most, least))[-3:], *([most] if most else [])]


def _close(most: int, least: int) -> list[int]:
    """Round numbers where all costs are of one size."""
    power = 10 ** (len(str(most)) - 1) if most else 0
    for step in (power, power // 2, power // 5, power // 10) if most > least else ():
        found = [value for value in range(step, most, step) if 0.9 * least <= value <= 0.9 * most] if step else []
        if len(found) > 1 or (found and step == power // 10):
            return found
    return []
