"""Prediction of a smooth field from noisy samples around a hole: universal kriging.

A plane plus a Gaussian process whose reach and strength are chosen by restricted maximum
likelihood (Patterson & Thompson 1971; Rasmussen & Williams 2006, sections 2.7 and 5.4.1). Where the
samples are smooth to their noise the process vanishes and the plane remains; where structure
passes through, the process follows it, and what it cannot know shows as uncertainty.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.linalg import cholesky, eigh, inv, lstsq, pinv, qr, slogdet  # these share the cores
from numpy.typing import NDArray

Array = NDArray[np.float64]

REACHES = (0.7, 2.0, 6.0)
"""Correlation lengths tried, in units of the hole's radius."""

STRENGTHS = np.concatenate([[0.0], np.logspace(-2, 5, 15)])
"""Variances of the process tried, in units of the samples' noise variance."""

OUTLIER = 4.0
"""Samples farther than this many standard deviations from the fit are set aside, once."""


@dataclass(frozen=True, slots=True)
class Field:
    """A fitted field: call it with points (n, 2) to get mean and standard deviation there."""

    points: Array
    reach: float
    strength: float
    whiten: Array
    weights: Array
    trend: Array
    noise: float
    basis: Array
    spread: Array
    trend_inverse: Array

    def __call__(self, points: Array) -> tuple[Array, Array]:
        """Return (mean, standard deviation without the samples' own noise) at ``points``."""
        cross = self.strength * _kernel(points, self.points, self.reach) @ self.whiten.T
        mean = _trend(points) @ self.trend + cross @ self.weights
        inner = cross @ self.basis
        unexplained = _trend(points) - (inner * self.spread) @ (
            self.basis.T @ self.whiten @ _trend(self.points)
        )
        # Variance of the process given the samples, plus what the trend's own error adds.
        variance = self.strength - np.sum(inner**2 * self.spread, axis=1)
        variance += np.sum((unexplained @ self.trend_inverse) * unexplained, axis=1)
        return mean, self.noise * np.sqrt(np.maximum(variance, 0))


def fit(points: Array, values: Array, rims: Sequence[Array] = ()) -> Field:
    """Fit the field to ``values`` at ``points``, setting outliers aside once.

    Parameters
    ----------
    points
        (n, 2), in units of the hole's radius, centred on the hole; n of at least 12.
    values
        (n,) samples with independent noise of one variance.
    rims
        Covariances, (n, n) in units of that variance, of what the samples may hold beside field and
        noise; the likeliest one, or none, is taken into account.
    """
    chosen = _choose(points, values, rims)
    field = _solve(points, values, *chosen)
    residual = values - field(points)[0]
    scale = 1.4826 * float(np.median(np.abs(residual - np.median(residual))))
    good = np.abs(residual - np.median(residual)) <= OUTLIER * max(scale, 1e-12)
    if chosen[-1] is not None or good.all() or np.count_nonzero(good) < 12:
        return field
    return _solve(points[good], values[good], *_choose(points[good], values[good]))


Choice = tuple[float, float, float, Array | None]
"""Reach, strength, noise variance, and what makes samples with rims white; None without rims."""


def _choose(points: Array, values: Array, rims: Sequence[Array] = ()) -> Choice:
    """Return the likeliest reach, strength, noise variance and whitening."""
    eye = np.eye(len(points))
    best: tuple[float, Choice] = (np.inf, (REACHES[0], 0.0, 0.0, None))
    for rim in (None, *rims):
        whiten, extra = eye, 0.0
        if rim is not None:
            if best[1][1] == 0:
                break  # a plane and noise explain the samples: there are no rims
            root = cholesky(eye + rim)
            whiten = inv(root)
            extra = 2 * float(np.sum(np.log(np.diag(root))))
        trend = whiten @ _trend(points)
        rotation, _ = qr(trend, mode="complete")
        null = rotation[:, trend.shape[1] :].T @ whiten  # contrasts that no trend can produce
        contrasts = null @ values
        count = len(contrasts)
        # restricted likelihood: what the trend takes from the determinant
        extra += float(slogdet(trend.T @ trend)[1])
        for reach in REACHES:
            powers, axes = eigh(null @ _kernel(points, points, reach) @ null.T)
            squares = (axes.T @ contrasts) ** 2
            variances = 1 + STRENGTHS[:, None] * np.maximum(powers, 0)
            noises = np.sum(squares / variances, axis=1) / count
            costs = np.sum(np.log(variances), axis=1) + count * np.log(np.maximum(noises, 1e-300))
            costs += extra
            least = int(np.argmin(costs))
            if costs[least] < best[0] - 1e-9:
                white = None if rim is None else whiten
                chosen = reach, float(STRENGTHS[least]), float(noises[least]), white
                best = float(costs[least]), chosen
    return best[1]


def _solve(
    points: Array,
    values: Array,
    reach: float,
    strength: float,
    noise: float,
    whiten: Array | None,
) -> Field:
    """Return the field of known covariance (generalised least squares for its trend)."""
    if whiten is None:
        whiten = np.eye(len(points))
    trend = whiten @ _trend(points)
    covariance = strength * (whiten @ _kernel(points, points, reach) @ whiten.T)
    powers, axes = eigh(covariance)
    spread = 1 / (1 + np.maximum(powers, 0))
    rotated_trend = axes.T @ trend
    rotated_values = axes.T @ (whiten @ values)
    root = np.sqrt(spread)
    coefficients = lstsq(rotated_trend * root[:, None], rotated_values * root)[0]
    weights = axes @ (spread * (rotated_values - rotated_trend @ coefficients))
    inverse = np.asarray(pinv((rotated_trend * spread[:, None]).T @ rotated_trend), float)
    return Field(
        points, reach, strength, whiten, weights, coefficients, float(np.sqrt(noise)), axes,
        spread, inverse,
    )  # fmt: skip


def _trend(points: Array) -> Array:
    return np.column_stack([np.ones(len(points)), points])


def distances(one: Array, other: Array) -> Array:
    """Return the distance of each point of ``one`` from each of ``other``, (n, 2) and (m, 2)."""
    squares = np.square(np.subtract.outer(one[:, 0], other[:, 0]))
    squares += np.square(np.subtract.outer(one[:, 1], other[:, 1]))
    return np.sqrt(squares, out=squares)


def _kernel(one: Array, other: Array, reach: float) -> Array:
    """Matern covariance of smoothness 5/2 and unit variance."""
    distance = np.sqrt(5) * distances(one, other) / reach
    return np.asarray((1 + distance + distance**2 / 3) * np.exp(-distance))
