"""Formulas for a table, as an estimator of scikit-learn."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

try:
    from sklearn.base import BaseEstimator, RegressorMixin
    from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data
except ImportError as error:
    raise ImportError("FormulaRegressor needs scikit-learn 1.6 or newer: pip install 'ropewalk[sklearn]'") from error

from . import _core, _plots, _tables, _units
from ._executors import sender
from ._options import Callback, Progress, listening, seconds_of, seed_of, threads_of, warn_interrupted, whole
from .errors import NotFound, input_error
from .formula import Fit, Formula

__all__ = ["FormulaRegressor"]

#: Scores of pairs that a worker of an executor is given at once, which take about a second.
_SCORES_OF_UNIT = 1 << 28


class FormulaRegressor(RegressorMixin, BaseEstimator):
    """Finds formulas for a column of numbers by exact search, smallest formulas first.

    Parameters
    ----------
    operators, functions : names or None
        What formulas are made of. Left alone, both are the general setting: add, sub, mul, div and the usual functions. Fewer
        make the search reach larger formulas: ``operators=("add", "mul")`` are these alone, without laws, and
        ``functions=("sqrt",)`` are the four operators with sqrt.
    max_operators : int or None
        Size of the largest formula, 0 to 30; None: 6 for the enumeration, no limit for laws.
    constants : bool
        Whether to fit numbers and to look for laws: sums and products with fitted numbers beyond what the enumeration
        reaches. Without them formulas have no numbers, and the search is faster and reaches further.
    loss : "squared", "huber" or "absolute"
        What of an error counts. For rows that are far off: "huber" counts large errors linearly, "absolute" all of them.
    selection : "best", "accuracy" or an int
        Which formula of the front predicts: the one with the shortest description, formula and errors together, the one
        with the smallest error, or the best of at most so many operators.
    timeout : float or None
        Seconds for the search; None: until it has tried everything. The formulas do not depend on time where it is None.
    memory : int
        Bytes that the search may hold.
    n_jobs : int or None
        Threads, -1 for all. The formulas do not depend on it.
    random_state : int, NumPy generator or None
        Seed of the starts of fitted numbers.
    progress : bool or "auto"
        Whether a bar shows how far the search is, where tqdm is installed; "auto": on a terminal and in notebooks.
    callback : callable or None
        Called with an ``Event`` now and then; the search ends when it returns True.

    Attributes
    ----------
    formula_ : Formula
        The formula that predicts.
    front_ : list of Formula
        The best formula of every size that beats smaller ones, smallest first.
    reason_ : str
        Why ``formula_`` was chosen.
    stop_reason_ : str
        Why the search ended: "exact", "noise" (only noise is left), "exhausted", "timeout", "memory", "interrupted" or
        "callback".
    completed_operators_ : int
        Every formula of up to that many operators was tried.
    candidates_, seconds_ : int, float
        How much was tried, in which time.
    n_features_in_, feature_names_in_
        As in scikit-learn. Names of data frames become names in formulas; else they are x0, x1, ...

    Examples
    --------
    >>> import numpy as np
    >>> X = np.random.default_rng(0).uniform(1, 2, (50, 2))
    >>> FormulaRegressor(max_operators=3).fit(X, X[:, 0] / (X[:, 0] + X[:, 1])).formula_
    Formula('x0/(x0 + x1)', exact)
    """

    def __init__(
        self,
        *,
        operators: Sequence[str] | None = None,
        functions: Sequence[str] = (),
        max_operators: int | None = None,
        constants: bool = True,
        loss: Literal["squared", "huber", "absolute"] = "squared",
        selection: Literal["best", "accuracy"] | int = "best",
        timeout: float | None = 30.0,
        memory: int = 4 << 30,
        n_jobs: int | None = None,
        random_state: Any = 0,
        progress: Progress = "auto",
        callback: Callback | None = None,
    ) -> None:
        self.operators = operators
        self.functions = functions
        self.max_operators = max_operators
        self.constants = constants
        self.loss = loss
        self.selection = selection
        self.timeout = timeout
        self.memory = memory
        self.n_jobs = n_jobs
        self.random_state = random_state
        self.progress = progress
        self.callback = callback

    def fit(
        self,
        X: Any,
        y: Any,
        sample_weight: Any = None,
        *,
        units: Mapping[str, str] | Sequence[str] | None = None,
        target_unit: str | None = None,
        executor: Executor | None = None,
    ) -> FormulaRegressor:
        """Searches for formulas of ``y`` [rows] over the columns of ``X`` [rows, columns].

        ``sample_weight`` [rows], at least 0, says how much a row's squared error counts: a row of weight 2 is two rows, one
        of weight 0 none. Fits of the front are by these weights, too. The enumeration of small formulas counts rows alike
        where weights are not whole numbers.

        ``units`` such as ``{"m": "kg", "v": "m/s"}``, one for every column, and ``target_unit`` such as ``"J"`` leave out
        formulas that do not fit. On Ctrl-C the best so far stays, with a warning; a second Ctrl-C raises
        KeyboardInterrupt, as does one inside of a search of scikit-learn over parameters.

        With an ``executor``, its workers score slices of the pairs of stored formulas, which is where a search for large
        formulas spends its time; each takes ``n_jobs`` threads, builds the stored formulas for itself, and the answer is
        the same.
        """
        target = str(getattr(y, "name", None) or "y")
        given = _tables.names_of(X)
        X, y = validate_data(self, _plain(X), y, dtype=np.float64, y_numeric=True, ensure_min_samples=2)
        names = _names_of(given, X.shape[1])
        X, y, weights = _weighted(X, np.asarray(y, dtype=np.float64), sample_weight)
        answer = self._search(X, y, weights, target, _units_of(units, names), target_unit, executor)
        if answer.interrupted and (not answer.front or _inside_model_selection()):
            raise KeyboardInterrupt
        if not answer.front:
            raise NotFound("no formula with the unit of the target has a finite value on every row")
        self.front_ = [_formula_of(each, names, target) for each in answer.front]
        self.formula_, self.reason_ = self._selected(answer)
        self.stop_reason_ = answer.stop_reason
        self.completed_operators_ = answer.completed_operators
        self.candidates_ = answer.candidates
        self.seconds_ = answer.seconds
        if answer.interrupted:
            warn_interrupted("the search for formulas")
        return self

    def predict(self, X: Any) -> NDArray[np.float64]:
        """Values of ``formula_`` [rows]. A row on which it has no value gives the infinity or NaN that NumPy would."""
        check_is_fitted(self)
        X = validate_data(self, _plain(X), dtype=np.float64, reset=False)
        return self.formula_.predict(X)

    def front_table(self) -> Any:
        """The front as a data frame, which needs pandas: formula, operators, rmse, r2, max_error, exact, chosen."""
        import pandas

        check_is_fitted(self)
        rows = [
            {
                "formula": str(each),
                "operators": each.operators,
                **(each.fit._asdict() if each.fit else {}),
                "chosen": each is self.formula_,
            }
            for each in self.front_
        ]
        return pandas.DataFrame(rows)

    def plot(self, ax: Any = None) -> Any:
        """Draws the front by matplotlib, error against size, with ``formula_`` marked, and returns the axes.

        Sizes of which every formula was tried are shaded: nothing better exists there.
        """
        check_is_fitted(self)
        return _plots.front(self.front_, self.formula_, self.completed_operators_, ax)

    def plot_fit(self, X: Any, y: Any, ax: Any = None) -> Any:
        """Draws ``formula_`` beside ``y``, see ``Formula.plot``."""
        check_is_fitted(self)
        return self.formula_.plot(X, y, ax)

    def _search(
        self,
        X: NDArray[np.float64],
        y: NDArray[np.float64],
        weights: NDArray[np.float64] | None,
        target: str,
        units: list[str],
        target_unit: str | None,
        executor: Executor | None,
    ) -> _core.FormulaAnswer:
        if (target_unit is None) != (not units):
            raise input_error("units", "units of the columns or of the target alone", "both, or neither")
        with listening(f"looking for {target}", self.progress, self.callback) as sink:
            return _core.search_formulas(
                X,
                y,
                weights=weights,
                units=units,
                target_unit=target_unit,
                operators=None if self.operators is None else _joined("operators", self.operators),
                functions=_joined("functions", self.functions),
                most_operators=None if self.max_operators is None else whole(self.max_operators, "max_operators", 0, 30),
                exact_only=not self.constants,
                loss=str(self.loss),
                seconds=seconds_of(self.timeout, unlimited=0.0),
                memory=whole(self.memory, "memory", 1 << 20, 1 << 46),
                seed=seed_of(self.random_state),
                threads=threads_of(self.n_jobs),
                callback=sink,
                elsewhere=sender(executor, _units.pairs, threads_of(self.n_jobs)),
                slice_scores=_SCORES_OF_UNIT,
            )

    def _selected(self, answer: _core.FormulaAnswer) -> tuple[Formula, str]:
        if self.selection == "best":
            return self.front_[answer.best], answer.reason
        if self.selection == "accuracy":
            return min(self.front_, key=_rmse_of), "the formula with the smallest error"
        most = whole(self.selection, "selection", 0, 1 << 30)
        small = [each for each in self.front_ if each.operators <= most]
        if not small:
            raise input_error("selection", str(most), f"at least {self.front_[0].operators}, the smallest formula's size")
        return min(small, key=_rmse_of), f"the best formula of at most {most} operators"


def _weighted(
    X: NDArray[np.float64], y: NDArray[np.float64], sample_weight: Any
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64] | None]:
    """Rows that count, as often as they count where that is a whole number, and their weights where it is none."""
    if sample_weight is None:
        return X, y, None
    weights = np.asarray(_check_sample_weight(sample_weight, X, dtype=np.float64, ensure_non_negative=True))
    counts = weights > 0
    if counts.sum() < 2:
        raise input_error("sample_weight", f"{counts.sum()} rows of a weight above 0", "at least 2")
    X, y, weights = X[counts], y[counts], weights[counts]
    if np.all(weights == weights[0]):
        return X, y, None
    most_repeated = max(10_000, 4 * len(y))
    if np.all(weights == np.floor(weights)) and weights.sum() <= most_repeated:
        times = weights.astype(np.int64)
        return np.repeat(X, times, axis=0), np.repeat(y, times), None
    return X, y, weights


def _plain(X: Any) -> Any:
    """Arrow's tables as arrays, which scikit-learn does not read; everything else as it is."""
    if hasattr(X, "column_names"):
        return _tables.matrix(X, _tables.names_of(X) or [])
    return X


