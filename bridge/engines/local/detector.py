"""The offline detector: what stands out darker than its surroundings, at any size."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy.ndimage import binary_dilation, label
from threadpoolctl import threadpool_limits

from bridge.engines.base import Expansion, Run
from bridge.engines.local.background import illumination
from bridge.engines.local.bands import Band, against_field, bands
from bridge.engines.local.noise import pixel_noise, stretch, without_outliers
from bridge.engines.local.shadows import Shadow, judge
from bridge.frame import Flags, Plane, Planes
from bridge.numerics.boxes import EIGHT, Box, labelled, pieces, shifted
from bridge.options import Options

DIMMEST = np.float32(1e-3)
"""Light below this share of the illumination has no inverse worth looking at."""

ROUNDS = 4
"""Looks at the flat, each with the dust found so far filled."""


class LocalDetector:
    """Multi-scale detection against local scatter, each candidate judged on its own pixels."""

    expansion = Expansion(dilate=2.0, feather=1.0)

    def detect(self, flat: Planes, *, options: Options, run: Run) -> Plane:
        """Return the seed mask; see `Detector.detect`."""
        with threadpool_limits(1, "blas"):
            recorded, noise, usable = _level(flat)
            dust = np.zeros(usable.shape, bool)
            if options.polarity != "bright":
                dust = _dark(recorded, noise, usable, options.threshold, run)
            if options.polarity != "dark":
                # What is brighter than its surroundings is darker in the inverse.
                rest = (1 / np.maximum(recorded, DIMMEST)).astype(np.float32)
                dust |= _dark(rest, noise, usable & ~dust, options.threshold, run)
        run.progress("detect", 1.0)
        return dust.astype(np.float32)


def _dark(recorded: Plane, noise: Plane, usable: Flags, threshold: float, run: Run) -> Flags:
    """Look, take away what was found, and look again until nothing more is found.

    While there is dust it hides the noise and so its own faint rims: their reach is settled last.
    """
    ratio = recorded.copy()
    dust = np.zeros(usable.shape, bool)
    specks: list[Shadow] = []
    rejected: set[bytes] = set()
    for turn in range(ROUNDS):
        run.check_cancelled()
        octaves, noises = _look(ratio, usable, noise)
        shown = [_flags(band, threshold, usable) for band in octaves]
        found = False
        for shadow in _shadows(shown, ratio, noises, usable, rejected, run, turn):
            found = found or bool((shadow.footprint & ~dust[shadow.box]).any())
            if shadow.small:
                specks.append(shadow)
            dust[shadow.box] |= shadow.footprint
            ratio[shadow.box][shadow.footprint] = shadow.level[shadow.footprint]
        if not found:
            break
    if dust.any():
        _, noises = _look(ratio, usable, noise)
    for speck in specks:
        dust[speck.box] &= ~speck.footprint
    outlines = list(pieces(dust)) + [(speck.box, speck.footprint) for speck in specks]
    for box, core in outlines:
        run.check_cancelled()
        filled = ratio[box].copy()
        ratio[box][core] = recorded[box][core]
        outlined = judge(ratio, noises, usable, box, core, looks=1)
        if outlined:
            dust[outlined.box] |= outlined.footprint
        dust[box] |= core
        ratio[box] = filled
    return dust


def _look(ratio: Plane, usable: Flags, noise: Plane) -> tuple[list[Band], tuple[Plane, Plane]]:
    """Return the bands of ``ratio``, and its noise per pixel as the judge wants it."""
    octaves = list(bands(ratio, usable, noise))
    noises = octaves[0].noise, stretch(octaves[1].noise, ratio.shape)
    return [*octaves, against_field(ratio, usable, noise)], noises


def _level(flat: Planes) -> tuple[Plane, Plane, Flags]:
    """Return light over illumination (mean of the channels), its noise, and where it is known."""
    usable: Flags = np.asarray((np.isfinite(flat) & (flat > 0)).all(axis=0))
    ratio = np.zeros(usable.shape, np.float32)
    for plane in flat:
        ratio += np.where(usable, plane / illumination(plane, usable), 1)
    ratio /= np.float32(len(flat))
    noise = pixel_noise(ratio, usable)
    return without_outliers(ratio, noise), noise, usable


def _flags(band: Band, threshold: float, usable: Flags) -> Flags:
    """Return, in full size, what lies ``threshold`` deviations below its surroundings."""
    dark = band.depth > threshold
    wide = np.repeat(np.repeat(dark, band.step, axis=0), band.step, axis=1)
    return wide[: usable.shape[0], : usable.shape[1]] & usable


def _shadows(
    shown: list[Flags],
    ratio: Plane,
    noises: tuple[Plane, Plane],
    usable: Flags,
    rejected: set[bytes],
    run: Run,
    turn: int,
) -> Iterator[Shadow]:
    """Judge what all octaves together show as one piece; if it is no shadow, its finer parts.

    What was ``rejected`` in an earlier round and looks the same is not judged again.
    """
    queue = _pieces(shown, len(shown), _whole(usable.shape), np.ones_like(usable))
    total = len(queue)
    while queue:
        run.check_cancelled()
        box, core, finer = queue.pop()
        name = repr(box).encode() + core.tobytes()
        shadow = None if name in rejected else judge(ratio, noises, usable, box, core)
        if shadow:
            yield shadow
        else:
            rejected.add(name)
            queue.extend(_pieces(shown, finer, box, core))
        run.progress("detect", (turn + max(0, 1 - len(queue) / total)) / ROUNDS)


Piece = tuple[Box, Flags, int]


def _pieces(shown: list[Flags], depth: int, within: Box, of: Flags) -> list[Piece]:
    """Return what the ``depth`` finest octaves see of the flags ``of`` in the box ``within``.

    Each connected piece is its box, its flags in that box, and how many octaves to look at if it is
    rejected. Octaves that show nothing less than ``of``, already judged, are passed over.
    """
    while depth > 0:
        union = of & np.logical_or.reduce([octave[within] for octave in shown[:depth]])
        depth -= 1
        labels, count = label(binary_dilation(union, EIGHT, iterations=2), structure=EIGHT)
        labels[~union] = 0
        pieces = [(shifted(box, within), core, depth) for box, core in labelled(labels, count)]
        if not (len(pieces) == 1 and np.count_nonzero(union) == np.count_nonzero(of)):
            return pieces
    return []


def _whole(shape: tuple[int, ...]) -> Box:
    return slice(0, shape[0]), slice(0, shape[1])
