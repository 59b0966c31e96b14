"""What times belong to: how they were asked for, on which machine, and what the sensors of a GPU said meanwhile."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from inception_analyzer.report import repeated
from inception_analyzer.report.document import Note
from inception_analyzer.report.quantity import many, minute
from inception_analyzer.report.records import Record
from inception_analyzer.timings import Failure, Measurement, Sensed, Setup

Row = Measurement | Failure

# Whose energy it is, and how far it can be trusted.
SOURCES = {"counter": "the board's own counter", "power": "power x time"}


def conditions(rows: Sequence[Row]) -> str:
    """The head's right side; what has least room for it goes first."""
    if not rows:
        return ""
    setup = _setup(rows[0])
    mode = () if setup.mode == "eager" else (setup.mode,)
    return " · ".join((setup.device, setup.dtype, *mode, f"{setup.cache} cache", many(setup.threads, "thread")))


def fingerprint_note(rows: Sequence[Row], machine: Mapping[str, Any]) -> Note:
    """What was asked, and the machine, the programs and the time that results hang on."""
    asked = f"{_asked(_setup(rows[0]))}; " if rows else ""
    commit = (
        f", commit {machine['commit']}"
        if machine.get("commit")
        else f", {machine['program']}"
        if machine.get("program")
        else ""
    )
    when = f", {minute(machine['time'])}" if machine.get("time") else ""
    on_gpu = bool(rows) and _setup(rows[0]).device.startswith("cuda")
    where = f"{_gpu(_setup(rows[0]), machine)}, " if on_gpu else ""
    return Note((f"{asked}{_rounds(rows)}{where}{machine['processor']}, torch {machine['torch']}{commit}{when}",))


def _rounds(rows: Sequence[Row]) -> str:
    """How many there were, if any; fewest and most where comparisons stopped at different looks."""
    numbers = sorted({len(entry.sample.seconds) for entry in rows if isinstance(entry, Measurement)} - {0})
    told = " to ".join(dict.fromkeys(str(number) for number in (*numbers[:1], *numbers[-1:])))
    processes = repeated.processes_in(rows)
    repeats = f" in {many(processes, 'fresh process', 'fresh processes')}" if processes else ""
    return f"{told} rounds interleaved in random order{repeats}; " if numbers else ""


def sensor_notes(rows: Sequence[Row]) -> tuple[Note, ...]:
    """A line for each setup whose GPU was read, and one for the energy of each network."""
    lines: list[str] = []
    told: Setup | None = None
    for entry in rows:
        if not isinstance(entry, Measurement) or entry.sensed is None:
            continue
        if entry.sample.setup != told:
            lines.append(_sensed(entry.sensed, entry.sample.setup))
        told = entry.sample.setup
        lines += _energy(entry, entry.sensed)
    return (Note(("*the GPU meanwhile*", *lines), ""),) if lines else ()


def sensor_record(found: Sensed | None) -> Record:
    """Clocks in MHz, power in watts, heat in degrees Celsius, joules for each image."""
    if found is None:
        return {"energy": None, "sensors": None}
    told = asdict(found)
    return {"energy": told.pop("energy"), "sensors": told}


def _setup(entry: Row) -> Setup:
    return entry.setup if isinstance(entry, Failure) else entry.sample.setup


def _asked(setup: Setup) -> str:
    tuned = ("algorithms autotuned" if setup.autotune else "algorithms not autotuned",)
    on_gpu = tuned if setup.device.startswith("cuda") else ()
    threads = many(setup.threads, "thread")
    return ", ".join((setup.dtype, setup.layout, setup.mode, f"{setup.cache} cache", *on_gpu, threads))


def _gpu(setup: Setup, machine: Mapping[str, Any]) -> str:
    """Its name among the devices of the fingerprint, and the programs below torch."""
    name = setup.device if ":" in setup.device else f"{setup.device}:0"
    found = [device.removeprefix(f"{name} ") for device in machine["devices"] if device.startswith(f"{name} ")]
    driver = f", driver {machine['driver']}" if machine.get("driver") else ""
    return f"{found[0] if found else setup.device}{driver}, CUDA {machine['cuda']}, cuDNN {machine['cudnn']}"


def _sensed(found: Sensed, setup: Setup) -> str:
    """`forward, batch 1: 1980 to 1965 of 1980 MHz, 410 to 480 W, 45 to 52 degrees C`."""
    highest = f" of {found.highest_clock}" if found.highest_clock else ""
    spans = (
        _span(found.before.clock, found.after.clock, f"{highest} MHz"),
        _span(found.before.power, found.after.power, " W"),
        _span(found.before.temperature, found.after.temperature, " degrees C"),
    )
    told = ", ".join(span for span in spans if span) or "no sensor answered"
    return f"{setup.phase}, batch {setup.batch}: {told}"


def _span(first: float | None, last: float | None, unit: str) -> str:
    known = [f"{value:.0f}" for value in (first, last) if value is not None]
    return f"{' to '.join(dict.fromkeys(known))}{unit}" if known else ""


def _energy(entry: Measurement, found: Sensed) -> list[str]:
    if found.energy is None or found.energy_from is None:
        return []
    amount = f"{found.energy:.3g} J" if found.energy >= 1 else f"{1000 * found.energy:.3g} mJ"
    return [f"{entry.sample.expression}: *{amount} for each image*, the whole board's, by {SOURCES[found.energy_from]}"]
