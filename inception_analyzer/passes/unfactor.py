"""Towards the unfactored network: each step of 1512.00567, section 3 undone."""

from __future__ import annotations

from dataclasses import replace

from inception_analyzer.passes.core import Change, Outcome, Pass, along_rows, everywhere
from inception_analyzer.spec import NO_PADS, Branches, Conv, Named, Network, Node, Pads, Sequence, Shape
from inception_analyzer.words import conv


def joined(first: Conv, second: Conv, kernel: tuple[int, int]) -> Conv:
    """One convolution in place of two in a row: it sees what they saw and ends as the second did."""
    pads: Pads = tuple((a + c, b + d) for (a, b), (c, d) in zip(first.padding, second.padding, strict=True))  # type: ignore[assignment]
    return replace(second, kernel=kernel, padding=pads)


def is_plain(node: Node) -> bool:
    """A dense convolution of stride 1."""
    return isinstance(node, Conv) and node.stride == (1, 1) and node.groups == 1


def is_line(node: Node) -> bool:
    """A plain convolution with one side of 1 and the other longer."""
    return isinstance(node, Conv) and is_plain(node) and min(node.kernel) == 1 < max(node.kernel)


def crossed(first: Conv, second: Conv) -> bool:
    """A row and a column of the same length."""
    return first.kernel == second.kernel[::-1]


def pair_to_square(steps: tuple[Node, ...], _: Shape) -> tuple[int, Node] | None:
    """1xn then nx1, in either order, as one nxn."""
    match steps:
        case (Conv() as first, Conv() as second, *_) if is_line(first) and is_line(second) and crossed(first, second):
            side = max(first.kernel)
            return 2, joined(first, second, (side, side))
    return None


def spread_to_square(node: Node, _: Shape) -> Node | None:
    """1xn beside nx1 as one nxn of their joint width."""
    pair = row_beside_column(node)
    if pair is None:
        return None
    row, column = sorted(pair, key=lambda conv: conv.kernel[0])
    side = max(row.kernel)
    return replace(row, out=row.out + column.out, kernel=(side, side), padding=(column.padding[0], row.padding[1]))


def row_beside_column(node: Node) -> tuple[Conv, Conv] | None:
    """The two arms of a spread nxn: a row and a column that differ in nothing but their direction and width."""
    if not isinstance(node, Branches) or len(node.arms) != 2:
        return None
    match [arm.body if isinstance(arm, Named) else arm for arm in node.arms]:
        case [Conv() as one, Conv() as other] if is_line(one) and is_line(other) and crossed(one, other):
            turned = replace(one, out=other.out, kernel=other.kernel, padding=one.padding[::-1])
            bare = NO_PADS[0] in one.padding and NO_PADS[0] in other.padding
            return (one, other) if turned == other and bare else None
    return None


def stack_to_one(steps: tuple[Node, ...], _: Shape) -> tuple[int, Node] | None:
    """Three 3x3 as one 7x7, two as one 5x5; all of stride 1, as where the paper replaces a 5x5 by them."""
    run: list[Conv] = []
    for step in steps[:3]:
        if not (isinstance(step, Conv) and is_plain(step) and step.kernel == (3, 3)):
            break
        run.append(step)
    if len(run) < 2:
        return None
    whole = run[0]
    for step in run[1:]:
        whole = joined(whole, step, (whole.kernel[0] + 2, whole.kernel[1] + 2))
    return len(run), whole


def stem_to_7x7(network: Network, _: str) -> Outcome:
    """The three first 3x3 of a stem as the traditional 7x7/2 without padding, of the third one's width."""
    match network.trunk.steps:
        case (Named(body=Conv() as first) as head, Named(body=Conv() as second), Named(body=Conv() as third), *rest) if (
            _is_factored_stem(first, second, third)
        ):
            whole = replace(third, kernel=(7, 7), stride=(2, 2), padding=conv(1, 7, padding="valid").padding)
            trunk = Sequence((replace(head, body=whole), *rest))
            return replace(network, trunk=trunk), (Change(head.name, Sequence((first, second, third)), whole),)
    return network, ()


def _is_factored_stem(first: Conv, second: Conv, third: Conv) -> bool:
    three = all(node.kernel == (3, 3) for node in (first, second, third))
    return three and first.stride == (2, 2) and second.stride == third.stride == (1, 1)


ASYMMETRIC = Pass(
    "asymmetric",
    "a 1xn and an nx1 in a row, in either order, become the nxn that they stand for",
    "1512.00567, section 3.2",
    "unfactored",
    along_rows(pair_to_square),
    keeps_field=True,
)
EXPANDED = Pass(
    "expanded",
    "a 1xn beside an nx1 become one nxn as wide as both",
    "1512.00567, section 6, Figure 7",
    "unfactored",
    everywhere(spread_to_square),
    keeps_field=True,
)
STACKED = Pass(
    "stacked",
    "two 3x3 in a row become one 5x5, three become one 7x7",
    "1512.00567, section 3.1; 1409.1556, section 2.3",
    "unfactored",
    along_rows(stack_to_one),
    keeps_field=True,
)
STEM_7X7 = Pass(
    "stem-7x7",
    "the three 3x3 that begin the network become the traditional 7x7/2",
    "1512.00567, section 6",
    "unfactored",
    stem_to_7x7,
)
