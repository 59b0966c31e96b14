"""Claims about networks with batch norm: what BN-Inception costs beside GoogLeNet, and what the norms themselves cost."""

from __future__ import annotations

from dataclasses import replace

from inception_analyzer.claims.counted import at, cost, count, macs, params, placed
from inception_analyzer.claims.judging import fits, of, reproduced
from inception_analyzer.claims.model import (
    Amount,
    Citation,
    Claim,
    Condition,
    Figures,
    Finding,
    SubCheck,
    number_of,
    ratio,
    say,
)
from inception_analyzer.claims.rebuilt import after, cost_at, folding, normed_channels, separable
from inception_analyzer.cost import Cost, total
from inception_analyzer.depth import depth_of
from inception_analyzer.inquiry import Evidence, Question
from inception_analyzer.kept import kept_with_ends
from inception_analyzer.passes.unfactor import joined
from inception_analyzer.place import Placed, place, place_node, places
from inception_analyzer.spec import Aux, Conv, Network, Node, Sequence
from inception_analyzer.tree import rewrite, walk
from inception_analyzer.words import trunk

G, M = 10**9, 10**6

# Two readings of the widths of its figure.
SIZES = {"bn": "Figure 5's columns", "96": "Figure 5's sizes"}


def _bn_inception() -> Figures:
    """Both readings of Figure 5, with a plain and a separable first layer, and two 3x3 for 5x5 in two sets of widths."""
    behind = separable(after("bn"), 3)
    halved, eight, all_ten = (place(one) for one in (after("v1", "split-5x5"), after("bn", "stacked"), _joined()))
    slim = place(separable(after("bn-inception-96"), 3))
    return {
        "bn": macs("bn"),
        "bn.params": params("bn"),
        "bn.channels": normed_channels(placed("bn")),
        "bn.deep": count("bn").depth.layers,
        "96": cost("bn-inception-96").macs,
        "96.params": cost("bn-inception-96").params,
        "slim.variables": _params(slim) + normed_channels(slim) - _params(slim.parts[-1]),
        "bn.separable": cost_at(behind).macs,
        "v1": macs("v1"),
        "v1.params": params("v1"),
        "v1.deep": count("v1").depth.layers,
        "v1.separable": cost("googlenet-separable").macs,
        **_swapped("v1", count("v1").cost, total(halved)),
        **_swapped("bn", total(all_ten), count("bn").cost),
        **_swapped("bn.eight", total(eight), count("bn").cost),
        **{f"bn.{name}": _fives(whole) for name, whole in (("joined", all_ten), ("eight.joined", eight))},
        "v1.two.deep": depth_of(halved).layers,
    }


def _joined() -> Network:
    """BN-Inception with a 5x5 for each two 3x3, those included that halve the grid, which `stacked` leaves alone."""
    plain = after("bn", "stacked")
    return replace(plain, trunk=trunk(rewrite(plain.trunk, lambda _, node: _halving_5x5(node))))


def _halving_5x5(node: Node) -> Node | None:
    """A branch that ends on a 3x3 and a 3x3 of stride 2 with one 5x5 of stride 2 in their place."""
    match node:
        case Sequence(steps=(*before, Conv(kernel=(3, 3), stride=(1, 1)) as one, Conv(kernel=(3, 3), stride=(2, 2)) as two)):
            return replace(node, steps=(*before, joined(one, two, (5, 5))))
    return None


def _fives(whole: Placed) -> int:
    return sum(isinstance(here.node, Conv) and here.node.kernel == (5, 5) for here in places(whole))


def _params(here: Placed) -> int:
    return total(here).params


def _swapped(name: str, five: Cost, two: Cost) -> Figures:
    """The same network with 5x5 and with two 3x3 for each."""
    return {
        f"{name}.five.macs": five.macs,
        f"{name}.five.params": five.params,
        f"{name}.two.macs": two.macs,
        f"{name}.two.params": two.params,
    }


def _judge_bn_inception(evidence: Evidence) -> Finding:
    sizes = {"bn": "2.0 G: Figure 5's columns", "96": "2.0 G: Figure 5's sizes", "bn.separable": "2.0 G: separable first layer"}
    more = {"": "30 % more: both plain", ".separable": "30 % more: both separable"}
    conditions = (
        *(Condition(when, Amount(evidence[key], "macs"), fits(evidence[key], 2.0 * G, 2)) for key, when in sizes.items()),
        *(_more(evidence, f"bn{key}", f"v1{key}", when, 0.30) for key, when in more.items()),
    )
    whole, plain, behind = conditions[0].value, conditions[3].value, conditions[4].value
    reason = say(
        "it takes {}, which is {} beside GoogLeNet and {} where the first layer of both is separable", whole, plain, behind
    )
    return Finding(of(conditions), say("{}, {}", whole, plain), reason, conditions)


