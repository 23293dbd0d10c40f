"""The offline inpainter: each hole foretold from the ring around it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from bridge.engines.base import Run
from bridge.engines.local.background import Ratio, light_of
from bridge.engines.local.defects import lines
from bridge.engines.local.holes import fill_steadily
from bridge.engines.local.limb import find_limb
from bridge.frame import Flags, Plane, Planes
from bridge.numerics.boxes import Box, pieces
from bridge.options import Options
from bridge.parallel import in_order

Values = NDArray[np.float64]


class LocalInpainter:
    """Kriging of light over illumination, per hole and channel; clean pixels are left alone."""

    def inpaint(self, flat: Planes, mask: Plane, *, options: Options, run: Run) -> Planes:
        """Return the dust-free estimate; see `Inpainter.inpaint`."""
        del options
        with threadpool_limits(1, "blas"):
            return _inpaint(flat, mask > 0, run)


def _inpaint(flat: Planes, holes: Flags, run: Run) -> Planes:
    total = max(1, int(np.count_nonzero(holes)) * len(flat))
    done = 0
    ratios, knowns = [], []
    for plane in flat:
        known = np.isfinite(plane)
        known &= ~holes
        ratios.append(Ratio(plane, light_of(plane, known, find_limb(plane, known))))
        known &= ~lines(ratios[-1])
        knowns.append(known)
    out = flat.copy()
    found = list(pieces(holes))
    for plane, ratio, known in zip(out, ratios, knowns, strict=True):

        def filled(piece: tuple[Box, Flags], ratio: Ratio = ratio, known: Flags = known) -> Values:
            box, hole = piece
            level = fill_steadily(ratio, hole, box, known).level
            return np.asarray((level * ratio.light.within(box))[hole])

        for (box, hole), values in zip(found, in_order(filled, found), strict=True):
            run.check_cancelled()
            plane[box][hole] = values
            done += values.size
            run.progress("inpaint", done / total)
    return out
