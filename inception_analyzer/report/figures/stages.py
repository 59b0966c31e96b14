"""Where the multiply-adds of networks lie by grid: stacked bars, each a whole network."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import groupby
from typing import TypeVar

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from inception_analyzer.align import RUN, Pairing
from inception_analyzer.outline import CLASSIFIER, STEM, Part
from inception_analyzer.report.compared import Compared
from inception_analyzer.report.figures.canvas import (
    INCH,
    SMALL,
    Told,
    is_narrow,
    plot,
    sheet,
    text_width,
    width_of,
    words,
)
from inception_analyzer.report.figures.drawing import Drawing, drawing
from inception_analyzer.report.figures.tokens import Look, family_token
from inception_analyzer.report.quantity import share, three
from inception_analyzer.report.story import Story

STRENGTHS = (0.2, 0.4, 0.7, 1.0)  # of a colour, from one stage or branch to the next
Named = TypeVar("Named", Part, Pairing)
BAR = 0.62  # of a row
SMALLEST = 2  # grids that are called small


def shown(story: Story) -> tuple[Compared, ...]:
    """What the pairs are made of, each once: the published first, a twin behind its network."""
    found = {one.count.network.label: one for pair in story.pairs for one in (pair.left, pair.right)}
    order = [one.count.network.name for one in story.networks]
    return tuple(
        sorted(
            found.values(),
            key=lambda one: (order.index(name) if (name := one.count.network.name) in order else len(order), is_twin(one)),
        )
    )


def in_runs(items: Sequence[Named], key: Callable[[Named], object]) -> list[Named]:
    """Of blocks in a row that are alike the first under the names of all, where they are enough for a run."""
    found: list[Named] = []
    for _, alike in groupby(items, key=key):
        run = list(alike)
        found += [replace(run[0], name=f"{run[0].name} to {run[-1].name}")] if len(run) >= RUN else run
    return found


def is_twin(one: Compared) -> bool:
    """Whether it is a rewrite, so drawn hollow."""
    return bool(one.rewritten.derivation)


def called(one: Compared) -> str:
    """The title of a network, or what a rewrite is called."""
    network = one.count.network
    base, _, rewrite = network.label.partition("@")
    return f"{base} {rewrite}" if rewrite else network.title


def stages(story: Story) -> Drawing | None:
    """Shares of the whole by grid, of every network that the story opens."""
    networks = [one for one in shown(story) if one.count.cost.macs]
    if not networks:
        return None
    part = next(f"compare-{pair.left.count.network.label}-{pair.right.count.network.label}" for pair in reversed(story.pairs))
    return drawing(
        "stages",
        part.replace("@", "-"),
        _title(networks),
        "Share of multiply-adds by grid size; total on the right. Small grids: the last two",
        "Stacked bars, each a whole network. " + " ".join(f"{called(one)}: {_shares(one)}." for one in networks),
        partial(_paint, networks),
    )


def _shares(one: Compared) -> str:
    total = one.count.cost.macs
    return ", ".join(f"{stage.name} {share(stage.cost.macs, total)}" for stage in one.whole.parts if stage.cost.macs)


def _title(networks: Sequence[Compared]) -> str:
    """How the part of the small grids changes between the first two networks that are no rewrites."""
    plain = [one for one in networks if not is_twin(one)]
    if len(plain) < 2 or plain[0].count.network.family == plain[1].count.network.family:
        one = networks[0]
        most = max(one.whole.parts, key=lambda stage: stage.cost.macs)
        return f"{most.name} takes {share(most.cost.macs, one.count.cost.macs)} of the work of {one.count.network.label}"
    small = [_small(one) for one in plain[:2]]
    names = [one.count.network.label for one in plain[:2]]
    ends = " to ".join(f"{100 * value:.1f} %" for value in small)
    where = "to" if small[1] > small[0] else "away from"
    return f"From {names[0]} to {names[1]} the work moves {where} the small grids, from {ends} of it"


def _small(one: Compared) -> float:
    grids = [stage.cost.macs for stage in one.whole.parts if stage.name not in (STEM, CLASSIFIER)]
    return sum(grids[-SMALLEST:]) / one.count.cost.macs


def _paint(networks: Sequence[Compared], look: Look, width: float) -> Figure:
    narrow = is_narrow(width)
    figure = sheet(width, 0.1 + (0.66 if narrow else 0.5) * len(networks))
    names = max(text_width(called(one), weight="bold") for one in networks) / INCH
    totals = max(text_width(three(one.count.cost.macs), weight="bold") for one in networks) / INCH
    sides = (0.06, 0.06) if narrow else (names + 0.27, totals + 0.22)
    axes = plot(figure, left=sides[0], right=sides[1], top=0.05, bottom=0.05)
    axes.set_xlim(0, 1)
    axes.set_ylim(len(networks) - 0.5, -0.5)
    axes.axis("off")
    for row, one in enumerate(networks):
        low = 0.34 if narrow else 0.0  # bars lie lower where their names stand above them
        _stage_bar(axes, look, one, row + low / 2, BAR - low / 2)
        _named(axes, look, one, row, narrow)
    return figure


def _named(axes: Axes, look: Look, one: Compared, row: int, narrow: bool) -> None:
    """A network's name, its image and its total, beside the bar or above it."""
    token = family_token(one.count.network.family)
    bold: Told = {"color": look.text(token), "weight": "normal" if is_twin(one) else "bold"}
    image = f"{one.count.input.height} px"
    if narrow:
        words(axes, called(one), 0, row - 0.36, frame="x", **bold)
        words(
            axes, f"{image}   {three(one.count.cost.macs)}", 1, row - 0.36, frame="x", ha="right", size=SMALL, color=look["mut"]
        )
        return
    words(axes, called(one), 0, row - 0.14, dx=-7, frame="x", ha="right", **bold)
    words(axes, image, 0, row + 0.18, dx=-7, frame="x", ha="right", color=look["mut"], size=SMALL)
    words(axes, three(one.count.cost.macs), 1, row, dx=6, frame="x", color=look.text(token), weight="bold")


