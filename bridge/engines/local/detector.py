"""The offline detector: what stands out darker than its surroundings, at any size."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import binary_dilation, label
from threadpoolctl import threadpool_limits

from bridge.engines.base import Expansion, Run
from bridge.engines.local.background import illumination
from bridge.engines.local.bands import Band, against_field, bands
from bridge.engines.local.noise import pixel_noise, without_outliers
from bridge.engines.local.shadows import judge
from bridge.engines.local.upright import upright
from bridge.frame import Flags, Plane, Planes
from bridge.numerics.boxes import EIGHT, Box, labelled, shifted
from bridge.options import Options

ROUNDS = 3
"""Looks at the flat, each with the dust found so far left out."""


class LocalDetector:
    """Multi-scale detection against local scatter, each candidate judged on its own pixels."""

    expansion = Expansion(dilate=1.0, feather=1.0)

    def detect(self, flat: Planes, *, options: Options, run: Run) -> Plane:
        """Return the seed mask; see `Detector.detect`."""
        turn_up = upright(flat)
        with threadpool_limits(1, "blas"):
            return turn_up(_detect(turn_up(flat), options.threshold, run))


def _detect(flat: Planes, threshold: float, run: Run) -> Plane:
    ratio, noise, usable = _level(flat)
    dust = np.zeros(usable.shape, bool)
    for turn in range(ROUNDS):
        run.check_cancelled()
        free = usable & ~dust
        octaves = [*bands(ratio, free, noise), against_field(ratio, free, noise)]
        before = np.count_nonzero(dust)
        candidates = _candidates(octaves, threshold, free)
        dust = _accept(candidates, ratio, noise, usable, dust, run, turn / ROUNDS)
        if np.count_nonzero(dust) <= before:
            break
    run.progress("detect", 1.0)
    return dust.astype(np.float32)


def _level(flat: Planes) -> tuple[Plane, Plane, Flags]:
    """Return light over illumination (mean of the channels), its noise, and where it is known."""
    usable: Flags = np.asarray((np.isfinite(flat) & (flat > 0)).all(axis=0))
    ratio = np.zeros(usable.shape, np.float32)
    for plane in flat:
        ratio += np.where(usable, plane / illumination(plane, usable), 1)
    ratio /= np.float32(len(flat))
    noise = pixel_noise(ratio, usable)
    return without_outliers(ratio, noise), noise, usable


def _candidates(octaves: list[Band], threshold: float, free: Flags) -> list[Flags]:
    """Return, per octave, full-size flags of what lies ``threshold`` deviations below."""
    flags = []
    for band in octaves:
        dark = band.depth > threshold
        if dark.any():
            wide = np.kron(dark, np.ones((band.step, band.step), bool)) if band.step > 1 else dark
            flags.append(wide[: free.shape[0], : free.shape[1]] & free)
        else:
            flags.append(np.zeros_like(free))
    return flags


def _accept(
    levels: list[Flags],
    ratio: Plane,
    noise: Plane,
    usable: Flags,
    dust: Flags,
    run: Run,
    done: float,
) -> Flags:
    """Judge what all octaves together see as one piece; if it is no shadow, its finer parts."""
    dust = dust.copy()
    queue = _pieces(levels, len(levels), _whole(dust.shape), np.ones_like(dust))
    total = len(queue)
    while queue:
        run.check_cancelled()
        box, core, finer = queue.pop()
        shadow = judge(ratio, noise, usable & ~dust, box, core)
        if shadow:
            dust[shadow.box] |= shadow.footprint
        else:
            queue.extend(_pieces(levels, finer, box, core))
        run.progress("detect", done + (1 - done) / ROUNDS * max(0, 1 - len(queue) / max(total, 1)))
    return dust


Piece = tuple[Box, Flags, int]


def _pieces(levels: list[Flags], depth: int, within: Box, of: Flags) -> list[Piece]:
    """Return what the ``depth`` finest octaves see of the flags ``of`` in the box ``within``.

    Each connected piece is its box, its flags in that box, and how many octaves to look at if it is
    rejected. Octaves that show nothing less than ``of``, already judged, are passed over.
    """
    while depth > 0:
        union = of & np.logical_or.reduce([level[within] for level in levels[:depth]])
        depth -= 1
        labels, count = label(binary_dilation(union, EIGHT, iterations=2), structure=EIGHT)
        labels[~union] = 0
        pieces = [(shifted(box, within), core, depth) for box, core in labelled(labels, count)]
        if not (len(pieces) == 1 and np.count_nonzero(union) == np.count_nonzero(of)):
            return pieces
    return []


def _whole(shape: tuple[int, ...]) -> Box:
    return slice(0, shape[0]), slice(0, shape[1])
