"""Claims of 'Going deeper with convolutions', section 5: the widths, the depth and the multiply-adds of GoogLeNet."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import cache
from itertools import pairwise

from inception_analyzer.claims import table_1
from inception_analyzer.claims.counted import count, placed
from inception_analyzer.claims.judging import fits, of, true
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
    share,
    to_digits,
)
from inception_analyzer.claims.modules import MODULES, module
from inception_analyzer.cost import total
from inception_analyzer.count import count as count_of
from inception_analyzer.evidence import Count
from inception_analyzer.expressions import load
from inception_analyzer.inquiry import Evidence, Question
from inception_analyzer.place import Placed, fold, places
from inception_analyzer.spec import Aux, Branches, Conv, Linear, Network, Node
from inception_analyzer.tree import rewrite
from inception_analyzer.words import BN, same, trunk

BUDGET = 1.5e9
PIECES = ("conv", "linear", "maxpool", "avgpool", "globalpool")
FIRST_LAYERS = {"plain": "v1", "separable": "googlenet-separable", "normed": "bn-googlenet"}


def torchvision() -> Count:
    """GoogLeNet as torchvision has it: 3x3 in the place of 5x5, and batch norms in the place of biases."""
    return _torchvision_of(load("v1"))


@cache
def _torchvision_of(network: Network) -> Count:
    return count_of(replace(network, trunk=trunk(rewrite(network.trunk, lambda _, node: _as_torchvision(node)))))


def _as_torchvision(node: Node) -> Node | None:
    if not isinstance(node, Conv):
        return None
    kernel = (3, 3) if node.kernel == (5, 5) else node.kernel
    pads = same(kernel) if node.kernel == (5, 5) else node.padding
    return replace(node, kernel=kernel, padding=pads, bias=False, norm=BN)


def _shares() -> Figures:
    """Of each module's outputs and of its multiply-adds, how much is of its 3x3 and of its 5x5."""
    figures: dict[str, float] = {}
    for name in MODULES:
        here, arms = module(name), _arms(name)
        figures |= {f"{name}.{key}": arms[key].writes.channels / here.writes.channels for key in ("3x3", "5x5")}
        figures |= {f"{name}.{key}.macs": total(arms[key]).macs / total(here).macs for key in ("3x3", "5x5")}
    return figures


def _arms(name: str) -> dict[str, Placed]:
    return {part.path.rpartition(".")[2]: part for part in module(name).parts}


def _judge_shares(evidence: Evidence) -> Finding:
    """From the first module to the last, by the filters that the texts speak of; by multiply-adds beside them."""
    both = _from_first_to_last(evidence, "filters that are 3x3 or 5x5", ("3x3", "5x5"))
    five = _from_first_to_last(evidence, "filters that are 5x5", ("5x5",))
    work = _from_first_to_last(evidence, "multiply-adds of 3x3 and 5x5", ("3x3.macs", "5x5.macs"))
    five_work = _from_first_to_last(evidence, "multiply-adds of the 5x5", ("5x5.macs",))
    steps = sum(evidence[f"{other}.5x5"] > evidence[f"{one}.5x5"] for one, other in pairwise(MODULES))
    risen = Condition("modules with more 5x5 than the one before", number_of(steps), "aside")
    asides = (replace(work, fit="aside"), replace(five_work, fit="aside"), risen)
    before, after = both.parts[0][1], both.value
    ends = five.parts[0][1], five.value
    reason = say(
        "3x3 and 5x5 are {} of the filters in the first module and {} in the last, the 5x5 alone {} and {}",
        before,
        after,
        *ends,
    )
    return Finding(of((both, five)), say("{} to {}", before, after), reason, (both, five, *asides))


def _from_first_to_last(evidence: Evidence, told: str, keys: tuple[str, ...]) -> Condition:
    first, last = MODULES[0], MODULES[-1]
    before, after = (share(sum(evidence[f"{name}.{key}"] for key in keys)) for name in (first, last))
    return Condition(told, after, true(after.value > before.value), ((first, before), (last, after)))


def _depths() -> Figures:
    """The longest and the shortest path, and how many pieces of each sort GoogLeNet is built of."""
    found, whole = count("v1"), placed("v1")
    sorts = Counter((layer.op, layer.aux) for layer in found.layers)
    every = {op: sorts[op, False] + sorts[op, True] for op, _ in sorts}
    tops = [1 for here in whole.parts if isinstance(here.node, Aux)]
    concatenations = sum(isinstance(here.node, Branches) for here in places(whole))
    main = {op: sorts[op, False] for op, _ in sorts}
    return {
        "layers": found.depth.layers,
        "pools": found.depth.pools,
        "modules": sum(here.kind == "inception" for here in whole.parts),
        "shortest": fold(whole, _shortest),
        "convolutions": main["conv"],
        "blocks": sum(main[op] for op in PIECES) + concatenations,
        "blocks.heads": sum(every[op] for op in PIECES) + concatenations,
        # One softmax ends the network and each head.
        "blocks.all": sum(every.values()) + concatenations + 1 + len(tops),
    }


