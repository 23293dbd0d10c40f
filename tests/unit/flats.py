"""Flats in gray, in color and behind a color mosaic, all of one dusty scene."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tests.synthetic import Scene, donut_flat, record

COLORS = (0.9, 1.0, 0.7)
"""How much of the light red, green and blue let through."""

SITES = np.array([[0.9, 1.0], [1.0, 0.7]])
KINDS = ("gray", "RGB", "Bayer")


def small(seed: int, *, shape: tuple[int, int] = (200, 260), **choices: float) -> Scene:
    """Return a scene of the usual dust in a frame that is quick to work on."""
    usual: dict = {"count": 3, "radii": (6, 22), "depths": (0.02, 0.15), "least_rms": 0.0}
    return donut_flat(seed, shape=shape, **(usual | choices))


def recorded(scene: Scene, kind: str, *, noise: float = 0.0015) -> NDArray[np.float32]:
    """Return ``scene`` as a sensor of ``kind`` records it: (height, width), or three of them."""
    rng = np.random.default_rng(77)
    light = scene.signal * scene.transmission * scene.prnu
    height, width = light.shape
    if kind == "gray":
        return scene.flat
    if kind == "RGB":
        return np.stack([record(light * color, noise, rng) for color in COLORS])
    tiles = np.tile(SITES, (height // 2 + 1, width // 2 + 1))[:height, :width]
    return record(light * tiles, noise, rng)
