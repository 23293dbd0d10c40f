"""Band-passed views of a plane, one per octave of size, and what stands out in each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter, maximum_filter, minimum_filter

from bridge.engines.local.noise import Gridded, spread
from bridge.engines.local.squares import means
from bridge.frame import Flags, Plane
from bridge.parallel import Stripe, on_all_cores, stripes

INNER, OUTER = 1.5, 3.0
"""Sigmas of the two Gaussians whose difference is a band, in samples of its octave."""

CUT = 3.0
"""Where they are cut, in sigmas."""

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

FIELD_SHALLOWEST = 2e-3
"""How well the illumination is known: shallower departures from it mean nothing."""

LEAST_WEIGHT = 0.3
"""A place with less known light around it than this is not judged."""

TINY = np.float32(1e-9)
"""Keeps divisions by nothing finite."""

NOTHING = 255
"""In `Sight.first`: no octave shows anything here."""


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """How a plane scatters from place to place.

    Parameters
    ----------
    fine, coarse
        Relative noise per pixel that would scatter octaves 0 and 1 as much as they are scattered:
        pixel noise, and whatever structure the scene has of that size.
    rough
        Beyond one half where the scene is structured.
    """

    fine: Gridded
    coarse: Gridded
    rough: Gridded


@dataclass(frozen=True, slots=True, eq=False)
class Sight:
    """What all octaves show.

    Parameters
    ----------
    first
        (height, width) uint8: the finest octave that sees each pixel stand out dark, or `NOTHING`.
    depth
        How many octaves there are; the last is the field as a whole.
    ground
        How the plane scatters.
    """

    first: NDArray[np.uint8]
    depth: int
    ground: Ground


def look(
    ratio: Plane,
    known: Flags,
    noise: Gridded,
    finest: Gridded,
    threshold: float,
    *,
    structured: bool = False,
) -> Sight:
    """Return what lies ``threshold`` deviations below its surroundings, octave by octave.

    Parameters
    ----------
    ratio
        (height, width) light over illumination, about 1.
    known
        Pixels that count; the others are bridged by their surroundings (normalised convolution,
        Knutsson & Westin 1993).
    noise
        Standard deviation of the pixel noise of ``ratio``.
    finest
        Responses weaker than this mean nothing.
    threshold
        In standard deviations of the noise, or of the noise and the scene's structure.
    structured
        Whether the whole field is taken as structured, whatever it looks like.
    """
    excess = ratio - np.float32(1)  # faint dust keeps more digits so than beside the 1
    weight = None if known.all() else known.astype(np.float32)
    if weight is not None:
        excess[~known] = 0
    shown: list[tuple[int, Flags]] = []
    noises: list[Gridded] = []
    rough: Gridded | None = None
    field: list[tuple[int, Flags]] = []
    for octave in range(OCTAVES):
        if octave > 1 and min(excess.shape) < 4 * OUTER:
            break
        here, least = (part.resized(excess.shape) for part in (noise, finest))
        if octave == FIELD_OCTAVE:
            field = [(2**octave, _against_field(excess, weight, here, least, threshold))]
        flags, scatter = _octave(excess, weight, here, least, rough, octave, threshold)
        shown.append((2**octave, flags))
        if octave < 2:
            noises.append(scatter)
        if octave == 1:
            rough = _rough(noises[0], scatter)
        excess = _halve(excess)
        weight = None if weight is None else _halve(weight)
    shown += field
    first: NDArray[np.uint8] = np.full(ratio.shape, NOTHING, np.uint8)
    for number, (step, flags) in reversed(list(enumerate(shown))):
        wide = np.repeat(np.repeat(flags, step, axis=0), step, axis=1)
        first[wide[: known.shape[0], : known.shape[1]] & known] = number
    if structured:
        rough = Gridded(np.ones((1, 1), np.float32), ratio.shape)
    elif rough is None:
        rough = Gridded(np.zeros((1, 1), np.float32), ratio.shape)
    ground = Ground(*(part.resized(ratio.shape) for part in (noises[0], noises[-1], rough)))
    return Sight(first, len(shown), ground)


def _rough(finer: Gridded, coarser: Gridded) -> Gridded:
    """Return where the coarser octave scatters more.

    Dust does so in places, a scene everywhere: what is narrow is passed over, and the rest reaches
    a square beyond its own end, where the limb may be.
    """
    shape = coarser.small.shape
    fine = finer.resized(shape).within((slice(0, shape[0]), slice(0, shape[1])))
    rough = (coarser.small > STRUCTURED * fine).astype(np.float32)
    wide = minimum_filter(rough, 3, mode="nearest")
    return Gridded(maximum_filter(wide, 5, mode="nearest"), coarser.shape)


def _octave(
    excess: Plane,
    weight: Plane | None,
    noise: Gridded,
    finest: Gridded,
    structured: Gridded | None,
    octave: int,
    threshold: float,
) -> tuple[Flags, Gridded]:
    """Return what stands out in one octave, and its noise per pixel."""
    response, around = np.empty_like(excess), np.empty_like(excess)
    judged = None if weight is None else np.empty(excess.shape, bool)

    def band(stripe: Stripe) -> None:
        rows, outer_rows, inside = stripe
        part = excess[outer_rows]
        share = None if weight is None else weight[outer_rows]
        inner, inner_weight = _smooth(part, share, INNER, inside)
        outer, outer_weight = _smooth(part, share, OUTER, inside)
        around[rows] = np.maximum(1 + outer, TINY)
        response[rows] = (inner - outer) / around[rows]
        if judged is not None and inner_weight is not None and outer_weight is not None:
            judged[rows] = (inner_weight > LEAST_WEIGHT) & (outer_weight > LEAST_WEIGHT)
            response[rows][~judged[rows]] = 0

    parts = stripes(excess.shape[0], round(CUT * OUTER) + 1)
    on_all_cores(band, parts)
    seen = None if judged is None or weight is None else judged & (weight > 0.5)
    measured = spread(response, seen, BLOCK)
    gain = np.float32(WHITE / 2**octave)
    flags = np.empty(excess.shape, bool)

    def stand_out(stripe: Stripe) -> None:
        box = stripe[0], slice(0, excess.shape[1])
        white = gain * noise.within(box) / around[box]
        scatter = np.maximum(measured.within(box), white)
        if octave >= WIDE:
            structure = np.sqrt(np.square(scatter) - np.square(white))
            rough = structured.within(box) > 0.5 if structured else np.zeros(white.shape, bool)
            times = np.where(rough, np.float32(CURIOUS), np.float32(WARY))
            scatter = np.hypot(white, times * structure)
        least = np.maximum(finest.within(box), SHALLOWEST)
        flags[box] = response[box] < -np.maximum(np.float32(threshold) * scatter, least)

    on_all_cores(stand_out, parts)
    white = noise.resized(measured.small.shape)
    whole = slice(0, measured.small.shape[0]), slice(0, measured.small.shape[1])
    least = np.maximum(measured.small / gain, white.within(whole))
    return flags, Gridded(least, excess.shape)


def _against_field(
    excess: Plane, weight: Plane | None, noise: Gridded, finest: Gridded, threshold: float
) -> Flags:
    """Return what lies below the whole field's level, smoothed by 6 px.

    Where the illumination is all there is (a flat, not the Sun), this shows wide faint shadows as
    one piece; where there is more, the field's own scatter hides everything.
    """
    level, share = _smooth(excess, weight, INNER, slice(None))
    judged = np.ones(level.shape, bool) if share is None else share > LEAST_WEIGHT
    sample = level[judged]
    if not sample.size:
        return judged
    middle = np.median(sample)
    scatter = max(1.4826 * float(np.median(np.abs(sample - middle))), 1e-9)
    response = np.where(judged, (level - middle) / (1 + middle), np.float32(0))
    whole = slice(0, level.shape[0]), slice(0, level.shape[1])
    white = noise.within(whole) / np.float32(2**FIELD_OCTAVE * 2 * np.sqrt(np.pi) * INNER)
    limit = threshold * np.maximum(white, np.float32(scatter))
    least = np.maximum(finest.within(whole), FIELD_SHALLOWEST)
    return np.asarray(response < -np.maximum(limit, least))


def _smooth(
    excess: Plane, weight: Plane | None, sigma: float, inside: slice
) -> tuple[Plane, Plane | None]:
    """Return the weighted Gaussian mean of ``excess`` and the weight it rests on, if any."""
    total: Plane = gaussian_filter(excess, sigma, mode="nearest", truncate=CUT)[inside]
    if weight is None:
        return total, None
    share: Plane = gaussian_filter(weight, sigma, mode="nearest", truncate=CUT)[inside]
    total /= np.maximum(share, TINY)
    return total, share


def _halve(plane: Plane) -> Plane:
    """Return the means of 2x2 squares; an odd last row or column is doubled."""
    height, width = plane.shape
    if height % 2 or width % 2:
        plane = np.pad(plane, ((0, height % 2), (0, width % 2)), mode="edge")
    return means(plane, 2)
