"""Looking at a module without leaving a trace on it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import nn


@contextmanager
def untouched(module: nn.Module) -> Iterator[None]:
    """Whatever happens inside, modes, buffers, gradients, grad flags, hooks and the random state are as before afterwards."""
    modes = [(part, part.training) for part in module.modules()]
    tables = [(part._buffers, dict(part._buffers)) for part in module.modules()]
    buffers = [(buffer, buffer.detach().clone()) for buffer in module.buffers()]
    params = [(param, param.grad, param.requires_grad) for param in module.parameters()]
    hooks = [(table, dict(table)) for part in module.modules() for table in _hook_tables(part)]
    random = torch.get_rng_state()
    on_devices = torch.cuda.get_rng_state_all() if torch.cuda.is_initialized() else []
    for param, _, _ in params:
        param.grad = None  # a backward pass inside would add to the gradient in place
    try:
        yield
    finally:
        torch.set_rng_state(random)
        if on_devices:
            torch.cuda.set_rng_state_all(on_devices)
        for table, before in hooks:
            table.clear()
            table.update(before)
        for part, training in modes:
            part.training = training
        for owned, as_before in tables:  # a module may have put another tensor in a buffer's place
            owned.update(as_before)
        with torch.no_grad():
            for buffer, value in buffers:
                buffer.copy_(value)
        for param, grad, requires in params:
            param.grad = grad
            param.requires_grad_(requires)


def _hook_tables(part: nn.Module) -> list[dict[int, Any]]:
    return [value for name, value in vars(part).items() if name.endswith("_hooks") and isinstance(value, dict)]
