"""Noise, measured in the image itself: per pixel and per place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import correlate1d, find_objects, label, median_filter

from bridge.frame import Flags, Plane
from bridge.numerics.boxes import Box, grow
from bridge.parallel import ROWS, Stripe, in_order, on_all_cores, stripes

BLOCK = 48
"""Side of the squares, in px, within which noise is taken as constant."""

LEAST_SHARE = 0.8
"""Quieter than this share of the median place is only what was smoothed or filled before."""

SAMPLES = 400
"""Samples that settle the scatter of one square."""

VALUES = 40_000
"""Pixels that show which values the record takes."""

BEND = (1.0, -2.0, 1.0)
"""Second difference: blind to slopes (Immerkaer 1996); along both axes its gain for noise is 6."""


@dataclass(frozen=True, slots=True, eq=False)
class Gridded:
    """A quantity that is smooth in place: values of equal squares, interpolated between them.

    ``shape`` is that of the plane which the squares cover, ``corner`` the pixel of it from which
    places are counted.
    """

    small: NDArray[np.float32]
    shape: tuple[int, ...]
    corner: tuple[int, int] = (0, 0)

    def within(self, box: Box, step: int = 1) -> Plane:
        """Return the values in ``box`` of the plane, or amid squares of ``step`` px in it."""
        (top, bottom, down), (left, right, across) = (
            _between(np.arange(side.start, side.stop, step) + start + (step - 1) / 2, *lengths)
            for side, start, *lengths in zip(
                box, self.corner, self.shape, self.small.shape, strict=True
            )
        )
        down = down[:, None]
        # Axis by axis: coordinate grids of the full size would cost more than the result.
        lines = self.small[top] * (1 - down) + self.small[bottom] * down
        found = np.take(lines, left, axis=1)
        found *= 1 - across
        found += np.take(lines, right, axis=1) * across
        return found

    def at(self, rows: NDArray[Any], columns: NDArray[Any]) -> NDArray[np.float32]:
        """Return the values at some pixels of the plane."""
        (top, bottom, down), (left, right, across) = (
            _between(places + start, length, count)
            for places, start, length, count in zip(
                (rows, columns), self.corner, self.shape, self.small.shape, strict=True
            )
        )
        near, far = (
            self.small[top, side] * (1 - down) + self.small[bottom, side] * down
            for side in (left, right)
        )
        return np.asarray(near * (1 - across) + far * across)

    def part(self, box: Box) -> Gridded:
        """Return the same for ``box`` of the plane."""
        rows, columns = (side.start + start for side, start in zip(box, self.corner, strict=True))
        return Gridded(self.small, self.shape, (rows, columns))

    def resized(self, shape: tuple[int, ...]) -> Gridded:
        """Return the same for a plane sampled otherwise."""
        return Gridded(self.small, shape)


def bends(plane: Plane) -> Plane:
    """Return the second differences of ``plane`` along both axes, of its noise's own size."""
    out = np.empty_like(plane)

    def work(stripe: Stripe) -> None:
        rows, outer, inner = stripe
        down = correlate1d(plane[outer], BEND, axis=0, mode="mirror")[inner]
        out[rows] = correlate1d(down, BEND, axis=1, mode="mirror") / np.float32(6)

    on_all_cores(work, stripes(plane.shape[0], 2))
    return out


def pixel_noise(bend: Plane, usable: Flags) -> Gridded:
    """Return the standard deviation of the noise from pixel to pixel, from the plane's `bends`."""
    measured = spread(bend, usable, BLOCK)
    least = np.float32(LEAST_SHARE) * np.median(measured.small)
    return Gridded(np.maximum(measured.small, least), measured.shape)


