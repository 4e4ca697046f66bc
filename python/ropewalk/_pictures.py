"""Images from what people have, as files that the library reads."""

from __future__ import annotations

import os
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .errors import input_error


class Gallery:
    """A folder of images: each is written once as PNG, and files that are given stay where they are."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._count = 0

    def file_of(self, image: Any) -> str:
        """The name of an image's file: of a path the path itself; arrays and PIL's images are written."""
        if isinstance(image, str | os.PathLike):
            path = Path(image).absolute()
            if not path.is_file():
                raise input_error(str(image), "no such file", "a file of PNG or JPEG")
            return str(path)
        name = self.folder / f"{self._count}.png"
        self._count += 1
        name.write_bytes(png(pixels_of(image)))
        return str(name)


def pixels_of(image: Any) -> NDArray[np.uint8]:
    """Grey [h, w] or colour [h, w, 3], from PIL's images, arrays and tensors, with channels first or last; floats are 0 to 1."""
    if hasattr(image, "convert") and hasattr(image, "mode"):
        image = image.convert("L" if image.mode in ("1", "L", "I;16") else "RGB")
    elif hasattr(image, "detach"):
        image = image.detach().cpu().numpy()
    array = np.asarray(image)
    if array.ndim == 3 and array.shape[0] in (1, 3) and array.shape[2] not in (1, 3):
        array = np.moveaxis(array, 0, -1)
    if array.ndim == 3 and array.shape[2] == 1:
        array = array[:, :, 0]
    if array.ndim not in (2, 3) or (array.ndim == 3 and array.shape[2] != 3) or not array.size:
        raise input_error("image", f"an array of shape {np.shape(image)}", "[h, w], [h, w, 3] or [3, h, w]")
    if array.dtype.kind == "f":
        if not (np.isfinite(array).all() and array.min() >= 0 and array.max() <= 1):
            raise input_error("image", "numbers beyond 0 to 1", "floats from 0 to 1, or whole numbers from 0 to 255")
        array = np.round(array * 255)
    elif array.dtype.kind == "b":
        array = array * 255
    elif array.dtype.kind not in "iu" or array.min() < 0 or array.max() > 255:
        raise input_error("image", f"values of type {array.dtype}", "floats from 0 to 1, or whole numbers from 0 to 255")
    return np.ascontiguousarray(array, dtype=np.uint8)


def png(pixels: NDArray[np.uint8]) -> bytes:
    """A PNG file of pixels [h, w] or [h, w, 3]."""
    height, width = pixels.shape[:2]
    colour = 0 if pixels.ndim == 2 else 2
    rows = np.concatenate([np.zeros((height, 1), np.uint8), pixels.reshape(height, -1)], axis=1)

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows.tobytes(), 1)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body
