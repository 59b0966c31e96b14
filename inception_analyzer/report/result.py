"""A document as a value for programs and notebooks: frames of its rows, its data, and a picture of itself where it is shown."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from rich.console import Console, ConsoleOptions, RenderResult
from rich.text import Text

from inception_analyzer.report import data, latex, markdown, web
from inception_analyzer.report.document import Document, Flat
from inception_analyzer.report.style import to_ascii
from inception_analyzer.report.terminal import DESIGN_WIDTH, Surface, render, unmarked
from inception_analyzer.report.write import Format, check_target, form_of, write_file


@dataclass(frozen=True, slots=True)
class Result:
    """What a command would print, to be looked at, computed with or saved."""

    document: Document

    def to_frame(self) -> pd.DataFrame:
        """The rows behind the tables with raw numbers; a shape stays a list."""
        flat = self.document.flat()
        frame = pd.DataFrame([{name: row.get(name) for name in flat.columns} for row in flat.rows], columns=list(flat.columns))
        return frame.astype({name: "Int64" for name in flat.columns if _gappy(flat, name)})

    def to_dict(self) -> dict[str, Any]:
        """What the JSON form holds, less its head."""
        return dict(self.document.data())

    def text(self, form: Format = "table", width: int = DESIGN_WIDTH) -> str:
        """The result in one of its forms."""
        writers = {
            "markdown": markdown.render,
            "csv": data.to_csv,
            "json": data.to_json,
            "html": web.render,
            "latex": latex.render,
        }
        return render(self.document, Surface(width)) if form == "table" else writers[form](self.document)

    def save(self, path: str | Path, form: Format | None = None) -> None:
        """As a file in the form that its name says."""
        check_target(str(path))
        write_file(Path(path), self.text(form_of(form, str(path))))

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        return f"<Result {to_ascii(self.document.title)}: {' '.join(map(unmarked, self.document.finding))}>"

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """As wide as there is room, in the colours that this console shows."""
        surface = Surface(options.max_width, color=bool(console.color_system), unicode=not options.ascii_only)
        yield Text.from_ansi(render(self.document, surface).rstrip("\n"), no_wrap=True)

    def _repr_html_(self) -> str:
        return web.fragment(self.document)


def _gappy(flat: Flat, name: str) -> bool:
    """A column of integers with blanks, which a frame would else take for fractions."""
    values = [row.get(name) for row in flat.rows]
    known = [value for value in values if value is not None]
    return bool(known) and len(known) < len(values) and all(type(value) is int for value in known)
