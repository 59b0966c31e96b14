"""How deep a network's colour may get where words stand on it: contrast as the web's guidelines compute it."""

from __future__ import annotations

from functools import cache

from inception_analyzer.report.figures.tokens import DARK, FAMILIES, LIGHT, Look

READABLE = 5.4  # contrast of words with their ground, at least
STEPS = 256  # of strength, as fine as a screen shows

Parts = tuple[float, float, float]

# Linear sRGB to the cone responses of OKLab, and those to OKLab (Ottosson 2020); the others lead back.
TO_CONES = (
    (0.4122214708, 0.5363325363, 0.0514459929),
    (0.2119034982, 0.6806995451, 0.1073969566),
    (0.0883024619, 0.2817188376, 0.6299787005),
)
TO_LAB = (
    (0.2104542553, 0.7936177850, -0.0040720468),
    (1.9779984951, -2.4285922050, 0.4505937099),
    (0.0259040371, 0.7827717662, -0.8086757660),
)
FROM_LAB = (
    (1.0, 0.3963377774, 0.2158037573),
    (1.0, -0.1055613458, -0.0638541728),
    (1.0, -0.0894841775, -1.2914855480),
)
FROM_CONES = (
    (4.0767416621, -3.3077115913, 0.2309699292),
    (-1.2684380046, 2.6097574011, -0.3413193965),
    (-0.0041960863, -0.7034186147, 1.7076147010),
)


@cache
def rules() -> str:
    """For each family the deepest ground that the page's ink can be read on, in light and in dark; shades are shares of it."""
    return "".join(f".n-{one}{{--deep:light-dark({deepest(LIGHT, one)},{deepest(DARK, one)})}}\n" for one in FAMILIES)


def deepest(look: Look, token: str) -> str:
    """The strongest mix of a colour with paper that leaves words readable; all that are weaker do so too."""
    grounds = [mixed(look[token], look["paper"], step / STEPS) for step in range(STEPS + 1)]
    unreadable = (step for step, ground in enumerate(grounds) if contrast(ground, look["ink"]) < READABLE)
    return grounds[next(unreadable, len(grounds)) - 1]


def mixed(over: str, under: str, strength: float) -> str:
    """Two colours as `color-mix(in oklab, ...)` mixes them."""
    pairs = zip(_oklab(over), _oklab(under), strict=True)
    one, two, three = (strength * above + (1 - strength) * below for above, below in pairs)
    return _hexadecimal((one, two, three))


def contrast(one: str, other: str) -> float:
    """From 1 to 21."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(color: str) -> float:
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), _linear(color), strict=True))


def _linear(color: str) -> Parts:
    red, green, blue = (int(color[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return _straight(red), _straight(green), _straight(blue)


def _straight(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def _bent(part: float) -> float:
    return 12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055


def _times(matrix: tuple[Parts, Parts, Parts], parts: Parts) -> Parts:
    one, two, three = (sum(weight * part for weight, part in zip(line, parts, strict=True)) for line in matrix)
    return one, two, three


def _oklab(color: str) -> Parts:
    long, middle, short = _times(TO_CONES, _linear(color))
    return _times(TO_LAB, (long ** (1 / 3), middle ** (1 / 3), short ** (1 / 3)))


def _hexadecimal(lab: Parts) -> str:
    long, middle, short = _times(FROM_LAB, lab)
    parts = _times(FROM_CONES, (long**3, middle**3, short**3))
    return "#" + "".join(f"{round(255 * min(1.0, max(0.0, _bent(max(0.0, part))))):02x}" for part in parts)
