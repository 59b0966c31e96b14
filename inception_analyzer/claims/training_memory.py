"""Claims of 'Inception-v4, Inception-ResNet', sections 3.1 and 3.2, on memory: norms on sums, and v4 on one card."""

from __future__ import annotations

from dataclasses import replace

from inception_analyzer.claims.counted import cost, kept
from inception_analyzer.claims.drawn import TITLES, residual_blocks
from inception_analyzer.claims.judging import fits, measured, of, true, within
from inception_analyzer.claims.model import Amount, Citation, Claim, Condition, Figures, Finding, Fit, Kind, SubCheck, say
from inception_analyzer.cost import total
from inception_analyzer.expressions import load
from inception_analyzer.inquiry import Evidence, Question
from inception_analyzer.kept import kept_with_ends
from inception_analyzer.place import place
from inception_analyzer.spec import BatchNorm, Node, Residual, Sequence
from inception_analyzer.tree import rewrite

# The drawn network lies between the two.
TRIED = ("ir1", "ir2")

# What a memory has to lose for a text to call it smaller.
NOTICED = 0.01


def _normed_sums() -> Figures:
    """Parameters, and elements kept for the backward pass, with and without batch norm on every sum."""
    figures: dict[str, float] = {}
    for name in TRIED:
        network = load(name)
        trunk = rewrite(network.trunk, _normed)
        assert isinstance(trunk, Sequence)
        other = place(replace(network, trunk=trunk))
        sums = [part.writes for part in residual_blocks(name)]
        figures |= {
            f"{name}.params": cost(name).params,
            f"{name}.params.normed": total(other).params,
            f"{name}.kept": 4 * kept(name),
            f"{name}.kept.normed": 4 * kept_with_ends(other),
            f"{name}.sums": 4 * sum(shape.size for shape in sums),
            f"{name}.channels": sum(shape.channels for shape in sums),
        }
    return figures


def _normed(_: str, node: Node) -> Node | None:
    return replace(node, norm=BatchNorm()) if isinstance(node, Residual) else None


def _judge_memory(evidence: Evidence) -> Finding:
    """The paper speaks of activations in training, a retelling of the size of the model."""
    activations = tuple(_saved(evidence, name, "kept") for name in TRIED)
    parameters = tuple(_saved(evidence, name, "params") for name in TRIED)
    most, size = activations[0].value, parameters[0].value
    reason = say("leaving them out {} of what IR-v1 keeps for the backward pass, and of its parameters it {}", most, size)
    return Finding(of((*activations, *parameters)), say("{}", most), reason, (*activations, *parameters))


def _saved(evidence: Evidence, name: str, quantity: str) -> Condition:
    without, normed = evidence[f"{name}.{quantity}"], evidence[f"{name}.{quantity}.normed"]
    share = 1 - without / normed
    kind: Kind = "bytes" if quantity == "kept" else "params"
    told = "kept per image" if quantity == "kept" else "parameters"
    parts = (("with", Amount(normed, kind)), ("without", Amount(without, kind)))
    return Condition(f"{told}, {TITLES[name]}", Amount(share, "saving"), true(share >= NOTICED), parts)


def _judge_kept(evidence: Evidence) -> Finding:
    """By hand, by the sizes of the sums, and by what autograd saves, less its mean and deviation per channel."""
    by_hand = evidence["ir1.kept.normed"] - evidence["ir1.kept"]
    batch = evidence["normed-sums.batch"]
    statistics = 2 * 4 * evidence["ir1.channels"]
    saved = (evidence["normed-sums.normed"] - evidence["normed-sums.plain"] - statistics) / batch
    sums = evidence["ir1.sums"]
    conditions = (
        Condition("by hand", Amount(by_hand, "bytes"), fits(by_hand, sums)),
        Condition("saved by autograd", Amount(saved, "bytes"), fits(saved, sums)),
    )
    reason = say("each norm on a sum keeps one more copy of it: {} per image in IR-v1", Amount(sums, "bytes"))
    return Finding(of(conditions), say("{}", Amount(saved, "bytes")), reason, conditions)


STEP = "a step with norms on its sums"


def _timed_norms() -> tuple[Question, ...]:
    return (Question(STEP, load("ir1"), load("ir1@bn-after-sum"), phase="train-step", batch=2),)


