"""What is timed: one call of a phase of a network, with everything that must be ready before the clock starts."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any, assert_never

import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812

from inception_analyzer.choices import Phase
from inception_analyzer.errors import FAILED, AnalyzerError
from inception_analyzer.lab.build import build, image_batch
from inception_analyzer.lab.graphs import captured
from inception_analyzer.lab.modules import Net, Outputs
from inception_analyzer.lab.subject import Subject
from inception_analyzer.place import place
from inception_analyzer.spec import Aux, Network, Shape
from inception_analyzer.timings import Setup

# Steps are timed, not learning: with a rate this small the weights stay ordinary numbers however often they are taken.
LEARNING_RATE = 1e-7


@dataclass(slots=True)
class Trainer:
    """A network as its recipe trains it."""

    network: Network
    net: Net
    call: Callable[[Tensor], Any]  # the same, as the mode runs it
    images: Tensor
    labels: Tensor
    optimizer: torch.optim.Optimizer
    autocast: Callable[[], AbstractContextManager[Any]]
    plain: bool = False  # stepped by plain SGD, without clipping

    def loss(self) -> Tensor:
        """The recipe's loss: smoothed labels, and each auxiliary head with its weight."""
        with self.autocast():
            outputs = self.call(self.images)
            logits, heads = (outputs.logits, outputs.aux) if isinstance(outputs, Outputs) else (outputs, ())
            loss = self._one(logits)
            for weight, head in zip(_weights(self.network), heads, strict=True):
                loss = loss + weight * self._one(head)
            return loss

    def clear(self) -> None:
        """No gradients, neither of the weights nor of the images."""
        self.optimizer.zero_grad()
        self.images.grad = None

    def step(self) -> None:
        """Clip as the recipe says, then let the optimiser step."""
        if self.network.recipe.clip and not self.plain:
            torch.nn.utils.clip_grad_norm_(self.net.parameters(), self.network.recipe.clip)
        self.optimizer.step()

    def _one(self, logits: Tensor) -> Tensor:
        if not self.net.ends_in_logits:  # a chain of kernels has no classes: its step descends the mean of what it writes
            return logits.float().mean()
        return F.cross_entropy(logits.float(), self.labels, label_smoothing=self.network.recipe.label_smoothing)


def subject(network: Network, setup: Setup, image: Shape | None = None) -> Subject:
    """The network, built and brought to its device, ready to be called in this phase."""
    made = _inference(network, setup, image) if setup.phase == "forward" else _training(network, setup, image)
    return captured(made) if setup.mode == "cuda-graph" else made


def _inference(network: Network, setup: Setup, image: Shape | None) -> Subject:
    net, images = _placed(network, setup, image, heads=False)
    net.eval()
    call = compiled(net, setup)
    autocast = casting(setup)

    def run(_: object) -> object:
        with torch.inference_mode(), autocast():
            return call(images)

    return Subject(network.label, setup, _nothing, run)


def _training(network: Network, setup: Setup, image: Shape | None) -> Subject:
    trainer = _trainer(network, setup, image)
    ready, run = _calls(trainer, setup.phase)
    return Subject(network.label, setup, ready, run)


def _calls(trainer: Trainer, phase: Phase) -> tuple[Callable[[], Any], Callable[[Any], Any]]:
    clear = trainer.clear

    def with_gradients() -> Tensor:
        clear()
        loss = trainer.loss()
        loss.backward()  # type: ignore[no-untyped-call]
        return loss.detach()

    def ready_loss() -> Tensor:
        clear()
        return trainer.loss()

    def whole(_: object) -> Tensor:
        loss = with_gradients()
        trainer.step()
        return loss

    match phase:
        case "train-forward":
            return clear, lambda _: trainer.loss()
        case "backward":
            return ready_loss, lambda loss: loss.backward()
        case "step":
            return with_gradients, lambda _: trainer.step()
        case "train-step":
            return _nothing, whole
        case "forward":
            raise AssertionError("inference has no trainer")
    assert_never(phase)


