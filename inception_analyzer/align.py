"""Two networks side by side: stages by their order, blocks by their names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from inception_analyzer.cost import NO_COST, Cost, sum_of
from inception_analyzer.outline import CLASSIFIER, STEM, Part
from inception_analyzer.spec import Shape

RUN = 3  # pairs alike from which on they are one row


@dataclass(frozen=True, slots=True)
class Pairing:
    """The same place in two networks; None where one of them has nothing there."""

    name: str
    left: Part | None
    right: Part | None

    @property
    def costs(self) -> tuple[Cost, Cost]:
        return (self.left.cost if self.left else NO_COST, self.right.cost if self.right else NO_COST)

    @property
    def changed(self) -> bool:
        left, right = self.costs
        return left != right


def stages(left: Part, right: Part) -> tuple[Pairing, ...]:
    """Stem with stem, classifier with classifier, and the grids between counted from the last, where networks are alike."""
    rows = [*_matched(left, right, STEM), *_from_the_end(_grids(left), _grids(right)), *_matched(left, right, CLASSIFIER)]
    return tuple(Pairing(_joint_name(one, other), one, other) for one, other in rows)


def blocks(left: Part, right: Part) -> tuple[Pairing, ...]:
    """Blocks of the same name; the stem as one block, unless nothing but single layers makes up the network."""
    ours, theirs = _blocks(left), _blocks(right)
    names = in_order(list(ours), list(theirs))
    return tuple(Pairing(name, ours.get(name), theirs.get(name)) for name in names)


def in_order(ours: list[str], theirs: list[str]) -> list[str]:
    """Our names with theirs among them, each behind the one that it follows in its own network."""
    names, before = list(ours), ""
    for name in theirs:
        if name not in names:
            names.insert(names.index(before) + 1 if before else 0, name)
        before = name
    return names


def alike(left: Part, right: Part) -> bool:
    """Whether two networks share most of their blocks by name."""
    ours, theirs = _blocks(left), _blocks(right)
    inner = {STEM, CLASSIFIER}
    both = (ours.keys() & theirs.keys()) - inner
    return 2 * len(both) > len((ours.keys() | theirs.keys()) - inner)


def in_runs(pairs: Sequence[Pairing]) -> list[Pairing]:
    """Pairs in a row that are alike in everything but their names as one; three of them make a run."""
    found: list[Pairing] = []
    for _, run in groupby(pairs, key=lambda pair: (pair.costs, _look(pair.left), _look(pair.right))):
        alike_pairs = list(run)
        found += [_run(alike_pairs)] if len(alike_pairs) >= RUN else alike_pairs
    return found


def _look(part: Part | None) -> tuple[str, Shape, Shape] | None:
    return (part.kind, part.reads, part.writes) if part else None


def _run(pairs: Sequence[Pairing]) -> Pairing:
    name = f"{pairs[0].name}-{pairs[-1].name}"
    return Pairing(name, _together(name, [pair.left for pair in pairs]), _together(name, [pair.right for pair in pairs]))


def _together(name: str, parts: Sequence[Part | None]) -> Part | None:
    known = [part for part in parts if part]
    if not known:
        return None
    cost = sum_of(part.cost for part in known)
    return replace(known[0], name=name, path="", role="stage", cost=cost, parts=tuple(known))


def _blocks(whole: Part) -> dict[str, Part]:
    found: dict[str, Part] = {}
    for stage in whole.parts:
        if stage.name in (STEM, CLASSIFIER):
            found[stage.name] = stage
        else:
            found.update({part.name: part for part in stage.worth_showing})
    return found


def _grids(whole: Part) -> list[Part]:
    return [stage for stage in whole.parts if stage.name not in (STEM, CLASSIFIER)]


def _matched(left: Part, right: Part, name: str) -> Iterator[tuple[Part | None, Part | None]]:
    ours = next((stage for stage in left.parts if stage.name == name), None)
    theirs = next((stage for stage in right.parts if stage.name == name), None)
    if ours or theirs:
        yield ours, theirs


def _from_the_end(ours: list[Part], theirs: list[Part]) -> list[tuple[Part | None, Part | None]]:
    longest = max(len(ours), len(theirs))
    padded = [[*[None] * (longest - len(grids)), *grids] for grids in (ours, theirs)]
    return list(zip(*padded, strict=True))


def _joint_name(left: Part | None, right: Part | None) -> str:
    names = [part.name if part else "-" for part in (left, right)]
    return names[0] if names[0] == names[1] else " | ".join(names)
