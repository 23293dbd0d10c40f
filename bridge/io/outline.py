"""What is known of an image in a file, found strip by strip: none of it stays in memory."""

from __future__ import annotations

from collections.abc import Iterator
from io import BufferedReader, FileIO
from pathlib import Path
from typing import Final

import numpy as np

from bridge.frame import Frame, Outline, Planes, pixel_digest
from bridge.io.cards import Unit
from bridge.io.fits_in import image_unit, is_bottom_up, recorded, stored_type
from bridge.io.samples import (
    Samples,
    divided,
    divisor_for,
    notices_of,
    peak_of,
    planes_shape,
    told_scale,
    unknown_of,
)
from bridge.io.source import begins_as_fits, opened, read_image

STRIP: Final = 2**18
"""Pixels of a strip: what is made of them on the way to the digest stays in a core's cache."""


def outline_of(path: Path, name: str) -> Outline | Frame:
    """Return what `read_image` would, without the pixels where that can be; same errors.

    A large image takes several times its size in memory otherwise, and memory takes time.
    """
    if begins_as_fits(path):
        with opened(path) as raw:
            data = _Slices(raw)
            unit = image_unit(data, name)
            if not unit.is_compressed:
                return _outline(data, unit, name)
    return read_image(path, name=name)


class _Slices:
    """A file of which parts are read as if its bytes were there."""

    def __init__(self, file: FileIO) -> None:
        self._file = BufferedReader(file)
        self._size = file.seek(0, 2)

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, part: slice) -> bytes:
        start, stop, _ = part.indices(self._size)
        self._file.seek(start)
        return self._file.read(max(0, stop - start))


def _outline(data: _Slices, unit: Unit, name: str) -> Outline:
    shape = planes_shape(unit.image_shape, name)
    peak = 0.0
    for strip in _strips(data, unit, shape):
        example = strip
        if strip.values.dtype.kind in "iu":
            break  # their full scale is known
        peak = max(peak, peak_of(strip, unknown_of(strip)))
    divisor = divisor_for(example, peak, name)
    counts = np.zeros(2, np.int64)

    def parts() -> Iterator[Planes]:
        for strip in _strips(data, unit, shape):
            pixels, missing, negative = divided(strip, unknown_of(strip), divisor)
            counts[:] += missing, negative
            yield pixels

    digest = pixel_digest(*shape, parts())
    missing, negative = counts.tolist()
    warnings = tuple(notices_of(missing, negative, shape[0] * shape[1] * shape[2], name))
    scale = told_scale(example, divisor)
    return Outline(digest, *shape, example.sample_format, scale, warnings)


def _strips(data: _Slices, unit: Unit, shape: tuple[int, int, int]) -> Iterator[Samples]:
    """Yield the image from its top to its bottom, plane by plane."""
    channels, height, width = shape
    dtype, rows = stored_type(unit), max(1, STRIP // width)
    for plane in range(channels):
        for top in range(0, height, rows):
            count = min(rows, height - top)
            first = plane * height + (height - top - count if is_bottom_up(unit) else top)
            start = unit.data_start + first * width * dtype.itemsize
            part = data[start : start + count * width * dtype.itemsize]
            raw = np.frombuffer(part, dtype).astype(dtype.newbyteorder("="))
            yield recorded(raw.reshape(1, count, width), unit)
