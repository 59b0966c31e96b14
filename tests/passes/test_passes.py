"""Rewriting: pinned results, the laws that every pass keeps, and what is refused."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from strategies import networks

from inception_analyzer import AnalyzerError, Network, Shape, cost_of, load, network_names, rewrite
from inception_analyzer.cost import total
from inception_analyzer.passes import GROUPS, PASSES, Rewritten, applicable, apply_order, orders_of, would_apply
from inception_analyzer.place import Placed, place
from inception_analyzer.reach import reach_of
from inception_analyzer.source import from_source, trunk_source
from inception_analyzer.spec import Aux, Branches, Conv, Named, Node, Residual, Sequence
from inception_analyzer.tree import walk

FAMILY = ("v1", "bn-inception", "v2", "v3", "v4", "ir1", "ir2")
UNFACTORING = GROUPS["unfactorized"]
VALUES = {"residual-scale": "0.3", "width": "2", "depth": "2", "low-res": "151", "input": "331"}


def order(name: str) -> str:
    return f"{name}={VALUES[name]}" if name in VALUES else name


def blocks(network: Network) -> dict[str, Placed]:
    return {part.path: part for part in place(network).parts if not isinstance(part.node, Aux)}


def size(node: Node) -> int:
    return sum(1 for _ in walk(node))


@pytest.mark.parametrize(
    ("expression", "macs", "params"),
    [
        ("v3@unfactorized", 10_775_543_392, 53_555_976),
        ("v3@stacked,asymmetric,expanded", 10_212_458_080, 44_759_304),
        ("v1@naive", 12_568_061_056, 97_526_008),
        ("v1@naive-projected", 4_426_547_200, 25_305_944),
        ("v3@stem-7x7", 5_299_886_272, 23_815_336),
        ("v2@factorized-7x7", 5_713_216_096, 23_834_568),
        ("v3@low-res=151", 5_713_216_096, 23_834_568),
        ("v3@low-res=79", 5_361_703_520, 23_834_568),
        ("v2@low-res=151", 4_745_901_248, 23_815_336),
        ("v2@low-res=79", 5_146_724_032, 23_815_336),
    ],
)
def test_known_totals(expression: str, macs: int, params: int) -> None:
    cost = cost_of(load(expression))
    assert (cost.macs, cost.params) == (macs, params)


def test_the_rows_of_the_ablation_table_lead_from_v2_to_v3() -> None:
    built, published = load("v2@rmsprop,label-smoothing,factorized-7x7,bn-auxiliary"), load("v3")
    assert built.trunk == published.trunk
    assert built.recipe == published.recipe
    assert load("v2").trunk != published.trunk


def test_the_stem_undone_is_the_body_of_v2() -> None:
    assert cost_of(load("v3@unfactorized,stem-7x7")).macs < cost_of(load("v3@unfactorized")).macs
    assert cost_of(load("v3@unfactorized,stem-7x7")).macs == cost_of(load("v2@unfactorized")).macs


def test_order_is_meaning() -> None:
    costs = {order: cost_of(load(f"v3@{','.join(order)}")).macs for order in permutations(UNFACTORING)}
    assert max(costs.values()) == costs[UNFACTORING]
    assert set(costs.values()) == {10_775_543_392, 10_212_458_080}
    assert all((macs == 10_775_543_392) == (order.index("expanded") < order.index("stacked")) for order, macs in costs.items())


@pytest.mark.parametrize("name", network_names())
@pytest.mark.parametrize("pass_name", PASSES)
def test_a_derivation_adds_up(name: str, pass_name: str) -> None:
    network = load(name)
    if not would_apply(network, pass_name):
        with pytest.raises(AnalyzerError, match=r"finds nothing to change|does not fit together"):
            rewrite(network, [order(pass_name)])
        return
    rewritten = rewrite(network, [order(pass_name)])
    assert rewritten.derivation
    check_sums(rewritten, heads=PASSES[pass_name].local)


def check_sums(rewritten: Rewritten, *, heads: bool) -> None:
    """The lines of the trunk make up the difference at inference, those of the heads the rest of that in training."""
    ends = (rewritten.original, rewritten.network)
    by_block = any(step.path and not step.parts and not step.aux for step in rewritten.derivation)
    heads = heads and not by_block  # what is told block by block is told of the trunk
    for aux in (False, True) if heads else (False,):
        before, after = (total(place(network, aux=aux)) for network in ends)
        steps = [step for step in rewritten.derivation if aux or not step.aux]
        assert sum(step.macs for step in steps) == after.macs - before.macs
        assert sum(step.params for step in steps) == after.params - before.params
        assert sum(step.activations for step in steps) == after.activations - before.activations


@pytest.mark.parametrize("name", network_names())
@pytest.mark.parametrize("pass_name", [name for name, found in PASSES.items() if found.local])
def test_a_local_pass_keeps_what_blocks_write(name: str, pass_name: str) -> None:
    network = load(name)
    if would_apply(network, pass_name):
        old, new = blocks(network), blocks(rewrite(network, [order(pass_name)]).network)
        both = old.keys() & new.keys()
        inner = [path for path in both if old[path].kind]
        assert all(old[path].writes == new[path].writes for path in inner)
        assert list(old.values())[-1].writes == list(new.values())[-1].writes
        if PASSES[pass_name].keeps_field:
            assert all(reach_of(old[path]) == reach_of(new[path]) for path in both)


@given(networks())
def test_unfactoring_keeps_shapes_and_fields_and_shrinks_the_tree(network: Network) -> None:
    for name in UNFACTORING:
        before = network
        network, changes = apply_order(before, orders_of(name)[0])
        old, new = place(before), place(network)
        assert (old.writes, reach_of(old)) == (new.writes, reach_of(new))
        assert size(network.trunk) <= size(before.trunk) - len(changes)


@given(networks())
def test_unfactoring_twice_is_unfactoring_once(network: Network) -> None:
    once = rewrite(network, "unfactorized").network
    assert rewrite(once, ["unfactorized"]).network == once


@given(networks())
def test_random_derivations_add_up(network: Network) -> None:
    for name in applicable(network):
        if PASSES[name].local:
            check_sums(rewrite(network, [order(name)]), heads=True)


@pytest.mark.parametrize("name", FAMILY)
def test_a_rewritten_network_reads_back(name: str) -> None:
    for expression in (f"{name}@unfactorized", f"{name}@factorized"):
        trunk = load(expression).trunk
        assert from_source(trunk_source(trunk)) == trunk


def test_factoring_undoes_unfactoring_at_equal_widths() -> None:
    """A 5x5 made of two 3x3 of one width splits into the same two."""
    both = load("bn-inception@stacked,split-5x5")
    kept = {path for path, node in walk(load("bn-inception").trunk) if isinstance(node, Conv)}
    assert {path for path, node in walk(both.trunk) if isinstance(node, Conv)} == kept
    assert cost_of(both).macs == cost_of(load("bn-inception")).macs


@pytest.mark.parametrize(("choice", "between"), [("input", 16), ("output", 32), ("mean", 22)])
def test_the_width_between_two_halves_is_a_choice(choice: str, between: int) -> None:
    network = load(f"v1@split-5x5={choice}")
    arm = next(node for path, node in walk(network.trunk) if path == "inception_3a.5x5" and isinstance(node, Sequence))
    assert [step.out for step in arm.steps if isinstance(step, Conv)] == [16, between, 32]


def test_two_2x2_keep_the_grid_and_save_a_ninth() -> None:
    network = load("vgg11")
    assert not would_apply(network, "split-2x2")  # layers of a trunk are left alone
    step = rewrite(load("bn-inception"), ["split-2x2"]).derivation[0]
    same_width = [
        step for step in rewrite(load("bn-inception"), ["split-2x2=input"]).derivation if step.widths_after.count("96") == 2
    ]
    assert step.after == "2x2 + 2x2"
    assert all(9 * step.cost_after.macs == 8 * step.cost_before.macs for step in same_width if step.widths_before == "96")


def test_naive_modules_pass_their_input_through() -> None:
    grown = [part.writes.channels for path, part in blocks(load("v1@naive")).items() if path.startswith("inception_")]
    assert grown == [416, 832, 1280, 1728, 2176, 2640, 3344, 4048, 4944]


@pytest.mark.parametrize("expression", ["v3@pool-then-expand", "v3@expand-then-pool"])
def test_old_reductions_write_the_same(expression: str) -> None:
    old, new = blocks(load("v3")), blocks(load(expression))
    assert old["mixed_6a"].writes == new["mixed_6a"].writes == Shape(768, 17, 17)
    cheaper = cost_of(load(expression)).macs < cost_of(load("v3")).macs
    assert cheaper == (expression == "v3@pool-then-expand")


def test_ablations_do_what_they_say() -> None:
    def kinds(expression: str) -> list[Node]:
        return [node for _, node in walk(load(expression).trunk)]

    assert not any(isinstance(node, Aux) for node in kinds("v3@without-aux"))
    assert all(node.norm is None and node.bias for node in kinds("v3@without-bn") if isinstance(node, Conv))
    assert not any(isinstance(node, Residual) for node in kinds("ir2@without-residual"))
    assert all(node.norm is not None for node in kinds("ir2@bn-after-sum") if isinstance(node, Residual))
    assert {node.scale for node in kinds("ir2@residual-scale=0.25") if isinstance(node, Residual)} == {0.25}
    assert load("v1@label-smoothing=0.2").recipe.label_smoothing == 0.2
    assert load("v2@rmsprop").recipe.optimizer == "rmsprop"


def test_series_writes_as_many_channels_and_sees_a_square() -> None:
    series, parallel = blocks(load("v3@series-instead-of-parallel")), blocks(load("v3"))
    assert series["mixed_7c"].writes == parallel["mixed_7c"].writes
    assert not any(isinstance(node, Branches) for node in (arm.body for arm in _arms(series["mixed_7c"].node)))


def _arms(node: Node) -> list[Named]:
    assert isinstance(node, Branches)
    return [arm for arm in node.arms if isinstance(arm, Named)]


def test_an_input_in_the_expression_is_an_input() -> None:
    assert cost_of(load("v3@input=224x320")) == cost_of(load("v3"), input=Shape(3, 224, 320))


def test_width_and_depth_scale_as_asked() -> None:
    double, cost = cost_of(load("v3@width=2")), cost_of(load("v3"))
    assert 3.9 < double.macs / cost.macs < 4
    assert double.activations == 2 * cost.activations - 1000
    deeper = blocks(load("v3@depth=3"))
    assert [path for path in deeper if path.startswith("mixed_6e")] == ["mixed_6e", "mixed_6e_2", "mixed_6e_3"]


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("v3@", "is not a model"),
        ("@stacked", "is not a model"),
        ("v3@stacked,,expanded", "is not a model"),
        ("v3@staked", "no pass is called staked"),
        ("v3@stacked=2", "takes no value"),
        ("v3@unfactorized=2", "takes no value"),
        ("v3@width", "needs a value"),
        ("v3@width=", "needs a value"),
        ("v3@width=wide", "is not a factor"),
        ("v3@width=nan", "is not a factor"),
        ("v3@width=inf", "is not a factor"),
        ("v3@width=0", "is not a factor"),
        ("ir2@width=0.3", "does not fit"),
        ("v3@depth=1.5", "is not a whole number"),
        ("v3@low-res=100", "no net for 100"),
        ("v3@input=big", "is not a size"),
        ("v3@input=20", "does not fit together"),
        ("v3@split-5x5=wide", "is not 'wide'"),
        ("ir2@residual-scale=2", "is not a scale"),
        ("ir2@residual-scale=x", "is not a scale"),
        ("v3@label-smoothing=1", "is not a share"),
        ("v3@width=2,width=3", "contradict each other"),
        ("v3@width=2,width=2", "contradict each other"),
        ("v1@naive,naive-projected", "contradict each other"),
        ("v3@input=200,low-res=151", "contradict each other"),
        ("v1@low-res=151", "finds nothing to change"),
        ("v3@bn-after-sum", "finds nothing to change in v3"),
        ("v3@stem-7x7,stem-7x7", "finds nothing to change after stem-7x7"),
        ("v3@series-instead-of-parallel,expanded", "finds nothing to change after"),
        ("ir2@without-residual,bn-after-sum", "finds nothing to change after"),
        ("v5@stacked", "no network is called v5"),
    ],
)
def test_what_makes_no_sense_is_refused(expression: str, words: str) -> None:
    with pytest.raises(AnalyzerError, match=words) as caught:
        load(expression)
    assert caught.value.facts
    assert caught.value.code == 2


def test_a_pass_that_applies_nowhere_names_those_that_would() -> None:
    with pytest.raises(AnalyzerError) as caught:
        load("v1@asymmetric")
    assert dict(caught.value.facts)["would apply"].split() == list(applicable(load("v1")))


def test_an_order_that_spoils_a_pass_is_explained() -> None:
    with pytest.raises(AnalyzerError) as caught:
        load("v3@series-instead-of-parallel,expanded")
    assert dict(caught.value.facts)["order is meaning"] == "it would apply to v3 before series-instead-of-parallel"


@pytest.mark.parametrize("expression", ["v3", "v3@unfactorized", "v1@split-5x5=mean,stem-7x7", "v3@width=2,input=331"])
def test_an_expression_prints_as_itself(expression: str) -> None:
    from inception_analyzer.expressions import parse

    assert str(parse(expression)) == expression


def test_a_canonical_list_may_find_all_done() -> None:
    assert load("v1@unfactorized").trunk == load("v1").trunk
    assert load("v3@unfactorized,unfactorized").trunk == load("v3@unfactorized").trunk
