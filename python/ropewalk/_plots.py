"""Pictures by matplotlib, where it is installed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from . import _tables
from .errors import input_error

if TYPE_CHECKING:
    from .formula import Formula


def axes(given: Any) -> Any:
    """The axes to draw on: those given, else new ones."""
    if given is not None:
        return given
    try:
        from matplotlib import pyplot
    except ImportError as error:
        raise ImportError("pictures need matplotlib: pip install 'ropewalk[plot]'") from error
    return pyplot.subplots()[1]


def front(formulas: Sequence[Formula], chosen: Formula, completed: int, ax: Any) -> Any:
    """Error against size, the chosen formula marked; nothing better exists up to the size that was searched whole."""
    ax = axes(ax)
    sizes = [each.operators for each in formulas]
    errors = np.array([each.fit.rmse if each.fit else np.nan for each in formulas])
    positive = errors[errors > 0]
    # An exact formula has no place on a scale of logarithms: it stands a decade below the others.
    floor = positive.min() / 10 if positive.size else 1e-16
    shown = np.maximum(errors, floor)
    if completed >= 0:
        ax.axvspan(-0.5, completed + 0.5, color="0.93", zorder=0, label="every formula tried")
    ax.plot(sizes, shown, "o-", color="tab:blue", drawstyle="steps-post")
    place = next(i for i, each in enumerate(formulas) if each is chosen)
    ax.plot(sizes[place], shown[place], "*", color="tab:red", markersize=14, label=str(chosen))
    ax.set_yscale("log")
    ax.set_xlim(-0.5, max([*sizes, completed]) + 0.5)
    ax.set_xlabel("operators")
    ax.set_ylabel(f"error of {chosen.target} (rmse)")
    ax.legend(loc="upper right")
    return ax


def fit(formula: Formula, X: Any, y: Any, ax: Any) -> Any:
    """The curve over the points of one column; of several, what is computed against what is given."""
    inputs, target = _tables.matrix(X, formula.names), _tables.column(y, "y")
    if len(inputs) != len(target) or not len(target):
        raise input_error("y", f"{len(target)} rows", f"as many as X, which has {len(inputs)}, and at least one")
    ax = axes(ax)
    if inputs.shape[1] == 1:
        ax.plot(inputs[:, 0], target, ".", color="0.6")
        along = np.linspace(inputs.min(), inputs.max(), 400)
        ax.plot(along, formula.predict(along[:, None]), color="tab:blue", label=str(formula))
        ax.set_xlabel(formula.names[0])
        ax.set_ylabel(formula.target)
    else:
        ends = [target.min(), target.max()]
        ax.plot(ends, ends, color="0.8")
        ax.plot(target, formula.predict(inputs), ".", color="tab:blue", label=str(formula))
        ax.set_xlabel(f"{formula.target}, as given")
        ax.set_ylabel(f"{formula.target}, by the formula")
    ax.legend()
    return ax
