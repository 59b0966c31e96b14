"""A kernel and the chain that may stand in its place: both counted under one name, and what the swap saves as a condition."""

from __future__ import annotations

from dataclasses import dataclass

from inception_analyzer.claims.counted import chain, kernel_question
from inception_analyzer.claims.judging import fits
from inception_analyzer.claims.model import Amount, Condition, Fit, Kind, saving
from inception_analyzer.inquiry import Evidence, Question

Counts = dict[str, float]


@dataclass(frozen=True, slots=True)
class Swap:
    """One kernel, and the chain that takes its place."""

    one: str
    chain: str

    @property
    def columns(self) -> tuple[str, str]:
        """What the two are called at the head of a table."""
        return self.one, self.chain.replace(",", " + ")

    @property
    def words(self) -> str:
        return f"{self.columns[1]} for {self.one}"


PAIR_3X3 = Swap("5x5", "3x3,3x3")
THREE_3X3 = Swap("7x7", "3x3,3x3,3x3")
PAIR_2X2 = Swap("3x3", "2x2,2x2")
ROW_COLUMN = Swap("3x3", "1x3,3x1")
LONG_PAIR = Swap("7x7", "1x7,7x1")


def both(name: str, one: float, other: float) -> Counts:
    """Two figures of one kind, before and after a swap."""
    return {f"{name}.one": one, f"{name}.chain": other}


def wide(name: str, widths: str) -> Counts:
    """The widths that a case was tried with, so that its judge can name them."""
    return {f"{name}.width {place}": int(width) for place, width in enumerate(widths.split(","))}


def widths_told(evidence: Evidence, name: str) -> str:
    """`64 > 96 > 96`."""
    start = f"{name}.width "
    found = [width for key, width in evidence.figures.items() if key.startswith(start)] or [evidence[f"{start}0"]]
    return " > ".join(f"{width:g}" for width in found)


def padded(name: str, swap: Swap, widths: str = "64", grid: int = 35) -> Counts:
    """Multiply-adds with padding that keeps the grid."""
    return both(name, chain(swap.one, widths, grid).same.macs, chain(swap.chain, widths, grid).same.macs)


def on_the_map(name: str, swap: Swap, widths: str = "64", grid: int = 35) -> Counts:
    """The same less the taps that fall on padding."""
    one, other = chain(swap.one, widths, grid).same, chain(swap.chain, widths, grid).same
    return both(name, one.forward.inside, other.forward.inside)


def unpadded(name: str, swap: Swap, widths: str = "64", grid: int = 35) -> Counts:
    """Multiply-adds where each kernel writes a smaller map than it reads."""
    one, other = chain(swap.one, widths, grid).valid, chain(swap.chain, widths, grid).valid
    assert one is not None, "the kernel fits on the grid"
    assert other is not None, "and so does the chain, which sees as much"
    return both(name, one.macs, other.macs)


def weights(name: str, swap: Swap, widths: str = "64", grid: int = 35) -> Counts:
    """Weights without biases and norms."""
    return both(name, chain(swap.one, widths, grid).same.params, chain(swap.chain, widths, grid).same.params)


def written(name: str, swap: Swap, widths: str = "64", grid: int = 35) -> Counts:
    """Elements that all layers write."""
    return both(name, chain(swap.one, widths, grid).same.activations, chain(swap.chain, widths, grid).same.activations)


def moved(name: str, swap: Swap, widths: str = "64", grid: int = 35) -> Counts:
    """Elements of maps that all layers read and write; weights are few beside them on large grids."""
    one, other = (chain(kernels, widths, grid).same.forward for kernels in (swap.one, swap.chain))
    return both(name, one.reads + one.writes, other.reads + other.writes)


def share(evidence: Evidence, name: str) -> float:
    """What the chain takes of what the kernel takes."""
    return evidence[f"{name}.chain"] / evidence[f"{name}.one"]


def saved(evidence: Evidence, name: str) -> Amount:
    """What the swap saves."""
    return saving(evidence[f"{name}.chain"], evidence[f"{name}.one"])


def tried(
    evidence: Evidence, name: str, swap: Swap, when: str, claimed: float, digits: int | None = None, kind: Kind = "macs"
) -> Condition:
    """What a swap saves in one case beside what is claimed."""
    found = saved(evidence, name)
    return Condition(when, found, fits(found.value, claimed, digits), sides(evidence, name, swap, kind))


def shown(evidence: Evidence, name: str, swap: Swap, when: str, fit: Fit = "aside", kind: Kind = "macs") -> Condition:
    """The same where nothing is claimed of its size."""
    return Condition(when, saved(evidence, name), fit, sides(evidence, name, swap, kind))


def sides(evidence: Evidence, name: str, swap: Swap, kind: Kind = "macs") -> tuple[tuple[str, Amount], ...]:
    """Both sides of a swap under the names of their columns."""
    figures = (evidence[f"{name}.one"], evidence[f"{name}.chain"])
    return tuple((column, Amount(figure, kind)) for column, figure in zip(swap.columns, figures, strict=True))


def timed(swap: Swap, grid: int, widths: str = "64", *, batch: int = 1, padded: bool = True) -> Question:
    """Whether the chain takes longer than the kernel; it is asked for by `5x5 on 35`, or `5x5 on 35, 32 images`."""
    name = f"{swap.one} on {grid}" + (f", {batch} images" if batch > 1 else "")
    return kernel_question(name, swap.one, swap.chain, widths, grid, batch=batch, padded=padded)
