"""A story as a folder: every file whole or not at all, another machine's report kept, and an index over several folders."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from inception_analyzer.errors import FAILED, WRONG_USE, AnalyzerError
from inception_analyzer.report.markdown import escape
from inception_analyzer.report.write import write_bytes

REPORT, INDEX = "report.json", "README.md"
FILES = {"page": "report.html", "text": "report.md", "data": REPORT}
LARGEST = 64 * 2**20  # bytes of a report that is read again

# What a report belongs to: two reports with these alike may be joined, and figures of others never stand in one ratio.
IDENTITY = ("processor", "cores", "torch", "cuda", "cudnn", "devices", "python", "system")


def identity(machine: Mapping[str, Any]) -> dict[str, Any]:
    """The part of a fingerprint that does not pass."""
    return {name: machine.get(name) for name in IDENTITY}


def folder_name(machine: Mapping[str, Any]) -> str:
    """A folder's name that a reader understands and that tells machines apart: `cpu-intel-xeon-torch-2.13.0-1f3a9c`."""
    devices = machine.get("devices") or ["cpu"]
    gpu = next((name.partition(" ")[2] for name in devices if name.startswith("cuda")), "")
    words = f"{'gpu' if gpu else 'cpu'} {gpu or machine.get('processor', '')}"
    plain = re.sub(r"\(.*?\)|\bcpu\b @.*|[^a-z0-9 ]", " ", words.lower()).split()
    torch = str(machine.get("torch", "")).partition("+")[0]
    mark = hashlib.sha256(json.dumps(identity(machine), sort_keys=True).encode()).hexdigest()[:6]
    return "-".join([*plain[:5], "torch", torch or "none", mark])


def check_folder(path: Path, machine: Mapping[str, Any], *, force: bool) -> None:
    """Refuse what cannot be a folder, and a folder that holds another machine's report."""
    if path.exists() and not path.is_dir():
        raise AnalyzerError(f"{path} is a file, and a report is a folder", ("instead", "another -o DIR"), word=str(path))
    known = read_report(path)
    if known is not None and not force and identity(known.get("machine", {})) != identity(machine):
        facts = (
            ("kept", f"it was made on {known.get('machine', {}).get('processor', 'another machine')}"),
            ("instead", "another -o DIR, or --force"),
        )
        raise AnalyzerError(f"{path} holds the report of another machine", *facts, word=str(path))
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise AnalyzerError(f"cannot make {path}: {error.strerror}", ("instead", "another -o DIR"), word=str(path)) from None
    if not os.access(path, os.W_OK | os.X_OK):
        raise AnalyzerError(f"{path} cannot be written", ("instead", "another -o DIR"), word=str(path), code=WRONG_USE)


def read_report(path: Path) -> dict[str, Any] | None:
    """The data of a report that was written there before; nothing where there is none or it makes no sense."""
    file = path / REPORT
    try:
        if not file.is_file() or file.stat().st_size > LARGEST:
            return None
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) and found.get("command") == "report" else None


def kept_rows(path: Path, machine: Mapping[str, Any]) -> dict[str, Any]:
    """The raw rows of a report of this machine that was written there before."""
    known = read_report(path)
    if known is None or identity(known.get("machine", {})) != identity(machine):
        return {}
    kept = known.get("kept")
    return kept if isinstance(kept, dict) else {}


def write_folder(path: Path, files: Mapping[str, bytes]) -> None:
    """Every file of the report, the data last, so that what is there to be resumed from is complete."""
    for name in sorted(files, key=lambda name: name == REPORT):
        target = path / name
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise AnalyzerError(f"cannot make {target.parent}: {error.strerror}", code=FAILED) from None
        write_bytes(target, files[name])


def write_index(root: Path) -> None:
    """A page over all reports below a folder: which machine, when, by which command, and which parts are there."""
    reports = {folder.name: known for folder in _folders(root) if (known := read_report(folder)) is not None}
    lines = ["# Reports", "", "One folder for each machine, made by `inception-analyze report`.", ""]
    lines += ["| machine | made | by | done | read |", "| :-- | :-- | :-- | :-- | :-- |"]
    lines += [_index_row(name, known) for name, known in reports.items()]
    beside = [f"- [{escape(_title(file))}]({file.name})" for file in sorted(root.glob("*.md")) if file.name != INDEX]
    lines += ["", "Besides:", "", *beside] if beside else []
    write_bytes(root / INDEX, "\n".join([*lines, ""]).encode())


def _folders(root: Path) -> list[Path]:
    return sorted(one for one in root.iterdir() if one.is_dir())


def _title(file: Path) -> str:
    """The first heading of a page, or its name."""
    lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    return next((line.lstrip("# ").strip() for line in lines if line.startswith("#")), file.stem)


def _index_row(name: str, known: Mapping[str, Any]) -> str:
    machine, parts = known.get("machine", {}), known.get("parts", [])
    done = sum(part.get("state") == "done" for part in parts)
    told = escape(f"{machine.get('processor', '?')}, torch {machine.get('torch', '?')}")
    made = escape(str(known.get("made", ""))[:16].replace("T", " "))
    links = " · ".join(f"[{word}]({name}/{file})" for word, file in FILES.items())
    return f"| {told} | {made} | {escape(str(known.get('made_by', '')))} | {done} of {len(parts)} parts | {links} |"
