"""Towards the factored network: large kernels as chains of small ones (1512.00567, section 3)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import isqrt

from inception_analyzer.errors import AnalyzerError
from inception_analyzer.passes.core import Apply, Change, Outcome, Pass, apply_rule
from inception_analyzer.passes.unfactor import is_plain
from inception_analyzer.spec import Conv, Named, Network, Node, Pads, Sequence, Shape
from inception_analyzer.words import pads

WIDTHS = ("input", "output", "mean")

Split = Callable[[Conv, int], tuple[Conv, Conv]]


def middle(node: Conv, reads: Shape, choice: str) -> int:
    """The channels between two halves: those read, those written, or their geometric mean."""
    if choice not in WIDTHS:
        raise AnalyzerError(f"the width between two halves is not {choice!r}", ("instead", ", ".join(WIDTHS)), word=choice)
    return {"input": reads.channels, "output": node.out, "mean": isqrt(reads.channels * node.out)}[choice]


def splitting(fits: Callable[[Conv], bool], split: Split) -> Apply:
    """Every fitting convolution inside the blocks as two; the value of the pass is the width between them."""

    def apply(network: Network, choice: str) -> Outcome:
        def rule(node: Node, reads: Shape) -> Node | None:
            if not isinstance(node, Conv) or node.groups != 1 or not fits(node):
                return None
            return Sequence(split(node, middle(node, reads, choice)))

        return apply_rule(network, rule)

    return apply


def halves_of_5x5(node: Conv, between: int) -> tuple[Conv, Conv]:
    """3x3 then 3x3; the second keeps the stride."""
    first, second = _shared_pads(node.padding)
    return (
        replace(node, out=between, kernel=(3, 3), stride=(1, 1), padding=first),
        replace(node, kernel=(3, 3), padding=second),
    )


def row_and_column(node: Conv, between: int) -> tuple[Conv, Conv]:
    """1xn then nx1, each with the padding of its own direction."""
    vertical, horizontal = node.padding
    side = node.kernel[0]
    return (
        replace(node, out=between, kernel=(1, side), padding=((0, 0), horizontal)),
        replace(node, kernel=(side, 1), padding=(vertical, (0, 0))),
    )


def two_2x2(node: Conv, between: int) -> tuple[Conv, Conv]:
    """2x2 then 2x2: the first pads above and left, the second below and right, so that the grid is kept at both."""
    (above, below), (left, right) = node.padding
    return (
        replace(node, out=between, kernel=(2, 2), padding=((above, 0), (left, 0))),
        replace(node, kernel=(2, 2), padding=((0, below), (0, right))),
    )


def split_stem(network: Network, _: str) -> Outcome:
    """A first 7x7/2 as 3x3/2, 3x3, 3x3, the first two half as wide (1512.00567, Table 1, rows 1 to 3)."""
    match network.trunk.steps:
        case (Named(body=Conv() as whole) as head, *rest) if whole.kernel == (7, 7) and whole.stride == (2, 2):
            chain = _three_3x3(whole)
            names = _names(head.name, {step.name for step in rest if isinstance(step, Named)})
            steps = tuple(Named(name, step) for name, step in zip(names, chain, strict=True))
            return replace(network, trunk=Sequence((*steps, *rest))), (Change(head.name, whole, Sequence(chain)),)
    return network, ()


def _three_3x3(whole: Conv) -> tuple[Conv, Conv, Conv]:
    """Without padding the second 3x3 is unpadded too, so that 299 becomes 149, 147, 147; with it all keep their grid."""
    half = max(1, whole.out // 2)
    padded = whole.padding != pads("valid", (7, 7))
    edge = pads(1 if padded else "valid", (3, 3))
    small = replace(whole, kernel=(3, 3), padding=edge)
    last = replace(small, stride=(1, 1), padding=pads("same", (3, 3)))
    return replace(small, out=half), replace(small, out=half, stride=(1, 1)), last


def _names(name: str, taken: set[str]) -> tuple[str, ...]:
    """conv0 is followed by conv1 and conv2 where those are free."""
    stem = name.rstrip("0123456789")
    number = name.removeprefix(stem)
    if number:
        following = tuple(f"{stem}{int(number) + step}" for step in range(3))
        if not taken & set(following):
            return following
    return tuple(f"{name}_{step}" for step in range(1, 4))


def _shared_pads(padding: Pads) -> tuple[Pads, Pads]:
    first: Pads = tuple((a - a // 2, b - b // 2) for a, b in padding)  # type: ignore[assignment]  # two pairs stay two pairs
    second: Pads = tuple((a // 2, b // 2) for a, b in padding)  # type: ignore[assignment]
    return first, second


def _is_square(node: Conv) -> bool:
    return is_plain(node) and node.kernel[0] == node.kernel[1] >= 3


SPLIT_5X5 = Pass(
    "split-5x5",
    "a 5x5 becomes two 3x3 in a row",
    "1512.00567, section 3.1",
    "factored",
    splitting(lambda node: node.kernel == (5, 5), halves_of_5x5),
    keeps_field=True,
    argument="width between them: input, output or mean",
    default="output",
)
SPLIT_ASYMMETRIC = Pass(
    "split-asymmetric",
    "an nxn of stride 1 becomes a 1xn and an nx1 in a row",
    "1512.00567, section 3.2",
    "factored",
    splitting(_is_square, row_and_column),
    keeps_field=True,
    argument="width between them: input, output or mean",
    default="input",
)
SPLIT_2X2 = Pass(
    "split-2x2",
    "a 3x3 of stride 1 becomes two 2x2 in a row",
    "1512.00567, section 3.2",
    "factored",
    splitting(lambda node: is_plain(node) and node.kernel == (3, 3), two_2x2),
    keeps_field=True,
    argument="width between them: input, output or mean",
    default="output",
)
SPLIT_STEM = Pass(
    "split-stem",
    "a first 7x7/2 becomes 3x3/2, 3x3, 3x3, the first two half as wide",
    "1512.00567, section 6",
    "factored",
    split_stem,
)
FACTORIZED_7X7 = replace(
    SPLIT_STEM,
    name="factorized-7x7",
    sentence="the row of that name: the first 7x7/2 becomes three 3x3",
    source="1512.00567, section 10, Table 3",
)
