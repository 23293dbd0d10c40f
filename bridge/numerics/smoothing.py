"""Step 6, between ratio and factor: the ratio of flat and dust-free flat without their noise.

Dust shows through the blur of its own distance; noise and pixel response do not. How far the ratio
can be smoothed before that blurs dust is told by Stein's unbiased estimate of the error (Stein
1981; for kernel smoothers Efron 2004), place by place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter, maximum_filter, median_filter, minimum_filter

from bridge.frame import Flags, Notice, Plane
from bridge.numerics import mosaic
from bridge.numerics.boxes import Box, grow, pieces, within
from bridge.parallel import in_order

WIDTHS = (0.7, 1.0, 1.4, 2.0, 2.8, 4.0, 5.6, 8.0)
"""Sigmas of the Gaussians tried, px; also no smoothing at all."""

LOCAL = 4.0
"""Sigma, px, of the surroundings over which an error is estimated."""

SOFT = 0.03
"""Errors that differ by this share of the noise's variance count almost alike."""

LOWEST, HIGHEST = 0.2, 1.5
"""The factor of no dust lies beyond these."""

OUTLIER = 6.0
"""A pixel that misses its neighbourhood by this many standard deviations is hot or dead."""

NEIGHBOURS = np.array([[1, 1, 1], [1, 0, 1], [1, 1, 1]], bool)

TILE, HALO = 1024, 96
"""A large piece is worked on in squares, px, with so much around them."""

AROUND = 16
"""Px around a shadow in which noise is measured."""

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Smoothed:
    """A ratio without noise.

    Parameters
    ----------
    ratio
        Shape of the ratio given.
    outliers
        How many hot or dead pixels took the value of their neighbourhood.
    bounded
        How many values beyond the bounds were set to them.
    """

    ratio: Plane
    outliers: int
    bounded: int


def smooth_channel(
    ratio: Plane, flat: Plane, mask: Plane, sites: bool, width: float | None = None
) -> Smoothed:
    """Return the ratio of one channel, or of a mosaic's sites, without noise.

    Parameters
    ----------
    ratio, flat
        (height, width) float32; the ratio is 1 where there is none.
    mask
        (height, width) float32 in [0, 1].
    sites
        Whether the plane is a color mosaic, whose sites are smoothed each for itself.
    width
        See `smooth_ratio`.
    """
    if not sites:
        return smooth_ratio(ratio, flat, (mask > 0) & (ratio != 1), width)
    out = np.empty_like(ratio)
    outliers = bounded = 0
    for row, column in mosaic.SITES:
        site = np.s_[row::2, column::2]
        part, light = (np.ascontiguousarray(plane[site]) for plane in (ratio, flat))
        done = smooth_ratio(part, light, (mask[site] > 0) & (part != 1), width)
        out[site] = done.ratio
        outliers, bounded = outliers + done.outliers, bounded + done.bounded
    return Smoothed(out, outliers, bounded)


def told(outliers: int, bounded: int) -> list[Notice]:
    """Return what there is to say of so many outliers and bounded values."""
    notices = []
    if outliers:
        text = "Hot and dead pixels inside shadows took the factor of their surroundings."
        notices.append(Notice("outliers", text, outliers))
    if bounded:
        text = f"Factors beyond {LOWEST} and {HIGHEST} were set to these."
        notices.append(Notice("bounded", text, bounded))
    return notices


def smooth_ratio(ratio: Plane, flat: Plane, inside: Flags, width: float | None = None) -> Smoothed:
    """Return ``ratio`` smoothed within each piece of ``inside``, and bounded.

    Parameters
    ----------
    ratio
        (height, width) float32, finite and positive; 1 where nothing is known.
    flat
        (height, width) float32; its noise outside ``inside`` is the ratio's. NaN where unknown.
    inside
        Where the mask is above 0. Nothing outside is looked at for the ratio, or changed.
    width
        Sigma, px, of a Gaussian; by default what the data allow, place by place.
    """
    out = ratio.copy()
    outliers = bounded = 0
    if not inside.any():
        return Smoothed(out, outliers, bounded)

    def smoothed(one: tuple[Box, Flags]) -> tuple[int, int]:
        box, piece = one
        around = grow(box, AROUND, ratio.shape)
        noise = _typical(_noise(flat[part], ~inside[part]) for part in _tiles(around))
        outliers = bounded = 0
        for part in _tiles(box):
            # A large piece is worked on in parts, each with as much around it as it looks at.
            here = _beyond(part, box)
            own, wide = within(part, here), within(here, box)
            mine = piece[wide]
            values = ratio[here].astype(np.float64)
            lone = _lone(values, mine, noise)
            if lone.any():
                values[lone] = median_filter(values, 3)[lone]
            if width is None:
                best = _least_error(values, mine, noise)
            else:
                best = _mean(values, mine, width)
            kept = np.clip(best, LOWEST, HIGHEST)
            outliers += int(np.count_nonzero(lone[own]))
            bounded += int(np.count_nonzero(((kept != best) & mine)[own]))
            out[part][mine[own]] = kept[own][mine[own]]
        return outliers, bounded

    for more, beyond in in_order(smoothed, list(pieces(inside))):
        outliers, bounded = outliers + more, bounded + beyond
    return Smoothed(out, outliers, bounded)


