"""A story as a folder: every file whole or not at all, whatever is not this machine's kept, and an index over several."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Collection, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

from inception_analyzer.errors import FAILED, WRONG_USE, AnalyzerError
from inception_analyzer.report.markdown import escape
from inception_analyzer.report.quantity import many, minute
from inception_analyzer.report.write import write_bytes

REPORT, INDEX = "report.json", "README.md"
FILES = {"page": "report.html", "text": "report.md", "data": REPORT}
LARGEST = 64 * 2**20  # bytes of a report that is read again
HEAD = "# Reports\n\nOne folder for each machine, made by `inception-analyze report`.\n"

# What a report writes, and so all that one may take away again.
OURS = re.compile(r"report\.(?:md|html)|[\w@=.,+-]+\.csv|figures/[\w-]+\.(?:png|svg)")

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
    """Refuse what cannot be a folder, and a folder that holds a report of somebody else."""
    if path.exists() and not path.is_dir():
        raise AnalyzerError(f"{path} is a file, and a report is a folder", ("instead", "another -o DIR"), word=str(path))
    if not force:
        _refuse_others(path, machine)
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise AnalyzerError(f"cannot make {path}: {error.strerror}", ("instead", "another -o DIR"), word=str(path)) from None
    if not os.access(path, os.W_OK | os.X_OK):
        raise AnalyzerError(f"{path} cannot be written", ("instead", "another -o DIR"), word=str(path), code=WRONG_USE)


def _refuse_others(path: Path, machine: Mapping[str, Any]) -> None:
    """What is no report of this machine stays, be it another's or nobody's."""
    known, there = read_report(path), [name for name in FILES.values() if os.path.lexists(path / name)]
    if known is None and not there:
        return
    if known is None and REPORT in there:
        told, kept = f"{path} holds a {REPORT} that cannot be read as a report", "it is damaged, or of another program"
    elif known is None:
        told, kept = f"{path} holds a {there[0]} and no {REPORT}", "nothing says that a report wrote it"
    elif identity(known["machine"]) != identity(machine):
        told, kept = f"{path} holds the report of another machine", f"it was made on {known['machine'].get('processor', 'one')}"
    else:
        return
    raise AnalyzerError(told, ("kept", kept), ("instead", "another -o DIR, or --force"), word=str(path))


def read_report(path: Path) -> dict[str, Any] | None:
    """The data of a report that was written there before; nothing where there is none or it makes no sense."""
    file = path / REPORT
    try:
        if not file.is_file() or file.stat().st_size > LARGEST:
            return None
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or found.get("command") != "report" or not isinstance(found.get("machine"), dict):
        return None
    parts = found.get("parts")
    return found if isinstance(parts, list) and all(isinstance(part, dict) for part in parts) else None


def kept_rows(path: Path, machine: Mapping[str, Any]) -> dict[str, Any]:
    """The raw rows of a report of this machine that was written there before."""
    known = read_report(path)
    if known is None or identity(known["machine"]) != identity(machine):
        return {}
    kept = known.get("kept")
    return kept if isinstance(kept, dict) else {}


def written_files(path: Path) -> frozenset[str]:
    """The files of the report that was written there before; one that kept no list wrote a table for each part."""
    known = read_report(path)
    if known is None:
        return frozenset()
    names = known.get("files")
    listed = names if isinstance(names, list) else [f"{part.get('name')}.csv" for part in known["parts"]]
    return frozenset(name for name in listed if isinstance(name, str) and OURS.fullmatch(name))


def remove_files(path: Path, names: Collection[str]) -> None:
    """Files of a report that another has replaced; what cannot be removed stays, and nothing behind a link is touched."""
    root = path.resolve()
    for name in names:
        lies = (path / name).parent.resolve()
        if OURS.fullmatch(name) and lies in (root, root / "figures"):
            with suppress(OSError):
                (path / name).unlink()


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
    if os.path.lexists(root / INDEX) and not is_index(root / INDEX):
        return  # somebody's own page
    reports = {folder.name: known for folder in _folders(root) if (known := read_report(folder)) is not None}
    lines = HEAD.split("\n")
    lines += ["| machine | made | by | done | read |", "| :-- | :-- | :-- | :-- | :-- |"]
    lines += [_index_row(name, known) for name, known in reports.items()]
    beside = [f"- [{escape(_title(file))}]({file.name})" for file in sorted(root.glob("*.md")) if file.name != INDEX]
    lines += ["", "Besides:", "", *beside] if beside else []
    write_bytes(root / INDEX, "\n".join([*lines, ""]).encode())


def is_index(file: Path) -> bool:
    """Whether a page is an index that was written here."""
    try:
        return file.is_file() and file.read_bytes().startswith(HEAD.encode())
    except OSError:
        return False


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
    made, by = escape(minute(str(known.get("made", "")))), escape(str(known.get("made_by", "")))
    unasked = known.get("unasked")
    short = f", {many(unasked, 'measurement')} beyond the budget" if isinstance(unasked, int) and unasked else ""
    links = " · ".join(f"[{word}]({quote(name)}/{file})" for word, file in FILES.items())
    return f"| {told} | {made} | {by} | {done} of {len(parts)} parts{short} | {links} |"
