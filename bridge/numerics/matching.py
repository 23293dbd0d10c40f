"""Step 5: an engine's tones brought onto the flat's."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bridge.errors import NoCleanPixels
from bridge.frame import Flags, Plane
from bridge.parallel import stripes

QUANTILES = 1024
"""Nodes of the mapping: finer than any tone curve, coarse enough to average noise away."""


def match(answer: Plane, flat: Plane, clean: Flags) -> Plane:
    """Return ``answer`` mapped monotonically so that its clean pixels follow the flat's.

    The quantiles of the answer's clean pixels are sent to those of the flat's (Gonzalez & Woods,
    histogram specification), linear between them and beyond the outermost.

    Parameters
    ----------
    answer, flat
        (height, width) float32; read where ``clean``.
    clean
        Finite pixels outside the soft mask.

    Returns
    -------
    Plane
        ``answer`` itself, bit for bit, if it leaves the clean pixels alone.

    Raises
    ------
    NoCleanPixels
        If there is nothing to learn the tones from.
    """
    if not clean.any():
        raise NoCleanPixels("The mask leaves no clean pixel to learn the dust-free level from.")
    parts = [rows for rows, _, _ in stripes(clean.shape[0])]
    if not any(((answer[rows] != flat[rows]) & clean[rows]).any() for rows in parts):
        return answer
    theirs, ours = answer[clean], flat[clean]
    known = np.isfinite(theirs)
    if not known.any():
        raise NoCleanPixels("The engine's answer has no finite clean pixel to compare tones with.")
    shares = np.linspace(0, 1, QUANTILES)
    source = np.quantile(theirs[known].astype(np.float64), shares)
    target = np.quantile(ours[known].astype(np.float64), shares)
    source, first, counts = np.unique(source, return_index=True, return_counts=True)
    target = target[first + counts // 2]  # the middle, where one tone fills several quantiles
    if len(source) == 1:
        return np.asarray(answer + (target[0] - source[0]), np.float32)
    return _interpolate(answer, source, target)


def _interpolate(values: Plane, source: NDArray[np.float64], target: NDArray[np.float64]) -> Plane:
    mapped = np.interp(values, source, target)
    slope = (target[-1] - target[0]) / (source[-1] - source[0])
    mapped += slope * np.minimum(values - source[0], 0) + slope * np.maximum(values - source[-1], 0)
    return mapped.astype(np.float32)
