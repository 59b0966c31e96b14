"""Claims of 'Inception-v4, Inception-ResNet', sections 3.2 and 3.3: how residual blocks are joined and scaled."""

from __future__ import annotations

from dataclasses import replace

from inception_analyzer.claims.counted import at
from inception_analyzer.claims.drawn import TITLES, WITH_RESIDUALS, Drawing, blocks_of, key, residual_blocks, with_sums
from inception_analyzer.claims.judging import EXACT, fits, of, true
from inception_analyzer.claims.model import Amount, Citation, Claim, Condition, Figures, Finding, Fit, SubCheck, ratio, say
from inception_analyzer.errors import SpecError
from inception_analyzer.inquiry import Evidence
from inception_analyzer.place import Placed, place_node, places
from inception_analyzer.spec import Conv, Node, Pool, Residual, Sequence
from inception_analyzer.tree import rewrite


def _sums() -> Figures:
    """What each drawn block reads, what its branches concatenate to, and whether the printed width can be added."""
    figures: dict[str, float] = {}
    for drawing in with_sums():
        first = blocks_of(drawing.network, drawing.blocks)[0]
        name = key(drawing)
        figures |= {
            f"{name}.reads": first.reads.channels,
            f"{name}.adds": float(_adds(first, drawing)),
        }
    return figures | _within_blocks()


def _adds(block: Placed, drawing: Drawing) -> bool:
    """Whether a block can be placed on its input with the width that its figure prints before the sum."""
    node = block.node
    assert isinstance(node, Residual)
    assert drawing.sum is not None
    try:
        place_node(replace(node, body=_expanding(node.body, drawing.sum)), block.reads)
    except SpecError:
        return False
    return True


def _expanding(body: Node, width: int) -> Node:
    """The body of a block whose last 1x1 writes another width."""
    assert isinstance(body, Sequence)
    return rewrite(body, lambda path, node: replace(node, out=width) if path == "expand" and isinstance(node, Conv) else None)


def _within_blocks() -> dict[str, float]:
    """Pools inside the modules of v4 and inside residual blocks, and how many expansions are bare."""
    blocks = [block for name in WITH_RESIDUALS for block in residual_blocks(name)]
    expansions = [at_end for block in blocks if isinstance(at_end := block.parts[0].parts[-1].node, Conv)]
    modules = blocks_of("v4", ("inception_",))
    return {
        "v4.pools": sum(map(_pools, modules)),
        "residual.pools": sum(map(_pools, blocks)),
        "expansions": len(expansions),
        "bare": sum(one.act == "none" and one.norm is None and one.bias for one in expansions),
        "relu-after": sum(isinstance(block.node, Residual) and block.node.act == "relu" for block in blocks),
    }


def _pools(block: Placed) -> int:
    return sum(isinstance(here.node, Pool) for here in places(block))


def _judge_widths(evidence: Evidence) -> Finding:
    """Each figure's block over what it reads, with the width that is printed there."""
    conditions = tuple(_added(evidence, drawing) for drawing in with_sums())
    adds = sum(one.fit == "exactly" for one in conditions)
    odd = [one.parts for one in conditions if one.fit == "not"]
    counts = (Amount(adds, "count"), Amount(len(conditions), "count"))
    if not odd:
        return Finding(
            of(conditions),
            say("{} of {} widths add up", *counts),
            say("all {} printed widths can be added", counts[1]),
            conditions,
        )
    printed, read = (max(odd, key=lambda parts: parts[1][1].value))[:2]
    reason = say("{} of {} printed widths can be added; {} cannot to {}", *counts, printed[1], read[1])
    return Finding(of(conditions), say("{} of {} widths add up", *counts), reason, conditions)


def _added(evidence: Evidence, drawing: Drawing) -> Condition:
    reads = evidence[f"{key(drawing)}.reads"]
    assert drawing.sum is not None
    parts = (("printed", Amount(drawing.sum, "count")), ("read", Amount(reads, "count")))
    when = f"{drawing.figure}, {TITLES[drawing.network]}"
    return Condition(when, Amount(drawing.sum - reads, "number"), true(evidence[f"{key(drawing)}.adds"] == 1), parts)


