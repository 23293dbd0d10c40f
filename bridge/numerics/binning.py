"""A factor for frames whose pixels are whole blocks of the flat's."""

from __future__ import annotations

import numpy as np

from bridge.frame import Planes


def averaged(factor: Planes, times: int) -> Planes:
    """Return ``factor`` averaged over blocks of ``times`` x ``times`` pixels.

    What a binned pixel records is the mean of its pixels' light, and so is its transmission, as far
    as the light is even across them. Rows and columns that fill no block are left out, as cameras
    leave them out.

    Parameters
    ----------
    factor
        (channels, height, width) float32.
    times
        1 or more; 1 changes nothing.
    """
    if times == 1:
        return factor
    channels, height, width = factor.shape
    rows, columns = height // times, width // times
    whole = factor[:, : rows * times, : columns * times]
    blocks = whole.reshape(channels, rows, times, columns, times)
    # Clean blocks are exactly 1 in whatever order they are summed.
    return np.asarray(blocks.mean(axis=(2, 4), dtype=np.float64), np.float32)
