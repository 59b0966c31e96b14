"""Three ways to count one network, joined by path: by hand, by torch's dispatcher, by fvcore's trace."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from inception_analyzer.cost import total
from inception_analyzer.count import count
from inception_analyzer.evidence import Count, CrossCheck, Disagreement
from inception_analyzer.kept import kept_with_ends
from inception_analyzer.lab.build import build, image_batch
from inception_analyzer.lab.counters import Tally, fvcore_tally, kept_elements, torch_tally
from inception_analyzer.place import place
from inception_analyzer.spec import Network, Shape

# Batch norm refuses to train on one image where a map is 1x1, as in an auxiliary head.
TRAINING_BATCH = 2


def cross_check(network: Network, input: Shape | None = None) -> CrossCheck:
    """Every count of a network by every counter that can make it."""
    counted = count(network, input)
    with_heads = counted.aux is not None
    meta = build(network, aux=with_heads, device="meta", input=counted.input)
    one, two = (image_batch(network, batch, device="meta", input=counted.input) for batch in (1, TRAINING_BATCH))
    inference = torch_tally(meta.eval(), one)
    training = torch_tally(meta.train(), two)
    placed = place(network, counted.input, aux=with_heads)
    whole = total(placed)
    kept = kept_elements(meta.train(), two)
    real = build(network, input=counted.input).eval()
    traced = fvcore_tally(real, image_batch(network, 1, input=counted.input))
    tallies = {"torch": inference, "torch in training": training, "fvcore": traced}
    params = sum(param.numel() for param in real.parameters())
    return CrossCheck(
        count=counted,
        params_module=params,
        forward_torch=inference.macs,
        backward_torch=inference.macs_backward,
        forward_fvcore=traced.macs,
        training_torch=(training.macs + training.macs_backward) // TRAINING_BATCH,
        training_hand=whole.macs + whole.macs_backward,
        kept_torch=kept // TRAINING_BATCH,
        disagreements=(
            *_of_totals(counted.cost.params, params, TRAINING_BATCH * kept_with_ends(placed), kept),
            *_by_path(counted, inference, training, traced),
        ),
        uncounted={name: tally.uncounted for name, tally in tallies.items()},
        uncalled={name: tally.uncalled for name, tally in tallies.items()},
    )


def _of_totals(params: int, params_module: int, kept: int, kept_torch: int) -> Iterable[Disagreement]:
    if params != params_module:
        yield Disagreement("", "parameters", params, params_module, "torch")
    if kept != kept_torch:
        yield Disagreement("", "elements kept for the backward pass", kept, kept_torch, "torch")


def _by_path(counted: Count, inference: Tally, training: Tally, traced: Tally) -> Iterable[Disagreement]:
    layers = {layer.path: layer for layer in counted.layers if layer.cost.macs}
    main = {path: layer.cost for path, layer in layers.items() if not layer.aux}
    forward = {path: cost.macs for path, cost in main.items()}
    backward = {path: cost.macs_backward for path, cost in main.items() if cost.macs_backward}
    training_forward = {path: TRAINING_BATCH * layer.cost.macs for path, layer in layers.items()}
    training_backward = {path: TRAINING_BATCH * layer.cost.macs_backward for path, layer in layers.items()}
    yield from _differing("forward multiply-adds", forward, inference.forward, "torch")
    yield from _differing("forward multiply-adds", forward, traced.forward, "fvcore")
    yield from _differing("backward multiply-adds", backward, inference.backward, "torch")
    yield from _differing("forward multiply-adds in training", training_forward, training.forward, "torch")
    yield from _differing("backward multiply-adds in training", training_backward, training.backward, "torch")


def _differing(quantity: str, hand: Mapping[str, int], other: Mapping[str, int], counter: str) -> Iterable[Disagreement]:
    for path in dict.fromkeys([*hand, *other]):
        ours, theirs = hand.get(path, 0), other.get(path, 0)
        if ours != theirs:
            yield Disagreement(path, quantity, ours, theirs, counter)
