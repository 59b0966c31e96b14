"""Two counters that are not ours: torch's at the dispatcher, and fvcore's on a trace. Both converted to multiply-adds here."""

from __future__ import annotations

import logging
import warnings
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from fvcore.nn import FlopCountAnalysis
from torch import Tensor, nn
from torch.autograd import _get_sequence_nr  # type: ignore[attr-defined]  # untyped, like all below
from torch.nn.modules.module import register_module_forward_pre_hook
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import FlopCounterMode, flop_registry

from inception_analyzer.lab.untouched import untouched

aten = torch.ops.aten

# Views and shape questions cost nothing, so nothing is owed for them.
FREE = frozenset(
    {
        "view",
        "_unsafe_view",
        "t",
        "transpose",
        "detach",
        "alias",
        "unsqueeze",
        "squeeze",
        "expand",
        "slice",
        "select",
        "as_strided",
    }
)


@dataclass(frozen=True, slots=True)
class Tally:
    """Multiply-adds by module path; `uncounted` are ops seen without a formula, `uncalled` modules that never ran."""

    forward: dict[str, int]
    backward: dict[str, int]
    uncounted: dict[str, int]
    uncalled: tuple[str, ...] = ()

    @property
    def macs(self) -> int:
        return sum(self.forward.values())

    @property
    def macs_backward(self) -> int:
        return sum(self.backward.values())


def torch_tally(module: nn.Module, images: Tensor, *, backward: bool = True) -> Tally:
    """By torch's FlopCounterMode: a forward pass in the module's mode and the backward pass from the sum of its outputs."""
    with untouched(module):
        module.requires_grad_(backward)
        book = _Book()
        counter = FlopCounterMode(display=False, custom_mapping=book.formulas())
        book.where = lambda: counter.mod_tracker.parents
        with torch.set_grad_enabled(backward), _called() as called, _OpsSeen(counter.flop_registry) as seen, counter:
            total = sum(out.sum() for out in _outputs(module(images)))
            if isinstance(total, Tensor) and total.requires_grad:
                total.backward()
    uncalled = tuple(name for name, part in module.named_modules() if part not in called)
    return Tally(_halved(book.forward), _halved(book.backward), dict(seen.uncounted), uncalled)


def fvcore_tally(module: nn.Module, images: Tensor) -> Tally:
    """By fvcore on a jit trace: its convolutions and linear layers, one per multiply-add; it counts no backward pass."""
    with untouched(module), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        logging.getLogger("fvcore").setLevel(logging.ERROR)
        analysis = FlopCountAnalysis(module, images)
        analysis.unsupported_ops_warnings(False).uncalled_modules_warnings(False)
        by_module = analysis.by_module_and_operator()
        uncounted, uncalled = analysis.unsupported_ops(), analysis.uncalled_modules()
    leaves = {path for path, part in module.named_modules() if isinstance(part, (nn.Conv2d, nn.Linear))}
    forward = {path: int(ops["conv"] + ops["linear"]) for path, ops in by_module.items() if path in leaves}
    counted = {path: macs for path, macs in forward.items() if macs}
    return Tally(counted, {}, {name: int(calls) for name, calls in uncounted.items()}, tuple(sorted(uncalled)))


def kept_elements(module: nn.Module, images: Tensor) -> int:
    """Activation elements that autograd saves in a forward pass of this mode, each storage once, parameters aside.

    Statistics of one number per channel are no activations; they are told apart by having a single dimension.
    """
    storages: dict[int, int] = {}
    own = {_storage(tensor) for tensor in (*module.parameters(), *module.buffers())}
    alive: list[Tensor] = []

    def save(tensor: Tensor) -> Tensor:
        key = _storage(tensor)
        if key not in own and tensor.dim() > 1:
            storages[key] = tensor.untyped_storage().nbytes() // tensor.element_size()
            alive.append(tensor)
        return tensor

    with untouched(module), torch.enable_grad(), torch.autograd.graph.saved_tensors_hooks(save, lambda tensor: tensor):
        outputs = module(images)
    del outputs
    return sum(storages.values())


