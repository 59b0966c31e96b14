"""What training holds, counted on shapes alone: norms on sums, and one step of v4."""

from __future__ import annotations

from collections.abc import Mapping

from inception_analyzer.expressions import load
from inception_analyzer.lab.build import build, image_batch
from inception_analyzer.lab.memory import kept_bytes, training_memory
from inception_analyzer.timings import Setup

# Batch norm refuses to train on one image where a map is 1x1, as in an auxiliary head.
BATCH = 2

REPLICA = 32  # images of one replica in 'Rethinking', section 8; the paper of v4 names no number


def normed_sums() -> Mapping[str, float]:
    """What autograd saves of IR-v1 with and without batch norm on its sums."""
    return {"plain": _saved("ir1"), "normed": _saved("ir1@bn-after-sum"), "batch": BATCH}


def v4_in_training() -> Mapping[str, float]:
    """The bytes of one step of v4 as its recipe trains it, and of them those that autograd keeps for this batch."""
    memory = training_memory(load("v4"), Setup(batch=REPLICA))
    return {"held": memory.total, "kept": memory.kept, "batch": memory.batch}


def _saved(expression: str) -> int:
    network = load(expression)
    net = build(network, device="meta").train()
    return sum(size for _, size in kept_bytes(net, image_batch(network, BATCH, device="meta")))


IDENTITIES = {"normed-sums": normed_sums, "training-memory": v4_in_training}
