"""The judge of one candidate: whether it is a shadow, and how far it reaches."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from bridge.engines.local.noise import Gridded
from bridge.engines.local.specks import dark_of, lengths, uneven, with_rims
from bridge.engines.local.squares import means
from bridge.engines.local.views import Array, Plate, View, look
from bridge.frame import Flags, Plane
from bridge.numerics.boxes import Box, depth, distance, extent, grow, placed, shifted, within

CERTAIN = 3.0
"""A shadow is deeper than this many standard errors of what its surroundings foretell."""

ROUND, STRANGE, LARGE = 4.0, 18.0, 16.0
"""On structured ground it takes the first of these where it is perfectly round, at most the second
where it is not; but as many as its shape asks for from so many px from edge to middle on: sky
between the edge of a disc and the frame's is as dark as can be."""

DEEP, DEEP_SHARE, SMALL, FORETOLD = 0.05, 0.6, 5.0, 0.02
"""What is deeper than this, fairly round and no more than so many px from edge to middle is hardly
ever structure, which seeing blurs: there it takes fewer, inversely to the depth, down to this
share. Where the light is not foretold to the last of these it must be round: the end of a filament
on the edge of a disc is deep as well."""

DOUBTFUL, DOUBTFUL_UNEVEN = 0.5, 0.3
"""What reaches this share of the depth needed, and on structured ground is this round, may be a
shadow: it is told of, and left alone."""

LOOKS = 5
"""How often a footprint is looked at, in a larger window if it reaches the end of its own."""

RIMMED = 24.0
"""Shadows with a dark part of a larger radius, px, show no rims."""

COMPACT, LONG, RING = 3.0, 4.5, 0.1
"""On structured ground what is longer than the first, in widths, takes that much more evidence, and
what is longer than the second is a filament and no dust; unless it is so round that it must be a
ring, open where noise or the frame's edge breaks it."""

RIMS = 1 / 3
"""Diffraction rims hold less than this share of the squared departure of the dark they surround."""

RINGED = 1.2
"""An edge that gains more than the depth itself in every direction has a bright rim all around."""

WIDE = 6.0
"""A shadow whose dark part is this many px from edge to middle must have a sharp outline."""

SHARP = 0.5
"""Share of the depth that such an outline gains within half its width; a fading blot gains less."""

SECTORS = 16
"""Directions in which the outline is looked at."""

COARSE_FROM = 20.0
"""Shadows of at least twice this radius, px, are judged on means of squares: they have no finer
detail, and weak wings show better."""


@dataclass(frozen=True, slots=True, eq=False)
class Shadow:
    """One accepted candidate: its footprint and the light without it, within ``box``.

    ``dark`` is the dark part of a speck with rims; None for other shadows. What is not ``sure`` is
    shaped like a shadow, but no deeper than its surroundings leave uncertain.
    """

    box: Box
    footprint: Flags
    level: Plane
    dark: Flags | None = None
    sure: bool = True


