"""Says on a terminal's error stream what is being worked on, in one line that is gone at the end."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")

ERASE = "\r\x1b[K"


def progress(items: Sequence[T], doing: str) -> Iterator[T]:
    """The items, each announced; silent where nobody watches."""
    watched = sys.stderr.isatty()
    try:
        for number, item in enumerate(items, 1):
            if watched:
                sys.stderr.write(f"{ERASE}{doing}  {number} of {len(items)}")
                sys.stderr.flush()
            yield item
    finally:
        if watched:
            sys.stderr.write(ERASE)
