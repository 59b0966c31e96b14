"""Random legal networks, small enough to run: each strategy knows what it reads, so that nothing has to be filtered away."""

from __future__ import annotations

from hypothesis import strategies as st

from inception_analyzer.place import place_node
from inception_analyzer.spec import (
    NO_PADS,
    Aux,
    BatchNorm,
    Branches,
    Conv,
    Dropout,
    LocalNorm,
    Named,
    Network,
    Node,
    Pads,
    Pair,
    Pool,
    Recipe,
    Residual,
    Shape,
    Source,
)
from inception_analyzer.words import aux, branches, globalpool, linear, named, residual, same, seq, trunk

KERNELS = ((1, 1), (2, 2), (3, 3), (1, 3), (3, 1), (5, 5))
KEEPING_WINDOWS = ((3, 3), (1, 3), (3, 1))
WORDS = ("conv", "mixed_5", "1x1-", "double3x3", "Pool")
WIDEST = 24  # channels; groups multiply them

Window = tuple[Pair, Pair, Pair]
"""Kernel, stride and the zeros before and after, the same for a convolution and a pool."""


IMAGE = Shape(3, 12, 10)
SOURCE, RECIPE = Source("none", "none", 2026), Recipe("sgd")


def network_of(*steps: Node, image: Shape = IMAGE, recipe: Recipe = RECIPE) -> Network:
    """A network of these steps that no paper describes."""
    return Network("test", "Test", "test", image, trunk(*steps), SOURCE, recipe)


def norms() -> st.SearchStrategy[BatchNorm | None]:
    """None, ours, or another one."""
    return st.sampled_from((None, BatchNorm(), BatchNorm(1e-5, 0.1)))


def acts() -> st.SearchStrategy[str]:
    """Both activations."""
    return st.sampled_from(("relu", "none"))


def sides(low: int, high: int) -> st.SearchStrategy[Pair]:
    """Two small numbers."""
    return st.tuples(st.integers(low, high), st.integers(low, high))


def writes(node: Node, reads: Shape) -> Shape:
    """What a node makes of what it reads."""
    return place_node(node, reads).writes


def fits(grid: Pair, kernel: Pair, pads: Pads) -> bool:
    """Whether at least one window lies on the grid and its zeros."""
    return all(size + sum(zeros) >= k for size, k, zeros in zip(grid, kernel, pads, strict=True))


def square_pads(padding: Pair) -> Pads:
    """The same zeros before and after."""
    return ((padding[0], padding[0]), (padding[1], padding[1]))


