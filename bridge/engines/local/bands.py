"""Band-passed views of a plane, one per octave of size, and what stands out in each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter

from bridge.engines.local.noise import spread
from bridge.frame import Flags, Plane

INNER, OUTER = 1.5, 3.0
"""Sigmas of the two Gaussians whose difference is a band, in samples of its octave."""

OCTAVES = 7
"""Samples are 1, 2, ... 64 px wide: shadows of 2 to 150 px in radius."""

WHITE = float(
    np.sqrt(
        1 / (4 * np.pi * INNER**2)
        + 1 / (4 * np.pi * OUTER**2)
        - 1 / (np.pi * (INNER**2 + OUTER**2))
    )
)
"""Standard deviation of a band of white noise of unit variance."""

BLOCK = 32
"""Side, in samples, of the squares within which a band's scatter is taken as constant."""

WIDE = 2
"""From this octave on, scatter beyond the noise is the scene's structure."""

STRUCTURED = 1.35
"""A place is structured where octave 1 scatters this many times more, per pixel, than octave 0."""

WARY, CURIOUS = 2.0, 0.6
"""How many times structure counts: it has longer tails than noise. On structured ground the judge
knows better, by its shape, and should see all that might be dust."""

SHALLOWEST = 6e-4
"""Responses weaker than this share of the light are below what any flat is known to."""

FIELD_OCTAVE = 2
"""The octave, 4 px wide samples, on which the field as a whole is looked at."""

FIELD_SHALLOWEST = np.float32(2e-3)
"""How well the illumination is known: shallower departures from it mean nothing."""

LEAST_WEIGHT = 0.3
"""A place with less known light around it than this is not judged."""


TINY = np.float32(1e-9)
"""Keeps divisions by nothing finite."""


@dataclass(frozen=True, slots=True, eq=False)
class Band:
    """One octave, in samples of ``step`` px.

    Parameters
    ----------
    depth
        How many standard deviations each sample lies below its surroundings.
    noise
        The noise per pixel that would scatter the band as much as it is scattered, (height, width)
        of the samples: pixel noise, and whatever structure the scene has of that size.
    """

    step: int
    depth: Plane
    noise: Plane


def bands(ratio: Plane, known: Flags, noise: Plane) -> Iterator[Band]:
    """Yield the octaves of ``ratio``, finest first: two, and more while the plane is wide enough.

    Parameters
    ----------
    ratio
        (height, width) light over illumination, about 1.
    known
        Pixels that count; the others are bridged by their surroundings (normalised convolution,
        Knutsson & Westin 1993).
    noise
        Standard deviation of the pixel noise of ``ratio``.
    """
    excess, weight = _excess(ratio, known)
    noise = np.square(noise)
    finest, structured = noise, noise
    for octave in range(OCTAVES):
        if octave > 1 and min(excess.shape) < 4 * OUTER:
            return
        inner, inner_weight = _smooth(excess, weight, INNER)
        outer, outer_weight = _smooth(excess, weight, OUTER)
        judged = (inner_weight > LEAST_WEIGHT) & (outer_weight > LEAST_WEIGHT)
        around = np.maximum(1 + outer, TINY)
        response = ((inner - outer) / around).astype(np.float32)
        response[~judged] = 0
        white = np.float32(WHITE / 2**octave) * np.sqrt(noise) / around
        scatter = np.maximum(spread(response, judged & (weight > 0.5), BLOCK), white)
        if octave >= WIDE:
            structure = np.sqrt(np.maximum(np.square(scatter) - np.square(white), 0))
            times = np.where(structured > 0.5, np.float32(CURIOUS), np.float32(WARY))
            scatter = np.hypot(white, times * structure)
        response[response > -SHALLOWEST] = 0
        depth = -response / np.maximum(scatter, TINY)
        noisy = scatter * around * np.float32(2**octave / WHITE)
        yield Band(2**octave, depth.astype(np.float32), noisy.astype(np.float32))
        if octave == 0:
            finest = _halve(noisy)
        elif octave == 1:
            structured = (noisy > STRUCTURED * finest).astype(np.float32)
        excess, weight, noise, structured = (_halve(a) for a in (excess, weight, noise, structured))


def against_field(ratio: Plane, known: Flags, noise: Plane) -> Band:
    """Return how far ``ratio`` lies below the whole field's level, smoothed by 6 px.

    Where the illumination is all there is (a flat, not the Sun), this shows wide faint shadows as
    one piece; where there is more, the field's own scatter hides everything.
    """
    excess, weight = _excess(ratio, known)
    noise = np.square(noise)
    for _ in range(FIELD_OCTAVE):
        excess, weight, noise = (_halve(a) for a in (excess, weight, noise))
    level, smooth_weight = _smooth(excess, weight, INNER)
    judged = smooth_weight > LEAST_WEIGHT
    sample = level[judged]
    middle = np.median(sample) if sample.size else np.float32(0)
    scatter = 1.4826 * float(np.median(np.abs(sample - middle))) if sample.size else 1.0
    response = np.where(judged, (level - middle) / (1 + middle), np.float32(0))
    response[response > -FIELD_SHALLOWEST] = 0
    white = np.sqrt(noise) / np.float32(2**FIELD_OCTAVE * 2 * np.sqrt(np.pi) * INNER)
    limit = np.maximum(white, np.float32(max(scatter, 1e-9)))
    return Band(2**FIELD_OCTAVE, (-response / limit).astype(np.float32), limit)


def _excess(ratio: Plane, known: Flags) -> tuple[Plane, Plane]:
    """Return by how much ``ratio`` exceeds 1 where known, and 1 there as a weight.

    Faint dust keeps more digits so than beside the 1 it is counted from.
    """
    return np.where(known, ratio - 1, np.float32(0)), known.astype(np.float32)


def _smooth(excess: Plane, weight: Plane, sigma: float) -> tuple[Plane, Plane]:
    """Return the weighted Gaussian mean of ``excess`` and the weight it rests on."""
    total: Plane = gaussian_filter(excess, sigma, mode="nearest")
    share: Plane = gaussian_filter(weight, sigma, mode="nearest")
    return (total / np.maximum(share, TINY)).astype(np.float32), share


def _halve(plane: Plane) -> Plane:
    """Return the means of 2x2 squares; an odd last row or column is doubled."""
    height, width = plane.shape
    even = np.pad(plane, ((0, height % 2), (0, width % 2)), mode="edge")
    halves: Plane = (
        even[::2, ::2] + even[1::2, ::2] + even[::2, 1::2] + even[1::2, 1::2]
    ) * np.float32(0.25)
    return halves
