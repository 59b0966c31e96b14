"""Where a replacement pays in time: verdicts by grid as one sentence that rests on intervals and never on points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from inception_analyzer.report.quantity import listed
from inception_analyzer.stats import Verdict


@dataclass(frozen=True, slots=True)
class Paying:
    """Grids where it is faster beyond doubt, those where it is slower or the same, and those that nobody can tell."""

    pays: tuple[int, ...]
    pays_not: tuple[int, ...]
    undecided: tuple[int, ...]

    @property
    def grids(self) -> tuple[int, ...]:
        return tuple(sorted((*self.pays, *self.pays_not, *self.undecided)))


def paying(verdicts: Mapping[int, Verdict | None]) -> Paying:
    """Verdicts by grid, smallest first; None where one of the two could not be measured."""
    grids = sorted(verdicts)
    return Paying(
        tuple(grid for grid in grids if verdicts[grid] == "FASTER"),
        tuple(grid for grid in grids if verdicts[grid] in ("SLOWER", "SAME")),
        tuple(grid for grid in grids if verdicts[grid] in ("INCONCLUSIVE", None)),
    )


def sentence(found: Paying, other: str) -> str:
    """From which grid on it pays, or where else, and what remains open."""
    if not found.pays and not found.pays_not:
        return f"Whether {other} pays in time *cannot be told* on {_grids(found.undecided)}."
    if found.pays:
        parts = [f"{other} pays in time *{_where(found)}*", *([f"not on {_grids(found.pays_not)}"] if found.pays_not else [])]
    else:
        parts = [f"{other} does *not pay in time* on {_grids(found.pays_not)}"]
    if found.undecided:
        parts.append(f"{_grids(found.undecided)} cannot be told")
    return "; ".join(parts) + "."


def _where(found: Paying) -> str:
    """The grids where it pays as a range, if they are the largest or the smallest of all."""
    grids, pays = found.grids, found.pays
    if len(pays) == len(grids):
        return f"on {_grids(grids)}" if len(grids) == 1 else f"on every grid from {_grid(grids[0])} to {_grid(grids[-1])}"
    if pays == grids[-len(pays) :]:
        return f"from {_grid(pays[0])} on"
    return f"up to {_grid(pays[-1])}" if pays == grids[: len(pays)] else f"on {_grids(pays)}"


def _grids(grids: Sequence[int]) -> str:
    return listed([_grid(grid) for grid in grids])


def _grid(grid: int) -> str:
    return f"{grid}x{grid}"
