"""A night's subs calibrated with a stale flat, with known truth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from tests.synthetic import Donut, donut_transmission, vignette

Array = NDArray[np.float64]

READ = 3.0
"""Read noise, electrons."""

PRNU = 0.004


@dataclass(frozen=True, eq=False)
class Night:
    """Dust moved after a flat was taken; planes are (height, width).

    Parameters
    ----------
    stale, current
        Flats without noise, in [0, 1]: as taken, and as it should be now.
    before, after
        Transmission of the dust then and now.
    subs
        Dithered, divided by the stale flat, in electrons.
    """

    stale: Array
    current: Array
    before: Array
    after: Array
    subs: tuple[NDArray[np.float32], ...]

    @property
    def footprint(self) -> NDArray[np.bool_]:
        """Where old and new dust differ."""
        return np.asarray(abs(self.after / self.before - 1) > 0.002)

    def error(self, flat: NDArray[np.floating]) -> float:
        """Return the rms error of a flat where dust changed, smoothed by 2 px, relative."""
        ratio = flat / self.current
        ratio = ratio / np.median(ratio[~self.footprint])
        left = gaussian_filter(ratio, 2) - 1
        return float(np.sqrt(np.mean(left[self.footprint] ** 2)))


def night(
    seed: int,
    *,
    shape: tuple[int, int] = (600, 900),
    subs: int = 20,
    level: float = 1000.0,
    nebula: float = 0.0,
    dither: int = 30,
    donuts: int = 14,
    radii: tuple[float, float] = (10, 40),
) -> Night:
    """Return a night under a sky of ``level`` electrons with nebulosity of ``nebula`` times that.

    Of the old donuts a third stay, a third move by up to 60 px, a third go; some are new.
    """
    rng = np.random.default_rng(seed)
    light = vignette(shape, rng) * (1 + PRNU * rng.standard_normal(shape))
    before, after = np.ones(shape), np.ones(shape)
    for number in range(donuts + donuts // 3):
        donut = Donut(
            x=rng.uniform(0, shape[1]), y=rng.uniform(0, shape[0]),
            radius=rng.uniform(*radii), depth=float(np.exp(rng.uniform(*np.log((0.02, 0.15))))),
        )  # fmt: skip
        blur, hole = rng.uniform(0.7, 1 + 0.05 * donut.radius), rng.uniform(0.2, 0.45)
        old, fate = number < donuts, number % 3
        if old:
            before *= donut_transmission(shape, donut, blur, hole)
        if fate == 1 or not old:
            x, y = donut.x + rng.uniform(-60, 60), donut.y + rng.uniform(-60, 60)
            donut = Donut(x=x, y=y, radius=donut.radius, depth=donut.depth)
        if fate != 2 or not old:
            after *= donut_transmission(shape, donut, blur, hole)
    sky = _sky((shape[0] + 2 * dither, shape[1] + 2 * dither), level, nebula, rng)
    flat = light * before
    made = []
    for _ in range(subs):
        top, left = rng.integers(0, 2 * dither + 1, 2)
        seen = sky[top : top + shape[0], left : left + shape[1]] * rng.uniform(0.8, 1.3)
        recorded = rng.poisson(seen * light * after) + READ * rng.standard_normal(shape)
        made.append((recorded / flat).astype(np.float32))
    return Night(0.5 * flat, 0.5 * light * after, before, after, tuple(made))


def _sky(shape: tuple[int, int], level: float, nebula: float, rng: np.random.Generator) -> Array:
    light = np.full(shape, level)
    for size in (120, 40, 15):
        cloud = gaussian_filter(rng.standard_normal(shape), size, mode="wrap")
        light += level * nebula * (size / 120) ** 0.7 * np.clip(cloud / cloud.std() + 0.5, 0, None)
    stars = np.zeros(shape)
    count = int(light.size * rng.uniform(0.0005, 0.002))
    rows, columns = rng.integers(0, shape[0], count), rng.integers(0, shape[1], count)
    np.add.at(stars, (rows, columns), level * 20 * rng.pareto(1.2, count))
    return np.asarray(light + np.minimum(gaussian_filter(stars, rng.uniform(1.0, 2.2)), 60000))
