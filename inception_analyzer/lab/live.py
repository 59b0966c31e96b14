"""The most bytes of tensors that a call holds at once, counted on shapes alone: no device, no memory, no clock."""

from __future__ import annotations

import weakref
from dataclasses import replace
from typing import Any

from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from inception_analyzer.errors import FAILED, AnalyzerError
from inception_analyzer.lab.phases import subject
from inception_analyzer.spec import Network, Shape
from inception_analyzer.timings import Setup


class Live(TorchDispatchMode):
    """Counts each storage from the operation that makes it until nobody holds it, autograd included."""

    def __init__(self) -> None:
        super().__init__()
        self.now = self.most = 0
        self._held: dict[int, weakref.ref[Any]] = {}

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:  # noqa: ANN401
        made = func(*args, **(kwargs or {}))
        for leaf in tree_leaves(made):
            if isinstance(leaf, Tensor):
                self._hold(leaf)
        return made

    def _hold(self, tensor: Tensor) -> None:
        storage = tensor.untyped_storage()
        key, size = storage._cdata, storage.nbytes()
        if key in self._held:
            return

        def let_go(_: object) -> None:
            del self._held[key]
            self.now -= size

        self._held[key] = weakref.ref(storage, let_go)
        self.now += size
        self.most = max(self.most, self.now)


def predicted_peak(network: Network, setup: Setup, image: Shape | None = None) -> int:
    """What the second call of this phase holds at the most, by the very code that is timed, run on `meta`.

    Autocast does not know `meta`; a compiled network is predicted as if it were not. An optimiser steps parameter by
    parameter here, where on a GPU it steps through lists of them and holds a few more tensors for a moment.
    """
    if setup.dtype not in ("fp32", "tf32"):
        raise AnalyzerError(f"{setup.dtype} cannot be followed on shapes alone, so nothing is predicted", code=FAILED)
    with Live() as live:
        on_shapes = subject(network, replace(setup, device="meta", mode="eager"), image)
        on_shapes.run(on_shapes.ready())  # the optimiser makes its state in the first step
        state = on_shapes.ready()
        live.most = live.now
        made = on_shapes.run(state)
    del made, state
    return int(live.most)
