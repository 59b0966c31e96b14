"""Two networks block by block: a row for each block that opens to both modules, or stages side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from inception_analyzer.align import Pairing, alike, blocks, in_runs, stages
from inception_analyzer.cost import own_cost
from inception_analyzer.outline import CLASSIFIER, STEM, Part
from inception_analyzer.place import Placed, place, places
from inception_analyzer.report.compared import Compared
from inception_analyzer.report.quantity import amount, in_unit, ratio, share, signed
from inception_analyzer.report.story import Pair
from inception_analyzer.report.views.modules import Drawing, Pen, drawing, layers, newcomers
from inception_analyzer.report.views.setting import typeset
from inception_analyzer.report.views.shades import COUNTED, TIME, Quantity, Scale, Values, scale_over, text_of, values_of
from inception_analyzer.rules import Rule
from inception_analyzer.timings import Roof

KINDS = {"reduce": "reduction", "inception": "module"}

Seconds = Mapping[str, float]  # of the blocks of one network, by path


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


@dataclass(frozen=True, slots=True)
class Block:
    """A block of one network in a view by stages."""

    name: str
    texts: Mapping[str, str]
    shades: Mapping[str, float]
    drawing: Drawing


@dataclass(frozen=True, slots=True)
class Side:
    """One network's part of a stage, with its share of that network."""

    name: str
    shares: Mapping[str, str]
    blocks: tuple[Block, ...]
    family: str


