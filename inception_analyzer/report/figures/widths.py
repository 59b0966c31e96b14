"""Two 3x3 for one 5x5: what the pair costs by its widths, with the networks' own branches and the printed 28 % on the line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from inception_analyzer.kernel import parse_chain, turning, work
from inception_analyzer.outline import short
from inception_analyzer.report.amounts import saving_text
from inception_analyzer.report.figures.canvas import (
    SMALL,
    Label,
    along,
    around,
    is_narrow,
    label_points,
    marked,
    plot,
    sheet,
    words,
)
from inception_analyzer.report.figures.drawing import Drawing, drawing
from inception_analyzer.report.figures.tokens import Look, family_token
from inception_analyzer.report.quantity import ratio
from inception_analyzer.report.story import Story

ONE, TWO = parse_chain("5x5"), parse_chain("3x3,3x3")
PRINTED = 1.0  # output over input width where the printed saving holds


@dataclass(frozen=True, slots=True)
class Branch:
    """Branches of one network with the same ratio of output to input width."""

    network: str
    title: str
    family: str
    widths: float
    blocks: tuple[str, ...]
    as_designed: bool  # it has the pair; else it has the 5x5

    @property
    def factor(self) -> float:
        return factor(self.widths)


def factor(widths: float) -> float:
    """What the pair takes of the 5x5, the middle as wide as the output."""
    return work(TWO, widths, "output") / work(ONE, widths, "output")


def saving_by_widths(story: Story) -> Drawing | None:
    """The line is always there; it is drawn where a network has a branch to put on it."""
    branches = _branches(story)
    if not branches:
        return None
    edge = _break_even()
    return drawing(
        "widths",
        "kernels" if story.part("kernels") else "claims",
        _title(branches, edge),
        "Multiply-adds of two 3x3 relative to one 5x5, by output / input width; middle as wide as the output, padded",
        f"A rising line: {ratio(factor(PRINTED), 1)} at equal widths, 1 at {edge:.2f}. "
        + " ".join(
            f"{one.network} {', '.join(one.blocks)}: widths {one.widths:.2f}, {ratio(one.factor, 1)}." for one in branches
        ),
        partial(_paint, branches, edge),
        "counted exactly · ratio = 0.36 (1 + out/in) · the papers print 28 %",
    )


def _break_even() -> float:
    """The ratio of widths at which the pair costs what the 5x5 does."""
    (_, edge), *_ = turning(ONE, TWO, "output").saves
    assert edge is not None, "the pair saves below some ratio only"
    return edge


def _title(branches: Sequence[Branch], edge: float) -> str:
    costing = sum(len(one.blocks) for one in branches if one.widths > edge)
    every = sum(len(one.blocks) for one in branches)
    return f"Two 3x3 for one 5x5 save 28 % at equal widths, and cost more in {costing} of {every} branches of these networks"


def _branches(story: Story) -> list[Branch]:
    """5x5 of networks that were not factorized, and pairs of those that were."""
    found = [*_fives(story), *_pairs(story)]
    keyed = sorted(found, key=lambda one: (one[0], one[3], one[4]))
    return [
        Branch(
            *key, blocks=tuple(dict.fromkeys(one[5] for one in run)), as_designed=key[0] in {pair[0] for pair in _pairs(story)}
        )
        for key, run in groupby(keyed, key=lambda one: one[:4])
    ]


def _fives(story: Story) -> list[tuple[str, str, str, float, int, str]]:
    return [
        (network.label, network.title, family_token(network.family), layer.writes.channels / layer.reads.channels, number, _block(layer.path))
        for one in story.networks
        if (network := one.count.network).label == network.family
        for number, layer in enumerate(one.count.layers)
        if layer.op == "conv" and layer.kernel == (5, 5) and layer.stride == (1, 1) and layer.groups == 1 and not layer.aux
    ]  # fmt: skip


def _pairs(story: Story) -> list[tuple[str, str, str, float, int, str]]:
    """Where a rewriting put a 5x5 in place of a pair whose middle is as wide as its output."""
    found = []
    for pair in story.pairs:
        for number, step in enumerate(pair.derived.rewritten.derivation if pair.derived else ()):
            if step.before == "3x3 + 3x3" and step.after == "5x5" and step.parts:
                first, last = step.parts[0].parts[0], step.parts[0].parts[-1]
                network = pair.left.count.network
                if first.writes.channels == last.writes.channels:
                    widths = last.writes.channels / first.reads.channels
                    found.append(
                        (network.label, network.title, family_token(network.family), widths, number, _block(step.path))
                    )
    return found


def _block(path: str) -> str:
    return short(path.partition(".")[0])


def _paint(branches: Sequence[Branch], edge: float, look: Look, width: float) -> Figure:
    narrow = is_narrow(width)
    figure = sheet(width, 2.9)
    axes = plot(figure, left=0.5 if narrow else 0.62, right=0.16, top=0.1, bottom=0.4)
    right = max(1.2 * edge, *(one.widths for one in branches)) * 1.08
    left = min(0.5, *(one.widths * 0.8 for one in branches))
    axes.set_xlim(left, right)
    axes.set_ylim(min(0.42, factor(left) - 0.1), factor(right) * 1.04)
    axes.grid(visible=True, axis="y")
    _scale(axes)
    _fields(axes, look, left, edge, right)
    taken = along(axes, (left, factor(left)), (right, factor(right)), 60) + _dots(axes, branches, look)
    label_points(axes, _labels(branches, look, edge, narrow), taken)
    text = "output / input width" if narrow else "output width / input width of the pair"
    words(axes, text, 1, 0, dy=-22, frame="both", color=look["mut"], size=8, ha="right")
    return figure


def _scale(axes: Axes) -> None:
    ticks = [tick for tick in axes.get_yticks() if axes.get_ylim()[0] <= tick <= axes.get_ylim()[1]]
    axes.set_yticks(ticks, [f"{tick:g}×" for tick in ticks])


def _fields(axes: Axes, look: Look, left: float, edge: float, right: float) -> None:
    """Where the pair saves and where it costs more, on both sides of one."""
    axes.fill_between([left, edge], [factor(left), 1], [1, 1], color=look["ok"], alpha=0.1, linewidth=0)
    axes.fill_between([edge, right], [1, 1], [1, factor(right)], color=look["no"], alpha=0.09, linewidth=0)
    axes.axhline(1, color=look["rule2"], linewidth=1.1)
    axes.plot([left, right], [factor(left), factor(right)], color=look["ink"], linewidth=1.4)


def _dots(axes: Axes, branches: Sequence[Branch], look: Look) -> list:
    axes.plot(PRINTED, factor(PRINTED), "D", zorder=3, **marked(look, "ink", hollow=True))
    for one in branches:
        axes.plot(one.widths, one.factor, "o", zorder=3, markersize=8, **marked(look, one.family))
    return around(axes, [(PRINTED, factor(PRINTED)), *((one.widths, one.factor) for one in branches)], 8)


def _labels(branches: Sequence[Branch], look: Look, edge: float, narrow: bool) -> list[Label]:
    size = SMALL if narrow else 8.5
    found = []
    for one in branches:
        told = f"{one.network} {_run(one.blocks)}  {ratio(one.factor, 1)}"
        below = one.widths < edge
        text = f"{told}: {saving_text(1 - one.factor)}" if one.as_designed else told
        spots = ("SE", "E", "NW", "W") if below else ("NW", "W", "SE", "E")
        found.append(
            Label(text, one.widths, one.factor, look.text(one.family), bold=one.as_designed, size=size, spots=spots, away=9)
        )
    equal = f"equal widths  {ratio(factor(PRINTED), 1)}: {saving_text(1 - factor(PRINTED))}, as printed"
    found.append(Label(equal, PRINTED, factor(PRINTED), look["mut"], size=size, spots=("SE", "S", "E"), away=9))
    found.append(Label(f"breaks even at {edge:.2f}", edge, 1, look["mut"], size=SMALL, spots=("SE", "E"), away=9))
    return found


def _run(blocks: Sequence[str]) -> str:
    return ", ".join(blocks)
