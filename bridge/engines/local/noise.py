"""Noise, measured in the image itself: per pixel and per place."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import convolve, median_filter

from bridge.frame import Flags, Plane

BLOCK = 48
"""Side of the squares, in px, within which noise is taken as constant."""

LEAST_SHARE = 0.8
"""Quieter than this share of the median place is only what was smoothed or filled before."""

DIFFERENCES = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32) / 6
"""Blind to slopes and curvature along an axis, unit gain for white noise (Immerkaer 1996)."""


def pixel_noise(plane: Plane, usable: Flags) -> Plane:
    """Return the standard deviation of the noise from pixel to pixel, smooth in place."""
    measured = spread(convolve(plane, DIFFERENCES, mode="mirror"), usable, BLOCK)
    return np.maximum(measured, np.float32(LEAST_SHARE) * np.median(measured))


def without_outliers(plane: Plane, noise: Plane) -> Plane:
    """Return ``plane`` with lone hot and dead pixels at the median of their neighbourhood.

    A pixel is alone if it misses the 3x3 median by over 6 standard deviations and none of its eight
    neighbours does so on the same side.
    """
    middle = median_filter(plane, 3, mode="mirror")
    away = (plane - middle) / np.maximum(noise, 1e-9)
    lone = np.zeros(plane.shape, bool)
    for side in (away > 6, away < -6):
        lone |= side & (convolve(side.astype(np.uint8), np.ones((3, 3), np.uint8)) == 1)
    return np.where(lone, middle, plane)


def spread(values: NDArray[np.float32], usable: Flags, block: int) -> NDArray[np.float32]:
    """Return the robust standard deviation of ``values`` around each place.

    Measured in squares of ``block`` samples by the median absolute deviation of usable samples,
    steadied by a median over 3x3 squares, interpolated between them; 0 where nothing is usable.
    """
    height, width = values.shape
    rows = np.linspace(0, height, max(1, round(height / block)) + 1).astype(int)
    columns = np.linspace(0, width, max(1, round(width / block)) + 1).astype(int)
    squares = np.full((len(rows) - 1, len(columns) - 1), np.nan)
    for i, j in np.ndindex(squares.shape):
        here = np.s_[rows[i] : rows[i + 1], columns[j] : columns[j + 1]]
        sample = values[here][usable[here]]
        if sample.size > 0.3 * usable[here].size:
            squares[i, j] = 1.4826 * np.median(np.abs(sample - np.median(sample)))
    known = np.isfinite(squares)
    squares[~known] = np.median(squares[known]) if known.any() else 0.0
    return stretch(median_filter(squares, 3, mode="nearest"), values.shape)


def stretch(small: NDArray[np.floating], shape: tuple[int, ...]) -> NDArray[np.float32]:
    """Return ``small`` interpolated linearly to ``shape``, cell centres on cell centres."""
    rows, columns = (
        (np.arange(n) + 0.5) * m / n - 0.5 for n, m in zip(shape, small.shape, strict=True)
    )
    # Axis by axis: coordinate grids of the full size would cost more memory than the result.
    down = _along(small, rows)
    return np.asarray(_along(down.T, columns).T, np.float32)


def _along(small: NDArray[np.floating], at: NDArray[np.float64]) -> NDArray[np.float64]:
    low = np.clip(np.floor(at).astype(int), 0, small.shape[0] - 1)
    high = np.minimum(low + 1, small.shape[0] - 1)
    share = np.clip(at - low, 0, 1)[:, None]
    return np.asarray(small[low] * (1 - share) + small[high] * share)
