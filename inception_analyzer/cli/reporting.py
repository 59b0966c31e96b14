"""The command that tells the whole story of one machine as a folder."""

from __future__ import annotations

import shlex
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from inception_analyzer.cli.judging import run_identities
from inception_analyzer.cli.options import app
from inception_analyzer.errors import FAILED, FINE, INTERRUPTED


@app.command()
def report(
    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="DIR", help="A folder; reports/MACHINE if not said.")
    ] = None,
    quick: Annotated[bool, typer.Option("--quick", help="Counts and identities only: seconds.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace the report of another machine.")] = False,
) -> int:
    """The whole story of this machine: Markdown, a page, tables, data and figures in one folder."""
    from inception_analyzer.claims import CLAIMS
    from inception_analyzer.lab.machine import fingerprint
    from inception_analyzer.report import folder
    from inception_analyzer.report.progress import steps as announced
    from inception_analyzer.reporting.files import files_of
    from inception_analyzer.reporting.gather import Gathering, gather
    from inception_analyzer.reporting.steps import counted_steps

    machine = fingerprint()
    target = Path(output) if output else Path("reports") / folder.folder_name(machine)
    folder.check_folder(target, machine, force=force)
    known = Gathering()
    with announced() as announce:
        steps = counted_steps(lambda: run_identities(list(CLAIMS.values()), quietly=True))
        story = gather(
            steps,
            known,
            announce,
            command=shlex.join(["inception-analyze", *sys.argv[1:]]),
            made=datetime.now(UTC).isoformat(timespec="seconds"),
            machine=machine,
        )
    files = files_of(story)
    folder.write_folder(target, files)
    if output is None:
        folder.write_index(target.parent)
    sys.stdout.write(f"{target / 'report.html'}\n")
    if known.interrupted:
        return INTERRUPTED
    return FAILED if any(part.state == "failed" for part in story.parts) else FINE