def _shortest(here: Placed, parts: tuple[int, ...]) -> int:
    """Layers with weights on the shortest path."""
    match here.node:
        case Conv() | Linear():
            return 1
        case Branches():
            return min(parts)
        case Aux():
            return 0
    return sum(parts)


def _judge_depth(evidence: Evidence) -> Finding:
    layers, pools, modules = (evidence[name] for name in ("layers", "pools", "modules"))
    conditions = (
        Condition("layers with weights on the longest path", number_of(layers), fits(layers, 22)),
        Condition("the same with the pools between modules", number_of(layers + pools), fits(layers + pools, 27)),
        Condition("modules", number_of(modules), fits(modules, 9)),
        Condition("layers with weights on the shortest path", number_of(evidence["shortest"]), "aside"),
        Condition("convolutions in all", number_of(evidence["convolutions"]), "aside"),
    )
    first, second = conditions[0].value, conditions[1].value
    reason = say("its longest path has {} layers with weights, two of them in each module, and {} with pools", first, second)
    return Finding(of(conditions), say("{} and {}", first, second), reason, conditions)


def _judge_pieces(evidence: Evidence) -> Finding:
    """To one digit, by three ways to count what a module is built of."""
    ways = {
        "blocks": "convolutions, pools, concatenations, classifier",
        "blocks.heads": "the same with both heads",
        "blocks.all": "with norms, dropouts and softmaxes too",
    }
    conditions = tuple(Condition(told, number_of(evidence[key]), fits(evidence[key], 100, 1)) for key, told in ways.items())
    fewest, most = conditions[0].value, conditions[-1].value
    words = "there are {} pieces without heads, to one digit {}, and {} with heads and everything that is drawn, so {}"
    reason = say(words, *(one for each in (fewest, most) for one in (each, to_digits(each.value, 1))))
    return Finding(of(conditions), say("{} to {}", fewest, most), reason, conditions)


def _work() -> Figures:
    """Multiply-adds under each first layer, in total and behind it, and the rows of Table 1."""
    figures: dict[str, float] = {"torchvision": torchvision().cost.macs, "alexnet": count("alexnet").cost.macs}
    for key, expression in FIRST_LAYERS.items():
        first = sum(total(here).macs for here in placed(expression).parts if here.path.startswith("conv1"))
        whole = count(expression).cost
        figures |= {key: whole.macs, f"{key}.behind": whole.macs - first, f"{key}.inside": whole.forward.inside}
    return {**figures, **table_1.operations()}


def _judge_work(evidence: Evidence) -> Finding:
    """Table 1 is judged with the first layer that its own two columns give; the plain 7x7 of other texts stands beside it."""
    separable, plain = (Amount(evidence[key], "macs") for key in ("separable", "plain"))
    conditions = (
        Condition("first layer separable, as 2.7K and 34M say", separable, fits(separable.value, BUDGET, 2)),
        Condition("the same, taps on the map only", Amount(evidence["separable.inside"], "macs"), "aside"),
        Condition("first layer a plain 7x7/2", plain, "aside"),
        Condition("a plain 7x7/2, taps on the map only", Amount(evidence["plain.inside"], "macs"), "aside"),
        Condition("with a plain 7x7/2, over AlexNet", ratio(plain.value / evidence["alexnet"]), "aside"),
    )
    reason = say("it takes {} with the separable first layer of Table 1, and {} with a plain 7x7", separable, plain)
    return Finding(of(conditions), say("{}", separable), reason, conditions)


def _judge_plain(evidence: Evidence) -> Finding:
    """The two networks that have it: the public replications, and the row BN-GoogLeNet of a later table."""
    names = {"plain": "as printed", "normed": "BN-GoogLeNet"}
    taps = {"": "", ".inside": ", taps on the map"}
    conditions = tuple(
        _within_budget(evidence, f"{key}{way}", f"{told}{how}") for way, how in taps.items() for key, told in names.items()
    )
    found, part = conditions[0].value, conditions[len(names)].value
    over = Amount(found.value / BUDGET - 1, "change")
    reason = say("a plain 7x7/2 makes it {}, {} beside what is printed; taps on the map alone are {}", found, over, part)
    return Finding(of(conditions), say("{} or {}", found, part), reason, conditions)


