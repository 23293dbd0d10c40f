"""What a dust fit means for the target."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

import numpy as np

Verdict = Literal["matches", "stale-flat", "not-in-target", "pedestal-or-gamma", "too-faint"]

TOLERANCE: Final = 0.12
"""k within this of 1 leaves at most an eighth of a shadow: the correction serves."""

SURE: Final = 2.0
"""Standard errors on either side that a statement about k must hold for."""

SURER: Final = 2.5
"""And so many for "neither all of it nor none": of ten good frames none should be suspected."""

HALF: Final = 0.5
"""Dust that is not there has k below this, beyond doubt."""

FLOOR: Final = 0.015
"""Error that no number of shadows takes away: flat and target are lit in different colors."""

HUBER: Final = 2.0
"""Shadows farther off than this many of their errors count for less."""


def verdict(k: float, error: float) -> Verdict:
    """Return what ``k`` with standard ``error`` allows to say, and no more.

    "Matches" is claimed only if the whole interval of `SURE` errors lies within `TOLERANCE` of 1;
    "not in the target" only if it holds 0 and nothing like a half.
    """
    low, high = k - SURE * error, k + SURE * error
    if low >= 1 - TOLERANCE and high <= 1 + TOLERANCE:
        return "matches"
    if high < -HALF and low <= -1 + TOLERANCE and high >= -1 - TOLERANCE:
        return "stale-flat"
    if low > -HALF and high < HALF and (low <= 0 <= high or abs(k) < TOLERANCE / 2):
        return "not-in-target"
    low, high = k - SURER * error, k + SURER * error
    between = (low > 0 and high < 1) or (low > -1 and high < 0)
    if (between and error < TOLERANCE) or low > 1 or high < -1:
        return "pedestal-or-gamma"
    return "too-faint"


def pooled(slopes: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Return the k common to ``slopes``, each (k, error), and its error.

    A mean weighted by the errors; outliers count for less (Huber), and where the slopes scatter by
    more than their errors say, so does the error grow (Birge's ratio).

    Returns
    -------
    k, error
        0 and infinity if there is no slope.
    """
    if not slopes:
        return 0.0, float("inf")
    k, error = np.array(slopes).T
    weight = error**-2.0
    common = float(np.average(k, weights=weight))
    for _ in range(20):
        off = abs(k - common) / error
        trust = np.minimum(1, HUBER / np.maximum(off, 1e-9))
        common = float(np.average(k, weights=weight * trust))
    off = abs(k - common) / error
    trust = np.minimum(1, HUBER / np.maximum(off, 1e-9))
    ratio = float(np.sum(trust * off**2)) / max(1, len(k) - 1)
    spread = max(1.0, ratio) / float(np.sum(weight * trust))
    return common, float(np.sqrt(spread + FLOOR**2))