def groups_overcounted() -> bool:
    """Whether this torch multiplies the weight gradient of a grouped convolution by its groups (2.13 does)."""
    grad, x, weight = (
        torch.empty(1, 4, 2, 2, device="meta"),
        torch.empty(1, 4, 2, 2, device="meta"),
        torch.empty(4, 2, 1, 1, device="meta"),
    )
    mask = [False, True, False]
    formula = flop_registry[aten.convolution_backward]
    flops = formula(grad, x, weight, None, [1, 1], [0, 0], [1, 1], False, [0, 0], 2, mask, out_val=(None, weight, None))
    return bool(flops > 2 * grad.numel() * weight[0].numel())


class _Book:
    """Who did what: forward work by the module that runs, backward work by the autograd node that the module left."""

    def __init__(self) -> None:
        self.forward: dict[str, int] = defaultdict(int)
        self.backward: dict[str, int] = defaultdict(int)
        self.where: Callable[[], Iterable[str]] = tuple
        self._left: dict[int, str] = {}
        self._divide = groups_overcounted()

    def formulas(self) -> dict[Any, Any]:
        return {op: self._raw(op) for op in (aten.convolution, aten.addmm, aten.mm, aten.convolution_backward)}

    def _raw(self, op: Any) -> Callable[..., int]:  # noqa: ANN401  (an op packet has no type)
        def formula(*args: Any, **kwargs: Any) -> int:  # noqa: ANN401
            flops = int(flop_registry[op](*args, **kwargs))
            if op is aten.convolution_backward and self._divide:
                flops = self._corrected(flops, args, kwargs)
            self._enter(flops)
            return flops

        formula._get_raw = True  # type: ignore[attr-defined]  # torch's own mark for formulas that see tensors
        return formula

    def _enter(self, flops: int) -> None:
        node = torch._C._current_autograd_node()  # type: ignore[attr-defined]
        if node is not None:
            self.backward[self._left.get(node._sequence_nr(), "?")] += flops
            return
        path = max((_bare(name) for name in self.where()), key=len, default="")
        self.forward[path] += flops
        # The node of this op was made just before the op ran, so the next number is one further.
        self._left[_get_sequence_nr() - 1] = path

    @staticmethod
    def _corrected(flops: int, args: tuple[Any, ...], kwargs: dict[str, Any]) -> int:
        """The weight gradient's share divided by the groups; with equal shares for both gradients before."""
        groups, mask = args[9], args[10]
        if groups == 1 or not mask[1]:
            return flops
        only_input = flop_registry[aten.convolution_backward](*args[:10], [mask[0], False, mask[2]], **kwargs)
        return int(only_input) + (flops - int(only_input)) // int(groups)


class _OpsSeen(TorchDispatchMode):
    """Counts the calls of ops that the counter has no formula for."""

    def __init__(self, known: Any) -> None:  # noqa: ANN401
        super().__init__()
        self.known = known
        self.uncounted: Counter[str] = Counter()

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:  # noqa: ANN401
        packet = func._overloadpacket
        name = packet.__name__
        if packet not in self.known and name not in FREE:
            self.uncounted[name] += 1
        return func(*args, **(kwargs or {}))


def _outputs(result: Any) -> list[Tensor]:  # noqa: ANN401
    if isinstance(result, Tensor):
        return [result]
    return [tensor for part in result for tensor in _outputs(part)]


def _bare(name: str) -> str:
    """A tracker's name without the class of its root."""
    return name.partition(".")[2]


@contextmanager
def _called() -> Iterator[set[nn.Module]]:
    """The modules whose forward runs inside."""
    seen: set[nn.Module] = set()
    hook = register_module_forward_pre_hook(lambda module, _: seen.add(module))
    try:
        yield seen
    finally:
        hook.remove()


def _halved(flops: dict[str, int]) -> dict[str, int]:
    """Two flops are one multiply-add."""
    return {path: count // 2 for path, count in flops.items()}


def _storage(tensor: Tensor) -> int:
    return int(tensor.untyped_storage()._cdata)
