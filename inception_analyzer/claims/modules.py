"""Claims of 'Going deeper with convolutions', section 4: what 1x1 convolutions spare an Inception module and its network."""

from __future__ import annotations

from inception_analyzer.claims.counted import at, chain, count
from inception_analyzer.claims.judging import of, true
from inception_analyzer.claims.model import (
    Amount,
    Citation,
    Claim,
    Condition,
    Figures,
    Finding,
    Kind,
    SubCheck,
    number_of,
    ratio,
    saving,
    say,
    share,
)
from inception_analyzer.cost import total
from inception_analyzer.expressions import load
from inception_analyzer.inquiry import Evidence, Question
from inception_analyzer.passes.modules import naive_module
from inception_analyzer.place import Placed, place_node
from inception_analyzer.spec import Named, Network, Node, Recipe, Shape, Source
from inception_analyzer.words import named, trunk

MODULES = ("3a", "3b", "4a", "4b", "4c", "4d", "4e", "5a", "5b")
REDUCED = ("3x3", "5x5")

# What `explodes` and `most` are taken to mean, as no text says how much.
DOUBLE, HALF = 2.0, 0.5


def module(name: str, expression: str = "v1") -> Placed:
    """One of GoogLeNet's nine, at its place."""
    return at(expression, f"inception_{name}")


def block_of(name: str) -> Named:
    """The same as it is written."""
    return next(step for step in load("v1").trunk.steps if isinstance(step, Named) and step.name == f"inception_{name}")


def own_network(name: str, node: Node, reads: Shape) -> Network:
    """One block as a network of its own, to be timed."""
    return Network(name, name, "ref", reads, trunk(named("block", node)), Source("1409.4842", "section 4", 2014), Recipe("sgd"))


def _naive(name: str) -> Named:
    """Figure 2a with the same widths over the same input: no 1x1 before the larger kernels, the pool passes its input on."""
    bare = naive_module(block_of(name), module(name).reads)
    assert bare is not None, "every module of GoogLeNet has reductions"
    return bare


def _reductions() -> Figures:
    """Each module with and without them, and each of its larger kernels likewise."""
    figures: dict[str, float] = {}
    for name in MODULES:
        here = module(name)
        figures |= {
            f"{name}.with": total(here).macs,
            f"{name}.without": total(place_node(_naive(name), here.reads)).macs,
        }
        for kernel in REDUCED:
            figures |= {f"{name}.{kernel}.{key}": value for key, value in _arm(name, kernel).items()}
    return figures | _one_tap()


def _one_tap() -> dict[str, int]:
    """A 1x1 and a 5x5 over what the first module reads, to as many channels as its 5x5 writes."""
    reads, writes = module(MODULES[0]).reads, at("v1", f"inception_{MODULES[0]}.5x5").writes
    taps = {kernel: chain(kernel, f"{reads.channels},{writes.channels}", reads.height).same.macs for kernel in ("1x1", "5x5")}
    return taps | {"tap.in": reads.channels, "tap.out": writes.channels, "tap.grid": reads.height}


def _arm(name: str, kernel: str) -> dict[str, int]:
    """A larger kernel behind its own 1x1, alone, and behind a 1x1 that writes as much as it reads."""
    first, second = at("v1", f"inception_{name}.{kernel}").parts
    reads, between, writes = first.reads.channels, first.writes.channels, second.writes.channels
    grid = second.writes.height
    return {
        "with": chain(f"1x1,{kernel}", f"{reads},{between},{writes}", grid).same.macs,
        "without": chain(kernel, f"{reads},{writes}", grid).same.macs,
        "wide": chain(f"1x1,{kernel}", f"{reads},{reads},{writes}", grid).same.macs,
    }


def _judge_reductions(evidence: Evidence) -> Finding:
    conditions = tuple(_spared(evidence, f"module {name}", f"{name}.with", f"{name}.without") for name in MODULES)
    least, most = _ends(conditions)
    reason = say(
        "over the same input each module {} at least, and the best {}", Amount(least, "saving"), Amount(most, "saving")
    )
    return Finding(of(conditions), say("{} to {} less", share(least), share(most)), reason, conditions)


