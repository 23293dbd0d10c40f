"""What can be measured of one shadow and of a flat's noise: arrays in, numbers out."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from bridge.frame import Flags, Plane, Planes
from bridge.numerics.boxes import Box, grow

NOTHING_KNOWN: Final = 1.0
"""Uncertainty where no clean pixel is left to learn from."""

_MAD_TO_SIGMA: Final = 1.4826
_SAMPLE: Final = 2_000_000  # pixels that settle a frame's noise to better than a percent
_SECTORS: Final = 12
_CELL: Final = 6  # pixels that make a median worth having
_RING_GRID: Final = 192  # a ring is looked at on a grid of about this many points a side


def depth(correction: Plane, piece: Flags, diameter: float) -> float:
    """Return 1 - the lowest correction inside a piece, not fooled by single pixels.

    The correction goes through a 3x3 median first, which removes single hot or dead pixels, and in
    pieces wider than 16 px through a Gaussian of diameter / 32 px (at most 4 px) as well, so that
    the lowest of many noisy pixels is not mistaken for depth.

    Parameters
    ----------
    correction
        (height, width) float32, finite: the rectangle around the piece.
    piece
        (height, width), True where the piece is; at least one pixel.
    diameter
        Equivalent diameter of the piece, px.

    Returns
    -------
    float
        A fraction; 0 or less where nothing in the piece is darkened.
    """
    calm = ndimage.median_filter(correction, size=3, mode="nearest")
    if diameter > 16:
        calm = ndimage.gaussian_filter(calm, min(diameter / 32, 4.0), mode="nearest")
    return 1.0 - float(calm[piece].min())


def darkness(level: Plane, clean: Flags, piece: Flags, box: Box, diameter: float) -> float:
    """Return how much darker a piece is than the clean pixels around it: medians, as a fraction.

    Parameters are those of `uncertainty`; 0 where nothing is known.
    """
    y, x = np.nonzero(piece)
    y, x = y + box[0].start, x + box[1].start
    reach = max(8, int(diameter / 2))
    near_y, near_x = _ring(clean, piece, box, grow(box, reach, level.shape), reach)
    away = ~_in_piece(near_y, near_x, piece, box)
    count = y.size
    y, x = np.r_[y, near_y[away]], np.r_[x, near_x[away]]
    values = _without_mosaic(level[y, x], y, x)
    inside, outside = values[:count], values[count:]
    inside, outside = (part[np.isfinite(part) & (part > 0)] for part in (inside, outside))
    if not inside.size or not outside.size:
        return 0.0
    return 1.0 - float(np.median(inside) / np.median(outside))


def uncertainty(level: Plane, clean: Flags, piece: Flags, box: Box, diameter: float) -> float:
    """Return the standard error of the dust-free level predicted inside a piece, relative.

    The clean pixels around the piece, as far out as half its diameter (at least 16 px), are cut
    into 12 sectors of a near and a far half each. A smooth level (second order) through the medians
    of all cells but one predicts the one left out; the misses, taken robustly (median of their
    sizes, as a standard deviation), say how far a smooth level is off there: by noise where the
    field is smooth, by structure where it is not.

    Parameters
    ----------
    level
        (height, width) float32: the whole flat, one channel; non-finite and non-positive pixels
        are left out. The four sites of a color mosaic may have levels of their own.
    clean
        (height, width): True where no mask touches the flat.
    piece, box
        The piece within its rectangle ``box`` of the flat.
    diameter
        Equivalent diameter of the piece, px.

    Returns
    -------
    float
        A fraction >= 0; `NOTHING_KNOWN` where too few clean pixels lie around the piece.
    """
    reach = max(16, int(diameter / 2))
    for margin in (reach, 2 * reach, 4 * reach):
        around = grow(box, margin, level.shape)
        y, x = _ring(clean, piece, box, around, margin)
        values = _without_mosaic(level[y, x], y, x)
        seen = np.isfinite(values) & (values > 0)
        miss = _left_out_miss(values[seen], y[seen].astype(float), x[seen].astype(float), around)
        if miss is not None:
            return min(miss, NOTHING_KNOWN)
    return NOTHING_KNOWN


def noise(flat: Planes, clean: Flags) -> float:
    """Return the relative noise of single clean pixels, in the noisiest channel.

    From second differences along rows, two columns apart so that both neighbors of a mosaic pixel
    have its color: slopes cancel, and the median of their sizes passes over edges and outliers.

    Parameters
    ----------
    flat
        (channels, height, width) float32; pixels that are not finite and positive are left out.
    clean
        (height, width): True where no mask touches the flat.

    Returns
    -------
    float
        A fraction >= 0; 0 where nothing can be measured.
    """
    step = max(1, clean.size // _SAMPLE)
    usable = clean[::step]
    return max(_row_noise(plane[::step], usable) for plane in flat)


def _row_noise(rows: Plane, clean: Flags) -> float:
    good = clean & np.isfinite(rows) & (rows > 0)
    triple = good[:, :-4] & good[:, 2:-2] & good[:, 4:]
    left, middle, right = (rows[:, cut][triple] for cut in _TRIPLE)
    if middle.size == 0:
        return 0.0
    bend = (left + right) / 2 - middle
    # the bend's variance is 1.5 times a pixel's
    return _MAD_TO_SIGMA * float(np.median(np.abs(bend / middle))) / float(np.sqrt(1.5))


_TRIPLE: Final = (slice(None, -4), slice(2, -2), slice(4, None))

Places = NDArray[np.intp]


def _ring(clean: Flags, piece: Flags, box: Box, around: Box, reach: int) -> tuple[Places, Places]:
    """Return rows and columns of clean pixels within ``reach`` of the piece, thinned when many."""
    rows, columns = around
    step = max(1, max(rows.stop - rows.start, columns.stop - columns.start) // _RING_GRID)
    here = np.zeros((rows.stop - rows.start, columns.stop - columns.start), dtype=bool)
    top, left = box[0].start - rows.start, box[1].start - columns.start
    here[top : top + piece.shape[0], left : left + piece.shape[1]] = piece
    thin = here[::step, ::step]
    if not thin.any():  # a thread of dust that the thinning stepped over
        ys, xs = np.nonzero(here)
        thin[ys // step, xs // step] = True
    near = ndimage.distance_transform_edt(~thin) * step <= reach
    y, x = np.nonzero(near & clean[around][::step, ::step])
    return y * step + rows.start, x * step + columns.start


def _in_piece(y: Places, x: Places, piece: Flags, box: Box) -> Flags:
    rows, columns = box
    found = (y >= rows.start) & (y < rows.stop) & (x >= columns.start) & (x < columns.stop)
    found[found] = piece[y[found] - rows.start, x[found] - columns.start]
    return np.asarray(found)


def _without_mosaic(values: Plane, y: Places, x: Places) -> NDArray[np.float64]:
    """Return ``values`` with each 2x2 site scaled to the median of all."""
    even = values.astype(np.float64)
    if even.size == 0:
        return even
    middle = np.nanmedian(even) if np.isfinite(even).any() else 1.0
    site = (y % 2) * 2 + x % 2
    for which in range(4):
        here = site == which
        own = np.nanmedian(even[here]) if np.isfinite(even[here]).any() else 0.0
        if own > 0:
            even[here] *= middle / own
    return even


def _left_out_miss(
    values: NDArray[np.float64], y: NDArray[np.float64], x: NDArray[np.float64], around: Box
) -> float | None:
    """Return the robust relative miss of each cell's level predicted by the others."""
    rows, columns = around
    y = (y - (rows.start + rows.stop - 1) / 2) / (rows.stop - rows.start)
    x = (x - (columns.start + columns.stop - 1) / 2) / (columns.stop - columns.start)
    sector = ((np.arctan2(y, x) / (2 * np.pi) + 0.5) * _SECTORS).astype(int) % _SECTORS
    cells = []
    for which in range(_SECTORS):
        (here,) = np.nonzero(sector == which)
        if here.size >= 2 * _CELL:
            by_distance = here[np.argsort(np.hypot(y[here], x[here]), kind="stable")]
            cells += np.array_split(by_distance, 2)
    if len(cells) < _SECTORS:
        return None
    levels = np.array([np.median(values[here]) for here in cells])
    v, u = np.array([(y[here].mean(), x[here].mean()) for here in cells]).T
    design = np.stack([np.ones_like(u), u, v, u * u, u * v, v * v], axis=1)
    hat = design @ np.linalg.pinv(design)
    left_out = (levels - hat @ levels) / np.maximum(1 - np.diag(hat), 0.05)
    return _MAD_TO_SIGMA * float(np.median(np.abs(left_out)) / np.median(levels))