def _tiles(box: Box) -> Iterator[Box]:
    """Yield the parts that ``box`` is worked on in."""
    rows, columns = box
    for top in range(rows.start, rows.stop, TILE):
        for left in range(columns.start, columns.stop, TILE):
            yield (
                slice(top, min(top + TILE, rows.stop)),
                slice(left, min(left + TILE, columns.stop)),
            )


def _beyond(part: Box, box: Box) -> Box:
    """Return ``part`` of ``box`` with what lies around it, within the box."""
    rows, columns = (
        slice(max(outer.start, side.start - HALO), min(outer.stop, side.stop + HALO))
        for side, outer in zip(part, box, strict=True)
    )
    return rows, columns


def _typical(noises: Iterable[float]) -> float:
    known = [noise for noise in noises if noise > 0]
    return float(np.median(known)) if known else 0.0


def _least_error(values: Array, piece: Flags, noise: float) -> Array:
    """Return, at each place, the values smoothed so that the estimated error is least."""
    if noise <= 0:
        return values
    share = piece.astype(np.float64)
    near = np.maximum(gaussian_filter(share, LOCAL, mode="constant"), 1e-9)
    # Pixel response and shot noise are shares of the light that comes through.
    variance = (noise * np.clip(_mean(values, piece, 1.0), LOWEST, HIGHEST)) ** 2
    least, total, mixed = variance, np.ones_like(values), values.copy()
    for width in WIDTHS:
        weight = np.maximum(gaussian_filter(share, width, mode="constant"), 1e-9)
        calm = gaussian_filter(values * share, width, mode="constant") / weight
        # What smoothing took is smoothed and given back (twicing, Tukey 1977): edges keep more.
        calm += gaussian_filter((values - calm) * share, width, mode="constant") / weight
        # How much of a smooth value is the pixel's own.
        own = (2 * _centre(width) - _centre(np.sqrt(2) * width)) / weight
        error = (calm - values) ** 2 + (2 * own - 1) * variance
        error = gaussian_filter(error * share, LOCAL, mode="constant") / near
        # The better, the more it counts: a choice of one would jump where two are equally good.
        before, least = least, np.minimum(least, error)
        fade, weight = (np.exp((least - one) / (SOFT * variance)) for one in (before, error))
        total = total * fade + weight
        mixed = mixed * fade + weight * calm
    return np.asarray(mixed / total)


def _mean(values: Array, piece: Flags, width: float) -> Array:
    """Return the Gaussian mean of what lies in the piece."""
    share = piece.astype(np.float64)
    weight = np.maximum(gaussian_filter(share, width, mode="constant"), 1e-9)
    return np.asarray(gaussian_filter(values * share, width, mode="constant") / weight)


def _centre(width: float) -> float:
    """Return the middle value of the kernel that `gaussian_filter` uses."""
    reach = int(4 * width + 0.5)
    line = np.exp(-0.5 * (np.arange(-reach, reach + 1) / width) ** 2)
    return float(1 / line.sum() ** 2)


def _noise(flat: Plane, clean: Flags) -> float:
    """Return the relative noise of single pixels of ``flat`` where ``clean``; 0 if unknown.

    From second differences along both axes, blind to slopes (Immerkaer 1996).
    """
    good = clean & np.isfinite(flat) & (flat > 0)
    if min(flat.shape) < 3:
        return 0.0
    values = np.where(good, flat, 0).astype(np.float64)
    bend = values[:-2] - 2 * values[1:-1] + values[2:]
    bend = (bend[:, :-2] - 2 * bend[:, 1:-1] + bend[:, 2:]) / 6
    whole = np.ones(bend.shape, bool)
    for down in range(3):
        for across in range(3):
            whole &= good[down : down + bend.shape[0], across : across + bend.shape[1]]
    if np.count_nonzero(whole) < 50:
        return 0.0
    level = values[1:-1, 1:-1][whole]
    return 1.4826 * float(np.median(np.abs(bend[whole]) / level))


def _lone(values: Array, piece: Flags, noise: float) -> Flags:
    """Return the pixels of the piece that lie far beyond all their neighbours' range."""
    if noise <= 0:
        return np.zeros(piece.shape, bool)
    high, low = (
        one(values, footprint=NEIGHBOURS, mode="nearest")
        for one in (maximum_filter, minimum_filter)
    )
    beyond = np.maximum(values - high, low - values)
    return np.asarray(piece & (beyond > np.maximum(OUTLIER * noise, high - low)))
