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


def divide(
    values: NDArray[Any],
    factor: Planes,
    *,
    ceiling: float | None = None,
    multiply: bool = False,
    pedestal: float | NDArray[Any] = 0.0,
) -> Applied:
    """Return ``(values - pedestal) / factor + pedestal``, in the frame's own numbers.

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
    multiply
        Whether to multiply instead, which undoes a division.
    pedestal
        What is not light in ``values``, ADU; a number, or one for each value.

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
    offsets = np.broadcast_to(pedestal, values.shape)
    for plane, divisor, out, offset in zip(values, factor, result, offsets, strict=True):
        full = plane >= high if np.isfinite(high) else np.zeros(plane.shape, bool)
        touched = (divisor != 1) & ~full
        changed = _changed(plane[touched], divisor[touched], multiply, offset[touched])
        if values.dtype.kind in "iu":
            np.rint(changed, out=changed)
        outside = (changed > high) | (changed < low)
        out[touched] = np.clip(changed, low, high)
        saturated += int(np.count_nonzero(full))
        clipped += int(np.count_nonzero(outside))
    return Applied(result, saturated, clipped)


def divide_frames(
    frames: NDArray[Any],
    places: NDArray[np.intp],
    factor: NDArray[np.float32],
    *,
    ceiling: float,
    multiply: bool = False,
    pedestal: float = 0.0,
    rng: np.random.Generator | None = None,
) -> Applied:
    """Change many frames at ``places`` only, as `divide` does, in place.

    Parameters
    ----------
    frames
        (frames, samples) whole numbers, writable.
    places, factor
        Which samples of a frame are touched, and their factors; both (n,).
    ceiling, multiply, pedestal
        As for `divide`.
    rng
        Rounds up or down at random, so that the mean over many frames is not rounded at all: whole
        steps of 8 bits would print through into a stack. Without it, to the nearest.
    """
    values = frames[:, places]
    full = values >= ceiling
    changed = _changed(values, factor, multiply, pedestal)
    changed = np.rint(changed) if rng is None else np.floor(changed + rng.random(changed.shape))
    outside = ~full & ((changed > ceiling) | (changed < 0))
    frames[:, places] = np.where(full, values, np.clip(changed, 0, ceiling))
    return Applied(frames, int(np.count_nonzero(full)), int(np.count_nonzero(outside)))


def _changed(
    values: NDArray[Any],
    factor: NDArray[np.float32],
    multiply: bool,
    pedestal: float | NDArray[Any],
) -> NDArray[np.float64]:
    light = values.astype(np.float64) - pedestal
    return np.asarray((light * factor if multiply else light / factor) + pedestal)


def _range(dtype: np.dtype[Any], ceiling: float | None) -> tuple[float, float]:
    if dtype.kind not in "iu":
        return -np.inf, np.inf if ceiling is None else ceiling
    info = np.iinfo(dtype)
    return float(info.min), float(info.max if ceiling is None else ceiling)
