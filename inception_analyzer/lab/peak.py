"""How much memory one call of a phase takes: predicted on shapes, and measured on the device or in a fresh process."""

from __future__ import annotations

from dataclasses import replace

import torch

from inception_analyzer.errors import AnalyzerError
from inception_analyzer.lab.ceilings import settings
from inception_analyzer.lab.fresh import ask
from inception_analyzer.lab.gauges import Gauge, gauge_for
from inception_analyzer.lab.live import predicted_peak
from inception_analyzer.lab.measure import Entrant, clean, reason
from inception_analyzer.lab.phases import subject
from inception_analyzer.lab.room import within_memory
from inception_analyzer.spec import Network, Shape
from inception_analyzer.timings import Peak, Setup
from inception_analyzer.words import conv, globalpool, linear, trunk

TASK = "weigh"

# Playing a recording asks the allocator for nothing: its peak would be what stands before the call.
PLAYED = "a recording plays in memory that was set aside with it; what is reserved holds that"

# Whatever goes wrong while weighing is told in the row: a weight that is missing spoils no time that was measured.
TOLD = (RuntimeError, ValueError, OSError, MemoryError, AnalyzerError)


def weigh(entrant: Entrant, setup: Setup) -> Peak:
    """What is predicted beside what is measured; on the processor in a process that has held nothing else."""
    measured = _in_a_child(entrant, setup) if _is_processor(setup) else measured_peak(entrant, setup)
    try:
        return replace(measured, predicted=predicted_peak(entrant.network, setup, entrant.image))
    except TOLD as error:
        return replace(measured, reason=measured.reason or reason(error))


def measured_peak(entrant: Entrant, setup: Setup) -> Peak:
    """The height of a second call in this process, beyond what it held before the network was built."""
    empty = Peak(entrant.network.label, setup)
    try:
        gauge = gauge_for(setup.device)
        with settings(setup.dtype, setup.threads, autotune=setup.autotune), within_memory(setup.device):
            _called(_waker(entrant.network), replace(setup, mode="eager"))
            return replace(_measured(gauge, entrant, setup), gauge=gauge.name)
    except TOLD as error:
        return replace(empty, reason=reason(error))


def _in_a_child(entrant: Entrant, setup: Setup) -> Peak:
    """The first row that a fresh process answers, or why it answers none."""
    try:
        rows = [row for row in ask(TASK, [entrant], [setup]) if isinstance(row, Peak)]
    except TOLD as error:
        return Peak(entrant.network.label, setup, reason=reason(error))
    return rows[0]


def _measured(gauge: Gauge, entrant: Entrant, setup: Setup) -> Peak:
    clean(setup.device)
    gauge.forget()
    empty, held_back = gauge.now(), gauge.reserved()
    weighed = subject(entrant.network, setup, entrant.image)
    weighed.run(weighed.ready())  # the optimiser makes its state in the first step, libraries choose their algorithms
    state = weighed.ready()
    gauge.forget()
    built = gauge.now() - empty
    made = weighed.run(state)
    most, reserved = gauge.most() - empty, gauge.reserved()
    del made, state
    beyond = None if reserved is None or held_back is None else reserved - held_back
    if setup.mode == "cuda-graph":
        return Peak(entrant.network.label, setup, reserved=beyond, built=built, reason=PLAYED)
    return Peak(entrant.network.label, setup, measured=most, reserved=beyond, built=built)


def _called(network: Network, setup: Setup) -> None:
    """Libraries come into memory when they are first used, and belong to no network: here they are used."""
    first = subject(network, setup)
    first.run(first.ready())


def _waker(network: Network) -> Network:
    """A network as small as can be that is trained by the same recipe."""
    image = Shape(network.input.channels, 8, 8)
    return replace(network, input=image, trunk=trunk(conv(8, 3), globalpool(), linear(1000)))


def _is_processor(setup: Setup) -> bool:
    return torch.device(setup.device).type == "cpu"
