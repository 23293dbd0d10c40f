"""What stands out from its surroundings, octave of size by octave, and how the plane scatters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter, minimum_filter

from bridge.engines.local.noise import Gridded
from bridge.engines.local.octave import (
    FIELD_OCTAVE,
    OUTER,
    Cut,
    Part,
    Scale,
    against_field,
    halved,
    stand_out,
)
from bridge.frame import Flags, Plane
from bridge.numerics.boxes import Box
from bridge.parallel import Stripe, on_all_cores, stripes

OCTAVES = 7
"""Samples are 1, 2, ... 64 px wide: shadows of 2 to 150 px in radius."""

STRUCTURED = 1.35
"""A place is structured where octave 1 scatters this many times more, per pixel, than octave 0."""

NOTHING = 255
"""In `Sight.first`: no octave shows anything here."""


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """How a plane scatters from place to place.

    Parameters
    ----------
    fine, coarse
        Relative noise per pixel that would scatter octaves 0 and 1 as much as they are scattered:
        pixel noise, and whatever structure the scene has of that size.
    rough
        Beyond one half where the scene is structured.
    """

    fine: Gridded
    coarse: Gridded
    rough: Gridded


@dataclass(frozen=True, slots=True, eq=False)
class Sight:
    """What all octaves show.

    Parameters
    ----------
    first
        (height, width) uint8: the finest octave that sees each pixel stand out dark, or `NOTHING`.
    depth
        How many octaves there are; the last is the field as a whole.
    ground
        How the plane scatters.
    finest
        What the finest octave answered, part by part.
    """

    first: NDArray[np.uint8]
    depth: int
    ground: Ground
    finest: list[Part]


def look(
    ratio: Plane,
    known: Flags,
    noise: Gridded,
    finest: Gridded,
    threshold: float,
    *,
    structured: bool = False,
    before: list[Part] | None = None,
    changed: list[Box] | None = None,
) -> Sight:
    """Return what lies ``threshold`` deviations below its surroundings, octave by octave.

    Parameters
    ----------
    ratio
        (height, width) light over illumination, about 1.
    known
        Pixels that count; the others are bridged by their surroundings (normalised convolution,
        Knutsson & Westin 1993).
    noise
        Standard deviation of the pixel noise of ``ratio``.
    finest
        Responses weaker than this mean nothing.
    threshold
        In standard deviations of the noise, or of the noise and the scene's structure.
    structured
        Whether the whole field is taken as structured, whatever it looks like.
    before, changed
        What the finest octave answered earlier, `Sight.finest`, and where ``ratio`` has changed
        since: it is not asked again elsewhere, which is most of the work.
    """
    whole = bool(known.all())

    def finest_scale(box: Box) -> Scale:
        # Faint dust keeps more digits so than beside the 1.
        excess = ratio[box] - np.float32(1)
        if whole or known[box[0]].all():
            return excess, None
        excess[~known[box]] = 0
        return excess, known[box].astype(np.float32)

    cut: Cut = finest_scale
    shape = (ratio.shape[0], ratio.shape[1])
    first: NDArray[np.uint8] = np.full(shape, NOTHING, np.uint8)
    depth = 0
    noises: list[Gridded] = []
    rough: Gridded | None = None
    field: Flags | None = None
    for octave in range(OCTAVES):
        if octave > 1 and min(shape) < 4 * OUTER:
            break
        here, least = (part.resized(shape) for part in (noise, finest))
        if octave == FIELD_OCTAVE:
            every = slice(0, shape[0]), slice(0, shape[1])
            field = against_field(*cut(every), here, least, threshold)
        again = (before, changed) if octave == 0 else ()
        flags, scatter, parts = stand_out(cut, shape, here, least, rough, octave, threshold, *again)
        if octave == 0:
            answered = parts
        _note(first, flags, 2**octave, depth)
        depth += 1
        if octave < 2:
            noises.append(scatter)
        if octave == 1:
            rough = _rough(noises[0], scatter)
        cut, shape = halved(cut, shape, weighted=not whole)
    if field is not None:
        _note(first, field, 2**FIELD_OCTAVE, depth)
        depth += 1
    first[~known] = NOTHING
    if structured:
        rough = Gridded(np.ones((1, 1), np.float32), ratio.shape)
    elif rough is None:
        rough = Gridded(np.zeros((1, 1), np.float32), ratio.shape)
    ground = Ground(*(part.resized(ratio.shape) for part in (noises[0], noises[-1], rough)))
    return Sight(first, depth, ground, answered)


def _note(first: NDArray[np.uint8], flags: Flags, step: int, number: int) -> None:
    """Write down in ``first`` what octave ``number`` is the first to show."""

    def work(stripe: Stripe) -> None:
        rows, _, _ = stripe
        some = flags[rows.start // step : -(-rows.stop // step)]
        if some.any():
            wide = np.repeat(np.repeat(some, step, axis=0), step, axis=1)
            part = first[rows]
            part[wide[: part.shape[0], : part.shape[1]] & (part > number)] = number

    on_all_cores(work, stripes(first.shape[0]))


def _rough(finer: Gridded, coarser: Gridded) -> Gridded:
    """Return where the coarser octave scatters more.

    Dust does so in places, a scene everywhere: what is narrow is passed over, and the rest reaches
    a square beyond its own end, where the limb may be.
    """
    shape = coarser.small.shape
    fine = finer.resized(shape).within((slice(0, shape[0]), slice(0, shape[1])))
    rough = (coarser.small > STRUCTURED * fine).astype(np.float32)
    wide = minimum_filter(rough, 3, mode="nearest")
    return Gridded(maximum_filter(wide, 5, mode="nearest"), coarser.shape)
