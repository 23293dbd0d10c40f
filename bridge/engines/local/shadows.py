"""The judge of one candidate: whether it is a shadow, and how far it reaches."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import (
    binary_closing,
    binary_dilation,
    binary_fill_holes,
    gaussian_filter,
    label,
)

from bridge.engines.local.bands import STRUCTURED
from bridge.engines.local.holes import fill
from bridge.engines.local.noise import Gridded
from bridge.frame import Flags, Plane
from bridge.numerics.boxes import EIGHT, Box, depth, distance, grow, placed, within

Array = NDArray[np.float64]

CERTAIN = 3.0
"""A shadow is deeper than this many standard errors of what its surroundings foretell."""

ROUND, STRANGE = 4.0, 16.0
"""On structured ground it takes this many where it is perfectly round, and where it is not."""

REACH = 1.9
"""How far out roundness is looked at, in radii of the disc with the core's area."""

VISIBLE = 3.0
"""A pixel belongs to the footprint beyond this many standard deviations, once smoothed."""

FINE, COARSE = 1.5, 4.0
"""Smoothing, in px, of the search for the footprint's body and for its faint wings."""

SAMPLES = 100
"""Samples of the surroundings that a verdict needs; fewer than a fill's."""

LOOKS = 5
"""How often a footprint is looked at, in a larger window if it reaches the end of its own."""

DARK = 0.3
"""The dark of a shadow with rims: what lies deeper than this share of its depth."""

RIMMED = 24.0
"""Shadows with a dark part of a larger radius, px, show no rims."""

FARTHEST_RIM = 10.0
"""How far from the dark, in px, rims are looked for."""

LONG = 4.5
"""On structured ground what is longer than this, in widths, is a filament and no dust."""

RIM_LEAST, RIM_SHARE, RIM_VISIBLE = 0.01, 0.03, 1.0
"""A rim is seen where its mean exceeds this, this share of the depth, and this many errors."""

RIMS = 1 / 3
"""Diffraction rims hold less than this share of the squared departure of the dark they surround."""

RINGED = 1.2
"""An edge that gains more than the depth itself in every direction has a bright rim all around."""

WIDE = 6.0
"""A shadow whose dark part is this many px from edge to middle must have a sharp outline."""

SHARP = 0.5
"""Share of the depth that such an outline gains within half its width; a fading blot gains less."""

SECTORS = 16
"""Directions in which the outline is looked at."""

COARSE_FROM = 20.0
"""Shadows of at least twice this radius, px, are judged on means of squares: they have no finer
detail, and weak wings show better."""

LEAST_AREA = 9
"""Pieces of fewer pixels are noise or a bad pixel."""


@dataclass(frozen=True, slots=True, eq=False)
class Shadow:
    """One accepted candidate: its footprint and the light without it, within ``box``."""

    box: Box
    footprint: Flags
    level: Plane
    small: bool = False


