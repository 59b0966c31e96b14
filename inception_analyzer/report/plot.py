"""A claim as a figure: every case with its figure, as PNG or SVG; written whole or not at all."""

from __future__ import annotations

import io
from math import ceil, floor, log2, log10
from pathlib import Path

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import MultipleLocator, NullFormatter

from inception_analyzer.claims.judging import Judged
from inception_analyzer.claims.model import Amount, Condition, Fit, Kind
from inception_analyzer.report.amounts import amount_text, full_sentence
from inception_analyzer.report.lengths import drawn
from inception_analyzer.report.terminal import broken
from inception_analyzer.report.verdicts import LOOKS
from inception_analyzer.report.write import write_bytes

WIDTH, ROW, FRAME = 8.0, 0.34, 1.7  # inches
TITLE_SIGNS = 84
DOTS = 160  # to an inch
EDGE = "#444444"
WIDE = 1000  # times the least ratio: beyond it the small ones would not show
TICKS = 6  # of memory, on powers of two

# Kinds whose ticks bear their unit.
UNITS: tuple[Kind, ...] = ("bytes", "macs", "params", "elements", "share", "change")

# Distinct without colour too: what fits is filled, what does not is hatched, what is open or aside is hollow.
FILLS: dict[Fit, tuple[str, str]] = {
    "exactly": ("#2a9d98", ""),
    "rounded": ("#7cc4c0", ""),
    "not": ("#d59ace", "////"),
    "open": ("none", ".."),
    "aside": ("none", ""),
}
WORDS: dict[Fit, str] = {
    "exactly": "as claimed",
    "rounded": "as claimed once rounded",
    "not": "not as claimed",
    "open": "undecided",
    "aside": "beyond the claim",
}
AXES: dict[Kind, str] = {
    "ratio": "ratio",
    "saving": "what is left of the cost (1 = nothing saved)",
    "less": "what is left of the cost (1 = nothing saved)",
    "share": "share",
    "change": "change",
    "count": "number",
    "macs": "multiply-adds",
    "params": "parameters",
    "elements": "elements",
    "bytes": "bytes",
    "error": "relative difference",
    "number": "value",
    "seconds": "seconds",
}


def draw_claim(judged: Judged, path: Path) -> None:
    """The cases of a claim side by side, under a title that says what was found."""
    buffer = io.BytesIO()
    kind = path.suffix.lower().removeprefix(".")
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": judged.claim.id, "font.size": 9, "hatch.linewidth": 0.6}):
        stamp = {"Date": None} if kind == "svg" else {}  # the same figure is the same file
        figure(judged).savefig(buffer, format=kind, dpi=DOTS, metadata={"Title": judged.claim.statement, **stamp})
    write_bytes(path, buffer.getvalue())


def figure(judged: Judged) -> Figure:
    """One row for each case; claims without cases show their reason alone."""
    groups = _by_kind(judged.finding.conditions)
    rows = [len(group) for _, group in groups] or [1]
    drawing = Figure(figsize=(WIDTH, FRAME + ROW * sum(rows) + 0.7 * (len(rows) - 1)), layout="constrained")
    FigureCanvasAgg(drawing)
    look = LOOKS[judged.finding.verdict]
    title = "\n".join(broken(full_sentence(judged.finding.reason), TITLE_SIGNS))
    drawing.suptitle(title, x=0.01, ha="left", fontsize=11, fontweight="bold")
    plots = drawing.subplots(len(rows), 1, squeeze=False, gridspec_kw={"height_ratios": rows})
    for (kind, group), axes in zip(groups, plots[:, 0], strict=False):
        _bars(axes, kind, group)
    if not groups:
        plots[0, 0].axis("off")
    _legend(drawing, judged.finding.conditions, f"{judged.claim.id}: {look.word}. Built: {judged.claim.built}")
    return drawing


def _by_kind(conditions: tuple[Condition, ...]) -> list[tuple[Kind, list[Condition]]]:
    """Cases that can share an axis, in the order of their first."""
    kinds = dict.fromkeys(condition.value.kind for condition in conditions)
    return [(kind, [one for one in conditions if one.value.kind == kind]) for kind in kinds]


def _legend(drawing: Figure, conditions: tuple[Condition, ...], footnote: str) -> None:
    seen = dict.fromkeys(condition.fit for condition in conditions)
    patches = [Patch(facecolor=FILLS[fit][0], hatch=FILLS[fit][1], edgecolor=EDGE, label=WORDS[fit]) for fit in seen]
    drawing.legend(
        handles=patches,
        loc="outside lower left",
        ncols=max(1, len(patches)),
        frameon=False,
        fontsize=8,
        title=footnote,
        title_fontsize=7,
        alignment="left",
    )


def _spread(kind: Kind, values: list[float]) -> bool:
    """Whether only a logarithmic axis shows all of them."""
    return min(values) > 0 and (kind == "error" or (kind == "ratio" and max(values) > WIDE * min(values)))


def _bars(axes: Axes, kind: Kind, group: list[Condition]) -> None:
    logarithmic = _spread(kind, [one.value.value for one in group])
    left = 10.0 ** (floor(log10(min(one.value.value for one in group))) - 1) if logarithmic else 0.0
    for place, one in enumerate(group):
        color, hatch = FILLS[one.fit]
        length = drawn(one.value)
        axes.barh(place, length - left, left=left, height=0.62, color=color, hatch=hatch, edgecolor=EDGE, linewidth=0.7)
        axes.annotate(f" {amount_text(one.value)}", (length, place), va="center", fontsize=8)
        if one.value.low is not None and one.value.high is not None:
            axes.plot([one.value.low, one.value.high], [place, place], color="#222222", linewidth=1.4)
    if logarithmic:
        axes.set_xscale("log")
        axes.xaxis.set_minor_formatter(NullFormatter())
    elif kind in UNITS:
        if kind == "bytes":
            most = max(one.value.value for one in group)
            axes.xaxis.set_major_locator(MultipleLocator(2.0 ** ceil(log2(most / TICKS))))
        axes.xaxis.set_major_formatter(lambda value, _: amount_text(Amount(value, kind)) if value else "0")
    axes.set_yticks(range(len(group)), [one.when for one in group])
    axes.invert_yaxis()
    axes.margins(x=0.32 if kind == "saving" else 0.22)  # room for what is written behind the longest bar
    axes.set_xlabel(AXES[kind] + (" (logarithmic)" if logarithmic else ""))
    axes.spines[["top", "right"]].set_visible(False)
