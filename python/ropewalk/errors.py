"""What goes wrong, as exceptions and warnings."""

from __future__ import annotations

from typing import NamedTuple

__all__ = [
    "Diagnostic",
    "InputError",
    "InterruptedSearch",
    "LostWorkers",
    "NotFound",
    "UndecidedExamples",
    "WorkerMismatch",
]


class Diagnostic(NamedTuple):
    """One thing that is wrong with an input: where it is, what stands there, what would be right.

    ``line`` and ``column`` count from 1; 0 means not known.
    """

    place: str
    line: int
    column: int
    found: str
    expected: str


class InputError(ValueError):
    """An input that cannot be used. The message says what was found and what was expected, for every mistake."""

    diagnostics: tuple[Diagnostic, ...]

    def __init__(self, message: str, diagnostics: tuple[Diagnostic, ...] = ()) -> None:
        super().__init__(message, diagnostics)
        self.diagnostics = diagnostics

    def __str__(self) -> str:
        return str(self.args[0])


class NotFound(LookupError):
    """A search that ended without an answer was asked for it."""


class InterruptedSearch(UserWarning):
    """Ctrl-C ended a search; what it returns is the best so far."""


class LostWorkers(UserWarning):
    """An executor's workers were killed; what they had not finished is run by the one who asked."""


class WorkerMismatch(RuntimeError):
    """A worker of an executor has another version of the package, or another kind of processor, than the one who asks."""


class UndecidedExamples(UserWarning):
    """Examples that several programs explain, or that any program of the size may fit by accident."""


def input_error(place: str, found: str, expected: str) -> InputError:
    """An InputError with one diagnostic."""
    return InputError(f"{place}: {found}; expected {expected}", (Diagnostic(place, 0, 0, found, expected),))
