"""What a claim is, and what a judge finds: values only; amounts stay numbers until they are printed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from inception_analyzer.inquiry import Evidence, Question

Verdict = Literal["holds", "holds-rounded", "depends", "does-not-reproduce", "undecided", "quoted"]
# How a figure fits what the text says; open: its interval holds both answers; aside: shown, but beyond what is claimed.
Fit = Literal["exactly", "rounded", "not", "open", "aside"]

# What a number is, which decides how it is printed.
Kind = Literal[
    "ratio",  # 0.72x
    "saving",  # 0.28: saves 28 %; -0.08: costs 8 % more
    "less",  # the same for columns, in whole percents from 10 % on: 28 % less, 80 % more
    "share",  # 41.5 %
    "change",  # +4.6 %
    "count",  # 22
    "macs",
    "params",
    "elements",
    "bytes",
    "error",  # a relative difference: 6.1e-16, 0.38
    "number",  # 9.1051, three to five digits
    "seconds",
]


@dataclass(frozen=True, slots=True)
class Amount:
    """A number and what it is; the ends of its interval where it was measured."""

    value: float
    kind: Kind
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """Words with places `{}` for amounts, which are printed at the door."""

    words: str
    amounts: tuple[Amount, ...] = ()


@dataclass(frozen=True, slots=True)
class Condition:
    """One case in which the claim was tried: what was found there, and whether that is what the text says."""

    when: str
    value: Amount
    fit: Fit
    parts: tuple[tuple[str, Amount], ...] = ()  # both sides of a ratio, under the names of their columns


@dataclass(frozen=True, slots=True)
class Finding:
    """A verdict with its grounds. `found` has at most 22 signs for a column of tables, `reason` is one sentence."""

    verdict: Verdict
    found: Sentence
    reason: Sentence
    conditions: tuple[Condition, ...] = ()
    missing: tuple[str, ...] = ()  # the pieces of evidence that would settle it


@dataclass(frozen=True, slots=True)
class Citation:
    """Who says it: a key of `texts.TEXTS`, the place in it, and what it says there in our words."""

    text: str
    place: str
    says: str = ""


Judge = Callable[[Evidence], Finding]
Figures = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class SubCheck:
    """A narrower statement beside a claim, judged on the same evidence; its id is the claim's with `.name` behind it."""

    name: str
    statement: str
    claimed: str
    judge: Judge
    recorded: Verdict


def no_figures() -> Figures:
    """For claims that nothing is counted for."""
    return {}


def no_questions() -> tuple[Question, ...]:
    """For claims that no clock is needed for."""
    return ()


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement about cost: who makes it, what must be built to check it, and the judge of what is found."""

    id: str
    title: str  # at most 36 signs, for tables
    statement: str  # one sentence in our words
    sources: tuple[Citation, ...]
    claimed: str  # as printed there; at most 11 signs
    form: str  # the formula by which it is checked
    built: str  # the networks and kernels that are built
    judge: Judge
    recorded: Verdict  # of counts and identities alone; what differs from it is reported, never corrected
    count: Callable[[], Figures] = no_figures
    needs: tuple[str, ...] = ()  # identities, by the names that the lab gives them; their figures are named `identity.figure`
    asks: Callable[[], tuple[Question, ...]] = no_questions
    checks: tuple[SubCheck, ...] = ()
    holds_when: str = ""  # the condition, in words, where there is one
    see: tuple[str, ...] = ()


def say(words: str, *amounts: Amount) -> Sentence:
    """A sentence with amounts in its places."""
    if words.count("{}") != len(amounts):
        raise ValueError(f"{words!r} has not {len(amounts)} places")
    return Sentence(words, amounts)


def ratio(value: float) -> Amount:
    """`0.72x`."""
    return Amount(value, "ratio")


def saving(after: float, before: float) -> Amount:
    """What is saved by going from one cost to another, as a share of the first; negative where it costs more."""
    return Amount(1 - after / before, "saving")


def span(conditions: Sequence[Condition]) -> Sentence:
    """From the case that saves most to the one that saves least, in the words of a column."""
    savings = [condition.value.value for condition in conditions if condition.fit != "aside"]
    return say("{} to {}", *(Amount(edge(savings), "less") for edge in (max, min)))


def number_of(value: float) -> Amount:
    """So many pieces."""
    return Amount(value, "count")


def to_digits(value: float, digits: int) -> Amount:
    """A figure to as many digits as a text prints, so that a reader sees what it would print for it."""
    return Amount(float(f"{value:.{digits}g}"), "number")


def share(value: float) -> Amount:
    """`41.5 %`."""
    return Amount(value, "share")
