"""Step 6: the correction factor."""

from __future__ import annotations

from typing import Final

import numpy as np

from bridge.frame import Flags, Plane, Planes
from bridge.parallel import stripes

EVERY: Final = slice(None)
"""All channels."""


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


def synthesise(ratios: Planes, mask: Plane, out: Planes | None = None) -> Planes:
    """Return the correction factor: ``(1 - mask) + mask * ratio``, exactly 1 on clean pixels.

    Parameters
    ----------
    ratios
        (channels, height, width) float32, 1 where there is no ratio. Values above 1 (rims) stay.
    mask
        (height, width) float32 in [0, 1].
    out
        Takes the factor, if given.
    """
    inside: Flags = mask > 0
    weight = mask[inside]
    correction = np.empty_like(ratios) if out is None else out
    correction[:] = 1
    for factor, quotient in zip(correction, ratios, strict=True):
        found = quotient[inside]
        factor[inside] = np.where(found == 1, 1, (1 - weight) + weight * found)
    return correction


def clean(flat: Planes, correction: Planes, channels: slice = EVERY) -> Planes:
    """Return flat / correction within [0, 1], or some channels of it.

    A pixel that is not finite in some channel of the flat is 0 in the result.
    """
    known = np.isfinite(flat).all(axis=0)
    quotient = np.divide(flat[channels], correction[channels])
    quotient[:, ~known] = 0
    return np.minimum(quotient, np.float32(1), out=quotient)


def count_clipped(flat: Planes, correction: Planes) -> int:
    """Return how many values of flat / correction are above 1, at finite pixels of the flat."""
    count = 0
    for rows, _, _ in stripes(flat.shape[1]):
        known = np.isfinite(flat[:, rows]).all(axis=0)
        count += int(np.count_nonzero((flat[:, rows] / correction[:, rows] > 1) & known))
    return count
