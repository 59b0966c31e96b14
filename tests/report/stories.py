"""Stories for the tests of pages: a quick one as it is gathered, one with measured rows by hand, and one with evil names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from inception_analyzer.claims import CLAIMS
from inception_analyzer.claims.judging import Judged, judged
from inception_analyzer.inquiry import Answer, Answered
from inception_analyzer.kernel import bench, parse_chain
from inception_analyzer.outline import descend
from inception_analyzer.report import grids, measured, timed_grids, weighed
from inception_analyzer.report import roofs as roofed
from inception_analyzer.report.compared import Compared
from inception_analyzer.report.document import Document, Flat
from inception_analyzer.report.page import Picture
from inception_analyzer.report.story import Pair, Part, Story
from inception_analyzer.reporting.gather import Gathering, gather
from inception_analyzer.reporting.steps import counted_steps
from inception_analyzer.stats import Interval
from inception_analyzer.timings import Against, BlockRoof, Ceilings, Failure, Measurement, Memory, Roof, Sample, Setup

EVIL = "<script>alert('x')</script></script>&\"{{ 7*7 }}--><img src=x onerror=alert(1)>"

MACHINE = {"processor": "a processor", "cores": 2, "torch": "2.13.0", "python": "3.12", "devices": ["cpu"], "cuda": None}


@cache
def quick() -> Story:
    """What `report --quick` gathers, less the identities that need torch."""
    return gather(
        counted_steps(dict),
        Gathering(),
        lambda *_: None,
        command="inception-analyze report --quick",
        made="2025-11-20T12:30:00+00:00",
        machine=MACHINE,
    )


def timed(expression: str, milliseconds: float, factor: float | None = None, doubts: Sequence[str] = ()) -> Measurement:
    """A row as the clock gives it; `factor` is how long it took beside the reference."""
    spread = (0.98, 0.99, 1.0, 1.01, 1.02) * 4
    sample = Sample(expression, Setup(), tuple(milliseconds / 1000 * one for one in spread), 1, 3)
    ratio = Interval(factor, factor * 0.97, factor * 1.03) if factor else None
    verdict = "SAME" if factor and abs(factor - 1) < 0.02 else "FASTER" if factor and factor < 1 else "SLOWER"
    against = Against(ratio, 0.01, verdict, None) if ratio else None
    return Measurement(sample, against, 5, "the interval is narrow", 3.0, tuple(doubts))


@cache
def full() -> Story:
    """The quick story with times, memory and roofs, a failed part and an interrupted one."""
    story = quick()
    rows = (
        timed("v1", 41.3),
        timed("v3", 112.0, 2.71, ["the machine was busy"]),
        timed("v3@unfactorized", 196.0, 4.75),
        timed("bn", 41.4, 1.002),
        Failure("v4", Setup(), "out of memory"),
    )
    document = measured.document(rows, (), MACHINE)
    parts = (
        *story.parts,
        Part("measured", "Measured", "Times on this machine.", document, "interrupted", "what was finished stands here"),
        Part("roofline", "Roofline", "Blocks under the roof.", None, "failed", "no ceilings"),
        Part("noise", "Noise floor", "The same network twice.", None, "left out", "the budget was spent"),
    )
    memory = (Memory("v3", 32, 10, 10, 20, 400, (("mixed_5b", 100), ("mixed_6b", 300))),)
    return replace(story, parts=parts, measured=rows, memory=memory, roofs=roofs(story))


def roofs(story: Story) -> tuple[Roof, ...]:
    """Every block of every network that is opened, with a time that follows from its multiply-adds."""
    ceilings = Ceilings("cpu", "fp32", 1, 1e11, 1e10, 1e-6)
    opened = {one.count.network.label: one for pair in story.pairs for one in (pair.left, pair.right)}
    return tuple(Roof(label, Setup(), _blocks(one), ceilings, 1.0) for label, one in opened.items())


def _blocks(one: Compared) -> tuple[BlockRoof, ...]:
    tops = {part.path: part.cost.macs for part in descend(one.whole) if part.path and "." not in part.path}
    return tuple(BlockRoof(path, macs, 1, 1.0, 1e-5, 1e-5 + macs / 5e10, 0.5, "compute") for path, macs in tops.items())


@cache
def whole() -> Story:
    """The full story with nothing missing: memory, roofs, noise, a kernel by grid, and claims that the clock answered."""
    story = full()
    twice = [timed("v1", 41.3), timed("v1 again", 41.5, 1.004)]
    documents = {
        "measured": measured.document(story.measured, (), MACHINE),
        "memory": weighed.document(memories()),
        "roofline": roofed.document(story.roofs, [roof.expression.partition("@")[0] for roof in story.roofs]),
        "noise": measured.document(twice, (), MACHINE, same_twice=True),
        "kernels-3x3-3x3": kernel_by_grid(),
    }
    kept = [part for part in story.parts if part.name not in documents]
    parts = (*kept, *(Part(name, name.capitalize(), f"About {name}.", document) for name, document in documents.items()))
    return replace(story, parts=parts, judged=tuple(answered(one.claim.id) for one in story.judged), memory=memories())


def memories() -> tuple[Memory, ...]:
    """Seven networks with more blocks than are shown, of sizes as they come."""
    blocks = tuple((f"mixed_{index}a", index * 2**26) for index in range(1, 8))
    names = ("v1", "bn", "v2", "v3", "v4", "ir1", "ir2")
    return tuple(Memory(name, 32, 2**27, 2**27, 2**28, 28 * 2**26, blocks) for name in names)


def kernel_by_grid() -> Document:
    """A swap that pays on large grids alone."""
    one, other = parse_chain("5x5"), parse_chain("3x3,3x3")
    places = [grids.Place(bench(one, other, (64,), side), (64,)) for side in (8, 17, 35)]
    cells: list[timed_grids.Timed] = []
    for place, factor in zip(places, (1.3, 1.01, 0.8), strict=True):
        names = [grids.label(place, chain) for chain in (place.bench.reference, place.bench.other)]
        cells += timed_grids.by_setup(place, [timed(names[0], 1.2), timed(names[1], 1.2 * factor, factor)])
    return timed_grids.timed(places, cells, MACHINE)


@cache
def answered(name: str) -> Judged:
    """A claim with an answer to everything that it asks, each of another length."""
    claim = CLAIMS[name]
    return judged(claim, {}, {one.work: _answer(at) for at, one in enumerate(claim.asks())})


def _answer(at: int) -> Answer:
    factor = 0.7 + 0.09 * (at % 7)
    return Answered(timed("one", 10.0), timed("other", 10.0 * factor, factor), 0.72)


@cache
def evil() -> Story:
    """A story in which everything that a user can name is an attack."""
    story = full()
    named = tuple(_renamed(one) for one in story.networks[:2])
    pair = Pair(_renamed(story.pairs[1].left), _renamed(story.pairs[1].right, "second"), None)
    claim = replace(next(iter(CLAIMS.values())), title=EVIL, statement=EVIL, claimed=EVIL, built=EVIL, form=EVIL)
    reason = Failure(EVIL, Setup(), EVIL)
    document = Document("x", EVIL, EVIL, (EVIL,), (), lambda: Flat((), ()), dict)
    label = pair.right.count.network.label.replace("@", "-")
    parts = (
        Part("networks", EVIL, EVIL, document),
        Part(f"compare-{EVIL}-{label}", EVIL, EVIL, document, "failed", EVIL),
        Part("measured", EVIL, EVIL, None, "interrupted", EVIL),
        Part("claims", EVIL, EVIL, None),
    )
    return Story(
        command=EVIL,
        made=EVIL,
        machine={"processor": EVIL, "torch": EVIL, EVIL: [EVIL]},
        parts=parts,
        networks=named,
        pairs=(pair,),
        judged=(judged(claim, {}, {}),),
        measured=(timed(EVIL, 1.0), timed(f"{EVIL}2", 2.0, 2.0, [EVIL]), reason),
    )


def _renamed(one: Compared, tail: str = "") -> Compared:
    """A network of one's own: its name is a path that somebody chose."""
    network = replace(one.count.network, expression=EVIL + tail, title=EVIL)
    return Compared(replace(one.count, network=network), one.whole, one.rewritten)


def pictures() -> dict[str, tuple[Picture, ...]]:
    """Two drawings that share their ids, as drawings of one program do."""
    svg = (
        '<?xml version="1.0"?><svg viewBox="0 0 10 10" aria-labelledby="t"><title id="t">a line</title>'
        '<defs><clipPath id="c"><path d="M0 0h9"/></clipPath></defs>'
        '<g id="axes_1" clip-path="url(#c)"><use href="#c"/></g></svg>'
    )
    one = Picture("cost_map", "v3 takes 3.61x", "MACs, 5.71 G", svg, svg)
    return {"networks": (one, replace(one, name="other")), "measured": (replace(one, name="third"),)}
