"""Step 6: the correction factor."""

from __future__ import annotations

import numpy as np

from bridge.frame import Flags, Plane, Planes


def synthesise(flat: Planes, matched: Planes, mask: Plane) -> tuple[Planes, int]:
    """Return the correction factor and how many masked pixels had no ratio.

    ``(1 - mask) + mask * flat / matched``, to the letter: values above 1 (rims) stay, clean pixels
    are exactly 1, and so is a masked pixel where flat or matched is not finite and positive
    (counted).

    Parameters
    ----------
    flat, matched
        (channels, height, width) float32.
    mask
        (height, width) float32 in [0, 1].
    """
    inside: Flags = mask > 0
    correction = np.ones_like(flat)
    weight = mask[inside]
    refused = 0
    for factor, recorded, expected in zip(correction, flat, matched, strict=True):
        over, under = recorded[inside], expected[inside]
        usable = np.isfinite(over) & np.isfinite(under) & (over > 0) & (under > 0)
        refused += int(np.count_nonzero(~usable))
        ratio = np.ones_like(over)
        np.divide(over, under, out=ratio, where=usable)
        factor[inside] = np.where(usable, (1 - weight) + weight * ratio, 1)
    return correction, refused


def clean(flat: Planes, correction: Planes) -> tuple[Planes, int]:
    """Return flat / correction within [0, 1] and how many values had to be clipped to it.

    A pixel that is not finite in some channel of the flat is 0 in the result.
    """
    known = np.isfinite(flat).all(axis=0)
    quotient = np.where(known, flat / correction, np.float32(0))
    clipped = int(np.count_nonzero(quotient > 1))
    return np.minimum(quotient, np.float32(1)), clipped
