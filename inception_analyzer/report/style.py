"""One table of meaning for each closed choice: what a network, a verdict or a mark looks like in every medium."""

from __future__ import annotations

# Readable on black and on white; reference networks are grey.
NETWORK_COLORS = {
    "v1": "#4a86e0",
    "bn": "#2a9d98",
    "v2": "#6f9420",
    "v3": "#e07020",
    "v4": "#9a70e8",
    "ir1": "#a9743a",
    "ir2": "#d0508f",
    "ref": "#7b828c",
}

STYLES = {
    "bold": "bold",
    "dim": "dim",
    "italic": "italic",
    "error": "bold red",
    "good": "#3aa57a",
    "bad": "#c05fb0",
    "depends": "#b08820",
    **NETWORK_COLORS,
}

# What stands for each sign on a terminal that has no more than ASCII.
ASCII = {
    "·": "*",
    "→": "->",
    "×": "x",
    "│": "|",
    "├": "|",
    "└": "`",
    "─": "-",
    "━": "=",
    "█": "#",
    "░": "+",
    "≈": "~",
    "✓": "v",
    "✗": "x",
    "◐": "/",
    "²": "^2",
    "−": "-",
    "“": '"',
    "”": '"',
    "…": ".",
    "\u00a0": " ",
}

EIGHTHS = " ▏▎▍▌▋▊▉"


def to_ascii(text: str) -> str:
    """The text for a terminal that has no more than ASCII."""
    return "".join(ASCII.get(sign, sign if sign.isascii() else "?") for sign in text)


def widened(text: str) -> str:
    """The text with those signs in ASCII that grow by it, so that lines can be measured before the others follow."""
    return "".join(ASCII[sign] if len(ASCII.get(sign, "")) > 1 else sign for sign in text)
