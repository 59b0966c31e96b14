"""Claims of 'Inception-v4, Inception-ResNet' on structure: what its networks share, and the widths of its figures."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import takewhile, zip_longest

from inception_analyzer.claims.counted import block, cost, placed
from inception_analyzer.claims.drawn import (
    AS_DRAWN,
    DRAWINGS,
    REDUCTIONS,
    TITLES,
    Drawing,
    blocks_of,
    drawn_widths,
    key,
    reduction_widths,
)
from inception_analyzer.claims.judging import fits, of, true
from inception_analyzer.claims.model import Amount, Citation, Claim, Condition, Figures, Finding, SubCheck, ratio, say
from inception_analyzer.cost import Cost, sum_of, total
from inception_analyzer.inquiry import Evidence
from inception_analyzer.place import Placed
from inception_analyzer.shorthand import shorthand
from inception_analyzer.spec import Conv, Residual

KINDS = {"A": "block_a", "B": "block_b", "C": "block_c"}


def _structures() -> Figures:
    """Which parts have the same kernels in the same order, how often blocks repeat, and every width that is drawn."""
    figures: dict[str, float] = {}
    for other in (AS_DRAWN, "ir2"):
        for kind, path in KINDS.items():
            figures[f"{other}.{kind}.same"] = _like_first(other, path)
            figures[f"{other}.{kind}.repeats"] = len(blocks_of(other, (path,)))
        for part in ("reduction_a", "reduction_b"):
            figures[f"{other}.{part}.same"] = _like_first(other, part)
        figures |= {f"{other}.stem.as-{plain}": _shared(other, plain) for plain in ("ir1", "v4")}
    figures |= {f"ir1.{kind}.repeats": len(blocks_of("ir1", (path,))) for kind, path in KINDS.items()}
    figures |= {f"{plain}.stem.layers": len(_stem(plain)) for plain in ("ir1", "v4")}
    figures["v4.reduction_a.same"] = _like_first("v4", "reduction_a")
    figures |= {f"{name}.stem.whole": _before_blocks(name).macs for name in ("v4", "ir1", "ir2")}
    figures |= {f"{name}.{key}": value for name in ("ir1", AS_DRAWN, "ir2") for key, value in _behind_blocks(name).items()}
    for drawing in DRAWINGS:
        figures |= drawn_widths(drawing)
    for name in REDUCTIONS:
        figures |= reduction_widths(name)
    return figures | _shares() | {f"{name}.reduction.macs": block(name, "reduction_a").macs for name in REDUCTIONS}


def _like_first(expression: str, path: str) -> int:
    """The blocks of that name whose kernels are those of IR-v1's first block of that name."""
    wanted = _kernels(blocks_of("ir1", (path,))[0])
    return [_kernels(block) for block in blocks_of(expression, (path,))].count(wanted)


def _kernels(block: Placed) -> str:
    """A block without its widths."""
    return shorthand(block.parts[0].node if isinstance(block.node, Residual) else block.node)


def _before_modules(expression: str) -> tuple[Placed, ...]:
    parts = placed(expression).parts
    return parts[: next(index for index, part in enumerate(parts) if part.kind)]


def _before_blocks(expression: str) -> Cost:
    """What lies before the blocks that repeat: of the released IR-v2 a module of v3 too."""
    parts = placed(expression).parts
    blocks = ("block_a", "inception_a")
    return sum_of(total(part) for part in takewhile(lambda part: not part.path.startswith(blocks), parts))


def _behind_blocks(expression: str) -> dict[str, float]:
    """The convolutions between the last block and the mean, and what they write and take."""
    convs = [part for part in placed(expression).parts if isinstance(part.node, Conv)]
    late = [part for part in convs if part.reads.grid == blocks_of(expression, ("block_c",))[-1].writes.grid]
    figures = {"behind": len(late), "behind.channels": sum(part.writes.channels for part in late)}
    return {**figures, "behind.macs": sum(total(part).macs for part in late)}


def _stem(expression: str) -> tuple[tuple[str, int], ...]:
    """Kernels and widths: the same stem is the same layers."""
    return tuple((shorthand(part.node), part.writes.channels) for part in _before_modules(expression))


