"""What auxiliary heads do: their losses add up, their gradients end below them, and at inference they are not there."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from inception_analyzer.expressions import load
from inception_analyzer.lab.build import build, image_batch
from inception_analyzer.lab.identities.kernels import relative
from inception_analyzer.lab.modules import ConvUnit, LinearUnit, Net, Outputs
from inception_analyzer.spec import Aux, Network, Shape

# A quarter of each width over half of the image: what is asked depends on neither, and a full one takes a second per gradient.
IMAGE, BATCH = Shape(3, 112, 112), 4
PLAIN, NORMED = "v1@width=0.25", "bn-googlenet@width=0.25"

Filling = Callable[[Net, torch.Generator], None]


def heads() -> Mapping[str, float]:
    """Gradients of the whole loss beside those of its parts, and the logits of one network with and without its heads."""
    network = load(PLAIN)
    net, losses = _started(network, he)
    weights = [1.0, *_weights(network)]
    whole = torch.stack([weight * loss for weight, loss in zip(weights, losses, strict=True)]).sum()
    apart = [_gradients(loss, net) for loss in losses]
    summed = torch.stack([weight * _flat(grads) for weight, grads in zip(weights, apart, strict=True)]).sum(0)
    return {
        "sum": relative(_flat(_gradients(whole, net)), summed),
        "above": _flat([grad for grads in apart[1:] for grad in _behind_heads(grads, net)]).norm().item(),
        "below": _flat([grads[0] for grads in apart[1:]]).norm().item(),
        "v1.logits": _differing(network, IMAGE),
        "v3.logits": _differing(load("v3@width=0.25"), load("v3").input),
    }


def head_gradients() -> Mapping[str, float]:
    """The gradient at the first layer of a network that was not trained yet, of the last loss alone and with the heads'."""
    figures: dict[str, float] = {}
    for name, expression in (("plain", PLAIN), ("normed", NORMED)):
        network = load(expression)
        for start, fill in (("default", default), ("he", he)):
            net, losses = _started(network, fill)
            first = net.get_submodule("conv1").weight
            assert isinstance(first, Tensor)
            grads = [torch.autograd.grad(loss, first, retain_graph=True)[0] for loss in losses]
            every = torch.stack([w * grad for w, grad in zip([1.0, *_weights(network)], grads, strict=True)]).sum(0)
            figures |= {f"{name}.{start}.main": grads[0].norm().item(), f"{name}.{start}.all": every.norm().item()}
    return figures


def default(net: Net, dice: torch.Generator) -> None:
    """As torch fills its layers: evenly within one over the root of what an output sums up, biases too."""
    for layer in _layers(net):
        bound = 1 / math.sqrt(layer.weight[0].numel())
        layer.weight.uniform_(-bound, bound, generator=dice)
        if layer.bias is not None:
            layer.bias.uniform_(-bound, bound, generator=dice)


def he(net: Net, dice: torch.Generator) -> None:
    """He's rule, which keeps the size of activations through ReLU; biases zero."""
    for layer in _layers(net):
        layer.weight.normal_(0, math.sqrt(2 / layer.weight[0].numel()), generator=dice)
        if layer.bias is not None:
            layer.bias.zero_()


def _layers(net: Net) -> Sequence[ConvUnit | LinearUnit]:
    return [layer for layer in net.modules() if isinstance(layer, (ConvUnit, LinearUnit))]


def _started(network: Network, fill: Filling) -> tuple[Net, tuple[Tensor, ...]]:
    """A network in training, without its dropouts, and its losses on four images: the last, then those of the heads."""
    dice = torch.Generator().manual_seed(0)
    net = build(network, aux=True, input=IMAGE).double().train()
    for part in net.modules():
        if isinstance(part, nn.Dropout):
            part.eval()
    with torch.no_grad():
        fill(net, dice)
    images = torch.randn((BATCH, IMAGE.channels, *IMAGE.grid), generator=dice, dtype=torch.float64)
    labels = torch.randint(1000, (BATCH,), generator=dice)
    outputs = net(images)
    assert isinstance(outputs, Outputs)
    return net, tuple(F.cross_entropy(logits, labels) for logits in (outputs.logits, *outputs.aux))


def _weights(network: Network) -> list[float]:
    return [step.weight for step in network.trunk.steps if isinstance(step, Aux)]


def _gradients(loss: Tensor, net: Net) -> tuple[Tensor, ...]:
    """By parameter; zero where the loss does not depend on one."""
    return torch.autograd.grad(loss, list(net.parameters()), retain_graph=True, allow_unused=True, materialize_grads=True)


def _behind_heads(grads: Sequence[Tensor], net: Net) -> list[Tensor]:
    """Those of the layers behind the last head."""
    blocks = list(dict.fromkeys(name.partition(".")[0] for name, _ in net.named_parameters()))
    last = max(blocks.index(head) for head in net.heads)
    names = [name.partition(".")[0] for name, _ in net.named_parameters()]
    return [grad for name, grad in zip(names, grads, strict=True) if blocks.index(name) > last]


def _flat(tensors: Sequence[Tensor]) -> Tensor:
    return torch.cat([one.flatten() for one in tensors])


def _differing(network: Network, image: Shape) -> float:
    """How many logits change by a bit when a network loses its heads and keeps its other weights."""
    with_heads = build(network, aux=True, input=image).eval()
    without = build(network, input=image).eval()
    kept = without.state_dict().keys()
    without.load_state_dict({name: value for name, value in with_heads.state_dict().items() if name in kept})
    images = image_batch(network, 1, input=image)
    with torch.inference_mode():
        one, other = with_heads(images), without(images)
    return float((one != other).sum())


IDENTITIES = {"heads": heads, "head-gradients": head_gradients}
