"""Shapes: those that torch makes of the same network, and what is said where a network is not legal."""

from __future__ import annotations

from itertools import product

import pytest
import torch
from hypothesis import given
from strategies import network_of, networks
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from inception_analyzer.errors import SpecError
from inception_analyzer.lab.build import build, image_batch
from inception_analyzer.lab.modules import Net
from inception_analyzer.networks import network, network_names
from inception_analyzer.place import Placed, fold, place, place_node, trains
from inception_analyzer.spec import (
    Aux,
    Branches,
    Conv,
    Dropout,
    LocalNorm,
    Named,
    Network,
    Node,
    Pool,
    Residual,
    Sequence,
    Shape,
)
from inception_analyzer.words import (
    aux,
    avgpool,
    branches,
    conv,
    dropout,
    globalpool,
    linear,
    localnorm,
    maxpool,
    named,
    residual,
    seq,
    trunk,
)

Seen = tuple[tuple[int, ...], bool]
"""The shape of a tensor, and whether training sends it a gradient."""


def placed_layers(placed: Placed) -> list[Placed]:
    """Every place that has a module of its own."""
    inner = [place for part in placed.parts for place in placed_layers(part)]
    return inner if isinstance(placed.node, Aux) or not placed.path else [placed, *inner]


def seen_by_torch(net: Net, images: Tensor) -> tuple[dict[str, Seen], dict[str, Seen]]:
    """What each module reads and writes in a forward pass."""
    reads: dict[str, Seen] = {}
    writes: dict[str, Seen] = {}

    def watch(path: str, module: nn.Module) -> None:
        def see(_module: nn.Module, given: tuple[Tensor, ...], out: Tensor) -> None:
            reads[path] = (tuple(given[0].shape[1:]), given[0].requires_grad)
            writes[path] = (tuple(out.shape[1:]), out.requires_grad)

        module.register_forward_hook(see)

    for path, module in net.named_modules():
        if path:
            watch(path, module)
    net(images)
    return reads, writes


def assert_as_torch(network: Network) -> None:
    net = build(network, aux=True, device="meta")
    reads, writes = seen_by_torch(net, image_batch(network, 2, device="meta"))
    layers = placed_layers(place(network, aux=True))
    assert {layer.path: (dimensions(layer.reads), layer.fed) for layer in layers} == {x.path: reads[x.path] for x in layers}
    assert {layer.path: (dimensions(layer.writes), trains(layer)) for layer in layers} == {
        x.path: writes[x.path] for x in layers
    }


def dimensions(shape: Shape) -> tuple[int, int, int]:
    return (shape.channels, shape.height, shape.width)


@given(networks())
def test_every_place_reads_and_writes_what_its_module_does(network: Network) -> None:
    assert_as_torch(network)


@pytest.mark.parametrize("name", network_names())
def test_published_networks_have_torchs_shapes(name: str) -> None:
    assert_as_torch(network(name))


@given(networks())
def test_heads_change_nothing_on_the_trunk(network: Network) -> None:
    def off_heads(placed: Placed) -> list[Placed]:
        return [] if isinstance(placed.node, Aux) else [placed, *(inner for part in placed.parts for inner in off_heads(part))]

    without, with_heads = off_heads(place(network)), off_heads(place(network, aux=True))
    assert [(p.path, p.reads, p.writes, p.fed) for p in without] == [(p.path, p.reads, p.writes, p.fed) for p in with_heads]


def test_heads_are_placed_only_when_asked_for() -> None:
    (_, head, _) = place(network_of(conv(4, 3), aux("aux", linear(2), weight=0.3), linear(2))).parts
    assert head.parts == ()
    assert head.reads == head.writes


def test_an_image_of_another_size_is_placed_instead() -> None:
    small = place(network("inception-v3"), Shape(3, 151, 151))
    assert small.reads == Shape(3, 151, 151)
    assert small.parts[-1].reads == Shape(2048, 1, 1)
    assert next(part for part in small.parts if part.path == "mixed_5b").reads == Shape(192, 16, 16)


def test_the_kind_of_a_name_survives_its_inner_names() -> None:
    inner = named("inner", conv(4, 3), kind="B")
    placed = place(network_of(named("outer", inner), named("other", inner, kind="A"), linear(2)))
    assert [part.kind for part in placed.parts] == ["B", "A", ""]


def test_a_fold_combines_parts_in_the_order_of_execution() -> None:
    placed = place(network_of(conv(4, 3), residual(conv(4, 1), shortcut=conv(4, 1)), linear(2)))
    paths = fold(placed, lambda here, parts: [here.path, *(path for part in parts for path in part)])
    assert paths == ["", "0", "1", "1.body", "1.shortcut", "2"]


