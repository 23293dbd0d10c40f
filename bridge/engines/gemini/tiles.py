"""How a frame is cut into pictures that the model sees at full resolution."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from bridge.numerics.boxes import Box

SIDES: Final = {"1K": 1024, "2K": 2048, "4K": 4096}
"""Pixels along the side of a square picture of each size."""

RATIOS: Final = ((1, 1), (5, 4), (4, 3), (3, 2), (16, 9), (21, 9))
"""Width to height of the pictures that every model draws; also turned by a right angle."""


@dataclass(frozen=True, slots=True)
class Tile:
    """One picture: a ``box`` of the frame, padded at its lower right to the ratio's shape."""

    box: Box
    shape: tuple[int, int]
    ratio: str

    @property
    def inner(self) -> tuple[int, int]:
        """Height and width of the box."""
        rows, columns = self.box
        return rows.stop - rows.start, columns.stop - columns.start


def tiles(height: int, width: int, size: str, overlap: int) -> Iterator[Tile]:
    """Yield the tiles of a frame, neighbors sharing at least ``overlap`` px; one if it is small."""
    side = SIDES[size]
    for rows in _cuts(height, side, overlap):
        for columns in _cuts(width, side, overlap):
            box = (rows, columns)
            yield Tile(box, *padded(rows.stop - rows.start, columns.stop - columns.start))


def padded(height: int, width: int) -> tuple[tuple[int, int], str]:
    """Return the smallest shape of a known ratio that holds so much, and the ratio."""
    found = []
    for long, short in RATIOS:
        for across, down in {(long, short), (short, long)}:
            unit = max(-(-height // down), -(-width // across))
            found.append((unit * down * unit * across, (unit * down, unit * across),
                          f"{across}:{down}"))  # fmt: skip
    _, shape, ratio = min(found)
    return shape, ratio


def _cuts(length: int, side: int, overlap: int) -> list[slice]:
    if length <= side:
        return [slice(0, length)]
    step = side - min(overlap, side // 2)
    count = 1 + -(-(length - side) // step)
    starts = [round(number * (length - side) / (count - 1)) for number in range(count)]
    return [slice(start, start + side) for start in starts]
