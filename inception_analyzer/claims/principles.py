"""Claims of 'Rethinking the Inception Architecture', sections 1 to 3: what width costs, and what fewer multiply-adds bring."""

from __future__ import annotations

from inception_analyzer.claims.counted import at, macs, params, placed
from inception_analyzer.claims.judging import fits, of, true
from inception_analyzer.claims.model import Amount, Citation, Claim, Condition, Figures, Finding, Kind, SubCheck, ratio, say
from inception_analyzer.claims.rebuilt import after, alone, block_after, cost_at, trainable
from inception_analyzer.cost import own_cost, total
from inception_analyzer.inquiry import Evidence, Question
from inception_analyzer.kept import kept, kept_with_ends
from inception_analyzer.place import Placed, place, places
from inception_analyzer.spec import Conv, Linear, Shape

NAMES = {"v3": "v3", "v1": "GoogLeNet"}

# Layers of v3 at its two ends, where one side keeps its width, and one between.
SINGLE = {"conv0": "the first layer, from 3 colours", "conv4": "a layer between", "logits": "the last layer, to 1000 classes"}

# Factored parts of v3, the pass that undoes each, and in words what was replaced by what.
FACTORED = {
    "mixed_5d": ("stacked", "5d, 3x3 + 3x3 for 5x5"),
    "mixed_6b": ("asymmetric", "6b, 1x7 + 7x1 for 7x7"),
    "mixed_6e": ("asymmetric", "6e, 1x7 + 7x1 for 7x7"),
    "mixed_7c": ("expanded", "7c, 1x3 | 3x1 for 3x3"),
}
SMALL = Shape(3, 224, 224)


def _weighted(whole: Placed) -> list[Placed]:
    return [here for here in places(whole) if isinstance(here.node, (Conv, Linear))]


def _doubled() -> Figures:
    figures: dict[str, float] = {}
    for name in NAMES:
        wide = place(after(name, "width=2"))
        cost = total(wide)
        figures |= {f"{name}.macs": macs(name), f"{name}.wide.macs": cost.macs}
        figures |= {f"{name}.params": params(name), f"{name}.wide.params": cost.params}
        if name == "v3":
            figures |= _layers_doubled(wide)
    return figures


def _layers_doubled(wide: Placed) -> Figures:
    """Each layer beside the same one at double width."""
    before, now = ({here.path: own_cost(here).macs for here in _weighted(whole)} for whole in (placed("v3"), wide))
    ends = {f"{end}.macs": before[end] for end in SINGLE} | {f"{end}.wide.macs": now[end] for end in SINGLE}
    fourfold = sum(now[path] == 4 * before[path] for path in before)
    return {"layers": len(before), "fourfold": fourfold, **ends}


def _judge_doubled(evidence: Evidence) -> Finding:
    """Four, as the text prints it in one digit."""
    conditions = tuple(
        _twice_as_wide(evidence, f"{name}.", what, f"{told}, {words}", 1)
        for name, told in NAMES.items()
        for what, words in (("macs", "multiply-adds"), ("params", "parameters"))
    )
    work, weights, least = conditions[0].value, conditions[1].value, conditions[3].value
    reason = say(
        "twice as wide, v3 takes {} the multiply-adds and {} the parameters, GoogLeNet {} of its own", work, weights, least
    )
    return Finding(of(conditions), say("{} and {}", work, weights), reason, conditions)


def _twice_as_wide(evidence: Evidence, key: str, what: str, when: str, digits: int | None) -> Condition:
    before, now = evidence[f"{key}{what}"], evidence[f"{key}wide.{what}"]
    kind: Kind = "macs" if what == "macs" else "params"
    parts = (("as designed", Amount(before, kind)), ("doubled", Amount(now, kind)))
    return Condition(when, ratio(now / before), fits(now / before, 4, digits), parts)


def _judge_each_layer(evidence: Evidence) -> Finding:
    conditions = tuple(_twice_as_wide(evidence, f"{layer}.", "macs", when, None) for layer, when in SINGLE.items())
    exact, layers = Amount(evidence["fourfold"], "count"), Amount(evidence["layers"], "count")
    reason = say("{} of {} layers take exactly four times as much; the first takes {}", exact, layers, conditions[0].value)
    return Finding(of(conditions), say("{} of {}", exact, layers), reason, conditions)


def _ask_doubled() -> tuple[Question, ...]:
    return (Question("GoogLeNet at double width over itself", after("v1"), after("v1", "width=2")),)


def _uses() -> Figures:
    """Uses of each weight in v3, and what became of parameters and of what is kept where multiply-adds went down."""
    layers = _weighted(placed("v3"))
    small = cost_at(after("v3"), SMALL)
    figures: dict[str, float] = {
        "layers": len(layers),
        "as-told": sum(own_cost(here).macs == _weights(here) * here.writes.height * here.writes.width for here in layers),
        "macs": macs("v3"),
        "params": params("v3"),
        "small.macs": small.macs,
        "small.params": small.params,
        "kept": kept_with_ends(placed("v3")),
        "restored.kept": kept_with_ends(place(after("v3", "unfactorized"))),
    }
    for path, (undone, _) in FACTORED.items():
        figures |= _beside(path, at("v3", path), block_after("v3", path, undone))
    return figures


def _beside(path: str, factored: Placed, restored: Placed) -> Figures:
    figures: dict[str, float] = {}
    for side, here in (("factored", factored), ("restored", restored)):
        cost = total(here)
        figures |= {f"{path}.{side}.macs": cost.macs, f"{path}.{side}.params": cost.params, f"{path}.{side}.kept": kept(here)}
    return figures