def _names_of(given: list[str] | None, columns: int) -> tuple[str, ...]:
    if given is not None and len(given) == columns and len(set(given)) == columns and all(given):
        return tuple(given)
    return tuple(f"x{number}" for number in range(columns))


def _units_of(units: Mapping[str, str] | Sequence[str] | None, names: Sequence[str]) -> list[str]:
    if units is None:
        return []
    if isinstance(units, Mapping):
        if set(units) != set(names):
            raise input_error("units", f"units of {', '.join(units) or 'nothing'}", f"one for each of {', '.join(names)}")
        return [units[name] for name in names]
    if isinstance(units, str) or len(units) != len(names):
        raise input_error("units", repr(units), f"one for each of the {len(names)} columns")
    return list(units)


def _joined(place: str, names: Sequence[str]) -> str:
    """Names of operators as the library reads them."""
    if isinstance(names, str):
        raise input_error(place, repr(names), "a list of names")
    return ",".join(names)


def _formula_of(found: _core.Found, names: tuple[str, ...], target: str) -> Formula:
    fit = found.fit
    return Formula(found.program, names, target, Fit(fit.rmse, fit.max_error, fit.r2, fit.exact))


def _rmse_of(formula: Formula) -> float:
    return float("inf") if formula.fit is None else formula.fit.rmse


def _inside_model_selection() -> bool:
    """Whether a search over parameters calls, which is to end at the first Ctrl-C."""
    frame = sys._getframe(1)
    while frame is not None:
        if str(frame.f_globals.get("__name__", "")).startswith("sklearn.model_selection"):
            return True
        frame = frame.f_back  # type: ignore[assignment]
    return False
