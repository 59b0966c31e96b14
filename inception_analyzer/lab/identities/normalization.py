"""What batch norm computes: folded into its convolution, blind to bias and scale, and apart from the step."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from inception_analyzer.lab.build import build, image_batch
from inception_analyzer.lab.fold import folded
from inception_analyzer.lab.modules import ConvUnit, Net
from inception_analyzer.networks import network
from inception_analyzer.spec import BatchNorm, Shape

# The smallest image on which every layer of v3 has a place; folding is by channel, so that the grid does not matter.
SMALL = Shape(3, 79, 79)

EPS = BatchNorm().eps
SCALES = (10.0, 0.1, 0.01)


def bn_fold() -> Mapping[str, float]:
    """v3 with norms that do something, beside itself folded: each convolution on the same input, and the logits."""
    whole = network("inception-v3")
    net = build(whole, input=SMALL).double().eval()
    _stir(net)
    plain, images = folded(net, whole, input=SMALL), image_batch(whole, 2, input=SMALL).double()
    logits, fine = _logits(net, plain, images), _each(net, plain, images)
    coarse = _each(net.float(), plain.float(), images.float())
    # Last, since a norm in training remembers what it saw.
    in_training = _logits(net.train(), plain, images.float())
    return {
        "layers": float(len(fine)),
        "float64": max(fine),
        "float32": max(coarse),
        "logits": logits,
        "training": in_training,
        "population": _population(8),
    }


def bn_invariance() -> Mapping[str, float]:
    """A layer before a norm with a bias, and with its weights scaled, in training; and the slopes of its weights."""
    dice = torch.Generator().manual_seed(0)
    weights, images, bias = _normal((32, 24), dice), _normal((64, 24), dice), _normal((32,), dice)
    bare = images @ weights.T
    fixed = (bare.mean(0), bare.var(0))
    figures = {
        "bias": relative(_normed(bare + bias, EPS), _normed(bare, EPS)),
        "bias.fixed": relative(_by(bare + bias, *fixed), _by(bare, *fixed)),
    }
    for scale in SCALES:
        for name, eps in (("0", 0.0), ("own", EPS)):
            figures[f"scale.{scale:g}.eps-{name}"] = relative(_normed(bare * scale, eps), _normed(bare, eps))
        figures[f"slope.{scale:g}"] = relative(scale * _slope(weights * scale, images), _slope(weights, images))
    return figures


def bn_drift() -> Mapping[str, float]:
    """One bias before a mean is taken off, trained by a slope that knows nothing of that mean (1502.03167, section 2)."""
    dice = torch.Generator().manual_seed(0)
    inputs, wanted = _normal((256,), dice), 1.5 * _normal((256,), dice) + 0.1
    bias, rate, losses, path = 0.0, 1.0, list[float](), list[float]()
    for _ in range(1000):
        shifted = inputs + bias
        apart = shifted - shifted.mean() - wanted
        losses.append(float(apart.square().mean()))
        bias -= rate * 2 * float(apart.mean())
        path.append(bias)
    true_bias = torch.zeros((), dtype=torch.float64, requires_grad=True)
    shifted = inputs + true_bias
    (slope,) = torch.autograd.grad((shifted - shifted.mean() - wanted).square().mean(), true_bias)
    return {
        **{f"bias.{steps}": path[steps - 1] for steps in (1, 10, 100, 1000)},
        "loss": losses[0],
        "loss-change": (max(losses) - min(losses)) / losses[0],
        "true-slope": float(slope),
    }


def covariance_rank() -> Mapping[str, float]:
    """How many directions a covariance has: over a mini-batch of vectors, and over the places of a map."""
    dice = torch.Generator().manual_seed(0)
    vectors, places = _normal((32, 64), dice), _normal((32 * 8 * 8, 64), dice)
    return {"features": 64.0, "batch": 32.0, "vectors": _rank(vectors), "places": _rank(places)}


def relative(found: Tensor, wanted: Tensor) -> float:
    """The norm of the difference over that of what is wanted."""
    return float((found - wanted).norm() / wanted.norm())


def _stir(net: Net) -> None:
    """Gains, shifts, means and variances as a trained network has them: none of them 0 or 1."""
    dice = torch.Generator().manual_seed(0)
    for layer in net.modules():
        if isinstance(layer, nn.BatchNorm2d):
            assert layer.running_mean is not None
            assert layer.running_var is not None
            for centred in (layer.bias.data, layer.running_mean):
                centred.normal_(0, 0.2, generator=dice)
            for positive in (layer.weight.data, layer.running_var):
                positive.uniform_(0.5, 1.5, generator=dice)


@torch.no_grad()
def _each(net: Net, plain: Net, images: Tensor) -> list[float]:
    """The difference that folding makes in each convolution, both reading what the unfolded network gives."""
    found: list[float] = []

    def compare(path: str, layer: ConvUnit) -> torch.utils.hooks.RemovableHandle:
        twin = plain.get_submodule(path)
        return layer.register_forward_hook(lambda _, reads, writes: found.append(relative(twin(*reads), writes)))

    hooks = [compare(path, layer) for path, layer in net.named_modules() if isinstance(layer, ConvUnit)]
    net(images)
    for hook in hooks:
        hook.remove()
    return found


@torch.no_grad()
def _logits(net: Net, plain: Net, images: Tensor) -> float:
    return relative(plain(images), net(images))


def _population(many: int) -> float:
    """The variance that torch remembers of one batch, over that by which it normalises it."""
    batch = _normal((many, 1), torch.Generator().manual_seed(0))
    norm = nn.BatchNorm1d(1, momentum=1.0, dtype=torch.float64)
    norm(batch)
    assert norm.running_var is not None
    return float(norm.running_var[0] / batch.var(unbiased=False))


def _normed(values: Tensor, eps: float) -> Tensor:
    """By the batch's own statistics; torch's batch norm takes no eps of 0."""
    return (values - values.mean(0)) / (values.var(0, unbiased=False) + eps).sqrt()


def _by(values: Tensor, mean: Tensor, variance: Tensor) -> Tensor:
    return F.batch_norm(values, mean, variance, training=False, eps=EPS)


def _slope(weights: Tensor, images: Tensor) -> Tensor:
    """The slope of some loss behind the norm at the weights before it."""
    weights = weights.clone().requires_grad_()
    (found,) = torch.autograd.grad(_normed(images @ weights.T, 0.0).sigmoid().square().sum(), weights)
    return found


def _rank(vectors: Tensor) -> float:
    return float(torch.linalg.matrix_rank(torch.cov(vectors.T)))


def _normal(size: tuple[int, ...], dice: torch.Generator) -> Tensor:
    return torch.randn(size, generator=dice, dtype=torch.float64)


IDENTITIES = {
    "bn-fold": bn_fold,
    "bn-invariance": bn_invariance,
    "bn-drift": bn_drift,
    "covariance-rank": covariance_rank,
}
