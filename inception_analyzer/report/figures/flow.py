"""How large the map is between one block and the next, from the image to the answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from matplotlib.figure import Figure

from inception_analyzer.report.compared import Compared
from inception_analyzer.report.figures.canvas import (
    PLAIN,
    SMALL,
    Label,
    is_narrow,
    label_points,
    plot,
    sheet,
    short_amount,
    steps_within,
    words,
)
from inception_analyzer.report.figures.drawing import Drawing, drawing
from inception_analyzer.report.figures.tokens import Look, family_token
from inception_analyzer.report.quantity import shape_text, three
from inception_analyzer.report.story import Story
from inception_analyzer.spec import Shape

SHOWN = ("v1", "v3", "v4", "ir2")  # few enough to be told apart


@dataclass(frozen=True, slots=True)
class Cut:
    """What is handed on at one place: how much of the work lies before it, and the map there."""

    done: float
    shape: Shape

    @property
    def size(self) -> int:
        return self.shape.size


def activations(story: Story) -> Drawing | None:
    """The maps of a few networks along their work."""
    found = [one for one in story.networks if one.count.network.label in SHOWN] or list(story.networks[:4])
    networks = [one for one in found if one.count.cost.macs]
    if not networks:
        return None
    return drawing(
        "activations",
        "networks",
        _title(networks),
        "Elements of the map (channels x height x width) after each block, log scale, by the share of multiply-adds done",
        "Falling step lines. " + " ".join(_told(one) for one in networks),
        partial(_paint, networks),
    )


def cuts(one: Compared) -> tuple[Cut, ...]:
    """The image, then the map behind every block."""
    total, done = one.count.cost.macs, 0
    found = [Cut(0.0, one.whole.reads)]
    for stage in one.whole.parts:
        for block in stage.parts:
            done += block.cost.macs
            found.append(Cut(done / total, block.writes))
    return tuple(found)


def _largest(one: Compared) -> Cut:
    return max(cuts(one)[1:], key=lambda cut: cut.size)


def _title(networks: Sequence[Compared]) -> str:
    one = max(networks, key=lambda one: _largest(one).size)
    largest = _largest(one)
    return (
        f"The largest map of {one.count.network.label} holds {three(largest.size)} elements, "
        f"{largest.shape}, where {100 * largest.done:.0f} % of its work is done"
    )


def _told(one: Compared) -> str:
    largest = _largest(one)
    return f"{one.count.network.title}: at most {three(largest.size)} at {shape_text(largest.shape)}."


def _paint(networks: Sequence[Compared], look: Look, width: float) -> Figure:
    narrow = is_narrow(width)
    figure = sheet(width, 2.9)
    axes = plot(figure, left=0.5 if narrow else 0.62, right=0.16, top=0.28, bottom=0.4)
    sizes = [cut.size for one in networks for cut in cuts(one)]
    axes.set_yscale("log")
    axes.set_ylim(min(sizes) / 1.4, max(sizes) * 1.6)
    axes.set_xlim(0, 100)
    axes.set_xticks([0, 20, 40, 60, 80, 100], [f"{tick} %" for tick in (0, 20, 40, 60, 80, 100)])
    values = steps_within(*axes.get_ylim(), 5)
    axes.set_yticks(values, [short_amount(value) for value in values])
    axes.set_yticks([], minor=True)
    axes.grid(visible=True, axis="y")
    labels = []
    for one in networks:
        token = family_token(one.count.network.family)
        here = cuts(one)
        axes.step([100 * cut.done for cut in here], [cut.size for cut in here], where="post", color=look[token], linewidth=1.5)
        largest = _largest(one)
        text = f"{one.count.network.title}  {three(largest.size)}"
        labels.append(
            Label(text, 100 * largest.done, largest.size, look.text(token), bold=True, size=SMALL if narrow else PLAIN)
        )
    label_points(axes, labels)
    words(axes, "elements", 0, 1, dx=-30 if narrow else 0, dy=11, frame="both", color=look["mut"], size=8)
    words(axes, "multiply-adds done", 1, 0, dy=-22, frame="both", color=look["mut"], size=8, ha="right")
    return figure
