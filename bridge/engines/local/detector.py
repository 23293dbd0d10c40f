"""The offline detector: what stands out darker than its surroundings, at any size."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import compress

import numpy as np
from scipy.ndimage import label, maximum_filter1d
from threadpoolctl import threadpool_limits

from bridge.engines.base import Expansion, Run
from bridge.engines.local.background import illumination
from bridge.engines.local.bands import Sight, look
from bridge.engines.local.noise import Gridded, bends, pixel_noise, without_outliers
from bridge.engines.local.parallel import in_order
from bridge.engines.local.shadows import Shadow, judge, outline
from bridge.engines.local.views import Plate
from bridge.frame import Flags, Plane, Planes
from bridge.numerics.boxes import EIGHT, Box, labelled, pieces, shifted
from bridge.options import Options

DIMMEST = np.float32(1e-3)
"""Light below this share of the illumination has no inverse worth looking at."""

SHARPEST = 2
"""What octaves finer than this show is not learnt from: other dust, most likely."""

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


def _dark(recorded: Plane, noise: Gridded, usable: Flags, threshold: float, run: Run) -> Flags:
    """Look, take away what was found, and look again until nothing more is found.

    While there is dust it hides the noise and so its own faint rims: their reach is settled last.
    """
    ratio = recorded.copy()
    dust = np.zeros(usable.shape, bool)
    specks: list[Shadow] = []
    rejected: set[bytes] = set()
    for turn in range(ROUNDS):
        run.check_cancelled()
        sight = look(ratio, usable, noise, threshold)
        found = False
        for shadow in _shadows(sight, ratio, usable, rejected, run, turn):
            found = found or bool((shadow.footprint & ~dust[shadow.box]).any())
            if shadow.dark is not None:
                specks.append(shadow)
            dust[shadow.box] |= shadow.footprint
            ratio[shadow.box][shadow.footprint] = shadow.level[shadow.footprint]
        if not found:
            break
    else:
        sight = look(ratio, usable, noise, threshold)
    for speck in specks:
        dust[speck.box] &= ~speck.footprint
    plate = Plate(ratio, sight.ground, usable, usable)
    seen = [Shadow(box, core, recorded[box]) for box, core in pieces(dust)] + specks
    for outlined in in_order(lambda shadow: outline(plate, recorded, shadow), seen):
        run.check_cancelled()
        if outlined:
            dust[outlined.box] |= outlined.footprint
    return dust


def _level(flat: Planes) -> tuple[Plane, Gridded, Flags]:
    """Return light over illumination (mean of the channels), its noise, and where it is known."""
    usable: Flags = np.asarray((np.isfinite(flat) & (flat > 0)).all(axis=0))
    ratio = np.zeros(usable.shape, np.float32)
    for plane in flat:
        light = illumination(plane, usable)
        ratio += np.divide(plane, light, out=light)
    ratio /= np.float32(len(flat))
    ratio[~usable] = 1
    bend = bends(ratio)
    noise = pixel_noise(bend, usable)
    return without_outliers(ratio, bend, noise), noise, usable


def _shadows(
    sight: Sight,
    ratio: Plane,
    usable: Flags,
    rejected: set[bytes],
    run: Run,
    turn: int,
) -> Iterator[Shadow]:
    """Judge what all octaves together show as one piece; if it is no shadow, its finer parts.

    What was ``rejected`` in an earlier round and looks the same is not judged again.
    """
    wave = _pieces(sight, sight.depth, _whole(usable.shape), None)
    plate = Plate(ratio, sight.ground, usable, usable & (sight.first >= SHARPEST))
    done, share = 0, 0.0
    while wave:
        names = [repr(box).encode() + core.tobytes() for box, core, _ in wave]
        fresh = [name not in rejected for name in names]
        tasks = list(compress(wave, fresh))
        found: list[Shadow | None] = []
        # All of a wave is judged on the same pixels, whichever core comes first.
        for shadow in in_order(lambda piece: judge(plate, piece[0], piece[1]), tasks):
            run.check_cancelled()
            done += 1
            share = max(share, done / (done + len(tasks) - len(found)))
            run.progress("detect", (turn + share) / ROUNDS)
            found.append(shadow)
        verdicts = iter(found)
        finer = []
        for piece, name, new in zip(wave, names, fresh, strict=True):
            shadow = next(verdicts) if new else None
            if shadow:
                yield shadow
            else:
                rejected.add(name)
                box, core, octaves = piece
                finer += _pieces(sight, octaves, box, core)
        wave = finer


Piece = tuple[Box, Flags, int]


def _pieces(sight: Sight, depth: int, within: Box, of: Flags | None) -> list[Piece]:
    """Return what the ``depth`` finest octaves see of the flags ``of`` in the box ``within``.

    Each connected piece is its box, its flags in that box, and how many octaves to look at if it is
    rejected. Octaves that show nothing less than ``of``, already judged, are passed over.
    """
    while depth > 0:
        union = sight.first[within] < depth
        if of is not None:
            union &= of
        depth -= 1
        near = union.astype(np.uint8)
        for axis in (0, 1):
            near = maximum_filter1d(near, 5, axis=axis, mode="constant")
        labels, count = label(near, structure=EIGHT)
        labels[~union] = 0
        pieces = [(shifted(box, within), core, depth) for box, core in labelled(labels, count)]
        if of is None or len(pieces) != 1 or np.count_nonzero(union) != np.count_nonzero(of):
            return pieces
    return []


def _whole(shape: tuple[int, ...]) -> Box:
    return slice(0, shape[0]), slice(0, shape[1])
