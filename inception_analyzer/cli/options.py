"""What commands share: the options that many of them take, and the answer that each gives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

import typer

from inception_analyzer.choices import Cache, Dtype, Layout, Mode, Optimizer
from inception_analyzer.cost import Convention
from inception_analyzer.errors import FINE
from inception_analyzer.networks import ALIASES, NETWORKS
from inception_analyzer.report.document import Document, Note, Table
from inception_analyzer.report.write import Format

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


@dataclass(frozen=True, slots=True)
class More:
    """What is found out after the first answer stands: more sections, more data, and the exit code.

    `whole` is the answer as it stands at the end, for outputs that are written once; without it the two are joined.
    """

    sections: tuple[Table | Note, ...]
    data: dict[str, Any]
    code: int = FINE
    whole: Document | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """A document, where it goes, and the exit code; `more` takes its time and follows."""

    document: Document
    form: Format | None
    output: str
    plain: bool
    code: int = FINE
    more: Callable[[], More] | None = None
