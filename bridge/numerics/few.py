"""Planes that are nearly empty, without their emptiness."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bridge.frame import Plane


@dataclass(frozen=True, slots=True, eq=False)
class Few:
    """A plane that is 0 but for a few pixels."""

    shape: tuple[int, ...]
    where: NDArray[np.intp]
    values: NDArray[np.float32]

    @classmethod
    def of(cls, plane: Plane) -> Few:
        """Return what of ``plane`` is not 0."""
        where = np.flatnonzero(plane)
        return cls(plane.shape, where, plane.flat[where])

    def plane(self) -> Plane:
        """Return the plane again."""
        plane = np.zeros(self.shape, np.float32)
        plane.flat[self.where] = self.values
        return plane
