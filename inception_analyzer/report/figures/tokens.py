"""The colours of figures: the tokens of the pages, light, dark, and as marks that stand for a page's variables."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

TOKEN = re.compile(r"--([\w-]+):\s*light-dark\(\s*(#[0-9a-fA-F]{3,6})\s*,\s*(#[0-9a-fA-F]{3,6})\s*\)")
MARK = re.compile(r"#f0([0-9a-f]{2})0f")  # of a token by its number; no token has such a colour
FAMILIES = ("v1", "bn", "v2", "v3", "v4", "ir1", "ir2", "ref")


@dataclass(frozen=True, slots=True)
class Look:
    """A set of tokens by name, as colours."""

    name: str
    tokens: Mapping[str, str]

    def __getitem__(self, token: str) -> str:
        return self.tokens[token]

    def text(self, token: str) -> str:
        """The readable variant of a colour, for words."""
        return self.tokens.get(f"{token}-t", self.tokens[token])

    def over(self, token: str, strength: float) -> str:
        """Words on a field of this colour; the same token in light and in dark, so the one that both can read."""
        return self.tokens[_readable(token, strength)]


def _full(color: str) -> str:
    """`#fff` as `#ffffff`."""
    return color.lower() if len(color) == 7 else "#" + "".join(sign * 2 for sign in color[1:].lower())


_FOUND = TOKEN.findall(files("inception_analyzer.report").joinpath("templates", "base.css").read_text(encoding="utf-8"))
NAMES = tuple(dict.fromkeys(name for name, _, _ in _FOUND))
LIGHT = Look("light", {name: _full(light) for name, light, _ in _FOUND})
DARK = Look("dark", {name: _full(dark) for name, _, dark in _FOUND})
PAGE = Look("page", {name: f"#f0{number:02x}0f" for number, name in enumerate(NAMES)})


def family_token(family: str) -> str:
    """The token of a network's family; networks of users are grey as references are."""
    return family if family in FAMILIES else "ref"


def as_variables(text: str) -> str:
    """A drawing in the marks of PAGE with the variables of the page in their place."""
    return MARK.sub(lambda found: f"var(--{NAMES[int(found[1], 16)]})", text)


@cache
def _readable(token: str, strength: float) -> str:
    return max(
        ("ink", "on", "on-mid"), key=lambda words: min(_contrast(look, token, strength, words) for look in (LIGHT, DARK))
    )


def _contrast(look: Look, token: str, strength: float, words: str) -> float:
    pairs = zip(_parts(look[token]), _parts(look["paper"]), strict=True)
    field = _light(tuple(strength * over + (1 - strength) * under for over, under in pairs))
    low, high = sorted((field, _light(_parts(look[words]))))
    return (high + 0.05) / (low + 0.05)


def _parts(color: str) -> tuple[float, ...]:
    return tuple(int(color[at : at + 2], 16) / 255 for at in (1, 3, 5))


def _light(parts: tuple[float, ...]) -> float:
    """Relative luminance of sRGB."""
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
