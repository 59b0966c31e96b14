"""The command that draws networks and their blocks."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, assert_never

import typer

from inception_analyzer.cli.counting import part_called
from inception_analyzer.cli.options import Answer, Image, Model, Plain, Target, app
from inception_analyzer.count import count
from inception_analyzer.errors import FINE, AnalyzerError
from inception_analyzer.expressions import parse, resolve
from inception_analyzer.networks import ALIASES, NETWORKS
from inception_analyzer.own import is_own
from inception_analyzer.report.write import SUFFIXES, check_target, write_bytes

if TYPE_CHECKING:
    from inception_analyzer.report.drawing.draw import Asked

Drawn = Literal["svg", "png", "mermaid"]
Drawing = Literal["table", "svg", "png", "mermaid", "markdown", "csv", "json", "html", "latex"]

PICTURES: dict[str, Drawn] = {".svg": "svg", ".png": "png", ".mmd": "mermaid"}


@app.command()
def draw(
    model: Model,
    other: Annotated[str | None, typer.Argument(metavar="[MODEL]", help="A second network beside it: v3@unfactorized.")] = None,
    block: Annotated[
        str | None, typer.Argument(metavar="[BLOCK]", help="One block in place of the whole: 6c, stem, mixed_6c.double7x7.")
    ] = None,
    image: Image = None,
    form: Annotated[
        Drawing | None, typer.Option("--format", "-f", help="What to write; by the name of the file if not said.")
    ] = None,
    output: Target = "-",
    plain: Plain = False,
) -> Answer | int:
    """A network or a block as its paper draws it: in the terminal, or with -o as SVG, PNG or a Mermaid chart (.mmd)."""
    from inception_analyzer.report.drawing.draw import Asked, document
    from inception_analyzer.report.drawing.subject import subject_of
    from inception_analyzer.report.terminal import DESIGN_WIDTH, stdout_surface

    check_target(output)
    chosen = form or _by_name(output)
    if other is not None and block is None and not _is_network(other):
        other, block = None, other
    names = [model] if other is None else [model, other]
    subjects = tuple(subject_of(count(resolve(name, image).network)) for name in names)
    found = () if block is None else zip(subjects, names, strict=True)
    asked = Asked(subjects, tuple(part_called(subject.whole, block or "", name) for subject, name in found))
    match chosen:
        case "svg" | "png" | "mermaid":
            _write(_content(asked, chosen), chosen, output)
            return FINE
    width = stdout_surface(plain=plain).width if output == "-" else DESIGN_WIDTH
    return Answer(document(asked, width), chosen, output, plain)


def _is_network(word: str) -> bool:
    """A word with an @, the name of a network or of a file of one's own; every other word is a block's."""
    return "@" in word or is_own(word) or parse(word).name.lower() in {*ALIASES, *NETWORKS}


def _by_name(output: str) -> Drawing:
    """What a file is meant to be by its name; a drawing is never written as something else."""
    known: dict[str, Drawing] = {**SUFFIXES, **PICTURES}
    suffix = Path(output).suffix.lower()
    if output == "-":
        return "table"
    if suffix not in known:
        drawn = "  ".join(Path(output).stem + end for end in PICTURES)
        said = ("or say it", "--format svg, png or mermaid")
        raise AnalyzerError(f"no drawing is known by the name {Path(output).name}", ("instead", drawn), said, word=output)
    return known[suffix]


def _content(asked: Asked, form: Drawn) -> bytes:
    from inception_analyzer.report.drawing import draw, svg

    match form:
        case "svg":
            return svg.render(draw.picture(asked)).encode()
        case "mermaid":
            return draw.chart(asked).encode()
        case "png":
            from inception_analyzer.report.drawing import png

            return png.render(draw.picture(asked))
    assert_never(form)


def _write(content: bytes, form: Drawn, output: str) -> None:
    """To a file, or to whatever reads standard output; a terminal cannot show a PNG."""
    if output != "-":
        write_bytes(Path(output), content)
        return
    if form == "png" and sys.stdout.isatty():
        raise AnalyzerError("a terminal cannot show a PNG", ("instead", "-o FILE.png, or into a pipe"))
    sys.stdout.flush()
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()
