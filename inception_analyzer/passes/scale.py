"""The same design at another size: width, depth, input, and the low-resolution nets of constant cost."""

from __future__ import annotations

from dataclasses import replace
from math import gcd

from inception_analyzer.errors import AnalyzerError, SpecError
from inception_analyzer.fit import parse_image
from inception_analyzer.passes.core import Change, Outcome, Pass, shapes
from inception_analyzer.place import place
from inception_analyzer.spec import Conv, Linear, Named, Network, Node, Pool, Sequence, Shape
from inception_analyzer.tree import rewrite, walk

LARGEST_FACTOR = 64
PAPERS_GRID = (299, 299)  # the receptive field that Table 2 starts from


def wider(network: Network, value: str) -> Outcome:
    """Every layer but the logits K times as wide."""
    factor = _number(value, "width", "width=2 or width=0.5")
    logits = network.trunk.steps[-1]

    def rule(_: str, node: Node) -> Node | None:
        match node:
            case Conv():
                return replace(node, out=_scaled(node.out, factor, node.groups))
            case Linear(act="relu"):
                return replace(node, out=_scaled(node.out, factor, 1))
        return None

    steps = tuple(step if step is logits else rewrite(step, rule) for step in network.trunk.steps)
    after = replace(network, trunk=Sequence(steps))
    try:
        place(after)
    except SpecError as error:
        offered = ("instead", f"a multiple of {_coarsest(network):g}, where every width of {network.label} stays whole")
        raise AnalyzerError(f"width={value} does not fit: {error.what}", offered) from None
    return after, () if factor == 1 else (Change("", network.trunk, after.trunk),)


def deeper(network: Network, value: str) -> Outcome:
    """Every module that keeps its shape K times in a row."""
    times = _number(value, "depth", "depth=2")
    if times != int(times) or times < 1:
        raise AnalyzerError(f"depth={value} is not a whole number of repeats", ("instead", "depth=2"))
    reads, steps, changes = shapes(network), list[Node](), list[Change]()
    for index, step in enumerate(network.trunk.steps):
        steps.append(step)
        if isinstance(step, Named) and step.kind and times > 1 and reads[step.name] == _read_next(network, index, reads):
            copies = [replace(step, name=f"{step.name}_{again}") for again in range(2, int(times) + 1)]
            steps.extend(copies)
            changes.append(Change(step.name, step.body, Sequence((step, *copies))))
    return replace(network, trunk=Sequence(tuple(steps))), tuple(changes)


def low_resolution(network: Network, value: str) -> Outcome:
    """Smaller images at nearly constant cost: the first stride goes, and for 79 the first pool as well."""
    if value not in ("151", "79"):
        raise AnalyzerError(f"the paper has no net for {value} pixels", ("instead", "low-res=151 or low-res=79"), word=value)
    first, *rest = network.trunk.steps
    if network.input.grid != PAPERS_GRID:
        return network, ()
    if not (isinstance(first, Named) and isinstance(first.body, Conv) and first.body.stride == (2, 2)):
        return network, ()
    fine = replace(first, body=replace(first.body, stride=(1, 1)))
    changes = [Change(first.name, first.body, fine.body)]
    pool = next((step for step in rest if isinstance(step, Named) and isinstance(step.body, Pool)), None)
    if value == "79" and pool is not None:
        rest.remove(pool)
        changes.append(Change(pool.name, pool.body, None))
    image = Shape(network.input.channels, int(value), int(value))
    return replace(network, trunk=Sequence((fine, *rest)), input=image), tuple(changes)


def resized(network: Network, value: str) -> Outcome:
    """The same network over another image."""
    image = parse_image(value, network.input.channels)
    changed = () if image == network.input else (Change("", network.trunk, network.trunk),)
    return replace(network, input=image), changed


def _number(value: str, name: str, example: str) -> float:
    try:
        number = float(value)
    except ValueError:
        number = 0.0
    if not 0.0 < number <= LARGEST_FACTOR:
        raise AnalyzerError(
            f"{name}={value} is not a factor", ("instead", f"a number above 0, at most {LARGEST_FACTOR}: {example}"), word=value
        )
    return number


def _scaled(out: int, factor: float, groups: int) -> int:
    """A width scaled and rounded to whole groups."""
    return max(1, round(out * factor / groups)) * groups


def _coarsest(network: Network) -> float:
    """One over the greatest divisor that all widths share: its multiples keep every width whole."""
    widths = [node.out // node.groups for _, node in walk(network.trunk) if isinstance(node, Conv)]
    return 1 / gcd(*widths) if widths else 1.0


def _read_next(network: Network, index: int, reads: dict[str, Shape]) -> Shape | None:
    """What a step writes: what the next placed step reads."""
    following = (step.name for step in network.trunk.steps[index + 1 :] if isinstance(step, Named))
    return next((reads[name] for name in following if name in reads), None)


WIDTH = Pass(
    "width",
    "every layer but the logits K times as wide",
    "1512.00567, section 2, and 1602.07261, section 3.2",
    "scale",
    wider,
    local=False,
    keeps_field=True,
    argument="K",
)
DEPTH = Pass(
    "depth",
    "every module that keeps its shape K times in a row",
    "1602.07261, section 3",
    "scale",
    deeper,
    local=False,
    argument="K, a whole number",
)
LOW_RES = Pass(
    "low-res",
    "smaller images at nearly constant cost: the first stride goes, and for 79 pixels the first pool",
    "1512.00567, section 9, Table 2",
    "scale",
    low_resolution,
    local=False,
    argument="151 or 79 pixels",
)
INPUT = Pass(
    "input",
    "the same network over another image",
    "1512.00567, section 9",
    "scale",
    resized,
    local=False,
    argument="pixels: 224 or 224x320",
)
