"""Modules built from specs: names, outputs, weights, and nothing touched outside."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from hypothesis import given, settings
from strategies import network_of, networks
from torch import Tensor, nn
from torch.utils._python_dispatch import TorchDispatchMode

from inception_analyzer.errors import SpecError
from inception_analyzer.lab.build import build, image_batch
from inception_analyzer.lab.modules import ConvUnit, LinearUnit, Net, Outputs
from inception_analyzer.networks import network, network_names
from inception_analyzer.place import NAME, Placed, place
from inception_analyzer.spec import Aux, BatchNorm, Network, Recipe, Shape
from inception_analyzer.words import aux, avgpool, biased, branches, conv, dropout, globalpool, linear, maxpool, named, residual

TINY = torch.finfo(torch.float32).tiny

TWO_HEADS = network_of(
    conv(8, 3),
    aux("aux1", linear(5), weight=0.3),
    conv(8, 3, 2),
    aux("aux2", globalpool(), linear(7), weight=0.3),
    globalpool(),
    linear(4),
)


def paths(placed: Placed) -> set[str]:
    return {placed.path}.union(*map(paths, placed.parts))


def names(net: Net) -> set[str]:
    """The modules that are places: a norm belongs to the layer before it."""
    return {name for name, module in net.named_modules() if not isinstance(module, nn.BatchNorm2d)}


def weights(net: Net) -> dict[str, Tensor]:
    return {path: layer.weight.detach() for path, layer in net.named_modules() if isinstance(layer, (ConvUnit, LinearUnit))}


@given(networks())
def test_modules_are_called_by_the_paths_of_their_places(network: Network) -> None:
    assert names(build(network, aux=True, device="meta")) == paths(place(network, aux=True))


@pytest.mark.parametrize("name", network_names())
def test_published_modules_are_called_by_their_paths(name: str) -> None:
    assert names(build(network(name), aux=True, device="meta")) == paths(place(network(name), aux=True))


def test_heads_that_are_not_asked_for_are_not_built() -> None:
    assert not any(name.startswith("aux") for name in names(build(TWO_HEADS, device="meta")))


@pytest.mark.parametrize("training", [True, False], ids=["train", "eval"])
@pytest.mark.parametrize("with_heads", [True, False], ids=["heads", "no heads"])
def test_only_training_with_heads_gives_their_logits(training: bool, with_heads: bool) -> None:
    out = build(TWO_HEADS, aux=with_heads).train(training)(image_batch(TWO_HEADS, 2))
    if training and with_heads:
        assert isinstance(out, Outputs)
        assert [tuple(head.shape) for head in out.aux] == [(2, 5), (2, 7)]
        out = out.logits
    assert isinstance(out, Tensor)
    assert out.shape == (2, 4)


def test_a_network_without_a_classifier_gives_its_map() -> None:
    headless = network_of(conv(8, 3, 2))
    assert build(headless)(image_batch(headless, 2)).shape == (2, 8, 6, 5)


def test_heads_see_what_the_trunk_carries_where_they_hang() -> None:
    net = build(TWO_HEADS, aux=True)
    images = image_batch(TWO_HEADS, 2)
    carried = net.get_submodule("0")(images)
    assert torch.equal(net(images).aux[0], net.get_submodule("aux1")(carried).flatten(1))


@settings(max_examples=20)
@given(networks())
def test_weights_and_what_they_compute_are_ordinary_numbers(network: Network) -> None:
    net = build(network, aux=True)
    for weight in weights(net).values():
        assert weight.isfinite().all()
        assert (weight.abs() >= TINY).all()
        assert weight.numel() == 1 or weight.std() > 0
    outputs: list[Tensor] = []
    for layer in net.modules():
        layer.register_forward_hook(lambda _module, _inputs, out: outputs.append(out) if isinstance(out, Tensor) else None)
    net.eval()(image_batch(network, 2))
    assert all(out.isfinite().all() for out in outputs)
    assert all(((out == 0) | (out.abs() >= TINY)).all() for out in outputs)


@pytest.mark.parametrize("name", ["inception-v3", "inception-resnet-v2", "vgg11"])
def test_deep_networks_neither_fade_nor_blow_up(name: str) -> None:
    """Time on a CPU depends on the numbers once they are denormal."""
    small = Shape(3, 79, 75)
    net = build(network(name), input=small).eval()
    with torch.inference_mode():
        logits = net(image_batch(network(name), 1, input=small))
    assert 1e-6 < logits.std() < 1e6


def test_no_filter_repeats_another() -> None:
    for weight in weights(build(network("googlenet"))).values():
        rows = weight.flatten(1)
        assert len(torch.unique(rows, dim=0)) == len(rows)


def test_layers_of_one_shape_differ() -> None:
    twins = weights(build(network_of(conv(8, 3), conv(8, 3), conv(8, 3))))
    assert twins["1"].shape == twins["2"].shape
    assert not torch.equal(twins["1"], twins["2"])


def test_weights_follow_the_seed_alone() -> None:
    for how in ("ordinary", "recipe"):
        one, same, other = (weights(build(TWO_HEADS, init=how, seed=seed)) for seed in (1, 1, 2))
        assert all(torch.equal(one[path], same[path]) for path in one)
        assert not any(torch.equal(one[path], other[path]) for path in one)


@pytest.mark.parametrize("how", ["ordinary", "recipe"])
def test_the_random_state_of_the_process_is_left_alone(how: Any) -> None:
    before = torch.get_rng_state()
    build(TWO_HEADS, aux=True, init=how)
    image_batch(TWO_HEADS, 2)
    assert torch.equal(torch.get_rng_state(), before)


def test_images_are_the_same_numbers_each_time() -> None:
    assert torch.equal(image_batch(TWO_HEADS, 2), image_batch(TWO_HEADS, 2))
    assert image_batch(TWO_HEADS, 3, input=Shape(3, 5, 7)).shape == (3, 3, 5, 7)
    assert image_batch(TWO_HEADS, 3, device="meta").is_meta


class _Allocated(TorchDispatchMode):
    """Collects every tensor with numbers that an op makes."""

    def __init__(self) -> None:
        super().__init__()
        self.tensors: list[Tensor] = []

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        out = func(*args, **(kwargs or {}))
        self.tensors += [out] if isinstance(out, Tensor) and not out.is_meta else []
        return out


def test_a_meta_build_allocates_nothing() -> None:
    with _Allocated() as allocated:
        net = build(network("inception-resnet-v2"), aux=True, device="meta")
        image_batch(network("inception-resnet-v2"), 2, device="meta")
    assert allocated.tensors == []
    assert all(tensor.is_meta for tensor in (*net.parameters(), *net.buffers()))


WIDE = network_of(
    conv(64, 3),
    conv(96, 3),
    aux("aux", conv(64, 1), conv(96, 5, padding="valid"), globalpool(), linear(50), weight=0.4),
    globalpool(),
    linear(200),
    recipe=Recipe("rmsprop", init_std=0.1),
)

# A normal distribution cut at two deviations has 0.8796 of its deviation left.
CUT = 0.8796


def test_the_recipes_deviation_is_the_weights() -> None:
    net = build(WIDE, aux=True, init="recipe")
    meant = {"0": 0.1, "1": 0.1, "4": 0.1, "aux.0": 0.1, "aux.1": 0.01, "aux.3": 0.001}
    for path, weight in weights(net).items():
        assert weight.std().item() == pytest.approx(CUT * meant[path], rel=0.06)
        assert weight.abs().max() <= 2 * meant[path]
        assert abs(weight.mean()) < 0.1 * meant[path]


def test_a_recipe_without_a_deviation_starts_as_he_would() -> None:
    he = network_of(conv(64, 3), conv(128, 3), globalpool(), linear(200))
    for weight in weights(build(he, init="recipe")).values():
        assert weight.std().item() == pytest.approx(CUT * (2 / weight[0].numel()) ** 0.5, rel=0.06)


@pytest.mark.parametrize("how", ["ordinary", "recipe"])
def test_biases_and_norms_start_neutral(how: Any) -> None:
    net = build(network_of(biased(8, 3), residual(conv(8, 1), norm=BatchNorm()), linear(4)), init=how)
    state = net.state_dict()
    assert all((value == 0).all() for name, value in state.items() if name.endswith(("bias", "running_mean")))
    assert all((value == 1).all() for name, value in state.items() if name.endswith(("norm.weight", "running_var")))


def test_a_norm_has_the_numbers_of_its_node() -> None:
    net = build(network_of(conv(8, 3, norm=BatchNorm(1e-5, 0.1)), linear(4)), device="meta")
    norm = net.get_submodule("0.norm")
    assert isinstance(norm, nn.BatchNorm2d)
    assert (norm.eps, norm.momentum) == (1e-5, 0.1)


def taken_names() -> list[str]:
    """What a torch module, and ours, already call something."""
    bare = build(network_of(linear(2)), device="meta")
    return sorted(name for name in {*dir(bare), *vars(bare)} if NAME.fullmatch(name) and name != "0")


@pytest.mark.parametrize("name", taken_names())
def test_names_that_torch_needs_are_refused(name: str) -> None:
    with pytest.raises(SpecError, match=f"'{name}' means something else on a torch module") as caught:
        build(network_of(named(name, conv(4, 1)), linear(2)), device="meta")
    assert caught.value.path == name


@pytest.mark.parametrize("name", ["forward", "training", "half", "norm", "scale", "relu", "ends_in_logits"])
def test_they_are_refused_in_arms_too(name: str) -> None:
    arms = named("mixed", branches(named(name, conv(4, 1)), named("other", conv(4, 1))))
    with pytest.raises(SpecError, match=f"'{name}' means something else on a torch module") as caught:
        build(network_of(arms, linear(2)), device="meta")
    assert caught.value.path == f"mixed.{name}"


def test_an_image_of_another_size_widens_the_first_full_layer_only() -> None:
    other = network_of(conv(4, 3), maxpool(2, 2), linear(5))
    net = build(other, input=Shape(3, 16, 20), device="meta")
    assert net.get_submodule("2").weight.shape == (5, 4 * 8 * 10)
    assert net(image_batch(other, 2, input=Shape(3, 16, 20), device="meta")).shape == (2, 5)


def test_an_image_that_does_not_fit_is_refused_before_anything_is_built() -> None:
    with pytest.raises(SpecError, match="does not fit"):
        build(network("inception-v3"), input=Shape(3, 40, 40))


def test_numbers_follow_the_spec() -> None:
    """Border rules, scale, groups and order of arms on an image that a finger can follow."""
    image = torch.arange(9.0).reshape(1, 1, 3, 3)
    one = Shape(1, 3, 3)
    means = build(network_of(branches(avgpool(3, 1, 1), avgpool(3, 1, 1, count_pad=True)), image=one))(image)
    assert means[0, :, 0, 0].tolist() == pytest.approx([8 / 4, 8 / 9])
    assert build(network_of(maxpool(2, 2, ceil=True), image=one))(image).flatten().tolist() == [4, 5, 7, 8]
    doubled = build(network_of(residual(maxpool(1, 1), scale=-3.0, act="none"), image=one))(image)
    assert torch.equal(doubled, -2 * image)
    uneven = build(network_of(biased(1, (1, 2), act="none"), image=one))
    nn.init.ones_(uneven.get_submodule("0").weight)
    assert uneven(image).flatten().tolist() == [1, 3, 2, 7, 9, 5, 13, 15, 8]


def test_dropout_drops_the_share_that_it_names() -> None:
    net = build(network_of(dropout(0.3), image=Shape(1, 100, 100)))
    ones = torch.ones(1, 1, 100, 100)
    with torch.random.fork_rng():
        assert (net(ones) == 0).float().mean() == pytest.approx(0.3, abs=0.03)
    assert torch.equal(net.eval()(ones), ones)


def test_heads_are_known_by_name() -> None:
    heads = {step.name for step in TWO_HEADS.trunk.steps if isinstance(step, Aux)}
    assert build(TWO_HEADS, aux=True, device="meta").heads == heads