def _judge_pools(evidence: Evidence) -> Finding:
    found, before = Amount(evidence["residual.pools"], "count"), Amount(evidence["v4.pools"], "count")
    conditions = (
        Condition("pools in residual blocks", found, true(found.value == 0)),
        Condition("pools in v4's modules", before, true(before.value > 0)),
    )
    return Finding(
        of(conditions), say("{} pools", found), say("residual blocks hold {} pools, v4's modules {}", found, before), conditions
    )


def _judge_bare(evidence: Evidence) -> Finding:
    bare, every = Amount(evidence["bare"], "count"), Amount(evidence["expansions"], "count")
    after = Amount(evidence["relu-after"], "count")
    conditions = (
        Condition("expansions with a bias alone", bare, true(bare.value == every.value)),
        Condition("sums that a ReLU follows", after, "aside"),
    )
    reason = say("{} of {} expansions have a bias and neither norm nor ReLU; a ReLU follows {} sums", bare, every, after)
    return Finding(of(conditions), say("{} of {}", bare, every), reason, conditions)


# The ReLU after each sum and the draw of the weights leave growth this far from the square of the scale.
ABOUT = 0.25

# Twenty blocks that each doubled the square would end a thousand times as large; this much is no longer stable.
UNSTABLE = 100.0


def _scales() -> Figures:
    """The residual scales of the released network, and which of its blocks are left unscaled."""
    figures: dict[str, float] = {}
    for block in residual_blocks("ir2"):
        assert isinstance(block.node, Residual)
        figures[f"scale.{block.path}"] = block.node.scale
    return figures | {f"width.{kind}": at("ir1", f"block_{kind}1").writes.channels for kind in "abc"}


def _about(found: float, wanted: float) -> Fit:
    if fits(found, wanted) == "exactly":
        return "exactly"
    return "rounded" if abs(found / wanted - 1) <= ABOUT else "not"


def _judge_scaling(evidence: Evidence) -> Finding:
    """What the scale does is tried at initialization: whether sums need it depends on what norms the branches."""
    one, third, tenth = (evidence[f"residual-scaling.growth.{scale}"] for scale in ("1", "0.3", "0.1"))
    normed, bare = (evidence[f"residual-scaling.{way}.1"] for way in ("normed", "bare"))
    scaled = evidence["residual-scaling.bare.0.1"]
    fold = evidence["residual-scaling.fold"]
    conditions = (
        Condition("scale folded into the weights, float64", Amount(fold, "error"), true(fold < EXACT)),
        Condition("growth per block at 0.3, of that at 1", ratio(third / one), _about(third / one, 0.3**2)),
        Condition("growth per block at 0.1, of that at 1", ratio(tenth / one), _about(tenth / one, 0.1**2)),
        Condition("20 blocks at 0.1, no norms", ratio(scaled), true(scaled < UNSTABLE)),
        Condition("20 blocks unscaled run away, no norms", ratio(bare), true(bare >= UNSTABLE)),
        Condition("20 blocks unscaled run away, with norms", ratio(normed), true(normed >= UNSTABLE)),
    )
    reason = say(
        "unscaled, 20 blocks grow the sum to {} without norms in the branches and to {} with them; 0.1 leaves {} of the growth",
        ratio(bare),
        ratio(normed),
        conditions[2].value,
    )
    return Finding(of(conditions), say("grows {} or {}", ratio(normed), ratio(bare)), reason, conditions)


def _judge_range(evidence: Evidence) -> Finding:
    """Every scale of the released network, by value."""
    scales = {name: value for name, value in evidence.figures.items() if name.startswith("scale.")}
    counts = {value: list(scales.values()).count(value) for value in dict.fromkeys(scales.values())}
    conditions = tuple(
        Condition(f"scale of {many} of the blocks", Amount(value, "number"), true(0.1 <= value <= 0.3))
        for value, many in counts.items()
    )
    inside = Amount(sum(many for value, many in counts.items() if 0.1 <= value <= 0.3), "count")
    every = Amount(len(scales), "count")
    beyond = [name.removeprefix("scale.") for name, value in scales.items() if not 0.1 <= value <= 0.3]
    others = f", but not {', '.join(beyond)}" if beyond else ""
    reason = say(f"{{}} of {{}} blocks are scaled by 0.1 to 0.3{others}", inside, every)
    return Finding(of(conditions), say("{} of {}", inside, every), reason, conditions)


