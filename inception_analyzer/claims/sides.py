"""Claims on the side of a kernel: two 2x2 for a 3x3, and a 1xn and an nx1 for an nxn as n grows."""

from __future__ import annotations

from itertools import pairwise

from inception_analyzer.claims import swaps
from inception_analyzer.claims.counted import at, block_network, chain, cost, through
from inception_analyzer.claims.judging import of, true
from inception_analyzer.claims.model import (
    Amount,
    Citation,
    Claim,
    Condition,
    Figures,
    Finding,
    SubCheck,
    say,
    span,
)
from inception_analyzer.claims.swaps import (
    LONG_PAIR,
    PAIR_2X2,
    ROW_COLUMN,
    Swap,
    both,
    padded,
    saved,
    shown,
    sides,
    tried,
    unpadded,
    wide,
    widths_told,
)
from inception_analyzer.cost import total
from inception_analyzer.inquiry import Evidence, Question
from inception_analyzer.place import Placed, place_node
from inception_analyzer.spec import Shape
from inception_analyzer.words import conv, seq

GRIDS = (35, 17, 8)
LINES = {side: Swap(f"{side}x{side}", f"1x{side},{side}x1") for side in (2, 3, 5, 7)}
CLAIMED_SIDES = (3, 5, 7)
SMALL = 8

# The 17x17 modules of v3 whose pairs are undone: the narrowest, one of the two in the middle, the widest.
V3_MODULES = ("mixed_6b", "mixed_6c", "mixed_6e")
LAST_PAIRS = (V3_MODULES[-1], V3_MODULES[0])


def _twos() -> Figures:
    """Padded on one side of each, unpadded, and padded on all sides, by which each layer grows the map."""
    figures: dict[str, float] = padded("padded", PAIR_2X2) | padded("row and column", ROW_COLUMN)
    for grid in GRIDS:
        figures |= unpadded(f"unpadded {grid}", PAIR_2X2, grid=grid)
        grown = _grown(grid)
        figures |= both(f"grown {grid}", chain("3x3", "64", grid).same.macs, total(grown).macs)
    return figures | {"written side": _grown(GRIDS[0]).writes.height}


def _grown(grid: int) -> Placed:
    """Two 2x2 as a framework pads them that knows only one number for all sides."""
    two = conv(64, 2, padding=1, norm=None, act="none")
    return place_node(seq(two, two), Shape(64, grid, grid))


def _judge_twos(evidence: Evidence) -> Finding:
    conditions = [tried(evidence, "padded", PAIR_2X2, "35x35, padded on one side of each", 0.11, 2)]
    conditions += [tried(evidence, f"unpadded {grid}", PAIR_2X2, f"{grid}x{grid}, unpadded", 0.11, 2) for grid in GRIDS]
    conditions += [tried(evidence, f"grown {grid}", PAIR_2X2, f"{grid}x{grid}, padding 1 all round", 0.11, 2) for grid in GRIDS]
    side = Amount(evidence["written side"], "count")
    kept, last = conditions[0].value, conditions[-1].value
    reason = say("it {} if each is padded on one side; padded all round it makes 35 pixels {} and at 8x8 {}", kept, side, last)
    grown = Condition("pixels written from 35, padding 1", side, "aside")
    return Finding(of(conditions), span(conditions), reason, (*conditions, grown))


def _judge_better(evidence: Evidence) -> Finding:
    """At equal widths, both padded so that the grid stays."""
    two, row = saved(evidence, "padded"), saved(evidence, "row and column")
    conditions = (
        Condition("1x3 + 3x1", row, true(row.value > two.value), sides(evidence, "row and column", ROW_COLUMN)),
        shown(evidence, "padded", PAIR_2X2, "2x2 + 2x2"),
    )
    reason = say("a 1x3 with its 3x1 {} where a pair of 2x2 {}", row, two)
    return Finding(of(conditions), say("{}", row), reason, conditions)


def _timed_twos() -> tuple[Question, ...]:
    return (swaps.timed(PAIR_2X2, 35), swaps.timed(PAIR_2X2, 8))


def _lines() -> Figures:
    """Constant widths, v3's own pairs, small maps without padding, and the modules of v3 with their 7x7 put back."""
    figures: dict[str, float] = {}
    for side, swap in LINES.items():
        figures |= padded(f"side {side}", swap, grid=17)
        figures |= unpadded(f"unpadded {side}", swap, grid=SMALL)
    for module in V3_MODULES:
        figures |= both(module, total(at("v3@asymmetric", module)).macs, total(at("v3", module)).macs)
    for module in LAST_PAIRS:
        pairs, whole = (at(name, f"{module}.double7x7").parts for name in ("v3", "v3@asymmetric"))
        figures |= both(f"{module} last", total(whole[-1]).macs, sum(total(part).macs for part in pairs[-2:]))
        figures |= wide(f"{module} last", through(*pairs[-2:]))
    return figures | both("v3", cost("v3@asymmetric").macs, cost("v3").macs)


