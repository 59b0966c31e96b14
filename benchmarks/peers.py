"""Other ways to count GoogLeNet and Inception-v3, one to a process: `python -m benchmarks.peers torch`."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any

SIZES = {"googlenet": 224, "inception_v3": 299}

# Schemas live as long as the object that defined them.
SCHEMAS: list[object] = []


@dataclass(frozen=True, slots=True)
class Peer:
    """Another counter: what it needs, and the multiply-adds that it finds in each network."""

    title: str
    needs: tuple[str, ...]
    count: Callable[[], list[int]]

    @property
    def missing(self) -> str:
        """Why it cannot run here and what to do; nothing where it can."""
        return absent(self.needs)


def absent(needs: tuple[str, ...]) -> str:
    """Which of these packages are not installed and how to install them."""
    gone = [name for name in needs if importlib.util.find_spec(name) is None]
    if not gone:
        return ""
    way = "pip install --no-deps -r published.txt" if "torchvision" in gone else "pip install ."
    return f"{' and '.join(gone)} not installed: {way}"


def vision() -> ModuleType:
    """The models of torchvision; where its compiled operators do not load, it still wants the schemas of two of them."""
    try:
        return importlib.import_module("torchvision.models")
    except RuntimeError as error:
        if "torchvision::nms does not exist" not in str(error):
            raise
    library = importlib.import_module("torch.library").Library("torchvision", "FRAGMENT")
    for operator in ("nms", "qnms"):
        library.define(f"{operator}(Tensor a, Tensor b, float c) -> Tensor")
    SCHEMAS.append(library)
    return importlib.import_module("torchvision.models")


def network(models: ModuleType, name: str) -> Any:  # noqa: ANN401  (a module of torch, imported only in a peer's own process)
    """A network as it infers, its weights left as they come."""
    make = getattr(models, name)
    return make(weights=None, init_weights=False, aux_logits=False, transform_input=False).eval()


def by_torch() -> list[int]:
    """FlopCounterMode over modules without numbers."""
    import torch
    from torch.utils.flop_counter import FlopCounterMode

    found = []
    models = vision()
    with torch.device("meta"), torch.no_grad():
        for name, size in SIZES.items():
            net, image = network(models, name), torch.empty(1, 3, size, size)
            with FlopCounterMode(display=False) as counter:
                net(image)
            found.append(counter.get_total_flops() // 2)
    return found


def by_fvcore() -> list[int]:
    """FlopCountAnalysis, which counts one per multiply-add, and norms and pools besides."""
    import torch
    from fvcore.nn import FlopCountAnalysis

    found = []
    models = vision()
    for name, size in SIZES.items():
        analysis = FlopCountAnalysis(network(models, name), torch.empty(1, 3, size, size))
        found.append(int(analysis.total()))
    return found


PEERS = {
    "torch": Peer("torch FlopCounterMode on meta", ("torch", "torchvision"), by_torch),
    "fvcore": Peer("fvcore FlopCountAnalysis on cpu", ("torch", "torchvision", "fvcore"), by_fvcore),
}


if __name__ == "__main__":
    print(*PEERS[sys.argv[1]].count())