def _more(evidence: Evidence, now: str, before: str, when: str, claimed: float) -> Condition:
    found = evidence[now] / evidence[before] - 1
    return Condition(when, Amount(found, "change"), fits(found, claimed, 2))


def _judge_params(evidence: Evidence) -> Finding:
    conditions = tuple(
        Condition(when, Amount(evidence[f"{key}.params"], "params"), fits(evidence[f"{key}.params"], 13.6 * M, 3))
        for key, when in SIZES.items()
    )
    found = conditions[0].value
    reason = say("the widths give {} or {}", found, conditions[1].value)
    return Finding(of(conditions), say("{}", found), reason, conditions)


def _judge_more_params(evidence: Evidence) -> Finding:
    conditions = tuple(_more(evidence, f"{key}.params", "v1.params", told, 0.25) for key, told in SIZES.items())
    found = conditions[0].value
    return Finding(of(conditions), say("{}", found), say("its parameters are {} beside GoogLeNet's", found), conditions)


def _judge_swap(evidence: Evidence) -> Finding:
    """The appendix gives the swap of 5x5 for two 3x3 as the reason of both increases."""
    pairs, plain = (evidence[f"bn.{name}"] for name in ("joined", "eight.joined"))
    named = {
        "v1": "in GoogLeNet's widths",
        "bn": f"in BN-Inception's widths, all {pairs:g}",
        "bn.eight": f"the {plain:g} that keep the grid",
    }
    kinds = {"macs": ("multiply-adds", 0.30), "params": ("parameters", 0.25)}
    conditions = tuple(
        _more(evidence, f"{name}.two.{what}", f"{name}.five.{what}", f"{told}: {words}", claimed)
        for name, told in named.items()
        for what, (words, claimed) in kinds.items()
    )
    first, own, without = (conditions[index].value for index in (0, 2, 4))
    words = "the swap alone changes GoogLeNet's multiply-adds by {}, BN-Inception's own by {} in all {} modules, "
    reason = say(f"{words}by {{}} in the {{}} that keep the grid", first, own, number_of(pairs), without, number_of(plain))
    return Finding(of(conditions), say("{} and {}", first, own), reason, conditions)


def _judge_nine(evidence: Evidence) -> Finding:
    named = {"v1.two.deep": "GoogLeNet with two 3x3 for each 5x5", "bn.deep": "BN-Inception, longest path"}
    found = {when: evidence[key] - evidence["v1.deep"] for key, when in named.items()}
    conditions = tuple(Condition(when, Amount(value, "count"), fits(value, 9)) for when, value in found.items())
    swap, whole = (one.value for one in conditions)
    reason = say("two 3x3 in nine modules add {} layers, BN-Inception with its tenth has {} more", swap, whole)
    return Finding(of(conditions), say("{} or {}", swap, whole), reason, conditions)


def _judge_published(evidence: Evidence) -> Finding:
    """pretrainedmodels keeps a bias beside each norm; TF-slim counts shift, mean and variance, and no logits."""
    found = {
        "pretrainedmodels, with redundant biases": (evidence["bn.params"] + evidence["bn.channels"], 11_295_240),
        "TF-slim inception_v2, without logits": (evidence["slim.variables"], 10_173_112),
    }
    return reproduced(found)


def _norms() -> Figures:
    """GoogLeNet and v3 with and without norms, at inference and in training, and v2's head with one norm more."""
    folded, v3 = place(after("v3", "fold-bn")), placed("v3")
    normed = [here for here in places(v3) if _is_normed(here.node)]
    return {
        "v1": macs("v1"),
        "bn-googlenet": cost("bn-googlenet").macs,
        "v3": macs("v3"),
        "v3.params": params("v3"),
        "folded": total(folded).macs,
        "folded.params": _params(folded),
        "kept": kept_with_ends(v3),
        "bare.kept": kept_with_ends(folded),
        "norms": len(normed),
        "norms.training": sum(_is_normed(node) for _, node in walk(after("v3").trunk)),
        "normalized": sum(here.writes.size for here in normed),
        "head": _head(after("v2")),
        "head.normed": _head(after("v2", "bn-auxiliary")),
    }


def _head(whole: Network) -> int:
    """Multiply-adds of v2 as it trains: its trunk and what hangs on its last 17x17 module."""
    head = next(step for step in whole.trunk.steps if isinstance(step, Aux))
    return cost("v2").macs + total(place_node(head, at("v2", "mixed_6e").writes, head.name, aux=True)).macs


def _is_normed(node: Node) -> bool:
    return isinstance(node, Conv) and node.norm is not None


