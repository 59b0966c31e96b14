"""What texts print as a number beside what is counted: only claims whose number and whose count are of one kind."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from math import isclose

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from inception_analyzer.claims.judging import Judged
from inception_analyzer.claims.model import Condition, Kind, Verdict
from inception_analyzer.report.amounts import amount_text
from inception_analyzer.report.figures.canvas import (
    INCH,
    PLAIN,
    Label,
    around,
    is_narrow,
    label_points,
    marked,
    rows_plot,
    sheet,
    text_width,
    words,
)
from inception_analyzer.report.figures.drawing import Drawing, drawing
from inception_analyzer.report.figures.tokens import Look
from inception_analyzer.report.quantity import many
from inception_analyzer.report.story import Story
from inception_analyzer.report.verdicts import LOOKS

NUMBER = re.compile(r"(\d+(?:\.\d+)?) ?(x|G|M|K)?")
KINDS: dict[str, tuple[Kind, ...]] = {"x": ("ratio",), "G": ("macs",), "M": ("params", "macs"), "K": ("params", "macs")}
SIZES = {"x": 1.0, "G": 1e9, "M": 1e6, "K": 1e3}
TOKENS: dict[Verdict, str] = {"does-not-reproduce": "no", "depends": "dep", "holds-rounded": "ok", "holds": "ok"}
NEAR = 0.06  # a number printed with one digit is at most this far from one that rounds to it, and then some


@dataclass(frozen=True, slots=True)
class Printed:
    """A claim with a number, and every case in which it was counted."""

    judged: Judged
    claimed: float
    cases: tuple[Condition, ...]

    @property
    def farthest(self) -> Condition:
        """The case that is least like what is printed, on a logarithmic scale."""
        return max(self.cases, key=lambda case: max(case.value.value / self.claimed, self.claimed / case.value.value))

    @property
    def factors(self) -> list[float]:
        return [case.value.value / self.claimed for case in self.cases]


@dataclass(frozen=True, slots=True)
class Claimed:
    """What a text claims of a network's total, by the network's title."""

    network: str
    kind: Kind
    claimed: float


def printed_of(judged: Sequence[Judged]) -> tuple[Printed, ...]:
    """The claims that print one number which their judge compared with one of its kind, farthest above first."""
    found = [one for one in map(_printed, judged) if one]
    return tuple(sorted(found, key=lambda one: -one.farthest.value.value / one.claimed))


def claimed_totals(story: Story) -> tuple[Claimed, ...]:
    """Claims about the total of one network: the case that was counted is that total to the last unit."""
    found = []
    for one in printed_of(story.judged):
        for network in story.networks:
            totals = {"macs": network.count.cost.macs, "params": network.count.cost.params}
            kinds = {case.value.kind for case in one.cases if totals.get(case.value.kind) == case.value.value}
            found += [Claimed(network.count.network.title, kind, one.claimed) for kind in sorted(kinds)]
    return tuple(dict.fromkeys(found))


def _printed(judged: Judged) -> Printed | None:
    number = NUMBER.fullmatch(judged.claim.claimed)
    if number is None or judged.finding.verdict not in TOKENS:
        return None
    unit = number[2] or ""
    kinds = KINDS.get(unit, ("count",))
    claimed = float(number[1]) * SIZES.get(unit, 1.0)
    cases = tuple(
        case for case in judged.finding.conditions if case.fit in ("exactly", "rounded", "not") and case.value.kind in kinds
    )
    same = claimed > 0 and all(case.value.value > 0 and _same_question(case, claimed) for case in cases)
    return Printed(judged, claimed, cases) if cases and same else None


def _same_question(case: Condition, claimed: float) -> bool:
    """Whether the judge compared these two numbers: what fits is near, and what does not fit is not equal."""
    if case.fit == "not":
        return not isclose(case.value.value, claimed, rel_tol=1e-9)
    return abs(case.value.value / claimed - 1) <= NEAR


def printed_counted(story: Story) -> Drawing | None:
    """The figure, where any claim prints a number that was counted."""
    rows = printed_of(story.judged)
    if not rows:
        return None
    return drawing(
        "printed-counted",
        "claims",
        _title(rows),
        "Counted value / printed value of the claims that print a number, log scale; 1 = as printed",
        "Dot plot. " + " ".join(_told(one) for one in rows),
        partial(_paint, rows),
    )


def _told(one: Printed) -> str:
    word = LOOKS[one.judged.finding.verdict].word
    return f"{one.judged.claim.title}: {one.judged.claim.claimed} is printed, {amount_text(one.farthest.value)} is counted, {word}."


def _title(rows: Sequence[Printed]) -> str:
    off = [one for one in rows if one.judged.finding.verdict == "does-not-reproduce"]
    if not off:
        return f"{many(len(rows), 'printed number').capitalize()} counted again: none is refuted"
    worst = max(off, key=lambda one: abs(_factor(one)))
    verb = "is" if len(off) == 1 else "are"
    return (
        f"{len(off)} of {many(len(rows), 'printed number')} {verb} not what we count; "
        f"furthest off: {worst.judged.claim.claimed} for {amount_text(worst.farthest.value)}"
    )


def _factor(one: Printed) -> float:
    """How far off, above or below alike."""
    factor = one.farthest.value.value / one.claimed
    return max(factor, 1 / factor)


def _paint(rows: Sequence[Printed], look: Look, width: float) -> Figure:
    narrow = is_narrow(width)
    figure = sheet(width, 0.62 + (0.40 if narrow else 0.27) * len(rows))
    longest = max(text_width(figure, one.judged.claim.title) for one in rows) / INCH
    verdicts = max(text_width(figure, _verdict(one)) for one in rows) / INCH
    left, right = (0.16, verdicts + 0.3) if narrow else (longest + 0.3, verdicts + 0.3)
    axes = rows_plot(figure, len(rows), left=left, right=right, top=0.12, bottom=0.36)
    _scale(axes, rows, narrow)
    axes.axvline(1, color=look["rule2"], linewidth=1.2, zorder=1)
    labels = []
    for place, one in enumerate(rows):
        token, farthest = TOKENS[one.judged.finding.verdict], one.farthest.value.value / one.claimed
        axes.plot([1, farthest], [place, place], color=look[token], alpha=0.4, linewidth=2.4)
        for case, factor in zip(one.cases, one.factors, strict=True):
            axes.plot(factor, place, "o", **marked(look, token, hollow=case.fit == "not" and token == "dep"))
        spots = ("E", "W") if farthest >= 1 else ("W", "E")
        text = amount_text(one.farthest.value)
        labels.append(Label(text, farthest, place, look["ink"], bold=True, size=8, spots=spots, away=6))
        up = -11.5 if narrow else 0
        if narrow:
            words(axes, one.judged.claim.title, 0, place, dy=-up, frame="x", size=8)
        else:
            words(axes, one.judged.claim.title, 0, place, dx=-9, frame="x", ha="right")
        words(axes, _verdict(one), 1, place, dx=9, frame="x", color=look[token], size=PLAIN)
    dots = [around(axes, [(factor, place)]) for place, one in enumerate(rows) for factor in one.factors]
    label_points(axes, labels, [box for boxes in dots for box in boxes])
    return figure


def _verdict(one: Printed) -> str:
    seen = LOOKS[one.judged.finding.verdict]
    return f"{seen.sign} {seen.word}"


def _scale(axes: Axes, rows: Sequence[Printed], narrow: bool) -> None:
    factors = [factor for one in rows for factor in (*one.factors, 1.0)]
    axes.set_xscale("log")
    axes.set_xlim(min(factors) / 1.5, max(factors) * 1.5)
    low, high = axes.get_xlim()
    values = [value for value in (0.1, 0.2, 0.5, 0.7, 0.8, 1, 1.25, 1.5, 2, 3, 5, 10, 20, 50) if low <= value <= high]
    while len(values) > (5 if narrow else 8):
        values = [value for value in values if value == 1 or values.index(value) % 2]
    axes.set_xticks(values, [f"{value:g}×" for value in values])
    axes.set_xticks([], minor=True)
