"""Claims about Table 1 of 'Rethinking the Inception Architecture': its sizes, and its modules beside those of v3."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from inception_analyzer.claims.counted import at, placed
from inception_analyzer.claims.judging import fits, of, true
from inception_analyzer.claims.model import Amount, Citation, Claim, Condition, Figures, Finding, SubCheck, ratio, say
from inception_analyzer.claims.rebuilt import blocks_of, stem_of
from inception_analyzer.cost import sum_of, total
from inception_analyzer.inquiry import Evidence
from inception_analyzer.outline import short
from inception_analyzer.place import Placed, place_node, places
from inception_analyzer.spec import Conv
from inception_analyzer.words import pads

TABLE_1 = "inception-v2-table1"

# Rows of Table 1: the layer or first module that a row stands for here and in v3, and the side and channels it prints.
ROWS = {
    "conv0": ("conv0", 299, 3),
    "conv1": ("conv1", 149, 32),
    "conv2": ("conv2", 147, 32),
    "pool1": ("pool1", 147, 64),
    "conv3": ("conv3", 73, 64),
    "conv4": ("conv4", 71, 80),
    "conv5": ("pool2", 35, 192),
    "mixed_5b": ("mixed_5b", 35, 288),
    "mixed_6b": ("mixed_6b", 17, 768),
    "mixed_7b": ("mixed_7b", 8, 1280),
    "avgpool": ("avgpool", 8, 2048),
    "logits": ("logits", 1, 2048),
}
TOLD = {
    "conv0": "first convolution",
    "conv1": "second",
    "conv2": "third, padded",
    "pool1": "pool",
    "conv3": "fourth convolution",
    "conv4": "fifth",
    "conv5": "sixth",
    "mixed_5b": "35x35 modules",
    "mixed_6b": "17x17 modules",
    "mixed_7b": "8x8 modules",
    "avgpool": "last pool",
    "logits": "linear",
}
MARKED = "conv2"  # 'conv padded'; the note under the table: no padding elsewhere but in modules that keep their grid
PRINTED = {"A": 3, "B": 5, "C": 2}
BRANCHED = {"A": "35x35", "B": "17x17", "C": "8x8", "reduce": "reductions"}
WIDE = 288


def _sizes() -> Figures:
    """What each row reads: behind a row padded as marked, as built, and in v3 at the same place."""
    figures: dict[str, float] = {}
    for row, (deployed, _, _) in ROWS.items():
        built, there = at(TABLE_1, row).reads, at("v3", deployed).reads
        figures |= {f"{row}.side": built.height, f"{row}.channels": built.channels}
        figures |= {f"{row}.v3.side": there.height, f"{row}.v3.channels": there.channels}
    figures |= {f"{block.path}.written": block.writes.channels for block in blocks_of(placed(TABLE_1), "A")}
    return figures | _as_marked()


def _as_marked() -> dict[str, float]:
    """The side that each convolution of the stem leaves to the row below it, with zeros only where the table says so."""
    figures: dict[str, float] = {}
    rows = list(ROWS)
    for row, below in pairwise(rows):
        here = at(TABLE_1, row)
        if isinstance(here.node, Conv):
            zeros = pads("same" if row == MARKED else "valid", here.node.kernel)
            literal = place_node(replace(here.node, padding=zeros), here.reads, row)
            figures[f"{below}.marked.side"] = literal.writes.height
    return figures


def _judge_sizes(evidence: Evidence) -> Finding:
    conditions = [_row(evidence, row, "marked.side" if f"{row}.marked.side" in evidence.figures else "side") for row in ROWS]
    differing = [one for one in conditions if one.fit == "not"]
    padded = _row(evidence, "mixed_5b", "side", "35x35 modules, behind a padded row")
    agree, rows = Amount(len(conditions) - len(differing), "count"), Amount(len(conditions), "count")
    first = (differing or [padded])[0]
    reason = say(
        "{} of {} rows read what is printed; the row before the modules leaves {} without padding, and {} padded",
        agree,
        rows,
        first.value,
        padded.value,
    )
    return Finding(of([*conditions, padded]), say("{} of {} rows follow", agree, rows), reason, (*conditions, padded))


def _row(evidence: Evidence, row: str, side: str, told: str = "") -> Condition:
    """Side and channels of what a row reads beside what is printed."""
    _, printed, channels = ROWS[row]
    grid = evidence[f"{row}.{side}"]
    width = evidence[f"{row}.v3.channels" if side.startswith("v3") else f"{row}.channels"]
    parts = (("printed", Amount(printed, "count")), ("channels", Amount(width, "count")))
    fit = true(grid == printed and width == channels)
    return Condition(told or TOLD[row], Amount(grid, "count"), fit, parts)


def _judge_padded(evidence: Evidence) -> Finding:
    """As it is built here: every row over what the row before it leaves, and '288 filters each' behind the 35x35 modules."""
    written = {name.removesuffix(".written"): value for name, value in evidence.figures.items() if name.endswith(".written")}
    conditions = (
        *(_row(evidence, row, "side") for row in ROWS),
        *(Condition(f"{name} writes", Amount(value, "count"), fits(value, WIDE)) for name, value in written.items()),
    )
    agree, every = Amount(sum(one.fit == "exactly" for one in conditions), "count"), Amount(len(conditions), "count")
    reason = say("{} of {} sizes that are read or written are as printed", agree, every)
    return Finding(of(conditions), say("{} of {} sizes", agree, every), reason, conditions)


def _judge_sizes_of_v3(evidence: Evidence) -> Finding:
    conditions = tuple(_row(evidence, row, "v3.side") for row in ROWS)
    agree, rows = Amount(sum(one.fit == "exactly" for one in conditions), "count"), Amount(len(conditions), "count")
    others = ", ".join(one.when for one in conditions if one.fit == "not") or "none"
    reason = say(f"the deployed network reads the printed sizes in {{}} of {{}} rows; not in these: {others}", agree, rows)
    return Finding(of(conditions), say("{} of {} rows", agree, rows), reason, conditions)


def _modules() -> Figures:
    """Modules of v3 by figure, what they write, the 5x5 left in them, and both stems."""
    v3 = placed("v3")
    of_a = blocks_of(v3, "A")
    fives = sum(isinstance(here.node, Conv) and here.node.kernel == (5, 5) for block in of_a for here in places(block))
    figures: dict[str, float] = {f"modules.{kind}": len(blocks_of(v3, kind)) for kind in PRINTED}
    figures |= {f"{block.path}.writes": block.writes.channels for block in of_a}
    figures |= {"fives": fives, "reductions": len(blocks_of(v3, "reduce"))}
    for name, stem in (("v3", stem_of(v3)), ("table", stem_of(placed(TABLE_1)))):
        cost = sum_of(map(total, stem))
        figures |= {f"{name}.stem.macs": cost.macs, f"{name}.stem.params": cost.params}
        figures |= {f"{name}.stem.inside": cost.forward.inside}
    return figures | {name: value for kind in BRANCHED for name, value in _shared_branches(kind).items()}


def _shared_branches(kind: str) -> Figures:
    """Branches of Table 1's modules with layers, those that v3's modules have too, and those of the same widths there."""
    deployed, printed = ([arm for block in blocks_of(placed(name), kind) for arm in _arms(block)] for name in ("v3", TABLE_1))
    names = {name for name, _ in deployed}
    own = [arm for arm in printed if arm[0] not in names]
    return {
        f"branches.{kind}": len(printed) - len(own),
        f"branches.{kind}.same": sum(arm in deployed for arm in printed),
        f"branches.{kind}.own": len(own),
    }


def _arms(block: Placed) -> list[tuple[str, tuple[int, ...]]]:
    """The branches of a module by name, each with what its layers write."""
    widths = {
        short(arm.path): tuple(here.node.out for here in places(arm) if isinstance(here.node, Conv)) for arm in block.parts
    }
    return [(name, found) for name, found in widths.items() if found]


def _judge_modules(evidence: Evidence) -> Finding:
    """The three rows as one statement, under both ways to count the reduction that leads to 17x17."""
    apart, counted = (_rows_agreeing(evidence, also) for also in (0, 1))
    conditions = (
        Condition("rows of modules that agree, reductions apart", apart, true(apart.value == len(PRINTED))),
        Condition("rows that agree, one reduction among the five", counted, true(counted.value == len(PRINTED))),
        *(_aside(f"{grid} modules", evidence[f"modules.{kind}"]) for kind, grid in _grids().items()),
        _aside(f"35x35 modules that write {WIDE}", _wide(evidence)),
        _aside("5x5 left in 35x35 modules", evidence["fives"]),
        _aside("reductions", evidence["reductions"]),
    )
    numbers = [Amount(evidence[f"modules.{kind}"], "count") for kind in PRINTED]
    reason = say(
        "Inception-v3 has {} + {} + {} modules; " + f"{{}} of its 35x35 modules write {WIDE}, and {{}} kernels of 5x5 remain",
        *numbers,
        Amount(_wide(evidence), "count"),
        Amount(evidence["fives"], "count"),
    )
    return Finding(of(conditions), say("{}, {}, {}", *numbers), reason, conditions)


def _grids() -> dict[str, str]:
    return {kind: BRANCHED[kind] for kind in PRINTED}


def _aside(when: str, value: float) -> Condition:
    return Condition(when, Amount(value, "count"), "aside")


def _rows_agreeing(evidence: Evidence, also: int) -> Amount:
    """Rows whose number, and at 35x35 whose width and kernels, are as printed; `also` reductions count as 17x17 modules."""
    numbers = {kind: evidence[f"modules.{kind}"] + (also if kind == "B" else 0) for kind in PRINTED}
    as_drawn = _wide(evidence) == PRINTED["A"] and evidence["fives"] == 0
    return Amount(sum(numbers[kind] == PRINTED[kind] and (kind != "A" or as_drawn) for kind in PRINTED), "count")


def _wide(evidence: Evidence) -> float:
    return sum(value == WIDE for name, value in evidence.figures.items() if name.endswith(".writes"))


def _judge_288(evidence: Evidence) -> Finding:
    writes = {name.partition(".")[0]: value for name, value in evidence.figures.items() if name.endswith(".writes")}
    conditions = tuple(Condition(path, Amount(value, "count"), fits(value, WIDE)) for path, value in writes.items())
    wide, least = Amount(_wide(evidence), "count"), Amount(min(writes.values()), "count")
    reason = say("{} of {} modules write so many, and the narrowest {}", wide, Amount(len(writes), "count"), least)
    return Finding(of(conditions), say("{} of {}", wide, Amount(len(writes), "count")), reason, conditions)


def _judge_fives(evidence: Evidence) -> Finding:
    left = Amount(evidence["fives"], "count")
    condition = Condition("5x5 in v3's modules", left, fits(left.value, 0))
    return Finding(of([condition]), say("{} remain", left), say("the deployed network keeps {} of them", left), (condition,))


def _judge_branches(evidence: Evidence) -> Finding:
    """Table 1 prints no width inside a module; the listing that the paper names for them is v3's."""
    conditions = tuple(_branches(evidence, kind, told) for kind, told in BRANCHED.items())
    own = Amount(sum(evidence[f"branches.{kind}.own"] for kind in BRANCHED), "count")
    same, every = (sum(evidence[f"branches.{kind}{what}"] for kind in BRANCHED) for what in (".same", ""))
    aside = Condition("branches that v3 does not have", own, "aside")
    counts = Amount(same, "count"), Amount(every, "count")
    reason = say("{} of {} branches are as wide as in v3, which has nothing like {} others", *counts, own)
    return Finding(of(conditions), say("{} of {} branches", *counts), reason, (*conditions, aside))


