"""Arrays that nothing may write to, and corrections of them."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bridge.engines.base import Quiet
from bridge.frame import Frame
from bridge.options import Options
from bridge.pipeline import Correction, Detection, correct, detect

Plane = NDArray[np.float32]


def sealed(values: ArrayLike, dtype: type = np.float32) -> NDArray:
    """Return a copy that raises when written to."""
    copy = np.array(values, dtype, order="C")
    copy.setflags(write=False)
    return copy


def framed(values: ArrayLike) -> Frame:
    """Return a frame of one plane (height, width) or of three."""
    pixels = sealed(values)
    return Frame(pixels[None] if pixels.ndim == 2 else pixels)


def corrected(values: ArrayLike, mask: ArrayLike | None = None, **options: object) -> Correction:
    """Return what the pipeline makes of a flat, nobody watching."""
    given = None if mask is None else sealed(mask)
    return correct(framed(values), Options.from_mapping(options), Quiet(), given)


def detected(values: ArrayLike, **options: object) -> Detection:
    """Return what the pipeline sees in a flat, nobody watching."""
    return detect(framed(values), Options.from_mapping(options), Quiet())


def codes(found: Correction | Detection) -> dict[str, int]:
    """Return the warnings as code and count."""
    return {notice.code: notice.count for notice in found.warnings}
