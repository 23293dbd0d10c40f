"""The correction factor applied to a frame."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bridge.frame import Planes


@dataclass(frozen=True, slots=True, eq=False)
class Applied:
    """A corrected frame.

    Parameters
    ----------
    values
        Shape and dtype of the frame given.
    saturated
        How many values stood at the ceiling and were left there.
    clipped
        How many values would have left the range and were set to its end.
    """

    values: NDArray[Any]
    saturated: int
    clipped: int


def divide(values: NDArray[Any], factor: Planes, *, ceiling: float | None = None) -> Applied:
    """Return ``values / factor``, in the frame's own numbers.

    Parameters
    ----------
    values
        (channels, height, width), whole numbers or floats in ADU, row 0 at the top. NaN stays NaN.
    factor
        Shape of ``values``, float32, finite, above 0. Where it is 1 the frame is left bit for bit.
    ceiling
        The largest value the frame can record: what stands there is saturated and stays, what would
        rise above it is clipped. Without one, floats are unbounded and whole numbers end where
        their type does.

    Returns
    -------
    Applied
        Whole numbers are rounded half to even. Negative floats stay negative.

    Raises
    ------
    ValueError
        If the shapes differ.
    """
    if values.shape != factor.shape:
        raise ValueError(f"frame {values.shape} and factor {factor.shape} differ in shape")
    result = values.copy()
    saturated = clipped = 0
    low, high = _range(values.dtype, ceiling)
    for plane, divisor, out in zip(values, factor, result, strict=True):
        full = plane >= high if np.isfinite(high) else np.zeros(plane.shape, bool)
        touched = (divisor != 1) & ~full
        quotient = plane[touched].astype(np.float64) / divisor[touched]
        if values.dtype.kind in "iu":
            np.rint(quotient, out=quotient)
        outside = (quotient > high) | (quotient < low)
        out[touched] = np.clip(quotient, low, high)
        saturated += int(np.count_nonzero(full))
        clipped += int(np.count_nonzero(outside))
    return Applied(result, saturated, clipped)


def _range(dtype: np.dtype[Any], ceiling: float | None) -> tuple[float, float]:
    if dtype.kind not in "iu":
        return -np.inf, np.inf if ceiling is None else ceiling
    info = np.iinfo(dtype)
    return float(info.min), float(info.max if ceiling is None else ceiling)
