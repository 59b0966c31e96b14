"""Stories for the figures: a real one that is only counted, and the same with times, roofs and memory made by hand."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from inception_analyzer.inquiry import Answered
from inception_analyzer.report.story import Part, Story
from inception_analyzer.reporting.gather import Gathering, gather
from inception_analyzer.reporting.steps import counted_steps
from inception_analyzer.stats import Interval
from inception_analyzer.timings import Against, BlockRoof, Ceilings, Measurement, Memory, Roof, Sample, Setup

# Seconds of a forward pass, and the ratio to v1 with its interval; invented.
TIMES = {
    "v1": (0.0413, None),
    "bn": (0.0597, (1.43, 1.41, 1.46)),
    "v3": (0.112, (2.71, 2.62, 2.83)),
    "v3@unfactorized": (0.197, (4.76, 4.55, 4.95)),
    "v4": (0.239, (5.77, 5.55, 6.02)),
    "ir2": (0.274, (6.64, 6.33, 7.05)),
}
GRID_RATIOS = (0.95, 0.88, 0.81, 0.98, 1.21)


@cache
def quick() -> Story:
    """Everything that needs neither clock nor torch."""
    steps = counted_steps(dict)
    machine = {"processor": "a processor", "torch": "2.0"}
    return gather(
        steps, Gathering(), lambda *_: None, command="inception-analyze report", made="2025-01-01T00:00:00Z", machine=machine
    )


@cache
def full() -> Story:
    """The same with everything that a machine adds."""
    return with_measured(quick())


def with_measured(story: Story) -> Story:
    more = [Part(name, name, "", None) for name in ("kernels-3x3-3x3", "measured", "memory", "roofline")]
    judged = tuple(
        replace(one, answers=_answers(one.claim.asks())) if one.claim.id == "factorized-latency-by-grid" else one
        for one in story.judged
    )
    return replace(
        story,
        parts=(*story.parts, *more),
        judged=judged,
        measured=tuple(measurement(name, *told) for name, told in TIMES.items()),
        memory=tuple(
            Memory(one, 32, *sizes)
            for one, sizes in {
                "v1": (53 << 20, 53 << 20, 53 << 20, 1400 << 20),
                "v3": (104 << 20, 104 << 20, 208 << 20, 4300 << 20),
                "v3@unfactorized": (204 << 20, 204 << 20, 408 << 20, 3900 << 20),
            }.items()
        ),
        roofs=(roof("v1", story), roof("v3", story)),
    )


def measurement(name: str, seconds: float, against: tuple[float, float, float] | None = None, **asked: int) -> Measurement:
    spread = [seconds * (1 + step / 400) for step in range(-16, 17)]
    versus = Against(Interval(*against), 0.01, "SLOWER", None) if against else None
    return Measurement(Sample(name, Setup(threads=2, **asked), tuple(spread), 1, 5), versus, 1, "interval", 3.0)


def _answers(questions):
    found = {}
    for number, question in enumerate(questions):
        point = GRID_RATIOS[number % 5] * (1 - 0.07 * (number // 5))
        one = measurement("kernel", 0.001)
        other = measurement("kernels", 0.001 * point, (point, point - 0.03, point + 0.04))
        found[question.name] = Answered(one, other)
    return found


def roof(name: str, story: Story) -> Roof:
    """Blocks of a network at invented speeds under invented ceilings."""
    ceilings = Ceilings("cpu", "fp32", 2, 95e9, 21e9, 4e-6)
    whole = next(one for one in story.networks if one.count.network.label == name).whole
    blocks = []
    inner = [part for stage in whole.parts for part in stage.parts if part.cost.forward.writes]  # a dropout moves nothing
    for number, block in enumerate(inner):
        moved = block.cost.bytes_read() + block.cost.bytes_written()
        floor = max(block.cost.macs / 95e9, moved / 21e9)
        share = 0.25 + 0.6 * ((number * 37) % 11) / 11
        macs = block.cost.macs
        blocks.append(BlockRoof(block.path, macs, moved, macs / moved, floor, floor / share, share, "compute"))
    return Roof(name, Setup(threads=2), tuple(blocks), ceilings, 1.02)
