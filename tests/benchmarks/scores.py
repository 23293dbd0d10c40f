"""How good a correction is, measured against a scene's truth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter, label

from tests.benchmarks.scenes import EIGHT, Scene, shadows
from tests.synthetic import Array, Flags

Factor = NDArray[np.floating]
"""A correction, (channels, height, width)."""


@dataclass(frozen=True)
class Score:
    """Figures of one correction; rms values as fractions.

    after
        Dust left over the footprint, smoothed by 2 px.
    untouched
        Share of clean pixels whose correction is exactly 1.
    harm
        What the correction did to clean pixels, smoothed by 2 px.
    raw
        Dust left over the footprint, pixel by pixel.
    """

    after: float
    untouched: float
    harm: float
    raw: float


@dataclass(frozen=True)
class Sighting:
    """One true shadow: its depth, its diameter in px, whether the mask holds its heart."""

    depth: float
    diameter: float
    found: bool


def score(scene: Scene, correction: Factor) -> Score:
    """Return the figures of ``correction``."""
    left = [scene.transmission / plane for plane in correction]
    smooth = [gaussian_filter(plane, 2) - 1 for plane in left]
    footprint, clean = scene.footprint, scene.clean
    return Score(
        after=_rms(smooth, footprint),
        untouched=float(np.mean(np.asarray(correction)[:, clean] == 1)),
        harm=_rms(smooth, clean),
        raw=_rms([plane - 1 for plane in left], footprint),
    )


def limit(scene: Scene) -> Array:
    """Return the correction if the footprint and the light under it were known exactly."""
    return np.where(scene.footprint, scene.sound / scene.signal, 1.0)


def sightings(scene: Scene, mask: Factor) -> list[Sighting]:
    """Return every true shadow and whether the mask holds most of its deepest half."""
    seen = []
    for piece in shadows(scene):
        depth = 1 - float(scene.transmission[piece].min())
        heart = piece & (scene.transmission < 1 - depth / 2)
        area = np.count_nonzero(piece)
        if area >= 9:
            found = bool(np.mean(mask[heart] > 0.5) > 0.5)
            seen.append(Sighting(depth, 2 * float(np.sqrt(area / np.pi)), found))
    return seen


def false_alarms(scene: Scene, mask: Factor) -> int:
    """Return how many pieces of the mask hold no dust beyond 0.05 %."""
    labels, count = label(mask > 0.5, EIGHT)
    dusty: Flags = abs(scene.transmission - 1) > 0.0005
    return count - len(np.setdiff1d(np.unique(labels[dusty]), 0))


def _rms(planes: list[Array], where: Flags) -> float:
    if not where.any():
        return 0.0
    return float(np.sqrt(np.mean([np.mean(plane[where] ** 2) for plane in planes])))
