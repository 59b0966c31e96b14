"""How wide words are before anybody draws them, so that none leaves its box."""

from __future__ import annotations

from collections.abc import Sequence

# Advance widths of DejaVu Sans, space to tilde, in thousandths of the size. It is among the widest fonts that a viewer may
# choose, and the one that PNG is drawn with, so what fits in it fits.
FIRST = 32
REGULAR = (
    *(318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337),
    *(636, 636, 636, 636, 636, 636, 636, 636, 636, 636, 337, 337, 838, 838, 838, 531),
    *(1000, 684, 686, 698, 770, 632, 575, 775, 752, 295, 295, 656, 557, 863, 748, 787),
    *(603, 787, 695, 635, 611, 732, 684, 989, 685, 611, 685, 390, 337, 390, 838, 500),
    *(500, 613, 635, 550, 635, 615, 352, 635, 634, 278, 278, 579, 278, 974, 634, 612),
    *(635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636, 337, 636, 838),
)
BOLD = (
    *(348, 456, 521, 838, 696, 1002, 872, 306, 457, 457, 523, 838, 380, 415, 380, 365),
    *(696, 696, 696, 696, 696, 696, 696, 696, 696, 696, 400, 400, 838, 838, 838, 580),
    *(1000, 774, 762, 734, 830, 683, 683, 821, 837, 372, 372, 775, 637, 995, 837, 850),
    *(733, 850, 770, 720, 682, 812, 774, 1103, 771, 724, 725, 457, 365, 457, 838, 500),
    *(500, 675, 716, 593, 716, 678, 435, 716, 712, 343, 343, 665, 343, 1042, 712, 687),
    *(716, 716, 493, 595, 478, 712, 652, 924, 645, 652, 582, 712, 365, 712, 838),
)
OTHERS = {"×": 838, "→": 838, "·": 380, "–": 500, "…": 1000}  # in bold, where they are wider if at all
WIDEST = 1110  # for a sign that is in no table


def width_of(words: str, size: float, *, bold: bool = False) -> float:
    """How far a line of words reaches."""
    table = BOLD if bold else REGULAR
    return size / 1000 * sum(_advance(sign, table) for sign in words)


def _advance(sign: str, table: tuple[int, ...]) -> int:
    place = ord(sign) - FIRST
    return table[place] if 0 <= place < len(table) else OTHERS.get(sign, WIDEST)


def printable(words: str) -> str:
    """Words less what no font and no file can hold."""
    return "".join(sign for sign in words if sign.isprintable())


def fitting(choices: Sequence[str], room: float, size: float, *, bold: bool = False) -> str:
    """The first of these that fits, or nothing."""
    return next((words for words in choices if width_of(words, size, bold=bold) <= room), "")


def cut(words: str, room: float, size: float, *, bold: bool = False) -> str:
    """As much of a line as fits; an ellipsis tells that there was more."""
    if width_of(words, size, bold=bold) <= room:
        return words
    shorter = (f"{words[:length].rstrip()}…" for length in range(len(words) - 1, 0, -1))
    return next((text for text in shorter if width_of(text, size, bold=bold) <= room), "")
