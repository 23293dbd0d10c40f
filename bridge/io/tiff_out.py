"""Planes to TIFF bytes."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import tifffile
from numpy.typing import NDArray

from bridge.frame import Planes
from bridge.io.files import write_file
from bridge.parallel import stripes


def tiff16_bytes(planes: Planes, *, one: int) -> tuple[bytes, int]:
    """Return a 16-bit TIFF in which ``one`` means 1.0, and how many values were clipped.

    Parameters
    ----------
    planes
        (channels, height, width) float32, finite, not negative.
    one
        65535 or 32768.
    """
    samples = np.empty(planes.shape, np.uint16)
    clipped = 0
    for rows, _, _ in stripes(planes.shape[1]):
        levels = np.rint(planes[:, rows].astype(np.float64) * one)
        clipped += int(np.count_nonzero(levels > 65535))
        samples[:, rows] = np.minimum(levels, 65535)
    return tiff_bytes(samples), clipped


def tiff_bytes(samples: NDArray[np.uint16]) -> bytes:
    """Return (channels, height, width) samples as an uncompressed gray or RGB TIFF."""
    file = io.BytesIO()
    gray = len(samples) == 1
    tifffile.imwrite(
        file,
        samples[0] if gray else np.moveaxis(samples, 0, -1),
        photometric="minisblack" if gray else "rgb",
        metadata=None,
        software="FlatBridge",
    )
    return file.getvalue()


def write_tiff16(path: Path, planes: Planes, *, one: int, force: bool = False) -> int:
    """Write `tiff16_bytes` to ``path`` and return how many values were clipped."""
    data, clipped = tiff16_bytes(planes, one=one)
    write_file(path, data, force=force)
    return clipped
