"""The limb of a disc in front of a dark sky: where it runs, and how the light falls across it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import (
    gaussian_filter1d,
    label,
    map_coordinates,
    median_filter,
    uniform_filter1d,
)

from bridge.engines.local.circle import Circle, common_circle, crossings, robust_circle
from bridge.engines.local.squares import usable_means
from bridge.frame import Flags, Plane
from bridge.numerics.boxes import Box

Array = NDArray[np.float64]

CELLS = 300
"""Cells along the longer side on which the limb is sought."""

BRIGHT = 0.95
"""Quantile of the light that stands for the disc."""

SKY = 0.2
"""Light below this share of the disc's may be sky."""

LEAST_SKY = 0.004
"""Share of the frame that the sky must cover."""

SEARCH = 24.0
"""How far from the first circle, in px, the edge is looked for at full resolution."""

STRIP = 40.0
"""Distance from the limb, in px, within which the profile is resolved finely."""

STRAIGHT = 30.0
"""A radius, in units of the frame's longer side, that cannot be told from a straight edge's."""

NEAR = 12.0
"""The limb's own softness, in px, at most."""

SAMPLE = 2_000_000
"""Pixels that settle the profile."""

FINE_BIN, COARSE_BIN = 0.5, 8.0
"""Width of the profile's bins within the strip and beyond it, in px."""


@dataclass(frozen=True, slots=True)
class Limb:
    """A circle, and the light around it: sky(r) + along(angle) disc(r), r from the centre in px.

    The disc is not equally bright all along its limb, the sky in front of it knows nothing of that.
    """

    x: float
    y: float
    radius: float
    distances: Array
    logs: Array
    sky: float
    along: Array

    def within(self, box: Box) -> Plane:
        """Return the light that this model gives the pixels of a box."""
        rows, columns = (np.arange(side.start, side.stop) for side in box)
        light = np.empty((rows.size, columns.size), np.float32)
        across = columns - self.x
        for row, line in zip(rows, light, strict=True):
            away = np.hypot(across, row - self.y)
            line[:] = np.exp(np.interp(away, self.distances, self.logs))
            near = np.flatnonzero(abs(away - self.radius) < STRIP)
            turn = np.arctan2(row - self.y, across[near])
            disc = np.maximum(line[near] - self.sky, 0)
            line[near] += disc * (self._along(turn) - 1) * self._share(away[near])
        return light

    def unseen(self, shape: tuple[int, ...]) -> Flags:
        """Return where the limb meets the frame's border: half seen, its course is not known."""
        unseen = np.empty(shape, bool)
        columns = np.arange(shape[1])
        for number, row in enumerate(unseen):
            inset = np.minimum(columns, columns[::-1])
            inset = np.minimum(inset, min(number, shape[0] - 1 - number))
            away = np.hypot(columns - self.x, number - self.y)
            row[:] = (inset < NEAR) & (abs(away - self.radius) < NEAR)
        return unseen

    def _along(self, turn: Array) -> Array:
        angles = np.linspace(-np.pi, np.pi, len(self.along))
        return np.asarray(np.interp(turn, angles, self.along))

    def _share(self, away: Array) -> Array:
        """Return how much of the disc's own brightness counts: all at the limb, none far inside."""
        return np.asarray(np.clip((away - self.radius + STRIP) / (STRIP - NEAR), 0, 1))


