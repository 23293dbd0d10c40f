"""The image as every part of the bridge knows it, and the array conventions."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.float32]
"""One image plane, (height, width), float32, row 0 at the top."""

Planes = NDArray[np.float32]
"""Image planes, (channels, height, width), float32; 1 channel is gray, 3 are red, green, blue."""

Flags = NDArray[np.bool_]
"""One truth value per pixel, (height, width)."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the user should know that stops nothing.

    Parameters
    ----------
    code
        Short name for programs, such as ``clipped``.
    message
        The sentence shown to people.
    count
        How many pixels (or files) it concerns; 0 where counting makes no sense.
    """

    code: str
    message: str
    count: int = 0

    def to_json(self) -> dict[str, object]:
        """Return the notice as report.json and the HTTP answers show it."""
        return {"code": self.code, "message": self.message, "count": self.count}


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """Recorded pixels, divided by their full scale.

    Parameters
    ----------
    pixels
        (channels, height, width) float32 with 1 or 3 channels. Finite values lie in [0, 1]; NaN
        marks what was not finite in the file. Made read-only.
    sample_format
        As recorded: uint8, uint16, int16, uint32, int32, float32 or float64.
    full_scale
        The ADU value that means 1.0.
    warnings
        What reading noticed.
    """

    pixels: Planes
    sample_format: str = "float32"
    full_scale: float = 1.0
    warnings: tuple[Notice, ...] = ()

    def __post_init__(self) -> None:
        """Check the shape once, here, so that nothing behind it has to."""
        pixels = self.pixels
        if pixels.ndim != 3 or pixels.shape[0] not in (1, 3) or 0 in pixels.shape:
            raise ValueError(f"a frame is (1 or 3, height, width), not {pixels.shape}")
        if pixels.dtype != np.float32:
            raise ValueError(f"a frame holds float32, not {pixels.dtype}")
        pixels.setflags(write=False)

    @property
    def channels(self) -> int:
        """Number of planes: 1 or 3."""
        return int(self.pixels.shape[0])

    @property
    def height(self) -> int:
        """Rows."""
        return int(self.pixels.shape[1])

    @property
    def width(self) -> int:
        """Columns."""
        return int(self.pixels.shape[2])

    @property
    def digest(self) -> str:
        """SHA-256 of the shape and the little-endian float32 pixels, in hexadecimal."""
        return pixel_digest(self.channels, self.height, self.width, self.pixels)


def pixel_digest(channels: int, height: int, width: int, parts: Iterable[NDArray[Any]]) -> str:
    """Return `Frame.digest` of an image whose pixels come in parts, in their order.

    One part is hashed, on another core, while the next one is made; none may change afterwards.
    """
    sha = hashlib.sha256(repr((channels, height, width)).encode())
    with ThreadPoolExecutor(1) as hasher:
        hashed = hasher.submit(sha.update, b"")
        for part in parts:
            data = np.ascontiguousarray(part, dtype="<f4").data
            hashed.result()
            hashed = hasher.submit(sha.update, data)
        hashed.result()
    return sha.hexdigest()


@dataclass(frozen=True, slots=True)
class Outline:
    """What is known of a `Frame`, by the same names, without its pixels."""

    digest: str
    channels: int
    height: int
    width: int
    sample_format: str
    full_scale: float
    warnings: tuple[Notice, ...]
