"""The counters of others: exact where they were not, honest about the rest, and without a trace on the module."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import network_of, networks
from torch import nn

from inception_analyzer.cost import cost_of
from inception_analyzer.lab.build import build, image_batch
from inception_analyzer.lab.counters import fvcore_tally, groups_overcounted, kept_elements, torch_tally
from inception_analyzer.lab.modules import Net
from inception_analyzer.lab.untouched import untouched
from inception_analyzer.place import place
from inception_analyzer.spec import Network
from inception_analyzer.words import aux, biased, branches, conv, dropout, globalpool, linear, localnorm, maxpool

COUNTERS: dict[str, Callable[..., Any]] = {"torch": torch_tally, "fvcore": fvcore_tally, "kept": kept_elements}

WITH_HEADS = network_of(
    conv(8, 3),
    aux("aux1", conv(4, 1), linear(5), weight=0.3),
    dropout(0.5),
    conv(8, 3, 2),
    aux("aux2", globalpool(), linear(7), weight=0.3),
    linear(4),
)
HEADS = {"aux1", "aux1.0", "aux1.0.norm", "aux1.1", "aux2", "aux2.0", "aux2.1"}


def state(net: Net) -> dict[str, Any]:
    """Everything about a module that counting could change, and the random state."""
    hooks = {
        f"{path}.{name}": dict(value)
        for path, module in net.named_modules()
        for name, value in vars(module).items()
        if name.endswith("_hooks") and isinstance(value, dict)
    }
    shared = {
        name: dict(value)
        for name, value in vars(nn.modules.module).items()
        if name.startswith("_global") and "hooks" in name and isinstance(value, dict)
    }
    return {
        "modes": {path: module.training for path, module in net.named_modules()},
        "numbers": {name: value.clone() for name, value in net.state_dict().items()},
        "grads": {
            name: (id(param.grad), param.grad if param.grad is None else param.grad.clone())
            for name, param in net.named_parameters()
        },
        "wanted": {name: param.requires_grad for name, param in net.named_parameters()},
        "hooks": hooks,
        "shared hooks": shared,
        "random": torch.get_rng_state(),
        "grad mode": torch.is_grad_enabled(),
    }


def same(one: Any, other: Any) -> bool:
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, tuple):
        return all(map(same, one, other))
    return torch.equal(one, other) if isinstance(one, torch.Tensor) else bool(one == other)


@st.composite
def used_modules(draw: st.DrawFn) -> tuple[Network, Net]:
    """A module in the middle of its life: modes, gradients, frozen parameters and a hook of its user."""
    network = draw(networks())
    net = build(network, aux=draw(st.booleans()))
    net.register_forward_hook(lambda *_: None)
    for layer in net.modules():
        layer.training = draw(st.booleans())
    for param in net.parameters():
        kind = draw(st.sampled_from(("fresh", "with gradient", "frozen")))
        param.requires_grad_(kind != "frozen")
        param.grad = torch.ones_like(param) if kind == "with gradient" else None
    return network, net


@pytest.mark.parametrize("counter", COUNTERS)
@settings(max_examples=15)
@given(used_modules())
def test_counting_leaves_the_module_as_it_was_and_counts_the_same_again(counter: str, used: tuple[Network, Net]) -> None:
    network, net = used
    images = image_batch(network, 2)
    before = state(net)
    once = COUNTERS[counter](net, images)
    after = state(net)
    assert [part for part in before if not same(before[part], after[part])] == []
    assert COUNTERS[counter](net, images) == once


@pytest.mark.parametrize("counter", COUNTERS)
def test_an_error_inside_leaves_the_module_as_it_was(counter: str) -> None:
    net = build(WITH_HEADS, aux=True)
    net.get_submodule("5").register_forward_pre_hook(lambda *_: 1 / 0)
    before = state(net)
    with pytest.raises(ZeroDivisionError):
        COUNTERS[counter](net, image_batch(WITH_HEADS, 2))
    after = state(net)
    assert [part for part in before if not same(before[part], after[part])] == []


def test_untouched_undoes_whatever_is_done() -> None:
    net = build(WITH_HEADS, aux=True)
    net(image_batch(WITH_HEADS, 2)).logits.sum().backward()
    before = state(net)
    with untouched(net):
        net(image_batch(WITH_HEADS, 2)).logits.sum().backward()
        net.eval().requires_grad_(False)
        torch.manual_seed(5)
    assert same(before, state(net))


def test_counting_does_not_depend_on_the_askers_grad_mode() -> None:
    net, images = build(WITH_HEADS, aux=True, device="meta"), image_batch(WITH_HEADS, 2, device="meta")
    tally, kept = torch_tally(net, images), kept_elements(net, images)
    with torch.no_grad():
        assert torch_tally(net, images) == tally
        assert kept_elements(net, images) == kept


def test_frozen_parameters_are_counted_as_if_they_trained() -> None:
    net, images = build(WITH_HEADS, aux=True, device="meta"), image_batch(WITH_HEADS, 2, device="meta")
    tally = torch_tally(net, images)
    assert torch_tally(net.requires_grad_(False), images) == tally


def test_a_network_without_weights_costs_nothing() -> None:
    bare = network_of(maxpool(3, 2), globalpool())
    tally = torch_tally(build(bare, device="meta"), image_batch(bare, 2, device="meta"))
    assert (tally.macs, tally.macs_backward) == (0, 0)
    assert fvcore_tally(build(bare), image_batch(bare, 2)).macs == 0


def test_a_forward_count_has_no_backward() -> None:
    net, images = build(WITH_HEADS, aux=True, device="meta"), image_batch(WITH_HEADS, 2, device="meta")
    tally = torch_tally(net, images, backward=False)
    assert tally.backward == {}
    assert tally.forward == torch_tally(net, images).forward
    assert all(param.requires_grad for param in net.parameters())


def test_torch_overcounts_groups() -> None:
    assert groups_overcounted() is True, (
        "this torch counts the weight gradients of grouped convolutions right: once it is the oldest torch allowed, delete"
        " groups_overcounted and _Book._corrected with its caller from lab/counters.py, and this test"
    )


@pytest.mark.parametrize("groups", [1, 2, 4, 8])
@pytest.mark.parametrize("behind", [True, False], ids=["both gradients", "weight gradient"])
def test_gradients_of_grouped_convolutions_are_exact(groups: int, behind: bool) -> None:
    grouped = biased(16, 3, 2, groups=groups)
    asked = network_of(biased(8, 1), grouped) if behind else network_of(maxpool(3, 1, 1), biased(24, 3, groups=3))
    tally = torch_tally(build(asked, device="meta"), image_batch(asked, 2, device="meta"))
    layer = place(asked).parts[1]
    weights = 9 * 16 * 8 // groups if behind else 9 * 24
    macs = 2 * weights * layer.writes.height * layer.writes.width
    assert tally.forward["1"] == macs
    assert tally.backward["1"] == (2 * macs if behind else macs)


def test_ops_without_a_formula_are_named() -> None:
    asked = network_of(
        conv(8, 3), localnorm(), maxpool(2, 2), dropout(0.5), branches(conv(4, 1), conv(4, 1)), globalpool(), linear(4)
    )
    seen = torch_tally(build(asked, device="meta"), image_batch(asked, 2, device="meta")).uncounted
    assert {"max_pool2d_with_indices", "pow", "relu_", "cat", "mean", "threshold_backward"} <= seen.keys()
    assert not {"convolution", "convolution_backward", "addmm", "mm", "view", "t"} & seen.keys()
    assert seen["relu_"] == 3
    foreign = fvcore_tally(build(asked), image_batch(asked, 2)).uncounted
    assert {"aten::max_pool2d", "aten::pow", "aten::mean"} <= foreign.keys()


@pytest.mark.parametrize(("counter", "device"), [("torch", "meta"), ("fvcore", "cpu")])
def test_heads_that_eval_does_not_call_are_named(counter: str, device: str) -> None:
    net, images = build(WITH_HEADS, aux=True, device=device), image_batch(WITH_HEADS, 2, device=device)
    assert COUNTERS[counter](net, images).uncalled == ()
    tally = COUNTERS[counter](net.eval(), images)
    assert set(tally.uncalled) == HEADS
    assert tally.macs == 2 * cost_of(WITH_HEADS).macs
    assert COUNTERS[counter](net.train(), images).macs == 2 * cost_of(WITH_HEADS, training=True).macs


@settings(max_examples=15)
@given(networks(), st.integers(2, 4))
def test_counts_grow_with_the_batch(network: Network, batch: int) -> None:
    net = build(network, device="meta")
    one, many = (torch_tally(net.eval(), image_batch(network, size, device="meta")) for size in (1, batch))
    assert many.forward == {path: batch * macs for path, macs in one.forward.items()}
    assert many.backward == {path: batch * macs for path, macs in one.backward.items()}


def test_a_storage_is_kept_once_and_parameters_never() -> None:
    shared = network_of(biased(4, 1), branches(biased(4, 1, act="none"), biased(4, 3, act="none")))
    net, images = build(shared, device="meta"), image_batch(shared, 2, device="meta")
    assert kept_elements(net, images) == 2 * (3 * 120 + 4 * 120)


def test_eval_keeps_less_than_training() -> None:
    net, images = build(WITH_HEADS, aux=True, device="meta"), image_batch(WITH_HEADS, 2, device="meta")
    assert kept_elements(net.eval(), images) < kept_elements(net.train(), images)