def _weights(here: Placed) -> int:
    match here.node:
        case Conv(out=out, kernel=(height, width), groups=groups):
            return height * width * here.reads.channels // groups * out
        case Linear(out=out):
            return here.reads.size * out
    raise AssertionError(f"{here.path} has no weights")


def _judge_uses(evidence: Evidence) -> Finding:
    """The identity itself, and what is drawn from it: that parameters and memory go wherever multiply-adds go."""
    layers, told = evidence["layers"], evidence["as-told"]
    conditions = (
        Condition("layers whose weights times grid are their MACs", Amount(told, "count"), true(told == layers)),
        _follows(evidence, "mixed_6b", "params", "parameters"),
        _follows(evidence, "mixed_5d", "params", "parameters"),
        _smaller_image(evidence),
        _follows(evidence, "mixed_6b", "kept", "kept to train"),
    )
    weights, unchanged, memory = (conditions[index].value for index in (1, 3, 4))
    reason = say(
        "factoring 6b leaves {} of its parameters and {} of what it keeps to train; a smaller image leaves {} of parameters",
        weights,
        memory,
        unchanged,
    )
    return Finding(of(conditions), say("leaves {} or {}", weights, memory), reason, conditions)


def _follows(evidence: Evidence, path: str, what: str, words: str) -> Condition:
    """Whether something went down with the multiply-adds."""
    before, now = (evidence[f"{path}.{side}.{what}"] for side in ("restored", "factored"))
    fewer = evidence[f"{path}.factored.macs"] < evidence[f"{path}.restored.macs"]
    return Condition(f"{FACTORED[path][1]}: {words}", ratio(now / before), true(fewer and now < before))


def _smaller_image(evidence: Evidence) -> Condition:
    fewer = evidence["small.macs"] < evidence["macs"]
    now, before = evidence["small.params"], evidence["params"]
    return Condition("v3 at 224x224 for 299x299: parameters", ratio(now / before), true(fewer and now < before))


def _judge_memory(evidence: Evidence) -> Finding:
    """Elements kept inside each block for the backward pass."""
    conditions = (
        *(_kept_less(evidence, f"{path}.factored.kept", f"{path}.restored.kept", told) for path, (_, told) in FACTORED.items()),
        _kept_less(evidence, "kept", "restored.kept", "all of v3"),
    )
    most = max(conditions, key=lambda one: one.value.value).value
    reason = say("for its backward pass a factored block keeps up to {} as much, all of v3 {}", most, conditions[-1].value)
    return Finding(of(conditions), say("up to {}", most), reason, conditions)


def _kept_less(evidence: Evidence, factored: str, restored: str, when: str) -> Condition:
    now, before = evidence[factored], evidence[restored]
    parts = (("restored", Amount(before, "elements")), ("factored", Amount(now, "elements")))
    return Condition(when, ratio(now / before), true(now < before), parts)


def _ask_training() -> tuple[Question, ...]:
    """A factored block against the same restored, in training."""
    restored, factored = (trainable(alone("v3", "mixed_6b", *undone)) for undone in (("asymmetric",), ()))
    return (Question("6b factored over restored", restored, factored, "train-step", 2),)


DOUBLED = Claim(
    id="double-filters-4x",
    title="doubling all widths takes 4x",
    statement="Doubling the number of filters of every layer takes 4 times the multiply-adds and the parameters.",
    sources=(
        Citation("P3", "section 1", "4x in both computational cost and number of parameters"),
        Citation("P1", "section 3", "if two layers are chained, cost grows with the square of a uniform increase"),
        Citation("001", "3.1", "twice the filters, four times the parameters"),
        Citation("003", "Inception architecture", "the same"),
    ),
    claimed="4x",
    form="k k · 2 in · 2 out · grid; only twice as much where one side keeps its width",
    built="v3 and GoogLeNet with every width but that of the logits doubled",
    count=_doubled,
    judge=_judge_doubled,
    recorded="holds-rounded",
    asks=_ask_doubled,
    checks=(SubCheck("each-layer", "Every layer takes exactly 4 times as much.", "4x", _judge_each_layer, "depends"),),
    see=("weight-one-mult-per-activation",),
)
USES = Claim(
    id="weight-one-mult-per-activation",
    title="less work, fewer weights and memory",
    statement="Each weight is one multiplication per activation, so less computation means fewer parameters and less memory.",
    sources=(
        Citation("P3", "section 3", "any reduction in computational cost results in a reduced number of parameters"),
        Citation("001", "3.1 to 3.3", "factorized networks are more efficient"),
        Citation("002", "principles", "training and memory efficiency rise"),
        Citation("003", "Factorization", "fewer parameters, faster training"),
    ),
    claimed="both fall",
    form="multiply-adds are the sum over layers of weights · height · width",
    built="v3 layer by layer, over a smaller image, and its blocks with one factorization undone",
    count=_uses,
    judge=_judge_uses,
    recorded="depends",
    asks=_ask_training,
    holds_when="the grid stays as it is, and memory means that of the weights",
    checks=(
        SubCheck(
            "training-memory",
            "Factorized blocks need less memory to train.",
            "less",
            _judge_memory,
            "does-not-reproduce",
        ),
    ),
    see=("double-filters-4x", "fig7-wider-not-deeper"),
)
CLAIMS = (DOUBLED, USES)
