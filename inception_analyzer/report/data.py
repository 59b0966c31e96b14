"""A document's data with raw numbers: JSON by the published schema, and CSV."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from inception_analyzer.report.document import Document, Flat
from inception_analyzer.version import VERSION

SCHEMA = 1


def to_json(document: Document) -> str:
    """One JSON document."""
    tool = {"name": "inception-analyzer", "version": VERSION}
    head: dict[str, Any] = {"schema": SCHEMA, "command": document.command, "tool": tool}
    return json.dumps({**head, **document.data()}, indent=1, allow_nan=False) + "\n"


def to_csv(document: Document) -> str:
    """One header line and a line per row."""
    return flat_csv(document.flat())


def flat_csv(flat: Flat) -> str:
    """The same of rows that stand in no document of their own."""
    sink = io.StringIO()
    writer = csv.DictWriter(sink, flat.columns, lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    writer.writerows({name: _flat(row.get(name)) for name in flat.columns} for row in flat.rows)
    return sink.getvalue()


def _flat(value: Any) -> Any:  # noqa: ANN401  (whatever JSON holds)
    if isinstance(value, bool):
        return str(value).lower()
    return "x".join(map(str, value)) if isinstance(value, (list, tuple)) else value
