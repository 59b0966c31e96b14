"""Where the texts contradict each other on training: smoothed labels, memory, auxiliary heads and tables of errors."""

from __future__ import annotations

from itertools import takewhile

from inception_analyzer.claims.contradictions.model import Contradiction
from inception_analyzer.claims.counted import count, params, params_with_heads, placed
from inception_analyzer.claims.model import Citation, Figures
from inception_analyzer.claims.smoothing import FLOOR_CLAIM, TARGETS
from inception_analyzer.depth import Depth, depth_of
from inception_analyzer.expressions import load
from inception_analyzer.place import place, places
from inception_analyzer.spec import Aux, Conv

# A row of 002's second table under the headings that it prints, in per cent.
TOP_5, TOP_1 = 18.77, 4.2


def _smoothing() -> Figures:
    vector, gains = TARGETS.count(), FLOOR_CLAIM.count()
    nodes = (here.node for here in places(placed("v3")))
    norms = sum(isinstance(node, Conv) and node.norm is not None for node in nodes)
    return {"sum": vector["sum"], "label": vector["quarter.label"], "norms": norms, "gain": gains["top-1"]}


def _memory() -> Figures:
    """Norms after the sums of a residual network, and v3 beside its unfactored twin."""
    return {
        "norms' params": params("ir1@bn-after-sum") / params("ir1") - 1,
        "norms' kept": count("ir1@bn-after-sum").kept / count("ir1").kept - 1,
        "params": params("v3") / params("v3@unfactorized"),
        "kept": count("v3").kept / count("v3@unfactorized").kept,
    }


def _heads() -> Figures:
    """How far the first layer is from each loss, and what the heads hold."""
    whole = place(load("v1"), aux=True)
    below = takewhile(lambda part: not isinstance(part.node, Aux), whole.parts)
    head = next(part for part in whole.parts if isinstance(part.node, Aux))
    to_head = sum((depth_of(part) for part in below), Depth()) + depth_of(head.parts[0])
    return {
        "to head": to_head.layers,
        "to end": depth_of(whole).layers,
        "params": params_with_heads("v1") / params("v1") - 1,
    }


def _headings() -> Figures:
    """Whoever names the class at once has it among five guesses too, so the larger of two errors is of one guess."""
    return {"top-5": TOP_5, "top-1": TOP_1, "one guess": max(TOP_5, TOP_1)}


CONTRADICTIONS = (
    Contradiction(
        15,
        "what label smoothing is",
        (
            Citation("002", "Label smoothing", "targets of 0.75, 0.25, 0.25, 0.25, beside (1-eps) one-hot + eps/K"),
            Citation("001", "4.2.2", "the label goes from 1 to 0.9"),
            Citation("002", "Label smoothing", "used instead of batch normalization; worth about 0.2 %"),
            Citation("P3", "sections 6 and 7", "both are used"),
        ),
        _smoothing,
        "that vector adds up to {}, and the formula gives {}; v3 has {} batch norms besides, and the rows differ by {} points",
        (("sum", "number"), ("label", "number"), ("norms", "count"), ("gain", "number")),
        ("ls-target-values", "bn-costs-nothing", "ls-finite-logits-floor"),
    ),
    Contradiction(
        16,
        "what saves memory",
        (
            Citation("002", "principle 2", "wider modules learn better and save memory"),
            Citation("P3", "section 2", "trains faster, nothing on memory"),
            Citation("001", "6.2", "no batch norm after the sums, to reduce the model size"),
            Citation("P4", "section 3.2", "the memory of large activations"),
            Citation("P3", "section 3", "factorizing saves computation and memory"),
        ),
        _memory,
        "norms on sums change parameters by {} and kept activations by {}; v3 has {} its twin's parameters, {} its activations",
        (("norms' params", "change"), ("norms' kept", "change"), ("params", "ratio"), ("kept", "ratio")),
        ("no-bn-after-sum-memory", "weight-one-mult-per-activation", "fig7-wider-not-deeper"),
    ),
    Contradiction(
        19,
        "what auxiliary heads are for",
        (
            Citation("001", "2.3", "they alleviate vanishing gradients"),
            Citation("P1", "section 5", "they increase the gradient signal"),
            Citation("001", "3.3.3", "they do not; they are regularizers"),
            Citation("P3", "section 4", "no faster early convergence; they are regularizers"),
        ),
        _heads,
        "the first head's loss is {} layers from the image, the last {}; all heads change parameters in training by {}",
        (("to head", "count"), ("to end", "count"), ("params", "change")),
        ("aux-gradient-signal", "aux-heads-train-only"),
    ),
    Contradiction(
        20,
        "which column is the top-5 error",
        (
            Citation(
                "002", "second table of results", "headings top-5, top-1 over 18.77 % and 4.2 %, alike in all six filled rows"
            ),
            Citation("P3", "abstract", "21.2 % top-1 and 5.6 % top-5 error"),
        ),
        _headings,
        "{} % is headed top-5 and {} % top-1; of the two only {} % can be the error of one guess",
        (("top-5", "number"), ("top-1", "number"), ("one guess", "number")),
        ("accuracy-tables-quoted",),
    ),
)
