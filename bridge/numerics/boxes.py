"""Rectangles of a plane, as pairs of slices."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt, find_objects, label

from bridge.frame import Flags

Box = tuple[slice, slice]
"""Rows and columns of a rectangle."""

EIGHT = np.ones((3, 3), bool)
"""Pixels that touch by a corner belong together."""


def pieces(flags: Flags) -> Iterator[tuple[Box, Flags]]:
    """Yield each 8-connected piece of ``flags`` as its box and its flags within the box."""
    labels, count = label(flags, structure=EIGHT)
    yield from labelled(labels, count)


def labelled(labels: NDArray[np.signedinteger], count: int) -> Iterator[tuple[Box, Flags]]:
    """Yield the pieces of a labelled plane, 1 to ``count``, each as its box and flags."""
    for number, (rows, columns) in enumerate(find_objects(labels, max_label=count), start=1):
        yield (rows, columns), labels[rows, columns] == number


def grow(box: Box, margin: int, shape: tuple[int, ...]) -> Box:
    """Return ``box`` grown by ``margin`` on every side, within a plane of ``shape``."""
    rows, columns = (
        slice(max(0, side.start - margin), min(length, side.stop + margin))
        for side, length in zip(box, shape, strict=True)
    )
    return rows, columns


def within(box: Box, outer: Box) -> Box:
    """Return where ``box`` lies inside the window ``outer``."""
    rows, columns = (
        slice(side.start - around.start, side.stop - around.start)
        for side, around in zip(box, outer, strict=True)
    )
    return rows, columns


def shifted(box: Box, outer: Box) -> Box:
    """Return where ``box`` of the window ``outer`` lies in the plane; the inverse of `within`."""
    rows, columns = (
        slice(side.start + around.start, side.stop + around.start)
        for side, around in zip(box, outer, strict=True)
    )
    return rows, columns


def placed(flags: Flags, box: Box, outer: Box) -> Flags:
    """Return ``flags`` of ``box`` as flags of the larger window ``outer``."""
    wide = np.zeros((outer[0].stop - outer[0].start, outer[1].stop - outer[1].start), bool)
    wide[within(box, outer)] = flags
    return wide


def distance(flags: Flags) -> NDArray[np.float64]:
    """Return each pixel's distance, in px, to the nearest flagged one; 0 on flagged pixels."""
    return np.asarray(distance_transform_edt(~flags))


def depth(flags: Flags, *, beyond: bool = False) -> NDArray[np.float64]:
    """Return how far inside ``flags`` each pixel lies, in px; 0 outside.

    ``beyond`` tells whether what lies past the window's border counts as flagged.
    """
    padded = np.pad(flags, 1, mode="edge") if beyond else np.pad(flags, 1)
    return np.asarray(distance_transform_edt(padded), np.float64)[1:-1, 1:-1]
