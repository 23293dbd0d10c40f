"""What of a drawn picture goes into a hole: its shape, at the level that the ring foretells."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.ndimage import gaussian_filter

from bridge.engines.local.holes import Fill, fill_steadily
from bridge.frame import Flags, Plane
from bridge.numerics.boxes import pieces
from bridge.parallel import in_order

GRAIN: Final = 1.5
"""Px by which a drawn picture is blurred: its 8-bit steps, JPEG blocks and watermark are finer."""

STRANGE: Final = 4.0
"""A drawing that departs this many standard errors from what the ring foretells is not believed."""


@dataclass(slots=True)
class Tally:
    """Whose reconstruction holes were filled with."""

    drawn: int = 0
    offline: int = 0

    def to_json(self) -> dict[str, int]:
        """Return both counts."""
        return {"drawn": self.drawn, "offline": self.offline}


def fitted(
    ratio: Plane, drawing: Plane, holes: Flags, usable: Flags, tally: Tally, *, fallback: bool
) -> Iterator[tuple[Fill, int]]:
    """Yield a fill of each hole, and how many holes there are.

    The ring tells by how much the record departs from the drawing around a hole; that departure is
    carried on into the hole (kriging, as the offline engine does with the record itself), and the
    drawing times it is the fill. Where its error is larger than that of the offline fill, or both
    contradict each other, the offline fill stands in, if ``fallback`` allows.

    Parameters
    ----------
    ratio, drawing
        (height, width) float32, light over illumination: recorded, and drawn without dust; the
        drawing is NaN where there is none.
    holes, usable
        What to fill; pixels to learn from.
    tally
        Counts the holes.
    """
    known = usable & ~holes
    there = np.isfinite(drawing) & (drawing > 0)
    weight = gaussian_filter(there.astype(np.float32), GRAIN)
    soft = gaussian_filter(np.where(there, drawing, 0), GRAIN) / np.maximum(weight, 1e-3)
    soft = np.where(weight > 0.5, soft, np.float32(1))
    departure = np.divide(ratio, soft, out=np.ones_like(ratio), where=soft > 1e-3)
    found = list(pieces(holes))

    def both(piece: tuple[tuple[slice, slice], Flags]) -> tuple[Fill, Fill | None]:
        box, hole = piece
        theirs = fill_steadily(departure, hole, box, known)
        near = soft[box].astype(np.float64)
        drawn = Fill(box, hole, theirs.level * near, theirs.error * near)
        return drawn, fill_steadily(ratio, hole, box, known) if fallback else None

    for drawn, offline in in_order(both, found):
        if offline is None or _better(drawn, offline):
            tally.drawn += 1
            yield drawn, len(found)
        else:
            tally.offline += 1
            yield offline, len(found)


def _better(drawn: Fill, offline: Fill) -> bool:
    hole = drawn.hole
    error, other = (float(np.sqrt(np.mean(one.error[hole] ** 2))) for one in (drawn, offline))
    if not np.isfinite(drawn.level[hole]).all() or not error < other:
        return False
    apart = float(np.sqrt(np.mean((drawn.level - offline.level)[hole] ** 2)))
    return bool(apart < STRANGE * np.hypot(error, other))
