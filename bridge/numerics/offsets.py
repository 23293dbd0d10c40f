"""A factor moved by whole pixels."""

from __future__ import annotations

import numpy as np

from bridge.frame import Planes


def moved(factor: Planes, offset: tuple[int, int]) -> Planes:
    """Return ``factor`` moved right and down by ``offset`` (dx, dy) px; 1 where nothing moved in.

    Parameters
    ----------
    factor
        (channels, height, width) float32.
    offset
        Whole pixels; negative ones move left and up.
    """
    dx, dy = offset
    if (dx, dy) == (0, 0):
        return factor
    out = np.ones_like(factor)
    height, width = factor.shape[1:]
    if abs(dx) < width and abs(dy) < height:
        to = slice(max(0, dy), height + min(0, dy)), slice(max(0, dx), width + min(0, dx))
        come = slice(max(0, -dy), height - max(0, dy)), slice(max(0, -dx), width - max(0, dx))
        out[:, *to] = factor[:, *come]
    return out
