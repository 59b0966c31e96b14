"""The table of networks and the rulers: what each costs, on one scale."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from inception_analyzer.evidence import Count
from inception_analyzer.outline import CLASSIFIER, STEM, Part
from inception_analyzer.report.compared import Compared
from inception_analyzer.report.quantity import amount, in_unit, ratio, share
from inception_analyzer.report.story import Story
from inception_analyzer.report.views.setting import typeset

REFERENCE = "v1"


@dataclass(frozen=True, slots=True)
class Number:
    """A cell: its text, the value that it is sorted by, and its length in percent of the longest."""

    text: str
    value: float
    length: float = 0.0


@dataclass(frozen=True, slots=True)
class NetworkRow:
    """One network of the table."""

    title: str
    label: str
    family: str
    twin: bool
    year: int
    side: int
    params: Number
    macs: Number
    factor: Number
    density: Number
    depth: int


@dataclass(frozen=True, slots=True)
class Segment:
    """A block on a ruler."""

    macs: int
    told: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stage on a ruler."""

    name: str
    macs: int


@dataclass(frozen=True, slots=True)
class Ruler:
    """A network as a line that is as long as its multiply-adds."""

    label: str
    family: str
    twin: bool
    total: str
    length: float  # percent of the longest
    stretches: tuple[Stretch, ...]
    segments: tuple[Segment, ...]


def everything(story: Story) -> tuple[Compared, ...]:
    """All networks that are told of, and the twins that are opened."""
    named = {one.count.network.label: one for one in story.networks}
    named |= {one.count.network.label: one for pair in story.pairs for one in (pair.left, pair.right)}
    return tuple(named.values())


def table(story: Story) -> tuple[NetworkRow, ...]:
    """Least multiply-adds first."""
    counts = sorted((one.count for one in everything(story)), key=lambda count: count.cost.macs)
    base = next((count for count in counts if count.network.label == REFERENCE), None)
    macs = in_unit([count.cost.macs for count in counts], _most(count.cost.macs for count in counts))[1]
    params = in_unit([count.cost.params for count in counts], _most(count.cost.params for count in counts), 5)[1]
    longest = (_most(count.cost.macs for count in counts), _most(count.cost.params for count in counts))
    return tuple(_row(count, base, (macs[index], params[index]), longest) for index, count in enumerate(counts))


def rulers(story: Story) -> tuple[Ruler, ...]:
    """The networks that are opened block by block, on one scale."""
    named = {one.count.network.label: one for pair in reversed(story.pairs) for one in (pair.left, pair.right)}
    longest = _most(one.count.cost.macs for one in named.values())
    return tuple(_ruler(one, longest) for one in sorted(named.values(), key=lambda one: one.count.cost.macs))


def _most(values: Iterable[int]) -> int:
    return max(values, default=1) or 1


def _row(count: Count, base: Count | None, texts: tuple[str, str], longest: tuple[int, int]) -> NetworkRow:
    network, cost = count.network, count.cost
    passes = network.label.partition("@")[2]
    factor = cost.macs / base.cost.macs if base and base.cost.macs else 0.0
    density = cost.macs / cost.params if cost.params else 0.0
    return NetworkRow(
        title=f"{network.title}, {passes}" if passes else network.title,
        label=network.label,
        family=network.family,
        twin=bool(passes),
        year=network.source.year,
        side=count.input.height,
        macs=Number(texts[0], cost.macs, 100 * cost.macs / longest[0]),
        params=Number(texts[1], cost.params, 100 * cost.params / longest[1]),
        factor=Number(typeset(ratio(factor, 1)) if factor != 1 else "1.00×", factor),
        density=Number(f"{density:,.0f}", density),
        depth=count.depth.layers,
    )


def _ruler(one: Compared, longest: int) -> Ruler:
    network, total = one.count.network, one.count.cost.macs
    stretches = [Stretch(_stretch_name(stage), stage.cost.macs) for stage in one.whole.parts if stage.cost.macs]
    return Ruler(
        label=network.label,
        family=network.family,
        twin="@" in network.label,
        total=typeset(amount(total)),
        length=100 * total / longest,
        stretches=tuple(stretches),
        segments=tuple(_segment(part, total) for stage in one.whole.parts for part in _marked(stage)),
    )


def _stretch_name(stage: Part) -> str:
    return "" if stage.name == CLASSIFIER else typeset(stage.name)


def _marked(stage: Part) -> Sequence[Part]:
    """The blocks of a stage that cost something; the stem is one."""
    parts = (stage,) if stage.name in (STEM, CLASSIFIER) else stage.parts
    return [part for part in parts if part.cost.macs]


def _segment(part: Part, total: int) -> Segment:
    macs = part.cost.macs
    return Segment(macs, typeset(f"{part.name}: {amount(macs, 3)}, {share(macs, total)}"))
