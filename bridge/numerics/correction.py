"""Step 6: the correction factor."""

from __future__ import annotations

import numpy as np

from bridge.frame import Flags, Plane, Planes


def ratio(flat: Planes, matched: Planes, mask: Plane) -> tuple[Planes, int]:
    """Return ``flat / matched`` where the mask is above 0, else 1; and how many had no ratio.

    A masked pixel where flat or matched is not finite and positive is 1 as well (counted).

    Parameters
    ----------
    flat, matched
        (channels, height, width) float32.
    mask
        (height, width) float32 in [0, 1].
    """
    inside: Flags = mask > 0
    out = np.ones_like(flat)
    refused = 0
    for quotient, recorded, expected in zip(out, flat, matched, strict=True):
        over, under = recorded[inside], expected[inside]
        usable = np.isfinite(over) & np.isfinite(under) & (over > 0) & (under > 0)
        refused += int(np.count_nonzero(~usable))
        found = np.ones_like(over)
        np.divide(over, under, out=found, where=usable)
        quotient[inside] = found
    return out, refused


def synthesise(ratios: Planes, mask: Plane) -> Planes:
    """Return the correction factor: ``(1 - mask) + mask * ratio``, exactly 1 on clean pixels.

    Parameters
    ----------
    ratios
        (channels, height, width) float32, 1 where there is no ratio. Values above 1 (rims) stay.
    mask
        (height, width) float32 in [0, 1].
    """
    inside: Flags = mask > 0
    weight = mask[inside]
    correction = np.ones_like(ratios)
    for factor, quotient in zip(correction, ratios, strict=True):
        found = quotient[inside]
        factor[inside] = np.where(found == 1, 1, (1 - weight) + weight * found)
    return correction


def clean(flat: Planes, correction: Planes) -> tuple[Planes, int]:
    """Return flat / correction within [0, 1] and how many values had to be clipped to it.

    A pixel that is not finite in some channel of the flat is 0 in the result.
    """
    known = np.isfinite(flat).all(axis=0)
    quotient = np.where(known, flat / correction, np.float32(0))
    clipped = int(np.count_nonzero(quotient > 1))
    return np.minimum(quotient, np.float32(1)), clipped
