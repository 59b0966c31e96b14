"""Where the multiply-adds of networks lie by grid: stacked bars, each a whole network."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from itertools import groupby
from typing import TypeVar

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from inception_analyzer.align import RUN, Pairing
from inception_analyzer.outline import CLASSIFIER, STEM, Part
from inception_analyzer.report.compared import Compared
from inception_analyzer.report.figures.bars import segment, strength
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

Named = TypeVar("Named", Part, Pairing)
HIGH = 0.31  # inches, of a bar
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
        "Share of multiply-adds by grid size, stronger = more; total on the right. Small grids: the last two",
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
    figure = sheet(width, 0.1 + (0.82 if narrow else 0.6) * len(networks))
    names = max(text_width(called(one), weight="bold") for one in networks) / INCH
    totals = max(text_width(three(one.count.cost.macs), weight="bold") for one in networks) / INCH
    sides = (0.06, 0.06) if narrow else (names + 0.27, totals + 0.22)
    axes = plot(figure, left=sides[0], right=sides[1], top=0.05, bottom=0.05)
    axes.set_xlim(0, 1)
    axes.set_ylim(len(networks) - 0.5, -0.5)
    axes.axis("off")
    for row, one in enumerate(networks):
        middle = row + (0.08 if narrow else -0.1)  # bars lie lower where their names stand above them
        _stage_bar(axes, look, one, middle, HIGH / (0.82 if narrow else 0.6), _dearest(networks))
        _named(axes, look, one, row - 0.36 if narrow else middle, narrow=narrow)
    return figure


def _dearest(networks: Sequence[Compared]) -> float:
    """The largest share that a stage has of its network."""
    return max(stage.cost.macs / one.count.cost.macs for one in networks for stage in one.whole.parts)


def _named(axes: Axes, look: Look, one: Compared, row: float, *, narrow: bool) -> None:
    """A network's name, its image and its total, beside the bar or above it."""
    token = family_token(one.count.network.family)
    bold: Told = {"color": look.text(token), "weight": "normal" if is_twin(one) else "bold"}
    image = f"{one.count.input.height} px"
    if narrow:
        words(axes, called(one), 0, row, frame="x", **bold)
        words(axes, f"{image}   {three(one.count.cost.macs)}", 1, row, frame="x", ha="right", size=SMALL, color=look["mut"])
        return
    words(axes, called(one), 0, row - 0.12, dx=-7, frame="x", ha="right", **bold)
    words(axes, image, 0, row + 0.16, dx=-7, frame="x", ha="right", color=look["mut"], size=SMALL)
    words(axes, three(one.count.cost.macs), 1, row, dx=6, frame="x", color=look.text(token), weight="bold")


def _stage_bar(axes: Axes, look: Look, one: Compared, row: float, height: float, most: float) -> None:
    """Stages with their shares; those too short to bear both are named below."""
    token, hollow = family_token(one.count.network.family), is_twin(one)
    total, start = one.count.cost.macs, 0.0
    stages = [stage for stage in one.whole.parts if stage.cost.macs]
    shares = [share(stage.cost.macs, total) for stage in stages]
    fitting = [
        max(text_width(stage.name, SMALL), text_width(part, SMALL, "bold")) + 3 < stage.cost.macs / total * width_of(axes)
        for stage, part in zip(stages, shares, strict=True)
    ]
    for stage, part, fits in zip(stages, shares, fitting, strict=True):
        strong = strength(stage.cost.macs / total, most)
        segment(axes, look, token, (start, stage.cost.macs / total), row, height, None if hollow else strong)
        told: Told = {"ha": "center", "size": SMALL, "color": look["ink"] if hollow else look.over(token, strong)}
        middle = start + stage.cost.macs / total / 2
        if fits:
            words(axes, stage.name, middle, row, dy=5.2, **told)
            words(axes, part, middle, row, dy=-5.2, weight="bold", **told)
        start += stage.cost.macs / total
    below = [f"{stage.name} {part}" for stage, part, fits in zip(stages, shares, fitting, strict=True) if not fits]
    words(axes, ", ".join(below), 1, row + height / 2, dy=-6.5, frame="x", ha="right", size=SMALL, color=look["mut"])
