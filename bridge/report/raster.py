"""Planes to small pictures: area-mean shrinking, stretches, the factor's colors, PNG bytes.

Drawn with Pillow in its built-in font: no plotting library and
no font of the system, so the same planes give the same bytes.
"""

from __future__ import annotations

import io
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from bridge.frame import Plane, Planes

Pixels = NDArray[np.uint8]
"""(height, width) gray or (height, width, 3) color, 8 bit."""

_LEVEL_GRID: Final = 160  # points along the longer side on which the large-scale level is found
_LEVEL_SIGMA: Final = 8  # its smoothing, in such points

FACTOR_SCALES: Final = (0.01, 0.03, 0.10, 0.30)
"""How far from 1 the factor's colors may reach."""

_FACTOR_COLORS: Final = (  # darkened ... exactly 1 ... brightened; steep at first, for faint dust
    (-1.0, (238, 251, 255)),
    (-0.6, (112, 204, 250)),
    (-0.25, (40, 122, 208)),
    (-0.06, (26, 62, 116)),
    (0.0, (14, 17, 23)),
    (0.06, (98, 46, 26)),
    (0.25, (184, 80, 28)),
    (0.6, (248, 164, 66)),
    (1.0, (255, 246, 212)),
)


def shrunk_size(width: int, height: int, longest: int) -> tuple[int, int]:
    """Return (width, height) scaled down, never up, so that the longer side is ``longest`` px."""
    scale = min(1.0, longest / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


def shrink(planes: Planes, size: tuple[int, int]) -> Planes:
    """Return (channels, height, width) planes at ``size`` (width, height) by the mean over areas.

    Non-finite pixels count as 0. Averaging keeps dust that is far below the noise of one pixel.
    """
    return np.stack([_shrunk(plane, size) for plane in planes])


def _shrunk(plane: Plane, size: tuple[int, int]) -> Plane:
    finite = plane
    if not np.isfinite([plane.min(), plane.max()]).all():
        finite = np.where(np.isfinite(plane), plane, np.float32(0))
    if finite.shape[::-1] == size:
        return finite
    small = Image.fromarray(finite).resize(size, Image.Resampling.BOX)
    return np.asarray(small, dtype=np.float32)


def site_gains(plane: Plane) -> Plane:
    """Return the (2, 2) gains that bring the four sites of a color mosaic to their mean level.

    All are 1 where the sites' medians differ by less than 1 %, as without a mosaic they do.
    """
    ones = np.ones((2, 2), dtype=np.float32)
    if min(plane.shape) < 4:
        return ones
    step = 2 * max(1, int(np.sqrt(plane.size / 1e6)) // 2 + 1)
    levels = np.array([[_middle(plane[y::step, x::step]) for x in (0, 1)] for y in (0, 1)])
    if (levels <= 0).any() or levels.max() < 1.01 * levels.min():
        return ones
    gains: Plane = (levels.mean() / levels).astype(np.float32)
    return gains


def evened(planes: Planes, gains: list[Plane]) -> Planes:
    """Return planes with each 2x2 site multiplied by its plane's gain for it."""
    if all((gain == 1).all() for gain in gains):
        return planes
    even: Planes = np.stack([_gained(*pair) for pair in zip(planes, gains, strict=True)])
    return even


def _gained(plane: Plane, gains: Plane) -> Plane:
    height, width = plane.shape
    tiled = np.tile(gains, ((height + 1) // 2, (width + 1) // 2))
    even: Plane = plane * tiled[:height, :width]
    return even


def _middle(values: Plane) -> float:
    known = values[np.isfinite(values) & (values > 0)]
    return float(np.median(known)) if known.size else 0.0


Stretch = tuple[float, float, float]
"""Black point, white point and midtones balance (0.5 = linear)."""


def auto_stretch(planes: Planes) -> list[Stretch]:
    """Return per channel the stretch that puts the sky at a quarter of the way to white.

    The usual screen stretch: black 2.8 robust deviations under the median, midtones by the
    rational transfer function. Pixels at or below 0 (unknown) are left out.
    """
    stretches: list[Stretch] = []
    for plane in planes:
        known = plane[np.isfinite(plane) & (plane > 0)]
        if known.size == 0:
            stretches.append((0.0, 1.0, 0.5))
            continue
        middle = float(np.median(known))
        spread = 1.4826 * float(np.median(np.abs(known - middle)))
        black, white = max(0.0, middle - 2.8 * spread), float(known.max())
        if not black < middle < white:
            stretches.append((0.0, max(2 * white, 1e-9), 0.5))
            continue
        at = (middle - black) / (white - black)
        stretches.append((black, white, 0.75 * at / (0.5 * at + 0.25)))
    return stretches


def stretched(planes: Planes, stretches: list[Stretch]) -> Pixels:
    """Return planes as 8-bit pixels under one stretch per channel."""
    out = np.empty(planes.shape, dtype=np.float64)
    for plane, result, (black, white, balance) in zip(planes, out, stretches, strict=True):
        part = np.clip((plane - black) / (white - black), 0, 1)
        result[:] = (balance - 1) * part / ((2 * balance - 1) * part - balance)
    return as_pixels(out)


def as_pixels(values: NDArray[np.floating]) -> Pixels:
    """Return (channels, height, width) values in [0, 1] as 8-bit pixels; others are clipped."""
    eight = np.rint(np.clip(values, 0, 1) * 255).astype(np.uint8)
    return eight[0] if eight.shape[0] == 1 else np.ascontiguousarray(np.moveaxis(eight, 0, -1))


def smooth_level(planes: Planes) -> Planes:
    """Return the large-scale level of planes; pixels at or below 0 (unknown) are left out.

    Smoothed on a coarse grid that is continued beyond the borders as its slope goes on, so that
    the corners of a vignetted field keep their level.
    """
    height, width = planes.shape[1:]
    size = shrunk_size(width, height, _LEVEL_GRID)
    known = (planes > 0).astype(np.float32)
    totals, weights = shrink(planes * known, size), shrink(known, size)
    margin = tuple(min(3 * _LEVEL_SIGMA, length - 1) for length in totals.shape[1:])
    out = np.empty_like(planes)
    for level, total, weight in zip(out, totals, weights, strict=True):
        near, share = (ndimage.gaussian_filter(part, 2.0) for part in (total, weight))
        filled = np.where(weight > 0.5, total / np.maximum(weight, 0.5), near / (share + 1e-9))
        wide = np.pad(filled, [(m, m) for m in margin], mode="reflect", reflect_type="odd")
        smooth = ndimage.gaussian_filter(wide, _LEVEL_SIGMA)
        inner = smooth[tuple(slice(m, m + n) for m, n in zip(margin, total.shape, strict=True))]
        coarse = Image.fromarray(np.ascontiguousarray(inner, dtype=np.float32))
        level[:] = np.asarray(coarse.resize((width, height), Image.Resampling.BICUBIC))
    return out


def factor_scale(correction: Planes) -> float:
    """Return the smallest of `FACTOR_SCALES` that holds 95 % of the factors away from 1."""
    away = np.abs(correction[correction != 1] - 1)
    if away.size == 0:
        return FACTOR_SCALES[0]
    reach = float(np.quantile(away[:: max(1, away.size // 1_000_000)], 0.95))
    return scale_for(reach)


def scale_for(reach: float) -> float:
    """Return the smallest of `FACTOR_SCALES` that holds ``reach``, or the largest."""
    return next((scale for scale in FACTOR_SCALES if reach <= scale), FACTOR_SCALES[-1])


def factor_colors(correction: Planes, scale: float) -> Pixels:
    """Return the factor in diverging colors; of several channels the one farthest from 1 shows.

    Parameters
    ----------
    correction
        (channels, height, width) float32; exactly 1 is the nearly black middle.
    scale
        Distance from 1 at which the colors end.
    """
    away = correction - np.float32(1)
    farthest = np.take_along_axis(away, np.abs(away).argmax(axis=0)[None], axis=0)[0]
    place = np.clip(farthest / scale, -1, 1)
    stops = [at for at, _ in _FACTOR_COLORS]
    channels = [
        np.interp(place, stops, [color[channel] for _, color in _FACTOR_COLORS])
        for channel in range(3)
    ]
    pixels: Pixels = np.rint(np.stack(channels, axis=-1)).astype(np.uint8)
    return pixels


def jpeg(pixels: Pixels) -> bytes:
    """Return 8-bit gray or color pixels as JPEG bytes: a noisy scene in a third of a PNG's size."""
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG", quality=90, subsampling=0)
    return buffer.getvalue()


def png(pixels: Pixels) -> bytes:
    """Return 8-bit pixels (gray, color, or color with opacity) as PNG bytes."""
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG", compress_level=6)
    return buffer.getvalue()
