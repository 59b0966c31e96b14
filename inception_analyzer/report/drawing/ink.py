"""What every fill, line and tone of a picture looks like on white paper; a page gives the same classes its own colours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

from inception_analyzer.report.drawing.picture import Fill, Stroke, Tone

INK, MUTED, RULE, PANEL, PAPER = "#1d2127", "#5d646e", "#9aa0a8", "#f0f0ec", "#ffffff"

# The networks' colours on paper; those of a page follow its theme by the classes n-v1, n-bn ...
FAMILIES = {
    "v1": "#1a55b0",
    "bn": "#3d9a96",
    "v2": "#45600a",
    "v3": "#e06a00",
    "v4": "#9865e0",
    "ir1": "#4f2c0e",
    "ir2": "#ad2f6c",
    "ref": "#7b828c",
}
REFERENCE = "ref"
# Words in a network's colour need more contrast than its marks.
WORDS = {**FAMILIES, "bn": "#23716e", "v3": "#b04a00", "v4": "#7a3fd0", "ref": MUTED}

LIGHTEST = 0.05  # of a shade: what costs something is never white
TURN = 0.62  # the shade from which on a page writes on a box in its other ink
SEGMENT, RIBBON, HOLLOW = 0.36, 0.16, 0.08


@dataclass(frozen=True, slots=True)
class Paint:
    """A fill or line in full: its class for a page, its colours for paper; nothing where it is not drawn."""

    name: str
    fill: str = ""
    stroke: str = ""
    width: float = 1.0
    dashes: tuple[float, float] | None = None


def mixed(color: str, strength: float) -> str:
    """A colour on white paper: 0 is the paper, 1 the colour."""
    parts = (int(color[place : place + 2], 16) for place in (1, 3, 5))
    return "#" + "".join(f"{round(255 + strength * (part - 255)):02x}" for part in parts)


def luminance(color: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """How far two colours stand apart, from 1 to 21 (WCAG 2.2)."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def on_shade(family: str, shade: float) -> str:
    """The ink that reads best on a box."""
    ground = mixed(FAMILIES[family], shade)
    return max((INK, PAPER), key=lambda ink: contrast(ink, ground))


def fill_of(fill: Fill, family: str, shade: float) -> Paint:
    """What a box looks like."""
    color = FAMILIES.get(family, FAMILIES[REFERENCE])
    match fill:
        case "paper":
            return Paint("paper", PAPER)
        case "panel":
            return Paint("io", PANEL)
        case "shade":
            return Paint("b", mixed(color, shade), color)
        case "segment":
            return Paint("seg", mixed(color, SEGMENT))
        case "ribbon":
            return Paint("rb", mixed(color, RIBBON))
        case "solid":
            return Paint("so", color)
        case "hollow":
            return Paint("ho", mixed(color, HOLLOW), color)
        case "free":
            return Paint("pool", PAPER, RULE, dashes=(3, 3))
        case "head":
            return Paint("head", PAPER, RULE, dashes=(1.5, 2.5))
    assert_never(fill)


def stroke_of(stroke: Stroke, family: str) -> Paint:
    """What a line looks like."""
    match stroke:
        case "wire":
            return Paint("w", stroke=RULE)
        case "bypass":
            return Paint("by", stroke=WORDS.get(family, MUTED), width=1.3)
        case "dotted":
            return Paint("w", stroke=RULE, dashes=(1.5, 2.5))
        case "tick":
            return Paint("w", stroke=RULE, width=0.8)
        case "edge":
            return Paint("ed", stroke=FAMILIES.get(family, MUTED), width=1.6)
    assert_never(stroke)


def tone_of(tone: Tone, family: str, shade: float) -> tuple[str, str]:
    """The class and the colour of words."""
    match tone:
        case "ink":
            return "t", INK
        case "muted":
            return "m", MUTED
        case "network":
            return "nt", WORDS.get(family, MUTED)
        case "on-shade":
            return ("hi" if shade > TURN else "lo"), on_shade(family or REFERENCE, shade)
    assert_never(tone)
