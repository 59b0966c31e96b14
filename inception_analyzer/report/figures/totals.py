"""Multiply-adds against parameters: every network as a point, twins hollow, and what texts claim as diamonds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from math import log

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from inception_analyzer.report.figures.canvas import (
    PLAIN,
    SMALL,
    is_narrow,
    marked,
    name_axes,
    plot,
    sheet,
    short_amount,
    steps_within,
)
from inception_analyzer.report.figures.drawing import Drawing, drawing
from inception_analyzer.report.figures.labels import Label, along, around, label_points
from inception_analyzer.report.figures.printed import Claimed, claimed_totals
from inception_analyzer.report.figures.slopes import Slope, slopes
from inception_analyzer.report.figures.spots import Box
from inception_analyzer.report.figures.tokens import Look, family_token
from inception_analyzer.report.quantity import from_to, ratio, three
from inception_analyzer.report.story import Story

NEAR = 0.06  # of the logarithm: half a marker
DENSITIES = (10000, 3000, 1000, 300, 100, 30, 10, 3, 1)  # multiply-adds per parameter


@dataclass(frozen=True, slots=True)
class Point:
    """A network in the map; a twin belongs to the network of which it is one."""

    name: str
    family: str
    macs: int
    params: int
    main: bool
    twin_of: str = ""


def cost_map(story: Story) -> Drawing | None:
    """All networks of the story that have both costs."""
    points = [one for one in (*_networks(story), *_twins(story)) if one.macs and one.params]
    if not points:
        return None
    claimed = claimed_totals(story)
    diamonds = "; diamond = what a text claims" if claimed else ""
    twins = "; hollow = its unfactorized twin" if any(one.twin_of for one in points) else ""
    return drawing(
        "cost-map",
        "networks",
        _title(points),
        f"Multiply-adds against parameters, each network at its own input size{twins}{diamonds}",
        "Scatter of multiply-adds against parameters, both logarithmic. " + _listed(points),
        partial(_paint, points, claimed),
    )


def _networks(story: Story) -> list[Point]:
    found = []
    for one in story.networks:
        network, cost = one.count.network, one.count.cost
        main = network.family in (network.label, "ref")
        found.append(Point(network.title, family_token(network.family), cost.macs, cost.params, main))
    return found


def _twins(story: Story) -> list[Point]:
    part = story.part("twins")
    records = part.document.data()["twins"] if part and part.document else []
    names = {one.count.network.label: one.count.network for one in story.networks}
    return [
        Point(
            f"{record['network']} unfactorized",
            family_token(names[record["network"]].family),
            record["macs_twin"],
            record["params_twin"],
            main=False,
            twin_of=names[record["network"]].title,
        )
        for record in records
        if record["network"] in names
    ]


def _title(points: Sequence[Point]) -> str:
    """The rewrite that v3 is known for where it is there, else the two ends of the map."""
    own = {one.name: one for one in points if not one.twin_of}
    twin = next((one for one in points if one.twin_of and one.family == "v3" and one.twin_of in own), None)
    if twin:
        before, after, unit = from_to(twin.macs, own[twin.twin_of].macs)
        params, left, million = from_to(twin.params, own[twin.twin_of].params)
        return (
            f"Factorization took v3 from {before} {unit} to {after} {unit} multiply-adds, "
            f"and from {params} {million} to {left} {million} parameters"
        )
    most, least = max(own.values(), key=lambda one: one.macs), min(own.values(), key=lambda one: one.macs)
    if most.macs == least.macs:
        return f"{most.name} takes {three(most.macs)} multiply-adds and {three(most.params)} parameters"
    return f"{most.name} takes {ratio(most.macs, least.macs)} the multiply-adds of {least.name}"


def _listed(points: Sequence[Point]) -> str:
    shown = [f"{one.name} {three(one.macs)} and {three(one.params)}" for one in points if one.main or one.twin_of]
    return "; ".join(shown) + "."


def _paint(points: Sequence[Point], claimed: Sequence[Claimed], look: Look, width: float) -> Figure:
    narrow = is_narrow(width)
    figure = sheet(width, 4.4)
    axes = plot(figure, left=0.5 if narrow else 0.62, right=0.2, top=0.26, bottom=0.38)
    _scales(axes, points, claimed, narrow)
    lines = _arrows(axes, points, look)
    marks = _dots(axes, points, look) + _diamonds(axes, points, claimed, look)
    taken = label_points(axes, _labels(points, claimed, look, narrow), lines + marks, marks)
    slopes(axes, look, _densities(), taken)
    name_axes(axes, look, "parameters", "multiply-adds", 30 if narrow else 0)
    return figure


def _scales(axes: Axes, points: Sequence[Point], claimed: Sequence[Claimed], narrow: bool) -> None:
    axes.set_xscale("log")
    axes.set_yscale("log")
    across = [one.params for one in points] + [round(one.claimed) for one in claimed if one.kind == "params"]
    up = [one.macs for one in points] + [round(one.claimed) for one in claimed if one.kind == "macs"]
    axes.set_xlim(min(across) / 1.35, max(across) * (1.7 if narrow else 1.45))
    axes.set_ylim(min(up) / 1.4, max(up) * 1.4)
    for axis, (low, high) in ((axes.xaxis, axes.get_xlim()), (axes.yaxis, axes.get_ylim())):
        values = steps_within(low, high, 5 if narrow else 7)
        axis.set_ticks(values, [short_amount(value) for value in values])
        axis.set_ticks([], minor=True)
    axes.grid(visible=True)


def _arrows(axes: Axes, points: Sequence[Point], look: Look) -> list[Box]:
    """From twins to the networks that they became; returns the room they take."""
    own = {one.name: one for one in points if not one.twin_of}
    taken: list[Box] = []
    for one in points:
        if one.twin_of in own:
            start, end = (one.params, one.macs), (own[one.twin_of].params, own[one.twin_of].macs)
            arrow = {"arrowstyle": "-|>,head_width=.22,head_length=.42", "color": look[one.family], "shrinkA": 4, "shrinkB": 5}
            axes.annotate("", end, start, arrowprops={**arrow, "linewidth": 1.1})
            taken += along(axes, start, end, 60)
    return taken


def _dots(axes: Axes, points: Sequence[Point], look: Look) -> list[Box]:
    """Markers; returns the room they take."""
    for one in points:
        size = 7.5 if one.main else 5.5
        axes.plot(one.params, one.macs, "o", markersize=size, zorder=3, **marked(look, one.family, hollow=bool(one.twin_of)))
    return around(axes, [(one.params, one.macs) for one in points], 10)


def _diamonds(axes: Axes, points: Sequence[Point], claimed: Sequence[Claimed], look: Look) -> list[Box]:
    """What a text claims of one cost, at the other as it is counted, and a line between; returns the room they take."""
    own = {one.name: one for one in points if not one.twin_of}
    taken: list[Box] = []
    for claim, family, place in _claims_placed(points, claimed):
        one = own[claim.network]
        axes.plot([one.params, place[0]], [one.macs, place[1]], color=look[family], linewidth=0.8, linestyle=":")
        axes.plot(*place, "D", markersize=5.5, zorder=3, **marked(look, family, hollow=True))
        taken += [*around(axes, [place]), *along(axes, (one.params, one.macs), place)]
    return taken


def _claims_placed(points: Sequence[Point], claimed: Sequence[Claimed]) -> list[tuple[Claimed, str, tuple[float, float]]]:
    """Each claim with the colour of its network and its place in the map."""
    own = {one.name: one for one in points if not one.twin_of}
    found = []
    for claim in claimed:
        if claim.network in own:
            one = own[claim.network]
            place = (claim.claimed, float(one.macs)) if claim.kind == "params" else (float(one.params), claim.claimed)
            found.append((claim, one.family, place))
    return found


def _labels(points: Sequence[Point], claimed: Sequence[Claimed], look: Look, narrow: bool) -> list[Label]:
    """What the title is about, then the papers' networks, what texts claim, twins and variants, and references."""
    first = next((one.twin_of for one in points if one.twin_of and one.family == "v3"), "")
    order = sorted(points, key=lambda one: (first not in ("", one.name, one.twin_of), _rank(one)))
    quoted = [
        Label(f"\u201c{claim.text}\u201d", *place, look.text(family), size=SMALL, far=True, must=True, quoted=True)
        for claim, family, place in _claims_placed(points, claimed)
    ]
    own = sum(1 for one in order if _rank(one) == 0 or (first and one.twin_of == first))
    labels = [_label(one, look, narrow, hidden=_hidden(one, points)) for one in order]
    return [*labels[:own], *quoted, *labels[own:]]


def _rank(one: Point) -> int:
    """The papers' networks, their twins, variants, references."""
    return 3 if one.family == "ref" else 1 if one.twin_of else 0 if one.main else 2


def _hidden(one: Point, points: Sequence[Point]) -> bool:
    """Whether it lies under the marker of another network, where a line would point at both."""
    return _rank(one) > 1 and any(
        abs(log(one.params / other.params)) < NEAR and abs(log(one.macs / other.macs)) < NEAR
        for other in points
        if other != one and (_rank(other), other.name) < (_rank(one), one.name)
    )


def _label(one: Point, look: Look, narrow: bool, *, hidden: bool) -> Label:
    strong, must = _rank(one) == 0, not hidden and (_rank(one) < 3 or not narrow)
    size = PLAIN if strong and not narrow else SMALL
    return Label(one.name, one.params, one.macs, look.text(one.family), bold=strong, far=not hidden, must=must, size=size)


def _densities() -> list[Slope]:
    """Lines of equal multiply-adds per parameter."""
    return [Slope(density, f"{density} MACs per parameter", str(density)) for density in DENSITIES]