def _judge_arms(evidence: Evidence) -> Finding:
    """With the widths of the paper in all arms; and in the first with as many maps between as it reads."""
    arms = [(name, kernel) for name in MODULES for kernel in REDUCED]
    published = [
        _spared(evidence, f"{kernel} of {name}", f"{name}.{kernel}.with", f"{name}.{kernel}.without") for name, kernel in arms
    ]
    wide = _spared(evidence, "5x5 of 3a, a 1x1 as wide as its input", "3a.5x5.wide", "3a.5x5.without")
    conditions, paying = (*published, wide), sum(one.fit == "exactly" for one in published)
    counted = (number_of(paying), number_of(len(published)))
    every = number_of(sum(one.fit == "exactly" for one in conditions)), number_of(len(conditions))
    reason = say("{} of {} arms cost less with their 1x1; as wide as its input, that of 3a's 5x5 {}", *counted, wide.value)
    return Finding(of(conditions), say("less in {} of {} cases", *every), reason, conditions)


def _spared(evidence: Evidence, when: str, after: str, before: str) -> Condition:
    """Whether something costs less than before."""
    new, old = evidence[after], evidence[before]
    return Condition(
        when, saving(new, old), true(new < old), (("without", Amount(old, "macs")), ("with 1x1", Amount(new, "macs")))
    )


def _ends(conditions: tuple[Condition, ...]) -> tuple[float, float]:
    values = [one.value.value for one in conditions]
    return min(values), max(values)


def _judge_smallest(evidence: Evidence) -> Finding:
    """One tap in place of 25, over the same channels."""
    found = evidence["5x5"] / evidence["1x1"]
    into, out, grid = (f"{evidence[f'tap.{what}']:g}" for what in ("in", "out", "grid"))
    parts = (("1x1", Amount(evidence["1x1"], "macs")),)
    condition = Condition(f"{into} > {out} at {grid}x{grid}", ratio(found), true(found > 1), parts)
    reason = say("a 5x5 takes {} the multiply-adds of a 1x1 over the same channels", ratio(found))
    return Finding(of([condition]), say("{}", ratio(found)), reason, (condition,))


def _timed_modules() -> tuple[Question, ...]:
    """The first and the last module, naive against published, over the same input."""
    return tuple(
        Question(
            name,
            own_network(f"naive {name}", _naive(name), module(name).reads),
            own_network(name, block_of(name), module(name).reads),
        )
        for name in (MODULES[0], MODULES[-1])
    )


def _naive_networks() -> Figures:
    """Widths of the stacked naive modules, and the totals of both naive networks beside the published one."""
    figures: dict[str, float] = {}
    for name in MODULES:
        here = module(name, "v1@naive")
        kernels = sum(arm.writes.channels for arm in module(name).parts if not arm.path.endswith(".pool"))
        figures |= {f"{name}.reads": here.reads.channels, f"{name}.writes": here.writes.channels, f"{name}.kernels": kernels}
    for key, expression in (("published", "v1"), ("naive", "v1@naive"), ("projected", "v1@naive-projected")):
        found = count(expression)
        figures |= {f"{key}.macs": found.cost.macs, f"{key}.params": found.cost.params, f"{key}.kept": found.kept}
    return figures


def _judge_growth(evidence: Evidence) -> Finding:
    """Every module adds the widths of its kernels to what it read, and the cost of the whole follows."""
    conditions = [_grown(evidence, name) for name in MODULES]
    macs, params, kept = (_times(evidence, "naive", quantity) for quantity in ("macs", "params", "kept"))
    conditions += [
        Condition("multiply-adds of the network", macs, true(macs.value > 1), _sides(evidence, "naive", "macs")),
        Condition("its parameters", params, "aside", _sides(evidence, "naive", "params", "params")),
        Condition("activations kept in training", kept, "aside", _sides(evidence, "naive", "kept", "elements")),
    ]
    last = number_of(evidence[f"{MODULES[-1]}.writes"])
    reason = say("nine naive modules end on {} channels and take {} the multiply-adds of GoogLeNet", last, macs)
    return Finding(of(conditions), say("{}", macs), reason, tuple(conditions))


def _grown(evidence: Evidence, name: str) -> Condition:
    reads, writes, kernels = (evidence[f"{name}.{key}"] for key in ("reads", "writes", "kernels"))
    parts = (("reads", number_of(reads)), ("writes", number_of(writes)))
    return Condition(f"channels that {name} adds", number_of(writes - reads), true(writes - reads == kernels > 0), parts)


