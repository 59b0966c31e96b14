"""Claims about how deep Inception-v3 is, by the longest path and by the rules that could lead to what is printed."""

from __future__ import annotations

from collections.abc import Sequence

from inception_analyzer.claims.counted import count, placed
from inception_analyzer.claims.inception_v3 import TABLE_1
from inception_analyzer.claims.judging import fits, of
from inception_analyzer.claims.model import Amount, Citation, Claim, Condition, Figures, Finding, SubCheck, say
from inception_analyzer.claims.rebuilt import after, blocks_of, stem_of
from inception_analyzer.depth import depth_of
from inception_analyzer.inquiry import Evidence
from inception_analyzer.place import Placed, place, places
from inception_analyzer.spec import Conv


def _depths() -> Figures:
    """Layers on the longest path, and sums over blocks by the rules that could lead to 42."""
    v3, table, joined = placed("v3"), placed(TABLE_1), place(after(TABLE_1, "asymmetric"))
    stem, modules = _deep(stem_of(v3)), _deep(blocks_of(v3, "A", "B", "C"))
    convs = _convs(v3)
    return {
        "v3": depth_of(v3).layers,
        "v2": depth_of(placed("v2")).layers,
        "table": depth_of(table).layers,
        "table.apart": depth_of(table).layers - _deep(blocks_of(table, "reduce")),
        "mixed": _deep(stem_of(table)) + modules + _deep(v3.parts[-1:]),
        "columns": stem + _deep(blocks_of(joined, "A", "B", "C", "reduce")) + _deep(joined.parts[-1:]),
        "columns.v3": depth_of(place(after("v3", "asymmetric"))).layers,
        "convs": convs,
        "convs.training": convs + _convs_of_heads(),
    }


def _deep(blocks: Sequence[Placed]) -> int:
    return sum(depth_of(block).layers for block in blocks)


def _convs(whole: Placed) -> int:
    return sum(isinstance(here.node, Conv) for here in places(whole))


def _convs_of_heads() -> int:
    return sum(layer.aux and layer.op == "conv" for layer in count("v3").layers)


DEEP = {
    "v3": "v3, longest path",
    "v2": "v2 with its 7x7, longest path",
    "table": "Table 1 as printed, longest path",
    "table.apart": "the same without its reductions",
    "mixed": "its stem, v3's modules, no reductions",
    "columns": "v3's stem, its modules, 1x7 + 7x1 as one",
    "columns.v3": "v3, 1x7 + 7x1 as one",
}


def _judge_depth(evidence: Evidence) -> Finding:
    conditions = tuple(Condition(when, Amount(evidence[key], "count"), fits(evidence[key], 42)) for key, when in DEEP.items())
    longest, ways = conditions[0].value, Amount(sum(one.fit == "exactly" for one in conditions), "count")
    reason = say(
        "the longest path of v3 has {} layers; {} of {} other ways to count give 42", longest, ways, _others(conditions)
    )
    return Finding(of(conditions), say("{} on its longest path", longest), reason, conditions)


def _others(conditions: tuple[Condition, ...]) -> Amount:
    return Amount(len(conditions) - 1, "count")


def _judge_48(evidence: Evidence) -> Finding:
    found = Amount(evidence["v3"], "count")
    condition = Condition("v3, longest path", found, fits(found.value, 48))
    return Finding(of([condition]), say("{}", found), say("its longest path has {} layers with weights", found), (condition,))


def _judge_convolutions(evidence: Evidence) -> Finding:
    bare, training = (Amount(evidence[key], "count") for key in ("convs", "convs.training"))
    conditions = (
        Condition("at inference, as timm has", bare, fits(bare.value, 94)),
        Condition("with its head, as torchvision has", training, fits(training.value, 96)),
    )
    reason = say("there are {} at inference and {} in training", bare, training)
    return Finding(of(conditions), say("{}, {}", bare, training), reason, conditions)


DEPTH = Claim(
    id="v3-42-layers",
    title="Inception-v3 is 42 layers deep",
    statement="The network is 42 layers deep.",
    sources=(
        Citation("P3", "section 6", "our network is 42 layers deep"),
        Citation("003", "Inception-v2", "42 layers deep, said of v3"),
    ),
    claimed="42",
    form="layers with weights on the longest path; or sums over modules, as in a column of depths",
    built="v3, v2 and Table 1 as printed, and both with 1x7 and 7x1 joined",
    count=_depths,
    judge=_judge_depth,
    recorded="depends",
    holds_when="reductions are left out, or a 1x7 with its 7x1 counts as one layer, over 12 modules behind v3's stem",
    checks=(
        SubCheck("48", "The deployed network is 48 layers deep, as is often quoted.", "48", _judge_48, "holds"),
        SubCheck("convolutions", "It has 94 convolutions, and 96 in training.", "94, 96", _judge_convolutions, "holds"),
    ),
    see=("table1-vs-deployed-v3",),
)
CLAIMS = (DEPTH,)
