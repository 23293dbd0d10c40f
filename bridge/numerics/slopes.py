"""How strongly a correction's shadows show in a target: one slope per shadow, and its error."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bridge.numerics.boxes import Box
from bridge.numerics.regions import Layer, Patch, patch, polynomials, shaded

Array = NDArray[np.float64]

DEGREES = (1, 2, 4, 6)
"""Degrees of the polynomial that stands for the light under a shadow; the steadiest is taken."""

ROUNDS = 4
"""Rounds of weighting; each slope has settled by then."""

TUKEY = 4.685
"""Residuals beyond this many standard deviations count for nothing (Tukey's biweight)."""

DIRECTIONS, DISTANCES = 8, (1.0, 1.6, 2.3)
"""Where each shadow is also sought in vain, in its own diameters."""

FEWEST = 6
"""With fewer of these places the scatter among them is no measure."""

LONELY = 2.0
"""What the error from noise alone is multiplied by then."""


@dataclass(frozen=True, slots=True)
class Slope:
    """One shadow in the target.

    Parameters
    ----------
    box
        Rows and columns in the frame.
    k, error
        Slope of log(target) on log(correction), and its standard error, structure included.
    """

    box: Box
    k: float
    error: float


def slope(layers: Sequence[Layer], box: Box, *, quick: bool = False) -> Slope | None:
    """Return how strongly the shadow in ``box`` (of the layers) shows; None without light there.

    Light under the shadow is a polynomial, fitted together with the slope to shadow and
    surroundings, robustly. The same fit is made at places around it where this shadow is not: how
    far those slopes scatter tells noise, stars and nebulosity together. ``quick`` looks at fewer.
    """
    patches = [made for layer in layers if (made := patch(layer, box)) is not None]
    if not patches:
        return None
    moves = [(0, 0), *_around(patches[0], DISTANCES[1:2] if quick else DISTANCES)]
    best: tuple[float, float] | None = None
    for degree in DEGREES[1:2] if quick else DEGREES:
        found = _with_error(patches, moves, degree)
        if found is not None and (best is None or found[1] < best[1]):
            best = found
    return None if best is None else Slope(box, *best)


def _with_error(
    patches: list[Patch], moves: list[tuple[int, int]], degree: int
) -> tuple[float, float] | None:
    tries: list[tuple[float, float]] = []
    for move in moves:
        parts = [part for one in patches if (part := _at(one, move, degree)) is not None]
        if len(parts) == len(patches):
            k, variance = np.array(parts).T
            tries.append((float(np.average(k, weights=1 / variance)), 1 / float(sum(1 / variance))))
        elif move == (0, 0):
            return None
    (k, variance), elsewhere = tries[0], np.array([k for k, _ in tries[1:]])
    noise = float(np.sqrt(variance))
    if len(elsewhere) < FEWEST:
        return k, LONELY * noise
    spread = 1.4826 * float(np.median(abs(elsewhere)))
    clipped = np.minimum(abs(elsewhere), 3.5 * spread)
    return k, max(noise, float(np.sqrt(np.mean(clipped**2))))


def _around(one: Patch, distances: tuple[float, ...]) -> list[tuple[int, int]]:
    """Return moves, in blocks, to places around the shadow."""
    angles = np.arange(DIRECTIONS) * 2 * np.pi / DIRECTIONS
    moves = []
    for number, distance in enumerate(distances):
        turned = angles + number * np.pi / DIRECTIONS
        reach = distance * one.diameter
        moves += [(round(reach * np.sin(a)), round(reach * np.cos(a))) for a in turned]
    return moves


def _at(one: Patch, move: tuple[int, int], degree: int) -> tuple[float, float] | None:
    """Return slope and variance of the shadow moved by ``move``; None where too little is seen."""
    seen = one.window(move)
    if seen is None:
        return None
    light, weight, others = seen
    return _fitted(light, weight, one.template, others, degree)


def _fitted(
    light: Array, weight: Array, template: Array, others: Array, degree: int
) -> tuple[float, float] | None:
    """Return k and its variance in ``light = polynomial * exp(k template + g others)``.

    Gauss-Newton steps in k and g, the polynomial solved for in each; all (rows, columns).
    """
    used = weight > 0
    heavy = abs(template) > 0.3 * abs(template).max()
    if np.count_nonzero(used & heavy) < 0.5 * np.count_nonzero(heavy):
        return None
    basis = polynomials(light.shape, degree)[:, used]
    values, base, c, o = light[used], weight[used], template[used], others[used]
    level = float(np.median(values))
    if level <= 0 or len(values) < 3 * len(basis):
        return None
    values = values / level
    shades = [c, o] if np.ptp(o) > 0 else [c]
    strengths = np.zeros(len(shades))
    model, robust = np.ones_like(values), base
    variance = np.inf
    for _ in range(ROUNDS):
        shade = shaded(strengths, shades)
        columns = np.vstack([basis * shade, *[model * part for part in shades]])
        weighted = columns * robust
        try:
            inverse = np.linalg.inv(weighted @ columns.T)
        except np.linalg.LinAlgError:
            return None
        solution = inverse @ (weighted @ values)
        strengths = np.clip(strengths + solution[len(basis) :], -4, 4)
        model = (solution[: len(basis)] @ basis) * shaded(strengths, shades)
        scaled = (values - model) * np.sqrt(base)
        sigma = max(1.4826 * float(np.median(abs(scaled))), 1e-9)
        robust = base * np.clip(1 - (scaled / (TUKEY * sigma)) ** 2, 0, 1) ** 2
        variance = float(inverse[len(basis), len(basis)]) * sigma**2
    if not (np.isfinite(variance) and variance > 0):
        return None
    return float(strengths[0]), variance
