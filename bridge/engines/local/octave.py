"""One octave of size: a band-passed view of a plane, and what stands out in it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.ndimage import gaussian_filter

from bridge.engines.local.noise import Gridded, Scatter, Squares
from bridge.engines.local.squares import means
from bridge.frame import Flags, Plane
from bridge.parallel import Stripe, in_order, on_all_cores, stripes

INNER, OUTER = 1.5, 3.0
"""Sigmas of the two Gaussians whose difference is a band, in samples of its octave."""

CUT = 3.0
"""Where they are cut, in sigmas."""

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

Scale = tuple[Plane, Plane | None]
"""What exceeds 1, and the share of each sample that is known; None where all of them are."""

Cut = Callable[[slice], Scale]
"""Gives some rows of one octave: at full size, these planes are made piece by piece."""


def halved(cut: Cut, shape: tuple[int, int], *, weighted: bool) -> tuple[Cut, tuple[int, int]]:
    """Return the next coarser octave, and its shape."""
    half = -(-shape[0] // 2), -(-shape[1] // 2)
    excess = np.empty(half, np.float32)
    weight = np.ones(half, np.float32) if weighted else None

    def work(stripe: Stripe) -> None:
        rows, _, _ = stripe
        into = slice(rows.start // 2, -(-rows.stop // 2))
        part, share = cut(rows)
        excess[into] = _halve(part)
        if weight is not None and share is not None:
            weight[into] = _halve(share)

    on_all_cores(work, stripes(shape[0]))
    return lambda rows: (excess[rows], None if weight is None else weight[rows]), half


def stand_out(
    cut: Cut,
    shape: tuple[int, int],
    noise: Gridded,
    finest: Gridded,
    structured: Gridded | None,
    octave: int,
    threshold: float,
) -> tuple[Flags, Gridded]:
    """Return what stands out in one octave, and its noise per pixel."""
    squares = Squares(shape, BLOCK)
    parts = squares.stripes(round(CUT * OUTER) + 1)
    times = np.float32(threshold)
    gain = np.float32(WHITE / 2**octave)
    flags = np.empty(shape, bool)
    steps = bool(finest.small.any())

    def respond(stripe: Stripe) -> tuple[Scatter, Plane, Plane]:
        """Flag what the noise alone would let stand out; only that is kept for the verdict."""
        rows, outer_rows, inside = stripe
        part, share = cut(outer_rows)
        inner, inner_weight = _smooth(part, share, INNER, inside)
        outer, outer_weight = _smooth(part, share, OUTER, inside)
        around = np.maximum(1 + outer, TINY)
        response = inner
        response -= outer
        response /= around
        seen = None
        if share is not None and inner_weight is not None and outer_weight is not None:
            judged = (inner_weight > LEAST_WEIGHT) & (outer_weight > LEAST_WEIGHT)
            response[~judged] = 0
            seen = judged & (share[inside] > 0.5)
        box = rows, slice(0, shape[1])
        white = noise.within(box)
        white *= gain
        white /= around
        least = np.maximum(finest.within(box), SHALLOWEST) if steps else np.float32(SHALLOWEST)
        flags[rows] = response < -np.maximum(times * white, least)
        some = flags[rows]
        return squares.scatter(rows, response, seen), response[some], white[some]

    found = list(in_order(respond, parts))
    measured = squares.spread([scatter for scatter, _, _ in found])

    def judge(one: tuple[Stripe, tuple[Scatter, Plane, Plane]]) -> None:
        """Leave flagged what stands out from the scatter that was measured as well."""
        (rows, _, _), (_, response, white) = one
        down, across = np.nonzero(flags[rows])
        down += rows.start
        scatter = np.maximum(measured.at(down, across), white)
        if octave >= WIDE:
            structure = np.sqrt(np.square(scatter) - np.square(white))
            rough = structured.at(down, across) > 0.5 if structured else np.zeros(white.shape, bool)
            wary = np.where(rough, np.float32(CURIOUS), np.float32(WARY))
            scatter = np.hypot(white, wary * structure)
        flags[down, across] = response < -times * scatter

    for _ in in_order(judge, list(zip(parts, found, strict=True))):
        pass
    whole = slice(0, measured.small.shape[0]), slice(0, measured.small.shape[1])
    white = noise.resized(measured.small.shape).within(whole)
    return flags, Gridded(np.maximum(measured.small / gain, white), shape)


def against_field(
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
