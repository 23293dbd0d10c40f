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

from bridge.engines.local.holes import fill
from bridge.frame import Flags, Plane
from bridge.numerics.boxes import EIGHT, Box, depth, distance, grow, placed

Array = NDArray[np.float64]

CERTAIN = 3.0
"""A shadow is deeper than this many standard errors of what its surroundings foretell."""

VISIBLE = 3.0
"""A pixel belongs to the footprint beyond this many standard deviations, once smoothed."""

FINE, COARSE = 1.5, 4.0
"""Smoothing, in px, of the search for the footprint's body and for its faint wings."""

SAMPLES = 100
"""Samples of the surroundings that a verdict needs; fewer than a fill's."""

LOOKS = 5
"""How often a footprint is looked at, in a larger window if it reaches the end of its own."""

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

LEAST_AREA = 9
"""Pieces of fewer pixels are noise or a bad pixel."""


@dataclass(frozen=True, slots=True, eq=False)
class Shadow:
    """One accepted candidate: its footprint and the light without it, within ``box``."""

    box: Box
    footprint: Flags
    level: Plane


def judge(
    ratio: Plane,
    noises: tuple[Plane, Plane],
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
        The noise per pixel, as it appears at the sizes `FINE` and `COARSE`.
    known
        Pixels that count.
    looks
        How often at most the footprint is looked at, each time from what the last look showed.
    """
    for look in range(looks):
        radius = float(depth(core).max())
        margin = round(6 + 0.3 * radius)
        window = grow(box, 3 * margin, ratio.shape)
        box, core = window, placed(core, box, window)
        near = distance(core)
        hole = binary_fill_holes(near <= margin)
        predicted = fill(ratio, hole, box, known, samples=SAMPLES)
        level = np.maximum(predicted.level, 1e-6)
        departure = np.where(known[box], ratio[box] / level - 1, 0)
        error = predicted.error / level
        fine, coarse = (noise[box] / level for noise in noises)
        footprint = _footprint(departure, fine, coarse, error, core, hole)
        if not _is_shadow(departure, error, footprint, core):
            return None
        rim = hole & (depth(hole, beyond=True) <= 2)
        contained = np.count_nonzero(footprint & rim) <= 0.05 * np.count_nonzero(rim)
        if look and contained:
            break
        core = footprint
    return Shadow(box, footprint, level.astype(np.float32))


def _is_shadow(departure: Array, error: Array, footprint: Flags, core: Flags) -> bool:
    """Tell a shadow from noise and from the scene's own dark places.

    A shadow is dark where it was seen to be, deeper than what its surroundings leave uncertain; its
    bright rims weigh little beside its dark, or run all around it; and if it is wide, it ends at an
    edge: dust lies so near to the sensor that its outline is far sharper than its size, where a
    filament fades.
    """
    dark = footprint & (departure < 0)
    heart = dark & core
    if not heart.any() or -departure[heart].mean() < CERTAIN * error[heart].mean():
        return False
    soft = gaussian_filter(departure, FINE, mode="nearest")[footprint]
    bright, dim = (np.sum(np.square(side(soft, 0))) for side in (np.maximum, np.minimum))
    edge = _edge(departure, footprint)
    return edge >= SHARP and bool(bright <= (dim if edge >= RINGED else RIMS * dim))


def _edge(departure: Array, footprint: Flags) -> float:
    """Return the share of the depth that is gained close to the outline; 1 for narrow shadows.

    Measured in sectors around the middle, of which the lower quartile counts: structure may end
    sharply on one side, dust does so all around.
    """
    soft = gaussian_filter(departure, FINE, mode="nearest")
    deep = -float(np.median(soft[footprint & (soft < 0)]))
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
    departure: Array, noise: Array, wide_noise: Array, error: Array, core: Flags, hole: Flags
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
