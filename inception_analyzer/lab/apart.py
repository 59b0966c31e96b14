"""Work in a thread of its own, so that what a failed allocation leaves behind ends with the thread.

oneDNN compiles a kernel for each shape when it first meets it. Where there is no memory for one, its assembler keeps that
error for as long as the thread lives, and every later kernel of this thread "could not create a primitive". Kernels that
were compiled are kept for all threads, so a first call apart is all that has to be protected.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from concurrent.futures import Future, wait
from threading import Thread
from typing import TypeVar

Made = TypeVar("Made")

AGAIN = 0.05  # seconds, after which an interruption is tried again


def apart(work: Callable[[], Made]) -> Made:
    """What the work gives or raises, in another thread; whoever interrupts this one interrupts the work."""
    future: Future[Made] = Future()
    thread = Thread(target=_into, args=(future, work), daemon=True)
    try:
        thread.start()
        return future.result()
    except KeyboardInterrupt:
        future.cancel()  # takes effect only where the work has not begun
        while not future.done():
            _interrupt(thread)
            wait([future], AGAIN)
        raise


def _into(future: Future[Made], work: Callable[[], Made]) -> None:
    if not future.set_running_or_notify_cancel():
        return
    try:
        future.set_result(work())
    except BaseException as error:
        if not future.done():
            future.set_exception(error)


def _interrupt(thread: Thread) -> None:
    """Python raises this in the other thread as soon as the operation that runs there is over."""
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident or 0), ctypes.py_object(KeyboardInterrupt))
