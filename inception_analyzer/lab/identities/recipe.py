"""How large a step torch's optimizers take: the parts of the papers' recipes that frameworks read differently."""

from __future__ import annotations

from collections.abc import Mapping

import torch

from inception_analyzer.expressions import load

MEAN_SQUARES = ("1", "0.01", "0.0001")


def rmsprop_epsilon() -> Mapping[str, float]:
    """Torch's RMSProp step over the gradient, once the mean square has come to be that of the gradient."""
    return {square: _step(float(square)) for square in MEAN_SQUARES}


def _step(square: float) -> float:
    epsilon = load("v4").recipe.epsilon
    assert epsilon is not None
    weight = torch.zeros(1, dtype=torch.float64, requires_grad=True)
    weight.grad = torch.full((1,), square**0.5, dtype=torch.float64)
    # Nothing is remembered, so the mean square is that of this one gradient.
    torch.optim.RMSprop([weight], lr=1.0, alpha=0.0, eps=epsilon).step()
    return -weight.item() / float(square**0.5)


IDENTITIES = {"rmsprop-epsilon": rmsprop_epsilon}
