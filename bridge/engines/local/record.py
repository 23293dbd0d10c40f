"""What is searched for dust: light over illumination, and all that is known about it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bridge.engines.local.background import Ratio, light_of
from bridge.engines.local.bands import Sight, look
from bridge.engines.local.defects import lines, lone_outliers, mended
from bridge.engines.local.limb import find_limb
from bridge.engines.local.noise import Gridded, bends, finest, pixel_noise, steps
from bridge.engines.local.octave import Part
from bridge.frame import Flags, Plane, Planes
from bridge.numerics.boxes import Box
from bridge.parallel import Stripe, on_all_cores, stripes


@dataclass(frozen=True, slots=True, eq=False)
class Record:
    """Light over illumination (mean of the channels), its noise, the least that its steps show.

    ``usable`` is where it is known; ``solar`` tells that the limb of a disc is in the field.
    """

    ratio: Plane
    noise: Gridded
    finest: Gridded
    usable: Flags
    solar: bool

    def look(
        self,
        ratio: Plane,
        threshold: float,
        before: list[Part] | None = None,
        changed: list[Box] | None = None,
    ) -> Sight:
        """Return what stands out in ``ratio``: the record with what was found so far filled.

        ``before`` and ``changed`` spare work; see `bands.look`.
        """
        return look(
            ratio, self.usable, self.noise, self.finest, threshold,
            structured=self.solar, before=before, changed=changed,
        )  # fmt: skip


def record_of(flat: Planes) -> Record:
    """Return light over illumination of a flat (channels, height, width), NaN where unknown."""
    height, width = flat.shape[1:]
    usable = np.ones((height, width), bool)
    for plane in flat:
        usable &= np.isfinite(plane) & (plane > 0)
    ratio = np.zeros(usable.shape, np.float32)
    apart, solar = [], False
    for plane in flat:
        limb = find_limb(plane, usable)
        channel = Ratio(plane, light_of(plane, usable, limb))
        if limb is not None:
            solar = True
            usable &= ~limb.unseen(plane.shape)
        apart.append(steps(plane, usable))

        def add(stripe: Stripe, channel: Ratio = channel) -> None:
            ratio[stripe[0]] += channel[stripe[0], slice(0, width)]

        on_all_cores(add, stripes(height))
    ratio /= np.float32(len(flat))
    finite = np.isfinite(ratio)
    ratio[~finite] = 1
    faulty = lines(ratio)
    usable |= faulty & finite
    ratio[~usable] = 1
    ratio = mended(ratio, faulty)
    bend = bends(ratio)
    noise = pixel_noise(bend, usable)
    least = finest(noise, np.mean(apart, axis=0))
    rows, columns, middles = lone_outliers(ratio, bend, noise)
    ratio[rows, columns] = middles
    return Record(ratio, noise, least, usable, solar)
