"""What commands share: the options that many of them take, and the answer that each gives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import wraps
from inspect import Parameter, Signature, signature
from typing import TYPE_CHECKING, Annotated, Any, get_type_hints

import typer

from inception_analyzer.choices import Cache, Dtype, Layout, Mode, Optimizer
from inception_analyzer.cost import Convention
from inception_analyzer.errors import FINE
from inception_analyzer.networks import ALIASES, NETWORKS
from inception_analyzer.report.document import Document, Flat, Note, Table
from inception_analyzer.report.write import Format

if TYPE_CHECKING:
    from inception_analyzer.asked import Asked

app = typer.Typer(
    name="inception-analyze",
    help="What a convolutional architecture really costs, and whether what the papers say about it is true.",
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def known_names(incomplete: str) -> list[str]:
    """Names for the shell's completion."""
    return [name for name in (*ALIASES, *NETWORKS) if name.startswith(incomplete)]


Model = Annotated[str, typer.Argument(help="A network: v1, v3, inception-resnet-v2 ...", autocompletion=known_names)]
Models = Annotated[list[str], typer.Argument(help="Networks: v1 v3 ...", autocompletion=known_names)]
Image = Annotated[
    str | None, typer.Option("--input", "-i", metavar="SIZE", help="224, 224x320 or 3x224x224 in place of the network's own.")
]
Form = Annotated[Format | None, typer.Option("--format", "-f", help="What to write; by the name of the file if not said.")]
Target = Annotated[str, typer.Option("--output", "-o", metavar="FILE", help="A file, or - for standard output.")]
Plain = Annotated[bool, typer.Option("--plain", help="No colour and nothing but ASCII.")]
Exact = Annotated[bool, typer.Option("--exact", help="Every integer in full.")]
Way = Annotated[Convention, typer.Option("--convention", "-c", help="What counts as an operation.")]

Device = Annotated[str, typer.Option("--device", metavar="DEVICE", help="auto, cpu, cuda, cuda:1 or mps.")]
Batches = Annotated[
    str | None,
    typer.Option(
        "--batch", "-b", metavar="N,N", help="Images at once: 1,32. One at inference and two in training if not said."
    ),
]
Phases = Annotated[
    str, typer.Option("--phase", metavar="PHASE,PHASE", help="forward, train-forward, backward, step, train-step or all.")
]
Kind = Annotated[Dtype, typer.Option("--dtype", help="Half precision is autocast.")]
Order = Annotated[Layout, typer.Option("--layout", help="How images lie in memory.")]
Way_to_run = Annotated[Mode, typer.Option("--mode", help="As written, compiled by torch, or recorded as a CUDA graph.")]
Cold = Annotated[Cache, typer.Option("--cache", help="What a call finds in the caches: its last run, or nothing of it.")]
Tuned = Annotated[
    bool, typer.Option("--autotune/--no-autotune", help="On CUDA: whether cuDNN tries its algorithms in the warm-up.")
]
Within = Annotated[str, typer.Option("--precision", metavar="SHARE", help="Networks this near each other are the same: 2%.")]
Budget = Annotated[str, typer.Option("--budget", metavar="TIME", help="For all measurements together: 45s, 2m.")]
Seed = Annotated[int | None, typer.Option("--seed", help="Of the order of rounds and the labels; drawn and told if not said.")]
Threads = Annotated[int, typer.Option("--threads", min=1, max=1024, help="Of the processor; one disturbs least.")]
Processes = Annotated[
    int,
    typer.Option(
        "--processes", min=1, max=100, metavar="N", help="Repeat in N fresh processes, which tell less than 1 % apart."
    ),
]
Weighing = Annotated[
    bool, typer.Option("--memory/--no-memory", help="The peak memory of each phase, predicted beside measured.")
]
Steps = Annotated[Optimizer, typer.Option("--optimizer", help="The recipe's own, or plain SGD without clipping.")]

Strict = Annotated[bool, typer.Option("--strict", help="Exit 3 where no verdict can be given.")]


@dataclass(frozen=True, slots=True)
class Timing:
    """How to time, as it was typed: the options of every command that measures."""

    phase: Phases = "forward"
    batch: Batches = None
    device: Device = "auto"
    dtype: Kind = "fp32"
    layout: Order = "contiguous"
    mode: Way_to_run = "eager"
    cache: Cold = "warm"
    autotune: Tuned = True
    precision: Within = "2%"
    budget: Budget = "45s"
    threads: Threads = 1
    seed: Seed = None
    optimizer: Steps = "recipe"
    processes: Processes = 1
    strict: Strict = False

    def asked(self) -> Asked:
        """The same as values, or why it cannot be."""
        from inception_analyzer.asked import Asked, drawn, parse_batches, parse_phases, parse_seconds, parse_share
        from inception_analyzer.timings import Setup

        setup = Setup(
            dtype=self.dtype,
            layout=self.layout,
            mode=self.mode,
            device=self.device,
            threads=self.threads,
            seed=drawn() if self.seed is None else self.seed,
            budget=parse_seconds(self.budget),
            within=parse_share(self.precision, self.processes),
            optimizer=self.optimizer,
            cache=self.cache,
            autotune=self.autotune,
        )
        batches = parse_batches(self.batch) if self.batch is not None else ()
        return Asked(setup, parse_phases(self.phase), batches, self.processes)


def timed(usual: Timing) -> Callable[[Callable[..., Answer]], Callable[..., Answer]]:
    """A command that takes the options of timing in place of its parameter `timing`, with these where nothing is said."""

    def wrap(command: Callable[..., Answer]) -> Callable[..., Answer]:
        names = [one.name for one in fields(Timing)]

        @wraps(command)
        def run(**options: Any) -> Answer:  # noqa: ANN401  (each option by its own type)
            return command(timing=Timing(**{name: options.pop(name) for name in names}), **options)

        run.__signature__ = _spread(signature(command, eval_str=True), usual)  # type: ignore[attr-defined]
        return run

    return wrap


def _spread(own: Signature, usual: Timing) -> Signature:
    """The parameters of a command with those of timing where `timing` stood."""
    parameters: list[Parameter] = []
    for one in own.parameters.values():
        parameters += _options(usual) if one.name == "timing" else [one.replace(kind=Parameter.KEYWORD_ONLY)]
    return own.replace(parameters=parameters)


def _options(usual: Timing) -> list[Parameter]:
    hints = get_type_hints(Timing, include_extras=True)
    return [
        Parameter(one.name, Parameter.KEYWORD_ONLY, default=getattr(usual, one.name), annotation=hints[one.name])
        for one in fields(Timing)
    ]


@dataclass(frozen=True, slots=True)
class More:
    """What is found out after the first answer stands: more sections, more data, and the exit code.

    `whole` is the answer as it stands at the end, for outputs that are written once; without it the two are joined, and
    `flat` is what becomes of the rows for CSV.
    """

    sections: tuple[Table | Note, ...]
    data: dict[str, Any]
    code: int = FINE
    whole: Document | None = None
    flat: Callable[[Flat], Flat] | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """A document, where it goes, and the exit code; `more` takes its time and follows."""

    document: Document
    form: Format | None
    output: str
    plain: bool
    code: int = FINE
    more: Callable[[], More] | None = None