def _within_budget(evidence: Evidence, key: str, told: str) -> Condition:
    return Condition(told, Amount(evidence[key], "macs"), fits(evidence[key], BUDGET, 2))


def _judge_torchvision(evidence: Evidence) -> Finding:
    found = Amount(evidence["torchvision"], "macs")
    condition = Condition("3x3 for each 5x5, plain 7x7/2", found, fits(found.value, 1.498e9, 4))
    reason = say("it takes {} with a plain first layer, as every 5x5 is a 3x3 there", found)
    return Finding(of([condition]), say("{}", found), reason, (condition,))


def _judge_behind(evidence: Evidence) -> Finding:
    """Three descriptions of one network agree wherever their first layers do not come in."""
    plain = evidence["plain.behind"]
    conditions = tuple(
        Condition(told, Amount(evidence[f"{key}.behind"], "macs"), fits(evidence[f"{key}.behind"], plain))
        for key, told in {"separable": "separable first layer", "normed": "BN-GoogLeNet"}.items()
    )
    found = Amount(plain, "macs")
    return Finding(of(conditions), say("{}", found), say("behind its first layer each does {}", found), conditions)


def _timed_budget() -> tuple[Question, ...]:
    """More multiply-adds over fewer parameters: GoogLeNet beside AlexNet."""
    return (Question("beside AlexNet", load("alexnet"), load("v1")),)


SHARES = Claim(
    id="share-of-large-kernels-grows",
    title="3x3 and 5x5 gain share with depth",
    statement="Towards higher layers a larger share of each module is 3x3 and 5x5 filters.",
    sources=(
        Citation("P1", "section 4", "the ratio of 3x3 and 5x5 convolutions should increase in higher layers"),
        Citation("001", "2.2.2", "the share of 5x5 grows as layers deepen"),
    ),
    claimed="grows",
    form="3x3 and 5x5 filters over all outputs of a module",
    built="GoogLeNet, its nine modules from 3a to 5b",
    count=_shares,
    judge=_judge_shares,
    recorded="does-not-reproduce",
    see=("googlenet-macs-1p5g",),
)
DEPTH = Claim(
    id="googlenet-depth-22-27",
    title="22 layers, 27 with pools, 9 modules",
    statement="GoogLeNet is 22 layers deep, 27 with pools, and has nine modules.",
    sources=(
        Citation("P1", "section 5", "22 layers with parameters, 27 with pooling, about 100 building blocks"),
        Citation("001", "1, 2.2.3", "22 layers, 27 with pooling, nine modules"),
    ),
    claimed="22 and 27",
    form="3 + 9 · 2 + 1 layers with weights; 4 max pools and the mean",
    built="GoogLeNet, its longest and its shortest path",
    count=_depths,
    judge=_judge_depth,
    recorded="holds",
    checks=(SubCheck("pieces", "About 100 building blocks in all.", "about 100", _judge_pieces, "depends"),),
    holds_when="a module counts two and the pools inside it none",
    see=("v3-42-layers",),
)
WORK = Claim(
    id="googlenet-macs-1p5g",
    title="GoogLeNet takes 1.5 G multiply-adds",
    statement="GoogLeNet takes 1.5 billion multiply-adds.",
    sources=(
        Citation("P1", "section 1 and Table 1", "a budget of 1.5 billion; the rows sum to 1502M"),
        Citation("P3", "Table 3", "1.5 for GoogLeNet and BN-GoogLeNet"),
        Citation("002", "result tables", "cost 1.5"),
        Citation("003", "result tables", "cost 1.5"),
    ),
    claimed="1.5 G",
    form="weights times places of the map, over convolutions and classifier at 224x224",
    built="GoogLeNet with a separable and with a plain first layer, BN-GoogLeNet, torchvision's",
    count=_work,
    judge=_judge_work,
    recorded="holds-rounded",
    asks=_timed_budget,
    checks=(
        SubCheck("plain", "The same with the plain 7x7/2 that Table 1 names.", "1.5 G", _judge_plain, "depends"),
        SubCheck("torchvision", "Torchvision's takes 1.498 G.", "1.498 G", _judge_torchvision, "holds-rounded"),
        SubCheck("behind", "Behind the first layer all descriptions agree.", "the same", _judge_behind, "holds"),
        *table_1.operation_checks(),
    ),
    holds_when="the first layer is the separable one that Table 1 counts",
    see=("googlenet-params-5m", "cost-2p5x-googlenet"),
)
CLAIMS = (SHARES, DEPTH, WORK)
