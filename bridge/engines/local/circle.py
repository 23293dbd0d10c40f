"""Circles through edges."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

Circle = tuple[float, float, float]
"""Centre (x, y) and radius, px."""

TRIALS = 200
"""Circles through three points tried (Fischler & Bolles 1981)."""

ON_CIRCLE = 0.7
"""Share of the edge that must lie on one circle; several discs on top of each other do not."""


def crossings(light: Array, level: float) -> Array:
    """Return the points (x, y) where ``light`` crosses ``level`` along rows and columns."""
    points = []
    for turned in (False, True):
        lines = (light.T if turned else light) - level
        before, after = lines[:, :-1], lines[:, 1:]
        line, place = np.nonzero(((before < 0) != (after < 0)) & np.isfinite(before + after))
        low, high = before[line, place], after[line, place]
        at = place + low / (low - high)
        points.append(np.stack([line, at] if turned else [at, line], axis=1))
    return np.concatenate(points).astype(np.float64)


def common_circle(points: Array) -> Circle | None:
    """Return the circle (x, y, radius) that most of ``points`` lie on, or None."""
    if len(points) < 12:
        return None
    rng = np.random.default_rng(0)
    best: Circle | None = None
    most = 0
    for _ in range(TRIALS):
        circle = _circle(points[rng.choice(len(points), 3, replace=False)])
        if circle is None:
            continue
        count = int(np.count_nonzero(_misses(points, circle) < 1.5))
        if count > most:
            best, most = circle, count
    if best is None or most < ON_CIRCLE * len(points):
        return None
    for _ in range(3):
        on = points[_misses(points, best) < 1.5]
        better = _circle(on)
        best = better or best
    return best


def robust_circle(points: Array) -> Circle | None:
    """Return the circle that ``points`` lie on but for outliers, or None if too many do not."""
    kept = np.ones(len(points), bool)
    circle = None
    for _ in range(4):
        circle = _circle(points[kept])
        if circle is None:
            return None
        miss = _misses(points, circle)
        kept = miss <= max(3 * 1.4826 * float(np.median(miss)), 0.3)
    return circle if np.count_nonzero(miss < 2) >= ON_CIRCLE * len(points) else None


def _circle(points: Array) -> Circle | None:
    """Return the least-squares circle of ``points`` (Kasa 1976), or None if they lie on a line."""
    middle = points.mean(axis=0)
    shifted = points - middle
    design = np.column_stack([2 * shifted, np.ones(len(points))])
    solution, _, rank, _ = np.linalg.lstsq(design, np.sum(shifted**2, axis=1), rcond=1e-9)
    if rank < 3:
        return None
    x, y, rest = solution
    squared = rest + x**2 + y**2
    if squared <= 0:
        return None
    return float(x + middle[0]), float(y + middle[1]), float(np.sqrt(squared))


def _misses(points: Array, circle: Circle) -> Array:
    x, y, radius = circle
    return np.asarray(abs(np.hypot(points[:, 0] - x, points[:, 1] - y) - radius))
