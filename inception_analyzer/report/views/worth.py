"""The number that a text of a table stands for, so that a page can sort by it."""

from __future__ import annotations

import re

# A number with its unit; behind it nothing but the interval that it was measured with.
NUMBER = re.compile(r"[<~]?\s*([+−-]?)(\d[\d,]*(?:\.\d+)?)\s*([A-Za-zµ%×/]*)(?:\s*\[.*\])?")

DECIMAL = {"": 1.0, "K": 1e3, "M": 1e6, "G": 1e9, "T": 1e12}
BINARY = {"B": 1.0, "KiB": 2.0**10, "MiB": 2.0**20, "GiB": 2.0**30}
OTHERS = {"us": 1e-6, "ms": 1e-3, "s": 1.0, "%": 0.01, "×": 1.0, "x": 1.0, "GB/s": 1e9, "px": 1.0}
UNITS = DECIMAL | {f"{letter}MAC": size for letter, size in DECIMAL.items()} | BINARY | OTHERS
TRACE = 0.99  # `<0.1 %` is less than `0.1 %`


def worth(text: str) -> float | None:
    """`1.38 G` is 1,380,000,000, `−3.1 %` is -0.031; words are nothing."""
    found = NUMBER.fullmatch(text.strip())
    if found is None or found[3] not in UNITS:
        return None
    value = float(found[2].replace(",", "")) * UNITS[found[3]]
    return (-value if found[1] in ("−", "-") else value) * (TRACE if text.strip().startswith("<") else 1.0)