def _judge_lines(evidence: Evidence) -> Finding:
    """1 - 2/n, which grows with n; a pair that widens saves more, one on a small unpadded map less."""
    conditions = [_line(evidence, f"side {side}", side, f"n = {side}, equal widths") for side in CLAIMED_SIDES]
    conditions += [_last_pair(evidence, module) for module in LAST_PAIRS]
    conditions += [_line(evidence, f"unpadded {side}", side, f"n = {side}, 8x8 unpadded") for side in CLAIMED_SIDES]
    asides = [
        shown(evidence, module, LONG_PAIR, f"v3 {module.removeprefix('mixed_')}, all of the module") for module in V3_MODULES
    ]
    asides += [shown(evidence, "v3", LONG_PAIR, "all of v3"), shown(evidence, "side 2", LINES[2], "n = 2, equal widths")]
    three, seven, whole = saved(evidence, "side 3"), saved(evidence, "side 7"), saved(evidence, "v3")
    reason = say("for a 3x3 it {}, for a 7x7 it {}, and in all of v3 it {}", three, seven, whole)
    return Finding(of(conditions), say("{} at n = 7", seven), reason, (*conditions, *asides))


def _last_pair(evidence: Evidence, module: str) -> Condition:
    key = f"{module} last"
    when = f"v3 {module.removeprefix('mixed_')}'s last pair, {widths_told(evidence, key)}"
    return _line(evidence, key, 7, when)


def _line(evidence: Evidence, key: str, side: int, when: str) -> Condition:
    return tried(evidence, key, LINES[side], when, 1 - 2 / side)


def _judge_growing(evidence: Evidence) -> Finding:
    """Each side against the one before it, on both kinds of map."""
    conditions = []
    for told, key in (("padded", "side"), ("8x8 unpadded", "unpadded")):
        for less, more in pairwise(LINES):
            before, after = saved(evidence, f"{key} {less}"), saved(evidence, f"{key} {more}")
            parts = ((f"n = {less}", before), (f"n = {more}", after))
            conditions.append(Condition(f"n = {more}, {told}", after, true(after.value > before.value), parts))
    last, small, smaller = conditions[len(LINES) - 2].value, conditions[-1].value, conditions[-2].value
    reason = say("padded it grows up to n = 7, which {}; unpadded at 8x8 n = 5 {} and n = 7 {}", last, smaller, small)
    return Finding(of(conditions), say("{} at n = 7", last), reason, tuple(conditions))


def _timed_lines() -> tuple[Question, ...]:
    """A 17x17 module of v3 as deployed against its 7x7 put back, for one image and for eight."""
    ends = block_network("v3@asymmetric", V3_MODULES[-1]), block_network("v3", V3_MODULES[-1])
    return tuple(Question(f"v3 6e, batch {batch}", *ends, batch=batch) for batch in (1, 8))


TWOS = Claim(
    id="two-2x2-save-11",
    title="two 2x2 for a 3x3 save 11 %",
    statement="Two 2x2 in place of a 3x3 save only 11 %.",
    sources=(
        Citation("P3", "section 3.2", "two 2x2 represent an 11 % saving only; asymmetric pairs do better"),
        Citation("001", "3.3.2", "11 %"),
        Citation("003", "Asymmetric convolutions", "asks whether 2x2 or nx1"),
    ),
    claimed="11 %",
    form="(4 + 4) / 9 at equal widths, where both keep the grid",
    built="two 2x2 and a 3x3 of 64 channels, padded in three ways on 35x35, 17x17 and 8x8",
    count=_twos,
    judge=_judge_twos,
    recorded="depends",
    asks=_timed_twos,
    checks=(SubCheck("asymmetric", "A 1x3 and a 3x1 do better than two 2x2.", "better", _judge_better, "holds"),),
    holds_when="the first is padded above and left, the second below and right",
    see=("asym-3x3-save-33", "stacked-receptive-field"),
)
GROWS = Claim(
    id="asym-nxn-saving-grows",
    title="1xn and nx1 save more the larger n",
    statement="A 1xn and an nx1 in place of an nxn take 2/n of its cost, so that the saving grows with n.",
    sources=(
        Citation("P3", "section 3.2", "the saving increases dramatically with n; 7 is used on 17x17"),
        Citation("001", "3.3.2, 4.2", "extends to n x n, 7x7 on 17x17"),
        Citation("003", "Asymmetric convolutions", "1xn and nx1 for an nxn"),
    ),
    claimed="1 - 2/n",
    form="(n · in · m + n · m · out) / (n n · in · out); 2/n at in = m = out",
    built="n = 2, 3, 5, 7 at 64 channels; v3 and its 17x17 modules with their 7x7 put back",
    count=_lines,
    judge=_judge_lines,
    recorded="depends",
    asks=_timed_lines,
    checks=(SubCheck("grows", "The saving grows with n.", "grows", _judge_growing, "depends"),),
    holds_when="in, middle and out have the same width, and padding keeps the grid",
    see=("asym-3x3-save-33", "factorized-7x7-raises-cost", "factorized-latency-by-grid"),
)
CLAIMS = (TWOS, GROWS)
