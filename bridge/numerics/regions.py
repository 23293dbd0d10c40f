"""Windows around shadows, freed of stars and cosmic rays, averaged to a size that serves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import binary_dilation, binary_erosion, map_coordinates, maximum_filter

from bridge.frame import Flags
from bridge.numerics.boxes import EIGHT, Box, grow

Array = NDArray[np.float64]

ACROSS = 20
"""A shadow is about this many blocks wide, or its own pixels if it has fewer."""

LARGEST = 6
"""Side of a block at most, in px, unless a shadow would be wider than `WIDEST` blocks."""

WIDEST = 64

MARGIN = 0.5
"""The window reaches this share of a shadow's diameter beyond it, at least `LEAST` px."""

LEAST = 4

BEYOND = 2.4
"""The region around, where the shadow is sought in vain, reaches so many diameters."""

TILE = 32
"""Side, in px, of the squares whose medians tell the level from which stars stand out."""

STRANGE = 5.0
"""Pixels so many standard deviations beyond what light and dust explain are left out."""

ROOM = 2.5
"""Dust so many times as strong as the correction has it is no defect."""


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """A channel, or a site of a mosaic, of target and correction.

    Parameters
    ----------
    light
        (height, width), signal without pedestal, any unit; NaN where unknown or saturated.
    dust
        Shape of ``light``: log of the correction, 0 on clean pixels.
    """

    light: Array
    dust: Array


@dataclass(frozen=True, slots=True, eq=False)
class Patch:
    """A shadow and what surrounds it, in blocks.

    Parameters
    ----------
    light, weight, dust
        (rows, columns): means over blocks, how many pixels each holds, and the log correction.
    template
        The shadow alone with its margin, the window's shape.
    top, left
        Where the window lies.
    diameter
        Of the shadow, in blocks.
    """

    light: Array
    weight: Array
    dust: Array
    template: Array
    top: int
    left: int
    diameter: int

    def window(self, move: tuple[int, int]) -> tuple[Array, Array, Array] | None:
        """Return light, weight and foreign dust under the window moved; None beyond the region."""
        rows, columns = self.template.shape
        top, left = self.top + move[0], self.left + move[1]
        if top < 0 or left < 0:
            return None
        here = slice(top, top + rows), slice(left, left + columns)
        light = self.light[here]
        if light.shape != self.template.shape:
            return None
        dust = self.dust[here]
        return light, self.weight[here], dust - self.template if move == (0, 0) else dust


