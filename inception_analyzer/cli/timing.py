"""The commands that measure: networks, devices, budgets, and what is kept when somebody interrupts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from inception_analyzer.choices import Dtype, Mode
from inception_analyzer.cli.options import (
    Answer,
    Batches,
    Budget,
    Cold,
    Device,
    Form,
    Image,
    Kind,
    Models,
    More,
    Order,
    Phases,
    Plain,
    Processes,
    Seed,
    Steps,
    Target,
    Threads,
    Tuned,
    Way_to_run,
    Weighing,
    Within,
    app,
)
from inception_analyzer.errors import FAILED, FINE, INTERRUPTED, UNDECIDED, AnalyzerError
from inception_analyzer.expressions import resolve
from inception_analyzer.report.document import Document
from inception_analyzer.report.write import check_target
from inception_analyzer.spec import Network

if TYPE_CHECKING:
    from inception_analyzer.asked import Asked
    from inception_analyzer.evidence import Count
    from inception_analyzer.lab.measure import Entrant
    from inception_analyzer.timings import Failure, Measurement, Memory, Peak, Setup


@app.command()
def measure(
    models: Models,
    phase: Phases = "forward",
    batch: Batches = None,
    device: Device = "auto",
    dtype: Kind = "fp32",
    layout: Order = "contiguous",
    mode: Way_to_run = "eager",
    cache: Cold = "warm",
    autotune: Tuned = True,
    precision: Within = "2%",
    budget: Budget = "45s",
    threads: Threads = 1,
    seed: Seed = None,
    optimizer: Steps = "recipe",
    image: Image = None,
    processes: Processes = 1,
    memory: Weighing = False,
    blocks: Annotated[bool, typer.Option("--blocks", help="Each block's time under the machine's roofline.")] = False,
    same: Annotated[bool, typer.Option("--aa", help="Each network twice: what this machine's noise is.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 3 where no verdict can be given.")] = False,
    form: Form = None,
    output: Target = "-",
    plain: Plain = False,
) -> Answer:
    """Networks timed side by side with intervals: inference, training, the memory of training."""
    from inception_analyzer.asked import Asked, drawn, parse_batches, parse_phases, parse_seconds, parse_share
    from inception_analyzer.lab.machine import fingerprint
    from inception_analyzer.report import measured
    from inception_analyzer.timings import Setup

    check_target(output)
    _check_blocks(mode, blocks=blocks)
    setup = Setup(dtype=dtype, layout=layout, mode=mode, device=device, threads=threads, optimizer=optimizer, cache=cache)
    setup = replace(setup, autotune=autotune, budget=parse_seconds(budget), within=parse_share(precision, processes))
    setup = replace(setup, seed=drawn() if seed is None else seed)
    asked = Asked(setup, parse_phases(phase), parse_batches(batch) if batch is not None else (), processes)
    networks = _entrants(models, image, twice=same)
    rows, code = run(networks, asked)
    code = code or verdict_code(rows, strict=strict)
    weighed, peaks, code = ([], [], code) if same else _weighed(networks, asked, code, peaks=memory)
    document = measured.document(rows, weighed, fingerprint(), peaks, same_twice=same)
    if blocks and code != INTERRUPTED:
        document = _with_roofs(document, networks, rows, asked)
    return Answer(document, form, output, plain, code)


def _entrants(models: list[str], image: str | None, *, twice: bool) -> list[Network]:
    networks = [resolve(name, image).network for name in models]
    return [networks[0], replace(networks[0], expression=f"{networks[0].label} again")] if twice else networks


def _weighed(networks: Sequence[Network], asked: Asked, code: int, *, peaks: bool) -> tuple[list[Memory], list[Peak], int]:
    """The memory of training, the peaks where they are asked for, and the exit code; nothing after an interruption."""
    if code == INTERRUPTED:
        return [], [], code
    memory = memory_of(networks, asked)
    return (memory, *peaks_of(networks, asked, code)) if peaks else (memory, [], code)


def _check_blocks(mode: Mode, *, blocks: bool) -> None:
    """Before anything is measured: only what runs in parts has parts to time."""
    if blocks and mode != "eager":
        raise AnalyzerError(
            f"a network in the mode {mode} has no blocks left to time", ("instead", "--mode eager"), word="--blocks"
        )


def _with_roofs(
    document: Document, networks: Sequence[Network], rows: Sequence[Measurement | Failure], asked: Asked
) -> Document:
    """The document with a roofline for each network that ran forward, or for its forward pass alone."""
    from inception_analyzer.lab.machine import machine_key
    from inception_analyzer.lab.measure import Entrant, device_for, roof_of
    from inception_analyzer.report import roofs as told
    from inception_analyzer.stats import summary
    from inception_analyzer.timings import Measurement

    setup = replace(asked.setups()[0], phase="forward", device=device_for(asked.setup.device))
    forward = [row for row in rows if isinstance(row, Measurement) and row.sample.setup.phase == "forward"]
    whole = {row.sample.expression: row for row in forward}
    medians = {name: summary(row.sample.seconds).median for name, row in whole.items() if row.sample.setup.batch == setup.batch}
    key = machine_key()
    found = [roof_of(Entrant(one, one.input), setup, key, medians.get(one.label)) for one in networks]
    return replace(
        document,
        sections=(*document.sections, *told.sections(found, [one.family for one in networks])),
        data=lambda: {**document.data(), "roofs": told.records(found)},
    )


def run(networks: Sequence[Network], asked: Asked) -> tuple[list[Measurement | Failure], int]:
    """Everything that was measured before the end or an interruption, and the exit code so far."""
    from inception_analyzer.lab.measure import Entrant
    from inception_analyzer.lab.measure import measure as measure_all
    from inception_analyzer.report.progress import Watch

    setups = _on_their_device(asked)
    entrants = [Entrant(network, network.input) for network in networks]
    if asked.processes > 1:
        return _repeated(entrants, setups, asked.processes)
    rows: list[Measurement | Failure] = []
    watch = Watch([network.label for network in networks])
    try:
        for row in measure_all(entrants, setups, watch.round):
            rows.append(row)
            watch.done(row)
    except KeyboardInterrupt:
        return rows, INTERRUPTED
    finally:
        watch.close()
    return rows, FINE


def _repeated(entrants: list[Entrant], setups: list[Setup], processes: int) -> tuple[list[Measurement | Failure], int]:
    """The same over fresh processes; those that have ended count, whatever became of the others."""
    from inception_analyzer.lab.processes import Ended, combined, repeat
    from inception_analyzer.report.progress import Watch

    ended: list[Ended] = []
    watch = Watch([entrant.network.label for entrant in entrants])
    code = FINE
    try:
        repeat(entrants, setups, processes, ended.append, lambda process: watch.process(process, processes))
    except KeyboardInterrupt:
        code = INTERRUPTED
    finally:
        watch.close()
    return combined(entrants, setups, ended), code


def peaks_of(networks: Sequence[Network], asked: Asked, code: int) -> tuple[list[Peak], int]:
    """The peak of every phase and batch, network by network, until somebody interrupts; and the exit code."""
    from inception_analyzer.lab.measure import Entrant
    from inception_analyzer.lab.peak import weigh
    from inception_analyzer.report.progress import progress

    calls = [(setup, network) for setup in _on_their_device(asked) for network in networks]
    peaks: list[Peak] = []
    try:
        for setup, network in progress(calls, "weighing"):
            peaks.append(weigh(Entrant(network, network.input), setup))
    except KeyboardInterrupt:
        return peaks, INTERRUPTED
    return peaks, code


def _on_their_device(asked: Asked) -> list[Setup]:
    from inception_analyzer.lab.measure import device_for

    device = device_for(asked.setup.device)
    return [replace(setup, device=device) for setup in asked.setups()]


def memory_of(networks: Sequence[Network], asked: Asked) -> list[Memory]:
    """What training holds for the batch of the training phases, where any was asked for."""
    from inception_analyzer.lab.memory import training_memory

    training = {setup.batch: setup for setup in asked.setups() if setup.phase != "forward"}
    found: list[Memory] = []
    for setup, network in ((setup, network) for setup in training.values() for network in networks):
        try:
            found.append(training_memory(network, setup, network.input))
        except (RuntimeError, ValueError, AnalyzerError):  # what cannot be trained with this batch is told as a row that failed
            continue
    return found


def verdict_code(rows: Sequence[Measurement | Failure], *, strict: bool) -> int:
    """Failed where nothing could be measured, undecided where `strict` wants more than was found."""
    from inception_analyzer.timings import Measurement

    measured = [row for row in rows if isinstance(row, Measurement)]
    if not measured:
        return FAILED
    open_ends = any(row.against is not None and row.against.verdict == "INCONCLUSIVE" for row in measured)
    return UNDECIDED if strict and open_ends else FINE


def asked_for(phase: str, batch: str | None, device: str, budget: str, threads: int, processes: int = 1) -> Asked:
    """What `compare` measures: full precision, eager, each network by its own recipe."""
    from inception_analyzer.asked import Asked, drawn, parse_batches, parse_phases, parse_seconds
    from inception_analyzer.timings import Setup

    setup = Setup(device=device, threads=threads, seed=drawn(), budget=parse_seconds(budget))
    return Asked(setup, parse_phases(phase), parse_batches(batch) if batch is not None else (), processes)


def measured_beside(counts: Sequence[Count], asked: Asked) -> More:
    """The measured half of a comparison, and what counting had predicted."""
    from inception_analyzer.lab.machine import fingerprint
    from inception_analyzer.report import measured, weighed

    networks = [replace(count.network, input=count.input) for count in counts]
    rows, code = run(networks, asked)
    code = code or verdict_code(rows, strict=False)
    memory = [] if code == INTERRUPTED else memory_of(networks, asked)
    machine = fingerprint()
    sections = (*measured.sections(rows, memory, machine), *measured.prediction(rows, counts))
    data = {"measurements": measured.records(rows), "memory": weighed.records(memory), "machine": machine}
    return More(sections, data, code)


def with_ceilings(document: Document, device: str, dtype: Dtype, threads: int, *, renew: bool) -> Document:
    """The machine with its ceilings: those that are known, and those of this device measured if they are not."""
    from inception_analyzer.lab.ceilings import load_or_measure, remembered
    from inception_analyzer.lab.machine import machine_key
    from inception_analyzer.lab.measure import device_for
    from inception_analyzer.report import roofs

    key = machine_key()
    asked = load_or_measure(key, device_for(device), dtype, threads, renew=renew)
    same = (asked.device, asked.dtype, asked.threads)
    known = [asked, *(one for one in remembered(key) if (one.device, one.dtype, one.threads) != same)]
    return replace(
        document,
        sections=(*document.sections, *roofs.ceilings_table(known)),
        data=lambda: {**document.data(), "ceilings": [roofs.ceiling_record(one) for one in known]},
    )
