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
from numpy.linalg import cholesky, lstsq, pinv, slogdet
from numpy.typing import NDArray
from scipy.linalg.lapack import dgeqrf, dormqr, dpttrf, dsytrd, dtrtri

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
    weights: Array
    trend: Array
    noise: float
    whiten: Array
    white_trend: Array
    trend_inverse: Array

    def __call__(self, points: Array) -> tuple[Array, Array]:
        """Return (mean, standard deviation without the samples' own noise) at ``points``."""
        trend = _trend(points)
        cross = _kernel(distances(points, self.points), self.reach)
        cross *= self.strength
        mean = trend @ self.trend + cross @ self.weights
        inner = cross @ self.whiten.T
        unexplained = trend - inner @ self.white_trend
        # Variance of the process given the samples, plus what the trend's own error adds.
        variance = self.strength - np.einsum("ij,ij->i", inner, inner)
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
    apart = distances(points, points)
    chosen = _choose(points, values, apart, rims)
    field = _solve(points, values, *chosen)
    if chosen[-1] is not None:
        return field
    residual = field.weights  # what the field misses is their noise, each weight times its variance
    scale = 1.4826 * float(np.median(np.abs(residual - np.median(residual))))
    good = np.abs(residual - np.median(residual)) <= OUTLIER * max(scale, 1e-12)
    if good.all() or np.count_nonzero(good) < 12:
        return field
    points, values, apart = points[good], values[good], apart[np.ix_(good, good)]
    return _solve(points, values, *_choose(points, values, apart))


Choice = tuple[float, Array, float, float, Array | None]
"""Reach, its kernel, strength, noise variance, and the covariance of the rims; None without."""


def _choose(points: Array, values: Array, apart: Array, rims: Sequence[Array] = ()) -> Choice:
    """Return the likeliest reach, strength, noise variance and rims of points so far ``apart``."""
    kernels = [_kernel(apart, reach) for reach in REACHES]
    best: tuple[float, Choice] = (np.inf, (REACHES[0], kernels[0], 0.0, 0.0, None))
    for rim in (None, *rims):
        trend, samples, whiten, extra = _trend(points), values, None, 0.0
        if rim is not None:
            if best[1][2] == 0:
                break  # a plane and noise explain the samples: there are no rims
            whiten, extra = _whitening(rim)
            trend, samples = whiten @ trend, whiten @ samples
        # restricted likelihood: what the trend takes from the determinant
        extra += float(slogdet(trend.T @ trend)[1])
        for reach, kernel in zip(REACHES, kernels, strict=True):
            white = kernel if whiten is None else whiten @ kernel @ whiten.T
            costs, noises = _likelihoods(white, trend, samples)
            costs += extra
            least = int(np.argmin(costs))
            if costs[least] < best[0] - 1e-9:
                chosen = reach, kernel, float(STRENGTHS[least]), float(noises[least]), rim
                best = float(costs[least]), chosen
    return best[1]


def _likelihoods(kernel: Array, trend: Array, samples: Array) -> tuple[Array, Array]:
    """Return for each of `STRENGTHS` the negative logarithm of the likelihood, and the noise.

    Looked at are the contrasts that no trend can produce, turned so that the samples show in the
    first of them alone and the kernel is tridiagonal: then the factors of a strength's covariance
    are found at once, and the last of them, from the far end, is all that the samples meet.
    """
    packed, scales, _, _ = dgeqrf(np.column_stack([trend, samples]))
    room = 64 * len(samples)
    turned, _, _ = dormqr("L", "T", packed, scales, kernel.T, room)
    turned, _, _ = dormqr("R", "N", packed, scales, turned, room, overwrite_c=1)
    seen = trend.shape[1]
    _, diagonal, beside, _, _ = dsytrd(turned[seen:, seen:], lower=1, lwork=room)
    diagonal, beside = diagonal[::-1], beside[::-1]
    # All strengths at a time, one after the other with nothing between.
    diagonals, besides = (np.outer(STRENGTHS, part) for part in (diagonal, np.append(beside, 0)))
    factors = dpttrf(1 + diagonals.ravel(), besides.ravel()[:-1])[0].reshape(diagonals.shape)
    count = len(diagonal)
    noises = packed[seen, seen] ** 2 / factors[:, -1] / count
    return np.log(factors).sum(axis=1) + count * np.log(np.maximum(noises, 1e-300)), noises


def _whitening(rim: Array) -> tuple[Array, float]:
    """Return what makes noise of unit variance and ``rim`` white, and its covariance's log."""
    root = cholesky(np.eye(len(rim)) + rim)
    return _inverse(root), 2 * float(np.sum(np.log(np.diag(root))))


def _inverse(root: NDArray[np.floating]) -> Array:
    """Return the inverse of a lower triangle."""
    return np.asarray(dtrtri(root, lower=1)[0], float)


def _solve(
    points: Array,
    values: Array,
    reach: float,
    kernel: Array,
    strength: float,
    noise: float,
    rim: Array | None,
) -> Field:
    """Return the field of known covariance (generalised least squares for its trend)."""
    covariance = strength * kernel + np.eye(len(points))
    if rim is not None:
        covariance += rim
    whiten = _inverse(cholesky(covariance))
    trend = _trend(points)
    white_trend = whiten @ trend
    coefficients = np.asarray(lstsq(white_trend, whiten @ values)[0], float)
    weights = whiten.T @ (whiten @ (values - trend @ coefficients))
    inverse = np.asarray(pinv(white_trend.T @ white_trend), float)
    return Field(
        points, reach, strength, weights, coefficients, float(np.sqrt(noise)), whiten, white_trend,
        inverse,
    )  # fmt: skip


def _trend(points: Array) -> Array:
    return np.column_stack([np.ones(len(points)), points])


def distances(one: Array, other: Array) -> Array:
    """Return the distance of each point of ``one`` from each of ``other``, (n, 2) and (m, 2)."""
    squares = np.square(np.subtract.outer(one[:, 0], other[:, 0]))
    squares += np.square(np.subtract.outer(one[:, 1], other[:, 1]))
    return np.sqrt(squares, out=squares)


def _kernel(apart: Array, reach: float) -> Array:
    """Matern covariance of smoothness 5/2 and unit variance, of places so far apart."""
    distance = apart * (np.sqrt(5) / reach)
    covariance = np.square(distance)
    covariance /= 3
    covariance += distance
    covariance += 1
    np.negative(distance, out=distance)
    covariance *= np.exp(distance, out=distance)
    return np.asarray(covariance)
