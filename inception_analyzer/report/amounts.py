"""What judges found, as text: each kind of amount in its form, and sentences with their amounts."""

from __future__ import annotations

from typing import assert_never

from inception_analyzer.claims.model import Amount, Kind, Sentence
from inception_analyzer.report.measured import interval_text, ratio_text, time_text
from inception_analyzer.report.quantity import amount as counted_text
from inception_analyzer.report.quantity import bytes_text, ratio
from inception_analyzer.stats import Interval

COMMAND = ": inception-analyze "  # behind it a sentence says what to type
TENTH = 0.1  # from which on a column does without decimals


def amount_text(amount: Amount) -> str:
    """An amount in the form of its kind, with its interval where it was measured."""
    text = _text(amount.value, amount.kind)
    if amount.low is None or amount.high is None:
        return text
    found = Interval(amount.value, amount.low, amount.high)
    return ratio_text(found) if amount.kind == "ratio" else f"{text} {interval_text(found)}"


def sentence_text(sentence: Sentence) -> str:
    """A sentence with its amounts in place."""
    return sentence.words.format(*map(amount_text, sentence.amounts))


def full_sentence(sentence: Sentence) -> str:
    """The same to be quoted alone, with a capital and a stop; names with figures, such as v3, stay small."""
    text = sentence_text(sentence)
    named = any(sign.isdigit() for sign in text.partition(" ")[0])
    return stopped(text if named else text[:1].upper() + text[1:])


def stopped(text: str) -> str:
    """A sentence with its stop, but for one that ends in a command, which would be copied with it."""
    return text if not text or text.endswith((".", "?")) or COMMAND in text else f"{text}."


def _text(value: float, kind: Kind) -> str:
    match kind:
        case "ratio":
            return "1.00x" if value == 1 else ratio(value, 1)
        case "saving":
            return saving_text(value)
        case "less":
            return less_text(value)
        case "share":
            return percent_text(value)
        case "change":
            return "=" if not value else f"{'+' if value > 0 else '-'}{percent_text(abs(value))}"
        case "macs" | "params" | "elements":
            return counted_text(round(value))
        case "count":
            return f"{round(value):,}"
        case "bytes":
            return bytes_text(round(value))
        case "error":
            return f"{value:.2g}"
        case "number":
            return f"{value:.5g}"
        case "seconds":
            return time_text(value)
    assert_never(kind)


def saving_text(value: float) -> str:
    """`saves 28 %`, `costs 8 % more`, `takes 2.80x`: never a negative saving."""
    if not value:
        return "costs the same"
    if value < -1:
        return f"takes {ratio(1 - value, 1)}"
    return f"saves {percent_text(value)}" if value > 0 else f"costs {percent_text(-value)} more"


def less_text(value: float) -> str:
    """`28 % less`, `80 % more`, `2.80x`."""
    if not value or value < -1:
        return ratio(1 - value, 1) if value else "the same"
    size = percent_text(round(abs(value), 2) if abs(value) >= TENTH else abs(value))
    return f"{size} {'less' if value > 0 else 'more'}"


def percent_text(share: float) -> str:
    """`28 %`, `9.8 %`, `0.16 %`, `<0.01 %`: decimals only where they tell something."""
    percent = 100 * share
    if abs(percent - round(percent)) < 0.005 and round(percent):
        return f"{percent:.0f} %"
    if 0 < percent < 0.01:
        return "<0.01 %"
    return f"{percent:.1f} %" if percent >= 1 or not percent else f"{percent:.2f} %"
