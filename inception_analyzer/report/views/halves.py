"""One of two networks while it is laid out: its places by path, the time of its blocks, and how its parts are drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from inception_analyzer.cost import own_cost
from inception_analyzer.outline import CLASSIFIER, STEM, Part
from inception_analyzer.place import Placed, place, places
from inception_analyzer.report.compared import Compared
from inception_analyzer.report.views.modules import Drawing, Pen, Seconds, drawing, layers, newcomers
from inception_analyzer.report.views.shades import TIME, Scale, Values, scale_over, values_of
from inception_analyzer.timings import Roof


@dataclass(frozen=True, slots=True)
class Half:
    """One network while it is laid out: its places by path, and the measured time of its blocks."""

    compared: Compared
    by_path: Mapping[str, Placed]
    seconds: Seconds

    @property
    def label(self) -> str:
        return self.compared.count.network.label

    @property
    def family(self) -> str:
        return self.compared.count.network.family

    @property
    def twin(self) -> bool:
        return "@" in self.label

    def of(self, part: Part | None) -> list[Placed]:
        """The places that a part stands for; of a run of equal blocks, the first."""
        if part is None:
            return []
        if part.path:
            return [self.by_path[part.path]]
        inner = part.parts if part.name in (STEM, CLASSIFIER) else part.parts[:1]
        return [self.by_path[one.path] for one in inner]

    def time(self, part: Part | None) -> float | None:
        """How long a part took; nothing unless all of it was timed."""
        if part is None or part.path:
            return self.seconds.get(part.path) if part else None
        known = [self.time(one) for one in part.parts]
        return sum(filter(None, known)) if known and None not in known else None

    @property
    def singly(self) -> bool:
        """Whether a layer was timed alone, as those of a stem are."""
        return any(not self.by_path[path].parts for path in self.seconds)

    def values(self, part: Part | None) -> dict[str, float]:
        """Every quantity of a part."""
        return values_of(part.cost, self.time(part)) if part else {}


def half_of(compared: Compared, roofs: Sequence[Roof]) -> Half:
    """A network with what was timed of it."""
    network = compared.count.network
    whole = place(network, compared.count.input)
    timed = next((roof for roof in roofs if roof.expression == network.label), None)
    seconds = {block.path: block.seconds for block in timed.blocks} if timed else {}
    return Half(compared, {here.path: here for here in places(whole)}, seconds)


def scale_of(*halves: Half, blocks: Sequence[Values] = ()) -> Scale:
    """Over the layers of both, and the blocks where they are shaded too; time over what was timed."""
    counted = list(blocks)
    for half in halves:
        tops = [here for path, here in half.by_path.items() if path and "." not in path]
        counted += [values_of(own_cost(layer)) for layer in layers(tops)]
        counted += [{TIME: seconds} for seconds in half.seconds.values()]
    return scale_over(counted)


def draw(
    half: Half, part: Part | None, own: Sequence[Placed], other: Sequence[Placed], scale: Scale, *, marked: bool
) -> Drawing:
    """A part of one network; `other` is its place in the other, from which its layers are told."""
    assert part is not None
    new = newcomers(own, other) if marked and other else frozenset[str]()
    run = not part.path and part.name not in (STEM, CLASSIFIER)
    pen, times = Pen(scale, new, half.seconds), len(part.parts) if run else 1
    return drawing(own, pen, label=half.label, family=half.family, twin=half.twin, seconds=half.time(part), times=times)
