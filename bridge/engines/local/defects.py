"""Faults of the sensor that are no dust: hot and dead pixels, columns and rows."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d, minimum_filter1d

from bridge.engines.local.background import Ratio
from bridge.engines.local.noise import Gridded
from bridge.frame import Flags, Plane
from bridge.parallel import ROWS, Stripe, in_order, stripes

OUTLIER = 6.0
"""A pixel that misses its neighbourhood by this many standard deviations may be hot or dead."""

SPAN, SPANS = 16, 9
"""A column's fault is measured on means of so many rows, and as the median of so many of those."""

LINE = 6.0
"""A line that misses its neighbours by this many standard deviations has a fault."""

LEAST_LINE = 2e-3
"""Weaker faults of a line, as a share of the light, do no harm."""

AROUND = 12
"""How far, in px, a faulty column is alone."""

LOOKS = 3
"""How often faults are looked for, each time with those found so far mended."""

MOST = 0.05
"""Where a larger share of all lines had faults, it is the scene that is striped."""


def lines(ratio: Plane | Ratio) -> Flags:
    """Return which pixels of ``ratio`` lie in columns or rows unlike their neighbours.

    Dust is never so straight: a fault is one or two pixels wide and over 140 px long. Pixels that
    are not finite count as 1.
    """
    height, width = ratio.shape
    down, across = (np.arange(0, max(length - SPAN, 0) + 1, SPAN) for length in ratio.shape)
    columns = np.empty((down.size, width), np.float32)
    rows = np.empty((across.size, height), np.float32)
    many = max(1, ROWS // SPAN)

    def work(first: int) -> None:
        spans = slice(first, first + many)
        end = height if first + many >= down.size else int(down[first + many])
        here = slice(int(down[first]), end)
        part = ratio[here, slice(0, width)]
        part = np.where(np.isfinite(part), part, np.float32(1))
        columns[spans] = np.add.reduceat(part, down[spans] - here.start, axis=0)
        rows[:, here] = np.add.reduceat(part, across, axis=1).T

    for _ in in_order(work, list(range(0, down.size, many))):
        pass
    faulty, turned = _lasting(columns, down, height), _lasting(rows, across, width)
    if turned.any():
        faulty |= turned.T
    return faulty


def _lasting(sums: Plane, starts: NDArray[np.intp], length: int) -> Flags:
    """Return which columns have a fault, and where, of the sums over spans of a column's pixels."""
    width = sums.shape[1]
    if length < SPAN * SPANS or width < 2 * AROUND + 2:
        return np.zeros((length, width), bool)
    lengths = np.diff(np.append(starts, length))
    means: Plane = np.asarray(sums / lengths[:, None].astype(np.float32), np.float32)
    found = np.zeros(means.shape, bool)
    for _ in range(LOOKS):
        fresh = _faults(means) & ~found
        if not fresh.any():
            break
        found |= fresh
        means = mended(means, found)  # a strong fault hides weaker ones beside it
    # What lasts less long than the median runs is chance.
    found = minimum_filter1d(found.view(np.uint8), SPANS, axis=0, mode="nearest")
    found = maximum_filter1d(found, SPANS + 2, axis=0, mode="nearest") > 0
    if np.mean(found) > MOST:
        return np.zeros((length, width), bool)
    return np.repeat(found, lengths, axis=0)


def _faults(means: Plane) -> Flags:
    """Return which columns miss those two px away on either side for long, and most of all."""
    around = np.pad(means, ((0, 0), (2, 2)), mode="reflect", reflect_type="odd")
    misses = means - (around[:, :-4] + around[:, 4:]) / 2
    scatter = 1.4826 * np.median(np.abs(misses), axis=1, keepdims=True)
    error = np.maximum(1.2533 * scatter / np.sqrt(SPANS), 1e-9)
    half = SPANS // 2
    lasting = _running_median(np.asarray(misses, np.float32))
    lasting = np.pad(lasting, ((half, half), (0, 0)), mode="edge")
    size = np.abs(lasting)
    # Beside a fault its neighbours miss it by half as much.
    greatest = maximum_filter1d(size, 5, axis=1, mode="nearest")
    found = (size > np.maximum(LINE * error, LEAST_LINE)) & (size > 0.75 * greatest)
    # Structure bends its surroundings as well; a fault is narrow and alone.
    rows, columns = np.nonzero(found)
    wide = np.pad(lasting, ((0, 0), (AROUND, AROUND)), mode="reflect")
    near = wide[rows[:, None], columns[:, None] + np.arange(2 * AROUND + 1)]
    miss = near[:, AROUND]
    sides = near[:, [AROUND - 1, AROUND + 1]] * np.sign(miss)[:, None]
    alone = np.abs(miss) > LINE * np.median(np.abs(near), axis=1)
    found[rows, columns] = alone & (sides.min(axis=1) < np.abs(miss) / 2)
    return np.asarray(found)


_EXCHANGES = (
    (1, 2), (4, 5), (7, 8), (0, 1), (3, 4), (6, 7), (1, 2), (4, 5), (7, 8), (0, 3), (5, 8), (4, 7),
    (3, 6), (1, 4), (2, 5), (4, 7), (2, 4), (4, 6), (2, 4),
)  # fmt: skip
"""Which two of nine values to put in order, one pair after the other, for the median to stand in
the middle (Paeth 1990): whole planes at a time, far faster than a selection for each."""


FEW = 512
"""Columns whose medians are taken at a time: they stay in a core's cache."""


def _running_median(values: Plane) -> Plane:
    """Return the medians of `SPANS` values each down the columns."""
    height = values.shape[0] - SPANS + 1
    found = np.empty((height, values.shape[1]), np.float32)
    for left in range(0, values.shape[1], FEW):
        some = np.s_[:, left : left + FEW]
        lines = [values[some][i : height + i] for i in range(SPANS)]
        for one, other in _EXCHANGES:
            low, high = np.minimum(lines[one], lines[other]), np.maximum(lines[one], lines[other])
            lines[one], lines[other] = low, high
        found[some] = lines[SPANS // 2]
    return found


def mended(ratio: Plane, faulty: Flags) -> Plane:
    """Return ``ratio`` with ``faulty`` pixels at the median of the others within 2 px.

    ``ratio`` itself where nothing is faulty.
    """
    if not faulty.any():
        return ratio
    rows, columns = np.nonzero(faulty)
    height, width = ratio.shape
    around = []
    for i in range(-2, 3):
        for j in range(-2, 3):
            y, x = rows + i, columns + j
            inside = (y >= 0) & (y < height) & (x >= 0) & (x < width)
            y, x = np.clip(y, 0, height - 1), np.clip(x, 0, width - 1)
            around.append(np.where(inside & ~faulty[y, x], ratio[y, x], np.float32(np.nan)))
    some = np.isfinite(around).any(axis=0)
    out = ratio.copy()
    out[rows[some], columns[some]] = np.nanmedian(np.stack(around)[:, some], axis=0)
    return out


Outliers = tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float32]]
"""Rows and columns of pixels, and the median of each one's neighbourhood."""


