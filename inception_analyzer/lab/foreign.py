"""What a torch module that is none of ours costs, counted on shapes alone: by the same counters that check our own."""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import FlopCounterMode

from inception_analyzer.errors import FAILED, AnalyzerError
from inception_analyzer.lab.counters import kept_elements, torch_tally

aten = torch.ops.aten

# Whose outputs are activations: as in our own counts those of convolutions and linear layers.
WRITING = frozenset({aten.convolution, aten.addmm, aten.mm, aten.bmm, aten.baddbmm})

Images = Tensor | Sequence[int]


@dataclass(frozen=True, slots=True)
class Counted:
    """Totals by the names of metrics, and each layer's part of them by the name of its sub-module."""

    totals: dict[str, int] = field(default_factory=dict)
    layers: dict[str, dict[str, int]] = field(default_factory=dict)


def count_module(module: nn.Module, images: Images, name: str) -> Counted:
    """A forward pass in evaluation, of one image where only its shape is given; what training keeps for its backward pass.

    Weights stay where they are: the module that runs is a copy whose tensors have shapes and nothing else. What follows
    values and not shapes alone cannot be counted so.
    """
    shapes, batch = _on_meta(module).eval(), _batch(images)
    try:
        tally = torch_tally(shapes, batch)
        with torch.no_grad(), FlopCounterMode(display=False) as counter, _Written() as written:
            shapes(batch)
    except (RuntimeError, TypeError, ValueError) as error:
        told = ("found", str(error).partition("\n")[0])
        raise AnalyzerError(f"{name} cannot be counted on shapes alone", told, code=FAILED) from None
    macs = counter.get_total_flops() // 2
    totals = {"params": _size(shapes.parameters()), "macs": macs, "activations": written.elements}
    if macs == tally.macs:  # else work that no module does by itself, whose backward pass has no name
        totals["macs_backward"] = tally.macs_backward
    with suppress(ValueError):  # a batch norm that has one value to train with
        totals["saved_bytes"] = torch.float32.itemsize * kept_elements(shapes.train(), batch)
    return Counted(totals, _layers(shapes, tally.forward, tally.backward))


def _on_meta(module: nn.Module) -> nn.Module:
    """A copy in which parameters and buffers are shapes; those that are shared stay so."""
    known: dict[int, Any] = {
        id(one): nn.Parameter(one.detach().to("meta"), requires_grad=one.requires_grad) for one in module.parameters()
    }
    known |= {id(one): one.detach().to("meta") for one in module.buffers()}
    return copy.deepcopy(module, known)


def _batch(images: Images) -> Tensor:
    if isinstance(images, Tensor):
        return images.detach().to("meta")
    shape = tuple(images) if len(images) != 3 else (1, *images)
    return torch.empty(shape, device="meta")


def _size(tensors: Any) -> int:  # noqa: ANN401
    return sum(one.numel() for one in tensors)


def _layers(module: nn.Module, forward: dict[str, int], backward: dict[str, int]) -> dict[str, dict[str, int]]:
    """By the names of sub-modules, each with its own parameters; those of several places are told at the first."""
    layers: dict[str, dict[str, int]] = defaultdict(lambda: {"params": 0, "macs": 0, "macs_backward": 0})
    seen: set[int] = set()
    for path, part in module.named_modules():
        own = [one for one in part.parameters(recurse=False) if id(one) not in seen]
        seen |= {id(one) for one in own}
        if own:
            layers[path or "."]["params"] = _size(own)
    for key, found in (("macs", forward), ("macs_backward", backward)):
        for path, macs in found.items():
            layers[path or "."][key] = macs
    return dict(layers)


class _Written(TorchDispatchMode):
    """Counts the elements that convolutions and products write."""

    def __init__(self) -> None:
        super().__init__()
        self.elements = 0

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:  # noqa: ANN401
        made = func(*args, **(kwargs or {}))
        if func._overloadpacket in WRITING:
            self.elements += made.numel()
        return made
