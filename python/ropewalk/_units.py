"""Units of work as workers run them: functions of plain values, which every executor can send."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from . import _core
from ._core import Program, Task
from .errors import WorkerMismatch

_kept: dict[str, tuple[str, Any]] = {}


def _worker(make: Callable[[str], Any], problem: str) -> Any:
    """The one of the last unit where it was of this problem: what it has built is most of the work."""
    name = make.__name__
    if name not in _kept or _kept[name][0] != problem:
        _kept.pop(name, None)
        _kept[name] = problem, make(problem)
    return _kept[name][1]


def version() -> str:
    """Of the package that the worker has, and of the kernels that its numbers come from."""
    return f"{_core.version}, kernels for {_core.target()}"


def run(expected: str, function: Callable[..., Any], *unit: Any) -> Any:
    """The unit's answer. Raises WorkerMismatch, with both versions, where this worker is none for it."""
    if version() != expected:
        raise WorkerMismatch(f"a worker has ropewalk {version()}; expected {expected}, as the one who asks")
    return function(*unit)


def restarts(
    task: Task, init: Program | None, options: dict[str, Any], begin: int, end: int, threads: int, seconds: float
) -> str:
    return _core.TuneProblem(task, init, **options).part(begin, end, threads=threads, seconds=seconds)


def inputs(program: Program, task: Task, options: dict[str, Any], begin: int, end: int, threads: int) -> str:
    return _core.certify_part(program, task, **options, begin=begin, end=end, threads=threads)


def pairs(problem: str, unit: str, threads: int) -> str:
    """A slice of the pairs of a search for formulas."""
    return str(_worker(_core.ScanWorker, problem).run(unit, threads=threads))


def fillings(problem: str, unit: str, threads: int) -> str:
    """Some of the fillings of sketches of a search for assembly programs."""
    return str(_worker(_core.UnitWorker, problem).run(unit, threads=threads))