def _judge_share_of_reductions(evidence: Evidence) -> Finding:
    """Without reductions, but with the projections that keep the widths as published."""
    after, before = evidence["published.macs"], evidence["projected.macs"]
    spared, whole = saving(after, before), saving(after, evidence["naive.macs"])
    conditions = (
        Condition("widths as published", spared, true(spared.value > HALF), _sides(evidence, "projected", "macs")),
        Condition("with projections, of naive modules", whole, "aside", _sides(evidence, "naive", "macs")),
    )
    reason = say("without reductions GoogLeNet takes {} the multiply-adds", ratio(before / after))
    return Finding(of(conditions), say("{}", spared), reason, conditions)


def _judge_memory(evidence: Evidence) -> Finding:
    """What a naive network holds while it trains: its weights, and what it keeps of each image."""
    params, kept = _times(evidence, "naive", "params"), _times(evidence, "naive", "kept")
    conditions = (
        Condition("weights", params, true(params.value >= DOUBLE), _sides(evidence, "naive", "params", "params")),
        Condition("kept of each image", kept, true(kept.value >= DOUBLE), _sides(evidence, "naive", "kept", "elements")),
    )
    reason = say("the weights grow to {}, what is kept of each image to {}", params, kept)
    return Finding(of(conditions), say("{} and {}", params, kept), reason, conditions)


def _times(evidence: Evidence, key: str, quantity: str) -> Amount:
    return ratio(evidence[f"{key}.{quantity}"] / evidence[f"published.{quantity}"])


def _sides(evidence: Evidence, key: str, quantity: str, kind: Kind = "macs") -> tuple[tuple[str, Amount], ...]:
    return tuple((side, Amount(evidence[f"{side}.{quantity}"], kind)) for side in ("published", key))


def _timed_networks() -> tuple[Question, ...]:
    return (Question("naive", load("v1"), load("v1@naive")),)


REDUCTIONS = Claim(
    id="one-by-one-reduction-saves",
    title="1x1 reductions make a module cheaper",
    statement="A 1x1 before each larger kernel makes an Inception module cheaper, although it is one layer more.",
    sources=(
        Citation("P1", "section 4", "1x1 convolutions compute reductions before the expensive 3x3 and 5x5"),
        Citation("P3", "section 3", "much of the gain of GoogLeNet comes from dimension reduction"),
        Citation("001", "1, 2.2.2", "an extra layer that is counter-intuitively cheaper; 1x1 is far cheaper than 5x5"),
        Citation("002", "Inception", "1x1, then 3x3"),
    ),
    claimed="cheaper",
    form="in · r + k k · r · out < k k · in · out, so r < k k · in · out / (in + k k · out)",
    built="each of GoogLeNet's nine modules and its naive form over the same input",
    count=_reductions,
    judge=_judge_reductions,
    recorded="holds",
    asks=_timed_modules,
    checks=(
        SubCheck("always", "Any 1x1 makes the larger kernel behind it cheaper.", "cheaper", _judge_arms, "depends"),
        SubCheck("one-tap", "A 1x1 is far cheaper than a 5x5 over the same channels.", "cheaper", _judge_smallest, "holds"),
    ),
    holds_when="the 1x1 writes few enough channels, as all of GoogLeNet's do",
    see=("naive-module-blowup", "pool-proj-order"),
)
BLOW_UP = Claim(
    id="naive-module-blowup",
    title="naive modules blow up the network",
    statement="Without 1x1 convolutions widths grow from module to module and the cost blows up within a few stages.",
    sources=(
        Citation("P1", "section 4", "merging with the pool inevitably grows the outputs; a blow-up within a few stages"),
        Citation("001", "1, 2.2.1, 2.2.2", "memory explodes; most of the benefits derive from dimension reduction"),
    ),
    claimed="blows up",
    form="out = 1x1 + 3x3 + 5x5 + in, as the pool passes its input on",
    built="v1@naive, nine naive modules in a row, and v1@naive-projected, without reductions only",
    count=_naive_networks,
    judge=_judge_growth,
    recorded="holds",
    asks=_timed_networks,
    checks=(
        SubCheck(
            "reductions",
            "Reductions before the larger kernels alone spare most of the cost.",
            "most",
            _judge_share_of_reductions,
            "holds",
        ),
        SubCheck("memory", "Memory explodes, read as at least twice as much.", "explodes", _judge_memory, "depends"),
    ),
    see=("one-by-one-reduction-saves",),
)
CLAIMS = (REDUCTIONS, BLOW_UP)
