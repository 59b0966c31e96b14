"""Depth: the papers' numbers, and the rules that lead to them."""

from __future__ import annotations

import pytest
from strategies import network_of

from inception_analyzer.depth import Depth, depth_of
from inception_analyzer.networks import network, network_names
from inception_analyzer.place import place
from inception_analyzer.words import aux, branches, conv, globalpool, linear, maxpool, residual, seq

LAYERS = {
    "googlenet": 22,
    "googlenet-separable": 22,
    "bn-googlenet": 22,
    "bn-inception": 34,
    "bn-inception-96": 34,
    "inception-v2": 46,
    "inception-v2-table1": 54,
    "inception-v3": 48,
    "inception-v4": 76,
    "inception-resnet-v1": 93,
    "inception-resnet-v2": 176,
    "inception-resnet-v2-paper": 96,
    "alexnet": 8,
    "vgg11": 11,
    "vgg16": 16,
    "vgg19": 19,
    "resnet50": 50,
    "resnet152": 152,
    "resnet50-v1.5": 50,
    "resnet152-v1.5": 152,
}


@pytest.mark.parametrize("name", network_names())
def test_networks_are_as_deep_as_known(name: str) -> None:
    assert depth_of(place(network(name))).layers == LAYERS[name]


def test_googlenet_is_27_deep_with_pools() -> None:
    deep = depth_of(place(network("googlenet")))
    assert deep.layers + deep.pools == 27


def test_heads_are_on_no_path() -> None:
    placed = place(network("googlenet"), aux=True)
    assert depth_of(placed) == depth_of(place(network("googlenet")))


def depth(*steps: object) -> Depth:
    return depth_of(place(network_of(*steps)))


def test_the_deepest_arm_counts() -> None:
    arms = branches(conv(2, 1), seq(maxpool(3, 1, 1), conv(2, 1), conv(2, 1)), maxpool(3, 1, 1))
    assert depth(arms, globalpool(), linear(2)) == Depth(layers=3, pools=2)


def test_a_shortcut_counts_only_if_it_is_deeper() -> None:
    assert depth(residual(conv(3, 1), shortcut=seq(conv(3, 1), conv(3, 1)))) == Depth(layers=2)
    assert depth(residual(seq(conv(3, 1), conv(3, 1)), shortcut=conv(3, 1))) == Depth(layers=2)
    assert depth(residual(maxpool(3, 1, 1))) == Depth(pools=1)


def test_a_separable_convolution_is_one_layer_and_a_grouped_one_is_too() -> None:
    assert depth(conv(6, 3, groups=3), conv(8, 1)) == Depth(layers=1)
    assert depth(conv(6, 3), conv(8, 3, groups=2)) == Depth(layers=2)


def test_a_head_between_two_layers_adds_nothing() -> None:
    assert depth(conv(4, 1), aux("aux", conv(4, 1), conv(4, 1), linear(2), weight=0.3), linear(2)) == Depth(layers=2)
