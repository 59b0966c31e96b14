"""The commands that measure: networks side by side, the measured half of comparisons, and the ceilings of a machine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from inception_analyzer.choices import Dtype, Mode
from inception_analyzer.cli.finding import Found, Wanted, find_out
from inception_analyzer.cli.options import Answer, Form, Image, Models, More, Plain, Target, Timing, Weighing, app, timed
from inception_analyzer.errors import AnalyzerError
from inception_analyzer.expressions import resolve
from inception_analyzer.report.document import Document, Flat, Note, Table
from inception_analyzer.report.write import check_target
from inception_analyzer.spec import Network

if TYPE_CHECKING:
    from inception_analyzer.asked import Asked
    from inception_analyzer.evidence import Count
    from inception_analyzer.timings import Failure, Measurement


@app.command()
@timed(Timing(phase="forward", budget="45s"))
def measure(
    models: Models,
    timing: Timing,
    image: Image = None,
    memory: Weighing = False,
    blocks: Annotated[bool, typer.Option("--blocks", help="Each block's time under the machine's roofline.")] = False,
    same: Annotated[bool, typer.Option("--aa", help="One network twice: what this machine's noise is.")] = False,
    form: Form = None,
    output: Target = "-",
    plain: Plain = False,
) -> Answer:
    """Networks timed side by side with intervals: inference, training, the memory of training."""
    check_target(output, form)
    _check_blocks(timing.mode, blocks=blocks)
    if same and memory:
        raise AnalyzerError("--aa asks for noise, and weights have none", ("instead", "one of the two"), word="--memory")
    asked = timing.asked()
    networks = _entrants(models, image, twice=same)
    if same:
        # Looks would end the rounds as soon as noise is below what was asked for, and what is asked for is the noise.
        asked = replace(asked, setup=replace(asked.setup, fixed=True))

    from inception_analyzer.lab.machine import fingerprint
    from inception_analyzer.report import measured

    wanted = Wanted(memory=not same, peaks=memory and not same, blocks=blocks, strict=timing.strict)
    found = find_out(networks, asked, wanted)
    between = _beside(found, networks)
    told = measured.document(found.rows, found.memory, fingerprint(asked.setup), found.peaks, between=between, same_twice=same)
    document = replace(told, data=lambda: {**told.data(), **_also(found)})
    return Answer(document, form, output, plain, found.code)


def _entrants(models: list[str], image: str | None, *, twice: bool) -> list[Network]:
    networks = [resolve(name, image).network for name in models]
    if not twice:
        return networks
    if len(networks) > 1:
        raise AnalyzerError("--aa takes one network, which is its own reference", word="--aa")
    return [networks[0], replace(networks[0], expression=f"{networks[0].label} again")]


def _check_blocks(mode: Mode, *, blocks: bool) -> None:
    """Before anything is measured: only what runs in parts has parts to time."""
    if blocks and mode != "eager":
        raise AnalyzerError(
            f"a network in the mode {mode} has no blocks left to time", ("instead", "--mode eager"), word="--blocks"
        )


def measured_beside(
    counts: Sequence[Count], asked: Asked, flat: Callable[[Flat, Sequence[Measurement | Failure]], Flat], wanted: Wanted
) -> More:
    """The measured half of a comparison, and what counting had predicted."""
    from inception_analyzer.lab.machine import fingerprint
    from inception_analyzer.report import beside, measured, measurements, weighed

    labels = beside.told_apart([count.network.label for count in counts])
    networks = [
        replace(count.network, input=count.input, expression=label) for count, label in zip(counts, labels, strict=True)
    ]
    found = find_out(networks, asked, wanted)
    machine = fingerprint(asked.setup)
    data = {
        "measurements": measurements.records(found.rows),
        "memory": weighed.records(found.memory, found.peaks),
        **_also(found),
        "machine": machine,
    }
    told = (
        *beside.prediction(found.rows, dict(zip(labels, (count.cost.macs for count in counts), strict=True))),
        *measured.open_ends(found.rows),
    )
    sections = measured.sections(found.rows, found.memory, machine, found.peaks, _beside(found, networks), told)
    return More(sections, data, found.code, flat=lambda first: flat(first, found.rows))


def _beside(found: Found, networks: Sequence[Network]) -> tuple[Table | Note, ...]:
    """What stands below the times: blocks, and what could not be found out."""
    from inception_analyzer.report import beside, roofs

    families = {network.label: network.family for network in networks}
    blocks = roofs.sections(found.roofs, [families[roof.expression] for roof in found.roofs])
    return (*blocks, *beside.missing(found.missing))


def _also(found: Found) -> dict[str, object]:
    """The data of the same."""
    from inception_analyzer.report import beside, roofs

    return {"roofs": roofs.records(found.roofs), "missing": beside.missing_records(found.missing)}


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
