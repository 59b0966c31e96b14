"""Two 3x3 for one 5x5: what the pair costs by its widths, with the networks' own branches and the printed 28 % on the line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from inception_analyzer.kernel import parse_chain, turning, work
from inception_analyzer.outline import short
from inception_analyzer.report.amounts import saving_text
from inception_analyzer.report.figures.canvas import (
    SMALL,
    Told,
    halo,
    is_narrow,
    marked,
    name_axes,
    plot,
    sheet,
    ticks_apart,
    ticks_up,
    words,
)
from inception_analyzer.report.figures.drawing import Drawing, drawing, kernels_part
from inception_analyzer.report.figures.labels import Label, along, around, first_free, label_points
from inception_analyzer.report.figures.spots import Box, Spot
from inception_analyzer.report.figures.tokens import Look, family_token
from inception_analyzer.report.quantity import listed, ratio
from inception_analyzer.report.story import Story
from inception_analyzer.spec import Network

ONE, TWO = parse_chain("5x5"), parse_chain("3x3,3x3")
PRINTED = 1.0  # output over input width where the printed saving holds


@dataclass(frozen=True, slots=True)
class Branch:
    """Branches of one network with the same ratio of output to input width; as designed they have the pair, else the 5x5."""

    network: Network
    widths: float
    as_designed: bool
    blocks: tuple[str, ...]

    @property
    def factor(self) -> float:
        return factor(self.widths)

    @property
    def token(self) -> str:
        return family_token(self.network.family)


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
        kernels_part(story),
        _title(branches, edge),
        "Multiply-adds of the pair relative to the 5x5; middle as wide as the output, padded; below 1 it saves",
        f"A rising line: {ratio(factor(PRINTED), 1)} at equal widths, 1 at {edge:.2f}. "
        + " ".join(
            f"{one.network.label} {', '.join(one.blocks)}: widths {one.widths:.2f}, {ratio(one.factor, 1)}." for one in branches
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
    """What the pair saves where it was put, and where it was not."""
    told = f"Two 3x3 for one 5x5 save {_percent(factor(PRINTED))} at equal widths"
    own = next((one for one in branches if one.as_designed), None)
    if own:
        told += f", {saving_text(1 - own.factor).removeprefix('saves ')} in {own.network.label}"
    others = [one for one in branches if not one.as_designed]
    if not others:
        return told
    costing = sum(len(one.blocks) for one in others if one.widths > edge)
    every = sum(len(one.blocks) for one in others)
    names = listed(list(dict.fromkeys(one.network.title for one in others)))
    return f"{told}, and would cost more in {costing} of {every} blocks of {names}"


def _percent(factor: float) -> str:
    return f"{100 * (1 - factor):.0f} %"


def _branches(story: Story) -> list[Branch]:
    """Pairs of networks that were factorized, and the 5x5 of those that were not."""
    found: dict[tuple[str, float, bool], list[str]] = {}
    networks: dict[str, Network] = {}
    for network, widths, as_designed, block in (*_pairs(story), *_fives(story)):
        networks[network.label] = network
        found.setdefault((network.label, widths, as_designed), []).append(block)
    return [
        Branch(networks[label], widths, as_designed, tuple(dict.fromkeys(blocks)))
        for (label, widths, as_designed), blocks in sorted(found.items(), key=lambda entry: (not entry[0][2], entry[0]))
    ]


def _fives(story: Story) -> Iterator[tuple[Network, float, bool, str]]:
    part = story.part("twins")
    factorized = {record["network"] for record in part.document.data()["twins"]} if part and part.document else set()
    for one in story.networks:
        network = one.count.network
        if network.label == network.family and network.label not in factorized:
            for layer in one.count.layers:
                plain = layer.stride == (1, 1) and layer.groups == 1 and not layer.aux
                if layer.op == "conv" and layer.kernel == (5, 5) and plain:
                    yield network, layer.writes.channels / layer.reads.channels, False, _block(layer.path)


def _pairs(story: Story) -> Iterator[tuple[Network, float, bool, str]]:
    """Where a rewriting put a 5x5 in place of a pair whose middle is as wide as its output."""
    for pair in story.pairs:
        for step in pair.derived.rewritten.derivation if pair.derived else ():
            if (step.before, step.after) == ("3x3 + 3x3", "5x5") and step.parts and step.parts[0].parts and not step.aux:
                first, last = step.parts[0].parts[0], step.parts[0].parts[-1]
                if first.writes.channels == last.writes.channels:
                    yield pair.left.count.network, last.writes.channels / first.reads.channels, True, _block(step.path)


def _block(path: str) -> str:
    return short(path.partition(".")[0])


def _paint(branches: Sequence[Branch], edge: float, look: Look, width: float) -> Figure:
    narrow = is_narrow(width)
    figure = sheet(width, 3.1)
    axes = plot(figure, left=0.5 if narrow else 0.62, right=0.16, top=0.3, bottom=0.4)
    right = max(1.2 * edge, *(one.widths for one in branches)) * 1.08
    left = min(0.5, *(one.widths * 0.8 for one in branches))
    axes.set_xlim(left, right)
    axes.set_ylim(min(0.42, factor(left) - 0.1), factor(right) * 1.04)
    axes.grid(visible=True, axis="y")
    ticks_apart(axes, range(1, int(right) + 1), [str(tick) for tick in range(1, int(right) + 1)])
    ticks_up(axes, lambda value: f"{value:.3g}×")
    _fields(axes, look, left, edge, right)
    taken = along(axes, (left, factor(left)), (right, factor(right)), 60) + _dots(axes, branches, look)
    taken = label_points(axes, _labels(branches, look, edge, narrow), taken)
    _groups(axes, branches, look, taken)
    text = "output / input width" if narrow else "output width / input width of the pair"
    name_axes(axes, look, text, "multiply-adds / those of the 5x5", 30)
    return figure


def _fields(axes: Axes, look: Look, left: float, edge: float, right: float) -> None:
    """Where the pair saves and where it costs more, on both sides of one."""
    axes.fill_between([left, edge], [factor(left), 1], [1, 1], color=look["ok"], alpha=0.1, linewidth=0)
    axes.fill_between([edge, right], [1, 1], [1, factor(right)], color=look["no"], alpha=0.09, linewidth=0)
    axes.axhline(1, color=look["rule2"], linewidth=1.1)
    axes.plot([left, right], [factor(left), factor(right)], color=look["ink"], linewidth=1.4)


def _dots(axes: Axes, branches: Sequence[Branch], look: Look) -> list[Box]:
    axes.plot(PRINTED, factor(PRINTED), "D", zorder=3, **marked(look, "ink", hollow=True))
    for one in branches:
        axes.plot(one.widths, one.factor, "o", zorder=3, markersize=8, **marked(look, one.token))
    return around(axes, [(PRINTED, factor(PRINTED)), *((one.widths, one.factor) for one in branches)], 8)


def _labels(branches: Sequence[Branch], look: Look, edge: float, narrow: bool) -> list[Label]:
    size = SMALL if narrow else 8.5
    found = []
    for one in branches:
        name = f"{one.network.label} " if one.as_designed else ""
        told = f"{name}{', '.join(one.blocks)}  {ratio(one.factor, 1)}"
        below = one.widths < edge
        text = f"{told}: {saving_text(1 - one.factor)}" if one.as_designed else told
        spots: tuple[Spot, ...] = ("SE", "E", "NW", "W") if below else ("NW", "W", "SE", "E")
        found.append(
            Label(text, one.widths, one.factor, look.text(one.token), bold=one.as_designed, size=size, spots=spots, away=9)
        )
    equal = f"equal widths  {ratio(factor(PRINTED), 1)}: {saving_text(1 - factor(PRINTED))}, as printed"
    found.append(Label(equal, PRINTED, factor(PRINTED), look["mut"], size=size, spots=("SE", "S", "E"), away=9))
    found.append(Label(f"breaks even at {edge:.2f}", edge, 1, look["mut"], size=SMALL, spots=("SE", "NW"), away=9))
    return found


def _groups(axes: Axes, branches: Sequence[Branch], look: Look, taken: list[Box]) -> None:
    """Whose branches those are that have the 5x5; and on which side of one the pair saves."""
    others = {one.network.label: one for one in branches if not one.as_designed}
    corners = ((0.015, 0.07, "saves", "ok", "left"), (0.985, 0.07, "costs more", "no", "right"))
    low, high = axes.get_ylim()
    one = (1 - low) / (high - low)
    for x, up, text, token, align in corners:
        y = one - up if token == "ok" else one + up
        told: Told = {"color": look[token], "weight": "bold", "ha": align, "frame": "both"}
        first_free(axes, iter([words(axes, text, x, y, **told)]), taken)
    for other in others.values():
        text = f"{other.network.title}, if it were factorized"
        told = {"color": look.text(other.token), "weight": "bold", "frame": "both"}
        first_free(axes, (halo(words(axes, text, 0.04, y, **told)) for y in (0.93, 0.85, 0.77, 0.69)), taken)
