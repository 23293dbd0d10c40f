"""The pictures people judge a correction by; the same planes give the same bytes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from bridge.frame import Frame, Plane, Planes
from bridge.pipeline import Correction
from bridge.report import drawing, measure, raster
from bridge.report.figures import Figures, Shadow

_WIDE: Final = 1120  # longer side of the comparison, px
_SMALL: Final = 720  # longer side of the other pictures, px

CLOSE_UP: Final = 168
"""Longer side of a close-up as it is to be shown, px."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Before and after, and the numbered shadows to lay over them, of one size (px).

    ``flat`` and ``clean_flat`` are JPEG, freed from the large-scale level so that faint dust
    shows, in one stretch. ``outlines`` is PNG, transparent between the lines.
    """

    flat: bytes
    clean_flat: bytes
    outlines: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Pictures:
    """The stations of a correction, of one width (px); scenes are JPEG, the factor is PNG.

    Parameters
    ----------
    flat, clean_flat
        Before and after in one screen stretch.
    mask
        The flat freed from its large-scale level, under the mask in color and its outlines.
    reconstruction
        The reconstruction, freed and stretched like the flat under ``mask``.
    factor
        The factor in diverging colors, exactly 1 in the middle; has its color bar below.
    """

    flat: bytes
    mask: bytes
    reconstruction: bytes
    factor: bytes
    clean_flat: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class CloseUp:
    """One shadow before, its factor, and after, PNG, of one size (px).

    ``zoom`` is how many shown pixels make one recorded: 1 or more if the pictures hold recorded
    pixels and are to be enlarged by that whole number, less than 1 if they are shrunk.
    """

    shadow: Shadow
    flat: bytes
    factor: bytes
    clean_flat: bytes
    width: int
    height: int
    zoom: float
    factor_scale: float


def preview(planes: Planes | Plane, width: int, *, name: str = "flat") -> bytes:
    """Return planes as a PNG at most ``width`` px wide, never enlarged.

    Parameters
    ----------
    planes
        (channels, height, width) or (height, width) float32; non-finite pixels count as 0.
    width
        Px, at least 1.
    name
        Name of the plane as results carry it: ``mask`` and ``seed_mask`` are shown as they are,
        ``correction`` in diverging colors around 1, anything else under a screen stretch.
    """
    stack = planes if planes.ndim == 3 else planes[None]
    height, full = stack.shape[1:]
    width = max(1, min(width, full))
    size = (width, max(1, round(height * width / full)))
    if name in ("mask", "seed_mask"):
        return raster.png(raster.as_pixels(raster.shrink(stack, size)))
    if name == "correction":
        scale = raster.factor_scale(stack)
        return raster.png(raster.factor_colors(raster.shrink(stack, size), scale))
    even = raster.evened(stack, [raster.site_gains(plane) for plane in stack])
    small = raster.shrink(even, size)
    return raster.png(raster.stretched(small, raster.auto_stretch(small)))


def comparison(frame: Frame, result: Correction, figures: Figures) -> Comparison:
    """Return before and after of ``result``, the correction of ``frame``."""
    size = raster.shrunk_size(frame.width, frame.height, _WIDE)
    before, _, after = _local_views(*_small(frame, result, size))
    return Comparison(
        flat=raster.jpeg(before),
        clean_flat=raster.jpeg(after),
        outlines=raster.png(drawing.outlines(result.mask, figures, size)),
        width=size[0],
        height=size[1],
    )


def pictures(frame: Frame, result: Correction, figures: Figures) -> Pictures:
    """Return the stations of ``result``, the correction of ``frame``."""
    size = raster.shrunk_size(frame.width, frame.height, _SMALL)
    flat, level, clean = _small(frame, result, size)
    stretch = raster.auto_stretch(flat)
    local_flat, local_level, _ = _local_views(flat, level, clean)
    mask = raster.shrink(result.mask[None], size)[0]
    lines = drawing.outlines(result.mask, figures, size)
    scale = raster.factor_scale(result.correction)
    factor = raster.factor_colors(raster.shrink(result.correction, size), scale)
    return Pictures(
        flat=raster.jpeg(raster.stretched(flat, stretch)),
        mask=raster.jpeg(drawing.marked(local_flat, mask, lines)),
        reconstruction=raster.jpeg(local_level),
        factor=raster.png(drawing.with_bar(factor, scale)),
        clean_flat=raster.jpeg(raster.stretched(clean, stretch)),
        width=size[0],
        height=size[1],
    )


def close_ups(frame: Frame, result: Correction, figures: Figures, count: int = 6) -> list[CloseUp]:
    """Return the ``count`` deepest shadows at 1:1, larger if small, smaller if too wide."""
    return [_close_up(frame, result, shadow) for shadow in figures.shadows[:count]]


def _close_up(frame: Frame, result: Correction, shadow: Shadow) -> CloseUp:
    needed = 1.5 * shadow.diameter + 16
    zoom = next((times for times in (3, 2, 1) if times * needed <= 1.1 * CLOSE_UP), 0)
    side = CLOSE_UP // zoom if zoom else int(needed)
    rows, columns = (
        _window(center, side, length)
        for center, length in ((shadow.y, frame.height), (shadow.x, frame.width))
    )
    crop = np.s_[:, rows.start : rows.stop, columns.start : columns.stop]
    flat, level, clean = _evened_alike(frame.pixels, result, crop)
    size = raster.shrunk_size(flat.shape[2], flat.shape[1], CLOSE_UP)
    before, _, after = _local_views(*(raster.shrink(part, size) for part in (flat, level, clean)))
    scale = raster.scale_for(abs(shadow.depth))
    factor = raster.factor_colors(raster.shrink(result.correction[crop], size), scale)
    return CloseUp(
        shadow=shadow,
        flat=raster.png(before),
        factor=raster.png(factor),
        clean_flat=raster.png(after),
        width=size[0],
        height=size[1],
        zoom=zoom or size[0] / flat.shape[2],
        factor_scale=scale,
    )


def _window(center: float, side: int, length: int) -> slice:
    """Return ``side`` px around ``center``, from an even one on: mosaics keep their phase."""
    start = min(max(int(center - side / 2), 0), max(length - side, 0)) // 2 * 2
    return slice(start, min(start + side, length))


def _evened_alike(
    flat: Planes, result: Correction, crop: tuple[slice, slice, slice]
) -> tuple[Planes, Planes, Planes]:
    """Return flat, reconstruction and clean flat with a mosaic's sites at one level in all."""
    gains = [raster.site_gains(plane) for plane in flat]
    return (
        raster.evened(flat[crop], gains),
        raster.evened(result.inpainted[crop], gains),
        raster.evened(result.cleaned(crop[1:]), gains),
    )


