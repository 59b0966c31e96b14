"""What training keeps: the elements that autograd saves, to the last one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import network_of, networks

from inception_analyzer.count import count
from inception_analyzer.kept import kept_by_path, kept_with_ends
from inception_analyzer.lab.build import build, image_batch
from inception_analyzer.lab.counters import kept_elements
from inception_analyzer.networks import network, network_names
from inception_analyzer.place import place, places
from inception_analyzer.spec import BatchNorm, Network, Node
from inception_analyzer.words import (
    aux,
    avgpool,
    biased,
    branches,
    conv,
    dropout,
    globalpool,
    linear,
    localnorm,
    maxpool,
    residual,
)


def by_autograd(network: Network, batch: int) -> int:
    return kept_elements(build(network, aux=True, device="meta"), image_batch(network, batch, device="meta"))


def by_hand(network: Network) -> int:
    return kept_with_ends(place(network, aux=True))


@given(networks(), st.integers(2, 4))
def test_autograd_keeps_what_is_counted_by_hand(network: Network, batch: int) -> None:
    assert batch * by_hand(network) == by_autograd(network, batch)


@pytest.mark.parametrize("name", network_names())
def test_autograd_keeps_the_same_of_published_networks(name: str) -> None:
    assert 2 * by_hand(network(name)) == by_autograd(network(name), 2)


@given(networks())
def test_every_element_is_kept_at_one_place(network: Network) -> None:
    placed = place(network, aux=True)
    found = kept_by_path(placed)
    assert sum(found.values()) == kept_with_ends(placed)
    assert {path for path, size in found.items() if size} <= {here.path for here in places(placed)} - {""}


@pytest.mark.parametrize("name", network_names())
def test_a_count_tells_what_every_place_keeps(name: str) -> None:
    found = count(network(name))
    assert sum(size for _, size in found.kept_at) == found.kept
    order = [path for path, _ in found.kept_at]
    assert len(order) == len(set(order))
    assert [path for path in order if path in {layer.path for layer in found.layers}] == [layer.path for layer in found.layers]


def test_a_tensor_is_kept_by_whoever_wrote_it() -> None:
    steps = (biased(4, 1), maxpool(2, 2), branches(biased(4, 1), biased(4, 3)), linear(2))
    found = kept_by_path(place(network_of(*steps)))
    image, pooled = 360, 120  # the pool keeps its places too
    assert found == {"0": image + 480, "1": 2 * pooled, "2.0": 2 * 120, "2.1": 2 * 120, "2": 0, "3": 0}


IMAGE = 3 * 12 * 10

# Steps over an image of 360 elements, and the elements that their training keeps.
KEPT: list[tuple[str, tuple[Node, ...], int]] = [
    ("convolution", (biased(4, 1, act="none"),), IMAGE),
    ("its activation", (biased(4, 1),), IMAGE + 480),
    ("its norm", (conv(4, 1, act="none"),), IMAGE + 480),
    ("both", (conv(4, 1),), IMAGE + 480 + 480),
    ("uneven zeros around a copy", (biased(4, 2, act="none"),), 3 * 13 * 11),
    ("pool of the image", (maxpool(2, 2), linear(2)), 90),
    ("pool of a map: input and places", (biased(4, 1, act="none"), maxpool(2, 2), linear(2)), IMAGE + 480 + 120 + 120),
    ("mean of a map: input", (biased(4, 1, act="none"), avgpool(2, 2), linear(2)), IMAGE + 480 + 120),
    ("mean of a grid: nothing", (biased(4, 1, act="none"), globalpool()), IMAGE),
    ("mask of a dropout", (biased(4, 1, act="none"), dropout(0.5), linear(2)), IMAGE + 480 + 480),
    ("dropout of the image", (dropout(0.5), linear(2)), IMAGE),
    ("local norm of the image", (localnorm(), linear(2)), IMAGE),
    ("local norm of a map", (biased(4, 1, act="none"), localnorm(3)), IMAGE + 480 + 6 * 120 + 2 * 480),
    ("sum over the image", (residual(maxpool(3, 1, 1)), globalpool(), linear(2)), 3),
    ("normed sum over the image", (residual(maxpool(3, 1, 1), norm=BatchNorm(), act="none"),), IMAGE),
    ("arms that read one tensor", (biased(4, 1), branches(biased(4, 1), biased(4, 3)), globalpool()), IMAGE + 3 * 480),
    ("head", (biased(4, 1, act="none"), aux("aux", linear(2, act="relu"), weight=0.3), globalpool()), IMAGE + 480 + 2),
    ("step after a head", (biased(4, 1, act="none"), aux("aux", globalpool(), weight=0.3), linear(2)), IMAGE + 480),
    ("neither", (biased(4, 1, act="none"), aux("aux", globalpool(), weight=0.3), globalpool()), IMAGE),
]


@pytest.mark.parametrize(("steps", "elements"), [row[1:] for row in KEPT], ids=[row[0] for row in KEPT])
def test_each_layer_keeps_what_its_gradient_needs(steps: tuple[Node, ...], elements: int) -> None:
    assert by_hand(network_of(*steps)) == elements
    assert by_autograd(network_of(*steps), 2) == 2 * elements
