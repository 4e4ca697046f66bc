"""Formulas as values."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import _core, _plots, _tables
from .errors import InputError, input_error

__all__ = ["Fit", "Formula"]

Notation = Literal["infix", "python", "c", "torch", "sympy", "latex", "json"]


class Fit(NamedTuple):
    """How well a formula explains a column. ``exact``: every row, to within rounding and the digits given."""

    rmse: float
    max_error: float
    r2: float
    exact: bool


@dataclass(frozen=True, eq=False, repr=False)
class Formula:
    """A formula over named columns. A value: it never changes, and equal formulas are equal.

    Made by a search, or from text:

    >>> energy = Formula.parse("0.5*mass*speed^2")
    >>> energy.names
    ('mass', 'speed')
    >>> energy(2, 3)
    9.0
    """

    _program: _core.StraightLine
    names: tuple[str, ...]
    target: str = "y"
    fit: Fit | None = None

    @classmethod
    def parse(cls, text: str, names: Sequence[str] | None = None, *, target: str = "y") -> Formula:
        """Reads infix text such as ``2*a*b - sqrt(c)/3``; names that are no identifiers stand in backquotes.

        Without ``names``, the names of the text in the order in which they first occur. Raises InputError with the column
        at what cannot be read.
        """
        chosen = tuple(_names_in(text) if names is None else names)
        return cls(_core.parse_formula(text, list(chosen)), chosen, target)

    @property
    def operators(self) -> int:
        """Number of operators, each counted wherever it is used."""
        return self._program.operators

    @property
    def rmse(self) -> float | None:
        """Root mean squared error on the rows that it was found with; None for a formula from text."""
        return None if self.fit is None else self.fit.rmse

    @property
    def r2(self) -> float | None:
        """Share of the target's variance that it explains on the rows that it was found with."""
        return None if self.fit is None else self.fit.r2

    @property
    def exact(self) -> bool | None:
        """Whether it agrees with every row that it was found with to within 1e-9 of the largest magnitude."""
        return None if self.fit is None else self.fit.exact

    def __call__(self, *columns: ArrayLike, **named: ArrayLike) -> Any:
        """Its value for one number or array per name, in order or by name; a float where all are numbers.

        What has no value is NaN or infinite, as in NumPy.
        """
        values = self._arguments(columns, named)
        if not values:
            return float(self._program.evaluate(np.empty((1, 0)))[0])
        together = np.broadcast_arrays(*[_numbers(value, name) for value, name in zip(values, self.names)])
        shape = together[0].shape
        result = self._program.evaluate(np.column_stack([each.ravel() for each in together]))
        return float(result[0]) if shape == () else result.reshape(shape)

    def _arguments(self, columns: Sequence[ArrayLike], named: dict[str, ArrayLike]) -> list[ArrayLike]:
        given = dict(zip(self.names, columns), **named)
        if len(columns) > len(self.names) or set(given) != set(self.names) or len(given) != len(columns) + len(named):
            raise TypeError(f"the formula takes {', '.join(self.names) or 'nothing'}, each once")
        return [given[name] for name in self.names]

    def predict(self, X: Any) -> NDArray[np.float64]:
        """Values [rows] for an array [rows, names], or for a data frame that has columns of these names."""
        return np.asarray(self._program.evaluate(_tables.matrix(X, self.names)))

    def fit_on(self, X: Any, y: Any) -> Fit:
        """How well it explains ``y`` on these rows. Raises InputError on columns of different length and on NaN."""
        inputs, target = _tables.matrix(X, self.names), _tables.column(y, "y")
        if len(inputs) != len(target) or not len(target):
            raise input_error("y", f"{len(target)} rows", f"as many as X, which has {len(inputs)}, and at least one")
        _tables.check_finite(target, "y")
        found = self._program.fit(inputs, target)
        return Fit(found.rmse, found.max_error, found.r2, found.exact)

    def score(self, X: Any, y: Any) -> float:
        """R2, the share of the variance of ``y`` that it explains."""
        return self.fit_on(X, y).r2

    def plot(self, X: Any, y: Any, ax: Any = None) -> Any:
        """Draws it beside ``y`` by matplotlib and returns the axes.

        Of one column the curve over the points, else values computed against values given.
        """
        return _plots.fit(self, X, y, ax)

    def simplified(self) -> Formula:
        """The same formula, shorter by local rules; it may be defined in more places."""
        return Formula(self._program.simplified(), self.names, self.target)

    def code(self, notation: Notation) -> str:
        """The formula as text of a language: ``infix``, ``python``, ``c``, ``torch``, ``sympy``, ``latex`` or ``json``."""
        if notation == "torch":
            return _torch_code(self)
        return self._program.text(list(self.names), self.target, notation)

    def python(self) -> str:
        """A Python function that needs nothing but ``math``."""
        return self.code("python")

    def c(self) -> str:
        """A function of C99."""
        return self.code("c")

    def torch(self) -> str:
        """A Python function of PyTorch's tensors, differentiable."""
        return self.code("torch")

    def latex(self) -> str:
        """Such as ``y = \\frac{a}{b}``."""
        return self.code("latex").strip()

    def sympy(self) -> Any:
        """A SymPy expression, for derivatives and the like. Needs SymPy."""
        try:
            import sympy
        except ImportError as error:
            raise ImportError("Formula.sympy needs SymPy: pip install 'ropewalk[sympy]'") from error
        return _fold(self, lambda name: sympy.Symbol(name, real=True), _sympy_operations(sympy))

    def __str__(self) -> str:
        return self.code("infix")

    def __repr__(self) -> str:
        quality = "" if self.fit is None else ", exact" if self.fit.exact else f", r2={self.fit.r2:.6g}"
        return f"Formula({str(self)!r}{quality})"

    def _repr_latex_(self) -> str:
        return f"${self.latex()}$"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Formula):
            return NotImplemented
        return self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def _key(self) -> tuple[object, ...]:
        program = self._program
        return tuple(program.lines), program.result_variable, self.names, self.target

    def __reduce__(self) -> tuple[Any, ...]:
        program = self._program
        lines = (program.variables, tuple(program.lines), program.result_variable)
        return _restored, (1, lines, self.names, self.target, None if self.fit is None else tuple(self.fit))


