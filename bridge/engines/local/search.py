"""The search for shadows: what stands out from its surroundings, at any size, judged one by one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.ndimage import label, maximum_filter1d

from bridge.engines.base import Run
from bridge.engines.local.bands import Ground, Sight
from bridge.engines.local.octave import Part
from bridge.engines.local.record import Record
from bridge.engines.local.shadows import Shadow, judge, outline
from bridge.engines.local.views import Plate
from bridge.frame import Flags, Plane
from bridge.machine import give_back_memory
from bridge.numerics.boxes import (
    EIGHT,
    Box,
    clusters,
    extent,
    first_pixel,
    labelled,
    pieces,
    shifted,
)
from bridge.parallel import in_order

DIMMEST = np.float32(1e-3)
"""Light below this share of the illumination has no inverse worth looking at."""

SHARPEST = 2
"""What octaves finer than this show is not learnt from: other dust, most likely."""

NEAR = 2
"""What is seen so many px around two pixels belongs together if it touches."""

ROUNDS = 4
"""Looks at the flat, each with the dust found so far filled."""


@dataclass(frozen=True, slots=True)
class _Part:
    """One of several equal parts of a run."""

    run: Run
    number: int
    of: int

    def check_cancelled(self) -> None:
        self.run.check_cancelled()

    def tell(self, fraction: float) -> None:
        """Say how much of this part is done, 0 to 1."""
        self.run.progress("detect", (self.number + fraction) / self.of)


@dataclass(frozen=True, slots=True, eq=False)
class Hint:
    """Where somebody saw dust, (height, width), and how much less evidence will do there.

    Nothing is looked for elsewhere. ``share`` is that of the usual evidence, 0 to 1.
    """

    where: Flags
    share: float


def search(
    record: Record,
    signs: tuple[bool, ...],
    threshold: float,
    run: Run,
    hint: Hint | None = None,
) -> tuple[Flags, list[Shadow]]:
    """Return the dust of a flat, and what may be dust but is not sure.

    Parameters
    ----------
    record
        From `record_of`.
    signs
        Whether bright dust is looked for, one or both of False and True.
    threshold
        In noise units.
    run
        Progress and cancel.
    hint
        Where to look; everywhere if None.
    """
    filled, ground, found, suspects = _search(record, signs, threshold, run, hint)
    dust = np.zeros(record.usable.shape, bool)
    for bright, shadows in zip(signs, found, strict=True):
        plate = Plate(_seen(filled, bright), ground, record.usable, record.usable)
        dust |= _settled(plate, _seen(record.ratio, bright), shadows, run)
    return dust, suspects


def _seen(ratio: Plane, bright: bool) -> Plane:
    """Return ``ratio``, or turned over: bright dust is dark in that."""
    return np.reciprocal(np.maximum(ratio, DIMMEST)) if bright else ratio


def _search(
    record: Record, signs: tuple[bool, ...], threshold: float, run: Run, hint: Hint | None
) -> tuple[Plane, Ground, list[list[Shadow]], list[Shadow]]:
    """Look, fill what was found, and look again until nothing more is found.

    Returns the filled record, how it scatters (while there is dust it hides the noise and so its
    own faint rims), the shadows of each sign, overlapping ones as one, and what
    is not sure to be one.
    """
    usable = record.usable
    filled = record.ratio.copy()
    threshold *= hint.share if hint else 1.0
    dust = [np.zeros(usable.shape, bool) for _ in signs]
    specks: list[list[Shadow]] = [[] for _ in signs]
    suspects: list[Shadow] = []
    rejected: list[set[bytes]] = [set() for _ in signs]
    finest: list[list[Part] | None] = [None for _ in signs]
    changed: list[list[Box]] = [[] for _ in signs]
    for turn in range(ROUNDS):
        found = False
        for number, bright in enumerate(signs):
            run.check_cancelled()
            give_back_memory()
            seen = _seen(filled, bright)
            sight = record.look(seen, threshold, finest[number], changed[number])
            finest[number], changed[number] = sight.finest, []
            part = _Part(run, turn * len(signs) + number, ROUNDS * len(signs))
            for shadow in _shadows(sight, seen, usable, rejected[number], part, hint):
                if not shadow.sure:
                    suspects.append(shadow)
                    continue
                found = found or bool((shadow.footprint & ~dust[number][shadow.box]).any())
                if shadow.dark is not None:
                    specks[number].append(shadow)
                dust[number][shadow.box] |= shadow.footprint
                level = shadow.level[shadow.footprint]
                filled[shadow.box][shadow.footprint] = _seen(level, bright)
                for boxes in changed:
                    boxes.append(shifted(extent(shadow.footprint), shadow.box))
        if not found:
            break
    else:
        sight = record.look(filled, threshold)
    for flags, small in zip(dust, specks, strict=True):
        for speck in small:
            flags[speck.box] &= ~speck.footprint
    shadows = [
        [Shadow(box, core, filled[box]) for box, core in pieces(flags)] + small
        for flags, small in zip(dust, specks, strict=True)
    ]
    return filled, sight.ground, shadows, suspects


def _settled(plate: Plate, recorded: Plane, shadows: list[Shadow], run: Run) -> Flags:
    """Return the ``shadows`` and how far they reach once all of them are filled on the plate.

    A speck reaches as far as its rims are seen now, no matter how far it seemed to reach before.
    """
    dust = np.zeros(recorded.shape, bool)
    for shadow in shadows:
        if shadow.dark is None or not plate.structured(shadow.box):
            dust[shadow.box] |= shadow.footprint
    for outlined in in_order(lambda shadow: outline(plate, recorded, shadow), shadows):
        run.check_cancelled()
        if outlined:
            dust[outlined.box] |= outlined.footprint
    return dust


def _shadows(
    sight: Sight,
    ratio: Plane,
    usable: Flags,
    rejected: set[bytes],
    run: _Part,
    hint: Hint | None,
) -> Iterator[Shadow]:
    """Judge what all octaves together show as one piece; if it is no shadow, its finer parts.

    What was ``rejected`` in an earlier round and looks the same is not judged again.
    """
    wave = _pieces(sight, sight.depth, _whole(usable.shape), None)
    if hint:
        wave = [piece for piece in wave if hint.where[piece.box][piece.core].any()]
        wave += _pieces(sight, sight.depth, _whole(usable.shape), hint.where)
    plate = Plate(ratio, sight.ground, usable, usable & (sight.first >= SHARPEST))
    share = hint.share if hint else 1.0

    def verdict(piece: Piece) -> Shadow | None:
        if piece.name in rejected:
            return None
        return judge(plate, piece.box, piece.core, share=share)

    done, told = 0, 0.0
    while wave:
        # All of a wave is judged on the same pixels, whichever core comes first.
        found = []
        for shadow in in_order(verdict, wave):
            run.check_cancelled()
            found.append(shadow)
            done += 1
            told = max(told, done / (done + len(wave) - len(found)))
            run.tell(told)
        finer = []
        for piece, shadow in zip(wave, found, strict=True):
            if shadow:
                yield shadow
            if shadow is None or not shadow.sure:
                rejected.add(piece.name)
                finer += _pieces(sight, piece.finer, piece.box, piece.core)
        wave = finer


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """A candidate: its flags within its box, and how many octaves to look at if it is rejected."""

    box: Box
    core: Flags
    finer: int

    @property
    def name(self) -> bytes:
        """What two candidates share that look the same."""
        return repr(self.box).encode() + self.core.tobytes()


def _pieces(sight: Sight, depth: int, within: Box, of: Flags | None) -> list[Piece]:
    """Return what the ``depth`` finest octaves see of the flags ``of`` in the box ``within``.

    Octaves that show nothing less than ``of``, already judged, are passed over.
    """
    while depth > 0:
        union = sight.first[within] < depth
        if of is not None:
            union &= of
        depth -= 1
        found: list[tuple[Box, Flags]] = []
        for outer, cluster in clusters(union):
            near = cluster.astype(np.uint8)
            for axis in (0, 1):
                near = maximum_filter1d(near, 2 * NEAR + 1, axis=axis, mode="constant")
            labels, count = label(near, structure=EIGHT)
            labels[~cluster] = 0
            found += [(shifted(box, outer), core) for box, core in labelled(labels, count)]
        if of is None or len(found) != 1 or np.count_nonzero(union) != np.count_nonzero(of):
            found.sort(key=lambda one: first_pixel(*one))
            return [Piece(shifted(box, within), core, depth) for box, core in found]
    return []


def _whole(shape: tuple[int, ...]) -> Box:
    return slice(0, shape[0]), slice(0, shape[1])
