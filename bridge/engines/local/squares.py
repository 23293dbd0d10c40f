"""Means of the squares that a plane is cut into."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bridge.frame import Flags, Plane


def means(plane: Plane | Flags, step: int) -> Plane:
    """Return the means of squares of ``step`` px; the plane is whole steps high and wide."""
    rows, columns = (length // step for length in plane.shape)
    total: Plane = np.zeros((rows, columns), np.float32)
    for row in range(step):
        for column in range(step):
            total += plane[row::step, column::step]
    total /= np.float32(step * step)
    return total


def usable_means(
    plane: Plane, usable: Flags, cell: int
) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """Return the mean of the usable pixels of each square of ``cell`` px, and their number.

    The last row and column of squares may be cut off; a mean of no pixels is 0.
    """
    rows, columns = (-(-length // cell) for length in plane.shape)
    sums = np.zeros((rows, columns))
    counts = np.zeros((rows, columns), np.intp)
    edges = np.arange(0, plane.shape[1], cell)
    for row in range(rows):
        part = np.s_[row * cell : (row + 1) * cell]
        seen = usable[part]
        light = np.where(seen, plane[part], 0).sum(axis=0, dtype=np.float64)
        sums[row] = np.add.reduceat(light, edges)
        counts[row] = np.add.reduceat(np.count_nonzero(seen, axis=0), edges)
    return sums / np.maximum(counts, 1), counts
