"""What texts print as a number beside what is counted: only claims whose number and whose count are of one kind."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from math import isclose, log

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from inception_analyzer.claims.judging import Judged
from inception_analyzer.claims.model import Condition, Kind, Verdict
from inception_analyzer.report.amounts import amount_text
from inception_analyzer.report.figures.canvas import (
    INCH,
    SMALL,
    Told,
    halo,
    is_narrow,
    marked,
    name_axes,
    rows_plot,
    sheet,
    text_width,
    ticks_apart,
    words,
)
from inception_analyzer.report.figures.drawing import Drawing, drawing
from inception_analyzer.report.figures.tokens import Look
from inception_analyzer.report.quantity import many
from inception_analyzer.report.story import Story
from inception_analyzer.report.verdicts import LOOKS

# One number; what follows a comma is another, and is not asked for where the first has a unit.
NUMBER = re.compile(r"(\d+(?:\.\d+)?)(?: ?(x|G|M|K)(?:,.*)?)?")
KINDS: dict[str, tuple[Kind, ...]] = {"x": ("ratio",), "G": ("macs",), "M": ("params", "macs"), "K": ("params", "macs")}
SIZES = {"x": 1.0, "G": 1e9, "M": 1e6, "K": 1e3}
TOKENS: dict[Verdict, str] = {"does-not-reproduce": "no", "depends": "dep", "holds-rounded": "ok", "holds": "ok"}
TICKS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 0.7, 1, 1.5, 2, 3, 5, 10, 20, 50, 100)
NEAR = 1 / 3  # 1.5 rounds to 2: no number printed with a digit is further from what it may stand for


@dataclass(frozen=True, slots=True)
class Printed:
    """A claim with a number, the cases that its finding names, and the others in which it was counted."""

    judged: Judged
    claimed: float
    named: tuple[Condition, ...]
    others: tuple[Condition, ...]

    @property
    def first(self) -> Condition:
        """The case that the finding names first, which is what the claim is about."""
        return self.named[0]

    @property
    def text(self) -> str:
        """What was counted in the cases that the finding names: `0.76x, 1.07x`."""
        return ", ".join(dict.fromkeys(amount_text(case.value) for case in self.named))

    def factor(self, case: Condition) -> float:
        """Counted over printed."""
        return case.value.value / self.claimed


@dataclass(frozen=True, slots=True)
class Claimed:
    """What a text claims of a network's total, by the network's title, and the number as it is printed."""

    network: str
    kind: Kind
    claimed: float
    text: str


def printed_of(judged: Sequence[Judged]) -> tuple[Printed, ...]:
    """The claims that print one number which their judge compared with one of its kind, furthest above first."""
    found = [one for one in map(_printed, judged) if one]
    return tuple(sorted(found, key=lambda one: -one.factor(one.first)))


def claimed_totals(story: Story) -> tuple[Claimed, ...]:
    """Claims about the total of one network: the case that was counted is that total to the last unit."""
    found = []
    for one in printed_of(story.judged):
        for network in story.networks:
            totals = {"macs": network.count.cost.macs, "params": network.count.cost.params}
            if totals.get(one.first.value.kind) == one.first.value.value:
                text = one.judged.claim.claimed.partition(",")[0]
                found.append(Claimed(network.count.network.title, one.first.value.kind, one.claimed, text))
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
    return _sorted_out(judged, claimed, cases) if cases and same else None


def _sorted_out(judged: Judged, claimed: float, cases: Sequence[Condition]) -> Printed:
    """Cases whose figures stand in the sentence that is found; where none does, the one that the judge puts first."""
    told = [(amount.value, amount.kind) for amount in judged.finding.found.amounts]
    at = {id(case): told.index(key) for case in cases if (key := (case.value.value, case.value.kind)) in told}
    named = tuple(sorted((case for case in cases if id(case) in at), key=lambda case: at[id(case)])) or (cases[0],)
    return Printed(judged, claimed, named, tuple(case for case in cases if case not in named))


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
        "Counted / printed, log scale; 1 = as printed, faint = other cases; what was counted at the right",
        "Dot plot. " + " ".join(_told(one) for one in rows),
        partial(_paint, rows),
    )


def _told(one: Printed) -> str:
    word = LOOKS[one.judged.finding.verdict].word
    return f"{one.judged.claim.title}: {one.judged.claim.claimed} is printed, {one.text} is counted, {word}."


def _title(rows: Sequence[Printed]) -> str:
    off = [one for one in rows if one.judged.finding.verdict == "does-not-reproduce"]
    if not off:
        return f"{many(len(rows), 'printed number').capitalize()} counted again: none is refuted"
    worst = max(off, key=lambda one: abs(log(one.factor(one.first))))
    verb = "is" if len(off) == 1 else "are"
    counted = f"{worst.judged.claim.title}, counted {worst.text}"
    return f"{len(off)} of {many(len(rows), 'printed number')} {verb} not what we count: {counted}"


def _paint(rows: Sequence[Printed], look: Look, width: float) -> Figure:
    narrow = is_narrow(width)
    figure = sheet(width, 0.5 + (0.42 if narrow else 0.27) * len(rows))
    longest = max(text_width(one.judged.claim.title, SMALL + 1) for one in rows) / INCH
    verdicts = max(text_width(_verdict(one), SMALL + 1) for one in rows)
    counted = max(text_width(one.text, SMALL + 1, "bold") for one in rows)
    columns = (8 + counted, 8 + counted + 10, 8 + counted + 10 + verdicts)  # ends, and where verdicts begin, right of the plot
    sides = (0.16, verdicts / INCH + 0.26) if narrow else (longest + 0.33, columns[2] / INCH + 0.12)
    axes = rows_plot(figure, len(rows), left=sides[0], right=sides[1], top=0.06, bottom=0.38)
    _scale(axes, rows)
    name_axes(axes, look, "counted / printed")
    axes.axvline(1, color=look["rule2"], linewidth=1.2, zorder=1)
    for place, one in enumerate(rows):
        row = place + (0.2 if narrow else 0)
        _dots(axes, look, one, row)
        text, color = one.text, look[TOKENS[one.judged.finding.verdict]]
        told: Told = {"frame": "x", "size": SMALL + 1}
        if narrow:
            halo(words(axes, one.judged.claim.title, 0, row - 0.48, **told))
            words(axes, text, 1, row - 0.48, dx=verdicts + 10, ha="right", weight="bold", **told)
            words(axes, _verdict(one), 1, row, dx=verdicts + 10, ha="right", color=color, **told)
        else:
            words(axes, one.judged.claim.title, 0, row, dx=-8, ha="right", **told)
            words(axes, text, 1, row, dx=columns[0], ha="right", weight="bold", **told)
            words(axes, _verdict(one), 1, row, dx=columns[1], color=color, **told)
    return figure


def _dots(axes: Axes, look: Look, one: Printed, place: float) -> None:
    """The cases that the finding names on their line from one, the others smaller and fainter."""
    token, named = TOKENS[one.judged.finding.verdict], [one.factor(case) for case in one.named]
    axes.plot([min(1, *named), max(1, *named)], [place, place], color=look[token], alpha=0.4, linewidth=2.4)
    for case in one.others:
        axes.plot(one.factor(case), place, "o", color=look[token], markersize=4, alpha=0.45, markeredgewidth=0)
    hollow = one.judged.finding.verdict == "depends"
    for factor in named:
        axes.plot(factor, place, "o", zorder=3, **marked(look, token, hollow=hollow))


def _verdict(one: Printed) -> str:
    seen = LOOKS[one.judged.finding.verdict]
    return f"{seen.sign} {seen.word}"


def _scale(axes: Axes, rows: Sequence[Printed]) -> None:
    factors = [1.0, *(one.factor(case) for one in rows for case in (*one.named, *one.others))]
    axes.set_xscale("log")
    axes.set_xlim(min(factors) / 1.35, max(factors) * 1.35)
    low, high = axes.get_xlim()
    values = [value for value in TICKS if low <= value <= high]
    ticks_apart(axes, values, [f"{value:g}x" for value in values])