def lone_outliers(plane: Plane, bend: Plane, noise: Gridded) -> Outliers:
    """Return the lone hot and dead pixels of ``plane``, whose `bends` are given.

    A pixel is alone if it misses the 3x3 median by over 6 standard deviations and none of its eight
    neighbours does so on the same side.
    """

    def work(stripe: Stripe) -> Outliers:
        rows, _, _ = stripe
        sigma = np.maximum(noise.within((rows, slice(0, plane.shape[1]))), np.float32(1e-9))
        # A lone outlier bends by two thirds of itself.
        y, x = np.nonzero(np.abs(bend[rows]) > np.float32(0.5 * OUTLIER) * sigma)
        sigma = sigma[y, x]
        y += rows.start
        around = np.stack([_beside(plane, y + i, x + j) for i in (-1, 0, 1) for j in (-1, 0, 1)], 1)
        middle = np.median(around, axis=1)
        away = (around - middle[:, None]) / sigma[:, None]
        side = np.sign(away[:, 4])[:, None]
        beyond = away * side > OUTLIER
        lone = beyond[:, 4] & (np.count_nonzero(beyond, axis=1) == 1)
        return y[lone], x[lone], middle[lone]

    found = list(in_order(work, stripes(plane.shape[0])))
    rows, columns, middles = (np.concatenate(part) for part in zip(*found, strict=True))
    return rows, columns, middles


def _beside(plane: Plane, rows: NDArray[np.intp], columns: NDArray[np.intp]) -> Plane:
    """Return pixels at most one px beyond the border, where the plane is reflected."""
    places = []
    for at, length in zip((rows, columns), plane.shape, strict=True):
        if min(plane.shape) > 1:
            at = np.abs(at)
            at = np.minimum(at, 2 * (length - 1) - at)
        places.append(np.clip(at, 0, length - 1))
    return plane[places[0], places[1]]
