"""A module as boxes: branches as columns, layers with their taps, and how much each of them costs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from inception_analyzer.cost import Cost, own_cost, total
from inception_analyzer.place import Placed, places
from inception_analyzer.report.quantity import share
from inception_analyzer.report.views.setting import typeset
from inception_analyzer.report.views.shades import COUNTED, TIME, Scale, text_of, texts_of, values_of
from inception_analyzer.shorthand import grid_text, shorthand
from inception_analyzer.spec import Branches, Conv, GlobalPool, Linear, Pair, Pool, Residual
from inception_analyzer.spec import Sequence as Steps

Seconds = Mapping[str, float]  # of what was timed of a network, by path


@dataclass(frozen=True, slots=True)
class Box:
    """One layer: its taps, its name, what it writes, and its cost with the strength of its colour by quantity."""

    taps: str  # `1x7`; empty for what has none
    name: str
    out: str
    note: str  # what kind of layer it is, where it multiplies nothing
    grid: str
    texts: Mapping[str, str]
    shades: Mapping[str, float]
    paid: bool  # whether it multiplies at all
    changed: bool

    @property
    def drawn(self) -> Mapping[str, float]:
        """The shades to show: what multiplies nothing has that of its time alone."""
        return {letter: shade for letter, shade in self.shades.items() if self.paid or letter == TIME}


@dataclass(frozen=True, slots=True)
class Chain:
    """One after the other."""

    steps: tuple[Box | Fork | Sum, ...]


@dataclass(frozen=True, slots=True)
class Arm:
    """A branch: its name in the paper, its share of the module by quantity, its layers, and the channels that it adds."""

    name: str
    shares: Mapping[str, str]
    chain: Chain
    out: int


@dataclass(frozen=True, slots=True)
class Fork:
    """Branches over one input, concatenated."""

    arms: tuple[Arm, ...]


@dataclass(frozen=True, slots=True)
class Sum:
    """What is added to its own input, or to a shortcut of it."""

    body: Chain
    shortcut: Chain | None
    scale: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """A block as it is opened: what it reads and writes, everything in it, and its totals."""

    label: str
    family: str
    twin: bool
    reads: str
    writes: str
    chain: Chain
    texts: Mapping[str, str]
    times: int  # so many equal blocks in a row

    @property
    def along(self) -> bool:
        """Whether it is a plain chain, which is drawn from left to right."""
        return all(isinstance(step, Box) for step in self.chain.steps)


@dataclass(frozen=True, slots=True)
class Pen:
    """What boxes are drawn with: one scale, what is new beside the other network, and the times that were measured."""

    scale: Scale
    changed: frozenset[str]
    seconds: Seconds

    def box(self, placed: Placed) -> Box:
        """A layer, with its own time where it was timed alone; in a block that was timed as a whole, with the block's shade."""
        values = values_of(own_cost(placed))
        own = self.seconds.get(placed.path)
        took = own or self.seconds.get(placed.path.partition(".")[0])
        timed = {TIME: self.scale.shade(TIME, took)} if took else {}
        told = {TIME: text_of(TIME, own)} if own else {}
        paid = isinstance(placed.node, (Conv, Linear))
        return Box(
            taps=_taps(placed),
            name=typeset(_name(placed)),
            out=str(placed.writes.channels) if paid else "",
            note="pool" if isinstance(placed.node, (Pool, GlobalPool)) else "",
            grid=typeset(grid_text(placed.writes.grid)),
            texts=texts_of(values) | told,
            shades=self.scale.shades(values) | timed,
            paid=paid,
            changed=placed.path in self.changed,
        )


def chain(parts: Iterable[Placed], pen: Pen) -> Chain:
    """Places in a row, sequences in them laid open."""
    steps: list[Box | Fork | Sum] = []
    for part in parts:
        match part.node:
            case Steps():
                steps += chain(part.parts, pen).steps
            case Branches():
                steps.append(Fork(tuple(_arm(arm, part, pen) for arm in part.parts)))
            case Residual(scale=scale):
                body, *other = part.parts
                shortcut = chain(other, pen) if other else None
                steps.append(Sum(chain([body], pen), shortcut, f"{scale:g}" if scale != 1 else ""))
            case _:
                steps.append(pen.box(part))
    return Chain(tuple(steps))


