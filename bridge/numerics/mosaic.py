"""Color mosaics that were not debayered: recognised, evened out, taken apart into sites."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bridge.frame import Plane
from bridge.parallel import in_order

BLOCK = 36
"""Side, in px, of the squares whose phase levels are compared; holds whole 2x2 and 6x6 tiles."""

UNEQUAL = 0.005
"""Sites that differ by more than this share of the light are of different colors."""

CERTAIN = 8.0
"""And by more than this many standard errors, the largest of many differences being looked at."""

SITES = ((0, 0), (0, 1), (1, 0), (1, 1))
"""Row and column offsets of the four sites of a 2x2 mosaic."""


def is_bayer(plane: Plane) -> bool:
    """Tell whether the four 2x2 phases of ``plane`` (NaN ignored) have clearly different levels."""
    levels, error = _phase_levels(plane, 2)
    return bool(np.ptp(levels) > max(UNEQUAL, CERTAIN * error))


def is_xtrans(plane: Plane) -> bool:
    """Tell whether ``plane`` repeats every 6 pixels in a way that no 2x2 mosaic does."""
    levels, error = _phase_levels(plane, 6)
    tiles = levels.reshape(3, 2, 3, 2)
    odd = tiles - tiles.mean(axis=(0, 2), keepdims=True)
    return bool(np.ptp(odd) > max(4 * UNEQUAL, CERTAIN * error))


def split(plane: Plane) -> list[Plane]:
    """Return the four sites, each a plane of half the size (copies, in the order of `SITES`)."""
    return [np.ascontiguousarray(plane[row::2, column::2]) for row, column in SITES]


def join(sites: list[Plane], shape: tuple[int, int]) -> Plane:
    """Put the four sites back together; the inverse of `split`."""
    plane = np.empty(shape, np.float32)
    for (row, column), site in zip(SITES, sites, strict=True):
        plane[row::2, column::2] = site
    return plane


def even_out(plane: Plane) -> Plane:
    """Return ``plane`` with each site brought to the common level of its surroundings.

    What all sites share (vignetting, dust) stays; how each differs from the rest, smooth in place,
    is divided out. NaN stays NaN.
    """
    views = [plane[row::2, column::2] for row, column in SITES]
    levels = [_levels(site, BLOCK // 2) for site in views]
    rows, columns = (min(level.shape[axis] for level in levels) for axis in (0, 1))
    common = np.mean([level[:rows, :columns] for level in levels], axis=0)
    even = np.empty(plane.shape, np.float32)
    for (row, column), site, level in zip(SITES, views, levels, strict=True):
        gain = level[:rows, :columns] / np.where(common > 0, common, np.nan)
        known = np.isfinite(gain) & (gain > 0)
        gain[~known] = np.median(gain[known]) if known.any() else 1
        np.divide(site, _nearest_linear(gain, site.shape), out=even[row::2, column::2])
    return even


def _phase_levels(plane: Plane, period: int) -> tuple[NDArray[np.float64], float]:
    """Return each phase's level relative to its surroundings, (period, period), and its error.

    Medians over all squares; all levels are 1 where there is no whole lit square.
    """
    rows, columns = (length // BLOCK for length in plane.shape)
    tiles = BLOCK // period

    def work(row: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return each lit square's phase means, and how its samples depart from 1, squared."""
        band = plane[row * BLOCK : (row + 1) * BLOCK, : columns * BLOCK]
        squares = band.reshape(tiles, period, columns, tiles, period).transpose(2, 1, 4, 0, 3)
        squares = squares.reshape(columns, period, period, tiles * tiles)
        light = squares.mean(axis=(1, 2, 3), dtype=np.float64)
        lit = np.isfinite(light) & (light > 0)
        relative = squares[lit] / light[lit, None, None, None].astype(np.float32)
        means = relative.mean(axis=3, dtype=np.float64)
        relative -= 1
        return means, np.square(relative, out=relative).mean(axis=3, dtype=np.float64)

    found = list(in_order(work, list(range(rows))))
    means, squared = (
        np.concatenate([np.empty((0, period, period)), *part])
        for part in (zip(*found, strict=True) if found else ((), ()))
    )
    if not len(means):
        return np.ones((period, period)), 0.0
    count = len(means) * tiles * tiles
    variance = squared.mean(axis=0) - (means.mean(axis=0) - 1) ** 2
    scatter = float(np.sqrt(np.maximum(variance, 0)).max())
    return np.median(means, axis=0), 1.25 * scatter / float(np.sqrt(count))


def _levels(site: Plane, block: int) -> NDArray[np.float64]:
    """Return the mean of each square of about ``block`` samples; NaN where nothing is finite."""
    rows = np.linspace(0, site.shape[0], max(1, site.shape[0] // block) + 1).astype(int)
    columns = np.linspace(0, site.shape[1], max(1, site.shape[1] // block) + 1).astype(int)
    levels = np.full((len(rows) - 1, len(columns) - 1), np.nan)
    for i, j in np.ndindex(levels.shape):
        square = site[rows[i] : rows[i + 1], columns[j] : columns[j + 1]]
        finite = square[np.isfinite(square)]
        if finite.size:
            levels[i, j] = np.mean(finite, dtype=np.float64)
    return levels


def _nearest_linear(small: NDArray[np.float64], shape: tuple[int, ...]) -> Plane:
    """Return ``small`` interpolated linearly to ``shape``, constant beyond its outer centres."""
    if 0 in shape:  # the second site of a plane one pixel wide
        return np.empty(shape, np.float32)
    for axis in (0, 1):
        centres = (np.arange(small.shape[axis]) + 0.5) * shape[axis] / small.shape[axis]
        at = np.arange(shape[axis]) + 0.5
        small = np.apply_along_axis(
            lambda line, at=at, centres=centres: np.interp(at, centres, line), axis, small
        )
    return small.astype(np.float32)
