"""One way up for every picture, so that the answer does not depend on how a flat was read."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from bridge.frame import Plane, Planes


def upright(flat: Planes) -> Callable[[Plane], Plane]:
    """Return the flip, its own inverse, that puts the brighter half of ``flat`` at the top left.

    Squares, rings and orders of work are laid from the top left: turned the same way first, a flat
    and its mirror image are worked on alike, pixel by pixel, and give the same dust. It takes any
    planes of the flat's size, (..., height, width).
    """
    light = np.nan_to_num(flat[0])
    flips = []
    for axis in (0, 1):
        profile = light.sum(axis=1 - axis, dtype=np.float64)
        half = len(profile) // 2
        if profile[:half].sum() < profile[-half:].sum() and half:
            flips.append(axis - 2)
    axes = tuple(flips)

    def turn_up(planes: Plane) -> Plane:
        return np.ascontiguousarray(np.flip(planes, axes)) if axes else planes

    return turn_up