def test_pools_have_torchs_windows() -> None:
    """All sizes, kernels, strides, paddings and both rules for the last window, as far as torch allows them."""
    odd: list[tuple[Pool, int]] = []
    for size, kernel, stride, ceil in product(range(1, 14), range(1, 6), range(1, 5), (False, True)):
        for padding in range(kernel // 2 + 1):
            pool = Pool("max", (kernel, 1), (stride, 1), (padding, 0), ceil)
            if windows_by_torch(pool, size) != windows_by_place(pool, size):
                odd.append((pool, size))
    assert not odd


def windows_by_torch(pool: Pool, size: int) -> int | None:
    try:
        out = F.max_pool2d(
            torch.empty(1, 1, size, 1, device="meta"), pool.kernel, pool.stride, pool.padding, ceil_mode=pool.ceil
        )
    except RuntimeError:
        return None
    return out.shape[2]


def windows_by_place(pool: Pool, size: int) -> int | None:
    try:
        return place_node(pool, Shape(1, size, 1)).writes.height
    except SpecError:
        return None


def test_convolutions_have_torchs_windows() -> None:
    odd: list[tuple[Conv, int]] = []
    for size, kernel, stride, above, below in product(range(1, 10), range(1, 6), range(1, 4), range(3), range(3)):
        node = Conv(1, (kernel, 1), (stride, 1), ((above, below), (0, 0)))
        padded = torch.empty(1, 1, size + above + below, 1, device="meta")
        fits = padded.shape[2] >= kernel
        writes = F.conv2d(padded, torch.empty(1, 1, kernel, 1, device="meta"), stride=(stride, 1)).shape[2] if fits else None
        try:
            placed = place_node(node, Shape(1, size, 1)).writes.height
        except SpecError:
            placed = None
        if placed != writes:
            odd.append((node, size))
    assert not odd


WRONG: list[tuple[str, Node, str, str]] = [
    ("window", conv(4, 11, padding="valid"), "1", "a 11x11 window does not fit on a grid of 8x6"),
    ("window in one direction", conv(4, (1, 7), padding="valid"), "1", "a 1x7 window does not fit on a grid of 8x6"),
    ("pool window", maxpool(7, 1), "1", "a 7x7 window does not fit on a grid of 8x6"),
    ("zero channels", conv(0, 1), "1", "a convolution needs at least one output channel, not 0"),
    ("zero outputs", linear(0), "1", "a linear layer needs at least one output, not 0"),
    ("groups in", conv(9, 1, groups=3), "1", "3 groups must divide 4 channels in and 9 out"),
    ("groups out", conv(9, 1, groups=2), "1", "2 groups must divide 4 channels in and 9 out"),
    ("no groups", conv(4, 1, groups=0), "1", "0 groups must divide"),
    ("kernel", Conv(4, (0, 1)), "1", r"kernel \(0, 1\) and stride \(1, 1\) must be positive"),
    ("stride", maxpool(2, (1, 0)), "1", r"kernel \(2, 2\) and stride \(1, 0\) must be positive"),
    ("negative padding", conv(4, 1, padding=-1), "1", "padding cannot be negative"),
    ("wide pool padding", maxpool(3, 1, 2), "1", r"a pool pads at most half its window \(3, 3\), not \(2, 2\)"),
    ("negative pool padding", avgpool(3, 1, (0, -1)), "1", "a pool pads at most half its window"),
    ("local norm", localnorm(0), "1", "at least one channel, not 0"),
    ("all dropped", dropout(1.5), "1", "dropout zeroes a share between 0 and 1, not 1.5"),
    ("nothing dropped", dropout(0.0), "1", "dropout zeroes a share between 0 and 1, not 0.0"),
    ("empty row", named("row", Sequence(())), "row", "a sequence needs at least one step"),
    ("one arm", Branches((conv(4, 1),)), "1", "branches need at least two arms, not 1"),
    (
        "grids",
        named("mixed", branches(named("keep", conv(4, 1)), named("half", conv(4, 3, 2)))),
        "mixed",
        "arms must end on one grid to be concatenated, but keep writes 8x6x4, half writes 4x3x4",
    ),
    ("sum", residual(conv(5, 1)), "1", "a residual body must write what it reads, 8x6x4, but writes 8x6x5"),
    (
        "sum with shortcut",
        named("block", residual(conv(5, 1), shortcut=conv(6, 1, 2))),
        "block",
        "a residual body must write what its shortcut writes, 4x3x6, but writes 8x6x5",
    ),
    ("inside an arm", branches(conv(4, 1), named("b", conv(4, 1), conv(0, 1))), "1.b.1", "at least one output channel"),
    ("inside a shortcut", residual(conv(4, 1), shortcut=conv(0, 1)), "1.shortcut", "at least one output channel"),
    ("names of arms", branches(named("a", conv(4, 1)), named("a", conv(4, 1))), "1", "two parts are called 'a'"),
    ("a name like a number", branches(named("1", conv(4, 1)), conv(4, 1)), "1", "two parts are called '1'"),
    ("dot in a name", branches(named("a.b", conv(4, 1)), conv(4, 1)), "1", "a name is letters, digits, '_' or '-', not 'a.b'"),
    ("space in a name", branches(named("a b", conv(4, 1)), conv(4, 1)), "1", "not 'a b'"),
    ("line in a name", branches(named("a\n", conv(4, 1)), conv(4, 1)), "1", r"not 'a\\n'"),
]

ASTRAY: list[tuple[str, Node, str]] = [
    ("arm", branches(aux("a", linear(2), weight=0.3), conv(4, 1)), "1"),
    ("row of an arm", branches(seq(conv(4, 1), aux("a", linear(2), weight=0.3), conv(4, 1)), conv(4, 1)), "1.0.a"),
    ("named row", named("row", conv(4, 1), aux("a", linear(2), weight=0.3), conv(4, 1)), "row.a"),
    ("under a name", Named("row", aux("a", linear(2), weight=0.3)), "row"),
    ("body", residual(aux("a", linear(2), weight=0.3)), "1"),
    ("body under a name", residual(named("row", aux("a", linear(2), weight=0.3))), "1.body"),
    ("shortcut", residual(conv(4, 1), shortcut=aux("a", linear(2), weight=0.3)), "1"),
    ("another head", aux("b", Aux("a", linear(2), 0.3), weight=0.3), "b"),
]


def over_8x6x4(node: Node) -> Network:
    return network_of(conv(4, 1), node, linear(2), image=Shape(3, 8, 6))


@pytest.mark.parametrize(("node", "path", "message"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG])
def test_what_is_not_legal_is_said_where_it_is(node: Node, path: str, message: str) -> None:
    with pytest.raises(SpecError, match=message) as caught:
        place(over_8x6x4(node))
    assert caught.value.path == path
    assert caught.value.what.startswith(f"at {path}: ")


@pytest.mark.parametrize(("node", "path"), [row[1:] for row in ASTRAY], ids=[row[0] for row in ASTRAY])
def test_a_head_hangs_on_the_trunk_only(node: Node, path: str) -> None:
    with pytest.raises(SpecError, match="an auxiliary head hangs on the trunk only") as caught:
        place(over_8x6x4(node), aux=True)
    assert caught.value.path == path


@pytest.mark.parametrize("steps", [(conv(4, 1), linear(2)), ()], ids=["after the logits", "alone"])
def test_a_head_hangs_before_a_step(steps: tuple[Node, ...]) -> None:
    with pytest.raises(SpecError, match="an auxiliary head hangs before a step of the trunk, not after the last") as caught:
        place(network_of(*steps, aux("late", linear(2), weight=0.3)))
    assert caught.value.path == "late"


def test_what_is_wrong_with_the_trunk_itself_is_said_so() -> None:
    with pytest.raises(SpecError, match="at the trunk: two parts are called 'a'"):
        place(network_of(named("a", conv(4, 1)), named("a", linear(2))))
    with pytest.raises(SpecError, match="at the trunk: a sequence needs at least one step"):
        place_node(Sequence(()), Shape(3, 8, 8))


def test_an_image_too_small_is_refused_at_the_layer_that_it_does_not_reach() -> None:
    with pytest.raises(SpecError, match="window does not fit") as caught:
        place(network("inception-v3"), Shape(3, 64, 64))
    assert caught.value.path.startswith("mixed_7a")


def test_layers_without_windows_keep_their_shape() -> None:
    for node in (LocalNorm(), Dropout(0.5)):
        assert place_node(node, Shape(4, 3, 2)).writes == Shape(4, 3, 2)
    assert place_node(globalpool(), Shape(4, 3, 2)).writes == Shape(4, 1, 1)


def test_the_widths_of_arms_add_up() -> None:
    arms = branches(conv(4, 1), maxpool(3, 1, 1), branches(conv(2, 1), conv(1, 3)))
    assert place_node(arms, Shape(5, 3, 2)).writes == Shape(4 + 5 + 3, 3, 2)


@pytest.mark.parametrize(
    ("node", "learns"),
    [
        (maxpool(3, 1, 1), False),
        (Residual(maxpool(3, 1, 1)), False),
        (residual(maxpool(3, 1, 1), norm=conv(1, 1).norm), True),
        (branches(maxpool(3, 1, 1), conv(1, 1)), True),
        (trunk(aux("a", linear(2), weight=0.3), maxpool(3, 1, 1)), False),
    ],
    ids=["pool", "sum of pools", "normed sum of pools", "pool beside a convolution", "head before a pool"],
)
def test_only_what_has_weights_trains(node: Node, learns: bool) -> None:
    assert trains(place_node(node, Shape(4, 3, 2), aux=True)) is learns
