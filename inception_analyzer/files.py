"""Files that are whole or not there: a text or bytes in place of what was, all at once."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from inception_analyzer.errors import FAILED, AnalyzerError


def write_file(path: Path, text: str) -> None:
    """A text as a file, in UTF-8 with plain line ends."""
    write_bytes(path, text.encode("utf-8"))


def write_bytes(path: Path, content: bytes) -> None:
    """A file is replaced at once: nobody reads half of it, and a full disk leaves the old one. A pipe or device is fed."""
    try:
        if path.exists() and not path.is_file():
            path.write_bytes(content)
        else:
            _replace(path.resolve(), content)
    except OSError as error:
        way_out = ("instead", "another file, or - for standard output")
        raise AnalyzerError(f"cannot write {path}: {error.strerror}", way_out, code=FAILED) from None


def _replace(path: Path, content: bytes) -> None:
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=".draft-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.chmod(draft, path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask())
        os.replace(draft, path)
    finally:
        Path(draft).unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
