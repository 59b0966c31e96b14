"""Operations that claims ask about and that are no networks: each prepares its numbers and gives the call to be timed."""

from __future__ import annotations

from collections.abc import Callable, Mapping

Make = Callable[[], Callable[[], object]]

OPERATIONS: Mapping[str, Make] = {}
