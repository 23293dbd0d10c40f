"""The offline detector: what stands out from its surroundings, at any size."""

from __future__ import annotations

from typing import Final

import numpy as np
from threadpoolctl import threadpool_limits

from bridge.engines.base import Expansion, Run
from bridge.engines.local.record import record_of
from bridge.engines.local.search import search
from bridge.frame import Plane, Planes
from bridge.options import Options

LEFT_ALONE: Final = np.float32(0.25)
"""Seed of what may be a shadow: it has no effect, but is told of."""

SIGNS: Final = {"dark": (False,), "bright": (True,), "both": (False, True)}
"""Whether bright dust is looked for, by polarity."""


class LocalDetector:
    """Multi-scale detection against local scatter, each candidate judged on its own pixels."""

    expansion = Expansion(dilate=1.5, feather=0.0)

    def detect(self, flat: Planes, *, options: Options, run: Run) -> Plane:
        """Return the seed mask; see `Detector.detect`."""
        signs = SIGNS[options.polarity]
        with threadpool_limits(1, "blas"):
            dust, suspects = search(record_of(flat), signs, options.threshold, run)
        run.progress("detect", 1.0)
        seed = dust.astype(np.float32)
        for suspect in suspects:
            if not dust[suspect.box][suspect.footprint].any():
                seed[suspect.box][suspect.footprint] = LEFT_ALONE
        return seed