def find_limb(plane: Plane, usable: Flags) -> Limb | None:
    """Return the one circular limb that crosses ``plane``, or None if there is none.

    Parameters
    ----------
    plane
        (height, width) float32 light.
    usable
        Pixels that count.
    """
    cell = max(1, -(-max(plane.shape) // CELLS))
    means, counts = usable_means(plane, usable, cell)
    light = np.where(counts > 0, means, np.nan)
    bright = float(np.nanquantile(light, BRIGHT)) if np.isfinite(light).any() else 0.0
    if bright <= 0 or not _has_sky(light < SKY * bright):
        return None
    edge = crossings(light, SKY * bright)
    circle = common_circle(edge)
    if circle is None:
        return None
    x, y = ((value + 0.5) * cell - 0.5 for value in circle[:2])
    refined = _refined(plane, x, y, circle[2] * cell)
    return None if refined is None else _profiled(plane, usable, *refined)


def _has_sky(dark: Flags) -> bool:
    """Tell whether a dark piece at the frame's border is large enough."""
    labels, count = label(dark)
    border = np.unique(np.r_[labels[0], labels[-1], labels[:, 0], labels[:, -1]])
    sizes = np.bincount(labels.ravel(), minlength=count + 1)
    return bool(sizes[border[border > 0]].sum() > LEAST_SKY * dark.size)


def _refined(plane: Plane, x: float, y: float, radius: float) -> Circle | None:
    """Return the circle through the places where the light falls steepest, at full resolution."""
    height, width = plane.shape
    for _ in range(3):
        if not 4 * SEARCH <= radius <= STRAIGHT * max(plane.shape):
            return None
        angles = np.arange(0, 2 * np.pi, 2 / radius)
        row, column = y + np.sin(angles) * radius, x + np.cos(angles) * radius
        angles = angles[(row > 0) & (row < height) & (column > 0) & (column < width)]
        steps = np.arange(-SEARCH, SEARCH + 1)
        columns = x + np.cos(angles)[:, None] * (radius + steps)
        rows = y + np.sin(angles)[:, None] * (radius + steps)
        inside = (rows > 0) & (rows < plane.shape[0] - 1)
        inside &= (columns > 0) & (columns < plane.shape[1] - 1)
        whole = inside.all(axis=1)
        if np.count_nonzero(whole) < 50:
            return None
        lines = map_coordinates(plane, [rows[whole], columns[whole]], order=1)
        fall = -np.diff(uniform_filter1d(np.nan_to_num(lines), 3, axis=1), axis=1)
        steepest = fall.argmax(axis=1)
        near = abs(np.arange(fall.shape[1]) - steepest[:, None]) <= 8
        weight = np.where(near, np.maximum(fall, 0), 0)
        total = weight.sum(axis=1)
        good = total > 0.5 * np.median(total)
        at = (weight * (steps[:-1] + 0.5)).sum(axis=1)[good] / total[good] + radius
        angle = angles[whole][good]
        points = np.column_stack([x + np.cos(angle) * at, y + np.sin(angle) * at])
        better = robust_circle(points)
        if better is None:
            return None
        x, y, radius = better
    return x, y, radius


def _profiled(plane: Plane, usable: Flags, x: float, y: float, radius: float) -> Limb | None:
    """Return the limb with the usual light by distance, and the disc's brightness along it."""
    step = max(1, round(np.sqrt(plane.size / SAMPLE)))
    thin = plane[::step, ::step]
    rows, columns = (np.arange(0, length, step) for length in plane.shape)
    seen = usable[::step, ::step] & (thin > 0)
    values = thin[seen].astype(np.float64)
    away = np.hypot(columns - x, rows[:, None] - y)[seen]
    found = _profile(away, values, radius)
    if found is None:
        return None
    flat = Limb(x, y, radius, *found, sky=0.0, along=np.ones(2))
    outside = (away > radius + NEAR) & (away < radius + STRIP)
    sky = float(np.median(values[outside])) if outside.any() else 0.0
    near = (away > radius - 1.3 * NEAR) & (away < radius - 0.3 * NEAR)
    turn = np.arctan2(rows[:, None] - y, columns - x)[seen]
    expected = np.exp(np.interp(away[near], flat.distances, flat.logs))
    along = _brightness_along(turn[near], values[near] / expected, radius)
    limb = replace(flat, sky=sky, along=along)
    # Once more, with the disc equally bright all along.
    strip = abs(away - radius) < STRIP
    gain = 1 + (limb._along(turn[strip]) - 1) * limb._share(away[strip])
    values[strip] = np.where(values[strip] > sky, sky + (values[strip] - sky) / gain, values[strip])
    again = _profile(away, values, radius)
    return None if again is None else replace(limb, distances=again[0], logs=again[1])


def _profile(away: Array, values: Array, radius: float) -> tuple[Array, Array] | None:
    """Return distances and the logarithm of the usual value there."""
    inner = max(radius - STRIP, 0.0)
    edges = np.r_[
        np.arange(inner - COARSE_BIN, 0, -COARSE_BIN)[::-1],
        np.arange(inner, radius + STRIP, FINE_BIN),
        np.arange(radius + STRIP + COARSE_BIN, away.max() + COARSE_BIN, COARSE_BIN),
    ]
    which = np.digitize(away, edges)
    means, counts = _middle_means(which, values, len(edges))
    full = counts >= 30
    if np.count_nonzero(full) < 20:
        return None
    centres = np.r_[edges[0], (edges[1:] + edges[:-1]) / 2][full]
    from scipy.interpolate import PchipInterpolator  # takes long to load; most flats have no limb

    fine = np.linspace(centres[0], centres[-1], 8 * len(centres))
    fine = np.union1d(fine, centres)
    return fine, PchipInterpolator(centres, np.log(means[full]))(fine)


def _brightness_along(turn: Array, ratio: Array, radius: float) -> Array:
    """Return the usual ``ratio`` around the circle in steps of 4 px, dust passed over."""
    count = max(16, round(2 * np.pi * radius / 4))
    which = np.clip(((turn + np.pi) / (2 * np.pi) * count).astype(int), 0, count - 1)
    means, counts = _middle_means(which, ratio, count)
    full = counts > 0
    along = np.ones(count)
    if full.any():
        along = np.interp(np.arange(count), np.flatnonzero(full), means[full], period=count)
    along = median_filter(along, 9, mode="wrap")
    along = gaussian_filter1d(along, 1.5, mode="wrap")
    return np.append(along, along[0])


def _middle_means(
    which: NDArray[np.intp], values: Array, count: int
) -> tuple[Array, NDArray[np.intp]]:
    """Return the mean of the middle half of each group's values, and the group's size.

    As robust as a median, and finer than the steps that dim light is recorded in.
    """
    order = np.lexsort((values, which))
    bounds = np.searchsorted(which[order], np.arange(count + 1))
    sizes = np.diff(bounds)
    low, high = bounds[:-1] + sizes // 4, bounds[1:] - sizes // 4
    sums = np.r_[0.0, np.cumsum(values[order])]
    return (sums[high] - sums[low]) / np.maximum(high - low, 1), sizes
