"""From a document to a stream or a file, in the format that was asked for."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Literal, assert_never

from inception_analyzer.errors import FAILED, AnalyzerError
from inception_analyzer.report import data, markdown, terminal
from inception_analyzer.report.document import Document
from inception_analyzer.report.terminal import Surface

Format = Literal["table", "markdown", "csv", "json"]


def text_of(document: Document, form: Format, surface: Surface) -> str:
    """The document in one of its forms."""
    match form:
        case "table":
            return terminal.render(document, surface)
        case "markdown":
            return markdown.render(document)
        case "csv":
            return data.to_csv(document)
        case "json":
            return data.to_json(document)
    assert_never(form)


def write(document: Document, form: Format, output: str, *, plain: bool = False) -> None:
    """To standard output for `-`, else to a file, whole or not at all."""
    if output == "-":
        sys.stdout.write(text_of(document, form, terminal.stdout_surface(plain=plain)))
        sys.stdout.flush()
        return
    surface = Surface(width=terminal.DESIGN_WIDTH, unicode=not plain)
    write_file(Path(output), text_of(document, form, surface))


def check_target(output: str) -> None:
    """Refuse a target that cannot be written before any work is done for it."""
    path = Path(output)
    if output == "-":
        return
    if path.is_dir():
        raise _unwritable(output, "is a directory", f"a file in it, for example {path / 'report.md'}")
    if not path.parent.is_dir():
        raise _unwritable(output, "has no directory to lie in", f"mkdir -p {path.parent}")
    if not os.access(path if path.exists() else path.parent, os.W_OK):
        raise _unwritable(output, "cannot be written", "another file, or - for standard output")


def write_file(path: Path, text: str) -> None:
    """Replace a file at once, so that a reader never sees half of it and a full disk leaves the old one."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.draft")
    try:
        draft.write_text(text, encoding="utf-8", newline="\n")
        os.replace(draft, path)
    except OSError as error:
        way_out = ("instead", "another file, or - for standard output")
        raise AnalyzerError(f"cannot write {path}: {error.strerror}", way_out, code=FAILED) from None
    finally:
        draft.unlink(missing_ok=True)


def _unwritable(output: str, why: str, instead: str) -> AnalyzerError:
    return AnalyzerError(f"the output {output} {why}", ("instead", instead), word=output)
