"""Step 6, whole: from the flat and its dust-free estimate to the factor."""

from __future__ import annotations

from typing import Literal

import numpy as np

from bridge.frame import Notice, Plane, Planes
from bridge.numerics.correction import count_clipped, ratio, synthesise
from bridge.numerics.smoothing import smooth_channel, told

Smooth = float | Literal["auto", "off"]


def factor_of(
    flat: Planes, inpainted: Planes, mask: Plane, sites: bool, smooth: Smooth
) -> tuple[Planes, list[Notice]]:
    """Return the factor, made one channel after the other, and what to say of it.

    Parameters
    ----------
    flat, inpainted
        (channels, height, width) float32; the second finite.
    mask
        (height, width) float32 in [0, 1].
    sites
        Whether the one plane is a color mosaic.
    smooth
        Sigma, px, by which the ratio is smoothed, as the data allow, or not at all.
    """
    factor = np.empty_like(flat)
    refused = outliers = bounded = 0
    for channel, (recorded, expected) in enumerate(zip(flat, inpainted, strict=True)):
        quotient, missing = ratio(recorded[None], expected[None], mask)
        refused += missing
        if smooth != "off":
            done = smooth_channel(
                quotient[0], recorded, mask, sites, None if smooth == "auto" else smooth
            )
            outliers, bounded = outliers + done.outliers, bounded + done.bounded
            quotient = done.ratio[None]
            del done
        synthesise(quotient, mask, factor[channel : channel + 1])
        del quotient
    notices = told(outliers, bounded)
    if refused:
        text = "Masked pixels without light in the flat keep the factor 1."
        notices.append(Notice("no-ratio", text, refused))
    clipped = count_clipped(flat, factor)
    if clipped:
        text = "Pixels of the dust-free flat would exceed full scale and were clipped to it."
        notices.append(Notice("clean-flat-clipped", text, clipped))
    return factor, notices