def _shared(one: str, other: str) -> int:
    """How many layers two stems begin with in common; all of them where they are the same."""
    pairs = zip_longest(_stem(one), _stem(other))
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _shares() -> dict[str, float]:
    """The stem's share of the work, and how many modules of a network are unlike those before them."""
    figures: dict[str, float] = {}
    for name in ("v3", "v4", "ir1"):
        stem = sum_of(total(part) for part in _before_modules(name)).macs
        figures[f"{name}.stem.macs"], figures[f"{name}.macs"] = stem, cost(name).macs
    for name in ("v3", "v4"):
        modules = [part for part in placed(name).parts if part.kind not in ("", "reduce")]
        figures |= {f"{name}.modules": len(modules), f"{name}.unlike": len({part.node for part in modules})}
    return figures


def _judge_structure(evidence: Evidence) -> Finding:
    """The same kernels block by block, and as many blocks; for the network as drawn and as released."""
    conditions = (
        *(one for other in (AS_DRAWN, "ir2") for one in _structure_of(evidence, other)),
        _counted("Reduction-A of IR-v1's kernels, v4", evidence["v4.reduction_a.same"], 1),
        *(
            Condition(f"stem's share of {TITLES.get(name, name)}", Amount(part / whole, "share"), "aside")
            for name in ("v3", "v4", "ir1")
            for part, whole in ((evidence[f"{name}.stem.macs"], evidence[f"{name}.macs"]),)
        ),
        *(
            Condition(f"before its A blocks, {TITLES[name]}", Amount(evidence[f"{name}.stem.whole"], "macs"), "aside")
            for name in ("v4", "ir1", "ir2")
        ),
        Condition(
            f"1x1 to {evidence['ir2.behind.channels']:,.0f} behind its C blocks, {TITLES['ir2']}",
            Amount(evidence["ir2.behind.macs"], "macs"),
            "aside",
        ),
        *(
            Condition(f"Reduction-A, {TITLES[name]}", Amount(evidence[f"{name}.reduction.macs"], "macs"), "aside")
            for name in REDUCTIONS
        ),
    )
    drawn, released = (_structure_of(evidence, other) for other in (AS_DRAWN, "ir2"))
    counts = [Amount(count, "count") for rows in (drawn, released) for count in (_so(rows), len(rows))]
    repeats = Amount(evidence["ir2.B.repeats"], "count")
    words = "{} of {} statements on structure are so with IR-v2 as drawn, {} of {} with the released one, which has {} B blocks"
    return Finding(
        of(conditions), say("{} or {} of {} agree", counts[0], counts[2], counts[3]), say(words, *counts, repeats), conditions
    )


def _so(conditions: Iterable[Condition]) -> int:
    return sum(one.fit == "exactly" for one in conditions)


def _structure_of(evidence: Evidence, other: str) -> tuple[Condition, ...]:
    """What the figures say of IR-v2 beside IR-v1: like blocks and reductions, as many of each, and v4's stem."""
    told = TITLES[other]
    return (
        *(_alike(evidence, other, kind) for kind in KINDS),
        *(
            _counted(f"number of {kind} blocks, {told}", evidence[f"{other}.{kind}.repeats"], evidence[f"ir1.{kind}.repeats"])
            for kind in KINDS
        ),
        *(
            _counted(f"Reduction-{letter.upper()} of IR-v1's kernels, {told}", evidence[f"{other}.reduction_{letter}.same"], 1)
            for letter in "ab"
        ),
        _counted(f"layers of v4's stem, {told}", evidence[f"{other}.stem.as-v4"], evidence["v4.stem.layers"]),
        Condition(
            f"layers shared with IR-v1's stem, {told}",
            Amount(evidence[f"{other}.stem.as-ir1"], "count"),
            true(evidence[f"{other}.stem.as-ir1"] < evidence["ir1.stem.layers"]),
            (("all", Amount(evidence["ir1.stem.layers"], "count")),),
        ),
        _counted(f"convolutions behind the C blocks, {told}", evidence[f"{other}.behind"], evidence["ir1.behind"]),
    )


def _alike(evidence: Evidence, other: str, kind: str) -> Condition:
    same, repeats = evidence[f"{other}.{kind}.same"], evidence[f"{other}.{kind}.repeats"]
    return _counted(f"{kind} blocks of IR-v1's kernels, {TITLES[other]}", same, repeats)


