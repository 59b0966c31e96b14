"""Ends that leave nothing behind: signals become exceptions, but not while something is half done."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

# What asks a program to end; those that a system lacks are left out.
ASKING = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]


class Shield:
    """Remembers a signal until it may act; after the first that acted nothing disturbs the end any more."""

    def __init__(self) -> None:
        self.holding = False
        self.caught: int | None = None

    def handle(self, number: int, _: FrameType | None) -> None:
        self.caught = self.caught or number
        if not self.holding:
            self.holding = True
            self.act()

    def act(self) -> None:
        """Interrupted as always, or ended with the code that shells give to a signal."""
        if self.caught == signal.SIGINT:
            raise KeyboardInterrupt
        if self.caught is not None:
            raise SystemExit(128 + self.caught)


@contextmanager
def made_and_removed(make: Callable[[], object], remove: Callable[[], object]) -> Iterator[None]:
    """What is made before is removed after, whatever happens between or meanwhile; a signal waits while either runs."""
    shield = Shield()
    before = _handled(shield)
    try:
        try:
            shield.holding = True
            make()
            shield.holding = False
            if shield.caught is not None:
                shield.act()
            yield
        finally:
            shield.holding = True
    finally:
        # Here no signal acts: either the line above was reached, or the signal that kept it from being reached did the same.
        try:
            remove()
        finally:
            for number, handler in before.items():
                signal.signal(number, handler if handler is not None else signal.SIG_DFL)
    shield.act()


def _handled(shield: Shield) -> dict[signal.Signals, signal.Handlers | Callable[[int, FrameType | None], object] | int | None]:
    """The handlers that were there before; only a main thread may put others there."""
    if threading.current_thread() is not threading.main_thread():
        return {}
    return {number: signal.signal(number, shield.handle) for number in ASKING if signal.getsignal(number) != signal.SIG_IGN}
