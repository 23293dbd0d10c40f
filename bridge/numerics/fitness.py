"""What a flat's own light gives reason to warn of."""

from __future__ import annotations

import numpy as np

from bridge.frame import Frame, Notice, Plane
from bridge.numerics.sampling import thinned

CLIPPED = 0.999
"""From this share of full scale on, a pixel counts as clipped."""

BRIGHT, DIM = 0.85, 0.05
"""A flat's median should lie between these shares of full scale."""


def about_flat(frame: Frame, soft: Plane) -> list[Notice]:
    """Return what the flat's own light gives reason to warn of."""
    some = thinned(frame.pixels)
    known = np.isfinite(some).all(axis=0)
    if not known.any():
        return []
    notices = []
    middle = float(np.median(some[:, known]))
    if middle > BRIGHT:
        share = f"{100 * middle:.0f} % of full scale"
        text = f"The flat's median is {share}; its response may not be linear."
        notices.append(Notice("too-bright", text))
    if middle < DIM:
        share = f"{100 * middle:.1f} % of full scale"
        text = f"The flat's median is only {share}; noise will limit the result."
        notices.append(Notice("too-dim", text))
    beyond = np.zeros(soft.shape, bool)
    for plane in frame.pixels:
        beyond |= plane >= CLIPPED
    clipped = int(np.count_nonzero(beyond & (soft > 0)))
    if clipped:
        text = "The flat is clipped inside or beside a shadow; the factor is too high there."
        notices.append(Notice("clipped", text, clipped))
    return notices
