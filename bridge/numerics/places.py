"""Where else a correction's dust would fit a target: whole-pixel offsets by matched filters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.fft import irfft2, next_fast_len, rfft2
from scipy.ndimage import gaussian_filter

from bridge.numerics.boxes import grow, within
from bridge.numerics.regions import LEAST, MARGIN, Layer, filled, polynomials
from bridge.numerics.slopes import Slope

Array = NDArray[np.float64]

REACH: Final = 16
"""Farthest offset looked for on either axis, in px of the frame."""

DEGREE = 4
"""Light that is a polynomial of this degree leaves the filters unmoved."""

FINE = 3.0
"""Sigma, px, of the blur that edges are told apart from broad light by."""

CLOSE = 2
NEAR, FAR = 3.5, 5.5
"""Standard errors by which an offset up to `CLOSE` px, or beyond, must fit better than none."""

HALF = 0.5
"""Dust that is there shows with more than this k."""

APART = 5
"""Offsets farther than this, in px, from the best tell how the filters scatter."""

DOUBTFUL = 2.0
"""By so many another offset may fit better, and nothing can be said of this one."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where dust fits best.

    Parameters
    ----------
    offset
        (dx, dy) in px of the layer.
    k, error
        Slope there by the filters alone, and its standard error.
    better
        By how many standard errors it fits better than at (0, 0).
    """

    offset: tuple[int, int]
    k: float
    error: float
    better: float

    @property
    def sure(self) -> bool:
        """Whether the dust lies here, and not at (0, 0), beyond doubt."""
        least = NEAR if max(abs(self.offset[0]), abs(self.offset[1])) <= CLOSE else FAR
        return abs(self.k) > max(FAR * self.error, HALF) and self.better > least


def best(layers: Sequence[Layer], slopes: Sequence[Slope], reach: int) -> Place:
    """Return where the dust of ``layers`` fits best.

    Parameters
    ----------
    layers
        Target and correction.
    slopes
        The shadows as the correction lies; their errors weigh them.
    reach
        Farthest offset, in px of the layers.
    """
    side = 2 * reach + 1
    score, own = np.zeros((side, side)), np.zeros((2 * side - 1, 2 * side - 1))
    weight = 0.0
    for one in slopes:
        maps = [found for layer in layers if (found := _maps(layer, one, reach)) is not None]
        if not maps:
            continue
        trust = one.error**-2 / len(maps)
        for seen, expected in maps:
            score += trust * seen
            own += trust * expected
            weight += trust
    if not weight:
        return Place((0, 0), 0.0, float("inf"), 0.0)
    k, own = score / weight, own / weight
    dy, dx = _sharpest(layers, slopes, reach, np.unravel_index(np.argmax(abs(k)), k.shape), k)
    row, column = dy + reach, dx + reach
    there, here = float(k[row, column]), float(k[reach, reach])
    y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    # Dust that lies there shows all around as well, as far as it is wide: that is no scatter.
    rest = k - there * own[y - dy + 2 * reach, x - dx + 2 * reach]
    away = rest[np.hypot(y - dy, x - dx) > APART]
    scatter = 1.4826 * float(np.median(abs(away - np.median(away))))
    error = max(weight**-0.5, scatter)
    # Two places share the noise as far as the shadows overlap themselves.
    near = max(abs(dx), abs(dy)) <= CLOSE
    shared = float(own[dy + 2 * reach, dx + 2 * reach])
    apart = (weight**-0.5 if near else error) * float(np.sqrt(2 * max(1e-6, 1 - shared)))
    return Place((dx, dy), there, error, (abs(there) - abs(here)) / apart)


def _sharpest(
    layers: Sequence[Layer], slopes: Sequence[Slope], reach: int, peak: tuple[Any, ...], k: Array
) -> tuple[int, int]:
    """Return the offset (dy, dx) within `CLOSE` px of the ``peak`` at which edges agree best.

    Broad light moves the peak of broad dust by a pixel or two; edges tell better, where there are
    any.
    """
    total = np.zeros_like(k)
    for one in slopes:
        for layer in layers:
            seen = _window(layer, one, reach)
            if seen is not None:
                light, template = seen
                fine = np.pad(template, reach)
                fine = (fine - gaussian_filter(fine, FINE))[reach:-reach, reach:-reach]
                rest = light - gaussian_filter(light, FINE)
                total += _correlated(rest, fine)
    total *= np.sign(k[peak])
    rows, columns = (slice(max(0, int(at) - CLOSE), int(at) + CLOSE + 1) for at in peak)
    part = total[rows, columns]
    row, column = np.unravel_index(np.argmax(part), part.shape)
    return int(row) + rows.start - reach, int(column) + columns.start - reach


def _window(layer: Layer, one: Slope, reach: int) -> tuple[Array, Array] | None:
    """Return relative light around a shadow, ``reach`` px beyond its window, and its template."""
    box = one.box
    margin = max(LEAST, round(MARGIN * max(side.stop - side.start for side in box)))
    window = grow(box, margin, layer.light.shape)
    region = grow(window, reach, layer.light.shape)
    light, level = filled(layer.light[region], layer.dust[region], reach)
    if level <= 0:
        return None
    inside = within(window, region)
    around = [
        (reach - at.start, reach - (length - at.stop))
        for at, length in zip(inside, light.shape, strict=True)
    ]
    light = np.pad(light / level, around, mode="edge")
    template = np.zeros(tuple(side.stop - side.start for side in window))
    template[within(box, window)] = np.expm1(layer.dust[box])
    return light, template


def _maps(layer: Layer, one: Slope, reach: int) -> tuple[Array, Array] | None:
    """Return k at every offset, (dy, dx), and what it would be for this very dust at 0.

    The latter reaches twice as far.
    """
    window = _window(layer, one, reach)
    if window is None:
        return None
    light, template = window
    basis = polynomials(template.shape, DEGREE).reshape(-1, template.size)
    flat = template.ravel()
    filtered = flat - basis.T @ np.linalg.lstsq(basis.T, flat, rcond=None)[0]
    norm = float(filtered @ flat)
    if norm <= 0:
        return None
    matched = (filtered / norm).reshape(template.shape)
    dusty = np.pad(template, 2 * reach)
    return _correlated(light, matched), _correlated(dusty, matched)


def _correlated(plane: Array, pattern: Array) -> Array:
    """Return the sum of products with ``pattern`` at every place where it lies within ``plane``."""
    # SciPy's own function would have its whole package for signals loaded at every start.
    height, width = plane.shape
    shape = next_fast_len(height, real=True), next_fast_len(width, real=True)
    product = rfft2(plane, shape) * rfft2(pattern, shape).conj()
    rows, columns = height - pattern.shape[0] + 1, width - pattern.shape[1] + 1
    correlated: Array = irfft2(product, shape)[:rows, :columns]
    return correlated
