"""Numbers as text: the only place where anything is rounded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from math import floor, log10

from inception_analyzer.spec import Shape

UNITS = (("T", 10**12), ("G", 10**9), ("M", 10**6), ("K", 10**3), ("", 1))


def unit_of(value: float) -> tuple[str, int]:
    """The decimal unit in which a value has at least one digit before the point."""
    return next(((name, size) for name, size in UNITS if abs(value) >= size), UNITS[-1])


def decimals_for(value: float, digits: int) -> int:
    """Decimals that give a value this many significant digits; none are spent on digits before the point."""
    return max(0, digits - 1 - floor(log10(abs(value)))) if value else 0


def exact(value: int) -> str:
    """`5,713,216,096`."""
    return f"{value:,}"


def amount(value: int, digits: int = 4) -> str:
    """`5.713 G`."""
    return amounts([value], digits)[0]


def amounts(values: Sequence[int], digits: int = 4) -> list[str]:
    """Values of one row in one unit with equal decimals; what differs never looks equal."""
    largest, smallest = max(values, default=0), min((value for value in values if value), default=0)
    name, size = unit_of(largest)
    if smallest and largest / smallest >= 1000:
        return [amounts([value], digits)[0] for value in values]  # no unit suits them all
    decimals = 0 if size == 1 else decimals_for(smallest / size, digits)
    return [f"{text} {name}".rstrip() for text in _telling(values, size, min(decimals, digits - 1))]


def _telling(values: Sequence[int], size: int, decimals: int) -> list[str]:
    """As many decimals as tell the values apart, and never more than make them exact."""
    while True:
        texts = [f"{value / size:,.{decimals}f}" for value in values]
        if len(set(texts)) == len(set(values)) or decimals >= len(str(size)) - 1:
            return texts
        decimals += 1


def in_unit(values: Iterable[int], total: int, digits: int = 4) -> tuple[str, list[str]]:
    """A column of values in the unit of the head, with decimals that give the total this many digits."""
    name, size = ("M", 10**6) if total >= 10**6 else ("K", 10**3) if total >= 10**3 else ("", 1)
    decimals = decimals_for(total / size, digits) if size > 1 else 0
    return name, [f"{value / size:,.{decimals}f}" if value else "" for value in values]


def share(part: int, whole: int) -> str:
    """`41.5 %`; a trace is told from nothing."""
    if not part or not whole:
        return ""
    percent = 100 * part / whole
    if percent < 0.05:
        return "<0.1 %"
    return "99.9 %" if part < whole and percent >= 99.95 else f"{percent:.1f} %"


def ratio(after: float, before: float) -> str:
    """`3.61x`, `12.3x`, `139x`; `=` only when equal, and never 1.00x when not."""
    if after == before:
        return "="
    if not before:
        return ""
    value = after / before
    decimals = decimals_for(value, 2) if value < 0.095 else 2 if value < 9.995 else 1 if value < 99.95 else 0
    while decimals < 9 and float(f"{value:.{decimals}f}") == 1.0:
        decimals += 1
    return f"{value:.{decimals}f}x"


def outcome(after: int, before: int) -> str:
    """`saves 28 %`, `costs 80 % more`; never a negative saving."""
    if after == before:
        return "costs the same"
    percent = 100 * abs(after - before) / before
    if percent > 100:
        return f"takes {ratio(after, before)}"
    text = f"{percent:.0f}" if abs(percent - round(percent)) < 0.05 else f"{percent:.1f}"
    return f"saves {text} %" if after < before else f"costs {text} % more"


def from_to(before: int, after: int) -> tuple[str, str, str]:
    """Two values of a sentence in one unit, and the unit: `5.71`, `10.78`, `G`; what differs never looks equal."""
    texts = amounts([before, after], 3)
    unit = texts[0].partition(" ")[2]
    return texts[0].partition(" ")[0], texts[1].partition(" ")[0], unit


def signed(value: int) -> str:
    """`+3.99 G`, `-12.3 K`; `=` for nothing."""
    if not value:
        return "="
    return f"{'+' if value > 0 else '-'}{three(abs(value))}"


def three(value: int) -> str:
    """A value in a sentence: `5.71 G`, `173 K`."""
    name, size = unit_of(value)
    return f"{value / size:.{decimals_for(value / size, 3)}f} {name}".rstrip() if size > 1 else str(value)


def three_decimals(value: int) -> str:
    """`23.835 M`."""
    name, size = unit_of(value)
    return f"{value / size:.3f} {name}" if size > 1 else str(value)


def listed(names: Sequence[str]) -> str:
    """`v1`, `v1 and v3`, `v1, v3 and v4`."""
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def image_text(shape: Shape) -> str:
    """`299 x 299`."""
    return f"{shape.height} x {shape.width}" + ("" if shape.channels == 3 else f" x {shape.channels}")


def shape_text(shape: Shape) -> str:
    """`35x35x288`; a vector is its length."""
    return str(shape.channels) if shape.grid == (1, 1) else str(shape)


def bytes_text(count: int) -> str:
    """`95.3 MiB`."""
    value = count / 2**20
    return (
        f"{value:,.{decimals_for(value, 3)}f} MiB"
        if value >= 0.1
        else f"{count / 2**10:,.{decimals_for(count / 2**10, 3)}f} KiB"
    )


def minute(moment: str) -> str:
    """`2026-11-20 14:34 UTC` of `2026-11-20T14:34:00+00:00`; what is no moment stays as it is."""
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return moment
    return f"{at:%Y-%m-%d %H:%M} {at.tzname() or ''}".rstrip()


def many(number: int, noun: str, plural: str = "") -> str:
    """`1 network`, `20 networks`."""
    return f"{number} {noun if number == 1 else plural or f'{noun}s'}"
