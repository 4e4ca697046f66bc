"""Formulas of numbers that images stand for, and a reader of the images: neither is known when learning begins."""

from __future__ import annotations

import csv
import json
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from . import _reader_export, _tables
from ._options import Callback, Progress, listening, seconds_of, seed_of, threads_of, warn_interrupted, whole
from ._pictures import Gallery
from .errors import NotFound, input_error
from .formula import Formula

__all__ = ["Perceived", "perceive"]


def perceive(
    images: Any,
    outputs: Any,
    *,
    rows: Any = None,
    letters: Sequence[float] | None = None,
    alphabet: Literal["even", "any"] = "even",
    max_operators: int = 3,
    holdout: float = 0.1,
    scale: float = 1.0,
    network: Literal["auto", "small", "medium", "resnet18"] = "auto",
    augmentation: Literal["auto", "none", "shift", "affine"] = "auto",
    refine_steps: int | None = None,
    timeout: float = 60.0,
    device: str = "cpu",
    n_jobs: int | None = -1,
    random_state: Any = 0,
    progress: Progress = "auto",
    callback: Callback | None = None,
) -> Perceived:
    """Learns to read images and finds the formulas that make given numbers of what they show, at once.

    Parameters
    ----------
    images : rows of images
        [rows, images in a row], each an array [h, w], [h, w, 3] or [3, h, w] of bytes or of floats from 0 to 1, an image of
        PIL's or a path of a PNG or JPEG file; all of one size. With ``rows``, the images one after the other, [images].
    outputs : columns of numbers or of words
        [rows], [rows, outputs], a data frame or a mapping of names to columns: each output is a formula of the row's images.
    rows : whole numbers [rows, images in a row] or None
        Which of ``images`` make up each row.
    letters : numbers or None
        What an image may stand for, where that is known.
    scale : float
        About the largest number that an image stands for: 1, or 10 for digits.
    timeout : float
        Seconds for everything.
    alphabet, max_operators, holdout, network, augmentation, refine_steps, device
        As ``--alphabet``, ``--operators``, ``--holdout``, ``--network``, ``--augmentation``, ``--refine-steps`` and
        ``--device`` of the command.

    Raises NotFound where the time ends before any formula is decided. On Ctrl-C the best so far stays, with a warning.
    """
    module = _module()
    image_rows = _rows_of(images, rows)
    columns, names = _outputs_of(outputs, len(image_rows))
    options: dict[str, Any] = {
        "letters": [] if letters is None else [float(each) for each in letters],
        "alphabet": alphabet,
        "network": network,
        "augmentation": augmentation,
        "operators": whole(max_operators, "max_operators", 1, 5),
        "holdout": float(holdout),
        "scale": float(scale),
        "refine_steps": None if refine_steps is None else whole(refine_steps, "refine_steps", 0, 1 << 40),
        "seed": seed_of(random_state),
        "seconds": seconds_of(timeout, unlimited=0.0),
        "device": device,
        "threads": threads_of(n_jobs),
    }
    folder = tempfile.TemporaryDirectory(prefix="ropewalk-")
    table, image_columns = _write_table(Path(folder.name), image_rows, names, columns)
    place = str(Path(folder.name) / "run")
    with listening("perceiving", progress, callback) as sink:
        run = module.perceive(
            table, image_columns=image_columns, output_columns=names, folder=place, callback=sink, **options
        )
    if not run.decided:
        if run.interrupted:
            raise KeyboardInterrupt
        raise NotFound("the time ended before any formula was decided; try a larger timeout")
    if run.interrupted:
        warn_interrupted("perceiving")
    return Perceived(place, device=device, n_jobs=n_jobs, _kept=folder)


