"""One width changed in a network flips a recorded verdict: of a claim, or of a narrower statement beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import pytest

from inception_analyzer.claims import CLAIMS, HANDLES, counted
from inception_analyzer.claims.judging import judged
from inception_analyzer.networks import ALIASES, NETWORKS, network
from inception_analyzer.place import place
from inception_analyzer.spec import Conv, Linear, Network, Node, Sequence
from inception_analyzer.tree import rewrite


@dataclass(frozen=True, slots=True)
class Mutation:
    """One layer of one network, by how much wider it becomes, and the section whose claims must see it."""

    network: str
    path: str
    by: int = 8
    section: str = "G"

    def __str__(self) -> str:
        return f"{self.network}-{self.path}"


# Widths inside a branch, of a stem or a stage, so that what reads them follows and the network still fits together.
MUTATIONS = (
    Mutation("v4", "conv2"),
    Mutation("v4", "inception_b7.double7x7.2"),
    Mutation("v4", "reduction_a.double3x3.1"),
    Mutation("ir1", "conv4"),
    Mutation("ir1", "block_a3.body.branches.double3x3.1"),
    Mutation("ir1", "block_c5.body.branches.3x3.0"),
    Mutation("ir1", "reduction_b.double3x3.0"),
    Mutation("ir2", "mixed_5b.5x5.0"),
    Mutation("ir2", "block_b20.body.branches.7x7.1"),
    Mutation("ir2", "conv_last"),
    Mutation("inception-resnet-v2-paper", "stem_b.7x7x3.2"),
    Mutation("inception-resnet-v2-paper", "block_b4.body.branches.7x7.0"),
    Mutation("inception-resnet-v2-paper", "reduction_a.double3x3.0"),
    Mutation("inception-resnet-v2-paper", "block_c5.body.branches.3x3.2"),
    Mutation("resnet50", "conv4_3.body.1"),
    Mutation("resnet152", "conv4_36.body.0", by=1),
    Mutation("resnet50-v1.5", "conv3_2.body.0"),
    Mutation("resnet152-v1.5", "conv5_3.body.1", by=1),
    Mutation("vgg16", "conv5_2", by=1),
    Mutation("vgg19", "fc7", by=1),
    Mutation("alexnet", "conv3", by=2),
    Mutation("alexnet", "fc6", by=1),
    Mutation("v1", "inception_4d.5x5.0", section="B"),
    Mutation("v1", "conv2_reduce", section="B"),
    Mutation("v3", "mixed_6c.double7x7.1", section="D"),
    Mutation("v3", "mixed_7c.3x3.0", section="D"),
    Mutation("v2", "mixed_5c.5x5.0", section="D"),
    Mutation("inception-v2-table1", "conv3", section="D"),
    Mutation("inception-v2-table1", "mixed_5b.3x3.1", section="D"),
    Mutation("inception-v2-table1", "mixed_5c.double3x3.1", section="D"),
    Mutation("inception-v2-table1", "mixed_6f.7x7.1", section="D"),
    Mutation("inception-v2-table1", "mixed_7a.7x7x3.2", section="D"),
    Mutation("inception-v2-table1", "mixed_7b.3x3.0", section="D"),
    Mutation("bn-inception", "inception_4b.double3x3.1", section="D"),
)


@pytest.fixture(params=MUTATIONS, ids=str)
def mutation(request: pytest.FixtureRequest) -> Mutation:
    return request.param


@pytest.fixture
def changed(mutation: Mutation, monkeypatch: pytest.MonkeyPatch) -> Iterator[Network]:
    """The network in the catalogue is the changed one for as long as the test runs."""
    name = ALIASES.get(mutation.network, mutation.network)
    wider = widened(NETWORKS[name](), mutation)
    monkeypatch.setitem(NETWORKS, name, lambda: wider)
    forget()
    yield wider
    monkeypatch.undo()
    forget()


def forget() -> None:
    network.cache_clear()
    counted.forget()


def widened(original: Network, mutation: Mutation) -> Network:
    """The network with one layer some channels wider."""
    seen: list[str] = []

    def wider(path: str, node: Node) -> Node | None:
        if path != mutation.path or not isinstance(node, Conv | Linear):
            return None
        seen.append(path)
        return replace(node, out=node.out + mutation.by)

    trunk = rewrite(original.trunk, wider)
    assert seen == [mutation.path]
    assert isinstance(trunk, Sequence)
    return replace(original, trunk=trunk)


def test_the_unchanged_networks_flip_nothing() -> None:
    forget()
    assert first_flip(lambda _: True) == ""


def test_a_changed_width_is_seen(mutation: Mutation, changed: Network) -> None:
    """By counts alone: identities are left out, so only claims that need none can flip."""
    place(changed, aux=True)
    assert first_flip(lambda handle: handle[0] == mutation.section)


def first_flip(wanted: Callable[[str], bool]) -> str:
    """The first claim or narrower statement whose verdict is another than the recorded one."""
    for name, claim in CLAIMS.items():
        if wanted(HANDLES[name]):
            for differing, _, _ in judged(claim, {}, {}).differing:
                return differing
    return ""
