"""The command that tells the whole story of one machine as a folder."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from inception_analyzer.choices import Dtype
from inception_analyzer.cli.judging import run_identities
from inception_analyzer.cli.options import Budget, Device, Kind, Threads, app
from inception_analyzer.errors import FAILED, FINE, INTERRUPTED

if TYPE_CHECKING:
    from inception_analyzer.lab.pairing import Report
    from inception_analyzer.reporting.gather import Step
    from inception_analyzer.reporting.kept import Kept
    from inception_analyzer.timings import Setup

REPORTS = Path("reports")  # where reports lie unless somebody says otherwise


@app.command()
def report(
    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="DIR", help="A folder; reports/MACHINE if not said.")
    ] = None,
    quick: Annotated[bool, typer.Option("--quick", help="Counts and identities only: seconds.")] = False,
    resume: Annotated[bool, typer.Option("--resume", help="Measure only what the report that is there lacks.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace whatever report is there.")] = False,
    budget: Budget = "5m",
    device: Device = "auto",
    dtype: Kind = "fp32",
    threads: Threads = 1,
) -> int:
    """The whole story of this machine: Markdown, a page, tables, data and figures in one folder."""
    from inception_analyzer.lab.machine import fingerprint
    from inception_analyzer.report import folder
    from inception_analyzer.report.progress import Whole
    from inception_analyzer.reporting.gather import Gathering, gather
    from inception_analyzer.reporting.kept import Kept, how_measured
    from inception_analyzer.reporting.saving import saving

    machine = fingerprint()
    target = Path(output) if output else REPORTS / folder.folder_name(machine)
    folder.check_folder(target, machine, force=force)
    into, rows = saving(target), folder.kept_rows(target, machine)
    setup = None if quick else _asked(budget, device, dtype, threads)
    kept = Kept(rows if resume else None, carried=rows, how=how_measured(setup, machine) if setup else "")
    known = Gathering(kept=kept.now)
    with Whole() as whole:
        steps = _everything(setup, kept, whole.round, machine) if setup else _counted()
        whole.seconds = [step.seconds for step in steps]
        story = gather(
            steps,
            known,
            whole.announce,
            command=shlex.join(["inception-analyze", *sys.argv[1:]]),
            made=datetime.now(UTC).isoformat(timespec="seconds"),
            machine=machine,
            save=into.so_far,
        )
        whole.announce("Writing", len(steps), len(steps))
        into.whole(story)
    if target.resolve().parent == REPORTS.resolve() or folder.is_index(target.resolve().parent / folder.INDEX):
        folder.write_index(target.resolve().parent)
    sys.stdout.write(f"{target / 'report.html'}\n")
    if known.interrupted:
        return INTERRUPTED
    return FAILED if any(part.state == "failed" for part in story.parts) else FINE


def _counted() -> tuple[Step, ...]:
    """The steps of a quick report."""
    from inception_analyzer.reporting.counted import GRIDS, SWAPS
    from inception_analyzer.reporting.steps import counted_kernels, counted_steps

    return (*counted_steps(_identities), *counted_kernels(SWAPS, GRIDS))


def _everything(setup: Setup, kept: Kept, report: Report, machine: Mapping[str, Any]) -> tuple[Step, ...]:
    """All steps, with what an earlier run has measured already."""
    from inception_analyzer.claims import CLAIMS
    from inception_analyzer.reporting.steps import counted_steps
    from inception_analyzer.reporting.timed import Lab, answers_of, timed_steps

    lab = Lab(setup, kept, report)
    answers, seconds = (lambda now: answers_of(lab, now, CLAIMS.values())), lab.share("claims").budget
    return (*counted_steps(_identities, answers, seconds), *timed_steps(lab, machine))


def _identities() -> Mapping[str, Mapping[str, float]]:
    from inception_analyzer.claims import CLAIMS

    return run_identities(list(CLAIMS.values()), quietly=True)


def _asked(budget: str, device: str, dtype: Dtype, threads: int) -> Setup:
    from inception_analyzer.asked import drawn, parse_seconds
    from inception_analyzer.lab.measure import device_for
    from inception_analyzer.timings import Setup

    seconds = parse_seconds(budget)
    return Setup(device=device_for(device), dtype=dtype, threads=threads, seed=drawn(), budget=seconds)
