"""Costs by hand: torch and fvcore count the same to the last unit, and the totals are the published ones."""

from __future__ import annotations

from itertools import product
from math import prod

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import convs, network_of, networks
from torch import nn

from inception_analyzer.cost import (
    NO_COST,
    Cost,
    Work,
    backward_macs_under,
    cost_of,
    macs_under,
    own_cost,
    taps_inside,
    total,
)
from inception_analyzer.lab.build import build, image_batch
from inception_analyzer.lab.counters import fvcore_tally, torch_tally
from inception_analyzer.lab.modules import Concat, ConvUnit, GlobalMean, LinearUnit, Sum
from inception_analyzer.networks import network, network_names
from inception_analyzer.place import Placed, place, place_node
from inception_analyzer.spec import Conv, Dropout, Linear, Network, Shape
from inception_analyzer.words import biased, conv, globalpool, linear, localnorm, maxpool, residual

# Parameters without and with auxiliary heads, and multiply-adds of one image. Inception-v2's head has a bias where v3's
# has a norm: 768 parameters less than the variant usually counted.
TOTALS = {
    "googlenet": (6_998_552, 13_378_280, 1_582_671_872),
    "googlenet-separable": (6_991_856, None, 1_498_677_248),
    "bn-googlenet": (7_005_832, 13_385_816, 1_582_671_872),
    "bn-inception": (11_285_224, None, 2_032_600_064),
    "bn-inception-96": (11_194_984, None, 2_018_851_840),
    "inception-v2": (23_815_336, 27_141_264, 5_299_886_272),
    "inception-v2-table1": (25_995_816, 29_322_512, 6_403_365_984),
    "inception-v3": (23_834_568, 27_161_264, 5_713_216_096),
    "inception-v4": (42_679_816, 46_039_280, 12_253_974_624),
    "inception-resnet-v1": (22_756_328, None, 6_206_361_696),
    "inception-resnet-v2-paper": (32_433_928, None, 9_257_953_632),
    "inception-resnet-v2": (55_843_464, 59_211_120, 13_155_794_016),
    "alexnet": (60_965_224, None, 724_406_816),
    "vgg11": (132_863_336, None, 7_609_090_048),
    "vgg16": (138_357_544, None, 15_470_264_320),
    "vgg19": (143_667_240, None, 19_632_062_464),
    "resnet50": (25_557_032, None, 3_857_973_248),
    "resnet50-v1.5": (25_557_032, None, 4_089_184_256),
    "resnet152": (60_192_808, None, 11_282_415_616),
    "resnet152-v1.5": (60_192_808, None, 11_513_626_624),
}

# GoogLeNet stage by stage: parameters and multiply-adds.
GOOGLENET = {
    "conv1": (9_472, 118_013_952),
    "conv2_reduce": (4_160, 12_845_056),
    "conv2": (110_784, 346_816_512),
    "inception_3a": (163_696, 128_049_152),
    "inception_3b": (388_736, 304_267_264),
    "inception_4a": (376_176, 73_608_192),
    "inception_4b": (449_160, 87_908_352),
    "inception_4c": (510_104, 99_850_240),
    "inception_4d": (605_376, 118_515_712),
    "inception_4e": (868_352, 169_996_288),
    "inception_5a": (1_043_456, 51_079_168),
    "inception_5b": (1_444_080, 70_697_984),
    "linear": (1_025_000, 1_024_000),
}


@pytest.mark.parametrize("name", network_names())
def test_totals_are_the_known_ones(name: str) -> None:
    params, with_heads, macs = TOTALS[name]
    cost = cost_of(network(name))
    assert (cost.params, cost.macs) == (params, macs)
    if with_heads is not None:
        assert cost_of(network(name), training=True).params == with_heads


def test_googlenets_stages_are_those_of_its_table() -> None:
    stages = {part.path: total(part) for part in place(network("googlenet")).parts}
    assert {path: (cost.params, cost.macs) for path, cost in stages.items() if cost.macs} == GOOGLENET