def judge(
    ratio: Plane,
    noises: tuple[Gridded, Gridded],
    known: Flags,
    box: Box,
    core: Flags,
    *,
    looks: int = LOOKS,
) -> Shadow | None:
    """Return the shadow whose dark heart is ``core`` (within ``box``), or None if there is none.

    The light that the surroundings foretell is predicted for a window around the core, and the
    footprint is where the record departs from it, above (rims) or below, connected to the core.

    Parameters
    ----------
    ratio
        Light over illumination.
    noises
        Relative noise per pixel, as it appears at the sizes `FINE` and `COARSE`.
    known
        Pixels that count.
    looks
        How often at most the footprint is looked at, each time from what the last look showed.
    """
    step = int(depth(core).max() // COARSE_FROM)
    if step < 2:
        return _judged(ratio, noises, known, box, core, looks, rimmed=True)
    wide = _surroundings(box, ratio.shape)
    around = _aligned(wide, step)
    small_ratio = _means(ratio[around], step)
    small_known = _means(known[around], step) > 0.5
    small_core = _means(placed(core, box, wide)[within(around, wide)], step) > 0.5
    fine, coarse = (
        Gridded(_means(noise.within(around), step) / np.float32(step), small_ratio.shape)
        for noise in noises
    )
    whole = slice(0, small_ratio.shape[0]), slice(0, small_ratio.shape[1])
    found = _judged(
        small_ratio, (fine, coarse), small_known, whole, small_core, looks, rimmed=False
    )
    return None if found is None else _enlarged(found, step, around)


def _judged(
    ratio: Plane,
    noises: tuple[Gridded, Gridded],
    known: Flags,
    box: Box,
    core: Flags,
    looks: int,
    *,
    rimmed: bool,
) -> Shadow | None:
    view = _look(ratio, noises, known, box, core)
    needed = _needed(view)
    if not _is_shadow(view, needed):
        return None
    if view.structured:
        dark = _dark(view)
        if _lengths(dark) > LONG:
            return None
        if rimmed and float(depth(dark).max()) < RIMMED:
            return _speck(ratio, noises, known, view.box, dark)
    for _ in range(looks - 1):
        view = _look(ratio, noises, known, view.box, view.footprint)
        if not _is_shadow(view, needed):
            return None
        if view.contained:
            break
    return Shadow(view.box, view.footprint, view.level.astype(np.float32))


def _surroundings(box: Box, shape: tuple[int, ...]) -> Box:
    return grow(box, 3 * max(side.stop - side.start for side in box) // 2 + 40, shape)


def _aligned(box: Box, step: int) -> Box:
    """Return ``box`` cut to whole steps."""
    rows, columns = (slice(side.start, side.stop - (side.stop - side.start) % step) for side in box)
    return rows, columns


def _means(plane: Plane | Flags, step: int) -> Plane:
    rows, columns = (length // step for length in plane.shape)
    means = plane.reshape(rows, step, columns, step).mean(axis=(1, 3))
    return np.asarray(means, np.float32)


def _enlarged(small: Shadow, step: int, around: Box) -> Shadow:
    """Return a shadow judged on means of ``step`` px squares in the pixels of the plane."""
    rows, columns = (
        slice(outer.start + side.start * step, outer.start + side.stop * step)
        for side, outer in zip(small.box, around, strict=True)
    )
    shape = rows.stop - rows.start, columns.stop - columns.start
    footprint = np.repeat(np.repeat(small.footprint, step, axis=0), step, axis=1)
    level = Gridded(small.level, shape).within((slice(0, shape[0]), slice(0, shape[1])))
    return Shadow((rows, columns), footprint, level)


@dataclass(frozen=True, slots=True, eq=False)
class _View:
    """A window around a candidate, and what its surroundings foretell there."""

    box: Box
    core: Flags
    hole: Flags
    level: Array
    departure: Array
    error: Array
    structured: bool
    footprint: Flags

    @property
    def contained(self) -> bool:
        """Whether the footprint ends within the hole."""
        rim = self.hole & (depth(self.hole, beyond=True) <= 2)
        return bool(np.count_nonzero(self.footprint & rim) <= 0.05 * np.count_nonzero(rim))


def _look(
    ratio: Plane,
    noises: tuple[Gridded, Gridded],
    known: Flags,
    box: Box,
    core: Flags,
    margin: int | None = None,
) -> _View:
    """Return the view of ``core`` (within ``box``) and ``margin`` px around it."""
    if margin is None:
        margin = round(6 + 0.3 * float(depth(core).max()))
    window = grow(box, 3 * margin, ratio.shape)
    core = placed(core, box, window)
    hole = binary_fill_holes(distance(core) <= margin)
    predicted = fill(ratio, hole, window, known, samples=SAMPLES)
    level = np.maximum(predicted.level, 1e-6)
    departure = np.where(known[window], ratio[window] / level - 1, 0)
    error = predicted.error / level
    fine, coarse = (noise.within(window) for noise in noises)
    structured = float(np.median(coarse)) > STRUCTURED * float(np.median(fine))
    footprint = _footprint(departure, fine, coarse, error, core, hole)
    return _View(window, core, hole, level, departure, error, structured, footprint)


def _dark(view: _View) -> Flags:
    """Return the dark of a shadow without its rims, in all its pieces."""
    soft = gaussian_filter(view.departure, FINE, mode="nearest")
    deep = -float(soft[view.core].min())
    labels, count = label(view.hole & (soft < -DARK * deep), structure=EIGHT)
    mine = np.zeros(count + 1, bool)
    mine[np.unique(labels[view.core & (labels > 0)])] = True
    mine[0] = False
    return np.asarray(mine[labels])


def _lengths(dark: Flags) -> float:
    """Return how long the longest piece of ``dark`` is, in units of its width."""
    labels, count = label(dark, structure=EIGHT)
    inside = depth(dark)
    lengths = [
        np.count_nonzero(piece) / (np.pi * inside[piece].max() ** 2)
        for piece in (labels == number for number in range(1, count + 1))
    ]
    return max(lengths, default=0.0)


def _speck(
    ratio: Plane, noises: tuple[Gridded, Gridded], known: Flags, box: Box, dark: Flags
) -> Shadow:
    """Return a small shadow with its diffraction rims.

    Structure hides the rims from pixel to pixel; they show as a mean along the dark's outline.
    """
    margin = round(min(4 + float(depth(dark).max()), FARTHEST_RIM))
    view = _look(ratio, noises, known, box, dark, margin)
    soft = gaussian_filter(view.departure, FINE, mode="nearest")
    deep = -float(soft[view.core].min())
    away = np.ceil(distance(view.core)).astype(int)[view.hole]
    count = np.maximum(np.bincount(away), 1)
    level, unsure = (np.bincount(away, part[view.hole]) / count for part in (soft, view.error))
    seen = np.flatnonzero(
        np.abs(level) > np.maximum(max(RIM_LEAST, RIM_SHARE * deep), RIM_VISIBLE * unsure)
    )
    reach = min(int(seen.max(initial=0)) + 1, margin)
    footprint = view.hole & (distance(view.core) <= reach)
    return Shadow(view.box, footprint, view.level.astype(np.float32), small=True)


def _needed(view: _View) -> float:
    """Return how many standard errors deep a shadow must be to be believed."""
    if not view.structured:
        return CERTAIN
    return min(ROUND * (1 + 10 * _uneven(view.departure, view.core)), STRANGE)


def _uneven(departure: Array, core: Flags) -> float:
    """Return which share of the departure in and around ``core`` its distance to the middle leaves.

    Dust is as round as the pupil that lights it; structure is not.
    """
    soft = gaussian_filter(departure, FINE, mode="nearest")
    rows, columns = np.nonzero(core)
    weight = np.maximum(-soft[core], 1e-9)
    middle = np.average(rows, weights=weight), np.average(columns, weights=weight)
    down, across = np.indices(core.shape)
    away = np.hypot(down - middle[0], across - middle[1])
    near = away <= REACH * np.sqrt(len(rows) / np.pi)
    ring = away[near].astype(int)
    values = soft[near]
    level = np.bincount(ring, weights=values) / np.maximum(np.bincount(ring), 1)
    return float(np.var(values - level[ring]) / max(np.var(values), 1e-30))


def _is_shadow(view: _View, needed: float) -> bool:
    """Tell a shadow from noise and from the scene's own dark places.

    A shadow is dark where it was seen to be, deeper than what its surroundings leave uncertain; its
    bright rims weigh little beside its dark, or run all around it; and if it is wide, it ends at an
    edge: dust lies so near to the sensor that its outline is far sharper than its size, where a
    filament fades.
    """
    departure, error, footprint = view.departure, view.error, view.footprint
    dark = footprint & (departure < 0)
    heart = dark & view.core
    if not heart.any() or -departure[heart].mean() < needed * error[heart].mean():
        return False
    soft = gaussian_filter(departure, FINE, mode="nearest")[footprint]
    bright, dim = (np.sum(np.square(side(soft, 0))) for side in (np.maximum, np.minimum))
    edge = _edge(departure, footprint)
    allowed = 1.0 if edge >= RINGED or view.structured else RIMS
    return edge >= SHARP and bool(bright <= allowed * dim)


def _edge(departure: Array, footprint: Flags) -> float:
    """Return the share of the depth that is gained close to the outline; 1 for narrow shadows.

    Measured in sectors around the middle, of which the lower quartile counts: structure may end
    sharply on one side, dust does so all around.
    """
    soft = gaussian_filter(departure, FINE, mode="nearest")
    below = soft[footprint & (soft < 0)]
    if not below.size:
        return 0.0
    deep = -float(np.median(below))
    dark = footprint & (soft < -deep / 2)
    inside = depth(dark, beyond=True)
    half_width = float(inside.max())
    if half_width < WIDE:
        return 1.0
    outside = distance(dark)
    near, far = 0.15 * half_width, 0.5 * half_width
    within, beyond = ((away > near) & (away <= far) for away in (inside, outside))
    rows, columns = np.meshgrid(*(np.arange(n) for n in soft.shape), indexing="ij")
    angle = np.arctan2(rows - rows[dark].mean(), columns - columns[dark].mean())
    sector = ((angle / (2 * np.pi) + 0.5) * SECTORS).astype(int) % SECTORS
    sums = [
        (
            np.bincount(sector[where], weights=soft[where], minlength=SECTORS),
            np.bincount(sector[where], minlength=SECTORS),
        )
        for where in (within, beyond)
    ]
    seen = (sums[0][1] > 0) & (sums[1][1] > 0)
    if not seen.any():
        return 0.0
    low, high = (total[seen] / count[seen] for total, count in sums)
    return float(np.quantile(high - low, 0.25)) / deep


def _footprint(
    departure: Array, noise: Plane, wide_noise: Plane, error: Array, core: Flags, hole: Flags
) -> Flags:
    fine = np.abs(gaussian_filter(departure, FINE, mode="nearest"))
    body = hole & (fine > VISIBLE * np.hypot(noise / (2 * np.sqrt(np.pi) * FINE), error))
    rest = (hole & ~body).astype(np.float64)
    weight = gaussian_filter(rest, COARSE, mode="constant")
    wings = np.abs(gaussian_filter(departure * rest, COARSE, mode="constant"))
    limit = VISIBLE * np.hypot(wide_noise / (2 * np.sqrt(np.pi) * COARSE), error)
    body |= (rest > 0) & (weight > 0.2) & (wings > limit * np.sqrt(weight))
    # Rims and diffraction rings lie a few pixels apart from the core but belong to it.
    joined = hole & (binary_closing(np.pad(body, 4), EIGHT, iterations=4)[4:-4, 4:-4] | body)
    labels, count = label(joined, structure=EIGHT)
    sizes = np.bincount(labels.ravel(), minlength=count + 1)
    mine = np.zeros(count + 1, bool)
    mine[np.unique(labels[binary_dilation(core, EIGHT, iterations=2)])] = True
    mine &= sizes >= LEAST_AREA
    mine[0] = False
    return np.asarray(mine[labels])
