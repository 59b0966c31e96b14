"""Specs as text: both ways without loss, and nothing but a network comes out."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from strategies import networks

from inception_analyzer.errors import AnalyzerError, SpecError
from inception_analyzer.networks import network, network_names
from inception_analyzer.place import place_node
from inception_analyzer.source import LINE, from_json, from_source, to_json, to_source, trunk_source
from inception_analyzer.spec import BatchNorm, Conv, Network, Pool, Shape
from inception_analyzer.tree import walk
from inception_analyzer.words import biased, conv, linear, localnorm, maxpool, named, trunk


@given(networks())
def test_words_build_the_same_network_again(network: Network) -> None:
    assert from_source(to_source(network.trunk)) == network.trunk
    assert from_source(trunk_source(network.trunk)) == network.trunk


@given(networks())
def test_json_builds_the_same_network_again(network: Network) -> None:
    assert from_json(to_json(network.trunk)) == network.trunk


@given(networks())
def test_every_part_can_be_written_alone(network: Network) -> None:
    for _, node in walk(network.trunk):
        assert from_source(to_source(node)) == node
        assert from_json(to_json(node)) == node


@pytest.mark.parametrize("name", network_names())
def test_published_networks_survive_both_ways(name: str) -> None:
    layers = network(name).trunk
    assert from_source(trunk_source(layers)) == layers
    assert from_json(to_json(layers)) == layers


@pytest.mark.parametrize("name", network_names())
def test_the_words_of_published_networks_fit_on_a_line(name: str) -> None:
    assert max(map(len, trunk_source(network(name).trunk).splitlines())) <= LINE


def test_what_is_not_said_is_the_default() -> None:
    assert to_source(conv(8, 3)) == "conv(8, 3)"
    assert to_source(biased(8, (1, 7), 2, "valid", act="none")) == "biased(8, (1, 7), 2, padding='valid', act='none')"
    assert to_source(conv(8, 3, norm=BatchNorm(eps=1e-5))) == "conv(8, 3, norm=BatchNorm(eps=1e-05))"
    assert to_source(conv(8, 3, padding=((1, 1), (0, 1)))) == "conv(8, 3, padding=((1, 1), (0, 1)))"
    assert to_source(conv(8, 3, padding=(0, 2))) == "conv(8, 3, padding=(0, 2))"
    assert to_source(localnorm(k=2.0)) == "localnorm(k=2.0)"
    assert to_source(named("a", conv(8, 1), maxpool(3, 2, ceil=True), kind="A")) == (
        "named('a', conv(8, 1), maxpool(3, 2, ceil=True), kind='A')"
    )
    assert json.loads(to_json(Conv(8, (1, 1)))) == {"node": "Conv", "out": 8, "kernel": [1, 1]}


def test_a_trunk_of_one_step_stays_a_trunk() -> None:
    assert from_source(trunk_source(trunk(linear(2)))) == trunk(linear(2))


def test_a_max_pool_that_counts_its_zeros_is_no_place() -> None:
    with pytest.raises(SpecError, match="zeros never count in a max pool"):
        place_node(Pool("max", (3, 3), (1, 1), (1, 1), count_pad=True), Shape(3, 8, 8))


HOSTILE = (
    "__import__('os').system('true')",
    "__import__('os')",
    "conv.__globals__",
    "conv(8, 3).out",
    "conv.__class__.__mro__",
    "(lambda: 1)()",
    "lambda: conv(8, 3)",
    "[conv(8, 3) for _ in (1, 2)]",
    "seq(*[conv(8, 3)])",
    "conv(8, 3, **{'stride': 2})",
    "conv(8, open('secret'))",
    "eval('conv(8, 3)')",
    "conv(8, 3) if True else conv(8, 1)",
    "f'{conv(8, 3)}'",
    "conv(9 ** 9 ** 9, 3)",
    "x := conv(8, 3)",
    "conv(8, 3); conv(8, 3)",
    "import os",
    "\0",
    "",
    "(" * 500 + ")" * 500,
    "-" * 100_000 + "1",
)


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:20]))
def test_hostile_words_are_refused(text: str) -> None:
    with pytest.raises(AnalyzerError, match="not a network in words"):
        from_source(text)


NO_NETWORKS = (
    "3",
    "'conv(8, 3)'",
    "(conv(8, 3), conv(8, 3))",
    "BatchNorm()",
    "conv(8)",
    "conv(8, 3, colour='red')",
    "conv('8', 3)",
    "conv(8, 'big')",
    "conv(True, 3)",
    "conv(8, 3, act='tanh')",
    "conv(8, 3, norm=3)",
    "seq(conv(8, 3), 5)",
    "named(3, conv(8, 3))",
    "residual(conv(8, 3), shortcut='x')",
    "dropout('half')",
)


@pytest.mark.parametrize("text", NO_NETWORKS)
def test_words_that_build_no_network_are_refused(text: str) -> None:
    with pytest.raises(AnalyzerError, match="not a network in words"):
        from_source(text)


NO_JSON = (
    "",
    "3",
    "[]",
    "{}",
    "null",
    '{"node": "Shape", "channels": 3, "height": 1, "width": 1}',
    '{"node": "BatchNorm"}',
    '{"node": "Conv"}',
    '{"node": "Conv", "out": 8, "kernel": [1, 1], "colour": "red"}',
    '{"node": "Conv", "out": "8", "kernel": [1, 1]}',
    '{"node": "Conv", "out": 8, "kernel": [1, 1, 1]}',
    '{"node": "Conv", "out": 8, "kernel": 1}',
    '{"node": "Named", "name": "a", "body": 3}',
    '{"node": "Sequence", "steps": [{"node": "GlobalPool"}, null]}',
    '{"node": ["Conv"]}',
    "[" * 100_000,
)


@pytest.mark.parametrize("text", NO_JSON, ids=lambda text: repr(text[:40]))
def test_json_that_is_no_network_is_refused(text: str) -> None:
    with pytest.raises(AnalyzerError, match="not a network in JSON"):
        from_json(text)
