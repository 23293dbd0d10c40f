"""A dust fit in words, and as JSON shows it."""

from __future__ import annotations

from math import isfinite
from typing import Final

from bridge.numerics.fit import DustFit
from bridge.numerics.verdict import Verdict

WORDS: Final[dict[Verdict, str]] = {
    "matches": "this dust is in the image; divide it out",
    "stale-flat": "a flat holding this dust was divided in while the dust was gone; multiply",
    "not-in-target": "this dust is not in the image: corrected already, moved, or another filter's",
    "pedestal-or-gamma": "the dust shows with another strength: an offset (bias, dark) is left in, "
    "or the image was stretched",
    "too-faint": "there is too little light, or too little dust, to tell",
}
"""What each verdict means."""


def sentence(found: DustFit) -> str:
    """Return the verdict, k and what would fit instead, as one line."""
    if not found.shadows:
        return "too-faint: there is no shadow to measure in the light of this image"
    words = f"{found.verdict} (k = {found.k:z.2f} +- {found.error:.2f}): {WORDS[found.verdict]}"
    dx, dy = found.offset
    if found.turn:
        moved = f" and moved by {dx},{dy} px" if (dx, dy) != (0, 0) else ""
        return f"{words}; the correction would fit {found.turn}{moved}"
    return f"{words}; it would fit moved by {dx},{dy} px" if (dx, dy) != (0, 0) else words


def fit_json(found: DustFit) -> dict[str, object]:
    """Return the fit as programs read it; k and its error are null where nothing was measured.

    ``offset`` is [dx, dy]; ``turn`` is there if the correction fits turned alone.
    """
    known = isfinite(found.error)
    shown: dict[str, object] = {
        "k": round(found.k, 4) if known else None,
        "k_error": round(found.error, 4) if known else None,
        "offset": list(found.offset),
        "verdict": found.verdict,
    }
    if found.turn:
        shown["turn"] = found.turn
    shown["shadows"] = [
        {
            "x": (one.box[1].start + one.box[1].stop - 1) / 2,
            "y": (one.box[0].start + one.box[0].stop - 1) / 2,
            "k": round(one.k, 4),
            "k_error": round(one.error, 4),
        }
        for one in found.shadows
    ]
    return shown
