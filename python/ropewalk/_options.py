"""Options that all verbs share: threads, seeds, time, progress."""

from __future__ import annotations

import os
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Literal, NamedTuple

import numpy as np

from .errors import InterruptedSearch, input_error

Progress = bool | Literal["auto"]


class Event(NamedTuple):
    """How far a long call has come: ``done`` of ``total`` steps, and a few words on its state."""

    done: int
    total: int
    state: str


Callback = Callable[[Event], object]
Sink = Callable[[int, int, str], bool]


def threads_of(n_jobs: int | None) -> int:
    """The library's number of threads, where 0 means all, for scikit-learn's ``n_jobs``."""
    if n_jobs is None:
        return 1
    if n_jobs == 0:
        raise input_error("n_jobs", "0", "a number of threads, or -1 for all")
    if n_jobs > 0:
        return int(n_jobs)
    return 0 if n_jobs == -1 else max(1, (os.cpu_count() or 1) + 1 + int(n_jobs))


def seed_of(random_state: Any) -> int:
    """A seed from an integer, a NumPy generator that draws one, or None for another one each time."""
    if random_state is None:
        return int(np.random.randint(2**31))
    if isinstance(random_state, np.random.Generator):
        return int(random_state.integers(2**31))
    if isinstance(random_state, np.random.RandomState):
        return int(random_state.randint(2**31))
    try:
        seed = int(random_state.__index__())
    except (AttributeError, TypeError):
        raise input_error("random_state", repr(random_state), "an integer, a NumPy generator or None") from None
    if not 0 <= seed < 2**63:
        raise input_error("random_state", str(seed), "0 to 2**63 - 1")
    return seed


def seconds_of(timeout: float | None, unlimited: float) -> float:
    """A limit in seconds, `unlimited` where there is none."""
    if timeout is None:
        return unlimited
    seconds = float(timeout)
    if not 0 < seconds <= 1e9:
        raise input_error("timeout", repr(timeout), "a positive number of seconds, or None for no limit")
    return seconds


def whole(value: Any, place: str, least: int, most: int) -> int:
    """An integer within bounds."""
    try:
        number = int(value.__index__())
    except (AttributeError, TypeError):
        raise input_error(place, repr(value), "a whole number") from None
    if not least <= number <= most:
        raise input_error(place, str(number), f"{least} to {most}")
    return number


def warn_interrupted(what: str) -> None:
    warnings.warn(f"{what} was interrupted; this is the best so far", InterruptedSearch, stacklevel=4)


def _bar_is_wanted(progress: Progress) -> bool:
    if progress != "auto":
        return bool(progress)
    return sys.stderr.isatty() or "ipykernel" in sys.modules


class _Bar:
    """A tqdm bar that shows itself after a second, so that short calls stay silent."""

    def __init__(self, make: Callable[..., Any], title: str) -> None:
        self._make, self._title, self._start = make, title, time.monotonic()
        self._bar: Any = None

    def update(self, done: int, total: int, state: str) -> None:
        if self._bar is None:
            if time.monotonic() - self._start < 1:
                return
            self._bar = self._make(total=max(total, 1), desc=self._title, leave=False)
        self._bar.total = max(total, 1)
        self._bar.n = min(done, self._bar.total)
        self._bar.set_postfix_str(state, refresh=True)

    def close(self) -> None:
        if self._bar is not None:
            self._bar.close()


@contextmanager
def listening(title: str, progress: Progress, callback: Callback | None) -> Iterator[Sink | None]:
    """Who is told of progress: the callback, which ends the work by returning True, and a bar where tqdm is installed."""
    bar: _Bar | None = None
    if _bar_is_wanted(progress):
        try:
            from tqdm.auto import tqdm

            bar = _Bar(tqdm, title)
        except ImportError:
            pass

    def tell(done: int, total: int, state: str) -> bool:
        if bar is not None:
            bar.update(done, total, state)
        return callback is not None and callback(Event(done, total, state)) is True

    try:
        yield tell if bar is not None or callback is not None else None
    finally:
        if bar is not None:
            bar.close()
