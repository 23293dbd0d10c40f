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

APART = 8
"""Pixels at most so many px apart, along rows and columns, are in one of the `clusters`."""


def pieces(flags: Flags) -> Iterator[tuple[Box, Flags]]:
    """Yield each 8-connected piece of ``flags`` as its box and its flags within the box."""
    found = []
    for outer, cluster in clusters(flags):
        labels, count = label(cluster, structure=EIGHT)
        found += [(shifted(box, outer), piece) for box, piece in labelled(labels, count)]
    yield from sorted(found, key=lambda one: first_pixel(*one))


def clusters(flags: Flags) -> Iterator[tuple[Box, Flags]]:
    """Yield what lies close together in ``flags``, each as a box and its flags within the box.

    Looked for on squares of `APART` px: labels of all pixels would take a plane of memory, and
    most of the time.
    """
    height, width = flags.shape
    labels, count = label(_squares(flags), structure=EIGHT)
    for (rows, columns), squares in labelled(labels, count):
        box = (
            slice(rows.start * APART, min(rows.stop * APART, height)),
            slice(columns.start * APART, min(columns.stop * APART, width)),
        )
        mine = np.repeat(np.repeat(squares, APART, axis=0), APART, axis=1)
        part = flags[box]
        yield box, part & mine[: part.shape[0], : part.shape[1]]


def _squares(flags: Flags) -> Flags:
    """Return which squares of `APART` px hold a flag; the last of a row or column may be cut off.

    The flags of as many columns are looked at as one number.
    """
    height, width = flags.shape
    some = np.empty((-(-height // APART), -(-width // APART)), bool)
    line = np.zeros(some.shape[1] * APART, bool)
    for number, squares in enumerate(some):
        rows = slice(number * APART, (number + 1) * APART)
        np.logical_or.reduce(flags[rows], axis=0, out=line[:width])
        np.not_equal(line.view(np.uint64), 0, out=squares)
    return some


def first_pixel(box: Box, piece: Flags) -> tuple[int, int]:
    """Return row and column of the first pixel, row by row, of a piece that fills its box."""
    return box[0].start, box[1].start + int(np.argmax(piece[0]))


def labelled(labels: NDArray[np.signedinteger], count: int) -> Iterator[tuple[Box, Flags]]:
    """Yield the pieces of a labelled plane, 1 to ``count``, each as its box and flags."""
    for number, (rows, columns) in enumerate(find_objects(labels, max_label=count), start=1):
        yield (rows, columns), labels[rows, columns] == number


def extent(flags: Flags) -> Box:
    """Return the least rectangle that holds all of ``flags``, of which there are some."""
    rows, columns = (np.flatnonzero(flags.any(axis=axis)) for axis in (1, 0))
    return slice(int(rows[0]), int(rows[-1]) + 1), slice(int(columns[0]), int(columns[-1]) + 1)


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
    return _to_unflagged(~flags)


def depth(flags: Flags, *, beyond: bool = False) -> NDArray[np.float64]:
    """Return how far inside ``flags`` each pixel lies, in px; 0 outside.

    ``beyond`` tells whether what lies past the window's border counts as flagged.
    """
    padded = np.pad(flags, 1, mode="edge") if beyond else np.pad(flags, 1)
    return _to_unflagged(padded)[1:-1, 1:-1]


def _to_unflagged(flags: Flags) -> NDArray[np.float64]:
    """Return each pixel's distance to the nearest one that is not flagged, of which there are some.

    From whole numbers: scipy's own way from places to distances takes as long as to find those.
    """
    rows, columns = distance_transform_edt(flags, return_distances=False, return_indices=True)
    rows -= np.arange(flags.shape[0], dtype=rows.dtype)[:, None]
    columns -= np.arange(flags.shape[1], dtype=columns.dtype)
    return np.asarray(np.sqrt(rows * rows + columns * columns), np.float64)