@pytest.mark.parametrize("name", network_names())
def test_a_training_pass_is_under_three_forward_passes(name: str) -> None:
    """The first layer owes the image no gradient."""
    placed = place(network(name))
    cost = total(placed)
    first = total(placed.parts[0])
    assert cost.macs_backward == 2 * cost.macs - first.macs


def own_costs(placed: Placed) -> list[tuple[Placed, Cost]]:
    return [(placed, own_cost(placed)), *(pair for part in placed.parts for pair in own_costs(part))]


def weighted(network: Network) -> dict[str, Cost]:
    """What each layer with weights costs, by its path."""
    return {here.path: cost for here, cost in own_costs(place(network, aux=True)) if isinstance(here.node, (Conv, Linear))}


@given(networks())
def test_torch_counts_the_same_layer_by_layer_in_both_directions(network: Network) -> None:
    tally = torch_tally(build(network, aux=True, device="meta"), image_batch(network, 2, device="meta"))
    costs = weighted(network)
    assert tally.forward == {path: 2 * cost.macs for path, cost in costs.items()}
    assert tally.backward == {path: 2 * cost.macs_backward for path, cost in costs.items()}


@settings(max_examples=15)
@given(networks())
def test_fvcore_counts_the_same_layer_by_layer(network: Network) -> None:
    tally = fvcore_tally(build(network, aux=True), image_batch(network, 2))
    assert tally.forward == {path: 2 * cost.macs for path, cost in weighted(network).items()}


@pytest.mark.parametrize("name", network_names())
def test_torch_counts_published_networks_the_same(name: str) -> None:
    asked = network(name)
    tally = torch_tally(build(asked, aux=True, device="meta"), image_batch(asked, 2, device="meta"))
    costs = weighted(asked)
    assert tally.forward == {path: 2 * cost.macs for path, cost in costs.items()}
    assert tally.backward == {path: 2 * cost.macs_backward for path, cost in costs.items()}


@given(networks())
def test_parameters_are_those_of_the_module(network: Network) -> None:
    net = build(network, aux=True, device="meta")
    assert cost_of(network, training=True).params == sum(param.numel() for param in net.parameters())
    without = build(network, device="meta")
    assert cost_of(network).params == sum(param.numel() for param in without.parameters())


WITH_WEIGHTS = (ConvUnit, LinearUnit)
WITHOUT = (Concat, Sum, GlobalMean, nn.MaxPool2d, nn.AvgPool2d, nn.LocalResponseNorm)


@given(networks())
def test_activations_and_outputs_are_what_modules_write(network: Network) -> None:
    net = build(network, aux=True, device="meta")
    written: list[tuple[nn.Module, int]] = []
    for module in net.modules():
        if isinstance(module, (*WITH_WEIGHTS, *WITHOUT)):
            module.register_forward_hook(lambda module, _, out: written.append((module, out.numel())))
    net(image_batch(network, 2, device="meta"))
    cost = cost_of(network, training=True)
    assert sum(size for module, size in written if isinstance(module, WITH_WEIGHTS)) == 2 * cost.activations
    assert sum(size for _, size in written) == 2 * cost.outputs


@given(networks())
def test_the_whole_is_the_sum_of_its_places(network: Network) -> None:
    placed = place(network, aux=True)
    assert total(placed) == sum((cost for _, cost in own_costs(placed)), NO_COST)


shapes = st.builds(Shape, st.integers(1, 6), st.integers(1, 7), st.integers(1, 7))