def _trainer(network: Network, setup: Setup, image: Shape | None) -> Trainer:
    net, images = _placed(network, setup, image, heads=True)
    net.train()
    images.requires_grad_(not net.ends_in_logits)  # a chain of kernels lies inside a network, which asks for this gradient
    generator = torch.Generator().manual_seed(setup.seed)
    classes = place(network, image or network.input).writes.channels
    labels = torch.randint(classes, (setup.batch,), generator=generator).to(images.device)
    optimizer, plain = optimizer_of(network, net, setup), setup.optimizer == "sgd"
    return Trainer(network, net, compiled(net, setup), images, labels, optimizer, casting(setup), plain)


def optimizer_of(network: Network, net: Net, setup: Setup) -> torch.optim.Optimizer:
    """The recipe's optimiser, or plain SGD."""
    recipe, graphed = network.recipe, setup.mode == "cuda-graph" and next(net.parameters()).is_cuda
    if setup.optimizer == "sgd":
        return torch.optim.SGD(net.parameters(), LEARNING_RATE)
    momentum, decay = recipe.momentum or 0.0, recipe.weight_decay or 0.0
    if recipe.optimizer == "sgd":
        return torch.optim.SGD(net.parameters(), LEARNING_RATE, momentum=momentum, weight_decay=decay)
    return torch.optim.RMSprop(
        net.parameters(),
        LEARNING_RATE,
        alpha=recipe.decay or 0.99,
        eps=recipe.epsilon or 1e-8,
        momentum=momentum,
        weight_decay=decay,
        capturable=graphed,  # counts its steps on the GPU; SGD counts none
    )


def casting(setup: Setup) -> Callable[[], AbstractContextManager[Any]]:
    """Half precision is autocast, as in practice; full precision needs nothing."""
    if setup.dtype in ("fp32", "tf32"):
        return nullcontext
    kind = {"bf16": torch.bfloat16, "fp16": torch.float16}[setup.dtype]
    return lambda: torch.autocast(torch.device(setup.device).type, dtype=kind)


def compiled(net: Net, setup: Setup) -> Callable[[Tensor], Any]:
    """The network as the mode runs it.

    Compiled as one graph for these very sizes: by itself torch would take another network of another size for the same
    one and compile it for any size, and what it cannot compile it would run as written without a word.
    """
    return torch.compile(net, fullgraph=True, dynamic=False) if setup.mode == "compile" else net


def _placed(network: Network, setup: Setup, image: Shape | None, *, heads: bool) -> tuple[Net, Tensor]:
    """Network and images on the device, in the layout that was asked for."""
    shape = image or network.input
    form = torch.channels_last if setup.layout == "channels-last" else torch.contiguous_format
    net = build(network, aux=heads and _has_heads(network), device=setup.device, input=shape, seed=setup.seed)
    images = image_batch(network, setup.batch, device=setup.device, input=shape)
    return net.to(memory_format=form), images.contiguous(memory_format=form)  # type: ignore[call-overload]


def _has_heads(network: Network) -> bool:
    return any(isinstance(step, Aux) for step in network.trunk.steps)


def _weights(network: Network) -> list[float]:
    return [step.weight for step in network.trunk.steps if isinstance(step, Aux)]


def _nothing() -> None:
    return None


def must_be_finite(subject: Subject) -> None:
    """Refuse to time a network whose outputs or loss are no numbers: such arithmetic may take another time than any other."""
    state = subject.ready()
    told = [one for one in (state, subject.run(state)) if isinstance(one, Tensor)]
    if not all(bool(torch.isfinite(one).all()) for one in told):
        what = "outputs that are" if subject.setup.phase == "forward" else "a loss that is"
        raise AnalyzerError(f"{subject.expression} gives {what} not finite", code=FAILED)
