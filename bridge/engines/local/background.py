"""The illumination of the whole field: one smooth, positive surface."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.polynomial.chebyshev import chebvander
from numpy.typing import NDArray

from bridge.engines.local.limb import Limb
from bridge.engines.local.squares import usable_means
from bridge.frame import Flags, Plane
from bridge.numerics.boxes import Box
from bridge.parallel import Stripe, on_all_cores, stripes

DEGREE = 6
"""Enough for vignetting, tilt and amp glow; too little to follow a donut."""

CELLS = 90
"""Cells along the longer side on which the surface is fitted."""

BEYOND = 0.7
"""Natural logarithm by which the surface may leave the range of the light that was seen."""

ROUNDS = 12
"""Re-weightings (Beaton & Tukey 1974); the surface has settled long before."""


@dataclass(frozen=True, slots=True, eq=False)
class Light:
    """A smooth, positive surface, made where it is looked at: as a plane it would cost memory.

    A polynomial in log light, which stays within bounds, times what the ``limb`` takes.
    """

    shape: tuple[int, ...]
    weights: NDArray[np.float64]
    low: float
    high: float
    limb: Limb | None

    def within(self, box: Box) -> Plane:
        """Return the light in ``box`` of the field."""
        down, across = (
            chebvander(2 * (np.arange(side.start, side.stop) + 0.5) / length - 1, DEGREE)
            for side, length in zip(box, self.shape, strict=True)
        )
        logs = (down @ self.weights) @ across.T
        np.clip(logs, self.low, self.high, out=logs)
        surface: Plane = np.exp(logs, out=logs).astype(np.float32)
        return surface if self.limb is None else self.limb.within(box) * surface


@dataclass(frozen=True, slots=True, eq=False)
class Ratio:
    """A plane of a flat over its light, made where it is looked at."""

    plane: Plane
    light: Light

    @property
    def shape(self) -> tuple[int, ...]:
        """Rows and columns."""
        return self.plane.shape

    def __getitem__(self, box: Box) -> Plane:
        """Return the ratio in ``box``."""
        found = self.light.within(box)
        return np.divide(self.plane[box], found, out=found)


def illumination(plane: Plane, usable: Flags, limb: Limb | None) -> Plane:
    """Return the `light_of` the whole field, same shape as ``plane``."""
    light = light_of(plane, usable, limb)
    surface = np.empty(plane.shape, np.float32)

    def work(stripe: Stripe) -> None:
        surface[stripe[0]] = light.within((stripe[0], slice(0, plane.shape[1])))

    on_all_cores(work, stripes(plane.shape[0]))
    return surface


def light_of(plane: Plane, usable: Flags, limb: Limb | None) -> Light:
    """Return the smooth light of the whole field, robust against dust.

    Where the ``limb`` of a disc crosses the field, the light's fall across it is part of it. Only
    pixels where ``usable`` and above 0.1 % of the median light count. Where too few are left the
    surface is flat: the median, or 1 where there is no light at all.
    """
    cell = max(1, -(-max(plane.shape) // CELLS))
    means, counts = usable_means(plane, usable, cell, None if limb is None else limb.within)
    full = counts > cell * cell / 4
    middle = float(np.median(means[full])) if full.any() else 0.0
    full &= means > 1e-3 * middle
    grid = np.zeros((DEGREE + 1, DEGREE + 1))
    terms = (DEGREE + 1) * (DEGREE + 2) // 2
    if middle <= 0 or np.count_nonzero(full) < 3 * terms:
        grid[0, 0] = np.log(middle) if middle > 0 else 0.0
        return Light(plane.shape, grid, grid[0, 0], grid[0, 0], limb)
    design = _terms(means.shape, cell, plane.shape)
    logs = np.log(means[full])
    grid[_EXPONENTS] = _robust_fit(design[:, full].T, logs)
    return Light(plane.shape, grid, logs.min() - BEYOND, logs.max() + BEYOND, limb)


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
