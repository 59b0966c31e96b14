"""From a document to a stream or a file, in the format that was asked for."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal, assert_never, get_args

from inception_analyzer.errors import AnalyzerError
from inception_analyzer.files import write_bytes as write_bytes  # noqa: PLC0414  (its readers find it here)
from inception_analyzer.files import write_file as write_file  # noqa: PLC0414
from inception_analyzer.report import data, markdown, terminal
from inception_analyzer.report.document import Document, Note, Table
from inception_analyzer.report.style import to_ascii
from inception_analyzer.report.terminal import Surface

Format = Literal["table", "markdown", "csv", "json", "html", "latex"]

# What a file is meant to be by its name, where nobody says so.
SUFFIXES: dict[str, Format] = {".md": "markdown", ".csv": "csv", ".json": "json", ".html": "html", ".tex": "latex"}

# Names of files that hold what a terminal shows.
TEXT = ("", ".txt")

# Forms whose writers are loaded only when they are wanted, by whoever loads them.
Writer = Callable[[Document], str]
WRITERS: dict[Format, Writer] = {}


def text_of(document: Document, form: Format, surface: Surface) -> str:
    """The document in one of its forms."""
    match form:
        case "table":
            return terminal.render(document, surface)
        case "markdown":
            return markdown.render(document) if surface.unicode else to_ascii(markdown.render(document))
        case "csv":
            return data.to_csv(document)
        case "json":
            return data.to_json(document)
        case "html" | "latex":
            return WRITERS[form](document)
    assert_never(form)


def form_of(asked: Format | None, output: str, others: Sequence[str] = ()) -> Format:
    """The form that was asked for, or that of the file's name; a name that says another is refused."""
    suffix = Path(output).suffix.lower()
    if asked is None and suffix not in (*TEXT, *SUFFIXES, *others):
        stem = Path(output).stem
        known = "  ".join(f"{stem}{end}" for end in (*others, *SUFFIXES, ".txt"))
        said = ("or say it", f"--format {', '.join(get_args(Format))}")
        raise AnalyzerError(f"no answer is written as {suffix}", ("instead", known), said, word=output)
    return asked or SUFFIXES.get(suffix, "table")


def write(document: Document, form: Format, output: str, *, plain: bool = False) -> None:
    """To standard output for `-`, else to a file, whole or not at all."""
    if output == "-":
        text = text_of(document, form, terminal.stdout_surface(plain=plain))
        (_say if form in ("table", "markdown") else _hand_over)(text)
        return
    surface = Surface(width=terminal.DESIGN_WIDTH, unicode=not plain)
    write_file(Path(output), text_of(document, form, surface))


def write_more(sections: Sequence[Table | Note], *, plain: bool) -> None:
    """What follows on standard output after the first answer."""
    _say(terminal.render_sections(sections, terminal.stdout_surface(plain=plain)))


def _say(text: str) -> None:
    """To whoever reads along, in signs that were chosen for the encoding of standard output."""
    sys.stdout.write(text)
    sys.stdout.flush()


def _hand_over(text: str) -> None:
    """What programs read is UTF-8, whatever a terminal here would show; a stream of text without bytes takes it as it is."""
    raw = getattr(sys.stdout, "buffer", None)
    if raw is None:
        _say(text)
        return
    sys.stdout.flush()
    raw.write(text.encode())
    raw.flush()


def check_target(output: str, form: Format | None = "table", others: Sequence[str] = ()) -> None:
    """Refuse a target that cannot be written before any work is done for it, by its name too where nobody says the form."""
    if output == "-":
        return
    form_of(form, output, others)
    if not output:
        raise _unwritable("''", "has no name", "a file, or - for standard output")
    path = Path(output)
    try:
        is_there, is_directory, has_place = path.exists(), path.is_dir(), path.parent.is_dir()
    except OSError as error:
        raise _unwritable(output, f"cannot be: {error.strerror}", "another file, or - for standard output") from None
    if is_directory:
        raise _unwritable(output, "is a directory", f"a file in it, for example {path / 'report.md'}")
    if not has_place:
        raise _unwritable(output, "has no directory to lie in", f"mkdir -p {path.parent}")
    if not os.access(path if is_there else path.parent, os.W_OK):
        raise _unwritable(output, "cannot be written", "another file, or - for standard output")


def _unwritable(output: str, why: str, instead: str) -> AnalyzerError:
    return AnalyzerError(f"the output {output} {why}", ("instead", instead), word=output)
