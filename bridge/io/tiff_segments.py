"""The strips and tiles of a packed TIFF, each unpacked to no more than its pixels take.

tifffile unpacks whatever is there, and LZW only with a further package; Pillow brings a library
that knows it.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from math import prod
from typing import Any, Final

import numpy as np
import tifffile
from numpy.typing import NDArray

from bridge.io.inflate import inflated
from bridge.parallel import in_order

PLAIN: Final = 1
METHODS: Final = {
    5: "lzw",
    8: "zlib",
    32773: "packbits",
    32946: "zlib",
    34925: "lzma",
    50013: "zlib",
}
"""What can be unpacked, by the number that TIFF gives it."""

_FLOAT_PREDICTOR: Final = 3
_BY_PILLOW: Final = {"lzw": 5, "packbits": 32773}
_MIRRORED: Final = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


def unpacked_pixels(page: tifffile.TiffPage) -> NDArray[Any]:
    """Return a packed page's pixels: (planes, 1, height, width, samples), native byte order.

    Raises
    ------
    Exception
        Whatever the packages make of broken bytes.
    """
    method = METHODS[page.compression]
    is_mirrored = page.fillorder == 2
    is_predicted = page.predictor == _FLOAT_PREDICTOR and method != "packbits"
    assert page.dtype is not None
    dtype = page.dtype.newbyteorder(page.parent.byteorder)
    handle = page.parent.filehandle
    places = list(zip(page.dataoffsets, page.databytecounts, strict=True))

    def segment(index: int) -> tuple[NDArray[Any], tuple[int, ...]]:
        at, count = places[index]
        with handle.lock:
            handle.seek(at)
            data = handle.read(count)
        _, _, shape = page.decode(None, index)
        if is_mirrored:
            data = data.translate(_MIRRORED)
        data = _unpacked(data, method, prod(shape) * dtype.itemsize)
        if is_predicted:
            data = _unpredicted(data, shape, dtype)
        values, place, _ = page.decode(data, index)
        assert values is not None
        return values[0], place

    kept = page.compression, page.fillorder, page.predictor
    # By these, what `decode` is given is plain.
    page.compression, page.fillorder = PLAIN, 1
    if is_predicted or method == "packbits":  # where a predictor means nothing
        page.predictor = 1
    try:
        return _laid(in_order(segment, list(range(len(places)))), page.shaped)
    finally:
        page.compression, page.fillorder, page.predictor = kept


def _laid(
    segments: Iterator[tuple[NDArray[Any], tuple[int, ...]]], shape: tuple[int, ...]
) -> NDArray[Any]:
    """Return an array of ``shape`` from segments, each with where it begins; what overhangs is cut.

    It is made when the first segment is there: what cannot be unpacked takes no memory.
    """
    pixels: NDArray[Any] | None = None
    for values, (plane, _, row, column, _) in segments:
        if pixels is None:
            pixels = np.empty(shape, values.dtype)
        inside = pixels[plane, 0, row : row + len(values), column : column + values.shape[1]]
        inside[...] = values[: inside.shape[0], : inside.shape[1]]
    assert pixels is not None
    return pixels


def _unpacked(data: bytes, method: str, size: int) -> bytes:
    if method in _BY_PILLOW:
        return _by_pillow(data, _BY_PILLOW[method], size)
    return inflated(data, size, method)


def _unpredicted(data: bytes, shape: tuple[int, ...], dtype: np.dtype[Any]) -> bytes:
    """Undo the differences between floats, whose bytes stand apart, the highest first."""
    rows, samples, size = shape[1], shape[3], dtype.itemsize
    steps = np.frombuffer(data, np.uint8).reshape(rows, -1, samples)
    apart = np.cumsum(steps, axis=1, dtype=np.uint8).reshape(rows, size, -1)
    together = np.ascontiguousarray(np.moveaxis(apart, 1, 2))
    return together.view(dtype.newbyteorder(">")).astype(dtype).tobytes()


def _by_pillow(data: bytes, compression: int, size: int) -> bytes:
    """Unpack bytes as the one row of a TIFF of its own, ``size`` samples of 8 bits."""
    from PIL.TiffImagePlugin import TiffImageFile

    tags = {256: size, 257: 1, 258: 8, 259: compression, 262: 1, 273: 0, 277: 1, 279: len(data)}
    start = 8 + 2 + 12 * len(tags) + 4
    tags[273] = start
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags.items())
    head = b"II*\0" + struct.pack("<IH", 8, len(tags)) + entries
    return TiffImageFile(io.BytesIO(head.ljust(start, b"\0") + data)).tobytes()