@given(st.data(), shapes)
def test_taps_inside_are_those_that_a_finger_finds(data: st.DataObject, reads: Shape) -> None:
    node = data.draw(convs(reads))
    placed = place_node(node, reads)
    down, across = (
        sum(0 <= window * stride + tap - zeros[0] < size for window, tap in product(range(windows), range(kernel)))
        for size, windows, kernel, stride, zeros in zip(
            reads.grid, placed.writes.grid, node.kernel, node.stride, node.padding, strict=True
        )
    )
    assert own_cost(placed).forward.inside == down * across * (reads.channels // node.groups) * node.out


@given(st.data(), shapes)
def test_without_zeros_every_tap_is_inside(data: st.DataObject, reads: Shape) -> None:
    cost = own_cost(place_node(conv(4, data.draw(st.sampled_from((1, min(reads.grid)))), padding="valid"), reads))
    assert cost.forward.inside == cost.forward.macs


def test_a_window_wholly_on_its_zeros_has_no_tap_inside() -> None:
    assert taps_inside(size=1, windows=5, kernel=1, stride=1, before=2) == 1
    assert taps_inside(size=1, windows=3, kernel=1, stride=2, before=1) == 0


def test_conventions_count_the_same_network_differently() -> None:
    cost = own_cost(place_node(conv(8, 3), Shape(3, 4, 5)))
    # A corner sees 4 taps, an edge 6, the middle 9: rows 2+3+3+2 by columns 2+3+3+3+2.
    assert macs_under(cost, "paper-mac") == 9 * 3 * 8 * 20
    assert macs_under(cost, "inside-map") == 10 * 13 * 3 * 8
    assert macs_under(cost, "with-elementwise") == 9 * 3 * 8 * 20 + 2 * 8 * 20
    assert backward_macs_under(cost, "inside-map") == 10 * 13 * 3 * 8
    assert backward_macs_under(cost, "with-elementwise") == 9 * 3 * 8 * 20


@pytest.mark.parametrize(
    ("node", "operations"),
    [
        (biased(8, 1, act="none"), 1),
        (conv(8, 1, norm=None, act="none"), 0),
        (conv(8, 1, bias=True), 3),
        (linear(8), 1),
        (linear(8, act="relu"), 2),
    ],
    ids=["bias", "nothing", "bias, norm, act", "linear", "linear, act"],
)
def test_elementwise_is_one_operation_per_output_and_thing_done(node: Conv | Linear, operations: int) -> None:
    placed = place_node(node, Shape(3, 4, 5))
    assert own_cost(placed).elementwise == operations * placed.writes.size


def test_elementwise_of_layers_without_weights() -> None:
    reads = Shape(3, 4, 5)
    assert own_cost(place_node(maxpool((2, 3), 1), reads)).elementwise == 6 * (3 * 3 * 3)
    assert own_cost(place_node(globalpool(), reads)).elementwise == 60
    assert own_cost(place_node(localnorm(5), reads)).elementwise == 10 * 60
    scaled = residual(conv(3, 1), scale=0.5, norm=conv(1, 1).norm)
    assert own_cost(place_node(scaled, reads)).elementwise == 4 * 60
    assert own_cost(place_node(residual(conv(3, 1), act="none"), reads)).elementwise == 60
    assert own_cost(place_node(Dropout(0.5), reads)) == NO_COST


def test_bytes_are_moved_once_per_image_and_weights_once_per_batch() -> None:
    first, second = place(network_of(biased(4, 1), biased(6, 3), image=Shape(3, 8, 5))).parts
    image, between, after = 120, 160, 240
    small, wide = 3 * 4 + 4, 4 * 9 * 6 + 6
    cost = own_cost(second)
    assert cost.bytes_read(batch=10, width=2) == 2 * (10 * between + wide)
    assert cost.bytes_written(batch=10, width=2) == 2 * 10 * after
    # The weight gradient reads both activations, the input gradient the output's and the weights without their bias.
    assert cost.backward_bytes_read(batch=10, width=2) == 2 * (10 * (between + after + after) + wide - 6)
    assert cost.backward_bytes_written(batch=10, width=2) == 2 * (10 * between + wide)
    assert own_cost(first).backward_bytes_read(batch=10) == 4 * 10 * (image + between)
    assert own_cost(first).backward_bytes_written(batch=10) == 4 * small


def test_only_a_layer_behind_weights_owes_an_input_gradient() -> None:
    pool, first, second = place(network_of(maxpool(3, 2), conv(4, 1), linear(2))).parts
    assert own_cost(pool).input_grad == own_cost(first).input_grad == Work()
    assert own_cost(second).input_grad.macs == own_cost(second).macs == 2 * prod(second.reads.grid) * 4