def _restored(
    version: int, lines: tuple[Any, ...], names: tuple[str, ...], target: str, fit: tuple[float, float, float, bool] | None
) -> Formula:
    """The inverse of ``Formula.__reduce__``."""
    if version != 1:
        raise InputError(f"pickled formula: version {version}; expected 1, which this release of ropewalk reads")
    variables, each, result = lines
    return Formula(_core.StraightLine(variables, list(each), result), names, target, None if fit is None else Fit(*fit))


def _names_in(text: str) -> list[str]:
    """Names of variables in the order in which they occur, without functions and definitions."""
    names: dict[str, None] = {}
    defined: set[str] = set()
    known = set(_core.formula_functions())
    # Numbers are passed over whole, as the e of 1e-5 is no name.
    for match in re.finditer(r"`([^`]*)`|\d[\d.]*(?:[eE][+-]?\d+)?|([^\W\d]\w*)\s*(\(|=)?", text):
        quoted, word, behind = match.groups()
        if quoted is not None:
            names[quoted] = None
        elif word is not None and behind == "=":
            defined.add(word)
        elif word is not None and word not in defined and not (behind == "(" and word in known):
            names[word] = None
    return [name for name in names if name not in defined]


def _numbers(value: ArrayLike, name: str) -> NDArray[np.float64]:
    array = np.asarray(value)
    if array.dtype.kind not in "biuf":
        raise input_error(name, f"values of type {array.dtype}", "numbers")
    return array.astype(np.float64)


