"""Every answer in every form: on any encoding, and on terminals of any width, nothing is lost."""

from __future__ import annotations

import io
import re
import sys

import pytest

from inception_analyzer import results
from inception_analyzer.__main__ import run
from inception_analyzer.report import latex, web
from inception_analyzer.report.document import Cell, Document, Note, Table
from inception_analyzer.report.style import to_ascii
from inception_analyzer.report.terminal import Surface, render
from inception_analyzer.report.write import WRITERS, Format, write

FORMS: tuple[Format, ...] = ("table", "markdown", "csv", "json", "html", "latex")
DOCUMENTS = {
    "count": results.count("v1", "v3"),
    "count-all": results.count(),
    "show": results.show("v3"),
    "compare": results.compare("v1", "v3"),
    "compare-twin": results.compare("v3", "v3@unfactorized"),
    "compare-three": results.compare("v1", "v3", "v4"),
    "rewrite": results.rewrite("v3@unfactorized"),
    "kernel": results.kernel("5x5", "3x3,3x3"),
    "verify": results.verify("A*", "B*"),
    "explain": results.explain("A2"),
}


@pytest.fixture(params=DOCUMENTS)
def document(request: pytest.FixtureRequest) -> Document:
    return DOCUMENTS[request.param].document


class Standard(io.TextIOWrapper):
    """Standard output with this encoding."""

    def __init__(self, encoding: str) -> None:
        self.bytes = io.BytesIO()
        super().__init__(self.bytes, encoding=encoding)


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
@pytest.mark.parametrize("form", FORMS)
def test_every_form_on_every_encoding(form: Format, encoding: str, document: Document, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(WRITERS, "html", web.render)
    monkeypatch.setitem(WRITERS, "latex", latex.render)
    monkeypatch.setattr(sys, "stdout", stream := Standard(encoding))
    write(document, form, "-")
    written = stream.bytes.getvalue()
    if form in ("table", "markdown"):
        assert "?" not in re.sub(r"\? +\|? *undecided", "", written.decode(encoding))
    else:
        monkeypatch.setattr(sys, "stdout", plain := io.StringIO())
        write(document, form, "-")
        assert written.decode() == plain.getvalue()


@pytest.mark.parametrize("form", ["csv", "html", "latex"])
@pytest.mark.parametrize(
    "command", ["compare v3 v3@unfactorized --no-measure", "list contradictions", "draw v3", "env"], ids=lambda one: one
)
def test_commands_write_utf_8_for_programs(command: str, form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", stream := Standard("ascii"))
    assert run([*command.split(), "--format", form]) == 0
    assert len(stream.bytes.getvalue().decode()) > 100


@pytest.mark.parametrize("unicode", [True, False])
@pytest.mark.parametrize("width", [30, 40, 60, 80, 200])
def test_no_width_cuts_or_overflows(width: int, unicode: bool, document: Document) -> None:
    text = render(document, Surface(width, unicode=unicode))
    assert max(map(len, text.splitlines())) <= width
    assert "…" not in text
    words = set(re.findall(r"\w+", text))
    assert not [label for label in labels(document) if set(re.findall(r"\w+", label if unicode else to_ascii(label))) - words]


def labels(document: Document) -> list[str]:
    """What identifies the rows of all tables, and all prose."""
    tables = [section for section in document.sections if isinstance(section, Table)]
    named = [next(i for i, one in enumerate(some.columns) if one.align == "left" and one.head) for some in tables]
    cells = [row[index] for some, index in zip(tables, named, strict=True) for row in some.rows if row]
    prose = [line for section in document.sections if isinstance(section, Note) for line in section.lines]
    return [
        *(cell.text for cell in cells if isinstance(cell, Cell)),
        *prose,
        *document.finding,
        document.title,
        document.conditions,
    ]
