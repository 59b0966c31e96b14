"""What was asked and what was seen of time and memory, as types only: raw samples, and their doubts beside them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from inception_analyzer.choices import Bound, Cache, Dtype, EnergySource, Gauge, Layout, Mode, Optimizer, Phase
from inception_analyzer.stats import Interval, Plan, Verdict

NUMBERS = re.compile(r"[-+]?\d[\d.]*")


@dataclass(frozen=True, slots=True)
class Setup:
    """How a measurement was asked for; equal for all networks of one comparison."""

    phase: Phase = "forward"
    batch: int = 1
    dtype: Dtype = "fp32"
    layout: Layout = "contiguous"
    mode: Mode = "eager"
    device: str = "cpu"
    threads: int = 1
    seed: int = 0
    budget: float = 20.0  # seconds for all pairs of one phase
    within: float = 0.02  # two networks this near each other are called the same
    optimizer: Optimizer = "recipe"
    cache: Cache = "warm"
    autotune: bool = True  # whether cuDNN tries its algorithms, all in the warm-up; other libraries have nothing to try
    fixed: bool = False  # rounds to the end of the plan, whatever the looks show


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the rounds of one setup are; before the first of them networks are built and warmed up."""

    phase: Phase
    number: int  # rounds that are done
    most: int
    left: float  # seconds until they end at the latest, and what is to come after them
    estimate: Interval | None = None  # of the ratio to the reference, so far


@dataclass(frozen=True, slots=True)
class Sample:
    """What was seen of one network: seconds of one call, the median of each slot, in the order of the slots."""

    expression: str
    setup: Setup
    seconds: tuple[float, ...]
    calls: int  # in each slot
    warmups: int
    host_seconds: tuple[float, ...] = ()  # that the processor took to start one call on a GPU; none where it works itself


@dataclass(frozen=True, slots=True)
class Reading:
    """What the sensors of a GPU said at one moment; nothing stands for what they do not tell."""

    clock: int | None  # MHz, of its multiprocessors
    power: float | None  # watts, of the board
    temperature: int | None  # degrees Celsius
    throttled: tuple[str, ...]  # what held the clock down
    tenants: int | None  # other processes that compute on it


@dataclass(frozen=True, slots=True)
class Sensed:
    """A GPU while its networks were timed: first and last reading, the worst between them, and the energy of one image."""

    driver: str | None
    highest_clock: int | None  # MHz, that the GPU is made for
    before: Reading
    after: Reading
    lowest_clock: int | None
    throttled: tuple[str, ...]
    tenants: int | None
    energy: float | None = None  # joules of the whole board for one image
    energy_from: EnergySource | None = None


@dataclass(frozen=True, slots=True)
class Against:
    """One network beside the reference, slot by slot; the interval of the ratio holds the identity floor already."""

    ratio: Interval
    noise: float  # half-width of the paired log-ratio before the floor
    verdict: Verdict
    seconds_needed: float | None  # until the interval would be as narrow as asked for, where it is not
    reference: str = ""  # its name: the first network of the setup that could be measured


@dataclass(frozen=True, slots=True)
class Measurement:
    """One network in one phase: its sample, how it stands to the reference, why it stopped, and what to doubt about it."""

    sample: Sample
    against: Against | None
    looks: int
    stopped_by: str
    elapsed: float
    doubts: tuple[str, ...] = ()
    sensed: Sensed | None = None
    repeats: tuple[Repeat, ...] = ()  # of the fresh processes that it was measured in, where there were several
    plan: Plan | None = None


def kind_of(doubt: str) -> str:
    """A doubt without its numbers: those that differ in nothing else are one."""
    return NUMBERS.sub("", doubt)


@dataclass(frozen=True, slots=True)
class Repeat:
    """One network in one of several fresh processes; `place` is its turn in being built there, `ratio` to the reference."""

    process: int
    place: int
    ratio: float | None
    seen: Measurement | Failure


@dataclass(frozen=True, slots=True)
class Failure:
    """A network that could not be measured as asked, and why; the others go on."""

    expression: str
    setup: Setup
    reason: str
    needed: float | None = None  # seconds that it would take at least, where the budget was short of them


@dataclass(frozen=True, slots=True)
class Missing:
    """What else could not be found out about a network, and why."""

    expression: str
    what: str
    reason: str


@dataclass(frozen=True, slots=True)
class Memory:
    """Bytes that training holds for one batch: exact on any device, since only shapes decide them."""

    expression: str
    batch: int
    parameters: int
    gradients: int
    optimizer: int
    kept: int
    by_block: tuple[tuple[str, int], ...] = ()

    @property
    def total(self) -> int:
        return self.parameters + self.gradients + self.optimizer + self.kept


@dataclass(frozen=True, slots=True)
class Peak:
    """The most bytes that one call of a phase held, the network and its images included.

    `predicted` are tensors alone, counted on shapes; `measured` is what the gauge showed beyond an empty start.
    """

    expression: str
    setup: Setup
    predicted: int | None = None
    measured: int | None = None
    reserved: int | None = None  # by the allocator of a GPU, with what it holds back for later tensors
    built: int | None = None  # of what was measured, that which stood before the call
    gauge: Gauge | None = None
    reason: str = ""  # why a number is missing


@dataclass(frozen=True, slots=True)
class Ceilings:
    """What a device reaches at best in one dtype; a copy's bytes are those read and those written."""

    device: str
    dtype: Dtype
    threads: int
    macs_per_second: float
    bytes_per_second: float
    launch_seconds: float
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BlockRoof:
    """One block under the roof of its device.

    The floor is the longest of three: its multiply-adds at the rate of matrix products, its least traffic at that of a
    copy, its operations one launch each; `bound` names which. `share` is the floor over what was measured. It may exceed
    one where maps stay in a cache, as the copy does not, or multiply-adds are saved: those on padding, or Winograd's.
    """

    path: str
    macs: int
    bytes: int
    intensity: float  # multiply-adds for each byte
    floor_seconds: float
    seconds: float
    share: float
    bound: Bound


@dataclass(frozen=True, slots=True)
class Roof:
    """A network under the roof of its device, block by block; `reconciled` is the sum of its blocks over the whole call."""

    expression: str
    setup: Setup
    blocks: tuple[BlockRoof, ...]
    ceilings: Ceilings
    reconciled: float | None
