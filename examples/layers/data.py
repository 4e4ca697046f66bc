"""MNIST's digits, and the rows of images that a program is to make an answer of."""

from __future__ import annotations

import gzip
import pathlib
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Digits:
    """Images, uint8 [images, 28, 28], and what they show, which serves to make answers and to judge, never to learn."""

    images: np.ndarray
    labels: np.ndarray


@dataclass(frozen=True)
class Rows:
    """Which images make up each row, [rows, images], and the answer to each, [rows, numbers]."""

    images: np.ndarray
    answers: np.ndarray


def _numbers(path: pathlib.Path) -> np.ndarray:
    """What an IDX file of bytes holds, packed by gzip or not."""
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    dimensions = data[3]
    shape = np.frombuffer(data, ">i4", dimensions, 4)
    return np.frombuffer(data, np.uint8, offset=4 + 4 * dimensions).reshape(shape)


def _found(folder: pathlib.Path, name: str) -> pathlib.Path:
    for each in (folder / name, folder / f"{name}.gz"):
        if each.exists():
            return each
    raise SystemExit(f"{folder}: no file {name} or {name}.gz; expected the four files of MNIST")


def read_mnist(folder: str, part: str, order: str | None = None) -> Digits:
    """The images of ``part``, train or t10k, as the files have them, or in the order of the positions in a file."""
    place = pathlib.Path(folder)
    images = _numbers(_found(place, f"{part}-images-idx3-ubyte"))
    labels = _numbers(_found(place, f"{part}-labels-idx1-ubyte"))
    if order is not None:
        positions = np.array(gzip.decompress(pathlib.Path(order).read_bytes()).split(), np.int64)
        images, labels = images[positions], labels[positions]
    return Digits(images, labels.astype(np.int64))


def in_file_order(digits: Digits, images: int) -> np.ndarray:
    """Every image once, in the order of the file: [rows, images]; what is left at the end is dropped."""
    rows = len(digits.labels) // images
    return np.arange(rows * images).reshape(rows, images)


def shuffled(digits: Digits, images: int, seed: int, shown: tuple[int, ...] | None = None) -> np.ndarray:
    """Every image once, of those that show one of ``shown``, shuffled."""
    chosen = np.arange(len(digits.labels)) if shown is None else np.flatnonzero(np.isin(digits.labels, shown))
    order = np.random.default_rng(seed).permutation(chosen)
    rows = len(order) // images
    return order[: rows * images].reshape(rows, images)