class Perceived:
    """A finished run: formulas, and a reader of images. Opened from the folder of a run of ``perceive``, here or by the command."""

    def __init__(
        self, folder: str, *, device: str = "cpu", n_jobs: int | None = -1, _kept: tempfile.TemporaryDirectory[str] | None = None
    ) -> None:
        self._folder, self._kept = Path(folder), _kept
        self._reader = _module().open_run(str(folder), threads_of(n_jobs), device)
        #: What ``ropewalk perceive`` writes as run.json.
        self.report: dict[str, Any] = json.loads((self._folder / "run.json").read_text())

    @classmethod
    def load(cls, folder: str, *, device: str = "cpu", n_jobs: int | None = -1) -> Perceived:
        """The run in a folder."""
        return cls(folder, device=device, n_jobs=n_jobs)

    def save(self, folder: str) -> None:
        """Copies the run to a new folder, which the command reads, too."""
        shutil.copytree(self._folder, folder)

    def export_python(self, folder: str) -> None:
        """Writes ``reader.py`` and ``weights.npz``, which read images and tell outputs with NumPy alone.

        Images are bytes of the size that the run reads, as ``reader.shape`` says. Raises InputError for a run without an alphabet.
        """
        letters = self._letters()
        weights, reader = _reader_export.weights_of(self._folder / "weights.safetensors")
        words = {name: list(said) for name, _, said in self._reader.outputs if said}
        _reader_export.write_module(Path(folder), weights, reader, letters, self.formulas, words)

    def export_onnx(self, file: str) -> None:
        """Writes the reader in the ONNX format: images [images, channels, height, width], numbers from 0 to 1, to the
        probabilities of letters [images, letters]; the letters are in the model's metadata. Needs the package ``onnx``.
        """
        letters = self._letters()
        weights, reader = _reader_export.weights_of(self._folder / "weights.safetensors")
        _reader_export.write_onnx(Path(file), weights, reader, letters)

    def _letters(self) -> list[float]:
        """The alphabet. Raises InputError where there is none."""
        if self.alphabet is None:
            found = "a reader without an alphabet, whose images stand for any number"
            raise input_error("the run", found, "one that decided what images stand for")
        return self.alphabet

    @property
    def rules(self) -> dict[str, str]:
        """What every output is of the letters of a row: a formula of s1, s2, ..., or such as ``sum(s)`` of rows of any length."""
        return {name: text for name, text, _ in self._reader.outputs}

    @property
    def formulas(self) -> list[Formula]:
        """The rules as formulas over s1, s2, ..., which the images of a row stand for. Raises InputError where rows have any length."""
        names = self._reader.variables
        if not names:
            raise input_error("the run", "rules over rows of any length", "rows of as many images each; see `rules`")
        return [Formula.parse(text, names, target=name) for name, text, _ in self._reader.outputs]

    @property
    def alphabet(self) -> list[float] | None:
        """The numbers that images stand for; None where they may stand for any."""
        return list(self._reader.letters) or None

    def read(self, images: Any) -> NDArray[np.float64]:
        """What images [images] stand for. The same for an image whatever others are beside it."""
        return self.read_with_certainty(images)[0]

    def read_with_certainty(self, images: Any) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The same, and the probability of each letter; where there are no letters, the deviation of each number."""
        given = list(images)
        if not given:
            return np.empty(0), np.empty(0)
        with tempfile.TemporaryDirectory(prefix="ropewalk-") as folder:
            gallery = Gallery(Path(folder))
            symbols, certainties = self._reader.read([gallery.file_of(each) for each in given])
        return symbols, certainties

    def predict(self, images: Any, rows: Any = None) -> NDArray[Any]:
        """Outputs of rows of images, given as to ``perceive``: [rows], or [rows, outputs] where there are several.

        Words stay words.
        """
        image_rows = _rows_of(images, rows)
        variables = len(self._reader.variables)
        if variables and len(image_rows[0]) != variables:
            raise input_error("images", f"{len(image_rows[0])} in a row", str(variables))
        with tempfile.TemporaryDirectory(prefix="ropewalk-") as folder:
            values, _ = self._reader.predict(_write_table(Path(folder), image_rows, [], [])[0])
        columns = [
            np.array(self._reader.texts(number, column)) if words else column
            for number, (column, (_, _, words)) in enumerate(zip(values, self._reader.outputs))
        ]
        return columns[0] if len(columns) == 1 else np.column_stack(columns)

    def __repr__(self) -> str:
        several = "" if self.alphabet is None else f", {len(self.alphabet)} letters"
        return f"<ropewalk.Perceived: {'; '.join(f'{name} = {rule}' for name, rule in self.rules.items())}{several}>"


def _module() -> Any:
    try:
        from . import _perception
    except ImportError as error:
        raise ImportError(
            "this build of ropewalk does not read images: the usual wheel leaves that out. In a checkout, ./run python builds "
            "it, and so does pip install . -C 'cmake.define.ROPEWALK_WINGS=programs;formulas;images' with libtorch installed"
        ) from error
    return _perception


def _rows_of(images: Any, rows: Any) -> list[list[Any]]:
    """The images of every row."""
    if rows is None:
        made = [list(row) for row in images]
    else:
        places = np.asarray(rows)
        if places.ndim == 1:
            places = places[:, None]
        if places.ndim != 2 or places.dtype.kind not in "iu":
            raise input_error("rows", f"an array of shape {places.shape}, type {places.dtype}", "whole numbers [rows, images]")
        several = list(images)
        if places.size and not (0 <= places.min() and places.max() < len(several)):
            raise input_error("rows", f"places up to {places.max()}", f"0 to {len(several) - 1}, as there are {len(several)} images")
        made = [[several[place] for place in row] for row in places]
    if not made or not made[0] or any(len(row) != len(made[0]) for row in made):
        raise input_error("images", "no rows, or rows of different length", "rows of as many images each, at least one")
    return made


def _files_of(image_rows: list[list[Any]], gallery: Gallery) -> list[list[str]]:
    """Names of files; an image that is there several times is written once."""
    known: dict[int, str] = {}
    for row in image_rows:
        for each in row:
            if id(each) not in known:
                known[id(each)] = gallery.file_of(each)
    return [[known[id(each)] for each in row] for row in image_rows]


def _outputs_of(outputs: Any, rows: int) -> tuple[list[NDArray[Any]], list[str]]:
    names = _tables.names_of(outputs)
    if names is not None:
        columns = [np.asarray(outputs[name]) for name in names]
    else:
        array = np.asarray(outputs)
        if array.ndim not in (1, 2):
            raise input_error("outputs", f"an array of shape {array.shape}", "[rows] or [rows, outputs]")
        columns = [array] if array.ndim == 1 else list(array.T)
        # Columns of different types come as objects: each has its own type again.
        columns = [np.asarray(each.tolist()) if each.dtype.kind == "O" else each for each in columns]
        names = ["y"] if len(columns) == 1 else [f"y{number + 1}" for number in range(len(columns))]
    for name, each in zip(names, columns):
        if each.shape != (rows,):
            raise input_error(f"output {name!r}", f"an array of shape {each.shape}", f"[{rows}], a value for every row of images")
        if each.dtype.kind not in "biufUO":
            raise input_error(f"output {name!r}", f"values of type {each.dtype}", "numbers or words")
    return columns, names


def _write_table(
    folder: Path, image_rows: list[list[Any]], names: list[str], columns: list[NDArray[Any]]
) -> tuple[str, list[str]]:
    """Writes a table and its images into a folder; the table's file and the names of its columns of images."""
    (folder / "images").mkdir()
    files = _files_of(image_rows, Gallery(folder / "images"))
    image_columns = [f"image_{v + 1}" for v in range(len(image_rows[0]))]
    with (folder / "rows.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow([*image_columns, *names])
        plain = [each.tolist() if each.dtype.kind != "b" else each.astype(int).tolist() for each in columns]
        for number, row in enumerate(files):
            writer.writerow([*row, *(column[number] for column in plain)])
    return str(folder / "rows.csv"), image_columns
