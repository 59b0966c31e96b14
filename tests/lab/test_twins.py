"""Rewritten networks for real: three counters on every twin, forward and backward passes, folded norms."""

from __future__ import annotations

import pytest
import torch

from inception_analyzer import Shape, cost_of, load
from inception_analyzer.lab.build import build, image_batch
from inception_analyzer.lab.counters import torch_tally
from inception_analyzer.lab.crosscheck import cross_check
from inception_analyzer.lab.fold import folded
from inception_analyzer.lab.modules import Net, Outputs

TWINS = (
    "v1@naive",
    "v1@factorized",
    "bn-inception@unfactorized",
    "v2@unfactorized",
    "v3@unfactorized",
    "v3@split-2x2",
    "v4@unfactorized",
    "ir1@unfactorized",
    "ir2@unfactorized",
    "ir2@without-residual",
    "resnet50@bn-after-sum",
    "v3@series-instead-of-parallel",
    "v3@fold-bn",
    *(f"{name}@factorized" for name in ("bn-inception", "v2", "v3", "v4", "ir1", "ir2")),
)
HEADED = ("v2@unfactorized", "v3@unfactorized", "v4@unfactorized", "ir2@factorized", "v1@naive-projected")
SMALL = Shape(3, 107, 107)


@pytest.mark.parametrize("expression", TWINS)
def test_three_counters_agree_on_a_twin(expression: str) -> None:
    network = load(expression)
    # GoogLeNet's heads need their linear layers' size; the others are checked on small images for the sake of time.
    image = network.input if network.family == "v1" else Shape(3, 139, 139) if network.family != "bn" else Shape(3, 96, 96)
    check = cross_check(network, image)
    assert check.disagreements == ()
    assert check.count.cost.macs == check.forward_torch == check.forward_fvcore > 0


@pytest.mark.parametrize("expression", HEADED)
def test_heads_of_twins_are_counted_like_the_rest(expression: str) -> None:
    network = load(expression)
    module, images = build(network, aux=True, device="meta").train(), image_batch(network, 2, device="meta")
    tally, whole = torch_tally(module, images), cost_of(network, training=True)
    assert (tally.macs, tally.macs_backward) == (2 * whole.macs, 2 * whole.macs_backward)


@pytest.mark.parametrize("expression", TWINS)
def test_every_twin_trains_on_meta(expression: str) -> None:
    network = load(expression)
    net = build(network, aux=True, device="meta").train()
    outputs = net(image_batch(network, 2, device="meta"))
    logits = outputs.logits if isinstance(outputs, Outputs) else outputs
    assert logits.shape == (2, 1000)
    logits.sum().backward()
    assert all(param.grad is not None for path, param in net.named_parameters() if path.partition(".")[0] not in net.heads)


@pytest.mark.parametrize("expression", ["v1@naive-projected", "v3@unfactorized", "ir1@unfactorized", "v3@expand-then-pool"])
def test_a_twin_runs_forward_and_backward(expression: str) -> None:
    network = load(expression)
    image = network.input if network.family == "v1" else SMALL
    net = build(network, input=image).train()
    logits = net(image_batch(network, 2, input=image))
    assert isinstance(logits, torch.Tensor)
    logits.square().mean().backward()
    grads = [param.grad for param in net.parameters()]
    assert all(grad is not None and torch.isfinite(grad).all() for grad in grads)
    assert all(grad.abs().max() > 0 for grad in grads if grad is not None and grad.dim() == 4)


@pytest.mark.parametrize("name", ["v3", "bn-inception", "ir1", "ir1@bn-after-sum", "resnet50"])
def test_folding_norms_changes_nothing_at_inference(name: str) -> None:
    network = load(name)
    image = Shape(3, 96, 96) if name == "bn-inception" else SMALL
    net = build(network, input=image).eval()
    scatter(net)
    images = image_batch(network, 2, input=image)
    plain = folded(net, network, input=image)
    left = [path for path, part in plain.named_modules() if isinstance(part, torch.nn.BatchNorm2d)]
    assert all(name.endswith("bn-after-sum") and path.count(".") == 1 for path in left)
    with torch.no_grad():
        one, other = net(images), plain(images)
        raw = build(load(f"{name},fold-bn" if "@" in name else f"{name}@fold-bn"), input=image).eval()(images)
    assert (one - other).abs().max() <= 1e-5 * one.abs().max()
    assert (one - raw).abs().max() > 1e-2 * one.abs().max()  # the weights do matter


def test_folding_keeps_the_heads() -> None:
    network = load("v3")
    net = build(network, aux=True).train()
    scatter(net)
    plain = folded(net, network)
    outputs = plain(image_batch(network, 2))
    assert isinstance(outputs, Outputs)
    assert len(outputs.aux) == 1
    assert torch.equal(plain.get_submodule("aux.4").weight, net.get_submodule("aux.4").weight)


def scatter(net: Net) -> None:
    """Norms that have seen data: gains, shifts, means and variances away from 1 and 0."""
    generator = torch.Generator().manual_seed(1)
    with torch.no_grad():
        for part in net.modules():
            if isinstance(part, torch.nn.BatchNorm2d):
                for tensor, low, high in (
                    (part.weight, 0.7, 1.3),
                    (part.bias, -0.2, 0.2),
                    (part.running_mean, -0.3, 0.3),
                    (part.running_var, 0.6, 1.4),
                ):
                    assert tensor is not None
                    tensor.uniform_(low, high, generator=generator)
