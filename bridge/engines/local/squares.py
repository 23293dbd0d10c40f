"""Means of the squares that a plane is cut into."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from bridge.frame import Flags, Plane
from bridge.numerics.boxes import Box
from bridge.parallel import in_order


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
    plane: Plane, usable: Flags, cell: int, fall: Callable[[Box], Plane] | None = None
) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """Return the mean of the usable pixels of each square of ``cell`` px, and their number.

    The last row and column of squares may be cut off; a mean of no pixels is 0. What ``fall`` gives
    for a box of the plane is divided out first.
    """
    height, width = plane.shape
    rows, columns = (-(-length // cell) for length in plane.shape)
    sums = np.zeros((rows, columns))
    counts = np.zeros((rows, columns), np.intp)
    edges = np.arange(0, width, cell)

    def work(row: int) -> None:
        box = slice(row * cell, min((row + 1) * cell, height)), slice(0, width)
        seen = usable[box]
        light = plane[box] if fall is None else plane[box] / fall(box)
        light = np.where(seen, light, 0).sum(axis=0, dtype=np.float64)
        sums[row] = np.add.reduceat(light, edges)
        counts[row] = np.add.reduceat(np.count_nonzero(seen, axis=0), edges)

    for _ in in_order(work, list(range(rows))):
        pass
    return sums / np.maximum(counts, 1), counts
