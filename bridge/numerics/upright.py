"""One way up for every picture, so that the answer does not depend on how a flat was read."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from bridge.frame import Plane, Planes
from bridge.parallel import Stripe, in_order, stripes

Array = NDArray[np.float64]


def upright(flat: Planes) -> Callable[[Plane], Plane]:
    """Return the flip, its own inverse, that puts the brighter half of ``flat`` at the top left.

    Squares, rings and orders of work are laid from the top left: turned the same way first, a flat
    and its mirror image are worked on alike, pixel by pixel, and give the same dust. It takes any
    planes of the flat's size, (..., height, width), and returns a view of them.
    """
    plane = flat[0]
    rows, columns = np.zeros(plane.shape[0]), np.zeros(plane.shape[1])

    def work(stripe: Stripe) -> Array:
        light = np.nan_to_num(plane[stripe[0]])
        rows[stripe[0]] = light.sum(axis=1, dtype=np.float64)
        return np.asarray(light.sum(axis=0, dtype=np.float64))

    for part in in_order(work, stripes(plane.shape[0])):
        columns += part
    flips = []
    for axis, profile in ((-2, rows), (-1, columns)):
        half = len(profile) // 2
        if profile[:half].sum() < profile[-half:].sum() and half:
            flips.append(axis)
    return lambda planes: np.flip(planes, tuple(flips))