def _counted(when: str, found: float, wanted: float) -> Condition:
    return Condition(when, Amount(found, "count"), true(found == wanted), (("all", Amount(wanted, "count")),))


def _judge_figures(evidence: Evidence) -> Finding:
    """Every width but those of the sums, which have a claim of their own; all blocks of a figure must be alike."""
    conditions = tuple(_as_drawn(evidence, drawing) for drawing in DRAWINGS)
    same = Amount(sum(one.fit == "exactly" for one in conditions), "count")
    every = Amount(len(conditions), "count")
    reason = say("{} of {} figures print the widths that are built", same, every)
    return Finding(of(conditions), say("{} of {}", same, every), reason, conditions)


def _as_drawn(evidence: Evidence, drawing: Drawing) -> Condition:
    name = key(drawing)
    built = [evidence[f"{name}.{index}"] for index in range(len(drawing.widths))]
    same = sum(found == printed for found, printed in zip(built, drawing.widths, strict=True))
    alike = evidence[f"{name}.alike"] == evidence[f"{name}.blocks"]
    when = f"{drawing.figure}, {TITLES[drawing.network]}"
    parts = (("printed", Amount(len(drawing.widths), "count")), ("blocks alike", Amount(evidence[f"{name}.alike"], "count")))
    return Condition(when, Amount(same, "count"), true(alike and same == len(drawing.widths)), parts)


def _judge_table(evidence: Evidence) -> Finding:
    """k, l, m, n of each network's Reduction-A."""
    conditions = tuple(
        Condition(
            f"{letter}, {TITLES[name]}",
            Amount(evidence[f"{name}.{letter}"], "count"),
            fits(evidence[f"{name}.{letter}"], printed),
        )
        for name, widths in REDUCTIONS.items()
        for letter, printed in zip("klmn", widths, strict=True)
    )
    same = Amount(sum(one.fit == "exactly" for one in conditions), "count")
    every = Amount(len(conditions), "count")
    return Finding(of(conditions), say("{} of {}", same, every), say("{} of {} widths are as printed", same, every), conditions)


def _judge_uniform(evidence: Evidence) -> Finding:
    """Modules alike in everything that they write: v4 should have fewer kinds for more modules."""
    shares = {name: evidence[f"{name}.unlike"] / evidence[f"{name}.modules"] for name in ("v3", "v4")}
    conditions = (
        Condition("kinds of modules, v4 against v3", ratio(shares["v4"] / shares["v3"]), true(shares["v4"] < shares["v3"])),
    )
    counts = [Amount(evidence[f"{name}.{what}"], "count") for name in ("v4", "v3") for what in ("unlike", "modules")]
    reason = say("v4 has {} different modules among {}, v3 {} among {}", *counts)
    return Finding(of(conditions), say("{} of {}, {} of {}", *counts), reason, conditions)


STEMS = Claim(
    id="ir-stems-and-reductions",
    title="Inception-ResNets share a structure",
    statement="The two Inception-ResNets share a structure and differ in stem and widths; Reduction-A is that of v4.",
    sources=(
        Citation("P4", "Figures 3 to 19, Table 1", "one schema for both; v2 with v4's stem; Reduction-A by Table 1"),
        Citation("001", "5.1, 5.2, 6, 6.2", "same structure, other stems and widths; v4 is more uniform"),
    ),
    claimed="same",
    form="kernels of blocks, reductions and stems in their order; how often each block repeats",
    built="v4, IR-v1, IR-v2 as drawn and as released, block by block",
    count=_structures,
    judge=_judge_structure,
    recorded="depends",
    checks=(
        SubCheck("figures", "Figures 3 to 19 print these widths.", "as built", _judge_figures, "holds"),
        SubCheck("table-1", "Table 1 prints these widths of Reduction-A.", "k, l, m, n", _judge_table, "holds"),
        SubCheck("uniform", "v4 is more uniform than v3.", "more", _judge_uniform, "holds"),
    ),
    holds_when="Inception-ResNet-v2 is the network that is drawn, not the one that was released",
    see=("residual-width-must-match", "inception-resnet-cost-match"),
)
CLAIMS = (STEMS,)
