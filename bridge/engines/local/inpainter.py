"""The offline inpainter: each hole foretold from the ring around it."""

from __future__ import annotations

import numpy as np
from threadpoolctl import threadpool_limits

from bridge.engines.base import Run
from bridge.engines.local.background import Ratio, light_of
from bridge.engines.local.defects import lines
from bridge.engines.local.holes import fills
from bridge.engines.local.limb import find_limb
from bridge.frame import Flags, Plane, Planes
from bridge.options import Options


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
    for channel, (ratio, known) in enumerate(zip(ratios, knowns, strict=True)):
        for fill in fills(ratio, holes, known):
            run.check_cancelled()
            light = ratio.light.within(fill.box)
            out[channel][fill.box][fill.hole] = (fill.level * light)[fill.hole]
            done += int(np.count_nonzero(fill.hole))
            run.progress("inpaint", done / total)
    return out
