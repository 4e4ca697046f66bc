"""Columns of numbers from what people have: arrays, data frames, Arrow tables, mappings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .errors import input_error


def names_of(table: Any) -> list[str] | None:
    """Names of the columns where the table has them, else None: numbers of columns, as pandas gives them, are no names."""
    names: Any = table
    if not isinstance(table, Mapping):
        names = getattr(table, "column_names", None)  # Arrow
        if names is None:
            names = getattr(table, "columns", None)  # pandas, polars
    if names is None or callable(names) or not all(isinstance(name, str) for name in names):
        return None
    return list(names)


def column(values: Any, name: str) -> NDArray[np.float64]:
    """One column as float64 [rows]. Raises InputError on what is no column of numbers."""
    array = np.asarray(values)
    if array.ndim == 2 and array.shape[1] == 1:
        array = array[:, 0]
    if array.ndim != 1:
        raise input_error(name, f"an array of shape {array.shape}", "one column of numbers")
    if array.dtype.kind not in "biuf":
        array = _as_numbers(array, name)
    return np.ascontiguousarray(array, dtype=np.float64)


def _as_numbers(array: NDArray[Any], name: str) -> NDArray[np.float64]:
    if array.dtype.kind == "O":
        try:
            return array.astype(np.float64)
        except (TypeError, ValueError):
            pass
    kinds = {"U": "text", "S": "text", "O": "objects", "M": "dates", "m": "time spans", "c": "complex numbers"}
    found = kinds.get(array.dtype.kind, f"values of type {array.dtype}")
    raise input_error(name, found, "numbers")


def check_finite(values: NDArray[np.float64], name: str) -> None:
    """Raises InputError at the first value that is no finite number."""
    bad = np.flatnonzero(~np.isfinite(values))
    if bad.size:
        found = "NaN" if np.isnan(values[bad[0]]) else "infinity"
        raise input_error(name, f"{found} in row {int(bad[0])} (and {bad.size - 1} more)", "finite numbers")


def matrix(table: Any, names: Sequence[str]) -> NDArray[np.float64]:
    """The columns `names` of a table with names, or all columns of an array, as float64 [rows, len(names)]."""
    own = names_of(table)
    if own is not None:
        missing = [name for name in names if name not in own]
        if missing:
            raise input_error("X", f"the columns {', '.join(map(repr, own))}", f"{', '.join(map(repr, names))}")
        columns = [column(table[name], f"column {name!r}") for name in names]
        return np.column_stack(columns) if columns else np.empty((0, 0))
    array = np.asarray(table)
    if array.ndim == 1 and len(names) == 1:
        array = array[:, None]
    if array.ndim != 2 or array.shape[1] != len(names):
        raise input_error("X", f"an array of shape {array.shape}", f"[rows, {len(names)}]")
    if array.dtype.kind not in "biuf":
        array = _as_numbers(array, "X")
    return np.asarray(array, dtype=np.float64)
