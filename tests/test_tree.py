"""Walking and rewriting: paths, order, and what is left alone."""

from __future__ import annotations

from hypothesis import given
from strategies import networks

from inception_analyzer.place import Placed, place
from inception_analyzer.spec import Branches, Conv, Named, Network, Node, Residual, Sequence
from inception_analyzer.tree import join, parts, rewrite, walk, with_parts
from inception_analyzer.words import branches, conv, dropout, linear, maxpool, named, residual, seq, trunk


def places(placed: Placed) -> list[Placed]:
    return [placed, *(inner for part in placed.parts for inner in places(part))]


@given(networks())
def test_every_place_is_where_the_walk_finds_its_node(network: Network) -> None:
    walked = [(path, node) for path, node in walk(network.trunk) if not isinstance(node, Named)]
    assert walked == [(place.path, place.node) for place in places(place(network, aux=True))]


@given(networks())
def test_layers_have_paths_of_their_own(network: Network) -> None:
    layers = [path for path, node in walk(network.trunk) if not parts(node)]
    assert len(layers) == len(set(layers))


@given(networks())
def test_a_node_over_its_own_parts_is_itself(network: Network) -> None:
    for _, node in walk(network.trunk):
        assert with_parts(node, tuple(part for _, part in parts(node))) == node


@given(networks())
def test_a_rule_that_never_applies_leaves_the_very_same_tree(network: Network) -> None:
    assert rewrite(network.trunk, lambda _path, _node: None) is network.trunk


@given(networks())
def test_a_rule_sees_every_node_at_its_path_parts_before_owners(network: Network) -> None:
    seen: list[tuple[str, Node]] = []
    rewrite(network.trunk, lambda path, node: seen.append((path, node)))
    assert sorted(path for path, _ in seen) == sorted(path for path, _ in walk(network.trunk))
    order = {id(node): index for index, (_, node) in enumerate(seen)}
    assert all(order[id(part)] < order[id(node)] for _, node in seen for _, part in parts(node) if part is not node)


def test_a_row_put_in_place_of_a_step_is_laid_flat() -> None:
    def twice(_path: str, node: Node) -> Node | None:
        return seq(conv(8, (1, 3)), conv(8, (3, 1))) if node == conv(8, 3) else None

    old = trunk(named("a", conv(4, 1), conv(8, 3)), conv(8, 3), linear(2))
    assert rewrite(old, twice) == trunk(
        named("a", conv(4, 1), conv(8, (1, 3)), conv(8, (3, 1))), conv(8, (1, 3)), conv(8, (3, 1)), linear(2)
    )


def test_a_rule_meets_owners_whose_parts_are_new_already() -> None:
    def widen(_path: str, node: Node) -> Node | None:
        match node:
            case Conv(out=4):
                return conv(8, 1)
            case Residual(body=Conv(out=8)):
                return dropout(0.5)
        return None

    assert rewrite(trunk(residual(conv(4, 1)), linear(2)), widen) == trunk(dropout(0.5), linear(2))


def test_rewriting_an_arm_a_shortcut_and_a_head_keeps_the_rest() -> None:
    old = residual(branches(conv(4, 1), named("b", conv(2, 1))), shortcut=conv(6, 1), scale=0.5, act="none")
    new = rewrite(old, lambda _path, node: conv(6, 3) if isinstance(node, Conv) and node.out == 6 else None)
    assert new == residual(old.body, shortcut=conv(6, 3), scale=0.5, act="none")
    assert isinstance(new, Residual)
    assert new.body is old.body


def test_paths_join_only_what_is_there() -> None:
    assert [join("a.b", "c"), join("", "c"), join("a.b", ""), join("", "")] == ["a.b.c", "c", "a.b", ""]


def test_names_replace_numbers_in_paths() -> None:
    arms = Branches((conv(1, 1), named("pool", maxpool(3, 1, 1), conv(2, 1))))
    node = Sequence((conv(4, 3), named("mixed", arms), residual(conv(3, 1), shortcut=conv(3, 1))))
    assert [path for path, inner in walk(node) if isinstance(inner, Conv)] == [
        "0",
        "mixed.0",
        "mixed.pool.1",
        "2.body",
        "2.shortcut",
    ]