def _judge_norms(evidence: Evidence) -> Finding:
    conditions = (
        _same(evidence, "bn-googlenet", "v1", "GoogLeNet with norms: multiply-adds"),
        _same(evidence, "v3", "folded", "v3 beside itself folded: multiply-adds"),
        _same(evidence, "kept", "bare.kept", "v3 beside itself without: kept to train"),
        Condition("v3's normalizations beside its MACs", Amount(evidence["normalized"] / evidence["v3"], "share"), "aside"),
        Condition("v3 beside itself folded: parameters", ratio(evidence["v3.params"] / evidence["folded.params"]), "aside"),
    )
    work, memory = conditions[1].value, conditions[2].value
    reason = say("folded, norms leave {} of the multiply-adds; in training v3 keeps {} as much with them", work, memory)
    return Finding(of(conditions), say("{}, but {} kept", work, memory), reason, conditions)


def _same(evidence: Evidence, normed: str, bare: str, when: str) -> Condition:
    found = evidence[normed] / evidence[bare]
    return Condition(when, ratio(found), fits(found, 1))


def _judge_head(evidence: Evidence) -> Finding:
    condition = _same(evidence, "head.normed", "head", "v2 with its head, normed or not")
    reason = say("with a norm in its head v2 takes {} the multiply-adds", condition.value)
    return Finding(of([condition]), say("{}", condition.value), reason, (condition,))


def _judge_instead(evidence: Evidence) -> Finding:
    """A network trained with label smoothing in the place of batch norm would have none."""
    named = {"norms": "norms of v3 at inference", "norms.training": "norms of v3 in training"}
    conditions = tuple(Condition(when, Amount(evidence[key], "count"), fits(evidence[key], 0)) for key, when in named.items())
    bare, training = (one.value for one in conditions)
    reason = say("v3 has {} batch norms, and {} as it trains", bare, training)
    return Finding(of(conditions), say("{} norms", bare), reason, conditions)


def _ask_norms() -> tuple[Question, ...]:
    """v3 folded at inference beside itself, and with its norms in training beside itself without."""
    return (
        folding("v3"),
        Question("v3 over itself without norms", after("v3", "without-bn"), after("v3"), "train-step", 2),
    )


BN_INCEPTION = Claim(
    id="bn-inception-cost-2g",
    title="BN-Inception takes 2.0 G, 30 % more",
    statement="BN-Inception takes 2.0 billion multiply-adds, 30 % more than GoogLeNet.",
    sources=(
        Citation("PB", "section 4.2, appendix", "13.6 million parameters; 25 % more of them, 30 % more computation"),
        Citation("P3", "Table 3", "2.0 billion operations"),
        Citation("002", "results", "2.0"),
        Citation("003", "results", "2.0"),
    ),
    claimed="2.0 G, 30 %",
    form="multiply-adds and parameters from the widths of Figure 5, at 224x224",
    built="BN-Inception by its columns and by its sizes, plain and separable, beside GoogLeNet",
    count=_bn_inception,
    judge=_judge_bn_inception,
    recorded="depends",
    holds_when="the first layer is plain for 2.0 G, and separable in both networks for 30 %",
    checks=(
        SubCheck("parameters", "It has 13.6 million parameters.", "13.6 M", _judge_params, "does-not-reproduce"),
        SubCheck("25-more", "It has 25 % more parameters than GoogLeNet.", "25 %", _judge_more_params, "does-not-reproduce"),
        SubCheck("swap", "Two 3x3 for each 5x5 are what it has more.", "30 %, 25 %", _judge_swap, "does-not-reproduce"),
        SubCheck("nine-layers", "It is 9 layers deeper.", "9", _judge_nine, "depends"),
        SubCheck("published", "Its parameters are those that two libraries publish.", "2 totals", _judge_published, "holds"),
    ),
    see=("two-3x3-width", "cost-2p5x-googlenet"),
)
NORMS = Claim(
    id="bn-costs-nothing",
    title="batch norm adds no cost",
    statement="Batch norm adds no computational cost.",
    sources=(
        Citation("P3", "Table 3, section 10", "BN-GoogLeNet 1.5 as GoogLeNet, BN-auxiliary 4.8 as before"),
        Citation("002", "results", "the same figures; elsewhere label smoothing instead of batch norm"),
        Citation("003", "results", "the same figures"),
        Citation("001", "4.2", "batch norm in the auxiliary head"),
    ),
    claimed="no cost",
    form="a norm folds into weights and bias of its convolution; in training it is an operation of its own",
    built="GoogLeNet and BN-GoogLeNet, v3 folded and without norms, v2's head with a norm more",
    count=_norms,
    judge=_judge_norms,
    recorded="depends",
    asks=_ask_norms,
    holds_when="multiply-adds at inference are counted, with each norm folded into its convolution",
    checks=(
        SubCheck("auxiliary", "A norm in the head adds no cost.", "4.8 = 4.8", _judge_head, "holds"),
        SubCheck("instead", "Label smoothing is used instead of batch norm.", "none", _judge_instead, "does-not-reproduce"),
    ),
    see=("bn-inception-cost-2g", "bn-fold-exact"),
)
CLAIMS = (BN_INCEPTION, NORMS)
