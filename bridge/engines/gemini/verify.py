"""The hand judges the eye: what the recorded pixels bear out of what a model calls dust."""

from __future__ import annotations

from collections import Counter
from typing import Final

import numpy as np
from scipy.ndimage import center_of_mass

from bridge.engines.base import Run
from bridge.engines.local.detector import LEFT_ALONE, SIGNS
from bridge.engines.local.record import Record
from bridge.engines.local.search import Hint, search
from bridge.engines.local.shadows import Shadow
from bridge.frame import Flags, Plane
from bridge.numerics.boxes import Box, distance, grow, pieces, placed, within
from bridge.options import Options

EVIDENCE: Final = 0.6
"""Share of the usual evidence that suffices where the model sees dust."""

NEAR: Final = 3
"""Px by which the model may miss a shadow."""

REACH: Final = (8, 16)
"""Px beyond what the model drew that a shadow may reach: a third of its width, within these
bounds; rims, and the foot of a soft edge."""

WHOLE: Final = 14
"""Px: a shadow that lies within this of what the model drew of it is taken as it is, no matter how
little was drawn."""

OVERLAP: Final = 0.3
"""Share of a shadow that must lie where the model sees dust, if nothing but that speaks for it."""

MOVED: Final = 2.0
"""Px between a proposal's middle and the shadow's beyond which it counts as moved."""


Found = tuple[Flags, list[Shadow]]
"""What a search found: the dust, and what may be dust but is not sure."""


def verified(record: Record, proposed: Flags, sure: Found, options: Options, run: Run) -> Plane:
    """Return the seed mask: what is kept of the proposals, each as far as its shadow reaches.

    How many were kept, moved to where the shadow is, or dropped is said in the run's notes.

    Parameters
    ----------
    record
        The flat.
    proposed
        (height, width), where the model sees dust.
    sure
        What the offline engine finds without a hint.
    options
        ``verify`` strict: what the pixels bear out; loose: also what is merely darker (brighter)
        than the ring around it, as it was drawn; off: all.
    run
        Progress and cancel.
    """
    dust = borne_out(record, proposed, sure[0], options, run)
    fates = Counter(kept=0, moved=0, dropped=0)
    for box, piece in pieces(proposed):
        fate = _fate(dust, box, piece)
        if fate == "dropped" and _lenient(record, box, piece, options):
            fate = "kept"
            dust[box] |= piece
        fates[fate] += 1
    run.note("detector", {"proposals": dict(fates)})
    seed = dust.astype(np.float32)
    for suspect in sure[1]:
        if not dust[suspect.box][suspect.footprint].any():
            seed[suspect.box][suspect.footprint] = LEFT_ALONE
    return seed


def borne_out(record: Record, proposed: Flags, sure: Flags, options: Options, run: Run) -> Flags:
    """Return the dust near proposals: of what is ``sure``, and where that has none, by less."""
    if not proposed.any():
        return np.zeros_like(sure)
    away = distance(proposed)
    near, reach = away <= NEAR, _reach(proposed)
    for box, piece in pieces(sure):
        if away[box][piece].max() <= WHOLE:
            reach[box] |= piece
    # Where dust is crowded its shadows run into one another: a part of a piece is told of here.
    dust = _sharing(near, sure & reach, 0)
    left = near.copy()
    for box, piece in pieces(near):
        if dust[box][piece].any():
            left[box][piece] = False
    if left.any():
        hint = Hint(left, EVIDENCE)
        more, _ = search(record, SIGNS[options.polarity], options.threshold, run, hint)
        dust |= _sharing(near, more & reach, OVERLAP)
    return dust


def _reach(proposed: Flags) -> Flags:
    """Return how far the shadows may reach that the model drew."""
    reach = np.zeros_like(proposed)
    for box, piece in pieces(proposed):
        width = min(side.stop - side.start for side in box)
        far = int(np.clip(width / 3, *REACH))
        around = grow(box, far, proposed.shape)
        reach[around] |= distance(placed(piece, box, around)) <= far
    return reach


def _sharing(near: Flags, dust: Flags, share: float) -> Flags:
    """Return the pieces of ``dust`` of which more than that ``share`` lies ``near``."""
    kept = np.zeros_like(dust)
    for box, piece in pieces(dust):
        if np.mean(near[box][piece]) > share:
            kept[box] |= piece
    return kept


def _fate(dust: Flags, box: Box, piece: Flags) -> str:
    """Return what became of a proposal."""
    around = grow(box, NEAR + 1, dust.shape)
    here = placed(piece, box, around)
    found = dust[around] & (distance(here) <= NEAR)
    if not found.any():
        return "dropped"
    away = np.array(center_of_mass(found)) - np.array(center_of_mass(here))
    return "moved" if np.hypot(*away) > MOVED else "kept"


def _lenient(record: Record, box: Box, piece: Flags, options: Options) -> bool:
    if options.verify == "loose":
        return _darker(record, box, piece, options.polarity)
    return options.verify == "off"


def _darker(record: Record, box: Box, piece: Flags, polarity: str) -> bool:
    """Tell whether a proposal departs from the ring around it as dust does, beyond its scatter."""
    around = grow(box, 8, record.ratio.shape)
    inside = np.zeros(record.ratio[around].shape, bool)
    inside[within(box, around)] = piece
    ring = ~inside & (distance(inside) <= 6) & record.usable[around]
    inside &= record.usable[around]
    if np.count_nonzero(ring) < 10 or not inside.any():
        return False
    light = record.ratio[around]
    level, scatter = float(np.median(light[ring])), float(light[ring].std())
    away = float(light[inside].mean()) - level
    limit = 3 * scatter / np.sqrt(min(np.count_nonzero(inside), np.count_nonzero(ring)))
    return bool({"dark": -away, "bright": away, "both": abs(away)}[polarity] > limit)
