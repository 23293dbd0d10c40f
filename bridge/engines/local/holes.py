"""Filling of holes, one at a time, each from the ring around it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import spline_filter1d

from bridge.engines.local import kriging
from bridge.engines.local.background import Ratio
from bridge.engines.local.noise import bends
from bridge.frame import Flags, Plane
from bridge.numerics.boxes import Box, depth, distance, extent, grow, placed, within

SAMPLES = 160
"""Samples of the ring that a fill takes: more cost time (their third power) and teach little."""

TINY = 1e-9
"""No prediction is more certain than this."""

LEAST_SAMPLES = 24
"""A ring with fewer samples is widened."""

RIMMED = 24.0
"""Holes of a smaller radius, in px, may have diffraction rims around them."""

SHALLOW = 0.02
"""Shadows less deep have no rims worth the name."""

RIM_SHARES = (0.03, 0.15)
"""Strength of the rims at the hole's edge that are tried, in units of the shadow's depth."""


GAP = 3.0
"""Px beside a hole that its second prediction does without: the foot of rims and of soft edges that
the hole does not hold pulls at the first."""


ORDERS: Final[tuple[Literal[1, 3], ...]] = (3, 1)
"""Of the splines between the places where level and error are asked for."""

MEMORY = 12
"""Samples after which a cubic spline has forgotten what it met: each divides that by 3.7."""


@dataclass(frozen=True, slots=True, eq=False)
class Fill:
    """What a plane would show in one hole.

    Parameters
    ----------
    box
        Where the hole lies: slices of the plane.
    hole
        The hole within the box.
    level
        Predicted values within the box; meaningful in the hole.
    error
        Standard error of ``level`` within the box, in the plane's units.
    """

    box: Box
    hole: Flags
    level: NDArray[np.float64]
    error: NDArray[np.float64]


def fill_steadily(plane: Plane | Ratio, hole: Flags, box: Box, known: Flags) -> Fill:
    """Predict one hole as `fill` does; of a small one the mean of two predictions.

    Which pixels a small hole is foretold from matters more than their noise. Two sets of them, all
    of the ring and what lies ``GAP`` away, err differently; each counts by its certainty.
    """
    near = fill(plane, hole, box, known)
    if depth(hole).max() >= RIMMED:
        return near
    far = fill(plane, hole, box, known, gap=GAP)
    if not np.isfinite(far.error).all():
        return near
    weights = [np.maximum(one.error, TINY) ** -2 for one in (near, far)]
    level = np.average([near.level, far.level], axis=0, weights=weights)
    return Fill(box, hole, level, np.mean(weights, axis=0) ** -0.5)


def fill(
    plane: Plane | Ratio,
    hole: Flags,
    box: Box,
    known: Flags,
    *,
    samples: int = SAMPLES,
    gap: float = 0.0,
) -> Fill:
    """Predict one hole, given within ``box``, from the ``known`` pixels around it.

    At most ``samples`` means of small squares of the ring are looked at, none nearer than ``gap``
    px.
    """
    radius = float(depth(hole[extent(hole)]).max())
    width = gap + max(5.0, 1.3 * radius)
    while True:
        window = grow(box, int(np.ceil(width)), plane.shape)
        inside = placed(hole, box, window)
        away = np.full(inside.shape, np.inf)
        near = grow(extent(inside), int(np.ceil(width)), inside.shape)
        away[near] = distance(inside[near])
        ring = known[window] & ~inside & (away > gap) & (away <= width)
        found = np.count_nonzero(ring)
        whole = window[0] == slice(0, plane.shape[0]) and window[1] == slice(0, plane.shape[1])
        if found >= max(LEAST_SAMPLES, 0.3 * np.pi * width * (width + 2 * radius)) or whole:
            break
        width *= 1.5
    shape = hole.shape
    if found < LEAST_SAMPLES:
        values = plane[window][ring].astype(float)
        level = float(np.median(values)) if found else float("nan")
        spread = float(values.std()) if found else float("nan")
        return Fill(box, hole, np.full(shape, level), np.full(shape, spread))
    cell = max(1, int(np.ceil(np.sqrt(found / samples))))
    return _predict(plane[window], ring, inside, away, box, window, hole, cell, max(radius, 2.0))


def _predict(
    local: Plane,
    ring: Flags,
    inside: Flags,
    away: NDArray[np.float64],
    box: Box,
    window: Box,
    hole: Flags,
    cell: int,
    radius: float,
) -> Fill:
    points, values = _samples(local, ring, cell)
    rows, columns = within(box, window)
    shift = np.array([rows.start, columns.start])
    centre = shift + np.array(hole.shape) / 2
    scale = float(np.median(values)) or 1.0
    rims = _rims(local, ring, inside, away, points, cell, radius, scale) if radius < RIMMED else ()
    field = kriging.fit((points - centre) / radius, values / scale, rims)
    # The field is smooth on the scale of a cell: ask it once a cell and interpolate between.
    step = max(1, cell // 2)
    down, across = (np.arange(-step, n + 2 * step, step, dtype=float) for n in hole.shape)
    grid = np.stack(np.meshgrid(down, across, indexing="ij"), axis=-1).reshape(-1, 2)
    mean, error = (
        part.reshape(len(down), len(across)) * scale
        for part in field((grid + shift - centre) / radius)
    )
    if step > 1:
        mean, error = (
            _between(len(down), hole.shape[0], step, order)
            @ part
            @ _between(len(across), hole.shape[1], step, order).T
            for part, order in zip((mean, error), ORDERS, strict=True)
        )
    else:
        mean, error = (part[1 : 1 + hole.shape[0], 1 : 1 + hole.shape[1]] for part in (mean, error))
    return Fill(box, hole, mean, error)


def _between(count: int, length: int, step: int, order: Literal[1, 3]) -> NDArray[np.float64]:
    """Return what each of ``count`` samples, the first a step before, adds to each pixel of a line.

    A spline of two axes is one of each; done with all pixels at once it takes most of a fill.
    """
    at = (np.arange(length) / step + 1)[:, None]
    if order == 1:
        return np.asarray(np.maximum(1 - np.abs(at - np.arange(count)), 0))
    # Beyond its ends the line goes on as it ends, for as long as the spline remembers.
    places = np.arange(-MEMORY, count + MEMORY)
    knots = spline_filter1d(np.eye(count)[np.clip(places, 0, count - 1)], axis=0, mode="nearest")
    away = np.abs(at - places)
    far, near = np.maximum(2 - away, 0), np.maximum(1 - away, 0)
    return np.asarray((far * far * far - 4 * near * near * near) / 6 @ knots)


def _noise_of(plane: Plane, where: Flags) -> float:
    """Return the pixel noise of ``plane`` seen where ``where``."""
    return 1.4826 * float(np.median(np.abs(bends(plane)[where])))


def _rims(
    local: Plane,
    ring: Flags,
    inside: Flags,
    away: NDArray[np.float64],
    points: NDArray[np.float64],
    cell: int,
    radius: float,
    scale: float,
) -> list[NDArray[np.float64]]:
    """Return what diffraction rims outside the hole may add to the samples: see `kriging.fit`.

    They run along the hole's outline, fade with the distance from it, and are weak beside the
    shadow they belong to.
    """
    known = np.isfinite(local)
    if not (known & inside).any():
        return []
    depth = 1 - float(np.quantile(local[known & inside], 0.1)) / scale
    noise = _noise_of(np.where(known, local / np.float32(scale), np.float32(1)), ring) / cell
    if depth < SHALLOW or noise <= 0:
        return []
    rows, columns = np.clip(np.rint(points).astype(int), 0, np.array(local.shape) - 1).T
    off = away[rows, columns]
    fade = np.exp(-off / (0.5 * radius + 3))
    along = np.exp(-0.5 * (np.subtract.outer(off, off) / 1.5) ** 2)
    spots = np.exp(-0.5 * (kriging.distances(points, points) / 3) ** 2)
    shape = np.outer(fade, fade) * (0.8 * along + 0.2 * spots)
    return [(share * depth / noise) ** 2 * shape for share in RIM_SHARES]


def _samples(
    local: Plane, ring: Flags, cell: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the centres and means of the ring's square cells of ``cell`` px that are half full."""
    rows, columns = np.nonzero(ring)
    across = local.shape[1] // cell + 1
    index = (rows // cell) * across + columns // cell
    size = (local.shape[0] // cell + 1) * across
    count = np.bincount(index, minlength=size)
    full = count >= max(1, cell * cell / 2)
    share = 1 / count[full]
    sums = (np.bincount(index, weights=w, minlength=size)[full] for w in (rows, columns))
    points = np.stack([part * share for part in sums], axis=1)
    values = np.bincount(index, weights=local[ring].astype(float), minlength=size)[full] * share
    return points, values
