"""A flat as engines see it, whichever way up and however bright it was recorded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from bridge.errors import UnsupportedFrame
from bridge.frame import Frame, Plane, Planes
from bridge.numerics import mosaic
from bridge.numerics.sampling import thinned
from bridge.numerics.upright import upright
from bridge.options import Options
from bridge.parallel import Stripe, on_all_cores, stripes

LARGEST = 100
"""Powers of two beyond this are not scaled by: float32 holds their inverse no more."""


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """A flat as engines see it.

    One way up and scaled by a power of two to a median between 0.5 and 1, so that a flat, its
    mirror images and its double give the same dust, bit for bit: nothing is rounded.

    Parameters
    ----------
    planes
        (channels, height, width) float32, read-only.
    turn
        What turned the flat, and turns planes of the view back.
    exponent
        Of the power of two that leads back to the recorded values.
    mosaic
        Whether it is a color mosaic.
    """

    planes: Planes
    turn: Callable[[Plane], Plane]
    exponent: int
    mosaic: bool


def view_of(frame: Frame, options: Options) -> View:
    """Return the view of ``frame``; raise `UnsupportedFrame` for a mosaic of unknown kind."""
    sites = has_sites(frame, options)
    turn = upright(frame.pixels)
    turned: Planes = turn(frame.pixels)
    some = thinned(turned)
    some = some[np.isfinite(some)]
    middle = float(np.median(some)) if some.size else 0.0
    exponent = int(np.clip(np.frexp(middle)[1], -LARGEST, LARGEST)) if middle > 0 else 0
    scale_by = np.float32(2.0**-exponent)
    planes = np.empty(turned.shape, np.float32)

    def scale(stripe: Stripe) -> None:
        np.multiply(turned[:, stripe[0]], scale_by, out=planes[:, stripe[0]])

    on_all_cores(scale, stripes(frame.height))
    planes.setflags(write=False)
    return View(planes, turn, exponent, sites)


def has_sites(frame: Frame, options: Options) -> bool:
    """Tell whether ``frame`` is a color mosaic, or is said to be one; raise as `view_of`."""
    if frame.channels != 1 or options.cfa == "none":
        return False
    if mosaic.is_xtrans(frame.pixels[0]):
        raise UnsupportedFrame(
            "This looks like an X-Trans mosaic, which is not supported; "
            'debayer it first, or set cfa to "none".'
        )
    return options.cfa == "2x2" or mosaic.is_bayer(frame.pixels[0])