def judge(
    plate: Plate, box: Box, core: Flags, *, looks: int = LOOKS, share: float = 1.0
) -> Shadow | None:
    """Return the shadow whose dark heart is ``core`` (within ``box``), or None if there is none.

    One that is not sure has its core as its footprint.

    The light that the surroundings foretell is predicted for a window around the core, and the
    footprint is where the record departs from it, above (rims) or below, connected to the core.

    Parameters
    ----------
    plate
        Where it was seen.
    looks
        How often at most the footprint is looked at, each time from what the last look showed.
    share
        Of the usual depth that suffices, 0 to 1.
    """
    step = int(depth(core).max() // COARSE_FROM)
    if step < 2:
        return _judged(plate, box, core, looks, share, rimmed=True)
    wide = _around(box, plate.ratio.shape)
    rows, columns = (
        slice(side.start, side.stop - (side.stop - side.start) % step) for side in wide
    )
    around = rows, columns
    small = plate.means(around, step)
    small_core = means(placed(core, box, wide)[within(around, wide)], step) > 0.5
    whole = slice(0, small_core.shape[0]), slice(0, small_core.shape[1])
    found = _judged(small, whole, small_core, looks, share, rimmed=False)
    return None if found is None else _enlarged(found, step, around)


def outline(plate: Plate, recorded: Plane, shadow: Shadow) -> Shadow | None:
    """Return a shadow as it looks ``recorded`` once all others on the ``plate`` are filled."""
    around = _around(shadow.box, plate.ratio.shape)
    window = plate.window(around)
    box = within(shadow.box, around)
    window.ratio[box][shadow.footprint] = recorded[shadow.box][shadow.footprint]
    found: Shadow | None
    if shadow.dark is not None and plate.structured(shadow.box):
        found = _with_rims(window, box, shadow.dark)
    else:  # what looked like structure may have been other dust
        found = judge(window, box, shadow.footprint, looks=1)
    return (
        None if found is None or not found.sure else replace(found, box=shifted(found.box, around))
    )


def _with_rims(plate: Plate, box: Box, dark: Flags) -> Shadow:
    view, footprint = with_rims(plate, box, dark)
    return Shadow(view.box, footprint, view.level.astype(np.float32), view.core)


def _around(box: Box, shape: tuple[int, ...]) -> Box:
    """Return a window wide enough to judge a candidate in."""
    return grow(box, 3 * max(side.stop - side.start for side in box) // 2 + 40, shape)


def _judged(
    plate: Plate, box: Box, core: Flags, looks: int, share: float, *, rimmed: bool
) -> Shadow | None:
    view = look(plate, box, core)
    needed = share * _needed(view)
    if not _is_shadow(view, needed):
        round_enough = not view.structured or uneven(view) < DOUBTFUL_UNEVEN
        if round_enough and _is_shadow(view, DOUBTFUL * needed):
            return Shadow(view.box, view.core, view.level.astype(np.float32), sure=False)
        return None
    if view.structured:
        dark = dark_of(view)
        if uneven(view) > RING and _is_filament(view, lengths(dark), needed):
            return None
        if rimmed and float(depth(dark).max()) < RIMMED:
            return _with_rims(plate, view.box, dark)
    for _ in range(looks - 1):
        view = look(plate, view.box, view.footprint)
        if not _is_shadow(view, needed):
            return None
        if view.contained:
            break
    return Shadow(view.box, view.footprint, view.level.astype(np.float32))


def _enlarged(small: Shadow, step: int, around: Box) -> Shadow:
    """Return a shadow judged on means of ``step`` px squares in the pixels of the plane."""
    rows, columns = (
        slice(outer.start + side.start * step, outer.start + side.stop * step)
        for side, outer in zip(small.box, around, strict=True)
    )
    shape = rows.stop - rows.start, columns.stop - columns.start
    footprint = np.repeat(np.repeat(small.footprint, step, axis=0), step, axis=1)
    level = Gridded(small.level, shape).within((slice(0, shape[0]), slice(0, shape[1])))
    return Shadow((rows, columns), footprint, level, sure=small.sure)


def _needed(view: View) -> float:
    """Return how many standard errors deep a shadow must be to be believed."""
    if not view.structured:
        return CERTAIN
    strange = uneven(view)
    rest = 10 * strange
    needed = ROUND * (1 + rest + (rest / 2) ** 2)
    size = float(depth(view.core, beyond=True).max())
    if size < LARGE:
        needed = min(needed, STRANGE)
    if size > SMALL or needed == STRANGE:
        return needed
    deep, unsure = (float(part[view.core].mean()) for part in (-view.departure, view.error))
    if unsure > FORETOLD and strange > RING:
        return needed
    return needed * min(max(DEEP / max(deep, DEEP), DEEP_SHARE), 1.0)


def _is_shadow(view: View, needed: float) -> bool:
    """Tell a shadow from noise and from the scene's own dark places.

    A shadow is dark where it was seen to be, deeper than what its surroundings leave uncertain; its
    bright rims weigh little beside its dark, or run all around it; and if it is wide, it ends at an
    edge: dust lies so near to the sensor that its outline is far sharper than its size, where a
    filament fades.
    """
    departure, error, footprint = view.departure, view.error, view.footprint
    dark = footprint & (departure < 0)
    heart = dark & view.core
    if not heart.any() or -departure[heart].mean() < needed * error[heart].mean():
        return False
    soft = view.soft[footprint]
    bright, dim = (np.sum(np.square(side(soft, 0))) for side in (np.maximum, np.minimum))
    edge = _edge(view.soft, footprint)
    allowed = 1.0 if edge >= RINGED or view.structured else RIMS
    return edge >= SHARP and bool(bright <= allowed * dim)


def _is_filament(view: View, length: float, needed: float) -> bool:
    if length <= COMPACT:
        return False
    return length > LONG or not _is_shadow(view, needed * length / COMPACT)


def _edge(soft: Array, footprint: Flags) -> float:
    """Return the share of the depth that is gained close to the outline; 1 for narrow shadows.

    Measured in sectors around the middle, of which the lower quartile counts: structure may end
    sharply on one side, dust does so all around.
    """
    below = soft[footprint & (soft < 0)]
    if not below.size:
        return 0.0
    deep = -float(np.median(below))
    dark = footprint & (soft < -deep / 2)
    close = grow(extent(dark), 1, dark.shape)
    inside = depth(dark[close], beyond=True)
    half_width = float(inside.max())
    if half_width < WIDE:
        return 1.0
    near, far = 0.15 * half_width, 0.5 * half_width
    wide = grow(close, int(far), dark.shape)
    middle = [at.mean() for at in np.nonzero(dark)]
    sums = []
    for box, away in ((close, inside), (wide, distance(dark[wide]))):
        rows, columns = np.nonzero((away > near) & (away <= far))
        rows, columns = rows + box[0].start, columns + box[1].start
        angle = np.arctan2(rows - middle[0], columns - middle[1])
        sector = ((angle / (2 * np.pi) + 0.5) * SECTORS).astype(int) % SECTORS
        total = np.bincount(sector, weights=soft[rows, columns], minlength=SECTORS)
        sums.append((total, np.bincount(sector, minlength=SECTORS)))
    seen = (sums[0][1] > 0) & (sums[1][1] > 0)
    if not seen.any():
        return 0.0
    low, high = (total[seen] / count[seen] for total, count in sums)
    return float(np.quantile(high - low, 0.25)) / deep
