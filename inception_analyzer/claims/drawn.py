"""The widths that 'Inception-v4, Inception-ResNet' prints in Figures 3 to 19 and Table 1, and those of what is built."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from inception_analyzer.claims.counted import placed
from inception_analyzer.claims.model import Figures
from inception_analyzer.place import Placed, places
from inception_analyzer.spec import Conv, Linear, Residual

AS_DRAWN = "inception-resnet-v2-paper"


@dataclass(frozen=True, slots=True)
class Drawing:
    """One figure of the paper: whose blocks it draws, and the widths that it prints, branch by branch.

    `blocks` are the beginnings of their names; `sum` is the width printed at the 1x1 before the sum.
    """

    figure: str
    network: str
    blocks: tuple[str, ...]
    widths: tuple[int, ...]
    sum: int | None = None


STEM = ("conv", "stem_")

# In the order in which the networks run their branches; the figures draw the pool first.
DRAWINGS = (
    Drawing("Figure 3", "v4", STEM, (32, 32, 64, 96, 64, 96, 64, 64, 64, 96, 192)),
    Drawing("Figure 4", "v4", ("inception_a",), (96, 64, 96, 64, 96, 96, 96)),
    Drawing("Figure 5", "v4", ("inception_b",), (384, 192, 224, 256, 192, 192, 224, 224, 256, 128)),
    Drawing("Figure 6", "v4", ("inception_c",), (256, 384, 256, 256, 384, 448, 512, 256, 256, 256)),
    Drawing("Figure 8", "v4", ("reduction_b",), (192, 192, 256, 256, 320, 320)),
    Drawing("Figure 9", "v4", ("logits",), (1000,)),
    Drawing("Figure 10", "ir1", ("block_a",), (32, 32, 32, 32, 32, 32), 256),
    Drawing("Figure 11", "ir1", ("block_b",), (128, 128, 128, 128), 896),
    Drawing("Figure 12", "ir1", ("reduction_b",), (256, 384, 256, 256, 256, 256, 256)),
    Drawing("Figure 13", "ir1", ("block_c",), (192, 192, 192, 192), 1792),
    Drawing("Figure 14", "ir1", STEM, (32, 32, 64, 80, 192, 256)),
    Drawing("Figure 15", "ir1", ("logits",), (1000,)),
    Drawing("Figure 3", AS_DRAWN, STEM, (32, 32, 64, 96, 64, 96, 64, 64, 64, 96, 192)),
    Drawing("Figure 15", AS_DRAWN, ("logits",), (1000,)),
    Drawing("Figure 16", AS_DRAWN, ("block_a",), (32, 32, 32, 32, 48, 64), 384),
    Drawing("Figure 17", AS_DRAWN, ("block_b",), (192, 128, 160, 192), 1154),
    Drawing("Figure 18", AS_DRAWN, ("reduction_b",), (256, 384, 256, 288, 256, 288, 320)),
    Drawing("Figure 19", AS_DRAWN, ("block_c",), (192, 192, 224, 256), 2048),
)

# Table 1: k, l, m and n of Figure 7.
REDUCTIONS = {"v4": (192, 224, 256, 384), "ir1": (192, 192, 256, 384), AS_DRAWN: (256, 256, 384, 384)}

WITH_RESIDUALS = ("ir1", AS_DRAWN, "ir2")
TITLES = {"v4": "v4", "ir1": "IR-v1", AS_DRAWN: "IR-v2 as drawn", "ir2": "IR-v2 as released"}


def blocks_of(expression: str, beginnings: tuple[str, ...]) -> tuple[Placed, ...]:
    """The blocks of the trunk whose names begin so."""
    return tuple(part for part in placed(expression).parts if part.path.startswith(beginnings))


def residual_blocks(expression: str) -> tuple[Placed, ...]:
    """The blocks of the trunk that end in a sum."""
    return tuple(part for part in placed(expression).parts if isinstance(part.node, Residual))


def widths_of(block: Placed) -> tuple[int, ...]:
    """What the layers of a block write, in order; the 1x1 before a sum is not one of its branches."""
    found = tuple(here.node.out for here in places(block) if isinstance(here.node, Conv | Linear))
    return found[:-1] if isinstance(block.node, Residual) else found


def drawn_widths(drawing: Drawing) -> Figures:
    """The widths that are built where a figure draws them, and how many blocks of that name have them."""
    blocks = blocks_of(drawing.network, drawing.blocks)
    if drawing.blocks == STEM:
        widths = [tuple(width for block in blocks for width in widths_of(block))]
    else:
        widths = [widths_of(block) for block in blocks]
    name = key(drawing)
    return {
        **{f"{name}.{index}": width for index, width in enumerate(widths[0])},
        f"{name}.blocks": len(widths),
        f"{name}.alike": widths.count(widths[0]),
    }


def reduction_widths(expression: str) -> Figures:
    """k, l, m and n of a network's first reduction, which runs n before the others."""
    (block,) = blocks_of(expression, ("reduction_a",))
    n, k, l, m = widths_of(block)  # noqa: E741  (the letters of Table 1)
    return {f"{expression}.{letter}": width for letter, width in zip("klmn", (k, l, m, n), strict=True)}


def key(drawing: Drawing) -> str:
    """Under which a drawing's figures are kept."""
    return f"{drawing.network}.{drawing.figure}"


def with_sums() -> Iterator[Drawing]:
    """The figures that print the width of a sum."""
    return (drawing for drawing in DRAWINGS if drawing.sum is not None)
