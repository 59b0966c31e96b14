"""Multiply-adds against parameters: every network as a point, twins hollow, and what texts claim as diamonds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from math import atan2, degrees

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox

from inception_analyzer.report.figures.canvas import (
    SMALL,
    Told,
    halo,
    is_narrow,
    marked,
    plot,
    sheet,
    short_amount,
    steps_within,
    words,
)
from inception_analyzer.report.figures.drawing import Drawing, drawing
from inception_analyzer.report.figures.labels import Label, along, around, first_free, label_points
from inception_analyzer.report.figures.printed import Claimed, claimed_totals
from inception_analyzer.report.figures.tokens import Look, family_token
from inception_analyzer.report.quantity import from_to, ratio, three
from inception_analyzer.report.story import Story

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
    diamonds = "; diamond = as a text claims it" if claimed else ""
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
        return f"Factorization took v3 from {before} {unit} to {after} {unit}, and from {params} {million} to {left} {million}"
    most, least = max(own.values(), key=lambda one: one.macs), min(own.values(), key=lambda one: one.macs)
    if most.macs == least.macs:
        return f"{most.name} takes {three(most.macs)} multiply-adds and {three(most.params)} parameters"
    return f"{most.name} takes {ratio(most.macs, least.macs)} the multiply-adds of {least.name}"


def _listed(points: Sequence[Point]) -> str:
    shown = [f"{one.name} {three(one.macs)} and {three(one.params)}" for one in points if one.main or one.twin_of]
    return "; ".join(shown) + "."


def _paint(points: Sequence[Point], claimed: Sequence[Claimed], look: Look, width: float) -> Figure:
    narrow = is_narrow(width)
    figure = sheet(width, 3.4 if narrow else 3.5)
    axes = plot(figure, left=0.5 if narrow else 0.62, right=0.2, top=0.26, bottom=0.38)
    _scales(axes, points, claimed, narrow)
    taken = _dots(axes, points, look) + _diamonds(axes, points, claimed, look)
    taken = label_points(axes, _labels(points, look, narrow), taken)
    _densities(axes, look, taken)
    words(axes, "multiply-adds", 0, 1, dx=-30 if narrow else 0, dy=11, frame="both", color=look["mut"], size=8)
    words(axes, "parameters", 1, 0, dy=-20, frame="both", color=look["mut"], size=8, ha="right")
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


def _dots(axes: Axes, points: Sequence[Point], look: Look) -> list[Bbox]:
    """Markers, twins with a line to the network that they became; returns the room they take."""
    own = {one.name: one for one in points if not one.twin_of}
    taken: list[Bbox] = []
    for one in points:
        if one.twin_of in own:
            start, end = (one.params, one.macs), (own[one.twin_of].params, own[one.twin_of].macs)
            arrow = {"arrowstyle": "-|>,head_width=.22,head_length=.42", "color": look[one.family], "shrinkA": 4, "shrinkB": 5}
            axes.annotate("", end, start, arrowprops={**arrow, "linewidth": 1.1})
            taken += along(axes, start, end)
    for one in points:
        size = 7.5 if one.main else 5.5
        axes.plot(one.params, one.macs, "o", markersize=size, zorder=3, **marked(look, one.family, hollow=bool(one.twin_of)))
    return taken + around(axes, [(one.params, one.macs) for one in points])


def _diamonds(axes: Axes, points: Sequence[Point], claimed: Sequence[Claimed], look: Look) -> list[Bbox]:
    """What a text claims of one cost, at the other as it is counted, and a line between."""
    own = {one.name: one for one in points if not one.twin_of}
    places = []
    for claim in claimed:
        if claim.network in own:
            one = own[claim.network]
            place = (claim.claimed, float(one.macs)) if claim.kind == "params" else (float(one.params), claim.claimed)
            axes.plot([one.params, place[0]], [one.macs, place[1]], color=look[one.family], linewidth=0.8, linestyle=":")
            axes.plot(*place, "D", markersize=5.5, zorder=3, **marked(look, one.family, hollow=True))
            places.append(place)
    return around(axes, places)


def _labels(points: Sequence[Point], look: Look, narrow: bool) -> list[Label]:
    """The papers' networks first, then references, then twins and variants."""
    first = next((one.twin_of for one in points if one.twin_of and one.family == "v3"), "")
    order = sorted(points, key=lambda one: (not one.main, one.family == "ref", one.name != first, not one.twin_of, one.name))
    size = 7.4 if narrow else 8.5
    return [
        Label(
            one.name,
            one.params,
            one.macs,
            look.text(one.family),
            bold=one.main and one.family != "ref",
            far=one.main and one.family != "ref",
            size=size if one.main and one.family != "ref" else SMALL,
        )
        for one in order
        if one.main or one.twin_of or not narrow
    ]


def _densities(axes: Axes, look: Look, taken: list[Bbox]) -> None:
    """Lines of equal multiply-adds per parameter, named where there is room."""
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    corners = [axes.transData.transform(point) for point in ((left, low), (left * 10, low * 10))]
    angle = degrees(atan2(corners[1][1] - corners[0][1], corners[1][0] - corners[0][0]))
    told: Told = {
        "color": look["mut"],
        "size": SMALL,
        "rotation": angle,
        "rotation_mode": "anchor",
        "va": "baseline",
        "zorder": 0.6,
    }
    said = False  # what the numbers are
    for density in DENSITIES:
        start, end = max(left, low / density), min(right, high / density)
        if end < start * 1.5:
            continue
        axes.plot([start, end], [start * density, end * density], color=look["rule2"], linewidth=0.7, dashes=(4, 3), zorder=0.5)
        places = [start * (end / start) ** (share / 25) for share in range(1, 24)]
        for name in (f"{density} MACs per parameter", str(density))[said:]:
            if first_free(axes, (halo(words(axes, name, at, at * density, dy=3.5, **told)) for at in places), taken):
                said |= " " in name
                break
