"""A story as text files: Markdown that reads from top to bottom, one JSON document, and a CSV for each table."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from inception_analyzer.report import markdown
from inception_analyzer.report.data import SCHEMA, to_csv
from inception_analyzer.report.document import Document, Note, Table
from inception_analyzer.report.story import Part, Story
from inception_analyzer.version import VERSION

LONGEST = 24  # rows of a table that stands open

STATES = {
    "interrupted": "This part was interrupted",
    "failed": "This part failed",
    "left out": "This part was left out",
}


def to_markdown(story: Story, pictures: Mapping[str, tuple[tuple[str, str, str], ...]]) -> str:
    """Findings first, then each part; pictures are file, title and caption by part."""
    blocks = ["# What convolutional architectures cost, and what the papers say", *_head(story)]
    for part in story.parts:
        blocks += [f"## {markdown.escape(part.title)}", markdown.escape(part.caption), *_body(part)]
        blocks += [
            f"![{markdown.escape(title)}]({name})\n\n<sub>{markdown.escape(caption)}</sub>"
            for name, title, caption in pictures.get(part.name, ())
        ]
    return "\n\n".join(filter(None, [*blocks, f"<sub>{markdown.escape(provenance(story))}</sub>"])) + "\n"


def to_json(story: Story) -> str:
    """Every part's data under its name, the machine, and the raw rows from which a later run resumes."""
    whole: dict[str, Any] = {
        "schema": SCHEMA,
        "command": "report",
        "tool": {"name": "inception-analyzer", "version": VERSION},
        "convention": "paper-mac",
        "made": story.made,
        "made_by": story.command,
        "machine": dict(story.machine),
        "parts": [{"name": part.name, "title": part.title, "state": part.state, "reason": part.reason} for part in story.parts],
        "data": {part.name: part.document.data() for part in story.parts if part.document is not None},
        "kept": dict(story.kept),
    }
    return json.dumps(whole, indent=1, allow_nan=False) + "\n"


def to_tables(story: Story) -> dict[str, str]:
    """A CSV for each part that has rows, by its file's name."""
    documents = {part.name: part.document for part in story.parts if part.document is not None}
    return {f"{name}.csv": to_csv(document) for name, document in documents.items() if document.flat().rows}


def findings(story: Story) -> tuple[str, ...]:
    """The first sentence of every part that found one."""
    return tuple(part.document.finding[0] for part in story.parts if part.document is not None and part.document.finding)


def unfinished(story: Story) -> tuple[str, ...]:
    """Which parts are missing, and why."""
    return tuple(f"{STATES[part.state]}: {part.title}. {part.reason}" for part in story.parts if part.state != "done")


def provenance(story: Story) -> str:
    """Where the figures come from."""
    machine = story.machine
    return (
        f"{story.command} · {story.made} · inception-analyze {VERSION} · {machine.get('processor', '')}, "
        f"torch {machine.get('torch', 'not used')}"
    )


def _head(story: Story) -> list[str]:
    lines = [f"- {markdown.marks(text)}" for text in findings(story)]
    return ["\n".join(lines), *(f"**{markdown.escape(text)}**" for text in unfinished(story)), *_contents(story)]


def _contents(story: Story) -> list[str]:
    """Links as GitHub names its anchors."""
    links = [f"[{markdown.escape(part.title)}](#{markdown.anchor(part.title)})" for part in story.parts]
    return ["Contents: " + " · ".join(links)]


def _body(part: Part) -> list[str]:
    if part.document is None:
        return [f"**{STATES[part.state]}:** {markdown.escape(part.reason)}"]
    return _sections(part.document)


def _sections(document: Document) -> list[str]:
    """What is found, then the tables; long ones are folded."""
    found = "  \n".join(markdown.marks(text) for text in document.finding)
    return [
        found,
        *(_section(one) for one in document.sections),
        f"<sub>{markdown.escape(document.conditions)}</sub>" if document.conditions else "",
    ]


def _section(section: Table | Note) -> str:
    if isinstance(section, Table) and len(section.rows) > LONGEST:
        body = markdown.section(section)
        return f"<details><summary>{len(section.rows)} rows</summary>\n\n{body}\n\n</details>"
    return markdown.section(section)
