"""Where factorization pays: what kernels in a row take of the kernel they stand for, counted and measured, by grid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby
from math import isfinite
from statistics import mode

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from inception_analyzer.choices import Phase
from inception_analyzer.cost import Cost, cost_of
from inception_analyzer.inquiry import Answered, Question
from inception_analyzer.report.figures.canvas import (
    INCH,
    PLAIN,
    SMALL,
    is_narrow,
    name_axes,
    rows_plot,
    sheet,
    steps_within,
    text_width,
    ticks_apart,
    words,
)
from inception_analyzer.report.figures.drawing import Drawing, drawing
from inception_analyzer.report.figures.times import conditions, legend, tick_and_dot
from inception_analyzer.report.figures.tokens import Look
from inception_analyzer.report.quantity import many, ratio
from inception_analyzer.report.story import Story
from inception_analyzer.spec import Network
from inception_analyzer.stats import Interval
from inception_analyzer.timings import Measurement

CLAIM = "factorized-latency-by-grid"
GAP = 1.15  # rows before another swap, where its name stands


@dataclass(frozen=True, slots=True)
class Cell:
    """One swap on one grid: kernels in a row over the kernel that they stand for."""

    kernel: str
    chain: str
    grid: int
    channels: int
    phase: Phase
    batch: int
    counted: float
    measured: Interval
    usual: bool = True  # has as many channels as most

    @property
    def swap(self) -> str:
        return f"{self.chain.replace(',', ' + ')} for {self.kernel}"

    @property
    def where(self) -> str:
        """The grid, and what is unlike one image read once and unlike the channels of most."""
        trained = "trained, " if self.phase != "forward" else ""
        images = f", {trained}{self.batch} images" if self.batch > 1 or trained else ""
        channels = "" if self.usual else f", {self.channels} channels"
        return f"{self.grid}x{self.grid}{images}{channels}"

    @property
    def pays(self) -> bool | None:
        """Whether it takes less time; nothing where the interval includes both answers."""
        if self.measured.low <= 1 <= self.measured.high:
            return None
        return self.measured.high < 1


def savings_by_grid(story: Story) -> Drawing | None:
    """The figure, where the clock answered what the claim on grids asks."""
    cells, rows = cells_of(story)
    if not cells:
        return None
    usual = next(one.channels for one in cells if one.usual)
    unless = "" if all(one.usual for one in cells) else " unless said"
    return drawing(
        "grids",
        "claims",  # whose questions these are; the parts about kernels have measurements of their own
        _title(cells),
        f"Kernels in a row over the one they stand for, {usual} channels{unless}: MACs (tick), time (dot, 95 % interval)",
        "Ticks and dots. " + " ".join(_told(one) for one in cells),
        partial(_paint, cells),
        conditions(story, rows),
    )


def cells_of(story: Story) -> tuple[list[Cell], list[Measurement]]:
    """What the clock answered, and the measurements that this rests on."""
    cells, rows = [], []
    for judged in story.judged:
        for question in judged.claim.asks() if judged.claim.id == CLAIM else ():
            answer = judged.answers.get(question.name)
            if isinstance(answer, Answered) and isfinite(answer.against.ratio.high):
                rows += [answer.reference, answer.other]
                cells += _cell(question, answer.against.ratio)
    swaps = list(dict.fromkeys(one.swap for one in cells))
    usual = mode(one.channels for one in cells) if cells else 0
    cells = [replace(one, usual=one.channels == usual) for one in cells]
    return sorted(cells, key=lambda one: swaps.index(one.swap)), rows


def _cell(question: Question, measured: Interval) -> list[Cell]:
    one, other = question.reference, question.other
    if not isinstance(one, Network) or not isinstance(other, Network):
        return []
    counted = _work(cost_of(other), question.phase) / _work(cost_of(one), question.phase)
    shape = one.input
    return [Cell(one.title, other.title, shape.height, shape.channels, question.phase, question.batch, counted, measured)]


def _work(cost: Cost, phase: Phase) -> int:
    """Multiply-adds of what was timed: of a training step those of both gradients too."""
    return cost.macs + (cost.macs_backward if phase == "train-step" else 0)


def _title(cells: Sequence[Cell]) -> str:
    paying = [one for one in cells if one.pays]
    if not paying:
        return f"Factorizing saves no time in any of {many(len(cells), 'case')} here"
    best = min(paying, key=lambda one: one.measured.point)
    return (
        f"Factorizing saves time in {len(paying)} of {many(len(cells), 'case')}, "
        f"most on {best.where}: {ratio(best.measured.point, 1)} with {best.swap}"
    )


def _told(one: Cell) -> str:
    return f"{one.swap} on {one.where}: {ratio(one.counted, 1)} counted, {ratio(one.measured.point, 1)} measured."


def _paint(cells: Sequence[Cell], look: Look, width: float) -> Figure:
    narrow = is_narrow(width)
    places, heads = _places(cells)
    figure = sheet(width, 0.52 + 0.215 * (places[-1] + 1))
    size = SMALL if narrow else PLAIN
    names = max(text_width(one.where, size) for one in cells) / INCH
    axes = rows_plot(figure, places[-1] + 1, left=names + (0.2 if narrow else 0.34), right=1.05, top=0.08, bottom=0.38)
    values = [value for one in cells for value in (one.counted, one.measured.low, one.measured.high, 1.0)]
    axes.set_xscale("log")
    axes.set_xlim(max(0.01, min(values) / 1.15), max(values) * 1.15)
    ticks = steps_within(*axes.get_xlim(), 4) if axes.get_xlim()[1] / axes.get_xlim()[0] > 12 else _fine(axes)
    ticks_apart(axes, ticks, [f"{tick:g}x" for tick in ticks])
    axes.axvline(1, color=look["rule2"], linewidth=1.2, zorder=1)
    name_axes(axes, look, "relative to the one kernel")
    for place, text in heads:
        words(axes, text, 0, place, dx=-names * INCH - 8, frame="x", weight="bold", size=8)
    for place, one in zip(places, cells, strict=True):
        _row(axes, look, one, place, size)
    legend(axes, look, [(one.counted, one.measured.point) for one in cells], places)
    return figure


def _fine(axes: Axes) -> list[float]:
    low, high = axes.get_xlim()
    return [value for value in (0.1, 0.2, 0.3, 0.5, 0.7, 1, 1.5, 2, 3, 5) if low <= value <= high]


def _places(cells: Sequence[Cell]) -> tuple[list[float], list[tuple[float, str]]]:
    """Where each row lies, and where the name of each swap does: one row above its first."""
    places: list[float] = []
    heads, at = [], 0.0
    for swap, run in groupby(cells, key=lambda one: one.swap):
        heads.append((at, swap))
        at += 1
        for _ in run:
            places.append(at)
            at += 1
        at += GAP - 1
    return places, heads


def _row(axes: Axes, look: Look, one: Cell, place: float, size: float) -> None:
    token = {True: "ok", False: "no", None: "mut"}[one.pays]
    words(axes, one.where, 0, place, dx=-8, frame="x", ha="right", size=size)
    axes.plot([one.counted, one.measured.point], [place, place], color=look["rule"], linewidth=2.2)
    tick_and_dot(axes, look, token, place, one.counted, one.measured, hollow=one.pays is None)
    text = {True: "saves time", False: "costs time", None: "no difference"}[one.pays]
    words(axes, text, 1, place, dx=70, frame="x", ha="right", color=look[token], size=8)
