"""A made-up flat of a dusty sensor, and the truth about it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bridge.frame import Frame, Planes

_HEIGHT, _WIDTH = 800, 1200
_DONUTS = 16
_PRNU = 0.004
_NOISE = 0.0015
_LEVEL = 0.5
_GAP = 40.0


@dataclass(frozen=True, slots=True, eq=False)
class Made:
    """A flat of known dust.

    Parameters
    ----------
    frame
        What the sensor recorded: one plane, 16 bits, with noise and pixel response.
    transmission
        What the dust let through, (height, width); 1 where there is none.
    """

    frame: Frame
    transmission: NDArray[np.float64]

    def dust_left(self, correction: Planes) -> float:
        """Return the rms of the dust that is left, over its footprint, smoothed by 2 px."""
        from scipy.ndimage import binary_dilation, gaussian_filter

        footprint = binary_dilation(np.abs(self.transmission - 1) > 0.002, iterations=2)
        left = gaussian_filter(self.transmission / correction[0], 2) - 1
        return float(np.sqrt(np.mean(left[footprint] ** 2)))


def dusty_flat(seed: int) -> Made:
    """Return a vignetted flat with 16 donuts, none touching another; one ``seed``, one flat."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:_HEIGHT, :_WIDTH]
    transmission = np.ones((_HEIGHT, _WIDTH))
    places = _places(rng)
    for (center_x, center_y, radius), depth in zip(
        places, np.geomspace(0.01, 0.15, _DONUTS), strict=True
    ):
        distance = np.hypot(x - center_x, y - center_y)
        transmission *= 1 - depth * _donut(distance, radius, rng)
    across = np.hypot(x - 0.46 * _WIDTH, y - 0.53 * _HEIGHT) / np.hypot(_WIDTH / 2, _HEIGHT / 2)
    light = _LEVEL * (1 - 0.3 * across**2) * transmission
    response = 1 + _PRNU * rng.standard_normal(light.shape)
    noisy = light * response * (1 + _NOISE * rng.standard_normal(light.shape))
    adu = np.rint(noisy * 65535).astype(np.float32)
    return Made(Frame((adu / np.float32(65535))[None], "uint16", 65535.0), transmission)


def _places(rng: np.random.Generator) -> list[tuple[float, float, float]]:
    """Return x, y and radius of each donut, so far apart that each is a shadow of its own."""
    places: list[tuple[float, float, float]] = []
    while len(places) < _DONUTS:
        x, y, radius = rng.uniform(0, _WIDTH), rng.uniform(0, _HEIGHT), rng.uniform(10, 60)
        gaps = (np.hypot(x - other[0], y - other[1]) - radius - other[2] for other in places)
        if all(gap > _GAP for gap in gaps):
            places.append((x, y, radius))
    return places


def _donut(
    distance: NDArray[np.float64], radius: float, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Return the pupil's image out of focus: 1 in the ring, 0 outside and in its hole."""
    hole = rng.uniform(0.2, 0.45) * radius
    soft = rng.uniform(1, 1.5 + 0.05 * radius)
    outside = 1 / (1 + np.exp(np.clip((distance - radius) / soft, -50, 50)))
    inside = 1 / (1 + np.exp(np.clip((distance - hole) / soft, -50, 50)))
    ring: NDArray[np.float64] = outside - inside
    return ring
