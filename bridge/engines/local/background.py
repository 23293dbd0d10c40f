"""The illumination of the whole field: one smooth, positive surface."""

from __future__ import annotations

import numpy as np
from numpy.polynomial.chebyshev import chebvander
from numpy.typing import NDArray

from bridge.engines.local.limb import Limb
from bridge.engines.local.squares import usable_means
from bridge.frame import Flags, Plane

DEGREE = 6
"""Enough for vignetting, tilt and amp glow; too little to follow a donut."""

CELLS = 90
"""Cells along the longer side on which the surface is fitted."""

BEYOND = 0.7
"""Natural logarithm by which the surface may leave the range of the light that was seen."""

ROUNDS = 12
"""Re-weightings (Beaton & Tukey 1974); the surface has settled long before."""


def illumination(plane: Plane, usable: Flags, limb: Limb | None) -> Plane:
    """Return the smooth light of the whole field, robust against dust, same shape as ``plane``.

    Where the ``limb`` of a disc crosses the field, the light's fall across it is part of it.
    """
    if limb is None:
        return _surface(plane, usable)
    fall = limb.light(plane.shape)
    return fall * _surface(plane / fall, usable)


def _surface(plane: Plane, usable: Flags) -> Plane:
    """Return a polynomial of degree 6 in log light.

    Only pixels where ``usable`` and above 0.1 % of the median light count. Where too few are left
    the surface is flat: the median, or 1 where there is no light at all.
    """
    cell = max(1, -(-max(plane.shape) // CELLS))
    means, counts = usable_means(plane, usable, cell)
    full = counts > cell * cell / 4
    middle = float(np.median(means[full])) if full.any() else 0.0
    full &= means > 1e-3 * middle
    terms = (DEGREE + 1) * (DEGREE + 2) // 2
    if middle <= 0 or np.count_nonzero(full) < 3 * terms:
        return np.full(plane.shape, middle if middle > 0 else 1.0, np.float32)
    design = _terms(means.shape, cell, plane.shape)
    logs = np.log(means[full])
    weights = _robust_fit(design[:, full].T, logs)
    grid = np.zeros((DEGREE + 1, DEGREE + 1))
    grid[_EXPONENTS] = weights
    down, across = (chebvander(2 * (np.arange(n) + 0.5) / n - 1, DEGREE) for n in plane.shape)
    surface = np.empty(plane.shape, np.float32)
    for row, line in zip(surface, down @ grid, strict=True):
        # Row by row: double precision without a plane of it.
        row[:] = np.exp(np.clip(line @ across.T, logs.min() - BEYOND, logs.max() + BEYOND))
    return surface


_EXPONENTS = tuple(np.array([(i, j) for i in range(DEGREE + 1) for j in range(DEGREE + 1 - i)]).T)


def _terms(cells: tuple[int, ...], cell: int, shape: tuple[int, ...]) -> NDArray[np.float64]:
    """Return the products of Chebyshev polynomials at the cells' centres, (terms, *cells)."""
    down, across = (
        chebvander(2 * (np.arange(count) + 0.5) * cell / length - 1, DEGREE)
        for count, length in zip(cells, shape, strict=True)
    )
    i, j = _EXPONENTS
    return np.asarray(np.einsum("rk,ck->krc", down[:, i], across[:, j]))


def _robust_fit(design: NDArray[np.float64], values: NDArray[np.float64]) -> NDArray[np.float64]:
    weights = np.ones_like(values)
    for _ in range(ROUNDS):
        solution = np.linalg.lstsq(design * weights[:, None], values * weights, rcond=None)[0]
        residual = values - design @ solution
        scale = 1.4826 * float(np.median(np.abs(residual - np.median(residual))))
        weights = 1 - np.clip(np.abs(residual) / (4 * scale + 1e-9), 0, 1) ** 2
    return np.asarray(solution)
