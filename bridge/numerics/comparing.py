"""What became of each shadow between a flat and what was taken later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np
from scipy.ndimage import uniform_filter

from bridge.frame import Planes
from bridge.numerics.boxes import Box
from bridge.numerics.fit import DustFit, shadow_boxes
from bridge.numerics.slopes import Slope
from bridge.numerics.verdict import pooled

Fate = Literal["same", "moved", "gone", "new", "deeper", "fainter", "unsure"]

SURE: Final = 2.5
"""Standard errors on either side that a fate must hold for."""

STRONGER, WEAKER, ABSENT = 1.15, 0.85, 0.4
"""Beyond the first a shadow grew deeper, below the second fainter, below the third it is gone."""

LEAST: Final = 0.005
"""Shadows shallower than this, over 3 x 3 px, are not compared."""

OVERLAP: Final = 0.5
"""A shadow that the flat's dust covers by less is another one."""

NEAR: Final = 40
"""A shadow that is gone, and a new one of its size within so many px: it moved."""

ALIKE: Final = 1.6
"""Sizes that differ by less than this factor are the same."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One shadow: where it lies, px; how strongly it shows (NaN for new ones); what became of it.

    Parameters
    ----------
    x, y, diameter
        Centre and larger side of its box, px.
    k, error
        As for the dust fit.
    fate
        What became of it.
    """

    x: float
    y: float
    diameter: int
    k: float
    error: float
    fate: Fate


def is_visible(factor: Planes, box: Box) -> bool:
    """Tell whether the shadow in ``box`` of a factor is more than the noise at a mask's edge."""
    return bool(uniform_filter(abs(factor[(slice(None), *box)] - 1), (1, 3, 3)).max() > LEAST)


def new_boxes(theirs: Planes, factor: Planes) -> list[Box]:
    """Return the shadows of the correction ``theirs`` where ``factor`` has next to nothing."""
    known = (factor != 1).any(axis=0)
    boxes = (box for box in shadow_boxes(theirs) if is_visible(theirs, box))
    return [box for box in boxes if known[box].mean() < OVERLAP]


def compare(fits: Sequence[DustFit], factor: Planes, new: Sequence[Box] = ()) -> list[Compared]:
    """Return the fate of each shadow of a correction, given its fits to one or more targets.

    Parameters
    ----------
    fits
        Of one correction to each target.
    factor
        The correction, (channels, height, width).
    new
        Boxes of what was found in the target where the correction has nothing.
    """
    slopes: dict[tuple[int, ...], list[Slope]] = {}
    for one in fits:
        for shadow in one.shadows:
            if not is_visible(factor, shadow.box):
                continue
            slopes.setdefault(_corners(shadow.box), []).append(shadow)
    found = []
    for same in slopes.values():
        k, error = pooled([(shadow.k, shadow.error) for shadow in same])
        found.append(_placed(same[0].box, k, error, _fate(k, error)))
    added = [_placed(box, np.nan, np.nan, "new") for box in new]
    return _with_moves(found, added)


def sentence(shadows: Sequence[Compared]) -> str:
    """Return the verdict on a flat, in one sentence."""
    counts = {fate: sum(one.fate == fate for one in shadows) for fate in _CHANGES}
    changed = {fate: count for fate, count in counts.items() if count}
    if changed:
        (fate, count), *rest = changed.items()
        first = f"{count} {fate} shadow{'' if count == 1 else 's'}"
        words = ", ".join([first, *(f"{number} {other}" for other, number in rest)])
        return f"{words}: update your flat."
    unsure = sum(one.fate == "unsure" for one in shadows)
    if not shadows:
        return "No shadow can be compared: your flat shows none, or there is too little light."
    if unsure * 2 > len(shadows):
        return "There is too little light to tell; give more frames."
    return "Your flat is still good."


_CHANGES: Final[tuple[Fate, ...]] = ("moved", "gone", "new", "deeper", "fainter")


def _fate(k: float, error: float) -> Fate:
    low, high = k - SURE * error, k + SURE * error
    if high < ABSENT:
        return "gone"
    if low > STRONGER:
        return "deeper"
    if high < WEAKER:
        return "fainter"
    return "same" if low > ABSENT and error < 1 - WEAKER else "unsure"


def _with_moves(found: list[Compared], added: list[Compared]) -> list[Compared]:
    """Return all, a shadow gone and a like one new nearby told as one that moved."""
    left = list(added)
    out = []
    for one in found:
        partner = None
        if one.fate == "gone":
            near = [other for other in left if _is_like(one, other)]
            partner = min(near, key=lambda other: _apart(one, other), default=None)
        if partner is None:
            out.append(one)
        else:
            left.remove(partner)
            out.append(replace(one, fate="moved"))
    return out + left


def _is_like(one: Compared, other: Compared) -> bool:
    sizes = sorted((one.diameter, other.diameter))
    return _apart(one, other) <= NEAR and sizes[1] <= ALIKE * sizes[0]


def _apart(one: Compared, other: Compared) -> float:
    return float(np.hypot(one.x - other.x, one.y - other.y))


def _corners(box: Box) -> tuple[int, ...]:
    return tuple(edge for side in box for edge in (side.start, side.stop))


def _placed(box: Box, k: float, error: float, fate: Fate) -> Compared:
    rows, columns = box
    x, y = (columns.start + columns.stop - 1) / 2, (rows.start + rows.stop - 1) / 2
    diameter = max(rows.stop - rows.start, columns.stop - columns.start)
    return Compared(x, y, diameter, k, error, fate)
