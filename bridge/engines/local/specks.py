"""Small shadows on structured ground: how round they are, and how far their rims reach."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import binary_fill_holes, label

from bridge.engines.local.views import Plate, View, look
from bridge.frame import Flags
from bridge.numerics.boxes import EIGHT, Box, depth, distance, extent

REACH = 1.9
"""How far out roundness is looked at, in radii of the disc with the core's area."""

DARK = 0.3
"""The dark of a shadow with rims: what lies deeper than this share of its depth."""

RIM_LEAST, RIM_VISIBLE = 0.008, 2.0
"""A rim is seen where its mean exceeds this, and so many errors."""

FARTHEST_RIM = 10.0
"""How far from the dark, in px, rims are looked for."""


def uneven(view: View) -> float:
    """Return which share of the departure in and around the core its distance to the middle leaves.

    Dust is as round as the pupil that lights it; structure is not.
    """
    rows, columns = np.nonzero(view.core)
    weight = np.maximum(-view.soft[view.core], 1e-9)
    middle = np.average(rows, weights=weight), np.average(columns, weights=weight)
    down, across = np.indices(view.core.shape)
    away = np.hypot(down - middle[0], across - middle[1])
    near = away <= REACH * np.sqrt(len(rows) / np.pi)
    ring = away[near].astype(int)
    values = view.soft[near]
    level = np.bincount(ring, weights=values) / np.maximum(np.bincount(ring), 1)
    return float(np.var(values - level[ring]) / max(np.var(values), 1e-30))


def dark_of(view: View) -> Flags:
    """Return the dark of a shadow without its rims, in all its pieces."""
    deep = -float(view.soft[view.core].min())
    labels, count = label(view.hole & (view.soft < -DARK * deep), structure=EIGHT)
    mine = np.zeros(count + 1, bool)
    mine[np.unique(labels[view.core & (labels > 0)])] = True
    mine[0] = False
    return np.asarray(mine[labels])


def lengths(dark: Flags) -> float:
    """Return how long the longest piece of ``dark`` is, in units of its width.

    The ring of an obstructed pupil counts as the disc that it surrounds.
    """
    whole = binary_fill_holes(dark[extent(dark)])
    labels, count = label(whole, structure=EIGHT)
    inside = depth(whole)
    found = [
        np.count_nonzero(piece) / (np.pi * inside[piece].max() ** 2)
        for piece in (labels == number for number in range(1, count + 1))
    ]
    return max(found, default=0.0)


def with_rims(plate: Plate, box: Box, dark: Flags) -> tuple[View, Flags]:
    """Return the view of a speck's ``dark``, and its footprint with the diffraction rims.

    Structure hides the rims from pixel to pixel; they show as a mean along the dark's outline.
    """
    margin = round(min(4 + float(depth(dark).max()), FARTHEST_RIM))
    view = look(plate, box, dark, margin)
    beyond = distance(view.core)
    away = np.ceil(beyond[view.hole]).astype(int)
    count = np.maximum(np.bincount(away), 1)
    level, unsure = (np.bincount(away, part[view.hole]) / count for part in (view.soft, view.error))
    seen = np.flatnonzero(np.abs(level) > np.maximum(RIM_LEAST, RIM_VISIBLE * unsure))
    reach = min(int(seen.max(initial=0)) + 1, margin)
    return view, view.hole & (beyond <= reach)
