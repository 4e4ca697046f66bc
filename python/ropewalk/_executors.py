"""Units of work given to an executor, and what they come to put together in the order of their indices."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Executor, Future, wait
from typing import Any, TypeVar

from . import _units
from .errors import LostWorkers

Answer = TypeVar("Answer")
Told = Callable[[int], bool]

#: How long nobody looks whether to stop, in seconds.
_INTERVAL = 0.05


def in_order(
    executor: Executor,
    function: Callable[..., Answer],
    units: Sequence[tuple[Any, ...]],
    *,
    stopped: Callable[[], bool] = lambda: False,
    told: Told = lambda finished: False,
    answers: list[Answer | None] | None = None,
) -> list[Answer | None]:
    """What ``function(*unit)`` gives for every unit, each run by the executor; None for those that were not run. They
    are put into ``answers`` as they come, where that is given: then they are there after an exception, too.

    ``told(finished)`` hears how many are finished and returns True to end the work, as ``stopped()`` does; then and on an
    exception what has not begun is cancelled. Raises WorkerMismatch where a worker has another version. A unit whose worker was lost is run here: it is the same wherever it runs.
    """
    here = _units.version()
    futures: dict[Future[Answer], int] = {}
    if answers is None:
        answers = [None] * len(units)
    finished = 0
    lost: list[int] = []
    try:
        try:
            for index, unit in enumerate(units):
                futures[executor.submit(_units.run, here, function, *unit)] = index
        except BrokenExecutor:
            lost = list(range(len(futures), len(units)))
        open_ = set(futures)
        while open_ and not stopped():
            done, open_ = wait(open_, timeout=_INTERVAL, return_when=FIRST_COMPLETED)
            for future in done:
                try:
                    answers[futures[future]] = future.result()
                    finished += 1
                except (BrokenExecutor, CancelledError):
                    lost.append(futures[future])
            if done and told(finished):
                return answers
    finally:
        for future in futures:
            future.cancel()
    if lost and not stopped():
        warnings.warn(f"workers were lost; {len(lost)} units are run here instead", LostWorkers, stacklevel=4)
    for index in sorted(lost):
        if stopped():
            break
        answers[index] = function(*units[index])
        finished += 1
        if told(finished):
            break
    return answers


def sender(executor: Executor | None, function: Callable[[str, str, int], str], threads: int) -> Any:
    """What a search calls to have its units run; None without an executor."""
    if executor is None:
        return None

    def send(problem: str, units: list[str], stopped: Callable[[], bool]) -> list[str]:
        answers = in_order(executor, function, [(problem, unit, threads) for unit in units], stopped=stopped)
        return [answer for answer in answers if answer is not None]

    return send


def deadline(timeout: float) -> Callable[[], bool]:
    """Whether so many seconds are over; 0: never."""
    end = time.monotonic() + timeout
    return lambda: timeout > 0 and time.monotonic() >= end