def _judge_longer(evidence: Evidence) -> Finding:
    found = evidence.against(STEP).ratio
    condition = Condition("IR-v1 with norms on its sums", measured(found), within(found, 1.0, float("inf")))
    reason = say("a training step with norms on the sums took {} as long", condition.value)
    return Finding(of([condition]), say("{}", condition.value), reason, (condition,))


GIB = 2.0**30

# The Kepler cards for computing, by their memory; section 4 says no more than 'Kepler'.
CARDS = {"K20": 5, "K20X": 6, "K40": 12}

# What convolutions work in, and what is lost between allocations, comes on top of what is counted; with less than this
# share of the card to spare the count decides nothing.
SPARE = 0.1


def _kept_by_hand() -> Figures:
    """What training keeps for one image, without auxiliary heads."""
    return {f"{name}.kept": 4 * kept(name) for name in ("v3", "v4", "ir2")}


def _judge_one_card(evidence: Evidence) -> Finding:
    """Weights, gradients, the optimizer's state and what autograd keeps, beside the memory of each card."""
    held, kept, batch = (evidence[f"training-memory.{name}"] for name in ("held", "kept", "batch"))
    fixed, each = held - kept, kept / batch
    many = f"{batch:.0f} images"
    conditions = tuple(
        Condition(f"{many} on a {card} of {size} GiB", Amount(held, "bytes"), _on(held, size * GIB))
        for card, size in CARDS.items()
    )
    largest = tuple(
        Condition(f"images at once in {size} GiB", Amount((size * GIB - fixed) // each, "count"), "aside")
        for size in CARDS.values()
    )
    others = tuple(
        Condition(f"kept for {many}, {title}, no heads", Amount(batch * evidence[f"{name}.kept"], "bytes"), "aside")
        for name, title in (("v3", "v3"), ("v4", "v4"), ("ir2", "IR-v2"))
    )
    parts = (Amount(batch, "count"), Amount(held, "bytes"), Amount(kept, "bytes"))
    reason = say("a step of {} images holds {}, {} of it for the backward pass; work space comes on top", *parts)
    return Finding(of(conditions), say("{} for {}", parts[1], parts[0]), reason, (*conditions, *largest, *others))


def _on(need: float, card: float) -> Fit:
    if need > card:
        return "not"
    return "exactly" if need <= (1 - SPARE) * card else "open"


NORMS = Claim(
    id="no-bn-after-sum-memory",
    title="no norms on sums, to save memory",
    statement="Leaving batch norm off the sums makes the model small enough to train on one GPU.",
    sources=(
        Citation("P4", "section 3.2", "layers with large activations took too much memory; without norms there, more blocks"),
        Citation("001", "6.2", "to reduce the size of the model, so that one GPU can train it"),
    ),
    claimed="less memory",
    form="each norm on a sum keeps grid · channels more elements and adds 2 · channels parameters",
    built="IR-v1 and the released IR-v2 with and without batch norm on every sum",
    count=_normed_sums,
    needs=("normed-sums",),
    judge=_judge_memory,
    recorded="depends",
    asks=_timed_norms,
    checks=(
        SubCheck("kept", "A norm keeps one more copy of each sum.", "one copy", _judge_kept, "holds"),
        SubCheck("step", "Norms on the sums make a training step longer.", "longer", _judge_longer, "undecided"),
    ),
    holds_when="memory is what training keeps for the backward pass, not the size of the model",
    see=("v4-fits-unpartitioned",),
)
ONE_CARD = Claim(
    id="v4-fits-unpartitioned",
    title="v4 trains without being partitioned",
    statement="Inception-v4 trains on one GPU, without partitioning the replica.",
    sources=(
        Citation(
            "P4", "sections 3.1 and 4", "trained without partitioning, thanks to less memory in backpropagation; Kepler GPUs"
        ),
        Citation("001", "5, 5.2", "no partitioning is needed any more"),
    ),
    claimed="one GPU",
    form="weights + gradients + optimizer state + batch · what autograd keeps, in float32",
    built="v4 with its auxiliary head and RMSProp, on shapes alone",
    count=_kept_by_hand,
    needs=("training-memory",),
    judge=_judge_one_card,
    recorded="depends",
    holds_when="the card has 12 GiB, or fewer than 32 images are trained at once",
    see=("no-bn-after-sum-memory",),
)
CLAIMS = (NORMS, ONE_CARD)