def patch(layer: Layer, box: Box) -> Patch | None:
    """Return the region around the shadow in ``box``; None if the window holds no light."""
    diameter = max(side.stop - side.start for side in box)
    block = max(1, min(LARGEST, round(diameter / ACROSS)), -(-diameter // WIDEST))
    margin = max(LEAST, round(MARGIN * diameter))
    inner = grow(box, margin, layer.light.shape)
    outer = grow(inner, round(BEYOND * diameter), layer.light.shape)
    # Blocks are counted from the window's corner, so that it holds whole ones.
    (top, rows), (left, columns) = (
        _blocks(inside, outside, block) for inside, outside in zip(inner, outer, strict=True)
    )
    region = rows, columns
    light, dust = layer.light[region], layer.dust[region]
    good = usual(light, dust)
    weight = _sums(good.astype(np.float64), block)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = _sums(np.where(good, light, 0), block) / weight
        shade = _sums(np.where(good, dust, 0), block) / weight
    known = weight > 0
    mean[~known], shade[~known] = 0, 0
    own = np.zeros_like(dust)
    at = tuple(
        slice(side.start - whole.start, side.stop - whole.start)
        for side, whole in zip(box, region, strict=True)
    )
    own[at] = dust[at]
    count = tuple(-(-(side.stop - side.start) // block) for side in inner)
    template = (_sums(own, block) / block**2)[top : top + count[0], left : left + count[1]]
    if not template.any():
        return None
    return Patch(mean, weight, shade, template, top, left, max(1, diameter // block))


def usual(light: Array, dust: Array, reach: int = 1) -> Flags:
    """Return which pixels are neither unknown nor stars, cosmic rays or defects.

    A pixel is judged by the level around it, with room for dust up to 2.5 times as strong as the
    correction has it within ``reach`` px, whether it darkens or brightens.
    """
    return _usual(light, dust, reach, *_level(light))


def filled(light: Array, dust: Array, reach: int) -> tuple[Array, float]:
    """Return ``light`` with the level around in place of what is not usual, and its median."""
    level, scatter = _level(light)
    good = _usual(light, dust, reach, level, scatter)
    return np.where(good, light, level), float(np.median(level))


@lru_cache(maxsize=16)
def polynomials(shape: tuple[int, ...], degree: int) -> Array:
    """Return every product of powers up to ``degree``, (terms, rows, columns)."""
    y, x = np.meshgrid(*(np.linspace(-1, 1, length) for length in shape), indexing="ij")
    made = np.array([x**i * y**j for i in range(degree + 1) for j in range(degree + 1 - i)])
    made.setflags(write=False)
    return made


def shaded(strengths: Sequence[float] | Array, shades: Sequence[Array]) -> Array:
    """Return the transmission of dusts, each log transmission taken with its strength."""
    total = sum(strength * shade for strength, shade in zip(strengths, shades, strict=True))
    return np.asarray(np.exp(total))


def _usual(light: Array, dust: Array, reach: int, level: Array, scatter: Array) -> Flags:
    room = ROOM * maximum_filter(abs(dust), 2 * reach + 1)
    slack = STRANGE * scatter
    known = np.isfinite(light)
    high = known & (light > level * np.exp(room) + slack)
    low = known & (light < level * np.exp(-room) - slack)
    # A star's wings reach beyond its core: neighbours go with what is no single pixel.
    cores = binary_dilation(binary_erosion(high, [[1, 1]]), [[1, 1, 1]])
    return known & ~low & ~binary_dilation(high, EIGHT) & ~binary_dilation(cores, iterations=3)


def _blocks(inside: slice, outside: slice, block: int) -> tuple[int, slice]:
    """Return how many whole blocks lie before the window, and the region of whole blocks."""
    before = (inside.start - outside.start) // block
    start = inside.start - before * block
    stop = (
        start
        + max((outside.stop - start) // block, -(-(inside.stop - inside.start) // block)) * block
    )
    return before, slice(start, min(stop, outside.stop))


def _sums(plane: Array, block: int) -> Array:
    """Return the sum over each block; a last, narrower block counts what it has."""
    if block == 1:
        return plane
    starts = [np.arange(0, length, block) for length in plane.shape]
    return np.asarray(np.add.reduceat(np.add.reduceat(plane, starts[0], 0), starts[1], 1))


def _level(light: Array) -> tuple[Array, Array]:
    """Return the local median and standard deviation, from tiles, linear between them."""
    rows, columns = (
        np.linspace(0, length, max(1, round(length / TILE)) + 1).astype(int)
        for length in light.shape
    )
    grid = np.empty((2, len(rows) - 1, len(columns) - 1))
    for i, j in np.ndindex(grid.shape[1:]):
        tile = light[rows[i] : rows[i + 1], columns[j] : columns[j + 1]]
        tile = tile[np.isfinite(tile)]
        middle = float(np.median(tile)) if tile.size else np.nan
        grid[:, i, j] = middle, 1.4826 * np.median(abs(tile - middle)) if tile.size else np.nan
    for plane in grid:
        unknown = ~np.isfinite(plane)
        plane[unknown] = np.median(plane[~unknown]) if not unknown.all() else 0
    at = np.meshgrid(
        *(
            (np.arange(length) + 0.5) * count / length - 0.5
            for length, count in zip(light.shape, grid.shape[1:], strict=True)
        ),
        indexing="ij",
    )
    level, scatter = (map_coordinates(plane, at, order=1, mode="nearest") for plane in grid)
    return level, np.maximum(scatter, 1e-6 * abs(level))