def _branches(evidence: Evidence, kind: str, told: str) -> Condition:
    same, every = evidence[f"branches.{kind}.same"], evidence[f"branches.{kind}"]
    parts = (("all", Amount(every, "count")),)
    return Condition(f"{told}: branches of v3's widths", Amount(same, "count"), true(same == every), parts)


def _judge_stem(evidence: Evidence) -> Finding:
    kinds = (("macs", "multiply-adds"), ("inside", "multiply-adds, taps on the map"), ("params", "parameters"))
    found = [evidence[f"table.stem.{what}"] / evidence[f"v3.stem.{what}"] for what, _ in kinds]
    conditions = tuple(Condition(told, ratio(value), fits(value, 1, 2)) for (_, told), value in zip(kinds, found, strict=True))
    words = "the printed stem takes {} the multiply-adds, {} by taps on the map, and {} the parameters"
    reason = say(words, *map(ratio, found))
    return Finding(of(conditions), say("{}", ratio(found[0])), reason, conditions)


SIZES = Claim(
    id="table1-shape-chain",
    title="the sizes of Table 1 follow",
    statement="Each row of Table 1 reads what the row before it leaves, padded only where the table says so.",
    sources=(
        Citation("P3", "Table 1", "299, 149, 147, 147, 73, 71, 35, 35, 17, 8, 8, 1; 'padded' marks one convolution"),
        Citation("001", "3.3.4", "the same table"),
        Citation("002", "Inception-v2", "the same table"),
        Citation("003", "Inception-v2", "the same table"),
    ),
    claimed="12 sizes",
    form="(in - kernel) / stride + 1, rounded down, without zeros",
    built="Table 1 as printed, padded as it marks and as it must be; and v3",
    count=_sizes,
    judge=_judge_sizes,
    recorded="depends",
    holds_when="the convolution before the 35x35 modules is padded too",
    checks=(
        SubCheck("padded", "With that row padded too all follow, and '288 filters each'.", "all", _judge_padded, "holds"),
        SubCheck("deployed", "The deployed network reads these sizes, row by row.", "12 sizes", _judge_sizes_of_v3, "depends"),
    ),
    see=("table1-vs-deployed-v3",),
)
MODULES = Claim(
    id="table1-vs-deployed-v3",
    title="v3 is Table 1: 3, 5 and 2 modules",
    statement="Inception-v3 has 3 modules of Figure 5 with 288 filters each, 5 of Figure 6 and 2 of Figure 7.",
    sources=(
        Citation("P3", "section 6, Table 1", "3 x, 5 x and 2 x Inception; 288 filters each; widths inside them in model.txt"),
        Citation("001", "3.3.4", "Figure 5 is module A, 6 is B, 7 is C"),
        Citation("002", "Inception-v2", "3, 5 and 2 modules"),
        Citation("003", "Inception-v2", "3 modules of 288 filters, 5 of 768, 2"),
    ),
    claimed="3, 5, 2",
    form="modules by kind, what they write, and the kernels in them",
    built="v3 as the listing in the paper's arXiv source (model.txt) and public code have it, and Table 1 as printed",
    count=_modules,
    judge=_judge_modules,
    recorded="does-not-reproduce",
    checks=(
        SubCheck("fives", "Every 5x5 is replaced by two 3x3.", "none left", _judge_fives, "does-not-reproduce"),
        SubCheck("288", "Each 35x35 module writes 288 channels.", "288 each", _judge_288, "depends"),
        SubCheck("widths", "Where v3 has a branch too, Table 1's has its widths.", "as in v3", _judge_branches, "holds"),
        SubCheck("stem", "The printed stem costs what the deployed one does.", "1x", _judge_stem, "does-not-reproduce"),
    ),
    see=("table1-shape-chain", "v3-42-layers"),
)
CLAIMS = (SIZES, MODULES)