def _fold(formula: Formula, variable: Callable[[str], Any], operations: dict[str, Callable[..., Any]]) -> Any:
    """The formula's value where variables and operations are these."""
    program = formula._program
    slots: list[Any] = [variable(name) for name in formula.names]
    for operator, left, right, value in program.lines:
        if operator == "constant":
            slots.append(operations["constant"](value))
        else:
            slots.append(operations[operator](slots[left], slots[right]))
    return slots[-1] if program.lines else slots[program.result_variable]


def _sympy_operations(sympy: Any) -> dict[str, Callable[..., Any]]:
    return {
        "constant": lambda value: sympy.Integer(int(value)) if value == int(value) else sympy.Float(value),
        "no-op": lambda a, b: a,
        "add": lambda a, b: a + b,
        "sub": lambda a, b: a - b,
        "mul": lambda a, b: a * b,
        "div": lambda a, b: a / b,
        "min": lambda a, b: sympy.Min(a, b),
        "max": lambda a, b: sympy.Max(a, b),
        "square": lambda a, b: a**2,
        "sqrt": lambda a, b: sympy.sqrt(a),
        "reciprocal": lambda a, b: 1 / a,
        "exp": lambda a, b: sympy.exp(a),
        "log": lambda a, b: sympy.log(a),
        "sin": lambda a, b: sympy.sin(a),
        "cos": lambda a, b: sympy.cos(a),
        "pow": lambda a, b: a**b,
        "tan": lambda a, b: sympy.tan(a),
        "tanh": lambda a, b: sympy.tanh(a),
        "asin": lambda a, b: sympy.asin(a),
        "acos": lambda a, b: sympy.acos(a),
        "atan": lambda a, b: sympy.atan(a),
        "abs": lambda a, b: sympy.Abs(a),
        "sign": lambda a, b: sympy.sign(a),
        "floor": lambda a, b: sympy.floor(a),
        "ceil": lambda a, b: sympy.ceiling(a),
        "mod": lambda a, b: a - b * sympy.floor(a / b),
        "less": lambda a, b: sympy.Piecewise((1, a < b), (0, True)),
    }


_TORCH = {
    "add": "{} + {}",
    "sub": "{} - {}",
    "mul": "{} * {}",
    "div": "{} / {}",
    "min": "torch.minimum({}, {})",
    "max": "torch.maximum({}, {})",
    "square": "torch.square({})",
    "sqrt": "torch.sqrt({})",
    "reciprocal": "torch.reciprocal({})",
    "exp": "torch.exp({})",
    "log": "torch.log({})",
    "sin": "torch.sin({})",
    "cos": "torch.cos({})",
    "pow": "torch.pow({}, {})",
    "tan": "torch.tan({})",
    "tanh": "torch.tanh({})",
    "asin": "torch.asin({})",
    "acos": "torch.acos({})",
    "atan": "torch.atan({})",
    "abs": "torch.abs({})",
    "sign": "torch.sign({})",
    "floor": "torch.floor({})",
    "ceil": "torch.ceil({})",
    "mod": "torch.remainder({}, {})",
    "less": "torch.lt({}, {}).to(torch.float64)",
}


def _torch_code(formula: Formula) -> str:
    program = formula._program
    arguments = _core.identifiers(list(formula.names))
    target = _core.identifiers([formula.target])[0]
    slots, taken = list(arguments), {*arguments, "torch"}
    body = []
    for operator, left, right, value in program.lines:
        if operator == "constant":
            slots.append(f"torch.tensor({value!r}, dtype=torch.float64)")
        elif operator == "no-op":
            slots.append(slots[left])
        else:
            name = next(name for number in range(len(slots) + len(taken) + 1) if (name := f"t{number + 1}") not in taken)
            taken.add(name)
            body.append(f"    {name} = {_TORCH[operator].format(slots[left], slots[right])}\n")
            slots.append(name)
    result = slots[-1] if program.lines else slots[program.result_variable]
    return f"import torch\n\n\ndef {target}({', '.join(arguments)}):\n{''.join(body)}    return {result}\n"
