"""How strong a colour stands for an amount: one scale for everything in view, for each quantity that a view can show."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from math import floor, log10, sqrt

from inception_analyzer.cost import Cost
from inception_analyzer.report.measured import time_text
from inception_analyzer.report.quantity import three, unit_of
from inception_analyzer.report.views.setting import typeset

LEAST = 0.05  # of the colour, so that the least layer is told from paper
STEPS = (1 / 64, 1 / 12, 1 / 3.5)  # of the most, for a legend

TIME = "t"


@dataclass(frozen=True, slots=True)
class Quantity:
    """What a view can be coloured by: its letter in rules of the page, its word, and what of a cost it is."""

    letter: str
    word: str
    of: Callable[[Cost], int]


COUNTED = (
    Quantity("m", "multiply-adds", lambda cost: cost.macs),
    Quantity("p", "parameters", lambda cost: cost.params),
    Quantity("c", "activations", lambda cost: cost.activations),
)

Values = Mapping[str, float]  # by the letter of the quantity


def values_of(cost: Cost, seconds: float | None = None) -> dict[str, float]:
    """Every quantity of a part; its time where it was measured."""
    return {one.letter: float(one.of(cost)) for one in COUNTED} | ({TIME: seconds} if seconds is not None else {})


def text_of(letter: str, value: float) -> str:
    """A value in the form of its quantity; nothing for none."""
    if not value:
        return ""
    return typeset(time_text(value) if letter == TIME else three(round(value)))


def texts_of(values: Values) -> dict[str, str]:
    """Every quantity as text."""
    return {letter: text_of(letter, value) for letter, value in values.items()}


@dataclass(frozen=True, slots=True)
class Scale:
    """The most that anything in view has of each quantity."""

    most: Values

    def shade(self, letter: str, value: float) -> float:
        """The square root of the share of the most: cost spans orders of magnitude."""
        most = self.most.get(letter, 0.0)
        return max(LEAST, min(1.0, sqrt(value / most))) if value > 0 and most > 0 else 0.0

    def shades(self, values: Values) -> dict[str, float]:
        """The strength of the colour for each quantity."""
        return {letter: self.shade(letter, value) for letter, value in values.items()}

    def legend(self, letter: str) -> list[tuple[str, float]]:
        """Four steps of one quantity, with round numbers below the most."""
        most = self.most.get(letter, 0.0)
        steps = [_round(most * part) for part in STEPS] if most else []
        round_ones = [(_round_text(letter, value), self.shade(letter, value)) for value in steps]
        return [*round_ones, (text_of(letter, most), 1.0)] if most else []


def scale_over(everything: Iterable[Values]) -> Scale:
    """One scale for all of these."""
    most: dict[str, float] = {}
    for values in everything:
        for letter, value in values.items():
            most[letter] = max(value, most.get(letter, 0.0))
    return Scale(most)


def _round(value: float) -> float:
    """The nearest 1, 2 or 5."""
    size = 10.0 ** floor(log10(value))
    return min((step * size for step in (1, 2, 5, 10)), key=lambda near: abs(log10(near / value)))


def _round_text(letter: str, value: float) -> str:
    """`10 M`, without digits that say nothing."""
    if letter == TIME:
        return typeset(f"{1000 * value:g} ms")
    unit, size = unit_of(round(value) or 1)
    return typeset(f"{value / size:g} {unit}".rstrip())
