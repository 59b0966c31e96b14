"""The command of the kernel laboratory: two chains on one grid counted in every way, or over many grids, counted or timed."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from inception_analyzer.cli.finding import Wanted, time_all, verdict_code
from inception_analyzer.cli.options import Answer, Exact, Form, More, Plain, Target, Timing, app, timed
from inception_analyzer.cli.timing import measured_beside
from inception_analyzer.count import count as count_of
from inception_analyzer.errors import FINE, INTERRUPTED
from inception_analyzer.kernel import as_network, bench, parse_chain, parse_grids, parse_widths
from inception_analyzer.report.document import Document
from inception_analyzer.report.write import check_target
from inception_analyzer.spec import Network

if TYPE_CHECKING:
    from inception_analyzer.kernel import Bench
    from inception_analyzer.report.grids import Place
    from inception_analyzer.timings import Failure, Measurement


@app.command("kernel")
@timed(Timing(phase="forward", budget="60s"))
def kernel_command(
    reference: Annotated[str, typer.Argument(help="A chain of kernels: 5x5.")],
    other: Annotated[str, typer.Argument(help="Another: 3x3,3x3, or 1x3|3x1 side by side (quoted).")],
    timing: Timing,
    channels: Annotated[
        list[str] | None,
        typer.Option(
            "--channels",
            metavar="WIDTHS",
            help="64, or read,between,written: 64,96,96; given again, one more width of the table. 64 if not said.",
        ),
    ] = None,
    grid: Annotated[
        str, typer.Option("--grid", metavar="SIDE,SIDE", help="The side of the map, or several for a table.")
    ] = "35",
    measure: Annotated[bool, typer.Option("--measure/--no-measure", help="Whether to time them too.")] = False,
    exact: Exact = False,
    form: Form = None,
    output: Target = "-",
    plain: Plain = False,
) -> Answer:
    """Two chains of kernels: counts with and without padding, what an output sees, where the saving ends, in time too."""
    from inception_analyzer.report import grids, kernels

    check_target(output, form)
    chains, sides = (parse_chain(reference), parse_chain(other)), parse_grids(grid)
    widths = list(dict.fromkeys(parse_widths(text) for text in channels or ["64"]))
    places = [grids.Place(bench(*chains, width, side), width) for width in widths for side in sides]
    if len(places) > 1:
        document, code = _table(places, timing) if measure else (grids.counted(places, exactly=exact), FINE)
        return Answer(document, form, output, plain, code)
    found = places[0].bench
    more = _beside(found, timing) if measure else None
    return Answer(kernels.document(found, exactly=exact), form, output, plain, more=more)


def _beside(found: Bench, timing: Timing) -> Callable[[], More]:
    """What measuring adds to the counts of one grid."""
    from inception_analyzer.report import beside

    asked = timing.asked()
    counts = [count_of(as_network(one, found.grid)) for one in (found.reference, found.other)]
    one, two = (count.network.label for count in counts)
    return lambda: measured_beside(
        counts, asked, lambda flat, rows: beside.lines_beside(flat, rows, one, two), Wanted(strict=timing.strict)
    )


def _table(places: Sequence[Place], timing: Timing) -> tuple[Document, int]:
    """Every place timed, the least work first: time that a place does not need goes to those after it."""
    from inception_analyzer.lab.machine import fingerprint
    from inception_analyzer.report import timed_grids
    from inception_analyzer.report.progress import Watch

    asked, watch, code = timing.asked(), Watch([]), FINE
    seen: list[list[Measurement | Failure]] = [[] for _ in places]
    order = sorted(range(len(places)), key=lambda index: places[index].macs)
    end = time.monotonic() + asked.setup.budget
    try:
        for done, index in enumerate(order):
            left = end - time.monotonic()
            budget = max(asked.setup.budget / len(order), left / (len(order) - done))
            networks = _chains(places[index])
            watch.turn_to([str(places[index].bench.reference.chain), networks[1].label], max(0.0, left - budget))
            for row in time_all(networks, replace(asked, setup=replace(asked.setup, budget=budget)), watch):
                seen[index].append(row)
    except KeyboardInterrupt:
        code = INTERRUPTED
    cells = [cell for place, rows in zip(places, seen, strict=True) for cell in timed_grids.by_setup(place, rows)]
    every = [row for rows in seen for row in rows]
    return timed_grids.timed(places, cells, fingerprint(asked.setup)), code or verdict_code(every, strict=timing.strict)


def _chains(place: Place) -> list[Network]:
    """Both chains here as networks."""
    from inception_analyzer.report import grids

    chains = (place.bench.reference, place.bench.other)
    return [replace(as_network(one, place.bench.grid), expression=grids.label(place, one)) for one in chains]
