"""The energy of one image on a GPU: a stretch of nothing but its own slots, long enough for sensors that are slow."""

from __future__ import annotations

import time

from inception_analyzer.choices import EnergySource
from inception_analyzer.lab.clock import Clock
from inception_analyzer.lab.sensors import Sensors
from inception_analyzer.lab.subject import RUN_UP_TO, Subject

# Counters move some ten times a second, and the power that is told is that of the last second: a slot in a round of
# several networks is far too short for either.
STRETCH = 1.5


def energy_of(subject: Subject, clock: Clock, calls: int, sensors: Sensors) -> tuple[float, EnergySource] | None:
    """Joules of the whole board for each image, and where they are from; none where other work goes between the calls."""
    if subject.setup.phase in RUN_UP_TO or subject.setup.cache == "flushed":
        return None
    before, begun, slots = sensors.energy(), time.perf_counter(), 0
    while time.perf_counter() - begun < STRETCH or not slots:
        clock.slot(subject, calls)
        slots += 1
    elapsed, after = time.perf_counter() - begun, sensors.energy()
    images = slots * calls * subject.setup.batch
    if before is not None and after is not None and after > before:
        return (after - before) / images, "counter"
    power = sensors.read().power
    return None if power is None else (power * elapsed / images, "power")
