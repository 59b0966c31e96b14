"""The blocks that two networks share, a row for each: amounts, bars, both modules, and the rules that changed them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from inception_analyzer.align import Pairing, blocks, in_runs
from inception_analyzer.outline import Part
from inception_analyzer.report.quantity import in_unit, ratio, share, signed
from inception_analyzer.report.story import Pair
from inception_analyzer.report.views.halves import Half, draw
from inception_analyzer.report.views.modules import Drawing
from inception_analyzer.report.views.setting import typeset
from inception_analyzer.report.views.shades import TIME, Scale, Values
from inception_analyzer.rules import Rule

KINDS = {"reduce": "reduction", "inception": "module"}


@dataclass(frozen=True, slots=True)
class Bar:
    """A solid length, and the hollow one behind it for what the other network takes more or less, in parts of the longest."""

    length: float
    more: float


@dataclass(frozen=True, slots=True)
class Row:
    """One block of both networks, with a text and a bar for each quantity."""

    name: str
    kind: str
    grid: str
    bars: Mapping[str, Bar]
    left: Mapping[str, str]
    right: Mapping[str, str]
    ratios: Mapping[str, str]
    large: frozenset[str]  # the quantities whose ratio is what matters here
    letters: str
    changed: bool
    drawings: tuple[Drawing, ...]


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One rule of a derivation and what it is worth."""

    letter: str
    text: str
    where: str
    macs: str
    part: str
    length: float  # percent
    worth: int  # what it is sorted by


def rows_of(
    left: Half, right: Half, scale: Scale, quantities: Sequence[tuple[str, str]], rules: Sequence[Rule]
) -> tuple[tuple[Row, ...], Row]:
    pairs = in_runs(blocks(left.compared.whole, right.compared.whole))
    whole = Pairing("total", left.compared.whole, right.compared.whole)
    both = [(left.values(pair.left), right.values(pair.right)) for pair in [*pairs, whole]]
    texts = {letter: _columns(letter, both) for letter, _ in quantities}
    rows = [
        _row(pair, both[index], {letter: column[index] for letter, column in texts.items()}, both[:-1])
        for index, pair in enumerate([*pairs, whole])
    ]
    finished = [
        _finished(row, pair, rules, _drawings(pair, left, right, scale)) for row, pair in zip(rows, pairs, strict=False)
    ]
    return tuple(finished), rows[-1]


def rules_of(pair: Pair) -> tuple[RuleRow, ...]:
    """The rules with their shares, which mean something only where all pull the same way."""
    rules = pair.derived.rules if pair.derived else ()
    total = sum(rule.macs for rule in rules)
    one_way = all(rule.macs * total >= 0 for rule in rules)
    return tuple(
        RuleRow(
            rule.letter,
            typeset(rule.text),
            ", ".join(rule.blocks),
            typeset(signed(rule.macs)),
            typeset(share(abs(rule.macs), abs(total))) if one_way else "",
            100 * abs(rule.macs / total) if one_way and total else 0.0,
            rule.macs,
        )
        for rule in rules
    )


def kind_text(part: Part | None) -> str:
    """`module B`, `reduction`: what the paper calls it, in words."""
    kind = part.kind if part else ""
    return KINDS.get(kind, f"module {kind}" if kind and len(kind) < 3 else kind)


def _columns(letter: str, both: Sequence[tuple[Values, Values]]) -> list[tuple[str, str]]:
    """Two columns of one quantity in one unit, that of the totals, which come last."""
    flat = [side.get(letter, 0.0) for pair in both for side in pair]
    if letter == TIME:
        texts = [f"{1000 * value:.3g}" if value else "" for value in flat]
    else:
        texts = in_unit([round(value) for value in flat], round(max(flat[-2:])))[1]
    return list(zip(texts[::2], texts[1::2], strict=True))


def _row(
    pair: Pairing,
    both: tuple[Values, Values],
    texts: Mapping[str, tuple[str, str]],
    everything: Sequence[tuple[Values, Values]],
) -> Row:
    one, other = both
    kind = kind_text(pair.left or pair.right)
    shown = {letter: (ours, "=" if theirs and _same(letter, both) else theirs) for letter, (ours, theirs) in texts.items()}
    ratios = {letter: typeset(ratio(other[letter], one[letter])) for letter in texts if one.get(letter) and other.get(letter)}
    return Row(
        name=pair.name,
        kind="" if kind in pair.name else kind,
        grid=typeset(_grid(pair.left or pair.right)),
        bars={letter: _bar(letter, both, everything) for letter in texts},
        left={letter: ours for letter, (ours, _) in shown.items()},
        right={letter: theirs for letter, (_, theirs) in shown.items()},
        ratios=ratios,
        large=frozenset(letter for letter in ratios if _far(other[letter] / one[letter])),
        letters="",
        changed=pair.changed,
        drawings=(),
    )


def _finished(row: Row, pair: Pairing, rules: Sequence[Rule], drawings: tuple[Drawing, ...]) -> Row:
    names = {pair.name, *(part.name for whole in (pair.left, pair.right) if whole for part in whole.parts)}
    letters = " ".join(rule.letter for rule in rules if names & set(rule.blocks))
    return replace(row, letters=letters, drawings=drawings)


def _drawings(pair: Pairing, left: Half, right: Half, scale: Scale) -> tuple[Drawing, ...]:
    """Both modules, or one where they are the same."""
    ours, theirs = left.of(pair.left), right.of(pair.right)
    sides = [(left, pair.left, ours, theirs), (right, pair.right, theirs, ours)]
    known = [side for side in sides if side[2]]
    return tuple(draw(*side, scale, marked=pair.changed) for side in (known if pair.changed else known[:1]))


def _bar(letter: str, both: tuple[Values, Values], everything: Iterable[tuple[Values, Values]]) -> Bar:
    longest = max((side.get(letter, 0.0) for pair in everything for side in pair), default=0.0) or 1.0
    one, other = (side.get(letter, 0.0) / longest for side in both)
    if not (letter in both[0] and letter in both[1]):
        return Bar(max(one, other), 0.0)
    return Bar(min(one, other), abs(other - one))


def _same(letter: str, both: tuple[Values, Values]) -> bool:
    return letter != TIME and both[0].get(letter) == both[1].get(letter)


def _far(factor: float) -> bool:
    return not 2 / 3 < factor < 3 / 2


def _grid(part: Part | None) -> str:
    if part is None:
        return ""
    if part.reads.grid == part.writes.grid:
        return f"{part.writes.height}x{part.writes.width}"
    return f"{part.reads.height} → {part.writes.height}"
