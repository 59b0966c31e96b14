"""The parts of a report that are only counted: networks, twins, comparisons, scaling and the memory of training."""

from __future__ import annotations

from inception_analyzer.count import count
from inception_analyzer.errors import AnalyzerError
from inception_analyzer.evidence import Count
from inception_analyzer.expressions import derivation_between, load, resolve
from inception_analyzer.networks import NETWORKS, short_name
from inception_analyzer.outline import outline
from inception_analyzer.place import place
from inception_analyzer.report import compared, counted, scaled, twins
from inception_analyzer.report.compared import Compared
from inception_analyzer.report.document import Document
from inception_analyzer.report.story import Pair
from inception_analyzer.rules import Derived, derive

# The networks of the papers, by the names that people use, and those of them that have an unfactorized twin.
FAMILY = ("v1", "bn", "v2", "v3", "v4", "ir1", "ir2")
FACTORIZED = ("bn", "v2", "v3", "v4", "ir1", "ir2")

# What is opened block by block: a network and its twin, and two networks that people compare.
PAIRS = (("v3", "v3@unfactorized"), ("v1", "v3"))

# The swaps of kernels that the papers make, and the grids of Inception-v3.
SWAPS = (("5x5", "3x3,3x3"), ("3x3", "1x3,3x1"), ("7x7", "1x7,7x1"))
GRIDS = (149, 73, 35, 17, 8)

WIDTHS, SIDES = ("0.5", "1", "1.5", "2"), (149, 224, 299, 331, 448)


def load_compared(expression: str) -> Compared:
    """A network with its count and its outline."""
    rewritten = resolve(expression)
    return Compared(count(rewritten.network), outline(place(rewritten.network)), rewritten)


def networks() -> tuple[Compared, ...]:
    """Every network under its shortest name."""
    return tuple(load_compared(short_name(name)) for name in NETWORKS)


def networks_document(found: tuple[Compared, ...]) -> Document:
    """All of them in one table."""
    return counted.document([one.count for one in found])


def derived_twins() -> tuple[Derived, ...]:
    """Each factorized network beside what it would be without its factorizations."""
    return tuple(derive(resolve(f"{name}@unfactorized")) for name in FACTORIZED)


def twins_document(found: tuple[Derived, ...]) -> Document:
    """What factorization saves in each."""
    return twins.document(found)


def pair(left: str, right: str) -> Pair:
    """Two networks aligned, with the derivation between them where there is one."""
    one, other = load_compared(left), load_compared(right)
    between = derivation_between(one.rewritten, other.rewritten)
    return Pair(one, other, derive(between) if between else None)


def pair_document(found: Pair) -> Document:
    """The comparison as `compare` prints it."""
    return compared.document([found.left, found.right], twin=found.derived)


def scaling_document() -> Document:
    """How cost grows with width and with resolution; what does not fit is left blank."""
    wider = {name: [(width, found) for width in WIDTHS if (found := _scaled(name, "width", width))] for name in FAMILY}
    larger = {name: [(side, found) for side in SIDES if (found := _scaled(name, "input", str(side)))] for name in FAMILY}
    return scaled.document(wider, larger)


def _scaled(name: str, by: str, value: str) -> Count | None:
    """A network of another width or over another image; None where it does not fit."""
    own = {"width": "1", "input": str(load(name).input.height)}[by]
    try:
        return count(resolve(name if value == own else f"{name}@{by}={value}").network)
    except AnalyzerError:
        return None
