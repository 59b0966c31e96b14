"""A document as lines of a terminal: a head, sentences and tables that fit the width, colour only where it shows."""

from __future__ import annotations

import io
import os
import re
import sys
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TextIO

from rich.console import Console
from rich.text import Text

from inception_analyzer.report.columns import GAP, INDENT, Line, lines_of
from inception_analyzer.report.document import CODE, STAR, Document, Note, Table
from inception_analyzer.report.narrow import wrapped
from inception_analyzer.report.quantity import many
from inception_analyzer.report.style import STYLES, to_ascii, widened

DESIGN_WIDTH = 80
NARROWEST = 30
WIDEST_PROSE = 120
BOLD = "\x02"  # a mark of bold while lines are broken, so that a star of the text stays one


@dataclass(frozen=True, slots=True)
class Surface:
    """What the text is written on."""

    width: int = DESIGN_WIDTH
    color: bool = False
    unicode: bool = True


def surface_of(stream: TextIO, *, plain: bool = False) -> Surface:
    """The width, colour and signs that this stream can show; NO_COLOR, FORCE_COLOR and COLUMNS are honoured."""
    encoding = getattr(stream, "encoding", None) or "ascii"
    return Surface(_width(stream), not plain and _wants_color(stream), not plain and _has_signs(encoding))


def render(document: Document, surface: Surface) -> str:
    """The whole answer as text."""
    finding = [[], *_note(Note(document.finding, ""), surface)] if document.finding else []
    return paint([*_head(document, surface.width), *finding, *_sections(document.sections, surface)], surface)


def render_sections(sections: Sequence[Table | Note], surface: Surface) -> str:
    """Sections that follow an answer already given."""
    return paint(_sections(sections, surface), surface)


def _sections(sections: Sequence[Table | Note], surface: Surface) -> list[Line]:
    """One section after the other; behind the last table that lacks columns, how many are left out of all."""
    parts: list[list[Line]] = []
    missing: dict[str, int] = {}
    last = 0
    for section in sections:
        if isinstance(section, Note):
            parts.append([[], *_note(section, surface)])
            continue
        lines, left_out = lines_of(section, surface.width, unicode=surface.unicode)
        parts.append([[], *lines])
        if left_out:
            missing |= dict.fromkeys(left_out, 1)
            last = len(parts)
    if missing:
        parts.insert(last, [[], *_note(_left_out(len(missing)), surface)])
    return [line for part in parts for line in part]


def _left_out(number: int) -> Note:
    shows = "shows it" if number == 1 else "shows them"
    return Note((f"{many(number, 'column')} left out: a wider terminal {shows}, or --format markdown",))


def paint(lines: list[Line], surface: Surface) -> str:
    """Lines of spans as text with or without colour codes."""
    if not surface.unicode:
        lines = [[(to_ascii(text), style) for text, style in line] for line in lines]
    if not surface.color:
        return "".join("".join(text for text, _ in line).rstrip() + "\n" for line in lines)
    sink = io.StringIO()
    # Both width and height, or rich ignores the width on a dumb terminal.
    console = Console(file=sink, force_terminal=True, width=max(surface.width, 400), height=100, highlight=False)
    for line in lines:
        console.print(_styled(line), soft_wrap=True)
    return sink.getvalue()


def _width(stream: TextIO) -> int:
    asked = os.environ.get("COLUMNS", "")
    if asked.isascii() and asked.isdigit() and int(asked) > 0:
        return max(NARROWEST, int(asked))
    try:
        columns = os.get_terminal_size(stream.fileno()).columns
    except (OSError, ValueError, AttributeError):
        columns = 0
    return max(NARROWEST, columns or DESIGN_WIDTH)  # a terminal without a size says 0


def _wants_color(stream: TextIO) -> bool:
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def _has_signs(encoding: str) -> bool:
    try:
        "├─█▏·→✓≈░".encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def _styled(line: Line) -> Text:
    text = Text()
    for part, style in line:
        text.append(part, " ".join(STYLES[word] for word in style.split()))
    return text


def _head(document: Document, width: int) -> list[Line]:
    """The title flush left, the conditions flush right: beside it as many as fit, the others on lines of their own."""
    room = min(width, WIDEST_PROSE)
    title, *more = textwrap.wrap(document.title, room, subsequent_indent=" " * INDENT, break_on_hyphens=False) or [""]
    parts = document.conditions.split(" · ") if document.conditions else []
    beside = next((some for some in _firsts(parts) if not more and len(title + " · ".join(some)) + GAP <= room), [])
    lines: list[Line] = [[(title, "bold")], *([(piece, "bold")] for piece in more)]
    if beside:
        lines[0] += [(" " * (room - len(title + " · ".join(beside))), ""), (" · ".join(beside), "dim")]
    rest = textwrap.wrap(" · ".join(parts[len(beside) :]), room, break_on_hyphens=False)
    return [*lines, *([(piece.rjust(room), "dim")] for piece in rest)]


def _firsts(parts: list[str]) -> list[list[str]]:
    """All of them, all but the last, and so on to the first alone."""
    return [parts[:end] for end in range(len(parts), 0, -1)]


def _marked(text: str) -> Line:
    """`*words*` in bold."""
    parts = re.split(r"\*([^*]+)\*", text)
    return [(part.replace(STAR, "*"), "bold" if index % 2 else "") for index, part in enumerate(parts) if part]


def unmarked(text: str) -> str:
    """The words alone, where nothing can be bold."""
    return "".join(part for part, _ in _marked(text))


def _note(note: Note, surface: Surface) -> list[Line]:
    """Prose, broken between words; what runs on is indented. Bold words stay on one line."""
    texts = note.lines if surface.unicode else [widened(text) for text in note.lines]
    if note.style == CODE:
        return _code(texts, surface.width)
    lines: list[Line] = []
    for text in texts:
        for index, piece in enumerate(broken(text, min(surface.width, WIDEST_PROSE) - INDENT)):
            lead = " " * (INDENT if index == 0 else 2 * INDENT)
            lines.append([(lead, ""), *((part, f"{style} {note.style}".strip()) for part, style in _marked(piece))])
    return lines


def _code(texts: Sequence[str], width: int) -> list[Line]:
    """Source and products, whose lines are kept but on a terminal narrower than the design."""
    room = width - INDENT
    pieces = [
        piece for text in texts for piece in (wrapped(text, room) if len(text) > room and width < DESIGN_WIDTH else [text])
    ]
    return [[(" " * INDENT + piece, "")] for piece in pieces]


def broken(text: str, width: int) -> list[str]:
    """A text whose first line is this wide and whose others leave room for their indent."""
    if len(text.replace("*", "")) <= width:
        return [text]
    text = re.sub(r"\*([^*]+)\*", rf"{BOLD}\1{BOLD}", text)
    pieces = textwrap.wrap(text, width, subsequent_indent=" " * INDENT, break_long_words=False, break_on_hyphens=False)
    return _bold_by_line([piece.strip() for piece in pieces])


def _bold_by_line(pieces: list[str]) -> list[str]:
    """What is bold over a line's end is closed there and opened again."""
    closed, opened = [], False
    for piece in pieces:
        text = f"{BOLD}{piece}" if opened else piece
        opened = text.count(BOLD) % 2 == 1
        closed.append((f"{text}{BOLD}" if opened else text).replace(BOLD, "*"))
    return closed


def stdout_surface(*, plain: bool = False) -> Surface:
    """What standard output can show."""
    return surface_of(sys.stdout, plain=plain)