def _small(
    frame: Frame, result: Correction, size: tuple[int, int]
) -> tuple[Planes, Planes, Planes]:
    """Return `_evened_alike` shrunk, one plane after the other: they may fill the memory."""
    gains = [raster.site_gains(plane) for plane in frame.pixels]
    channels = [slice(number, number + 1) for number in range(len(gains))]

    def shrunk(planes: Iterator[Planes]) -> Planes:
        pairs = zip(planes, gains, strict=True)
        return np.concatenate(
            [raster.shrink(raster.evened(one, [gain]), size) for one, gain in pairs]
        )

    return (
        shrunk(frame.pixels[one] for one in channels),
        shrunk(result.inpainted[one] for one in channels),
        shrunk(result.cleaned(np.s_[:, :], one) for one in channels),
    )


def _local_views(
    flat: Planes, level: Planes, clean: Planes
) -> tuple[raster.Pixels, raster.Pixels, raster.Pixels]:
    """Return the three over the reconstruction's large-scale level, in one linear stretch.

    The stretch holds the scene and eight times its noise; the deepest dust may turn black.
    """
    smooth = raster.smooth_level(level)
    known = (smooth > 0) & (level > 0)
    ratios = [
        np.where(known, planes / np.where(known, smooth, 1), 0) for planes in (flat, level, clean)
    ]
    span = 0.005
    if known.any():
        scene = 1.2 * float(np.quantile(np.abs(ratios[1][known] - 1), 0.995))
        noise = 8 * measure.noise(flat, np.logical_and.reduce(known))
        dust = 0.5 * float(np.abs(ratios[0][known] - ratios[1][known]).max())
        span = max(span, scene, noise, dust)
    shown = [raster.as_pixels(0.58 + (ratio - 1) / (2 * span)) for ratio in ratios]
    return shown[0], shown[1], shown[2]
