"""The pictures that go out, made for the eye, and those that come back, laid over them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from PIL import Image

from bridge.engines.gemini.errors import Implausible
from bridge.engines.gemini.pixels import Levels, png, read_picture
from bridge.engines.gemini.tiles import Tile
from bridge.frame import Flags, Plane, Planes

MIDDLE: Final = 128.0
"""Gray of a place as bright as its surroundings."""

NARROWEST, WIDEST = 0.03, 0.6
"""Departure from the surroundings that is drawn black or white, at least and at most: at the least
1 % is 42 gray levels, at the most 2."""

ROOM = 1.25
"""The scale leaves this much room beyond the share of pixels that must not be clipped."""

FLAT = 0.5
"""A picture that scatters less than this, in gray levels, shows nothing."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Gray levels for light over illumination: 1 is the middle, ``reach`` off it black or white."""

    reach: float

    def levels(self, ratio: Planes) -> Levels:
        """Return (channels, height, width) ratios as a picture, clipped; NaN in the middle."""
        gray = MIDDLE + (np.nan_to_num(ratio, nan=1.0) - 1) * np.float32(MIDDLE / self.reach)
        picture = np.clip(np.rint(gray), 0, 255).astype(np.uint8)
        return picture[0] if len(picture) == 1 else np.moveaxis(picture, 0, 2)

    def ratio(self, gray: Plane) -> Plane:
        """Return the ratio that a gray level stands for; inverse of `levels` but for rounding."""
        return np.asarray(1 + (gray - np.float32(MIDDLE)) * np.float32(self.reach / MIDDLE))


def scale_for(ratio: Planes, counts: Flags, share: float) -> Scale:
    """Return the scale on which at most ``share`` of the pixels that count are clipped."""
    away = np.abs(ratio[:, counts] - 1)
    away = away[np.isfinite(away)]
    reach = ROOM * float(np.quantile(away, 1 - share)) if away.size else NARROWEST
    return Scale(float(np.clip(reach, NARROWEST, WIDEST)))


def drawn(levels: Levels, tile: Tile) -> bytes:
    """Return the PNG file of a tile's picture, padded to its ratio by reflection."""
    rows, columns = (
        (0, outer - inner) for outer, inner in zip(tile.shape, tile.inner, strict=True)
    )
    how = (rows, columns, (0, 0))[: levels.ndim]
    return png(np.ascontiguousarray(np.pad(levels, how, mode="symmetric")))


def returned(data: bytes, tile: Tile) -> Planes:
    """Return a picture as (3, height, width) gray levels, brought to the size that was sent.

    Models return other sizes than they were asked for; the size measured is what counts.

    Raises
    ------
    Garbage, Implausible
        The latter if its shape is another one, or it shows nothing at all.
    """
    pixels = read_picture(data)
    height, width = tile.shape
    stretch = (pixels.shape[0] / height) / (pixels.shape[1] / width)
    if not 0.9 < stretch < 1.1:
        raise Implausible(
            f"The model's picture has {pixels.shape[1]} x {pixels.shape[0]} pixels, another shape "
            f"than the {width} x {height} that were sent. Ask again with another seed."
        )
    planes = [
        np.asarray(
            Image.fromarray(np.ascontiguousarray(plane)).resize(
                (width, height), Image.Resampling.BICUBIC
            )
        )
        for plane in np.moveaxis(pixels, 2, 0)
    ]
    return np.stack(planes)


def padded(plane: Plane | Flags, tile: Tile) -> Plane:
    """Return a plane of the tile's box in the tile's shape, 0 in the padding."""
    rows, columns = tile.inner
    full = np.zeros(tile.shape, np.float32)
    full[:rows, :columns] = plane
    return full