@st.composite
def convs(draw: st.DrawFn, reads: Shape, *, keep: bool = False, out: int | None = None, window: Window | None = None) -> Conv:
    """A convolution of any kind; `keep` keeps the grid, `out` and `window` are kept if given."""
    groups = draw(st.sampled_from([g for g in range(1, reads.channels + 1) if reads.channels % g == 0 and (out or g) % g == 0]))
    width = out or groups * draw(st.integers(1, max(1, min(6, WIDEST // groups))))
    if window is not None:
        kernel, stride, pads = window[0], window[1], square_pads(window[2])
    else:
        kernel = draw(st.sampled_from(KERNELS))
        stride = (1, 1) if keep else draw(sides(1, 2))
        pads = draw(keeping_pads(kernel) if keep else paddings(reads.grid, kernel))
    return Conv(width, kernel, stride, pads, groups, draw(st.booleans()), draw(norms()), draw(acts()))


def keeping_pads(kernel: Pair) -> st.SearchStrategy[Pads]:
    """Same, or the same number of zeros shared out otherwise."""
    shares = [st.integers(0, k - 1).map(lambda before, k=k: (before, k - 1 - before)) for k in kernel]
    return st.one_of(st.just(same(kernel)), st.tuples(*shares))


@st.composite
def paddings(draw: st.DrawFn, grid: Pair, kernel: Pair) -> Pads:
    """Same, valid where a window fits, or any zeros on the four sides."""
    choices = [same(kernel), NO_PADS, draw(st.tuples(sides(0, 2), sides(0, 2)))]
    return draw(st.sampled_from([pads for pads in choices if fits(grid, kernel, pads)]))


@st.composite
def pools(draw: st.DrawFn, reads: Shape, *, keep: bool = False, window: Window | None = None) -> Pool:
    """A pool of either kind."""
    kind = draw(st.sampled_from(("max", "avg")))
    counts = kind == "avg" and draw(st.booleans())
    if window is not None:
        return Pool(kind, *window, count_pad=counts)
    if keep:
        kernel = draw(st.sampled_from(KEEPING_WINDOWS))
        return Pool(kind, kernel, (1, 1), (kernel[0] // 2, kernel[1] // 2), draw(st.booleans()), counts)
    kernel = draw(sides(1, 3))
    widest = (kernel[0] // 2, kernel[1] // 2)
    padding = draw(st.sampled_from([p for p in ((0, 0), widest) if fits(reads.grid, kernel, square_pads(p))]))
    return Pool(kind, kernel, draw(sides(1, 2)), padding, draw(st.booleans()), counts)


def localnorms() -> st.SearchStrategy[LocalNorm]:
    """Local response norms, of even windows too."""
    return st.builds(LocalNorm, st.integers(1, 5), st.just(1e-4), st.sampled_from((0.5, 0.75)), st.sampled_from((1.0, 2.0)))


def dropouts() -> st.SearchStrategy[Dropout]:
    """Dropout that keeps some and drops some."""
    return st.builds(Dropout, st.sampled_from((0.2, 0.5, 0.7)))


def plain(reads: Shape) -> st.SearchStrategy[Node]:
    """A layer without weights that writes the shape it reads."""
    return st.one_of(pools(reads, keep=True), localnorms(), dropouts())


def keeping(reads: Shape, depth: int) -> st.SearchStrategy[Node]:
    """A node that keeps the grid."""
    leaves = [convs(reads, keep=True), convs(reads, keep=True), plain(reads)]
    owners = [branching(reads, depth - 1, keep=True), summing(reads, depth - 1, keep=True), naming(reads, depth - 1)]
    return st.one_of(*leaves, *(owners if depth > 0 else []))


@st.composite
def row(draw: st.DrawFn, reads: Shape, depth: int, most: int) -> tuple[list[Node], Shape]:
    """Steps that keep the grid, and what the last one writes."""
    steps: list[Node] = []
    for index in range(draw(st.integers(0, most))):
        step = draw(keeping(reads, depth))
        steps.append(draw(maybe_called(index, step)))
        reads = writes(step, reads)
    return steps, reads


def called(index: int, node: Node) -> st.SearchStrategy[Named]:
    """The node under a name that no other step of its row has."""
    return st.builds(
        lambda word, kind: named(f"{word}{index}_", node, kind=kind), st.sampled_from(WORDS), st.sampled_from(("", "A"))
    )


def maybe_called(index: int, node: Node) -> st.SearchStrategy[Node]:
    """The node, perhaps under a name; what has one already gets one that is its own in the row."""
    return called(index, node) if isinstance(node, Named) else st.one_of(st.just(node), called(index, node))


@st.composite
def naming(draw: st.DrawFn, reads: Shape, depth: int) -> Node:
    """A named row."""
    steps, reached = draw(row(reads, depth, 2))
    return named("block", *steps, draw(convs(reached, keep=True)), kind=draw(st.sampled_from(("", "B"))))


@st.composite
def windows(draw: st.DrawFn, grid: Pair) -> Window:
    """A window for all arms alike."""
    choices: list[Window] = [
        ((3, 3), (2, 2), (0, 0)),
        ((3, 3), (2, 2), (1, 1)),
        ((2, 2), (2, 2), (0, 0)),
        ((1, 3), (1, 2), (0, 1)),
        ((1, 1), (2, 1), (0, 0)),
    ]
    return draw(st.sampled_from([w for w in choices if fits(grid, w[0], square_pads(w[2]))]))


@st.composite
def branching(draw: st.DrawFn, reads: Shape, depth: int, *, keep: bool = False) -> Branches:
    """Two or three arms that end on one grid: that which they read, one made by one window, or a single cell."""
    ending = "keep" if keep else draw(st.sampled_from(("keep", "window", "window", "global")))
    window = draw(windows(reads.grid)) if ending == "window" else None
    arms: list[Node] = []
    for index in range(draw(st.integers(2, 3))):
        steps, reached = draw(row(reads, depth, 2))
        last = globalpool() if ending == "global" else draw(arm_end(reached, window))
        arm = seq(*steps, last)
        arms.append(draw(maybe_called(index, arm)))
    return branches(*arms)


def arm_end(reads: Shape, window: Window | None) -> st.SearchStrategy[Node]:
    """A convolution or a pool, over the window of all arms if there is one."""
    keep = window is None
    return st.one_of(convs(reads, keep=keep, window=window), pools(reads, keep=keep, window=window))


@st.composite
def summing(draw: st.DrawFn, reads: Shape, depth: int, *, keep: bool = False) -> Residual:
    """A residual over what it reads or over a projection; sometimes without a weight in its body."""
    kind = draw(st.sampled_from(("identity", "weightless", "projected")))
    shortcut = None
    if kind == "weightless":
        body = draw(plain(reads))
    else:
        steps, reached = draw(row(reads, depth, 2))
        window = None if keep or kind == "identity" else draw(windows(reads.grid))
        width = reads.channels if kind == "identity" else draw(st.integers(1, 8))
        body = seq(*steps, draw(convs(reached, keep=window is None, out=width, window=window)))
        if kind == "projected":
            shortcut = draw(convs(reads, keep=window is None, out=width, window=window))
    scale = draw(st.sampled_from((1.0, 0.17, -2.0)))
    return residual(body, shortcut=shortcut, scale=scale, norm=draw(norms()), act=draw(acts()))


def steps_of(reads: Shape, depth: int) -> st.SearchStrategy[Node]:
    """Anything that may stand on the trunk before its end."""
    moving = [convs(reads), pools(reads), branching(reads, depth), summing(reads, depth)]
    return st.one_of(*moving, keeping(reads, depth))


@st.composite
def ends(draw: st.DrawFn) -> list[Node]:
    """How a trunk or a head ends: logits in any of the papers' manners, or none."""
    logits = linear(draw(st.integers(1, 6)))
    hidden = linear(draw(st.integers(1, 6)), act=draw(acts()))
    choices: list[list[Node]] = [
        [],
        [logits],
        [globalpool(), logits],
        [globalpool(), draw(dropouts()), logits],
        [hidden, draw(dropouts()), logits],
        [hidden, draw(localnorms()), Conv(4, (1, 1)), logits],
        [Conv(4, (1, 1), act=draw(acts())), globalpool()],
    ]
    return draw(st.sampled_from(choices))


@st.composite
def heads(draw: st.DrawFn, index: int, reads: Shape) -> Aux:
    """An auxiliary classifier over what the trunk carries here."""
    steps, _ = draw(row(reads, 0, 1))
    return aux(f"aux{index}", *steps, *(draw(ends()) or [linear(2)]), weight=draw(st.sampled_from((0.3, 0.4))))


@st.composite
def networks(draw: st.DrawFn, *, with_heads: bool = True) -> Network:
    """A whole network over an image that is not square."""
    height, width = draw(st.tuples(st.integers(8, 20), st.integers(8, 20)).filter(lambda grid: grid[0] != grid[1]))
    image = reads = Shape(3, height, width)
    steps: list[Node] = []
    for index in range(draw(st.integers(1, 4))):
        step = draw(steps_of(reads, 2))
        steps.append(draw(maybe_called(index, step)))
        reads = writes(step, reads)
        if with_heads and draw(st.integers(0, 3)) == 0:
            steps.append(draw(heads(index, reads)))
    return network_of(*steps, *(draw(ends()) or [globalpool()]), image=image)
