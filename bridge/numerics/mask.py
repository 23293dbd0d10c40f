"""Step 3: from the detector's seed mask to the soft mask."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import gaussian_filter

from bridge.frame import Flags, Plane
from bridge.numerics.boxes import distance, grow, pieces, within

FLOOR = np.float32(1 / 512)
"""Mask values below this are exactly 0: clean pixels are clean."""

REACH = 4.0
"""Where the Gaussian is cut, in sigmas: there it is far below the floor."""


def expand(seed: Plane, *, dilate: float, feather: float) -> Plane:
    """Return the soft mask of ``seed``.

    Parameters
    ----------
    seed
        (height, width) float32; only where it exceeds 0.5 has it any effect. NaN has none.
    dilate
        Radius of the disc the seed grows by, in px, 0 or more.
    feather
        Sigma of the Gaussian that softens the edge, in px, 0 or more.

    Returns
    -------
    Plane
        (height, width) float32 in [0, 1]: 1 on the seed, exactly 0 where below 1/512.
    """
    binary = seed > 0.5
    soft = binary.astype(np.float32)
    if not binary.any() or (dilate == 0 and feather == 0):
        return soft
    reach = int(np.ceil(dilate + REACH * feather)) + 1
    for box, _ in pieces(binary):
        # Whatever acts on the inner box lies within twice the reach: the result is that of the
        # whole plane, at the cost of the boxes.
        inner, outer = (grow(box, reach * times, binary.shape) for times in (1, 2))
        part = _blurred(binary[outer], dilate, feather)
        np.maximum(soft[inner], part[within(inner, outer)], out=soft[inner])
    soft[soft < FLOOR] = 0
    return soft


def given(mask: Plane) -> Plane:
    """Return a mask given by the user: clamped to [0, 1], NaN taken as 0, otherwise as it is."""
    return np.clip(np.nan_to_num(mask, nan=0.0), 0, 1).astype(np.float32)


def _blurred(binary: Flags, dilate: float, feather: float) -> Plane:
    grown = distance(binary) <= dilate if dilate > 0 else binary
    if feather == 0:
        return grown.astype(np.float32)
    blurred: Plane = gaussian_filter(
        grown.astype(np.float32), feather, mode="nearest", truncate=REACH
    )
    return np.minimum(blurred, 1)
