"""One octave of size: a band-passed view of a plane, and what stands out in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from bridge.engines.local.noise import Gridded, Scatter, Squares
from bridge.engines.local.squares import means
from bridge.frame import Flags, Plane
from bridge.numerics.boxes import Box, grow, within
from bridge.parallel import Stripe, in_order, on_all_cores, stripes

INNER, OUTER = 1.5, 3.0
"""Sigmas of the two Gaussians whose difference is a band, in samples of its octave."""

CUT = 3.0
"""Where they are cut, in sigmas."""

HALO = round(CUT * OUTER) + 1
"""How far, in samples, a band looks around."""

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

Cut = Callable[[Box], Scale]
"""Gives a part of one octave: at full size, these planes are made piece by piece."""


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """What an octave answers in ``box``, whole squares of it.

    How it scatters there; rows and columns of what stands out from the noise alone, how much, and
    that noise.
    """

    box: Box
    scatter: Scatter
    rows: NDArray[np.int32]
    columns: NDArray[np.int32]
    response: NDArray[np.float32]
    white: NDArray[np.float32]


def halved(cut: Cut, shape: tuple[int, int], *, weighted: bool) -> tuple[Cut, tuple[int, int]]:
    """Return the next coarser octave, and its shape."""
    half = -(-shape[0] // 2), -(-shape[1] // 2)
    excess = np.empty(half, np.float32)
    weight = np.ones(half, np.float32) if weighted else None

    def work(stripe: Stripe) -> None:
        rows, _, _ = stripe
        into = slice(rows.start // 2, -(-rows.stop // 2))
        part, share = cut((rows, slice(0, shape[1])))
        excess[into] = _halve(part)
        if weight is not None and share is not None:
            weight[into] = _halve(share)

    on_all_cores(work, stripes(shape[0]))
    return lambda box: (excess[box], None if weight is None else weight[box]), half


def stand_out(
    cut: Cut,
    shape: tuple[int, int],
    noise: Gridded,
    finest: Gridded,
    structured: Gridded | None,
    octave: int,
    threshold: float,
    before: list[Part] | None = None,
    changed: list[Box] | None = None,
) -> tuple[Flags, Gridded, list[Part]]:
    """Return what stands out in one octave, its noise per pixel, and what both were made from.

    If the latter is known from ``before``, only what lies around the boxes ``changed`` since is
    looked at.
    """
    squares = Squares(shape, BLOCK)
    times = np.float32(threshold)
    gain = np.float32(WHITE / 2**octave)
    steps = bool(finest.small.any())

    def respond(box: Box) -> Part:
        """Only what the noise alone would let stand out is kept for the verdict."""
        wide = grow(box, HALO, shape)
        inside = within(box, wide)
        part, share = cut(wide)
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
        white = noise.within(box)
        white *= gain
        white /= around
        least = np.maximum(finest.within(box), SHALLOWEST) if steps else np.float32(SHALLOWEST)
        some = response < -np.maximum(times * white, least)
        down, across = (
            (at + side.start).astype(np.int32)
            for at, side in zip(np.nonzero(some), box, strict=True)
        )
        scatter = squares.scatter(box, response, seen)
        return Part(box, scatter, down, across, response[some], white[some])

    if before is None or changed is None:
        whole = slice(0, shape[1])
        parts = list(in_order(respond, [(rows, whole) for rows, _, _ in squares.stripes()]))
    else:
        boxes = squares.around(changed, HALO)
        parts = [_without(part, boxes) for part in before] + list(in_order(respond, boxes))
    measured = squares.spread([(part.box, part.scatter) for part in parts])
    flags = np.zeros(shape, bool)

    def judge(part: Part) -> None:
        """Flag what stands out from the scatter that was measured as well."""
        down, across, response, white = part.rows, part.columns, part.response, part.white
        scatter = np.maximum(measured.at(down, across), white)
        if octave >= WIDE:
            structure = np.sqrt(np.square(scatter) - np.square(white))
            rough = structured.at(down, across) > 0.5 if structured else np.zeros(white.shape, bool)
            wary = np.where(rough, np.float32(CURIOUS), np.float32(WARY))
            scatter = np.hypot(white, wary * structure)
        flags[down, across] = response < -times * scatter

    for _ in in_order(judge, parts):
        pass
    every = slice(0, measured.small.shape[0]), slice(0, measured.small.shape[1])
    white = noise.resized(measured.small.shape).within(every)
    return flags, Gridded(np.maximum(measured.small / gain, white), shape), parts


def _without(part: Part, others: list[Box]) -> Part:
    """Return what of ``part`` lies in none of the ``others``; its scatter as it was."""
    kept = np.ones(part.rows.shape, bool)
    for rows, columns in others:
        down = (part.rows >= rows.start) & (part.rows < rows.stop)
        kept &= ~(down & (part.columns >= columns.start) & (part.columns < columns.stop))
    places = part.rows[kept], part.columns[kept]
    return Part(part.box, part.scatter, *places, part.response[kept], part.white[kept])


def against_field(
    excess: Plane, weight: Plane | None, noise: Gridded, finest: Gridded, threshold: float
) -> Flags:
    """Return what lies below the whole field's level, smoothed by 6 px.

    Where the illumination is all there is (a flat, not the Sun), this shows wide faint shadows as
    one piece; where there is more, the field's own scatter hides everything.
    """
    level, share = _smooth(excess, weight, INNER, (slice(None), slice(None)))
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
    excess: Plane, weight: Plane | None, sigma: float, inside: Box
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
