"""The catalogue: names, aliases, near misses, and what holds for every network in it."""

from __future__ import annotations

import pytest

from inception_analyzer.errors import WRONG_USE, AnalyzerError
from inception_analyzer.networks import ALIASES, NETWORKS, network, network_names, short_name
from inception_analyzer.place import place
from inception_analyzer.spec import Aux, Branches, Linear, Named
from inception_analyzer.tree import walk

NAMES = (
    "googlenet",
    "googlenet-separable",
    "bn-googlenet",
    "bn-inception",
    "bn-inception-96",
    "inception-v2",
    "inception-v2-table1",
    "inception-v3",
    "inception-v4",
    "inception-resnet-v1",
    "inception-resnet-v2",
    "inception-resnet-v2-paper",
    "alexnet",
    "vgg11",
    "vgg16",
    "vgg19",
    "resnet50",
    "resnet152",
    "resnet50-v1.5",
    "resnet152-v1.5",
)

WITH_HEADS = {
    "googlenet": 2,
    "googlenet-separable": 2,
    "bn-googlenet": 2,
    "inception-v2": 1,
    "inception-v2-table1": 1,
    "inception-v3": 1,
    "inception-v4": 1,
    "inception-resnet-v2": 1,
}


def test_names_are_stable() -> None:
    assert network_names() == NAMES


@pytest.mark.parametrize("alias", ALIASES)
def test_an_alias_is_its_network_in_any_case(alias: str) -> None:
    assert network(alias) == network(ALIASES[alias])
    assert network(alias.upper()) == network(alias)
    assert short_name(ALIASES[alias]) == alias


def test_no_alias_hides_a_name() -> None:
    assert not set(ALIASES) & set(NETWORKS)


def test_a_network_without_an_alias_is_called_by_its_name() -> None:
    assert short_name("vgg16") == "vgg16"


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("inceptionv3", "inception-v3"),
        ("Inception_V3", "inception-v3"),
        ("resnet-50", "resnet50"),
        ("googlenett", "googlenet"),
        ("gogglenet", "googlenet"),
        ("inception_resnet_v2", "inception-resnet-v2"),
        ("vgg-16", "vgg16"),
        ("resnet50v1.5", "resnet50-v1.5"),
    ],
)
def test_a_near_miss_is_told_what_was_meant_first(asked: str, meant: str) -> None:
    with pytest.raises(AnalyzerError, match=f"no network is called {asked}") as caught:
        network(asked)
    assert dict(caught.value.facts)["did you mean"].split()[0] == meant
    assert (caught.value.code, caught.value.word) == (WRONG_USE, asked)


@pytest.mark.parametrize("asked", ["foo", "", "transformer"])
def test_a_far_miss_is_told_what_there_is_and_nothing_is_guessed(asked: str) -> None:
    with pytest.raises(AnalyzerError) as caught:
        network(asked)
    facts = dict(caught.value.facts)
    assert "did you mean" not in facts
    assert all(network(name) for name in facts["networks"].split())


@pytest.mark.parametrize("name", NAMES)
def test_a_network_ends_in_logits_for_a_thousand_classes(name: str) -> None:
    asked = network(name)
    assert asked.name == name
    assert place(asked).writes.channels == 1000
    assert isinstance(place(asked).parts[-1].node, Linear)


@pytest.mark.parametrize("name", NAMES)
def test_heads_hang_where_the_papers_hang_them(name: str) -> None:
    heads = [part for part in place(network(name), aux=True).parts if isinstance(part.node, Aux)]
    assert len(heads) == WITH_HEADS.get(name, 0)
    assert all(part.parts[0].writes.channels == 1000 for part in heads)


@pytest.mark.parametrize("name", NAMES)
def test_steps_and_arms_have_names_that_a_reader_knows(name: str) -> None:
    layers = network(name).trunk
    assert all(isinstance(step, (Named, Aux)) for step in layers.steps)
    arms = [arm for _, node in walk(layers) if isinstance(node, Branches) for arm in node.arms]
    assert all(isinstance(arm, Named) for arm in arms)


@pytest.mark.parametrize("name", NAMES)
def test_a_network_says_where_it_comes_from(name: str) -> None:
    source = network(name).source
    assert source.paper
    assert source.section
    assert 2012 <= source.year <= 2016
