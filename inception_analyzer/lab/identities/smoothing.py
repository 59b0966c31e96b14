"""What smoothed labels do to a loss: the targets that torch trains on, the loss in two parts, and where training ends."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812

from inception_analyzer.networks import network
from inception_analyzer.place import place

EXAMPLES = 16

# Text 002's vector for four classes, and the share of its label that 001 and the paper's formula would spread.
PRINTED = (0.75, 0.25, 0.25, 0.25)
FOUR, QUARTER = len(PRINTED), 0.25

# The slope changes along the way by at most 1/2 for each unit of a logit, and by no less than 1/12 near the end, so that
# steps of this size cannot overshoot and so many of them end where float64 sees no slope.
RATE, STEPS = 2.0, 300


def smoothed_targets() -> Mapping[str, float]:
    """Torch's own targets, read off the gradient p - q', and what training on a vector that is no distribution leads to."""
    targets = implied_targets(FOUR, QUARTER)
    vector = _double(PRINTED)
    trained, loss = trained_on(lambda logits: -(vector * logits.log_softmax(0)).sum(), FOUR)
    probabilities = trained.softmax(0)
    return {
        "label": float(targets[0]),
        "other": float(targets[1]),
        "sum": float(targets.sum()),
        "trained.label": float(probabilities[0]),
        "trained.other": float(probabilities[1:].max()),
        "trained.loss": loss,
    }


def smoothed_loss() -> Mapping[str, float]:
    """Torch's smoothed loss beside the two cross entropies, and the weights of both found by a fit over the examples."""
    share, classes = share_and_classes()
    logits = _normal((EXAMPLES, classes))
    labels = torch.arange(EXAMPLES) % classes
    plain = F.cross_entropy(logits, labels, reduction="none")
    told = -logits.log_softmax(1)
    uniform = told.mean(1)
    whole = F.cross_entropy(logits, labels, label_smoothing=share, reduction="none")
    label_weight, uniform_weight = torch.linalg.lstsq(torch.stack([plain, uniform], 1), whole[:, None]).solution.flatten()
    divergence = F.kl_div(logits.log_softmax(1), torch.full_like(logits, 1 / classes), reduction="none").sum(1)
    return {
        "difference": relative(whole, (1 - share) * plain + share * uniform),
        "undivided": relative(whole, (1 - share) * plain + share * told.sum(1)),
        "label-weight": float(label_weight),
        "uniform-weight": float(uniform_weight),
        "entropy": float((uniform - divergence).mean()),
    }


def smoothed_floor() -> Mapping[str, float]:
    """Where training one example ends with smoothed labels, and what its logit running ahead costs with and without them."""
    share, classes = share_and_classes()
    label = torch.zeros(1, dtype=torch.int64)

    def smoothed(logits: Tensor) -> Tensor:
        return F.cross_entropy(logits[None], label, label_smoothing=share)

    trained, loss = trained_on(smoothed, classes)
    slopes = gradients(_normal((EXAMPLES, classes)) * 20, share)
    ahead = {gap: _ahead(gap, classes) for gap in (20, 100)}
    return {
        "gap": float(trained[0] - trained[1:].mean()),
        "loss": loss,
        **{f"smoothed.{gap}": float(smoothed(logits)) for gap, logits in ahead.items()},
        **{f"hard.{gap}": float(F.cross_entropy(logits[None], label)) for gap, logits in ahead.items()},
        "lowest-slope": float(slopes.min()),
        "highest-slope": float(slopes.max()),
        "slope-sum": float(slopes.sum(1).abs().max()),
    }


def share_and_classes() -> tuple[float, int]:
    """As v3 is trained."""
    trained = network("inception-v3")
    return trained.recipe.label_smoothing, place(trained).writes.channels


def implied_targets(classes: int, share: float) -> Tensor:
    """The targets of one example with label 0: the gradient of a cross entropy is what is predicted less what is wanted."""
    logits = _normal((1, classes))
    return logits.softmax(1)[0] - gradients(logits, share)[0]


def gradients(logits: Tensor, share: float) -> Tensor:
    """The slope of each example's smoothed loss at its logits; the label is class 0."""
    logits = logits.clone().requires_grad_()
    labels = torch.zeros(len(logits), dtype=torch.int64)
    F.cross_entropy(logits, labels, label_smoothing=share, reduction="sum").backward()
    assert logits.grad is not None
    return logits.grad


def trained_on(loss: Callable[[Tensor], Tensor], classes: int) -> tuple[Tensor, float]:
    """The logits that end the training of one example, by plain steps down the slope from equal ones, and the loss there."""
    logits = torch.zeros(classes, dtype=torch.float64)
    for _ in range(STEPS):
        logits.requires_grad_()
        (slope,) = torch.autograd.grad(loss(logits), logits)
        logits = logits.detach() - RATE * slope
    return logits, float(loss(logits))


def relative(found: Tensor, wanted: Tensor) -> float:
    """The norm of the difference over that of what is wanted."""
    return float((found - wanted).norm() / wanted.norm())


def _ahead(gap: float, classes: int) -> Tensor:
    """Logits that are equal but for the label's, which lies so far above them."""
    logits = torch.zeros(classes, dtype=torch.float64)
    logits[0] = gap
    return logits


def _normal(size: tuple[int, ...]) -> Tensor:
    return torch.randn(size, generator=torch.Generator().manual_seed(0), dtype=torch.float64)


def _double(values: tuple[float, ...]) -> Tensor:
    return torch.tensor(values, dtype=torch.float64)


IDENTITIES = {
    "smoothed-targets": smoothed_targets,
    "smoothed-loss": smoothed_loss,
    "smoothed-floor": smoothed_floor,
}
