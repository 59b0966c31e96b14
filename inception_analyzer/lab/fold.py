"""A built network with its batch norms folded into its convolutions: other weights, the same outputs at inference."""

from __future__ import annotations

import torch
from torch import nn

from inception_analyzer.lab.build import build
from inception_analyzer.lab.modules import ConvUnit, Net
from inception_analyzer.passes import rewrite
from inception_analyzer.spec import Network, Shape


def folded(net: Net, network: Network, *, input: Shape | None = None) -> Net:
    """`network@fold-bn` with the weights of `net`, which was built from the network."""
    reference = next(net.parameters())
    plain = build(rewrite(network, ["fold-bn"]).network, aux=bool(net.heads), device=reference.device, input=input)
    plain.to(reference.dtype)
    in_convolutions = {f"{path}.norm" for path, layer in net.named_modules() if isinstance(layer, ConvUnit)}
    with torch.no_grad():
        for path, layer in net.named_modules():
            if isinstance(layer, ConvUnit):
                _fold_into(plain.get_submodule(path), layer)
            elif isinstance(layer, nn.Linear) or (isinstance(layer, nn.BatchNorm2d) and path not in in_convolutions):
                plain.get_submodule(path).load_state_dict(layer.state_dict())
    plain.train(net.training)
    return plain


def _fold_into(target: nn.Module, layer: ConvUnit) -> None:
    """weight * gain / deviation, and a bias that is the shift less the mean in the same scale (1502.03167, section 3.1)."""
    assert isinstance(target, ConvUnit)
    if layer.norm is None or target.bias is None or layer.norm.running_var is None or layer.norm.running_mean is None:
        target.load_state_dict(layer.state_dict())
        return
    scale = layer.norm.weight / torch.sqrt(layer.norm.running_var + layer.norm.eps)
    bias = layer.bias if layer.bias is not None else torch.zeros_like(layer.norm.running_mean)
    target.weight.copy_(layer.weight * scale[:, None, None, None])
    target.bias.copy_(layer.norm.bias + (bias - layer.norm.running_mean) * scale)
