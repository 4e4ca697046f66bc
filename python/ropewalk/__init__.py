"""Programs, list functions and formulas from examples, as values that can be read, checked, run and embedded.

``FormulaRegressor``   formulas for a column of a table, in scikit-learn's manner
``Formula``            a formula: call it, print it, export it
``induce``, ``Source`` a program over lists from examples; the program
``Program``, ``verify``, ``tune``   assembly programs, certificates, gradient descent on programs
``perceive``           formulas of numbers that images stand for, and a reader of the images

``import ropewalk`` needs NumPy only; ``FormulaRegressor`` needs scikit-learn when it is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._core import version as __version__
from ._options import Event
from .errors import (
    Diagnostic,
    InputError,
    InterruptedSearch,
    LostWorkers,
    NotFound,
    UndecidedExamples,
    WorkerMismatch,
)
from .formula import Fit, Formula
from .lists import Rival, Source, induce
from .programs import (
    Certificate,
    Counterexample,
    Decompiled,
    Induced,
    Machine,
    Program,
    Share,
    SoftOutcome,
    State,
    Task,
    Tuned,
    task,
    tasks,
    tune,
    verify,
)

from .perception import Perceived, perceive

if TYPE_CHECKING:
    from .sklearn import FormulaRegressor

__all__ = [
    "Certificate",
    "Counterexample",
    "Decompiled",
    "Diagnostic",
    "Event",
    "Fit",
    "Formula",
    "FormulaRegressor",
    "Induced",
    "InputError",
    "InterruptedSearch",
    "LostWorkers",
    "Machine",
    "NotFound",
    "Perceived",
    "Program",
    "Rival",
    "Share",
    "SoftOutcome",
    "Source",
    "State",
    "Task",
    "Tuned",
    "UndecidedExamples",
    "WorkerMismatch",
    "__version__",
    "induce",
    "perceive",
    "task",
    "tasks",
    "tune",
    "verify",
]


def __getattr__(name: str) -> Any:
    if name == "FormulaRegressor":
        from .sklearn import FormulaRegressor

        return FormulaRegressor
    raise AttributeError(f"module 'ropewalk' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
