# mypy: ignore-errors
"""Reads images and tells outputs of them, as a finished run of ``ropewalk perceive`` does. Needs NumPy alone.

    from reader import read, predict
    letters, probabilities = read(images)   # bytes [images, height, width] or [images, height, width, 3]
    outputs = predict(rows)                 # bytes [rows, images in a row, height, width] or the same with colours

The weights are in ``weights.npz`` beside this file.
"""

from itertools import product
from pathlib import Path

import numpy as np

_weights = dict(np.load(Path(__file__).parent / "weights.npz"))
#: What an image may stand for.
letters = _weights["letters"]
#: Channels, height and width of an image.
shape = tuple(int(size) for size in _weights["shape"])


def _convolution(x, name, stride=1):
    kernel = _weights[name + ".weight"]
    margin = kernel.shape[2] // 2
    padded = np.pad(x, ((0, 0), (0, 0), (margin, margin), (margin, margin)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, kernel.shape[2:], axis=(2, 3))[:, :, ::stride, ::stride]
    return np.einsum("nchwyx,ocyx->nohw", windows, kernel, optimize=True)


def _normalised(x, name):
    column = lambda part: _weights[f"{name}.{part}"][:, None, None]
    return (x - column("running_mean")) / np.sqrt(column("running_var") + np.float32(1e-5)) * column("weight") + column("bias")


def _relu(x):
    return np.maximum(x, 0)


def _largest(x, size, stride, margin):
    padded = np.pad(x, ((0, 0), (0, 0), (margin, margin), (margin, margin)), constant_values=-np.inf)
    return np.lib.stride_tricks.sliding_window_view(padded, (size, size), axis=(2, 3))[:, :, ::stride, ::stride].max((4, 5))


def _linear(x, name):
    return x @ _weights[name + ".weight"].T + _weights[name + ".bias"]


def _plain(x):
    halving = (1, 3) if "conv4.weight" in _weights else (1, 2)
    number = 1
    while f"conv{number}.weight" in _weights:
        x = _relu(_normalised(_convolution(x, f"conv{number}"), f"bn{number}"))
        if number in halving:
            x = _largest(x, 2, 2, 0)
        number += 1
    return _linear(_relu(_linear(x.reshape(len(x), -1), "fc1")), "fc2")


def _block(x, name, stride):
    y = _relu(_normalised(_convolution(x, name + ".conv1", stride), name + ".bn1"))
    y = _normalised(_convolution(y, name + ".conv2"), name + ".bn2")
    if name + ".downsample.0.weight" in _weights:
        x = _normalised(_convolution(x, name + ".downsample.0", stride), name + ".downsample.1")
    return _relu(y + x)


def _residual(x):
    wide = _weights["conv1.weight"].shape[2] == 7
    x = _relu(_normalised(_convolution(x, "conv1", 2 if wide else 1), "bn1"))
    if wide:
        x = _largest(x, 3, 2, 1)
    stage = 1
    while f"layer{stage}.0.conv1.weight" in _weights:
        block = 0
        while f"layer{stage}.{block}.conv1.weight" in _weights:
            x = _block(x, f"layer{stage}.{block}", 2 if stage > 1 and block == 0 else 1)
            block += 1
        stage += 1
    return _linear(x.mean((2, 3)), "fc")


def probabilities_of(images):
    """The probability of each letter [images, letters], of images as bytes."""
    images = np.asarray(images)
    channels, height, width = shape
    expected = (height, width) if channels == 1 else (height, width, channels)
    if images.dtype != np.uint8 or images.shape[1:] != expected:
        raise ValueError(f"found {images.dtype} {images.shape}; expected uint8 (images, {', '.join(map(str, expected))})")
    x = images[:, None] if channels == 1 else images.transpose(0, 3, 1, 2)
    x = x.astype(np.float32) / np.float32(255)
    x = (x - _weights["mean"][:, None, None]) / _weights["deviation"][:, None, None]
    network = _plain if "fc1.weight" in _weights else _residual
    raw = np.concatenate([network(x[i : i + 256]) for i in range(0, len(x), 256)] or [np.empty((0, len(letters)))]).astype(np.float64)
    shares = np.exp(raw - raw.max(1, keepdims=True)) if len(raw) else raw
    return shares / shares.sum(1, keepdims=True)


def read(images):
    """The likeliest letter of every image, and the probabilities of all of them."""
    probabilities = probabilities_of(images)
    return letters[probabilities.argmax(1)], probabilities


# The formulas of the outputs.
#FORMULAS#

#: The words that outputs stand for, where they are words.
words = {}  #WORDS#


def _said(value, said):
    """An output as text: the word whose number it is but for rounding, to within 1e-6, else a number of 12 digits."""
    place = np.round(value)
    return said[int(place)] if abs(place - value) <= 1e-6 and 0 <= place < len(said) else f"{value:.12g}"


def predict(rows):
    """The likeliest value of every output [rows], by name."""
    rows = np.asarray(rows)
    count, variables = rows.shape[:2]
    shares = probabilities_of(rows.reshape(-1, *rows.shape[2:])).reshape(count, variables, len(letters))
    places = np.array(list(product(range(len(letters)), repeat=variables)))
    result = {}
    for name, formula in formulas.items():
        values = np.array([formula(*letters[each]) for each in places], dtype=float)
        different, which = np.unique(np.round(values, 9), return_inverse=True)
        chances = np.zeros((count, len(different)))
        for row in range(count):
            joint = shares[row, 0]
            for v in range(1, variables):
                joint = np.multiply.outer(joint, shares[row, v])
            chances[row] = np.bincount(which.ravel(), joint.ravel(), len(different))
        likeliest = different[chances.argmax(1)]
        said = words.get(name)
        result[name] = np.array([_said(each, said) for each in likeliest]) if said else likeliest
    return result
