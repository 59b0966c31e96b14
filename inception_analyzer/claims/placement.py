"""The claim that modules belong in the higher layers only, for the memory that training takes."""

from __future__ import annotations

from inception_analyzer.claims.counted import at, count
from inception_analyzer.claims.judging import of, true
from inception_analyzer.claims.model import Amount, Citation, Claim, Condition, Figures, Finding, ratio, say, share
from inception_analyzer.claims.modules import block_of
from inception_analyzer.cost import total
from inception_analyzer.inquiry import Evidence
from inception_analyzer.kept import kept
from inception_analyzer.place import place_node
from inception_analyzer.spec import Shape

# The grids of GoogLeNet.
GRIDS = (112, 56, 28, 14, 7)

# `Memory` counts from a tenth of what the whole network keeps.
TENTH = 0.1

STEM = ("conv1", "pool1", "conv2_reduce", "conv2", "pool2")


def _memory() -> Figures:
    """A module as 3a and the plain 3x3 of the stem on each grid, and what GoogLeNet keeps in all."""
    stem, module = at("v1", "conv2"), block_of("3a")
    figures: dict[str, float] = {"network": count("v1").kept}
    for grid in GRIDS:
        for name, node in (("plain", stem.node), ("module", module)):
            here = place_node(node, Shape(stem.reads.channels, grid, grid), name, fed=True)
            figures |= {f"{name}.{grid}": kept(here) + here.writes.size, f"{name}.outputs.{grid}": total(here).outputs}
            figures[f"{name}.params"] = total(here).params
    return {**figures, **_stem()}


def _stem() -> Figures:
    """Outputs of convolutions and pools in the stem and in the whole, as the texts count activations."""
    layers = [
        layer for layer in count("v1").layers if not layer.aux and layer.op in ("conv", "maxpool", "globalpool", "linear")
    ]
    stem = sum(layer.writes.size for layer in layers if layer.path in STEM)
    return {"stem.outputs": stem, "all.outputs": sum(layer.writes.size for layer in layers)}


def _judge_placement(evidence: Evidence) -> Finding:
    """On each grid, how much more GoogLeNet would keep with a module there in the place of a plain 3x3."""
    conditions = tuple(_more(evidence, grid) for grid in GRIDS)
    times = ratio(evidence[f"module.{GRIDS[0]}"] / evidence[f"plain.{GRIDS[0]}"])
    asides = (
        Condition("kept on each grid, module / plain 3x3", times, "aside", _sides(evidence, "")),
        Condition("all outputs, module / plain 3x3", _outputs(evidence), "aside", _sides(evidence, "outputs.")),
        Condition("the stem's part of all that is written", share(evidence["stem.outputs"] / evidence["all.outputs"]), "aside"),
        Condition("weights, module / plain 3x3", ratio(evidence["module.params"] / evidence["plain.params"]), "aside"),
    )
    first, begin = conditions[0].value, conditions[GRIDS.index(28)].value
    reason = say(
        "a module keeps {} what a plain 3x3 does, {} of the whole network at 112x112 and {} at 28x28", times, first, begin
    )
    return Finding(of(conditions), say("{} to {}", conditions[-1].value, first), reason, (*conditions, *asides))


def _more(evidence: Evidence, grid: int) -> Condition:
    plain, module = evidence[f"plain.{grid}"], evidence[f"module.{grid}"]
    found = Amount((module - plain) / evidence["network"], "change")
    parts = (("plain 3x3", Amount(plain, "elements")), ("module", Amount(module, "elements")))
    return Condition(f"at {grid}x{grid}, of all that is kept", found, true(found.value >= TENTH), parts)


def _outputs(evidence: Evidence) -> Amount:
    return ratio(evidence[f"module.outputs.{GRIDS[0]}"] / evidence[f"plain.outputs.{GRIDS[0]}"])


def _sides(evidence: Evidence, key: str) -> tuple[tuple[str, Amount], ...]:
    names = {"plain 3x3": "plain", "module": "module"}
    return tuple((told, Amount(evidence[f"{name}.{key}{GRIDS[0]}"], "elements")) for told, name in names.items())


LOWER = Claim(
    id="low-layers-plain-memory",
    title="plain lower layers save memory",
    statement="Modules belong in the higher layers only, as in the lower ones they would take training memory.",
    sources=(
        Citation("P1", "section 4", "for memory in training, not strictly necessary"),
        Citation("001", "2.2.3", "modules in the higher layers only"),
    ),
    claimed="less memory",
    form="what a module keeps for the backward pass less what a plain 3x3 keeps there; counts from a tenth of the whole",
    built="module 3a and the stem's 3x3 over 64 channels on 112, 56, 28, 14 and 7",
    count=_memory,
    judge=_judge_placement,
    recorded="depends",
    holds_when="the grid is 56x56 or larger; GoogLeNet's modules begin at 28x28",
    see=("naive-module-blowup",),
)
CLAIMS = (LOWER,)
