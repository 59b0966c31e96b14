"""The command line: parse, one call, one print, an exit code. Heavy guests are imported only by the commands that need them."""

from __future__ import annotations

from typing import Annotated

import typer

from inception_analyzer.cli import checking as checking
from inception_analyzer.cli import counting as counting
from inception_analyzer.cli import drawing as drawing
from inception_analyzer.cli import judging as judging
from inception_analyzer.cli import kernels as kernels
from inception_analyzer.cli import reporting as reporting
from inception_analyzer.cli import timing as timing
from inception_analyzer.cli.options import Answer as Answer
from inception_analyzer.cli.options import app as app
from inception_analyzer.errors import WRONG_USE
from inception_analyzer.version import VERSION


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"inception-analyze {VERSION}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def main(
    context: typer.Context,
    version: Annotated[  # noqa: ARG001  (its callback answers)
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """What a convolutional architecture really costs, and whether what the papers say about it is true."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
        raise typer.Exit(WRONG_USE)
