"""A window around a candidate, and what its surroundings foretell there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import (
    binary_closing,
    binary_dilation,
    binary_erosion,
    binary_fill_holes,
    gaussian_filter,
    label,
)

from bridge.engines.local.bands import Ground
from bridge.engines.local.holes import fill
from bridge.engines.local.noise import Gridded
from bridge.engines.local.squares import means
from bridge.frame import Flags, Plane
from bridge.numerics.boxes import (
    EIGHT,
    Box,
    depth,
    distance,
    extent,
    grow,
    placed,
    shifted,
    within,
)

Array = NDArray[np.float64]

VISIBLE = 3.0
"""A pixel belongs to the footprint beyond this many standard deviations, once smoothed."""

FINE, COARSE = 1.5, 4.0
"""Smoothing, in px, of the search for the footprint's body and for its faint wings."""

SAMPLES, FEW_SAMPLES = 100, 64
"""Samples of the surroundings that a verdict needs on structured and on smooth ground; fewer than
a fill's."""

RIM = np.hypot(*np.indices((5, 5)) - 2) <= 2
"""The rim of a hole is where this reaches beyond it: 2 px deep."""

LEAST_AREA = 9
"""Pieces of fewer pixels are noise or a bad pixel."""


@dataclass(frozen=True, slots=True, eq=False)
class Plate:
    """What is looked at: planes of one shape.

    Parameters
    ----------
    ratio
        Light over illumination.
    ground
        How it scatters.
    known, clear
        Pixels that count; those of them that can be learnt from.
    """

    ratio: Plane
    ground: Ground
    known: Flags
    clear: Flags

    def structured(self, window: Box) -> bool:
        """Tell whether the scene has structure in ``window``."""
        rough = self.ground.rough
        return bool(rough.small.any()) and float(np.median(rough.within(window))) > 0.5

    def window(self, window: Box) -> Plate:
        """Return a copy of a part of it."""
        parts = (self.ground.fine, self.ground.coarse, self.ground.rough)
        ground = Ground(*(part.part(window) for part in parts))
        return Plate(self.ratio[window].copy(), ground, self.known[window], self.clear[window])

    def means(self, window: Box, step: int) -> Plate:
        """Return the means of squares of ``step`` px in ``window``, whole steps high and wide."""
        ratio = means(self.ratio[window], step)
        ground = [
            Gridded(part.within(window, step) / np.float32(share), ratio.shape)
            for part, share in (
                (self.ground.fine, step), (self.ground.coarse, step), (self.ground.rough, 1)
            )
        ]  # fmt: skip
        known, clear = (means(flags[window], step) > 0.5 for flags in (self.known, self.clear))
        return Plate(ratio, Ground(*ground), known, clear)


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """A window around a candidate, and what its surroundings foretell there.

    ``departure`` is the record over the ``level`` foretold, less 1; ``soft`` the same, smoothed.
    """

    box: Box
    core: Flags
    hole: Flags
    level: Array
    departure: Array
    soft: Array
    error: Array
    structured: bool
    footprint: Flags

    @property
    def contained(self) -> bool:
        """Whether the footprint ends within the hole."""
        rim = self.hole & ~binary_erosion(self.hole, RIM, border_value=1)
        return bool(np.count_nonzero(self.footprint & rim) <= 0.05 * np.count_nonzero(rim))


def look(plate: Plate, box: Box, core: Flags, margin: int | None = None) -> View:
    """Return the view of ``core`` (within ``box``) and ``margin`` px around it."""
    rows, columns = extent(core)
    core, box = core[rows, columns], shifted((rows, columns), box)
    if margin is None:
        margin = round(6 + 0.3 * float(depth(core).max()))
    window, reach = (grow(box, times * margin, plate.ratio.shape) for times in (3, 1))
    # The hole ends within its reach: nothing is done twice where there is none of it.
    hole = binary_fill_holes(distance(placed(core, box, reach)) <= margin)
    core, hole = placed(core, box, window), placed(hole, reach, window)
    structured = plate.structured(window)
    samples = SAMPLES if structured else FEW_SAMPLES
    predicted = fill(plate.ratio, hole, window, plate.clear, samples=samples)
    level = np.maximum(predicted.level, 1e-6)
    departure = np.where(plate.known[window], plate.ratio[window] / level - 1, 0)
    error = predicted.error / level
    ground = plate.ground
    fine, coarse = (part.within(reach) for part in (ground.fine, ground.coarse))
    soft = gaussian_filter(departure, FINE, mode="nearest")
    here = within(reach, window)
    parts = departure[here], soft[here], fine, coarse, error[here]
    footprint = placed(_footprint(*parts, core[here], hole[here]), reach, window)
    return View(window, core, hole, level, departure, soft, error, structured, footprint)


def _footprint(
    departure: Array,
    soft: Array,
    noise: Plane,
    wide_noise: Plane,
    error: Array,
    core: Flags,
    hole: Flags,
) -> Flags:
    body = hole & (np.abs(soft) > VISIBLE * np.hypot(noise / (2 * np.sqrt(np.pi) * FINE), error))
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