@dataclass(frozen=True, slots=True)
class Head:
    """One of the two networks: what it is called and its totals."""

    label: str
    family: str
    twin: bool
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class View:
    """Two networks side by side, by rows or by stages, under one scale."""

    left: Head
    right: Head
    quantities: tuple[tuple[str, str], ...]  # letter and word
    legends: Mapping[str, list[tuple[str, float]]]
    units: Mapping[str, str]
    rows: tuple[Row, ...] = ()
    total: Row | None = None
    rules: tuple[RuleRow, ...] = ()
    stages: tuple[tuple[Side | None, Side | None], ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Half:
    """One network while it is laid out: its places by path, and the measured time of its blocks."""

    compared: Compared
    by_path: Mapping[str, Placed]
    seconds: Seconds

    @property
    def label(self) -> str:
        return self.compared.count.network.label

    @property
    def family(self) -> str:
        return self.compared.count.network.family

    @property
    def twin(self) -> bool:
        return "@" in self.label

    def of(self, part: Part | None) -> list[Placed]:
        """The places that a part stands for; of a run of equal blocks, the first."""
        if part is None:
            return []
        if part.path:
            return [self.by_path[part.path]]
        inner = part.parts if part.name in (STEM, CLASSIFIER) else part.parts[:1]
        return [self.by_path[one.path] for one in inner]

    def time(self, part: Part | None) -> float | None:
        """How long a part took; nothing unless all of it was timed."""
        if part is None:
            return None
        paths = [part.path] if part.path else [one.path for one in part.parts]
        known = [self.seconds[path] for path in paths if path in self.seconds]
        return sum(known) if known and (part.path or len(known) == len(paths)) else None

    def values(self, part: Part | None) -> dict[str, float]:
        """Every quantity of a part."""
        return values_of(part.cost, self.time(part)) if part else {}


def view(pair: Pair, roofs: Sequence[Roof] = ()) -> View:
    """A pair as a page shows it: by rows where the networks share their blocks, else by stages."""
    left, right = _half(pair.left, roofs), _half(pair.right, roofs)
    quantities = [(one.letter, one.word) for one in COUNTED]
    quantities += [(TIME, "measured time")] if left.seconds and right.seconds else []
    scale = _scale(left, right)
    rows, total, sides = (), None, ()
    if alike(left.compared.whole, right.compared.whole):
        rows, total = _rows(left, right, scale, quantities, pair.derived.rules if pair.derived else ())
    else:
        sides = _stages(left, right, scale)
    return View(
        left=_head(left),
        right=_head(right),
        quantities=tuple(quantities),
        legends={letter: scale.legend(letter) for letter, _ in quantities},
        units={letter: _unit(letter, left, right) for letter, _ in quantities},
        rows=rows,
        total=total,
        rules=_rules(pair),
        stages=sides,
    )


def _half(compared: Compared, roofs: Sequence[Roof]) -> Half:
    network = compared.count.network
    whole = place(network, compared.count.input)
    timed = next((roof for roof in roofs if roof.expression == network.label), None)
    seconds = {block.path: block.seconds for block in timed.blocks} if timed else {}
    return Half(compared, {here.path: here for here in places(whole)}, seconds)


def _scale(*halves: Half) -> Scale:
    """Over the layers of both; time over their blocks, as it is known for those only."""
    counted: list[Values] = []
    for half in halves:
        tops = [here for path, here in half.by_path.items() if path and "." not in path]
        counted += [values_of(own_cost(layer)) for layer in layers(tops)]
        counted += [{TIME: seconds} for seconds in half.seconds.values()]
    return scale_over(counted)


def _head(half: Half) -> Head:
    cost = half.compared.count.cost
    timed = {TIME: text_of(TIME, sum(half.seconds.values()))} if half.seconds else {}
    counted = {one.letter: typeset(amount(one.of(cost))) for one in COUNTED}
    return Head(half.label, half.family, half.twin, counted | timed)


def _rows(
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


def _columns(letter: str, both: Sequence[tuple[Values, Values]]) -> list[tuple[str, str]]:
    """Two columns of one quantity in one unit, that of the totals, which come last."""
    flat = [side.get(letter, 0.0) for pair in both for side in pair]
    if letter == TIME:
        texts = [f"{1000 * value:.3g}" if value else "" for value in flat]
    else:
        texts = in_unit([round(value) for value in flat], round(max(flat[-2:])))[1]
    return list(zip(texts[::2], texts[1::2], strict=True))


def _unit(letter: str, left: Half, right: Half) -> str:
    if letter == TIME:
        return "ms"
    of = next(one.of for one in COUNTED if one.letter == letter)
    return in_unit([], max(of(left.compared.count.cost), of(right.compared.count.cost)))[0]


def _row(
    pair: Pairing, both: tuple[Values, Values], texts: Mapping[str, tuple[str, str]], everything: Sequence[tuple[Values, Values]]
) -> Row:
    one, other = both
    shown = {letter: (ours, "=" if theirs and _same(letter, both) else theirs) for letter, (ours, theirs) in texts.items()}
    ratios = {letter: typeset(ratio(other[letter], one[letter])) for letter in texts if one.get(letter) and other.get(letter)}
    return Row(
        name=pair.name,
        kind=kind_text(pair.left or pair.right),
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
    return Row(
        row.name, row.kind, row.grid, row.bars, row.left, row.right, row.ratios, row.large, letters, row.changed, drawings
    )


def _drawings(pair: Pairing, left: Half, right: Half, scale: Scale) -> tuple[Drawing, ...]:
    """Both modules, or one where they are the same."""
    ours, theirs = left.of(pair.left), right.of(pair.right)
    sides = [(left, pair.left, ours, theirs), (right, pair.right, theirs, ours)]
    known = [side for side in sides if side[2]]
    return tuple(_drawing(*side, scale, marked=pair.changed) for side in (known if pair.changed else known[:1]))


def _drawing(half: Half, part: Part | None, own: Sequence[Placed], other: Sequence[Placed], scale: Scale, *, marked: bool) -> Drawing:
    assert part is not None
    new = newcomers(own, other) if marked and other else frozenset[str]()
    run = not part.path and part.name not in (STEM, CLASSIFIER)
    pen = Pen(scale, new, half.time(part))
    return drawing(own, pen, label=half.label, family=half.family, twin=half.twin, times=len(part.parts) if run else 1)


def _bar(letter: str, both: tuple[Values, Values], everything: Iterable[tuple[Values, Values]]) -> Bar:
    longest = max((side.get(letter, 0.0) for pair in everything for side in pair), default=0.0) or 1.0
    one, other = (side.get(letter, 0.0) / longest for side in both)
    return Bar(min(one, other), abs(other - one))


def _same(letter: str, both: tuple[Values, Values]) -> bool:
    return letter != TIME and both[0].get(letter) == both[1].get(letter)


def _far(factor: float) -> bool:
    return not 2 / 3 < factor < 3 / 2


def kind_text(part: Part | None) -> str:
    """`module B`, `reduction`: what the paper calls it, in words."""
    kind = part.kind if part else ""
    return KINDS.get(kind, f"module {kind}" if kind and len(kind) < 3 else kind)


def _grid(part: Part | None) -> str:
    if part is None:
        return ""
    if part.reads.grid == part.writes.grid:
        return f"{part.writes.height}x{part.writes.width}"
    return f"{part.reads.height} → {part.writes.height}"


def _rules(pair: Pair) -> tuple[RuleRow, ...]:
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
        )
        for rule in rules
    )


def _stages(left: Half, right: Half, scale: Scale) -> tuple[tuple[Side | None, Side | None], ...]:
    pairs = stages(left.compared.whole, right.compared.whole)
    return tuple((_side(left, pair.left, scale), _side(right, pair.right, scale)) for pair in pairs)


def _side(half: Half, stage: Part | None, scale: Scale) -> Side | None:
    if stage is None:
        return None
    cost, whole = stage.cost, half.compared.count.cost
    shares = {one.letter: _share(one, stage, half) for one in COUNTED if one.of(whole)} if cost else {}
    if half.seconds and (took := half.time(stage)):
        shares[TIME] = typeset(f"{100 * took / sum(half.seconds.values()):.1f} %")
    parts = stage.worth_showing or (stage,)
    return Side(typeset(stage.name), shares, tuple(_block(half, part, scale) for part in parts), half.family)


def _share(one: Quantity, stage: Part, half: Half) -> str:
    return typeset(share(one.of(stage.cost), one.of(half.compared.count.cost)))


def _block(half: Half, part: Part, scale: Scale) -> Block:
    values = half.values(part)
    texts = {letter: text_of(letter, value) for letter, value in values.items()}
    return Block(part.name, texts, scale.shades(values), _drawing(half, part, half.of(part), (), scale, marked=False))
