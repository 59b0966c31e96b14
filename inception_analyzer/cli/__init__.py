"""The command line: parse, one call, one print, an exit code. Heavy guests are imported only by the commands that need them."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from importlib import import_module
from typing import Annotated

import typer
import typer.main

from inception_analyzer.cli.options import Answer as Answer
from inception_analyzer.cli.options import app
from inception_analyzer.errors import WRONG_USE
from inception_analyzer.version import VERSION

# Every command and the file where it is, in the order in which a reader meets them.
COMMANDS = {
    "list": "counting",
    "show": "counting",
    "draw": "drawing",
    "count": "counting",
    "compare": "counting",
    "rewrite": "counting",
    "kernel": "kernels",
    "measure": "timing",
    "verify": "judging",
    "explain": "judging",
    "report": "reporting",
    "check": "checking",
    "env": "counting",
}


def answer_to(arguments: Sequence[str]) -> object:
    """What the command that is named here answers, or its exit code; the parser's complaints are raised."""
    parser = typer.main.get_command(_with_commands(arguments))
    return parser.main(list(arguments), prog_name="inception-analyze", standalone_mode=False)


def _with_commands(arguments: Sequence[str]) -> typer.Typer:
    """The application with the command that is named, or with all: for help, for completion, for a slip of the pen."""
    named = next((word for word in arguments if not word.startswith("-")), "")
    for file in [COMMANDS[named]] if named in COMMANDS else dict.fromkeys(COMMANDS.values()):
        import_module(f"{__name__}.{file}")
    order = list(COMMANDS)
    app.registered_commands.sort(key=lambda command: order.index(command.name or command.callback.__name__))  # type: ignore[union-attr]
    for command in app.registered_commands:  # left to itself the list of commands ends each line in three dots
        command.short_help = inspect.getdoc(command.callback)
    return app


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
