"""What each verdict looks like in every medium: its word, sign and style, its place in a list, and how it is counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from inception_analyzer.claims.model import Fit, Verdict


@dataclass(frozen=True, slots=True)
class Look:
    """One verdict: its sign, its word, the word behind a number (one, several), its style and its colour in figures."""

    sign: str
    word: str
    one: str
    several: str
    style: str


# In the order in which verdicts are listed: what readers should see first goes first.
LOOKS: dict[Verdict, Look] = {
    "does-not-reproduce": Look("✗", "does not reproduce", "does not reproduce", "do not reproduce", "bad"),
    "depends": Look("◐", "depends", "depends", "depend", "depends"),
    "undecided": Look("?", "undecided", "undecided", "undecided", "dim"),
    "holds-rounded": Look("≈", "holds rounded", "holds rounded", "hold rounded", "good"),
    "holds": Look("✓", "holds", "holds", "hold", "good"),
    "quoted": Look("”", "quoted", "quoted", "quoted", "italic"),
}

# A single case of a claim beside what is claimed.
FITS: dict[Fit, tuple[str, str]] = {
    "exactly": ("✓", "good"),
    "rounded": ("≈", "good"),
    "not": ("✗", "bad"),
    "open": ("?", "dim"),
    "aside": ("", "dim"),
}

SPOKEN: tuple[Verdict, ...] = ("holds", "holds-rounded", "depends", "does-not-reproduce", "undecided", "quoted")


def tally(verdicts: Iterable[Verdict]) -> dict[Verdict, int]:
    """How many of each, in the order in which they are spoken of."""
    seen = Counter(verdicts)
    return {verdict: seen[verdict] for verdict in SPOKEN if seen[verdict]}


def tally_text(verdicts: Iterable[Verdict]) -> str:
    """`58 claims: 15 hold, 1 holds rounded, 20 depend.`"""
    counts = tally(verdicts)
    total = sum(counts.values())
    if not total:
        return "No claim is judged so."
    told = [f"{number} {LOOKS[one].one if number == 1 else LOOKS[one].several}" for one, number in counts.items()]
    return f"{total} {'claim' if total == 1 else 'claims'}: {', '.join(told)}."
