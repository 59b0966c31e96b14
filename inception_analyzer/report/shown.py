"""What `show` answers: one network as a tree, or its work grouped by layer, block, stage, kernel or operation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Literal, assert_never

from inception_analyzer.cost import Convention, Cost, backward_macs_under, macs_under, sum_of
from inception_analyzer.evidence import Count, Layer
from inception_analyzer.outline import Part, descend
from inception_analyzer.report.counted import conditions, doubts
from inception_analyzer.report.document import Bar, Cell, Column, Content, Document, Flat, Note, Table, bold, dim, row, table
from inception_analyzer.report.quantity import amount, amounts, in_unit, shape_text, share, three, three_decimals
from inception_analyzer.report.records import LAYER_COLUMNS, Record, layer_record, model_record
from inception_analyzer.shorthand import grid_text
from inception_analyzer.spec import Aux, Divergence, Network, Recipe
from inception_analyzer.tree import walk

Grouping = Literal["layer", "block", "stage", "kernel", "op"]

PLACE_COLUMNS = ("stage", "block", "macs_share")  # what a row of the tree is the sum of
RUN = 3  # equal blocks in a row from which on they are one row

Row = tuple[str, Part | Cost, str, str]  # label with its tree lines, what it is, its output, its style


def document(
    count: Count,
    whole: Part,
    *,
    focus: Part | None = None,
    depth: int = 2,
    by: Grouping | None = None,
    convention: Convention = "paper-mac",
) -> Document:
    """The network, or the part of it in focus."""
    subject = focus or whole
    layers = [layer for layer in count.layers if not layer.aux and _within(layer, subject)]
    rows = list(_tree_rows(subject, depth)) if by is None else _grouped_rows(subject, layers, by)
    name = count.network.label + (f" {focus.name}" if focus else "")
    return Document(
        command="show",
        title=f"{name}  {', '.join(filter(None, (count.network.title, focus.path if focus else '')))}",
        conditions=conditions(1, convention, [count]),
        finding=_finding(subject, rows if by else [], convention),
        sections=(
            _table(rows, subject.cost, count.network.family, convention, by),
            *_hints(count, subject, depth, by, rows),
            *(() if focus or by else _background(count)),
            *doubts([count]),
        ),
        flat=lambda: _flat(count, subject, rows, by, convention),
        data=lambda: {"convention": convention, "models": [_record(count, subject, convention)]},
    )


def _flat(count: Count, subject: Part, rows: Sequence[Row], by: Grouping | None, convention: Convention) -> Flat:
    """The layers that are shown, each with its stage, its block and its share, or the groups."""
    whole = macs_under(subject.cost, convention)
    if by in (None, "layer"):
        layers = (layer for layer in count.layers if _within(layer, subject))
        stages = {part.path: (stage.name, part.name) for stage in subject.parts for part in stage.parts}
        return Flat((*LAYER_COLUMNS, *PLACE_COLUMNS), tuple(_layer(layer, stages, whole, convention) for layer in layers))
    costs = [(label, what.cost if isinstance(what, Part) else what, extra) for label, what, extra, _ in rows]
    where = "layers" if by in ("kernel", "op") else "output"
    return Flat(
        (by, where, "params", "macs", "macs_backward", "macs_share"),
        tuple({by: label, where: extra, **_figures(cost, whole, convention)} for label, cost, extra in costs),
    )


def _layer(layer: Layer, stages: Mapping[str, tuple[str, str]], whole: int, convention: Convention) -> Record:
    record = layer_record(layer, convention)
    stage, block = stages.get(layer.path.partition(".")[0], (None, None))
    part = None if layer.aux or not whole else record["macs"] / whole
    return {**record, **dict(zip(PLACE_COLUMNS, (stage, block, part), strict=True))}


def _figures(cost: Cost, whole: int, convention: Convention) -> Record:
    macs = macs_under(cost, convention)
    backward = backward_macs_under(cost, convention)
    return {"params": cost.params, "macs": macs, "macs_backward": backward, "macs_share": macs / whole if whole else None}


def _record(count: Count, subject: Part, convention: Convention) -> Record:
    """The network; of one block, with the layers of that block."""
    record = model_record(count, convention)
    if subject.role == "network":
        return record
    layers = [layer_record(layer, convention) for layer in count.layers if _within(layer, subject)]
    return {**record, "block": subject.path or subject.name, "layers": layers}


def _finding(subject: Part, groups: Sequence[Row], convention: Convention) -> tuple[str, ...]:
    """The totals, and the group or part that takes the most of the work."""
    macs = macs_under(subject.cost, convention)
    head = f"*{amount(macs)} multiply-adds, {three_decimals(subject.cost.params)} parameters.*"
    costs = [(label, what.cost if isinstance(what, Part) else what) for label, what, _, _ in groups]
    costs = costs or [(part.name, part.cost) for part in subject.parts]
    if not costs or not macs:
        return (head,)
    name, dear = max(costs, key=lambda pair: macs_under(pair[1], convention))
    verb = "take" if name == "branches" else "takes"
    return (f"{head} {name} {verb} {share(macs_under(dear, convention), macs)} of the work.",)


def _within(layer: Layer, subject: Part) -> bool:
    if subject.role == "network":
        return True
    paths = [subject.path] if subject.path else [part.path for part in subject.parts]
    return any(layer.path == path or layer.path.startswith(f"{path}.") for path in paths)


def _tree_rows(subject: Part, depth: int) -> Iterator[Row]:
    if subject.role != "network":
        yield from _branch(subject.parts, depth - 1, "")
        return
    for stage in subject.parts:
        yield stage.name, stage, shape_text(stage.writes), "bold"
        if depth == 2:
            yield from _blocks(stage)
        elif depth > 2:
            yield from _branch(stage.parts, depth - 1, "")


def _blocks(stage: Part) -> Iterator[Row]:
    """The modules of a stage; equal ones in a row as one row."""
    runs = [list(run) for _, run in groupby(stage.worth_showing, key=lambda part: (part.kind, part.cost, part.writes))]
    lines = [line for run in runs for line in ([run] if len(run) >= RUN and run[0].kind else [[part] for part in run])]
    for index, run in enumerate(lines):
        lead = "└─ " if index == len(lines) - 1 else "├─ "
        if len(run) == 1:
            yield f"{lead}{_label(run[0])}", run[0], shape_text(run[0].writes), ""
        else:
            together = sum_of(part.cost for part in run)
            yield f"{lead}{run[0].name}-{run[-1].name}  {len(run)} {run[0].kind}", together, shape_text(run[0].writes), ""


def _branch(parts: Sequence[Part], depth: int, trunk: str) -> Iterator[Row]:
    for index, part in enumerate(parts):
        last = index == len(parts) - 1
        yield f"{trunk}{'└─ ' if last else '├─ '}{_label(part)}", part, shape_text(part.writes), ""
        if depth > 1:
            yield from _branch(part.parts, depth - 1, trunk + ("   " if last else "│  "))


def _label(part: Part) -> str:
    return f"{part.name}  {part.kind}" if part.kind and part.kind != part.name else part.name


def _grouped_rows(subject: Part, layers: Sequence[Layer], by: Grouping) -> list[Row]:
    match by:
        case "layer":
            return [(layer.path, layer.cost, shape_text(layer.writes), "") for layer in layers]
        case "stage":
            return [(part.name, part, shape_text(part.writes), "") for part in subject.parts]
        case "block":
            blocks = [part for stage in subject.parts for part in (stage.parts if subject.role == "network" else (stage,))]
            return [(_label(part), part, shape_text(part.writes), "") for part in blocks]
        case "kernel":
            return _sums((_kernel(layer), layer.cost) for layer in layers)
        case "op":
            return _sums((layer.op, layer.cost) for layer in layers)
    assert_never(by)


def _kernel(layer: Layer) -> str:
    return layer.op if layer.kernel is None else f"{'' if layer.op == 'conv' else layer.op + ' '}{grid_text(layer.kernel)}"


def _sums(pairs: Iterable[tuple[str, Cost]]) -> list[Row]:
    """Costs by key, the dearest first, with the number of layers in the place of an output."""
    costs: dict[str, list[Cost]] = {}
    for key, cost in pairs:
        costs.setdefault(key, []).append(cost)
    summed = [(key, sum_of(found), len(found)) for key, found in costs.items()]
    summed.sort(key=lambda entry: (-entry[1].macs, -entry[1].elementwise, entry[0]))
    return [(key, cost, str(layers), "") for key, cost, layers in summed]


def _table(rows: Sequence[Row], whole: Cost, family: str, convention: Convention, by: Grouping | None) -> Table:
    costs = [what.cost if isinstance(what, Part) else what for _, what, _, _ in rows]
    macs = [macs_under(cost, convention) for cost in costs]
    total = macs_under(whole, convention)
    unit, texts = in_unit([*macs, total], total)
    longest = max(macs, default=0) or 1
    staged = any(style for _, _, _, style in rows)  # stages stand out from their blocks
    heads = (
        Column("block" if by is None else by, "left", least=20),
        Column("layers" if by in ("kernel", "op") else "output", drop=2),
        Column(f"{unit}MAC"),
        Column("share", least=7),
        Column("", "left"),
        Column("params", least=9, drop=1),
    )
    lines: list[tuple[Content, ...]] = []
    for (label, _, output, style), cost, mac, text in zip(rows, costs, macs, texts, strict=False):
        bar = Bar(mac / longest, family, strong=bool(style) or not staged) if mac else dim("")
        strong = bool(style)
        lines.append(
            (
                Cell(label, style),
                dim(output),
                Cell(text or "0", "bold" if strong else ""),
                Cell(share(mac, total), "bold" if strong else ""),
                bar,
                dim(three(cost.params)) if cost.params else dim(""),
            )
        )
    last = row(dim("total"), "", bold(texts[-1] or "0"), dim(share(total, total)), dim(""), bold(amount(whole.params)))
    return table(heads, [*lines, last], fold=f"Every {by or 'block'}")


def _hints(count: Count, subject: Part, depth: int, by: Grouping | None, rows: Sequence[Row]) -> tuple[Note, ...]:
    if by is not None:
        return ()
    lines = []
    if subject.role == "network" and depth == 2:
        kinds = {part.kind for part in descend(subject)}
        if "reduce" in kinds:
            lines.append("reduce: halves the grid; counted with the stage it leads into.")
        if any(not isinstance(what, Part) for _, what, _, _ in rows):
            lines.append("runs of equal blocks are one row; --depth 3 shows each")
        dearest = max(
            (part for stage in subject.parts for part in stage.parts if part.kind),
            key=lambda part: part.cost.macs,
            default=None,
        )
        lines.append("one level deeper: --depth 3")
        lines += [f"inside one block: show {count.network.label} {dearest.name}"] if dearest else []
    return (Note(tuple(lines)),) if lines else ()


def _background(count: Count) -> tuple[Note | Table, ...]:
    network = count.network
    origin = f"{network.source.paper}, {network.source.section} ({network.source.year})"
    name, has_passes, passes = network.label.partition("@")
    made = f"{name} of {origin}, rewritten by {passes}" if has_passes else f"from {origin}"
    lines = [f"{made}; {_recipe(network.recipe)}"]
    lines += _heads(network, count)
    notes: list[Note | Table] = [Note(tuple(lines))]
    if network.divergences and not has_passes:
        notes.append(Note(("*where paper and public code differ*", *(_divergence(entry) for entry in network.divergences)), ""))
    return tuple(notes)


def _heads(network: Network, count: Count) -> Iterator[str]:
    for path, node in walk(network.trunk):
        if isinstance(node, Aux):
            inside = [layer.cost for layer in count.layers if layer.aux and layer.path.startswith(f"{path}.")]
            if inside:
                cost = sum_of(inside)
                macs, params = amounts([cost.macs])[0], amounts([cost.params])[0]
                yield f"{path}: a head for training, {params} parameters, {macs} multiply-adds, loss weight {node.weight}"


def _recipe(recipe: Recipe) -> str:
    optimizer = {"sgd": "SGD", "rmsprop": "RMSProp"}[recipe.optimizer]
    facts = [
        f"momentum {recipe.momentum}" if recipe.momentum else "",
        f"decay {recipe.decay}" if recipe.decay else "",
        f"rate {recipe.learning_rate}" if recipe.learning_rate else "",
        recipe.schedule,
        f"label smoothing {recipe.label_smoothing}" if recipe.label_smoothing else "",
        f"epsilon {recipe.epsilon:g}" if recipe.epsilon else "",
        f"gradients clipped at {recipe.clip:g}" if recipe.clip else "",
        f"weight decay {recipe.weight_decay:g}" if recipe.weight_decay else "",
        f"batches of {recipe.batch}" if recipe.batch else "",
        "weights averaged" if recipe.averaged else "",
    ]
    return f"trained by {optimizer}, " + ", ".join(fact for fact in facts if fact)


def _divergence(entry: Divergence) -> str:
    sides = {"paper": entry.paper, "code": entry.code}
    told = [f"{side}{' (followed)' if entry.follows == side else ''}: {text}" for side, text in sides.items()]
    return f"*{entry.where}* - " + "; ".join(told)
