"""What the tests share."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

PROGRAMS = Path(__file__).parents[2] / "programs"

#: Seconds in which a call that is interrupted has returned, however much the machine has to do beside it: left alone
#: it would take minutes.
SOON = 20


@pytest.fixture
def map_inc() -> str:
    """Source of a program that adds 1 to every cell."""
    return """
        .base 8
        .cells 4
        .steps 20
    map_loop:
        read 1 2
        inc 2 2
        write 1 2
        inc 1 1
        jump 3 map_loop
    """


@contextmanager
def interrupted_after(seconds: float) -> Iterator[Callable[[], float]]:
    """Presses Ctrl-C after that time; the value says how long ago that was."""
    pressed: list[float] = []

    def press() -> None:
        pressed.append(time.monotonic())
        signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)

    # What a shell without job control starts in the background ignores the signal.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    timer = threading.Timer(seconds, press)
    timer.start()
    try:
        yield lambda: time.monotonic() - pressed[0]
    finally:
        timer.cancel()
        signal.signal(signal.SIGINT, before)