def _judge_step(evidence: Evidence) -> Finding:
    found = Amount(evidence["residual-scaling.step"], "error")
    condition = Condition("one step of SGD, float64", found, true(found.value < EXACT))
    return Finding(of([condition]), say("{}", found), say("after one step both weights agree to {}", found), (condition,))


def _judge_thousand(evidence: Evidence) -> Finding:
    """Quoted: at initialization a narrow and a wide block grow alike, so only training could show such a threshold."""
    narrow, wide = (evidence[f"residual-scaling.block.{width}"] for width in ("narrow", "wide"))
    widths = [Amount(evidence[f"width.{kind}"], "count") for kind in "ac"]
    parts = (("narrow", Amount(narrow, "number")), ("wide", Amount(wide, "number")))
    condition = Condition("growth per block, wide against narrow", ratio(wide / narrow), "aside", parts)
    reason = say(
        "before training a block of {} channels grows its sum {} as much as one of {}", widths[1], condition.value, widths[0]
    )
    return Finding("quoted", say("{} untrained", condition.value), reason, (condition,))


WIDTHS = Claim(
    id="residual-width-must-match",
    title="a 1x1 makes residual shapes match",
    statement="A 1x1 without activation expands each block to the width of its input, with the widths that the figures print.",
    sources=(
        Citation("P4", "section 3.2, Figures 10 to 19", "a 1x1 without activation, to match the depth of the input"),
        Citation("001", "6.2", "a 1x1 after each block, so that shapes match; pooling is replaced by the residual"),
    ),
    claimed="match",
    form="width printed at the expansion - channels that the block reads; 0 where they can be added",
    built="six blocks on their inputs, with the widths that Figures 10 to 19 print",
    count=_sums,
    judge=_judge_widths,
    recorded="depends",
    checks=(
        SubCheck("pools", "The residual takes the place of pooling inside the blocks.", "no pools", _judge_pools, "holds"),
        SubCheck("bare", "The expansion has no activation.", "linear", _judge_bare, "holds"),
    ),
    holds_when="the printed width is that of the block's input; Figures 17 and 19 print another",
    see=("ir-block-cheaper", "ir-stems-and-reductions"),
)
SCALING = Claim(
    id="residual-scaling-0p1-0p3",
    title="scaling residuals makes sums stable",
    statement="Residuals scaled by 0.1 to 0.3 keep networks with more than 1000 filters stable, which are not so unscaled.",
    sources=(
        Citation(
            "P4", "section 3.3, Figure 20", "unscaled, networks of more than 1000 filters died; factors between 0.1 and 0.3"
        ),
        Citation("001", "6.2", "died above 1000 filters; a scale of 0.1 to 0.3"),
    ),
    claimed="0.1 to 0.3",
    form="x + s(Wy + b) = x + (sW)y + sb; a normed branch adds s s to the mean square",
    built="20 A blocks of IR-v1 at full width on 5x5, He weights, float64, not trained",
    count=_scales,
    needs=("residual-scaling",),
    judge=_judge_scaling,
    recorded="depends",
    checks=(
        SubCheck("range", "The released network scales by 0.1 to 0.3.", "0.1 to 0.3", _judge_range, "depends"),
        SubCheck("step", "SGD on W at rate r is SGD on sW at rate r s s.", "same", _judge_step, "holds"),
        SubCheck("thousand", "Unscaled networks die above 1000 filters.", "1000", _judge_thousand, "quoted"),
    ),
    holds_when="nothing norms the branches; with batch norm in them sums grow by addition, whatever the scale",
    see=("bn-bias-and-scale-invariance",),
)
CLAIMS = (WIDTHS, SCALING)
