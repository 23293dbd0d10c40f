"""Faults of the sensor that are no dust: hot and dead pixels, columns and rows."""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy.ndimage import maximum_filter1d, minimum_filter1d

from bridge.engines.local.noise import Gridded
from bridge.frame import Flags, Plane
from bridge.parallel import stripes

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


def lines(ratio: Plane) -> Flags:
    """Return which pixels of ``ratio`` (finite) lie in columns or rows unlike their neighbours.

    Dust is never so straight: a fault is one or two pixels wide and over 140 px long.
    """
    return _columns(ratio) | _columns(ratio.T).T


def _columns(ratio: Plane) -> Flags:
    height, width = ratio.shape
    if height < SPAN * SPANS or width < 2 * AROUND + 2:
        return np.zeros(ratio.shape, bool)
    starts = np.arange(0, height - SPAN + 1, SPAN)
    lengths = np.diff(np.append(starts, height))
    means: Plane = np.add.reduceat(ratio, starts, axis=0)
    means /= lengths[:, None].astype(np.float32)
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
        return np.zeros(ratio.shape, bool)
    return np.repeat(found, lengths, axis=0)


def _faults(means: Plane) -> Flags:
    """Return which columns miss those two px away on either side for long, and most of all."""
    around = np.pad(means, ((0, 0), (2, 2)), mode="reflect", reflect_type="odd")
    misses = means - (around[:, :-4] + around[:, 4:]) / 2
    scatter = 1.4826 * np.median(np.abs(misses), axis=1, keepdims=True)
    error = np.maximum(1.2533 * scatter / np.sqrt(SPANS), 1e-9)
    half = SPANS // 2
    lasting = np.median(sliding_window_view(misses, SPANS, axis=0), axis=2)
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


def mended(ratio: Plane, faulty: Flags) -> Plane:
    """Return ``ratio`` with ``faulty`` pixels at the median of the others within 2 px."""
    out = ratio.copy()
    rows, columns = np.nonzero(faulty)
    if rows.size:
        sound = np.pad(np.where(faulty, np.float32(np.nan), ratio), 2, constant_values=np.nan)
        around = np.stack([sound[rows + i, columns + j] for i in range(5) for j in range(5)])
        some = np.isfinite(around).any(axis=0)
        out[rows[some], columns[some]] = np.nanmedian(around[:, some], axis=0)
    return out


def without_outliers(plane: Plane, bend: Plane, noise: Gridded) -> Plane:
    """Return ``plane`` with lone hot and dead pixels at the median of their neighbourhood.

    A pixel is alone if it misses the 3x3 median by over 6 standard deviations and none of its eight
    neighbours does so on the same side.
    """
    out = plane.copy()
    padded = np.pad(plane, 1, mode="reflect") if min(plane.shape) > 1 else np.pad(plane, 1, "edge")
    for rows, _, _ in stripes(plane.shape[0]):
        sigma = np.maximum(noise.within((rows, slice(0, plane.shape[1]))), np.float32(1e-9))
        # A lone outlier bends by two thirds of itself.
        y, x = np.nonzero(np.abs(bend[rows]) > np.float32(0.5 * OUTLIER) * sigma)
        if not y.size:
            continue
        around = np.stack(
            [padded[y + rows.start + i, x + j] for i in range(3) for j in range(3)], axis=1
        )
        middle = np.median(around, axis=1)
        away = (around - middle[:, None]) / sigma[y, x][:, None]
        side = np.sign(away[:, 4])[:, None]
        beyond = away * side > OUTLIER
        lone = beyond[:, 4] & (np.count_nonzero(beyond, axis=1) == 1)
        out[y[lone] + rows.start, x[lone]] = middle[lone]
    return out