def _stage_bar(axes: Axes, look: Look, one: Compared, row: float, height: float) -> None:
    token, hollow = family_token(one.count.network.family), is_twin(one)
    total, start = one.count.cost.macs, 0.0
    room = width_of(axes)
    for strength, stage in _strengths([stage for stage in one.whole.parts if stage.cost.macs]):
        part = stage.cost.macs / total
        segment(axes, look, token, (start, part), row, height, None if hollow else strength)
        color = look["ink"] if hollow else look.over(token, strength)
        lines = ((stage.name, "normal", -1), (share(stage.cost.macs, total), "bold", 1))
        for text, weight, down in lines:
            if text_width(text, SMALL, weight) + 3 < part * room:
                at = start + part / 2
                words(axes, text, at, row, dy=-down * 5.2, ha="center", size=SMALL, weight=weight, color=color)
        start += part


def segment(
    axes: Axes, look: Look, token: str, across: tuple[float, float], row: float, height: float, strength: float | None
) -> None:
    """A piece of a stacked bar between its neighbours; hollow where it has no strength."""
    start, length = across
    corner = (start, row - height / 2)
    if strength is None:
        axes.add_patch(Rectangle(corner, length, height, facecolor=look["paper"], edgecolor=look[token], linewidth=1.0))
        return
    axes.add_patch(Rectangle(corner, length, height, facecolor=look["paper"], linewidth=0))  # hides lines behind it
    axes.add_patch(Rectangle(corner, length, height, facecolor=look[token], alpha=strength, linewidth=0))
    axes.plot([start + length] * 2, [row - height / 2, row + height / 2], color=look["paper"], linewidth=1.2)


def _strengths(parts: Sequence[Part]) -> Iterator[tuple[float, Part]]:
    """Stages from faint to full, however many they are."""
    last = max(1, len([part for part in parts if part.name != CLASSIFIER]) - 1)
    for number, part in enumerate(parts):
        yield STRENGTHS[min(len(STRENGTHS) - 1, round(number * (len(STRENGTHS) - 1) / last))], part