def steps(plane: Plane, usable: Flags) -> NDArray[np.float32]:
    """Return the step between neighbouring values of ``plane`` as a share of the light around.

    One value per square, as `pixel_noise` has them. The step is seen in a sample; next to nothing
    for a record in floating point.
    """
    thin = max(1, int(np.sqrt(plane.size / VALUES)))
    values = np.unique(plane[::thin, ::thin][usable[::thin, ::thin]])
    apart = np.diff(values)
    # What was divided and multiplied again may miss itself by a rounding.
    step = np.float32(apart[apart > 1e-6 * values.max(initial=0)].min(initial=1))
    squares = Squares(plane.shape, BLOCK)
    level = np.median(np.nan_to_num(squares.samples(plane, BLOCK // 8)), axis=2)
    return np.asarray(step / np.maximum(level, step))


def finest(noise: Gridded, step: NDArray[np.float32]) -> Gridded:
    """Return the least departure that is told from the record's own steps: one of them.

    0 where noise blurs the steps: there means over many pixels are finer than they are.
    """
    return Gridded(np.where(noise.small < step / 2, step, np.float32(0)), noise.shape)


def spread(values: NDArray[np.float32], usable: Flags | None, block: int) -> Gridded:
    """Return the robust standard deviation of ``values`` around each place.

    Measured in squares of about ``block`` samples by the median absolute deviation of some hundred
    usable samples each, steadied by a median over 3x3 squares; 0 where nothing is usable.
    """
    squares = Squares((values.shape[0], values.shape[1]), block)

    def work(stripe: Stripe) -> tuple[Box, Scatter]:
        box = stripe[0], slice(0, values.shape[1])
        return box, squares.scatter(box, values[box], None if usable is None else usable[box])

    return squares.spread(list(in_order(work, squares.stripes())))


Scatter = tuple[NDArray[np.float32], Flags]
"""Standard deviations in squares, and whether enough samples told of them."""


@dataclass(frozen=True, slots=True)
class Squares:
    """The squares of about ``block`` px that a plane of this shape is cut into."""

    shape: tuple[int, int]
    block: int

    @property
    def counts(self) -> tuple[int, int]:
        """How many there are, down and across."""
        height, width = (max(1, round(length / self.block)) for length in self.shape)
        return height, width

    @property
    def sides(self) -> tuple[int, int]:
        """How many px they are high and wide; the last rows and columns may be in none."""
        height, width = (n // count for n, count in zip(self.shape, self.counts, strict=True))
        return height, width

    def stripes(self, halo: int = 0) -> list[Stripe]:
        """Return the stripes of the plane, each of whole rows of squares."""
        side = self.sides[0]
        return stripes(self.shape[0], halo, side * max(1, ROWS // side))

    def samples(self, values: NDArray[Any], thin: int) -> NDArray[Any]:
        """Return every ``thin``-th sample of each square in ``values``, (down, across, samples).

        ``values`` may be all of the plane or a part of it that begins with a square.
        """
        (high, wide), (most_down, most_across) = self.sides, self.counts
        down = min(values.shape[0] // high, most_down)
        across = min(values.shape[1] // wide, most_across)
        whole = values[: down * high, : across * wide].reshape(down, high, across, wide)
        some = whole[:, ::thin, :, ::thin].transpose(0, 2, 1, 3)
        return np.asarray(some.reshape(down, across, some.shape[2] * some.shape[3]).copy())

    def around(self, boxes: list[Box], halo: int) -> list[Box]:
        """Return parts of the `stripes` that hold all of ``boxes`` and ``halo`` px around them.

        Whole squares wide; as high as a stripe, so that what is made of them has the same bits.
        """
        near = [grow(box, halo, self.shape) for box in boxes]
        found = []
        for rows, _, _ in self.stripes():
            squares = np.zeros(self.counts[1], bool)
            for box in near:
                if box[0].start < rows.stop and box[0].stop > rows.start:
                    squares[self.holding(box)[1]] = True
            for (some,) in find_objects(label(squares)[0]):
                last = some.stop == len(squares)
                end = self.shape[1] if last else some.stop * self.sides[1]
                found.append((rows, slice(some.start * self.sides[1], end)))
        return found

    def holding(self, box: Box) -> Box:
        """Return the squares that meet ``box``; the last ones count to the plane's end."""
        rows, columns = (
            slice(min(at.start // side, count - 1), min(-(-at.stop // side), count))
            for at, side, count in zip(box, self.sides, self.counts, strict=True)
        )
        return rows, columns

    def scatter(self, box: Box, values: NDArray[np.float32], usable: Flags | None) -> Scatter:
        """Return how the ``values`` in ``box`` of the plane, whole squares, scatter."""
        high, wide = self.sides
        whole = tuple(
            slice(0, max(count * side - at.start, 0))
            for count, side, at in zip(self.counts, self.sides, box, strict=True)
        )
        thin = max(1, int(np.sqrt(high * wide / SAMPLES)))
        squares = self.samples(values[whole], thin)
        if usable is None:
            half = squares.shape[2] // 2
            middle = np.partition(squares, half, axis=2)[:, :, half]
            squares -= middle[:, :, None]
            deviation = np.partition(np.abs(squares, out=squares), half, axis=2)[:, :, half]
            return np.float32(1.4826) * deviation, np.ones(deviation.shape, bool)
        seen = self.samples(usable[whole], thin)
        counts = np.count_nonzero(seen, axis=2)
        lone = np.where(seen, squares, np.float32(np.inf))
        middle = _median_of(lone, counts)
        deviation = np.where(seen, np.abs(squares - middle[:, :, None]), np.float32(np.inf))
        return np.float32(1.4826) * _median_of(deviation, counts), counts > 0.3 * seen.shape[2]

    def spread(self, parts: list[tuple[Box, Scatter]]) -> Gridded:
        """Return the scatter of the whole plane, given that of its parts; the latest counts."""
        measured, known = np.zeros(self.counts, np.float32), np.zeros(self.counts, bool)
        for box, (deviation, enough) in parts:
            if deviation.size:
                here = self.holding(box)
                measured[here], known[here] = deviation, enough
        measured[~known] = np.median(measured[known]) if known.any() else 0.0
        small = median_filter(measured, 3, mode="nearest").astype(np.float32)
        return Gridded(small, self.shape)


def _median_of(padded: NDArray[np.float32], counts: NDArray[np.intp]) -> NDArray[np.float32]:
    """Return medians along the last axis, of which the first ``counts`` values are finite."""
    ordered = np.sort(padded, axis=2)
    last = np.maximum(counts - 1, 0)
    some = np.where(np.isfinite(ordered), ordered, np.float32(0))
    low, high = (
        np.take_along_axis(some, at[:, :, None], axis=2)[:, :, 0]
        for at in (last // 2, (last + 1) // 2)
    )
    return np.asarray((low + high) / 2 * (counts > 0), np.float32)


def _between(
    places: NDArray[Any], length: int, count: int
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float32]]:
    """Return the squares before and after each place, and how far it is on the way."""
    at = np.clip((places + 0.5) * count / length - 0.5, 0, count - 1)
    low = np.minimum(at.astype(np.intp), max(count - 2, 0))
    return low, np.minimum(low + 1, count - 1), (at - low).astype(np.float32)
