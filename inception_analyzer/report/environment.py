"""What `env` answers: the machine and the programs that results depend on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from inception_analyzer.report.document import Column, Document, Flat, row, table
from inception_analyzer.report.quantity import many


def document(machine: Mapping[str, Any]) -> Document:
    """The fingerprint of this machine."""
    rows = [row(name.removesuffix("_bytes").replace("_", " "), _text(value, name)) for name, value in machine.items()]
    return Document(
        command="env",
        title="this machine",
        conditions="",
        finding=(f"*{_text(machine['processor'])}, {many(machine['threads'], 'thread')}, torch {machine['torch']}*",),
        sections=(table((Column("what", "left"), Column("found", "left")), rows),),
        flat=lambda: Flat(("what", "found"), tuple({"what": name, "found": _text(value)} for name, value in machine.items())),
        data=lambda: {"convention": "paper-mac", "machine": dict(machine)},
    )


def _text(value: object, name: str = "") -> str:
    if name == "memory_bytes" and isinstance(value, int):
        return f"{value / 2**30:.1f} GiB"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (list, tuple)):
        return ", ".join(map(str, value)) or "none"
    return "none" if value is None else str(value)