def drawing(
    parts: Sequence[Placed], pen: Pen, *, label: str, family: str, twin: bool, seconds: float | None, times: int = 1
) -> Drawing:
    """Blocks in a row as one drawing: a module is one, a stem is several."""
    sums: Counter[str] = Counter()
    for part in parts:
        sums.update(values_of(total(part)))
    timed = {TIME: seconds} if seconds else {}
    return Drawing(
        label=label,
        family=family,
        twin=twin,
        reads=_shape(parts[0].reads.grid, parts[0].reads.channels),
        writes=_shape(parts[-1].writes.grid, parts[-1].writes.channels),
        chain=chain(parts, pen),
        texts=texts_of({**sums, **timed}),
        times=times,
    )


def layers(parts: Iterable[Placed]) -> list[Placed]:
    """The places that hold no others."""
    return [here for part in parts for here in places(part) if not here.parts]


def newcomers(parts: Sequence[Placed], others: Sequence[Placed]) -> frozenset[str]:
    """Paths of the layers that the same branch of the other network does not have."""
    theirs = Counter(map(_key, layers(others)))
    found = set()
    for layer in layers(parts):
        if theirs[_key(layer)]:
            theirs[_key(layer)] -= 1
        else:
            found.add(layer.path)
    return frozenset(found)


def all_taps(chains: Iterable[Chain]) -> dict[str, Pair]:
    """Every kernel in these, by the name of its symbol."""
    boxes = [box for one in chains for box in boxes_in(one)]
    names = dict.fromkeys(box.taps for box in boxes if box.taps)
    return {name: (int(name.partition("x")[0]), int(name.partition("x")[2])) for name in names}


def taps_path(kernel: Pair, side: int = 28) -> str:
    """A kernel drawn as its own taps in a square: one row for 1x7, one column for 7x1."""
    step = min(4.0, side / max(kernel))
    width = 0.75 * step
    top, left = ((side - step * count + step - width) / 2 for count in kernel)
    taps = [(left + step * x, top + step * y) for y in range(kernel[0]) for x in range(kernel[1])]
    return "".join(f"M{x:.4g} {y:.4g}h{width:.3g}v{width:.3g}h-{width:.3g}z" for x, y in taps)


def boxes_in(one: Chain) -> list[Box]:
    """Every layer, in the order of execution."""
    found: list[Box] = []
    for step in one.steps:
        match step:
            case Box():
                found.append(step)
            case Fork(arms=arms):
                found += [box for arm in arms for box in boxes_in(arm.chain)]
            case Sum(body=body, shortcut=shortcut):
                found += boxes_in(body) + (boxes_in(shortcut) if shortcut else [])
    return found


def _arm(arm: Placed, whole: Placed, pen: Pen) -> Arm:
    own, both = total(arm), total(whole)
    shares = {one.letter: _percent(one.of, own, both) for one in COUNTED}
    return Arm(arm.path.rpartition(".")[2], shares, chain([arm], pen), arm.writes.channels)


def _percent(of: Callable[[Cost], int], part: Cost, whole: Cost) -> str:
    return typeset(share(of(part), of(whole)))


def _key(layer: Placed) -> tuple[str, ...]:
    """A layer in its branch: what it does, over how much, and how much it writes."""
    branch = layer.path.split(".")[1:-1]
    return (".".join(branch[:1]), shorthand(layer.node), str(layer.reads), str(layer.writes))


def _taps(placed: Placed) -> str:
    return grid_text(placed.node.kernel) if isinstance(placed.node, (Conv, Pool)) else ""


def _name(placed: Placed) -> str:
    """`3x3 /2`, `3x3 max /2`, `mean`."""
    match placed.node:
        case Conv(groups=groups):
            text = shorthand(placed.node).replace("/", " /")
            return f"{text} in {groups} groups" if groups > 1 else text
        case Pool(kind=kind, kernel=kernel):
            stride = shorthand(placed.node).partition("/")[2]
            return f"{grid_text(kernel)} {kind}" + (f" /{stride}" if stride else "")
        case Linear():
            return "linear"
    return shorthand(placed.node)


def _shape(grid: Pair, channels: int) -> str:
    return typeset(f"{grid_text(grid)} · {channels}") if grid != (1, 1) else str(channels)
