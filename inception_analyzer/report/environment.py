"""What `env` answers: the machine and the programs that results depend on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from inception_analyzer.report.document import Column, Document, Flat, row, table
from inception_analyzer.report.quantity import many

NAMES = {"threads": "torch threads, unless asked"}  # where the name of the data says too little


def document(machine: Mapping[str, Any]) -> Document:
    """The fingerprint of this machine."""
    rows = [row(named(name), value_text(value, name)) for name, value in machine.items()]
    return Document(
        command="env",
        title="this machine",
        conditions="",
        finding=(f"*{value_text(machine['processor'])}, {many(machine['threads'], 'thread')}, torch {machine['torch']}*",),
        sections=(table((Column("what", "left"), Column("found", "left")), rows),),
        flat=lambda: Flat(
            ("what", "found"), tuple({"what": name, "found": value_text(value)} for name, value in machine.items())
        ),
        data=lambda: {"convention": "paper-mac", "machine": dict(machine)},
    )


def named(name: str) -> str:
    """What a fact of the fingerprint is called."""
    return NAMES.get(name, name.removesuffix("_bytes").replace("_", " "))


def value_text(value: object, name: str = "") -> str:
    """A fact as text: bytes in their unit, yes and no."""
    if name == "memory_bytes" and isinstance(value, int):
        return f"{value / 2**30:.1f} GiB"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (list, tuple)):
        return ", ".join(map(str, value)) or "none"
    return "none" if value is None else str(value)
