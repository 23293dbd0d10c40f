"""What of a flat is not light: bias, dark or black level, taken away before anything else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from bridge.errors import UnsupportedFrame
from bridge.frame import Frame, Notice, Planes
from bridge.numerics.sampling import thinned
from bridge.numerics.sizes import check_shapes
from bridge.options import Options

USUAL: Final = 0.015
"""Share of full scale that the black level of a camera does not exceed, as a rule."""

DARKEST: Final = 0.1
"""Percentile of a flat that no pedestal can exceed; below lie defects."""


def light(frame: Frame, options: Options) -> Frame:
    """Return what of ``frame`` is light, as every step sees it: without the pedestal given.

    Raises
    ------
    UnsupportedFrame
        If next to nothing is left.
    """
    return frame if options.bias == "auto" else without_bias(frame, options.bias)


def without_bias(frame: Frame, bias: float) -> Frame:
    """Return ``frame`` without a pedestal of ``bias`` ADU; negative values become 0, counted.

    Raises
    ------
    UnsupportedFrame
        If next to nothing is left.
    """
    if not bias:
        return frame
    return _less(frame, np.float32(bias / frame.full_scale), f"{bias:g} ADU")


def without_master(frame: Frame, master: Frame, name: str) -> Frame:
    """Return ``frame`` without the master bias or dark in the file ``name``.

    Its values count in ADU if both are recorded in ADU, else as shares of full scale.

    Raises
    ------
    UnsupportedFrame
        If it is of another size or number of colors, or next to nothing is left.
    """
    check_shapes(name, master.pixels.shape, frame.pixels.shape, to="the flat")
    in_adu = master.full_scale > 1 and frame.full_scale > 1
    ratio = master.full_scale / frame.full_scale if in_adu else 1.0
    less = _less(frame, np.nan_to_num(master.pixels) * np.float32(ratio), name)
    told = Notice("bias", f"{name} was subtracted from the flat.")
    return replace(less, warnings=(*less.warnings, told))


def _less(frame: Frame, pedestal: np.float32 | Planes, name: str) -> Frame:
    pixels = frame.pixels - pedestal
    dark = pixels < 0
    if np.count_nonzero(dark) > np.count_nonzero(np.isfinite(pixels)) / 2:
        raise UnsupportedFrame(f"Most of the flat is darker than its bias ({name}).")
    notices = frame.warnings
    if dark.any():
        pixels[dark] = 0
        count = int(np.count_nonzero(dark.any(axis=0)))
        notices = (*notices, Notice("below-bias", "Pixels are darker than the bias.", count))
    return replace(frame, pixels=pixels, warnings=notices)


def about_pedestal(frame: Frame, shadows: Sequence[tuple[float, float]]) -> list[Notice]:
    """Return what a pedestal that nobody told of could do to the depths, if it matters.

    A pedestal b under a level L makes a shadow shallower by the share b / L.

    Parameters
    ----------
    frame
        The flat.
    shadows
        Depth and uncertainty of each that was corrected, as fractions.
    """
    some = thinned(frame.pixels)
    known = some[np.isfinite(some)]
    if not (known.size and shadows):
        return []
    level = float(np.median(known))
    pedestal = min(USUAL, float(np.percentile(known, DARKEST)))
    if not 0 < pedestal < level:
        return []
    share = pedestal / (level - pedestal)
    wrong = [depth * share for depth, own in shadows if depth * share > own]
    if not wrong:
        return []
    text = (
        f"If a bias or black level is left in this flat, say {_percent(pedestal)} of full scale, "
        f"depths are too small by {_percent(share)} of themselves ({_percent(max(wrong))} at "
        "worst), which is more than their uncertainty. Give it as the bias, or 0 if there is none."
    )
    return [Notice("pedestal", text, len(wrong))]


def _percent(share: float) -> str:
    return f"{100 * share:.2g} %"
