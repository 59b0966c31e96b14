"""What training holds: weights, gradients, the optimiser's state, and what autograd keeps, counted on shapes alone."""

from __future__ import annotations

from contextlib import nullcontext

import torch
from torch import Tensor, nn
from torch._subclasses.fake_tensor import FakeTensorMode

from inception_analyzer.lab.build import build, image_batch
from inception_analyzer.lab.phases import casting, optimizer_of
from inception_analyzer.lab.untouched import untouched
from inception_analyzer.spec import Aux, Network, Shape
from inception_analyzer.timings import Memory, Setup


def training_memory(network: Network, setup: Setup, image: Shape | None = None) -> Memory:
    """The bytes of one training step with this batch, without the memory that it takes: only shapes are followed.

    They are followed on `meta`, which needs no device at all; but autocast does not know `meta`, so half precision takes
    fakes of the device's own tensors, slower to build.
    """
    half = setup.dtype not in ("fp32", "tf32")
    device = torch.device(setup.device).type if half else "meta"
    with FakeTensorMode() if half else nullcontext():
        return _followed(network, setup, image, device)


def _followed(network: Network, setup: Setup, image: Shape | None, device: str) -> Memory:
    heads = any(isinstance(step, Aux) for step in network.trunk.steps)
    net = build(network, aux=heads, device=device, input=image).train()
    images = image_batch(network, setup.batch, device=device, input=image)
    weights = sum(param.nbytes for param in net.parameters())
    with casting(setup)():
        by_block = kept_bytes(net, images)
    return Memory(
        dtype=setup.dtype,
        expression=network.label,
        batch=setup.batch,
        parameters=weights + sum(buffer.nbytes for buffer in net.buffers()),
        gradients=weights,
        optimizer=_state_bytes(optimizer_of(network, net, setup), net),
        kept=sum(size for _, size in by_block),
        by_block=by_block,
    )


def kept_bytes(net: nn.Module, images: Tensor) -> tuple[tuple[str, int], ...]:
    """Bytes that autograd saves for the backward pass by block, each storage once, weights aside."""
    seen: dict[int, int] = {}
    own = {_key(tensor) for tensor in (*net.parameters(), *net.buffers())}
    alive: list[Tensor] = []
    blocks: dict[str, int] = {name: 0 for name, _ in net.named_children()}
    current = [""]

    def save(tensor: Tensor) -> Tensor:
        key = _key(tensor)
        if key not in own and key not in seen:
            seen[key] = tensor.untyped_storage().nbytes()
            blocks[current[0]] = blocks.get(current[0], 0) + seen[key]
            alive.append(tensor)  # a storage that is freed would give its place to another
        return tensor

    hooks = [child.register_forward_pre_hook(_entering(current, name)) for name, child in net.named_children()]
    try:
        with untouched(net), torch.enable_grad(), torch.autograd.graph.saved_tensors_hooks(save, lambda tensor: tensor):
            outputs = net(images)
        del outputs
    finally:
        for hook in hooks:
            hook.remove()
    return tuple((name, size) for name, size in blocks.items() if size)


def _entering(current: list[str], name: str):  # type: ignore[no-untyped-def]  # noqa: ANN202  (torch's hook type)
    def enter(*_: object) -> None:
        current[0] = name

    return enter


def _state_bytes(optimizer: torch.optim.Optimizer, net: nn.Module) -> int:
    """What the optimiser remembers after its first step."""
    for param in net.parameters():
        param.grad = torch.empty_like(param)
    optimizer.step()
    tensors = (value for state in optimizer.state.values() for value in state.values() if isinstance(value, Tensor))
    size = sum(tensor.nbytes for tensor in tensors if tensor.dim())
    optimizer.zero_grad()
    return size


def _key(tensor: Tensor) -> int:
    return int(tensor.untyped_storage()._cdata)
